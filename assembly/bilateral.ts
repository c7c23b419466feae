// Bilateral filter (Tomasi and Manduchi, ICCV 1998) of a plane (plane.ts): a mean of neighbours weighted by nearness in space and in value,
//   out = x + sum_k g_k u_k^2 d_k / sum_k g_k u_k^2,   d_k = x_k - x,   u_k = max(0, 1 - d_k^2 / h^2)
// over 5 x 5. The edge-stopping function is Tukey's biweight instead of a Gaussian (Durand and Dorsey, SIGGRAPH 2002): much the
// same for h = sqrt(5) sigma, no exponential, and what is further off than h does not count at all.
import { ONE, splat } from "./constants";

/** weights: 25 float32, g row by row. inverse: 1 / h^2; 0: a Gaussian. out: rows x columns, contiguous, and room for seven numbers more. */
export function bilateral(plane: usize, rows: i32, columns: i32, strideBytes: i32, weights: usize, inverse: f32, out: usize): void {
  const stride = <usize>strideBytes, scale = f32x4.splat(inverse), zero = f32x4.splat(0), one = splat(ONE);
  for (let r = 0; r < rows; r++, plane += stride) {
    let p = plane, o = out;
    out += <usize>columns << 2;
    for (; o < out; o += 32, p += 32) {
      const x = v128.load(p), y = v128.load(p, 16);
      let a = zero, b = zero, wa = zero, wb = zero, k = weights;
      let row = p - 2 * stride - 8;
      for (const below = p + 2 * stride; row < below; row += stride)
        for (let q = row; q < row + 20; q += 4, k += 4) {
          const g = v128.load32_splat(k), d = f32x4.sub(v128.load(q), x), e = f32x4.sub(v128.load(q, 16), y);
          const u = f32x4.pmax(zero, f32x4.sub(one, f32x4.mul(scale, f32x4.mul(d, d)))), v = f32x4.pmax(zero, f32x4.sub(one, f32x4.mul(scale, f32x4.mul(e, e))));
          const w = f32x4.mul(g, f32x4.mul(u, u)), s = f32x4.mul(g, f32x4.mul(v, v));
          a = f32x4.add(a, f32x4.mul(w, d));
          b = f32x4.add(b, f32x4.mul(s, e));
          wa = f32x4.add(wa, w);
          wb = f32x4.add(wb, s);
        }
      // The pixel itself weighs g > 0.
      v128.store(o, f32x4.add(x, f32x4.div(a, wa)));
      v128.store(o, f32x4.add(y, f32x4.div(b, wb)), 16);
    }
  }
}
