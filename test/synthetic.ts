/** Small acquisitions made from integers, the same on every machine; self-contained, so that a page can run it too. */
import type { Acquisition, ChannelData, Frame, LineData } from "../host/index.ts";

/** Uniform integers from a linear congruential generator (Numerical Recipes). */
export function integers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}

export type Scene = "plane" | "diverging" | "focused" | "element" | "convex" | "iq" | "lines";
export const SCENES: readonly Scene[] = ["plane", "diverging", "focused", "element", "convex", "iq", "lines"];

const ELEMENTS = 16;
const SAMPLES = 240;

/** An acquisition of a kind, and its only frame: smooth noise, so that interpolation is exercised and not only edges. */
export function makeScene(scene: Scene): { info: Acquisition; frame: Frame } {
  const random = integers(2026 + scene.length);
  const smooth = (count: number) => {
    const samples = new Int16Array(count);
    let [a, b] = [0, 0];
    for (let i = 0; i < count; i++) {
      a = (3 * a + (random() % 4001) - 2000) >> 2;
      b = (2 * b + a) >> 1;
      samples[i] = b;
    }
    return samples;
  };
  if (scene === "lines") {
    const lines = new Float64Array(5 * 12);
    for (let i = 0; i < 12; i++) lines.set([0.0005 * i, 0, -0.3 + 0.05 * i, 0.01, 0.0000625], 5 * i);
    const info: LineData = {
      kind: "lines",
      name: "synthetic lines",
      format: "synthetic",
      frameCount: 1,
      soundSpeedMps: 1500,
      centerFrequencyHz: 3e6,
      warnings: [],
      signal: "rf",
      lines,
      sampleCount: SAMPLES,
      sampleRateHz: 12e6,
    };
    return { info, frame: { index: 0, samples: smooth(12 * SAMPLES) } };
  }
  const pitch = 0.0003;
  const positionsM = new Float64Array(3 * ELEMENTS);
  const azimuthsRad = new Float64Array(ELEMENTS);
  for (let e = 0; e < ELEMENTS; e++) {
    const at = e - (ELEMENTS - 1) / 2;
    positionsM[3 * e] = at * pitch;
    if (scene === "convex") {
      // A parabola close to an arc of 20 mm, with its normals: no trigonometry, the same bits everywhere.
      positionsM[3 * e + 2] = (-at * pitch * at * pitch) / 0.04;
      azimuthsRad[e] = (at * pitch) / 0.02;
    }
  }
  const wave = (i: number): ChannelData["sequence"][number]["wave"] => {
    if (scene === "diverging" || scene === "convex")
      return { kind: "diverging", source: [0.001 * (i - 1), 0, -0.004] };
    if (scene === "focused") return { kind: "focused", source: [0.001 * (i - 1), 0, 0.008] };
    if (scene === "element") return { kind: "element", element: 5 * i + 2 };
    return { kind: "plane", azimuthRad: 0.125 * (i - 1) };
  };
  const iq = scene === "iq";
  const info: ChannelData = {
    kind: "channels",
    name: `synthetic ${scene}`,
    format: "synthetic",
    frameCount: 1,
    soundSpeedMps: 1500,
    centerFrequencyHz: 3e6,
    warnings: [],
    signal: iq ? "iq" : "rf",
    probe: {
      kind: scene === "convex" ? "convex" : "linear",
      positionsM,
      azimuthsRad,
      pitchM: pitch,
      elementWidthM: pitch,
      radiusM: scene === "convex" ? 0.02 : undefined,
    },
    sequence: [0, 1, 2].map((i) => ({ wave: wave(i), startS: 1e-6 * (i + 1), mixerStartS: 0.5e-6 * i })),
    sampleCount: SAMPLES,
    sampleRateHz: 12e6,
    modulationFrequencyHz: iq ? 3e6 : 0,
  };
  return { info, frame: { index: 0, samples: smooth(3 * ELEMENTS * SAMPLES * (iq ? 2 : 1)) } };
}
