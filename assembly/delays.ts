// When the transmitted front reaches each pixel. Times are relative to the front crossing the origin (conventions of the
// UFF standard); the tables hold samples counted from sample 0 of the transmit, so that one addition of the receive path
// gives the sample index.
//
// Computed once per plan, in float64, stored as float32:
//   pixels   x0 z0 x1 z1 ...  float64, metres, `count` a multiple of 4
//   table    [block of 4 pixels][transmit][4] float32, samples
import { cosTurns } from "./math";

/** Wave kinds of `transmitDelays`. */
export const PLANE = 0, DIVERGING = 1, FOCUSED = 2, SINGLE = 3, HYBRID_LINEAR = 4, HYBRID_SECTOR = 5;

// @ts-ignore: decorator
@inline function put(table: usize, pixel: i32, transmit: i32, transmits: i32, samples: f64): void {
  store<f32>(table + ((<usize>(pixel >> 2) * <usize>transmits + <usize>transmit) << 4) + (<usize>(pixel & 3) << 2), <f32>samples);
}

/**
 * One transmit of an ideal wave with source s = (ax, ay, az) or direction (ax, az) in the pixels' own plane; its elevation is taken away from
 * the source's y, and what it adds is `reach`, |s| from the origin of the array:
 *   plane            ax x + az z + reach
 *   diverging        |p - s| - |s|
 *   focused          sign(z - s.z) |p - s| + |s|
 *   single element   |p - s|
 *   hybrid           as focused, but within `marginM` of the focal depth: linear scan sign(z - s.z) |z - s.z| + |s|, sector
 *                    scan the plane wave steered at the focus (Rindal et al., IUS 2018)
 * samplesPerMetre = fs / c; startSamples = start time x fs.
 */
export function transmitDelays(
  kind: i32, ax: f64, ay: f64, az: f64, reach: f64, marginM: f64, samplesPerMetre: f64, startSamples: f64,
  pixels: usize, count: i32, table: usize, transmit: i32, transmits: i32,
): void {
  for (let i = 0; i < count; i++) {
    const x = load<f64>(pixels + (<usize>i << 4)), z = load<f64>(pixels + (<usize>i << 4), 8);
    let path: f64;
    if (kind == PLANE) path = ax * x + az * z + reach;
    else {
      const dx = x - ax, dz = z - az, d = Math.sqrt(dx * dx + ay * ay + dz * dz);
      if (kind == DIVERGING) path = d - reach;
      else if (kind == SINGLE) path = d;
      else if (kind >= HYBRID_LINEAR && abs(dz) < marginM) path = kind == HYBRID_LINEAR ? dz + reach : (ax * x + az * z) / reach;
      else path = dz < 0 ? reach - d : reach + d;
    }
    put(table, i, transmit, transmits, path * samplesPerMetre - startSamples);
  }
}

/**
 * First arrival: min over the elements of firing time + |p - e| / c.
 * elements: x y z nx nz per element, float64, metres; firing: seconds on the origin's axis, +Infinity for silent ones.
 */
export function firstArrivalDelays(
  elements: usize, firing: usize, elementCount: i32, sampleRateHz: f64, soundSpeedMps: f64, startSamples: f64,
  pixels: usize, count: i32, table: usize, transmit: i32, transmits: i32,
): void {
  const slowness = 1.0 / soundSpeedMps;
  for (let i = 0; i < count; i++) {
    const x = load<f64>(pixels + (<usize>i << 4)), z = load<f64>(pixels + (<usize>i << 4), 8);
    let first = f64.MAX_VALUE;
    for (let e = 0; e < elementCount; e++) {
      const p = elements + <usize>e * 40;
      const dx = x - load<f64>(p), dy = load<f64>(p, 8), dz = z - load<f64>(p, 16);
      const t = load<f64>(firing + (<usize>e << 3)) + Math.sqrt(dx * dx + dy * dy + dz * dz) * slowness;
      if (t < first) first = t;
    }
    put(table, i, transmit, transmits, first * sampleRateHz - startSamples);
  }
}

/** Where a transmit does not reach: a position before any sample, which counts as zero. */
const UNREACHED: f64 = -1e9;

/**
 * Keeps a focused transmit to its beam: pixels outside the two cones that the aperture's ends (x1, z1), (x2, z2) span through
 * the focus (sx, sz), and further than `waistM` from its axis, hear nothing of it. Beyond its beam a focused wave is not the
 * sphere the delays assume. `across` 1: as it stands; 0: the same in y, where all pixels of a plane are `fromFocus` beside the focus (1: -sx).
 */
export function limitToBeam(
  sx: f64, sz: f64, x1: f64, z1: f64, x2: f64, z2: f64, waistM: f64, across: f64, fromFocus: f64,
  pixels: usize, count: i32, table: usize, transmit: i32, transmits: i32,
): void {
  const ax = x1 - sx, az = z1 - sz, bx = x2 - sx, bz = z2 - sz, area = ax * bz - az * bx;
  const mx = sx - 0.5 * (x1 + x2), mz = sz - 0.5 * (z1 + z2), length = Math.sqrt(mx * mx + mz * mz);
  for (let i = 0; i < count; i++) {
    const ux = across * load<f64>(pixels + (<usize>i << 4)) + fromFocus, uz = load<f64>(pixels + (<usize>i << 4), 8) - sz;
    // u = alpha a + beta b: inside where both have the same sign, towards the aperture or away from it.
    const alpha = (ux * bz - uz * bx) / area, beta = (ax * uz - az * ux) / area;
    const fromAxis = abs(ux * mz - uz * mx) / length;
    if (alpha * beta < 0 && fromAxis > waistM) put(table, i, transmit, transmits, UNREACHED);
  }
}

/** Pixel coordinates in samples (metres x fs / c) as float32: [block][x of its pixels, then z]; `lanes` pixels a block, 4 or 8. */
export function scalePixels(pixels: usize, count: i32, lanes: i32, samplesPerMetre: f64, out: usize): void {
  for (let i = 0; i < count; i++) {
    const o = out + (<usize>(2 * i - (i & (lanes - 1))) << 2);
    store<f32>(o, <f32>(load<f64>(pixels + (<usize>i << 4)) * samplesPerMetre));
    store<f32>(o + (<usize>lanes << 2), <f32>(load<f64>(pixels + (<usize>i << 4), 8) * samplesPerMetre));
  }
}

/**
 * Pixels of a sector: row r at range r0 + (first + r) dr, column c at angle a0 + c da about (apexX, apexZ), angles in turns. Rows
 * and columns are padded with copies of the last one. Pixel (r, c) is number r x paddedColumns + c, or c x paddedRows + r
 * `alongDepth`.
 */
export function sectorPixels(
  first: i32, rows: i32, columns: i32, paddedRows: i32, paddedColumns: i32, alongDepth: bool,
  range0: f64, rangeStep: f64, turns0: f64, turnsStep: f64, apexX: f64, apexZ: f64, pixels: usize,
): void {
  for (let c = 0; c < paddedColumns; c++) {
    const turns = turns0 + <f64>min(c, columns - 1) * turnsStep;
    const sine = cosTurns(turns - 0.25), cosine = cosTurns(turns);
    for (let r = 0; r < paddedRows; r++) {
      const range = range0 + <f64>(first + min(r, rows - 1)) * rangeStep;
      const o = pixels + (<usize>(alongDepth ? c * paddedRows + r : r * paddedColumns + c) << 4);
      store<f64>(o, apexX + range * sine);
      store<f64>(o, apexZ + range * cosine, 8);
    }
  }
}

/** Pixels of a rectangle, ordered and padded as in `sectorPixels`. */
export function linearPixels(
  first: i32, rows: i32, columns: i32, paddedRows: i32, paddedColumns: i32, alongDepth: bool,
  x0: f64, dx: f64, z0: f64, dz: f64, pixels: usize,
): void {
  for (let r = 0; r < paddedRows; r++)
    for (let c = 0; c < paddedColumns; c++) {
      const o = pixels + (<usize>(alongDepth ? c * paddedRows + r : r * paddedColumns + c) << 4);
      store<f64>(o, x0 + <f64>min(c, columns - 1) * dx);
      store<f64>(o, z0 + <f64>(first + min(r, rows - 1)) * dz, 8);
    }
}
