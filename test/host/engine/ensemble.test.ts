/** Ensembles: the images of many frames at once are those of the frames one by one, and of the float64 twin. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
  type ChannelData,
  createEngine,
  type Frame,
  isSondeError,
  type Pipeline,
  type SampleArray,
  type Scan,
} from "../../../host/index.ts";
import { maxRelative } from "../../golden/compare.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { integers, makeScene, type Scene } from "../../synthetic.ts";
import { beamformTwin } from "./twin.ts";

/** 23 columns: the last block of four is not full. */
const GRID: Scan = {
  kind: "linear",
  x: { min: -0.0031, max: 0.0029, count: 23 },
  z: { min: 0.002, max: 0.0133, count: 31 },
};
const SECTOR: Scan = {
  kind: "sector",
  angle: { min: -0.4, max: 0.3, count: 21 },
  range: { min: 0.003, max: 0.013, count: 19 },
  apex: [0, -0.001],
};
const LIMIT = 2 ** 28;

/** A scene and `count` frames of it, each its own noise upon the scene's samples. */
function makeEnsemble(scene: Scene, count: number) {
  const { info, frame } = makeScene(scene);
  const frames = Array.from({ length: count }, (_, k): Frame => {
    const random = integers(31 * k + 7);
    const samples = (frame.samples as Int16Array).map((value) => value + (random() % 2001) - 1000);
    return { index: k, samples };
  });
  return { info, frames };
}

for (const [scene, pipeline] of [
  ["plane", { scan: GRID, beamform: { interpolation: "linear", fNumber: 1.2 } }],
  ["plane", { scan: GRID, signal: "iq", beamform: { interpolation: "linear", fNumber: 0 } }],
  ["plane", { scan: GRID, signal: "rf", beamform: { interpolation: "linear", window: "boxcar" } }],
  ["iq", { scan: SECTOR, beamform: { interpolation: "linear", fNumber: 0.8, window: "triangle" } }],
  ["convex", { scan: SECTOR, beamform: { interpolation: "linear", window: "boxcar" } }],
  ["focused", { scan: GRID, beamform: { interpolation: "linear" } }],
  ["element", { scan: GRID, transmits: [2, 0], beamform: { interpolation: "linear" } }],
  ["arc", { scan: GRID, signal: "iq", beamform: { interpolation: "linear" } }],
] as [Scene, Pipeline][])
  test(`frames in lanes make the images of single frames, ${scene} ${JSON.stringify(pipeline.signal ?? "")} ${JSON.stringify(pipeline.beamform)}`, async () => {
    // 35: a full group of 32, then three.
    const { info, frames } = makeEnsemble(scene, 35);
    const plan = await LocalPlan.create(info, pipeline, LIMIT);
    assert.match(plan.report.ensemble.path, /frames in lanes/);
    const { values, shape } = await plan.ensemble(frames);
    const alone = await plan.beamform(frames[0]);
    assert.equal(shape, [35, ...alone.shape]);
    for (const k of [0, 3, 15, 16, 31, 32, 34]) {
      const { values: expected } = await plan.beamform(frames[k]);
      const n = expected.length;
      const error = maxRelative(values.subarray(k * n, (k + 1) * n), expected, true);
      assert.ok(error <= 2e-5, `frame ${k}: ${error} of the maximum`);
      assert.ok(expected.some((value) => value !== 0));
    }
  });

for (const scene of ["plane", "iq", "diverging"] as const)
  test(`frames in lanes are delay-and-sum with linear interpolation, ${scene}, within 1e-4 of the twin's maximum`, async () => {
    const { info, frames } = makeEnsemble(scene, 5);
    const channels = info as ChannelData;
    const beamform = { fNumber: 1.2, window: "hann", interpolation: "linear" } as const;
    const plan = await LocalPlan.create(info, { scan: GRID, beamform }, LIMIT);
    const { values } = await plan.ensemble(frames);
    const n = values.length / 5;
    for (const k of [1, 4]) {
      const twin = beamformTwin(channels, frames[k], {
        ...beamform,
        scan: GRID,
        rows: (await plan.channels(frames[k])).values,
        samples: channels.sampleCount,
        sampleRateHz: channels.sampleRateHz,
        carrierHz: channels.modulationFrequencyHz,
        mixerStartS: channels.sequence.map((transmit) => transmit.mixerStartS ?? 0),
        model: "spherical",
      });
      const sum = new Float64Array(n);
      for (let i = 0; i < n; i++) sum[i] = twin[i] + twin[n + i] + twin[2 * n + i];
      const error = maxRelative(values.subarray(k * n, (k + 1) * n), sum, true);
      assert.ok(error <= 1e-4, `frame ${k}: ${error} of the maximum`);
    }
  });

for (const [scene, pipeline] of [
  ["iq", { scan: SECTOR, beamform: { interpolation: "linear", fNumber: 0.8, window: "triangle" } }],
  ["plane", { scan: GRID, signal: "iq", beamform: { interpolation: "linear", fNumber: 0 } }],
  ["arc", { scan: GRID, signal: "iq", beamform: { interpolation: "linear" } }],
] as [Scene, Pipeline][])
  test(`asked for in int16, IQ in lanes makes the images of single frames within 5e-4, ${scene}`, async () => {
    const { info, frames } = makeEnsemble(scene, 35);
    const beamform = { ...pipeline.beamform, arithmetic: "int16" } as const;
    const plan = await LocalPlan.create(info, { ...pipeline, beamform }, LIMIT);
    assert.match(plan.report.ensemble.path, /frames in lanes in int16/);
    assert.match(plan.report.path, /float32 but for ensembles/);
    const { values } = await plan.ensemble(frames);
    for (const k of [0, 15, 16, 31, 32, 34]) {
      const { values: expected } = await plan.beamform(frames[k]);
      const n = expected.length;
      const error = maxRelative(values.subarray(k * n, (k + 1) * n), expected, true);
      assert.ok(error > 0 && error <= 5e-4, `frame ${k}: ${error} of the maximum`);
    }
  });

test("in int16 frames are silent, faint, loud or at full scale, each as exact as if it were alone", async () => {
  const { info, frames } = makeEnsemble("iq", 6);
  const floats: ChannelData = { ...(info as ChannelData), sampleType: "float32" };
  const first = Float32Array.from(frames[0].samples);
  const ensemble: Frame[] = [
    first.map(() => 0),
    first.map((value) => value * 1e-12),
    first.map((value) => value * 1e9),
    // One sign and full scale, everywhere: the greatest sums there are.
    first.map(() => 32767),
    first.map(() => -32768),
    first,
  ].map((samples, index) => ({ index, samples }));
  const pipeline = (arithmetic: "int16" | "float32"): Pipeline => ({
    scan: GRID,
    beamform: { interpolation: "linear", fNumber: 0, window: "boxcar", arithmetic },
  });
  const short = await LocalPlan.create(floats, pipeline("int16"), LIMIT);
  const exact = await LocalPlan.create(floats, pipeline("float32"), LIMIT);
  const [{ values }, { values: expected }] = [await short.ensemble(ensemble), await exact.ensemble(ensemble)];
  const n = values.length / ensemble.length;
  assert.ok(values.subarray(0, n).every((value) => value === 0));
  for (let k = 1; k < ensemble.length; k++) {
    const part = [k * n, (k + 1) * n] as const;
    const error = maxRelative(values.subarray(...part), expected.subarray(...part), true);
    assert.ok(error <= 3e-4, `frame ${k}: ${error} of the maximum`);
  }
  const alone = (await short.ensemble([ensemble[5], ensemble[2], ensemble[0]])).values;
  sameNumbers(alone.slice(0, n), values.slice(5 * n));
});

test("ensembles of IQ are summed in int16 where that is asked for, others are refused", async () => {
  const path = async (scene: Scene, arithmetic: "auto" | "int16" | "float32", signal: Pipeline["signal"]) => {
    const { info } = makeEnsemble(scene, 1);
    const beamform = { path: "depth", interpolation: "linear", arithmetic } as const;
    return (await LocalPlan.create(info, { scan: GRID, signal, beamform }, LIMIT)).report.ensemble.path;
  };
  assert.match(await path("iq", "int16", undefined), /in lanes in int16/);
  assert.match(await path("plane", "int16", "iq"), /in lanes in int16/);
  for (const arithmetic of ["auto", "float32"] as const)
    assert.match(await path("iq", arithmetic, undefined), /in lanes, delays/);
  const error = await path("plane", "int16", "analytic").then(
    () => undefined,
    (thrown) => thrown,
  );
  assert.ok(isSondeError(error, "bad-option"));
  assert.match(error.message, /float32 but for ensembles of IQ/);
});

test('"auto" is summed in lanes where it comes to a linear spline on up-sampled rows, frame by frame where to a cubic one', async () => {
  const { info, frames } = makeEnsemble("plane", 4);
  const plan = await LocalPlan.create(info, { scan: GRID }, LIMIT);
  assert.match(plan.report.path, /linear spline at 3 x/);
  assert.match(plan.report.ensemble.path, /frames in lanes/);
  const { values } = await plan.ensemble(frames);
  const { values: expected } = await plan.beamform(frames[2]);
  const n = expected.length;
  const error = maxRelative(values.subarray(2 * n, 3 * n), expected, true);
  assert.ok(error <= 2e-5, `${error} of the maximum`);

  const fast: ChannelData = { ...(info as ChannelData), centerFrequencyHz: 4e6 };
  const cubic = await LocalPlan.create(fast, { scan: GRID }, LIMIT);
  assert.match(cubic.report.ensemble.path, /frame by frame: interpolation is cubic spline at 2 x/);
  const alone = await cubic.beamform(frames[3]);
  sameNumbers((await cubic.ensemble(frames)).values.slice(3 * n), alone.values);
});

for (const [scene, pipeline, why] of [
  ["plane", { scan: GRID, beamform: { interpolation: "cubic" } }, /frame by frame: interpolation is cubic/],
  [
    "plane",
    { scan: GRID, beamform: { interpolation: "nearest" } },
    /frame by frame: interpolation is nearest/,
  ],
  ["plane", { scan: GRID, beamform: { interpolation: "linear", compound: "none" } }, /frame by frame: .*not/],
  ["plane", { scan: GRID, beamform: { interpolation: "linear", compound: "incoherent" } }, /incoherently/],
  ["lines", {}, /frame by frame: lines/],
  ["lines", { scan: GRID }, /frame by frame: lines/],
  ["sector", {}, /frame by frame: the data are beamformed/],
] as [Scene, Pipeline, RegExp][])
  test(`frame by frame an ensemble is exactly its frames: ${scene} ${JSON.stringify(pipeline.beamform ?? "")}`, async () => {
    const { info, frames } = makeEnsemble(scene, 4);
    const plan = await LocalPlan.create(info, pipeline, LIMIT);
    assert.match(plan.report.ensemble.path, why);
    const { values, shape } = await plan.ensemble(frames);
    const last = await plan.beamform(frames[3]);
    assert.equal(shape, [4, ...last.shape]);
    sameNumbers(values.slice(3 * last.values.length), last.values);
  });

test("one or two frames are summed alone, to the same bits as by beamform", async () => {
  const { info, frames } = makeEnsemble("plane", 2);
  const plan = await LocalPlan.create(info, { scan: GRID, beamform: { interpolation: "linear" } }, LIMIT);
  const { values } = await plan.ensemble(frames);
  const second = await plan.beamform(frames[1]);
  sameNumbers(values.slice(second.values.length), second.values);
});

test("a frame's image does not depend on the frames beside it, nor on what was there before", async () => {
  const { info, frames } = makeEnsemble("iq", 34);
  const pipeline: Pipeline = { scan: GRID, beamform: { interpolation: "linear" } };
  const plan = await LocalPlan.create(info, pipeline, LIMIT);
  const all = (await plan.ensemble(frames)).values;
  const n = all.length / 34;
  // Another lane, another half, another size of group.
  const some = (await plan.ensemble([frames[33], frames[7], frames[20]])).values;
  sameNumbers(some.slice(n, 2 * n), all.slice(7 * n, 8 * n));
  // The last of a group of two.
  sameNumbers(some.slice(0, n), all.slice(33 * n));
  const fresh = await LocalPlan.create(info, pipeline, LIMIT);
  sameNumbers((await fresh.ensemble(frames.slice(20, 24))).values, all.slice(20 * n, 24 * n));
});

test("ensembles and single frames share a plan, before and after an update", async () => {
  const { info, frames } = makeEnsemble("plane", 6);
  const pipeline: Pipeline = { scan: GRID, beamform: { interpolation: "linear" } };
  const plan = await LocalPlan.create(info, pipeline, LIMIT);
  const picture = (await plan.run(frames[1])).pixels.slice();
  const images = (await plan.ensemble(frames)).values;
  sameNumbers((await plan.run(frames[1])).pixels, picture);
  const other: Pipeline = { scan: SECTOR, beamform: { interpolation: "linear" } };
  await plan.update(other);
  const fresh = await LocalPlan.create(info, other, LIMIT);
  sameNumbers((await plan.ensemble(frames)).values, (await fresh.ensemble(frames)).values);
  await plan.update(pipeline);
  sameNumbers((await plan.ensemble(frames)).values, images);
});

test("an ensemble that is asked for before an update is made before it; a closed plan makes none", async () => {
  const { info, frames } = makeEnsemble("iq", 6);
  const flow = { frameRateHz: 1000 };
  const first: Pipeline = { scan: GRID, beamform: { interpolation: "linear" }, flow };
  const second: Pipeline = { scan: SECTOR, beamform: { interpolation: "linear", fNumber: 1 }, flow };
  const plan = await LocalPlan.create(info, first, LIMIT);
  await plan.flow(frames);
  const [images, velocities, updated] = [plan.ensemble(frames), plan.flow(frames), plan.update(second)];
  await updated;
  const fresh = await LocalPlan.create(info, second, LIMIT);
  const before = await LocalPlan.create(info, first, LIMIT);
  sameNumbers((await images).values, (await before.ensemble(frames)).values);
  sameNumbers((await velocities).velocityMps, (await before.flow(frames)).velocityMps);
  sameNumbers((await plan.ensemble(frames)).values, (await fresh.ensemble(frames)).values);
  sameNumbers((await plan.run(frames[2])).pixels, (await fresh.run(frames[2])).pixels);
  plan.close();
  for (const ask of [() => plan.ensemble(frames), () => plan.flow(frames)]) {
    try {
      await ask();
      assert.unreachable("a closed plan answered");
    } catch (error) {
      assert.match((error as Error).message, /closed/);
    }
  }
});

test("where lanes do not fit into the memory limit, frames are summed one by one and the report says so", async () => {
  const { info, frames } = makeEnsemble("plane", 8);
  const pipeline: Pipeline = { scan: GRID, beamform: { interpolation: "linear" } };
  const roomy = await LocalPlan.create(info, pipeline, LIMIT);
  const tight = await LocalPlan.create(info, pipeline, roomy.report.memoryBytes + 2 ** 20);
  assert.match(tight.report.ensemble.path, /frame by frame: .* MB over the limit/);
  const { values } = await tight.ensemble(frames);
  const { values: expected } = await roomy.beamform(frames[5]);
  const n = expected.length;
  sameNumbers(values.slice(5 * n, 6 * n), expected);
});

test("an ensemble in a worker is the ensemble here", async () => {
  const { info, frames } = makeEnsemble("iq", 5);
  const pipeline: Pipeline = {
    scan: GRID,
    beamform: { interpolation: "linear" },
    flow: { frameRateHz: 1000, clutter: { method: "svd" } },
  };
  const engine = await createEngine({ where: "worker" });
  const [there, here] = [await engine.plan(info, pipeline), await LocalPlan.create(info, pipeline, LIMIT)];
  assert.equal(there.report.ensemble, here.report.ensemble);
  const [images, flow] = [await there.ensemble(frames), await there.flow(frames)];
  sameNumbers(images.values, (await here.ensemble(frames)).values);
  const expected = await here.flow(frames);
  for (const key of ["velocityMps", "variance", "power"] as const) sameNumbers(flow[key], expected[key]);
  assert.equal(flow.singularValues, expected.singularValues);
  assert.is(flow.nyquistMps, expected.nyquistMps);
  engine.close();
});

test("no frames, things that are no frames and frames of another size are refused, and the plan goes on", async () => {
  const { info, frames } = makeEnsemble("plane", 4);
  const plan = await LocalPlan.create(info, { scan: GRID, beamform: { interpolation: "linear" } }, LIMIT);
  const good = (await plan.ensemble(frames)).values;
  for (const [bad, code, words] of [
    [[], "bad-option", /frames is \[\]: it must be a list of at least one frame/],
    [undefined, "bad-option", /frames is undefined/],
    [[frames[0], { index: 7 }], "bad-option", /samples of frame 7 is undefined/],
    [[...frames, { index: 9, samples: new Int16Array(3) as SampleArray }], "corrupt-file", /Frame 9 holds 3/],
  ] as const) {
    try {
      await plan.ensemble(bad as never);
      assert.unreachable("nothing was refused");
    } catch (error) {
      assert.ok(isSondeError(error, code), `${error}`);
      assert.match((error as Error).message, words);
    }
  }
  sameNumbers((await plan.ensemble(frames)).values, good);
});

test.run();
