/**
 * A device behind a WebSocket: one that speaks it itself, or one behind a bridge (`sonde serve --probe`), which is known by
 * its first message. Browsers, Node 22 and newer; on Node 20 through the package `ws`.
 */

import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import { acknowledgement, type BridgeMessage, bridgeMessage, chunkOf } from "../live/bridge.ts";
import { Lateness } from "../live/lateness.ts";
import type { Boundary, DeviceName, Dropped, Link, Transport } from "../live/transport.ts";
import { nodePackage } from "../worker/node.ts";
import { deaf, type LossReason, lost, stopped, unreachable } from "./failures.ts";
import { Inbox } from "./inbox.ts";

/** What this transport uses of a WebSocket. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: { data: unknown } & never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(): void;
}

/** How a WebSocket is made, and what its messages are. */
export interface WebSocketOptions {
  /** Makes the socket; default: the platform's own WebSocket, else that of `ws`. */
  create?(address: string): WebSocketLike;
  /** Without a bridge: whether every message is one datagram. Default "stream". */
  boundary?: Boundary;
}

/** How long reaching the bridge and the device behind it may take (ms): the bridge itself gives up on a device after three seconds. */
const OPEN_MS = 6000;
/** The bridge is told what was taken after so many bytes: as many as it sends at least without hearing of them. */
const ACKNOWLEDGE_BYTES = 128 * 1024;
/** Or so long after the first of fewer (ms), well before it takes this page for a slow one. */
const ACKNOWLEDGE_MS = 10;
/** WebSocket.OPEN. */
const OPEN = 1;

async function platformSocket(): Promise<(address: string) => WebSocketLike> {
  const own: unknown = Reflect.get(globalThis, "WebSocket");
  if (typeof own === "function") return (address) => new WebSocket(address) as unknown as WebSocketLike;
  const { WebSocket: Socket } = await nodePackage("ws");
  return (address) => new Socket(address) as unknown as WebSocketLike;
}

class WebSocketLink implements Link {
  readonly device: DeviceName;
  readonly boundary: Boundary;
  readonly #socket: WebSocketLike;
  readonly #inbox = new Inbox();
  readonly #dropped: Dropped = { chunks: 0, bytes: 0 };
  readonly #lateness = new Lateness();
  readonly #bridged: boolean;
  /** Sequence, age and size of the messages in the inbox, in its order. */
  #notes: { sequence: number; sentMs: number; bytes: number }[] = [];
  /** What was taken and the bridge not told. */
  #untold = { bytes: 0, sequence: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ageMs = 0;

  constructor(socket: WebSocketLike, device: DeviceName, boundary: Boundary, bridged: boolean) {
    this.#socket = socket;
    this.device = device;
    this.boundary = boundary;
    this.#bridged = bridged;
    socket.onmessage = ({ data }) => this.receive(data);
    socket.onclose = () =>
      bridged
        ? this.#inbox.fail(lost(device.name, "closed", "the bridge closed the connection"))
        : this.#inbox.end();
    socket.onerror = () => this.#inbox.fail(lost(device.name, "error", "the connection broke"));
  }

  get dropped(): Dropped {
    const { chunks, bytes } = this.#inbox.dropped;
    return { chunks: chunks + this.#dropped.chunks, bytes: bytes + this.#dropped.bytes };
  }

  get ageMs(): number {
    return this.#ageMs;
  }

  receive(data: unknown): void {
    if (typeof data === "string") {
      const message = this.#bridged ? bridgeMessage(data) : undefined;
      if (message) this.#told(message);
      else if (!this.#bridged) this.#inbox.push(new TextEncoder().encode(data));
    } else if (data instanceof ArrayBuffer) {
      if (!this.#bridged) this.#inbox.push(new Uint8Array(data));
      else this.#take(data);
    }
  }

  #take(data: ArrayBuffer): void {
    const message = chunkOf(data);
    if (!message) return;
    const { sequence, timeMs, chunk } = message;
    const before = this.#inbox.dropped.chunks;
    this.#notes.push({ sequence, sentMs: timeMs, bytes: chunk.length });
    this.#inbox.push(chunk);
    this.#notes.splice(0, this.#inbox.dropped.chunks - before);
  }

  #told(message: BridgeMessage): void {
    const { name } = this.device;
    if (message.sonde === "dropped") {
      this.#dropped.chunks = message.chunks;
      this.#dropped.bytes = message.bytes;
    } else if (message.sonde === "lost")
      this.#inbox.fail(
        lost(name, message.reason as LossReason, quote(String(message.message), 300).slice(1, -1)),
      );
    else if (message.sonde === "ended") this.#inbox.end();
    else if (message.sonde === "taken")
      this.#inbox.fail(
        new SondeError(
          "device-lost",
          `${name} was taken over by another page: connect again to take it back`,
          {
            fields: { device: name, reason: "taken", final: true },
          },
        ),
      );
  }

  async *chunks(): AsyncIterableIterator<Uint8Array> {
    for await (const chunk of this.#inbox.chunks()) {
      const note = this.#bridged ? this.#notes.shift() : undefined;
      if (note) {
        this.#ageMs = this.#lateness.of(note.sentMs, performance.now());
        this.#untold.bytes += note.bytes;
        this.#untold.sequence = note.sequence;
        // Timers of a page that is not seen come late.
        const { hidden = false } = (globalThis as { document?: { hidden?: boolean } }).document ?? {};
        if (hidden || this.#untold.bytes >= ACKNOWLEDGE_BYTES) this.#acknowledge();
        else this.#timer ??= setTimeout(() => this.#acknowledge(), ACKNOWLEDGE_MS);
      }
      yield chunk;
    }
  }

  #acknowledge(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#untold.bytes = 0;
    if (this.#socket.readyState === OPEN) this.#socket.send(acknowledgement(this.#untold.sequence));
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.#socket.readyState !== OPEN) throw deaf(`${this.device.name}, which is not connected,`);
    this.#socket.send(new Uint8Array(bytes));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#inbox.close();
    this.#socket.onerror = () => undefined;
    this.#socket.close();
  }
}

/** What a socket says until it is known what is behind it. */
function opening(socket: WebSocketLike, name: string, boundary: Boundary): Promise<Link> {
  return new Promise((resolve, reject) => {
    const fail = (error: SondeError) => {
      socket.onmessage = socket.onclose = socket.onopen = null;
      socket.onerror = () => undefined;
      socket.close();
      reject(error);
    };
    let hello: Extract<BridgeMessage, { sonde: "hello" }> | undefined;
    const plain = () => new WebSocketLink(socket, { name, via: "websocket" }, boundary, false);
    socket.onmessage = ({ data }) => {
      const message = typeof data === "string" ? bridgeMessage(data) : undefined;
      if (!hello && message?.sonde === "hello") {
        hello = message;
      } else if (!hello) {
        const link = plain();
        resolve(link);
        link.receive(data);
      } else if (message?.sonde === "open")
        resolve(new WebSocketLink(socket, message.device, hello.boundary, true));
      else if (message?.sonde === "failed")
        fail(
          new SondeError("not-found", quote(String(message.message), 300).slice(1, -1), {
            fields: { device: name, ...(message.final ? { final: true } : {}) },
          }),
        );
    };
    socket.onerror = () => fail(unreachable(name, "no WebSocket answers there, or it refused this page"));
    socket.onclose = () => fail(unreachable(name, "the connection was closed before anything came"));
  });
}

/**
 * Connects to a WebSocket. A device that speaks by itself is taken for open with its first message, a device behind a
 * bridge when the bridge has reached it.
 * @throws SondeError `bad-option` for an address that is none of ws: or wss:
 */
export function webSocket(
  address: string,
  { create, boundary = "stream" }: WebSocketOptions = {},
): Transport {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || (url.protocol !== "ws:" && url.protocol !== "wss:"))
    throw new SondeError(
      "bad-option",
      `${quote(address)} is no WebSocket address: give one like ws://localhost:8017/probe`,
      {
        fields: { address },
      },
    );
  // The token of a bridge is no part of a name that is shown.
  const name = `${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}`;
  return {
    name,
    async open(signal) {
      const make = create ?? (await platformSocket());
      if (signal?.aborted) throw stopped(name);
      const socket = make(address);
      socket.binaryType = "arraybuffer";
      const link = opening(socket, name, boundary);
      return new Promise<Link>((resolve, reject) => {
        const giveUp = (error: SondeError) => {
          socket.onerror = () => undefined;
          socket.onclose = socket.onmessage = null;
          socket.close();
          reject(error);
        };
        const timer = setTimeout(
          () => giveUp(unreachable(name, `nothing came within ${OPEN_MS / 1000} s`)),
          OPEN_MS,
        );
        const abort = () => giveUp(stopped(name));
        signal?.addEventListener("abort", abort, { once: true });
        link.then(resolve, reject).finally(() => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
        });
      });
    },
  };
}
