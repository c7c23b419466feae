/** Flow: velocity, variance and power against their float64 twin, on movement that is known, and what is refused. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
  type Acquisition,
  type Beamformed,
  CLUTTER_METHODS,
  type Frame,
  isSondeError,
  type Pipeline,
  type SondeErrorCode,
} from "../../../host/index.ts";
import { maxRelative, relativeL2 } from "../../golden/compare.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { integers, makeScene } from "../../synthetic.ts";
import { flowTwin } from "./flow-twin.ts";

const LIMIT = 2 ** 28;
/** 70 pixels and no whole block at the end of a row: tiles begin inside rows. */
const ROWS = 10;
const COLUMNS = 7;
/** c PRF / (4 f) = 1500 x 4000 / (4 x 3e6) */
const NYQUIST = 0.5;

function acquisition(rows = ROWS, columns = COLUMNS): Beamformed {
  return {
    kind: "beamformed",
    name: "moving noise",
    format: "synthetic",
    frameCount: null,
    frameRateHz: 4000,
    centerFrequencyHz: 3e6,
    soundSpeedMps: 1500,
    warnings: [],
    signal: "iq",
    rows,
    columns,
    transmitCount: 1,
  };
}

/** Tissue that hardly moves, a hundred times as strong as blood whose phase turns by `turns` a frame, and noise. */
function movingFrames(count: number, turns: number, tissue = 100, noise = 0.05): Frame[] {
  const random = integers(5);
  const uniform = () => random() / 2 ** 23 - 1;
  const n = ROWS * COLUMNS;
  const [a, b] = [Array.from({ length: 2 * n }, uniform), Array.from({ length: 2 * n }, uniform)];
  return Array.from({ length: count }, (_, k) => {
    const samples = new Float32Array(2 * n);
    const [c, s] = [Math.cos(2 * Math.PI * turns * k), Math.sin(2 * Math.PI * turns * k)];
    const slow = tissue * (1 + 0.002 * k);
    for (let p = 0; p < n; p++) {
      samples[2 * p] = slow * a[2 * p] + c * b[2 * p] - s * b[2 * p + 1] + noise * uniform();
      samples[2 * p + 1] = slow * a[2 * p + 1] + c * b[2 * p + 1] + s * b[2 * p] + noise * uniform();
    }
    return { index: k, samples };
  });
}

const flowOf = async (frames: readonly Frame[], flow: Pipeline["flow"]) =>
  (await LocalPlan.create(acquisition(), { flow }, LIMIT)).flow(frames);

const TAPS = [-0.2, -0.3, 1, -0.3, -0.2];
for (const flow of [
  ...CLUTTER_METHODS.map((method) => ({ clutter: { method, order: 2, taps: TAPS } })),
  { clutter: { method: "polynomial", order: 0 } },
  { clutter: { method: "svd", order: 1 }, lag: 2 },
  { clutter: { method: "mean" }, lag: 3, smoothing: 3 },
  { clutter: { method: "dct", order: 3 }, smoothing: 9 },
] as NonNullable<Pipeline["flow"]>[])
  for (const count of [8, 11])
    test(`flow of ${count} frames equals the float64 twin: ${JSON.stringify(flow)}`, async () => {
      const frames = movingFrames(count, 0.11, 20);
      const ours = await flowOf(frames, flow);
      const images = Float64Array.from(frames.flatMap(({ samples }) => [...samples]));
      const twin = flowTwin(images, count, ROWS, COLUMNS, NYQUIST, flow);
      assert.equal(ours.shape, [ROWS, COLUMNS]);
      assert.ok(Math.abs(ours.nyquistMps - NYQUIST / (flow.lag ?? 1)) < 1e-12);
      assert.ok(maxRelative(ours.power, twin.power, false) < 1e-4, "power");
      assert.ok(maxRelative(ours.variance, twin.variance, false) < 2e-3, "variance");
      const turn = 2 * ours.nyquistMps;
      ours.velocityMps.forEach((v, p) => {
        const off = Math.abs(v - twin.velocityMps[p]);
        assert.ok(Math.min(off, turn - off) < 1e-4, `pixel ${p}: ${v} m/s, twin ${twin.velocityMps[p]}`);
      });
    });

for (const [turns, lag] of [
  [0.2, 1],
  [-0.2, 1],
  [0.2, 2],
])
  test(`blood whose phase turns by ${turns} a frame moves at ${2 * turns} of the Nyquist velocity, towards the probe when positive; lag ${lag}`, async () => {
    const flow = await flowOf(movingFrames(16, turns, 0, 0), { lag });
    for (const v of flow.velocityMps) assert.ok(Math.abs(v - 2 * turns * NYQUIST) < 1e-6, `${v}`);
    for (const spread of flow.variance) assert.ok(spread >= 0 && spread < 0.01 * lag);
  });

test("an approaching reflector in channel data flows towards the probe at its speed, in lanes as frame by frame", async () => {
  const { info } = makeScene("iq");
  assert.is(info.kind, "channels");
  if (info.kind !== "channels") return;
  const one: Acquisition = {
    ...info,
    frameRateHz: 1000,
    sequence: [{ wave: { kind: "plane", azimuthRad: 0 }, startS: 0, mixerStartS: 0 }],
  };
  const elements = info.probe.positionsM.length / 3;
  // 30 mm/s towards the probe, 0.03 mm a frame, from (0, 6 mm): baseband of a pulse of 1 us.
  const frames = Array.from({ length: 8 }, (_, k): Frame => {
    const z = 0.006 - 0.03e-3 * k;
    const samples = new Float32Array(2 * elements * info.sampleCount);
    for (let e = 0; e < elements; e++) {
      const tau = (z + Math.hypot(info.probe.positionsM[3 * e], z)) / info.soundSpeedMps;
      for (let i = 0; i < info.sampleCount; i++) {
        const t = i / info.sampleRateHz - tau;
        const envelope = Math.exp(-((t / 1e-6) ** 2));
        samples[2 * (e * info.sampleCount + i)] = envelope * Math.cos(2 * Math.PI * 3e6 * tau);
        samples[2 * (e * info.sampleCount + i) + 1] = -envelope * Math.sin(2 * Math.PI * 3e6 * tau);
      }
    }
    return { index: k, samples };
  });
  for (const interpolation of ["linear", "cubic"] as const) {
    const plan = await LocalPlan.create(
      one,
      {
        scan: {
          kind: "linear",
          x: { min: -0.0005, max: 0.0005, count: 3 },
          z: { min: 0.0057, max: 0.006, count: 4 },
        },
        beamform: { interpolation, fNumber: 2, window: "boxcar" },
      },
      LIMIT,
    );
    const { velocityMps, nyquistMps } = await plan.flow(frames);
    assert.ok(Math.abs(nyquistMps - 0.125) < 1e-12);
    for (const v of velocityMps.subarray(1, 2)) assert.ok(Math.abs(v - 0.03) < 0.001, `${v} m/s`);
  }
});

test("singular values are those of pixels x frames, from the strongest", async () => {
  const frames = movingFrames(6, 0.3, 10);
  const { singularValues } = await flowOf(frames, { clutter: { method: "svd", order: 2 } });
  assert.ok(singularValues);
  // Their squares sum to the power of all samples, and falling is their order.
  const power = frames.reduce((sum, { samples }) => sum + [...samples].reduce((s, v) => s + v * v, 0), 0);
  const sum = singularValues.reduce((total, value) => total + value * value, 0);
  assert.ok(Math.abs(sum / power - 1) < 1e-6);
  singularValues.forEach((value, i) => {
    assert.ok(i === 0 || value <= singularValues[i - 1]);
  });
});

test("lines flow along themselves, at the pace of the RF's analytic signal", async () => {
  const { info, frame } = makeScene("lines");
  const plan = await LocalPlan.create({ ...info, frameRateHz: 100 }, {}, LIMIT);
  const frames = [0, 1, 2, 3].map((index) => ({ ...frame, index }));
  const flow = await plan.flow(frames);
  assert.equal(flow.shape, [12, 240]);
  assert.ok(flow.velocityMps.every((v) => Math.abs(v) < 1e-7));
  const { values } = await plan.beamform(frame);
  const power = Float64Array.from(
    { length: 12 * 240 },
    (_, p) => 4 * (values[2 * p] ** 2 + values[2 * p + 1] ** 2),
  );
  assert.ok(relativeL2(flow.power, power) < 1e-6);
});

test("frames of zeros have no velocity, no variance and no power", async () => {
  const silent = movingFrames(6, 0.1).map(({ index }) => ({
    index,
    samples: new Float32Array(2 * ROWS * COLUMNS),
  }));
  for (const method of ["none", "svd", "polynomial"] as const) {
    const { velocityMps, variance, power } = await flowOf(silent, { clutter: { method }, smoothing: 3 });
    for (const values of [velocityMps, variance, power]) assert.ok(values.every((value) => value === 0));
  }
});

test("loud frames overflow nothing", async () => {
  const loud = movingFrames(6, 0.1).map(({ index, samples }) => ({
    index,
    samples: Float32Array.from(samples, (value) => 1e14 * value),
  }));
  for (const method of ["none", "svd", "dct"] as const) {
    const flow = await flowOf(loud, { clutter: { method } });
    for (const values of [flow.velocityMps, flow.variance, flow.power])
      assert.ok(
        values.every((value) => Number.isFinite(value)),
        method,
      );
  }
});

test("faint frames, as simulations give them, move as loud ones do", async () => {
  const frames = movingFrames(6, 0.1);
  const scaled = (scale: number) =>
    frames.map(({ index, samples }) => ({
      index,
      samples: Float32Array.from(samples, (value) => value * scale),
    }));
  for (const method of ["none", "svd", "dct"] as const) {
    const loud = await flowOf(frames, { clutter: { method } });
    for (const scale of [2 ** -60, 2 ** -90]) {
      const faint = await flowOf(scaled(scale), { clutter: { method } });
      assert.ok(maxRelative(faint.velocityMps, loud.velocityMps, false) < 1e-5, `${method} ${scale}`);
      assert.ok(maxRelative(faint.variance, loud.variance, false) < 1e-5, `${method} ${scale}`);
      const singular = (faint.singularValues ?? []).map((value) => value / scale);
      if (loud.singularValues) assert.ok(maxRelative(singular, loud.singularValues, false) < 1e-5);
      if (scale < 2 ** -60) continue;
      const power = faint.power.map((value) => value / scale / scale);
      assert.ok(maxRelative(power, loud.power, false) < 1e-5, method);
    }
  }
});

test("a plan estimates ensembles of other lengths and with other settings as fresh plans do", async () => {
  const plan = await LocalPlan.create(acquisition(), {}, LIMIT);
  const frames = movingFrames(12, 0.1);
  for (const [count, flow] of [
    [12, undefined],
    [5, undefined],
    [5, { clutter: { method: "svd" }, smoothing: 3 }],
    [12, { clutter: { method: "dct" }, lag: 2 }],
  ] as [number, Pipeline["flow"]][]) {
    await plan.update({ flow });
    const [ours, fresh] = [
      await plan.flow(frames.slice(0, count)),
      await flowOf(frames.slice(0, count), flow),
    ];
    for (const key of ["velocityMps", "variance", "power"] as const) sameNumbers(ours[key], fresh[key]);
  }
});

async function refused(code: SondeErrorCode, words: RegExp, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    assert.ok(isSondeError(error, code), `${error}`);
    assert.match((error as Error).message, words);
    return;
  }
  assert.unreachable("nothing was refused");
}

for (const [flow, words] of [
  [{ lag: 0 }, /flow\.lag is 0: it must be a number from 1 to 64/],
  [{ lag: 1.5 }, /flow\.lag is 1\.5: it must be a whole number/],
  [{ smoothing: 4 }, /flow\.smoothing is 4: it must be an odd number/],
  [{ clutter: { method: "wall" } }, /flow\.clutter\.method is "wall": it must be one of none, mean/],
  [{ clutter: { order: -1 } }, /flow\.clutter\.order is -1/],
  [{ clutter: { method: "fir" } }, /flow\.clutter\.taps is \[\]: it must be a list of 1 to 64 numbers/],
  [{ clutter: { method: "fir", taps: [1, Number.NaN] } }, /flow\.clutter\.taps/],
  [{ clutter: { degree: 2 } }, /flow\.clutter\.degree is no option/],
  [{ frameRateHz: 0 }, /flow\.frameRateHz is 0: it must be a number from 0\.001 to 1000000 Hz/],
  [{ centerFrequencyHz: 0 }, /flow\.centerFrequencyHz is 0/],
] as [unknown, RegExp][])
  test(`${JSON.stringify(flow)} is refused by the plan`, () =>
    refused("bad-option", words, () => LocalPlan.create(acquisition(), { flow } as Pipeline, LIMIT)));

for (const [flow, words] of [
  [{ lag: 8 }, /flow\.lag is 8: it must be below 8, the frames of the ensemble/],
  [{ clutter: { method: "fir", taps: TAPS }, lag: 4 }, /it must be below 4, .* that the filter leaves/],
  [
    { clutter: { method: "polynomial", order: 7 } },
    /order is 7: it must be lower: it removes all that 8 frames/,
  ],
  [{ clutter: { method: "svd", order: 8 } }, /order is 8/],
  [{ smoothing: 17 }, /flow\.smoothing is 17: it must be at most 15 on 10 x 7 pixels/],
] as [Pipeline["flow"], RegExp][])
  test(`${JSON.stringify(flow)} is refused for eight frames`, () =>
    refused("bad-option", words, () => flowOf(movingFrames(8, 0.1), flow)));

test("flow without a frame rate, without a frequency or without a phase is refused with the way out", async () => {
  const frames = movingFrames(4, 0.1);
  const act = async (info: Acquisition, pipeline: Pipeline = {}, of: readonly Frame[] = frames) =>
    (await LocalPlan.create(info, pipeline, LIMIT)).flow(of);
  await refused("missing-data", /frame rate: state it as flow\.frameRateHz/, () =>
    act({ ...acquisition(), frameRateHz: undefined }),
  );
  await refused("missing-data", /centre frequency: state it as flow\.centerFrequencyHz/, () =>
    act({ ...acquisition(), centerFrequencyHz: undefined }),
  );
  const real = frames.map(({ index }) => ({ index, samples: new Float32Array(ROWS * COLUMNS) }));
  await refused("bad-option", /holds envelopes/, () =>
    act({ ...acquisition(), signal: "envelope" }, {}, real),
  );
  const { info, frame } = makeScene("plane");
  // What the picture's mixer guesses from the sample rate is no ground for a velocity.
  const unknown = { ...info, centerFrequencyHz: undefined, frameRateHz: 100 };
  await refused("missing-data", /centre frequency/, () => act(unknown, { signal: "iq" }, [frame, frame]));
  await act(unknown, { signal: "iq", demodulation: { frequencyHz: 3e6 } }, [frame, { ...frame, index: 1 }]);
  for (const pipeline of [{ signal: "rf" }, { beamform: { compound: "none" } }] as Pipeline[])
    await refused("bad-option", /flow needs the phase of/, () => act(info, pipeline, [frame, frame, frame]));
});

test("every second frame is an ensemble at half the rate; missing frames are refused with the longest run", async () => {
  const frames = movingFrames(16, 0.1);
  const plan = await LocalPlan.create(acquisition(), {}, LIMIT);
  const whole = await plan.flow(frames);
  assert.ok(Math.abs(whole.nyquistMps - NYQUIST) < 1e-6);
  const half = await plan.flow(frames.filter(({ index }) => index % 2 === 0));
  assert.ok(Math.abs(half.nyquistMps - NYQUIST / 2) < 1e-6);
  // Frames that were lost on the way to a recording, whose own numbers go on.
  const recorded = frames
    .filter(({ index }) => index % 5 !== 3)
    .map((frame, index) => ({ ...frame, index, sequence: frame.index }));
  await refused("missing-data", /Between frame 2 and frame 3 frames are missing.*Frames 3 to 6 are/, () =>
    plan.flow(recorded),
  );
  await refused("missing-data", /Between frame 8 and frame 12 .*Frames 0 to 8 are/, () =>
    plan.flow(frames.filter(({ index }) => index < 9 || index > 11)),
  );
  // What a person states is the ensemble's rate.
  await plan.update({ flow: { frameRateHz: 2000 } });
  const stated = await plan.flow(frames.filter(({ index }) => index % 2 === 0));
  assert.equal(stated.velocityMps, half.velocityMps);
  await refused("missing-data", /frames are missing/, () => plan.flow(recorded));
  // Frames that all have one number are taken as they come.
  await plan.update({});
  const same = await plan.flow(frames.map((frame) => ({ ...frame, index: 0 })));
  assert.equal(same.velocityMps, whole.velocityMps);
  plan.close();
});

test("frames that go back or come twice are refused with the way out, not estimated with the sign turned or as tissue at rest", async () => {
  const frames = movingFrames(8, 0.1);
  const plan = await LocalPlan.create(acquisition(), {}, LIMIT);
  const of = (...places: number[]) => places.map((place) => frames[place]);
  for (const [places, words] of [
    [[3, 2, 1, 0], /^Frame 2 is given after frame 3: give each frame once, in the order of acquisition$/],
    [[3, 0, 2, 1], /^Frame 0 is given after frame 3: /],
    [[0, 1, 1, 2], /^Frame 1 is given after frame 1: /],
  ] as const)
    await refused("bad-option", words, () => plan.flow(of(...places)));
  // Without numbers of their own only the samples tell, whether read once or twice.
  await refused("bad-option", /^Frame 2 is given after frame 2: give each frame once/, () =>
    plan.flow([frames[2], { ...frames[3], index: 2 }, { ...frames[2], samples: frames[2].samples.slice() }]),
  );
  plan.close();
});

test("an ensemble that does not fit is refused, and the plan goes on", async () => {
  const info = acquisition(200, 200);
  const plan = await LocalPlan.create(info, {}, 4 * 2 ** 20);
  const frame = (index: number): Frame => ({ index, samples: new Float32Array(2 * 200 * 200).fill(index) });
  const many = Array.from({ length: 40 }, (_, i) => frame(i + 1));
  await refused("out-of-memory", /MB, over the limit/, () => plan.flow(many));
  const { power } = await plan.flow(many.slice(0, 2));
  assert.ok(power.every((value) => value === 10));
});

test.run();
