/** Filters against speckle against their definitions in float64, borders included. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { kernels, noise, put, workspace } from "./kernels.ts";

/** Sizes that fill no vector, and one row or column, where every neighbour is a copy. */
const SIZES: readonly (readonly [rows: number, columns: number])[] = [
  [1, 1],
  [2, 3],
  [7, 1],
  [1, 9],
  [5, 8],
  [6, 13],
  [9, 16],
];

/** Room for a plane: two rows and four numbers around, and what vectors reach beyond. */
function takePlane(rows: number, columns: number): { plane: number; stride: number } {
  const stride = 4 * (4 + 4 * Math.ceil(columns / 4) + 8);
  const block = workspace.take((rows + 5) * stride, 1, "test");
  workspace.f32(block, ((rows + 5) * stride) / 4).fill(Number.NaN);
  return { plane: block + 2 * stride + 16, stride };
}

function toPlane(values: ArrayLike<number>, rows: number, columns: number) {
  const { plane, stride } = takePlane(rows, columns);
  kernels.toPlane(put(values), rows, columns, plane, stride);
  return { plane, stride };
}

/** A number of a plane's rows and columns. */
function read(plane: number, stride: number, rows: number, columns: number): number[] {
  return Array.from({ length: rows }, (_, r) => [...workspace.f32(plane + r * stride, columns)]).flat();
}

/** The values with their border repeated outwards. */
const neighbour = (values: ArrayLike<number>, rows: number, columns: number) => (r: number, c: number) =>
  values[Math.max(0, Math.min(rows - 1, r)) * columns + Math.max(0, Math.min(columns - 1, c))];

/** Every pixel by its own rule. */
function each(rows: number, columns: number, rule: (r: number, c: number) => number): number[] {
  return Array.from({ length: rows * columns }, (_, i) => rule(Math.floor(i / columns), i % columns));
}

/** Offsets of a square around a pixel. */
const square = (reach: number) =>
  each(2 * reach + 1, 2 * reach + 1, (r) => r - reach).map((down, i) => [
    down,
    (i % (2 * reach + 1)) - reach,
  ]);

for (const [size, reach] of [
  [3, 1],
  [5, 2],
])
  test(`the ${size} x ${size} median is the middle of the sorted neighbours, to the edge and for repeated values`, () => {
    for (const [rows, columns] of SIZES)
      for (const coarse of [false, true]) {
        const values = noise(rows * columns, rows).map((value) => (coarse ? Math.round(2 * value) : value));
        const at = neighbour(values, rows, columns);
        const expected = each(rows, columns, (r, c) => {
          const sorted = square(reach).map(([down, right]) => at(r + down, c + right));
          return sorted.sort((a, b) => a - b)[(size * size - 1) / 2];
        });
        const { plane, stride } = toPlane(values, rows, columns);
        const out = workspace.take(rows * columns + 8, 4, "test");
        const network = workspace.take(150, 4, "test");
        if (size === 3) kernels.median3(plane, rows, columns, stride, out);
        else {
          const comparators = kernels.medianNetwork(network);
          assert.ok(comparators < 150, String(comparators));
          const work = workspace.take(25 * 8, 4, "test");
          kernels.median5(plane, rows, columns, stride, network, comparators, work, out);
        }
        assert.equal([...workspace.f32(out, rows * columns)], expected);
      }
  });

test("the network of the 5 x 5 median finds the middle wherever it stands", () => {
  // A network of comparators sorts everything if it sorts zeros and ones (Knuth, vol. 3, 5.3.4): here 12 or 13 ones of 25.
  const rows = 5;
  const columns = 5;
  const network = workspace.take(150, 4, "test");
  const comparators = kernels.medianNetwork(network);
  const work = workspace.take(25 * 8, 4, "test");
  const out = workspace.take(rows * columns + 8, 4, "test");
  const mark = workspace.mark;
  for (let seed = 1; seed <= 3000; seed++) {
    const order = [...noise(25, seed)].map((value, i) => [value, i]).sort(([a], [b]) => a - b);
    const values = new Float32Array(25);
    const ones = 12 + (seed % 2);
    for (const [, place] of order.slice(0, ones)) values[place] = 1;
    const { plane, stride } = toPlane(values, rows, columns);
    kernels.median5(plane, rows, columns, stride, network, comparators, work, out);
    assert.is(workspace.f32(out, 25)[12], ones === 13 ? 1 : 0);
    workspace.rewind(mark);
  }
});

test("the bilateral filter is the mean of near values weighted by Tukey's biweight", () => {
  const weights = noise(25, 5).map((value) => Math.abs(value) + 0.01);
  for (const [rows, columns] of SIZES)
    for (const width of [0.3, 1, 10]) {
      const values = noise(rows * columns, columns);
      const at = neighbour(values, rows, columns);
      const expected = each(rows, columns, (r, c) => {
        let [sum, total] = [0, 0];
        square(2).forEach(([down, right], k) => {
          const value = at(r + down, c + right);
          const near = Math.max(0, 1 - ((value - at(r, c)) / width) ** 2);
          sum += weights[k] * near ** 2 * value;
          total += weights[k] * near ** 2;
        });
        return sum / total;
      });
      const { plane, stride } = toPlane(values, rows, columns);
      const out = workspace.take(rows * columns + 8, 4, "test");
      kernels.bilateral(plane, rows, columns, stride, put(weights), 1 / width ** 2, out);
      workspace.f32(out, rows * columns).forEach((value, i) => {
        assert.ok(
          Math.abs(value - expected[i]) < 2e-6,
          `${rows} x ${columns}, ${i}: ${value} for ${expected[i]}`,
        );
      });
    }
});

/** Yu and Acton's equations as they stand (IEEE TIP 11:1260): q of eq. 31, c of eq. 33, update of eq. 61. */
function srad(image: ArrayLike<number>, rows: number, columns: number, q02: number, dt: number): number[] {
  const at = neighbour(image, rows, columns);
  const c = each(rows, columns, (r, k) => {
    const x = at(r, k);
    const differences = [at(r - 1, k), at(r + 1, k), at(r, k - 1), at(r, k + 1)].map((value) => value - x);
    const gradient2 = differences.reduce((sum, d) => sum + d * d, 0) / (x * x);
    const laplacian = differences.reduce((sum, d) => sum + d, 0) / x;
    const q2 = (gradient2 / 2 - laplacian ** 2 / 16) / (1 + laplacian / 4) ** 2;
    return Math.min(1, 1 / (1 + (q2 - q02) / (q02 * (1 + q02))));
  });
  const cAt = neighbour(c, rows, columns);
  return each(rows, columns, (r, k) => {
    const x = at(r, k);
    const divergence =
      cAt(r + 1, k) * (at(r + 1, k) - x) +
      cAt(r, k) * (at(r - 1, k) - x) +
      cAt(r, k + 1) * (at(r, k + 1) - x) +
      cAt(r, k) * (at(r, k - 1) - x);
    return x + (dt / 4) * divergence;
  });
}

test("SRAD follows its equations for several steps, to the edge", () => {
  for (const [rows, columns] of SIZES) {
    let expected = [...noise(rows * columns, rows + columns)].map((value) => Math.exp(2 * value));
    let from = toPlane(expected, rows, columns).plane;
    const { stride, plane } = takePlane(rows, columns);
    let to = plane;
    const work = workspace.take(2 * stride, 1, "test");
    // What a plan had there before it was updated.
    workspace.u8(work, 2 * stride).fill(0xff);
    for (const q02 of [0.27, 0.2, 0.1]) {
      kernels.sradStep(from, to, rows, columns, stride, q02, 0.125, work);
      expected = srad(expected, rows, columns, q02, 0.5);
      [from, to] = [to, from];
    }
    read(from, stride, rows, columns).forEach((value, i) => {
      assert.ok(
        Math.abs(value / expected[i] - 1) < 5e-6,
        `${rows} x ${columns}, ${i}: ${value} for ${expected[i]}`,
      );
    });
  }
});

test("SRAD smooths speckle and leaves an edge: what is flat stays flat, nothing leaves its range", () => {
  const [rows, columns] = [16, 32];
  // Half the picture ten times as bright, both with 10 % noise.
  const values = noise(rows * columns).map((value, i) => (i % columns < 16 ? 1 : 10) * (1 + 0.1 * value));
  const { plane, stride } = toPlane(values, rows, columns);
  const other = takePlane(rows, columns).plane;
  const work = workspace.take(2 * stride, 1, "test");
  for (let i = 0; i < 20; i++) {
    const q02 = 0.02 * 0.85 ** i;
    kernels.sradStep(i % 2 ? other : plane, i % 2 ? plane : other, rows, columns, stride, q02, 0.125, work);
  }
  const out = read(plane, stride, rows, columns);
  const spread = (from: number, level: number, numbers: ArrayLike<number>) =>
    Math.max(
      ...Array.from(numbers)
        .filter((_, i) => i % columns >= from && i % columns < from + 12)
        .map((value) => Math.abs(value / level - 1)),
    );
  assert.ok(spread(0, 1, out) < 0.4 * spread(0, 1, values), String(spread(0, 1, out)));
  assert.ok(spread(20, 10, out) < 0.4 * spread(20, 10, values), String(spread(20, 10, out)));
  const mean = (column: number) =>
    out.reduce((sum, value, i) => sum + (i % columns === column ? value / rows : 0), 0);
  assert.ok(mean(15) < 2 && mean(16) > 9, `${mean(15)}, ${mean(16)}`);
  assert.ok(Math.min(...out) >= Math.min(...values) && Math.max(...out) <= Math.max(...values));
});

test("an envelope fills its plane: magnitudes times a scale, bounded, NaN at the bottom", () => {
  for (const columns of [1, 2, 5, 8]) {
    const values = noise(2 * 3 * columns, columns);
    const { plane, stride } = takePlane(3, columns);
    kernels.envelope(put([...values, 0, 0]), 3, columns, 8 * columns, 0.5, plane, stride);
    read(plane, stride, 3, columns).forEach((value, i) => {
      const expected = 0.5 * Math.hypot(values[2 * i], values[2 * i + 1]);
      assert.ok(Math.abs(value / expected - 1) < 1e-6, `${columns} columns, ${i}`);
    });
    // The margins repeat the border.
    assert.is(workspace.f32(plane - 4, 1)[0], workspace.f32(plane, 1)[0]);
    assert.is(workspace.f32(plane + 4 * columns, 1)[0], workspace.f32(plane + 4 * columns - 4, 1)[0]);
    assert.is(workspace.f32(plane - 2 * stride, 1)[0], workspace.f32(plane, 1)[0]);
    assert.is(workspace.f32(plane + 4 * stride, 1)[0], workspace.f32(plane + 2 * stride, 1)[0]);
  }
  const { plane, stride } = takePlane(1, 4);
  kernels.envelope(put([0, 0, Number.NaN, 1, Number.POSITIVE_INFINITY, 0, 3, 4]), 1, 4, 32, 1, plane, stride);
  assert.equal(read(plane, stride, 1, 4), [1e-9, 1e-9, 1e9, 5].map(Math.fround));
});

test("levels become amplitudes and levels again", () => {
  const [rows, columns] = [3, 40];
  const levels = noise(rows * columns).map((value, i) => 100 * value * (i % 3));
  const { plane, stride } = takePlane(rows, columns);
  kernels.expand(put(levels), rows, columns, plane, stride);
  read(plane, stride, rows, columns).forEach((value, i) => {
    const expected = 10 ** (Math.max(-180, Math.min(180, levels[i])) / 20);
    // 2^x for |x| <= 33 with x rounded to float32 first: 2e-6 of it by the exponent's own rounding.
    assert.ok(Math.abs(value / expected - 1) < 4e-6 || Math.abs(levels[i]) > 180, `${levels[i]}: ${value}`);
  });
  const out = workspace.take(rows * columns + 4, 4, "test");
  const gains = noise(columns + 4, 3);
  for (const [rowStep, columnStep] of [
    [4, 0],
    [0, 4],
  ]) {
    kernels.planeDecibels(plane, rows, columns, stride, -5, -60, put(gains), rowStep, columnStep, out);
    workspace.f32(out, rows * columns).forEach((level, i) => {
      const gain = gains[rowStep ? Math.floor(i / columns) : i % columns];
      const expected = Math.min(0, Math.max(-60, levels[i] - 5 + gain));
      assert.ok(Math.abs(level - expected) < 5e-5, `${i}: ${level} for ${expected}`);
    });
  }
});

test.run();
