// Delay and sum of many frames of one geometry: b_k(p) = sum_w sum_e a_pe x_kwe(s), as in das.ts, with linear interpolation.
// Delays, weights and carrier phases are the same for every frame k, so they are computed once and the frames stand in lanes.
//
//   lanes     [transmit][element][sample][half], sixteen frames a half:
//             | I 16 | Q 16 | dI 16 | dQ 16 |  float32, 256 bytes; d = next sample - this one
//   images    [frame][block][4] interleaved re im float32, `imageBytes` from frame to frame
//   pixels, delays, ranges, masks, elements, window, phases: see das.ts
//
// In int16, IQ alone, a sample is its frames' pairs (I, Q), four times as dense; dot products read the next sample where it lies:
//   lanes     [transmit][element][sample, one of zeros behind the last][half]:  | I Q  I Q ... 16 |  64 bytes
//
// A block of four pixels shares its elements. Its pixels stand in lanes while the taps are made, and stay there: a pixel's list is every
// fourth number. A tap outside the pixel's aperture or the record weighs nothing.
//   real or analytic   | address 4 | w | w f |                        w I + w f dI
//   IQ                 | address 4 | w cos | w sin | f |              i = I + f dI, q = Q + f dQ; turned by cos + j sin and added
//   IQ in int16        | address 4 | c0 -s0 | s0 c0 | c1 -s1 | s1 c1 | pairs of weights: of this sample (c0 = (1 - f) w cos ...) and the next
// Then each list is run over sixteen frames at a time: for four frames of IQ a tap costs six multiplications and six additions, four and
// four where nothing turns, four dot products and four additions in int16, whose sums become float32 after every sixteen taps. The first
// half of all four pixels comes before the second one: neighbours read the same samples, still in the cache.
//
//   receive   [element][path 4, weight 4] float32, of one block
//   taps      [element][address 4, up to four more of four]
//   sums      [pixel 4][half 2][I 16, Q 16] float32
//   scales    [frame] float32: what its sums are multiplied by at last
//
// Order of summation: transmit by transmit, element by element, for every frame alike, whatever stands in the other lanes.
import { ELEMENT_BYTES, weight4 } from "./apodization";
import { BITS16, HALF, P4096, ROUNDER, ROUNDER_BITS, splat } from "./constants";
import { cosQuarter4, halfTurns, halfTurnSign, reduceHalfTurns, sinQuarter4 } from "./math";

/** How taps are summed: see `dasFrames`. */
const PLAIN = 0, TURNED = 1, SHORT = 2;
/** One sample of sixteen frames; in int16 a quarter. */
const HALF_BYTES: usize = 256;
/** Sums of one pixel: both halves. */
const SUM_BYTES: usize = 256;

let LANES: usize = 0, SAMPLE_BYTES: usize = 0, ROW_BYTES: usize = 0, HALVES: i32 = 0, TRANSMITS: i32 = 0;
let PIXELS: usize = 0, DELAYS: usize = 0, RANGES: usize = 0, MASKS: usize = 0, PHASES: usize = 0;
let ELEMENTS: usize = 0, ELEMENT_COUNT: i32 = 0, WINDOW: usize = 0;
let LOW: f32 = 0, HIGH: f32 = 0, TURNS_PER_SAMPLE: f32 = 0;
/** Taps whose sum stays below 2^31: weights of 1 and samples of sqrt(2) 2^14 would have room for 22. */
const SHORT_RUN = 16;
let SCALES: usize = 0, RECEIVE: usize = 0, TAPS: usize = 0, SUMS: usize = 0;
let IMAGES: usize = 0, IMAGE_BYTES: usize = 0, FRAMES: i32 = 0;
let COLUMN_BLOCKS: i32 = 1, IMAGE_ROWS: i32 = 0, IMAGE_STRIDE: usize = 0;

/** Where the frames are: `sampleBytes` from sample to sample, `rowBytes` from element to element; `halves` of them are summed. */
export function framesLanes(lanes: usize, sampleBytes: i32, rowBytes: i32, halves: i32, transmits: i32): void {
  LANES = lanes;
  SAMPLE_BYTES = <usize>sampleBytes;
  ROW_BYTES = <usize>rowBytes;
  HALVES = halves;
  TRANSMITS = transmits;
}

/** Where the tables are, those of `dasTables`. */
export function framesTables(
  pixels: usize, delays: usize, ranges: usize, masks: usize, elements: usize, elementCount: i32, window: usize, phases: usize,
): void {
  PIXELS = pixels;
  DELAYS = delays;
  RANGES = ranges;
  MASKS = masks;
  ELEMENTS = elements;
  ELEMENT_COUNT = elementCount;
  WINDOW = window;
  PHASES = phases;
}

/** Sample positions in [low, high] count, others give zero. `turnsPerSample`: carrier per sample, IQ only. The frames' scales and the three work areas. */
export function framesInterpolation(
  low: f32, high: f32, turnsPerSample: f32, scales: usize, receive: usize, taps: usize, sums: usize,
): void {
  SCALES = scales;
  LOW = low;
  HIGH = high;
  TURNS_PER_SAMPLE = turnsPerSample;
  RECEIVE = receive;
  TAPS = taps;
  SUMS = sums;
}

/**
 * Where the images go: `frames` of them, rounded up to a multiple of four. Blocks of four depths behind one another, `columnBlocks` to a
 * column, `rows` of whose depths are wanted, go to rows `strideBytes` apart.
 */
export function framesImages(images: usize, imageBytes: i32, frames: i32, columnBlocks: i32, rows: i32, strideBytes: i32): void {
  IMAGES = images;
  IMAGE_BYTES = <usize>imageBytes;
  FRAMES = frames;
  COLUMN_BLOCKS = columnBlocks;
  IMAGE_ROWS = rows;
  IMAGE_STRIDE = <usize>strideBytes;
}

/** The path back and the weight, of every element the block hears: the same for all transmits. */
// @ts-ignore: decorator
@inline function receive(b: i32, first: i32, end: i32, masks: usize): void {
  const x = v128.load(PIXELS + (<usize>b << 5)), z = v128.load(PIXELS + (<usize>b << 5), 16);
  let out = RECEIVE;
  for (let e = first; e < end; e++, out += 32) {
    const mask = load<u8>(masks + <usize>e);
    if (!mask) continue;
    const element = ELEMENTS + <usize>e * ELEMENT_BYTES;
    const dx = f32x4.sub(x, v128.load32_splat(element)), dz = f32x4.sub(z, v128.load32_splat(element, 4));
    v128.store(out, f32x4.sqrt(f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dz, dz)), v128.load32_splat(element, 8))));
    v128.store(out, weight4(WINDOW, dx, dz, element, mask), 16);
  }
}

/** Sixteen frames of one pixel: its list [tap, end) added to `sum`; `half`: byte offset of the sixteen within a sample. */
// @ts-ignore: decorator
@inline function run(rotate: bool, tap: usize, end: usize, half: usize, sum: usize): void {
  let i0 = v128.load(sum), i1 = v128.load(sum, 16), i2 = v128.load(sum, 32), i3 = v128.load(sum, 48);
  let q0 = v128.load(sum, 64), q1 = v128.load(sum, 80), q2 = v128.load(sum, 96), q3 = v128.load(sum, 112);
  for (; tap < end; tap += rotate ? 64 : 48) {
    const p = <usize>load<u32>(tap) + half, c = v128.load32_splat(tap, 16), s = v128.load32_splat(tap, 32);
    if (rotate) {
      const f = v128.load32_splat(tap, 48);
      let i = f32x4.add(v128.load(p), f32x4.mul(f, v128.load(p, 128))), q = f32x4.add(v128.load(p, 64), f32x4.mul(f, v128.load(p, 192)));
      i0 = f32x4.sub(f32x4.add(i0, f32x4.mul(c, i)), f32x4.mul(s, q));
      q0 = f32x4.add(f32x4.add(q0, f32x4.mul(c, q)), f32x4.mul(s, i));
      i = f32x4.add(v128.load(p, 16), f32x4.mul(f, v128.load(p, 144)));
      q = f32x4.add(v128.load(p, 80), f32x4.mul(f, v128.load(p, 208)));
      i1 = f32x4.sub(f32x4.add(i1, f32x4.mul(c, i)), f32x4.mul(s, q));
      q1 = f32x4.add(f32x4.add(q1, f32x4.mul(c, q)), f32x4.mul(s, i));
      i = f32x4.add(v128.load(p, 32), f32x4.mul(f, v128.load(p, 160)));
      q = f32x4.add(v128.load(p, 96), f32x4.mul(f, v128.load(p, 224)));
      i2 = f32x4.sub(f32x4.add(i2, f32x4.mul(c, i)), f32x4.mul(s, q));
      q2 = f32x4.add(f32x4.add(q2, f32x4.mul(c, q)), f32x4.mul(s, i));
      i = f32x4.add(v128.load(p, 48), f32x4.mul(f, v128.load(p, 176)));
      q = f32x4.add(v128.load(p, 112), f32x4.mul(f, v128.load(p, 240)));
      i3 = f32x4.sub(f32x4.add(i3, f32x4.mul(c, i)), f32x4.mul(s, q));
      q3 = f32x4.add(f32x4.add(q3, f32x4.mul(c, q)), f32x4.mul(s, i));
    } else {
      i0 = f32x4.add(i0, f32x4.add(f32x4.mul(c, v128.load(p)), f32x4.mul(s, v128.load(p, 128))));
      i1 = f32x4.add(i1, f32x4.add(f32x4.mul(c, v128.load(p, 16)), f32x4.mul(s, v128.load(p, 144))));
      i2 = f32x4.add(i2, f32x4.add(f32x4.mul(c, v128.load(p, 32)), f32x4.mul(s, v128.load(p, 160))));
      i3 = f32x4.add(i3, f32x4.add(f32x4.mul(c, v128.load(p, 48)), f32x4.mul(s, v128.load(p, 176))));
      q0 = f32x4.add(q0, f32x4.add(f32x4.mul(c, v128.load(p, 64)), f32x4.mul(s, v128.load(p, 192))));
      q1 = f32x4.add(q1, f32x4.add(f32x4.mul(c, v128.load(p, 80)), f32x4.mul(s, v128.load(p, 208))));
      q2 = f32x4.add(q2, f32x4.add(f32x4.mul(c, v128.load(p, 96)), f32x4.mul(s, v128.load(p, 224))));
      q3 = f32x4.add(q3, f32x4.add(f32x4.mul(c, v128.load(p, 112)), f32x4.mul(s, v128.load(p, 240))));
    }
  }
  v128.store(sum, i0);
  v128.store(sum, i1, 16);
  v128.store(sum, i2, 32);
  v128.store(sum, i3, 48);
  v128.store(sum, q0, 64);
  v128.store(sum, q1, 80);
  v128.store(sum, q2, 96);
  v128.store(sum, q3, 112);
}

/** Two samples of four frames, each by its pair of weights. */
// @ts-ignore: decorator
@inline function dots(sum: v128, a: v128, w0: v128, b: v128, w1: v128): v128 {
  return i32x4.add(sum, i32x4.add(i32x4.dot_i16x8_s(a, w0), i32x4.dot_i16x8_s(b, w1)));
}

// @ts-ignore: decorator
@inline function addShort(sum: usize, offset: usize, values: v128): void {
  v128.store(sum + offset, f32x4.add(v128.load(sum + offset), f32x4.convert_i32x4_s(values)));
}

/** The same in int16. */
// @ts-ignore: decorator
@inline function runShort(tap: usize, end: usize, half: usize, sum: usize): void {
  while (tap < end) {
    const stop = min(end, tap + 80 * SHORT_RUN);
    let i0 = i32x4.splat(0), i1 = i0, i2 = i0, i3 = i0, q0 = i0, q1 = i0, q2 = i0, q3 = i0;
    for (; tap < stop; tap += 80) {
      const p = <usize>load<u32>(tap) + half, next = p + SAMPLE_BYTES;
      const re0 = v128.load32_splat(tap, 16), im0 = v128.load32_splat(tap, 32);
      const re1 = v128.load32_splat(tap, 48), im1 = v128.load32_splat(tap, 64);
      let a = v128.load(p), b = v128.load(next);
      i0 = dots(i0, a, re0, b, re1);
      q0 = dots(q0, a, im0, b, im1);
      a = v128.load(p, 16), b = v128.load(next, 16);
      i1 = dots(i1, a, re0, b, re1);
      q1 = dots(q1, a, im0, b, im1);
      a = v128.load(p, 32), b = v128.load(next, 32);
      i2 = dots(i2, a, re0, b, re1);
      q2 = dots(q2, a, im0, b, im1);
      a = v128.load(p, 48), b = v128.load(next, 48);
      i3 = dots(i3, a, re0, b, re1);
      q3 = dots(q3, a, im0, b, im1);
    }
    addShort(sum, 0, i0);
    addShort(sum, 16, i1);
    addShort(sum, 32, i2);
    addShort(sum, 48, i3);
    addShort(sum, 64, q0);
    addShort(sum, 80, q1);
    addShort(sum, 96, q2);
    addShort(sum, 112, q3);
  }
}

/** Four frames of one pixel (re im of two frames a vector) to the images. */
// @ts-ignore: decorator
@inline function emitPixel(out: usize, sum: usize, scales: v128): void {
  const i = f32x4.mul(v128.load(sum), scales), q = f32x4.mul(v128.load(sum, 64), scales);
  const a = v128.shuffle<f32>(i, q, 0, 4, 1, 5), b = v128.shuffle<f32>(i, q, 2, 6, 3, 7);
  v128.store64_lane(out, a, 0);
  v128.store64_lane(out + IMAGE_BYTES, a, 1);
  v128.store64_lane(out + 2 * IMAGE_BYTES, b, 0);
  v128.store64_lane(out + 3 * IMAGE_BYTES, b, 1);
}

/** Sums of a block's four depths, frames in lanes, to the images; depths below the last row are left out. */
// @ts-ignore: decorator
@inline function emit(column: i32, depth: i32): void {
  const row = 4 * depth, rows = min(4, IMAGE_ROWS - row);
  let out = IMAGES + <usize>row * IMAGE_STRIDE + (<usize>column << 3);
  for (let f = 0; f < FRAMES; f += 4, out += 4 * IMAGE_BYTES) {
    const sum = SUMS + (<usize>(f >> 4) << 7) + (<usize>(f & 15) << 2), scales = v128.load(SCALES + (<usize>f << 2));
    for (let k = 0; k < rows; k++) emitPixel(out + <usize>k * IMAGE_STRIDE, sum + <usize>k * SUM_BYTES, scales);
  }
}

/** Low halves of a's lanes, and of b's above them. */
// @ts-ignore: decorator
@inline function pair(a: v128, b: v128, lowHalf: v128): v128 {
  return v128.or(v128.and(a, lowHalf), i32x4.shl(b, 16));
}

/**
 * Columns [column0, column1) of one block of four depths. `how`: 0, real or analytic rows; 1, baseband IQ, turned back by
 * exp(j 2 pi f t); 2, the same in int16.
 */
export function dasFrames(how: i32, column0: i32, column1: i32, depth: i32): void {
  const low = f32x4.splat(LOW), high = f32x4.splat(HIGH), rate = f32x4.splat(TURNS_PER_SAMPLE), rounder = splat(ROUNDER), half = splat(HALF), lowHalf = splat(BITS16), size = splat(P4096);
  const sampleBytes = i32x4.splat(<i32>SAMPLE_BYTES), halfBytes = HALF_BYTES >> <usize>(how & SHORT);
  for (let column = column0; column < column1; column++) {
    const b = column * COLUMN_BLOCKS + depth;
    const first = <i32>load<u16>(RANGES + (<usize>b << 2)), end = <i32>load<u16>(RANGES + (<usize>b << 2), 2);
    const masks = MASKS + <usize>b * <usize>ELEMENT_COUNT;
    receive(b, first, end, masks);
    memory.fill(SUMS, 0, 4 * SUM_BYTES);
    for (let t = 0; t < TRANSMITS; t++) {
      const delay = v128.load(DELAYS + (<usize>(b * TRANSMITS + t) << 4));
      const phase = v128.load32_splat(PHASES + (<usize>t << 2));
      // Positions come with the rounder's bits, which the address takes away.
      let row = LANES + <usize>(t * ELEMENT_COUNT + first) * ROW_BYTES - <usize>ROUNDER_BITS * SAMPLE_BYTES, r = RECEIVE, tap = TAPS;
      for (let e = first; e < end; e++, row += ROW_BYTES, r += 32) {
        // Where not all of a block's pixels hear an element, its weight is zero for those that do not.
        if (!load<u8>(masks + <usize>e)) continue;
        let s = f32x4.add(v128.load(r), delay);
        const valid = v128.and(f32x4.ge(s, low), f32x4.le(s, high)), w = v128.and(v128.load(r, 16), valid);
        s = v128.and(s, valid);
        const rounded = f32x4.add(f32x4.sub(s, half), rounder), f = f32x4.sub(s, f32x4.sub(rounded, rounder));
        v128.store(tap, i32x4.add(i32x4.splat(<i32>row), i32x4.mul(rounded, sampleBytes)));
        if (how == PLAIN) {
          v128.store(tap, w, 16);
          v128.store(tap, f32x4.mul(w, f), 32);
          tap += 48;
          continue;
        }
        const turns = f32x4.add(f32x4.mul(s, rate), phase), halves = halfTurns(turns), reduced = reduceHalfTurns(turns, halves), sign = halfTurnSign(halves);
        const wc = v128.xor(f32x4.mul(w, cosQuarter4(reduced)), sign), ws = v128.xor(f32x4.mul(w, sinQuarter4(reduced)), sign);
        if (how == TURNED) {
          v128.store(tap, wc, 16);
          v128.store(tap, ws, 32);
          v128.store(tap, f, 48);
          tap += 64;
          continue;
        }
        // Both weights of a sample are rounded together: their sum is as exact as one of them.
        const c = f32x4.mul(wc, size), d = f32x4.mul(ws, size);
        const c1 = f32x4.add(f32x4.mul(c, f), rounder), s1 = f32x4.add(f32x4.mul(d, f), rounder);
        const c0 = i32x4.sub(f32x4.add(c, rounder), c1), both = f32x4.add(d, rounder);
        v128.store(tap, pair(c0, i32x4.sub(s1, both), lowHalf), 16);
        v128.store(tap, pair(i32x4.sub(both, s1), c0, lowHalf), 32);
        v128.store(tap, pair(c1, i32x4.sub(rounder, s1), lowHalf), 48);
        v128.store(tap, pair(s1, c1, lowHalf), 64);
        tap += 80;
      }
      for (let h = 0; h < HALVES; h++) {
        const from = <usize>h * halfBytes, sum = SUMS + (<usize>h << 7);
        for (let k: usize = 0; k < 4; k++) {
          const list = TAPS + 4 * k, to = sum + k * SUM_BYTES;
          if (how == SHORT) runShort(list, tap, from, to);
          else if (how == TURNED) run(true, list, tap, from, to);
          else run(false, list, tap, from, to);
        }
      }
    }
    emit(column, depth);
  }
}
