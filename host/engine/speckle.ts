/**
 * Filters against speckle on the data's own grid: median and bilateral change levels behind the compression, SRAD the envelope
 * before it. Planes with margins (assembly/plane.ts) give every value neighbours.
 */
import type { SpeckleMethod } from "../pipeline.ts";
import type { Workspace } from "./workspace.ts";

const MARGIN_ROWS = 2;
const LEFT = 4;
const RIGHT = 8;
const WHAT = "The speckle filter";

/** Steps of SRAD at full strength, and dt / 4 of each. */
const SRAD_STEPS = 40;
const SRAD_RATE = 0.125;
/** q0 of the first step, squared: that of fully developed speckle, whose envelope is Rayleigh's: 4 / pi - 1. */
const SRAD_Q02 = 4 / Math.PI - 1;
/** q0 fades as exp(-t / 6) (Yu and Acton, eq. 37): its square by exp(-dt / 3) a step, dt = 1/2. */
const SRAD_FADING = 0.8464817248906141;

/** Twenty-five comparators cost 4 bytes each; 150 are more than the network of 25 has. */
const MOST_COMPARATORS = 150;
/** Half-width of the bilateral filter's biweight at full strength (dB): sqrt(5) times a Gaussian's 24 dB. */
const BILATERAL_DB = 54;
/** exp(-d^2 / 4.5), d = 0 to 2: a Gaussian of 1.5 samples, along either axis. */
const BILATERAL_WEIGHTS = [1, 0.8007374, 0.4111123];
/** Sum of all 25. */
const BILATERAL_SUM = 11.7217176;
/** Median: strengths up to this take 3 x 3, the others 5 x 5. */
const SMALL_MEDIAN = 0.5;

/** What is compressed: rows of complex numbers, or levels where the data come compressed. */
export interface Compressed {
  rows: number;
  columns: number;
  /** Offset of contiguous float32 levels (dB), with room for eight more. */
  levels: number;
}

/** One method with its tables and planes, made once. */
export class SpeckleFilter {
  readonly #workspace: Workspace;
  readonly #method: SpeckleMethod;
  readonly #of: Compressed;
  readonly #strideBytes: number;
  /** Row 0, column 0 of the planes. */
  readonly #planes: number[];
  /** Weights of the bilateral filter, comparators of the median, rows of coefficients of SRAD. */
  readonly #table: number;
  readonly #wires: number;
  #comparators = 0;

  constructor(workspace: Workspace, method: SpeckleMethod, of: Compressed) {
    const { kernels } = workspace;
    this.#workspace = workspace;
    this.#method = method;
    this.#of = of;
    const { rows, columns } = of;
    this.#strideBytes = 4 * (LEFT + 4 * Math.ceil(columns / 4) + RIGHT);
    // Rows a multiple of 4 KB apart would share cache sets.
    if (this.#strideBytes % 4096 === 0) this.#strideBytes += 64;
    this.#planes = Array.from({ length: method === "srad" ? 2 : 1 }, () => {
      const block = workspace.take((rows + 2 * MARGIN_ROWS + 1) * this.#strideBytes, 1, WHAT);
      return block + MARGIN_ROWS * this.#strideBytes + 4 * LEFT;
    });
    this.#table = workspace.take(Math.max(2 * this.#strideBytes, 4 * MOST_COMPARATORS), 1, WHAT);
    this.#wires = workspace.take(25 * 8, 4, WHAT);
    workspace.fill(() => {
      if (method === "median") this.#comparators = kernels.medianNetwork(this.#table);
      if (method === "bilateral")
        workspace
          .f32(this.#table, 25)
          .set(
            [2, 1, 0, 1, 2].flatMap((j) =>
              [2, 1, 0, 1, 2].map((i) => BILATERAL_WEIGHTS[i] * BILATERAL_WEIGHTS[j]),
            ),
          );
    });
  }

  /** Median or bilateral filter of the levels, in place. */
  filterLevels(strength: number): void {
    const { kernels } = this.#workspace;
    const { rows, columns, levels } = this.#of;
    const [plane] = this.#planes;
    const stride = this.#strideBytes;
    kernels.toPlane(levels, rows, columns, plane, stride);
    if (this.#method === "bilateral") {
      const halfWidthDb = BILATERAL_DB * strength;
      kernels.bilateral(plane, rows, columns, stride, this.#table, 1 / (halfWidthDb * halfWidthDb), levels);
    } else if (strength <= SMALL_MEDIAN) kernels.median3(plane, rows, columns, stride, levels);
    else kernels.median5(plane, rows, columns, stride, this.#table, this.#comparators, this.#wires, levels);
  }

  /**
   * Moves the levels by `share`, over 0 to 1, towards their Gaussian of 1.5 samples, in place: the bilateral filter where no neighbour is
   * too far off, x + sum g d / sum g, with a pixel that weighs the more the less is wanted. Of a filter made for `"bilateral"`.
   */
  smooth(share: number): void {
    const { kernels } = this.#workspace;
    const { rows, columns, levels } = this.#of;
    const [plane] = this.#planes;
    this.#workspace.f32(this.#table, 25)[12] = 1 + BILATERAL_SUM * (1 / share - 1);
    kernels.toPlane(levels, rows, columns, plane, this.#strideBytes);
    kernels.bilateral(plane, rows, columns, this.#strideBytes, this.#table, 0, levels);
  }

  /** SRAD of what `fill` puts into the plane; returns where the plane stands then, and its stride. */
  diffuse(
    strength: number,
    fill: (plane: number, strideBytes: number) => void,
  ): { plane: number; strideBytes: number } {
    const { kernels } = this.#workspace;
    const { rows, columns } = this.#of;
    let [from, to] = this.#planes;
    const strideBytes = this.#strideBytes;
    fill(from, strideBytes);
    let q02 = SRAD_Q02;
    for (let i = Math.max(1, Math.round(SRAD_STEPS * strength)); i > 0; i--) {
      kernels.sradStep(from, to, rows, columns, strideBytes, q02, SRAD_RATE, this.#table);
      [from, to] = [to, from];
      q02 *= SRAD_FADING;
    }
    return { plane: from, strideBytes };
  }
}
