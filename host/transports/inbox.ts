/**
 * Between an event that brings bytes and the one reader that takes them:
 *
 *   push -> | oldest | ... | newest | -> chunks()      at most maxBytes wait
 *
 * Where the sender can be held back (TCP), `onFull` and `onDrained` do that; where it cannot, the oldest whole chunks go,
 * and are counted.
 */
import type { SondeError } from "../errors.ts";
import type { Dropped } from "../live/transport.ts";

/** Bytes that may wait for a reader: a second of the fastest probe over USB 2. */
export const DEFAULT_WAITING_BYTES = 16 * 2 ** 20;

/** How an inbox is bounded. */
export interface InboxOptions {
  /** Bytes that may wait. Default 16 MiB. One chunk larger than that still waits, alone. */
  maxBytes?: number;
  /** More than half of `maxBytes` waits: hold the sender back. Called once, until `onDrained`. */
  onFull?(): void;
  /** Less than a quarter waits again. */
  onDrained?(): void;
}

export class Inbox {
  readonly dropped: Dropped = { chunks: 0, bytes: 0 };
  readonly #options: InboxOptions;
  readonly #maxBytes: number;
  #waiting: Uint8Array[] = [];
  /** First of `#waiting` that is not taken yet: a queue without moving it up at every step. */
  #first = 0;
  #bytes = 0;
  #full = false;
  #over = false;
  #error: SondeError | undefined;
  #wake: (() => void) | undefined;

  constructor(options: InboxOptions = {}) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? DEFAULT_WAITING_BYTES;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a chunk, which must stay as it is. After the end it is thrown away. */
  push(chunk: Uint8Array): void {
    if (this.#over || chunk.length === 0) return;
    this.#waiting.push(chunk);
    this.#bytes += chunk.length;
    while (this.#bytes > this.#maxBytes && this.#waiting.length - this.#first > 1) {
      this.dropped.chunks++;
      this.dropped.bytes += this.#take().length;
    }
    if (!this.#full && this.#bytes > this.#maxBytes / 2) {
      this.#full = true;
      this.#options.onFull?.();
    }
    this.#rouse();
  }

  /** No more comes; what waits can still be read. */
  end(): void {
    this.#over = true;
    this.#rouse();
  }

  /** The sender was lost; what waits can still be read, then reading throws. */
  fail(error: SondeError): void {
    if (this.#over) return;
    this.#over = true;
    this.#error = error;
    this.#rouse();
  }

  /** Ends at once: what waits is forgotten. */
  close(): void {
    this.#over = true;
    this.#error = undefined;
    this.#waiting = [];
    this.#first = 0;
    this.#bytes = 0;
    this.#rouse();
  }

  /** The chunks in their order. */
  async *chunks(): AsyncIterableIterator<Uint8Array> {
    for (;;) {
      while (this.#first < this.#waiting.length) {
        const chunk = this.#take();
        if (this.#full && this.#bytes < this.#maxBytes / 4) {
          this.#full = false;
          this.#options.onDrained?.();
        }
        yield chunk;
      }
      if (this.#error) throw this.#error;
      if (this.#over) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #take(): Uint8Array {
    const chunk = this.#waiting[this.#first++];
    this.#bytes -= chunk.length;
    // Moved up when at least half is spent: as many steps as chunks in all.
    if (this.#first * 2 >= this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#first);
      this.#first = 0;
    }
    return chunk;
  }

  #rouse(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
