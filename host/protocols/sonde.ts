/** Sonde's own stream (sonde-stream.md), live: any device that speaks it is understood without a driver. */
import type { Protocol, ProtocolEvent } from "../live/protocol.ts";
import { rolling } from "./a-scans.ts";
import { MarkedStream } from "./marked-stream.ts";
import type { ProtocolOptions } from "./options.ts";
import { MOST_CONFIGURATION_BYTES } from "./sonde-acquisition.ts";
import { frameFrom, SondeDecoder } from "./sonde-decoder.ts";
import { DEFAULT_MOST_PAYLOAD_BYTES, HEADER_BYTES, messageIn, TIME_OF_ARRIVAL } from "./sonde-messages.ts";
import { sondeScanner } from "./sonde-scanner.ts";

class SondeParser extends MarkedStream {
  readonly #decoder = new SondeDecoder();
  /** Frames of this connection so far, lost ones too: those of the device may be many when it is joined. */
  #index = 0;

  constructor(mostPayloadBytes: number) {
    super(sondeScanner(mostPayloadBytes), HEADER_BYTES + mostPayloadBytes + 8, MOST_CONFIGURATION_BYTES);
  }

  protected override get ownBytes(): number {
    return this.#decoder.heldBytes;
  }

  protected override message(bytes: Uint8Array, offset: number, events: ProtocolEvent[]): void {
    const { header, payload } = messageIn(bytes);
    for (const event of this.#decoder.take(header, payload, bytes.length, offset))
      if (event.kind === "sound-frame")
        events.push({
          kind: "frame",
          frame: frameFrom(event.header, event.payload, this.#index++),
          ...(event.header.flags & TIME_OF_ARRIVAL ? { timed: false } : {}),
        });
      else {
        // Of an unknown number, at least one.
        if (event.kind === "lost" && event.what === "frames") this.#index += event.count ?? 1;
        events.push(event);
      }
  }
}

/** The protocol `sonde`. Options used: `maxMessageBytes`; `lines` where A-scans come. */
export function sondeProtocol(options: ProtocolOptions = {}): Protocol {
  return {
    id: "sonde",
    name: "Sonde stream",
    boundary: "stream",
    parser: () => {
      const most = options.maxMessageBytes ?? DEFAULT_MOST_PAYLOAD_BYTES;
      return rolling(new SondeParser(most), options.lines, most);
    },
  };
}
