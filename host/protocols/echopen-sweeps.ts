/** Lines of a sweeping probe, gathered into frames. A frame ends with its last line, or where the sweep turns back. */
import { follow, type RecordEvent } from "./echopen-records.ts";

/** One pass of the probe: samples by line number - 1, undefined where the line did not arrive. */
export type Sweep = (Int16Array | Uint8Array | undefined)[];

export class SweepAssembler {
  readonly #lines: number;
  #sweep: Sweep | undefined;
  /** Lines of the sweep that are here; all of them: it has been given out. */
  #present = 0;
  #previous = 0;
  #direction = 0;

  constructor(lines: number) {
    this.#lines = lines;
  }

  /** Bytes of the lines that wait for their frame to be complete. */
  get heldBytes(): number {
    return this.#sweep?.reduce((sum, line) => sum + (line?.byteLength ?? 0), 0) ?? 0;
  }

  /** Whether a frame has begun and is not complete. */
  get pending(): boolean {
    return this.#sweep !== undefined && this.#present < this.#lines;
  }

  /** The frame that this event completes, if it does. */
  push(event: RecordEvent): Sweep | undefined {
    if (event.kind === "gap") return undefined;
    let done: Sweep | undefined;
    const { line } = event;
    // Once, at the end that the sweep goes to, a line is sent again because it turns; else it only came twice.
    const end = this.#direction < 0 ? 1 : this.#lines;
    const turns =
      (line === 1 || line === this.#lines) && (this.#direction === 0 || line === end || !this.pending);
    if (this.#sweep && line === this.#previous && !turns) return undefined;
    const step = Math.sign(line - this.#previous);
    const continues = this.#sweep && step !== 0 && (this.#direction === 0 || step === this.#direction);
    if (continues) this.#direction = step;
    else {
      done = this.pending ? this.#sweep : undefined;
      // After a turn the direction is known: from the repeated end, or because it was turned before the line was seen.
      this.#direction = this.#sweep
        ? (follow(this.#previous, 0, line, this.#lines) ?? step)
        : this.#startDirection(line);
      this.#sweep = new Array<undefined>(this.#lines).fill(undefined);
      this.#present = 0;
    }
    this.#previous = line;
    if (!this.#sweep) return done;
    this.#sweep[line - 1] = event.samples;
    this.#present++;
    return this.pending ? done : this.#sweep;
  }

  /** The last frame, as far as it came. */
  end(): Sweep | undefined {
    const last = this.pending ? this.#sweep : undefined;
    this.#sweep = undefined;
    return last;
  }

  #startDirection(line: number): number {
    if (line === 1) return 1;
    return line === this.#lines ? -1 : 0;
  }
}
