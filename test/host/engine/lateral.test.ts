/** The lateral path against its float64 twin: waves, windows, edges, extremes of int16; what it refuses; parts of a picture. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../../host/engine/plan.ts";
import { designSteeringFilter, PHASES } from "../../../host/engine/steering-filter.ts";
import { type ChannelData, type Pipeline, type Scan, WINDOWS } from "../../../host/index.ts";
import { kernels } from "../../assembly/kernels.ts";
import { maxRelative } from "../../golden/compare.ts";
import { integers, makeScene, type Scene } from "../../synthetic.ts";
import { beamformTwin } from "./twin.ts";

const LIMIT = 2 ** 28;
const FINE: Scan = {
  kind: "linear",
  x: { min: -0.0011, max: 0.0013, count: 37 },
  z: { min: 0.003, max: 0.0133, count: 31 },
};
const SECTOR: Scan = {
  kind: "sector",
  angle: { min: -0.1, max: 0.12, count: 21 },
  range: { min: 0.003, max: 0.013, count: 19 },
  apex: [0, -0.001],
};
/**
 * Positions are sums of two numbers rounded to 1/512 sample, and neighbouring samples differ by at most twice the largest one: what
 * that can come to, as a part of all weights times the largest sample; and a little for int16.
 */
const ROUNDING = 2 / 512 + 1e-4;

interface Case {
  scene: Scene;
  scan?: Scan;
  fNumber?: number;
  window?: (typeof WINDOWS)[number];
  model?: "spherical" | "first-arrival";
  signal?: "rf" | "analytic";
  accuracy?: number;
  removeMean?: boolean;
  startS?: number;
  samples?: Int16Array<ArrayBuffer>;
  /** Repeats the transmits so many times. */
  repeat?: number;
}

function scene16(scene: Scene): { info: ChannelData; samples: Int16Array<ArrayBuffer> } {
  const { info, frame } = makeScene(scene);
  return {
    info: { ...(info as ChannelData), sampleType: "int16" },
    samples: frame.samples as Int16Array<ArrayBuffer>,
  };
}

/** Rows as the filter defines them, sample by sample in float64: interleaved, at the up-sampled rate. */
function filteredRows(info: ChannelData, samples: ArrayLike<number>, { signal, accuracy, removeMean }: Case) {
  const analytic = signal !== "rf";
  const filter = designSteeringFilter(
    {
      sampleRateHz: info.sampleRateHz,
      centerHz: info.centerFrequencyHz as number,
      bandwidthHz: (info.probe.fractionalBandwidth ?? 0.6) * (info.centerFrequencyHz as number),
      analytic,
      accuracy: accuracy ?? 0.02,
    },
    kernels,
  );
  const { taps, upSampling, coefficients } = filter;
  const n = info.sampleCount;
  const perRow = (n - 1) * upSampling + 1;
  const count = samples.length / n;
  const rows = new Float64Array(2 * count * perRow);
  const parts = analytic ? 2 : 1;
  for (let r = 0; r < count; r++) {
    let mean = 0;
    for (let i = 0; i < n && removeMean; i++) mean += samples[r * n + i] / n;
    for (let k = 0; k < perRow; k++) {
      const i = Math.floor(k / upSampling);
      const phase = ((k % upSampling) * PHASES) / upSampling;
      for (let part = 0; part < parts; part++)
        for (let tap = 0; tap < taps; tap++) {
          const at = i + tap + 1 - taps / 2;
          if (at >= 0 && at < n)
            rows[2 * (r * perRow + k) + part] +=
              coefficients[(phase * parts + part) * taps + tap] * (samples[r * n + at] - mean);
        }
    }
  }
  return { rows, perRow, upSampling };
}

async function compare(wanted: Case): Promise<LocalPlan> {
  const { scene, scan = FINE, fNumber = 1.2, window = "hann", model = "spherical" } = wanted;
  const { signal = "analytic", accuracy = 0.02, removeMean = false, repeat = 1 } = wanted;
  const made = scene16(scene);
  const once = wanted.samples ?? made.samples;
  const sequence = Array.from({ length: repeat }, () => made.info.sequence)
    .flat()
    .map((transmit) => ({ ...transmit, startS: wanted.startS ?? transmit.startS }));
  const info: ChannelData = { ...made.info, sequence };
  const samples = new Int16Array(once.length * repeat);
  for (let i = 0; i < repeat; i++) samples.set(once, i * once.length);
  const plan = await LocalPlan.create(
    info,
    {
      scan,
      signal,
      removeMean,
      beamform: {
        path: "lateral",
        columns: "all",
        accuracy,
        fNumber,
        window,
        transmitModel: model,
        compound: repeat > 1 ? "coherent" : "none",
      },
    },
    LIMIT,
  );
  const frame = { index: 0, samples };
  const { values } = await plan.beamform(frame);
  const { rows, perRow, upSampling } = filteredRows(made.info, once, wanted);
  const beamformed = (signal: Float64Array) =>
    beamformTwin({ ...info, sequence: sequence.slice(0, made.info.sequence.length) }, frame, {
      scan,
      fNumber,
      window,
      interpolation: "linear",
      rows: signal,
      samples: perRow,
      sampleRateHz: info.sampleRateHz * upSampling,
      carrierHz: 0,
      mixerStartS: [0, 0, 0],
      model,
      zeroExtended: true,
    });
  const apart = beamformed(rows);
  const largest = rows.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const possible = beamformed(new Float64Array(rows.length).fill(largest));
  let twin = apart;
  if (repeat > 1) {
    const pixels = apart.length / 3;
    twin = Float64Array.from(
      { length: pixels },
      (_, i) => repeat * (apart[i] + apart[pixels + i] + apart[2 * pixels + i]),
    );
  }
  assert.is(values.length, twin.length);
  assert.ok(twin.some((value) => value !== 0));
  const scale = repeat * (repeat > 1 ? 3 : 1) * possible.reduce((top, value) => Math.max(top, value), 0);
  const error = values.reduce((top, value, i) => Math.max(top, Math.abs(value - twin[i])), 0) / scale;
  assert.ok(
    error <= ROUNDING,
    `${JSON.stringify({ ...wanted, samples: undefined })}: ${error} of all weights times the largest sample`,
  );
  return plan;
}

for (const scene of ["plane", "diverging", "focused", "element", "convex"] as const)
  for (const scan of [FINE, SECTOR])
    test(`${scene} transmits on a ${scan.kind} scan equal the float64 twin within the rounding of positions`, async () => {
      // Around a focus delays change fast.
      if (scene !== "focused") await compare({ scene, scan });
      await compare({ scene, scan, signal: scene === "focused" ? "analytic" : "rf", accuracy: 0.25 });
    });

for (const scene of ["plane", "diverging", "element", "convex"] as const)
  test(`first arrivals of ${scene} transmits equal the twin`, () =>
    compare({ scene, model: "first-arrival" }).then(() => {}));

for (const window of WINDOWS)
  test(`the ${window} window is as defined`, () => compare({ scene: "convex", window }).then(() => {}));

test("without an aperture limit every element counts fully", () =>
  compare({ scene: "plane", fNumber: 0, accuracy: 0.25 }).then(() => {}));

test("the mean of each channel is taken away when asked for", () =>
  compare({ scene: "plane", removeMean: true }).then(() => {}));

for (const startS of [-8e-6, 9e-6])
  test(`beyond the ends of the record the samples count as zeros, records starting at ${1e6 * startS} us`, () =>
    compare({ scene: "plane", startS }).then(() => {}));

test("int16 at its extremes neither overflows nor loses small signals", async () => {
  const count = 3 * 16 * 240;
  const random = integers(7);
  const fill = (value: (i: number) => number) => Int16Array.from({ length: count }, (_, i) => value(i));
  await compare({ scene: "plane", samples: fill((i) => (i & 2 ? 32767 : -32768)) });
  await compare({
    scene: "plane",
    samples: fill((i) => (i & 2 ? 32767 : -32768)),
    repeat: 45,
    accuracy: 0.25,
  });
  await compare({ scene: "plane", samples: fill(() => 32767), accuracy: 0.25 });
  await compare({ scene: "plane", samples: fill((i) => (i % 240 === 100 ? 32767 : 0)) });
  await compare({ scene: "plane", samples: fill(() => (random() % 7) - 3), accuracy: 0.25, signal: "rf" });
});

test("silence is exactly zero", async () => {
  const { info, samples } = scene16("plane");
  const plan = await LocalPlan.create(info, { scan: FINE, beamform: { path: "lateral" } }, LIMIT);
  const { values } = await plan.beamform({ index: 0, samples: samples.fill(0) });
  assert.ok(values.every((value) => value === 0));
});

test("a focused transmit is heard in its beam, with the same bits, and nowhere else", async () => {
  const { info, samples } = scene16("focused");
  const scan: Scan = {
    ...FINE,
    x: { min: -0.004, max: 0.004, count: 65 },
    z: { min: 0.003, max: 0.014, count: 49 },
  };
  const image = async (path: "lateral" | "depth", transmitModel: "auto" | "spherical") => {
    const beamform = { path, fNumber: 0, transmitModel, accuracy: 0.25 } as const;
    const plan = await LocalPlan.create(info, { scan, transmits: [1], beamform }, LIMIT);
    return (await plan.beamform({ index: 0, samples })).values;
  };
  const [beam, everywhere] = [await image("lateral", "auto"), await image("lateral", "spherical")];
  const depth = await image("depth", "auto");
  let [inside, outside] = [0, 0];
  for (let i = 0; i < beam.length; i += 2) {
    const heard = depth[i] !== 0 || depth[i + 1] !== 0;
    assert.equal([beam[i], beam[i + 1]], heard ? [everywhere[i], everywhere[i + 1]] : [0, 0]);
    if (heard) inside++;
    else outside++;
  }
  assert.ok(inside > 200 && outside > 1000, `${inside}, ${outside}`);
});

test("coherent compounding is the plain sum of the transmits, incoherent the sum of their envelopes", async () => {
  const { info, samples } = scene16("diverging");
  const image = async (compound: "none" | "coherent" | "incoherent") => {
    const plan = await LocalPlan.create(info, { scan: FINE, beamform: { path: "lateral", compound } }, LIMIT);
    return (await plan.beamform({ index: 0, samples })).values;
  };
  const none = await image("none");
  const coherent = await image("coherent");
  const n = coherent.length;
  const sum = Float64Array.from(coherent, (_, i) => none[i] + none[n + i] + none[2 * n + i]);
  const envelopes = Float64Array.from(coherent, (_, i) =>
    i % 2 ? 0 : [0, 1, 2].reduce((total, t) => total + Math.hypot(none[t * n + i], none[t * n + i + 1]), 0),
  );
  assert.ok(maxRelative(coherent, sum, true) < 1e-6);
  assert.ok(maxRelative(await image("incoherent"), envelopes, true) < 1e-6);
});

test("what the path cannot serve is refused with the figure, and the depth path taken in its place", async () => {
  const { info } = scene16("diverging");
  const why = async (pipeline: Pipeline, data: ChannelData = info) => {
    const plan = await LocalPlan.create(data, { scan: FINE, ...pipeline }, LIMIT);
    const { choice } = plan.report;
    assert.is(choice?.path, "depth");
    const beamform = { ...pipeline.beamform, path: "lateral" as const };
    try {
      await LocalPlan.create(data, { scan: FINE, ...pipeline, beamform }, LIMIT);
      assert.unreachable();
    } catch (error) {
      assert.match((error as Error).message, /beamform.path is "lateral"/);
    }
    return choice?.refused.find(({ path }) => path === "lateral")?.why ?? "";
  };
  const wide: Scan = { ...FINE, x: { min: -0.02, max: 0.02, count: 30 } };
  assert.match(
    await why({ scan: wide }),
    /spread over \d+\.\d samples at 3 x the sample rate, and its registers hold 13/,
  );
  assert.match(await why({ scan: { ...FINE, x: { ...FINE.x, count: 7 } } }), /7 columns/);
  assert.match(await why({ signal: "iq" }), /baseband IQ/);
  assert.match(await why({ beamform: { interpolation: "linear" } }), /"linear"/);
  assert.match(await why({ beamform: { arithmetic: "float32" } }), /"float32"/);
  assert.match(await why({}, { ...info, sampleType: "float32" }), /samples are float32/);
  assert.match(await why({}, { ...info, sampleType: undefined }), /not known beforehand/);
  assert.match(
    await why({ beamform: { accuracy: 0.002 } }),
    /taps makes an error of \d+\.\d+ % where 0\.2 % are promised/,
  );
});

test.run();
