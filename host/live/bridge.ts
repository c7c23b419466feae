/**
 * What a bridge and a page say to each other over a WebSocket. The bridge reaches the device for the page; the page parses.
 *
 * Bridge to page, text messages, JSON with the field `sonde`:
 *
 *   hello    first of all: version 1, protocol and boundary as on the bridge's command line
 *   open     the device is reached, with its name; its bytes follow
 *   failed   the device was not reached: code and sentence; the bridge closes
 *   dropped  how many whole chunks, and bytes, the page was too slow for since `open`
 *   lost     the device went away: reason and sentence; the bridge closes
 *   ended    the device closed in order; the bridge closes
 *   taken    another page took the device over; the bridge closes, and the page does not come back by itself
 *
 * Bridge to page, binary messages, little-endian, each one chunk or datagram of the device:
 *
 *   | u32 sequence | u32 0 | f64 time (ms, the bridge's clock) | bytes ... |
 *   0              4       8                                   16
 *
 * Page to bridge: text `{"sonde":"ack","sequence":n}`, all up to n are taken; binary: bytes for the device, which
 * only a person's order sends. One WebSocket is one connection to the device: to reconnect, the page opens another.
 */
import type { Boundary, DeviceName } from "./transport.ts";

export const BRIDGE_VERSION = 1;
/** Bytes before the device's own in a binary message. */
export const BRIDGE_HEADER_BYTES = 16;

/** A text message of the bridge. */
export type BridgeMessage =
  | { sonde: "hello"; version: number; protocol: string; boundary: Boundary }
  | { sonde: "open"; device: DeviceName }
  | { sonde: "failed"; message: string; final: boolean }
  | { sonde: "dropped"; chunks: number; bytes: number }
  | { sonde: "lost"; reason: string; message: string }
  | { sonde: "ended" }
  | { sonde: "taken" };

/** The fields of each message, and what they are. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hello: { version: "number", protocol: "string", boundary: "string" },
  open: { device: "object" },
  failed: { message: "string", final: "boolean" },
  dropped: { chunks: "number", bytes: "number" },
  lost: { reason: "string", message: "string" },
  ended: {},
  taken: {},
};

function hasFields(value: object, fields: Readonly<Record<string, string>>): boolean {
  return Object.entries(fields).every(([name, type]) => typeof Reflect.get(value, name) === type);
}

function isMessage(message: Record<string, unknown>): boolean {
  const kind = message["sonde"];
  if (typeof kind !== "string" || !Object.hasOwn(FIELDS, kind) || !hasFields(message, FIELDS[kind]))
    return false;
  const { boundary, device } = message;
  if (kind === "hello") return boundary === "stream" || boundary === "datagram";
  return (
    kind !== "open" || (device !== null && hasFields(device as object, { name: "string", via: "string" }))
  );
}

/** Longest text message that is read at all. */
const LONGEST_TEXT = 4096;

/** The message in a text, or undefined when it is none: what answers at an address need not be a bridge. */
export function bridgeMessage(text: string): BridgeMessage | undefined {
  if (text.length > LONGEST_TEXT || !text.startsWith('{"sonde":')) return undefined;
  try {
    const message = JSON.parse(text) as Record<string, unknown>;
    return isMessage(message) ? (message as unknown as BridgeMessage) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A chunk of the device as a binary message. */
export function bridgeChunk(sequence: number, timeMs: number, chunk: Uint8Array): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(BRIDGE_HEADER_BYTES + chunk.length);
  const view = new DataView(message.buffer);
  view.setUint32(0, sequence, true);
  view.setFloat64(8, timeMs, true);
  message.set(chunk, BRIDGE_HEADER_BYTES);
  return message;
}

/** A binary message taken apart, without a copy; undefined when it is too short to be one. */
export function chunkOf(
  message: ArrayBuffer,
): { sequence: number; timeMs: number; chunk: Uint8Array<ArrayBuffer> } | undefined {
  if (message.byteLength <= BRIDGE_HEADER_BYTES) return undefined;
  const view = new DataView(message);
  return {
    sequence: view.getUint32(0, true),
    timeMs: view.getFloat64(8, true),
    chunk: new Uint8Array(message, BRIDGE_HEADER_BYTES),
  };
}

/** What a page says of the messages it took. */
export function acknowledgement(sequence: number): string {
  return `{"sonde":"ack","sequence":${sequence}}`;
}

/** The sequence number in an acknowledgement, or undefined when it is none. */
export function acknowledged(text: string): number | undefined {
  const found = /^\{"sonde":"ack","sequence":(\d{1,10})\}$/.exec(text);
  return found ? Number(found[1]) : undefined;
}
