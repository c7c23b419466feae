/** Tiles of ensembles, clutter filters, autocorrelation and smoothing, kernel by kernel. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cosineVectors, polynomialVectors } from "../../host/engine/clutter-vectors.ts";
import { eigenHermitian } from "../../host/engine/hermitian.ts";
import { readCases } from "../golden/cases.ts";
import { maxRelative, readNpy, relativeL2 } from "../golden/compare.ts";
import { filterTwin } from "../host/engine/flow-twin.ts";
import { sharedData } from "../shared.ts";
import { kernels, noise, put, workspace } from "./kernels.ts";

const TILE = 128;

/** A tile of noise, and each of its pixels' ensembles. */
function noisyTile(frames: number, seed = 3) {
  const values = noise(frames * TILE, seed);
  const pixels = Array.from({ length: 64 }, (_, p) =>
    Float64Array.from({ length: 2 * frames }, (_, i) => values[(i >> 1) * TILE + 64 * (i & 1) + p]),
  );
  return { tile: put(values), values, pixels };
}

test("a tile takes every frame's pixels in order, without what pads their rows", () => {
  const [rows, blocksPerRow, lastPixels, frames] = [9, 2, 3, 2];
  const blocks = rows * blocksPerRow;
  const values = noise(frames * blocks * 8);
  const images = put(values);
  const tile = put(new Float32Array(frames * TILE).fill(9));
  for (const block0 of [0, 16]) {
    kernels.takeTile(images, blocks * 32, frames, block0, blocks, blocksPerRow, lastPixels, tile);
    const taken = workspace.f32(tile, frames * TILE);
    for (let f = 0; f < frames; f++)
      for (let p = 0; p < 64; p++) {
        const pixel = 4 * block0 + p;
        const padding = pixel >= 4 * blocks || pixel % 8 > 4 + lastPixels - 1;
        for (const part of [0, 1])
          assert.is(
            taken[f * TILE + 64 * part + p],
            padding ? 0 : values[f * blocks * 8 + 2 * pixel + part],
            `frame ${f}, pixel ${pixel}`,
          );
      }
  }
});

test("the sum of x x^H over a tile, added to what is there", () => {
  const frames = 6;
  const { tile, pixels } = noisyTile(frames);
  const gram = workspace.take(2 * frames * frames, 8, "test");
  workspace.f64(gram, 2 * frames * frames).fill(1);
  kernels.addGram(tile, frames, gram);
  const sums = workspace.f64(gram, 2 * frames * frames);
  for (let i = 0; i < frames; i++)
    for (let j = i; j < frames; j++) {
      let [re, im] = [1, 1];
      for (const x of pixels) {
        re += x[2 * i] * x[2 * j] + x[2 * i + 1] * x[2 * j + 1];
        im += x[2 * i + 1] * x[2 * j] - x[2 * i] * x[2 * j + 1];
      }
      const at = 2 * (i * frames + j);
      assert.ok(Math.abs(sums[at] - re) < 1e-5 && Math.abs(sums[at + 1] - im) < 1e-5, `${i}, ${j}`);
    }
});

test("eigenvalues and eigenvectors of Hermitian matrices of any size", () => {
  for (const n of [1, 2, 3, 8, 17, 40]) {
    const random = noise(2 * n * n, n);
    const a = new Float64Array(2 * n * n);
    for (let i = 0; i < n; i++)
      for (let j = i; j < n; j++) {
        a[2 * (i * n + j)] = a[2 * (j * n + i)] = random[2 * (i * n + j)];
        a[2 * (i * n + j) + 1] = i === j ? 0 : random[2 * (i * n + j) + 1];
        a[2 * (j * n + i) + 1] = -a[2 * (i * n + j) + 1];
      }
    const { values, vectors } = eigenHermitian(a, n);
    for (let k = 0; k < n; k++) {
      assert.ok(k === 0 || values[k] <= values[k - 1]);
      for (let i = 0; i < n; i++) {
        let [re, im] = [-values[k] * vectors[2 * (k * n + i)], -values[k] * vectors[2 * (k * n + i) + 1]];
        let [dotRe, dotIm] = [i === k ? -1 : 0, 0];
        for (let j = 0; j < n; j++) {
          const [ar, ai] = [a[2 * (i * n + j)], a[2 * (i * n + j) + 1]];
          const [vr, vi] = [vectors[2 * (k * n + j)], vectors[2 * (k * n + j) + 1]];
          const [ur, ui] = [vectors[2 * (i * n + j)], vectors[2 * (i * n + j) + 1]];
          re += ar * vr - ai * vi;
          im += ar * vi + ai * vr;
          dotRe += ur * vr + ui * vi;
          dotIm += ur * vi - ui * vr;
        }
        assert.ok(Math.hypot(re, im) < 1e-13 * n, `A v = lambda v, size ${n}`);
        assert.ok(Math.hypot(dotRe, dotIm) < 1e-13 * n, `orthonormal, size ${n}`);
      }
    }
  }
});

/** Puts real vectors into core memory as complex ones. */
const putReal = (vectors: readonly Float64Array[]) =>
  put(vectors.flatMap((vector) => [...vector].flatMap((value) => [value, 0])));

test("removing polynomials and cosines leaves what is orthogonal to them", () => {
  for (const frames of [2, 9, 16]) {
    const both = [
      [{ method: "polynomial", order: frames > 4 ? 3 : 0 }, polynomialVectors(frames, frames > 4 ? 3 : 0)],
      [{ method: "dct", order: 1 }, cosineVectors(frames, 1, kernels)],
    ] as const;
    for (const [clutter, vectors] of both) {
      const { tile, pixels } = noisyTile(frames, frames);
      kernels.removeVectors(tile, frames, putReal(vectors), vectors.length);
      const left = workspace.f32(tile, frames * TILE);
      filterTwin(pixels, clutter).forEach((y, p) => {
        const ours = y.map((_, i) => left[(i >> 1) * TILE + 64 * (i & 1) + p]);
        assert.ok(maxRelative(ours, y, true) < 1e-5, `${clutter.method}, ${frames} frames`);
      });
    }
  }
});

test("angles are right to 5e-8 turns all around, and (0, 0) points along x", () => {
  const count = 4000;
  const angle = (i: number) => (2 * Math.PI * (i + 0.25)) / count - Math.PI;
  const at = (f: (i: number) => number) => put(Array.from({ length: count }, (_, i) => f(i)));
  // Lengths from 1e-12 to 1e12.
  const long = (i: number) => 10 ** ((i % 25) - 12);
  const [x, y] = [at((i) => long(i) * Math.cos(angle(i))), at((i) => long(i) * Math.sin(angle(i)))];
  const [xs, ys] = [workspace.f32(x, count).slice(), workspace.f32(y, count).slice()];
  kernels.velocities(
    x,
    y,
    at(() => 1),
    count,
    0.5,
    1,
  );
  workspace.f32(x, count).forEach((turns, i) => {
    const error = Math.abs(turns - Math.atan2(ys[i], xs[i]) / (2 * Math.PI));
    assert.ok(error < 5e-8, `${xs[i]}, ${ys[i]}: ${error}`);
  });
  const zero = put([0, -0, 0, 0]);
  kernels.velocities(zero, put([0, 0, 0, 0]), put([0, 0, 0, 0]), 4, 0.5, 1);
  assert.ok(workspace.f32(zero, 4).every((value) => value === 0));
});

test("smoothing mirrors edges, along rows and columns", () => {
  const [rows, columns, stride] = [5, 6, 8];
  const plane = put(noise(rows * stride));
  const before = workspace.f32(plane, rows * stride).slice();
  const weights = [0.1, 0.2, 0.4, 0.2, 0.1];
  const work = workspace.take(100, 4, "test");
  const mirrored = (i: number, n: number) => (i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i);
  const compare = (expected: (r: number, c: number) => number) => {
    const after = workspace.f32(plane, rows * stride);
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < columns; c++)
        assert.ok(Math.abs(after[r * stride + c] - expected(r, c)) < 1e-6, `row ${r}, column ${c}`);
  };
  const alongRows = (r: number, c: number) =>
    weights.reduce((sum, w, k) => sum + w * before[r * stride + mirrored(c + k - 2, columns)], 0);
  kernels.smoothRows(plane, rows, columns, 4 * stride, put(weights), 5, work);
  compare(alongRows);
  kernels.smoothColumns(plane, rows, columns, 4 * stride, put(weights), 5, work);
  compare((r, c) => weights.reduce((sum, w, k) => sum + w * alongRows(mirrored(r + k - 2, rows), c), 0));
});

if (sharedData) {
  const data = sharedData;
  const frames = 32;
  const ensemble = readNpy(`${data}golden/pwi_ens64.npy`).values;
  /** All tiles of the golden ensemble in turn. */
  const eachTile = (visit: (tile: number, pixel: number) => void) => {
    const tile = workspace.take(frames * TILE, 4, "test");
    for (let pixel = 0; pixel < 64 * 64; pixel += 64) {
      const values = workspace.f32(tile, frames * TILE);
      for (let i = 0; i < values.length; i++) {
        const [frame, part, p] = [Math.floor(i / TILE), (i >> 6) & 1, i & 63];
        values[i] = ensemble[2 * ((pixel + p) * frames + frame) + part];
      }
      visit(tile, pixel);
    }
  };
  const vectorsOf = {
    poly: () => putReal(polynomialVectors(frames, 2)),
    dct: () => putReal(cosineVectors(frames, 2, kernels)),
    svd: () => {
      const gram = workspace.take(2 * frames * frames, 8, "test");
      workspace.f64(gram, 2 * frames * frames).fill(0);
      eachTile((tile) => kernels.addGram(tile, frames, gram));
      return put(eigenHermitian(workspace.f64(gram, 2 * frames * frames), frames).vectors);
    },
  };
  for (const [id, entry] of readCases(data))
    if (/^wf_.*2$|^wf_fir9$/.test(id))
      test(`frame 10 behind ${id}`, () => {
        const { method, taps } = entry.parameters as { method: string; taps?: number[] };
        const out = new Float32Array(2 * 64 * 64);
        const lost = taps ? taps.length - 1 : 0;
        const vectors = taps ? put(taps) : vectorsOf[method as keyof typeof vectorsOf]();
        eachTile((tile, pixel) => {
          if (taps) kernels.filterSlowTime(tile, frames, vectors, taps.length);
          else kernels.removeVectors(tile, frames, vectors, method === "poly" ? 3 : 2);
          const left = workspace.f32(tile + 4 * TILE * (10 + lost), TILE);
          for (let p = 0; p < 64; p++) out.set([left[p], left[64 + p]], 2 * (pixel + p));
        });
        const error = relativeL2(out, readNpy(`${data}golden/${id}_frame10.npy`).values);
        assert.ok(error <= (entry.tolerance["rel_l2"] as number), `${error}`);
      });
}

test.run();
