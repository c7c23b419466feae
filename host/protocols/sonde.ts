/** Sonde's own stream (sonde-stream.md), live: any device that speaks it is understood without a driver. */
import type { Protocol, ProtocolEvent, ProtocolParser } from "../live/protocol.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { ProtocolOptions } from "./options.ts";
import { MOST_CONFIGURATION_BYTES } from "./sonde-acquisition.ts";
import { frameFrom, SondeDecoder } from "./sonde-decoder.ts";
import { DEFAULT_MOST_PAYLOAD_BYTES, HEADER_BYTES } from "./sonde-messages.ts";
import { SondeScanner } from "./sonde-scanner.ts";

/** Bytes taken from a chunk at once: bounds what is held however large the chunk is. */
const PIECE_BYTES = 2 ** 16;

class SondeParser implements ProtocolParser {
  readonly maxBytes: number;
  readonly #queue = new ByteQueue();
  readonly #scanner: SondeScanner;
  readonly #decoder = new SondeDecoder();
  /** Stream offset of the queue's first byte, and bytes before it that belong to nothing. */
  #offset = 0;
  #skipped = 0;

  constructor(mostPayloadBytes: number) {
    this.#scanner = new SondeScanner(mostPayloadBytes);
    this.maxBytes = 2 * (HEADER_BYTES + mostPayloadBytes + 8 + PIECE_BYTES) + MOST_CONFIGURATION_BYTES;
  }

  get heldBytes(): number {
    return this.#queue.capacity + this.#decoder.heldBytes;
  }

  push(chunk: Uint8Array): ProtocolEvent[] {
    const events: ProtocolEvent[] = [];
    for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
      this.#queue.append(chunk.subarray(at, at + PIECE_BYTES));
      this.#advance(events, false);
    }
    return events;
  }

  end(): ProtocolEvent[] {
    const events: ProtocolEvent[] = [];
    try {
      this.#advance(events, true);
    } catch (error) {
      events.push({ kind: "text", text: (error as Error).message });
    }
    this.#skip(this.#queue.length);
    this.#report(events);
    return events;
  }

  #advance(events: ProtocolEvent[], ended: boolean): void {
    for (;;) {
      const found = this.#scanner.next(this.#queue.view(), ended);
      if (found.kind === "wait") return;
      if (found.kind === "skip") {
        this.#skip(found.bytes);
        continue;
      }
      this.#report(events);
      const { header, payload, bytes } = found;
      for (const event of this.#decoder.take(header, payload, bytes, this.#offset))
        events.push(
          event.kind === "sound-frame"
            ? { kind: "frame", frame: frameFrom(event.header, event.payload) }
            : event,
        );
      this.#queue.drop(bytes);
      this.#offset += bytes;
    }
  }

  #skip(bytes: number): void {
    this.#queue.drop(bytes);
    this.#offset += bytes;
    this.#skipped += bytes;
  }

  #report(events: ProtocolEvent[]): void {
    if (this.#skipped > 0)
      events.push({ kind: "skipped", bytes: this.#skipped, offset: this.#offset - this.#skipped });
    this.#skipped = 0;
  }
}

/** The protocol `sonde`. Options used: `maxMessageBytes`. */
export function sondeProtocol(options: ProtocolOptions = {}): Protocol {
  return {
    id: "sonde",
    name: "Sonde stream",
    boundary: "stream",
    parser: () => new SondeParser(options.maxMessageBytes ?? DEFAULT_MOST_PAYLOAD_BYTES),
  };
}
