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
 * counted, and not given on. Nothing is ever sent to the device but a person's order, and the stop of what a person started:
 * when the page is hidden or frozen, on `close()`, and first of all over a link that came back.
 */
import { isSondeError, SondeError } from "../errors.ts";
import type { Acquisition, Frame } from "../model.ts";
import type { FrameRange } from "../source.ts";
import { type LossReason, lost, reasonOf } from "../transports/failures.ts";
import { DeviceClock } from "./device-clock.ts";
import { giveLast, stopWhenReached } from "./last-order.ts";
import type { LinkReport, LiveEvent, LiveOptions, LiveSource } from "./live-source.ts";
import { LiveMeter, type LiveStatistics } from "./meter.ts";
import { NewestFrames } from "./newest.ts";
import type { DeviceControl, Order, Protocol, ProtocolEvent, ProtocolParser } from "./protocol.ts";
import { retryDelayMs } from "./retry.ts";
import { sameGeometry } from "./same-geometry.ts";
import { Silence } from "./silence.ts";
import { sleep } from "./sleep.ts";
import { StandingOrders } from "./standing-orders.ts";
import type { Link, Transport } from "./transport.ts";

const DEFAULT_SILENT_MS = 500;
/** How often the link is looked at (ms). */
const JUDGE_MS = 100;
/** How long a closed source tries to reach a device that is still to be stopped (ms). */
const LAST_REACH_MS = 5000;
/** A device as a source. See the head of this file, and `LiveSource`. */
export class LinkedSource implements LiveSource {
  readonly live = true;
  readonly #transport: Transport;
  readonly #protocol: Protocol;
  readonly #options: LiveOptions;
  readonly #silentMs: number;
  readonly #meter = new LiveMeter();
  readonly #listeners = new Set<(event: LiveEvent) => void>();
  readonly #newest: NewestFrames;
  readonly #closing = new AbortController();
  readonly #silence: Silence;
  readonly #orders: StandingOrders;
  readonly #clock = new DeviceClock();
  #info: Acquisition | undefined;
  #link: LinkReport;
  #open: Link | undefined;
  #generation = 0;
  #failures = 0;
  #lostAtMs = 0;
  /** When the newest bytes reached this computer: before that, by what they waited at a bridge. What a frame waited before is its own. */
  #receivedAtMs = 0;
  /** Index of the first frame of this connection, and of the next frame at all. */
  #firstIndex = 0;
  #nextIndex = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Why the device is lost for good. */
  #lost: SondeError | undefined;
  #endedInOrder = false;
  #closed: Promise<void> | undefined;
  /** The stop that a link which came back is being told, and whether it was. */
  #stopping: Promise<boolean> | undefined;
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
    this.#silence = new Silence(silentMs, () => 1000 / (this.#info?.frameRateHz ?? this.#meter.frameRateHz));
    this.#orders = new StandingOrders(protocol, () => {
      if (this.#open) void this.#stopDevice();
    });
    this.#newest = new NewestFrames(silentMs, this.#meter);
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

  get going(): readonly Order[] {
    return this.#orders.going;
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
          settle(() => reject(this.#lost ?? new SondeError("not-found", why ?? "the device was lost")));
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
      if (this.#lost) throw this.#lost;
      return;
    }
    yield* this.#newest.iterate(signal);
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
    const link = this.#open;
    if (!link)
      throw new SondeError(
        "device-lost",
        `There is no link to ${this.#transport.name}: ${
          order.kind === "stop" && this.going.length
            ? "it is stopped as soon as it is reached again"
            : "wait until it is connected"
        }`,
        {
          fields: { device: this.#transport.name },
        },
      );
    const bytes = encode.call(this.#protocol, order);
    const underWay = this.#orders.giving(order);
    try {
      await link.write(bytes);
    } catch (error) {
      underWay.failed(error);
      throw error;
    }
    // Its clock may have stood while it did not acquire.
    if (this.#protocol.starts?.(order) ?? order.kind === "start") this.#clock.anew();
    this.#tell({ kind: "order", order });
    this.#silence.ordered(order.kind);
    underWay.sent();
  }

  /** Resolves when the device was told what is left to tell it, or that was given up. */
  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end(): Promise<void> {
    const open = this.#open;
    const { state } = this.#link;
    const stop = this.going.length || !open ? this.#orders.stopBytes() : undefined;
    const lastOrder = open ? stop && giveLast(open, stop) : this.#stopping;
    this.#closing.abort();
    clearInterval(this.#timer);
    this.#set({ state: "closed" });
    this.#newest.drop();
    this.#listeners.clear();
    this.#orders.settle();
    const told = await lastOrder;
    await open?.close();
    // One that was lost for good is somebody else's, or has no way back.
    if (!stop || told || state === "lost") return;
    const reaching = new AbortController();
    const timer = setTimeout(() => reaching.abort(), LAST_REACH_MS);
    await stopWhenReached(this.#transport, stop, reaching.signal);
    clearTimeout(timer);
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
      this.#lost = inOrder
        ? undefined
        : new SondeError("device-lost", why, { cause: error, fields: error?.fields });
      this.#set({ state: "lost", why, reason });
      this.#newest.end(this.#lost ?? "ended");
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
    await this.#stopFirst(link);
    let whyAnew: readonly [LossReason, string] | undefined;
    if (this.#closing.signal.aborted) {
      await link.close();
      return;
    }
    const parser = this.#protocol.parser();
    this.#open = link;
    if (this.#generation++ && this.#info) {
      const gap = { kind: "lost", what: "frames", count: undefined, why: "the link was lost" } as const;
      this.#meter.event(gap);
      this.#tell(gap);
    }
    this.#firstIndex = this.#nextIndex;
    this.#clock.anew();
    this.#silence.connected(performance.now());
    this.#meter.connected();
    this.#set({ state: "waiting", device: link.device });
    this.#timer = setInterval(() => {
      this.#judge();
      const why = this.#whyAnew();
      if (!why) return;
      whyAnew = why;
      void link.close();
    }, JUDGE_MS);
    try {
      for await (const chunk of link.chunks()) {
        if (this.#closing.signal.aborted) return;
        this.#take(chunk, link, parser);
      }
      if (this.#closing.signal.aborted) return;
      if (whyAnew) throw lost(this.#transport.name, ...whyAnew);
      const old = this.#silence.isOld(performance.now());
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
    this.#silence.bytes(now, parser.pending);
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
    for (const event of this.#understand(parser, chunk))
      this.#handle(event, old || this.#silence.interrupted);
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

  /** `old`: the bytes waited on their way longer than a live picture may. */
  #handle(event: ProtocolEvent, old: boolean): void {
    if (event.kind === "frame") {
      if (event.timed === false) this.#clock.anew();
      const lateMs = event.timed === false ? 0 : this.#clock.lateMs(event.frame.timeS, performance.now());
      this.#give(event.frame, old || lateMs > this.#silentMs, lateMs);
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
    this.#newest.end(
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

  #give(frame: Frame, old: boolean, lateMs: number): void {
    const now = performance.now();
    this.#silence.frame(now, old);
    const index = this.#firstIndex + frame.index;
    // How many frames were lost with a link nobody knows: at least one.
    const sequence = this.#generation > 1 ? { sequence: index + this.#generation - 1 } : undefined;
    const receivedAtMs = Math.min(this.#receivedAtMs, now - lateMs);
    const numbered = { ...frame, index, ...sequence, receivedAtMs };
    this.#nextIndex = Math.max(this.#nextIndex, numbered.index + 1);
    this.#tell({ kind: "frame", frame: numbered });
    if (old) {
      this.#meter.stale();
      return;
    }
    this.#failures = 0;
    this.#meter.frame(now);
    this.#newest.give(numbered, now);
    if (this.#link.state !== "live") this.#set({ state: "live", device: this.#open?.device });
  }

  /** Looks whether the device still speaks. */
  #judge(): void {
    const now = performance.now();
    const device = this.#open?.device;
    const { state } = this.#link;
    if (state !== "silent" && this.#silence.isSilent(now)) this.#set({ state: "silent", device });
    else if (state === "live" && this.#silence.isFrameless(now)) this.#set({ state: "waiting", device });
  }

  /** Looks whether an open link is to be opened anew: of a device that is silent without having been told so, or stays late. */
  #whyAnew(): readonly [LossReason, string] | undefined {
    const { state } = this.#link;
    if (this.#options.reconnect === false || this.#transport.once) return undefined;
    if (state === "silent" && this.#silence.isDead(performance.now()))
      return ["silent", "it fell silent, and is connected anew"];
    if (state === "waiting" && this.#silence.isBehind())
      return ["late", "its frames stayed late, and it is connected anew"];
    return undefined;
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

  /** Stops what a person started; never rejects. What could not be sent is owed. */
  async #stopDevice(): Promise<void> {
    try {
      await this.order({ kind: "stop" });
    } catch (error) {
      if (!isSondeError(error)) throw error;
    }
  }

  /** Over a link that came back, before anything else: what was started does not go on by itself. */
  async #stopFirst(link: Link): Promise<void> {
    const stop = this.#orders.stopBytes();
    if (!stop) return;
    this.#stopping = giveLast(link, stop);
    const told = await this.#stopping;
    this.#stopping = undefined;
    if (told) {
      this.#orders.settle();
      this.#silence.ordered("stop");
      return;
    }
    await link.close();
    throw lost(this.#transport.name, "transfer", "it did not take the order to stop");
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
