/** Grids by numbers. */
import type { Axis, Scan } from "../model.ts";

/** Distance between neighbouring values; 0 for a single one. */
export function axisStep({ min, max, count }: Axis): number {
  return count > 1 ? (max - min) / (count - 1) : 0;
}

/** Rows (depths or ranges) and columns (lateral positions or angles) of a scan. */
export function scanSize(scan: Scan): { rows: number; columns: number } {
  return scan.kind === "linear"
    ? { rows: scan.z.count, columns: scan.x.count }
    : { rows: scan.range.count, columns: scan.angle.count };
}
