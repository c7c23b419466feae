/**
 * The ring of steered rows: one row a time step, the channels of the array side by side so that a block of positions reads them as
 * they lie.
 *
 *   ring row   | part 0                                                        | part 1 (imaginary) ...
 *   part       | pad | zeros | row 0 of channels | row 1 | ... | zeros | pad |
 *   row        | residue 0: columns 0, s, 2 s, ... | zeros | residue 1: columns 1, 1 + s, ... | zeros | ...    s = step
 *
 * Words of 4 bytes. A block may read past either end of a residue: there are zeros, at least as many as a block is wide.
 */
import { SondeError } from "../../../errors.ts";
import type { Workspace } from "../../workspace.ts";
import { BLOCK, type SlabWindow } from "./slabs.ts";
import { LARGEST_RING_ROW } from "./steering.ts";

/** Most rows of the ring: the core multiplies its number in 16 bits, and keeps positions in 1/65536 of a row. */
const LARGEST_RING = 32768;
/** Least rows. */
const SMALLEST_RING = 256;
/** Groups of four slots that are filtered together, and words of a cache line, which they fill. */
export const TEAM = 4;
const LINE_WORDS = 16;
const LINE_BYTES = 64;
/** Words beside the elements of a ring row that a block of positions may reach. */
const WIDEST_BLOCK = 32;

/** What stands in the ring. */
export interface RingShape {
  /** Channels along x, and rows of them. */
  columns: number;
  rows: number;
  /** Columns from one position of a pixel class to the next. */
  step: number;
  /** Rows that a neighbour's channel stands further on than that of the neighbour before it. */
  skew: number;
  /** Most positions of a class. */
  positions: number;
  /** Rows of zeros before the first and behind the last row of channels. */
  guardRows: number;
  parts: 1 | 2;
  upSampling: number;
}

/** A place in a ring row; columns outside 0 to columns - 1 are zeros. */
export interface Slot {
  column: number;
  row: number;
}

/** Bytes from row to row of a table: whole cache lines, and an odd number of them, so that neighbouring rows never share their sets. */
export function oddLines(bytes: number): number {
  const lines = Math.ceil(bytes / LINE_BYTES);
  return LINE_BYTES * (lines % 2 === 0 ? lines + 1 : lines);
}

/** Where everything stands in the ring, and the ring in core memory. */
export class Ring {
  readonly offset: number;
  /** A power of two. */
  readonly rows: number;
  readonly strideBytes: number;
  readonly partBytes: number;
  /** From one row of channels to the next. */
  readonly rowBytes: number;
  /** Slots that are filtered together, four by four, in whole teams. */
  readonly groups: readonly (readonly Slot[])[];
  readonly #pad: number;
  readonly #guardRows: number;
  readonly #planeWords: number;
  readonly #step: number;

  /** @throws SondeError `out-of-memory` when a slab reads more rows than the core can number, or the plan grows too large */
  constructor(workspace: Workspace, shape: RingShape, windows: readonly SlabWindow[]) {
    const { columns, step, positions, guardRows, parts, upSampling } = shape;
    const window = Math.max(0, ...windows.map(({ from, to }) => to - from));
    let rows = SMALLEST_RING;
    while (rows < window + upSampling * (BLOCK + 8 + BLOCK)) rows *= 2;
    if (rows > LARGEST_RING)
      throw new SondeError(
        "out-of-memory",
        `beamform.path "steered" would hold ${window} steered rows at once, over ${LARGEST_RING}: choose path "depth" or a larger f-number`,
      );
    this.rows = rows;
    this.#step = step;
    this.#pad = LINE_WORDS * Math.ceil((Math.min(WIDEST_BLOCK, positions) + 4) / LINE_WORDS);
    this.#planeWords = LINE_WORDS * Math.ceil(columns / step / LINE_WORDS) + this.#pad;
    this.rowBytes = 4 * this.#planeWords * step;
    this.#guardRows = guardRows;
    this.partBytes = this.rowBytes * (shape.rows + 2 * guardRows) + 4 * this.#pad;
    this.strideBytes = oddLines(parts * this.partBytes);
    if (this.strideBytes > LARGEST_RING_ROW)
      throw new SondeError(
        "out-of-memory",
        `beamform.path "steered" would hold rows of ${this.strideBytes} bytes for ${columns} x ${shape.rows} channels, over ${LARGEST_RING_ROW}: sum fewer elements or signal "rf"`,
      );
    this.groups = this.#slots(shape);
    // Taps that fill a run up to four weigh nothing, but are read: up to three neighbours on.
    const bytes = (rows + 1) * this.strideBytes + 3 * shape.skew * this.rowBytes;
    this.offset = workspace.take(bytes, 1, "The steered rows");
    workspace.fill(() => workspace.u8(this.offset, bytes).fill(0));
  }

  /** Byte offset in a part of a ring row. */
  place(column: number, row: number): number {
    const step = this.#step;
    const residue = ((column % step) + step) % step;
    return (
      (this.#guardRows + row) * this.rowBytes +
      4 * (this.#pad + residue * this.#planeWords + Math.floor(column / step))
    );
  }

  #slots({ columns, rows, step }: RingShape): Slot[][] {
    const slots: Slot[][] = [];
    const lanes = [0, 1, 2, 3];
    for (let row = 0; row < rows; row++)
      for (let residue = 0; residue < step; residue++)
        for (let column = residue; column < columns; column += 4 * step)
          slots.push(lanes.map((lane) => ({ column: column + lane * step, row })));
    // Teams are filled up with zeros that go to the zeros before the first element.
    while (slots.length % TEAM !== 0) slots.push(lanes.map(() => ({ column: -this.#pad * step, row: 0 })));
    return slots;
  }
}
