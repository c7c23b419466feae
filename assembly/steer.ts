// Steering: every channel is filtered once with a short filter of its own (host/engine/steering-filter.ts), after which the transmit
// front meets all elements at once; the filter also turns RF into its analytic signal and up-samples it by `UP`:
//   y_j[UP n + u] = sum_k h_(j,u)[k] x_j[n + i_(j,u) + k],   0 <= u < UP
//
// Input: raw rows, `samples` between zeros, one a channel. Output: a ring of rows, one a time step, channels side by side:
//
//   ring row t mod R | part 0: slot 0, slot 1, ... slot S - 1 | part 1 (imaginary): slot 0 ... |      4 bytes a slot
//
//   float32 slots hold y[t]; row 0 stands once more behind row R - 1, so that row t + 1 always follows row t
//   int16 slots hold the pair (y[t], y[t + 1]), so that one dot product interpolates
//
// Filters, one group of four slots after the other:
//   | u32 byte offset of slot 0 in a ring row, 12 bytes unused |  UP times: 4 x { u32 address of x[i], u32 address of h } |
// Slots without a channel point to a row of zeros.
import { BITS16, splat } from "./constants";

/** Bytes before the filters of a group. */
const GROUP_HEAD: usize = 16;
/** Bytes of the four filters of one u. */
const GROUP_FILTERS: usize = 32;

let GROUPS: i32 = 0, TAPS: i32 = 0, PARTS: i32 = 0, UP: i32 = 0;
let RING: usize = 0, MASK: i32 = 0, STRIDE: usize = 0, PART_BYTES: usize = 0, SCRATCH: usize = 0;

/**
 * Shapes that stay the same from call to call. ringRows: R, a power of two. scratch: int16 only, parts x UP x 16 rows of
 * STEER_LIMIT + 16 int16.
 */
export function steerSetup(
  groups: i32, taps: i32, parts: i32, upSampling: i32, ring: usize, ringRows: i32, strideBytes: i32, partBytes: i32, scratch: usize,
): void {
  GROUPS = groups;
  TAPS = taps;
  PARTS = parts;
  UP = upSampling;
  RING = ring;
  MASK = ringRows - 1;
  STRIDE = <usize>strideBytes;
  PART_BYTES = <usize>partBytes;
  SCRATCH = scratch;
}

/** Most input samples of one call. */
const STEER_LIMIT = 256;

// @ts-ignore: decorator
@inline function ringRow(t: i32): usize {
  return RING + <usize>(t & MASK) * STRIDE;
}

/** Four vectors of four numbers, rows for columns, stored `a` to `d` apart. */
// @ts-ignore: decorator
@inline function storeTransposed(v0: v128, v1: v128, v2: v128, v3: v128, a: usize, b: usize, c: usize, d: usize): void {
  const lo01 = v128.shuffle<i32>(v0, v1, 0, 4, 1, 5), lo23 = v128.shuffle<i32>(v2, v3, 0, 4, 1, 5);
  const hi01 = v128.shuffle<i32>(v0, v1, 2, 6, 3, 7), hi23 = v128.shuffle<i32>(v2, v3, 2, 6, 3, 7);
  v128.store(a, v128.shuffle<i32>(lo01, lo23, 0, 1, 4, 5));
  v128.store(b, v128.shuffle<i32>(lo01, lo23, 2, 3, 6, 7));
  v128.store(c, v128.shuffle<i32>(hi01, hi23, 0, 1, 4, 5));
  v128.store(d, v128.shuffle<i32>(hi01, hi23, 2, 3, 6, 7));
}

/**
 * Groups that are filtered together, so that the cache line of a ring row that they share is written at once; the number of groups is a
 * multiple of it.
 */
const TEAM: usize = 4;

/** Float32: input samples [n0, n1) make ring rows UP n0 to UP n1 - 1; n1 - n0 is a multiple of 8. */
export function steerFloat(filters: usize, n0: i32, n1: i32): void {
  const groupBytes = GROUP_HEAD + <usize>UP * GROUP_FILTERS;
  const tapBytes = <usize>TAPS << 2, teamBytes = TEAM * groupBytes;
  const teams = filters + <usize>GROUPS * groupBytes;
  for (let team = filters; team < teams; team += teamBytes)
    for (let n = n0; n < n1; n += 8)
      for (let u = 0; u < UP; u++)
        for (let part = 0; part < PARTS; part++)
          for (let group = team; group < team + teamBytes; group += groupBytes)
            filterFloat(group + GROUP_HEAD + <usize>u * GROUP_FILTERS, <usize>part * tapBytes, tapBytes, n, u, <usize>load<u32>(group) + <usize>part * PART_BYTES);
  repeatFirstRow(n0 * UP, n1 * UP);
}

/** Eight outputs of four slots, from input sample n on, to the ring rows UP n + u, UP (n + 1) + u, ... at byte `place`. */
// @ts-ignore: decorator
@inline function filterFloat(f: usize, h: usize, tapBytes: usize, n: i32, u: i32, place: usize): void {
  const at = <usize>n << 2;
  const h0 = <usize>load<u32>(f, 4) + h, h1 = <usize>load<u32>(f, 12) + h, h2 = <usize>load<u32>(f, 20) + h, h3 = <usize>load<u32>(f, 28) + h;
  const x0 = <usize>load<u32>(f) + at, x1 = <usize>load<u32>(f, 8) + at, x2 = <usize>load<u32>(f, 16) + at, x3 = <usize>load<u32>(f, 24) + at;
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
  for (let k: usize = 0; k < tapBytes; k += 4) {
    const w0 = v128.load32_splat(h0 + k), w1 = v128.load32_splat(h1 + k), w2 = v128.load32_splat(h2 + k), w3 = v128.load32_splat(h3 + k);
    a0 = f32x4.add(a0, f32x4.mul(w0, v128.load(x0 + k)));
    b0 = f32x4.add(b0, f32x4.mul(w0, v128.load(x0 + k, 16)));
    a1 = f32x4.add(a1, f32x4.mul(w1, v128.load(x1 + k)));
    b1 = f32x4.add(b1, f32x4.mul(w1, v128.load(x1 + k, 16)));
    a2 = f32x4.add(a2, f32x4.mul(w2, v128.load(x2 + k)));
    b2 = f32x4.add(b2, f32x4.mul(w2, v128.load(x2 + k, 16)));
    a3 = f32x4.add(a3, f32x4.mul(w3, v128.load(x3 + k)));
    b3 = f32x4.add(b3, f32x4.mul(w3, v128.load(x3 + k, 16)));
  }
  const t = n * UP + u, s = t + 4 * UP;
  storeTransposed(a0, a1, a2, a3, ringRow(t) + place, ringRow(t + UP) + place, ringRow(t + 2 * UP) + place, ringRow(t + 3 * UP) + place);
  storeTransposed(b0, b1, b2, b3, ringRow(s) + place, ringRow(s + UP) + place, ringRow(s + 2 * UP) + place, ringRow(s + 3 * UP) + place);
}

/** Row 0 once more behind the last one, when rows [t0, t1) touched it. */
function repeatFirstRow(t0: i32, t1: i32): void {
  const next = (t0 + MASK) & ~MASK;
  if (next < t1) memory.copy(RING + <usize>(MASK + 1) * STRIDE, RING, STRIDE);
}

/**
 * Int16: as `steerFloat`; h in Q14, outputs are (sum + half) >> shift and must fit 16 bits (the caller chooses `shift` by the
 * largest sample). n1 - n0 is a multiple of 16, at most STEER_LIMIT.
 */
export function steerShort(filters: usize, n0: i32, n1: i32, shift: i32): void {
  const groupBytes = GROUP_HEAD + <usize>UP * GROUP_FILTERS, teamBytes = TEAM * groupBytes;
  const count = n1 - n0, lane: usize = (STEER_LIMIT + 16) << 1, plane: usize = 4 * TEAM * lane;
  const teams = filters + <usize>GROUPS * groupBytes;
  for (let team = filters; team < teams; team += teamBytes) {
    let y = SCRATCH;
    for (let group = team; group < team + teamBytes; group += groupBytes)
      for (let j: usize = 0; j < 32; j += 8, y += lane)
        for (let u = 0; u < UP; u++) {
          const f = group + GROUP_HEAD + <usize>u * GROUP_FILTERS + j;
          const x = <usize>load<u32>(f) + (<usize>n0 << 1), h = <usize>load<u32>(f, 4), out = y + <usize>u * plane;
          // The last pair of a row takes the first value behind it.
          const length = u == 0 ? count + 16 : count;
          if (PARTS == 2) filterShort(true, x, h, out, <usize>UP * plane, length, shift);
          else filterShort(false, x, h, out, 0, length, shift);
        }
    for (let part = 0; part < PARTS; part++)
      for (let n = 0; n < count; n += 8)
        for (let u = 0; u < UP; u++) {
          const now = SCRATCH + <usize>(part * UP + u) * plane + (<usize>n << 1);
          const next = u + 1 < UP ? now + plane : now - <usize>u * plane + 2;
          const t = (n0 + n) * UP + u;
          const r0 = ringRow(t), r1 = ringRow(t + UP), r2 = ringRow(t + 2 * UP), r3 = ringRow(t + 3 * UP);
          const r4 = ringRow(t + 4 * UP), r5 = ringRow(t + 5 * UP), r6 = ringRow(t + 6 * UP), r7 = ringRow(t + 7 * UP);
          for (let g: usize = 0; g < TEAM; g++) {
            const place = <usize>load<u32>(team + g * groupBytes) + <usize>part * PART_BYTES, p = now + 4 * g * lane, q = next + 4 * g * lane;
            const a0 = v128.load(p), b0 = v128.load(q), a1 = v128.load(p + lane), b1 = v128.load(q + lane);
            const a2 = v128.load(p + 2 * lane), b2 = v128.load(q + 2 * lane), a3 = v128.load(p + 3 * lane), b3 = v128.load(q + 3 * lane);
            storeTransposed(
              v128.shuffle<i16>(a0, b0, 0, 8, 1, 9, 2, 10, 3, 11), v128.shuffle<i16>(a1, b1, 0, 8, 1, 9, 2, 10, 3, 11),
              v128.shuffle<i16>(a2, b2, 0, 8, 1, 9, 2, 10, 3, 11), v128.shuffle<i16>(a3, b3, 0, 8, 1, 9, 2, 10, 3, 11),
              r0 + place, r1 + place, r2 + place, r3 + place,
            );
            storeTransposed(
              v128.shuffle<i16>(a0, b0, 4, 12, 5, 13, 6, 14, 7, 15), v128.shuffle<i16>(a1, b1, 4, 12, 5, 13, 6, 14, 7, 15),
              v128.shuffle<i16>(a2, b2, 4, 12, 5, 13, 6, 14, 7, 15), v128.shuffle<i16>(a3, b3, 4, 12, 5, 13, 6, 14, 7, 15),
              r4 + place, r5 + place, r6 + place, r7 + place,
            );
          }
        }
  }
}

/**
 * `count` outputs of one filter, 16 at a time, and of the filter behind it into `out + second`: dot products with pairs of taps give the
 * even and, one sample on, the odd outputs.
 */
// @ts-ignore: decorator
@inline function filterShort(both: bool, x: usize, h: usize, out: usize, second: usize, count: i32, shift: i32): void {
  const half = i32x4.splat(1 << (shift - 1)), tapBytes = <usize>TAPS << 1;
  const end = out + (<usize>count << 1);
  for (; out < end; out += 32, x += 32) {
    let a0 = half, a1 = half, a2 = half, a3 = half, b0 = half, b1 = half, b2 = half, b3 = half;
    for (let k: usize = 0; k < tapBytes; k += 4) {
      const w = v128.load32_splat(h + k), x0 = v128.load(x + k), x1 = v128.load(x + k, 2), x2 = v128.load(x + k, 16), x3 = v128.load(x + k, 18);
      a0 = i32x4.add(a0, i32x4.dot_i16x8_s(w, x0));
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(w, x1));
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(w, x2));
      a3 = i32x4.add(a3, i32x4.dot_i16x8_s(w, x3));
      if (both) {
        const v = v128.load32_splat(h + tapBytes + k);
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v, x0));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v, x1));
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v, x2));
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(v, x3));
      }
    }
    v128.store(out, alternate(a0, a1, shift));
    v128.store(out, alternate(a2, a3, shift), 16);
    if (both) {
      v128.store(out + second, alternate(b0, b1, shift));
      v128.store(out + second, alternate(b2, b3, shift), 16);
    }
  }
}

/** Even and odd sums, shifted down to 16 bits, in turn. */
// @ts-ignore: decorator
@inline function alternate(even: v128, odd: v128, shift: i32): v128 {
  return v128.or(v128.and(i32x4.shr_s(even, shift), splat(BITS16)), i32x4.shl(i32x4.shr_s(odd, shift), 16));
}

/** Ring rows [t0, t1) become zero: times before and after the record. */
export function steerZero(t0: i32, t1: i32): void {
  for (let t = t0; t < t1; t++) memory.fill(ringRow(t), 0, STRIDE);
  repeatFirstRow(t0, t1);
}
