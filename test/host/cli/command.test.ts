/** The command line as a user meets it: outputs, exit codes, one line of error, nothing half written. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pipelineOfPng, toSonde } from "../../../host/export.ts";
import { encodeNpy } from "../../../host/formats/npy.ts";
import type { Beamformed, PlanReport } from "../../../host/index.ts";
import { open } from "../../../host/open.ts";
import { simulatedRecording } from "../../../host/simulate/index.ts";
import { scratchFolder, sonde } from "../../command.ts";
import { readNpy } from "../../golden/compare.ts";
import { sharedData } from "../../shared.ts";

const folder = scratchFolder();

test("it says which version it is", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  for (const word of ["--version", "-V", "version"]) assert.is((await sonde(word)).stdout, `${version}\n`);
});

test("info tells what the simulated probe is, for people and for programs", async () => {
  const text = await sonde("info", "simulated:convex");
  assert.is(text.code, 0);
  assert.match(text.stdout, /probe +Simulated convex array.*72 elements.*radius 50 mm/);
  assert.match(
    text.stdout,
    /suggested grid +--angle -[\d.]+:[\d.]+:\d+ --range 5[\d.]+:1[\d.]+:\d+ \(degrees, mm\)/,
  );
  const { stdout } = await sonde("info", "simulated:convex", "--json");
  const summary = JSON.parse(stdout) as {
    probe: { elements: number };
    suggested: { scan: { kind: string; apex: number[] } };
  };
  assert.is(summary.probe.elements, 72);
  const [x, z] = summary.suggested.scan.apex;
  assert.is(x, 0);
  assert.ok(Math.abs(z + 0.05) < 1e-9, `${z} m`);
});

test("the same command gives the same bytes", async () => {
  const files = ["a.png", "b.png", "a.npy", "b.npy"].map((name) => `${folder}/${name}`);
  for (const file of files)
    assert.is((await sonde("image", "simulated:phased", "-o", file, "--frames", "3:4")).code, 0);
  assert.ok(readFileSync(files[0]).equals(readFileSync(files[1])));
  assert.ok(readFileSync(files[2]).equals(readFileSync(files[3])));
  assert.ok(readFileSync(files[0]).length > 20000);
});

test("beamform writes [frame][z][x], and [frame][transmit][z][x] when not compounded", async () => {
  const path = `${folder}/grid.npy`;
  const grid = ["--x", "-5:5:21", "--z", "5:15:31", "--frames", "1:3"];
  assert.is((await sonde("beamform", "simulated", "-o", path, ...grid)).code, 0);
  assert.equal(readNpy(path).shape, [2, 31, 21]);
  assert.is((await sonde("beamform", "simulated", "-o", path, ...grid, "--compound", "none")).code, 0);
  assert.equal(readNpy(path).shape, [2, 3, 31, 21]);
  assert.is(
    (await sonde("beamform", "simulated", "-o", path, ...grid, "--compound", "none", "--transmits", "2,0"))
      .code,
    0,
  );
  assert.equal(readNpy(path).shape, [2, 2, 31, 21]);
});

test("an image of several frames is numbered, and carries its pipeline and its scale", async () => {
  const { code, stdout } = await sonde(
    "image",
    "simulated",
    "-o",
    `${folder}/cine.png`,
    "--frames",
    "0:2",
    "--gain",
    "3",
    "--json",
  );
  assert.is(code, 0);
  assert.equal((JSON.parse(stdout) as { outputs: string[] }).outputs, [
    `${folder}/cine-0000.png`,
    `${folder}/cine-0001.png`,
  ]);
  const bytes = readFileSync(`${folder}/cine-0001.png`);
  assert.ok(bytes.includes("sonde:pipeline") && bytes.includes('"gainDb":3') && bytes.includes("pHYs"));
});

test("gain and gain by depth are fitted to the first frame on demand, and kept for all", async () => {
  const { code, stdout } = await sonde(
    ...[
      "image",
      "simulated:convex",
      "-o",
      `${folder}/fitted.png`,
      "--frames",
      "1:3",
      "--gain",
      "auto",
      "--json",
    ],
  );
  assert.is(code, 0);
  const { outputs, plan } = JSON.parse(stdout) as { outputs: string[]; plan: PlanReport };
  const { gainDb, tgcDb } = plan.pipeline.display!;
  assert.is(tgcDb?.length, 8);
  for (const output of outputs) {
    const { display } = (await pipelineOfPng(readFileSync(output)))!;
    assert.equal([display?.gainDb, display?.tgcDb], [gainDb, tgcDb]);
  }
});

test("a frame without echoes is said to have none to fit the gain to", async () => {
  const array = `${folder}/silence.npy`;
  writeFileSync(array, encodeNpy(new Float32Array(8 * 9), [8, 9], "<f4"));
  const words = [
    "image",
    array,
    "-o",
    `${folder}/silence.png`,
    "--x",
    "0:1:9",
    "--z",
    "1:2:8",
    "--gain",
    "auto",
  ];
  const { code, stderr } = await sonde(...words);
  assert.is(code, 0, stderr);
  assert.match(stderr, /--gain auto: frame 0 has no echoes/);
});

test("missing files, unwritable places and data without what is asked exit with 1", async () => {
  const array = `${folder}/array.npy`;
  writeFileSync(array, encodeNpy(new Float32Array(8 * 9), [8, 9], "<f4"));
  const cases: [string[], RegExp][] = [
    [["image", `${folder}/absent.uff`, "-o", `${folder}/n.png`], /absent\.uff.*\[not-found\]/],
    [["image", "simulated", "-o", `${folder}/no/such/place.png`], /cannot be written.*\[not-found\]/],
    [["convert", array, `${folder}/n.npy`], /beamformed already.*\[missing-data\]/],
  ];
  for (const [words, message] of cases) {
    const { code, stderr } = await sonde(...words);
    assert.is(code, 1, stderr);
    assert.match(stderr, message);
    assert.is(stderr.trim().split("\n").length, 1);
  }
  assert.not(existsSync(`${folder}/n.png`));
});

test("what is odd about a file is noted beside the picture, and in the report for programs", async () => {
  const array = `${folder}/noted.npy`;
  writeFileSync(array, encodeNpy(new Float32Array(8 * 9).fill(1), [8, 9], "<f4"));
  const words = ["image", array, "-o", `${folder}/noted.png`];
  const { code, stdout, stderr } = await sonde(...words);
  assert.is(code, 0);
  assert.is(stdout, "");
  assert.match(stderr, /^note: An NPY array does not say where its pixels lie[^\n]*\n$/);
  const told = await sonde(...words, "--json");
  assert.is(told.stderr, "");
  assert.match((JSON.parse(told.stdout) as { warnings: string[] }).warnings[0], /does not say where/);
});

test("what beamform writes, image reads frame by frame: the picture is that of the recording", async () => {
  const [sums, ours, direct] = ["sums", "ours", "direct"].map((name) => `${folder}/${name}.npy`);
  const grid = ["--x", "-10:10:81", "--z", "4:30:131"];
  const run = async (...words: string[]) => {
    const { code, stderr } = await sonde(...words, ...grid);
    assert.is(code, 0, stderr);
  };
  await run("beamform", "simulated", "-o", sums, "--frames", "0:3", "--window", "hann");
  assert.equal(readNpy(sums).shape, [3, 131, 81]);
  await run("image", sums, "-o", ours, "--frames", "1:2");
  await run("image", "simulated", "-o", direct, "--frames", "1:2");
  const [a, b] = [readNpy(ours), readNpy(direct)];
  assert.equal(a.shape, [1, 131, 81]);
  const level = 50 / 255;
  a.values.forEach((value, i) => {
    assert.ok(Math.abs(value - b.values[i]) <= level, `pixel ${i}: ${value} dB, ${b.values[i]} dB`);
  });
  // Frames differ, so that the agreement says something.
  await run("image", sums, "-o", ours, "--frames", "0:1");
  assert.ok(readNpy(ours).values.some((value, i) => Math.abs(value - b.values[i]) > 10 * level));
  // The same array as the transmits of one frame is one picture.
  await run("image", sums, "-o", ours, "--stack", "transmits", "--frames", "0:");
  assert.equal(readNpy(ours).shape, [1, 131, 81]);
});

test("flow writes velocity, power and variance, and says where velocities wrap", async () => {
  const path = `${folder}/flow.npy`;
  const grid = ["--x", "-10:10:21", "--z", "4:30:31"];
  const words = ["flow", "simulated", "-o", path, ...grid, "--frames", "0:6", "--clutter", "svd:2", "--json"];
  const { code, stdout, stderr } = await sonde(...words);
  assert.is(code, 0, stderr);
  const report = JSON.parse(stdout) as Record<string, unknown>;
  assert.equal(report["shape"], [3, 31, 21]);
  assert.equal(report["planes"], ["velocityMps", "power", "variance"]);
  assert.is((report["singularValues"] as number[]).length, 6);
  const { shape, values, complex } = readNpy(path);
  assert.equal([shape, complex], [[3, 31, 21], false]);
  const nyquist = report["nyquistMps"] as number;
  values.forEach((value, i) => {
    const good = i < 31 * 21 ? Math.abs(value) <= nyquist : value >= 0;
    assert.ok(good, `${i}: ${value}`);
  });
});

test("flow of data without a frame rate names the option that states it", async () => {
  const array = `${folder}/frames.npy`;
  writeFileSync(array, encodeNpy(new Float32Array(2 * 3 * 8 * 9).fill(1), [3, 8, 9], "<c8"));
  const words = ["flow", array, "-o", `${folder}/f.npy`];
  const refused = await sonde(...words);
  assert.is(refused.code, 1);
  assert.match(refused.stderr, /state it as --frame-rate \[missing-data\]/);
  const { code, stderr } = await sonde(...words, "--frame-rate", "1000", "--center-frequency", "5");
  assert.is(code, 0, stderr);
  assert.equal(readNpy(`${folder}/f.npy`).shape, [3, 8, 9]);
});

test("convert writes the samples themselves for --signal rf, and their analytic signal without options", async () => {
  const [plain, analytic] = ["plain", "analytic"].map((name) => `${folder}/${name}.npy`);
  assert.is((await sonde("convert", "simulated", plain, "--frames", "2", "--signal", "rf")).code, 0);
  assert.is((await sonde("convert", "simulated", analytic, "--frames", "2")).code, 0);
  const [rf, complex] = [readNpy(plain), readNpy(analytic)];
  assert.equal(rf.shape, [1, 3, 64, 1024]);
  assert.equal(complex.shape, rf.shape);
  let [worst, top, imaginary] = [0, 0, 0];
  for (let i = 0; i < rf.values.length; i += 2) {
    assert.is(rf.values[i + 1], 0);
    top = Math.max(top, Math.abs(rf.values[i]));
    worst = Math.max(worst, Math.abs(rf.values[i] - complex.values[i]));
    imaginary = Math.max(imaginary, Math.abs(complex.values[i + 1]));
  }
  // The real part of an analytic signal is the signal.
  assert.ok(worst < 1e-5 * top, `${worst} of ${top}`);
  assert.ok(imaginary > 0.5 * top);
});

test("simulate writes a UFF file that info reads, and convert copies parts of it", async () => {
  const [whole, part, samples] = ["whole.uff", "part.uff", "samples.npy"].map((name) => `${folder}/${name}`);
  const { code, stderr } = await sonde("simulate", "phased", "-o", whole, "--frames", "3", "--seed", "7");
  assert.is(code, 0, stderr);
  assert.is((await sonde("convert", whole, part, "--frames", "1:3", "--transmits", "2,0")).code, 0);
  const about = JSON.parse((await sonde("info", part, "--json")).stdout) as Record<string, unknown>;
  assert.is(about["format"], "UFF");
  assert.is((await sonde("simulate", "phased", "-o", samples, "--frames", "3", "--seed", "7")).code, 0);
  const source = await open(part);
  assert.is(source.info.frameCount, 2);
  const { values, shape } = int16Npy(readFileSync(samples));
  assert.is(shape[0], 3);
  const each = shape[2] * shape[3];
  const [first, second] = [await source.frame(0), await source.frame(1)];
  const same = (a: ArrayLike<number>, b: Int16Array) => b.every((value, i) => value === a[i]);
  assert.ok(same(first.samples.subarray(0, each), values.subarray(5 * each, 6 * each)));
  assert.ok(same(second.samples.subarray(each), values.subarray(6 * each, 7 * each)));
  source.close();
});

test("convert says where frames are missing that UFF has no place for", async () => {
  const [recorded, whole, part] = ["gap.sonde", "gap.uff", "after.uff"].map((name) => `${folder}/${name}`);
  const source = await simulatedRecording({ elements: 8, scatterers: 0 }, 6);
  const frames = [0, 1, 4, 5].map(async (sequence, index) => ({
    ...(await source.frame(sequence)),
    index,
    sequence,
  }));
  const blob = await toSonde(source.info, await Promise.all(frames));
  writeFileSync(recorded, Buffer.from(await blob.arrayBuffer()));
  const { code, stderr } = await sonde("convert", recorded, whole);
  assert.is(code, 0, stderr);
  assert.match(stderr, /note: Between frame 1 and frame 2 frames are missing, which UFF has no place for/);
  assert.not.match((await sonde("convert", recorded, part, "--frames", "2:")).stderr, /UFF has no place/);
});

test("a recording of images that says where they lie is shown in square pixels, as many rows as asked for", async () => {
  const [recorded, picture] = ["images.sonde", "images.png"].map((name) => `${folder}/${name}`);
  const scan = {
    kind: "linear",
    x: { min: -0.01, max: 0.01, count: 30 },
    z: { min: 0.01, max: 0.03, count: 20 },
  } as const;
  const info: Beamformed = {
    kind: "beamformed",
    name: "images",
    format: "test",
    signal: "envelope",
    frameCount: 1,
    soundSpeedMps: 1540,
    warnings: [],
    rows: 20,
    columns: 30,
    scan,
    transmitCount: 1,
  };
  const samples = Float32Array.from({ length: 600 }, (_, i) => i);
  const blob = await toSonde(info, [{ index: 0, samples }]);
  writeFileSync(recorded, Buffer.from(await blob.arrayBuffer()));
  const { code, stdout, stderr } = await sonde("image", recorded, "-o", picture, "--height", "100", "--json");
  assert.is(code, 0, stderr);
  const { plan } = JSON.parse(stdout) as { plan: PlanReport };
  assert.equal([plan.imageWidth, plan.imageHeight], [100, 100]);
});

/** What is in an NPY file of int16. */
function int16Npy(bytes: Uint8Array): { values: Int16Array; shape: number[] } {
  const end = 10 + bytes[8] + 256 * bytes[9];
  const shape = /\(([\d, ]+)\)/.exec(new TextDecoder("latin1").decode(bytes.subarray(10, end)))?.[1] ?? "";
  return {
    values: new Int16Array(Uint8Array.from(bytes.subarray(end)).buffer),
    shape: shape.split(",").map(Number),
  };
}

if (sharedData) {
  const data = sharedData;
  for (const name of readdirSync(`${data}bad`).filter((file) => file !== "manifest.json"))
    test(`${name} is refused by every command, in one line, with exit code 1`, async () => {
      const output = `${folder}/bad-${name}`;
      const { processorMs: startMs } = await sonde("--version");
      for (const words of [["info"], ["image", "-o", `${output}.png`], ["beamform", "-o", `${output}.npy`]]) {
        const [command, ...rest] = words;
        const { code, stderr, processorMs } = await sonde(command, `${data}bad/${name}`, ...rest);
        assert.is(code, 1, stderr);
        assert.match(stderr, /^sonde: .+ \[(corrupt-file|unsupported-format|missing-data|bad-geometry)\]\n$/);
        assert.ok(
          processorMs < 1000 + startMs,
          `${processorMs} ms of processor, of which a start takes ${startMs}`,
        );
      }
      assert.equal(
        readdirSync(folder).filter((file) => file.startsWith(`bad-${name}`)),
        [],
      );
    });

  test("hand.txt becomes a picture with its geometry from the line table", async () => {
    const path = `${folder}/hand.png`;
    const { code, stdout } = await sonde("image", `${data}echopen/hand.txt`, "-o", path, "--json");
    assert.is(code, 0);
    const { plan } = JSON.parse(stdout) as { plan: { imageWidth: number; imageHeight: number } };
    // 57 degrees from 80 to 160 mm: 152.7 mm wide, 89.7 mm high.
    assert.ok(
      Math.abs(plan.imageWidth / plan.imageHeight - 152.7 / 89.7) < 0.01,
      `${plan.imageWidth} x ${plan.imageHeight}`,
    );
  });
}

test.run();
