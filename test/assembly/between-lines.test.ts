/** Columns between lines against their definition. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { kernels, noise, put, workspace } from "./kernels.ts";

test("a column is the weighted sum of eight lines from its first one on, whatever the strides", () => {
  const [rows, lines, columns] = [3, 13, 7];
  const [lineStride, columnStride] = [8 * lines + 32, 8 * columns + 16];
  const values = noise((rows * lineStride) / 4);
  const weights = noise(8 * columns, 5);
  const firsts = [0, 0, 1, 5, 5, 4, 2];
  const table = workspace.take(80 * columns, 1, "test");
  firsts.forEach((first, c) => {
    workspace.i32(table + 80 * c, 1)[0] = 8 * first;
    const pairs = workspace.f32(table + 80 * c + 16, 16);
    for (let k = 0; k < 16; k++) pairs[k] = weights[8 * c + (k >> 1)];
  });
  const out = workspace.take(rows * columnStride, 1, "test");
  const untouched = 1234;
  workspace.f32(out, (rows * columnStride) / 4).fill(untouched);
  kernels.betweenLines(put(values), lineStride, rows, table, columns, out, columnStride);
  const made = workspace.f32(out, (rows * columnStride) / 4);
  for (let r = 0; r < rows; r++) {
    const row = made.subarray((r * columnStride) / 4, ((r + 1) * columnStride) / 4);
    for (let c = 0; c < columns; c++)
      for (const part of [0, 1]) {
        let expected = 0;
        for (let k = 0; k < 8; k++)
          expected += weights[8 * c + k] * values[(r * lineStride) / 4 + 2 * (firsts[c] + k) + part];
        const error = Math.abs(row[2 * c + part] - expected);
        assert.ok(error < 1e-6, `row ${r}, column ${c}, part ${part}: ${error}`);
      }
    assert.equal([...row.subarray(2 * columns)], [untouched, untouched, untouched, untouched]);
  }
});

test.run();
