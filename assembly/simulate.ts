// Channel data of moving point scatterers: for scatterer s, transmit t and element e
//
//   rf[t][e](time) += a_s w_t(s) d_e(s) pulse(time - tau_t(s) - |s - e| / c)
//
// with tau_t the arrival of the ideal wavefront (plane: x sin a + z cos a; diverging from v: |s - v| - |v|; both over c),
// w_t the fading edge of the insonified region, and d_e = max(0, 1 - sin^2(angle to the normal) / sin^2(acceptance))^2
// the receive directivity.
//
// Lengths are counted in ticks: c / (sample rate * 2^TICK_BITS), so that |s - e| is a time without a multiplication.
// The pulse is a table of its samples at every fraction of a sample (Q15), echoes are summed in int16 with saturation, as
// an analogue-to-digital converter would. Integer sums and correctly rounded f32 steps (+ - * / sqrt): the same bits
// everywhere. A tick is 1/128 of a sample: an echo is misplaced by at most 1/256 of a sample.
//
// One row per lane (element of a group of four) and transmit. Echoes that start outside the record land in the guards:
//
//   | guard 16 | sample 0 ... sampleCount - 1 | guard 16 |      int16, sampleCount a multiple of 8
import { BITS7, ONE, ROUNDER, splat, THREE } from "./constants";

const TICK_BITS: i32 = 7;
const TAPS: i32 = 16;
const GUARD: i32 = 16;
/** Numbers in the description of a transmit. */
const TRANSMIT_FIELDS: usize = 8;

/** Ticks per sample. */
export function simulateTicksPerSample(): i32 {
  return 1 << TICK_BITS;
}

/** Samples of the pulse table per fraction; tap TAPS / 2 - 1 is the sample just before the peak or at it. */
export function simulateTaps(): i32 {
  return TAPS;
}

/** Guard samples before and after a row. */
export function simulateGuard(): i32 {
  return GUARD;
}

/**
 * Moves the scatterers and computes what one transmit does to each. `count` is a multiple of 4.
 *
 * rest:  x[count] z[count] ux[count] uz[count] a[count], f32. Ticks; u: displacement per tick of vessel dilation.
 * placed: x[count] z[count], then for each transmit delay[count] amplitude[count], f32.
 * x' = x + strainX z + dilation ux, z' = z + strainZ z + dilation uz.
 *
 * A transmit is 8 f32: diverging (0 or 1) | sin or source x | cos or source z | ticks added to the delay |
 * depth of the aperture's ends | half the insonified width there | 1 / width of its fading edge | tan (plane).
 */
export function simulatePlace(
  rest: usize,
  placed: usize,
  count: i32,
  transmits: usize,
  transmitCount: i32,
  strainX: f32,
  strainZ: f32,
  dilation: f32,
): void {
  const bytes = <usize>count << 2;
  const one = splat(ONE);
  const zero = f32x4.splat(0);
  const three = splat(THREE);
  for (let k: usize = 0; k < bytes; k += 16) {
    const x0 = v128.load(rest + k);
    const z0 = v128.load(rest + bytes + k);
    const x = f32x4.add(
      f32x4.add(x0, f32x4.mul(f32x4.splat(strainX), z0)),
      f32x4.mul(f32x4.splat(dilation), v128.load(rest + 2 * bytes + k)),
    );
    const z = f32x4.add(
      f32x4.add(z0, f32x4.mul(f32x4.splat(strainZ), z0)),
      f32x4.mul(f32x4.splat(dilation), v128.load(rest + 3 * bytes + k)),
    );
    const amplitude = v128.load(rest + 4 * bytes + k);
    v128.store(placed + k, x);
    v128.store(placed + bytes + k, z);
    let to = placed + 2 * bytes + k;
    for (let t: usize = 0; t < <usize>transmitCount; t++) {
      const at = transmits + t * TRANSMIT_FIELDS * 4;
      const sx = v128.load32_splat(at, 4);
      const sz = v128.load32_splat(at, 8);
      const edgeZ = v128.load32_splat(at, 16);
      let delay: v128;
      let across: v128;
      if (load<f32>(at) == 0) {
        delay = f32x4.add(f32x4.mul(x, sx), f32x4.mul(z, sz));
        across = f32x4.sub(x, f32x4.mul(f32x4.sub(z, edgeZ), v128.load32_splat(at, 28)));
      } else {
        const dx = f32x4.sub(x, sx);
        const dz = f32x4.sub(z, sz);
        delay = f32x4.sqrt(f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dz, dz)));
        across = f32x4.add(sx, f32x4.div(f32x4.mul(dx, f32x4.sub(edgeZ, sz)), dz));
      }
      const margin = f32x4.mul(
        f32x4.sub(v128.load32_splat(at, 20), f32x4.abs(across)),
        v128.load32_splat(at, 24),
      );
      const w = f32x4.pmin(one, f32x4.pmax(zero, margin));
      const smooth = f32x4.mul(f32x4.mul(w, w), f32x4.sub(three, f32x4.add(w, w)));
      v128.store(to, f32x4.add(delay, v128.load32_splat(at, 12)));
      v128.store(to + bytes, f32x4.mul(amplitude, smooth));
      to += 2 * bytes;
    }
  }
}

// Adds amplitude * pulse to 16 samples of a row; all eight lanes of `amplitude` are the same.
// @ts-ignore: decorator
@inline
function addEcho(row: usize, pulse: usize, amplitude: v128): void {
  v128.store(
    row,
    i16x8.add_sat_s(v128.load(row), i16x8.q15mulr_sat_s(v128.load(pulse), amplitude)),
  );
  v128.store(
    row,
    i16x8.add_sat_s(v128.load(row, 16), i16x8.q15mulr_sat_s(v128.load(pulse, 16), amplitude)),
    16,
  );
}

/**
 * Echoes of `count` placed scatterers on four elements, for all transmits.
 *
 * elements: x[4] z[4] normalX[4] normalZ[4], f32, ticks.
 * rows: [transmit][lane] rows of `rowBytes`, overwritten. Any delay is safe: positions are clamped into the guards.
 */
export function simulateEchoes(
  placed: usize,
  count: i32,
  transmitCount: i32,
  elements: usize,
  inverseSin2Acceptance: f32,
  pulse: usize,
  rows: usize,
  rowBytes: i32,
): void {
  const all = <usize>transmitCount * 4 * <usize>rowBytes;
  for (let k: usize = 0; k < all; k += 16) v128.store(rows + k, i64x2.splat(0));

  const bytes = <usize>count << 2;
  const ex = v128.load(elements);
  const ez = v128.load(elements, 16);
  const nx = v128.load(elements, 32);
  const nz = v128.load(elements, 48);
  const one = splat(ONE);
  const zero = f32x4.splat(0);
  const steep = f32x4.splat(inverseSin2Acceptance);
  const last = i32x4.splat(((rowBytes >> 1) - TAPS) << TICK_BITS);
  const none = i32x4.splat(0);
  // Rounds |value| < 2^22 to an integer in the low bits: conversion instructions cost several times as much.
  const round = splat(ROUNDER);
  const fraction = splat(BITS7);
  const end = placed + bytes;
  for (let s = placed; s < end; s += 4) {
    const dx = f32x4.sub(v128.load32_splat(s), ex);
    const dz = f32x4.sub(v128.load32_splat(s + bytes), ez);
    const square = f32x4.add(f32x4.mul(dx, dx), f32x4.mul(dz, dz));
    const along = f32x4.pmax(zero, f32x4.add(f32x4.mul(dx, nx), f32x4.mul(dz, nz)));
    const sin2 = f32x4.sub(one, f32x4.div(f32x4.mul(along, along), square));
    const fall = f32x4.pmax(zero, f32x4.sub(one, f32x4.mul(sin2, steep)));
    if (!v128.any_true(fall)) continue;
    const directivity = f32x4.mul(fall, fall);
    const distance = f32x4.sqrt(square);
    let from = s + 2 * bytes;
    let to = rows;
    for (let t = 0; t < transmitCount; t++) {
      if (load<f32>(from + bytes) != 0) {
        const ticks = i32x4.sub(f32x4.add(f32x4.add(distance, v128.load32_splat(from)), round), round);
        const position = i32x4.min_s(i32x4.max_s(ticks, none), last);
        const amplitude = f32x4.add(f32x4.mul(directivity, v128.load32_splat(from + bytes)), round);
        // Byte offset in the row in the low half of each lane, in the pulse table in the high half: two lanes travel
        // to the address registers at a time.
        const offsets = v128.or(
          i32x4.shl(i32x4.shr_u(position, TICK_BITS), 1),
          i32x4.shl(v128.and(position, fraction), 16 + 5),
        );
        const low = <u64>i64x2.extract_lane(offsets, 0);
        const high = <u64>i64x2.extract_lane(offsets, 1);
        addEcho(
          to + <usize>(low & 0xffff),
          pulse + <usize>((low >> 16) & 0xffff),
          v128.shuffle<i16>(amplitude, amplitude, 0, 0, 0, 0, 0, 0, 0, 0),
        );
        addEcho(
          to + <usize>rowBytes + <usize>((low >> 32) & 0xffff),
          pulse + <usize>(low >> 48),
          v128.shuffle<i16>(amplitude, amplitude, 2, 2, 2, 2, 2, 2, 2, 2),
        );
        addEcho(
          to + 2 * <usize>rowBytes + <usize>(high & 0xffff),
          pulse + <usize>((high >> 16) & 0xffff),
          v128.shuffle<i16>(amplitude, amplitude, 4, 4, 4, 4, 4, 4, 4, 4),
        );
        addEcho(
          to + 3 * <usize>rowBytes + <usize>((high >> 32) & 0xffff),
          pulse + <usize>(high >> 48),
          v128.shuffle<i16>(amplitude, amplitude, 6, 6, 6, 6, 6, 6, 6, 6),
        );
      }
      from += 2 * bytes;
      to += 4 * <usize>rowBytes;
    }
  }
}

// One step of four xorshift32 generators (Marsaglia, J. Stat. Soft. 8:14, 2003); no lane may be 0.
// @ts-ignore: decorator
@inline
function xorshift(state: v128): v128 {
  let x = v128.xor(state, i32x4.shl(state, 13));
  x = v128.xor(x, i32x4.shr_u(x, 17));
  return v128.xor(x, i32x4.shl(x, 5));
}

/**
 * Rows plus electronic noise, into the frame: out[transmit][element][sample], int16.
 *
 * Noise: the sum of four random bytes (Irwin-Hall, sigma = sqrt(4 (256^2 - 1) / 12) = 147.8), times 32, times
 * level / 32768, so sigma = 0.1443 level. `seeds`: 4 non-zero u32.
 * `lanes`: how many of the four elements exist. `transmitBytes`: from one transmit's data to the next.
 */
export function simulateFinish(
  rows: usize,
  rowBytes: i32,
  transmitCount: i32,
  lanes: i32,
  sampleCount: i32,
  out: usize,
  transmitBytes: i32,
  seeds: usize,
  level: i32,
): void {
  let state = v128.load(seeds);
  const scale = i16x8.splat(<i16>level);
  const bytes = <usize>sampleCount << 1;
  for (let t: usize = 0; t < <usize>transmitCount; t++) {
    for (let lane: usize = 0; lane < <usize>lanes; lane++) {
      const from = rows + (t * 4 + lane) * <usize>rowBytes + 2 * GUARD;
      const to = out + t * <usize>transmitBytes + lane * bytes;
      for (let k: usize = 0; k < bytes; k += 16) {
        const first = xorshift(state);
        state = xorshift(first);
        const sum = i16x8.add(
          i16x8.add(i16x8.extadd_pairwise_i8x16_s(first), i16x8.extadd_pairwise_i8x16_s(state)),
          i16x8.splat(2),
        );
        const noise = i16x8.q15mulr_sat_s(i16x8.shl(sum, 5), scale);
        v128.store(to + k, i16x8.add_sat_s(v128.load(from + k), noise));
      }
    }
  }
}
