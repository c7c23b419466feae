/**
 * From the images of an ensemble to velocity, variance and power: clutter filter, autocorrelation, smoothing (assembly/clutter.ts,
 * kasai.ts, smooth.ts). Runs tile by tile, so that the filtered ensemble is never written anywhere.
 *
 *   svd   images -> tile -> sum of x x^H over pixels -> its strongest eigenvectors
 *   all   images -> tile -> filter -> R, P -> smoothing -> velocity, variance, power
 */
import { cosineVectors, polynomialVectors } from "./clutter-vectors.ts";
import type { EnsembleImages } from "./ensemble-stage.ts";
import { lift } from "./faint.ts";
import { eigenHermitian } from "./hermitian.ts";
import type { FlowSource, ResolvedFlow } from "./resolve-flow.ts";
import type { FlowFrame } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/** Pixels and bytes a frame of a tile (assembly/slow-time.ts). */
const TILE_PIXELS = 64;
const TILE_BLOCKS = TILE_PIXELS / 4;
const TILE_BYTES = 8 * TILE_PIXELS;

/** Hamming's window of odd length, as in MATLAB, with unit sum: 0.54 - 0.46 cos(2 pi k / (n - 1)). */
function hamming(length: number, cosTurns: (turns: number) => number): number[] {
  if (length === 1) return [1];
  const weights = Array.from({ length }, (_, k) => 0.54 - 0.46 * cosTurns(k / (length - 1)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

export class FlowStage {
  readonly #workspace: Workspace;
  readonly #images: EnsembleImages;
  readonly #flow: ResolvedFlow;
  readonly #frames: number;
  readonly #tile: number;
  readonly #gram: number;
  readonly #vectors: number;
  readonly #weights: number;
  readonly #work: number;
  /** Real and imaginary part of R, and P. */
  readonly #planes: readonly [number, number, number];
  /** Greatest velocity per frame rate. */
  readonly #mpsPerHz: number;

  constructor(
    workspace: Workspace,
    images: EnsembleImages,
    flow: ResolvedFlow,
    source: FlowSource,
    frames: number,
  ) {
    this.#workspace = workspace;
    this.#images = images;
    this.#flow = flow;
    this.#frames = frames;
    const { rows, columns, strideBytes } = images;
    const what = "The flow estimate";
    const even = frames + (frames % 2);
    this.#tile = workspace.take(even * TILE_BYTES, 1, what);
    // A frame of zeros makes odd ensembles even.
    workspace.u8(this.#tile, even * TILE_BYTES).fill(0);
    this.#gram = workspace.take(2 * even * even, 8, what);
    this.#vectors = workspace.take(Math.max(2 * frames * frames, flow.clutter.taps.length), 4, what);
    this.#weights = workspace.take(flow.smoothing, 4, what);
    this.#work = workspace.take(Math.max(columns + 4, 4 * rows) + 4 * flow.smoothing, 4, what);
    // A tile writes all its pixels.
    const plane = () => workspace.take((rows * strideBytes) / 8 + TILE_PIXELS, 4, what);
    this.#planes = [plane(), plane(), plane()];
    const { kernels } = workspace;
    workspace.f32(this.#weights, flow.smoothing).set(hamming(flow.smoothing, kernels.cosTurns));
    this.#mpsPerHz = source.soundSpeedMps / (4 * (flow.centerFrequencyHz ?? 1) * flow.lag);
  }

  get #blocks(): number {
    return (this.#images.rows * this.#images.strideBytes) / 32;
  }

  #take(block: number): void {
    const { offset, imageBytes, columns, strideBytes } = this.#images;
    this.#workspace.kernels.takeTile(
      offset,
      imageBytes,
      this.#frames,
      block,
      this.#blocks,
      strideBytes / 32,
      columns - 4 * (strideBytes / 32 - 1),
      this.#tile,
    );
  }

  /** Singular values of frames x pixels, and their vectors in slow time. */
  #decompose(): { values: Float64Array<ArrayBuffer>; vectors: Float64Array } {
    const { kernels } = this.#workspace;
    const frames = this.#frames;
    const even = frames + (frames % 2);
    this.#workspace.f64(this.#gram, 2 * even * even).fill(0);
    for (let b = 0; b < this.#blocks; b += TILE_BLOCKS) {
      this.#take(b);
      kernels.addGram(this.#tile, even, this.#gram);
    }
    const sums = this.#workspace.f64(this.#gram, 2 * even * even);
    const matrix = new Float64Array(2 * frames * frames);
    for (let i = 0; i < frames; i++)
      matrix.set(sums.subarray(2 * i * even, 2 * (i * even + frames)), 2 * i * frames);
    const { values, vectors } = eigenHermitian(matrix, frames);
    return { values: values.map((value) => Math.sqrt(Math.max(0, value))), vectors };
  }

  /** Puts the vectors to remove into core memory; how many, and the singular values when they were needed. */
  #prepareVectors(): { count: number; singularValues?: Float64Array<ArrayBuffer> } {
    const { method, order } = this.#flow.clutter;
    const frames = this.#frames;
    const table = this.#workspace.f32(this.#vectors, 2 * frames * frames);
    if (method === "svd") {
      const { values, vectors } = this.#decompose();
      table.set(vectors.subarray(0, 2 * frames * order));
      return { count: order, singularValues: values };
    }
    const real =
      method === "polynomial" || method === "mean"
        ? polynomialVectors(frames, method === "mean" ? 0 : order)
        : method === "dct"
          ? cosineVectors(frames, order, this.#workspace.kernels)
          : [];
    table.fill(0);
    real.forEach((vector, i) => {
      for (let k = 0; k < frames; k++) table[2 * (i * frames + k)] = vector[k];
    });
    return { count: real.length };
  }

  /** Of the images that are there now. */
  run(frameRateHz: number): FlowFrame {
    const { kernels } = this.#workspace;
    const { clutter, lag, smoothing } = this.#flow;
    const { rows, columns, strideBytes } = this.#images;
    const [re, im, power] = this.#planes;
    const frames = this.#frames;
    // Frame after frame without a gap.
    const all = { offset: this.#images.offset, rows: frames * rows, columns, strideBytes };
    const [, lifted] = lift(this.#workspace, all);
    const { count, singularValues } = this.#prepareVectors();
    const taps = clutter.method === "fir" ? clutter.taps.length : 0;
    if (taps) this.#workspace.f32(this.#vectors, taps).set(clutter.taps);
    const first = Math.max(0, taps - 1);
    for (let b = 0; b < this.#blocks; b += TILE_BLOCKS) {
      this.#take(b);
      if (count) kernels.removeVectors(this.#tile, frames, this.#vectors, count);
      if (taps) kernels.filterSlowTime(this.#tile, frames, this.#vectors, taps);
      kernels.autocorrelate(this.#tile, first, frames - first, lag, re + 16 * b, im + 16 * b, power + 16 * b);
    }
    const planeStride = strideBytes / 2;
    if (smoothing > 1)
      for (const plane of this.#planes) {
        kernels.smoothRows(plane, rows, columns, planeStride, this.#weights, smoothing, this.#work);
        kernels.smoothColumns(plane, rows, columns, planeStride, this.#weights, smoothing, this.#work);
      }
    const nyquistMps = this.#mpsPerHz * frameRateHz;
    const varianceScale = 2 * (nyquistMps / Math.PI) * (nyquistMps / Math.PI);
    kernels.velocities(re, im, power, 4 * this.#blocks, nyquistMps, varianceScale);
    const copy = (plane: number, factor = 1) => {
      const values = new Float32Array(rows * columns);
      for (let r = 0; r < rows; r++)
        values.set(this.#workspace.f32(plane + r * planeStride, columns), r * columns);
      return factor === 1 ? values : values.map((value) => value * factor);
    };
    return {
      shape: [rows, columns],
      velocityMps: copy(re),
      variance: copy(im),
      power: copy(power, 1 / (lifted * lifted)),
      nyquistMps,
      ...(singularValues && { singularValues: singularValues.map((value) => value / lifted) }),
    };
  }
}
