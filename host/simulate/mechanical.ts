/**
 * A simulated single-element probe: swung over a sector, as echOpen's of 2017, or held still, as A-scan devices are. Line
 * data, RF:
 *
 *   s(line, k) = offset + A(x, z, t) (I cos(2 pi f k / fs) - Q sin(2 pi f k / fs)) + noise
 *
 * with I, Q smooth random numbers of the tissue, the same at all times, and A how bright the scene is there: layers, a
 * beating vessel, a cyst, a bright inclusion and a row of points. No wave is followed: it is a picture to look at, not to measure.
 */

import { rotationLines } from "../geometry/echopen.ts";
import { cosTurns, sinTurns } from "../geometry/exact.ts";
import { type Frame, LINE_FIELDS, type LineData } from "../model.ts";
import { randomNumbers } from "./random.ts";

/** What a device samples. */
export interface MechanicalDevice {
  lines: number;
  /** Angle between the first and the last line (rad). */
  sectorRad: number;
  /** Distance of the first sample from the centre of rotation (m). */
  r0M: number;
  sampleCount: number;
  sampleRateHz: number;
  centerFrequencyHz: number;
  soundSpeedMps: number;
  frameRateHz: number;
  /** Echo-free level of the converter. */
  offset: number;
}

/** The swung element of echOpen's kit of 2017; the real one makes two to three frames a second. */
export const SECTOR: MechanicalDevice = {
  lines: 64,
  sectorRad: (57 * Math.PI) / 180,
  r0M: 0.08,
  sampleCount: 1689,
  sampleRateHz: 15.625e6,
  centerFrequencyHz: 3.5e6,
  soundSpeedMps: 1480,
  frameRateHz: 10,
  offset: 50,
};

/** What a simulated mechanical probe can be told. */
export interface MechanicalOptions {
  /** Default: a sector. */
  device?: MechanicalDevice;
  /** Chooses speckle and noise. Default 1. */
  seed?: number;
  /** Frames a second of the motion, 0.5 to 1000. Default: the device's own. */
  frameRateHz?: number;
}

const NOISE = 3;
/** Depth that the scene is made for (m): shallower devices see it smaller. */
const SCENE_DEPTH_M = 0.08;
/** Cells over which speckle is alike: samples along a line, lines beside one another. */
const ALONG = 6;
const BESIDE = 1;
const HEART_HZ = 1.1;

/** Smooths a plane [line][sample] with a box of 2 n + 1, along one of its axes. */
function smooth(plane: Float32Array, n: number, step: number, length: number): void {
  const row = new Float32Array(length);
  for (let line = 0; line < plane.length / length; line++) {
    const base = step === 1 ? line * length : line;
    for (let k = 0; k < length; k++) row[k] = plane[base + k * step];
    for (let k = 0; k < length; k++) {
      let sum = 0;
      for (let j = Math.max(0, k - n); j <= Math.min(length - 1, k + n); j++) sum += row[j];
      plane[base + k * step] = sum;
    }
  }
}

/** Smooth random numbers with a mean square of one. */
function texture(random: () => number, lines: number, samples: number): Float32Array {
  const plane = Float32Array.from({ length: lines * samples }, () => random() + random() + random() - 1.5);
  smooth(plane, ALONG, 1, samples);
  smooth(plane, BESIDE, samples, lines);
  let power = 0;
  for (const value of plane) power += value * value;
  const scale = 1 / Math.sqrt(power / plane.length);
  return plane.map((value) => value * scale);
}

/** How bright the scene is at (x, z), in counts; `beat` is the growth of the vessel, 0 to 1. */
function brightness(xM: number, zM: number, depthM: number, beat: number): number {
  const away = (centreX: number, centreZ: number) =>
    Math.sqrt((xM - centreX) * (xM - centreX) + (zM - centreZ) * (zM - centreZ));
  if (depthM < 0.002) return 220;
  if (away(-0.022, 0.121) < 0.009) return 2;
  const vessel = away(0.012, 0.104);
  const radius = 0.006 * (1 + 0.25 * beat);
  if (vessel < radius) return 4;
  if (vessel < radius + 0.0012) return 190;
  if (away(0.03, 0.132) < 0.008) return 170;
  for (let k = -2; k <= 2; k++) if (away(k * 0.012, 0.146) < 0.0007) return 320;
  const layer = depthM < 0.012 ? 95 : depthM < 0.0135 ? 160 : depthM < 0.034 ? 50 : 70;
  return layer * (1 + 0.25 * sinTurns(zM * 160 + xM * 60));
}

/** Pulse of the vessel over a beat. */
function beatAt(timeS: number): number {
  const phase = timeS * HEART_HZ - Math.floor(timeS * HEART_HZ);
  return phase < 0.2 ? phase / 0.2 : (1 - phase) / 0.8;
}

/** Makes any frame of the probe, the same bytes for the same seed. */
export class MechanicalSimulation {
  readonly info: LineData;
  readonly frameRateHz: number;
  readonly #device: MechanicalDevice;
  readonly #seed: number;
  readonly #real: Float32Array;
  readonly #imaginary: Float32Array;
  readonly #carrier: Float32Array;

  constructor({ device = SECTOR, seed = 1, frameRateHz = device.frameRateHz }: MechanicalOptions = {}) {
    const { lines, sectorRad, r0M, sampleCount, sampleRateHz, centerFrequencyHz, soundSpeedMps } = device;
    this.#device = device;
    this.#seed = seed;
    this.frameRateHz = frameRateHz;
    const random = randomNumbers(seed);
    this.#real = texture(random, lines, sampleCount);
    this.#imaginary = texture(random, lines, sampleCount);
    this.#carrier = new Float32Array(2 * sampleCount);
    for (let k = 0; k < sampleCount; k++) {
      this.#carrier[2 * k] = cosTurns((centerFrequencyHz / sampleRateHz) * k);
      this.#carrier[2 * k + 1] = sinTurns((centerFrequencyHz / sampleRateHz) * k);
    }
    this.info = {
      kind: "lines",
      name: sectorRad > 0 ? "Simulated mechanical sector probe" : "Simulated single element",
      format: "simulated",
      signal: "rf",
      frameCount: null,
      frameRateHz,
      soundSpeedMps,
      centerFrequencyHz,
      warnings: [],
      lines: rotationLines(lines, sectorRad, r0M, soundSpeedMps / (2 * sampleRateHz)),
      sampleCount,
      sampleRateHz,
    };
  }

  /** @param index 0 or more */
  frame(index: number): Frame {
    const { lines, sampleCount, offset } = this.#device;
    const timeS = index / this.frameRateHz;
    const beat = beatAt(timeS);
    const random = randomNumbers((this.#seed ^ Math.imul(index + 1, 0x9e3779b1)) | 0);
    const samples = new Int16Array(lines * sampleCount);
    for (let line = 0; line < lines; line++) {
      const [, , angle, r0, dr] = this.info.lines.subarray(line * LINE_FIELDS, (line + 1) * LINE_FIELDS);
      const turns = angle / (2 * Math.PI);
      const [sin, cos] = [sinTurns(turns), cosTurns(turns)];
      const scale = SCENE_DEPTH_M / (sampleCount * dr);
      for (let k = 0; k < sampleCount; k++) {
        const depthM = k * dr * scale;
        const r = SECTOR.r0M + depthM;
        const at = line * sampleCount + k;
        // An element that is held still looks at the vessel.
        const bright = brightness(r0 > 0 ? r * sin : 0.012, r0 > 0 ? r * cos : r, depthM, beat);
        const echo = this.#real[at] * this.#carrier[2 * k] - this.#imaginary[at] * this.#carrier[2 * k + 1];
        samples[at] = offset + bright * echo + NOISE * (2 * random() - 1);
      }
    }
    return { index, timeS, samples };
  }
}
