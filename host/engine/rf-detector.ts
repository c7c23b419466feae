/**
 * Envelope of an image made from real RF: the analytic signal along depth, column by column.
 *
 *   image  [row = depth][column]  ->  turned [column][depth]  ->  analytic  ->  turned back
 */
import { makeFftTable, putResponse } from "./fft-tables.ts";
import { spectralResponse } from "./filters.ts";
import type { ComplexImage } from "./paths/path.ts";
import type { Workspace } from "./workspace.ts";

export class RfDetector {
  /** The analytic image. */
  readonly image: ComplexImage;
  readonly #run: () => void;

  constructor(workspace: Workspace, source: ComplexImage) {
    const { kernels } = workspace;
    const { rows, columns } = source;
    const what = "The envelope of RF";
    const turnedStride = 8 * (rows + 1);
    const turned = workspace.take(columns * turnedStride, 1, what);
    const offset = workspace.take(rows * source.strideBytes, 1, what);
    this.image = { ...source, offset };
    const table = makeFftTable(workspace, rows);
    const response = putResponse(
      workspace,
      table,
      spectralResponse(rows, { analytic: true, sampleRateHz: 1, carrierHz: 0, upSampling: 1 }, kernels),
    );
    const data = workspace.take(table.bytes, 1, what);
    const work = workspace.take(table.workBytes, 1, what);
    this.#run = () => {
      kernels.transposeComplex(source.offset, rows, columns, source.strideBytes, turned, turnedStride);
      kernels.filterRows(
        turned,
        turnedStride,
        rows,
        turned,
        turnedStride,
        rows,
        columns,
        response,
        table.descriptor,
        table.descriptor,
        data,
        work,
      );
      kernels.transposeComplex(turned, columns, rows, turnedStride, offset, source.strideBytes);
    };
  }

  run(): void {
    this.#run();
  }
}
