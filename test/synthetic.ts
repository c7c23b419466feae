/**
 * Small acquisitions made from integers, the same on every machine. Needs nothing of Node, so that a page can run it too; its
 * geometry is that of host/geometry where a scene says so, and is then part of what is compared.
 */
import { convexArray } from "../host/geometry/arrays.ts";
import { LOUNGER_MOUNTS, loungerLines } from "../host/geometry/echopen.ts";
import type { Acquisition, Beamformed, ChannelData, Frame, LineData } from "../host/index.ts";

/** Uniform integers from a linear congruential generator (Numerical Recipes). */
export function integers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}

export const SCENES = [
  "plane",
  "diverging",
  "focused",
  "element",
  "convex",
  "iq",
  "lines",
  /** An array of host/geometry; so many samples that only Bluestein's transform takes them, echoes close to half their rate. */
  "arc",
  /** Compressed lines on the swing of an echOpen probe. */
  "swing",
  /** Two complex images to be summed, on a sector. */
  "sector",
] as const;
export type Scene = (typeof SCENES)[number];

const ELEMENTS = 16;
const SAMPLES = 240;
const PRIME_SAMPLES = 241;

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
  if (scene === "sector") {
    const info: Beamformed = {
      kind: "beamformed",
      name: "synthetic sector",
      format: "synthetic",
      frameCount: 1,
      soundSpeedMps: 1500,
      warnings: [],
      signal: "iq",
      rows: 40,
      columns: 12,
      transmitCount: 2,
      scan: {
        kind: "sector",
        angle: { min: -0.5, max: 0.4, count: 12 },
        range: { min: 0.01, max: 0.03, count: 40 },
        apex: [0.001, -0.002],
      },
    };
    return { info, frame: { index: 0, samples: smooth(2 * 40 * 12 * 2) } };
  }
  if (scene === "lines" || scene === "swing") {
    const swing = scene === "swing";
    const lines = swing
      ? loungerLines(12, LOUNGER_MOUNTS.PROBE_V1__3_5MHZ, 0.0000625)
      : new Float64Array(5 * 12);
    for (let i = 0; i < 12 && !swing; i++)
      lines.set([0.0005 * i, 0, -0.3 + 0.05 * i, 0.01, 0.0000625], 5 * i);
    const info: LineData = {
      kind: "lines",
      name: `synthetic ${scene}`,
      format: "synthetic",
      frameCount: 1,
      soundSpeedMps: 1500,
      centerFrequencyHz: 3e6,
      warnings: [],
      signal: swing ? "log" : "rf",
      logStepDb: swing ? 0.01 : undefined,
      lines,
      sampleCount: SAMPLES,
      sampleRateHz: 12e6,
    };
    return { info, frame: { index: 0, samples: smooth(12 * SAMPLES) } };
  }
  const pitch = 0.0003;
  const arc = scene === "arc" ? convexArray(ELEMENTS, pitch, 0.02) : undefined;
  const positionsM = arc?.positionsM ?? new Float64Array(3 * ELEMENTS);
  const azimuthsRad = arc?.azimuthsRad ?? new Float64Array(ELEMENTS);
  const curved = scene === "convex" || scene === "arc";
  for (let e = 0; e < ELEMENTS && !arc; e++) {
    const at = e - (ELEMENTS - 1) / 2;
    positionsM[3 * e] = at * pitch;
    if (scene === "convex") {
      // A parabola close to an arc of 20 mm, with its normals: no trigonometry, the same bits everywhere.
      positionsM[3 * e + 2] = (-at * pitch * at * pitch) / 0.04;
      azimuthsRad[e] = (at * pitch) / 0.02;
    }
  }
  const wave = (i: number): ChannelData["sequence"][number]["wave"] => {
    if (scene === "diverging" || curved) return { kind: "diverging", source: [0.001 * (i - 1), 0, -0.004] };
    if (scene === "focused") return { kind: "focused", source: [0.001 * (i - 1), 0, 0.008] };
    if (scene === "element") return { kind: "element", element: 5 * i + 2 };
    return { kind: "plane", azimuthRad: 0.125 * (i - 1) };
  };
  const iq = scene === "iq";
  const sampleCount = arc ? PRIME_SAMPLES : SAMPLES;
  const info: ChannelData = {
    kind: "channels",
    name: `synthetic ${scene}`,
    format: "synthetic",
    frameCount: 1,
    soundSpeedMps: 1500,
    centerFrequencyHz: arc ? 5e6 : 3e6,
    warnings: [],
    signal: iq ? "iq" : "rf",
    probe: {
      kind: curved ? "convex" : "linear",
      positionsM,
      azimuthsRad,
      pitchM: pitch,
      elementWidthM: pitch,
      radiusM: curved ? 0.02 : undefined,
      fractionalBandwidth: arc ? 0.3 : undefined,
    },
    sequence: [0, 1, 2].map((i) => ({ wave: wave(i), startS: 1e-6 * (i + 1), mixerStartS: 0.5e-6 * i })),
    sampleCount,
    sampleRateHz: 12e6,
    modulationFrequencyHz: iq ? 3e6 : 0,
  };
  return { info, frame: { index: 0, samples: smooth(3 * ELEMENTS * sampleCount * (iq ? 2 : 1)) } };
}
