// Samples of one transmit as rows between zeros, in the numbers that steering takes.
//
//   source   [channel][sample], any sample type          out   row of channel 0 | zeros | row of channel 1 | zeros | ...
import { finiteSample, I16, I8, U8 } from "./ingest";

/** The largest magnitude of `count` 16-bit samples, 0 to 32768. */
export function peakShort(source: usize, count: i32): i32 {
  let high = i16x8.splat(0), low = high;
  const end = source + (<usize>count << 1), whole = source + (<usize>(count & ~7) << 1);
  let p = source;
  for (; p < whole; p += 16) {
    const x = v128.load(p);
    high = i16x8.max_s(high, x);
    low = i16x8.min_s(low, x);
  }
  let top = 0;
  for (; p < end; p += 2) top = max(top, abs(<i32>load<i16>(p)));
  // -32768 has no positive counterpart in 16 bits: fold in 32.
  const a = i32x4.max_s(i32x4.extend_low_i16x8_s(high), i32x4.extend_high_i16x8_s(high));
  const b = i32x4.min_s(i32x4.extend_low_i16x8_s(low), i32x4.extend_high_i16x8_s(low));
  const m = i32x4.max_s(a, i32x4.neg(b));
  const n = i32x4.max_s(m, v128.shuffle<i32>(m, m, 2, 3, 0, 1));
  return max(top, max(i32x4.extract_lane(n, 0), i32x4.extract_lane(n, 1)));
}

/** Rows of int16 from samples of at most 16 bits (types I8, U8, I16): samples [first, first + count) of rows of `samples`. */
export function rowsShort(type: i32, source: usize, rows: i32, samples: i32, first: i32, count: i32, out: usize, strideBytes: i32): void {
  for (let r = 0; r < rows; r++, out += <usize>strideBytes) {
    const from = <usize>(r * samples + first);
    if (type == I16) memory.copy(out, source + (from << 1), <usize>count << 1);
    else if (type == I8) for (let i: usize = 0; i < <usize>count; i++) store<i16>(out + (i << 1), <i16>load<i8>(source + from + i));
    else if (type == U8) for (let i: usize = 0; i < <usize>count; i++) store<i16>(out + (i << 1), <i16>load<u8>(source + from + i));
  }
}

/** As `rowsShort`, float32 rows from samples of any type; what is not a finite number becomes zero. */
export function rowsFloat(type: i32, source: usize, rows: i32, samples: i32, first: i32, count: i32, out: usize, strideBytes: i32): void {
  for (let r = 0; r < rows; r++, out += <usize>strideBytes) {
    const from = <usize>(r * samples + first);
    for (let i: usize = 0; i < <usize>count; i++) store<f32>(out + (i << 2), finiteSample(type, source, from + i));
  }
}
