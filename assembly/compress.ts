// Envelope and log compression: L = 10 log10(re^2 + im^2) - reference + gain, clipped to [-range, 0] dB; no square root.
// Time-gain compensation adds decibels by depth.
import { log2x4 } from "./math";

/** 10 / log2(10). */
const DB_PER_OCTAVE_OF_POWER: f32 = 3.010299956639812;
/** Smallest power that is told from zero: below it the logarithm's argument would be subnormal. */
const TINY: f32 = 1e-37;

/** The largest |z| of `rows` rows of `columns` complex numbers, `strideBytes` apart. */
export function peakMagnitude(values: usize, rows: i32, columns: i32, strideBytes: i32): f32 {
  let top: f32 = 0;
  for (let r = 0; r < rows; r++) {
    let p = values + <usize>r * <usize>strideBytes;
    const end = p + (<usize>columns << 3);
    for (; p < end; p += 8) {
      const re = load<f32>(p), im = load<f32>(p, 4);
      top = max(top, re * re + im * im);
    }
  }
  return Mathf.sqrt(top);
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
 * out: rows x columns float32, contiguous. floor = -range.
 */
export function decibels(
  values: usize, rows: i32, columns: i32, strideBytes: i32, offsetDb: f32, floorDb: f32,
  tgc: usize, tgcRowStep: i32, tgcColumnStep: i32, out: usize,
): void {
  const scale = f32x4.splat(DB_PER_OCTAVE_OF_POWER), offset = f32x4.splat(offsetDb);
  const floor = f32x4.splat(floorDb), zero = f32x4.splat(0), tiny = f32x4.splat(TINY);
  for (let r = 0; r < rows; r++) {
    const row = values + <usize>r * <usize>strideBytes, gains = tgc + <usize>(r * tgcRowStep);
    const o = out + (<usize>(r * columns) << 2);
    for (let c = 0; c < columns; c += 4) {
      const left = columns - c;
      const p = row + (<usize>c << 3);
      const a = v128.load(p), b = left > 2 ? v128.load(p, 16) : zero;
      const a2 = f32x4.mul(a, a), b2 = f32x4.mul(b, b);
      const power = f32x4.add(v128.shuffle<f32>(a2, b2, 0, 2, 4, 6), v128.shuffle<f32>(a2, b2, 1, 3, 5, 7));
      // pmax and pmin take the bound when the other side is not a number.
      let level = f32x4.add(f32x4.mul(log2x4(f32x4.pmax(tiny, power)), scale), offset);
      const g = gains + <usize>(c * tgcColumnStep);
      level = f32x4.add(level, tgcColumnStep ? v128.load(g) : v128.load32_splat(g));
      level = f32x4.pmin(zero, f32x4.pmax(floor, level));
      const q = o + (<usize>c << 2);
      if (left >= 4) v128.store(q, level);
      else {
        v128.store32_lane(q, level, 0);
        if (left > 1) v128.store32_lane(q, level, 1, 4);
        if (left > 2) v128.store32_lane(q, level, 2, 8);
      }
    }
  }
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
