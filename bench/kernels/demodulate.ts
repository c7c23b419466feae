/** RF to baseband IQ: mixer and zero-phase Butterworth on the channels of one transmit, every second sample kept. */
import { butterworth5 } from "../../host/engine/filters.ts";
import type { KernelBench } from "./kernel.ts";

const ROWS = 128;
const SAMPLES = 1536;
const PADDING = 18;
const CUTOFF = 0.3;
const TURNS_PER_SAMPLE = 0.25;

/** Forward and backward, direct form II transposed, ends as they are. */
function straightforward(rows: Float32Array, filter: { b: number[]; a: number[] }, out: Float32Array): void {
  const { b, a } = filter;
  const line = new Float64Array(SAMPLES);
  for (let r = 0; r < ROWS; r++)
    for (let part = 0; part < 2; part++) {
      for (let i = 0; i < SAMPLES; i++) {
        const angle = 2 * Math.PI * TURNS_PER_SAMPLE * i;
        line[i] = 2 * rows[2 * (r * SAMPLES + i)] * (part === 0 ? Math.cos(angle) : -Math.sin(angle));
      }
      for (let pass = 0; pass < 2; pass++) {
        let [z0, z1, z2, z3, z4] = [0, 0, 0, 0, 0];
        for (let i = 0; i < SAMPLES; i++) {
          const at = pass === 0 ? i : SAMPLES - 1 - i;
          const x = line[at];
          const y = b[0] * x + z0;
          z0 = b[1] * x - a[1] * y + z1;
          z1 = b[2] * x - a[2] * y + z2;
          z2 = b[3] * x - a[3] * y + z3;
          z3 = b[4] * x - a[4] * y + z4;
          z4 = b[5] * x - a[5] * y;
          line[at] = y;
        }
      }
      for (let i = 0; i < SAMPLES; i += 2) out[r * SAMPLES + i + part] = line[i];
    }
}

export const demodulate: KernelBench = ({ workspace, kernels, noise }) => {
  const rows = noise(2 * ROWS * SAMPLES);
  const data = workspace.take(rows.length, 4, "The bench");
  const coefficients = workspace.take(17, 8, "The bench");
  const filter = butterworth5(CUTOFF, kernels);
  workspace.f64(coefficients, 17).set([...filter.b, ...filter.a, ...filter.z]);
  const work = workspace.take(6 * SAMPLES + 8 * PADDING, 8, "The bench");
  const out = new Float32Array(ROWS * SAMPLES);
  return [
    {
      variant: `${ROWS} x ${SAMPLES}`,
      points: ROWS * SAMPLES,
      run: () => {
        workspace.f32(data, rows.length).set(rows);
        kernels.demodulate(
          data,
          8 * SAMPLES,
          ROWS,
          SAMPLES,
          0,
          TURNS_PER_SAMPLE,
          coefficients,
          PADDING,
          2,
          work,
        );
      },
      js: () => straightforward(rows, filter, out),
    },
  ];
};
