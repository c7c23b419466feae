/** Grids by numbers. */
import type { Axis, Scan, Volume } from "../model.ts";

/** Distance between neighbouring values; 0 for a single one. */
export function axisStep({ min, max, count }: Axis): number {
  return count > 1 ? (max - min) / (count - 1) : 0;
}

/** Rows (depths or ranges) and columns (lateral positions or angles) of a scan, and its planes in elevation: 1 but for volumes. */
export function scanSize(scan: Scan | Volume): { rows: number; columns: number; planes: number } {
  if (scan.kind === "sector") return { rows: scan.range.count, columns: scan.angle.count, planes: 1 };
  return {
    rows: scan.z.count,
    columns: scan.x.count,
    planes: scan.kind === "volume" ? scan.y.count : 1,
  };
}
