// Delay and sum: b(p) = sum_w sum_e a_pe x_we(s), s = (tau_w(p) + |p - e| / c - start_w) fs, on complex rows; baseband IQ is
// turned back by exp(j 2 pi f t) at the time t of the sample. Four neighbouring pixels of a row in lanes; the receive path
// and its weight are computed once for all transmits.
//
//   rows     [transmit][channel], `strideBytes` apart, interleaved re im (see ingest.ts)
//   pixels   [block][x 4, z 4] float32, samples       delays [block][transmit][4] float32, samples
//   ranges   [block] u16 first element, u16 end       masks, elements, window: see apodization.ts
//   phases   [transmit] float32: f t of sample 0, turns, in [0, 1)
//   out      [block][4] interleaved re im float32
//
// Per pixel and transmit the interpolation weights of two neighbouring taps times apodization stand in one vector, so that
// one load, one multiplication and one addition take two complex taps:
//   data     | re i   | im i   | re i+1 | im i+1 |
//   weight   | w i    | w i    | w i+1  | w i+1  |
//   sum      | partial re, im  | partial re, im  |   folded once at the end
//
// Summation runs element by element, transmit by transmit, so its order does not depend on how blocks are shared out.
import { ELEMENT_BYTES, weight4 } from "./apodization";
import { cosQuarter4, halfTurnSign, reduceHalfTurns, sinQuarter4 } from "./math";

/** Tap layouts: two taps with weights 1 - f and f; four taps from i - 1 (a table of cubics, or the B-spline's); six taps from i - 2. */
const TWO = 0, FOUR = 1, SIX = 2, SPLINE = 3;

/** Everything that stays the same from call to call. */
let ROWS: usize = 0, STRIDE: usize = 0, TRANSMIT_STRIDE: usize = 0;
let COLUMN_BLOCKS: i32 = 0, IMAGE_STRIDE: usize = 0;
let PIXELS: usize = 0, DELAYS: usize = 0, RANGES: usize = 0, MASKS: usize = 0, PHASES: usize = 0;
let ELEMENTS: usize = 0, ELEMENT_COUNT: i32 = 0, WINDOW: usize = 0;
let TRANSMITS: i32 = 0;
let LOW: f32 = 0, HIGH: f32 = 0, TURNS_PER_SAMPLE: f32 = 0;
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

/** Where the tables are. */
export function dasTables(
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

// @ts-ignore: decorator
@inline function fold(a: v128, b: v128): v128 {
  return f32x4.add(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
}

/** (re + j im) j for two complex numbers. */
// @ts-ignore: decorator
@inline function timesJ(a: v128): v128 {
  return f32x4.mul(v128.shuffle<f32>(a, a, 1, 0, 3, 2), f32x4(-1, 1, -1, 1));
}

// @ts-ignore: decorator
@inline function das(taps: i32, rotate: bool, block0: i32, block1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  const low = f32x4.splat(LOW), high = f32x4.splat(HIGH), zero = f32x4.splat(0);
  const half = f32x4.splat(NEAREST ? 0.5 : 0), rate = f32x4.splat(TURNS_PER_SAMPLE), degree = DEGREE;
  const stride = STRIDE, transmitStride = TRANSMIT_STRIDE, nearest = NEAREST;
  for (let b = block0; b < block1; b++) {
    const x = v128.load(PIXELS + (<usize>b << 5)), z = v128.load(PIXELS + (<usize>b << 5), 16);
    const first = <i32>load<u16>(RANGES + (<usize>b << 2)), end = <i32>load<u16>(RANGES + (<usize>b << 2), 2);
    const delays = DELAYS + (<usize>(b * TRANSMITS + transmit0) << 4);
    let s0 = zero, s1 = zero, s2 = zero, s3 = zero, q0 = zero, q1 = zero, q2 = zero, q3 = zero;
    let row0 = ROWS + <usize>transmit0 * transmitStride + <usize>first * stride;
    const masks = MASKS + <usize>b * <usize>ELEMENT_COUNT;
    for (let e = first; e < end; e++, row0 += stride) {
      const mask = load<u8>(masks + <usize>e);
      if (!mask) continue;
      const element = ELEMENTS + <usize>e * ELEMENT_BYTES;
      const dx = f32x4.sub(x, v128.load32_splat(element)), dz = f32x4.sub(z, v128.load32_splat(element, 4));
      const path = f32x4.sqrt(f32x4.add(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dz, dz)), v128.load32_splat(element, 8)));
      const apodization = weight4(WINDOW, dx, dz, element, mask);
      let row = row0, delay = delays;
      for (let t = transmit0; t < transmit1; t++, row += transmitStride, delay += 16) {
        let s = f32x4.add(path, v128.load(delay));
        const valid = v128.and(f32x4.ge(s, low), f32x4.le(s, high));
        s = v128.and(f32x4.add(s, half), valid);
        const index = i32x4.trunc_sat_f32x4_s(s);
        const f = f32x4.sub(s, f32x4.convert_i32x4_s(index));
        const w = v128.and(apodization, valid);
        const at = i32x4.add(i32x4.splat(<i32>row), i32x4.shl(index, 3));
        const i0 = <usize>i32x4.extract_lane(at, 0), i1 = <usize>i32x4.extract_lane(at, 1);
        const i2 = <usize>i32x4.extract_lane(at, 2), i3 = <usize>i32x4.extract_lane(at, 3);
        let c = w, d = zero;
        if (rotate) {
          const turns = f32x4.add(f32x4.mul(f32x4.sub(s, half), rate), v128.load32_splat(PHASES + (<usize>t << 2)));
          const r = reduceHalfTurns(turns), sign = halfTurnSign(turns);
          c = v128.xor(f32x4.mul(w, cosQuarter4(r)), sign);
          d = v128.xor(f32x4.mul(w, sinQuarter4(r)), sign);
        }
        if (taps == TWO) {
          const k1 = nearest ? zero : f, k0 = f32x4.sub(f32x4.splat(1), k1);
          const a = f32x4.mul(k0, c), h = f32x4.mul(k1, c);
          s0 = f32x4.add(s0, two(i0, a, h, 0));
          s1 = f32x4.add(s1, two(i1, a, h, 1));
          s2 = f32x4.add(s2, two(i2, a, h, 2));
          s3 = f32x4.add(s3, two(i3, a, h, 3));
          if (rotate) {
            const g = f32x4.mul(k0, d), j = f32x4.mul(k1, d);
            q0 = f32x4.add(q0, two(i0, g, j, 0));
            q1 = f32x4.add(q1, two(i1, g, j, 1));
            q2 = f32x4.add(q2, two(i2, g, j, 2));
            q3 = f32x4.add(q3, two(i3, g, j, 3));
          }
        } else if (taps == FOUR || taps == SPLINE) {
          let k0: v128, k1: v128, k2: v128, k3: v128;
          if (taps == FOUR) {
            k0 = cubicPolynomial(0, f);
            k1 = cubicPolynomial(1, f);
            k2 = cubicPolynomial(2, f);
            k3 = cubicPolynomial(3, f);
          } else {
            // (1 - f)^3 / 6, 2/3 - f^2 (2 - f) / 2, the rest, f^3 / 6.
            const g = f32x4.sub(f32x4.splat(1), f), f2 = f32x4.mul(f, f), sixth = f32x4.splat(<f32>(1.0 / 6.0));
            k0 = f32x4.mul(f32x4.mul(f32x4.mul(g, g), g), sixth);
            k1 = f32x4.sub(f32x4.splat(<f32>(2.0 / 3.0)), f32x4.mul(f32x4.mul(f2, f32x4.splat(0.5)), f32x4.add(g, f32x4.splat(1))));
            k3 = f32x4.mul(f32x4.mul(f2, f), sixth);
            k2 = f32x4.sub(f32x4.sub(f32x4.splat(1), k1), f32x4.add(k0, k3));
          }
          const a0 = f32x4.mul(k0, c), a1 = f32x4.mul(k1, c), a2 = f32x4.mul(k2, c), a3 = f32x4.mul(k3, c);
          s0 = f32x4.add(s0, f32x4.add(two(i0 - 8, a0, a1, 0), two(i0 + 8, a2, a3, 0)));
          s1 = f32x4.add(s1, f32x4.add(two(i1 - 8, a0, a1, 1), two(i1 + 8, a2, a3, 1)));
          s2 = f32x4.add(s2, f32x4.add(two(i2 - 8, a0, a1, 2), two(i2 + 8, a2, a3, 2)));
          s3 = f32x4.add(s3, f32x4.add(two(i3 - 8, a0, a1, 3), two(i3 + 8, a2, a3, 3)));
          if (rotate) {
            const g0 = f32x4.mul(k0, d), g1 = f32x4.mul(k1, d), g2 = f32x4.mul(k2, d), g3 = f32x4.mul(k3, d);
            q0 = f32x4.add(q0, f32x4.add(two(i0 - 8, g0, g1, 0), two(i0 + 8, g2, g3, 0)));
            q1 = f32x4.add(q1, f32x4.add(two(i1 - 8, g0, g1, 1), two(i1 + 8, g2, g3, 1)));
            q2 = f32x4.add(q2, f32x4.add(two(i2 - 8, g0, g1, 2), two(i2 + 8, g2, g3, 2)));
            q3 = f32x4.add(q3, f32x4.add(two(i3 - 8, g0, g1, 3), two(i3 + 8, g2, g3, 3)));
          }
        } else {
          for (let pair = 0; pair < 3; pair++) {
            const k0 = polynomial(2 * pair, degree, f), k1 = polynomial(2 * pair + 1, degree, f);
            const a = f32x4.mul(k0, c), h = f32x4.mul(k1, c), o = <usize>(16 * (pair - 1));
            s0 = f32x4.add(s0, two(i0 + o, a, h, 0));
            s1 = f32x4.add(s1, two(i1 + o, a, h, 1));
            s2 = f32x4.add(s2, two(i2 + o, a, h, 2));
            s3 = f32x4.add(s3, two(i3 + o, a, h, 3));
            if (rotate) {
              const g = f32x4.mul(k0, d), j = f32x4.mul(k1, d);
              q0 = f32x4.add(q0, two(i0 + o, g, j, 0));
              q1 = f32x4.add(q1, two(i1 + o, g, j, 1));
              q2 = f32x4.add(q2, two(i2 + o, g, j, 2));
              q3 = f32x4.add(q3, two(i3 + o, g, j, 3));
            }
          }
        }
      }
    }
    let u = fold(s0, s1), v = fold(s2, s3);
    if (rotate) {
      u = f32x4.add(u, timesJ(fold(q0, q1)));
      v = f32x4.add(v, timesJ(fold(q2, q3)));
    }
    const column = b / COLUMN_BLOCKS, stride4 = IMAGE_STRIDE;
    const o = out + (<usize>column << 3) + <usize>(4 * (b - column * COLUMN_BLOCKS)) * stride4;
    v128.store64_lane(o, u, 0);
    v128.store64_lane(o + stride4, u, 1);
    v128.store64_lane(o + 2 * stride4, v, 0);
    v128.store64_lane(o + 3 * stride4, v, 1);
  }
}

/** Nearest and linear. Blocks [block0, block1), transmits [transmit0, transmit1). */
export function dasTwoTaps(block0: i32, block1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(TWO, false, block0, block1, transmit0, transmit1, out);
}
/** Polynomials of degree 3 on four taps: quadratic, cubic. */
export function dasFourTaps(block0: i32, block1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(FOUR, false, block0, block1, transmit0, transmit1, out);
}
/** Polynomials of any degree on six taps: Lanczos, 5points. */
export function dasSixTaps(block0: i32, block1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(SIX, false, block0, block1, transmit0, transmit1, out);
}
/** The cubic B-spline on prefiltered rows. */
export function dasSpline(block0: i32, block1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(SPLINE, false, block0, block1, transmit0, transmit1, out);
}
/** As `dasSpline` for baseband IQ. */
export function dasSplineIq(block0: i32, block1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(SPLINE, true, block0, block1, transmit0, transmit1, out);
}
/** As `dasTwoTaps` for baseband IQ. */
export function dasTwoTapsIq(block0: i32, block1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(TWO, true, block0, block1, transmit0, transmit1, out);
}
/** As `dasFourTaps` for baseband IQ. */
export function dasFourTapsIq(block0: i32, block1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(FOUR, true, block0, block1, transmit0, transmit1, out);
}
/** As `dasSixTaps` for baseband IQ. */
export function dasSixTapsIq(block0: i32, block1: i32, transmit0: i32, transmit1: i32, out: usize): void {
  das(SIX, true, block0, block1, transmit0, transmit1, out);
}
