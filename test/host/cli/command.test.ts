/** The command line as a user meets it: outputs, exit codes, one line of error, nothing half written. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { writeWhole } from "../../../host/cli/output.ts";
import { scratchFolder, sonde } from "../../command.ts";
import { readNpy } from "../../golden/compare.ts";
import { sharedData } from "../../shared.ts";

const folder = scratchFolder();

test("info tells what the simulated probe is, for people and for programs", async () => {
  const text = await sonde("info", "simulated:convex");
  assert.is(text.code, 0);
  assert.match(text.stdout, /probe +Simulated convex array.*72 elements.*radius 50 mm/);
  const { stdout } = await sonde("info", "simulated:convex", "--json");
  const summary = JSON.parse(stdout) as {
    probe: { elements: number };
    suggested: { scan: { kind: string; apex: number[] } };
  };
  assert.is(summary.probe.elements, 72);
  assert.equal(summary.suggested.scan.apex, [0, -0.05]);
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

const WRONG: [words: string[], message: RegExp][] = [
  [["frobnicate"], /frobnicate: no such command/],
  [["info"], /needs a FILE/],
  [["image", "simulated"], /-o OUT.png is missing/],
  [["image", "simulated", "-o", "x.jpg"], /must end in .png or .npy/],
  [["beamform", "simulated", "-o", "x.npy", "--x", "1:2"], /--x and --z belong together/],
  [["beamform", "simulated", "-o", "x.npy", "--x", "1:2", "--z", "1:2:3"], /--x 1:2: expected MIN:MAX:N/],
  [["beamform", "simulated", "-o", "x.npy", "--frames", "5:2"], /--frames 5:2: empty/],
  [["beamform", "simulated", "-o", "x.npy", "--frames", "9000:"], /has frames 0 to 299/],
  [["beamform", "simulated", "-o", "x.npy", "--gain", "loud"], /--gain loud: not a number/],
  [["beamform", "simulated", "-o", "x.npy", "--method", "capon"], /this version has das/],
  [["beamform", "simulated", "-o", "x.npy", "--threads", "8"], /one thread/],
  [["beamform", "simulated", "-o", "x.npy", "--colour", "red"], /--colour/],
  [["beamform", "simulated", "second", "-o", "x.npy"], /one file at a time/],
  [["serve", "--port", "99999999"], /--port 99999999/],
];
for (const [words, message] of WRONG)
  test(`wrong usage exits with 2 and says why: sonde ${words.join(" ")}`, async () => {
    const { code, stderr, stdout } = await sonde(...words);
    assert.is(code, 2);
    assert.match(stderr, message);
    assert.is(stderr.trim().split("\n").length, 1);
    assert.is(stdout, "");
  });

test("values out of range, missing files and unwritable places exit with 1", async () => {
  const cases: [string[], RegExp][] = [
    [["image", "simulated", "-o", `${folder}/n.png`, "--f-number", "50"], /fNumber is 50.*\[bad-option\]/],
    [["image", "simulated:matrix", "-o", `${folder}/n.png`], /matrix.*\[bad-option\]/],
    [["image", `${folder}/absent.uff`, "-o", `${folder}/n.png`], /absent\.uff.*\[not-found\]/],
    [["image", "simulated", "-o", `${folder}/no/such/place.png`], /cannot be written.*\[not-found\]/],
    [["image", "simulated", "-o", `${folder}/n.png`, "--compound", "none"], /coherent.*\[bad-option\]/],
  ];
  for (const [words, message] of cases) {
    const { code, stderr } = await sonde(...words);
    assert.is(code, 1, stderr);
    assert.match(stderr, message);
    assert.is(stderr.trim().split("\n").length, 1);
  }
  assert.not(existsSync(`${folder}/n.png`));
});

test("a failure in the middle of writing leaves no partial file, and an older result stays", async () => {
  const path = `${folder}/older.npy`;
  writeFileSync(path, "older");
  await writeWhole(path, async (file) => {
    await file.write(new Uint8Array(1000));
    throw new Error("the disk of this test is full");
  }).then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /disk of this test/),
  );
  assert.is(readFileSync(path, "utf8"), "older");
  assert.is((await sonde("beamform", "simulated", "-o", path, "--x", "0:1:9000", "--z", "1:2:3")).code, 1);
  assert.is(readFileSync(path, "utf8"), "older");
  assert.equal(
    readdirSync(folder).filter((name) => name.includes("partial")),
    [],
  );
});

if (sharedData) {
  const data = sharedData;
  for (const name of readdirSync(`${data}bad`).filter((file) => file !== "manifest.json"))
    test(`${name} is refused by every command, in one line, with exit code 1`, async () => {
      const output = `${folder}/bad-${name}`;
      for (const words of [["info"], ["image", "-o", `${output}.png`], ["beamform", "-o", `${output}.npy`]]) {
        const [command, ...rest] = words;
        const { code, stderr, elapsedMs } = await sonde(command, `${data}bad/${name}`, ...rest);
        assert.is(code, 1, stderr);
        assert.match(stderr, /^sonde: .+ \[(corrupt-file|unsupported-format|missing-data|bad-geometry)\]\n$/);
        // A second for the work; the rest of a loaded machine's time is starting Node.
        assert.ok(elapsedMs < 2500, `${elapsedMs} ms`);
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
