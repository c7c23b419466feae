/** Ingestion, mean, FIR, demodulation and spectral filters against their definitions in float64. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { makeFftTable, putResponse } from "../../host/engine/fft-tables.ts";
import { bandPassTaps, butterworth5, spectralResponse } from "../../host/engine/filters.ts";
import { maxRelative } from "../golden/compare.ts";
import { kernels, noise, put, workspace } from "./kernels.ts";

const TYPES = [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Float32Array];

test("samples of every type become the same float32 numbers, in rows of any length, and nothing behind a row is touched", () => {
  TYPES.forEach((Type, code) => {
    for (const samples of [1, 3, 4, 8, 21]) {
      const values = Type.from(Array.from({ length: 2 * samples }, (_, i) => (37 * i) % 128));
      const source = workspace.take(2 * samples, 4, "test");
      workspace.u8(source, values.byteLength).set(new Uint8Array(values.buffer));
      // One number more than a row has: its guard.
      const stride = 2 * samples + 1;
      const out = workspace.take(2 * stride, 4, "test");
      const real = workspace.f32(out, 2 * stride).fill(-9);
      kernels.ingestReal(code, source, 2, samples, out, 4 * stride);
      const expected = Array.from({ length: 2 * stride }, (_, k) => {
        const [row, at] = [Math.floor(k / stride), k % stride];
        if (at === 2 * samples) return -9;
        return at % 2 ? 0 : values[row * samples + at / 2];
      });
      assert.equal([...real], expected, `${Type.name} ${samples}`);
      const complex = workspace.f32(out, 2 * stride).fill(-9);
      kernels.ingestComplex(code, source, 1, samples, out, 4 * stride);
      assert.equal([...complex.subarray(0, stride)], [...values, -9], `${Type.name} ${samples}`);
    }
  });
});

test("NaN and the infinities become zero, what is absurdly large is clamped, wherever in a row", () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30, -1e30, -0];
  const values = [...odd, ...odd, ...odd];
  const source = put(values);
  const out = workspace.take(18, 4, "test");
  kernels.ingestComplex(5, source, 1, 9, out, 72);
  const made = [0, 0, 0, 1e14, -1e14, -0].map(Math.fround);
  [...workspace.f32(out, 18)].forEach((value, i) => {
    assert.ok(Object.is(value, made[i % 6]), `${values[i]} became ${value}`);
  });
});

test("the mean of a row is taken from it", () => {
  const rows = put([1, 10, 2, 20, 6, 60, 0, 0]);
  kernels.removeMean(rows, 32, 1, 3);
  assert.equal([...workspace.f32(rows, 6)], [-2, -20, -1, -10, 3, 30]);
});

test("the band-pass filter is the convolution of real rows with its taps, delay removed, for any row length", () => {
  for (const samples of [9, 64, 101]) {
    const taps = bandPassTaps(0.1, 0.3, 65, kernels);
    const input = noise(2 * samples);
    const rows = put(Array.from({ length: 4 * samples }, (_, i) => (i % 2 ? 7 : input[i >> 1])));
    const work = workspace.take(samples + 65 + 96, 4, "test");
    kernels.filterFir(rows, 8 * samples, 2, samples, put(taps), 65, work);
    const twin = new Float64Array(4 * samples);
    for (let r = 0; r < 2; r++)
      for (let i = 0; i < samples; i++)
        for (let k = 0; k < 65; k++) {
          const at = i + 32 - k;
          if (at >= 0 && at < samples) twin[2 * (r * samples + i)] += taps[k] * input[r * samples + at];
        }
    assert.ok(maxRelative(workspace.f32(rows, 4 * samples), twin, true) < 1e-6);
  }
});

test("the band-pass filter passes its middle and stops what lies outside", () => {
  const taps = bandPassTaps(0.1, 0.3, 65, kernels);
  const gain = (nu: number) =>
    taps.reduce((sum, tap, i) => sum + tap * Math.cos(2 * Math.PI * nu * (i - 32)), 0);
  assert.ok(Math.abs(gain(0.2) - 1) < 1e-3);
  assert.ok(Math.abs(gain(0.02)) < 0.01 && Math.abs(gain(0.4)) < 0.01);
});

test("the demodulator's Butterworth filter is the textbook's: |H| = 1 / sqrt(1 + (tan(w / 2) / tan(wn / 2))^10)", () => {
  const wn = 0.3;
  const { b, a } = butterworth5(wn, kernels);
  for (const w of [0.05, 0.2, 0.3, 0.5, 0.9]) {
    const at = (c: number[]) => {
      const re = c.reduce((sum, value, k) => sum + value * Math.cos(Math.PI * w * k), 0);
      const im = c.reduce((sum, value, k) => sum - value * Math.sin(Math.PI * w * k), 0);
      return Math.hypot(re, im);
    };
    const expected = 1 / Math.sqrt(1 + (Math.tan((Math.PI * w) / 2) / Math.tan((Math.PI * wn) / 2)) ** 10);
    assert.ok(Math.abs(at(b) / at(a) - expected) < 1e-9, `${w}`);
  }
});

test("demodulation brings a tone to its baseband, and decimation keeps every n-th sample", () => {
  const samples = 200;
  const tone = (i: number) => Math.cos(2 * Math.PI * (0.21 * i + 0.1));
  const run = (decimation: number) => {
    const rows = put(Array.from({ length: 2 * samples }, (_, i) => (i % 2 ? 0 : tone(i / 2))));
    const { b, a, z } = butterworth5(0.2, kernels);
    const coefficients = workspace.take(17, 8, "test");
    workspace.f64(coefficients, 17).set([...b, ...a, ...z]);
    const work = workspace.take(6 * samples + 8 * 18, 8, "test");
    kernels.demodulate(rows, 8 * samples, 1, samples, 0, 0.2, coefficients, 18, decimation, work);
    return workspace.f32(rows, 2 * samples).slice();
  };
  const full = run(1);
  for (let i = 60; i < 140; i++) {
    const phase = 2 * Math.PI * (0.01 * i + 0.1);
    assert.ok(
      Math.hypot(full[2 * i] - Math.cos(phase), full[2 * i + 1] - Math.sin(phase)) < 2e-3,
      `sample ${i}`,
    );
  }
  const third = run(3);
  for (let i = 0; i < 67; i++) assert.equal([third[2 * i], third[2 * i + 1]], [full[6 * i], full[6 * i + 1]]);
  assert.ok(third.subarray(2 * 67).every((value) => value === 0));
});

/** rf2iq as it is written down: mixer, filter forward and backward over the oddly reflected row, float64. */
function demodulated(row: ArrayLike<number>, start: number, step: number, padding: number): Float64Array {
  const { b, a, z } = butterworth5(0.3, kernels);
  const n = row.length;
  const out = new Float64Array(2 * n);
  for (const part of [0, 1]) {
    const mixed = Array.from(row, (x, i) => {
      const angle = -2 * Math.PI * (start + i * step);
      return 2 * x * (part ? Math.sin(angle) : Math.cos(angle));
    });
    let signal = [
      ...Array.from({ length: padding }, (_, i) => 2 * mixed[0] - mixed[padding - i]),
      ...mixed,
      ...Array.from({ length: padding }, (_, i) => 2 * mixed[n - 1] - mixed[n - 2 - i]),
    ];
    for (let pass = 0; pass < 2; pass++) {
      const state = [...z.map((value) => value * signal[0]), 0];
      signal = signal
        .map((x) => {
          const y = b[0] * x + state[0];
          for (let k = 0; k < 5; k++) state[k] = b[k + 1] * x - a[k + 1] * y + state[k + 1];
          return y;
        })
        .reverse();
    }
    for (let i = 0; i < n; i++) out[2 * i + part] = signal[padding + i];
  }
  return out;
}

for (const count of [1, 2, 3])
  test(`demodulation of ${count} rows is mixer and zero-phase Butterworth, row by row`, () => {
    const samples = 50;
    const input = noise(count * samples, 3);
    const rows = put(Array.from({ length: 2 * input.length }, (_, i) => (i % 2 ? 0 : input[i >> 1])));
    const { b, a, z } = butterworth5(0.3, kernels);
    const coefficients = workspace.take(17, 8, "test");
    workspace.f64(coefficients, 17).set([...b, ...a, ...z]);
    const work = workspace.take(6 * samples + 8 * 18, 8, "test");
    kernels.demodulate(rows, 8 * samples, count, samples, 0.4, 0.23, coefficients, 18, 1, work);
    const twin = new Float64Array(2 * input.length);
    for (let r = 0; r < count; r++)
      twin.set(demodulated(input.subarray(r * samples, (r + 1) * samples), 0.4, 0.23, 18), 2 * r * samples);
    assert.ok(maxRelative(workspace.f32(rows, twin.length), twin, true) < 1e-6);
  });

for (const n of [48, 60, 101])
  test(`the analytic signal of ${n} samples has the input as real part and no negative frequencies`, () => {
    const rowsCount = 5;
    const input = noise(rowsCount * n);
    const rows = put(Array.from({ length: 2 * rowsCount * n }, (_, i) => (i % 2 ? 0 : input[i >> 1])));
    const table = makeFftTable(workspace, n);
    const response = putResponse(workspace, table, () =>
      spectralResponse(n, { analytic: true, sampleRateHz: 1, carrierHz: 0, upSampling: 1 }, kernels),
    );
    const data = workspace.take(table.bytes, 1, "test");
    const work = workspace.take(table.workBytes, 1, "test");
    kernels.filterRows(
      rows,
      8 * n,
      n,
      rows,
      8 * n,
      n,
      rowsCount,
      response,
      table.descriptor,
      table.descriptor,
      data,
      work,
    );
    const out = workspace.f32(rows, 2 * rowsCount * n);
    for (let r = 0; r < rowsCount; r++) {
      for (let i = 0; i < n; i++) assert.ok(Math.abs(out[2 * (r * n + i)] - input[r * n + i]) < 2e-6);
      for (let k = Math.floor(n / 2) + 1; k < n; k++) {
        let [re, im] = [0, 0];
        for (let i = 0; i < n; i++) {
          const angle = (-2 * Math.PI * ((k * i) % n)) / n;
          re += out[2 * (r * n + i)] * Math.cos(angle) - out[2 * (r * n + i) + 1] * Math.sin(angle);
          im += out[2 * (r * n + i)] * Math.sin(angle) + out[2 * (r * n + i) + 1] * Math.cos(angle);
        }
        assert.ok(Math.hypot(re, im) < 1e-4, `row ${r}, bin ${k}`);
      }
    }
  });

for (const n of [40, 48])
  test(`up-sampling ${n} samples keeps every one and adds band-limited ones between`, () => {
    const signal = (t: number) =>
      Math.cos((2 * Math.PI * 3 * t) / n + 0.3) + 0.5 * Math.cos((2 * Math.PI * 11 * t) / n + 1);
    const rows = put(Array.from({ length: 2 * n }, (_, i) => (i % 2 ? 0 : signal(i / 2))));
    const out = workspace.take(2 * 3 * n, 4, "test");
    const short = makeFftTable(workspace, n);
    const long = makeFftTable(workspace, 3 * n, short.rowsTogether);
    const response = putResponse(workspace, short, () =>
      spectralResponse(n, { analytic: false, sampleRateHz: 1, carrierHz: 0, upSampling: 3 }, kernels),
    );
    const data = workspace.take(long.bytes, 1, "test");
    const work = workspace.take(Math.max(short.workBytes, long.workBytes), 1, "test");
    kernels.filterRows(
      rows,
      8 * n,
      n,
      out,
      8 * 3 * n,
      3 * n,
      1,
      response,
      short.descriptor,
      long.descriptor,
      data,
      work,
    );
    const result = workspace.f32(out, 2 * 3 * n);
    for (let i = 0; i < 3 * n; i++) assert.ok(Math.abs(result[2 * i] - signal(i / 3)) < 2e-6, `sample ${i}`);
  });

test.run();
