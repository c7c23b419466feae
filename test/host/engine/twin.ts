/**
 * The beamformer written for reading, in float64: the specification that the core is checked against. One loop a definition, no
 * table that is not in conventions' own terms.
 */
import type { Axis, ChannelData, Frame, Scan, Transmit, Volume } from "../../../host/index.ts";

export interface TwinOptions {
  scan: Scan | Volume;
  fNumber: number;
  window: string;
  interpolation: string;
  /** Analytic or IQ rows, [transmit][channel][sample] interleaved; already demodulated when `carrierHz` is not 0. */
  rows: ArrayLike<number>;
  samples: number;
  sampleRateHz: number;
  carrierHz: number;
  mixerStartS: readonly number[];
  model: "spherical" | "first-arrival";
  /** Samples outside the record count as zeros, at any position; else what is too close to its ends counts as zero. */
  zeroExtended?: boolean;
}

const sinc = (t: number) => (t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t));

/** Taps [offset, weight] of an interpolator at fraction f, and the positions that count. */
export function taps(name: string, f: number): [number, number][] {
  switch (name) {
    case "nearest":
      return [[f >= 0.5 ? 1 : 0, 1]];
    case "linear":
      return [
        [0, 1 - f],
        [1, f],
      ];
    case "quadratic":
      return [
        [0, ((f - 1) * (f - 2)) / 2],
        [1, -f * (f - 2)],
        [2, (f * (f - 1)) / 2],
      ];
    case "cubic":
      return [
        [-1, (-(f ** 3) + 2 * f * f - f) / 2],
        [0, (3 * f ** 3 - 5 * f * f + 2) / 2],
        [1, (-3 * f ** 3 + 4 * f * f + f) / 2],
        [2, (f ** 3 - f * f) / 2],
      ];
    case "lanczos3":
      return [-1, 0, 1, 2].map((k) => [k, sinc(f - k) * sinc((f - k) / 2)]);
    case "lanczos5":
      return [-2, -1, 0, 1, 2, 3].map((k) => [k, sinc(f - k) * sinc((f - k) / 2)]);
    case "5points":
      return [
        [-2, (f * f) / 7 - f / 5 - 3 / 35],
        [-1, -(f * f) / 14 - f / 10 + 12 / 35],
        [0, -(f * f) / 7 + 17 / 35],
        [1, -(f * f) / 14 + f / 10 + 12 / 35],
        [2, (f * f) / 7 + f / 5 - 3 / 35],
      ];
  }
  throw new Error(name);
}

const RANGES: Record<string, [low: number, fromEnd: number]> = {
  nearest: [0, 1],
  linear: [0, 2],
  quadratic: [0, 3],
  cubic: [1, 3],
  lanczos3: [1, 3],
  lanczos5: [2, 4],
  "5points": [2, 3],
};

/** w(q) of the conventions. */
export function windowWeight(name: string, q: number): number {
  if (q > 0.5) return 0;
  const tukey = (r: number) =>
    q <= (1 - r) / 2 ? 1 : 0.5 * (1 + Math.cos(((2 * Math.PI) / r) * (q - r / 2 - 0.5)));
  switch (name) {
    case "boxcar":
      return 1;
    case "hann":
      return 0.5 + 0.5 * Math.cos(2 * Math.PI * q);
    case "hamming":
      return 0.53836 + 0.46164 * Math.cos(2 * Math.PI * q);
    case "tukey25":
      return tukey(0.25);
    case "tukey50":
      return tukey(0.5);
    case "tukey75":
      return tukey(0.75);
    case "triangle":
      return 1 - 2 * q;
  }
  throw new Error(name);
}

/** Pixels of a scan, row by row. */
export function pixelsOf(scan: Scan): [x: number, z: number][] {
  const at = (axis: { min: number; max: number; count: number }, i: number) =>
    axis.count > 1 ? axis.min + (i * (axis.max - axis.min)) / (axis.count - 1) : axis.min;
  const pixels: [number, number][] = [];
  if (scan.kind === "linear")
    for (let k = 0; k < scan.z.count; k++)
      for (let i = 0; i < scan.x.count; i++) pixels.push([at(scan.x, i), at(scan.z, k)]);
  else
    for (let k = 0; k < scan.range.count; k++)
      for (let i = 0; i < scan.angle.count; i++) {
        const [r, a] = [at(scan.range, k), at(scan.angle, i)];
        pixels.push([scan.apex[0] + r * Math.sin(a), scan.apex[1] + r * Math.cos(a)]);
      }
  return pixels;
}

/** Pixels of a grid with their elevation: row by row, plane by plane in each depth of a volume. */
export function pointsOf(scan: Scan | Volume): [x: number, y: number, z: number][] {
  if (scan.kind !== "volume") return pixelsOf(scan).map(([x, z]) => [x, 0, z]);
  const at = ({ min, max, count }: Axis, i: number) =>
    count > 1 ? min + (i * (max - min)) / (count - 1) : min;
  const all: [number, number, number][] = [];
  for (let k = 0; k < scan.z.count; k++)
    for (let j = 0; j < scan.y.count; j++)
      for (let i = 0; i < scan.x.count; i++) all.push([at(scan.x, i), at(scan.y, j), at(scan.z, k)]);
  return all;
}

function transmitTime(
  info: ChannelData,
  transmit: Transmit,
  [x, y, z]: readonly [number, number, number],
  model: string,
): number {
  const c = info.soundSpeedMps;
  const p = info.probe.positionsM;
  const { wave } = transmit;
  const plane = (px: number, py: number, pz: number) => {
    if (wave.kind !== "plane") throw new Error(wave.kind);
    const { azimuthRad: a, elevationRad: b = 0 } = wave;
    return px * Math.sin(a) * Math.cos(b) + py * Math.sin(b) + pz * Math.cos(a) * Math.cos(b);
  };
  if (wave.kind === "element") {
    const [ex, ey, ez] = p.subarray(3 * wave.element, 3 * wave.element + 3);
    return Math.hypot(x - ex, y - ey, z - ez) / c;
  }
  if (wave.kind === "plane" && model === "spherical") return plane(x, y, z) / c;
  if (model === "first-arrival" || wave.kind === "firing") {
    let first = Number.POSITIVE_INFINITY;
    for (let e = 0; e < p.length / 3; e++) {
      let fires = transmit.firingS?.[e] ?? 0;
      if (!transmit.firingS && wave.kind === "plane") fires = plane(p[3 * e], p[3 * e + 1], p[3 * e + 2]) / c;
      else if (!transmit.firingS && "source" in wave) {
        const d =
          Math.hypot(...[0, 1, 2].map((k) => p[3 * e + k] - wave.source[k])) - Math.hypot(...wave.source);
        fires = (wave.kind === "diverging" ? d : -d) / c;
      }
      first = Math.min(first, fires + Math.hypot(x - p[3 * e], y - p[3 * e + 1], z - p[3 * e + 2]) / c);
    }
    return first;
  }
  if (!("source" in wave)) throw new Error(wave.kind);
  const [sx, sy, sz] = wave.source;
  const distance = Math.hypot(x - sx, y - sy, z - sz);
  if (wave.kind === "diverging") return (distance - Math.hypot(...wave.source)) / c;
  return ((z < sz ? -distance : distance) + Math.hypot(...wave.source)) / c;
}

/** b(p) per transmit: [transmit][pixel] interleaved. */
export function beamformTwin(info: ChannelData, _frame: Frame, options: TwinOptions): Float64Array {
  const { scan, fNumber, window, interpolation, rows, samples, sampleRateHz: fs, carrierHz } = options;
  const pixels = pointsOf(scan);
  const p = info.probe.positionsM;
  const elements = p.length / 3;
  const out = new Float64Array(2 * info.sequence.length * pixels.length);
  const [low, fromEnd] = RANGES[interpolation];
  info.sequence.forEach((transmit, t) => {
    pixels.forEach(([x, y, z], pixel) => {
      const tau = transmitTime(info, transmit, [x, y, z], options.model);
      for (let e = 0; e < elements; e++) {
        const [dx, dy, dz] = [x - p[3 * e], y - p[3 * e + 1], z - p[3 * e + 2]];
        const [nx, nz] = [Math.sin(info.probe.azimuthsRad[e]), Math.cos(info.probe.azimuthsRad[e])];
        const axial = dx * nx + dz * nz;
        let weight = 1;
        if (fNumber > 0) {
          if (axial <= 0) continue;
          weight = windowWeight(window, (Math.abs(dx * nz - dz * nx) * fNumber) / axial);
          if (info.probe.kind === "matrix") weight *= windowWeight(window, (Math.abs(dy) * fNumber) / axial);
        }
        if (weight === 0) continue;
        const s = (tau + Math.hypot(dx, dy, dz) / info.soundSpeedMps - transmit.startS) * fs;
        if (!options.zeroExtended && (s < low || s > samples - fromEnd)) continue;
        const i = Math.floor(s);
        let [re, im] = [0, 0];
        for (const [k, w] of taps(interpolation, s - i)) {
          if (i + k < 0 || i + k >= samples) continue;
          const at = 2 * ((t * elements + e) * samples + i + k);
          re += w * rows[at];
          im += w * rows[at + 1];
        }
        const phase = 2 * Math.PI * carrierHz * (options.mixerStartS[t] + s / fs);
        const [c, d] = [Math.cos(phase), Math.sin(phase)];
        const o = 2 * (t * pixels.length + pixel);
        out[o] += weight * (re * c - im * d);
        out[o + 1] += weight * (re * d + im * c);
      }
    });
  });
  return out;
}
