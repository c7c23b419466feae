// Envelope and log compression: L = 10 log10(re^2 + im^2) - reference + gain, clipped to [-range, 0] dB; no square root.
// Time-gain compensation adds decibels by depth.
import { splat } from "./constants";
import { log2x4 } from "./math";

/** 10 / log2(10). */
const DB_PER_OCTAVE_OF_POWER: f32 = 3.010299956639812;
/** Smallest power that is told from zero: below it the logarithm's argument would be subnormal. */
const TINY: f32 = 1e-37;
const OCTAVES = memory.data<f32>([TINY, DB_PER_OCTAVE_OF_POWER]);

/** |z|^2 of four complex numbers, two in each vector. */
// @ts-ignore: decorator
@inline function powers(a: v128, b: v128): v128 {
  const a2 = f32x4.mul(a, a), b2 = f32x4.mul(b, b);
  return f32x4.add(v128.shuffle<f32>(a2, b2, 0, 2, 4, 6), v128.shuffle<f32>(a2, b2, 1, 3, 5, 7));
}

/** The largest |z| of `rows` rows of `columns` complex numbers, `strideBytes` apart; what is not a number does not count. */
export function peakMagnitude(values: usize, rows: i32, columns: i32, strideBytes: i32): f32 {
  let a = f32x4.splat(0), b = a;
  for (let r = 0; r < rows; r++, values += <usize>strideBytes) {
    const end = values + (<usize>columns << 3);
    let p = values;
    for (; p + 64 <= end; p += 64) {
      a = f32x4.pmax(a, powers(v128.load(p), v128.load(p, 16)));
      b = f32x4.pmax(b, powers(v128.load(p, 32), v128.load(p, 48)));
    }
    for (; p < end; p += 8) a = f32x4.pmax(a, powers(v128.load64_zero(p), f32x4.splat(0)));
  }
  a = f32x4.pmax(a, b);
  a = f32x4.pmax(a, v128.shuffle<f32>(a, a, 2, 3, 0, 1));
  return Mathf.sqrt(max(f32x4.extract_lane(a, 0), f32x4.extract_lane(a, 1)));
}

/** The largest real part. */
export function peakValue(values: usize, rows: i32, columns: i32, strideBytes: i32): f32 {
  let top: f32 = -f32.MAX_VALUE;
  for (let r = 0; r < rows; r++) {
    let p = values + <usize>r * <usize>strideBytes;
    const end = p + (<usize>columns << 3);
    for (; p < end; p += 8) top = max(top, load<f32>(p));
  }
  return top;
}

/**
 * Complex rows to decibels. tgc: dB per row (tgcRowStep 4, tgcColumnStep 0) or per column (0, 4), float32.
 * out: rows x columns float32, contiguous, and three numbers more. floor = -range.
 */
export function decibels(
  values: usize, rows: i32, columns: i32, strideBytes: i32, offsetDb: f32, floorDb: f32,
  tgc: usize, tgcRowStep: i32, tgcColumnStep: i32, out: usize,
): void {
  const floor = f32x4.splat(floorDb), offset = f32x4.splat(offsetDb);
  for (let r = 0; r < rows; r++, values += <usize>strideBytes, tgc += <usize>tgcRowStep) {
    const bytes = <usize>columns << 2;
    let gain = f32x4.add(offset, v128.load32_splat(tgc));
    for (let i: usize = 0; i < bytes; i += 16) {
      if (tgcColumnStep) gain = f32x4.add(offset, v128.load(tgc + i));
      const p = values + (i << 1);
      v128.store(out + i, level(powers(v128.load(p), v128.load(p, 16)), gain, floor));
    }
    out += bytes;
  }
}

/** The same for a plane (plane.ts) of amplitudes, `strideBytes` from row to row. */
export function planeDecibels(
  plane: usize, rows: i32, columns: i32, strideBytes: i32, offsetDb: f32, floorDb: f32,
  tgc: usize, tgcRowStep: i32, tgcColumnStep: i32, out: usize,
): void {
  const floor = f32x4.splat(floorDb), offset = f32x4.splat(offsetDb);
  for (let r = 0; r < rows; r++, plane += <usize>strideBytes, tgc += <usize>tgcRowStep) {
    const bytes = <usize>columns << 2;
    let gain = f32x4.add(offset, v128.load32_splat(tgc));
    for (let i: usize = 0; i < bytes; i += 16) {
      if (tgcColumnStep) gain = f32x4.add(offset, v128.load(tgc + i));
      const amplitude = v128.load(plane + i);
      v128.store(out + i, level(f32x4.mul(amplitude, amplitude), gain, floor));
    }
    out += bytes;
  }
}

/** Decibels of four powers. pmax and pmin take the bound when the other side is not a number. */
// @ts-ignore: decorator
@inline function level(power: v128, gain: v128, floor: v128): v128 {
  const db = f32x4.add(f32x4.mul(log2x4(f32x4.pmax(splat(OCTAVES), power)), splat(OCTAVES + 4)), gain);
  return f32x4.pmin(f32x4.splat(0), f32x4.pmax(floor, db));
}

/** Values already in decibels (re) to clipped decibels with gain: for scanners that export compressed lines. */
export function clipDecibels(
  values: usize, rows: i32, columns: i32, strideBytes: i32, offsetDb: f32, stepDb: f32, floorDb: f32,
  tgc: usize, tgcRowStep: i32, tgcColumnStep: i32, out: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const row = values + <usize>r * <usize>strideBytes, gains = tgc + <usize>(r * tgcRowStep);
    for (let c = 0; c < columns; c++) {
      const level = load<f32>(row + (<usize>c << 3)) * stepDb + offsetDb + load<f32>(gains + <usize>(c * tgcColumnStep));
      store<f32>(out + (<usize>(r * columns + c) << 2), min<f32>(0, max(floorDb, level)));
    }
  }
}

/** 20 log10 of a positive amplitude. */
export function amplitudeDb(amplitude: f32): f32 {
  const power = f32x4.splat(max(amplitude, <f32>1e-37));
  return <f32>2 * DB_PER_OCTAVE_OF_POWER * f32x4.extract_lane(log2x4(power), 0);
}
