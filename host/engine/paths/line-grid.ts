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
 * Steering filters are made in the same way (steering-filter.ts). What a plan promises is not their mean error but that of the row and
 * the transmit that err most, each for itself, with the elements and columns there are.
 */
import type { Kernels } from "../../core/binding.ts";
import type { Axis, ChannelData } from "../../model.ts";
import { pulsePower } from "../auto-interpolation.ts";
import { axisStep } from "../axis.ts";
import { choleskySolver } from "../cholesky.ts";
import type { ResolvedChannels } from "../resolve.ts";
import { windowOf } from "../windows.ts";
import { type ColumnsToSpare, columnsToSpare } from "./columns-to-spare.ts";
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
  /** Predicted rms error of columns, relative: of the row, and of the transmit alone, that err most. */
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
/** Columns whose error is looked at, both ends and multiples of a prime between them (whole fractions of a grid may all lie on lines), and frequencies. */
const JUDGED_COLUMNS = 16;
const PRIME = 7919;
const JUDGED_FREQUENCIES = [-0.5, 0, 0.5];
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
  if (!spare) return "lines would hardly be fewer than columns";
  const { columns, elements, fewest, most } = spare;
  const allowed = allowedError(resolved.accuracy);
  let error = 1;
  for (let perElement = fewest; perElement <= MOST_LINES; perElement++) {
    const spacing = elements.pitchX / perElement;
    const x = linesAround(columns, elements.x, spacing);
    if (x.count > most) break;
    const made = columnsBetween(columns, x, correlation(resolved, spare, spacing, kernels));
    error = worstError(resolved, spare, x, made, kernels);
    if (error <= allowed) return { x, ...made, error };
  }
  return error < 1
    ? `columns made from fewer lines would err by ${(100 * error).toFixed(1)} %`
    : "lines would hardly be fewer than columns";
}

/** Depths that are looked at (m). */
function depthsOf(z: Axis): number[] {
  const spanM = axisStep(z) * (z.count - 1);
  return Array.from({ length: DEPTHS }, (_, i) => z.min + (i / (DEPTHS - 1)) * spanM);
}

/** Lines at `first` + i `spacing` that columns from one end of the axis to the other are made of. */
function linesAround(columns: Axis, first: number, spacing: number): Axis {
  const { min, count } = columns;
  const max = min + axisStep(columns) * (count - 1);
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

/** R at distances of `spacing` / FINE, all depths alike. */
function correlation(
  { fNumber, window, soundSpeedMps, centerFrequencyHz, bandwidthHz }: ResolvedChannels,
  { depths, sines }: ColumnsToSpare,
  spacing: number,
  kernels: Kernels,
): Float64Array {
  const weigh = windowOf(window, kernels);
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
  const mean = new Float64Array(lags);
  for (const depth of depthsOf(depths)) {
    const r = new Float64Array(lags);
    const half = Math.floor(depth / (2 * fNumber * fine));
    // An aperture narrower than a line: nothing is alike from one to the next.
    if (half < FINE / 2) r[0] = 1;
    else {
      const weights = Float64Array.from({ length: 2 * half + 1 }, (_, j) =>
        weigh(Math.min(0.5, (Math.abs(j - half) * fine * fNumber) / depth)),
      );
      for (const tone of tones) addCorrelation(r, tone, weights, depth, fine, kernels);
    }
    for (let lag = 0; lag < lags; lag++) mean[lag] += r[lag] / (r[0] * DEPTHS);
  }
  return mean;
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

/** Weights of the lines around every column. */
function columnsBetween(columns: Axis, x: Axis, r: Float64Array): Pick<LineGrid, "firsts" | "weights"> {
  const spacing = axisStep(x);
  const matrix = new Float64Array(LINES * LINES);
  for (let j = 0; j < LINES; j++)
    for (let k = 0; k < LINES; k++) matrix[LINES * j + k] = r[FINE * Math.abs(j - k)] + (j === k ? NOISE : 0);
  const solve = choleskySolver(matrix, LINES);
  const firsts = new Int32Array(columns.count);
  const weights = new Float32Array(LINES * columns.count);
  const before = LINES / 2 - 1;
  for (let c = 0; c < columns.count; c++) {
    const at = (columns.min + c * axisStep(columns) - x.min) / spacing;
    firsts[c] = Math.min(x.count - LINES, Math.max(0, Math.floor(at + 1e-6) - before));
    const f = at - firsts[c];
    const onLine = Math.abs(f - before) < 1e-6;
    const h = onLine
      ? new Float64Array(LINES).fill(1, before, before + 1)
      : solve(Float64Array.from({ length: LINES }, (_, k) => between(r, FINE * Math.abs(f - k))));
    weights.set(h, LINES * c);
  }
  return { firsts, weights };
}

/**
 * Relative rms error of columns made so, of the row and the transmit that err most: what every element adds to a column, against what it
 * adds to the lines around it. The steepest transmits to either side err most.
 */
function worstError(
  { fNumber, window, soundSpeedMps, centerFrequencyHz, bandwidthHz }: ResolvedChannels,
  { columns, depths, elements, sines }: ColumnsToSpare,
  x: Axis,
  { firsts, weights }: Pick<LineGrid, "firsts" | "weights">,
  kernels: Kernels,
): number {
  const { cosTurns, sinTurns } = kernels;
  const weigh = windowOf(window, kernels);
  const waves = JUDGED_FREQUENCIES.map((share) => ({
    perM: (centerFrequencyHz + share * bandwidthHz) / soundSpeedMps,
    power: pulsePower(share * bandwidthHz, bandwidthHz),
  }));
  const steepest = [...new Set([Math.min(...sines), Math.max(...sines)])];
  const judged = Math.min(columns.count, JUDGED_COLUMNS);
  // Of a column, and of the lines around it: weight of the element there, and its paths.
  const shares = new Float64Array(LINES + 1);
  const gains = new Float64Array(LINES + 1);
  const besideM = new Float64Array(LINES + 1);
  const pathM = new Float64Array(LINES + 1);
  let worst = 0;
  for (const depth of depthsOf(depths)) {
    const halfM = depth / (2 * fNumber);
    const missed = steepest.map(() => 0);
    const heard = steepest.map(() => 0);
    for (let i = 0; i < judged; i++) {
      const c = i === 1 ? columns.count - 1 : (i * PRIME) % columns.count;
      const columnM = columns.min + c * axisStep(columns);
      shares[0] = -1;
      for (let k = 0; k < LINES; k++) shares[k + 1] = weights[LINES * c + k];
      for (let e = 0; e < elements.columns; e++) {
        const elementM = elements.x + e * elements.pitchX;
        let any = false;
        for (let k = 0; k <= LINES; k++) {
          const pixelM = k === 0 ? columnM : x.min + (firsts[c] + k - 1) * axisStep(x);
          const beside = pixelM - elementM;
          const inside = depth > 0 && Math.abs(beside) <= halfM;
          besideM[k] = beside;
          gains[k] = inside ? weigh(Math.min(0.5, Math.abs(beside) / (2 * halfM))) : 0;
          pathM[k] = Math.sqrt(beside * beside + depth * depth);
          any ||= inside;
        }
        if (!any) continue;
        for (const { perM, power } of waves)
          for (let t = 0; t < steepest.length; t++) {
            let [re, im] = [0, 0];
            for (let k = 0; k <= LINES; k++) {
              if (gains[k] === 0) continue;
              const turns = perM * (pathM[k] + besideM[k] * steepest[t]);
              re += shares[k] * gains[k] * cosTurns(turns);
              im += shares[k] * gains[k] * sinTurns(turns);
            }
            missed[t] += power * (re * re + im * im);
            heard[t] += power * gains[0] * gains[0];
          }
      }
    }
    for (let t = 0; t < steepest.length; t++)
      if (missed[t] > 0) worst = Math.max(worst, heard[t] > 0 ? Math.sqrt(missed[t] / heard[t]) : 1);
  }
  return Math.min(1, worst);
}
