/**
 * Hands the bytes of one device to one page over a WebSocket (`host/live/bridge.ts` says how they talk). Which device is the
 * command line's to say, not the page's; only pages of this server with the token of this start are let in; a newer page
 * takes the device over from an older one. A device that a page gave orders is stopped when the page goes, and first of all when
 * it is reached again after its link broke: by the next page, or by the bridge itself.
 */
import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { isSondeError } from "../errors.ts";
import { acknowledged, BRIDGE_VERSION, type BridgeMessage } from "../live/bridge.ts";
import { giveLast, stopWhenReached } from "../live/last-order.ts";
import type { Boundary, Dropped, Link, Transport } from "../live/transport.ts";
import { lost } from "../transports/failures.ts";
import { Outbox } from "./outbox.ts";

/** What a bridge is for. */
export interface BridgeOptions {
  transport: Transport;
  /** As on the command line, for the page. */
  protocol: string;
  boundary: Boundary;
  /** What stops the device, for when the page that gave it orders is gone; absent: it takes none. */
  stop?: Uint8Array;
  /** Whether a Host header names this server. */
  isOwnHost(host: string | undefined): boolean;
  /** A line for the person at the terminal. */
  say(line: string): void;
}

const PATH = "/probe";
/** Largest message of a page: orders are short. */
const LARGEST_MESSAGE_BYTES = 64 * 1024;
/** How often a page is told of drops, at most (ms). */
const TELL_MS = 250;
/** How long a bridge that is closed tries to reach a device that is still to be stopped (ms). */
const LAST_REACH_MS = 2000;
/** A page that answers no ping for so long is gone (ms). */
const PING_MS = 10_000;

/** The order that stops the device, and whether it is owed: it outlives visits and links. */
class OwedStop {
  readonly order: Uint8Array | undefined;
  /** Since a page gave the device orders, until the stop was sent. */
  #owed = false;

  constructor(order: Uint8Array | undefined) {
    this.order = order?.length ? order : undefined;
  }

  get owed(): boolean {
    return this.#owed;
  }

  owe(): void {
    this.#owed = this.order !== undefined;
  }

  /** @returns whether nothing is owed any more; never rejects */
  async pay(link: Link): Promise<boolean> {
    if (this.order && this.#owed) this.#owed = !(await giveLast(link, this.order));
    return !this.#owed;
  }

  /** Reaches the device for nothing but that; never rejects. */
  async payWhenReached(transport: Transport, signal: AbortSignal): Promise<void> {
    if (this.order && this.#owed) this.#owed = !(await stopWhenReached(transport, this.order, signal));
  }
}

/** One page's use of the device, from its WebSocket's opening to its close. */
class Visit {
  readonly #socket: WebSocket;
  readonly #options: BridgeOptions;
  readonly #outbox: Outbox;
  readonly #abort = new AbortController();
  #link: Link | undefined;
  /** The link broke, or the other side ended it: what is written to it may go nowhere. */
  #broken = false;
  #told: Dropped = { chunks: 0, bytes: 0 };
  #alive = true;
  readonly #stop: OwedStop;
  #over: Promise<void> = Promise.resolve();
  readonly #after: () => void;
  readonly #timers: NodeJS.Timeout[];

  /** `before`: when the device is free. `after`: called when it is so again. */
  constructor(
    socket: WebSocket,
    options: BridgeOptions,
    stop: OwedStop,
    before: Promise<void>,
    after: () => void,
  ) {
    this.#socket = socket;
    this.#options = options;
    this.#stop = stop;
    this.#after = after;
    this.#outbox = new Outbox({ send: (message) => socket.send(message) });
    this.#timers = [setInterval(() => this.#tellDrops(), TELL_MS), setInterval(() => this.#ping(), PING_MS)];
    socket.on("message", (data, isBinary) => this.#heard(data as Buffer, isBinary));
    socket.on("pong", () => {
      this.#alive = true;
    });
    socket.on("error", () => socket.terminate());
    socket.on("close", () => void this.end());
    void this.#run(before);
  }

  /** Gives the device back, stopped when the page gave it orders; resolves when that is done. */
  end(last?: BridgeMessage): Promise<void> {
    if (this.#abort.signal.aborted) return this.#over;
    this.#abort.abort();
    for (const timer of this.#timers) clearInterval(timer);
    if (last) this.#say(last);
    this.#socket.close();
    this.#over = this.#giveBack();
    return this.#over;
  }

  async #giveBack(): Promise<void> {
    const link = this.#link;
    if (link && !this.#broken) await this.#stop.pay(link);
    await link?.close();
    this.#after();
  }

  #say(message: BridgeMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  async #run(before: Promise<void> | undefined): Promise<void> {
    const { transport, protocol, boundary, say } = this.#options;
    const { signal } = this.#abort;
    this.#say({ sonde: "hello", version: BRIDGE_VERSION, protocol, boundary });
    try {
      await before;
      if (signal.aborted) return;
      const link = await transport.open(signal);
      if (!signal.aborted && !(await this.#stop.pay(link))) {
        await link.close();
        throw lost(link.device.name, "transfer", "it did not take the order to stop");
      }
      if (signal.aborted) {
        await link.close();
        return;
      }
      this.#link = link;
      say(`${link.device.name} is connected`);
      this.#say({ sonde: "open", device: link.device });
      for await (const chunk of link.chunks()) {
        if (signal.aborted) return;
        this.#outbox.push(chunk, performance.now());
      }
      if (signal.aborted) return;
      this.#broken = true;
      say(`${link.device.name} closed the connection`);
      void this.end({ sonde: "ended" });
    } catch (error) {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      const fields = isSondeError(error) ? error.fields : {};
      if (this.#link) {
        this.#broken = true;
        say(message);
        void this.end({ sonde: "lost", reason: String(fields["reason"] ?? "error"), message });
      } else void this.end({ sonde: "failed", message, final: fields["final"] === true });
    }
  }

  #heard(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      if (this.#link) this.#stop.owe();
      this.#link?.write(data).catch((error: Error) => this.#options.say(error.message));
      return;
    }
    const sequence = acknowledged(data.toString("latin1"));
    if (sequence !== undefined) this.#outbox.acknowledge(sequence, performance.now());
  }

  #tellDrops(): void {
    const { chunks, bytes } = this.#outbox.dropped;
    if (chunks === this.#told.chunks) return;
    this.#told = { chunks, bytes };
    this.#say({ sonde: "dropped", chunks, bytes });
  }

  #ping(): void {
    if (!this.#alive) {
      this.#socket.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping();
  }
}

/** The bridge of one server. */
export class Bridge {
  readonly #options: BridgeOptions;
  readonly #token = randomBytes(24).toString("base64url");
  readonly #server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: LARGEST_MESSAGE_BYTES,
  });
  readonly #stop: OwedStop;
  #visit: Visit | undefined;
  /** Nobody has the device, and it is reached only to be stopped. */
  #stopping: { over: Promise<void>; abort: AbortController } | undefined;

  constructor(options: BridgeOptions) {
    this.#options = options;
    this.#stop = new OwedStop(options.stop);
  }

  /** What the page needs to know, for its `session.json`. */
  get session(): { path: string; protocol: string } {
    return { path: `${PATH}?token=${this.#token}`, protocol: this.#options.protocol };
  }

  /** Answers a request to speak WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refused = this.#refusal(request);
    if (refused) {
      socket.on("error", () => undefined);
      socket.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (page) => {
      const last = this.#visit;
      const before = Promise.resolve(last?.end({ sonde: "taken" })).then(() => this.#stopping?.over);
      this.#stopping?.abort.abort();
      const visit: Visit = new Visit(page, this.#options, this.#stop, before, () => {
        if (this.#visit === visit) this.#stopLater();
      });
      this.#visit = visit;
    });
  }

  async close(): Promise<void> {
    this.#server.close();
    await this.#visit?.end();
    this.#stopLater();
    const { over, abort } = this.#stopping ?? {};
    const timer = setTimeout(() => abort?.abort(), LAST_REACH_MS);
    await over;
    clearTimeout(timer);
  }

  /** The page is gone, and its device, which was to be stopped, was away. */
  #stopLater(): void {
    if (!this.#stop.owed || this.#stopping) return;
    const abort = new AbortController();
    const over = this.#stop.payWhenReached(this.#options.transport, abort.signal).then(() => {
      this.#stopping = undefined;
    });
    this.#stopping = { over, abort };
  }

  /** The status line of a refusal, or undefined. */
  #refusal({ headers, url = "/" }: IncomingMessage): string | undefined {
    if (!this.#options.isOwnHost(headers.host)) return "403 Forbidden";
    // A browser always says where a page is from; a page from elsewhere must not reach the device.
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) return "403 Forbidden";
    const asked = URL.canParse(url, "http://localhost") ? new URL(url, "http://localhost") : undefined;
    if (asked?.pathname !== PATH) return "404 Not Found";
    const given = Buffer.from(asked.searchParams.get("token") ?? "");
    const token = Buffer.from(this.#token);
    return given.length === token.length && timingSafeEqual(given, token) ? undefined : "403 Forbidden";
  }
}
