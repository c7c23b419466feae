/**
 * What a device's bytes mean. A parser is a pure state machine: the same bytes give the same events however they are cut
 * into chunks; after damage it finds its way back by itself and tells what was lost; it never holds more than `maxBytes`.
 */
import type { Acquisition, Frame } from "../model.ts";
import type { Boundary } from "./transport.ts";

/** What a stream said, in its order. */
export type ProtocolEvent =
  /** What the frames that follow are: geometry and sample type. First of all, and again whenever it changes. */
  | { kind: "acquisition"; info: Acquisition }
  /**
   * One frame; `index` counts from 0 and skips what is known to be lost. `timed` is false where its time is not the device's own, or
   * its clock was set anew: it does not tell then how long the frame waited.
   */
  | { kind: "frame"; frame: Frame; timed?: false }
  /** Something is missing. `count`: how many of `what`, undefined when it cannot be known. */
  | { kind: "lost"; what: "frames" | "lines" | "messages"; count: number | undefined; why: string }
  /** Bytes that belong to nothing, from byte `offset` of the stream. */
  | { kind: "skipped"; bytes: number; offset: number }
  /** How the device does, as far as it says. */
  | { kind: "status"; status: DeviceStatus }
  /** A line or message of text for people. */
  | { kind: "text"; text: string }
  /** Something the protocol carries beside frames (a tracker's pose, say), with its own name. */
  | {
      kind: "message";
      type: string;
      device: string;
      timeS: number;
      content: unknown;
      /** What the sender said of this message beside its content, text by name. */
      metadata?: Readonly<Record<string, string>>;
    };

/** What a device tells of itself. Absent: it did not. */
export interface DeviceStatus {
  state?: string;
  /** 0 to 1. */
  battery?: number;
  temperatureC?: number;
  /** Samples or lines that hit the ends of the converter. */
  saturated?: boolean;
  /** Frames the device itself dropped since it started. */
  droppedByDevice?: number;
}

export interface ProtocolParser {
  /** Most bytes it ever holds between two calls, whatever arrives. */
  readonly maxBytes: number;
  /** Bytes it holds now: its buffers, at their full size. */
  readonly heldBytes: number;
  /** Whether a frame that has begun waits for more bytes: after a silence it is an old one. Absent: frames come at once. */
  readonly pending?: boolean;
  /** @throws SondeError `corrupt-file` when the stream cannot be gone on with: the link must be opened anew */
  push(chunk: Uint8Array): ProtocolEvent[];
  /** What can still be said when no more bytes come. Never throws. */
  end(): ProtocolEvent[];
}

/** An order that a person gives to a device; which ones there are is the protocol's to say. */
export type Order =
  | { kind: "start" }
  | { kind: "stop" }
  | { kind: "set"; control: string; value: number | string };

/** A setting that the device obeys. */
export type DeviceControl =
  | { id: string; kind: "number"; min: number; max: number; step: number; unit: string; default: number }
  | { id: string; kind: "choice"; choices: readonly string[]; default: string };

/** What a device does for the orders in some bytes. */
export interface HeardOrders {
  /** What it answers. */
  replies: Uint8Array[];
  /** It sends frames from now on, or none. Absent: as before. */
  going?: boolean;
  /** Frames that it sends once, though it is not going. */
  once?: number;
}

/** The device's side: frames to bytes, for simulated devices and for tests. */
export interface ProtocolWriter {
  /** What the device says once, when a receiver connects. */
  start(): Uint8Array[];
  /** One frame, as messages or datagrams in their order. @throws SondeError `bad-option` for one the protocol cannot carry */
  frame(frame: Frame): Uint8Array[];
  /** Takes bytes from the receiver. Absent: the device takes no orders. */
  hear?(bytes: Uint8Array): HeardOrders;
  /** What the device says when it is done. */
  end?(): Uint8Array[];
}

export interface Protocol {
  /** As on the command line: `echopen-e2`. */
  readonly id: string;
  /** For people: "echOpen E2 (2017)". */
  readonly name: string;
  readonly boundary: Boundary;
  parser(): ProtocolParser;
  /** What the device obeys; absent: it only speaks. Nothing is ever sent without a person's order. */
  readonly controls?: readonly DeviceControl[];
  /** The bytes of an order. @throws SondeError `bad-option` for one this protocol has not, or a value out of range */
  encode?(order: Order): Uint8Array;
  /** Whether the device does something after this order until it is told `stop`. Absent: after `start` alone. */
  starts?(order: Order): boolean;
}
