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

/** Bytes before the filters of a group. */
const GROUP_HEAD: usize = 16;
/** Bytes of the four filters of one u. */
const GROUP_FILTERS: usize = 32;

let GROUPS: i32 = 0, TAPS: i32 = 0, PARTS: i32 = 0, UP: i32 = 0;
let RING: usize = 0, MASK: i32 = 0, STRIDE: usize = 0, PART_BYTES: usize = 0, SCRATCH: usize = 0;

/**
 * Shapes that stay the same from call to call. ringRows: R, a power of two. scratch: int16 only, parts x UP x 4 rows of
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

/** Float32: input samples [n0, n1) make ring rows UP n0 to UP n1 - 1; n1 - n0 is a multiple of 8. */
export function steerFloat(filters: usize, n0: i32, n1: i32): void {
  const groupBytes = GROUP_HEAD + <usize>UP * GROUP_FILTERS;
  const tapBytes = <usize>TAPS << 2;
  for (let g = 0; g < GROUPS; g++) {
    const group = filters + <usize>g * groupBytes, column = <usize>load<u32>(group);
    for (let u = 0; u < UP; u++) {
      const f = group + GROUP_HEAD + <usize>u * GROUP_FILTERS;
      for (let part = 0; part < PARTS; part++) {
        const h = <usize>part * tapBytes, place = column + <usize>part * PART_BYTES;
        const h0 = <usize>load<u32>(f, 4) + h, h1 = <usize>load<u32>(f, 12) + h, h2 = <usize>load<u32>(f, 20) + h, h3 = <usize>load<u32>(f, 28) + h;
        for (let n = n0; n < n1; n += 8) {
          const at = <usize>n << 2;
          const x0 = <usize>load<u32>(f) + at, x1 = <usize>load<u32>(f, 8) + at, x2 = <usize>load<u32>(f, 16) + at, x3 = <usize>load<u32>(f, 24) + at;
          let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
          for (let k: usize = 0; k < tapBytes; k += 4) {
            const w0 = v128.load32_splat(h0 + k), w1 = v128.load32_splat(h1 + k);
            a0 = f32x4.add(a0, f32x4.mul(w0, v128.load(x0 + k)));
            b0 = f32x4.add(b0, f32x4.mul(w0, v128.load(x0 + k, 16)));
            a1 = f32x4.add(a1, f32x4.mul(w1, v128.load(x1 + k)));
            b1 = f32x4.add(b1, f32x4.mul(w1, v128.load(x1 + k, 16)));
            const w2 = v128.load32_splat(h2 + k), w3 = v128.load32_splat(h3 + k);
            a2 = f32x4.add(a2, f32x4.mul(w2, v128.load(x2 + k)));
            b2 = f32x4.add(b2, f32x4.mul(w2, v128.load(x2 + k, 16)));
            a3 = f32x4.add(a3, f32x4.mul(w3, v128.load(x3 + k)));
            b3 = f32x4.add(b3, f32x4.mul(w3, v128.load(x3 + k, 16)));
          }
          const t = n * UP + u;
          storeTransposed(a0, a1, a2, a3, ringRow(t) + place, ringRow(t + UP) + place, ringRow(t + 2 * UP) + place, ringRow(t + 3 * UP) + place);
          const s = t + 4 * UP;
          storeTransposed(b0, b1, b2, b3, ringRow(s) + place, ringRow(s + UP) + place, ringRow(s + 2 * UP) + place, ringRow(s + 3 * UP) + place);
        }
      }
    }
  }
  repeatFirstRow(n0 * UP, n1 * UP);
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
  const groupBytes = GROUP_HEAD + <usize>UP * GROUP_FILTERS;
  const count = n1 - n0, lane: usize = (STEER_LIMIT + 16) << 1, plane: usize = 4 * lane;
  for (let g = 0; g < GROUPS; g++) {
    const group = filters + <usize>g * groupBytes, column = <usize>load<u32>(group);
    for (let u = 0; u < UP; u++)
      for (let j = 0; j < 4; j++) {
        const f = group + GROUP_HEAD + <usize>u * GROUP_FILTERS + (<usize>j << 3);
        const x = <usize>load<u32>(f) + (<usize>n0 << 1), h = <usize>load<u32>(f, 4);
        for (let part = 0; part < PARTS; part++)
          // The last pair of a row takes the first value behind it.
          filterShort(x, h + (<usize>part * <usize>TAPS << 1), SCRATCH + <usize>(part * UP + u) * plane + <usize>j * lane, u == 0 ? count + 8 : count, shift);
      }
    for (let part = 0; part < PARTS; part++)
      for (let u = 0; u < UP; u++) {
        const now = SCRATCH + <usize>(part * UP + u) * plane;
        const next = u + 1 < UP ? now + plane : SCRATCH + <usize>(part * UP) * plane + 2;
        const place = column + <usize>part * PART_BYTES;
        for (let n = 0; n < count; n += 8) {
          const p = now + (<usize>n << 1), q = next + (<usize>n << 1);
          const a0 = v128.load(p), b0 = v128.load(q), a1 = v128.load(p + lane), b1 = v128.load(q + lane);
          const a2 = v128.load(p + 2 * lane), b2 = v128.load(q + 2 * lane), a3 = v128.load(p + 3 * lane), b3 = v128.load(q + 3 * lane);
          const t = (n0 + n) * UP + u, s = t + 4 * UP;
          storeTransposed(
            v128.shuffle<i16>(a0, b0, 0, 8, 1, 9, 2, 10, 3, 11), v128.shuffle<i16>(a1, b1, 0, 8, 1, 9, 2, 10, 3, 11),
            v128.shuffle<i16>(a2, b2, 0, 8, 1, 9, 2, 10, 3, 11), v128.shuffle<i16>(a3, b3, 0, 8, 1, 9, 2, 10, 3, 11),
            ringRow(t) + place, ringRow(t + UP) + place, ringRow(t + 2 * UP) + place, ringRow(t + 3 * UP) + place,
          );
          storeTransposed(
            v128.shuffle<i16>(a0, b0, 4, 12, 5, 13, 6, 14, 7, 15), v128.shuffle<i16>(a1, b1, 4, 12, 5, 13, 6, 14, 7, 15),
            v128.shuffle<i16>(a2, b2, 4, 12, 5, 13, 6, 14, 7, 15), v128.shuffle<i16>(a3, b3, 4, 12, 5, 13, 6, 14, 7, 15),
            ringRow(s) + place, ringRow(s + UP) + place, ringRow(s + 2 * UP) + place, ringRow(s + 3 * UP) + place,
          );
        }
      }
  }
}

/** `count` outputs of one filter, 8 at a time: dot products with pairs of taps give the even and, one sample on, the odd outputs. */
// @ts-ignore: decorator
@inline function filterShort(x: usize, h: usize, out: usize, count: i32, shift: i32): void {
  const half = i32x4.splat(1 << (shift - 1)), low = i32x4.splat(0xffff), tapBytes = <usize>TAPS << 1;
  const end = out + (<usize>count << 1);
  for (; out < end; out += 16, x += 16) {
    let even = half, odd = half;
    for (let k: usize = 0; k < tapBytes; k += 4) {
      const w = v128.load32_splat(h + k);
      even = i32x4.add(even, i32x4.dot_i16x8_s(w, v128.load(x + k)));
      odd = i32x4.add(odd, i32x4.dot_i16x8_s(w, v128.load(x + k, 2)));
    }
    v128.store(out, v128.or(v128.and(i32x4.shr_s(even, shift), low), i32x4.shl(i32x4.shr_s(odd, shift), 16)));
  }
}

/** Ring rows [t0, t1) become zero: times before and after the record. */
export function steerZero(t0: i32, t1: i32): void {
  for (let t = t0; t < t1; t++) memory.fill(ringRow(t), 0, STRIDE);
  repeatFirstRow(t0, t1);
}
