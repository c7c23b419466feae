/** What a live source is to its users: the newest frames, the state of the link, orders, and all that happens. */
import type { Acquisition, Frame } from "../model.ts";
import type { FrameRange, Source } from "../source.ts";
import type { LiveStatistics } from "./meter.ts";
import type { DeviceControl, Order, ProtocolEvent } from "./protocol.ts";
import type { Boundary, DeviceName } from "./transport.ts";

/** How the way to the device does. */
export type LinkState =
  /** Being opened for the first time. */
  | "connecting"
  /** Open, and no frame lately: not yet, or what comes is not understood. */
  | "waiting"
  /** Frames come. */
  | "live"
  /** Open, and not a byte came for half a second; for up to a second from devices with few frames. */
  | "silent"
  /** Lost; the next try is under way or waits for its time. */
  | "reconnecting"
  /** Lost, and it does not come back by itself: `why` says what to do. */
  | "lost"
  /** `close()` was called. */
  | "closed";

/** The state of the link, as data for people and programs. */
export interface LinkReport {
  readonly state: LinkState;
  /** What is at the other end, once it was reached. */
  readonly device?: DeviceName;
  /** Since when, on the clock of `performance.now()` (ms). */
  readonly sinceMs: number;
  /** Why it is lost or tried again, in a sentence. */
  readonly why?: string;
  /** In one word, where known: `unplugged`, `transfer`, `closed`, `taken`, `silent`, `error`. */
  readonly reason?: string;
  /** Failed tries since frames last came. */
  readonly failures: number;
  /** Time from this report to the next try (ms), while it waits for it. */
  readonly retryInMs?: number;
}

/**
 * What happens: the link's own events, bytes, and all that the protocol says, every frame among it, late ones and those
 * that no consumer took too: what a recorder needs. Frames are numbered over all connections.
 */
export type LiveEvent =
  | { kind: "link"; link: LinkReport }
  /** The geometry is another one now: `info` has changed, and a plan of the old one must not get new frames. */
  | { kind: "reconfigured"; info: Acquisition }
  /** Bytes as they came, before they are looked at: for recorders. `generation` counts connections from 1. */
  | { kind: "chunk"; bytes: Uint8Array; atMs: number; generation: number; boundary: Boundary }
  /** A person's order was sent to the device. */
  | { kind: "order"; order: Order }
  | ProtocolEvent;

/** How the link is kept. */
export interface LiveOptions {
  /** Whether a lost device is tried again. Default true. */
  reconnect?: boolean;
  /** Silence after which the link is called silent, and age after which a frame is not live, 100 to 10000 ms. Default 500. */
  silentMs?: number;
  /** Is told of the link from the first try on, before `connect` has resolved. */
  onLink?(link: LinkReport): void;
}

/** A live source with a device behind it. A source has it when `"link" in source`. */
export interface LiveSource extends Source {
  /** As of the last frame given on. */
  readonly info: Acquisition;
  readonly link: LinkReport;
  /** Counts and rates up to now. */
  readonly statistics: LiveStatistics;
  /** Which protocol it speaks. */
  readonly protocol: { readonly id: string; readonly name: string };
  /** What the device obeys; empty: it only speaks. */
  readonly controls: readonly DeviceControl[];
  /** Whether it can be started and stopped by `order`. */
  readonly obeys: boolean;
  /** What a person told it to do until it is stopped, in the order it was said; empty: it was told nothing, or has been stopped. */
  readonly going: readonly Order[];
  /** Tells of everything that happens; what a listener throws is reported. @returns a function that ends it */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /**
   * Gives a person's order to the device; resolves when it is sent. After `start`, or another order that sets it going, a
   * `stop` follows by itself when the page is hidden or frozen, on `close()`, and when a link that broke is open again.
   * @throws SondeError `bad-option` for an order the protocol has not; `device-lost` while there is no link: a stop that is owed
   *   then follows by itself
   */
  order(order: Order): Promise<void>;
  /**
   * The frames from now on, the newest for a consumer that is slow. Goes on over reconnections. A change of geometry ends it with
   * `device-lost` and the field `reason: "reconfigured"`: make a plan for the new `info` and call it again.
   * @throws SondeError `device-lost` when the device does not come back by itself
   */
  frames(range?: FrameRange): AsyncIterableIterator<Frame>;
}
