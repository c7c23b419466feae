// Receive apodization with a dynamic aperture: q = F |lateral| / axial, both measured in the frame of the element's normal
// (lateral x, axial z for flat arrays), and a window w(q), zero for q > 1/2. The element's own normal makes the same rule
// right on convex arrays (tan of the angle to the normal <= 1 / (2 F), as MUST).
//
// All the windows are one formula, with u = max(0, q - flat) inverseRoll in turns of a cosine:
//   w(q) = w0 + w1 cos(2 pi u) + w2 q
//   boxcar 1, 0, 0   hann 1/2, 1/2, 0 (roll 1)   hamming 0.53836, 0.46164, 0   tukey r: 1/2, 1/2, 0, flat (1 - r) / 2
//   triangle 1, 0, -2
// (PICMUS and MUST; Hamming's coefficients as in USTB's MATLAB code.)
//
// Matrix arrays limit and weigh along y as well, by the same rule with |y| for the lateral distance; both weights are multiplied. Pixels lie in the
// plane y = 0 of the elements' coordinates: of a volume's other planes, elements are shifted by the plane's elevation.
import { HALF, LANE_BITS, ONE, QUARTER, SIGN, splat } from "./constants";
import { cosQuarter4, radians4 } from "./math";

/** Elements, float32 in samples: [element][x, z, y^2, normal x, normal z, |y|, 0, 0]. */
export const ELEMENT_BYTES: usize = 32;

/** w(q) of four distances beside the beam, q = distance x f-number / axial. */
// @ts-ignore: decorator
@inline function windowOf(window: usize, distance: v128, axial: v128): v128 {
  // An edge pixel may come out a hair beyond 1/2.
  const q = f32x4.pmin(splat(HALF), f32x4.div(f32x4.mul(distance, v128.load32_splat(window)), axial));
  const u = f32x4.mul(f32x4.pmax(f32x4.splat(0), f32x4.sub(q, v128.load32_splat(window, 4))), v128.load32_splat(window, 8));
  // u is in [0, 1/2]: cos(2 pi u) = -cos(2 pi (1/2 - u)) brings it to a quarter turn.
  const far = f32x4.gt(u, splat(QUARTER));
  const folded = v128.bitselect(f32x4.sub(splat(HALF), u), u, far);
  const cosine = v128.xor(cosQuarter4(radians4(folded)), v128.and(far, splat(SIGN)));
  return f32x4.add(
    f32x4.add(v128.load32_splat(window, 12), f32x4.mul(v128.load32_splat(window, 16), cosine)),
    f32x4.mul(v128.load32_splat(window, 20), q),
  );
}

/**
 * Weights of one element for four pixels. `mask`: see `apertures`. Window parameters, float32: f-number (0: weight 1), flat,
 * inverseRoll, w0, w1, w2, and 1 where y counts as well. A call of its own, once for all transmits: inlined everywhere it would be a
 * twentieth of the core.
 */
export function weight4(window: usize, dx: v128, dz: v128, element: usize, mask: u8): v128 {
  if (load<f32>(window) == 0) return splat(ONE);
  const inside = i32x4.ne(v128.and(i32x4.splat(<i32>mask), v128.load(LANE_BITS)), i32x4.splat(0));
  // Boxcar: w0 is all there is.
  if (load<f32>(window, 16) == 0 && load<f32>(window, 20) == 0) return v128.and(v128.load32_splat(window, 12), inside);
  const nx = v128.load32_splat(element, 12), nz = v128.load32_splat(element, 16);
  const axial = f32x4.add(f32x4.mul(dx, nx), f32x4.mul(dz, nz));
  const lateral = f32x4.abs(f32x4.sub(f32x4.mul(dx, nz), f32x4.mul(dz, nx)));
  let w = windowOf(window, lateral, axial);
  if (load<f32>(window, 24) != 0) w = f32x4.mul(w, windowOf(window, v128.load32_splat(element, 20), axial));
  return v128.and(w, inside);
}

/**
 * Which pixels hear which elements, decided once in float64: on grids that share the elements' pitch, pixels fall exactly on the
 * edge of the aperture, and float32 would toss a coin.
 * pixels: x z float64, metres, `lanes` (4 or 8) a block; elements: x y z nx nz float64, metres; elevation: y counts as well. Writes
 *   masks    [block][element] u8: bit k set when pixel k of the block is inside
 *   ranges   [block] u16 first element heard, u16 one past the last
 */
export function apertures(pixels: usize, blocks: i32, lanes: i32, elements: usize, elementCount: i32, fNumber: f64, elevation: bool, masks: usize, ranges: usize): void {
  for (let b = 0; b < blocks; b++) {
    let first = elementCount, end = 0;
    for (let e = 0; e < elementCount; e++, masks++) {
      const p = elements + <usize>e * 40;
      let mask = fNumber == 0 ? (1 << lanes) - 1 : 0;
      if (fNumber != 0)
        for (let k = 0; k < lanes; k++) {
          const q = pixels + (<usize>(lanes * b + k) << 4);
          const dx = load<f64>(q) - load<f64>(p), dz = load<f64>(q, 8) - load<f64>(p, 16);
          const nx = load<f64>(p, 24), nz = load<f64>(p, 32);
          const axial = dx * nx + dz * nz, across = abs(dx * nz - dz * nx), lateral = elevation ? max(across, abs(load<f64>(p, 8))) : across;
          if (axial > 0 && lateral <= axial / (2 * fNumber)) mask |= 1 << k;
        }
      store<u8>(masks, <u8>mask);
      if (mask) {
        first = min(first, e);
        end = e + 1;
      }
    }
    store<u16>(ranges + (<usize>b << 2), <u16>min(first, end));
    store<u16>(ranges + (<usize>b << 2), <u16>end, 2);
  }
}

/**
 * Receive paths of a block over the elements that its pixels hear (`masks`, see `apertures`): shortest, longest, and the greatest
 * difference that one element makes between two of the pixels it belongs to. Samples. everyPixel: those of the elements that one pixel hears
 * count to all of the block, whose samples a sum without masks reads, to weigh them with nothing.
 * pixels: x z float64, metres, `lanes` a block; elements: x y z nx nz float64, metres; spans: [block][3] float64; no element: 0, -1, 0.
 */
export function receiveSpans(
  pixels: usize, blocks: i32, lanes: i32, masks: usize, elements: usize, elementCount: i32, samplesPerMetre: f64, everyPixel: bool, spans: usize,
): void {
  for (let b = 0; b < blocks; b++, spans += 24) {
    let nearest = f64.MAX_VALUE, farthest: f64 = -1, widest: f64 = 0;
    for (let e = 0; e < elementCount; e++, masks++) {
      const mask = <i32>load<u8>(masks);
      if (!mask) continue;
      const p = elements + <usize>e * 40;
      let low = f64.MAX_VALUE, high: f64 = 0;
      for (let k = 0; k < lanes; k++) {
        if (!everyPixel && !(mask & (1 << k))) continue;
        const q = pixels + (<usize>(lanes * b + k) << 4);
        const dx = load<f64>(q) - load<f64>(p), dy = load<f64>(p, 8), dz = load<f64>(q, 8) - load<f64>(p, 16);
        const path = Math.sqrt(dx * dx + dy * dy + dz * dz) * samplesPerMetre;
        low = min(low, path);
        high = max(high, path);
      }
      nearest = min(nearest, low);
      farthest = max(farthest, high);
      widest = max(widest, high - low);
    }
    store<f64>(spans, farthest < 0 ? 0 : nearest);
    store<f64>(spans, farthest, 8);
    store<f64>(spans, widest, 16);
  }
}
