/** Walking apertures along the steered path: within its promise of band-limited interpolation, and of the sum that the depth path makes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
  type Axis,
  type ChannelData,
  isSondeError,
  type Pipeline,
  type Scan,
  type Transmit,
} from "../../../host/index.ts";
import { makeScene } from "../../synthetic.ts";
import { type Beam, idealImage, pulseLike, rmsError, sampled } from "./ideal.ts";

const LIMIT = 2 ** 28;
const PITCH = 0.0003;
const FOCUS_M = 0.008;
const RATE_HZ = 20e6;
const CENTER_HZ = 5e6;
const WAVELENGTH_M = 1500 / CENTER_HZ;
/** Signals repeat after so many samples: few tones, quick to add up. */
const PERIOD = 125;

interface Walk {
  elements: number;
  transmits: number;
  /** Elements that fire. */
  active: number;
  /** Elements from one transmit to the next. */
  step: number;
  /** Elements from the first one to the first focus. */
  begin: number;
}

/** Focused transmits that walk along an array, each recorded from another time, apertures cut short at the ends of the array. */
function walk({ elements, transmits, active, step, begin }: Walk) {
  const positionsM = new Float64Array(3 * elements);
  for (let e = 0; e < elements; e++) positionsM[3 * e] = (e - (elements - 1) / 2) * PITCH;
  const beams: Beam[] = [];
  const sequence = Array.from({ length: transmits }, (_, t): Transmit => {
    const middle = begin + step * t;
    const x = (middle - (elements - 1) / 2) * PITCH;
    const first = Math.ceil(middle - active / 2);
    const ends = [first, first + active - 1].map((e) => (e - (elements - 1) / 2) * PITCH);
    beams.push({
      firstXM: ends[0],
      lastXM: ends[1],
      waistM: Math.max(WAVELENGTH_M * Math.max(1, FOCUS_M / (ends[1] - ends[0])), step * PITCH),
    });
    return {
      wave: { kind: "focused", source: [x, 0, FOCUS_M] },
      startS: 0.3e-6 + 0.17e-6 * ((5 * t) % 7),
      firingS: Float64Array.from({ length: elements }, (_, e) =>
        e >= first && e < first + active
          ? (Math.hypot(x, FOCUS_M) - Math.hypot(positionsM[3 * e] - x, FOCUS_M)) / 1500
          : Number.POSITIVE_INFINITY,
      ),
    };
  });
  const info: ChannelData = {
    kind: "channels",
    name: "walking",
    format: "synthetic",
    frameCount: 1,
    soundSpeedMps: 1500,
    centerFrequencyHz: CENTER_HZ,
    warnings: [],
    signal: "rf",
    probe: {
      kind: "linear",
      positionsM,
      azimuthsRad: new Float64Array(elements),
      pitchM: PITCH,
      elementWidthM: PITCH,
      fractionalBandwidth: 0.6,
    },
    sequence,
    sampleCount: 420,
    sampleRateHz: RATE_HZ,
    modulationFrequencyHz: 0,
  };
  // A signal of its own for every channel of every transmit: one in another's place would be heard.
  const signals = Array.from({ length: elements * transmits }, (_, i) =>
    pulseLike(PERIOD, RATE_HZ, CENTER_HZ, 0.6, 12345 + 77 * i),
  );
  const values = sampled(info, signals, 12000);
  const scale = signals[0](sequence[0].startS)[0] / values[0];
  return { info, beams, signals, values, scale };
}

/** Pixels `stride` to a focus, beginning `shift` of them beside the first; every depth off the focal plane and one on it. */
function pixels(data: ChannelData, stride: number, shift: number): Scan {
  const [a, b] = data.sequence.map(({ wave }) => (wave.kind === "focused" ? wave.source[0] : 0));
  const dx = (b - a) / stride;
  const count = (data.sequence.length - 1) * stride + 3;
  const min = a + shift * dx;
  return {
    kind: "linear",
    x: { min, max: min + (count - 1) * dx, count },
    z: { min: FOCUS_M - 0.0045, max: FOCUS_M + 0.0045, count: 13 },
  };
}

const WALKS: [string, Walk, number[][]][] = [
  [
    "one element a step, foci above elements",
    { elements: 13, transmits: 11, active: 7, step: 1, begin: 1 },
    [
      [1, 0],
      [2, -0.3],
      [3, -5.25],
    ],
  ],
  [
    "foci between elements, an even aperture",
    { elements: 12, transmits: 9, active: 6, step: 1, begin: 1.5 },
    [
      [1, 0],
      [2, 0.4],
    ],
  ],
  [
    "two elements a step",
    { elements: 14, transmits: 6, active: 5, step: 2, begin: 2 },
    [
      [2, 0],
      [1, -0.5],
    ],
  ],
  [
    "four elements a step, foci beyond both ends",
    { elements: 11, transmits: 4, active: 6, step: 4, begin: -0.5 },
    [
      [4, 0],
      [3, 0.2],
    ],
  ],
];

for (const [name, shape, grids] of WALKS)
  test(`${name}: within 2 % rms of band-limited interpolation, in both arithmetics, RF and analytic`, async () => {
    const { info, beams, signals, values, scale } = walk(shape);
    for (const [stride, shift] of grids)
      for (const fNumber of [0, 1.2]) {
        const scan = pixels(info, stride, shift);
        const ideal = idealImage(info, scan, signals, { fNumber, window: "hann", beams });
        for (const arithmetic of ["float32", "int16"] as const)
          for (const signal of ["rf", "analytic"] as const) {
            const samples =
              arithmetic === "int16" ? Int16Array.from(values, Math.round) : Float32Array.from(values);
            const plan = await LocalPlan.create(
              { ...info, sampleType: arithmetic },
              { scan, signal, beamform: { path: "steered", arithmetic, fNumber } },
              LIMIT,
            );
            assert.match(plan.report.path, /walking aperture/);
            const image = (await plan.beamform({ index: 0, samples })).values;
            plan.close();
            const error = rmsError(image, ideal, signal === "rf", scale);
            const what = `${stride} ${shift} f/${fNumber} ${arithmetic} ${signal}`;
            assert.ok(error <= 0.02, `${what}: ${(100 * error).toFixed(2)} %`);
            assert.ok(error > 1e-4, `${what}: the comparison looks at nothing`);
          }
      }
  });
/** Four walking lines whose apertures lie wholly on the array. */
const WHOLE: Walk = { elements: 16, transmits: 6, active: 7, step: 1, begin: 5 };

async function imageOf(data: ChannelData, values: Float64Array, pipeline: Pipeline): Promise<Float32Array> {
  const samples =
    data.sampleType === "float32" ? Float32Array.from(values) : Int16Array.from(values, Math.round);
  const plan = await LocalPlan.create(data, pipeline, LIMIT);
  const image = (await plan.beamform({ index: 0, samples })).values;
  plan.close();
  return image;
}

test("where no aperture is cut short the depth path gives the same image, also deeper than the record and in front of the array", async () => {
  const { info, values } = walk(WHOLE);
  const x = (pixels(info, 2, 0) as { x: Axis }).x;
  for (const z of [
    { min: 0.002, max: 0.013, count: 23 },
    { min: -0.001, max: 0.04, count: 70 },
  ]) {
    const scan: Scan = { kind: "linear", x, z };
    const image = (path: "steered" | "depth") =>
      imageOf({ ...info, sampleType: "int16" }, values, { scan, beamform: { path, fNumber: 1.2 } });
    const [steered, depth] = [await image("steered"), await image("depth")];
    assert.ok(rmsError(steered, depth) < 0.03, `${rmsError(steered, depth)}`);
    if (z.max > 0.03) assert.ok(steered.slice(-2 * x.count * 20).every((value) => value === 0));
  }
});

test("left to itself the plan steers where no aperture is cut short, and where one is says how to have it", async () => {
  const choiceOf = async (data: Walk) => {
    const { info } = walk(data);
    const plan = await LocalPlan.create(info, { scan: pixels(info, 1, 0) }, LIMIT);
    const { choice } = plan.report;
    plan.close();
    return choice;
  };
  assert.is((await choiceOf(WHOLE))?.path, "steered");
  const cut = await choiceOf({ elements: 20, transmits: 10, active: 7, step: 1, begin: 2 });
  assert.is.not(cut?.path, "steered");
  assert.match(cut?.refused[0].why ?? "", /cut apertures short.*beamform\.path "steered" accepts that/);
});

test("an aperture that the array cuts short is taken as wide as the others: pixels in its beam alone see the difference", async () => {
  const { info, values } = walk({ elements: 20, transmits: 10, active: 7, step: 1, begin: 2 });
  const scan = pixels(info, 1, 0);
  const columns = (scan as { x: Axis }).x.count;
  // Foci are a column apart; the beam of the first transmit, the only one cut short, is less than seven wide to either side.
  const parts = (image: Float32Array, from: number, to: number) =>
    Array.from(image).filter((_, i) => (i >> 1) % columns >= from && (i >> 1) % columns < to);
  const image = (path: "steered" | "depth") =>
    imageOf({ ...info, sampleType: "int16" }, values, { scan, beamform: { path, fNumber: 1.2 } });
  const [steered, depth] = [await image("steered"), await image("depth")];
  const error = (from: number, to: number) => rmsError(parts(steered, from, to), parts(depth, from, to));
  assert.ok(error(0, 7) > 0.03, `${error(0, 7)}`);
  assert.ok(error(7, columns) < 0.03, `${error(7, columns)}`);
});

test("transmits from right to left, or fewer of them, make the image that their order does not change", async () => {
  const { info, values } = walk({ elements: 12, transmits: 8, active: 6, step: 1, begin: 2 });
  const scan = pixels(info, 1, 0);
  const image = (transmits: number[]) =>
    imageOf({ ...info, sampleType: "int16" }, values, { scan, transmits, beamform: { path: "steered" } });
  assert.equal(await image([7, 6, 5, 4, 3, 2, 1, 0]), await image([0, 1, 2, 3, 4, 5, 6, 7]));
  // Every other one walks in steps of two elements.
  const some = await image([1, 3, 5, 7]);
  assert.ok(some.every(Number.isFinite) && some.some((value) => value !== 0));
});

test("NaN in float32 samples never reaches the image, and silence is black in int16", async () => {
  const { info, values } = walk(WHOLE);
  const scan = pixels(info, 2, 0);
  const broken = values.map((value, i) => (i % 97 === 0 ? Number.NaN : value));
  const beamform = { path: "steered" as const };
  const image = await imageOf({ ...info, sampleType: "float32" }, broken, { scan, beamform });
  assert.ok(image.every(Number.isFinite));
  const silence = await imageOf({ ...info, sampleType: "int16" }, new Float64Array(values.length), {
    scan,
    beamform,
  });
  assert.ok(silence.every((value) => value === 0));
});

test("what does not walk is refused with the reason, and left to other paths when it was not asked for", async () => {
  const { info } = walk(WHOLE);
  const scan = pixels(info, 2, 0);
  const changed = (change: (transmit: Transmit, t: number) => Partial<Transmit>): ChannelData => ({
    ...info,
    sequence: info.sequence.map((transmit, t) => ({ ...transmit, ...change(transmit, t) })),
  });
  const moved = (by: (t: number) => [x: number, y: number, z: number]) =>
    changed(({ wave }, t) => {
      if (wave.kind !== "focused") throw new Error(wave.kind);
      const [x, y, z] = by(t);
      return { wave: { kind: "focused", source: [wave.source[0] + x, y, wave.source[2] + z] } };
    });
  const cases: [string, ChannelData, Pipeline, RegExp][] = [
    ["spherical", info, { scan, beamform: { transmitModel: "spherical" } }, /transmitModel is "spherical"/],
    ["hybrid", info, { scan, beamform: { transmitModel: "hybrid" } }, /transmitModel is "hybrid"/],
    ["incoherent", info, { scan, beamform: { compound: "incoherent" } }, /compound is "incoherent"/],
    ["one by one", info, { scan, beamform: { compound: "none" } }, /compound is "none"/],
    ["a single line", info, { scan, transmits: [2] }, /single focused transmit/],
    ["a missing line", info, { scan, transmits: [0, 1, 3] }, /not equally spaced/],
    ["foci at several depths", moved((t) => [0, 0, 1e-4 * t]), { scan }, /one depth/],
    ["foci out of step", moved((t) => [1e-4 * t, 0, 0]), { scan }, /0\.4000 mm apart.*0\.3000 mm/],
    ["foci beside the plane", moved(() => [0, 1e-3, 0]), { scan }, /outside the plane/],
    ["no firing times", changed(() => ({ firingS: undefined })), { scan }, /which elements fire/],
    [
      "an aperture that stands still",
      changed(() => ({ firingS: info.sequence[0].firingS })),
      { scan },
      /do not walk/,
    ],
    [
      "a grid out of step",
      info,
      { scan: { ...scan, x: { min: 0, max: 0.001, count: 8 } } as Scan },
      /0\.1429 mm apart.*0\.3000 mm/,
    ],
    [
      "pixels wider apart than foci",
      info,
      { scan: { ...scan, x: { min: -0.0006, max: 0.0006, count: 3 } } as Scan },
      /0\.6000 mm/,
    ],
    ["the scene of other tests", makeScene("focused").info as ChannelData, { scan }, /3\.333|mm apart|fire/],
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
      assert.match((error as Error).message, words, name);
    }
    const plan = await LocalPlan.create(data, pipeline, LIMIT);
    assert.is.not(plan.report.choice?.path, "steered", name);
    plan.close();
  }
});

test("a plan over the memory limit is refused with the figure", async () => {
  const { info } = walk(WHOLE);
  try {
    await LocalPlan.create(info, { scan: pixels(info, 2, 0), beamform: { path: "steered" } }, 2e5);
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "out-of-memory"), `${error}`);
    assert.match((error as Error).message, /MB, over the limit/);
  }
});

test.run();
