/** Where pixels lie and when transmits reach them, in float64: what the references of all workloads share. */
import type { Axis, ChannelData, Scan, Volume, Wave } from "../../host/index.ts";

/** Rows (z or range) and columns (x or angle; y and x of a volume) of a grid. */
export function gridSize(scan: Scan | Volume): { rows: number; columns: number } {
  if (scan.kind === "sector") return { rows: scan.range.count, columns: scan.angle.count };
  return { rows: scan.z.count, columns: scan.x.count * (scan.kind === "volume" ? scan.y.count : 1) };
}

const at = ({ min, max, count }: Axis, i: number) => min + (i * (max - min)) / (count - 1);

/** Position of a pixel, metres. */
export function pixelAt(scan: Scan | Volume, row: number, column: number): [x: number, y: number, z: number] {
  if (scan.kind === "linear") return [at(scan.x, column), 0, at(scan.z, row)];
  if (scan.kind === "volume") {
    const i = column % scan.x.count;
    return [at(scan.x, i), at(scan.y, (column - i) / scan.x.count), at(scan.z, row)];
  }
  const [angle, range] = [at(scan.angle, column), at(scan.range, row)];
  return [scan.apex[0] + range * Math.sin(angle), 0, scan.apex[1] + range * Math.cos(angle)];
}

/** Way of a front from the origin to a point, metres: what depends on the transmit alone is computed here, once. */
export function transmitPath(wave: Wave): (x: number, y: number, z: number) => number {
  if (wave.kind === "plane") {
    const { azimuthRad, elevationRad = 0 } = wave;
    const flat = Math.cos(elevationRad);
    const [ax, ay, az] = [Math.sin(azimuthRad) * flat, Math.sin(elevationRad), Math.cos(azimuthRad) * flat];
    return (x, y, z) => x * ax + y * ay + z * az;
  }
  if (wave.kind === "diverging") {
    const [sx, sy, sz] = wave.source;
    const reach = Math.hypot(...wave.source);
    return (x, y, z) => Math.sqrt((x - sx) * (x - sx) + (y - sy) * (y - sy) + (z - sz) * (z - sz)) - reach;
  }
  throw new Error(`no reference for ${wave.kind} waves`);
}

/** What a reference must know of a workload. */
export interface Setting {
  info: ChannelData;
  scan: Scan | Volume;
  /** 0: every element counts. */
  fNumber: number;
  window: "hann" | "boxcar";
  signal: "rf" | "analytic" | "iq";
}

/** w(q), q = lateral distance x f-number / depth, zero beyond 1/2. */
function windowOf({ fNumber, window }: Setting, lateralM: number, depthM: number): number {
  const q = (Math.abs(lateralM) * fNumber) / depthM;
  if (q > 0.5) return 0;
  return window === "hann" ? 0.5 + 0.5 * Math.cos(2 * Math.PI * q) : 1;
}

/** Weight of an element at (dx, dy) beside a pixel: w along x, on matrix arrays times w along y. */
export function weightOf(setting: Setting, dxM: number, dyM: number, depthM: number): number {
  if (setting.fNumber === 0) return 1;
  const along = windowOf(setting, dxM, depthM);
  return along === 0 || setting.info.probe.kind !== "matrix" ? along : along * windowOf(setting, dyM, depthM);
}
