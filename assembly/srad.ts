// Speckle-reducing anisotropic diffusion (Yu and Acton, IEEE Trans. Image Processing 11:1260, 2002) of an envelope I, on planes (plane.ts):
//   I <- I + (dt / 4) [c_S (I_S - I) + c_E (I_E - I) + c (I_N - I) + c (I_W - I)],   c = 1 / (1 + (q^2 - q0^2) / (q0^2 (1 + q0^2)))
// q, the local coefficient of variation, is large at edges, where c stops the diffusion. With D the sum of the four
// differences, S that of their squares and m = I + D / 4 the mean of the neighbours,
//   q^2 = (S / 2 - D^2 / 16) / m^2   and so   c = m^2 / (m^2 q0^2 / (1 + q0^2) + (S / 2 - D^2 / 16) / (q0^2 (1 + q0^2))),
// one division a pixel. c is kept in [0, 1]: for dt <= 1 a step is a mean with positive weights, and I stays within its range.
import { HALF, ONE, QUARTER, splat } from "./constants";
import { exp2x4 } from "./math";
import { repeatBorder } from "./plane";

/** Range of envelopes over the reference, +-180 dB: their squares neither vanish nor overflow. */
const SMALLEST: f32 = 1e-9;
const LARGEST: f32 = 1e9;
/** log2(10) / 20. */
const OCTAVES_PER_DB: f32 = 0.16609640474436813;

/** |z| scale of complex rows as a plane. */
export function envelope(values: usize, rows: i32, columns: i32, strideBytes: i32, scale: f32, plane: usize, planeStrideBytes: i32): void {
  const low = f32x4.splat(SMALLEST), high = f32x4.splat(LARGEST), by = f32x4.splat(scale);
  for (let r = 0; r < rows; r++) {
    let p = values + <usize>r * <usize>strideBytes, o = plane + <usize>r * <usize>planeStrideBytes;
    // Two at a time; an odd last one's neighbour falls into the margin.
    for (const end = o + (<usize>columns << 2); o < end; o += 8, p += 16) {
      const left = end - o > 4;
      const z = left ? v128.load(p) : v128.load64_zero(p), z2 = f32x4.mul(z, z);
      const magnitude = f32x4.mul(by, f32x4.sqrt(f32x4.add(z2, v128.shuffle<f32>(z2, z2, 1, 0, 3, 2))));
      const bounded = f32x4.pmin(high, f32x4.pmax(low, magnitude));
      v128.store64_lane(o, v128.shuffle<f32>(bounded, bounded, 0, 2, 0, 2), 0);
    }
  }
  repeatBorder(plane, rows, columns, planeStrideBytes);
}

/** The amplitudes 10^(L / 20) of contiguous levels, -180 dB to 180 dB, as a plane; for lines that come compressed. */
export function expand(levels: usize, rows: i32, columns: i32, plane: usize, planeStrideBytes: i32): void {
  const scale = f32x4.splat(OCTAVES_PER_DB);
  for (let r = 0; r < rows; r++, plane += <usize>planeStrideBytes, levels += <usize>columns << 2)
    for (let i: usize = 0; i < <usize>columns << 2; i += 16) v128.store(plane + i, exp2x4(f32x4.mul(scale, v128.load(levels + i))));
  const top = plane - <usize>rows * <usize>planeStrideBytes;
  repeatBorder(top, rows, columns, planeStrideBytes);
}

/**
 * One step from `plane` to `out`, planes of the same layout. q02: q0^2, over 0. rate: dt / 4, 0 to 1/4.
 * work: two rows of `strideBytes`, for c of this row and the next.
 */
export function sradStep(plane: usize, out: usize, rows: i32, columns: i32, strideBytes: i32, q02: f32, rate: f32, work: usize): void {
  const stride = <usize>strideBytes, bytes = <usize>columns << 2, step = f32x4.splat(rate);
  let here = work, next = work + stride;
  coefficients(plane, bytes, stride, q02, here);
  for (let r = 0; r < rows; r++) {
    const p = plane + <usize>r * stride, o = out + <usize>r * stride;
    if (r + 1 < rows) coefficients(p + stride, bytes, stride, q02, next);
    // Below the last row lies its copy: no difference, whatever number its c is.
    else next = here;
    for (let i: usize = 0; i < bytes; i += 16) {
      const q = p + i, x = v128.load(q), c = v128.load(here + i);
      const south = f32x4.mul(v128.load(next + i), f32x4.sub(v128.load(q + stride), x));
      const east = f32x4.mul(v128.load(here + i, 4), f32x4.sub(v128.load(q, 4), x));
      const others = f32x4.mul(c, f32x4.add(f32x4.sub(v128.load(q - stride), x), f32x4.sub(v128.load(q - 4), x)));
      v128.store(o + i, f32x4.add(x, f32x4.mul(step, f32x4.add(f32x4.add(south, east), others))));
    }
    const swap = here;
    here = next;
    next = swap;
  }
  repeatBorder(out, rows, columns, strideBytes);
}

/** c of one row, and of the column behind it, whose difference is zero. */
function coefficients(p: usize, bytes: usize, stride: usize, q02: f32, out: usize): void {
  const alpha = f32x4.splat(q02 / (1 + q02)), k = f32x4.splat(1 / (q02 * (1 + q02))), one = splat(ONE), half = splat(HALF), quarter = splat(QUARTER);
  for (const end = p + bytes; p <= end; p += 16, out += 16) {
    const x = v128.load(p);
    const n = f32x4.sub(v128.load(p - stride), x), s = f32x4.sub(v128.load(p + stride), x), w = f32x4.sub(v128.load(p - 4), x), e = f32x4.sub(v128.load(p, 4), x);
    const d = f32x4.add(f32x4.add(n, s), f32x4.add(w, e));
    const squares = f32x4.add(f32x4.add(f32x4.mul(n, n), f32x4.mul(s, s)), f32x4.add(f32x4.mul(w, w), f32x4.mul(e, e)));
    const mean = f32x4.mul(quarter, d), m = f32x4.add(x, mean), m2 = f32x4.mul(m, m);
    const variation = f32x4.sub(f32x4.mul(half, squares), f32x4.mul(mean, mean));
    v128.store(out, f32x4.pmin(one, f32x4.div(m2, f32x4.add(f32x4.mul(m2, alpha), f32x4.mul(variation, k)))));
  }
}
