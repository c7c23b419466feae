// Discrete Fourier transforms: X_k = sum_n x_n exp(-j 2 pi k n / N), unscaled. The inverse is the same with real and
// imaginary parts exchanged before and after, which costs nothing where numbers are moved anyway.
// Any length: Stockham autosort with radices 4, 3, 5, 2 for N = 2^a 3^b 5^c, Bluestein's chirp (IEEE TAES 18:451, 1970) for
// the others, over a 2-3-5 length M >= 2 N - 1 that is a multiple of 16.
//
// A buffer is made of units of 32 bytes, four complex numbers each. Where 16 divides the length (and in Bluestein's M, always)
// it holds one row, four neighbouring samples to a unit; else four rows, one to a lane:
//   one row     | re0 re1 re2 re3 | im0 im1 im2 im3 |  samples 0 to 3
//               | re4 re5 re6 re7 | im4 im5 im6 im7 |  samples 4 to 7 ...
//   four rows   | reA reB reC reD | imA imB imC imD |  sample 0
//               | reA reB reC reD | imA imB imC imD |  sample 1 ...
// One row keeps the working set of N = 1024 at 16 kB, inside the first cache. Its first stage mixes lanes; behind it the
// transform runs over whole units, as that of four rows does from the start.
//
// A descriptor (i32 words, filled by the host):
//   0 N   1 M (0: N is smooth)   2 rows in a buffer, 1 or 4   3 twiddles, stage after stage (fillTwiddles)
//   4 chirp in units: (cos, sin)(pi n^2 / N), zero from N on   5 transform of the conjugate chirp, M samples
//   6 number of stages   7... their radices: fours, threes, fives, at most one two

import { HALF, splat } from "./constants";
import { cosTurns, sinTurns } from "./math";

/** Fills descriptor word 3. A stage of one row that mixes lanes: for four p, vectors (cos, sin)(k p / n), k = 1 to 3; others: the same as scalars for each p > 0, k = 1 to r - 1. */
export function fillTwiddles(descriptor: usize): void {
  let out = <usize>load<u32>(descriptor, 12);
  const m = load<i32>(descriptor, 4);
  let n = m ? m : load<i32>(descriptor);
  const stages = load<i32>(descriptor, 24);
  for (let i = 0; i < stages; i++) {
    const r = load<i32>(descriptor + (<usize>i << 2), 28), groups = n / r;
    const mixed = i == 0 && load<i32>(descriptor, 8) == 1;
    const between: usize = mixed ? 16 : 4;
    for (let p = mixed ? 0 : 1; p < groups; p++) {
      let o = mixed ? out + <usize>(p >> 2) * 96 + (<usize>(p & 3) << 2) : out;
      for (let k = 1; k < r; k++, o += 2 * between) {
        const turns = <f64>(p * k) / <f64>n;
        store<f32>(o, <f32>cosTurns(turns));
        store<f32>(o + between, <f32>-sinTurns(turns));
      }
      if (!mixed) out = o;
    }
    if (mixed) out += <usize>(groups >> 2) * 96;
    n = groups;
  }
}

/** Fills descriptor words 4 and 5; the square of n is reduced exactly modulo 2 N. `work`: M samples. */
export function fillChirp(descriptor: usize, work: usize): void {
  const n = load<i32>(descriptor), m = load<i32>(descriptor, 4);
  const chirp = <usize>load<u32>(descriptor, 16), spectrum = <usize>load<u32>(descriptor, 20);
  memory.fill(chirp, 0, <usize>((n + 3) >> 2) << 5);
  memory.fill(spectrum, 0, <usize>m << 3);
  const period: i64 = 2 * <i64>n;
  for (let i = 0; i < n; i++) {
    const turns = <f64>(<i64>i * <i64>i % period) / <f64>period;
    const c = <f32>cosTurns(turns), s = <f32>sinTurns(turns);
    put(chirp, i, c, s);
    put(spectrum, i, c, s);
    if (i > 0) put(spectrum, m - i, c, s);
  }
  const result = smooth(descriptor, m, spectrum, work);
  if (result != spectrum) memory.copy(spectrum, result, <usize>m << 3);
}

/** Sample i of one row. */
// @ts-ignore: decorator
@inline function put(row: usize, i: i32, re: f32, im: f32): void {
  const o = row + (<usize>(i >> 2) << 5) + (<usize>(i & 3) << 2);
  store<f32>(o, re);
  store<f32>(o, im, 16);
}

/**
 * Transforms `data`, which holds N samples of one or four rows (word 2). `work`: as many, or 2 M where M > 0. Returns where the result
 * stands, `data` or `work`; the other one holds nothing of use.
 */
export function fft(descriptor: usize, data: usize, work: usize): usize {
  return load<i32>(descriptor, 4) == 0 ? smooth(descriptor, load<i32>(descriptor), data, work) : bluestein(descriptor, data, work);
}

function bluestein(descriptor: usize, data: usize, work: usize): usize {
  const m = load<i32>(descriptor, 4), bytes = <usize>m << 3;
  const used = <usize>((load<i32>(descriptor) + 3) >> 2) << 5;
  const chirp = <usize>load<u32>(descriptor, 16), spectrum = <usize>load<u32>(descriptor, 20);
  for (let i: usize = 0; i < used; i += 32) storeTurned(work + i, v128.load(data + i), v128.load(data + i, 16), v128.load(chirp + i), f32x4.neg(v128.load(chirp + i, 16)));
  memory.fill(work + used, 0, bytes - used);
  const a = smooth(descriptor, m, work, work + bytes), other = a == work ? work + bytes : work;
  // Exchanged real and imaginary parts make the next transform the inverse one.
  for (let i: usize = 0; i < bytes; i += 32) {
    const re = v128.load(a + i), im = v128.load(a + i, 16), c = v128.load(spectrum + i), s = v128.load(spectrum + i, 16);
    v128.store(a + i, f32x4.add(f32x4.mul(re, s), f32x4.mul(im, c)));
    v128.store(a + i, f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s)), 16);
  }
  const b = smooth(descriptor, m, a, other);
  const scale = f32x4.splat(1.0 / <f32>m);
  for (let i: usize = 0; i < used; i += 32) {
    const re = f32x4.mul(scale, v128.load(b + i, 16)), im = f32x4.mul(scale, v128.load(b + i));
    storeTurned(data + i, re, im, v128.load(chirp + i), f32x4.neg(v128.load(chirp + i, 16)));
  }
  return data;
}

// One decimation-in-frequency stage of radix r turns length n at stride s into r transforms of length m = n / r at stride r s:
//   y[q + s (r p + k)] = w_n^(p k) sum_j x[q + s (p + j m)] w_r^(j k),   0 <= p < m, 0 <= q < s, 0 <= k < r
// Strides are counted in units from here on. The last stage has p = 0 only, and so no twiddles.
function smooth(descriptor: usize, length: i32, data: usize, work: usize): usize {
  let w = <usize>load<u32>(descriptor, 12);
  const stages = load<i32>(descriptor, 24);
  let x = data, y = work, n = length, s = 1, i = 0;
  if (load<i32>(descriptor, 8) == 1) {
    n >>= 2;
    mix4(x, y, n, w);
    w += <usize>(n >> 2) * 96;
    x = work;
    y = data;
    i = 1;
  }
  for (; i < stages; i++) {
    const r = load<i32>(descriptor + (<usize>i << 2), 28), m = n / r;
    if (r == 4) stage4(x, y, m, s, w);
    else if (r == 2) stage2(x, y, s);
    else if (r == 3) stage3(x, y, m, s, w);
    else stage5(x, y, m, s, w);
    w += <usize>((m - 1) * (r - 1)) << 3;
    n = m;
    s *= r;
    const swap = x;
    x = y;
    y = swap;
  }
  return x;
}

// @ts-ignore: decorator
@inline function storeTurned(o: usize, re: v128, im: v128, c: v128, s: v128): void {
  v128.store(o, f32x4.sub(f32x4.mul(re, c), f32x4.mul(im, s)));
  v128.store(o, f32x4.add(f32x4.mul(re, s), f32x4.mul(im, c)), 16);
}

// @ts-ignore: decorator
@inline function storeOutput(o: usize, re: v128, im: v128, turned: bool, w: usize): void {
  if (turned) storeTurned(o, re, im, v128.load32_splat(w), v128.load32_splat(w, 4));
  else {
    v128.store(o, re);
    v128.store(o, im, 16);
  }
}

// @ts-ignore: decorator
@inline function storeTransposed(o: usize, a: v128, b: v128, c: v128, d: v128): void {
  const ac = v128.shuffle<f32>(a, c, 0, 4, 1, 5), bd = v128.shuffle<f32>(b, d, 0, 4, 1, 5);
  const AC = v128.shuffle<f32>(a, c, 2, 6, 3, 7), BD = v128.shuffle<f32>(b, d, 2, 6, 3, 7);
  v128.store(o, v128.shuffle<f32>(ac, bd, 0, 4, 1, 5));
  v128.store(o, v128.shuffle<f32>(ac, bd, 2, 6, 3, 7), 32);
  v128.store(o, v128.shuffle<f32>(AC, BD, 0, 4, 1, 5), 64);
  v128.store(o, v128.shuffle<f32>(AC, BD, 2, 6, 3, 7), 96);
}

/** The first stage of one row: radix 4, four p to a vector; the four outputs of one p become a unit. */
function mix4(x: usize, y: usize, m: i32, w: usize): void {
  const step = <usize>m << 3;
  const end = x + step;
  for (; x < end; x += 32, y += 128, w += 96) {
    const b = x + 2 * step;
    const r0 = v128.load(x), i0 = v128.load(x, 16), r2 = v128.load(b), i2 = v128.load(b, 16);
    const er = f32x4.add(r0, r2), ei = f32x4.add(i0, i2), fr = f32x4.sub(r0, r2), fi = f32x4.sub(i0, i2);
    const r1 = v128.load(x + step), i1 = v128.load(x + step, 16), r3 = v128.load(b + step), i3 = v128.load(b + step, 16);
    const gr = f32x4.add(r1, r3), gi = f32x4.add(i1, i3), hr = f32x4.sub(i1, i3), hi = f32x4.sub(r3, r1);
    const ar = f32x4.add(fr, hr), ai = f32x4.add(fi, hi), c1 = v128.load(w), s1 = v128.load(w, 16);
    const br = f32x4.sub(er, gr), bi = f32x4.sub(ei, gi), c2 = v128.load(w, 32), s2 = v128.load(w, 48);
    const cr = f32x4.sub(fr, hr), ci = f32x4.sub(fi, hi), c3 = v128.load(w, 64), s3 = v128.load(w, 80);
    storeTransposed(
      y,
      f32x4.add(er, gr),
      f32x4.sub(f32x4.mul(ar, c1), f32x4.mul(ai, s1)),
      f32x4.sub(f32x4.mul(br, c2), f32x4.mul(bi, s2)),
      f32x4.sub(f32x4.mul(cr, c3), f32x4.mul(ci, s3)),
    );
    storeTransposed(
      y + 16,
      f32x4.add(ei, gi),
      f32x4.add(f32x4.mul(ar, s1), f32x4.mul(ai, c1)),
      f32x4.add(f32x4.mul(br, s2), f32x4.mul(bi, c2)),
      f32x4.add(f32x4.mul(cr, s3), f32x4.mul(ci, c3)),
    );
  }
}

function stage2(x: usize, y: usize, s: i32): void {
  const skip = <usize>s << 5;
  for (const end = x + skip; x < end; x += 32, y += 32) {
    const ar = v128.load(x), ai = v128.load(x, 16), br = v128.load(x + skip), bi = v128.load(x + skip, 16);
    v128.store(y, f32x4.add(ar, br));
    v128.store(y, f32x4.add(ai, bi), 16);
    v128.store(y + skip, f32x4.sub(ar, br));
    v128.store(y + skip, f32x4.sub(ai, bi), 16);
  }
}

function stage4(x: usize, y: usize, m: i32, s: i32, w: usize): void {
  const step = <usize>(s * m) << 5, skip = <usize>s << 5;
  for (const end = x + skip; x < end; x += 32, y += 32) butterfly4(x, step, y, skip, false, w);
  // Behind the first stage of one row s = 1: no inner loop, and offsets that are known.
  if (s == 1) for (let p = 1; p < m; p++, x += 32, y += 128, w += 24) butterfly4(x, step, y + 96, 32, true, w);
  else for (let p = 1; p < m; p++, w += 24) {
    y += 3 * skip;
    for (const end = x + skip; x < end; x += 32, y += 32) butterfly4(x, step, y, skip, true, w);
  }
}

// @ts-ignore: decorator
@inline function butterfly4(x: usize, step: usize, o: usize, skip: usize, turned: bool, w: usize): void {
  const b = x + 2 * step;
  const r0 = v128.load(x), i0 = v128.load(x, 16), r2 = v128.load(b), i2 = v128.load(b, 16);
  const er = f32x4.add(r0, r2), ei = f32x4.add(i0, i2), fr = f32x4.sub(r0, r2), fi = f32x4.sub(i0, i2);
  const r1 = v128.load(x + step), i1 = v128.load(x + step, 16), r3 = v128.load(b + step), i3 = v128.load(b + step, 16);
  // (x1 - x3) times -j is h.
  const gr = f32x4.add(r1, r3), gi = f32x4.add(i1, i3), hr = f32x4.sub(i1, i3), hi = f32x4.sub(r3, r1);
  v128.store(o, f32x4.add(er, gr));
  v128.store(o, f32x4.add(ei, gi), 16);
  storeOutput(o + skip, f32x4.add(fr, hr), f32x4.add(fi, hi), turned, w);
  const q = o + 2 * skip;
  storeOutput(q, f32x4.sub(er, gr), f32x4.sub(ei, gi), turned, w + 8);
  storeOutput(q + skip, f32x4.sub(fr, hr), f32x4.sub(fi, hi), turned, w + 16);
}

function stage3(x: usize, y: usize, m: i32, s: i32, w: usize): void {
  const step = <usize>(s * m) << 5, skip = <usize>s << 5;
  for (const end = x + skip; x < end; x += 32, y += 32) butterfly3(x, step, y, skip, false, w);
  for (let p = 1; p < m; p++, w += 16) {
    y += 2 * skip;
    for (const end = x + skip; x < end; x += 32, y += 32) butterfly3(x, step, y, skip, true, w);
  }
}

/** sin of 2 pi / 3; cos and sin of 2 pi / 5 and 4 pi / 5. */
const BUTTERFLIES = memory.data<f32>([0.8660254037844386, 0.30901699437494745, -0.8090169943749475, 0.9510565162951535, 0.5877852522924731]);

// @ts-ignore: decorator
@inline function butterfly3(x: usize, step: usize, o: usize, skip: usize, turned: bool, w: usize): void {
  const half = splat(HALF), q = splat(BUTTERFLIES);
  const r0 = v128.load(x), i0 = v128.load(x, 16), r1 = v128.load(x + step), i1 = v128.load(x + step, 16);
  const b = x + 2 * step;
  const r2 = v128.load(b), i2 = v128.load(b, 16);
  const tr = f32x4.add(r1, r2), ti = f32x4.add(i1, i2);
  const ur = f32x4.sub(r0, f32x4.mul(half, tr)), ui = f32x4.sub(i0, f32x4.mul(half, ti));
  const vr = f32x4.mul(q, f32x4.sub(i1, i2)), vi = f32x4.mul(q, f32x4.sub(r2, r1));
  v128.store(o, f32x4.add(r0, tr));
  v128.store(o, f32x4.add(i0, ti), 16);
  storeOutput(o + skip, f32x4.add(ur, vr), f32x4.add(ui, vi), turned, w);
  storeOutput(o + 2 * skip, f32x4.sub(ur, vr), f32x4.sub(ui, vi), turned, w + 8);
}

function stage5(x: usize, y: usize, m: i32, s: i32, w: usize): void {
  const step = <usize>(s * m) << 5, skip = <usize>s << 5;
  for (const end = x + skip; x < end; x += 32, y += 32) butterfly5(x, step, y, skip, false, w);
  for (let p = 1; p < m; p++, w += 32) {
    y += 4 * skip;
    for (const end = x + skip; x < end; x += 32, y += 32) butterfly5(x, step, y, skip, true, w);
  }
}

// @ts-ignore: decorator
@inline function butterfly5(x: usize, step: usize, o: usize, skip: usize, turned: bool, w: usize): void {
  const ca = splat(BUTTERFLIES + 4), cb = splat(BUTTERFLIES + 8), sa = splat(BUTTERFLIES + 12), sb = splat(BUTTERFLIES + 16);
  const b = x + 2 * step, d = x + 4 * step;
  const r0 = v128.load(x), i0 = v128.load(x, 16);
  const r1 = v128.load(x + step), i1 = v128.load(x + step, 16), r4 = v128.load(d), i4 = v128.load(d, 16);
  const t1r = f32x4.add(r1, r4), t1i = f32x4.add(i1, i4), d1r = f32x4.sub(r1, r4), d1i = f32x4.sub(i1, i4);
  const r2 = v128.load(b), i2 = v128.load(b, 16), r3 = v128.load(b + step), i3 = v128.load(b + step, 16);
  const t2r = f32x4.add(r2, r3), t2i = f32x4.add(i2, i3), d2r = f32x4.sub(r2, r3), d2i = f32x4.sub(i2, i3);
  v128.store(o, f32x4.add(r0, f32x4.add(t1r, t2r)));
  v128.store(o, f32x4.add(i0, f32x4.add(t1i, t2i)), 16);
  const ur = f32x4.add(r0, f32x4.add(f32x4.mul(ca, t1r), f32x4.mul(cb, t2r)));
  const ui = f32x4.add(i0, f32x4.add(f32x4.mul(ca, t1i), f32x4.mul(cb, t2i)));
  // -j (sa d1 + sb d2) and -j (sb d1 - sa d2).
  const er = f32x4.add(f32x4.mul(sa, d1i), f32x4.mul(sb, d2i)), ei = f32x4.add(f32x4.mul(sa, d1r), f32x4.mul(sb, d2r));
  storeOutput(o + skip, f32x4.add(ur, er), f32x4.sub(ui, ei), turned, w);
  const q = o + 4 * skip;
  storeOutput(q, f32x4.sub(ur, er), f32x4.add(ui, ei), turned, w + 24);
  const vr = f32x4.add(r0, f32x4.add(f32x4.mul(cb, t1r), f32x4.mul(ca, t2r)));
  const vi = f32x4.add(i0, f32x4.add(f32x4.mul(cb, t1i), f32x4.mul(ca, t2i)));
  const fr = f32x4.sub(f32x4.mul(sb, d1i), f32x4.mul(sa, d2i)), fi = f32x4.sub(f32x4.mul(sb, d1r), f32x4.mul(sa, d2r));
  storeOutput(o + 2 * skip, f32x4.add(vr, fr), f32x4.sub(vi, fi), turned, w + 8);
  storeOutput(q - skip, f32x4.sub(vr, fr), f32x4.add(vi, fi), turned, w + 16);
}
