/** The kernels that are measured on their own. To add one: a file like its neighbours, and a line here. */
import { Workspace } from "../../host/engine/workspace.ts";
import { randomNumbers } from "../../host/simulate/random.ts";
import { compress } from "./compress.ts";
import { demodulate } from "./demodulate.ts";
import { display } from "./display.ts";
import { fft } from "./fft.ts";
import { fir } from "./fir.ts";
import { kasai, svd } from "./flow.ts";
import type { KernelBench, KernelCase } from "./kernel.ts";
import { scanConvert } from "./scan-convert.ts";
import { bilateral, median, srad } from "./speckle.ts";

export type { KernelCase } from "./kernel.ts";

const BENCHES: Readonly<Record<string, KernelBench>> = {
  fft,
  fir,
  demodulate,
  compress,
  "scan-convert": scanConvert,
  display,
  median,
  bilateral,
  srad,
  kasai,
  svd,
};

/** Names for `--only`. */
export const KERNELS: readonly string[] = Object.keys(BENCHES);

const MEMORY_LIMIT_BYTES = 2 ** 29;

/** The cases of one kernel, in a memory of their own. */
export async function makeKernel(name: string): Promise<KernelCase[]> {
  const workspace = await Workspace.create(MEMORY_LIMIT_BYTES);
  const random = randomNumbers(KERNELS.indexOf(name) + 1);
  return BENCHES[name]({
    workspace,
    kernels: workspace.kernels,
    noise: (count) => Float32Array.from({ length: count }, () => 2 * random() - 1),
    put: (values) => {
      const offset = workspace.take(values.length, 4, "The bench");
      workspace.f32(offset, values.length).set(values);
      return offset;
    },
  });
}
