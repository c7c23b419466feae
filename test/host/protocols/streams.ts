/** Streams in pieces: the same events however they are cut. */
import * as assert from "uvu/assert";
import type { Protocol, ProtocolEvent } from "../../../host/live/protocol.ts";
import type { Frame } from "../../../host/model.ts";
import { cut, random } from "../formats/make.ts";

/** What a new parser says to these chunks, the end included. */
export function eventsOf(protocol: Protocol, chunks: Iterable<Uint8Array>): ProtocolEvent[] {
  const parser = protocol.parser();
  const events: ProtocolEvent[] = [];
  for (const chunk of chunks) {
    events.push(...parser.push(chunk));
    assert.ok(parser.heldBytes <= parser.maxBytes, `holds ${parser.heldBytes} of ${parser.maxBytes} bytes`);
  }
  events.push(...parser.end());
  return events;
}

/** The events of a stream, which are the same whole, byte by byte and in random chunks. */
export function sameForAnyChunks(protocol: Protocol, bytes: Uint8Array): ProtocolEvent[] {
  const whole = eventsOf(protocol, [bytes]);
  const again = (chunks: Iterable<Uint8Array>, how: string) => {
    const events = eventsOf(protocol, chunks);
    assert.is(events.length, whole.length, how);
    // Deep equality of large frames is slow: their samples are compared as bytes.
    events.forEach((event, k) => {
      const other = whole[k];
      if (event.kind !== "frame" || other.kind !== "frame") assert.equal(event, other, how);
      else {
        assert.equal({ ...event.frame, samples: 0 }, { ...other.frame, samples: 0 }, how);
        assert.ok(sameBytes(event.frame.samples, other.frame.samples), `${how}: frame ${event.frame.index}`);
      }
    });
  };
  again(
    cut(bytes, () => 1),
    "byte by byte",
  );
  for (const seed of [1, 2, 3]) {
    const next = random(seed);
    again(
      cut(bytes, () => next() ** 3 * 8000),
      `random chunks ${seed}`,
    );
  }
  return whole;
}

export function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  return Buffer.from(a.buffer, a.byteOffset, a.byteLength).equals(
    Buffer.from(b.buffer, b.byteOffset, b.byteLength),
  );
}

export const framesOf = (events: readonly ProtocolEvent[]): Frame[] =>
  events.flatMap((event) => (event.kind === "frame" ? [event.frame] : []));

export function lostOf(events: readonly ProtocolEvent[], what: "frames" | "lines" | "messages"): number {
  return events.reduce(
    (sum, event) => sum + (event.kind === "lost" && event.what === what ? (event.count ?? 0) : 0),
    0,
  );
}

export const skippedOf = (events: readonly ProtocolEvent[]): number =>
  events.reduce((sum, event) => sum + (event.kind === "skipped" ? event.bytes : 0), 0);

export const infosOf = (events: readonly ProtocolEvent[]) =>
  events.flatMap((event) => (event.kind === "acquisition" ? [event.info] : []));
