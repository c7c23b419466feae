/**
 * Delay-and-sum on a pixel grid, behind the delay tables: receive aperture, interpolator, compounding. Rebuilt when f-number,
 * window, interpolation or compounding change.
 */
import { type ChannelData, elementCount } from "../../model.ts";
import type { DelayTables } from "../delay-tables.ts";
import type { FrameSum } from "../ensemble-path.ts";
import { makeInterpolator, makeSpline } from "../interpolation.ts";
import type { FlatChannels } from "../resolve.ts";
import type { Rows } from "../signal-stage.ts";
import { makeWindow } from "../windows.ts";
import type { Workspace } from "../workspace.ts";
import type { ComplexImage } from "./path.ts";

/** Kernel calls a frame, about: V8 tiers up between calls only, so long work is cut. */
const LEAST_CALLS = 24;
/** Blocks of a column that one call makes. */
const DEPTH_BLOCKS = 16;

/** The sum itself. */
export class DepthSum {
  readonly image: ComplexImage;
  /** How the data reach the pixels, in words. */
  readonly words: string;
  /** What summing many frames at once needs, or why that cannot be. */
  readonly frameSum: FrameSum | string;
  readonly #workspace: Workspace;
  readonly #tables: DelayTables;
  readonly #transmits: number;
  readonly #compound: FlatChannels["compound"];
  readonly #scratch: number;
  readonly #configure: () => void;
  readonly #prepare: () => void = () => {};
  readonly #kernel: Workspace["kernels"]["dasTwoTaps"];

  constructor(
    workspace: Workspace,
    info: ChannelData,
    resolved: FlatChannels,
    tables: DelayTables,
    rows: Rows,
  ) {
    this.#workspace = workspace;
    this.#tables = tables;
    this.#transmits = resolved.transmits.length;
    this.#compound = resolved.compound;
    const { kernels } = workspace;
    const n = elementCount(info.probe);

    const { grid, elements } = tables;
    const window = makeWindow(workspace, resolved.fNumber, resolved.window);
    const ranges = workspace.take(2 * grid.blocks, 2, "The aperture");
    const masks = workspace.take(n * grid.blocks, 1, "The aperture");
    workspace.fill(() =>
      kernels.apertures(
        grid.exact,
        grid.blocks,
        grid.lanes,
        elements.exact,
        n,
        resolved.fNumber,
        masks,
        ranges,
      ),
    );

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
    const turnsPerSample = carrierHz / rows.sampleRateHz;
    const phasors = iq ? makePhasors(workspace, info, resolved, tables, carrierHz, turnsPerSample) : 0;

    const low = interpolator.low;
    const high = Math.min(rows.samples - interpolator.fromEnd, rows.lastIndex);
    const spans = workspace.take(3 * grid.blocks, 8, "The aperture");
    const inside = workspace.take(grid.blocks, 1, "The aperture");
    workspace.fill(() => {
      kernels.receiveSpans(
        grid.exact,
        grid.blocks,
        grid.lanes,
        masks,
        elements.exact,
        n,
        rows.sampleRateHz / resolved.soundSpeedMps,
        spans,
      );
      if (interpolator.nearest) workspace.u8(inside, grid.blocks).fill(0);
      else kernels.insideRecord(tables.delays, grid.blocks, this.#transmits, spans, low, high, inside);
    });

    const realRows = resolved.signal === "rf" && interpolator.kernel === "two-taps";
    const { offset: from, strideBytes: stride } = realRows
      ? makeRealRows(workspace, rows, n * this.#transmits)
      : rows;
    if (realRows)
      this.#prepare = () =>
        kernels.realParts(rows.offset, rows.strideBytes, n * this.#transmits, rows.samples, from, stride);
    const scratch = workspace.take(16, 1, "The image");
    this.#configure = () => {
      kernels.dasRows(from, stride, n * stride, this.#transmits);
      kernels.dasTables(
        tables.pixels,
        tables.delays,
        inside,
        ranges,
        masks,
        elements.scaled,
        n,
        window,
        phasors,
        scratch,
      );
      kernels.dasImage(grid.paddedRows / grid.lanes, strideBytes);
      kernels.dasInterpolation(
        low,
        high,
        interpolator.nearest,
        coefficientTable,
        coefficients.length ? coefficients[0].length - 1 : 0,
        turnsPerSample,
      );
    };
    const [plain, rotating] = {
      "two-taps": [kernels.dasTwoTaps, kernels.dasTwoTapsIq],
      "four-taps": [kernels.dasFourTaps, kernels.dasFourTapsIq],
      "six-taps": [kernels.dasSixTaps, kernels.dasSixTaps],
    }[interpolator.kernel];
    this.#kernel = realRows ? kernels.dasReal : iq ? rotating : plain;

    // Rows of an even number of pixels, not a multiple of 4 KB apart, which would share cache sets.
    let strideBytes = 16 * Math.ceil(grid.columns / 2);
    if (strideBytes % 4096 === 0) strideBytes += 16;
    // Behind the last image there is room for the depths that fill its last blocks.
    const padding = (grid.paddedRows - grid.rows) * strideBytes;
    const bytes = grid.rows * strideBytes;
    const offset = workspace.take(this.images * bytes + padding, 1, "The image");
    this.#scratch = resolved.compound === "incoherent" ? workspace.take(bytes + padding, 1, "The image") : 0;
    this.image = { offset, rows: grid.rows, columns: grid.columns, strideBytes };
    const signal = iq ? "baseband IQ" : resolved.signal === "rf" ? "RF" : "the analytic signal";
    const spline =
      auto && `${auto.degree === 1 ? "linear" : "cubic"} spline at ${auto.upSampling} x the sample rate`;
    const interpolation = spline ?? resolved.interpolation;
    if (resolved.compound !== "coherent")
      this.frameSum = `transmits are summed ${resolved.compound === "none" ? "not at all" : "incoherently"}`;
    else if (interpolator.kernel !== "two-taps" || interpolator.nearest)
      this.frameSum = `interpolation is ${interpolation}`;
    else
      this.frameSum = {
        rows,
        transmits: this.#transmits,
        elements: n,
        blocks: grid.blocks,
        columnBlocks: grid.paddedRows / grid.lanes,
        imageRows: grid.rows,
        pixels: tables.pixels,
        delays: tables.delays,
        ranges,
        masks,
        elementTable: elements.scaled,
        window,
        phases: iq ? makePhases(workspace, info, resolved, carrierHz) : 0,
        low,
        high,
        turnsPerSample: iq ? turnsPerSample : undefined,
      };
    this.words = `delay-and-sum of ${signal}, four depths in lanes, ${interpolation} interpolation, ${tables.models} transmits`;
  }

  /** Number of images behind one another: the transmits when not compounded, else 1. */
  get images(): number {
    return this.#compound === "none" ? this.#transmits : 1;
  }

  run(): void {
    this.#prepare();
    this.#configure();
    const { offset, rows, strideBytes } = this.image;
    const bytes = rows * strideBytes;
    if (this.#compound === "coherent") this.#sum(0, this.#transmits, offset);
    else if (this.#compound === "none")
      for (let t = 0; t < this.#transmits; t++) this.#sum(t, t + 1, offset + t * bytes);
    else {
      this.#workspace.u8(offset, bytes).fill(0);
      for (let t = 0; t < this.#transmits; t++) {
        this.#sum(t, t + 1, this.#scratch);
        this.#workspace.kernels.addMagnitudes(this.#scratch, bytes / 8, offset);
      }
    }
  }

  /** All columns down to a depth before the next depths: their samples are still in the cache. */
  #sum(transmit0: number, transmit1: number, out: number): void {
    const { columns, paddedRows, lanes } = this.#tables.grid;
    const perColumn = paddedRows / lanes;
    const parts = Math.ceil((LEAST_CALLS * DEPTH_BLOCKS) / perColumn);
    const width = Math.ceil(columns / parts);
    for (let depth = 0; depth < perColumn; depth += DEPTH_BLOCKS)
      for (let column = 0; column < columns; column += width)
        this.#kernel(
          column,
          Math.min(columns, column + width),
          depth,
          Math.min(perColumn, depth + DEPTH_BLOCKS),
          transmit0,
          transmit1,
          out,
        );
  }
}

/** Float32 rows for the real parts of complex ones, with a zero behind each. */
function makeRealRows(
  workspace: Workspace,
  { samples }: Rows,
  count: number,
): { offset: number; strideBytes: number } {
  let strideBytes = Math.ceil((4 * (samples + 2)) / 64) * 64;
  // Rows a multiple of 4 KB apart would share cache sets.
  if (strideBytes % 4096 === 0) strideBytes += 64;
  const offset = workspace.take(count * strideBytes, 1, "The channel data");
  workspace.fill(() => workspace.u8(offset, count * strideBytes).fill(0));
  return { offset, strideBytes };
}

/** Phase of the mixer at each transmit's first sample (turns). */
function startTurns(
  info: ChannelData,
  { transmits, demodulation }: FlatChannels,
  carrierHz: number,
): number[] {
  return transmits.map((t) => {
    const { startS, mixerStartS } = info.sequence[t];
    return carrierHz * (demodulation ? startS : (mixerStartS ?? startS));
  });
}

/** The phases alone, float32 turns in [0, 1): what frames in lanes take. */
function makePhases(
  workspace: Workspace,
  info: ChannelData,
  resolved: FlatChannels,
  carrierHz: number,
): number {
  const phases = workspace.take(resolved.transmits.length, 4, "The phases");
  workspace.fill(() =>
    workspace
      .f32(phases, resolved.transmits.length)
      .set(startTurns(info, resolved, carrierHz).map((turns) => turns - Math.floor(turns))),
  );
  return phases;
}

/** How far the carrier has turned when each transmit reaches each pixel. */
function makePhasors(
  workspace: Workspace,
  info: ChannelData,
  resolved: FlatChannels,
  { grid, delays }: DelayTables,
  carrierHz: number,
  turnsPerSample: number,
): number {
  const { transmits } = resolved;
  const phases = workspace.take(transmits.length, 8, "The phases");
  const phasors = workspace.take(2 * grid.count * transmits.length, 4, "The phases");
  workspace.fill(() => {
    workspace.f64(phases, transmits.length).set(startTurns(info, resolved, carrierHz));
    workspace.kernels.delayPhasors(delays, grid.blocks, transmits.length, phases, turnsPerSample, phasors);
  });
  return phasors;
}
