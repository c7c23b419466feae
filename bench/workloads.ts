/**
 * The whole-frame workloads W1 to W5: geometry, seeded data, and the pipelines to try on them. Every device gets the
 * same bytes; only W5 uses recorded data where they are at hand.
 */
import { LocalPlan } from "../host/engine/plan.ts";
import { linearArray } from "../host/geometry/arrays.ts";
import { cos, sin } from "../host/geometry/exact.ts";
import {
  type ChannelData,
  elementCount,
  type Frame,
  open,
  type Pipeline,
  type Scan,
  type Transmit,
  type Volume,
} from "../host/index.ts";
import { bandLimitedNoise } from "./noise.ts";
import { gridSize, pixelAt } from "./reference/geometry.ts";

const degrees = (angle: number) => (angle * Math.PI) / 180;

/** One way to have Sonde do a workload. An engine that has no such way refuses it, and the report says so. */
export interface Variant {
  name: string;
  pipeline: Pipeline;
  /** Threads to run on. Default 1. */
  threads?: number;
  /** Which of the pre-steered C programs does the same arithmetic; the other variants are compared with the faster one. */
  arithmetic?: "int16" | "float32";
  /**
   * What the picture ought to be: `"linear"`, linear interpolation of the samples exactly; a number, band-limited
   * interpolation within that relative rms error.
   */
  promise: "linear" | number;
}

/** A frame to beamform, and everything to know about it. */
export interface Workload {
  name: WorkloadName;
  title: string;
  info: ChannelData;
  /** What is beamformed in one go: one frame, or an ensemble. */
  frames: readonly Frame[];
  /** Set in every variant's pipeline: grid, aperture, signal. */
  pipeline: Pipeline & { scan: Scan | Volume; signal: "rf" | "analytic" | "iq" };
  variants: readonly Variant[];
  /** Where the samples come from. */
  data: string;
  /** The straightforward JavaScript would take minutes: time each n-th row of pixels, and reckon the others. */
  jsEvery?: number;
}

export const WORKLOADS = ["W1", "W2", "W3", "W4", "W5"] as const;
export type WorkloadName = (typeof WORKLOADS)[number];

/** Parts of `beamform` and of `createEngine` that choose a path; versions before them refuse them. */
interface Choice {
  path?: "auto" | "steered" | "lateral" | "depth";
  arithmetic?: "auto" | "int16" | "float32";
  columns?: "auto" | "all";
  accuracy?: number;
  interpolation?: "linear";
}

interface Ask {
  name: string;
  choice: Choice;
  promise: "linear" | number;
  threads?: number;
}

/** The promise of `interpolation: "auto"` when nothing else is asked. */
const DEFAULT_ACCURACY = 0.02;
/** What linear interpolation errs by at four samples a period: ways that promise no more are those that peers are comparable with. */
const AS_LINEAR = 0.25;
/** What filtering to twice a rate of four samples a period is good for. */
const DOUBLED = 0.066;
/** What linear interpolation of W5's IQ errs by, and rounding to int16. */
const ROUNDED = 0.01;

function variantsOf(base: Pipeline, asks: readonly Ask[]): Variant[] {
  return asks.map(({ name, choice, promise, threads }) => ({
    name,
    promise,
    pipeline: { ...base, beamform: { ...base.beamform, ...choice } as Pipeline["beamform"] },
    threads,
    arithmetic:
      choice.arithmetic === "int16" || choice.arithmetic === "float32" ? choice.arithmetic : undefined,
  }));
}

interface Geometry {
  name: string;
  kind: "linear" | "phased";
  elements: number;
  pitchM: number;
  centerHz: number;
  sampleRateHz: number;
  samples: number;
  soundSpeedMps: number;
  sequence: readonly Transmit[];
}

function acquisition(geometry: Geometry): ChannelData {
  return {
    kind: "channels",
    name: geometry.name,
    format: "seeded",
    frameCount: 1,
    soundSpeedMps: geometry.soundSpeedMps,
    centerFrequencyHz: geometry.centerHz,
    warnings: [],
    signal: "rf",
    probe: {
      kind: geometry.kind,
      ...linearArray(geometry.elements, geometry.pitchM),
      elementWidthM: geometry.pitchM,
      centerFrequencyHz: geometry.centerHz,
      fractionalBandwidth: 0.6,
    },
    sequence: geometry.sequence,
    sampleType: "int16",
    sampleCount: geometry.samples,
    sampleRateHz: geometry.sampleRateHz,
    modulationFrequencyHz: 0,
  };
}

function seededFrame(info: ChannelData, seed: number): Frame {
  const centerHz = info.centerFrequencyHz ?? info.sampleRateHz / 4;
  return {
    index: 0,
    samples: bandLimitedNoise({
      rows: info.sequence.length * elementCount(info.probe),
      samples: info.sampleCount,
      center: centerHz / info.sampleRateHz,
      bandwidth: (0.6 * centerHz) / info.sampleRateHz,
      seed,
    }),
  };
}

function planeWaves(count: number, halfAngle: number): Transmit[] {
  return Array.from({ length: count }, (_, i) => ({
    wave: { kind: "plane", azimuthRad: degrees(-halfAngle + (2 * halfAngle * i) / (count - 1)) },
    startS: 0,
  }));
}

function linearProbe(name: string, transmits: number): ChannelData {
  return acquisition({
    name,
    kind: "linear",
    elements: 128,
    pitchM: 0.0003,
    centerHz: 5.208e6,
    sampleRateHz: 20.832e6,
    samples: 1536,
    soundSpeedMps: 1540,
    sequence: planeWaves(transmits, 16),
  });
}

/** Linear array, 75 plane waves, real RF: a frame of the best quality. */
function w1(): Workload {
  const info = linearProbe("W1", 75);
  const pipeline = {
    signal: "rf",
    scan: {
      kind: "linear",
      x: { min: -0.0193, max: 0.0193, count: 387 },
      z: { min: 0.005, max: 0.05, count: 609 },
    },
    beamform: { fNumber: 1.75, window: "hann" },
  } as const;
  return {
    name: "W1",
    title: "linear array, 128 elements, 75 plane waves, 387 x 609 points, real RF",
    info,
    frames: [seededFrame(info, 1)],
    pipeline,
    data: "seeded noise",
    variants: variantsOf(pipeline, [
      {
        name: "steered int16, as linear",
        choice: { path: "steered", arithmetic: "int16", columns: "all", accuracy: AS_LINEAR },
        promise: AS_LINEAR,
      },
      {
        name: "steered float32, as linear",
        choice: { path: "steered", arithmetic: "float32", columns: "all", accuracy: AS_LINEAR },
        promise: AS_LINEAR,
      },
      {
        name: "steered int16, as linear, 2 threads",
        choice: { path: "steered", arithmetic: "int16", columns: "all", accuracy: AS_LINEAR },
        promise: AS_LINEAR,
        threads: 2,
      },
      // Two lines for each three columns of this grid.
      {
        name: "steered int16 from lines, as linear",
        choice: { path: "steered", arithmetic: "int16", columns: "auto", accuracy: AS_LINEAR },
        promise: AS_LINEAR,
      },
      {
        name: "steered float32 from lines, as linear",
        choice: { path: "steered", arithmetic: "float32", columns: "auto", accuracy: AS_LINEAR },
        promise: AS_LINEAR,
      },
      {
        name: "steered int16 from lines, as linear, 2 threads",
        choice: { path: "steered", arithmetic: "int16", columns: "auto", accuracy: AS_LINEAR },
        promise: AS_LINEAR,
        threads: 2,
      },
      { name: "auto", choice: {}, promise: DEFAULT_ACCURACY },
      { name: "auto, 2 threads", choice: {}, promise: DEFAULT_ACCURACY, threads: 2 },
      {
        name: "steered float32 within 2 %",
        choice: { path: "steered", arithmetic: "float32", columns: "all" },
        promise: DEFAULT_ACCURACY,
      },
      {
        name: "lateral, as linear",
        choice: { path: "lateral", columns: "all", accuracy: AS_LINEAR },
        promise: AS_LINEAR,
      },
      {
        name: "lateral from lines, as linear",
        choice: { path: "lateral", columns: "auto", accuracy: AS_LINEAR },
        promise: AS_LINEAR,
      },
      { name: "depth, linear", choice: { path: "depth", interpolation: "linear" }, promise: "linear" },
    ]),
  };
}

/** The same probe live: 11 plane waves, raw RF to a complex image. */
function w2(): Workload {
  const info = linearProbe("W2", 11);
  const pipeline = {
    signal: "analytic",
    scan: {
      kind: "linear",
      x: { min: -0.019125, max: 0.019125, count: 256 },
      z: { min: 0.005, max: 0.05, count: 512 },
    },
    beamform: { fNumber: 1.75, window: "hann" },
  } as const;
  return {
    name: "W2",
    title: "linear array live, 11 plane waves, 256 x 512 points, raw RF to complex image",
    info,
    frames: [seededFrame(info, 2)],
    pipeline,
    data: "seeded noise",
    variants: variantsOf(pipeline, [
      { name: "auto", choice: {}, promise: DEFAULT_ACCURACY },
      { name: "auto, 2 threads", choice: {}, promise: DEFAULT_ACCURACY, threads: 2 },
      {
        name: "steered int16",
        choice: { path: "steered", arithmetic: "int16" },
        promise: DEFAULT_ACCURACY,
      },
      {
        name: "steered float32",
        choice: { path: "steered", arithmetic: "float32" },
        promise: DEFAULT_ACCURACY,
      },
      {
        name: "steered int16 at twice the sample rate",
        choice: { path: "steered", arithmetic: "int16", accuracy: DOUBLED },
        promise: DOUBLED,
      },
      {
        name: "steered int16 at twice the sample rate, 2 threads",
        choice: { path: "steered", arithmetic: "int16", accuracy: DOUBLED },
        promise: DOUBLED,
        threads: 2,
      },
      { name: "lateral, as linear", choice: { path: "lateral", accuracy: AS_LINEAR }, promise: AS_LINEAR },
      { name: "depth, linear", choice: { path: "depth", interpolation: "linear" }, promise: "linear" },
    ]),
  };
}

/** Phased array, diverging waves, sector. */
function w3(): Workload {
  const sources = 5;
  const radiusM = 0.0096;
  const info = acquisition({
    name: "W3",
    kind: "phased",
    elements: 64,
    pitchM: 0.0003,
    centerHz: 2.72e6,
    sampleRateHz: 10.88e6,
    samples: 1536,
    soundSpeedMps: 1540,
    // Virtual sources half an aperture behind the array, fanned over +-30 degrees.
    sequence: Array.from({ length: sources }, (_, i) => {
      const angle = degrees(-30 + (60 * i) / (sources - 1));
      return {
        wave: { kind: "diverging", source: [-radiusM * sin(angle), 0, -radiusM * cos(angle)] },
        startS: 0,
      };
    }),
  });
  const pipeline = {
    signal: "analytic",
    scan: {
      kind: "sector",
      angle: { min: degrees(-45), max: degrees(45), count: 128 },
      range: { min: 0.005, max: 0.1, count: 512 },
      apex: [0, 0],
    },
    beamform: { fNumber: 0, window: "boxcar" },
  } as const;
  return {
    name: "W3",
    title:
      "phased array, 64 elements, 5 diverging waves, sector of 128 x 512 points, raw RF to complex image",
    info,
    frames: [seededFrame(info, 3)],
    pipeline,
    data: "seeded noise",
    variants: variantsOf(pipeline, [
      { name: "auto, as linear", choice: { accuracy: AS_LINEAR }, promise: AS_LINEAR },
      { name: "lateral, as linear", choice: { path: "lateral", accuracy: AS_LINEAR }, promise: AS_LINEAR },
      { name: "depth, linear", choice: { path: "depth", interpolation: "linear" }, promise: "linear" },
      { name: "auto", choice: {}, promise: DEFAULT_ACCURACY },
      { name: "auto, 2 threads", choice: {}, promise: DEFAULT_ACCURACY, threads: 2 },
    ]),
  };
}

/** Elements on a square, x fastest. */
function matrixArray(
  side: number,
  pitchM: number,
): Pick<ChannelData["probe"], "positionsM" | "azimuthsRad" | "pitchM"> {
  const positionsM = new Float64Array(3 * side * side);
  const at = (k: number) => (k - (side - 1) / 2) * pitchM;
  for (let e = 0; e < side * side; e++) positionsM.set([at(e % side), at(Math.floor(e / side)), 0], 3 * e);
  return { positionsM, azimuthsRad: new Float64Array(side * side), pitchM };
}

/** Matrix array, plane waves in two directions, a volume. */
function w4(): Workload {
  const side = 32;
  const pitchM = 0.0003;
  const angles = [-6, 0, 6].map(degrees);
  const flat = acquisition({
    name: "W4",
    kind: "linear",
    elements: side * side,
    pitchM,
    centerHz: 3.5e6,
    sampleRateHz: 14e6,
    samples: 768,
    soundSpeedMps: 1540,
    sequence: angles.flatMap((elevationRad) =>
      angles.map((azimuthRad) => ({ wave: { kind: "plane" as const, azimuthRad, elevationRad }, startS: 0 })),
    ),
  });
  const info: ChannelData = {
    ...flat,
    probe: { ...flat.probe, kind: "matrix", ...matrixArray(side, pitchM) },
  };
  // Half a pitch apart, every second one over an element.
  const half = (47 / 2) * (pitchM / 2);
  const lateral = { min: -half - pitchM / 4, max: half - pitchM / 4, count: 48 };
  const pipeline = {
    signal: "analytic",
    scan: { kind: "volume", x: lateral, y: lateral, z: { min: 0.005, max: 0.035, count: 96 } },
    beamform: { fNumber: 1, window: "hann" },
  } as const;
  return {
    name: "W4",
    title: "matrix array of 32 x 32 elements, 9 plane waves, 48 x 48 x 96 points, raw RF to complex volume",
    info,
    frames: [seededFrame(info, 4)],
    pipeline,
    data: "seeded noise",
    jsEvery: 24,
    variants: variantsOf(pipeline, [
      { name: "auto", choice: {}, promise: DEFAULT_ACCURACY },
      { name: "auto, 2 threads", choice: {}, promise: DEFAULT_ACCURACY, threads: 2 },
      { name: "steered int16", choice: { path: "steered", arithmetic: "int16" }, promise: DEFAULT_ACCURACY },
      {
        name: "steered float32",
        choice: { path: "steered", arithmetic: "float32" },
        promise: DEFAULT_ACCURACY,
      },
      { name: "depth within 2 %", choice: { path: "depth" }, promise: DEFAULT_ACCURACY },
      { name: "depth, linear", choice: { path: "depth", interpolation: "linear" }, promise: "linear" },
    ]),
  };
}

const ENSEMBLE = 32;

/** The recording of W5 as baseband IQ, where its file is at hand. */
async function recordedDisk(file: Blob): Promise<{ info: ChannelData; frames: Frame[] }> {
  const source = await open(new File([file], "PWI_disk.mat"));
  const rf = source.info as ChannelData;
  const plan = await LocalPlan.create(
    rf,
    { signal: "iq", scan: W5_GRID, beamform: { interpolation: "linear" } },
    2 ** 30,
  );
  const frames: Frame[] = [];
  for (let index = 0; index < ENSEMBLE; index++)
    frames.push({ index, samples: (await plan.channels(await source.frame(index))).values });
  plan.close();
  source.close();
  return { info: basebandOf(rf), frames };
}

/** What the mixer and low-pass make of an RF acquisition. */
function basebandOf(rf: ChannelData): ChannelData {
  return {
    ...rf,
    signal: "iq",
    sampleType: "float32",
    modulationFrequencyHz: rf.centerFrequencyHz ?? 0,
    sequence: rf.sequence.map(({ wave, startS }) => ({ wave, startS, mixerStartS: startS })),
  };
}

/** The geometry of MUST's rotating disk with noise in place of the recording. */
function seededDisk(): { info: ChannelData; frames: Frame[] } {
  const rf = acquisition({
    name: "W5",
    kind: "linear",
    elements: 128,
    pitchM: 0.000298,
    centerHz: 5e6,
    sampleRateHz: 5e6 / 0.75,
    samples: 334,
    soundSpeedMps: 1480,
    sequence: [{ wave: { kind: "plane", azimuthRad: 0 }, startS: 9.95e-6 }],
  });
  const frames = Array.from({ length: ENSEMBLE }, (_, index) => {
    const part = (seed: number) =>
      bandLimitedNoise({ rows: 128, samples: 334, center: 0, bandwidth: 0.1125, seed });
    const [i, q] = [part(50 + 2 * index), part(51 + 2 * index)];
    const samples = new Float32Array(2 * i.length);
    for (let k = 0; k < i.length; k++) {
      samples[2 * k] = i[k];
      samples[2 * k + 1] = q[k];
    }
    return { index, samples };
  });
  return { info: basebandOf(rf), frames };
}

const W5_GRID: Scan = {
  kind: "linear",
  x: { min: -0.0125, max: 0.0125, count: 251 },
  z: { min: 0.01, max: 0.035, count: 251 },
};

/** mach's published case (github.com/Forest-Neurotech/mach): an ensemble of 32 frames of IQ, one plane wave. */
async function w5(disk: Blob | undefined): Promise<Workload> {
  const { info, frames } = disk ? await recordedDisk(disk) : seededDisk();
  const pipeline = {
    signal: "iq",
    scan: W5_GRID,
    beamform: { fNumber: 1, window: "boxcar" },
  } as const;
  return {
    name: "W5",
    title: "Doppler ensemble of 32 frames, 128 elements, one plane wave, 251 x 251 points, IQ",
    info,
    frames,
    pipeline,
    data: disk ? "MUST's rotating disk" : "seeded noise",
    variants: variantsOf(pipeline, [
      { name: "linear", choice: { interpolation: "linear" }, promise: "linear" },
      { name: "auto", choice: {}, promise: DEFAULT_ACCURACY },
      { name: "int16, linear", choice: { interpolation: "linear", arithmetic: "int16" }, promise: ROUNDED },
    ]),
  };
}

/** Makes a workload. `disk`: MUST's PWI_disk.mat for W5, where it is at hand. */
export async function makeWorkload(name: WorkloadName, disk?: Blob): Promise<Workload> {
  return { W1: w1, W2: w2, W3: w3, W4: w4, W5: () => w5(disk) }[name]();
}

/** Pixel-element-transmit triples: all, and those whose element lies in the pixel's aperture; frames counted. */
export function countPoints({ info, pipeline, frames }: Workload): { inAperture: number; nominal: number } {
  const { scan, beamform } = pipeline;
  const n = elementCount(info.probe);
  const fNumber = typeof beamform?.fNumber === "number" ? beamform.fNumber : 0;
  const { rows, columns } = gridSize(scan);
  const each = info.sequence.length * frames.length;
  const nominal = rows * columns * n * each;
  if (fNumber === 0) return { inAperture: nominal, nominal };
  const matrix = info.probe.kind === "matrix";
  const { positionsM } = info.probe;
  let pairs = 0;
  for (let r = 0; r < rows; r++)
    for (let k = 0; k < columns; k++) {
      const [x, y, z] = pixelAt(scan, r, k);
      for (let e = 0; e < n; e++)
        if (
          Math.abs(x - positionsM[3 * e]) * fNumber <= z / 2 &&
          (!matrix || Math.abs(y - positionsM[3 * e + 1]) * fNumber <= z / 2)
        )
          pairs++;
    }
  return { inAperture: pairs * each, nominal };
}

/** How long the sound itself takes: the recorded depth, there and back, once a transmit and frame (s). */
export function soundTimeS({ info, frames }: Workload): number {
  const recordS = (info.sampleCount - 1) / info.sampleRateHz;
  return frames.length * info.sequence.reduce((sum, { startS }) => sum + startS + recordS, 0);
}
