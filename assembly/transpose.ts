// Complex images turned, and reduced to magnitudes.

/** out[c][r] = values[r][c]: `rows` x `columns` complex numbers, rows `strideBytes` and `outStrideBytes` apart. */
export function transposeComplex(values: usize, rows: i32, columns: i32, strideBytes: i32, out: usize, outStrideBytes: i32): void {
  for (let r = 0; r < rows; r++) {
    let p = values + <usize>r * <usize>strideBytes, o = out + (<usize>r << 3);
    for (let c = 0; c < columns; c++, p += 8, o += <usize>outStrideBytes) store<u64>(o, load<u64>(p));
  }
}

/** |z| of complex rows as contiguous float32. */
export function magnitudes(values: usize, rows: i32, columns: i32, strideBytes: i32, out: usize): void {
  for (let r = 0; r < rows; r++) {
    let p = values + <usize>r * <usize>strideBytes;
    for (let c = 0; c < columns; c++, p += 8, out += 4) {
      const re = load<f32>(p), im = load<f32>(p, 4);
      store<f32>(out, Mathf.sqrt(re * re + im * im));
    }
  }
}
