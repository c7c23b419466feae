// Symmetric FIR filter along rows of real samples with its delay compensated: y_i = sum_k h_k x_(i + H - k), H = (taps - 1) / 2,
// samples beyond the row count as zero. Two samples that share a tap are added first: a quarter of the arithmetic less.
//
// Rows come as complex numbers without imaginary parts; half of each vector would be wasted on zeros, so that a row is packed
// before it is filtered:
//   row   | x0 0 x1 0 x2 0 x3 0 ...          work  | H zeros | x0 x1 x2 x3 ... | H zeros, room for a block | a block of outputs |

/** Outputs at a time: eight vectors, for which a tap is loaded once. */
const BLOCK: usize = 32;

/**
 * Filters real rows in place. rows: complex numbers; imaginary parts are not read, and are zero afterwards. taps: odd `count` of
 * float32, symmetric. work: samples + taps + 96 real numbers.
 */
export function filterFir(rows: usize, strideBytes: i32, count: i32, samples: i32, taps: usize, tapCount: i32, work: usize): void {
  const first = work + (<usize>(tapCount >> 1) << 2), n = <usize>samples, span = <usize>(tapCount - 1) << 2;
  memory.fill(work, 0, (n + <usize>tapCount + BLOCK) << 2);
  for (let r = 0; r < count; r++) {
    const row = rows + <usize>r * <usize>strideBytes;
    let i: usize = 0;
    for (; i + 4 <= n; i += 4) {
      const p = row + (i << 3);
      v128.store(first + (i << 2), v128.shuffle<f32>(v128.load(p), v128.load(p, 16), 0, 2, 4, 6));
    }
    for (; i < n; i++) store<f32>(first + (i << 2), load<f32>(row + (i << 3)));
    for (i = 0; i < n; i += BLOCK) {
      // The middle tap, then from the ends inwards two samples that share a tap.
      let p = work + (i << 2), q = p + span;
      const m = p + (span >> 1), middle = v128.load32_splat(taps + (span >> 1));
      let a = f32x4.mul(middle, v128.load(m)), b = f32x4.mul(middle, v128.load(m, 16)), c = f32x4.mul(middle, v128.load(m, 32)), d = f32x4.mul(middle, v128.load(m, 48));
      let e = f32x4.mul(middle, v128.load(m, 64)), f = f32x4.mul(middle, v128.load(m, 80)), g = f32x4.mul(middle, v128.load(m, 96)), h = f32x4.mul(middle, v128.load(m, 112));
      for (let t = taps; p < m; t += 4, p += 4, q -= 4) {
        const w = v128.load32_splat(t);
        a = f32x4.add(a, f32x4.mul(w, f32x4.add(v128.load(p), v128.load(q))));
        b = f32x4.add(b, f32x4.mul(w, f32x4.add(v128.load(p, 16), v128.load(q, 16))));
        c = f32x4.add(c, f32x4.mul(w, f32x4.add(v128.load(p, 32), v128.load(q, 32))));
        d = f32x4.add(d, f32x4.mul(w, f32x4.add(v128.load(p, 48), v128.load(q, 48))));
        e = f32x4.add(e, f32x4.mul(w, f32x4.add(v128.load(p, 64), v128.load(q, 64))));
        f = f32x4.add(f, f32x4.mul(w, f32x4.add(v128.load(p, 80), v128.load(q, 80))));
        g = f32x4.add(g, f32x4.mul(w, f32x4.add(v128.load(p, 96), v128.load(q, 96))));
        h = f32x4.add(h, f32x4.mul(w, f32x4.add(v128.load(p, 112), v128.load(q, 112))));
      }
      // The last block of a row may be longer than what is left of it.
      const rest = min(n - i, BLOCK) << 3, o = rest < BLOCK << 3 ? work + ((n + <usize>tapCount + BLOCK) << 2) : row + (i << 3);
      storeReal(o, a);
      storeReal(o + 32, b);
      storeReal(o + 64, c);
      storeReal(o + 96, d);
      storeReal(o + 128, e);
      storeReal(o + 160, f);
      storeReal(o + 192, g);
      storeReal(o + 224, h);
      if (rest < BLOCK << 3) memory.copy(row + (i << 3), o, rest);
    }
  }
}

// @ts-ignore: decorator
@inline function storeReal(o: usize, a: v128): void {
  const zero = f32x4.splat(0);
  v128.store(o, v128.shuffle<f32>(a, zero, 0, 4, 1, 5));
  v128.store(o, v128.shuffle<f32>(a, zero, 2, 6, 3, 7), 16);
}
