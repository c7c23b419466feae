/**
 * Anything that gives bytes: a `{ readable, writable }` pair as of WebTransport, a `ReadableStream`, an async iterable. What
 * can be opened again is given as a function that opens it.
 */
import { SondeError } from "../errors.ts";
import type { Boundary, Link, Transport } from "../live/transport.ts";
import { atMost, deaf, lost, reasonOf, stopped, unlessAborted, unreachable } from "./failures.ts";

/** Where bytes come from. */
export type Bytes = ReadableStream<Uint8Array> | AsyncIterable<Uint8Array>;

/** Bytes in, and out where there is a way. */
export interface ByteStream {
  readable: Bytes;
  writable?: WritableStream<Uint8Array>;
}

/** What a byte stream is called, and how its chunks are cut. */
export interface ByteStreamOptions {
  /** For people. Default "stream". */
  name?: string;
  /** Default "stream"; "datagram" where every chunk is one message. */
  boundary?: Boundary;
}

/** How long a stream may take to hear that it is not wanted any more (ms). */
const CLOSE_MS = 250;

function isIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function isReadable(value: unknown): value is ReadableStream<Uint8Array> {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { getReader?: unknown }).getReader === "function"
  );
}

/** True for what `byteStream` takes. */
export function isByteStream(value: unknown): value is ByteStream | Bytes {
  if (isReadable(value) || isIterable(value)) return true;
  if (typeof value !== "object" || value === null || !("readable" in value)) return false;
  return isReadable(value.readable) || isIterable(value.readable);
}

/** A chunk as bytes. @throws SondeError `bad-option` for anything else */
export function asBytes(chunk: unknown, device: string): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (chunk instanceof ArrayBuffer) return new Uint8Array(chunk);
  if (ArrayBuffer.isView(chunk)) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  throw new SondeError(
    "bad-option",
    `${device} gave a ${typeof chunk} where bytes were expected: give Uint8Array chunks`,
    {
      fields: { device, final: true },
    },
  );
}

/** The writer of a stream while orders are on their way: a stream has one at a time, and two orders may meet. */
interface Hold {
  readonly writer: WritableStreamDefaultWriter<Uint8Array>;
  orders: number;
}

const holds = new WeakMap<WritableStream<Uint8Array>, Hold>();

/**
 * Writes one order, behind those that are still on their way.
 * @throws SondeError `bad-option` for a device that takes none, `device-lost` when it could not be sent
 */
export async function writeTo(
  writable: WritableStream<Uint8Array> | null | undefined,
  bytes: Uint8Array,
  device: string,
): Promise<void> {
  if (!writable) throw deaf(device);
  let hold: Hold | undefined;
  try {
    hold = holds.get(writable) ?? { writer: writable.getWriter(), orders: 0 };
    hold.orders++;
    holds.set(writable, hold);
    await hold.writer.write(bytes);
  } catch (error) {
    throw lost(device, "error", reasonOf(error), error);
  } finally {
    if (hold && --hold.orders === 0) {
      holds.delete(writable);
      hold.writer.releaseLock();
    }
  }
}

class StreamLink implements Link {
  readonly device;
  readonly boundary: Boundary;
  readonly #reader: { next(): Promise<{ done?: boolean; value?: unknown }>; stop(): Promise<unknown> };
  readonly #writable: WritableStream<Uint8Array> | undefined;
  #closed = false;
  /** Ends the read that is under way. */
  #stop: () => void = () => undefined;

  constructor(
    { readable, writable }: ByteStream,
    { name = "stream", boundary = "stream" }: ByteStreamOptions,
  ) {
    this.device = { name, via: "stream" };
    this.boundary = boundary;
    this.#writable = writable;
    if (isReadable(readable)) {
      const reader = readable.getReader();
      this.#reader = { next: () => reader.read(), stop: () => reader.cancel() };
    } else {
      const iterator = readable[Symbol.asyncIterator]();
      this.#reader = { next: () => iterator.next(), stop: async () => iterator.return?.() };
    }
  }

  async *chunks(): AsyncIterableIterator<Uint8Array> {
    const { name } = this.device;
    for (;;) {
      let read: { done?: boolean; value?: unknown } | undefined;
      try {
        read = await this.#next();
      } catch (error) {
        if (this.#closed) return;
        throw lost(name, "error", reasonOf(error), error);
      }
      if (!read || read.done || this.#closed) return;
      const bytes = asBytes(read.value, name);
      if (bytes.length) yield bytes;
    }
  }

  /** What is read next; undefined when the link is closed. A race with one promise for all reads would keep every chunk. */
  #next(): Promise<{ done?: boolean; value?: unknown } | undefined> {
    return new Promise((resolve, reject) => {
      this.#stop = () => resolve(undefined);
      if (this.#closed) resolve(undefined);
      else this.#reader.next().then(resolve, reject);
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return writeTo(this.#writable, bytes, this.device.name);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stop();
    await atMost(CLOSE_MS, Promise.all([this.#reader.stop(), this.#writable?.close()]));
  }
}

/**
 * Reads bytes from a stream. A stream can be read once: opening it a second time is refused for good, unless a function is
 * given that makes a new one.
 * @throws SondeError `bad-option` for what is no stream of bytes
 */
export function byteStream(
  from: ByteStream | Bytes | ((signal?: AbortSignal) => ByteStream | Bytes | Promise<ByteStream | Bytes>),
  options: ByteStreamOptions = {},
): Transport {
  const { name = "stream" } = options;
  let used = false;
  return {
    name,
    once: typeof from !== "function",
    async open(signal) {
      if (signal?.aborted) throw stopped(name);
      if (typeof from !== "function" && used)
        throw unreachable(
          name,
          "its stream is used up; give a function that opens a new one",
          undefined,
          true,
        );
      used = true;
      let stream: ByteStream | Bytes;
      try {
        stream = typeof from === "function" ? await unlessAborted(from(signal), signal, name) : from;
      } catch (error) {
        if (error instanceof SondeError) throw error;
        throw unreachable(name, reasonOf(error), error);
      }
      if (!isByteStream(stream))
        throw new SondeError(
          "bad-option",
          `${name} is no stream of bytes: give { readable } or an async iterable`,
          {
            fields: { device: name, final: true },
          },
        );
      return new StreamLink(
        isReadable(stream) || isIterable(stream) ? { readable: stream } : stream,
        options,
      );
    },
  };
}
