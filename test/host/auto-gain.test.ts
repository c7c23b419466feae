/**
 * Gain and time-gain compensation fitted to speckle of a known course of levels with depth: greys are measured on the pictures at the
 * depths where geometry puts them.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../host/engine/plan.ts";
import {
  autoGain,
  type Frame,
  type Image,
  LINE_FIELDS,
  type LineData,
  type Pipeline,
} from "../../host/index.ts";

const LIMIT = 2 ** 28;
const LINES = 128;
const SAMPLES = 800;
const STEP_M = 0.0001;
const DEPTH_M = SAMPLES * STEP_M;

/** Uniform numbers between 0 and 1, never 0 (Numerical Recipes' linear congruential generator). */
function uniforms(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 8) + 0.5) / 2 ** 24;
  };
}

/** Side by side, or a fan of a quarter turn from one point. */
function linesOf(kind: "side by side" | "fan"): LineData {
  const lines = new Float64Array(LINE_FIELDS * LINES);
  for (let i = 0; i < LINES; i++)
    lines.set(
      kind === "fan"
        ? [0, 0, (Math.PI / 2) * (i / (LINES - 1) - 0.5), 0.01, STEP_M]
        : [0.0003 * i, 0, 0, 0, STEP_M],
      LINE_FIELDS * i,
    );
  return {
    kind: "lines",
    name: "speckle",
    format: "synthetic",
    frameCount: null,
    soundSpeedMps: 1540,
    warnings: [],
    signal: "envelope",
    lines,
    sampleCount: SAMPLES,
    sampleRateHz: 7.7e6,
  };
}

/** Grains of speckle, as large as some pixels. */
const GRAIN = { lines: 3, samples: 8 };

/** Complex speckle and noise of its own for each frame, of power 1 times the levels (dB) at each depth, 0 to 1: their magnitude. */
function frameOf(
  index: number,
  echoDb: (part: number, line: number) => number,
  noiseDb = Number.NEGATIVE_INFINITY,
): Frame {
  const [echo, noise] = [uniforms(1), uniforms(100 + index)];
  const samples = new Float32Array(LINES * SAMPLES);
  const complex = (random: () => number, db: number): [number, number] => {
    const magnitude = Math.sqrt(-Math.log(random())) * 10 ** (db / 20);
    const phase = 2 * Math.PI * random();
    return [magnitude * Math.cos(phase), magnitude * Math.sin(phase)];
  };
  for (let line = 0; line < LINES; line += GRAIN.lines)
    for (let k = 0; k < SAMPLES; k += GRAIN.samples) {
      const [a, b] = complex(echo, echoDb(k / (SAMPLES - 1), line));
      const [c, d] = complex(noise, noiseDb);
      for (let l = line; l < Math.min(LINES, line + GRAIN.lines); l++)
        samples.fill(Math.hypot(a + c, b + d), l * SAMPLES + k, l * SAMPLES + k + GRAIN.samples);
    }
  return { index, samples };
}

const planOf = (info: LineData, pipeline: Pipeline): Promise<LocalPlan> =>
  LocalPlan.create(info, pipeline, LIMIT);

/** The middle grey, 0 to 1, of pixels between two depths, in parts of the lines' length. */
function greyOf(image: Image, [from, to]: readonly [number, number], startM = 0): number {
  const [{ originXM, originZM, deltaXM, deltaZM, minX, minY, maxX, maxY }] = image.regions;
  const greys: number[] = [];
  for (let row = minY; row <= maxY; row++)
    for (let column = minX; column <= maxX; column++) {
      const at = 4 * (row * image.width + column);
      if (!image.pixels[at + 3]) continue;
      const [x, z] = [originXM + column * deltaXM, originZM + row * deltaZM];
      const part = ((startM ? Math.hypot(x, z) : z) - startM) / DEPTH_M;
      if (part >= from && part < to) greys.push(image.pixels[at]);
    }
  return greys.sort((a, b) => a - b)[greys.length >> 1] / 255;
}

const eighths = Array.from({ length: 8 }, (_, i) => [i / 8, (i + 1) / 8] as const);

for (const kind of ["side by side", "fan"] as const)
  test(`echoes that fade by 30 dB get one grey at all depths: lines ${kind}`, async () => {
    const info = linesOf(kind);
    const startM = kind === "fan" ? 0.01 : 0;
    const pipeline: Pipeline = {
      display: { heightPx: 300, greyMap: "contrast", speckle: { method: "median" } },
    };
    const plan = await planOf(info, pipeline);
    const frame = frameOf(0, (part) => -30 * part);
    const before = await plan.run(frame);
    const fade = greyOf(before, eighths[0], startM) - greyOf(before, eighths[7], startM);
    assert.ok(fade > 0.4, `${fade}`);
    const fitted = (await autoGain(plan, pipeline, frame))!;
    assert.equal(plan.report.pipeline.display?.greyMap, "contrast", "the plan is as it was");
    assert.is(fitted.tgcDb.length, 8);
    await plan.update({ display: { heightPx: 300, ...fitted } });
    const after = await plan.run(frame);
    for (const band of eighths) {
      const grey = greyOf(after, band, startM);
      assert.ok(Math.abs(grey - 0.42) < 0.04, `${band}: ${grey}`);
    }
    plan.close();
  });

test("the same whatever gain and compensation were before", async () => {
  const info = linesOf("side by side");
  const frame = frameOf(0, (part) => -20 * part);
  const found = [];
  for (const display of [{}, { gainDb: 30, tgcDb: [10, -10] }, { dynamicRangeDb: 50, smoothing: 1 }]) {
    const pipeline = { display: { ...display, reference: 2 } };
    const plan = await planOf(info, pipeline);
    found.push(await autoGain(plan, pipeline, frame, { reference: 2 }));
    plan.close();
  }
  assert.equal(found[1], found[0]);
  assert.equal(found[2], found[0]);
});

test("noise is not brought up where there is a frame before it, and is taken for echoes where there is none", async () => {
  const info = linesOf("side by side");
  // From half way down less than the noise.
  const echoes = (part: number): number => (part < 0.5 ? -10 * part : -60);
  const frames = [0, 1].map((index) => frameOf(index, echoes, -30));
  const plan = await planOf(info, {});
  const blind = (await autoGain(plan, {}, frames[1]))!;
  const seeing = (await autoGain(plan, {}, frames[1], { before: frames[0] }))!;
  const lastDb = ({ gainDb, tgcDb }: typeof blind): number => gainDb + tgcDb[7];
  const halfDb = ({ gainDb, tgcDb }: typeof blind): number => gainDb + tgcDb[2];
  assert.ok(lastDb(blind) - halfDb(blind) > 10, JSON.stringify(blind));
  assert.ok(Math.abs(lastDb(seeing) - halfDb(seeing)) <= 4, JSON.stringify(seeing));
  plan.close();
});

for (const [snrDb, isNoise] of [
  [6, false],
  [-6, true],
] as const)
  test(`echoes of ${snrDb} dB re. the noise are ${isNoise ? "noise" : "echoes"}`, async () => {
    const info = linesOf("side by side");
    const echoes = (part: number): number => (part < 0.5 ? 0 : -24);
    const frames = [0, 1].map((index) => frameOf(index, echoes, -24 - snrDb));
    const plan = await planOf(info, {});
    const { tgcDb } = (await autoGain(plan, {}, frames[1], { before: frames[0] }))!;
    const riseDb = tgcDb[7] - tgcDb[0];
    assert.ok(isNoise ? riseDb < 4 : riseDb > 18, `${tgcDb}`);
    plan.close();
  });

test("a water bath above the echoes is not brought up as far as they are", async () => {
  const info = linesOf("side by side");
  const frame = frameOf(0, (part) => (part < 0.4 ? -60 : -20));
  const plan = await planOf(info, {});
  const fitted = (await autoGain(plan, {}, frame))!;
  await plan.update({ display: fitted });
  const picture = await plan.run(frame);
  assert.ok(greyOf(picture, [0, 0.3]) < 0.1, `${greyOf(picture, [0, 0.3])}`);
  assert.ok(Math.abs(greyOf(picture, [0.6, 1]) - 0.42) < 0.05, `${greyOf(picture, [0.6, 1])}`);
  plan.close();
});

test("bright echoes among weak ones are not drowned in white", async () => {
  const info = linesOf("side by side");
  const bright = (share: number) =>
    frameOf(0, (part, line) => (line < share * LINES && part % 0.1 < 0.05 ? 0 : -50));
  const plan = await planOf(info, {});
  const none = (await autoGain(plan, {}, bright(0), { reference: 1 }))!;
  const some = (await autoGain(plan, {}, bright(0.2), { reference: 1 }))!;
  await plan.update({ display: { ...some, reference: 1 } });
  const { pixels } = await plan.run(bright(0.2));
  const white = pixels.filter((value, i) => i % 4 === 0 && value === 255).length / (pixels.length / 4);
  assert.ok(white < 0.05, `${white} of it is white`);
  assert.ok(none.gainDb > some.gainDb + 10, `${none.gainDb} ${some.gainDb}`);
  plan.close();
});

test("data without a depth get a gain alone, and an empty frame nothing", async () => {
  const info = linesOf("side by side");
  const plan = await planOf(info, {});
  const frame = frameOf(0, () => -20);
  assert.equal((await autoGain(plan, {}, frame, { tgc: false }))!.tgcDb, []);
  const empty = { index: 0, samples: new Float32Array(LINES * SAMPLES) };
  assert.is(await autoGain(plan, {}, empty), undefined);
  plan.close();
});

test("what the plan throws comes through, and leaves it with its pipeline", async () => {
  const info = linesOf("side by side");
  const pipeline = { display: { gainDb: 3 } };
  const plan = await planOf(info, pipeline);
  const broken = { index: 0, samples: new Float32Array(3) };
  let thrown: unknown;
  await autoGain(plan, pipeline, broken).catch((error) => {
    thrown = error;
  });
  assert.match(String(thrown), /3/);
  assert.is(plan.report.pipeline.display?.gainDb, 3);
  plan.close();
});

test.run();
