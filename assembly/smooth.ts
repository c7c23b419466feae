// Smoothing of a real plane with the outer product of a symmetric kernel with itself; edges are mirrored, edge pixel repeated:
//   ... x1 x0 | x0 x1 x2 ... xn | xn x(n-1) ...
//
//   plane   [row][column] float32, rows `strideBytes` apart (a multiple of 16)
//   work    a line and its mirrored ends, then its place is taken by the smoothed one:  | half | line | half | 4 spare |

/** Along x. weights: odd `count` float32; half of them at most as many as columns. work: columns + count + 3 float32. */
export function smoothRows(plane: usize, rows: i32, columns: i32, strideBytes: i32, weights: usize, count: i32, work: usize): void {
  const half = count >> 1, bytes = <usize>columns << 2, line = work + (<usize>half << 2);
  for (let r = 0; r < rows; r++) {
    const row = plane + <usize>r * <usize>strideBytes;
    memory.copy(line, row, bytes);
    for (let i: usize = 0; i < <usize>half << 2; i += 4) {
      store<f32>(line - 4 - i, load<f32>(row + i));
      store<f32>(line + bytes + i, load<f32>(row + bytes - 4 - i));
    }
    for (let o: usize = 0; o < bytes; o += 16) {
      let sum = f32x4.splat(0), p = work + o;
      for (let k: usize = 0; k < <usize>count << 2; k += 4, p += 4) sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + k), v128.load(p)));
      v128.store(row + o, sum);
    }
  }
}

/** Along z, four columns at a time. Half of the weights at most as many as rows. work: 4 (rows + count) float32. */
export function smoothColumns(plane: usize, rows: i32, columns: i32, strideBytes: i32, weights: usize, count: i32, work: usize): void {
  const half = count >> 1, line = work + (<usize>half << 4), stride = <usize>strideBytes;
  for (let o: usize = 0; o < <usize>columns << 2; o += 16) {
    const column = plane + o;
    for (let r = 0; r < rows; r++) v128.store(line + (<usize>r << 4), v128.load(column + <usize>r * stride));
    for (let i: usize = 0; i < <usize>half << 4; i += 16) {
      v128.store(line - 16 - i, v128.load(line + i));
      v128.store(line + (<usize>rows << 4) + i, v128.load(line + (<usize>(rows - 1) << 4) - i));
    }
    for (let r = 0; r < rows; r++) {
      let sum = f32x4.splat(0), p = work + (<usize>r << 4);
      for (let k: usize = 0; k < <usize>count << 2; k += 4, p += 16) sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(weights + k), v128.load(p)));
      v128.store(column + <usize>r * stride, sum);
    }
  }
}
