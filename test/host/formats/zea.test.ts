import { readFileSync } from "node:fs";
import type { File, Group } from "h5wasm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openHdf5 } from "../../../host/formats/hdf5/open.ts";
import { convexArray, linearArray } from "../../../host/geometry/arrays.ts";
import { firingTimes, firstFiringS } from "../../../host/geometry/transmits.ts";
import type { ChannelData, Wave } from "../../../host/model.ts";
import { processorTime } from "../../processor-time.ts";
import { sharedData } from "../../shared.ts";
import { makeHdf5, put, putScalar } from "./make-hdf5.ts";
import { refuses } from "./refusal.ts";

const C = 1540;
const [FRAMES, SAMPLES, ELEMENTS] = [2, 5, 4];

interface Transmit {
  focus: number;
  polar: number;
  /** Elements that fire; default all. */
  active?: number[];
  /** Of its pulse; default 1. */
  polarity?: -1;
  delays: ArrayLike<number>;
}

interface Recipe {
  layout?: 1 | 2 | 3;
  parts?: number;
  transmits?: Transmit[];
  positions?: Float64Array;
  type?: string;
  without?: string[];
  write?: (scan: Group, file: File) => void;
}

const flat = linearArray(ELEMENTS, 3e-4).positionsM;

/** Delays of a wave as zea stores them: the first firing at zero. */
function delaysOf(wave: Wave, positionsM = flat, active?: number[]): Float64Array {
  const on = Array.from({ length: positionsM.length / 3 }, (_, e) => (active && !active.includes(e) ? 0 : 1));
  const ideal = firingTimes(wave, { positionsM }, C, on);
  const first = firstFiringS(ideal);
  return ideal.map((time) => (Number.isFinite(time) ? time - first : 0));
}

const plane: Transmit = {
  focus: Number.POSITIVE_INFINITY,
  polar: 0.2,
  delays: delaysOf({ kind: "plane", azimuthRad: 0.2 }),
};

function makeZea(recipe: Recipe) {
  const { layout = 3, parts = 1, transmits = [plane], positions = flat } = recipe;
  const n = transmits.length;
  const elements = positions.length / 3;
  return makeHdf5((file) => {
    if (layout > 1) file.create_attribute("zea_version", layout === 2 ? "0.0.12" : "0.1.0");
    const holder = layout === 3 ? file.create_group("tracks").create_group("track_0") : file;
    const data = holder.create_group("data");
    const raw = Int16Array.from({ length: FRAMES * n * SAMPLES * elements * parts }, (_, i) => i);
    data.create_dataset({
      name: "raw_data",
      data: raw,
      shape: [FRAMES, n, SAMPLES, elements, parts],
      dtype: "<h",
    });
    const scan = holder.create_group("scan");
    const probe = layout === 3 ? file.create_group("probe") : scan;
    if (recipe.type) probe.create_dataset({ name: "type", data: recipe.type, shape: [], dtype: "S" });
    put(probe, "probe_geometry", Array.from(positions), [elements, 3]);
    const fields: Record<string, () => void> = {
      sampling_frequency: () => putScalar(scan, "sampling_frequency", 20e6),
      center_frequency: () => putScalar(scan, "center_frequency", 5e6),
      sound_speed: () => putScalar(scan, "sound_speed", C),
      initial_times: () => put(scan, "initial_times", new Array(n).fill(1e-6)),
      t0_delays: () =>
        put(
          scan,
          "t0_delays",
          transmits.flatMap((t) => Array.from(t.delays)),
          [n, elements],
        ),
      tx_apodizations: () =>
        put(
          scan,
          "tx_apodizations",
          transmits.flatMap((t) =>
            Array.from({ length: elements }, (_, e) =>
              !t.active || t.active.includes(e) ? (t.polarity ?? 1) : 0,
            ),
          ),
          [n, elements],
        ),
      focus_distances: () =>
        put(
          scan,
          "focus_distances",
          transmits.map((t) => t.focus),
        ),
      polar_angles: () =>
        put(
          scan,
          "polar_angles",
          transmits.map((t) => t.polar),
        ),
    };
    for (const [name, write] of Object.entries(fields)) if (!recipe.without?.includes(name)) write();
    recipe.write?.(scan, file);
  });
}

async function open(recipe: Recipe) {
  const source = await openHdf5({ name: "a.hdf5", bytes: await makeZea(recipe) });
  return { source, info: source.info as ChannelData };
}

function near(value: number | undefined, expected: number, tolerance: number): void {
  assert.ok(value !== undefined && Math.abs(value - expected) <= tolerance, `${value} is not ${expected}`);
}

for (const layout of [1, 2, 3] as const)
  test(`layout ${layout} is recognised and its frames become [transmit][channel][sample]`, async () => {
    const { source, info } = await open({ layout });
    assert.is(info.format, `zea ${layout}`);
    assert.equal([info.frameCount, info.sampleCount, info.sequence.length], [FRAMES, SAMPLES, 1]);
    assert.equal(info.warnings, []);
    const { samples } = await source.frame(1);
    assert.instance(samples, Int16Array);
    // Frame 1, channel 2: samples k at [1][0][k][2].
    assert.equal([...samples.slice(10, 15)], [22, 26, 30, 34, 38]);
    source.close();
  });

test("times are carried from the first firing to the front at the origin", async () => {
  const { info } = await open({});
  const edge = (4.5e-4 * Math.sin(0.2)) / C;
  near(info.sequence[0].startS, 1e-6 - edge, 1e-13);
  near(info.sequence[0].firingS?.[0], -edge, 1e-13);
  near(info.sequence[0].firingS?.[3], edge, 1e-13);
  assert.is(info.sequence[0].mixerStartS, undefined);
});

test("IQ keeps I and Q together, its mixer counts from the first sample", async () => {
  const { source, info } = await open({ parts: 2 });
  assert.equal([info.signal, info.modulationFrequencyHz], ["iq", 5e6]);
  assert.is(info.sequence[0].mixerStartS, 0);
  const { samples } = await source.frame(0);
  assert.equal([...samples.slice(0, 6)], [0, 1, 8, 9, 16, 17]);
  source.close();
});

test("focal distances say which wave it is: virtual source, focus, plane; one element alone", async () => {
  const behind: Wave = { kind: "diverging", source: [0.002, 0, -0.01] };
  const before: Wave = { kind: "focused", source: [0, 0, 0.03] };
  const { info } = await open({
    transmits: [
      { focus: -Math.hypot(0.002, 0.01), polar: -Math.atan2(0.002, 0.01), delays: delaysOf(behind) },
      { focus: 0.03, polar: 0, delays: delaysOf(before, flat, [1, 2, 3]), active: [1, 2, 3] },
      { focus: 0, polar: 0.2, delays: plane.delays },
      { focus: 0, polar: 0, delays: new Float64Array(4), active: [2] },
    ],
  });
  const kinds = info.sequence.map((transmit) => transmit.wave.kind);
  assert.equal(kinds, ["diverging", "focused", "plane", "element"]);
  const { wave } = info.sequence[0];
  if (wave.kind === "diverging") near(wave.source[0], 0.002, 1e-9);
  near(
    info.sequence[1].startS,
    1e-6 + firstFiringS(firingTimes(before, { positionsM: flat }, C, [0, 1, 1, 1])),
    1e-13,
  );
  assert.is(info.sequence[1].firingS?.[0], Number.POSITIVE_INFINITY);
  near(info.sequence[3].startS, 1e-6, 1e-13);
  assert.equal(info.warnings, []);
});

test("an azimuth about the z axis steers a plane wave in elevation", async () => {
  const [polar, about] = [0.3, 1.1];
  const [x, y, z] = [Math.sin(polar) * Math.cos(about), Math.sin(polar) * Math.sin(about), Math.cos(polar)];
  const wave: Wave = { kind: "plane", azimuthRad: Math.atan2(x, z), elevationRad: Math.asin(y) };
  const { info } = await open({
    transmits: [{ focus: Number.POSITIVE_INFINITY, polar, delays: delaysOf(wave) }],
    write: (scan) => put(scan, "azimuth_angles", [about]),
  });
  const found = info.sequence[0].wave;
  if (found.kind !== "plane") assert.unreachable(found.kind);
  else {
    near(found.azimuthRad, wave.azimuthRad, 1e-7);
    near(found.elevationRad, Math.asin(y), 1e-7);
  }
  assert.equal(info.warnings, []);
});

test("firing times that contradict the stated wave are reported", async () => {
  const { info } = await open({ transmits: [{ ...plane, polar: -0.4 }] });
  assert.match(info.warnings.join(), /firing times of transmit 0 differ/);
});

test("pulses of inverted polarity among others are reported", async () => {
  const negative: Transmit = { ...plane, polarity: -1 };
  const { info } = await open({ transmits: [plane, negative, plane, negative] });
  assert.is(info.warnings.length, 1);
  assert.match(
    info.warnings[0],
    /^Transmits 1, 3 have inverted polarity .* choose transmits of one polarity/,
  );
  const single = await open({ transmits: [plane, negative] });
  assert.match(single.info.warnings[0], /^Transmit 1 has inverted polarity/);
  // All alike: the picture is the same.
  assert.equal((await open({ transmits: [negative, negative] })).info.warnings, []);
});

test("bare firing times are kept on their own axis", async () => {
  const { info } = await open({ without: ["focus_distances", "polar_angles"] });
  assert.equal(info.sequence[0].wave, { kind: "firing" });
  near(info.sequence[0].startS, 1e-6, 1e-13);
  assert.is(firstFiringS(info.sequence[0].firingS!), 0);
});

test("focal distances in wavelengths are converted, with a warning", async () => {
  const wave: Wave = { kind: "focused", source: [0, 0, (100 * C) / 5e6] };
  const { info } = await open({ layout: 1, transmits: [{ focus: 100, polar: 0, delays: delaysOf(wave) }] });
  const found = info.sequence[0].wave;
  if (found.kind !== "focused") assert.unreachable();
  else near(found.source[2], 0.0308, 1e-8);
  assert.match(info.warnings.join(), /wavelengths/);
});

test("a convex array gets its radius and normals; depth is counted from its apex", async () => {
  const array = convexArray(8, 5e-4, 0.05);
  const chord = array.positionsM.slice();
  for (let e = 0; e < 8; e++) chord[3 * e + 2] -= array.positionsM[2];
  const delays = new Float64Array(8);
  for (const positions of [array.positionsM, chord]) {
    const { info } = await open({
      positions,
      type: "curved",
      without: ["polar_angles"],
      transmits: [{ ...plane, delays }],
    });
    assert.is(info.probe.kind, "convex");
    near(info.probe.radiusM, 0.05, 1e-4);
    near(info.probe.positionsM[2], array.positionsM[2], 2e-7);
    near(info.probe.azimuthsRad[0], array.azimuthsRad[0], 1e-4);
    assert.is(/apex/.test(info.warnings.join()), positions === chord);
  }
});

test("a fine-pitched array with diverging waves is phased unless the file says otherwise", async () => {
  const fine = linearArray(ELEMENTS, 1.5e-4).positionsM;
  const wave: Wave = { kind: "diverging", source: [0, 0, -0.01] };
  const transmits = [{ focus: -0.01, polar: 0, delays: delaysOf(wave, fine) }];
  assert.is((await open({ positions: fine, transmits })).info.probe.kind, "phased");
  assert.is((await open({ positions: fine, transmits, type: "linear" })).info.probe.kind, "linear");
});

test("what is missing or contradictory is named with its values", async () => {
  const transposed = (scan: Group) => put(scan, "t0_delays", new Array(4).fill(0), [4, 1]);
  await refuses(
    open({ without: ["t0_delays"], write: transposed }),
    "corrupt-file",
    /t0_delays has the shape 4 x 1; .*1 transmits and 4 elements needs 1 x 4/,
  );
  await refuses(open({ without: ["t0_delays"] }), "missing-data", /t0_delays/);
  await refuses(open({ without: ["sampling_frequency"] }), "missing-data", /sampling_frequency/);
  const counts = (scan: Group) => putScalar(scan, "n_el", 5);
  await refuses(open({ layout: 1, write: counts }), "corrupt-file", /n_el is 5/);
  await refuses(open({ transmits: [{ ...plane, active: [] }] }), "corrupt-file", /tx_apodizations is zero/);
  const { info } = await open({ without: ["sound_speed"] });
  assert.is(info.soundSpeedMps, 1540);
  assert.match(info.warnings.join(), /speed of sound/);
});

test("a file of images only says what it holds", async () => {
  const bytes = await makeHdf5((file) => {
    file.create_attribute("zea_version", "0.1.0");
    const track = file.create_group("tracks").create_group("track_0");
    put(track.create_group("data").create_group("image"), "values", [1, 2]);
    file.create_group("probe");
  });
  await refuses(openHdf5({ name: "i.hdf5", bytes }), "missing-data", /raw_data.*holds image/);
});

test("samples reached through a link are refused", async () => {
  const bytes = await makeHdf5((file) => {
    file.create_attribute("zea_version", "0.0.12");
    file.create_group("scan");
    file.create_group("data");
    file.create_external_link("/etc/passwd", "/x", "data/raw_data");
  });
  await refuses(openHdf5({ name: "l.hdf5", bytes }), "corrupt-file", /raw_data is a link/);
});

if (sharedData) {
  const load = async (name: string) => {
    const bytes = new Uint8Array(readFileSync(`${sharedData}${name}`));
    const source = await openHdf5({ name, bytes });
    return { source, info: source.info as ChannelData };
  };

  test("an LZF file reads equal to its twin", async () => {
    const lzf = await load("zea/simus_convex_lzf.hdf5");
    const gzip = await load("zea/simus_convex.hdf5");
    const { name: _, ...a } = lzf.info;
    const { name: __, ...b } = gzip.info;
    assert.equal(a, b);
    assert.is(a.probe.kind, "convex");
    near(a.probe.radiusM, 0.04957, 1e-6);
    const [x, y] = [await lzf.source.frame(0), await gzip.source.frame(0)];
    assert.instance(x.samples, Int16Array);
    assert.is(x.samples.length, 3 * 128 * 2428);
    assert.equal([...x.samples.slice(1000, 1005)], [-189, -78, 61, 45, 22]);
    assert.ok(Buffer.from(x.samples.buffer).equals(Buffer.from(y.samples.buffer)));
    lzf.source.close();
    gzip.source.close();
  });

  test("the legacy layout and the newest hold the same recording", async () => {
    const old = await load("zea/must_pwi_disk_4frames_layout1_legacy.hdf5");
    const now = await load("zea/must_pwi_disk.hdf5");
    assert.equal([old.info.format, now.info.format], ["zea 1", "zea 3"]);
    assert.equal([old.info.frameCount, now.info.frameCount], [4, 32]);
    const [a, b] = [await old.source.frame(3), await now.source.frame(3)];
    assert.equal(Array.from(a.samples), Array.from(b.samples));
    assert.match(now.info.warnings.join(), /less than twice the centre frequency/);
  });

  test("transposed delays are refused within a second", async () => {
    const tookMs = processorTime();
    await refuses(load("bad/zea_t0_delays_transposed.hdf5"), "corrupt-file", /t0_delays has the shape 8 x 2/);
    assert.ok(tookMs() < 1000);
  });
}

test.run();
