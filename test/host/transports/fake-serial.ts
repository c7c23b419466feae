/** A serial port that a test holds in its hands: a `SerialPort` in shape, in Node and in pages. Imports types only. */
import type { SerialLike } from "../../../host/transports/web-serial.ts";

export class FakeSerial implements SerialLike {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  readonly opened: { baudRate: number; bufferSize?: number }[] = [];
  readonly received: Uint8Array[] = [];
  closes = 0;
  /** Nothing is plugged in. */
  absent = false;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;

  getInfo() {
    return { usbVendorId: 0x2341, usbProductId: 0x43 };
  }

  async open(options: { baudRate: number; bufferSize?: number }): Promise<void> {
    if (this.absent) throw new DOMException("Failed to open serial port.", "NetworkError");
    if (this.readable) throw new DOMException("The port is already open.", "InvalidStateError");
    this.opened.push(options);
    this.#stream();
    this.writable = new WritableStream({
      write: (bytes) => {
        this.received.push(bytes);
      },
    });
  }

  async close(): Promise<void> {
    if (this.readable?.locked) throw new TypeError("The stream is locked.");
    this.closes++;
    this.readable = null;
    this.writable = null;
  }

  say(bytes: Uint8Array): void {
    this.#controller?.enqueue(bytes);
  }

  /** The buffer ran over: the stream breaks, and the port has another. */
  overrun(): void {
    const broken = this.#controller;
    this.#stream();
    broken?.error(new DOMException("Buffer overrun", "BufferOverrunError"));
  }

  pull(): void {
    this.absent = true;
    this.readable = null;
    this.writable = null;
    this.#controller?.error(new DOMException("The device has been lost.", "NetworkError"));
  }

  plug(): void {
    this.absent = false;
  }

  #stream(): void {
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#controller = controller;
      },
    });
  }
}
