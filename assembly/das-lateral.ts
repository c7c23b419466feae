// Delay and sum for eight lateral neighbours at a time: b(p) = sum_e a_pe sum_w x_we(s), s = tau_w(p) + |p - e| / c in samples, x read
// between two samples by linear interpolation. Neighbours at one depth hear an element at almost the same time, so that one load
// holds the samples of all eight and a byte shuffle inside the register takes the place of a gather.
//
//   row       int16, one element and transmit; I and Q of complex rows stand in rows of their own
//   window    | s0 s1 s2 s3 s4 s5 s6 s7 |   one load of eight samples; a wide window is two
//   position  eight lanes of 16 bits: samples behind the window's first one in Q9, | 0 iiiiii fffffffff |
//   bytes     2 i, 2 i + 1, 2 i + 2, 2 i + 3 of each lane pick the pairs (x_i, x_i+1); the upper byte of a position is 2 i already
//   weights   | 512 - f, f | of each lane; one dot product gives four interpolated values, scaled by 512
//
// A position is the sum of the element's part, computed here once for all transmits, and the transmit's, from a table, both in whole
// 1 / 512 samples (rounding two of them costs 8e-4 samples rms: 0.13 % of a tone at four samples a period). Each has the whole
// samples of its least lane apart; these add up to the window's place.
//   entry     20 bytes: 8 x i16 transmit part, i32 twice its whole samples + the row's address; one for each block and transmit
// A lane that the transmit does not reach has bit 15 set, which picks bytes beyond the window: zeros.
//
// Lanes of the element's part end below so many samples, those of the transmits of a block below so many: together below 7, one
// load holds all pairs; below 15, two do, as the plan has proved for every block. Both sums are the same integers.
//
// Sums over transmits are exact integers, of at most 128 transmits at a time (128 x 512 x 32767 < 2^31); apodization multiplies the
// element's sum. Order: element by element, whatever the tile.
import { ELEMENT_BYTES, weight4 } from "./apodization";
import { HALF, LANE_BITS, P512, splat } from "./constants";

/** Bytes of an entry, and of as many as one integer sum takes. */
export const ENTRY_BYTES: usize = 20;
const MOST_EXACT: usize = 128 * ENTRY_BYTES;
/** Positions that one load of eight samples holds, with their right neighbours. */
const NARROW = 7 << 9;

let ROWS: usize = 0, ELEMENT_STRIDE: usize = 0, QUADRATURE: usize = 0;
let PIXELS: usize = 0, MASKS: usize = 0, STARTS: usize = 0, GROUPS: i32 = 0, BLOCKS: i32 = 0;
let ELEMENTS: usize = 0, ELEMENT_COUNT: i32 = 0, WINDOW: usize = 0, TOPS: usize = 0, TILE: usize = 0;

/** Where the samples are: `elementStrideBytes` from one element's rows to the next one's, Q `quadratureBytes` behind I. */
export function lateralRows(rows: usize, elementStrideBytes: i32, quadratureBytes: i32): void {
  ROWS = rows;
  ELEMENT_STRIDE = <usize>elementStrideBytes;
  QUADRATURE = <usize>quadratureBytes;
}

/**
 * Where the tables are.
 * pixels   [row][block][x 8, z 8] float32, samples     masks   [row][block][element] u8, see `apertures`
 * starts   [row][block][groups + 1] u32: addresses of the entries of each group of transmits, and where the last ones end
 * tops     [row][block] u16: greatest lane of the block's entries
 * tile     64 bytes for each block of the largest tile
 */
export function lateralTables(
  pixels: usize, masks: usize, starts: usize, groups: i32, blocksPerRow: i32, elements: usize, elementCount: i32, window: usize,
  tops: usize, tile: usize,
): void {
  PIXELS = pixels;
  MASKS = masks;
  STARTS = starts;
  GROUPS = groups;
  BLOCKS = blocksPerRow;
  ELEMENTS = elements;
  ELEMENT_COUNT = elementCount;
  WINDOW = window;
  TOPS = tops;
  TILE = tile;
}

/** Whole 1 / 512 samples from a float position. */
// @ts-ignore: decorator
@inline function fixed(path: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(path, splat(P512)), splat(HALF)));
}

/** Pairs (x_i, x_i+1) of four lanes, out of one load or two. */
// @ts-ignore: decorator
@inline function pairs(wide: bool, near: v128, far: v128, bytes: v128, vector: v128): v128 {
  if (!wide) return i8x16.swizzle(near, bytes);
  return v128.or(i8x16.swizzle(near, bytes), i8x16.swizzle(far, i8x16.sub(bytes, vector)));
}

/**
 * In 16 bits a position's fraction, 1, and what makes of a number of samples its bytes, twice; in 8 bits the bytes of a pair of samples,
 * and how many a vector has.
 */
const PAIRS = memory.data<u32>([0x01ff01ff, 0x02000200, 0x02020202, 0x03020100, 0x10101010]);

/** Sums of one block and element over entries [p, end): eight values each, times 512. */
let RE0 = f32x4.splat(0), RE1 = f32x4.splat(0), IM0 = f32x4.splat(0), IM1 = f32x4.splat(0);
// @ts-ignore: decorator
@inline function sumTransmits(complex: bool, wide: bool, p: usize, end: usize, row: usize, received: v128): void {
  const fraction = splat(PAIRS), one = splat(PAIRS + 4), bytesOfSamples = splat(PAIRS + 8), bytesOfPair = splat(PAIRS + 12), vector = splat(PAIRS + 16);
  const quadrature = QUADRATURE;
  let re0 = f32x4.splat(0), re1 = f32x4.splat(0), im0 = f32x4.splat(0), im1 = f32x4.splat(0);
  while (p < end) {
    const stop = min(end, p + MOST_EXACT);
    let i0 = i32x4.splat(0), i1 = i0, q0 = i0, q1 = i0;
    for (; p < stop; p += ENTRY_BYTES) {
      const address = row + <usize>load<u32>(p, 16);
      const position = i16x8.add(received, v128.load(p));
      const f = v128.and(position, fraction), g = i16x8.sub(one, f), first = i16x8.mul(i16x8.shr_u(position, 9), bytesOfSamples);
      const bytes0 = i8x16.add(v128.shuffle<i16>(first, first, 0, 8, 1, 9, 2, 10, 3, 11), bytesOfPair);
      const bytes1 = i8x16.add(v128.shuffle<i16>(first, first, 4, 12, 5, 13, 6, 14, 7, 15), bytesOfPair);
      const weights0 = v128.shuffle<i16>(g, f, 0, 8, 1, 9, 2, 10, 3, 11), weights1 = v128.shuffle<i16>(g, f, 4, 12, 5, 13, 6, 14, 7, 15);
      const near = v128.load(address), far = wide ? v128.load(address, 16) : near;
      i0 = i32x4.add(i0, i32x4.dot_i16x8_s(pairs(wide, near, far, bytes0, vector), weights0));
      i1 = i32x4.add(i1, i32x4.dot_i16x8_s(pairs(wide, near, far, bytes1, vector), weights1));
      if (complex) {
        const nearQ = v128.load(address + quadrature), farQ = wide ? v128.load(address + quadrature, 16) : nearQ;
        q0 = i32x4.add(q0, i32x4.dot_i16x8_s(pairs(wide, nearQ, farQ, bytes0, vector), weights0));
        q1 = i32x4.add(q1, i32x4.dot_i16x8_s(pairs(wide, nearQ, farQ, bytes1, vector), weights1));
      }
    }
    re0 = f32x4.add(re0, f32x4.convert_i32x4_s(i0));
    re1 = f32x4.add(re1, f32x4.convert_i32x4_s(i1));
    if (complex) {
      im0 = f32x4.add(im0, f32x4.convert_i32x4_s(q0));
      im1 = f32x4.add(im1, f32x4.convert_i32x4_s(q1));
    }
  }
  RE0 = re0;
  RE1 = re1;
  if (complex) {
    IM0 = im0;
    IM1 = im1;
  }
}

function realNarrow(p: usize, end: usize, row: usize, received: v128): void {
  sumTransmits(false, false, p, end, row, received);
}
function realWide(p: usize, end: usize, row: usize, received: v128): void {
  sumTransmits(false, true, p, end, row, received);
}
function complexNarrow(p: usize, end: usize, row: usize, received: v128): void {
  sumTransmits(true, false, p, end, row, received);
}
function complexWide(p: usize, end: usize, row: usize, received: v128): void {
  sumTransmits(true, true, p, end, row, received);
}

// @ts-ignore: decorator
@inline function sum(complex: bool, group: i32, row0: i32, row1: i32, block0: i32, block1: i32, scale: f32, out: usize): void {
  const width = <usize>(block1 - block0);
  memory.fill(TILE, 0, (<usize>(row1 - row0) * width) << 6);
  const lanes0 = v128.load(LANE_BITS), lanes1 = v128.load(LANE_BITS, 16), zero = i32x4.splat(0), never = i32x4.splat(i32.MAX_VALUE);
  for (let e = 0; e < ELEMENT_COUNT; e++) {
    const element = ELEMENTS + <usize>e * ELEMENT_BYTES, row = ROWS + <usize>e * ELEMENT_STRIDE;
    const ex = v128.load32_splat(element), ez = v128.load32_splat(element, 4), ey2 = v128.load32_splat(element, 8);
    let o = TILE;
    for (let r = row0; r < row1; r++)
      for (let b = block0; b < block1; b++, o += 64) {
        const block = <usize>(r * BLOCKS + b);
        const mask = <i32>load<u8>(MASKS + block * <usize>ELEMENT_COUNT + <usize>e);
        if (!mask) continue;
        const starts = STARTS + ((block * <usize>(GROUPS + 1) + <usize>group) << 2);
        const p = <usize>load<u32>(starts), end = <usize>load<u32>(starts, 4);
        if (p == end) continue;

        const pixel = PIXELS + (block << 6);
        const dx0 = f32x4.sub(v128.load(pixel), ex), dx1 = f32x4.sub(v128.load(pixel, 16), ex);
        const dz0 = f32x4.sub(v128.load(pixel, 32), ez), dz1 = f32x4.sub(v128.load(pixel, 48), ez);
        const r0 = fixed(f32x4.sqrt(f32x4.add(f32x4.add(f32x4.mul(dx0, dx0), f32x4.mul(dz0, dz0)), ey2)));
        const r1 = fixed(f32x4.sqrt(f32x4.add(f32x4.add(f32x4.mul(dx1, dx1), f32x4.mul(dz1, dz1)), ey2)));
        const in0 = i32x4.ne(v128.and(i32x4.splat(mask), lanes0), zero), in1 = i32x4.ne(v128.and(i32x4.splat(mask), lanes1), zero);
        let least = i32x4.min_s(v128.bitselect(r0, never, in0), v128.bitselect(r1, never, in1));
        least = i32x4.min_s(least, v128.shuffle<i32>(least, least, 2, 3, 0, 1));
        least = i32x4.min_s(least, v128.shuffle<i32>(least, least, 1, 0, 3, 2));
        const samples = i32x4.extract_lane(least, 0) >> 9, before = i32x4.splat(samples << 9);
        const received0 = v128.and(i32x4.sub(r0, before), in0), received1 = v128.and(i32x4.sub(r1, before), in1);
        let most = i32x4.max_s(received0, received1);
        most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
        most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 1, 0, 3, 2));
        const received = i16x8.narrow_i32x4_s(received0, received1), from = row + (<usize>samples << 1);
        const narrow = i32x4.extract_lane(most, 0) + <i32>load<u16>(TOPS + (block << 1)) < NARROW;
        if (complex) {
          if (narrow) complexNarrow(p, end, from, received);
          else complexWide(p, end, from, received);
        } else if (narrow) realNarrow(p, end, from, received);
        else realWide(p, end, from, received);

        const w0 = v128.and(weight4(WINDOW, dx0, dz0, element, <u8>mask), in0);
        const w1 = v128.and(weight4(WINDOW, dx1, dz1, element, <u8>(mask >> 4)), in1);
        v128.store(o, f32x4.add(v128.load(o), f32x4.mul(w0, RE0)));
        v128.store(o, f32x4.add(v128.load(o, 16), f32x4.mul(w1, RE1)), 16);
        if (complex) {
          v128.store(o, f32x4.add(v128.load(o, 32), f32x4.mul(w0, IM0)), 32);
          v128.store(o, f32x4.add(v128.load(o, 48), f32x4.mul(w1, IM1)), 48);
        }
      }
  }
  const unit = f32x4.splat(scale);
  let o = TILE;
  for (let r = row0; r < row1; r++) {
    let q = out + (<usize>(r * BLOCKS + block0) << 6);
    for (let b = block0; b < block1; b++, o += 64, q += 64) {
      const re0 = f32x4.mul(v128.load(o), unit), re1 = f32x4.mul(v128.load(o, 16), unit);
      const im0 = f32x4.mul(v128.load(o, 32), unit), im1 = f32x4.mul(v128.load(o, 48), unit);
      v128.store(q, v128.shuffle<f32>(re0, im0, 0, 4, 1, 5));
      v128.store(q, v128.shuffle<f32>(re0, im0, 2, 6, 3, 7), 16);
      v128.store(q, v128.shuffle<f32>(re1, im1, 0, 4, 1, 5), 32);
      v128.store(q, v128.shuffle<f32>(re1, im1, 2, 6, 3, 7), 48);
    }
  }
}

/** Real rows: rows [row0, row1) and blocks [block0, block1) of `out`, times `scale`; the imaginary parts are 0. */
export function dasLateral(group: i32, row0: i32, row1: i32, block0: i32, block1: i32, scale: f32, out: usize): void {
  sum(false, group, row0, row1, block0, block1, scale, out);
}
/** As `dasLateral` for complex rows. */
export function dasLateralComplex(group: i32, row0: i32, row1: i32, block0: i32, block1: i32, scale: f32, out: usize): void {
  sum(true, group, row0, row1, block0, block1, scale, out);
}
