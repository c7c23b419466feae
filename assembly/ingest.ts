// Samples of any type become rows of float32, and what is not a finite number becomes zero: nothing behind this point ever
// sees NaN or infinity.
//
// A row holds complex samples with four zero samples on either side, so that no interpolation kernel reads a neighbour:
//   | 0 0 0 0 | re0 im0 re1 im1 ... | 0 0 0 0 |     addresses of rows always point at re0

/** Sample types of `ingest`. */
export const I8 = 0, U8 = 1, I16 = 2, U16 = 3, I32 = 4, F32 = 5;

/** Finite magnitudes beyond this are clamped: squares of sums of 10^4 of them stay finite in float32. */
const LARGEST: f32 = 1e14;

// @ts-ignore: decorator
@inline function finite(x: f32): f32 {
  // NaN and both infinities: the difference to itself is not zero.
  if (x - x != 0) return 0;
  return max(min(x, LARGEST), -LARGEST);
}

/** Bytes of so many samples of a type. */
export function sampleBytes(type: i32, count: i32): usize {
  return <usize>count << (type <= U8 ? 0 : type <= U16 ? 1 : 2);
}

/** Sample i of a type as a finite float32. */
export function finiteSample(type: i32, source: usize, i: usize): f32 {
  if (type == I16) return <f32>load<i16>(source + (i << 1));
  if (type == F32) return finite(load<f32>(source + (i << 2)));
  if (type == U8) return <f32>load<u8>(source + i);
  if (type == I8) return <f32>load<i8>(source + i);
  if (type == U16) return <f32>load<u16>(source + (i << 1));
  return <f32>load<i32>(source + (i << 2));
}

/** `count` samples of a type as float32. */
export function toFloats(type: i32, source: usize, count: i32, out: usize): void {
  let i = 0;
  if (type == I16)
    for (; i + 8 <= count; i += 8) {
      const x = v128.load(source + (<usize>i << 1)), o = out + (<usize>i << 2);
      v128.store(o, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(x)));
      v128.store(o, f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(x)), 16);
    }
  else if (type == F32) {
    const most = f32x4.splat(LARGEST), least = f32x4.splat(-LARGEST);
    for (; i + 4 <= count; i += 4) {
      const x = v128.load(source + (<usize>i << 2)), difference = f32x4.sub(x, x);
      v128.store(out + (<usize>i << 2), v128.and(f32x4.pmax(least, f32x4.pmin(most, x)), f32x4.eq(difference, difference)));
    }
  }
  for (; i < count; i++) store<f32>(out + (<usize>i << 2), finiteSample(type, source, i));
}

/** Real rows: `samples` numbers each, contiguous, become complex rows `strideBytes` apart with zero imaginary parts. */
export function ingestReal(type: i32, source: usize, rows: i32, samples: i32, out: usize, strideBytes: i32): void {
  for (let r = 0; r < rows; r++, out += <usize>strideBytes) {
    // The upper half of the row holds them until each has moved to its place, which is never beyond the ones to come.
    let from = out + (<usize>samples << 2);
    toFloats(type, source + sampleBytes(type, r * samples), samples, from);
    for (let to = out, end = out + (<usize>samples << 3); to < end; to += 8, from += 4) store<u64>(to, <u64>load<u32>(from));
  }
}

/** Complex rows: `samples` interleaved pairs each. */
export function ingestComplex(type: i32, source: usize, rows: i32, samples: i32, out: usize, strideBytes: i32): void {
  for (let r = 0; r < rows; r++, out += <usize>strideBytes) toFloats(type, source + sampleBytes(type, r * 2 * samples), 2 * samples, out);
}

/** Subtracts each row's mean from its real and imaginary parts; sums in float64, in order. */
export function removeMean(rows: usize, strideBytes: i32, count: i32, samples: i32): void {
  for (let r = 0; r < count; r++) {
    const row = rows + <usize>r * <usize>strideBytes, end = row + (<usize>samples << 3);
    let re: f64 = 0, im: f64 = 0;
    for (let p = row; p < end; p += 8) {
      re += <f64>load<f32>(p);
      im += <f64>load<f32>(p, 4);
    }
    re /= <f64>samples;
    im /= <f64>samples;
    for (let p = row; p < end; p += 8) {
      store<f32>(p, <f32>(<f64>load<f32>(p) - re));
      store<f32>(p, <f32>(<f64>load<f32>(p, 4) - im), 4);
    }
  }
}

/** Real parts of complex rows become float32 rows of their own, `outStrideBytes` apart. */
export function realParts(rows: usize, strideBytes: i32, count: i32, samples: i32, out: usize, outStrideBytes: i32): void {
  for (let r = 0; r < count; r++) {
    const row = rows + <usize>r * <usize>strideBytes, o = out + <usize>r * <usize>outStrideBytes;
    let i = 0;
    for (; i + 4 <= samples; i += 4) {
      const p = row + (<usize>i << 3);
      v128.store(o + (<usize>i << 2), v128.shuffle<f32>(v128.load(p), v128.load(p, 16), 0, 2, 4, 6));
    }
    for (; i < samples; i++) store<f32>(o + (<usize>i << 2), load<f32>(row + (<usize>i << 3)));
  }
}
