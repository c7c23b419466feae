// Samples of one transmit as rows between zeros, in the numbers that steering takes.
//
//   source   [channel][sample], any sample type          out   row of channel 0 | zeros | row of channel 1 | zeros | ...
import { I16, I8, sampleBytes, toFloats, U8 } from "./ingest";

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
  for (let r = 0; r < rows; r++, out += <usize>strideBytes) toFloats(type, source + sampleBytes(type, r * samples + first), count, out);
}
