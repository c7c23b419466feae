/** The steered path: within its promise of band-limited interpolation on every lattice, in both arithmetics, and honest about where it ends. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
  type ChannelData,
  isSondeError,
  type Pipeline,
  type Scan,
  type Volume,
  WINDOWS,
} from "../../../host/index.ts";
import { makeScene } from "../../synthetic.ts";
import { idealImage, pulseLike, rmsError, sampled } from "./ideal.ts";

const LIMIT = 2 ** 28;
const PITCH = 0.0003;
const ELEMENTS = 15;
/** Signals repeat after so many samples: few tones, quick to add up. */
const PERIOD = 125;

/** A uniform array, three plane waves, echoes at `samplesPerPeriod`; each channel hears a signal of its own. */
function acquisition(samplesPerPeriod: number, fractionalBandwidth = 0.6) {
  const positionsM = new Float64Array(3 * ELEMENTS);
  for (let e = 0; e < ELEMENTS; e++) positionsM[3 * e] = (e - (ELEMENTS - 1) / 2) * PITCH;
  const sampleRateHz = 20e6;
  const info: ChannelData = {
    kind: "channels",
    name: "tones",
    format: "synthetic",
    frameCount: 1,
    soundSpeedMps: 1500,
    centerFrequencyHz: sampleRateHz / samplesPerPeriod,
    warnings: [],
    signal: "rf",
    probe: {
      kind: "linear",
      positionsM,
      azimuthsRad: new Float64Array(ELEMENTS),
      pitchM: PITCH,
      elementWidthM: PITCH,
      fractionalBandwidth,
    },
    // Fronts from both sides and straight ahead, each recorded from another time.
    sequence: [-0.2, 0, 0.3].map((azimuthRad, t) => ({
      wave: { kind: "plane", azimuthRad },
      startS: 0.37e-6 * t,
    })),
    sampleCount: 500,
    sampleRateHz,
    modulationFrequencyHz: 0,
  };
  const signals = Array.from({ length: ELEMENTS }, (_, e) =>
    pulseLike(PERIOD, sampleRateHz, sampleRateHz / samplesPerPeriod, fractionalBandwidth, 12345 + 77 * e),
  );
  return { info, signals };
}

/** Columns `stride` to an element, or elements `step` to a column, beginning `shift` pixels beside the first element. */
function grid(stride: number, step: number, shift: number, depths = 13): Scan {
  const dx = (PITCH * step) / stride;
  const count = Math.floor(((ELEMENTS - 1) * PITCH) / dx) + 3;
  const min = -((ELEMENTS - 1) / 2) * PITCH + shift * dx;
  return {
    kind: "linear",
    x: { min, max: min + (count - 1) * dx, count },
    z: { min: 0.004, max: 0.0151, count: depths },
  };
}

type Beamform = NonNullable<Pipeline["beamform"]>;

async function imageOf(
  info: ChannelData,
  samples: Float32Array | Int16Array,
  pipeline: Pipeline,
): Promise<Float32Array> {
  const plan = await LocalPlan.create(info, pipeline, LIMIT);
  const { values } = await plan.beamform({ index: 0, samples });
  plan.close();
  return values;
}

/** What was worked out for the same arguments before: both arithmetics and signals are held against one ideal image. */
function remembered<A extends readonly unknown[], R>(make: (...args: A) => R): (...args: A) => R {
  const known = new Map<string, R>();
  return (...args) => {
    const key = JSON.stringify(args);
    const value = known.get(key) ?? make(...args);
    known.set(key, value);
    return value;
  };
}

const recorded = remembered((samplesPerPeriod: number, fractionalBandwidth?: number) => {
  const { info, signals } = acquisition(samplesPerPeriod, fractionalBandwidth);
  return { info, signals, values: sampled(info, signals, 12000) };
});

const idealOf = remembered(
  (
    samplesPerPeriod: number,
    fractionalBandwidth: number | undefined,
    scan: Scan,
    { fNumber = 1.3, window = "hann" }: Beamform,
  ) => {
    const { info, signals } = recorded(samplesPerPeriod, fractionalBandwidth);
    return idealImage(info, scan, signals, { fNumber: Number(fNumber), window });
  },
);

async function errorOf(
  samplesPerPeriod: number,
  scan: Scan,
  signal: "rf" | "analytic",
  beamform: Beamform,
  fractionalBandwidth?: number,
): Promise<{ error: number; predicted: number }> {
  const { info, signals, values } = recorded(samplesPerPeriod, fractionalBandwidth);
  const short = beamform.arithmetic === "int16";
  const samples = short ? Int16Array.from(values, Math.round) : Float32Array.from(values);
  const pipeline: Pipeline = { scan, signal, beamform: { path: "steered", fNumber: 1.3, ...beamform } };
  const data: ChannelData = { ...info, sampleType: short ? "int16" : "float32" };
  const plan = await LocalPlan.create(data, pipeline, LIMIT);
  const image = (await plan.beamform({ index: 0, samples })).values;
  const ideal = idealOf(samplesPerPeriod, fractionalBandwidth, scan, {
    fNumber: beamform.fNumber,
    window: beamform.window,
  });
  const scale = values[0] === 0 ? 1 : signals[0](info.sequence[0].startS)[0] / values[0];
  const predicted = Number(/predicted error ([\d.]+) %/.exec(plan.report.path)?.[1]) / 100;
  return { error: rmsError(image, ideal, signal === "rf", scale), predicted };
}

for (const samplesPerPeriod of [3.2, 4, 8])
  for (const arithmetic of ["float32", "int16"] as const)
    for (const signal of ["rf", "analytic"] as const)
      test(`${signal} at ${samplesPerPeriod} samples a period, ${arithmetic}: within 2 % rms of band-limited interpolation`, async () => {
        const { error } = await errorOf(samplesPerPeriod, grid(2, 1, 0), signal, { arithmetic });
        assert.ok(error <= 0.02, `${(100 * error).toFixed(2)} %`);
        assert.ok(error > 1e-4, "the comparison looks at nothing");
      });

for (const accuracy of [0.005, 0.01, 0.05, 0.15, 0.25])
  test(`an accuracy of ${100 * accuracy} % is kept, and the error is what the report predicts`, async () => {
    const { error, predicted } = await errorOf(5, grid(2, 1, 0), "analytic", {
      accuracy,
      arithmetic: "int16",
    });
    assert.ok(error <= accuracy, `${(100 * error).toFixed(2)} %`);
    assert.ok(Math.abs(error - predicted) <= 0.25 * predicted, `${error} against ${predicted}`);
  });

for (const [stride, step] of [
  [1, 1],
  [3, 1],
  [5, 1],
  [1, 2],
  [3, 2],
  [2, 3],
  [1, 4],
])
  test(`${stride} columns to ${step} elements, also beside the array, in both arithmetics`, async () => {
    for (const shift of [0, -0.4, -stride - 0.25])
      for (const arithmetic of ["float32", "int16"] as const) {
        const { error } = await errorOf(4, grid(stride, step, shift), "analytic", { arithmetic });
        assert.ok(error <= 0.02, `${shift} ${arithmetic}: ${(100 * error).toFixed(2)} %`);
      }
  });

for (const window of WINDOWS)
  test(`the ${window} window and the whole aperture`, async () => {
    for (const fNumber of [0, 0.9, 2.2])
      for (const arithmetic of ["float32", "int16"] as const) {
        const { error } = await errorOf(4, grid(2, 1, 0.2), "analytic", { window, fNumber, arithmetic });
        assert.ok(error <= 0.02, `f/${fNumber} ${arithmetic}: ${(100 * error).toFixed(2)} %`);
      }
  });

test("transmits that are not compounded are those whose sum is the compound", async () => {
  const { info, signals } = acquisition(4);
  const samples = Int16Array.from(sampled(info, signals, 9000), Math.round);
  const image = (compound: "none" | "coherent" | "incoherent", arithmetic: "float32" | "int16") =>
    imageOf(info, samples, {
      scan: grid(2, 1, 0),
      beamform: { path: "steered", compound, arithmetic, fNumber: 1.3 },
    });
  for (const arithmetic of ["float32", "int16"] as const) {
    const [none, coherent, incoherent] = [
      await image("none", arithmetic),
      await image("coherent", arithmetic),
      await image("incoherent", arithmetic),
    ];
    const n = coherent.length;
    assert.is(none.length, 3 * n);
    const sum = Float64Array.from(coherent, (_, i) => none[i] + none[n + i] + none[2 * n + i]);
    const envelopes = Float64Array.from(incoherent, (_, i) =>
      i % 2 ? 0 : [0, 1, 2].reduce((total, t) => total + Math.hypot(none[t * n + i], none[t * n + i + 1]), 0),
    );
    assert.ok(rmsError(coherent, sum) < 1e-6);
    assert.ok(rmsError(incoherent, envelopes) < 1e-6);
  }
});

test("samples outside the record count as zero: a grid deeper than the record ends in black", async () => {
  const { info, signals } = acquisition(4);
  const samples = Int16Array.from(sampled(info, signals, 9000), Math.round);
  const scan: Scan = { ...grid(1, 1, 0), z: { min: 0.0005, max: 0.06, count: 90 } } as Scan;
  for (const arithmetic of ["float32", "int16"] as const) {
    const [steered, depth] = await Promise.all(
      (["steered", "depth"] as const).map((path) =>
        imageOf(info, samples, {
          scan,
          beamform: {
            path,
            fNumber: 2,
            arithmetic: path === "depth" ? "float32" : arithmetic,
            accuracy: 0.01,
          },
        }),
      ),
    );
    const row = steered.length / 90;
    // The last echo comes from 18.8 mm and a bit; filters smear it by less than a millimetre.
    const black = steered.slice(row * 31);
    assert.ok(black.every((value) => value === 0));
    assert.ok(rmsError(steered.slice(row, row * 26), depth.slice(row, row * 26)) < 0.03);
  }
});

test("int16: full scale, silence, a single sample and three counts all come out as float32 gives them", async () => {
  const { info, signals } = acquisition(4);
  const usual = sampled(info, signals, 32767);
  const square = Int16Array.from(usual, (value) => (value >= 0 ? 32767 : -32768));
  const spike = new Int16Array(usual.length);
  spike[7 * info.sampleCount + 240] = -32768;
  const cases: [string, Int16Array, number][] = [
    ["full scale", Int16Array.from(usual, Math.round), 2e-3],
    ["clipped on both sides", square, 2e-3],
    ["one sample of -32768", spike, 5e-3],
    ["a peak of three counts", Int16Array.from(usual, (value) => Math.round((3 * value) / 32767)), 2e-3],
    ["silence", new Int16Array(usual.length), 0],
  ];
  for (const [name, samples, tolerance] of cases)
    for (const fNumber of [0, 1]) {
      const image = (arithmetic: "float32" | "int16") =>
        imageOf(info, samples, {
          scan: grid(2, 1, 0),
          beamform: { path: "steered", window: "boxcar", fNumber, arithmetic },
        });
      const [short, float] = [await image("int16"), await image("float32")];
      if (name === "silence") assert.ok([...short, ...float].every((value) => value === 0));
      else assert.ok(rmsError(short, float) <= tolerance, `${name}, f/${fNumber}: ${rmsError(short, float)}`);
    }
});

test("bytes, signed or not, are summed like 16-bit samples; a constant offset never shows", async () => {
  const { info, signals } = acquisition(5, 0.5);
  const values = sampled(info, signals, 120);
  const pipeline: Pipeline = { scan: grid(2, 1, 0), beamform: { path: "steered", fNumber: 1.3 } };
  const image = async (
    samples: Int16Array | Int8Array | Uint8Array,
    sampleType: "int16" | "int8" | "uint8",
  ) => imageOf({ ...info, sampleType }, samples as Int16Array, pipeline);
  const short = await image(Int16Array.from(values, Math.round), "int16");
  assert.ok(rmsError(await image(Int8Array.from(values, Math.round), "int8"), short) < 3e-3);
  const offset = await image(
    Uint8Array.from(values, (value) => Math.round(value) + 128),
    "uint8",
  );
  assert.ok(rmsError(offset, short) < 0.02, `${rmsError(offset, short)}`);
});

test("NaN and infinity in float32 samples never reach the image", async () => {
  const { info, signals } = acquisition(4);
  const samples = Float32Array.from(sampled(info, signals, 1));
  samples[1000] = Number.NaN;
  samples[5000] = Number.POSITIVE_INFINITY;
  const image = await imageOf(info, samples, { scan: grid(2, 1, 0), beamform: { path: "steered" } });
  assert.ok(image.every(Number.isFinite));
});

test("a band is filtered by the way: what lies outside goes, what lies inside stays", async () => {
  const { info } = acquisition(4, 0.3);
  const inside = Array.from({ length: ELEMENTS }, (_, e) => pulseLike(PERIOD, 20e6, 5e6, 0.3, 1000 + e));
  const outside = Array.from({ length: ELEMENTS }, (_, e) => pulseLike(PERIOD, 20e6, 1.2e6, 0.3, 2000 + e));
  const image = (signals: typeof inside) =>
    imageOf(info, Float32Array.from(sampled(info, signals, 1000)), {
      scan: grid(2, 1, 0),
      band: { lowHz: 3e6, highHz: 7e6 },
      beamform: { path: "steered", accuracy: 0.03 },
    });
  const energy = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
  const ratio = energy(await image(outside)) / energy(await image(inside));
  assert.ok(10 * Math.log10(ratio) < -15, `${10 * Math.log10(ratio)} dB`);
});

/** 7 x 6 elements, the second direction twice as wide apart. */
function matrix() {
  const { info } = acquisition(4);
  const positionsM = new Float64Array(3 * 42);
  for (let e = 0; e < 42; e++)
    positionsM.set([((e % 7) - 3) * PITCH, (Math.floor(e / 7) - 2.5) * 2 * PITCH, 0], 3 * e);
  const data: ChannelData = {
    ...info,
    probe: { ...info.probe, kind: "matrix", positionsM, azimuthsRad: new Float64Array(42) },
    sequence: [
      { wave: { kind: "plane", azimuthRad: 0.1, elevationRad: -0.15 }, startS: 0 },
      { wave: { kind: "plane", azimuthRad: -0.2, elevationRad: 0.08 }, startS: 0.3e-6 },
    ],
  };
  const signals = Array.from({ length: 42 }, (_, e) => pulseLike(PERIOD, 20e6, 5e6, 0.6, 511 + 31 * e));
  return { data, signals, samples: Int16Array.from(sampled(data, signals, 12000), Math.round) };
}

test("matrix arrays fill volumes, and planes of them, in both arithmetics", async () => {
  const { data, signals, samples } = matrix();
  const scale = signals[0](0)[0] / samples[0];
  const volume: Volume = {
    kind: "volume",
    x: { min: -3.5 * PITCH, max: 3.5 * PITCH, count: 15 },
    y: { min: -PITCH, max: 2 * PITCH, count: 4 },
    z: { min: 0.004, max: 0.012, count: 7 },
  };
  const plane: Scan = { kind: "linear", x: volume.x, z: volume.z };
  for (const fNumber of [0, 2.5])
    for (const arithmetic of ["float32", "int16"] as const)
      for (const scan of [volume, plane]) {
        const plan = await LocalPlan.create(
          data,
          { scan, beamform: { path: "steered", fNumber, arithmetic } },
          LIMIT,
        );
        const { values, shape } = await plan.beamform({ index: 0, samples });
        assert.equal(shape, scan.kind === "volume" ? [7, 4, 15] : [7, 15]);
        const error = rmsError(
          values,
          idealImage(data, scan, signals, { fNumber, window: "hann" }),
          false,
          scale,
        );
        assert.ok(error <= 0.02, `${scan.kind} f/${fNumber} ${arithmetic}: ${(100 * error).toFixed(2)} %`);
      }
});

test("the picture of a volume is its plane nearest to y = 0", async () => {
  const { data, samples } = matrix();
  const axes = {
    x: { min: -3 * PITCH, max: 3 * PITCH, count: 13 },
    z: { min: 0.004, max: 0.012, count: 50 },
  };
  const beamform = { path: "steered" as const, fNumber: 1 };
  const volume: Volume = { kind: "volume", y: { min: -4 * PITCH, max: 2 * PITCH, count: 7 }, ...axes };
  const picture = await (await LocalPlan.create(data, { scan: volume, beamform }, LIMIT)).run({
    index: 0,
    samples,
  });
  const plane = await (
    await LocalPlan.create(data, { scan: { kind: "linear", ...axes }, beamform }, LIMIT)
  ).run({ index: 0, samples });
  assert.equal([picture.width, picture.height], [13, 50]);
  assert.equal(picture.regions, plane.regions);
  assert.equal(picture.pixels, plane.pixels);
  assert.ok(new Set(picture.pixels).size > 20);
});

test("what it cannot serve is refused with the reason, and left to other paths when it was not asked for", async () => {
  const { info } = acquisition(4);
  const scan = grid(2, 1, 0);
  const cases: [string, ChannelData, Pipeline, RegExp][] = [
    ["interpolation", info, { scan, beamform: { interpolation: "cubic" } }, /interpolation is "cubic"/],
    [
      "a sector",
      info,
      {
        scan: {
          kind: "sector",
          angle: { min: 0, max: 0.1, count: 4 },
          range: { min: 0.003, max: 0.01, count: 9 },
          apex: [0, 0],
        },
      },
      /a sector/,
    ],
    [
      "a grid out of step",
      info,
      { scan: { ...scan, x: { min: 0, max: 0.001, count: 8 } } as Scan },
      /0\.1429 mm apart.*0\.3000 mm/,
    ],
    ["IQ", info, { scan, signal: "iq" }, /"iq"/],
    [
      "a curved array",
      makeScene("convex").info as ChannelData,
      { scan },
      /not every transmit is a plane wave/,
    ],
    ["diverging waves", makeScene("diverging").info as ChannelData, { scan }, /plane wave/],
  ];
  for (const [name, data, pipeline, words] of cases) {
    try {
      await LocalPlan.create(
        data,
        { ...pipeline, beamform: { ...pipeline.beamform, path: "steered" } },
        LIMIT,
      );
      assert.unreachable(name);
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"), `${name}: ${error}`);
      assert.match((error as Error).message, words);
    }
    const plan = await LocalPlan.create(data, pipeline, LIMIT);
    assert.is.not(plan.report.choice?.path, "steered");
    assert.match(plan.report.choice?.refused.find(({ path }) => path === "steered")?.why ?? "", words);
  }
});

test.run();
