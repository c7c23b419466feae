/**
 * The samples of a filling as rows between zeros, so that filters may read beyond either end. Only samples that are ever filtered are
 * taken; behind the last channel stands a row of zeros, for slots without one.
 *
 *   raw row   | lead zeros | samples first ... first + count - 1 | zeros |
 */
import { type ChannelData, elementCount, type Frame } from "../../../model.ts";
import { sampleType } from "../../sample-types.ts";
import type { Workspace } from "../../workspace.ts";
import type { ChannelRun } from "./filling.ts";
import { oddLines } from "./ring.ts";
import { BLOCK } from "./slabs.ts";

/** Zeros behind a row that a vector may read beyond its last sample. */
const OVERRUN = 48;

export class RawRows {
  readonly #workspace: Workspace;
  readonly #samples: number;
  readonly #elements: number;
  readonly #short: boolean;
  readonly #staged: number;
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
    this.#short = short;
    this.#samples = sampleCount;
    this.#elements = elementCount(info.probe);
    this.#first = Math.max(0, Math.min(sampleCount - 1, first - reach));
    const rawEnd = Math.min(sampleCount, Math.max(this.#first + 1, end + reach + BLOCK));
    this.#count = rawEnd - this.#first;
    this.#lead = Math.max(0, this.#first - (first - reach)) + taps;
    const numbers = this.#lead + this.#count + Math.max(0, end + reach - rawEnd) + taps + 2 * BLOCK + OVERRUN;
    const size = short ? 2 : 4;
    this.#strideBytes = oddLines(numbers * size);
    const bytes = (channels + 1) * this.#strideBytes;
    this.#offset = workspace.take(bytes, 1, "The channel data");
    workspace.u8(this.#offset, bytes).fill(0);
    this.#zeros = this.#offset + channels * this.#strideBytes + (this.#lead - first) * size;
    this.#staged = workspace.take(this.#elements * sampleCount, 4, "The frame");
  }

  /** Address of a sample of a raw row; without a row, of one among zeros. */
  address(row: number | undefined, sample: number): number {
    if (row === undefined) return this.#zeros;
    return (
      this.#offset + row * this.#strideBytes + (this.#lead + sample - this.#first) * (this.#short ? 2 : 4)
    );
  }

  /** Brings `count` channels of a frame in, at most a transmit's. */
  #stage({ samples }: Frame, channel: number, count: number): void {
    const bytes = this.#samples * samples.BYTES_PER_ELEMENT;
    const source = new Uint8Array(samples.buffer, samples.byteOffset + channel * bytes, count * bytes);
    this.#workspace.u8(this.#staged, count * bytes).set(source);
  }

  /** Makes raw rows of the channels of a run. */
  load(frame: Frame, { channel, count, row }: ChannelRun): void {
    const { kernels } = this.#workspace;
    this.#stage(frame, channel, count);
    const rows = this.#short ? kernels.rowsShort : kernels.rowsFloat;
    rows(
      sampleType(frame.samples),
      this.#staged,
      count,
      this.#samples,
      this.#first,
      this.#count,
      this.#offset + row * this.#strideBytes + this.#lead * (this.#short ? 2 : 4),
      this.#strideBytes,
    );
  }

  /** Largest magnitude of the whole transmit that was loaded last; 8-bit samples: the largest there can be. */
  peakLoaded({ samples }: Frame): number {
    if (samples.BYTES_PER_ELEMENT === 1) return 255;
    return this.#workspace.kernels.peakShort(this.#staged, this.#elements * this.#samples);
  }

  /** Largest magnitude of some transmits. */
  peakOf(frame: Frame, transmits: readonly number[]): number {
    let peak = 0;
    for (const transmit of transmits) {
      this.#stage(frame, transmit * this.#elements, this.#elements);
      peak = Math.max(peak, this.peakLoaded(frame));
    }
    return peak;
  }
}
