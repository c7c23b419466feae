// Delay and sum: b(p) = sum_e a_pe sum_w x_we(s), s = (tau_w(p) + |p - e| / c - start_w) fs; baseband IQ is turned back by
// exp(j 2 pi f t) at the time t of the sample. Four neighbouring depths in lanes, which read neighbouring samples; the receive path
// and its weight are computed once for all transmits.
//
//   rows     [transmit][channel], `strideBytes` apart: interleaved re im float32 (see ingest.ts), or float32 alone for `dasReal`
//   pixels   [block][x 4, z 4] float32, samples       delays [block][transmit][4] float32, samples
//   inside   [block] u8: 1 where every position that the block uses lies inside the record and is interpolated linearly, so that
//            nothing needs to be masked
//   ranges   [block] u16 first element, u16 end       masks, elements, window: see apodization.ts
//   phasors  [block][transmit][cos 4, sin 4] float32 of 2 pi f (start + delay / fs); IQ only
//   out      rows of interleaved re im float32
//
// Two taps: of two pixels at a time, the samples before and behind s:
//   before   | re i   | im i   | re j   | im j   |      behind | re i+1 | im i+1 | re j+1 | im j+1 |
//   value    before + f (behind - before)
// More taps: of one pixel, two at a time, folded once per element:
//   data     | re i   | im i   | re i+1 | im i+1 |      weight | w i    | w i    | w i+1  | w i+1  |
//
// IQ: the turn of a transmit is a table, that of the receive path is applied once to the sum over transmits.
//
// Summation runs element by element, in each transmit by transmit, so its order does not depend on how blocks are shared out. Large arrays are
// summed in runs of elements, one run for many blocks, so that the run's samples stay in the cache; each run is added to `out`.
import { ELEMENT_BYTES, weight4 } from "./apodization";
import { HALF, ONE, ROUNDER, ROUNDER_BITS, splat } from "./constants";
import { cosQuarter4, cosTurns, halfTurns, halfTurnSign, reduceHalfTurns, sinQuarter4, sinTurns } from "./math";

/** Tap layouts: two taps with weights 1 - f and f; four taps from i - 1; six taps from i - 2. */
const TWO = 0, FOUR = 1, SIX = 2;

/** Everything that stays the same from call to call. */
let ROWS: usize = 0, STRIDE: usize = 0, TRANSMIT_STRIDE: usize = 0;
let COLUMN_BLOCKS: i32 = 0, IMAGE_STRIDE: usize = 0;
let PIXELS: usize = 0, DELAYS: usize = 0, INSIDE: usize = 0, RANGES: usize = 0, MASKS: usize = 0, PHASORS: usize = 0;
let ELEMENTS: usize = 0, ELEMENT_COUNT: i32 = 0, WINDOW: usize = 0;
let TRANSMITS: i32 = 0, FIRST: i32 = 0, END: i32 = 0;
let LOW: f32 = 0, HIGH: f32 = 0, TURNS_PER_SAMPLE: f32 = 0;
let SCRATCH: usize = 0;
let NEAREST: bool = false;
let COEFFICIENTS: usize = 0, DEGREE: i32 = 0;

/** Where the data are: `transmitStrideBytes` from one transmit's first row to the next one's. */
export function dasRows(rows: usize, strideBytes: i32, transmitStrideBytes: i32, transmits: i32): void {
  ROWS = rows;
  STRIDE = <usize>strideBytes;
  TRANSMIT_STRIDE = <usize>transmitStrideBytes;
  TRANSMITS = transmits;
}

/** The picture: blocks of four depths behind one another, `columnBlocks` to a column, go to rows `strideBytes` apart. */
export function dasImage(columnBlocks: i32, strideBytes: i32): void {
  COLUMN_BLOCKS = columnBlocks;
  IMAGE_STRIDE = <usize>strideBytes;
}

/**
 * Where the tables are. `scratch`: 16 bytes through which four addresses leave a vector, faster than lane by lane. Elements [first, end) are summed;
 * from element 0 on sums begin anew, others are added to what is there.
 */
export function dasTables(
  pixels: usize, delays: usize, inside: usize, ranges: usize, masks: usize, elements: usize, elementCount: i32, window: usize, phasors: usize,
  scratch: usize, first: i32, end: i32,
): void {
  FIRST = first;
  END = end;
  PIXELS = pixels;
  DELAYS = delays;
  INSIDE = inside;
  RANGES = ranges;
  MASKS = masks;
  ELEMENTS = elements;
  ELEMENT_COUNT = elementCount;
  WINDOW = window;
  PHASORS = phasors;
  SCRATCH = scratch;
}

/**
 * Interpolation: sample positions in [low, high] count, others give zero. `coefficients`: [tap][degree + 1] float32,
 * polynomials in f, highest power first (four or six taps). `turnsPerSample`: carrier per sample, IQ only.
 */
export function dasInterpolation(low: f32, high: f32, nearest: bool, coefficients: usize, degree: i32, turnsPerSample: f32): void {
  LOW = low;
  HIGH = high;
  NEAREST = nearest;
  COEFFICIENTS = coefficients;
  DEGREE = degree;
  TURNS_PER_SAMPLE = turnsPerSample;
}

/**
 * Which blocks of four pixels use positions within [low, high] alone. delays: see above; spans: see `receiveSpans`; a hundredth of a
 * sample is left for float32.
 */
export function insideRecord(delays: usize, blocks: i32, transmits: i32, spans: usize, low: f64, high: f64, inside: usize): void {
  for (let b = 0; b < blocks; b++, spans += 24) {
    let least = f64.MAX_VALUE, most = -f64.MAX_VALUE;
    for (let i = 0; i < 4 * transmits; i++, delays += 4) {
      const s = <f64>load<f32>(delays);
      least = min(least, s);
      most = max(most, s);
    }
    store<u8>(inside + <usize>b, u8(least + load<f64>(spans) >= low + 0.01 && most + load<f64>(spans, 8) <= high - 0.01));
  }
}

/** Phasors of a delay table: see above. phases: [transmit] float64, turns at sample 0. */
export function delayPhasors(delays: usize, blocks: i32, transmits: i32, phases: usize, turnsPerSample: f64, phasors: usize): void {
  for (let b = 0; b < blocks; b++)
    for (let t = 0; t < transmits; t++, phasors += 32)
      for (let k: usize = 0; k < 16; k += 4, delays += 4) {
        const s = <f64>load<f32>(delays), turns = load<f64>(phases + (<usize>t << 3)) + s * turnsPerSample;
        store<f32>(phasors + k, <f32>cosTurns(turns));
        store<f32>(phasors + k, <f32>sinTurns(turns), 16);
      }
}

// @ts-ignore: decorator
@inline function polynomial(tap: i32, degree: i32, f: v128): v128 {
  let c = COEFFICIENTS + (<usize>(tap * (degree + 1)) << 2);
  let p = v128.load32_splat(c);
  for (let k = 0; k < degree; k++) {
    c += 4;
    p = f32x4.add(f32x4.mul(p, f), v128.load32_splat(c));
  }
  return p;
}

// @ts-ignore: decorator
@inline function cubicPolynomial(tap: i32, f: v128): v128 {
  const c = COEFFICIENTS + (<usize>tap << 4);
  let p = f32x4.add(f32x4.mul(v128.load32_splat(c), f), v128.load32_splat(c, 4));
  p = f32x4.add(f32x4.mul(p, f), v128.load32_splat(c, 8));
  return f32x4.add(f32x4.mul(p, f), v128.load32_splat(c, 12));
}

/** Two complex taps of one pixel (`lane`), each with its weight. */
// @ts-ignore: decorator
@inline function two(address: usize, a: v128, b: v128, lane: i32): v128 {
  const data = v128.load(address);
  if (lane == 0) return f32x4.mul(data, v128.shuffle<f32>(a, b, 0, 0, 4, 4));
  if (lane == 1) return f32x4.mul(data, v128.shuffle<f32>(a, b, 1, 1, 5, 5));
  if (lane == 2) return f32x4.mul(data, v128.shuffle<f32>(a, b, 2, 2, 6, 6));
  return f32x4.mul(data, v128.shuffle<f32>(a, b, 3, 3, 7, 7));
}

/** Sums over the halves of two vectors: two complex numbers. */
// @ts-ignore: decorator
@inline function fold(a: v128, b: v128): v128 {
  return f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
}

const TURN = memory.data<f32>([-1, 1, -1, 1]);

/** (re + j im) j for two complex numbers. */
// @ts-ignore: decorator
@inline function timesJ(a: v128): v128 {
  return f32x4.mul(v128.shuffle<f32>(a, a, 1, 0, 3, 2), v128.load(TURN));
}

/** Lanes 0 and 1, or 2 and 3, each twice: factors of two complex numbers. */
// @ts-ignore: decorator
@inline function firstTwice(a: v128): v128 {
  return v128.shuffle<f32>(a, a, 0, 0, 1, 1);
}
// @ts-ignore: decorator
@inline function lastTwice(a: v128): v128 {
  return v128.shuffle<f32>(a, a, 2, 2, 3, 3);
}

/** Linear interpolation of two complex numbers. */
// @ts-ignore: decorator
@inline function between(first: usize, second: usize, f: v128): v128 {
  const a = v128.load(first), b = v128.load(second);
  const before = v128.shuffle<f32>(a, b, 0, 1, 4, 5), behind = v128.shuffle<f32>(a, b, 2, 3, 6, 7);
  return f32x4.add(before, f32x4.mul(f, f32x4.sub(behind, before)));
}

/** Sums of four pixels over the transmits of one element: two complex numbers each, the second pair for the turn by j. */
let SUM0 = f32x4.splat(0), SUM1 = f32x4.splat(0), TURN0 = f32x4.splat(0), TURN1 = f32x4.splat(0);

// @ts-ignore: decorator
@inline function twoTaps(rotate: bool, masked: bool, path: v128, row: usize, delay: usize, end: usize, phasor: usize): void {
  const low = f32x4.splat(LOW), high = f32x4.splat(HIGH), rounder = splat(ROUNDER), half = splat(HALF), nearest = masked && NEAREST;
  const transmitStride = TRANSMIT_STRIDE, scratch = SCRATCH, fraction = i32x4.splat(nearest ? 0 : -1);
  const shifted = nearest ? path : f32x4.sub(path, half);
  let s0 = f32x4.splat(0), s1 = s0, q0 = s0, q1 = s0;
  row -= <usize>(ROUNDER_BITS << 3);
  for (; delay < end; delay += 16, row += transmitStride) {
    const d = v128.load(delay);
    let s = f32x4.add(shifted, d), valid = s;
    if (masked) {
      const position = f32x4.add(path, d);
      valid = v128.and(f32x4.ge(position, low), f32x4.le(position, high));
      if (!v128.any_true(valid)) {
        phasor += 32;
        continue;
      }
      s = v128.and(s, valid);
    }
    const whole = f32x4.add(s, rounder);
    let f = f32x4.add(f32x4.sub(s, f32x4.sub(whole, rounder)), half);
    if (masked) f = v128.and(f, fraction);
    v128.store(scratch, i32x4.add(i32x4.splat(<i32>row), i32x4.shl(whole, 3)));
    let v0 = between(load<u32>(scratch), load<u32>(scratch, 4), firstTwice(f));
    let v1 = between(load<u32>(scratch, 8), load<u32>(scratch, 12), lastTwice(f));
    if (masked) {
      v0 = v128.and(v0, firstTwice(valid));
      v1 = v128.and(v1, lastTwice(valid));
    }
    if (rotate) {
      const c = v128.load(phasor), j = v128.load(phasor, 16);
      phasor += 32;
      s0 = f32x4.add(s0, f32x4.mul(v0, firstTwice(c)));
      s1 = f32x4.add(s1, f32x4.mul(v1, lastTwice(c)));
      q0 = f32x4.add(q0, f32x4.mul(v0, firstTwice(j)));
      q1 = f32x4.add(q1, f32x4.mul(v1, lastTwice(j)));
    } else {
      s0 = f32x4.add(s0, v0);
      s1 = f32x4.add(s1, v1);
    }
  }
  SUM0 = s0;
  SUM1 = s1;
  TURN0 = q0;
  TURN1 = q1;
}

// @ts-ignore: decorator
@inline function manyTaps(taps: i32, rotate: bool, path: v128, row: usize, delay: usize, end: usize, phasor: usize): void {
  const low = f32x4.splat(LOW), high = f32x4.splat(HIGH), zero = f32x4.splat(0), one = splat(ONE);
  const transmitStride = TRANSMIT_STRIDE, scratch = SCRATCH, degree = DEGREE;
  let s0 = zero, s1 = zero, s2 = zero, s3 = zero, q0 = zero, q1 = zero, q2 = zero, q3 = zero;
  for (; delay < end; delay += 16, row += transmitStride, phasor += 32) {
    let s = f32x4.add(path, v128.load(delay));
    const valid = v128.and(f32x4.ge(s, low), f32x4.le(s, high));
    if (!v128.any_true(valid)) continue;
    s = v128.and(s, valid);
    const index = i32x4.trunc_sat_f32x4_s(s);
    const f = f32x4.sub(s, f32x4.convert_i32x4_s(index));
    v128.store(scratch, i32x4.add(i32x4.splat(<i32>row), i32x4.shl(index, 3)));
    const i0: usize = load<u32>(scratch), i1: usize = load<u32>(scratch, 4), i2: usize = load<u32>(scratch, 8), i3: usize = load<u32>(scratch, 12);
    let v0 = zero, v1 = zero, v2 = zero, v3 = zero;
    if (taps == FOUR) {
      const k0 = v128.and(cubicPolynomial(0, f), valid), k1 = v128.and(cubicPolynomial(1, f), valid);
      const k2 = v128.and(cubicPolynomial(2, f), valid), k3 = v128.and(cubicPolynomial(3, f), valid);
      v0 = f32x4.add(two(i0 - 8, k0, k1, 0), two(i0 + 8, k2, k3, 0));
      v1 = f32x4.add(two(i1 - 8, k0, k1, 1), two(i1 + 8, k2, k3, 1));
      v2 = f32x4.add(two(i2 - 8, k0, k1, 2), two(i2 + 8, k2, k3, 2));
      v3 = f32x4.add(two(i3 - 8, k0, k1, 3), two(i3 + 8, k2, k3, 3));
    } else {
      for (let pair = 0; pair < 3; pair++) {
        const k0 = v128.and(polynomial(2 * pair, degree, f), valid), k1 = v128.and(polynomial(2 * pair + 1, degree, f), valid);
        const o = <usize>(16 * (pair - 1));
        v0 = f32x4.add(v0, two(i0 + o, k0, k1, 0));
        v1 = f32x4.add(v1, two(i1 + o, k0, k1, 1));
        v2 = f32x4.add(v2, two(i2 + o, k0, k1, 2));
        v3 = f32x4.add(v3, two(i3 + o, k0, k1, 3));
      }
    }
    if (rotate) {
      s0 = f32x4.add(s0, f32x4.mul(v0, v128.load32_splat(phasor)));
      s1 = f32x4.add(s1, f32x4.mul(v1, v128.load32_splat(phasor, 4)));
      s2 = f32x4.add(s2, f32x4.mul(v2, v128.load32_splat(phasor, 8)));
      s3 = f32x4.add(s3, f32x4.mul(v3, v128.load32_splat(phasor, 12)));
      q0 = f32x4.add(q0, f32x4.mul(v0, v128.load32_splat(phasor, 16)));
      q1 = f32x4.add(q1, f32x4.mul(v1, v128.load32_splat(phasor, 20)));
      q2 = f32x4.add(q2, f32x4.mul(v2, v128.load32_splat(phasor, 24)));
      q3 = f32x4.add(q3, f32x4.mul(v3, v128.load32_splat(phasor, 28)));
    } else {
      s0 = f32x4.add(s0, v0);
      s1 = f32x4.add(s1, v1);
      s2 = f32x4.add(s2, v2);
      s3 = f32x4.add(s3, v3);
    }
  }
  SUM0 = fold(s0, s1);
  SUM1 = fold(s2, s3);
  TURN0 = fold(q0, q1);
  TURN1 = fold(q2, q3);
}

// @ts-ignore: decorator
@inline function real(masked: bool, path: v128, row: usize, delay: usize, end: usize): v128 {
  const low = f32x4.splat(LOW), high = f32x4.splat(HIGH), rounder = splat(ROUNDER), half = splat(HALF), nearest = masked && NEAREST;
  const transmitStride = TRANSMIT_STRIDE, scratch = SCRATCH, fraction = i32x4.splat(nearest ? 0 : -1);
  const shifted = nearest ? path : f32x4.sub(path, half);
  let sum = f32x4.splat(0);
  row -= <usize>(ROUNDER_BITS << 2);
  for (; delay < end; delay += 16, row += transmitStride) {
    const d = v128.load(delay);
    let s = f32x4.add(shifted, d), valid = s;
    if (masked) {
      const position = f32x4.add(path, d);
      valid = v128.and(f32x4.ge(position, low), f32x4.le(position, high));
      if (!v128.any_true(valid)) continue;
      s = v128.and(s, valid);
    }
    const whole = f32x4.add(s, rounder);
    let f = f32x4.add(f32x4.sub(s, f32x4.sub(whole, rounder)), half);
    if (masked) f = v128.and(f, fraction);
    v128.store(scratch, i32x4.add(i32x4.splat(<i32>row), i32x4.shl(whole, 2)));
    // x_i and x_i+1 of two pixels in each.
    const a = v128.load64_lane(load<u32>(scratch, 4), v128.load64_zero(load<u32>(scratch)), 1);
    const b = v128.load64_lane(load<u32>(scratch, 12), v128.load64_zero(load<u32>(scratch, 8)), 1);
    const before = v128.shuffle<f32>(a, b, 0, 2, 4, 6), behind = v128.shuffle<f32>(a, b, 1, 3, 5, 7);
    let v = f32x4.add(before, f32x4.mul(f, f32x4.sub(behind, before)));
    if (masked) v = v128.and(v, valid);
    sum = f32x4.add(sum, v);
  }
  return sum;
}

/** One block of four pixels: two complex numbers each in LEFT and RIGHT. */
let LEFT = f32x4.splat(0), RIGHT = f32x4.splat(0);
// @ts-ignore: decorator
@inline function block(taps: i32, rotate: bool, realRows: bool, masked: bool, b: i32, transmit0: i32, transmit1: i32): void {
  const zero = f32x4.splat(0), one = splat(ONE), rate = f32x4.splat(TURNS_PER_SAMPLE), stride = STRIDE;
  const limited = load<f32>(WINDOW) != 0;
  const x = v128.load(PIXELS + (<usize>b << 5)), z = v128.load(PIXELS + (<usize>b << 5), 16);
  const first = max(FIRST, <i32>load<u16>(RANGES + (<usize>b << 2))), end = min(END, <i32>load<u16>(RANGES + (<usize>b << 2), 2));
  const delay = DELAYS + (<usize>(b * TRANSMITS + transmit0) << 4), delayEnd = DELAYS + (<usize>(b * TRANSMITS + transmit1) << 4);
  const phasor = PHASORS + (<usize>(b * TRANSMITS + transmit0) << 5);
  let u = zero, v = zero;
  let row = ROWS + <usize>transmit0 * TRANSMIT_STRIDE + <usize>first * stride;
  const masks = MASKS + <usize>b * <usize>ELEMENT_COUNT;
  for (let e = first; e < end; e++, row += stride) {
    const mask = limited ? load<u8>(masks + <usize>e) : 15;
    if (!mask) continue;
    const element = ELEMENTS + <usize>e * ELEMENT_BYTES;
    const dx = f32x4.sub(x, v128.load32_splat(element)), dz = f32x4.sub(z, v128.load32_splat(element, 4));
    const path = f32x4.sqrt(f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dz, dz)), v128.load32_splat(element, 8)));
    if (realRows) {
      const sum = real(masked, path, row, delay, delayEnd);
      u = f32x4.add(u, limited ? f32x4.mul(weight4(WINDOW, dx, dz, element, mask), sum) : sum);
      continue;
    }
    if (taps == TWO) twoTaps(rotate, masked, path, row, delay, delayEnd, phasor);
    else manyTaps(taps, rotate, path, row, delay, delayEnd, phasor);
    const w = limited ? weight4(WINDOW, dx, dz, element, mask) : one;
    if (rotate) {
      const turns = f32x4.mul(path, rate), halves = halfTurns(turns), r = reduceHalfTurns(turns, halves), sign = halfTurnSign(halves);
      const c = v128.xor(f32x4.mul(w, cosQuarter4(r)), sign), d = v128.xor(f32x4.mul(w, sinQuarter4(r)), sign);
      const z0 = f32x4.add(SUM0, timesJ(TURN0)), z1 = f32x4.add(SUM1, timesJ(TURN1));
      u = f32x4.add(u, f32x4.add(f32x4.mul(z0, firstTwice(c)), f32x4.mul(timesJ(z0), firstTwice(d))));
      v = f32x4.add(v, f32x4.add(f32x4.mul(z1, lastTwice(c)), f32x4.mul(timesJ(z1), lastTwice(d))));
    } else {
      u = f32x4.add(u, f32x4.mul(SUM0, firstTwice(w)));
      v = f32x4.add(v, f32x4.mul(SUM1, lastTwice(w)));
    }
  }
  LEFT = realRows ? v128.shuffle<f32>(u, zero, 0, 4, 1, 4) : u;
  RIGHT = realRows ? v128.shuffle<f32>(u, zero, 2, 4, 3, 4) : v;
}

// Each kind of block is a function of its own: together they would be merged into one that tests what it is at every step.
function realInside(b: i32, transmit0: i32, transmit1: i32): void {
  block(TWO, false, true, false, b, transmit0, transmit1);
}
function realMasked(b: i32, transmit0: i32, transmit1: i32): void {
  block(TWO, false, true, true, b, transmit0, transmit1);
}
function twoInside(b: i32, transmit0: i32, transmit1: i32): void {
  block(TWO, false, false, false, b, transmit0, transmit1);
}
function twoMasked(b: i32, transmit0: i32, transmit1: i32): void {
  block(TWO, false, false, true, b, transmit0, transmit1);
}
function twoTurned(b: i32, transmit0: i32, transmit1: i32): void {
  block(TWO, true, false, false, b, transmit0, transmit1);
}
function twoTurnedMasked(b: i32, transmit0: i32, transmit1: i32): void {
  block(TWO, true, false, true, b, transmit0, transmit1);
}

// @ts-ignore: decorator
@inline function das(taps: i32, rotate: bool, realRows: bool, column0: i32, column1: i32, depth0: i32, depth1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  const step = IMAGE_STRIDE;
  for (let column = column0; column < column1; column++)
    for (let depth = depth0; depth < depth1; depth++) {
      const b = column * COLUMN_BLOCKS + depth;
      if (taps != TWO) block(taps, rotate, false, true, b, transmit0, transmit1);
      else if (load<u8>(INSIDE + <usize>b)) {
        if (realRows) realInside(b, transmit0, transmit1);
        else if (rotate) twoTurned(b, transmit0, transmit1);
        else twoInside(b, transmit0, transmit1);
      } else if (realRows) realMasked(b, transmit0, transmit1);
      else if (rotate) twoTurnedMasked(b, transmit0, transmit1);
      else twoMasked(b, transmit0, transmit1);
      const o = out + (<usize>column << 3) + <usize>(4 * depth) * step;
      if (FIRST > 0) {
        LEFT = f32x4.add(v128.load64_lane(o + step, v128.load64_zero(o), 1), LEFT);
        RIGHT = f32x4.add(v128.load64_lane(o + 3 * step, v128.load64_zero(o + 2 * step), 1), RIGHT);
      }
      v128.store64_lane(o, LEFT, 0);
      v128.store64_lane(o + step, LEFT, 1);
      v128.store64_lane(o + 2 * step, RIGHT, 0);
      v128.store64_lane(o + 3 * step, RIGHT, 1);
    }
}

/** Nearest and linear on real rows. Columns [column0, column1), blocks [depth0, depth1) of each, transmits [transmit0, transmit1). */
export function dasReal(column0: i32, column1: i32, depth0: i32, depth1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(TWO, false, true, column0, column1, depth0, depth1, transmit0, transmit1, out);
}
/** Nearest and linear. */
export function dasTwoTaps(column0: i32, column1: i32, depth0: i32, depth1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(TWO, false, false, column0, column1, depth0, depth1, transmit0, transmit1, out);
}
/** Polynomials of degree 3 on four taps: quadratic, cubic, and the cubic B-spline on prefiltered rows. */
export function dasFourTaps(column0: i32, column1: i32, depth0: i32, depth1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(FOUR, false, false, column0, column1, depth0, depth1, transmit0, transmit1, out);
}
/** Polynomials of any degree on six taps: Lanczos, 5points. For baseband IQ as well, where there are phasors: rare, so one loop for both. */
export function dasSixTaps(column0: i32, column1: i32, depth0: i32, depth1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(SIX, PHASORS != 0, false, column0, column1, depth0, depth1, transmit0, transmit1, out);
}
/** As `dasTwoTaps` for baseband IQ. */
export function dasTwoTapsIq(column0: i32, column1: i32, depth0: i32, depth1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(TWO, true, false, column0, column1, depth0, depth1, transmit0, transmit1, out);
}
/** As `dasFourTaps` for baseband IQ. */
export function dasFourTapsIq(column0: i32, column1: i32, depth0: i32, depth1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(FOUR, true, false, column0, column1, depth0, depth1, transmit0, transmit1, out);
}
