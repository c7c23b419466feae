// Velocity from the phase that an echo turns by from frame to frame (Kasai et al., IEEE TSU 32:458, 1985):
//   R = sum_k x_(k+lag) conj(x_k)      P = sum_k |x_k|^2      v = v_Nyquist arg R / pi      v_Nyquist = c PRF / (4 f lag)
// An echo that approaches comes earlier from frame to frame and turns forwards: v > 0 is towards the probe.
// Variance as in MUST: 2 (v_Nyquist / pi)^2 (1 - |R| / P), P over all frames.
//
//   tile   see slow-time.ts
//   re, im, power   planes of R and P, float32, pixels in the order of the images, rows padded to whole blocks of four
import { atan2Turns4 } from "./math";
import { TILE_BYTES, TILE_PIXELS } from "./slow-time";

const IM: usize = 4 * TILE_PIXELS;
/** Smallest normal float32: keeps quotients of zeros from being NaN. */
const TINY: f32 = 1.1754944e-38;

/** R and P of a tile's 64 pixels, over `frames` of them from `first`; written at its place in the planes. lag < frames. */
export function autocorrelate(tile: usize, first: i32, frames: i32, lag: i32, re: usize, im: usize, power: usize): void {
  const ahead = <usize>lag * TILE_BYTES;
  for (let o: usize = 0; o < IM; o += 16) {
    let p = tile + <usize>first * TILE_BYTES + o;
    let r = f32x4.splat(0), i = r, sum = r;
    for (let f = 0; f < frames; f++, p += TILE_BYTES) {
      const x = v128.load(p), y = v128.load(p, IM);
      sum = f32x4.add(sum, f32x4.add(f32x4.mul(x, x), f32x4.mul(y, y)));
      if (f + lag >= frames) continue;
      const u = v128.load(p + ahead), v = v128.load(p + ahead, IM);
      r = f32x4.add(r, f32x4.add(f32x4.mul(u, x), f32x4.mul(v, y)));
      i = f32x4.add(i, f32x4.sub(f32x4.mul(v, x), f32x4.mul(u, y)));
    }
    v128.store(re + o, r);
    v128.store(im + o, i);
    v128.store(power + o, sum);
  }
}

/**
 * R becomes velocity (in the plane of its real part) and variance (in that of its imaginary part); `count` pixels, a multiple of 4.
 * Where nothing was received both are zero. Error of arg R: see `atan2Turns4`.
 */
export function velocities(re: usize, im: usize, power: usize, count: i32, nyquist: f32, varianceScale: f32): void {
  const zero = f32x4.splat(0), twice = f32x4.splat(nyquist + nyquist), scale = f32x4.splat(varianceScale);
  for (let o: usize = 0; o < <usize>count << 2; o += 16) {
    const x = v128.load(re + o), y = v128.load(im + o), p = v128.load(power + o);
    v128.store(re + o, f32x4.mul(twice, atan2Turns4(y, x)));
    // |R| by the ratio of its parts: their squares might overflow.
    const ax = f32x4.abs(x), ay = f32x4.abs(y), long = f32x4.max(ax, ay);
    const ratio = f32x4.div(f32x4.min(ax, ay), f32x4.max(long, f32x4.splat(TINY)));
    const magnitude = f32x4.mul(long, f32x4.sqrt(f32x4.add(f32x4.splat(1), f32x4.mul(ratio, ratio))));
    const spread = f32x4.sub(f32x4.splat(1), f32x4.div(magnitude, f32x4.max(p, f32x4.splat(TINY))));
    v128.store(im + o, v128.and(f32x4.mul(scale, f32x4.max(zero, spread)), f32x4.gt(p, zero)));
  }
}
