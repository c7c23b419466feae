// Taps of the shift-invariant sum (steered-sum.ts): for one lateral class of pixels and one transmit, which ring row and which
// weight each neighbour element has at each depth. Behind steering these are the same for every lateral position.
//
// Ring row of a tap, in 1/65536 of a row: position = path + along[d] + across[row] + base(z), all int32; `path` holds the receive
// path (and whatever else no transmit changes), along and across what tilting the front adds, base the front's own depth.
//
// For walking apertures (host/engine/paths/steered/walking-taps.ts) neighbours d are transmits and rows are elements, and the whole path is
// in `path`.
//
//   segments of (class, depth)   { i32 first tap, i32 d of the first tap, i32 taps, i32 row }   neighbours d in a run, of one row
//   paths, weights               one number a tap, runs padded to four with weight 0
//   taps made, float32           four at a time: | u32 address x 4 | w (1 - f) x 4 | w f x 4 |                    48 bytes
//   taps made, int16             | u32 address, i16 pair (w (1 - f), w f) in Q11 | x 4                             32 bytes
import { BITS15, BITS16, splat } from "./constants";

/** Bytes of a segment. */
export const SEGMENT: usize = 16;

let PATHS: usize = 0, WEIGHTS: usize = 0, COLUMNS: usize = 0, ROWS: usize = 0;
let RING: usize = 0, MASK: i32 = 0, STRIDE: i32 = 0, TAPS: usize = 0;

/**
 * Tables that transmits share. paths: int32; weights: float32, or int32 in Q11 for `tapsShort`; columns, rows: int32 byte offsets of
 * neighbours and of rows, addresses those of number 0; ringRows a power of two up to 32768, strideBytes a multiple of 16 up to 512 KB.
 */
export function tapsSetup(
  paths: usize, weights: usize, columns: usize, rows: usize, ring: usize, ringRows: i32, strideBytes: i32, taps: usize,
): void {
  PATHS = paths;
  WEIGHTS = weights;
  COLUMNS = columns;
  ROWS = rows;
  RING = ring;
  MASK = ringRows - 1;
  STRIDE = strideBytes >> 4;
  TAPS = taps;
}

/** Half of what 15 bits are shifted by, and 2^-16 as float32. */
const ROUNDING = memory.data<u32>([1 << 14, 0x37800000]);

// @ts-ignore: decorator
@inline function build(short: bool, segments: usize, segment0: i32, segment1: i32, bases: usize, along: usize, across: usize): void {
  const mask = i32x4.splat(MASK), stride = i32x4.splat(STRIDE);
  const fraction = splat(short ? BITS15 : BITS16), rounding = splat(ROUNDING), part = splat(ROUNDING + 4);
  const first = load<i32>(segments + <usize>segment0 * SEGMENT);
  for (let i = segment0; i < segment1; i++) {
    const s = segments + <usize>i * SEGMENT;
    const tap = load<i32>(s), d = <usize>load<i32>(s, 4) << 2, count = load<i32>(s, 8), row = <usize>load<i32>(s, 12) << 2;
    const base = i32x4.splat(load<i32>(bases + (<usize>i << 2)) + load<i32>(across + row));
    const place = i32x4.splat(<i32>RING + load<i32>(ROWS + row));
    let path = PATHS + (<usize>tap << 2), weight = WEIGHTS + (<usize>tap << 2);
    let a = along + d, c = COLUMNS + d, o = TAPS + <usize>(tap - first) * (short ? 8 : 12);
    for (let k = 0; k < count; k += 4, path += 16, weight += 16, a += 16, c += 16) {
      const position = i32x4.add(i32x4.add(v128.load(path), v128.load(a)), base);
      const ringRow = v128.and(i32x4.shr_s(position, 16), mask);
      // 16 bits times 16 bits: the upper halves are zero.
      const address = i32x4.add(i32x4.shl(i32x4.dot_i16x8_s(ringRow, stride), 4), i32x4.add(v128.load(c), place));
      if (short) {
        const f = v128.and(i32x4.shr_u(position, 1), fraction), w = v128.load(weight);
        const w1 = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(w, f), rounding), 15);
        // Neither is negative: w - w1 in the lower half, w1 in the upper.
        const pair = i32x4.add(i32x4.sub(w, w1), i32x4.shl(w1, 16));
        v128.store(o, v128.shuffle<i32>(address, pair, 0, 4, 1, 5));
        v128.store(o, v128.shuffle<i32>(address, pair, 2, 6, 3, 7), 16);
        o += 32;
      } else {
        const f = f32x4.mul(f32x4.convert_i32x4_u(v128.and(position, fraction)), part);
        const w = v128.load(weight), w1 = f32x4.mul(w, f);
        v128.store(o, address);
        v128.store(o, f32x4.sub(w, w1), 16);
        v128.store(o, w1, 32);
        o += 48;
      }
    }
  }
}

/**
 * Makes the taps of segments [segment0, segment1), float32. bases: int32 a segment; along: int32 a neighbour, across: int32 a
 * row, both addresses those of number 0.
 */
export function tapsFloat(segments: usize, segment0: i32, segment1: i32, bases: usize, along: usize, across: usize): void {
  build(false, segments, segment0, segment1, bases, along, across);
}

/** As `tapsFloat`, int16. */
export function tapsShort(segments: usize, segment0: i32, segment1: i32, bases: usize, along: usize, across: usize): void {
  build(true, segments, segment0, segment1, bases, along, across);
}
