// A plane: real numbers with margins that repeat its border, so that a filter has neighbours everywhere and no border of its own.
//
//   | 2 rows above: copies of row 0                                              |
//   | 4 copies of the first | row 0: columns numbers | copies of the last, >= 8  |   strideBytes
//   | ...                                                                        |
//   | 2 rows below: copies of the last row                                       |
// `plane` is the address of row 0, column 0. Vectors of four run past the last column into the margin.

/** Fills the margins from the border. */
export function repeatBorder(plane: usize, rows: i32, columns: i32, strideBytes: i32): void {
  const stride = <usize>strideBytes, end = plane + <usize>rows * stride;
  for (let row = plane; row < end; row += stride) {
    v128.store(row - 16, v128.load32_splat(row));
    const next = row + stride - 16;
    const last = load<f32>(row + (<usize>columns << 2) - 4);
    for (let p = row + (<usize>columns << 2); p < next; p += 4) store<f32>(p, last);
  }
  for (let k: usize = 1; k <= 2; k++) {
    memory.copy(plane - k * stride - 16, plane - 16, stride);
    memory.copy(end + (k - 1) * stride - 16, end - stride - 16, stride);
  }
}

/** Contiguous `rows` x `columns` numbers as a plane. */
export function toPlane(values: usize, rows: i32, columns: i32, plane: usize, strideBytes: i32): void {
  for (let r: usize = 0; r < <usize>rows; r++) memory.copy(plane + r * <usize>strideBytes, values + ((r * <usize>columns) << 2), <usize>columns << 2);
  repeatBorder(plane, rows, columns, strideBytes);
}
