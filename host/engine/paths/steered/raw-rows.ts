/**
 * The samples of a filling as rows between zeros, so that filters may read beyond either end. Only samples that are ever filtered are
 * taken; behind the last channel stands a row of zeros, for slots without one.
 *
 *   raw row   | lead zeros | samples first ... first + count - 1 | zeros |
 */
import type { ChannelData } from "../../../model.ts";
import { CORE_TYPES } from "../../sample-types.ts";
import type { Workspace } from "../../workspace.ts";
import type { ChannelRun } from "./filling.ts";
import { oddLines } from "./ring.ts";
import { BLOCK } from "./slabs.ts";
import type { StagedFrame } from "./staged-frame.ts";

/** Zeros behind a row that a vector may read beyond its last sample. */
const OVERRUN = 48;

export class RawRows {
  readonly #workspace: Workspace;
  readonly #samples: number;
  readonly #short: boolean;
  readonly #staged: StagedFrame;
  readonly #offset: number;
  readonly #strideBytes: number;
  readonly #first: number;
  readonly #count: number;
  readonly #lead: number;
  /** Where a row of zeros is read. */
  readonly #zeros: number;

  /** channels: most rows at a time; filtered: samples [first, end) that `taps` taps are read about, `reach` to either side. */
  constructor(
    workspace: Workspace,
    staged: StagedFrame,
    info: ChannelData,
    channels: number,
    filtered: { first: number; end: number },
    reach: number,
    taps: number,
    short: boolean,
  ) {
    const { first, end } = filtered;
    const { sampleCount } = info;
    this.#workspace = workspace;
    this.#staged = staged;
    this.#short = short;
    this.#samples = sampleCount;
    this.#first = Math.max(0, Math.min(sampleCount - 1, first - reach));
    const rawEnd = Math.min(sampleCount, Math.max(this.#first + 1, end + reach + BLOCK));
    this.#count = rawEnd - this.#first;
    this.#lead = Math.max(0, this.#first - (first - reach)) + taps;
    const numbers = this.#lead + this.#count + Math.max(0, end + reach - rawEnd) + taps + 2 * BLOCK + OVERRUN;
    const size = short ? 2 : 4;
    this.#strideBytes = oddLines(numbers * size);
    const bytes = (channels + 1) * this.#strideBytes;
    this.#offset = workspace.take(bytes, 1, "The channel data");
    workspace.fill(() => workspace.u8(this.#offset, bytes).fill(0));
    this.#zeros = this.#offset + channels * this.#strideBytes + (this.#lead - first) * size;
  }

  /** Address of a sample of a raw row; without a row, of one among zeros. */
  address(row: number | undefined, sample: number): number {
    if (row === undefined) return this.#zeros;
    return (
      this.#offset + row * this.#strideBytes + (this.#lead + sample - this.#first) * (this.#short ? 2 : 4)
    );
  }

  /** Makes raw rows of the channels of a run from the frame that is staged. */
  load({ channel, count, row }: ChannelRun): void {
    const { kernels } = this.#workspace;
    const { type } = this.#staged;
    const rows = this.#short ? kernels.rowsShort : kernels.rowsFloat;
    rows(
      type,
      this.#staged.channel(channel, CORE_TYPES[type].bytes),
      count,
      this.#samples,
      this.#first,
      this.#count,
      this.#offset + row * this.#strideBytes + this.#lead * (this.#short ? 2 : 4),
      this.#strideBytes,
    );
  }
}
