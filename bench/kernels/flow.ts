/**
 * Doppler on the images of an ensemble: Kasai's autocorrelator on 16 frames of 100 000 pixels; the singular-value clutter filter on
 * 64 frames of as many (Gram matrix, its eigenvectors, projection).
 */
import { eigenHermitian } from "../../host/engine/hermitian.ts";
import type { Bed, KernelBench } from "./kernel.ts";

/** A row of pixels, a multiple of a tile's 64. */
const COLUMNS = 400;
const ROWS = 256;
const PIXELS = COLUMNS * ROWS;
const TILE_PIXELS = 64;
const TILE_BLOCKS = TILE_PIXELS / 4;
const BLOCKS = PIXELS / 4;
const KASAI_FRAMES = 16;
const SVD_FRAMES = 64;
/** Components that the clutter filter removes. */
const REMOVED = 4;

/** Images of an ensemble in core memory, and a way to take their tiles. */
function ensemble({ workspace, kernels, put, noise }: Bed, frames: number) {
  const one = noise(2 * PIXELS + 2 * frames);
  const images = workspace.take(2 * PIXELS * frames, 4, "The bench");
  // Every frame the same noise, two numbers further on: nothing repeats within a pixel.
  for (let f = 0; f < frames; f++)
    workspace.f32(images + 8 * PIXELS * f, 2 * PIXELS).set(one.subarray(2 * f, 2 * f + 2 * PIXELS));
  const tile = put(new Float32Array(2 * TILE_PIXELS * frames));
  const take = (block: number) =>
    kernels.takeTile(images, 8 * PIXELS, frames, block, BLOCKS, COLUMNS / 4, 4, tile);
  return { one, tile, take };
}

export const kasai: KernelBench = (bed) => {
  const { workspace, kernels } = bed;
  const { one, tile, take } = ensemble(bed, KASAI_FRAMES);
  const [re, im, power] = [0, 1, 2].map(() => workspace.take(PIXELS + TILE_PIXELS, 4, "The bench"));
  const [velocity, variance, energy] = [0, 1, 2].map(() => new Float32Array(PIXELS));
  return [
    {
      variant: `${KASAI_FRAMES} frames of ${PIXELS}`,
      points: KASAI_FRAMES * PIXELS,
      run: () => {
        for (let b = 0; b < BLOCKS; b += TILE_BLOCKS) {
          take(b);
          kernels.autocorrelate(tile, 0, KASAI_FRAMES, 1, re + 16 * b, im + 16 * b, power + 16 * b);
        }
        kernels.velocities(re, im, power, PIXELS, 1, 2 / (Math.PI * Math.PI));
      },
      js: () => {
        for (let p = 0; p < PIXELS; p++) {
          let [x, y, sum] = [0, 0, 0];
          for (let f = 0; f < KASAI_FRAMES; f++) {
            const a = 2 * (p + f);
            sum += one[a] * one[a] + one[a + 1] * one[a + 1];
            if (f + 1 === KASAI_FRAMES) break;
            x += one[a + 2] * one[a] + one[a + 3] * one[a + 1];
            y += one[a + 3] * one[a] - one[a + 2] * one[a + 1];
          }
          velocity[p] = Math.atan2(y, x) / Math.PI;
          variance[p] = (2 / (Math.PI * Math.PI)) * (1 - Math.hypot(x, y) / sum);
          energy[p] = sum;
        }
      },
    },
  ];
};

export const svd: KernelBench = (bed) => {
  const { workspace, kernels } = bed;
  const { tile, take } = ensemble(bed, SVD_FRAMES);
  const gram = workspace.take(2 * SVD_FRAMES * SVD_FRAMES, 8, "The bench");
  const vectors = workspace.take(2 * SVD_FRAMES * REMOVED, 4, "The bench");
  return [
    {
      variant: `${SVD_FRAMES} frames of ${PIXELS}, ${REMOVED} components`,
      points: SVD_FRAMES * PIXELS,
      run: () => {
        const matrix = workspace.f64(gram, 2 * SVD_FRAMES * SVD_FRAMES).fill(0);
        for (let b = 0; b < BLOCKS; b += TILE_BLOCKS) {
          take(b);
          kernels.addGram(tile, SVD_FRAMES, gram);
        }
        const { vectors: found } = eigenHermitian(matrix.slice(), SVD_FRAMES);
        workspace.f32(vectors, 2 * SVD_FRAMES * REMOVED).set(found.subarray(0, 2 * SVD_FRAMES * REMOVED));
        for (let b = 0; b < BLOCKS; b += TILE_BLOCKS) {
          take(b);
          kernels.removeVectors(tile, SVD_FRAMES, vectors, REMOVED);
        }
      },
    },
  ];
};
