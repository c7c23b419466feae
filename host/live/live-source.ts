/**
 * A transport and a protocol as a live source: bytes in, the newest frame out, and a link that comes back by itself.
 *
 *   connecting -> waiting -> live <-> silent          one connection
 *        ^           |         |         |
 *        |           +---------+---------+--> reconnecting -> (connecting)
 *        +-- open failed: reconnecting           |
 *                                                +--> lost: no use, or not wanted, to try again
 *
 * A frame counts as live only while it is young: what waited on its way or for its consumer longer than half a second is
 * counted, and not given on. Nothing is ever sent to the device but a person's order.
 */
import { isSondeError, SondeError } from "../errors.ts";
import type { Acquisition, Frame } from "../model.ts";
import type { FrameRange, Source } from "../source.ts";
import { atMost, reasonOf } from "../transports/failures.ts";
import { LiveMeter, type LiveStatistics } from "./meter.ts";
import type { DeviceControl, Order, Protocol, ProtocolEvent, ProtocolParser } from "./protocol.ts";
import { sleep } from "./sleep.ts";
import type { Boundary, DeviceName, Link, Transport } from "./transport.ts";

/** How the way to the device does. */
export type LinkState =
  /** Being opened for the first time. */
  | "connecting"
  /** Open, and no frame lately: not yet, or what comes is not understood. */
  | "waiting"
  /** Frames come. */
  | "live"
  /** Open, and not a byte came for half a second. */
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
  /** In one word, where known: `unplugged`, `transfer`, `closed`, `taken`, `error`. */
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
  /** Tells of everything that happens; what a listener throws is reported. @returns a function that ends it */
  subscribe(listener: (event: LiveEvent) => void): () => void;
  /**
   * Gives a person's order to the device; resolves when it is sent. After `start`, or another order that sets it going, a
   * `stop` follows by itself when the page is hidden or frozen, and on `close()`.
   * @throws SondeError `bad-option` for an order the protocol has not; `device-lost` while there is no link
   */
  order(order: Order): Promise<void>;
  /**
   * The frames from now on, the newest for a consumer that is slow. Goes on over reconnections. A change of geometry ends it with
   * `device-lost` and the field `reason: "reconfigured"`: make a plan for the new `info` and call it again.
   * @throws SondeError `device-lost` when the device does not come back by itself
   */
  frames(range?: FrameRange): AsyncIterableIterator<Frame>;
}

const DEFAULT_SILENT_MS = 500;
/** How often the link is looked at (ms). */
const JUDGE_MS = 100;
/** Wait before the first new try, doubled at every failure (ms), and its greatest value: soon, and after a minute. */
const RETRY_MS = 100;
const MOST_RETRY_MS = 500;
const MOST_LATE_RETRY_MS = 5000;
const SOON_MS = 60_000;
/** Part by which a wait is longer or shorter, so that many pages do not come back together. */
const JITTER = 0.2;
/** Without a frame for so long the link is not live, whatever bytes come (ms, and frame periods). */
const FRAMELESS_MS = 1000;
const FRAMELESS_PERIODS = 3;
/** How long a last order may take when the source is closed (ms). */
const LAST_ORDER_MS = 250;

/** Wait before the next try (ms). */
export function retryDelayMs(failures: number, lostForMs: number, random: number): number {
  const most = lostForMs < SOON_MS ? MOST_RETRY_MS : MOST_LATE_RETRY_MS;
  let wait = RETRY_MS;
  for (let k = 1; k < failures && wait < most; k++) wait *= 2;
  return Math.min(most, wait) * (1 + JITTER * (2 * random - 1));
}

/** Whether two acquisitions can share a plan: everything alike but names and remarks. */
export function sameGeometry(one: Acquisition, other: Acquisition): boolean {
  return geometryText(one) === geometryText(other);
}

function geometryText(info: Acquisition): string {
  const { name: _name, warnings: _warnings, frameCount: _count, frameRateHz: _rate, ...rest } = info;
  return JSON.stringify(rest, (_key, value: unknown) =>
    ArrayBuffer.isView(value)
      ? [...(value as Float64Array)]
      : typeof value === "number"
        ? String(value)
        : value,
  );
}

interface Consumer {
  frame: Frame | undefined;
  arrivedAtMs: number;
  over: "ended" | SondeError | undefined;
  wake: (() => void) | undefined;
}

/** See `LiveSource`. */
export class LinkedSource implements LiveSource {
  readonly live = true;
  readonly #transport: Transport;
  readonly #protocol: Protocol;
  readonly #options: LiveOptions;
  readonly #silentMs: number;
  readonly #meter = new LiveMeter();
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  readonly #consumers = new Set<Consumer>();
  readonly #closing = new AbortController();
  #info: Acquisition | undefined;
  #link: LinkReport;
  #open: Link | undefined;
  #generation = 0;
  #failures = 0;
  #lostAtMs = 0;
  #lastByteMs = 0;
  /** When the newest bytes reached this computer: before that, by what they waited at a bridge. */
  #receivedAtMs = 0;
  /** The frame that ends next began before a silence. */
  #interrupted = false;
  #lastFrameMs = Number.NEGATIVE_INFINITY;
  /** Index of the first frame of this connection, and of the next frame at all. */
  #firstIndex = 0;
  #nextIndex = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Why the device is lost for good. */
  #end: SondeError | undefined;
  #endedInOrder = false;
  /** A person started the device: it is to be stopped when nobody looks any more. */
  #started = false;
  readonly #onHide = (event: Event) => {
    const { visibilityState } = (event.target ?? {}) as { visibilityState?: string };
    if (event.type !== "visibilitychange" || visibilityState === "hidden") void this.#stopDevice();
  };

  /** Begins to connect at once. */
  constructor(transport: Transport, protocol: Protocol, options: LiveOptions = {}) {
    const { silentMs = DEFAULT_SILENT_MS } = options;
    if (!(silentMs >= 100 && silentMs <= 10_000))
      throw new SondeError("bad-option", `silentMs is ${silentMs}: it must be from 100 to 10000`, {
        fields: { silentMs },
      });
    this.#transport = transport;
    this.#protocol = protocol;
    this.#options = options;
    this.#silentMs = silentMs;
    this.#link = { state: "connecting", sinceMs: performance.now(), failures: 0 };
    void this.#run();
  }

  get info(): Acquisition {
    if (!this.#info)
      throw new SondeError(
        "missing-data",
        `${this.#transport.name} has not said yet what it sends: await ready() first`,
      );
    return this.#info;
  }

  get link(): LinkReport {
    return this.#link;
  }

  get statistics(): LiveStatistics {
    return this.#meter.statistics(performance.now(), this.#open?.dropped);
  }

  get protocol(): { readonly id: string; readonly name: string } {
    return this.#protocol;
  }

  get controls(): readonly DeviceControl[] {
    return this.#protocol.controls ?? [];
  }

  get obeys(): boolean {
    return this.#protocol.encode !== undefined;
  }

  subscribe(listener: (event: LiveEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Resolves when the device has said what it sends.
   * @param waitMs how long that may take
   * @throws SondeError `not-found` when the device was not reached, `missing-data` when it said nothing understood,
   *   `aborted`, or what made it useless to go on
   */
  ready(waitMs: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", look);
        stopListening();
        act();
      };
      const look = () => {
        const { state, why } = this.#link;
        if (this.#info) settle(resolve);
        else if (signal?.aborted) settle(() => reject(aborted(this.#transport.name)));
        else if (state === "lost")
          settle(() => reject(this.#end ?? new SondeError("not-found", why ?? "the device was lost")));
        else if (state === "closed") settle(() => reject(aborted(this.#transport.name)));
      };
      const stopListening = this.subscribe(look);
      const timer =
        waitMs < 2 ** 31 ? setTimeout(() => settle(() => reject(this.#notReady(waitMs))), waitMs) : undefined;
      signal?.addEventListener("abort", look, { once: true });
      look();
    });
  }

  async *frames({ signal }: FrameRange = {}): AsyncIterableIterator<Frame> {
    const { state } = this.#link;
    if (state === "closed" || signal?.aborted) return;
    if (state === "lost") {
      if (this.#end) throw this.#end;
      return;
    }
    const consumer: Consumer = { frame: undefined, arrivedAtMs: 0, over: undefined, wake: undefined };
    const stop = () => {
      consumer.over = "ended";
      consumer.frame = undefined;
      consumer.wake?.();
    };
    signal?.addEventListener("abort", stop, { once: true });
    this.#consumers.add(consumer);
    try {
      for (;;) {
        const { frame, over } = consumer;
        consumer.frame = undefined;
        if (frame && performance.now() - consumer.arrivedAtMs <= this.#silentMs) yield frame;
        else if (frame) this.#meter.stale();
        else if (over === "ended") return;
        else if (over) throw over;
        else
          await new Promise<void>((resolve) => {
            consumer.wake = resolve;
          });
      }
    } finally {
      this.#consumers.delete(consumer);
      signal?.removeEventListener("abort", stop);
    }
  }

  frame(index: number): Promise<Frame> {
    return Promise.reject(
      new SondeError("bad-option", `Frame ${index} cannot be asked of a live source: iterate over frames()`, {
        fields: { index },
      }),
    );
  }

  async order(order: Order): Promise<void> {
    const { encode, name } = this.#protocol;
    if (!encode)
      throw new SondeError("bad-option", `${name} has no orders: "${order.kind}" cannot be given`, {
        fields: { order: order.kind },
      });
    // Before the order is encoded: a protocol takes what it encoded for said.
    if (!this.#open)
      throw new SondeError(
        "device-lost",
        `There is no link to ${this.#transport.name}: wait until it is connected`,
        {
          fields: { device: this.#transport.name },
        },
      );
    const bytes = encode.call(this.#protocol, order);
    // Before it is sent: it may arrive though the sending is told to have failed.
    if (this.#protocol.starts?.(order) ?? order.kind === "start") this.#watchPage(true);
    await this.#open.write(bytes);
    if (order.kind === "stop") this.#watchPage(false);
  }

  close(): void {
    if (this.#closing.signal.aborted) return;
    const open = this.#open;
    const lastOrder = this.#stopDevice();
    this.#closing.abort();
    clearInterval(this.#timer);
    this.#set({ state: "closed" });
    this.#endConsumers("ended");
    this.#listeners.clear();
    if (open) void atMost(LAST_ORDER_MS, lastOrder).then(() => open.close());
  }

  #notReady(waitMs: number): SondeError {
    const { why } = this.#link;
    const seconds = waitMs / 1000;
    const { name } = this.#transport;
    if (!this.#generation)
      return new SondeError("not-found", why ?? `${name} could not be reached within ${seconds} s`, {
        fields: { device: name },
      });
    const { bytes } = this.#meter.statistics(performance.now());
    const heard = bytes
      ? `said ${bytes} bytes that are no ${this.#protocol.name}; is it the right protocol?`
      : "said nothing; is it switched on?";
    return new SondeError("missing-data", `${name} ${heard} (${seconds} s)`, {
      fields: { device: name, bytes },
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      let error: SondeError | undefined;
      try {
        const link = await this.#transport.open(signal);
        if (signal.aborted) {
          await link.close();
          return;
        }
        await this.#read(link);
      } catch (thrown) {
        error = isSondeError(thrown)
          ? thrown
          : new SondeError("internal", `The link failed unexpectedly: ${String(thrown)}`, { cause: thrown });
      }
      if (signal.aborted) return;
      if (!(await this.#mayRetry(error))) return;
    }
  }

  /** Waits for the time of the next try. False: there is none. */
  async #mayRetry(error: SondeError | undefined): Promise<boolean> {
    const now = performance.now();
    if (this.#failures++ === 0) this.#lostAtMs = now;
    const why = error?.message ?? `${this.#transport.name} closed the connection`;
    const reason = String(error?.fields["reason"] ?? (error ? "error" : "closed"));
    const isFinal =
      error?.fields["final"] === true || error?.code === "internal" || error?.code === "bad-option";
    if (isFinal || this.#options.reconnect === false) {
      // A stream that ended in order and cannot be opened again has ended.
      const inOrder = !error || (isFinal && error.code === "not-found" && this.#endedInOrder);
      this.#end = inOrder
        ? undefined
        : new SondeError("device-lost", why, { cause: error, fields: error?.fields });
      this.#set({ state: "lost", why, reason });
      this.#endConsumers(this.#end ?? "ended");
      return false;
    }
    this.#endedInOrder = !error;
    const retryInMs = retryDelayMs(this.#failures, now - this.#lostAtMs, Math.random());
    this.#set({ state: "reconnecting", why, reason, retryInMs });
    await sleep(retryInMs, this.#closing.signal);
    return !this.#closing.signal.aborted;
  }

  async #read(link: Link): Promise<void> {
    const { name, boundary } = this.#protocol;
    if (boundary === "datagram" && link.boundary === "stream") {
      await link.close();
      throw new SondeError(
        "bad-option",
        `${name} comes in datagrams: reach the device by udp://, not by ${link.device.via}`,
        {
          fields: { device: this.#transport.name, final: true },
        },
      );
    }
    const parser = this.#protocol.parser();
    this.#open = link;
    if (this.#generation++ && this.#info) {
      const gap = { kind: "lost", what: "frames", count: undefined, why: "the link was lost" } as const;
      this.#meter.event(gap);
      this.#tell(gap);
    }
    this.#firstIndex = this.#nextIndex;
    this.#lastByteMs = performance.now();
    this.#interrupted = false;
    this.#meter.connected();
    this.#set({ state: "waiting", device: link.device });
    this.#timer = setInterval(() => this.#judge(), JUDGE_MS);
    try {
      for await (const chunk of link.chunks()) {
        if (this.#closing.signal.aborted) return;
        this.#take(chunk, link, parser);
      }
      if (this.#closing.signal.aborted) return;
      const old = performance.now() - this.#lastByteMs > this.#silentMs;
      for (const event of parser.end()) this.#handle(event, old);
    } finally {
      clearInterval(this.#timer);
      this.#meter.disconnected(link.dropped);
      this.#open = undefined;
      // On closing, a last order may still be on its way.
      if (!this.#closing.signal.aborted) await link.close();
    }
  }

  #take(chunk: Uint8Array, link: Link, parser: ProtocolParser): void {
    const now = performance.now();
    if (parser.pending && now - this.#lastByteMs > this.#silenceMs()) this.#interrupted = true;
    this.#lastByteMs = now;
    this.#receivedAtMs = now - (link.ageMs ?? 0);
    this.#meter.bytes(chunk.length, now);
    if (this.#listeners.size)
      this.#tell({
        kind: "chunk",
        bytes: chunk,
        atMs: now,
        generation: this.#generation,
        boundary: link.boundary,
      });
    const old = (link.ageMs ?? 0) > this.#silentMs;
    for (const event of this.#understand(parser, chunk)) {
      this.#handle(event, old || this.#interrupted);
      if (event.kind === "frame") this.#interrupted = false;
    }
    if (this.#link.state === "silent") this.#set({ state: "waiting", device: link.device });
  }

  /** A parser that fails may have met a stream that it cannot read: the next connection may bring another. */
  #understand(parser: ProtocolParser, chunk: Uint8Array): ProtocolEvent[] {
    try {
      return parser.push(chunk);
    } catch (error) {
      if (isSondeError(error)) throw error;
      throw new SondeError(
        "corrupt-file",
        `What ${this.#transport.name} sent could not be read as ${this.#protocol.name} (${reasonOf(error)}): it is connected again`,
        { cause: error, fields: { device: this.#transport.name } },
      );
    }
  }

  /** A pause between bytes after which a frame that spans it is not live: longer for devices with few frames. */
  #silenceMs(): number {
    const periodMs = this.#periodMs();
    return Math.max(this.#silentMs, periodMs > 0 ? FRAMELESS_PERIODS * periodMs : 0);
  }

  /** Time between frames (ms); NaN while it is not known. */
  #periodMs(): number {
    return 1000 / (this.#info?.frameRateHz ?? this.#meter.frameRateHz);
  }

  /** `old`: the bytes waited on their way longer than a live picture may. */
  #handle(event: ProtocolEvent, old: boolean): void {
    if (event.kind === "frame") {
      this.#give(event.frame, old);
      return;
    }
    if (event.kind === "acquisition") {
      this.#configure(event.info);
      return;
    }
    this.#meter.event(event);
    this.#tell(event);
  }

  #configure(info: Acquisition): void {
    const before = this.#info;
    // The same object as long as nothing differs: whoever has a plan for it need not look further.
    if (before && sameGeometry(before, info)) return;
    this.#info = info;
    this.#tell({ kind: "acquisition", info });
    if (!before) return;
    this.#endConsumers(
      new SondeError(
        "device-lost",
        `${this.#transport.name} changed its geometry: make a plan for the new one`,
        {
          fields: { device: this.#transport.name, reason: "reconfigured" },
        },
      ),
    );
    this.#tell({ kind: "reconfigured", info });
  }

  #give(frame: Frame, old: boolean): void {
    const now = performance.now();
    const numbered = { ...frame, index: this.#firstIndex + frame.index, receivedAtMs: this.#receivedAtMs };
    this.#nextIndex = Math.max(this.#nextIndex, numbered.index + 1);
    this.#tell({ kind: "frame", frame: numbered });
    if (old) {
      this.#meter.stale();
      return;
    }
    this.#lastFrameMs = now;
    this.#failures = 0;
    this.#meter.frame(now);
    for (const consumer of this.#consumers) {
      if (consumer.over) continue;
      if (consumer.frame) this.#meter.replaced();
      consumer.frame = numbered;
      consumer.arrivedAtMs = now;
      this.#rouse(consumer);
    }
    if (this.#link.state !== "live") this.#set({ state: "live", device: this.#open?.device });
  }

  #rouse(consumer: Consumer): void {
    const { wake } = consumer;
    consumer.wake = undefined;
    wake?.();
  }

  /** What waits is still given on, then the iteration ends. */
  #endConsumers(how: "ended" | SondeError): void {
    for (const consumer of this.#consumers) {
      consumer.over ??= how;
      if (how === "ended" && this.#link.state === "closed") consumer.frame = undefined;
      this.#rouse(consumer);
    }
  }

  /** Looks whether the device still speaks. */
  #judge(): void {
    const now = performance.now();
    const device = this.#open?.device;
    const { state } = this.#link;
    if (state !== "silent" && now - this.#lastByteMs >= this.#silentMs)
      this.#set({ state: "silent", device });
    else if (state === "live") {
      const periodMs = this.#periodMs();
      const limit = Math.max(FRAMELESS_MS, periodMs > 0 ? FRAMELESS_PERIODS * periodMs : 0);
      if (now - this.#lastFrameMs > limit) this.#set({ state: "waiting", device });
    }
  }

  #set(change: Pick<LinkReport, "state"> & Partial<LinkReport>): void {
    this.#link = {
      device: this.#link.device,
      ...change,
      sinceMs: performance.now(),
      failures: this.#failures,
    };
    const { onLink } = this.#options;
    if (onLink) call(() => onLink.call(this.#options, this.#link));
    this.#tell({ kind: "link", link: this.#link });
  }

  #tell(event: LiveEvent): void {
    for (const listener of this.#listeners) call(() => listener(event));
  }

  /** A page that goes out of sight must not leave a device transmitting. */
  #watchPage(started: boolean): void {
    if (this.#started === started) return;
    this.#started = started;
    if (typeof globalThis.addEventListener !== "function") return;
    // Captured on its way down: `freeze` does not come to the page's global object itself.
    for (const type of ["pagehide", "freeze", "visibilitychange"])
      if (started) globalThis.addEventListener(type, this.#onHide, { capture: true });
      else globalThis.removeEventListener(type, this.#onHide, { capture: true });
  }

  /** Stops what a person started; never rejects. */
  async #stopDevice(): Promise<void> {
    if (!this.#started) return;
    try {
      await this.order({ kind: "stop" });
    } catch (error) {
      // A device that is lost, or has no stop, cannot be told; its own limits must end what it does.
      if (!isSondeError(error)) throw error;
    } finally {
      this.#watchPage(false);
    }
  }
}

/** Runs what others gave: what it throws is reported, and ends nothing. */
function call(act: () => void): void {
  try {
    act();
  } catch (error) {
    if (typeof globalThis.reportError === "function") globalThis.reportError(error);
    else console.error(error);
  }
}

function aborted(device: string): SondeError {
  return new SondeError("aborted", `Connecting to ${device} was stopped`, { fields: { device } });
}
