/** The smallest protocol that can lose, resume and obey: "SM", a u16 width, a u32 number, then that many int8. */

import { rotationLines } from "../../../host/geometry/echopen.ts";
import type { Order, Protocol, ProtocolEvent, ProtocolParser } from "../../../host/live/protocol.ts";
import type { LineData } from "../../../host/model.ts";

const HEAD = 8;
const MOST = 4096;

export function smallFrame(number: number, width = 16): Uint8Array {
  const bytes = new Uint8Array(HEAD + width);
  bytes.set([0x53, 0x4d]);
  const view = new DataView(bytes.buffer);
  view.setUint16(2, width, true);
  view.setUint32(4, number, true);
  bytes.fill(number & 0x7f, HEAD);
  return bytes;
}

function infoOf(width: number): LineData {
  return {
    kind: "lines",
    name: `small ${width}`,
    format: "small",
    signal: "envelope",
    frameCount: null,
    soundSpeedMps: 1540,
    warnings: [],
    lines: rotationLines(1, 0.1, 0, 1e-3),
    sampleCount: width,
  };
}

class SmallParser implements ProtocolParser {
  readonly maxBytes = HEAD + MOST;
  #held = new Uint8Array(0);
  #offset = 0;
  #width = 0;
  #first: number | undefined;
  #next: number | undefined;

  get heldBytes(): number {
    return this.#held.length;
  }

  get pending(): boolean {
    return this.#held.length > 0;
  }

  push(chunk: Uint8Array): ProtocolEvent[] {
    const events: ProtocolEvent[] = [];
    const bytes = new Uint8Array(this.#held.length + chunk.length);
    bytes.set(this.#held);
    bytes.set(chunk, this.#held.length);
    const view = new DataView(bytes.buffer);
    let at = 0;
    let skipped = 0;
    while (bytes.length - at >= HEAD) {
      const width = view.getUint16(at + 2, true);
      if (bytes[at] !== 0x53 || bytes[at + 1] !== 0x4d || width < 1 || width > MOST) {
        at++;
        skipped++;
        continue;
      }
      if (bytes.length - at < HEAD + width) break;
      if (skipped) events.push({ kind: "skipped", bytes: skipped, offset: this.#offset });
      skipped = 0;
      const number = view.getUint32(at + 4, true);
      if (width !== this.#width) {
        this.#width = width;
        events.push({ kind: "acquisition", info: infoOf(width) });
      }
      if (this.#next !== undefined && number > this.#next)
        events.push({ kind: "lost", what: "frames", count: number - this.#next, why: "numbers jump" });
      this.#first ??= number;
      this.#next = number + 1;
      const samples = new Int8Array(bytes.buffer.slice(at + HEAD, at + HEAD + width));
      events.push({ kind: "frame", frame: { index: number - this.#first, samples } });
      at += HEAD + width;
    }
    if (skipped) events.push({ kind: "skipped", bytes: skipped, offset: this.#offset });
    this.#offset += at;
    this.#held = bytes.slice(at);
    return events;
  }

  end(): ProtocolEvent[] {
    return [];
  }
}

export const SMALL: Protocol = {
  id: "small",
  name: "Small",
  boundary: "stream",
  parser: () => new SmallParser(),
  controls: [{ id: "gain", kind: "number", min: 0, max: 10, step: 1, unit: "dB", default: 5 }],
  encode: (order: Order) =>
    new TextEncoder().encode(order.kind === "set" ? `${order.control}=${order.value}` : order.kind),
};
