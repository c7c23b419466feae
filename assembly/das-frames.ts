// Delay and sum of many frames of one geometry: b_k(p) = sum_w sum_e a_pe x_kwe(s), as in das.ts, with linear interpolation.
// Delays, weights and carrier phases are the same for every frame k, so they are computed once and the frames stand in lanes.
//
//   lanes     [transmit][element][sample][half], sixteen frames a half:
//             | I 16 | Q 16 | dI 16 | dQ 16 |  float32, 256 bytes; d = next sample - this one
//   images    [frame][block][4] interleaved re im float32, `imageBytes` from frame to frame
//   pixels, delays, ranges, masks, elements, window, phases: see das.ts
//
// A block of four pixels shares its elements. Its pixels stand in lanes while the taps are made and leave them as four lists, of
// those taps only that are inside the aperture and the record:
//   baseband IQ   | address | f | w cos | w sin |     i = I + f dI, q = Q + f dQ; turned by cos + j sin and added
//   else          | address | w | w f   |   -   |     w I + w f dI
// Then each list is run over sixteen frames at a time: a tap costs six multiplications and six additions for four frames of IQ,
// four and four where nothing turns. The first half of all four pixels comes before the second one: neighbours read the same samples, still in the cache.
//
//   receive   [element][path 4, weight 4] float32, of one block
//   taps      [pixel 4][element + 1] of 16 bytes
//   sums      [pixel 4][half 2][I 16, Q 16] float32
//
// Order of summation: transmit by transmit, element by element, for every frame alike, whatever stands in the other lanes.
import { ELEMENT_BYTES, weight4 } from "./apodization";
import { cosQuarter4, halfTurnSign, reduceHalfTurns, sinQuarter4 } from "./math";

/** One sample of sixteen frames. */
const HALF_BYTES: usize = 256;
/** Sums of one pixel: both halves. */
const SUM_BYTES: usize = 256;

let LANES: usize = 0, SAMPLE_BYTES: usize = 0, ROW_BYTES: usize = 0, HALVES: i32 = 0, TRANSMITS: i32 = 0;
let PIXELS: usize = 0, DELAYS: usize = 0, RANGES: usize = 0, MASKS: usize = 0, PHASES: usize = 0;
let ELEMENTS: usize = 0, ELEMENT_COUNT: i32 = 0, WINDOW: usize = 0;
let LOW: f32 = 0, HIGH: f32 = 0, TURNS_PER_SAMPLE: f32 = 0;
let RECEIVE: usize = 0, TAPS: usize = 0, SUMS: usize = 0;
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

/** Sample positions in [low, high] count, others give zero. `turnsPerSample`: carrier per sample, IQ only. The three work areas. */
export function framesInterpolation(low: f32, high: f32, turnsPerSample: f32, receive: usize, taps: usize, sums: usize): void {
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

/** Sixteen frames of one pixel: the list [tap, end) added to `sum`; `half`: byte offset of the sixteen within a sample. */
// @ts-ignore: decorator
@inline function run(rotate: bool, tap: usize, end: usize, half: usize, sum: usize): void {
  let i0 = v128.load(sum), i1 = v128.load(sum, 16), i2 = v128.load(sum, 32), i3 = v128.load(sum, 48);
  let q0 = v128.load(sum, 64), q1 = v128.load(sum, 80), q2 = v128.load(sum, 96), q3 = v128.load(sum, 112);
  for (; tap < end; tap += 16) {
    const p = <usize>load<u32>(tap) + half;
    if (rotate) {
      const f = v128.load32_splat(tap, 4), c = v128.load32_splat(tap, 8), s = v128.load32_splat(tap, 12);
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
      const w = v128.load32_splat(tap, 4), f = v128.load32_splat(tap, 8);
      i0 = f32x4.add(i0, f32x4.add(f32x4.mul(w, v128.load(p)), f32x4.mul(f, v128.load(p, 128))));
      i1 = f32x4.add(i1, f32x4.add(f32x4.mul(w, v128.load(p, 16)), f32x4.mul(f, v128.load(p, 144))));
      i2 = f32x4.add(i2, f32x4.add(f32x4.mul(w, v128.load(p, 32)), f32x4.mul(f, v128.load(p, 160))));
      i3 = f32x4.add(i3, f32x4.add(f32x4.mul(w, v128.load(p, 48)), f32x4.mul(f, v128.load(p, 176))));
      q0 = f32x4.add(q0, f32x4.add(f32x4.mul(w, v128.load(p, 64)), f32x4.mul(f, v128.load(p, 192))));
      q1 = f32x4.add(q1, f32x4.add(f32x4.mul(w, v128.load(p, 80)), f32x4.mul(f, v128.load(p, 208))));
      q2 = f32x4.add(q2, f32x4.add(f32x4.mul(w, v128.load(p, 96)), f32x4.mul(f, v128.load(p, 224))));
      q3 = f32x4.add(q3, f32x4.add(f32x4.mul(w, v128.load(p, 112)), f32x4.mul(f, v128.load(p, 240))));
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

/** Four frames of one pixel (re im of two frames a vector) to the images. */
// @ts-ignore: decorator
@inline function emitPixel(out: usize, sum: usize): void {
  const i = v128.load(sum), q = v128.load(sum, 64);
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
    const sum = SUMS + (<usize>(f >> 4) << 7) + (<usize>(f & 15) << 2);
    for (let k = 0; k < rows; k++) emitPixel(out + <usize>k * IMAGE_STRIDE, sum + <usize>k * SUM_BYTES);
  }
}

// @ts-ignore: decorator
@inline function sumFrames(rotate: bool, column0: i32, column1: i32, depth: i32): void {
  const low = f32x4.splat(LOW), high = f32x4.splat(HIGH), one = f32x4.splat(1), rate = f32x4.splat(TURNS_PER_SAMPLE);
  const sampleBytes = i32x4.splat(<i32>SAMPLE_BYTES), listBytes = <usize>(ELEMENT_COUNT + 1) << 4;
  for (let column = column0; column < column1; column++) {
    const b = column * COLUMN_BLOCKS + depth;
    const first = <i32>load<u16>(RANGES + (<usize>b << 2)), end = <i32>load<u16>(RANGES + (<usize>b << 2), 2);
    const masks = MASKS + <usize>b * <usize>ELEMENT_COUNT;
    receive(b, first, end, masks);
    memory.fill(SUMS, 0, 4 * SUM_BYTES);
    for (let t = 0; t < TRANSMITS; t++) {
      const delay = v128.load(DELAYS + (<usize>(b * TRANSMITS + t) << 4));
      const phase = v128.load32_splat(PHASES + (<usize>t << 2));
      let row = LANES + <usize>(t * ELEMENT_COUNT + first) * ROW_BYTES, r = RECEIVE;
      let end0 = TAPS, end1 = end0 + listBytes, end2 = end1 + listBytes, end3 = end2 + listBytes;
      for (let e = first; e < end; e++, row += ROW_BYTES, r += 32) {
        const mask = <i32>load<u8>(masks + <usize>e);
        if (!mask) continue;
        let s = f32x4.add(v128.load(r), delay);
        const valid = v128.and(f32x4.ge(s, low), f32x4.le(s, high)), heard = i32x4.bitmask(valid) & mask;
        s = v128.and(s, valid);
        const index = i32x4.trunc_sat_f32x4_s(s), f = f32x4.sub(s, f32x4.convert_i32x4_s(index)), w = v128.load(r, 16);
        const at = i32x4.add(i32x4.splat(<i32>row), i32x4.mul(index, sampleBytes));
        let u: v128, c: v128, d: v128;
        if (rotate) {
          const turns = f32x4.add(f32x4.mul(s, rate), phase), reduced = reduceHalfTurns(turns), sign = halfTurnSign(turns);
          u = f;
          c = v128.xor(f32x4.mul(w, cosQuarter4(reduced)), sign);
          d = v128.xor(f32x4.mul(w, sinQuarter4(reduced)), sign);
        } else {
          u = w;
          c = f32x4.mul(w, f);
          d = one;
        }
        const au = v128.shuffle<f32>(at, u, 0, 4, 1, 5), bu = v128.shuffle<f32>(at, u, 2, 6, 3, 7);
        const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5), dd = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
        v128.store(end0, v128.shuffle<f32>(au, cd, 0, 1, 4, 5));
        v128.store(end1, v128.shuffle<f32>(au, cd, 2, 3, 6, 7));
        v128.store(end2, v128.shuffle<f32>(bu, dd, 0, 1, 4, 5));
        v128.store(end3, v128.shuffle<f32>(bu, dd, 2, 3, 6, 7));
        end0 += <usize>(heard & 1) << 4;
        end1 += <usize>(heard & 2) << 3;
        end2 += <usize>(heard & 4) << 2;
        end3 += <usize>(heard & 8) << 1;
      }
      for (let h = 0; h < HALVES; h++) {
        const half = <usize>h * HALF_BYTES, sum = SUMS + (<usize>h << 7);
        for (let k = 0; k < 4; k++) {
          const list = TAPS + <usize>k * listBytes, last = k == 0 ? end0 : k == 1 ? end1 : k == 2 ? end2 : end3;
          run(rotate, list, last, half, sum + <usize>k * SUM_BYTES);
        }
      }
    }
    emit(column, depth);
  }
}

/** Real or analytic rows. Columns [column0, column1) of one block of four depths. */
export function dasFrames(column0: i32, column1: i32, depth: i32): void {
  sumFrames(false, column0, column1, depth);
}
/** Baseband IQ, turned back by exp(j 2 pi f t). */
export function dasFramesIq(column0: i32, column1: i32, depth: i32): void {
  sumFrames(true, column0, column1, depth);
}
