/** Is a picture the one it ought to be? Compared with float64 sums at some of its pixels. */
import { type Definition, exactValues, type Pixel, relativeError } from "./reference/exact.ts";
import { gridSize, type Setting } from "./reference/geometry.ts";
import type { Workload } from "./workloads.ts";

const PIXELS = 120;

/** What the references need of a workload. */
export function settingOf({ info, pipeline }: Workload): Setting {
  const { fNumber, window } = pipeline.beamform ?? {};
  return {
    info,
    scan: pipeline.scan,
    signal: pipeline.signal,
    fNumber: typeof fNumber === "number" ? fNumber : 0,
    window: window === "hann" ? "hann" : "boxcar",
  };
}

export interface Errors {
  errorToSinc: number;
  errorToLinear: number;
}

/** Relative rms within which a program that says it interpolates linearly must do so; its Hilbert transformer counts. */
const LINEAR_TOLERANCE = 0.01;

export class Checker {
  readonly #columns: number;
  readonly #pixels: readonly Pixel[];
  readonly #expected: Record<Definition, Float64Array>;

  constructor(workload: Workload) {
    const setting = settingOf(workload);
    const { rows, columns } = gridSize(setting.scan);
    const { jsEvery: every = 1 } = workload;
    this.#columns = columns;
    // Multiples of large primes: all over the grid.
    this.#pixels = Array.from({ length: PIXELS }, (_, i) => ({
      // Rows that the straightforward JavaScript makes as well.
      row: ((i * 7919) % Math.floor(rows / every)) * every,
      column: (i * 104729) % columns,
    }));
    const [frame] = workload.frames;
    this.#expected = {
      linear: exactValues(setting, frame, this.#pixels, "linear"),
      sinc: exactValues(setting, frame, this.#pixels, "sinc"),
    };
  }

  /** Errors of a picture [row][column]; `parts`: 1 real, 2 interleaved complex numbers. Of an ensemble, the first frame. */
  errors(picture: ArrayLike<number>, parts: 1 | 2): Errors {
    const values = this.#pixels.flatMap(({ row, column }) => {
      const at = (row * this.#columns + column) * parts;
      return [picture[at], parts === 2 ? picture[at + 1] : 0];
    });
    return {
      errorToLinear: relativeError(values, this.#expected.linear),
      errorToSinc: relativeError(values, this.#expected.sinc),
    };
  }
}

/** Says what is wrong with a picture that claims linear interpolation; undefined when nothing is. */
export function notLinear({ errorToLinear }: Errors): string | undefined {
  return errorToLinear <= LINEAR_TOLERANCE
    ? undefined
    : `wrong picture: ${(100 * errorToLinear).toFixed(1)} % from linear interpolation in float64`;
}
