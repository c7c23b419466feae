/**
 * Which lines to sum where the columns of a grid stand closer together than what can be heard of them varies, and how columns are made
 * from lines.
 *
 * What one element adds to the pixels of a row, along x, is the apodization window times the turn of the phase of sound to the pixel and
 * back: it turns no faster than 2 pi f / c (sin of the aperture's edge + sin of the transmit's angle), so that lines a wavelength over
 * twice these sines apart tell all columns between them. Elements taken as independent, the correlation R of a row of the image at
 * distance d is that of these contributions, averaged over frequencies, transmits and depths; the weights h of the lines around a column
 * that err least solve
 *
 *   R h = p,   R_jk = R(|j - k| spacing),   p_k = R(column - line k)
 *
 * and what remains, 1 - 2 h p + h R h, is the error that a plan promises. Steering filters are made in the same way (steering-filter.ts).
 */
import type { Kernels } from "../../core/binding.ts";
import type { Axis, ChannelData } from "../../model.ts";
import { pulsePower } from "../auto-interpolation.ts";
import { axisStep } from "../axis.ts";
import { choleskySolver } from "../cholesky.ts";
import type { ResolvedChannels } from "../resolve.ts";
import { windowWeight } from "../windows.ts";
import { columnsToSpare } from "./columns-to-spare.ts";
import { Kept } from "./kept.ts";

/** Lines that a column is made of (assembly/between-lines.ts). */
export const LINES = 8;

/** Lines in step with the elements, and the columns between them. */
export interface LineGrid {
  x: Axis;
  /** First of the lines of each column. */
  firsts: Int32Array<ArrayBuffer>;
  /** [column][line]. */
  weights: Float32Array<ArrayBuffer>;
  /** Predicted rms error of a column, relative. */
  error: number;
}

/** Rms error that columns between lines may have, as a fraction of what the sum may err by in all, and at most. */
const SHARE = 0.5;
const MOST_ERROR = 0.01;

/** Of the promised accuracy, what columns between lines may err by. */
export function allowedError(accuracy: number): number {
  return Math.min(MOST_ERROR, SHARE * accuracy);
}

/** Most lines for each element. */
const MOST_LINES = 8;
/** Distances that R is known for, to one spacing of lines; between them it is a parabola. */
const FINE = 16;
/** Depths that are looked at, first and last included, and frequencies, as shares of the bandwidth. */
const DEPTHS = 4;
const FREQUENCIES = [-0.5, -0.25, 0, 0.25, 0.5];
/** Points of an aperture that a correlation is summed over, at least. */
const POINTS = 256;
/** White noise, -40 dB: what the model does not know of. */
const NOISE = 1e-4;

const kept = new Kept<LineGrid | string>(130, () => 1);

/** Lines for a grid, or why there are none, as the end of a sentence. */
export function lineGrid(info: ChannelData, resolved: ResolvedChannels, kernels: Kernels): LineGrid | string {
  const { transmits, scan, soundSpeedMps, fNumber, window } = resolved;
  const { centerFrequencyHz, bandwidthHz, accuracy, compound, interpolation, columns } = resolved;
  const key = [
    [transmits, scan, soundSpeedMps, fNumber, window],
    [centerFrequencyHz, bandwidthHz, accuracy, compound, interpolation, columns],
  ];
  return kept.of(info, key, () => findLines(info, resolved, kernels));
}

function findLines(info: ChannelData, resolved: ResolvedChannels, kernels: Kernels): LineGrid | string {
  const spare = columnsToSpare(info, resolved, kernels);
  if (!spare || resolved.scan.kind !== "linear") return "lines would hardly be fewer than columns";
  const { columns, firstM, pitchM, fewest, most, sines } = spare;
  const allowed = allowedError(resolved.accuracy);
  let error = 1;
  for (let perElement = fewest; perElement <= MOST_LINES; perElement++) {
    const spacing = pitchM / perElement;
    const x = linesAround(columns, firstM, spacing);
    if (x.count > most) break;
    const grid = columnsBetween(columns, x, correlations(resolved, resolved.scan.z, sines, spacing, kernels));
    if (grid.error <= allowed) return grid;
    error = grid.error;
  }
  return error < 1
    ? `columns made from fewer lines would err by ${(100 * error).toFixed(1)} %`
    : "lines would hardly be fewer than columns";
}

/** Lines at `first` + i `spacing` that columns from one end of the axis to the other are made of. */
function linesAround({ min, max }: Axis, first: number, spacing: number): Axis {
  const from = Math.floor((min - first) / spacing) - (LINES / 2 - 1);
  const to = Math.floor((max - first) / spacing) + LINES / 2;
  return { min: first + from * spacing, max: first + to * spacing, count: to - from + 1 };
}

/** One frequency of the echoes. */
interface Tone {
  wavesPerM: number;
  power: number;
  /** How fronts turn over a distance, averaged over transmits: re and im for each lag. */
  fronts: Float64Array;
}

/** R of each depth at distances of `spacing` / FINE, R(0) = 1. */
function correlations(
  { fNumber, window, soundSpeedMps, centerFrequencyHz, bandwidthHz }: ResolvedChannels,
  z: Axis,
  sines: readonly number[],
  spacing: number,
  kernels: Kernels,
): Float64Array[] {
  const fine = spacing / FINE;
  const lags = FINE * LINES + 2;
  const tones = FREQUENCIES.map((share): Tone => {
    const wavesPerM = (centerFrequencyHz + share * bandwidthHz) / soundSpeedMps;
    const fronts = new Float64Array(2 * lags);
    for (let lag = 0; lag < lags; lag++)
      for (const sine of sines) {
        fronts[2 * lag] += kernels.cosTurns(wavesPerM * sine * lag * fine) / sines.length;
        fronts[2 * lag + 1] += kernels.sinTurns(wavesPerM * sine * lag * fine) / sines.length;
      }
    return { wavesPerM, power: pulsePower(share * bandwidthHz, bandwidthHz), fronts };
  });
  return Array.from({ length: DEPTHS }, (_, i) => {
    const depth = z.min + (i / (DEPTHS - 1)) * (z.max - z.min);
    const r = new Float64Array(lags);
    const half = Math.floor(depth / (2 * fNumber * fine));
    // An aperture narrower than a line: nothing is alike from one to the next.
    if (half < FINE / 2) return r.fill(1, 0, 1);
    const weights = Float64Array.from({ length: 2 * half + 1 }, (_, j) =>
      windowWeight(window, Math.min(0.5, (Math.abs(j - half) * fine * fNumber) / depth), kernels),
    );
    for (const tone of tones) addCorrelation(r, tone, weights, depth, fine, kernels);
    return r.map((value) => value / r[0]);
  });
}

/** Adds what one frequency brings at one depth. weights: of an element's contribution, `fine` apart. */
function addCorrelation(
  r: Float64Array,
  { wavesPerM, power, fronts }: Tone,
  weights: Float64Array,
  depth: number,
  fine: number,
  { cosTurns, sinTurns }: Kernels,
): void {
  const half = (weights.length - 1) / 2;
  const re = new Float64Array(weights.length);
  const im = new Float64Array(weights.length);
  weights.forEach((weight, j) => {
    const beside = (j - half) * fine;
    const turns = wavesPerM * (Math.sqrt(beside * beside + depth * depth) - depth);
    re[j] = weight * cosTurns(turns);
    im[j] = weight * sinTurns(turns);
  });
  const stride = Math.max(1, Math.floor(weights.length / POINTS));
  for (let lag = 0; lag < r.length; lag++) {
    let [a, b] = [0, 0];
    for (let j = 0; j + lag < weights.length; j += stride) {
      a += re[j] * re[j + lag] + im[j] * im[j + lag];
      b += re[j] * im[j + lag] - im[j] * re[j + lag];
    }
    r[lag] += power * (a * fronts[2 * lag] - b * fronts[2 * lag + 1]);
  }
}

/** The value of a table at a fraction of its steps, on a parabola through three of them. */
function between(table: Float64Array, at: number): number {
  const i = Math.round(at);
  const f = at - i;
  // Even about zero.
  const before = table[Math.abs(i - 1)];
  return table[i] + (f * (table[i + 1] - before)) / 2 + (f * f * (table[i + 1] + before - 2 * table[i])) / 2;
}

/** Weights of the lines around every column, and their error: the mean square over columns and depths, rooted. */
function columnsBetween(columns: Axis, x: Axis, perDepth: readonly Float64Array[]): LineGrid {
  const spacing = axisStep(x);
  const mean = perDepth[0].map((_, lag) => perDepth.reduce((sum, r) => sum + r[lag] / DEPTHS, 0));
  const matrix = new Float64Array(LINES * LINES);
  for (let j = 0; j < LINES; j++)
    for (let k = 0; k < LINES; k++)
      matrix[LINES * j + k] = mean[FINE * Math.abs(j - k)] + (j === k ? NOISE : 0);
  const solve = choleskySolver(matrix, LINES);
  const firsts = new Int32Array(columns.count);
  const weights = new Float32Array(LINES * columns.count);
  let missed = 0;
  const before = LINES / 2 - 1;
  for (let c = 0; c < columns.count; c++) {
    const at = (columns.min + c * axisStep(columns) - x.min) / spacing;
    firsts[c] = Math.min(x.count - LINES, Math.max(0, Math.floor(at + 1e-6) - before));
    const f = at - firsts[c];
    const lagOf = (k: number) => FINE * Math.abs(f - k);
    const onLine = Math.abs(f - before) < 1e-6;
    const h = onLine
      ? new Float64Array(LINES).fill(1, before, before + 1)
      : solve(Float64Array.from({ length: LINES }, (_, k) => between(mean, lagOf(k))));
    weights.set(h, LINES * c);
    for (const r of perDepth) {
      let miss = 1;
      for (let j = 0; j < LINES; j++) {
        miss -= 2 * h[j] * between(r, lagOf(j));
        for (let k = 0; k < LINES; k++) miss += h[j] * h[k] * r[FINE * Math.abs(j - k)];
      }
      missed += miss;
    }
  }
  return { x, firsts, weights, error: Math.sqrt(Math.max(0, missed) / (columns.count * DEPTHS)) };
}
