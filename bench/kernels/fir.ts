/** Symmetric FIR along the channels of one transmit, complex rows. */
import type { KernelBench } from "./kernel.ts";

const ROWS = 128;
const SAMPLES = 1536;
const TAPS = 49;

function straightforward(rows: Float32Array, taps: Float32Array, out: Float32Array): void {
  const half = (TAPS - 1) / 2;
  for (let r = 0; r < ROWS; r++)
    for (let i = 0; i < SAMPLES; i++) {
      let re = 0;
      let im = 0;
      for (let k = -half; k <= half; k++) {
        const j = i - k;
        if (j < 0 || j >= SAMPLES) continue;
        const o = 2 * (r * SAMPLES + j);
        re += taps[k + half] * rows[o];
        im += taps[k + half] * rows[o + 1];
      }
      out[2 * (r * SAMPLES + i)] = re;
      out[2 * (r * SAMPLES + i) + 1] = im;
    }
}

export const fir: KernelBench = ({ workspace, kernels, noise, put }) => {
  const rows = noise(2 * ROWS * SAMPLES);
  // Filtering in place again and again: taps that pass everything keep the numbers from fading into subnormal ones.
  const taps = new Float32Array(TAPS);
  taps[(TAPS - 1) / 2] = 1;
  const data = put(rows);
  const table = put(taps);
  const work = workspace.take(2 * (SAMPLES + TAPS + 3), 4, "The bench");
  const out = new Float32Array(rows.length);
  return [
    {
      variant: `${TAPS} taps, ${ROWS} x ${SAMPLES}`,
      points: ROWS * SAMPLES,
      run: () => kernels.filterFir(data, 8 * SAMPLES, ROWS, SAMPLES, table, TAPS, work),
      js: () => straightforward(rows, taps, out),
    },
  ];
};
