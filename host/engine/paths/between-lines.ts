/**
 * A path that is fast for lines in step with the elements, for grids whose columns stand elsewhere or closer together: it sums the lines,
 * and each column is made from the eight around it.
 *
 *   frame -> the path's steps -> lines [depth][line] -> columns [depth][x]
 *                                line-grid.ts           assembly/between-lines.ts
 */
import type { Kernels } from "../../core/binding.ts";
import { SondeError } from "../../errors.ts";
import type { ChannelData, Frame } from "../../model.ts";
import { axisStep } from "../axis.ts";
import type { ResolvedChannels } from "../resolve.ts";
import type { Rows } from "../signal-stage.ts";
import type { Workspace } from "../workspace.ts";
import { allowedError, LINES, type LineGrid, lineGrid } from "./line-grid.ts";
import type { ChannelPath, ComplexImage, PathOffer, PathStep } from "./path.ts";

/** Bytes of a column in the core's table, and where its weights begin. */
const ENTRY_BYTES = 80;
const WEIGHTS_AT = 16;
/** What one number of a column costs, in points. Measured beside the steered path, 2026. */
const COLUMN_POINTS = 24;

/** The lines of a plan for which they were chosen. */
function gridOf(info: ChannelData, resolved: ResolvedChannels, kernels: Kernels): LineGrid {
  const grid = lineGrid(info, resolved, kernels);
  if (typeof grid === "string")
    throw new SondeError("internal", `Columns were made from lines although ${grid}`);
  return grid;
}

/** The lines as the path is asked for them, with what columns between them leave of the promise, whatever lines they are. */
function onLines(resolved: ResolvedChannels, { x }: LineGrid): ResolvedChannels {
  const { scan, accuracy } = resolved;
  if (scan.kind !== "linear") throw new SondeError("internal", `Lines stood for a ${scan.kind}`);
  const allowed = allowedError(accuracy);
  const left = accuracy * accuracy - allowed * allowed;
  return { ...resolved, scan: { ...scan, x }, accuracy: Math.sqrt(left) };
}

/** Which lines each column is made of, in core memory. */
function layOutColumns(workspace: Workspace, { firsts, weights }: LineGrid): number {
  const table = workspace.take(ENTRY_BYTES * firsts.length, 1, "The columns between lines");
  workspace.fill(() =>
    firsts.forEach((first, c) => {
      const at = table + ENTRY_BYTES * c;
      workspace.i32(at, 1)[0] = 8 * first;
      const pairs = workspace.f32(at + WEIGHTS_AT, 2 * LINES);
      for (let k = 0; k < 2 * LINES; k++) pairs[k] = weights[LINES * c + (k >> 1)];
    }),
  );
  return table;
}

class BetweenLines implements ChannelPath {
  readonly offer: PathOffer;
  readonly prepare: ChannelPath["prepare"];
  readonly #info: ChannelData;
  readonly #workspace: Workspace;
  readonly #lines: ChannelPath;
  #columns!: { count: number; table: number; error: number; spacingM: number };
  #image!: ComplexImage;

  constructor(offer: PathOffer, lines: ChannelPath, workspace: Workspace, info: ChannelData) {
    this.offer = offer;
    this.#lines = lines;
    this.prepare = lines.prepare?.bind(lines);
    this.#workspace = workspace;
    this.#info = info;
  }

  get words(): string {
    const { count, error, spacingM } = this.#columns;
    return (
      `${this.#lines.words}; ${count} columns from ${this.#lines.image.columns} lines ${(1e3 * spacingM).toFixed(3)} mm apart, ` +
      `predicted error ${(100 * error).toFixed(1)} %`
    );
  }

  get images(): number {
    return this.#lines.images;
  }

  get image(): ComplexImage {
    return this.#image;
  }

  get frameSum() {
    return this.#lines.frameSum;
  }

  get filtered(): Rows | undefined {
    return this.#lines.filtered;
  }

  steps(resolved: ResolvedChannels): PathStep[] {
    const grid = gridOf(this.#info, resolved, this.#workspace.kernels);
    return this.#lines.steps(onLines(resolved, grid)).map((step) => ({
      ...step,
      key: `between lines ${step.key} ${step.name === "sum" ? JSON.stringify(resolved.scan) : ""}`,
      build: () => {
        step.build();
        if (step.name === "sum") this.#layOut(grid);
      },
    }));
  }

  #layOut(grid: LineGrid): void {
    const workspace = this.#workspace;
    const count = grid.firsts.length;
    this.#columns = {
      count,
      table: layOutColumns(workspace, grid),
      error: grid.error,
      spacingM: axisStep(grid.x),
    };
    const { rows } = this.#lines.image;
    const strideBytes = 8 * 4 * Math.ceil(count / 4);
    const bytes = this.images * rows * strideBytes;
    const offset = workspace.take(bytes, 1, "The image");
    workspace.fill(() => workspace.u8(offset, bytes).fill(0));
    this.#image = { offset, rows, columns: count, strideBytes };
  }

  load(frame: Frame, begin?: () => void): void {
    this.#lines.load(frame, begin);
  }

  sum(): void {
    this.#lines.sum();
    const { image: lines } = this.#lines;
    const { offset, rows, strideBytes } = this.#image;
    const { table, count } = this.#columns;
    this.#workspace.kernels.betweenLines(
      lines.offset,
      lines.strideBytes,
      this.images * rows,
      table,
      count,
      offset,
      strideBytes,
    );
  }
}

const offers = new Map<PathOffer, PathOffer>();

/** A path's offer to sum lines, and to make the columns of a grid from them. */
export function betweenLines(lines: PathOffer): PathOffer {
  const known = offers.get(lines);
  if (known) return known;
  const offer: PathOffer = {
    name: lines.name,
    pointsPerMs: lines.pointsPerMs,
    merit: `${lines.merit}; columns closer together than what can be heard of them are made from lines`,
    refusal: (info, resolved, kernels) => {
      if (resolved.interpolation !== "auto")
        return `beamform.interpolation is "${resolved.interpolation}", and columns between lines are made within an accuracy`;
      const grid = lineGrid(info, resolved, kernels);
      return typeof grid === "string" ? grid : lines.refusal(info, onLines(resolved, grid), kernels);
    },
    cost: (info, resolved, kernels) => {
      const grid = gridOf(info, resolved, kernels);
      const cost = lines.cost(info, onLines(resolved, grid), kernels);
      // Once a frame, not a transmit.
      const made = (COLUMN_POINTS * grid.firsts.length) / resolved.transmits.length;
      return { ...cost, pointsPerRow: cost.pointsPerRow + made };
    },
    make: (workspace, info) => new BetweenLines(offer, lines.make(workspace, info), workspace, info),
  };
  offers.set(lines, offer);
  return offer;
}
