/** Compression, scan conversion and grey maps against their definitions. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { kernels, noise, put, workspace } from "./kernels.ts";

test("decibels are 20 log10 |z| with gain and range, for widths that fill no vector", () => {
  for (const columns of [1, 2, 3, 4, 7]) {
    const rows = 3;
    const values = noise(2 * rows * columns);
    const tgc = noise(rows + 4, 9);
    const out = workspace.take(rows * columns, 4, "test");
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

/** Scan-converts values[line][sample] onto a grid through the core. */
function convert(
  lines: Line[],
  samples: number,
  values: Float32Array,
  grid: { x: number[]; z: number[] },
  outside: number,
): Float32Array {
  const table64 = workspace.take(6 * lines.length, 8, "test");
  workspace
    .f64(table64, 6 * lines.length)
    .set(lines.flatMap(({ x0, z0, angle, r0, dr }) => [x0, z0, Math.sin(angle), Math.cos(angle), r0, dr]));
  const pixels = grid.x.length * grid.z.length;
  const table = workspace.take(5 * pixels, 4, "test");
  const step = (axis: number[]) => (axis.length > 1 ? axis[1] - axis[0] : 0);
  kernels.scanTable(
    table64,
    lines.length,
    samples,
    1,
    samples,
    grid.x[0],
    step(grid.x),
    grid.x.length,
    grid.z[0],
    step(grid.z),
    grid.z.length,
    table,
  );
  const out = workspace.take(pixels, 4, "test");
  kernels.scanConvert(table, pixels, put(values), 1, out, outside);
  return workspace.f32(out, pixels).slice();
}

const range = (min: number, max: number, count: number) =>
  Array.from({ length: count }, (_, i) => min + (i * (max - min)) / (count - 1));

test("a fan is bilinear in angle and range", () => {
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
  const ours = convert(lines, samples, values, grid, 7);
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

test("levels are truncated, and pixels outside are transparent", () => {
  const palette = workspace.take(256, 4, "test");
  const bytes = workspace.u8(palette, 1024);
  for (let i = 0; i < 256; i++) bytes.set([i, i, i, 255], 4 * i);
  const out = workspace.take(6, 4, "test");
  kernels.paint(put([0, -50, -25, -49.9, -0.1]), 5, 50, palette, 0, out);
  assert.equal(
    [...workspace.u8(out, 20)].filter((_, i) => i % 4 === 0),
    [255, 0, 127, 0, 254],
  );
  const table = workspace.take(5, 4, "test");
  workspace.i32(table, 5).fill(-1);
  kernels.paint(put([0]), 1, 50, palette, table, out);
  assert.equal([...workspace.u8(out, 4)], [0, 0, 0, 0]);
});

test.run();
