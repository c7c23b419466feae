/** What parsers of marked messages share: the queue, the search, and the account of bytes that belong to nothing. */
import type { ProtocolEvent, ProtocolParser } from "../live/protocol.ts";
import { ByteQueue } from "./byte-queue.ts";
import { MarkedScanner, type Marking } from "./marked-scanner.ts";

/** Bytes taken from a chunk at once: bounds what is held however large the chunk is. */
const PIECE_BYTES = 2 ** 16;

export abstract class MarkedStream implements ProtocolParser {
  readonly maxBytes: number;
  readonly #queue = new ByteQueue();
  readonly #scanner: MarkedScanner;
  /** Stream offset of the queue's first byte, and bytes before it that belong to nothing. */
  #offset = 0;
  #skipped = 0;
  /** Why the stream cannot be gone on with, when events before it were to be given first. */
  #failure: unknown;

  /** `mostMessageBytes`: what `marking.sizeOf` says at most. `mostOwnBytes`: what the protocol itself holds at most. */
  constructor(marking: Marking | MarkedScanner, mostMessageBytes: number, mostOwnBytes: number) {
    this.#scanner = marking instanceof MarkedScanner ? marking : new MarkedScanner(marking);
    this.maxBytes = 2 * (mostMessageBytes + PIECE_BYTES) + mostOwnBytes;
  }

  /** Takes a sound message, a view, that began at byte `offset` of the stream. */
  protected abstract message(bytes: Uint8Array, offset: number, events: ProtocolEvent[]): void;

  /**
   * Offered the bytes between messages, in pieces; true: they are understood. `rejected`: they begin what looked like a
   * message and is damaged.
   */
  protected outside(_bytes: Uint8Array, _rejected: boolean, _events: ProtocolEvent[]): boolean {
    return false;
  }

  /** What the protocol can still say at the end. */
  protected finish(_events: ProtocolEvent[]): void {}

  /** Bytes that the protocol itself holds. */
  protected get ownBytes(): number {
    return 0;
  }

  get heldBytes(): number {
    return this.#queue.capacity + this.ownBytes;
  }

  push(chunk: Uint8Array): ProtocolEvent[] {
    if (this.#failure !== undefined) throw this.#failure;
    const events: ProtocolEvent[] = [];
    try {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        this.#queue.append(chunk.subarray(at, at + PIECE_BYTES));
        this.#advance(events, false);
      }
    } catch (error) {
      if (events.length === 0) throw error;
      this.#failure = error;
    }
    return events;
  }

  end(): ProtocolEvent[] {
    const events: ProtocolEvent[] = [];
    try {
      if (this.#failure !== undefined) throw this.#failure;
      this.#advance(events, true);
    } catch (error) {
      events.push({ kind: "text", text: (error as Error).message });
      this.#skip(this.#queue.length);
    }
    this.#report(events);
    this.finish(events);
    return events;
  }

  #advance(events: ProtocolEvent[], ended: boolean): void {
    for (;;) {
      const found = this.#scanner.next(this.#queue.view(), ended);
      if (found.kind === "wait") return;
      const bytes = this.#queue.view().subarray(0, found.bytes);
      if (found.kind === "message") {
        this.#report(events);
        const offset = this.#offset;
        this.#drop(found.bytes);
        this.message(bytes, offset, events);
      } else if (this.outside(bytes, found.rejected, events)) this.#drop(found.bytes);
      else this.#skip(found.bytes);
    }
  }

  #drop(bytes: number): void {
    this.#queue.drop(bytes);
    this.#offset += bytes;
  }

  #skip(bytes: number): void {
    this.#drop(bytes);
    this.#skipped += bytes;
  }

  #report(events: ProtocolEvent[]): void {
    if (this.#skipped > 0)
      events.push({ kind: "skipped", bytes: this.#skipped, offset: this.#offset - this.#skipped });
    this.#skipped = 0;
  }
}
