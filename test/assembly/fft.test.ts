/** Transforms against the definition, X_k = sum x_n exp(-j 2 pi k n / N), in float64. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeFftTable } from "../../host/engine/fft-tables.ts";
import { maxRelative } from "../golden/compare.ts";
import { kernels, noise, workspace } from "./kernels.ts";

/**
 * Rows of interleaved complex numbers through the core, as many at once as the table says. Sample i of row r stands in lane r of
 * unit i, or, where a row is transformed alone, in lane i % 4 of unit i / 4. The inverse has its parts exchanged.
 */
function transform(rows: Float32Array[], inverse: boolean, together?: 1 | 4): Float32Array[] {
  const n = rows[0].length / 2;
  const mark = workspace.mark;
  const table = makeFftTable(workspace, n, together);
  const data = workspace.take(table.bytes, 1, "test");
  const work = workspace.take(table.workBytes, 1, "test");
  const alone = table.rowsTogether === 1;
  const place = (row: number, i: number) => (alone ? 8 * (i >> 2) + (i & 3) : 8 * i + (row % 4));
  const [re, im] = inverse ? [4, 0] : [0, 4];
  const out = rows.map(() => new Float32Array(2 * n));
  for (let first = 0; first < rows.length; first += table.rowsTogether) {
    const group = rows.slice(first, first + table.rowsTogether);
    const view = workspace.f32(data, table.bytes / 4).fill(0);
    group.forEach((row, r) => {
      for (let i = 0; i < n; i++) {
        view[place(r, i) + re] = row[2 * i];
        view[place(r, i) + im] = row[2 * i + 1];
      }
    });
    const result = workspace.f32(kernels.fft(table.descriptor, data, work), table.bytes / 4);
    group.forEach((_, r) => {
      for (let i = 0; i < n; i++)
        out[first + r].set([result[place(r, i) + re], result[place(r, i) + im]], 2 * i);
    });
  }
  workspace.rewind(mark);
  return out;
}

function twin(row: Float32Array, inverse: boolean): Float64Array {
  const n = row.length / 2;
  const out = new Float64Array(2 * n);
  for (let k = 0; k < n; k++)
    for (let i = 0; i < n; i++) {
      const turns = ((k * i) % n) / n;
      const [c, s] = [Math.cos(2 * Math.PI * turns), (inverse ? 1 : -1) * Math.sin(2 * Math.PI * turns)];
      out[2 * k] += row[2 * i] * c - row[2 * i + 1] * s;
      out[2 * k + 1] += row[2 * i] * s + row[2 * i + 1] * c;
    }
  return out;
}

for (const n of [1, 2, 3, 4, 5, 8, 12, 15, 16, 30, 60, 64, 80, 125, 144, 243, 256, 360, 480, 512, 1024])
  test(`length ${n}, of twos, threes and fives, equals the definition within 1e-6`, () => {
    const rows = [1, 2, 3, 4].map((seed) => noise(2 * n, seed));
    for (const inverse of [false, true])
      transform(rows, inverse).forEach((row, lane) => {
        assert.ok(maxRelative(row, twin(rows[lane], inverse), true) < 1e-6);
      });
  });

for (const n of [7, 11, 22, 101, 334, 563, 1013])
  test(`length ${n}, with another prime, equals the definition within 3e-6`, () => {
    const rows = [5, 6, 7, 8].map((seed) => noise(2 * n, seed));
    for (const inverse of [false, true])
      transform(rows, inverse).forEach((row, lane) => {
        const error = maxRelative(row, twin(rows[lane], inverse), true);
        assert.ok(error < 3e-6, String(error));
      });
  });

test("four rows in lanes give what each gives alone", () => {
  const rows = [1, 2, 3, 4].map((seed) => noise(2 * 240, seed));
  const alone = transform(rows, false, 1);
  transform(rows, false, 4).forEach((row, lane) => {
    assert.ok(maxRelative(row, alone[lane], true) < 1e-6);
  });
});

test("forward and back gives the input times its length", () => {
  const rows = [1, 2, 3, 4].map((seed) => noise(2 * 1689, seed));
  const back = transform(transform(rows, false), true);
  back.forEach((row, lane) => {
    assert.ok(
      maxRelative(
        row.map((value) => value / 1689),
        rows[lane],
        true,
      ) < 5e-6,
    );
  });
});

test.run();
