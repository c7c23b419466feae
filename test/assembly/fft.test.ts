/** Transforms against the definition, X_k = sum x_n exp(-j 2 pi k n / N), in float64. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeFftTable } from "../../host/engine/fft-tables.ts";
import { maxRelative } from "../golden/compare.ts";
import { kernels, noise, workspace } from "./kernels.ts";

/** Four rows of interleaved complex numbers through the core. */
function transform(rows: Float32Array[], inverse: boolean): Float32Array[] {
  const n = rows[0].length / 2;
  const mark = workspace.mark;
  const table = makeFftTable(workspace, n);
  const data = workspace.take(8 * n, 4, "test");
  const work = workspace.take(8 * table.workSamples, 4, "test");
  const view = workspace.f32(data, 8 * n);
  for (let i = 0; i < n; i++)
    for (let lane = 0; lane < 4; lane++) {
      view[8 * i + lane] = rows[lane][2 * i];
      view[8 * i + 4 + lane] = rows[lane][2 * i + 1];
    }
  kernels.fft(table.descriptor, data, work, inverse);
  const out = rows.map((_, lane) => {
    const row = new Float32Array(2 * n);
    for (let i = 0; i < n; i++) row.set([view[8 * i + lane], view[8 * i + 4 + lane]], 2 * i);
    return row;
  });
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

for (const n of [1, 2, 3, 4, 5, 8, 12, 15, 16, 30, 60, 64, 125, 243, 256, 360, 480, 1024])
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
