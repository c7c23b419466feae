// Receive apodization with a dynamic aperture: q = F |lateral| / axial, both measured in the frame of the element's normal
// (lateral x, axial z for flat arrays), and a window w(q), zero for q > 1/2. The element's own normal makes the same rule
// right on convex arrays (tan of the angle to the normal <= 1 / (2 F), as MUST).
//
// All the windows are one formula, with u = max(0, q - flat) inverseRoll in turns of a cosine:
//   w(q) = w0 + w1 cos(2 pi u) + w2 q
//   boxcar 1, 0, 0   hann 1/2, 1/2, 0 (roll 1)   hamming 0.53836, 0.46164, 0   tukey r: 1/2, 1/2, 0, flat (1 - r) / 2
//   triangle 1, 0, -2
// (PICMUS and MUST; Hamming's coefficients as in USTB's MATLAB code.)
import { cosQuarter4 } from "./math";

/** Elements, float32 in samples: [element][x, z, y^2, normal x, normal z, 0, 0, 0]. */
export const ELEMENT_BYTES: usize = 32;

/** Window parameters, float32: f-number (0: no aperture, weight 1), flat, inverseRoll, w0, w1, w2. */
// @ts-ignore: decorator
@inline export function weight4(window: usize, dx: v128, dz: v128, element: usize): v128 {
  const one = f32x4.splat(1);
  const fNumber = load<f32>(window);
  if (fNumber == 0) return one;
  const nx = v128.load32_splat(element, 12), nz = v128.load32_splat(element, 16);
  const axial = f32x4.add(f32x4.mul(dx, nx), f32x4.mul(dz, nz));
  const lateral = f32x4.abs(f32x4.sub(f32x4.mul(dx, nz), f32x4.mul(dz, nx)));
  const inside = v128.and(
    f32x4.le(f32x4.mul(lateral, f32x4.splat(fNumber + fNumber)), axial),
    f32x4.gt(axial, f32x4.splat(0)),
  );
  const q = f32x4.pmin(f32x4.splat(0.5), f32x4.div(f32x4.mul(lateral, f32x4.splat(fNumber)), axial));
  const u = f32x4.mul(f32x4.pmax(f32x4.splat(0), f32x4.sub(q, v128.load32_splat(window, 4))), v128.load32_splat(window, 8));
  // u is in [0, 1/2]: cos(2 pi u) = -cos(2 pi (1/2 - u)) brings it to a quarter turn.
  const far = f32x4.gt(u, f32x4.splat(0.25));
  const folded = v128.bitselect(f32x4.sub(f32x4.splat(0.5), u), u, far);
  const cosine = v128.xor(cosQuarter4(folded), v128.and(far, i32x4.splat(0x80000000)));
  const w = f32x4.add(
    f32x4.add(v128.load32_splat(window, 12), f32x4.mul(v128.load32_splat(window, 16), cosine)),
    f32x4.mul(v128.load32_splat(window, 20), q),
  );
  return v128.and(w, inside);
}

/** First element and one past the last element that any pixel of a block of four hears: u16 pairs. */
export function apertures(pixels: usize, blocks: i32, elements: usize, elementCount: i32, window: usize, out: usize): void {
  for (let b = 0; b < blocks; b++) {
    const x = v128.load(pixels + (<usize>b << 5)), z = v128.load(pixels + (<usize>b << 5), 16);
    let first = elementCount, end = 0;
    for (let e = 0; e < elementCount; e++) {
      const p = elements + <usize>e * ELEMENT_BYTES;
      const w = weight4(window, f32x4.sub(x, v128.load32_splat(p)), f32x4.sub(z, v128.load32_splat(p, 4)), p);
      if (v128.any_true(f32x4.ne(w, f32x4.splat(0)))) {
        first = min(first, e);
        end = e + 1;
      }
    }
    store<u16>(out + (<usize>b << 2), <u16>min(first, end));
    store<u16>(out + (<usize>b << 2), <u16>end, 2);
  }
}
