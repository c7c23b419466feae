// Clutter filters in slow time. Echoes of tissue are strong and change slowly, or alike everywhere: they lie close to a
// few directions of the space of all ensembles, and are removed by projection onto what is orthogonal to those,
//   y = x - V V^H x,
// V the first polynomials or cosines (Bjaerum et al., IEEE TUFFC 49:204, 2002), or the strongest singular vectors in slow time of
// all pixels' ensembles (Demene et al., IEEE TMI 34:2271, 2015). The latter are the eigenvectors of the sum of x x^H over the
// pixels, which is made here and diagonalised by the host.
//
// Tiles: see slow-time.ts.
import { TILE_BYTES, TILE_PIXELS } from "./slow-time";

const IM: usize = 4 * TILE_PIXELS;

/** Sum of the four lanes in float64, in a fixed order. */
// @ts-ignore: decorator
@inline function total(v: v128): f64 {
  return <f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1) + (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3));
}

// @ts-ignore: decorator
@inline function addTotal(at: usize, re: v128, im: v128): void {
  store<f64>(at, load<f64>(at) + total(re));
  store<f64>(at, load<f64>(at, 8) + total(im), 8);
}

/**
 * gram_ij += sum over the tile of x_i conj(x_j) for j >= i, two by two frames at a time: each loaded value serves twice.
 *   gram   [frames][frames] re im float64; what is below the diagonal of 2 x 2 blocks is left alone
 * frames: even; an ensemble of odd length has a frame of zeros behind it. Sums of a tile are float32, across tiles float64.
 */
export function addGram(tile: usize, frames: i32, gram: usize): void {
  const row = <usize>frames << 4;
  for (let i = 0; i < frames; i += 2)
    for (let j = i; j < frames; j += 2) {
      let p = tile + <usize>i * TILE_BYTES, q = tile + <usize>j * TILE_BYTES;
      const end = p + IM, zero = f32x4.splat(0);
      let r00 = zero, r01 = zero, r10 = zero, r11 = zero, i00 = zero, i01 = zero, i10 = zero, i11 = zero;
      for (; p < end; p += 16, q += 16) {
        const ar = v128.load(p), ai = v128.load(p, IM), br = v128.load(p, TILE_BYTES), bi = v128.load(p, TILE_BYTES + IM);
        let cr = v128.load(q), ci = v128.load(q, IM);
        r00 = f32x4.add(f32x4.add(r00, f32x4.mul(ar, cr)), f32x4.mul(ai, ci));
        i00 = f32x4.sub(f32x4.add(i00, f32x4.mul(ai, cr)), f32x4.mul(ar, ci));
        r10 = f32x4.add(f32x4.add(r10, f32x4.mul(br, cr)), f32x4.mul(bi, ci));
        i10 = f32x4.sub(f32x4.add(i10, f32x4.mul(bi, cr)), f32x4.mul(br, ci));
        cr = v128.load(q, TILE_BYTES), ci = v128.load(q, TILE_BYTES + IM);
        r01 = f32x4.add(f32x4.add(r01, f32x4.mul(ar, cr)), f32x4.mul(ai, ci));
        i01 = f32x4.sub(f32x4.add(i01, f32x4.mul(ai, cr)), f32x4.mul(ar, ci));
        r11 = f32x4.add(f32x4.add(r11, f32x4.mul(br, cr)), f32x4.mul(bi, ci));
        i11 = f32x4.sub(f32x4.add(i11, f32x4.mul(bi, cr)), f32x4.mul(br, ci));
      }
      const o = gram + <usize>i * row + (<usize>j << 4);
      addTotal(o, r00, i00);
      addTotal(o + 16, r01, i01);
      addTotal(o + row, r10, i10);
      addTotal(o + row + 16, r11, i11);
    }
}

/** x -= v (v^H x) for each of `count` orthonormal vectors, [vector][frame] re im float32; in place, sixteen pixels at a time. */
export function removeVectors(tile: usize, frames: i32, vectors: usize, count: i32): void {
  for (let group = tile; group < tile + IM; group += 64)
    for (let k = 0; k < count; k++) {
      const v = vectors + (<usize>(k * frames) << 3);
      const zero = f32x4.splat(0);
      let r0 = zero, r1 = zero, r2 = zero, r3 = zero, i0 = zero, i1 = zero, i2 = zero, i3 = zero, p = group, u = v;
      for (let f = 0; f < frames; f++, p += TILE_BYTES, u += 8) {
        // conj(v) x
        const c = v128.load32_splat(u), s = v128.load32_splat(u, 4);
        let x = v128.load(p), y = v128.load(p, IM);
        r0 = f32x4.add(f32x4.add(r0, f32x4.mul(c, x)), f32x4.mul(s, y));
        i0 = f32x4.sub(f32x4.add(i0, f32x4.mul(c, y)), f32x4.mul(s, x));
        x = v128.load(p, 16), y = v128.load(p, IM + 16);
        r1 = f32x4.add(f32x4.add(r1, f32x4.mul(c, x)), f32x4.mul(s, y));
        i1 = f32x4.sub(f32x4.add(i1, f32x4.mul(c, y)), f32x4.mul(s, x));
        x = v128.load(p, 32), y = v128.load(p, IM + 32);
        r2 = f32x4.add(f32x4.add(r2, f32x4.mul(c, x)), f32x4.mul(s, y));
        i2 = f32x4.sub(f32x4.add(i2, f32x4.mul(c, y)), f32x4.mul(s, x));
        x = v128.load(p, 48), y = v128.load(p, IM + 48);
        r3 = f32x4.add(f32x4.add(r3, f32x4.mul(c, x)), f32x4.mul(s, y));
        i3 = f32x4.sub(f32x4.add(i3, f32x4.mul(c, y)), f32x4.mul(s, x));
      }
      p = group;
      u = v;
      for (let f = 0; f < frames; f++, p += TILE_BYTES, u += 8) {
        const c = v128.load32_splat(u), s = v128.load32_splat(u, 4);
        v128.store(p, f32x4.add(f32x4.sub(v128.load(p), f32x4.mul(c, r0)), f32x4.mul(s, i0)));
        v128.store(p, f32x4.sub(f32x4.sub(v128.load(p, IM), f32x4.mul(c, i0)), f32x4.mul(s, r0)), IM);
        v128.store(p, f32x4.add(f32x4.sub(v128.load(p, 16), f32x4.mul(c, r1)), f32x4.mul(s, i1)), 16);
        v128.store(p, f32x4.sub(f32x4.sub(v128.load(p, IM + 16), f32x4.mul(c, i1)), f32x4.mul(s, r1)), IM + 16);
        v128.store(p, f32x4.add(f32x4.sub(v128.load(p, 32), f32x4.mul(c, r2)), f32x4.mul(s, i2)), 32);
        v128.store(p, f32x4.sub(f32x4.sub(v128.load(p, IM + 32), f32x4.mul(c, i2)), f32x4.mul(s, r2)), IM + 32);
        v128.store(p, f32x4.add(f32x4.sub(v128.load(p, 48), f32x4.mul(c, r3)), f32x4.mul(s, i3)), 48);
        v128.store(p, f32x4.sub(f32x4.sub(v128.load(p, IM + 48), f32x4.mul(c, i3)), f32x4.mul(s, r3)), IM + 48);
      }
    }
}

/**
 * y_k = sum_j h_j x_(k - j), in place, from the last frame down; the first taps - 1 frames have no whole sum and stay as they are.
 * taps: `count` float32, at most `frames`.
 */
export function filterSlowTime(tile: usize, frames: i32, taps: usize, count: i32): void {
  for (let f = frames - 1; f >= count - 1; f--) {
    const x = tile + <usize>f * TILE_BYTES;
    for (let o: usize = 0; o < TILE_BYTES; o += 16) {
      let y = f32x4.splat(0), p = x + o;
      for (let j = 0; j < count; j++, p -= TILE_BYTES) y = f32x4.add(y, f32x4.mul(v128.load32_splat(taps + (<usize>j << 2)), v128.load(p)));
      v128.store(x + o, y);
    }
  }
}
