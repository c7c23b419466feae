/** The signal before detection along a line, out of a complex image: envelope and its carrier, where the grid has them. */
import type {
  Acquisition,
  BeamformedFrame,
  LineData,
  Pipeline,
  Scan,
  Volume,
} from "../../../../host/index.ts";
import type { Beams } from "./plane.ts";
import type { Line, PlanePoint } from "./state.ts";

/** Samples of the carrier a period, and samples along the line. */
const SAMPLES_A_PERIOD = 8;
const SAMPLE_LIMITS = [256, 4096] as const;

/** Distance of the second line of a scan of one beam (m, or rad). */
const SECOND_LINE = 1e-4;

export interface Trace {
  /** Depth of the first sample, and between samples (m). */
  depth: readonly [origin: number, step: number];
  envelope: Float32Array;
  /** Real part: the RF signal, or I of baseband data. */
  real: Float32Array;
}

/** The scan of one beam, sampled as finely as its carrier needs; undefined where the line is none or the data have a grid. */
export function beamScan(line: Line, beams: Beams, info: Acquisition): Scan | undefined {
  if (line.kind !== "beam" || info.kind !== "channels") return undefined;
  const at = line.at ?? (beams.at[0] + beams.at[1]) / 2;
  const [min, max] = beams.depth;
  const periods = (2 * (max - min) * (info.centerFrequencyHz ?? 5e6)) / info.soundSpeedMps;
  const wanted = Math.ceil(periods * SAMPLES_A_PERIOD);
  const count = Math.min(SAMPLE_LIMITS[1], Math.max(SAMPLE_LIMITS[0], wanted));
  // A scan has two lines at least; the second one is not looked at.
  const lateral = { min: at, max: at + SECOND_LINE, count: 2 };
  if (beams.kind === "linear") return { kind: "linear", x: lateral, z: { min, max, count } };
  return { kind: "sector", angle: lateral, range: { min, max, count }, apex: beams.apex };
}

/** The pipeline whose complex image holds the line: that of its scan, or the scan lines as they come, on no grid of the picture. */
export function signalPipeline(
  applied: Pipeline,
  scan: Scan | undefined,
  line: Line,
  info: Acquisition,
): Pipeline {
  if (scan) return { ...applied, scan };
  if (info.kind !== "lines" || line.kind !== "beam") return applied;
  return { ...applied, scan: undefined, display: { ...applied.display, grid: undefined } };
}

function take(values: Float32Array, at: number, trace: Trace, s: number): void {
  const [real, imaginary] = [values[2 * at], values[2 * at + 1]];
  trace.real[s] = real;
  trace.envelope[s] = Math.hypot(real, imaginary);
}

function emptyTrace(count: number, depth: Trace["depth"]): Trace {
  const none = (): Float32Array => new Float32Array(count).fill(Number.NaN);
  return { depth, envelope: none(), real: none() };
}

/** A whole column of a grid, or one line of line data. `startM`: depth of its first sample. */
export function columnTrace(
  { shape, values }: BeamformedFrame,
  column: number,
  linesFirst: boolean,
  depth: Trace["depth"],
): Trace {
  const [rows, columns] = linesFirst ? [shape[1], shape[0]] : [shape[0], shape[1]];
  const trace = emptyTrace(rows, depth);
  for (let row = 0; row < rows; row++) {
    take(values, linesFirst ? column * rows + row : row * columns + column, trace, row);
  }
  return trace;
}

/** The part of a line down to a depth (m), its first sample at least. */
export function upTo({ depth, envelope, real }: Trace, deepestM: number): Trace {
  const count = Math.max(1, Math.floor((deepestM - depth[0]) / depth[1] + 1e-6) + 1);
  return { depth, envelope: envelope.subarray(0, count), real: real.subarray(0, count) };
}

/** Along any line, from the nearest pixel of the grid. */
export function gridTrace(
  { shape, values }: BeamformedFrame,
  scan: Scan | Volume,
  [[x0, z0], [x1, z1]]: readonly [PlanePoint, PlanePoint],
  count: number,
  depth: Trace["depth"],
): Trace {
  const trace = emptyTrace(count, depth);
  const [rows, columns] = [shape[0], shape[1]];
  const place = (value: number, { min, max }: { min: number; max: number }, last: number): number =>
    max === min ? 0 : Math.round(((value - min) / (max - min)) * last);
  for (let s = 0; s < count; s++) {
    const part = (s + 0.5) / count;
    const [x, z] = [x0 + part * (x1 - x0), z0 + part * (z1 - z0)];
    let [row, column] = [0, 0];
    if (scan.kind === "sector") {
      const [dx, dz] = [x - scan.apex[0], z - scan.apex[1]];
      column = place(Math.atan2(dx, dz), scan.angle, columns - 1);
      row = place(Math.hypot(dx, dz), scan.range, rows - 1);
    } else {
      column = place(x, scan.x, columns - 1);
      row = place(z, scan.z, rows - 1);
    }
    if (row >= 0 && row < rows && column >= 0 && column < columns)
      take(values, row * columns + column, trace, s);
  }
  return trace;
}

/** The scan line of line data nearest to a point half way down a line. */
export function nearestScanLine(
  info: Acquisition,
  [[x0, z0], [x1, z1]]: readonly [PlanePoint, PlanePoint],
): number {
  if (info.kind !== "lines") return -1;
  const [x, z] = [(x0 + x1) / 2, (z0 + z1) / 2];
  let best = -1;
  let least = Number.POSITIVE_INFINITY;
  for (let line = 0; line < info.lines.length / 5; line++) {
    const [ox, oz, angle] = info.lines.subarray(5 * line, 5 * line + 3);
    const across = Math.abs((x - ox) * Math.cos(angle) - (z - oz) * Math.sin(angle));
    if (across < least) [best, least] = [line, across];
  }
  return best;
}

/**
 * The scan line at a part of the picture's width, 0 (left) to 1, where the way across is no space: lines stand side by side at places of
 * no meaning. `grid`: that of the picture, where it has one of its own.
 */
export function scanLineAcross({ lines }: LineData, part: number, grid?: Scan | Volume): number {
  const count = lines.length / 5;
  const x = grid?.kind === "linear" ? grid.x : { min: lines[0], max: lines[5 * (count - 1)] };
  const at = x.min + part * (x.max - x.min);
  let best = 0;
  for (let line = 1; line < count; line++)
    if (Math.abs(lines[5 * line] - at) < Math.abs(lines[5 * best] - at)) best = line;
  return best;
}
