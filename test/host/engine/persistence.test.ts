/** Persistence against its definition, to the last bit: what is averaged, from where it goes on, and where it starts anew. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../../host/engine/engine.ts";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
  type Frame,
  type Image,
  isSondeError,
  type Past,
  type Pipeline,
  type SampleArray,
} from "../../../host/index.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { integers, makeScene, type Scene } from "../../synthetic.ts";

const LIMIT = 2 ** 28;
const { fround } = Math;

/** Frames of a scene: its own samples, each time with other noise. */
function framesOf(scene: Scene, count: number) {
  const { info, frame } = makeScene(scene);
  const random = integers(17);
  const frames = Array.from({ length: count }, (_, index): Frame => {
    const samples = (frame.samples as Int16Array).slice() as SampleArray;
    for (let i = 0; i < samples.length; i++) samples[i] += (random() % 2001) - 1000;
    return { ...frame, index, samples };
  });
  return { info, frames };
}

/** The definition in float32: y = x + k (y_before - x). */
function averaged(x: Float32Array, before: Float32Array | undefined, share: number): Float32Array {
  if (!before) return x;
  const k = fround(share);
  return x.map((value, i) => fround(value + fround(k * fround(before[i] - value))));
}

async function plans(scene: Scene, pipeline: Pipeline, count: number) {
  const { info, frames } = framesOf(scene, count);
  const averaging = (persistence: number): Pipeline => ({
    ...pipeline,
    display: { reference: 1000, ...pipeline.display, persistence },
  });
  const plain = await LocalPlan.create(info, averaging(0), LIMIT);
  const levels: Float32Array[] = [];
  for (const frame of frames) levels.push((await plain.decibels(frame)).values);
  return { info, frames, levels, averaging, plain };
}

for (const [scene, pipeline] of [
  ["plane", {}],
  ["plane", { display: { speckle: { method: "srad", strength: 0.3 } } }],
  ["plane", { display: { speckle: { method: "median" }, tgcDb: [-5, 5], gainDb: 3 } }],
  ["iq", {}],
] as const satisfies readonly (readonly [Scene, Pipeline])[])
  test(`levels of ${scene} ${JSON.stringify(pipeline)} follow y = x + p (y - x), bit by bit`, async () => {
    for (const p of [0.3, 0.7, 0.95]) {
      const { info, frames, levels, averaging } = await plans(scene, pipeline, 6);
      const plan = await LocalPlan.create(info, averaging(p), LIMIT);
      let expected: Float32Array | undefined;
      for (const [n, frame] of frames.entries()) {
        expected = averaged(levels[n], expected, p);
        sameNumbers((await plan.decibels(frame)).values, expected, `p ${p}, frame ${n}, level`);
      }
      assert.ok(expected?.some((value, i) => value !== levels[5][i]));
    }
  });

test("a frame shown again is the same picture, also with another share of the one before", async () => {
  const { info, frames, levels, averaging } = await plans("plane", {}, 3);
  const plan = await LocalPlan.create(info, averaging(0.8), LIMIT);
  await plan.run(frames[0]);
  const first = (await plan.run(frames[1])).pixels;
  sameNumbers((await plan.run(frames[1])).pixels, first);
  const y1 = averaged(levels[1], levels[0], 0.8);
  sameNumbers((await plan.decibels(frames[1])).values, y1);
  await plan.update(averaging(0.5));
  assert.equal(plan.report.rebuilt, ["levels"]);
  const other = averaged(levels[1], levels[0], 0.5);
  sameNumbers((await plan.decibels(frames[1])).values, other);
  sameNumbers((await plan.decibels(frames[2])).values, averaged(levels[2], other, 0.5));
});

test("frames that a busy device leaves out count as often as they are missed, up to four on; a jump starts anew", async () => {
  const { info, frames, levels, averaging } = await plans("plane", {}, 12);
  const plan = await LocalPlan.create(info, averaging(0.5), LIMIT);
  const show = async (n: number) => (await plan.decibels(frames[n])).values;
  sameNumbers(await show(0), levels[0]);
  const y3 = averaged(levels[3], levels[0], 0.125);
  sameNumbers(await show(3), y3);
  const y7 = averaged(levels[7], y3, 0.0625);
  sameNumbers(await show(7), y7);
  sameNumbers(await show(2), levels[2], "after a jump back, level");
  sameNumbers(await show(1), levels[1], "one back, level");
  sameNumbers(await show(6), levels[6], "five on, level");
});

test("what changes the levels starts the average anew, a grey map and smoothing do not", async () => {
  const { info, frames, levels, averaging } = await plans("plane", {}, 2);
  const { display } = averaging(0.9);
  const second = async (change: Pipeline) => {
    const plan = await LocalPlan.create(info, averaging(0.9), LIMIT);
    await plan.decibels(frames[0]);
    await plan.update({ ...change, display: { ...display, ...change.display } });
    return (await plan.decibels(frames[1])).values;
  };
  sameNumbers(await second({}), averaged(levels[1], levels[0], 0.9));
  sameNumbers(await second({ display: { greyMap: "warm" } }), averaged(levels[1], levels[0], 0.9));
  for (const change of [
    { display: { gainDb: 1 } },
    { display: { tgcDb: [0, 3] } },
    { display: { dynamicRangeDb: 40 } },
    { display: { speckle: { method: "median" } } },
    { beamform: { window: "boxcar" } },
    { soundSpeedMps: 1450 },
  ] as const satisfies readonly Pipeline[]) {
    const fresh = await LocalPlan.create(
      info,
      { ...change, display: { ...display, ...("display" in change ? change.display : {}), persistence: 0 } },
      LIMIT,
    );
    sameNumbers(
      await second(change),
      (await fresh.decibels(frames[1])).values,
      `${JSON.stringify(change)}, level`,
    );
  }
});

test("smoothing acts behind the average, so that a change of it keeps the past", async () => {
  const { info, frames, averaging } = await plans("plane", {}, 3);
  const display = { ...averaging(0.8).display, smoothing: 0.5 };
  const steady = await LocalPlan.create(info, { display }, LIMIT);
  const changed = await LocalPlan.create(info, { display: { ...display, smoothing: 1 } }, LIMIT);
  for (const plan of [steady, changed]) for (const frame of frames.slice(0, 2)) await plan.run(frame);
  await changed.update({ display });
  sameNumbers((await changed.decibels(frames[2])).values, (await steady.decibels(frames[2])).values);
});

for (const where of ["here", "worker"] as const)
  test(`a plan (${where}) that goes back to a past goes on with the same bits, as often as it is asked to`, async () => {
    const { info, frames, averaging } = await plans("lines", {}, 8);
    const missing = new Uint8Array(8);
    missing[0] = 0b110;
    frames[3] = { ...frames[3], missingLines: missing };
    const engine = await createEngine({ where });
    const plan = await engine.plan(info, averaging(0.9));
    assert.is(await plan.past(), undefined, "no frame yet");
    const shown: Float32Array[] = [];
    const pasts = [];
    for (const frame of frames) {
      shown.push((await plan.decibels(frame)).values);
      pasts.push(await plan.past());
    }
    for (const from of [3, 1, 3, 6]) {
      const past = pasts[from]!;
      assert.is(past.place, from);
      await plan.resume(past);
      for (let n = from + 1; n < frames.length; n++)
        sameNumbers((await plan.decibels(frames[n])).values, shown[n], `from ${from}: frame ${n}, level`);
    }
    // Another plan of the same pipeline.
    const other = await engine.plan(info, averaging(0.9));
    await other.resume(pasts[5]!);
    sameNumbers((await other.decibels(frames[6])).values, shown[6]);
    engine.close();
  });

test("what is no past of a plan is refused, and the plan goes on as it was", async () => {
  const { info, frames, averaging } = await plans("plane", {}, 2);
  const refusal = async (plan: LocalPlan, past: unknown): Promise<string> => {
    try {
      await plan.resume(past as Past);
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"));
      return error.message;
    }
    return "taken";
  };
  const plan = await LocalPlan.create(info, averaging(0.5), LIMIT);
  const steady = await LocalPlan.create(info, averaging(0.5), LIMIT);
  for (const one of [plan, steady]) await one.run(frames[0]);
  const past = (await plan.past())!;
  for (const bad of [null, 7, {}, { place: Number.NaN, levels: past.levels }, { place: 0, levels: [1] }])
    assert.match(await refusal(plan, bad), /^past is .*it must be what plan\.past gave/);
  assert.match(await refusal(plan, { ...past, missingLines: [1] }), /it must be what plan\.past gave/);
  const short = { place: 0, levels: past.levels.slice(1) };
  assert.match(await refusal(plan, short), /past has \d+ levels where this plan's pictures have \d+ x \d+/);
  sameNumbers((await plan.decibels(frames[1])).values, (await steady.decibels(frames[1])).values);
  const plain = await LocalPlan.create(info, averaging(0), LIMIT);
  assert.match(await refusal(plain, past), /display\.persistence is 0/);
  assert.is(await plain.past(), undefined);
});

test("a line that did not arrive stays blank, and goes on from nothing when it does", async () => {
  const { info, frames, levels, averaging } = await plans("lines", {}, 3);
  const plan = await LocalPlan.create(info, averaging(0.9), LIMIT);
  const missing = new Uint8Array(8);
  missing.fill(0xff);
  await plan.decibels(frames[0]);
  const { values } = await plan.decibels({ ...frames[1], missingLines: missing });
  assert.ok(values.every((value) => value === -50));
  sameNumbers((await plan.decibels(frames[2])).values, levels[2]);
});

test("threads change no bit of an average", async () => {
  const { info, frames } = framesOf("convex", 4);
  const pictures: Image[][] = [];
  for (const threads of [1, 2]) {
    const engine = await createEngine({ threads });
    const plan = await engine.plan(info, { display: { persistence: 0.8, reference: "hold" } });
    const shown: Image[] = [];
    for (const frame of frames) shown.push(await plan.run(frame));
    pictures.push(shown);
    engine.close();
  }
  frames.forEach((_, i) => {
    sameNumbers(pictures[1][i].pixels, pictures[0][i].pixels);
  });
});

test("what stands still stays as it is, and noise is less", async () => {
  const { info, frames, averaging, levels } = await plans("plane", {}, 12);
  const plan = await LocalPlan.create(info, averaging(0.8), LIMIT);
  const still: Float32Array[] = [];
  for (let index = 0; index < 3; index++) still.push((await plan.decibels({ ...frames[0], index })).values);
  still.forEach((values, n) => {
    assert.ok(
      values.every((value, i) => Math.abs(value - levels[0][i]) < 1e-5),
      `frame ${n}`,
    );
  });
  // The variance of a step of y is (1 - p)^2 2 / (1 + p) that of x, of a step of x twice: a ratio of (1 - p) / sqrt(1 + p), 0.15 for p = 0.8.
  const shown: Float32Array[] = [];
  for (const frame of frames) shown.push((await plan.decibels({ ...frame, index: frame.index + 50 })).values);
  const steps = (rows: Float32Array[]) =>
    rows[11].reduce((sum, value, i) => sum + Math.abs(value - rows[10][i]), 0);
  assert.ok(steps(shown) < 0.2 * steps(levels), `${steps(shown)} for ${steps(levels)}`);
});

test.run();
