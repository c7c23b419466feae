/** A serial port of the Web Serial API, or anything of its shape. The page asks the person for the port; this opens it. */
import type { Link, Transport } from "../live/transport.ts";
import { writeTo } from "./byte-stream.ts";
import { atMost, lost, reasonOf, unlessAborted, unreachable } from "./failures.ts";

/** What this transport uses of a `SerialPort`. */
export interface SerialLike {
  readonly readable: ReadableStream<Uint8Array> | null;
  readonly writable: WritableStream<Uint8Array> | null;
  open(options: { baudRate: number; bufferSize?: number }): Promise<void>;
  close(): Promise<void>;
  getInfo?(): { usbVendorId?: number; usbProductId?: number };
}

/** How the port is opened. */
export interface WebSerialOptions {
  /** Bits a second, 1 to 20000000; ports over USB ignore it. Default 115200. */
  baudRate?: number;
  /**
   * Bytes the browser holds for a page that is busy. Its own default of 255 loses data at every pause; default here 1 MiB,
   * most 16 MiB.
   */
  bufferSize?: number;
}

const DEFAULT_BAUD_RATE = 115_200;
const DEFAULT_BUFFER_BYTES = 2 ** 20;
/** How long a port may take to close (ms). */
const CLOSE_MS = 500;

/** True for what `webSerial` takes. */
export function isSerial(value: unknown): value is SerialLike {
  return (
    typeof value === "object" &&
    value !== null &&
    "readable" in value &&
    typeof (value as { open?: unknown }).open === "function" &&
    typeof (value as { close?: unknown }).close === "function" &&
    !("transferIn" in value)
  );
}

function nameOf(port: SerialLike): string {
  const { usbVendorId, usbProductId } = port.getInfo?.() ?? {};
  const hex = (id: number | undefined) => (id ?? 0).toString(16).padStart(4, "0");
  return usbVendorId === undefined ? "serial port" : `serial port ${hex(usbVendorId)}:${hex(usbProductId)}`;
}

class SerialLink implements Link {
  readonly device;
  readonly boundary = "stream";
  readonly #port: SerialLike;
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  #closed = false;

  constructor(port: SerialLike, name: string) {
    this.device = { name, via: "serial" };
    this.#port = port;
  }

  async *chunks(): AsyncIterableIterator<Uint8Array> {
    let failure: unknown;
    // After an overrun, a break or a framing error the port has a new stream to go on with; after unplugging, none.
    while (!this.#closed && this.#port.readable) {
      const reader = this.#port.readable.getReader();
      this.#reader = reader;
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done || this.#closed) return;
          if (value.length) yield value;
        }
      } catch (error) {
        failure = error;
      } finally {
        this.#reader = undefined;
        reader.releaseLock();
      }
    }
    if (this.#closed) return;
    throw lost(
      this.device.name,
      "unplugged",
      failure === undefined ? "the port is gone" : reasonOf(failure),
      failure,
    );
  }

  write(bytes: Uint8Array): Promise<void> {
    return writeTo(this.#port.writable, bytes, this.device.name);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const end = async () => {
      await this.#reader?.cancel();
      // The loop gives its lock back in the turn after; a port cannot be closed before.
      await new Promise((resolve) => setTimeout(resolve));
      await this.#port.close();
    };
    await atMost(CLOSE_MS, end());
  }
}

/**
 * Reads a serial port that the person has chosen (`navigator.serial.requestPort()`). Nothing is sent on opening.
 */
export function webSerial(port: SerialLike, options: WebSerialOptions = {}): Transport {
  const { baudRate = DEFAULT_BAUD_RATE, bufferSize = DEFAULT_BUFFER_BYTES } = options;
  const name = nameOf(port);
  return {
    name,
    async open(signal) {
      try {
        // A port whose device was pulled stays open in name.
        if (port.readable) await port.close().catch(() => undefined);
        await unlessAborted(port.open({ baudRate, bufferSize }), signal, name, () => void port.close());
      } catch (error) {
        if (signal?.aborted) throw error;
        throw unreachable(name, reasonOf(error), error);
      }
      return new SerialLink(port, name) satisfies Link;
    },
  };
}
