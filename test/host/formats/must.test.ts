import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { convexArray, linearArray } from "../../../host/geometry/arrays.ts";
import { firingTimes } from "../../../host/geometry/transmits.ts";
import type { ChannelData, Wave } from "../../../host/model.ts";
import { open } from "../../../host/open.ts";
import type { Source } from "../../../host/source.ts";
import { sharedData } from "../../shared.ts";
import { matCell, matFile, matNumbers, mustFile } from "./make.ts";

const C = 1500;
const N = 32;
const PARAM = {
  fs: [40e6],
  fc: [5e6],
  pitch: [3e-4],
  c: [C],
  t0: [2e-6],
  Nelements: [N],
  bandwidth: [75],
  PRF: [4000],
};
const ARRAY = linearArray(N, 3e-4);

function channels(source: Source): ChannelData {
  if (source.info.kind !== "channels") throw new Error(source.info.kind);
  return source.info;
}

async function opened(
  param: Record<string, readonly number[]>,
  echoes: "RF" | "IQ" = "RF",
): Promise<ChannelData> {
  const bytes = mustFile([5, N, 2], { ...PARAM, ...param }, { echoes });
  return channels(await open({ name: "x.mat", bytes }));
}

/** Delays as MUST stores them: from the first firing. */
function delays(wave: Wave, probe: { positionsM: Float64Array } = ARRAY): number[] {
  const times = Array.from(firingTimes(wave, probe, C));
  const first = Math.min(...times);
  return times.map((time) => time - first);
}

if (sharedData) {
  test("PWI_disk.mat is one plane wave straight ahead", async () => {
    const source = await open(`${sharedData}must/PWI_disk.mat`);
    const info = channels(source);
    assert.equal(info.sequence[0].wave, { kind: "plane", azimuthRad: 0 });
    assert.is(info.sequence[0].startS, 9.95e-6);
    assert.is(info.frameCount, 32);
    assert.is(info.frameRateHz, 10000);
    assert.is(info.sampleCount, 334);
    assert.is(info.soundSpeedMps, 1480);
    assert.is(info.probe.kind, "linear");
    assert.is(info.probe.elementWidthM, 0.262e-3);
    assert.is(info.probe.fractionalBandwidth, 0.15);
    assert.ok(Math.abs(info.probe.positionsM[0] + 63.5 * 0.298e-3) < 1e-12);
    const { samples } = await source.frame(31);
    assert.ok(samples instanceof Float32Array && samples.length === 334 * 128);
  });

  test("ArraySteelPins.mat is 32 single-element transmits, with what was assumed said", async () => {
    const source = await open(`${sharedData}mat/ArraySteelPins.mat`);
    const info = channels(source);
    assert.is(info.sequence.length, 32);
    assert.equal(info.sequence[5].wave, { kind: "element", element: 5 });
    assert.ok(Math.abs(info.sequence[5].startS - 39.3e-6) < 1e-12);
    assert.is(info.sequence[5].firingS?.[5], 0);
    assert.is(info.sequence[5].firingS?.[4], Number.POSITIVE_INFINITY);
    assert.ok(Math.abs(info.probe.positionsM[0] + 0.0155) < 1e-12);
    assert.is(info.warnings.filter((warning) => warning.includes("assumed")).length, 3);
    const other = channels(
      await open(`${sharedData}mat/ArraySteelPins.mat`, {
        pitchM: 5e-4,
        centerFrequencyHz: 5e6,
        pulseDelayS: 0,
      }),
    );
    assert.ok(Math.abs(other.probe.positionsM[0] + 0.00775) < 1e-12);
    assert.ok(Math.abs(other.sequence[0].startS - 40e-6) < 1e-12);
    assert.is(other.warnings.filter((warning) => warning.includes("assumed")).length, 0);
  });
}

if (sharedData)
  test("the same recordings from MAT and from zea agree in geometry, time and samples", async () => {
    for (const [mat, zea] of [
      ["mat/ArraySteelPins.mat", "zea/synaptus_steel_pins_fmc.hdf5"],
      ["must/PWI_disk.mat", "zea/must_pwi_disk.hdf5"],
    ]) {
      const ours = await open(sharedData + mat);
      const theirs = await open(sharedData + zea);
      const [a, b] = [channels(ours), channels(theirs)];
      assert.is(a.sequence.length, b.sequence.length);
      a.sequence.forEach((transmit, k) => {
        assert.is(transmit.wave.kind, b.sequence[k].wave.kind);
        assert.ok(Math.abs(transmit.startS - b.sequence[k].startS) < 1e-11, `${mat}: start of transmit ${k}`);
      });
      a.probe.positionsM.forEach((value, k) => {
        assert.ok(Math.abs(value - b.probe.positionsM[k]) < 1e-8);
      });
      assert.ok(Math.abs(a.sampleRateHz / b.sampleRateHz - 1) < 1e-6);
      assert.equal(
        Float32Array.from((await ours.frame(0)).samples),
        Float32Array.from((await theirs.frame(0)).samples),
      );
      theirs.close();
    }
  });

test("a steered plane wave is recognised with its sign and its time zero moved to the origin", async () => {
  const wave: Wave = { kind: "plane", azimuthRad: 0.2 };
  const info = await opened({ TXdelay: delays(wave) });
  const found = info.sequence[0];
  assert.is(found.wave.kind, "plane");
  assert.ok(found.wave.kind === "plane" && Math.abs(found.wave.azimuthRad - 0.2) < 1e-7);
  const fromFirst = Math.min(...firingTimes(wave, ARRAY, C));
  assert.ok(Math.abs(found.startS - (2e-6 + fromFirst)) < 1e-11);
  assert.ok(Math.abs((found.firingS?.[0] ?? 1) - fromFirst) < 1e-11);
});

test("diverging and focused waves are recognised by their virtual source", async () => {
  for (const wave of [
    { kind: "diverging", source: [1e-3, 0, -8e-3] },
    { kind: "focused", source: [-2e-3, 0, 20e-3] },
  ] as const) {
    const found = (await opened({ TXdelay: delays(wave) })).sequence[0];
    assert.is(found.wave.kind, wave.kind);
    if (found.wave.kind !== "diverging" && found.wave.kind !== "focused") continue;
    const { source } = found.wave;
    assert.ok(Math.hypot(source[0] - wave.source[0], source[2] - wave.source[2]) < 1e-5, String(source));
    assert.ok(Math.abs(found.startS - 2e-6 - Math.min(...firingTimes(wave, ARRAY, C))) < 1e-9);
  }
});

test("delays that no wave explains are kept as firing times", async () => {
  const info = await opened({ TXdelay: Array.from({ length: N }, (_, e) => (e % 3) * 1e-6) });
  const { wave, firingS, startS } = info.sequence[0];
  assert.equal(wave, { kind: "firing" });
  assert.ok(firingS && Math.abs(firingS[1] - firingS[0] - 1e-6) < 1e-12);
  assert.ok(firingS && Math.abs(startS - 2e-6 - firingS[0]) < 1e-12);
});

test("what fires first need not fire at zero: delays are on the axis of the samples", async () => {
  const late = 1.4e-6;
  const uneven = Array.from({ length: N }, (_, e) => (e % 3) * 1e-6);
  const alone = Array.from({ length: N }, (_, e) => (e === 3 ? 0 : Number.NaN));
  const steered = delays({ kind: "plane", azimuthRad: 0.2 });
  for (const TXdelay of [steered, uneven, alone]) {
    const [first] = (await opened({ TXdelay })).sequence;
    const [later] = (await opened({ TXdelay: TXdelay.map((delay) => delay + late) })).sequence;
    assert.is(later.wave.kind, first.wave.kind);
    // The same echoes came later on the file's axis: sample 0 is earlier on that of the wave.
    assert.ok(Math.abs(first.startS - later.startS - late) < 1e-11, `${first.wave.kind}`);
  }
});

test("delays that are not numbers mean elements that do not fire", async () => {
  const info = await opened({ TXdelay: Array.from({ length: N }, (_, e) => (e === 3 ? 0 : Number.NaN)) });
  assert.equal(info.sequence[0].wave, { kind: "element", element: 3 });
  assert.is(info.sequence[0].startS, 2e-6);
});

test("a radius makes a convex array with its apex at zero", async () => {
  const info = await opened({ radius: [0.06], TXdelay: new Array<number>(N).fill(0) });
  assert.is(info.probe.kind, "convex");
  assert.equal(info.probe.positionsM, convexArray(N, 3e-4, 0.06).positionsM);
  // Firing together, a convex array sends the wave of its own centre of curvature.
  const { wave } = info.sequence[0];
  assert.ok(wave.kind === "diverging" && Math.abs(wave.source[2] + 0.06) < 1e-3, JSON.stringify(wave));
  assert.is((await opened({ radius: [Number.POSITIVE_INFINITY] })).probe.kind, "linear");
});

test("samples of a frame are one channel after the other", async () => {
  const source = await open({ name: "x.mat", bytes: mustFile([5, N, 2], PARAM) });
  const { samples } = await source.frame(1);
  assert.is(samples.length, 5 * N);
  assert.is(samples[0], 5 * N);
  assert.is(samples[7], 5 * N + 7);
});

test("IQ keeps the file's own mixer clock", async () => {
  const info = await opened({ TXdelay: delays({ kind: "plane", azimuthRad: 0.2 }) }, "IQ");
  assert.is(info.signal, "iq");
  assert.is(info.modulationFrequencyHz, 5e6);
  assert.is(info.sequence[0].mixerStartS, 2e-6);
});

test("one transmit per row of TXdelay, or per cell", async () => {
  const rows = await opened({ TXdelay: [] });
  assert.is(rows.sequence.length, 1);
  const part = (name: string, first: number) =>
    matNumbers(
      name,
      [2, N],
      Array.from({ length: 2 * N }, (_, k) => first + k),
    );
  const scalars = Object.entries(PARAM).map(([name, [value]]) => matNumbers(name, [1, 1], [value]));
  const bytes = matFile([matCell("RF", [1, 2], [part("", 0), part("", 1000)]), ...scalars]);
  const source = await open({ name: "x.mat", bytes });
  assert.is(channels(source).sequence.length, 2);
  assert.is(channels(source).frameRateHz, 2000);
  assert.is((await source.frame(0)).samples[2 * N], 1000);
});

test("what is missing or contradictory is named", async () => {
  const cases: [Record<string, readonly number[]>, string, RegExp][] = [
    [{ fs: [] }, "missing-data", /fs/],
    [{ pitch: [] }, "missing-data", /pitch/],
    [{ Nelements: [7] }, "corrupt-file", /Nelements is 7, the echoes have 32/],
    [{ TXdelay: [1, 2, 3] }, "corrupt-file", /TXdelay is 1 x 3/],
    [{ fs: [Number.NaN] }, "corrupt-file", /"fs" is NaN/],
    [{ radius: [2e-4] }, "bad-geometry", /radius 0.0002/],
    [{ TXapodization: new Array<number>(N).fill(0) }, "bad-geometry", /No element fires/],
  ];
  for (const [param, code, words] of cases)
    try {
      await opened(param);
      assert.unreachable(JSON.stringify(param));
    } catch (error) {
      assert.ok(isSondeError(error), String(error));
      assert.is(error.code, code);
      assert.match(error.message, words);
    }
});

test.run();
