/** Walking apertures along the steered path: within its promise of band-limited interpolation, and of the sum that the depth path makes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
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
const PERIOD = 75;

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
    z: { min: FOCUS_M - 0.0045, max: FOCUS_M + 0.0045, count: 7 },
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
test.run();
