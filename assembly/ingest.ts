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

/** Sample i of a type as a finite float32. */
// @ts-ignore: decorator
@inline export function finiteSample(type: i32, source: usize, i: usize): f32 {
  if (type == I16) return <f32>load<i16>(source + (i << 1));
  if (type == F32) return finite(load<f32>(source + (i << 2)));
  if (type == U8) return <f32>load<u8>(source + i);
  if (type == I8) return <f32>load<i8>(source + i);
  if (type == U16) return <f32>load<u16>(source + (i << 1));
  return <f32>load<i32>(source + (i << 2));
}

/** Real rows: `samples` numbers each, contiguous, become complex rows `strideBytes` apart with zero imaginary parts. */
export function ingestReal(type: i32, source: usize, rows: i32, samples: i32, out: usize, strideBytes: i32): void {
  for (let r = 0; r < rows; r++) {
    const o = out + <usize>r * <usize>strideBytes, first = <usize>r * <usize>samples;
    for (let i: usize = 0; i < <usize>samples; i++) store<u64>(o + (i << 3), <u64>reinterpret<u32>(finiteSample(type, source, first + i)));
  }
}

/** Complex rows: `samples` interleaved pairs each. */
export function ingestComplex(type: i32, source: usize, rows: i32, samples: i32, out: usize, strideBytes: i32): void {
  for (let r = 0; r < rows; r++) {
    const o = out + <usize>r * <usize>strideBytes, first = <usize>r * <usize>(2 * samples);
    for (let i: usize = 0; i < <usize>(2 * samples); i++) store<f32>(o + (i << 2), finiteSample(type, source, first + i));
  }
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
