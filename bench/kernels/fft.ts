/** Forward transforms of four rows, powers of two and 2-3-5 lengths; fft.js where it can. */
import FFT from "fft.js";
import { makeFftTable } from "../../host/engine/fft-tables.ts";
import type { KernelBench } from "./kernel.ts";

/** Lengths: powers of two, then others made of 2, 3 and 5. */
export const FFT_LENGTHS = [256, 512, 1024, 2048, 4096, 360, 1200, 1600, 3000];
/** Rows transformed in one call. */
export const FFT_ROWS = 4;

export const fft: KernelBench = ({ workspace, kernels, noise }) =>
  FFT_LENGTHS.map((length) => {
    const table = makeFftTable(workspace, length);
    const buffers = FFT_ROWS / table.rowsTogether;
    const data = workspace.take(buffers * table.bytes, 1, "The bench");
    const work = workspace.take(table.workBytes, 1, "The bench");
    const input = noise((buffers * table.bytes) / 4);
    const powerOfTwo = (length & (length - 1)) === 0;
    const transform = powerOfTwo ? new FFT(length) : undefined;
    const row = Array.from(noise(2 * length));
    const out = transform?.createComplexArray();
    return {
      variant: String(length),
      points: FFT_ROWS * length,
      run: () => {
        // In place: without fresh numbers they would grow until they overflow.
        workspace.f32(data, input.length).set(input);
        for (let b = 0; b < buffers; b++) kernels.fft(table.descriptor, data + b * table.bytes, work);
      },
      js:
        transform && out
          ? () => {
              for (let r = 0; r < FFT_ROWS; r++) transform.transform(out, row);
            }
          : undefined,
    };
  });
