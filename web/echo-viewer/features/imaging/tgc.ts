/** The eight points of time-gain compensation: their values from any curve, and the depths they stand at. */
import { type Acquisition, LINE_FIELDS, type PlanReport } from "../../../../host/index.ts";

export const POINTS = 8;
/** What the sliders reach, unless the curve goes further (dB). */
export const REACH_DB = 20;

/** A curve's gain at `POINTS` equally spaced depths (dB): linear between its own points, as the engine has it. */
export function pointsOf(tgcDb: readonly number[] | undefined): number[] {
  if (!tgcDb?.length) return Array<number>(POINTS).fill(0);
  const last = tgcDb.length - 1;
  return Array.from({ length: POINTS }, (_, i) => {
    const at = (i / (POINTS - 1)) * last;
    const k = Math.min(Math.floor(at), last - 1);
    if (last === 0) return tgcDb[0];
    return Math.round(10 * (tgcDb[k] + (at - k) * (tgcDb[k + 1] - tgcDb[k]))) / 10;
  });
}

/** How far the sliders must reach for these points (dB). */
export function reachOf(points: readonly number[]): number {
  return points.some((db) => Math.abs(db) > REACH_DB) ? 2 * REACH_DB : REACH_DB;
}

/** Depths of the first and the last point on the axis of the array (m); null where the data have no place. */
export function spanOf(
  info: Acquisition,
  { scan }: PlanReport,
): readonly [topM: number, bottomM: number] | null {
  if (info.kind === "lines") {
    // Of the line that looks straightest down.
    let best: readonly [number, number] | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < info.lines.length; i += LINE_FIELDS) {
      const [, z0, angle, r0, dr] = info.lines.subarray(i, i + LINE_FIELDS);
      if (Math.abs(angle) >= least) continue;
      least = Math.abs(angle);
      best = [z0 + r0 * Math.cos(angle), z0 + (r0 + (info.sampleCount - 1) * dr) * Math.cos(angle)];
    }
    return best;
  }
  if (!scan) return null;
  if (scan.kind !== "sector") return [scan.z.min, scan.z.max];
  return [scan.apex[1] + scan.range.min, scan.apex[1] + scan.range.max];
}

/** Depth of a point (m). */
export function depthOfPoint([topM, bottomM]: readonly [number, number], point: number): number {
  return topM + (point / (POINTS - 1)) * (bottomM - topM);
}
