/**
 * Grids whose columns are made from lines: within what is promised of the band-limited sum in float64, for grids in step with the elements
 * and out of step; the same bytes however the work is split; and left alone where lines could not stand for columns.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bandLimitedNoise } from "../../../../bench/noise.ts";
import { exactValues, relativeError } from "../../../../bench/reference/exact.ts";
import { pureCore } from "../../../../host/core/binding.ts";
import { createEngine } from "../../../../host/engine/engine.ts";
import { betweenLines } from "../../../../host/engine/paths/between-lines.ts";
import { STEERED } from "../../../../host/engine/paths/steered.ts";
import { LocalPlan } from "../../../../host/engine/plan.ts";
import { resolveChannels } from "../../../../host/engine/resolve.ts";
import { linearArray } from "../../../../host/geometry/arrays.ts";
import type { Axis, ChannelData, Frame, Pipeline, Scan, Window } from "../../../../host/index.ts";
import { sameNumbers } from "../../../same-numbers.ts";

const LIMIT = 2 ** 28;
const ELEMENTS = 48;
const PITCH_M = 0.0003;
const CENTER_HZ = 5.2e6;
const RATE_HZ = 4 * CENTER_HZ;
const SAMPLES = 768;

/** Five plane waves to 14 degrees on either side; noise of the probe's band, another in every channel. */
const info: ChannelData = {
  kind: "channels",
  name: "noise",
  format: "seeded",
  frameCount: 1,
  soundSpeedMps: 1540,
  centerFrequencyHz: CENTER_HZ,
  warnings: [],
  signal: "rf",
  probe: {
    kind: "linear",
    ...linearArray(ELEMENTS, PITCH_M),
    elementWidthM: PITCH_M,
    centerFrequencyHz: CENTER_HZ,
    fractionalBandwidth: 0.6,
  },
  sequence: [-14, -7, 0, 7, 14].map((angle) => ({
    wave: { kind: "plane", azimuthRad: (angle * Math.PI) / 180 },
    startS: 0,
  })),
  sampleType: "int16",
  sampleCount: SAMPLES,
  sampleRateHz: RATE_HZ,
  modulationFrequencyHz: 0,
};
const frame: Frame = {
  index: 0,
  samples: bandLimitedNoise({ rows: 5 * ELEMENTS, samples: SAMPLES, center: 0.25, bandwidth: 0.15, seed: 4 }),
};

const grid = (x: Axis, rows = 60): Scan => ({
  kind: "linear",
  x,
  z: { min: 0.006, max: 0.026, count: rows },
});

const fromLines = (plan: LocalPlan) =>
  /(\d+) columns from (\d+) lines [\d.]+ mm apart/.exec(plan.report.path);

/** Rms error to float64 at some pixels, and how many columns were made from how many lines. */
async function errorOf(
  pipeline: Pipeline & { scan: Scan; signal: "rf" | "analytic" },
  data = info,
  recorded = frame,
) {
  const plan = await LocalPlan.create(data, pipeline, LIMIT);
  const { values, shape } = await plan.beamform(recorded);
  const [rows, columns] = shape;
  const pixels = Array.from({ length: 200 }, (_, i) => ({
    row: (i * 7919) % rows,
    column: (i * 104729) % columns,
  }));
  const made = pixels.flatMap(({ row, column }) => {
    const at = 2 * (row * columns + column);
    return [values[at], values[at + 1]];
  });
  const { scan, signal, beamform } = pipeline;
  const fNumber = Number(beamform?.fNumber);
  const exact = exactValues({ info: data, scan, signal, fNumber, window: "hann" }, recorded, pixels, "sinc");
  const [, count, lines] = fromLines(plan) ?? [];
  plan.close();
  return {
    error: relativeError(made, exact),
    columns: Number(count),
    lines: Number(lines),
    path: plan.report.path,
  };
}

/** Axes by name, and whether lines are fewer than columns. */
const AXES: readonly (readonly [string, Axis])[] = [
  ["a third of the pitch apart", { min: -0.0066, max: 0.0066, count: 133 }],
  ["a fifth of the pitch apart, off the elements", { min: -0.00312, max: 0.00348, count: 111 }],
  ["out of step, closer than lines", { min: -0.0051, max: 0.0049, count: 151 }],
  ["out of step, as far apart as lines", { min: -0.0068, max: 0.0067, count: 93 }],
  ["out of step, beyond both ends of the array", { min: -0.0101, max: 0.0093, count: 211 }],
];

for (const [name, x] of AXES)
  for (const arithmetic of ["int16", "float32"] as const)
    test(`columns ${name}, ${arithmetic}, are within 2 % of the band-limited sum`, async () => {
      const { error, columns, lines, path } = await errorOf({
        signal: "analytic",
        scan: grid(x),
        beamform: { path: "steered", arithmetic, fNumber: 1.75, window: "hann" },
      });
      assert.is(columns, x.count, path);
      assert.ok(lines < 1.5 * columns, path);
      assert.ok(error < 0.02, `${(100 * error).toFixed(2)} %: ${path}`);
    });

test("an accuracy that is asked for holds with lines as well", async () => {
  for (const accuracy of [0.005, 0.01, 0.05]) {
    const { error, path } = await errorOf({
      signal: "analytic",
      scan: grid(AXES[0][1]),
      beamform: { accuracy, fNumber: 1.75, window: "hann" },
    });
    assert.ok(error < accuracy, `${(100 * error).toFixed(2)} % of ${100 * accuracy} %: ${path}`);
  }
});

test("the lateral path sums lines too, and real RF is made from them as well", async () => {
  for (const [path, accuracy] of [
    ["steered", 0.02],
    ["lateral", 0.25],
  ] as const) {
    const made = await errorOf({
      signal: "rf",
      scan: grid(AXES[0][1]),
      beamform: { path, accuracy, fNumber: 1.75, window: "hann" },
    });
    assert.is(made.columns, 133, made.path);
    assert.ok(made.error < accuracy, `${(100 * made.error).toFixed(2)} %: ${made.path}`);
  }
});

test("what lines cannot stand for is summed column by column", async () => {
  const [, x] = AXES[0];
  const linear = { fNumber: 1.75, window: "hann" } as const;
  const wide = {
    ...info,
    sequence: [{ wave: { kind: "diverging", source: [0, 0, -0.01] }, startS: 0 }],
  } as ChannelData;
  const cases: [string, ChannelData, Pipeline][] = [
    ["asked for", info, { scan: grid(x), beamform: { ...linear, columns: "all" } }],
    ["edges of a boxcar", info, { scan: grid(x), beamform: { ...linear, window: "boxcar" } }],
    ["no aperture", info, { scan: grid(x), beamform: { ...linear, fNumber: 0 } }],
    ["envelopes", info, { scan: grid(x), beamform: { ...linear, compound: "incoherent" } }],
    ["an interpolation by name", info, { scan: grid(x), beamform: { ...linear, interpolation: "cubic" } }],
    ["no plane waves", wide, { scan: grid(x), beamform: linear }],
    [
      "columns as far apart as lines",
      info,
      { scan: grid({ min: -0.0066, max: 0.0066, count: 89 }), beamform: linear },
    ],
    [
      "a picture that begins at the array",
      info,
      { scan: { ...grid(x), z: { min: 0, max: 0.026, count: 60 } } as Scan, beamform: linear },
    ],
  ];
  for (const [name, data, pipeline] of cases) {
    const plan = await LocalPlan.create(data, pipeline, LIMIT);
    assert.not(fromLines(plan), `${name}: ${plan.report.path}`);
    plan.close();
  }
});

test("an aperture of smooth edges is served, one of sharp edges is not", async () => {
  const served: Window[] = [];
  for (const window of ["boxcar", "hann", "hamming", "tukey25"] as const) {
    const plan = await LocalPlan.create(
      info,
      { scan: grid(AXES[0][1]), beamform: { fNumber: 1.75, window } },
      LIMIT,
    );
    if (fromLines(plan)) served.push(window);
    plan.close();
  }
  assert.equal(served, ["hann"]);
});

/** Angles (degrees), f-number and columns where a mean over all elements, transmits and rows would promise too much. */
const ONE_SIDED: readonly (readonly [string, readonly number[], number, Axis])[] = [
  ["one side of the aperture and a front from there", [18], 1, { min: 0.0085, max: 0.0115, count: 61 }],
  ["the same, wider", [18], 1, { min: 0.0072, max: 0.0156, count: 85 }],
  ["the other side", [-18], 1, { min: 0.0072, max: 0.0156, count: 85 }],
  ["fronts from both", [-18, 18], 1, { min: 0.0085, max: 0.0115, count: 61 }],
  ["a whole wide picture", [18], 1, { min: -0.0156, max: 0.0156, count: 313 }],
];

for (const [name, angles, fNumber, x] of ONE_SIDED)
  test(`beyond the end of the array: ${name}`, async () => {
    const sequence = angles.map((angle) => ({
      wave: { kind: "plane" as const, azimuthRad: (angle * Math.PI) / 180 },
      startS: 0,
    }));
    const samples = frame.samples.slice(0, angles.length * ELEMENTS * SAMPLES);
    const data = { ...info, sequence };
    const errors = await Promise.all(
      (["auto", "all"] as const).map(async (columns) =>
        errorOf({ signal: "analytic", scan: grid(x), beamform: { fNumber, window: "hann", columns } }, data, {
          index: 0,
          samples,
        }),
      ),
    );
    const [auto, all] = errors.map(({ error }) => error);
    assert.ok(auto <= Math.max(all, 0.02), `${auto}, ${all} column by column: ${errors[0].path}`);
  });

test("a steep transmit that is stronger than the others keeps the promise by itself", async () => {
  const angles = [0, 0, 0, 0, 28];
  const sequence = angles.map((angle) => ({
    wave: { kind: "plane" as const, azimuthRad: (angle * Math.PI) / 180 },
    startS: 0,
  }));
  const samples = Int16Array.from(frame.samples, (value, i) =>
    i < 4 * ELEMENTS * SAMPLES ? Math.round(value / 20) : value,
  );
  const { error, path } = await errorOf(
    { signal: "analytic", scan: grid(AXES[0][1]), beamform: { fNumber: 1.75, window: "hann" } },
    { ...info, sequence },
    { index: 0, samples },
  );
  assert.ok(error < 0.02, `${error}: ${path}`);
});

test("apertures that hear everything everywhere are planned as fast as without lines", async () => {
  for (const fNumber of [1e-7, 0.001, 0.1]) {
    const scan = grid({ min: -0.0066, max: 0.0066, count: 1500 }, 10);
    const plan = await LocalPlan.create(info, { scan, beamform: { fNumber, window: "hann" } }, LIMIT);
    assert.not(fromLines(plan), plan.report.path);
    plan.close();
  }
});

test("one thread, several, with memory of their own or shared, and passes make the same bytes", async () => {
  const pipeline: Pipeline = { scan: grid(AXES[2][1], 90), beamform: { fNumber: 1.75, window: "hann" } };
  const whole = await LocalPlan.create(info, pipeline, LIMIT);
  assert.ok(fromLines(whole));
  const expected = await whole.beamform(frame);
  const inPasses = await LocalPlan.create(info, pipeline, 0.9 * whole.report.memoryBytes);
  assert.ok(inPasses.report.passes > 1);
  sameNumbers((await inPasses.beamform(frame)).values, expected.values);
  const { SharedArrayBuffer: known } = globalThis;
  for (const shared of [true, false])
    for (const threads of [2, 3]) {
      if (!shared) Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
      const engine = await createEngine({ where: "here", threads });
      try {
        const plan = await engine.plan(info, pipeline);
        assert.equal(
          [plan.report.threads.count, plan.report.threads.memory],
          [threads, shared ? "shared" : "private"],
        );
        sameNumbers((await plan.beamform(frame)).values, expected.values);
      } finally {
        engine.close();
        globalThis.SharedArrayBuffer = known;
      }
    }
});

test("a plan goes from lines to all columns and back, and keeps its lines while others stand between them", async () => {
  const columns = { min: -0.00652, max: 0.00652, count: 131 };
  const beamform = { fNumber: 1.75, window: "hann" } as const;
  const plan = await LocalPlan.create(info, { scan: grid(columns), beamform }, LIMIT);
  const first = await plan.beamform(frame);
  await plan.update({ scan: grid(columns), beamform: { ...beamform, columns: "all" } });
  assert.not(fromLines(plan));
  await plan.update({ scan: grid(columns), beamform });
  sameNumbers((await plan.beamform(frame)).values, first.values);
  await plan.update({ scan: grid(columns), beamform: { ...beamform, window: "tukey75" } });
  assert.equal(plan.report.rebuilt, ["sum", "picture", "levels"]);
  // Other columns between the same lines.
  await plan.update({
    scan: grid({ min: -0.0065, max: 0.0065, count: 140 }),
    beamform: { ...beamform, window: "tukey75" },
  });
  assert.equal(plan.report.rebuilt, ["sum", "picture", "levels"]);
  assert.ok(fromLines(plan));
});

test("columns cost as well: four times as many of them, from as many lines, are worth more threads", async () => {
  const { kernels } = await pureCore();
  const costs = [300, 1200].map((count) => {
    const scan = grid({ min: -0.005, max: 0.005, count });
    const resolved = resolveChannels(info, { scan, signal: "rf" }, kernels);
    return betweenLines(STEERED).cost(info, resolved, kernels);
  });
  assert.is(costs[1].positions, costs[0].positions);
  assert.ok(costs[0].positions < 100, "lines are counted, not columns");
  assert.ok(costs[1].pointsPerRow > 1.2 * costs[0].pointsPerRow);
});

test.run();
