/** Envelope and log compression of a complex image: largest magnitude, then decibels below it. */
import type { KernelBench } from "./kernel.ts";

const ROWS = 609;
const COLUMNS = 387;
const RANGE_DB = 60;

function straightforward(image: Float32Array, out: Float32Array): void {
  let top = 0;
  for (let i = 0; i < out.length; i++) top = Math.max(top, Math.hypot(image[2 * i], image[2 * i + 1]));
  for (let i = 0; i < out.length; i++) {
    const level = 20 * Math.log10(Math.hypot(image[2 * i], image[2 * i + 1]) / top);
    out[i] = Math.min(0, Math.max(-RANGE_DB, level));
  }
}

export const compress: KernelBench = ({ workspace, kernels, noise, put }) => {
  const image = noise(2 * ROWS * COLUMNS);
  const values = put(image);
  const gains = put(new Float32Array(ROWS + 4));
  const levels = workspace.take(ROWS * COLUMNS + 4, 4, "The bench");
  const out = new Float32Array(ROWS * COLUMNS);
  return [
    {
      variant: `${COLUMNS} x ${ROWS}`,
      points: ROWS * COLUMNS,
      run: () => {
        const peak = kernels.peakMagnitude(values, ROWS, COLUMNS, 8 * COLUMNS);
        kernels.decibels(
          values,
          ROWS,
          COLUMNS,
          8 * COLUMNS,
          -kernels.amplitudeDb(peak),
          -RANGE_DB,
          gains,
          4,
          0,
          levels,
        );
      },
      js: () => straightforward(image, out),
    },
  ];
};
