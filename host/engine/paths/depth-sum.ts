/**
 * Delay-and-sum on a pixel grid, behind the delay tables: receive aperture, interpolator, compounding. Rebuilt when f-number,
 * window, interpolation or compounding change.
 */
import { type ChannelData, elementCount } from "../../model.ts";
import type { Window } from "../../pipeline.ts";
import type { DelayTables } from "../delay-tables.ts";
import { makeInterpolator, makeSpline } from "../interpolation.ts";
import type { ResolvedChannels } from "../resolve.ts";
import type { Rows } from "../signal-stage.ts";
import type { Workspace } from "../workspace.ts";
import type { ComplexImage } from "./path.ts";

/** Kernel calls a frame: V8 tiers up between calls only, so long work is cut. */
const CALLS_PER_FRAME = 24;

/** flat part, 1 / roll, and the three weights of each window (assembly/apodization.ts). */
const WINDOW_SHAPES: Record<
  Window,
  readonly [flat: number, inverseRoll: number, w0: number, w1: number, w2: number]
> = {
  boxcar: [0.5, 0, 1, 0, 0],
  hann: [0, 1, 0.5, 0.5, 0],
  hamming: [0, 1, 0.53836, 0.46164, 0],
  tukey25: [0.375, 4, 0.5, 0.5, 0],
  tukey50: [0.25, 2, 0.5, 0.5, 0],
  tukey75: [0.125, 1 / 0.75, 0.5, 0.5, 0],
  triangle: [0, 1, 1, 0, -2],
};

/** The sum itself. */
export class DepthSum {
  readonly image: ComplexImage;
  /** How the data reach the pixels, in words. */
  readonly words: string;
  readonly #workspace: Workspace;
  readonly #tables: DelayTables;
  readonly #transmits: number;
  readonly #compound: ResolvedChannels["compound"];
  readonly #scratch: number;
  readonly #configure: () => void;
  readonly #kernel: (
    block0: number,
    block1: number,
    transmit0: number,
    transmit1: number,
    out: number,
  ) => void;

  constructor(
    workspace: Workspace,
    info: ChannelData,
    resolved: ResolvedChannels,
    tables: DelayTables,
    rows: Rows,
  ) {
    this.#workspace = workspace;
    this.#tables = tables;
    this.#transmits = resolved.transmits.length;
    this.#compound = resolved.compound;
    const { kernels } = workspace;
    const n = elementCount(info.probe);

    const window = workspace.take(8, 4, "The aperture");
    const ranges = workspace.take(2 * tables.blocks, 2, "The aperture");
    const masks = workspace.take(n * tables.blocks, 1, "The aperture");
    workspace.fill(() => {
      workspace.f32(window, 6).set([resolved.fNumber, ...WINDOW_SHAPES[resolved.window]]);
      kernels.apertures(
        tables.exactPixels,
        tables.blocks,
        tables.exactElements,
        n,
        resolved.fNumber,
        masks,
        ranges,
      );
    });

    const { auto } = resolved;
    const interpolator =
      resolved.interpolation === "auto"
        ? makeSpline(auto?.degree ?? 3)
        : makeInterpolator(resolved.interpolation, kernels);
    const coefficients = interpolator.coefficients;
    const numbers = coefficients.flat();
    const coefficientTable = workspace.take(Math.max(1, numbers.length), 4, "The interpolator");
    workspace.fill(() => workspace.f32(coefficientTable, numbers.length).set(numbers));

    const iq = resolved.signal === "iq";
    const carrierHz = iq ? (resolved.demodulation?.frequencyHz ?? info.modulationFrequencyHz) : 0;
    const phases = workspace.take(this.#transmits, 4, "The phases");
    workspace.fill(() => {
      workspace.f32(phases, this.#transmits).set(
        resolved.transmits.map((t) => {
          const transmit = info.sequence[t];
          const turns =
            carrierHz * (resolved.demodulation ? transmit.startS : (transmit.mixerStartS ?? transmit.startS));
          return turns - Math.floor(turns);
        }),
      );
    });

    this.#configure = () => {
      kernels.dasRows(rows.offset, rows.strideBytes, n * rows.strideBytes, this.#transmits);
      kernels.dasTables(tables.pixels, tables.delays, ranges, masks, tables.elements, n, window, phases);
      kernels.dasInterpolation(
        interpolator.low,
        Math.min(rows.samples - interpolator.fromEnd, rows.lastIndex),
        interpolator.nearest,
        coefficientTable,
        coefficients.length ? coefficients[0].length - 1 : 0,
        carrierHz / rows.sampleRateHz,
      );
    };
    const [plain, rotating] = {
      "two-taps": [kernels.dasTwoTaps, kernels.dasTwoTapsIq],
      "four-taps": [kernels.dasFourTaps, kernels.dasFourTapsIq],
      "six-taps": [kernels.dasSixTaps, kernels.dasSixTapsIq],
      spline: [kernels.dasSpline, kernels.dasSplineIq],
    }[interpolator.kernel];
    this.#kernel = iq ? rotating : plain;

    const imageNumbers = 2 * tables.rows * tables.paddedColumns;
    const images = resolved.compound === "none" ? this.#transmits : 1;
    const offset = workspace.take(images * imageNumbers, 4, "The image");
    this.#scratch = resolved.compound === "incoherent" ? workspace.take(imageNumbers, 4, "The image") : 0;
    this.image = {
      offset,
      rows: tables.rows,
      columns: tables.columns,
      strideBytes: 8 * tables.paddedColumns,
    };
    const signal = iq ? "baseband IQ" : resolved.signal === "rf" ? "RF" : "the analytic signal";
    const spline =
      auto && `${auto.degree === 1 ? "linear" : "cubic"} spline at ${auto.upSampling} x the sample rate`;
    this.words = `delay-and-sum of ${signal}, four pixels in lanes, ${spline ?? resolved.interpolation} interpolation, ${tables.models} transmits`;
  }

  /** Number of images behind one another: the transmits when not compounded, else 1. */
  get images(): number {
    return this.#compound === "none" ? this.#transmits : 1;
  }

  run(): void {
    this.#configure();
    const { offset } = this.image;
    if (this.#compound === "coherent") this.#sum(0, this.#transmits, offset);
    else if (this.#compound === "none") {
      const bytes = this.image.rows * this.image.strideBytes;
      for (let t = 0; t < this.#transmits; t++) this.#sum(t, t + 1, offset + t * bytes);
    } else {
      const count = this.#tables.rows * this.#tables.paddedColumns;
      this.#workspace.u8(offset, 8 * count).fill(0);
      for (let t = 0; t < this.#transmits; t++) {
        this.#sum(t, t + 1, this.#scratch);
        this.#workspace.kernels.addMagnitudes(this.#scratch, count, offset);
      }
    }
  }

  #sum(transmit0: number, transmit1: number, out: number): void {
    const { blocks } = this.#tables;
    const slice = Math.max(1, Math.ceil(blocks / CALLS_PER_FRAME));
    for (let b = 0; b < blocks; b += slice)
      this.#kernel(b, Math.min(blocks, b + slice), transmit0, transmit1, out);
  }
}
