/** Filters against speckle on a picture of 512 x 512: medians, bilateral, one step of SRAD; with copying to and from their planes. */
import { SpeckleFilter } from "../../host/engine/speckle.ts";
import type { Bed, KernelBench } from "./kernel.ts";

const SIDE = 512;
/** Numbers behind the levels that the filters may write. */
const ROOM = 8;

function levelsOf({ workspace, noise }: Bed): { levels: number; refill(): void } {
  const input = noise(SIDE * SIDE).map((value) => 30 * value - 30);
  const levels = workspace.take(SIDE * SIDE + ROOM, 4, "The bench");
  const refill = () => workspace.f32(levels, input.length).set(input);
  refill();
  return { levels, refill };
}

/** The middle of the neighbours, sorted: what one writes first. */
function medianOf(reach: number, input: Float32Array, out: Float32Array): void {
  const window = new Float32Array((2 * reach + 1) * (2 * reach + 1));
  for (let r = 0; r < SIDE; r++)
    for (let c = 0; c < SIDE; c++) {
      let n = 0;
      for (let j = -reach; j <= reach; j++)
        for (let i = -reach; i <= reach; i++) {
          const y = Math.min(SIDE - 1, Math.max(0, r + j));
          const x = Math.min(SIDE - 1, Math.max(0, c + i));
          window[n++] = input[y * SIDE + x];
        }
      window.sort();
      out[r * SIDE + c] = window[n >> 1];
    }
}

export const median: KernelBench = (bed) => {
  const { levels } = levelsOf(bed);
  const filter = new SpeckleFilter(bed.workspace, "median", { rows: SIDE, columns: SIDE, levels });
  const input = bed.noise(SIDE * SIDE);
  const out = new Float32Array(SIDE * SIDE);
  return [3, 5].map((size) => ({
    variant: `${size} x ${size} on ${SIDE} x ${SIDE}`,
    points: SIDE * SIDE,
    run: () => filter.filterLevels(size === 3 ? 0.5 : 1),
    js: () => medianOf(size >> 1, input, out),
  }));
};

export const bilateral: KernelBench = (bed) => {
  const { levels, refill } = levelsOf(bed);
  const filter = new SpeckleFilter(bed.workspace, "bilateral", { rows: SIDE, columns: SIDE, levels });
  const input = bed.noise(SIDE * SIDE).map((value) => 30 * value - 30);
  const out = new Float32Array(SIDE * SIDE);
  return [
    {
      variant: `5 x 5 on ${SIDE} x ${SIDE}`,
      points: SIDE * SIDE,
      run: () => {
        refill();
        filter.filterLevels(0.5);
      },
      js: () => {
        for (let r = 0; r < SIDE; r++)
          for (let c = 0; c < SIDE; c++) {
            const middle = input[r * SIDE + c];
            let sum = 0;
            let weights = 0;
            for (let j = -2; j <= 2; j++)
              for (let i = -2; i <= 2; i++) {
                const y = Math.min(SIDE - 1, Math.max(0, r + j));
                const x = Math.min(SIDE - 1, Math.max(0, c + i));
                const value = input[y * SIDE + x];
                const difference = value - middle;
                const weight = Math.exp(-(i * i + j * j) / 4.5 - (difference * difference) / 288);
                sum += weight * value;
                weights += weight;
              }
            out[r * SIDE + c] = sum / weights;
          }
      },
    },
  ];
};

/** One step of Yu and Acton's diffusion, border repeated. */
function sradStep(input: Float32Array, q02: number, out: Float32Array, coefficients: Float32Array): void {
  const at = (r: number, c: number) =>
    Math.min(SIDE - 1, Math.max(0, r)) * SIDE + Math.min(SIDE - 1, Math.max(0, c));
  for (let r = 0; r < SIDE; r++)
    for (let c = 0; c < SIDE; c++) {
      const value = input[r * SIDE + c];
      const [n, s] = [input[at(r - 1, c)] - value, input[at(r + 1, c)] - value];
      const [w, e] = [input[at(r, c - 1)] - value, input[at(r, c + 1)] - value];
      const gradient = (n * n + s * s + w * w + e * e) / (value * value);
      const laplacian = (n + s + w + e) / value;
      const below = 1 + laplacian / 4;
      const q2 = (gradient / 2 - (laplacian * laplacian) / 16) / (below * below);
      coefficients[r * SIDE + c] = Math.min(1, Math.max(0, 1 / (1 + (q2 - q02) / (q02 * (1 + q02)))));
    }
  for (let r = 0; r < SIDE; r++)
    for (let c = 0; c < SIDE; c++) {
      const value = input[r * SIDE + c];
      const here = coefficients[r * SIDE + c];
      const flow =
        coefficients[at(r + 1, c)] * (input[at(r + 1, c)] - value) +
        here * (input[at(r - 1, c)] - value) +
        coefficients[at(r, c + 1)] * (input[at(r, c + 1)] - value) +
        here * (input[at(r, c - 1)] - value);
      out[r * SIDE + c] = value + 0.125 * flow;
    }
}

export const srad: KernelBench = (bed) => {
  const { kernels, workspace, noise } = bed;
  const { levels } = levelsOf(bed);
  const filter = new SpeckleFilter(workspace, "srad", { rows: SIDE, columns: SIDE, levels });
  const input = noise(SIDE * SIDE).map((value) => 0.1 + value * value);
  const out = new Float32Array(SIDE * SIDE);
  const coefficients = new Float32Array(SIDE * SIDE);
  return [
    {
      variant: `one step on ${SIDE} x ${SIDE}`,
      points: SIDE * SIDE,
      run: () => {
        // A fortieth of the full strength: one step.
        filter.diffuse(1 / 40, (plane, strideBytes) =>
          kernels.expand(levels, SIDE, SIDE, plane, strideBytes),
        );
      },
      js: () => sradStep(input, 4 / Math.PI - 1, out, coefficients),
    },
  ];
};
