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

test.run();
