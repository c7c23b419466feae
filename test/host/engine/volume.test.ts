/** Volumes of matrix arrays along the depth path: waves in both directions, apertures, every interpolator, threads. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
  type ChannelData,
  createEngine,
  INTERPOLATIONS,
  type Pipeline,
  type Scan,
  type Transmit,
  type Volume,
  type Wave,
} from "../../../host/index.ts";
import { maxRelative } from "../../golden/compare.ts";
import { pulseLike } from "./ideal.ts";
import { beamformTwin } from "./twin.ts";

const LIMIT = 2 ** 28;
const SAMPLES = 320;
const SAMPLE_RATE_HZ = 20e6;
const PITCH_M = 0.0003;

/** Off the elements, more columns than planes, a number of depths that fills no blocks. */
const VOLUME: Volume = {
  kind: "volume",
  x: { min: -0.0011, max: 0.0013, count: 6 },
  y: { min: -0.0007, max: 0.0012, count: 4 },
  z: { min: 0.0031, max: 0.0092, count: 9 },
};

const WAVES: Record<string, readonly Wave[]> = {
  plane: [
    { kind: "plane", azimuthRad: 0.1, elevationRad: -0.15 },
    { kind: "plane", azimuthRad: -0.2, elevationRad: 0.08 },
  ],
  diverging: [
    { kind: "diverging", source: [0.0004, -0.0009, -0.003] },
    { kind: "diverging", source: [-0.001, 0.0011, -0.002] },
  ],
  focused: [
    { kind: "focused", source: [0.0006, -0.0008, 0.006] },
    { kind: "focused", source: [-0.0005, 0.0007, 0.0051] },
  ],
  element: [
    { kind: "element", element: 3 },
    { kind: "element", element: 37 },
  ],
};

/** 7 x 6 elements that stand apart by different steps in the two directions, with echoes of their own. */
function matrix(waves: readonly Wave[], signal: "rf" | "iq" = "rf") {
  const n = 42;
  const positionsM = new Float64Array(3 * n);
  for (let e = 0; e < n; e++)
    positionsM.set([((e % 7) - 3) * PITCH_M, (Math.floor(e / 7) - 2.4) * 1.3 * PITCH_M, 0], 3 * e);
  const sequence = waves.map(
    (wave, t): Transmit => ({ wave, startS: 0.4e-6 * t, mixerStartS: 0.1e-6 * (t + 1) }),
  );
  const info: ChannelData = {
    kind: "channels",
    name: "matrix",
    format: "synthetic",
    frameCount: 1,
    soundSpeedMps: 1540,
    centerFrequencyHz: 5e6,
    warnings: [],
    signal,
    probe: { kind: "matrix", positionsM, azimuthsRad: new Float64Array(n), pitchM: PITCH_M },
    sequence,
    sampleType: "float32",
    sampleCount: SAMPLES,
    sampleRateHz: SAMPLE_RATE_HZ,
    modulationFrequencyHz: signal === "iq" ? 5e6 : 0,
  };
  const rows = waves.length * n;
  const parts = signal === "iq" ? 2 : 1;
  const samples = new Float32Array(rows * SAMPLES * parts);
  for (let row = 0; row < rows; row++) {
    const echo = pulseLike(SAMPLES, SAMPLE_RATE_HZ, signal === "iq" ? 1e6 : 5e6, 0.6, 511 + 31 * row);
    for (let i = 0; i < SAMPLES; i++)
      for (let part = 0; part < parts; part++)
        samples[(row * SAMPLES + i) * parts + part] = echo(i / SAMPLE_RATE_HZ)[part];
  }
  return { info, frame: { index: 0, samples } };
}

async function compare(
  waves: readonly Wave[],
  beamform: Omit<NonNullable<Pipeline["beamform"]>, "fNumber"> & { fNumber?: number },
  signal: "rf" | "iq" = "rf",
  scan: Scan | Volume = VOLUME,
) {
  const { info, frame } = matrix(waves, signal);
  const all = {
    fNumber: 1.1,
    window: "hann",
    interpolation: "linear",
    transmitModel: "spherical",
    compound: "none",
    ...beamform,
  } as const;
  const plan = await LocalPlan.create(info, { scan, beamform: { ...all, path: "depth" } }, LIMIT);
  const { values, shape } = await plan.beamform(frame);
  assert.equal(shape, scan.kind === "volume" ? [2, 9, 4, 6] : [2, 9, 6]);
  const twin = beamformTwin(info, frame, {
    scan,
    fNumber: all.fNumber,
    window: all.window,
    interpolation: all.interpolation,
    rows: (await plan.channels(frame)).values,
    samples: SAMPLES,
    sampleRateHz: SAMPLE_RATE_HZ,
    carrierHz: info.modulationFrequencyHz,
    mixerStartS: info.sequence.map(({ mixerStartS = 0 }) => mixerStartS),
    model: all.transmitModel === "first-arrival" ? "first-arrival" : "spherical",
  });
  const error = maxRelative(values, twin, true);
  assert.ok(error <= 1e-4, `${JSON.stringify(all)} ${signal}: ${error} of the maximum`);
  assert.ok(twin.filter((value) => value !== 0).length > twin.length / 2);
}

for (const [kind, waves] of Object.entries(WAVES))
  test(`volumes of ${kind} transmits equal the float64 twin within 1e-4 of the maximum`, async () => {
    for (const fNumber of [0, 1.1]) await compare(waves, { fNumber });
    await compare(waves, { transmitModel: "first-arrival" });
  });

for (const interpolation of INTERPOLATIONS.filter((name) => name !== "auto" && name !== "nearest"))
  test(`${interpolation} interpolation is as defined in volumes, on analytic signals and on IQ`, async () => {
    await compare(WAVES["plane"], { interpolation });
    await compare(WAVES["plane"], { interpolation }, "iq");
  });

for (const window of ["boxcar", "hamming", "tukey50", "triangle"] as const)
  test(`the ${window} window weighs along x and along y`, () => compare(WAVES["diverging"], { window }));

test("pictures of matrix arrays are weighed along y, too, and see fronts steered in elevation", () =>
  compare(WAVES["plane"], {}, "rf", { kind: "linear", x: VOLUME.x, z: VOLUME.z }));

test("compounded volumes are the sums of their transmits, also of so many that elements are summed in runs", async () => {
  const waves = Array.from(
    { length: 15 },
    (_, t): Wave => ({ kind: "diverging", source: [1e-4 * t - 8e-4, 5e-4 - 7e-5 * t, -0.003] }),
  );
  const { info, frame } = matrix(waves);
  const image = async (compound: "none" | "coherent" | "incoherent") => {
    const beamform = { path: "depth", interpolation: "cubic", fNumber: 1.1, compound } as const;
    const plan = await LocalPlan.create(info, { scan: VOLUME, beamform }, LIMIT);
    return (await plan.beamform(frame)).values;
  };
  const [single, coherent, incoherent] = [
    await image("none"),
    await image("coherent"),
    await image("incoherent"),
  ];
  const size = single.length / waves.length;
  const sumOf = (value: (i: number) => number) =>
    coherent.map((_, i) => waves.reduce((sum, _wave, t) => sum + value(t * size + i), 0));
  const sum = sumOf((i) => single[i]);
  assert.ok(maxRelative(coherent, sum, true) < 1e-5);
  const magnitude = (i: number) => Math.hypot(single[i], single[i + 1]);
  const envelopes = sumOf((i) => (i % 2 === 0 ? magnitude(i) : 0));
  assert.ok(maxRelative(incoherent, envelopes, true) < 1e-5);
});

test("the planner picks the steered path for volumes where it serves, and the depth path for all others, and says so", async () => {
  const cases = [
    [WAVES["plane"], { interpolation: "cubic" }, /interpolation is "cubic"/],
    [WAVES["diverging"], {}, /not every transmit is a plane wave/],
    [WAVES["plane"], {}, /does not fit the element pitch/],
  ] as const;
  for (const [waves, beamform, why] of cases) {
    const { info } = matrix(waves);
    const plan = await LocalPlan.create(info, { scan: VOLUME, beamform }, LIMIT);
    const { choice, path } = plan.report;
    assert.is(choice?.path, "depth");
    assert.match(choice?.refused[0].why ?? "", why);
    assert.match(path, /four depths in lanes/);
  }
  const { info } = matrix(WAVES["plane"]);
  const scan: Volume = {
    kind: "volume",
    x: { min: -3 * PITCH_M, max: 3 * PITCH_M, count: 7 },
    y: { min: -2.4 * 1.3 * PITCH_M, max: 2.6 * 1.3 * PITCH_M, count: 6 },
    z: VOLUME.z,
  };
  assert.is((await LocalPlan.create(info, { scan }, LIMIT)).report.choice?.path, "steered");
});

test("a focused transmit is heard within its beam alone, in both directions", async () => {
  const source = [0.0003, -0.0005, 0.006] as const;
  const { info, frame } = matrix([{ kind: "focused", source }]);
  const scan: Volume = {
    kind: "volume",
    x: { min: -0.004, max: 0.004, count: 17 },
    y: { min: -0.004, max: 0.004, count: 15 },
    z: { min: 0.004, max: 0.008, count: 5 },
  };
  const beamform = { interpolation: "linear", fNumber: 0 } as const;
  const plan = await LocalPlan.create(info, { scan, beamform }, LIMIT);
  const { values } = await plan.beamform(frame);
  const p = info.probe.positionsM;
  /** Between the lines from the ends of the array through the focus, or as near to the axis as the beam is wide. */
  const inside = (direction: 0 | 1, at: number, z: number) => {
    const ends = Array.from({ length: 42 }, (_, e) => p[3 * e + direction]);
    const [a, b] = [Math.min(...ends), Math.max(...ends)];
    const focus = source[direction];
    const edges = [a, b].map((end) => focus + (end - focus) * (1 - z / source[2])).sort((u, v) => u - v);
    const middle = (a + b) / 2;
    const tilt = Math.atan2(focus - middle, source[2]);
    const fromAxis = Math.abs((at - focus) * Math.cos(tilt) - (z - source[2]) * Math.sin(tilt));
    return (at >= edges[0] && at <= edges[1]) || fromAxis <= (1540 / 5e6) * (source[2] / (b - a));
  };
  let [heard, i] = [0, 0];
  for (let k = 0; k < 5; k++)
    for (let j = 0; j < 15; j++)
      for (let n = 0; n < 17; n++, i += 2) {
        const [x, y, z] = [-0.004 + n * 0.0005, -0.004 + (j * 0.008) / 14, 0.004 + k * 0.001];
        const expected = inside(0, x, z) && inside(1, y, z);
        assert.is(values[i] !== 0 || values[i + 1] !== 0, expected, `${x} ${y} ${z}`);
        if (expected) heard++;
      }
  assert.ok(heard > 40 && heard < 600, String(heard));
});

const moreWaves = Array.from(
  { length: 8 },
  (_, t): Wave => ({ kind: "plane", azimuthRad: 0.02 * t, elevationRad: 0.1 - 0.03 * t }),
);

test("volumes have the same bits for 1, 2, 3 and 5 threads, and so have their real sums", async () => {
  for (const pipeline of [
    { signal: "analytic", beamform: { interpolation: "cubic", fNumber: 1.1 } },
    { signal: "rf", beamform: { interpolation: "linear", fNumber: 0.9, compound: "none" } },
    { signal: "iq", beamform: { interpolation: "lanczos5", fNumber: 1.1 } },
  ] as const) {
    const { info, frame } = matrix([...WAVES["diverging"], ...WAVES["element"], ...moreWaves]);
    let first: Float32Array | undefined;
    for (const threads of [1, 2, 3, 5]) {
      const engine = await createEngine({ where: "here", threads });
      try {
        const plan = await engine.plan(info, { ...pipeline, scan: VOLUME });
        assert.is(plan.report.threads.count, threads);
        const { values } = await plan.beamform(frame);
        first ??= values;
        assert.equal(values, first, `${pipeline.signal} ${threads} threads`);
        plan.close();
      } finally {
        engine.close();
      }
    }
  }
});

test("the picture of a volume is its plane nearest to y = 0", async () => {
  const { info, frame } = matrix(WAVES["diverging"]);
  const beamform = { path: "depth", fNumber: 1 } as const;
  const flat = { x: VOLUME.x, z: { ...VOLUME.z, count: 40 } };
  const y = { min: -0.001, max: 0.0005, count: 4 };
  const picture = await (
    await LocalPlan.create(info, { scan: { kind: "volume", y, ...flat }, beamform }, LIMIT)
  ).run(frame);
  const plane = await (
    await LocalPlan.create(info, { scan: { kind: "linear", ...flat }, beamform }, LIMIT)
  ).run(frame);
  assert.equal([picture.width, picture.height], [plane.width, plane.height]);
  // Summed in another order: a grey level at most.
  for (let i = 0; i < plane.pixels.length; i++) assert.ok(Math.abs(picture.pixels[i] - plane.pixels[i]) <= 1);
  assert.ok(new Set(picture.pixels).size > 20);
});

test.run();
