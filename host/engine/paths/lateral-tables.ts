/**
 * Tables of the lateral path: which pixels hear which elements and when, and when each transmit reaches them. `surveyLateral` looks
 * at all of it and keeps nothing: whether eight neighbours fit into a register, how much memory the tables take, and which samples
 * are needed; `LateralTables` then keeps it.
 */
import type { ChannelData } from "../../model.ts";
import { scanSize } from "../axis.ts";
import { limitsElevation } from "../elevation.ts";
import { ElementTable, PixelGrid } from "../pixel-grid.ts";
import type { FlatChannels } from "../resolve.ts";
import { TransmitDelays } from "../transmit-delays.ts";
import type { Workspace } from "../workspace.ts";

/** Bytes of an entry (assembly/das-lateral.ts). */
export const ENTRY_BYTES = 20;
/** Pixels of a block. */
const LANES = 8;

/** What one geometry asks of the path. */
export interface Survey {
  /** Greatest spread of delays over one block (samples). */
  spread: number;
  /** Least and greatest sample position used, by transmit; least > greatest where a transmit is not used at all. */
  reach: Float64Array<ArrayBuffer>;
  /** Entries of the tables. */
  entries: number;
}

/** What both need: masks, receive paths, a table for the transmit delays of one row of the picture. */
class Geometry {
  readonly grid: PixelGrid;
  readonly elements: ElementTable;
  readonly masks: number;
  readonly transmits: TransmitDelays;
  readonly blocksPerRow: number;
  readonly #workspace: Workspace;
  readonly #spans: number;
  readonly #delays: number;
  readonly #reach: number;
  readonly #count: number;

  constructor(
    workspace: Workspace,
    info: ChannelData,
    resolved: FlatChannels,
    rows: { first: number; end: number },
    sampleRateHz: number,
  ) {
    const { kernels } = workspace;
    const samplesPerMetre = sampleRateHz / resolved.soundSpeedMps;
    const grid = new PixelGrid(workspace, resolved.scan, rows, { lanes: LANES, alongDepth: false });
    const elements = new ElementTable(workspace, info, samplesPerMetre, 0);
    this.masks = workspace.take(elements.count * grid.blocks, 1, "The aperture");
    const ranges = workspace.take(2 * grid.blocks, 2, "The aperture");
    this.#spans = workspace.take(3 * grid.blocks, 8, "The receive paths");
    workspace.fill(() => {
      kernels.apertures(
        grid.exact,
        grid.blocks,
        LANES,
        elements.exact,
        elements.count,
        resolved.fNumber,
        limitsElevation(info),
        this.masks,
        ranges,
      );
      kernels.receiveSpans(
        grid.exact,
        grid.blocks,
        LANES,
        this.masks,
        elements.exact,
        elements.count,
        samplesPerMetre,
        false,
        this.#spans,
      );
    });
    this.#workspace = workspace;
    this.grid = grid;
    this.elements = elements;
    this.blocksPerRow = grid.paddedColumns / LANES;
    this.#count = resolved.transmits.length;
    this.transmits = new TransmitDelays(workspace, info, resolved, sampleRateHz);
    this.#delays = workspace.take(this.#count * grid.paddedColumns, 4, "The transmit delays");
    this.#reach = workspace.take(2 * this.#count + 1, 8, "The transmit delays");
  }

  #clear(): void {
    const reach = this.#workspace.f64(this.#reach, 2 * this.#count + 1).fill(0);
    for (let t = 0; t < this.#count; t++)
      reach.set([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY], 2 * t);
  }

  /** Entries of rows [first, end) in turn; returns what they are and reach. `place`: where to write those of a row, 0: only look. */
  visit(
    { first, end }: { first: number; end: number },
    lastIndex: number,
    groups: number,
    rowBytes: number,
    place: (row: number, entriesBefore: number) => readonly [entries: number, starts: number, tops: number],
  ): Survey {
    this.#clear();
    let entries = 0;
    for (let row = first; row < end; row++) {
      const pixels = this.grid.exact + 16 * row * this.grid.paddedColumns;
      this.transmits.fill(
        { elements: this.elements.exact, elevationM: 0 },
        pixels,
        this.grid.paddedColumns,
        this.#delays,
      );
      entries += this.#workspace.kernels.lateralEntries(
        this.#delays,
        this.blocksPerRow,
        this.#count,
        groups,
        this.#spans + 24 * row * this.blocksPerRow,
        lastIndex,
        rowBytes,
        ...place(row, entries),
        this.#reach,
      );
    }
    const numbers = this.#workspace.f64(this.#reach, 2 * this.#count + 1);
    return { entries, spread: numbers[2 * this.#count], reach: numbers.slice(0, 2 * this.#count) };
  }
}

/**
 * Looks at one geometry at a sample rate, for records whose last sample is number `lastIndex`; leaves the arena as it was. The
 * spread is that of the whole scan, so that threads that make a part of it decide alike; the rest is that of the rows to make.
 * Where one of three rows spreads over more than `mostSpread` samples already, that is all there is to know.
 */
export function surveyLateral(
  workspace: Workspace,
  info: ChannelData,
  resolved: FlatChannels,
  sampleRateHz: number,
  lastIndex: number,
  mostSpread: number,
): Survey {
  const { mark } = workspace;
  const { rows } = scanSize(resolved.scan);
  const geometryOf = (first: number, end: number) =>
    new Geometry(workspace, info, resolved, { first, end }, sampleRateHz);
  const look = (geometry: Geometry, first: number, end: number) =>
    geometry.visit({ first, end }, lastIndex, 1, 0, () => [0, 0, 0]);
  try {
    for (const row of [0, rows >> 1, rows - 1]) {
      const survey = look(geometryOf(row, row + 1), 0, 1);
      workspace.rewind(mark);
      if (survey.spread > mostSpread) return survey;
    }
    const { first, end } = resolved.rows;
    const geometry = geometryOf(0, rows);
    const own = look(geometry, first, end);
    const others = [look(geometry, 0, first), look(geometry, end, rows)];
    return { ...own, spread: Math.max(own.spread, ...others.map(({ spread }) => spread)) };
  } finally {
    workspace.rewind(mark);
  }
}

/** The tables themselves. */
export class LateralTables {
  /** Whether elements are weighed along y as well. */
  readonly elevation: boolean;
  readonly grid: PixelGrid;
  readonly elements: ElementTable;
  readonly blocksPerRow: number;
  /** Groups of transmits that are summed apart: every one, or 1. */
  readonly groups: number;
  readonly models: string;
  /** Offsets in core memory. */
  readonly masks: number;
  readonly pixels: number;
  readonly starts: number;
  readonly tops: number;

  /** `rowBytes`: from one transmit's row of an element to the next one's. */
  constructor(
    workspace: Workspace,
    info: ChannelData,
    resolved: FlatChannels,
    rows: { sampleRateHz: number; lastIndex: number; rowBytes: number },
    survey: Survey,
  ) {
    const geometry = new Geometry(workspace, info, resolved, resolved.rows, rows.sampleRateHz);
    const { grid, blocksPerRow } = geometry;
    this.grid = grid;
    this.elements = geometry.elements;
    this.blocksPerRow = blocksPerRow;
    this.masks = geometry.masks;
    this.models = geometry.transmits.models;
    this.elevation = limitsElevation(info);
    this.pixels = grid.scaled(workspace, rows.sampleRateHz / resolved.soundSpeedMps);
    this.groups = resolved.compound === "coherent" ? 1 : resolved.transmits.length;
    const startsPerRow = blocksPerRow * (this.groups + 1);
    const starts = workspace.take(grid.rows * startsPerRow, 4, "The transmit delays");
    const tops = workspace.take(grid.blocks, 2, "The transmit delays");
    const entries = workspace.take(survey.entries * ENTRY_BYTES, 1, "The transmit delays");
    const made = { first: 0, end: grid.rows };
    workspace.fill(() =>
      geometry.visit(made, rows.lastIndex, this.groups, rows.rowBytes, (row, before) => [
        entries + before * ENTRY_BYTES,
        starts + 4 * row * startsPerRow,
        tops + 2 * row * blocksPerRow,
      ]),
    );
    this.starts = starts;
    this.tops = tops;
  }
}
