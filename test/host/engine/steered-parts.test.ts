/** One thread's share of the depths along the steered path. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { STEERED } from "../../../host/engine/paths/steered.ts";
import type { ChannelData, Pipeline, Sequence } from "../../../host/index.ts";
import { integers } from "../../synthetic.ts";
import { partImage } from "./part-image.ts";

const PITCH = 0.0003;
const ELEMENTS = 48;
const DEPTHS = 71;

const PLANE_WAVES: Sequence = [-0.1, 0.2].map((azimuthRad) => ({
  wave: { kind: "plane", azimuthRad },
  startS: 1e-7,
}));

const WALKING: Sequence = Array.from({ length: 20 }, (_, t) => ({
  wave: { kind: "focused", source: [(t - 9.5) * PITCH, 0, 0.012] },
  startS: 1e-7 * (t % 4),
  firingS: Float64Array.from({ length: ELEMENTS }, (_, e) =>
    Math.abs(e - t - 14) <= 10 ? 0 : Number.POSITIVE_INFINITY,
  ),
}));

function acquisition(sequence: Sequence, sampleType: "int16" | "float32"): ChannelData {
  const positionsM = new Float64Array(3 * ELEMENTS);
  for (let e = 0; e < ELEMENTS; e++) positionsM[3 * e] = (e - (ELEMENTS - 1) / 2) * PITCH;
  return {
    kind: "channels",
    name: "noise",
    format: "synthetic",
    frameCount: 1,
    soundSpeedMps: 1500,
    centerFrequencyHz: 5e6,
    warnings: [],
    signal: "rf",
    sampleType,
    probe: { kind: "linear", positionsM, azimuthsRad: new Float64Array(ELEMENTS), pitchM: PITCH },
    sequence,
    sampleCount: 700,
    sampleRateHz: 20e6,
    modulationFrequencyHz: 0,
  };
}

for (const [name, sequence] of [
  ["plane waves", PLANE_WAVES],
  ["a walking aperture", WALKING],
] as const)
  for (const sampleType of ["int16", "float32"] as const)
    test(`${name}, ${sampleType}: a part of the depths has the bits of the whole`, async () => {
      const info = acquisition(sequence, sampleType);
      const random = integers(7);
      const samples = new (sampleType === "int16" ? Int16Array : Float32Array)(
        sequence.length * ELEMENTS * info.sampleCount,
      );
      for (let i = 0; i < samples.length; i++) samples[i] = (random() % 40001) - 20000;
      const x = { min: -9.5 * PITCH, max: 9.5 * PITCH, count: 39 };
      for (const window of ["boxcar", "hann"] as const)
        for (const fNumber of [0, 0.7]) {
          const pipeline: Pipeline = {
            scan: { kind: "linear", x, z: { min: 0.001, max: 0.02, count: DEPTHS } },
            beamform: { path: "steered", window, fNumber },
          };
          const whole = await partImage(STEERED, info, { index: 0, samples }, pipeline, 0, DEPTHS);
          const row = whole.length / DEPTHS;
          for (const [first, end] of [
            [0, 9],
            [9, 50],
            [50, DEPTHS],
          ])
            assert.equal(
              await partImage(STEERED, info, { index: 0, samples }, pipeline, first, end),
              whole.slice(first * row, end * row),
              `${window} f/${fNumber} ${first} to ${end}`,
            );
        }
    });

/** Faint echoes between a pulse of full scale, and as much again behind what is heard. */
function pulsed({ sequence, sampleCount }: ChannelData, until: number, from: number): Float64Array {
  const random = integers(11);
  return Float64Array.from({ length: sequence.length * ELEMENTS * sampleCount }, (_, i) => {
    const n = i % sampleCount;
    if (n < until || n >= from) return 32767 * (random() & 4 ? 1 : -1);
    return Math.round(100 * Math.sin((n * Math.PI) / 2 + (random() % 3)));
  });
}

test("a pulse of full scale outside the picture costs its echoes no bits, one at its edge overflows nothing", async () => {
  const sequence = PLANE_WAVES;
  const x = { min: -9.5 * PITCH, max: 9.5 * PITCH, count: 39 };
  const pipelineTo = (max: number, fNumber: number): Pipeline => ({
    scan: { kind: "linear", x, z: { min: 0.003, max, count: 40 } },
    beamform: { path: "steered", fNumber },
  });
  /** Greatest difference from float32, of the greatest value. */
  const errorOf = async (until: number, from: number, pipeline: Pipeline) => {
    const info = acquisition(sequence, "int16");
    const values = pulsed(info, until, from);
    const image = (data: ChannelData, samples: Int16Array | Float32Array) =>
      partImage(STEERED, data, { index: 0, samples }, pipeline, 0, 40);
    const short = await image(info, Int16Array.from(values));
    const float = await image(acquisition(sequence, "float32"), Float32Array.from(values));
    let [off, all] = [0, 0];
    short.forEach((value, i) => {
      off = Math.max(off, Math.abs(value - float[i]));
      all = Math.max(all, Math.abs(float[i]));
    });
    return off / all;
  };
  const pipeline = pipelineTo(0.01, 0.7);
  const clear = await errorOf(0, 700, pipeline);
  const pulse = await errorOf(20, 600, pipeline);
  assert.ok(pulse < 2 * clear, `${pulse} with a pulse, ${clear} without`);
  // First depths that hear few elements, to the sample.
  for (let until = 66; until < 84; until++) {
    const error = await errorOf(until, 700, pipelineTo(0.0031, 2.5));
    assert.ok(error < 0.03, `${error} with a pulse of ${until} samples`);
  }
  // Whatever part is made, the scale is that of the whole.
  const info = acquisition(sequence, "int16");
  const samples = Int16Array.from(pulsed(info, 75, 300));
  const part = (first: number) => partImage(STEERED, info, { index: 0, samples }, pipeline, first, 40);
  const whole = await part(0);
  assert.equal(await part(20), whole.slice(whole.length / 2));
});

test.run();
