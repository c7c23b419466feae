/** Delay-and-sum of the lateral path, behind its tables: window, compounding, and the order of the work. */
import type { FlatChannels } from "../resolve.ts";
import type { ShortRows } from "../short-rows.ts";
import { makeWindow } from "../windows.ts";
import type { Workspace } from "../workspace.ts";
import { ENTRY_BYTES, type LateralTables } from "./lateral-tables.ts";
import type { ComplexImage } from "./path.ts";

/** Weights are whole 1 / 512 (assembly/das-lateral.ts). */
const WEIGHT_SCALE = 512;
/** Bytes of a block in the tile's sums, and in the image. */
const BLOCK_BYTES = 64;
/** A tile's entries and sums stay in the second-level cache while elements come and go: bytes. */
const TILE_BYTES = 65536;
const MOST_TILE_BLOCKS = 512;
/** Neighbouring depths of a tile read neighbouring samples. */
const TILE_ROWS = 8;
/** Kernel calls a frame, at least: V8 tiers up between calls only. */
const LEAST_CALLS = 24;

/** The sum itself. */
export class LateralSum {
  readonly image: ComplexImage;
  readonly #workspace: Workspace;
  readonly #tables: LateralTables;
  readonly #compound: FlatChannels["compound"];
  readonly #scratch: number;
  readonly #tileRows: number;
  readonly #tileBlocks: number;
  readonly #configure: () => void;
  readonly #kernel: Workspace["kernels"]["dasLateral"];

  constructor(workspace: Workspace, resolved: FlatChannels, tables: LateralTables, rows: ShortRows) {
    const { kernels } = workspace;
    const { grid, elements, blocksPerRow, groups } = tables;
    this.#workspace = workspace;
    this.#tables = tables;
    this.#compound = resolved.compound;
    const window = makeWindow(workspace, resolved.fNumber, resolved.window, tables.elevation);

    const entryBytes = (ENTRY_BYTES * resolved.transmits.length) / groups + BLOCK_BYTES;
    const inTile = Math.max(1, Math.min(MOST_TILE_BLOCKS, Math.floor(TILE_BYTES / entryBytes)));
    this.#tileRows = Math.min(TILE_ROWS, grid.rows, inTile, Math.ceil(grid.rows / LEAST_CALLS));
    this.#tileBlocks = Math.min(blocksPerRow, Math.max(1, Math.floor(inTile / this.#tileRows)));
    const tile = workspace.take(this.#tileRows * this.#tileBlocks * BLOCK_BYTES, 1, "The image");
    this.#configure = () => {
      kernels.lateralRows(rows.offset, rows.elementBytes, rows.partBytes);
      kernels.lateralTables(
        tables.pixels,
        tables.masks,
        tables.starts,
        groups,
        blocksPerRow,
        elements.scaled,
        elements.count,
        window,
        tables.tops,
        tile,
      );
    };
    this.#kernel = resolved.signal === "rf" ? kernels.dasLateral : kernels.dasLateralComplex;

    const bytes = grid.rows * blocksPerRow * BLOCK_BYTES;
    const offset = workspace.take(this.images * bytes, 1, "The image");
    this.#scratch = resolved.compound === "incoherent" ? workspace.take(bytes, 1, "The image") : 0;
    this.image = {
      offset,
      rows: grid.rows,
      columns: grid.columns,
      strideBytes: blocksPerRow * BLOCK_BYTES,
    };
  }

  /** Number of images behind one another: the transmits when not compounded, else 1. */
  get images(): number {
    return this.#compound === "none" ? this.#tables.groups : 1;
  }

  /** `rowScale`: what the rows are multiplied by. */
  run(rowScale: number): void {
    this.#configure();
    const scale = 1 / (WEIGHT_SCALE * rowScale);
    const { offset, rows, strideBytes } = this.image;
    const { groups } = this.#tables;
    if (this.#compound !== "incoherent") {
      for (let g = 0; g < groups; g++) this.#sum(g, scale, offset + g * rows * strideBytes);
      return;
    }
    this.#workspace.u8(offset, rows * strideBytes).fill(0);
    for (let g = 0; g < groups; g++) {
      this.#sum(g, scale, this.#scratch);
      this.#workspace.kernels.addMagnitudes(this.#scratch, (rows * strideBytes) / 8, offset);
    }
  }

  #sum(group: number, scale: number, out: number): void {
    const { rows } = this.image;
    const { blocksPerRow } = this.#tables;
    for (let r = 0; r < rows; r += this.#tileRows)
      for (let b = 0; b < blocksPerRow; b += this.#tileBlocks)
        this.#kernel(
          group,
          r,
          Math.min(rows, r + this.#tileRows),
          b,
          Math.min(blocksPerRow, b + this.#tileBlocks),
          scale,
          out,
        );
  }
}
