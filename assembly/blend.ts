// One picture moved towards another: x += share (p - x). Persistence moves levels towards those of the frame before, smoothing towards
// their smoothed copy.

/** levels: rows x columns float32, contiguous. towards: float32, rows `strideBytes` apart. */
export function blend(levels: usize, rows: i32, columns: i32, towards: usize, strideBytes: i32, share: f32): void {
  const s = f32x4.splat(share);
  for (let r = 0; r < rows; r++, towards += <usize>strideBytes) {
    const end = levels + (<usize>columns << 2);
    let p = towards;
    for (; levels + 16 <= end; levels += 16, p += 16) {
      const x = v128.load(levels);
      v128.store(levels, f32x4.add(x, f32x4.mul(s, f32x4.sub(v128.load(p), x))));
    }
    for (; levels < end; levels += 4, p += 4) {
      const x = load<f32>(levels);
      store<f32>(levels, x + share * (load<f32>(p) - x));
    }
  }
}
