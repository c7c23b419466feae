// Discrete Fourier transforms of four rows at once, one row a lane: X_k = sum_n x_n exp(-+ j 2 pi k n / N).
// Any length: Stockham autosort with radices 4, 2, 3, 5 for N = 2^a 3^b 5^c, Bluestein's chirp (IEEE TAES 18:451, 1970) for
// the others, over a 2-3-5 length M >= 2 N - 1. Unscaled in both directions.
//
// A buffer of N complex samples of four rows:
//   | re0 re1 re2 re3 | im0 im1 im2 im3 |  sample 0, 32 bytes
//   | re0 re1 re2 re3 | im0 im1 im2 im3 |  sample 1 ...
//
// A descriptor (i32 words, filled by the host):
//   0 N   1 M (0: N is smooth)   2 twiddles of the smooth length: (cos, sin)(2 pi k / L), L = M or N
//   3 chirp (cos, sin)(pi n^2 / N), n < N   4 transform of the conjugate chirp, M samples in the layout above
//   5 number of factors   6... factors of the smooth length

import { cosTurns, sinTurns } from "./math";

/** Fills `count` pairs (cos, sin) of 2 pi k / length, as float32. */
export function fillTwiddles(out: usize, length: i32): void {
  for (let k = 0; k < length; k++) {
    const turns = <f64>k / <f64>length;
    store<f32>(out + (<usize>k << 3), <f32>cosTurns(turns));
    store<f32>(out + (<usize>k << 3), <f32>sinTurns(turns), 4);
  }
}

/** Fills the chirp of Bluestein's algorithm: (cos, sin)(pi n^2 / N), the square reduced exactly modulo 2 N. */
export function fillChirp(out: usize, length: i32): void {
  const period: i64 = 2 * <i64>length;
  for (let n: i64 = 0; n < <i64>length; n++) {
    const turns = <f64>((n * n) % period) / <f64>period;
    store<f32>(out + (<usize>n << 3), <f32>cosTurns(turns));
    store<f32>(out + (<usize>n << 3), <f32>sinTurns(turns), 4);
  }
}

/** Fills descriptor word 4: the transform of exp(+ j pi n^2 / N), wrapped around M. `work`: M samples. */
export function fillChirpSpectrum(descriptor: usize, work: usize): void {
  const n = load<i32>(descriptor), m = load<i32>(descriptor, 4);
  const chirp = <usize>load<u32>(descriptor, 12), out = <usize>load<u32>(descriptor, 16);
  for (let i = 0; i < m; i++) {
    let k = -1;
    if (i < n) k = i;
    else if (m - i < n) k = m - i;
    const o = out + (<usize>i << 5);
    v128.store(o, k < 0 ? f32x4.splat(0) : v128.load32_splat(chirp + (<usize>k << 3)));
    v128.store(o, k < 0 ? f32x4.splat(0) : v128.load32_splat(chirp + (<usize>k << 3), 4), 16);
  }
  smooth(descriptor, m, out, work, false);
}

/** Transforms `data` (N samples of four rows) in place. `work`: N samples, or 2 M where M > 0. */
export function fft(descriptor: usize, data: usize, work: usize, inverse: bool): void {
  const m = load<i32>(descriptor, 4);
  if (m == 0) smooth(descriptor, load<i32>(descriptor), data, work, inverse);
  else bluestein(descriptor, data, work, inverse);
}

function bluestein(descriptor: usize, data: usize, work: usize, inverse: bool): void {
  const n = load<i32>(descriptor), m = load<i32>(descriptor, 4);
  const chirp = <usize>load<u32>(descriptor, 12), spectrum = <usize>load<u32>(descriptor, 16);
  const a = work, b = work + (<usize>m << 5);
  const sign = f32x4.splat(inverse ? -1 : 1);
  // Forward: multiply by conj(chirp). Inverse: conjugate input and output instead of the tables.
  for (let i = 0; i < n; i++) {
    const c = v128.load32_splat(chirp + (<usize>i << 3)), s = v128.load32_splat(chirp + (<usize>i << 3), 4);
    const re = v128.load(data + (<usize>i << 5)), im = f32x4.mul(v128.load(data + (<usize>i << 5), 16), sign);
    v128.store(a + (<usize>i << 5), f32x4.add(f32x4.mul(re, c), f32x4.mul(im, s)));
    v128.store(a + (<usize>i << 5), f32x4.sub(f32x4.mul(im, c), f32x4.mul(re, s)), 16);
  }
  memory.fill(a + (<usize>n << 5), 0, <usize>(m - n) << 5);
  smooth(descriptor, m, a, b, false);
  for (let i = 0; i < m; i++) {
    const p = a + (<usize>i << 5), q = spectrum + (<usize>i << 5);
    const re = v128.load(p), im = v128.load(p, 16), c = v128.load(q), s = v128.load(q, 16);
    v128.store(p, f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s)));
    v128.store(p, f32x4.add(f32x4.mul(re, s), f32x4.mul(im, c)), 16);
  }
  smooth(descriptor, m, a, b, true);
  const scale = f32x4.splat(1.0 / <f32>m);
  for (let i = 0; i < n; i++) {
    const c = f32x4.mul(scale, v128.load32_splat(chirp + (<usize>i << 3))), s = f32x4.mul(scale, v128.load32_splat(chirp + (<usize>i << 3), 4));
    const re = v128.load(a + (<usize>i << 5)), im = v128.load(a + (<usize>i << 5), 16);
    v128.store(data + (<usize>i << 5), f32x4.add(f32x4.mul(re, c), f32x4.mul(im, s)));
    v128.store(data + (<usize>i << 5), f32x4.mul(sign, f32x4.sub(f32x4.mul(im, c), f32x4.mul(re, s))), 16);
  }
}

// One decimation-in-frequency stage of radix r turns length n at stride s into r transforms of length n / r at stride r s:
//   y[q + s (r p + k)] = w_n^(p k) sum_j x[q + s (p + j n / r)] w_r^(j k),   0 <= p < n / r, 0 <= q < s, 0 <= k < r
function smooth(descriptor: usize, length: i32, data: usize, work: usize, inverse: bool): void {
  const twiddles = <usize>load<u32>(descriptor, 8);
  const factors = load<i32>(descriptor, 20);
  const sign: f32 = inverse ? 1 : -1;
  let x = data, y = work, n = length, s = 1;
  for (let i = 0; i < factors; i++) {
    const r = load<i32>(descriptor + (<usize>i << 2), 24);
    if (r == 4) stage4(x, y, n, s, twiddles, sign);
    else if (r == 2) stage2(x, y, n, s, twiddles, sign);
    else if (r == 3) stage3(x, y, n, s, twiddles, sign);
    else stage5(x, y, n, s, twiddles, sign);
    n /= r;
    s *= r;
    const swap = x;
    x = y;
    y = swap;
  }
  if (x != data) memory.copy(data, x, <usize>length << 5);
}

// @ts-ignore: decorator
@inline function storeTurned(o: usize, re: v128, im: v128, c: v128, s: v128): void {
  v128.store(o, f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s)));
  v128.store(o, f32x4.add(f32x4.mul(re, s), f32x4.mul(im, c)), 16);
}

// @ts-ignore: decorator
@inline function cosine(twiddles: usize, index: i32): v128 {
  return v128.load32_splat(twiddles + (<usize>index << 3));
}

// @ts-ignore: decorator
@inline function sine(twiddles: usize, index: i32, sign: f32): v128 {
  return f32x4.mul(v128.load32_splat(twiddles + (<usize>index << 3), 4), f32x4.splat(sign));
}

function stage2(x: usize, y: usize, n: i32, s: i32, twiddles: usize, sign: f32): void {
  const m = n >> 1, step = <usize>(s * m) << 5;
  for (let p = 0; p < m; p++) {
    const c = cosine(twiddles, p * s), w = sine(twiddles, p * s, sign);
    let a = x + (<usize>(s * p) << 5), o = y + (<usize>(s * 2 * p) << 5);
    const end = a + (<usize>s << 5), skip = <usize>s << 5;
    for (; a < end; a += 32, o += 32) {
      const ar = v128.load(a), ai = v128.load(a, 16), br = v128.load(a + step), bi = v128.load(a + step, 16);
      v128.store(o, f32x4.add(ar, br));
      v128.store(o, f32x4.add(ai, bi), 16);
      storeTurned(o + skip, f32x4.sub(ar, br), f32x4.sub(ai, bi), c, w);
    }
  }
}

function stage4(x: usize, y: usize, n: i32, s: i32, twiddles: usize, sign: f32): void {
  const m = n >> 2, step = <usize>(s * m) << 5;
  const turn = f32x4.splat(sign);
  for (let p = 0; p < m; p++) {
    const c1 = cosine(twiddles, p * s), s1 = sine(twiddles, p * s, sign);
    const c2 = cosine(twiddles, 2 * p * s), s2 = sine(twiddles, 2 * p * s, sign);
    const c3 = cosine(twiddles, 3 * p * s), s3 = sine(twiddles, 3 * p * s, sign);
    let a = x + (<usize>(s * p) << 5), o = y + (<usize>(s * 4 * p) << 5);
    const end = a + (<usize>s << 5), skip = <usize>s << 5;
    for (; a < end; a += 32, o += 32) {
      const r0 = v128.load(a), i0 = v128.load(a, 16), r1 = v128.load(a + step), i1 = v128.load(a + step, 16);
      const b = a + 2 * step;
      const r2 = v128.load(b), i2 = v128.load(b, 16), r3 = v128.load(b + step), i3 = v128.load(b + step, 16);
      const er = f32x4.add(r0, r2), ei = f32x4.add(i0, i2), fr = f32x4.sub(r0, r2), fi = f32x4.sub(i0, i2);
      const gr = f32x4.add(r1, r3), gi = f32x4.add(i1, i3);
      // (x1 - x3) times -+ j.
      const hr = f32x4.mul(turn, f32x4.sub(i3, i1)), hi = f32x4.mul(turn, f32x4.sub(r1, r3));
      v128.store(o, f32x4.add(er, gr));
      v128.store(o, f32x4.add(ei, gi), 16);
      storeTurned(o + skip, f32x4.add(fr, hr), f32x4.add(fi, hi), c1, s1);
      storeTurned(o + 2 * skip, f32x4.sub(er, gr), f32x4.sub(ei, gi), c2, s2);
      storeTurned(o + 3 * skip, f32x4.sub(fr, hr), f32x4.sub(fi, hi), c3, s3);
    }
  }
}

function stage3(x: usize, y: usize, n: i32, s: i32, twiddles: usize, sign: f32): void {
  const m = n / 3, step = <usize>(s * m) << 5;
  const half = f32x4.splat(0.5), q = f32x4.splat(sign * <f32>0.8660254037844386);
  for (let p = 0; p < m; p++) {
    const c1 = cosine(twiddles, p * s), s1 = sine(twiddles, p * s, sign);
    const c2 = cosine(twiddles, 2 * p * s), s2 = sine(twiddles, 2 * p * s, sign);
    let a = x + (<usize>(s * p) << 5), o = y + (<usize>(s * 3 * p) << 5);
    const end = a + (<usize>s << 5), skip = <usize>s << 5;
    for (; a < end; a += 32, o += 32) {
      const r0 = v128.load(a), i0 = v128.load(a, 16), r1 = v128.load(a + step), i1 = v128.load(a + step, 16);
      const b = a + 2 * step;
      const r2 = v128.load(b), i2 = v128.load(b, 16);
      const tr = f32x4.add(r1, r2), ti = f32x4.add(i1, i2);
      const ur = f32x4.sub(r0, f32x4.mul(half, tr)), ui = f32x4.sub(i0, f32x4.mul(half, ti));
      const vr = f32x4.mul(q, f32x4.sub(i2, i1)), vi = f32x4.mul(q, f32x4.sub(r1, r2));
      v128.store(o, f32x4.add(r0, tr));
      v128.store(o, f32x4.add(i0, ti), 16);
      storeTurned(o + skip, f32x4.add(ur, vr), f32x4.add(ui, vi), c1, s1);
      storeTurned(o + 2 * skip, f32x4.sub(ur, vr), f32x4.sub(ui, vi), c2, s2);
    }
  }
}

function stage5(x: usize, y: usize, n: i32, s: i32, twiddles: usize, sign: f32): void {
  const m = n / 5, step = <usize>(s * m) << 5;
  // cos and sin of 2 pi / 5 and 4 pi / 5.
  const ca = f32x4.splat(<f32>0.30901699437494745), cb = f32x4.splat(<f32>-0.8090169943749475);
  const sa = f32x4.splat(sign * <f32>0.9510565162951535), sb = f32x4.splat(sign * <f32>0.5877852522924731);
  for (let p = 0; p < m; p++) {
    const c1 = cosine(twiddles, p * s), s1 = sine(twiddles, p * s, sign);
    const c2 = cosine(twiddles, 2 * p * s), s2 = sine(twiddles, 2 * p * s, sign);
    const c3 = cosine(twiddles, 3 * p * s), s3 = sine(twiddles, 3 * p * s, sign);
    const c4 = cosine(twiddles, 4 * p * s), s4 = sine(twiddles, 4 * p * s, sign);
    let a = x + (<usize>(s * p) << 5), o = y + (<usize>(s * 5 * p) << 5);
    const end = a + (<usize>s << 5), skip = <usize>s << 5;
    for (; a < end; a += 32, o += 32) {
      const r0 = v128.load(a), i0 = v128.load(a, 16), r1 = v128.load(a + step), i1 = v128.load(a + step, 16);
      const b = a + 2 * step, d = a + 4 * step;
      const r2 = v128.load(b), i2 = v128.load(b, 16), r3 = v128.load(b + step), i3 = v128.load(b + step, 16);
      const r4 = v128.load(d), i4 = v128.load(d, 16);
      const t1r = f32x4.add(r1, r4), t1i = f32x4.add(i1, i4), t2r = f32x4.add(r2, r3), t2i = f32x4.add(i2, i3);
      const d1r = f32x4.sub(r1, r4), d1i = f32x4.sub(i1, i4), d2r = f32x4.sub(r2, r3), d2i = f32x4.sub(i2, i3);
      const ur = f32x4.add(r0, f32x4.add(f32x4.mul(ca, t1r), f32x4.mul(cb, t2r)));
      const ui = f32x4.add(i0, f32x4.add(f32x4.mul(ca, t1i), f32x4.mul(cb, t2i)));
      const vr = f32x4.add(r0, f32x4.add(f32x4.mul(cb, t1r), f32x4.mul(ca, t2r)));
      const vi = f32x4.add(i0, f32x4.add(f32x4.mul(cb, t1i), f32x4.mul(ca, t2i)));
      // j sign (sa d1 + sb d2) and j sign (sb d1 - sa d2); sa and sb carry the sign.
      const er = f32x4.neg(f32x4.add(f32x4.mul(sa, d1i), f32x4.mul(sb, d2i))), ei = f32x4.add(f32x4.mul(sa, d1r), f32x4.mul(sb, d2r));
      const fr = f32x4.neg(f32x4.sub(f32x4.mul(sb, d1i), f32x4.mul(sa, d2i))), fi = f32x4.sub(f32x4.mul(sb, d1r), f32x4.mul(sa, d2r));
      v128.store(o, f32x4.add(r0, f32x4.add(t1r, t2r)));
      v128.store(o, f32x4.add(i0, f32x4.add(t1i, t2i)), 16);
      storeTurned(o + skip, f32x4.add(ur, er), f32x4.add(ui, ei), c1, s1);
      storeTurned(o + 2 * skip, f32x4.add(vr, fr), f32x4.add(vi, fi), c2, s2);
      storeTurned(o + 3 * skip, f32x4.sub(vr, fr), f32x4.sub(vi, fi), c3, s3);
      storeTurned(o + 4 * skip, f32x4.sub(ur, er), f32x4.sub(ui, ei), c4, s4);
    }
  }
}
