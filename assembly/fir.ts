// Symmetric FIR filter along rows with its delay compensated: y_i = sum_k h_k x_(i + H - k), H = (taps - 1) / 2, samples
// beyond the row count as zero.

/**
 * Filters complex rows in place. taps: odd `count` of float32, symmetric.
 * work: samples + taps + 3 complex samples; holds the row with H zeros before it.
 */
export function filterFir(rows: usize, strideBytes: i32, count: i32, samples: i32, taps: usize, tapCount: i32, work: usize): void {
  const half = <usize>(tapCount >> 1), bytes = <usize>samples << 3;
  memory.fill(work, 0, bytes + (<usize>(tapCount + 3) << 3));
  for (let r = 0; r < count; r++) {
    const row = rows + <usize>r * <usize>strideBytes;
    memory.copy(work + (half << 3), row, bytes);
    // Two complex outputs a vector, four vectors at a time: the tap is loaded once for eight outputs.
    let i: usize = 0;
    for (; i + 64 <= bytes; i += 64) {
      let a = f32x4.splat(0), b = a, c = a, d = a, p = work + i;
      for (let k: usize = 0; k < <usize>tapCount; k++, p += 8) {
        const h = v128.load32_splat(taps + (k << 2));
        a = f32x4.add(a, f32x4.mul(h, v128.load(p)));
        b = f32x4.add(b, f32x4.mul(h, v128.load(p, 16)));
        c = f32x4.add(c, f32x4.mul(h, v128.load(p, 32)));
        d = f32x4.add(d, f32x4.mul(h, v128.load(p, 48)));
      }
      v128.store(row + i, a);
      v128.store(row + i, b, 16);
      v128.store(row + i, c, 32);
      v128.store(row + i, d, 48);
    }
    for (; i < bytes; i += 8) {
      let a = f32x4.splat(0), p = work + i;
      for (let k: usize = 0; k < <usize>tapCount; k++, p += 8) a = f32x4.add(a, f32x4.mul(v128.load32_splat(taps + (k << 2)), v128.load64_zero(p)));
      v128.store64_lane(row + i, a, 0);
    }
  }
}
