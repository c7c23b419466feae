// Columns of an image between lines that were summed farther apart, complex numbers both: each column is a weighted sum of eight
// neighbouring lines.
//
//   lines    l0    l1    l2    l3    l4    l5    l6    l7    l8 ...          summed
//   columns           c0   c1   c2   c3   c4                                 c1 = sum_k w1[k] l[first1 + k]
//
// table: for each column 80 bytes | byte offset of its first line, i32 | 12 spare | w0 w0 w1 w1 | w2 w2 w3 w3 | w4 ... | w6 ... |

/** Bytes of a column in the table. */
const ENTRY: usize = 80;

/** `rows` rows of `columns` columns; rows of lines and of columns stand `lineStride` and `columnStride` bytes apart. */
export function betweenLines(lines: usize, lineStride: i32, rows: i32, table: usize, columns: i32, out: usize, columnStride: i32): void {
  const end = table + <usize>columns * ENTRY;
  for (; rows > 0; rows--, lines += <usize>lineStride, out += <usize>columnStride)
    for (let t = table, o = out; t < end; t += ENTRY, o += 8) {
      const p = lines + <usize>load<u32>(t);
      const near = f32x4.add(f32x4.mul(v128.load(t, 32), v128.load(p, 16)), f32x4.mul(v128.load(t, 48), v128.load(p, 32)));
      const far = f32x4.add(f32x4.mul(v128.load(t, 16), v128.load(p)), f32x4.mul(v128.load(t, 64), v128.load(p, 48)));
      const sum = f32x4.add(near, far);
      v128.store64_lane(o, f32x4.add(sum, v128.shuffle<f64>(sum, sum, 1, 0)), 0);
    }
}
