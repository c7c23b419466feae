/** Where pixels lie and when transmits reach them, in float64: what the references of all workloads share. */
import type { ChannelData, Scan, Wave } from "../../host/index.ts";

/** Rows (z or range) and columns (x or angle) of a grid. */
export function gridSize(scan: Scan): { rows: number; columns: number } {
  return scan.kind === "linear"
    ? { rows: scan.z.count, columns: scan.x.count }
    : { rows: scan.range.count, columns: scan.angle.count };
}

/** Position of a pixel, metres. */
export function pixelAt(scan: Scan, row: number, column: number): [x: number, z: number] {
  const [outer, inner] = scan.kind === "linear" ? [scan.z, scan.x] : [scan.range, scan.angle];
  const v = outer.min + (row * (outer.max - outer.min)) / (outer.count - 1);
  const u = inner.min + (column * (inner.max - inner.min)) / (inner.count - 1);
  return scan.kind === "linear" ? [u, v] : [scan.apex[0] + v * Math.sin(u), scan.apex[1] + v * Math.cos(u)];
}

/** Way of a front from the origin to a point, metres: what depends on the transmit alone is computed here, once. */
export function transmitPath(wave: Wave): (x: number, z: number) => number {
  if (wave.kind === "plane") {
    const [sine, cosine] = [Math.sin(wave.azimuthRad), Math.cos(wave.azimuthRad)];
    return (x, z) => x * sine + z * cosine;
  }
  if (wave.kind === "diverging") {
    const [sx, , sz] = wave.source;
    const reach = Math.hypot(...wave.source);
    return (x, z) => Math.sqrt((x - sx) * (x - sx) + (z - sz) * (z - sz)) - reach;
  }
  throw new Error(`no reference for ${wave.kind} waves`);
}

/** What a reference must know of a workload. */
export interface Setting {
  info: ChannelData;
  scan: Scan;
  /** 0: every element counts. */
  fNumber: number;
  window: "hann" | "boxcar";
  signal: "rf" | "analytic" | "iq";
}

/** w(q), q = lateral distance x f-number / depth, zero beyond 1/2. */
export function weightOf(setting: Setting, lateralM: number, depthM: number): number {
  if (setting.fNumber === 0) return 1;
  const q = (Math.abs(lateralM) * setting.fNumber) / depthM;
  if (q > 0.5) return 0;
  return setting.window === "hann" ? 0.5 + 0.5 * Math.cos(2 * Math.PI * q) : 1;
}
