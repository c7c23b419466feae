/**
 * Delay-and-sum on a pixel grid, behind the delay tables: receive aperture, interpolator, compounding. Rebuilt when f-number,
 * window, interpolation or compounding change.
 */
import { type ChannelData, elementCount } from "../../model.ts";
import type { DelayTables } from "../delay-tables.ts";
import { limitsElevation } from "../elevation.ts";
import type { FrameSum } from "../ensemble-path.ts";
import { makeInterpolator, makeSpline } from "../interpolation.ts";
import type { FlatChannels } from "../resolve.ts";
import type { Rows } from "../signal-stage.ts";
import { makeWindow } from "../windows.ts";
import type { Workspace } from "../workspace.ts";
import type { ComplexImage } from "./path.ts";

/** Kernel calls a frame, about: V8 tiers up between calls only, so long work is cut. */
const LEAST_CALLS = 24;
/** Blocks of a column that one call makes; one of volumes, whose many channels' samples would not stay in the cache otherwise. */
const DEPTH_BLOCKS = 16;
/**
 * Rows, one an element and transmit, that all pixels of a block's depths of a volume are summed over before the next ones: some hundred kilobytes,
 * on few enough pages. Three times as fast as pixel by pixel for 1024 elements and nine transmits.
 */
const ROWS_OF_VOLUMES = 288;

/** What differs from plane to plane: places in core memory. */
interface PlaneSum {
  delays: number;
  inside: number;
  ranges: number;
  masks: number;
  elements: number;
  phasors: number;
}

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
  readonly #elements: number;
  readonly #compound: FlatChannels["compound"];
  readonly #scratch: number;
  readonly #planes: readonly PlaneSum[];
  readonly #configure: () => void;
  readonly #configurePlane: (plane: PlaneSum, firstElement: number, endElement: number) => void;
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
    this.#elements = n;

    const { grid } = tables;
    const elevation = limitsElevation(info);
    const window = makeWindow(workspace, resolved.fNumber, resolved.window, elevation);

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

    const low = interpolator.low;
    const high = Math.min(rows.samples - interpolator.fromEnd, rows.lastIndex);
    const spans = workspace.take(3 * grid.blocks, 8, "The aperture");
    const phases = iq ? workspace.take(this.#transmits, 8, "The phases") : 0;
    if (iq)
      workspace.fill(() => workspace.f64(phases, this.#transmits).set(startTurns(info, resolved, carrierHz)));
    this.#planes = tables.planes.map(({ elements, delays }) => {
      const ranges = workspace.take(2 * grid.blocks, 2, "The aperture");
      const masks = workspace.take(n * grid.blocks, 1, "The aperture");
      const inside = workspace.take(grid.blocks, 1, "The aperture");
      const phasors = iq ? workspace.take(2 * grid.count * this.#transmits, 4, "The phases") : 0;
      workspace.fill(() => {
        const blocks = [grid.exact, grid.blocks, grid.lanes] as const;
        kernels.apertures(...blocks, elements.exact, n, resolved.fNumber, elevation, masks, ranges);
        const samplesPerMetre = rows.sampleRateHz / resolved.soundSpeedMps;
        kernels.receiveSpans(...blocks, masks, elements.exact, n, samplesPerMetre, true, spans);
        if (interpolator.nearest) workspace.u8(inside, grid.blocks).fill(0);
        else kernels.insideRecord(delays, grid.blocks, this.#transmits, spans, low, high, inside);
        // How far the carrier has turned when each transmit reaches each pixel.
        if (iq) kernels.delayPhasors(delays, grid.blocks, this.#transmits, phases, turnsPerSample, phasors);
      });
      return { delays, inside, ranges, masks, elements: elements.scaled, phasors };
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
      kernels.dasImage(grid.paddedRows / grid.lanes, this.#planes.length * strideBytes);
      kernels.dasInterpolation(
        low,
        high,
        interpolator.nearest,
        coefficientTable,
        coefficients.length ? coefficients[0].length - 1 : 0,
        turnsPerSample,
      );
    };
    this.#configurePlane = ({ delays, inside, ranges, masks, elements, phasors }, ...run) =>
      kernels.dasTables(
        tables.pixels,
        delays,
        inside,
        ranges,
        masks,
        elements,
        n,
        window,
        phasors,
        scratch,
        ...run,
      );
    const [plain, rotating] = {
      "two-taps": [kernels.dasTwoTaps, kernels.dasTwoTapsIq],
      "four-taps": [kernels.dasFourTaps, kernels.dasFourTapsIq],
      "six-taps": [kernels.dasSixTaps, kernels.dasSixTaps],
    }[interpolator.kernel];
    this.#kernel = realRows ? kernels.dasReal : iq ? rotating : plain;

    // Rows of an even number of pixels, not a multiple of 4 KB apart, which would share cache sets.
    let strideBytes = 16 * Math.ceil(grid.columns / 2);
    if (strideBytes % 4096 === 0) strideBytes += 16;
    // Planes lie behind one another in each depth. Behind the last image there is room for the depths that fill its last blocks.
    const imageRows = this.#planes.length * grid.rows;
    const padding = this.#planes.length * (grid.paddedRows - grid.rows) * strideBytes;
    const bytes = imageRows * strideBytes;
    const offset = workspace.take(this.images * bytes + padding, 1, "The image");
    this.#scratch = resolved.compound === "incoherent" ? workspace.take(bytes + padding, 1, "The image") : 0;
    this.image = { offset, rows: imageRows, columns: grid.columns, strideBytes };
    const signal = iq ? "baseband IQ" : resolved.signal === "rf" ? "RF" : "the analytic signal";
    const spline =
      auto && `${auto.degree === 1 ? "linear" : "cubic"} spline at ${auto.upSampling} x the sample rate`;
    const interpolation = spline ?? resolved.interpolation;
    const [plane, ...others] = this.#planes;
    if (others.length > 0) this.frameSum = "the pixels fill a volume";
    else if (resolved.compound !== "coherent")
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
        delays: plane.delays,
        ranges: plane.ranges,
        masks: plane.masks,
        elementTable: plane.elements,
        window,
        phases: iq ? makePhases(workspace, info, resolved, carrierHz) : 0,
        low,
        high,
        turnsPerSample: iq ? turnsPerSample : undefined,
        short: iq && resolved.arithmetic === "int16",
      };
    const numbers16 = resolved.arithmetic === "int16" ? ", float32 but for ensembles" : "";
    this.words = `delay-and-sum of ${signal}, four depths in lanes, ${interpolation} interpolation, ${tables.models} transmits${numbers16}`;
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

  /**
   * All columns down to a depth before the next depths: their samples are still in the cache. Of a volume, all planes, run by run of
   * elements.
   */
  #sum(transmit0: number, transmit1: number, out: number): void {
    const { paddedRows, lanes } = this.#tables.grid;
    const perColumn = paddedRows / lanes;
    const elements = this.#elements;
    const [plane, ...others] = this.#planes;
    if (others.length === 0) {
      this.#configurePlane(plane, 0, elements);
      for (let depth = 0; depth < perColumn; depth += DEPTH_BLOCKS)
        this.#sumColumns(depth, Math.min(perColumn, depth + DEPTH_BLOCKS), transmit0, transmit1, out);
      return;
    }
    const run = Math.max(1, Math.round(ROWS_OF_VOLUMES / (transmit1 - transmit0)));
    for (let depth = 0; depth < perColumn; depth++)
      for (let first = 0; first < elements; first += run)
        this.#planes.forEach((one, k) => {
          this.#configurePlane(one, first, Math.min(elements, first + run));
          this.#sumColumns(depth, depth + 1, transmit0, transmit1, out + k * this.image.strideBytes);
        });
  }

  /** The blocks [depth, end) of every column of a plane. */
  #sumColumns(depth: number, end: number, transmit0: number, transmit1: number, out: number): void {
    const { columns, paddedRows, lanes } = this.#tables.grid;
    const calls = (paddedRows / lanes / (end - depth)) * this.#planes.length;
    const width = Math.ceil(columns / Math.ceil(LEAST_CALLS / calls));
    for (let column = 0; column < columns; column += width)
      this.#kernel(column, Math.min(columns, column + width), depth, end, transmit0, transmit1, out);
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
