/** Compression, scan conversion and grey maps against their definitions. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { kernels, noise, put, workspace } from "./kernels.ts";

test("decibels are 20 log10 |z| with gain and range, for widths that fill no vector", () => {
  for (const columns of [1, 2, 3, 4, 7]) {
    const rows = 3;
    const values = noise(2 * rows * columns);
    const tgc = noise(rows + 4, 9);
    const out = workspace.take(rows * columns + 3, 4, "test");
    kernels.decibels(
      put([...values, 0, 0, 0, 0, 0, 0, 0, 0]),
      rows,
      columns,
      8 * columns,
      -3,
      -40,
      put(tgc),
      4,
      0,
      out,
    );
    workspace.f32(out, rows * columns).forEach((level, i) => {
      const magnitude = Math.hypot(values[2 * i], values[2 * i + 1]);
      const expected = Math.min(
        0,
        Math.max(-40, 20 * Math.log10(magnitude) - 3 + tgc[Math.floor(i / columns)]),
      );
      assert.ok(
        Math.abs(level - expected) < 2e-5,
        `${columns} columns, value ${i}: ${level} for ${expected}`,
      );
    });
  }
});

test("zero, NaN and infinity become black or white, never anything else", () => {
  const out = workspace.take(4, 4, "test");
  kernels.decibels(
    put([0, 0, Number.NaN, 1, Number.POSITIVE_INFINITY, 0, 1e-30, 0]),
    1,
    4,
    32,
    0,
    -50,
    put(new Float32Array(8)),
    4,
    0,
    out,
  );
  assert.equal([...workspace.f32(out, 4)], [-50, -50, 0, -50]);
});

interface Line {
  x0: number;
  z0: number;
  angle: number;
  r0: number;
  dr: number;
}

/** Scan-converts values[line][sample], or [sample][line] when turned, onto a grid through the core. */
function convert(
  lines: Line[],
  samples: number,
  values: Float32Array,
  grid: { x: number[]; z: number[] },
  outside: number,
  turned = false,
): Float32Array {
  const table64 = workspace.take(6 * lines.length, 8, "test");
  workspace
    .f64(table64, 6 * lines.length)
    .set(lines.flatMap(({ x0, z0, angle, r0, dr }) => [x0, z0, Math.sin(angle), Math.cos(angle), r0, dr]));
  const pixels = grid.x.length * grid.z.length;
  const groups = Math.ceil(pixels / 4);
  const table = workspace.take(16 * groups, 4, "test");
  const step = (axis: number[]) => (axis.length > 1 ? axis[1] - axis[0] : 0);
  const at = workspace.take(values.length + 2, 4, "test");
  workspace.f32(at, values.length + 2).set([...values, outside, outside]);
  const runs = workspace.take(groups + 2, 4, "test");
  const runCount = kernels.scanTable(
    table64,
    lines.length,
    samples,
    turned ? lines.length : 1,
    turned ? 1 : samples,
    at,
    at + 4 * values.length,
    grid.x[0],
    step(grid.x),
    grid.x.length,
    grid.z[0],
    step(grid.z),
    grid.z.length,
    table,
    runs,
  );
  const out = workspace.take(4 * groups, 4, "test");
  kernels.scanConvert(table, runs, runCount, at + 4 * values.length, out);
  return workspace.f32(out, pixels).slice();
}

const range = (min: number, max: number, count: number) =>
  Array.from({ length: count }, (_, i) => min + (i * (max - min)) / (count - 1));

for (const turned of [false, true])
  test(`a fan is bilinear in angle and range, its ${turned ? "lines" : "samples"} side by side in memory`, () => {
    const lines = Array.from({ length: 9 }, (_, i) => ({
      x0: 0.01,
      z0: -0.02,
      angle: -0.4 + 0.1 * i,
      r0: 0.03,
      dr: 0.001,
    }));
    const samples = 50;
    const values = noise(9 * samples);
    const grid = { x: range(-0.02, 0.04, 41), z: range(0, 0.06, 37) };
    const stored = turned ? values.map((_, i) => values[(i % 9) * samples + Math.floor(i / 9)]) : values;
    const ours = convert(lines, samples, stored, grid, 7, turned);
    let compared = 0;
    grid.z.forEach((z, k) => {
      grid.x.forEach((x, i) => {
        const angle = (Math.atan2(x - 0.01, z + 0.02) + 0.4) / 0.1;
        const at = (Math.hypot(x - 0.01, z + 0.02) - 0.03) / 0.001;
        const value = ours[k * 41 + i];
        const margin = 1e-4;
        if (angle < -margin || angle > 8 + margin || at < -margin || at > samples - 1 + margin) {
          assert.is(value, 7);
          return;
        }
        if (angle < margin || angle > 8 - margin || at < margin || at > samples - 1 - margin) return;
        const [a, s] = [Math.floor(angle), Math.floor(at)];
        const [fa, fs] = [angle - a, at - s];
        const v = (l: number, j: number) => values[l * samples + j];
        const expected =
          (1 - fa) * ((1 - fs) * v(a, s) + fs * v(a, s + 1)) +
          fa * ((1 - fs) * v(a + 1, s) + fs * v(a + 1, s + 1));
        assert.ok(Math.abs(value - expected) < 2e-5, `${x}, ${z}: ${value} for ${expected}`);
        compared++;
      });
    });
    assert.ok(compared > 300, String(compared));
  });

test("parallel lines are bilinear in x and z, also when each starts at its own depth", () => {
  const lines = Array.from({ length: 6 }, (_, i) => ({
    x0: 0.002 * i,
    z0: 0,
    angle: 0,
    r0: 0.001 * i,
    dr: 0.0005,
  }));
  const samples = 30;
  // A plane: any bilinear rule reproduces it exactly.
  const values = Float32Array.from({ length: 6 * samples }, (_, i) => {
    const line = Math.floor(i / samples);
    return 100 * lines[line].x0 + 300 * (lines[line].r0 + (i % samples) * 0.0005);
  });
  const grid = { x: range(0.0005, 0.0095, 10), z: range(0.006, 0.013, 8) };
  convert(lines, samples, values, grid, 0).forEach((value, i) => {
    const expected = 100 * grid.x[i % 10] + 300 * grid.z[Math.floor(i / 10)];
    assert.ok(Math.abs(value - expected) < 1e-5, `pixel ${i}: ${value} for ${expected}`);
  });
});

test("nothing behind the array is drawn: the far side of a fan's apex stays empty", () => {
  const lines = Array.from({ length: 5 }, (_, i) => ({
    x0: 0,
    z0: 0,
    angle: -0.2 + 0.1 * i,
    r0: 0,
    dr: 0.001,
  }));
  const ours = convert(
    lines,
    20,
    new Float32Array(100).fill(1),
    { x: [-0.001, 0, 0.001], z: [-0.01, -0.005] },
    0,
  );
  assert.ok(ours.every((value) => value === 0));
});

test("a whole turn of lines is a full disc, horizontal and upward lines among them", () => {
  const count = 37;
  const lines = Array.from({ length: count }, (_, i) => ({
    x0: 0,
    z0: 0,
    angle: -Math.PI + (i * 2 * Math.PI) / (count - 1),
    r0: 0.002,
    dr: 0.001,
  }));
  const values = Float32Array.from({ length: count * 20 }, (_, i) => 0.002 + 0.001 * (i % 20));
  const axis = range(-0.022, 0.022, 45);
  convert(lines, 20, values, { x: axis, z: axis }, -1).forEach((value, i) => {
    const distance = Math.hypot(axis[i % 45], axis[Math.floor(i / 45)]);
    const inside = distance > 0.002 + 1e-8 && distance < 0.021 - 1e-8;
    if (inside) assert.ok(Math.abs(value - distance) < 1e-6, `pixel ${i}: ${value} for ${distance}`);
    else if (distance < 0.002 - 1e-8 || distance > 0.021 + 1e-8) assert.is(value, -1);
  });
});

test("where a swinging line sweeps a place twice, the first sweep is shown", () => {
  const lines = [0, 0.2, 0].map((angle) => ({ x0: 0, z0: 0, angle, r0: 0.01, dr: 0.001 }));
  const values = Float32Array.from({ length: 30 }, (_, i) => (i < 20 ? 1 : 5));
  const [value] = convert(lines, 10, values, { x: [0.0015], z: [0.015] }, 0);
  assert.is(value, 1);
});

test("the largest magnitude is found for widths that fill no vector, beside numbers that are none", () => {
  for (const columns of [1, 2, 3, 7, 8, 9, 17]) {
    const values = noise(2 * 3 * columns, columns);
    const expected = Math.max(
      ...Array.from({ length: 3 * columns }, (_, i) => Math.hypot(values[2 * i], values[2 * i + 1])),
    );
    const peak = (numbers: ArrayLike<number>) => kernels.peakMagnitude(put(numbers), 3, columns, 8 * columns);
    assert.ok(Math.abs(peak(values) - expected) < 1e-6, `${columns} columns`);
    const holed = values.map((value) => (Math.abs(value) === Math.abs(values[0]) ? Number.NaN : value));
    assert.ok(peak(holed) <= expected + 1e-6 && peak(holed) >= 0);
  }
});

/** A palette of greys behind a colour for the outside. */
function greys(): number {
  const palette = workspace.take(257, 4, "test");
  const bytes = workspace.u8(palette, 4 * 257);
  bytes.set([9, 8, 7, 0]);
  for (let i = 0; i < 256; i++) bytes.set([i, i, i, 255], 4 * (i + 1));
  return palette;
}

test("levels are truncated, and below the range lies the colour of the outside", () => {
  const out = workspace.take(8, 4, "test");
  kernels.paint(put([0, -50, -25, -49.9, -0.1, -1e6, 0, 0]), 2, 50, greys(), out);
  assert.equal(
    [...workspace.u8(out, 24)].filter((_, i) => i % 4 === 0),
    [255, 0, 127, 0, 254, 9],
  );
  assert.equal([...workspace.u8(out + 20, 4)], [9, 8, 7, 0]);
});

test("a picture painted through the table is the converted levels painted", () => {
  const lines = range(-0.3, 0.3, 7).map((angle) => ({ x0: 0, z0: 0, angle, r0: 0.01, dr: 0.001 }));
  const levels = noise(7 * 20).map((value) => 25 * (value - 1));
  const grid = { x: range(-0.01, 0.01, 13), z: range(0.005, 0.03, 11) };
  const converted = convert(lines, 20, levels, grid, -1e6);
  const table = workspace.take(16 * 36, 4, "test");
  const table64 = workspace.take(42, 8, "test");
  workspace
    .f64(table64, 42)
    .set(lines.flatMap(({ angle }) => [0, 0, Math.sin(angle), Math.cos(angle), 0.01, 0.001]));
  const at = put([...levels, -1e6, -1e6]);
  const [dx, dz] = [grid.x[1] - grid.x[0], grid.z[1] - grid.z[0]];
  const runs = workspace.take(38, 4, "test");
  const runCount = kernels.scanTable(
    table64,
    7,
    20,
    1,
    20,
    at,
    at + 4 * 140,
    grid.x[0],
    dx,
    13,
    grid.z[0],
    dz,
    11,
    table,
    runs,
  );
  const [through, direct] = [workspace.take(144, 4, "test"), workspace.take(144, 4, "test")];
  kernels.paintConverted(table, runs, runCount, 50, greys(), through);
  kernels.paint(put([...converted, 0]), 36, 50, greys(), direct);
  const pixels = workspace.u8(through, 4 * 143);
  assert.equal([...pixels], [...workspace.u8(direct, 4 * 143)]);
  const shown = converted.filter((value) => value > -1e6).length;
  assert.is(pixels.filter((value, i) => i % 4 === 3 && value === 255).length, shown);
  assert.ok(shown > 20 && shown < 120, String(shown));
});

test("a blend moves each level its share towards the other, for widths that fill no vector", () => {
  const { fround } = Math;
  for (const columns of [1, 3, 4, 9, 16]) {
    const rows = 3;
    const stride = 4 * (columns + 5);
    const levels = noise(rows * columns, 3);
    const towards = noise(rows * (columns + 5), 4);
    const at = put([...levels, 77]);
    kernels.blend(at, rows, columns, put(towards), stride, 0.3);
    const expected = Array.from(levels, (x, i) => {
      const p = towards[Math.floor(i / columns) * (columns + 5) + (i % columns)];
      return fround(x + fround(fround(0.3) * fround(p - x)));
    });
    assert.equal([...workspace.f32(at, rows * columns + 1)], [...expected, 77], `${columns} columns`);
  }
});

test.run();
