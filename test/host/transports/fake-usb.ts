/** A USB port that a test holds in its hands: `navigator.usb` in shape, in Node and in pages. Imports types only. */
import type { UsbDeviceLike, UsbInResult, UsbLike } from "../../../host/transports/web-usb.ts";

interface Transfer {
  length: number;
  resolve(result: UsbInResult): void;
  reject(error: Error): void;
}

/** As a browser says it, whatever happened. */
function networkError(): Error {
  return new DOMException("A transfer error has occurred.", "NetworkError");
}

export class FakeUsbDevice implements UsbDeviceLike {
  readonly vendorId = 0xcafe;
  readonly productId = 0x4011;
  readonly productName = "Fake probe";
  readonly serialNumber = "0001";
  readonly packetSize = 64;
  opened = false;
  claimed = false;
  configuration: UsbDeviceLike["configuration"] = null;
  /** What the page asked of it, in order. */
  readonly log: string[] = [];
  readonly received: Uint8Array[] = [];
  gone = false;
  halted = false;
  /** How often the endpoint halted, and how many transfers brought more than was asked for. */
  stalls = 0;
  babbles = 0;
  readonly #transfers: Transfer[] = [];
  readonly #bytes: Uint8Array[] = [];

  async open(): Promise<void> {
    if (this.gone) throw networkError();
    this.log.push("open");
    this.opened = true;
  }

  async close(): Promise<void> {
    this.log.push("close");
    this.opened = false;
    for (const transfer of this.#transfers.splice(0))
      transfer.reject(new DOMException("The transfer was cancelled.", "AbortError"));
    if (this.gone) throw networkError();
  }

  async selectConfiguration(value: number): Promise<void> {
    this.log.push(`configuration ${value}`);
    const endpoint = (endpointNumber: number, direction: string) => ({
      endpointNumber,
      direction,
      type: "bulk",
      packetSize: this.packetSize,
    });
    this.configuration = {
      interfaces: [
        { interfaceNumber: 0, alternates: [{ endpoints: [] }] },
        { interfaceNumber: 1, alternates: [{ endpoints: [endpoint(2, "in"), endpoint(3, "out")] }] },
      ],
    };
  }

  async claimInterface(number: number): Promise<void> {
    this.log.push(`claim ${number}`);
    this.claimed = true;
  }

  transferIn(_endpoint: number, length: number): Promise<UsbInResult> {
    if (this.gone || !this.opened) return Promise.reject(networkError());
    if (this.halted) return Promise.resolve({ status: "stall" });
    return new Promise((resolve, reject) => {
      this.#transfers.push({ length, resolve, reject });
      this.#move();
    });
  }

  async transferOut(_endpoint: number, data: BufferSource): Promise<{ status: string }> {
    if (this.gone) throw networkError();
    this.received.push(
      new Uint8Array(data as ArrayBuffer | Uint8Array<ArrayBuffer> as Uint8Array<ArrayBuffer>),
    );
    return { status: "ok" };
  }

  async clearHalt(direction: string, endpoint: number): Promise<void> {
    if (this.gone) throw networkError();
    this.log.push(`clear ${direction} ${endpoint}`);
    this.halted = false;
  }

  /** Transfers the page has under way. */
  get underWay(): number {
    return this.#transfers.length;
  }

  /** Bytes from the probe; a transfer ends with each call, as after a short packet. */
  say(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length || at === 0; at += 16384)
      this.#bytes.push(bytes.slice(at, at + 16384));
    this.#move();
  }

  /** The endpoint halts: every transfer ends with a stall until the halt is cleared. */
  stall(): void {
    this.halted = true;
    this.stalls++;
    for (const { resolve } of this.#transfers.splice(0)) resolve({ status: "stall" });
  }

  /** The probe sends more than it was asked for. */
  babble(): void {
    const transfer = this.#transfers.shift();
    if (!transfer) return;
    this.babbles++;
    transfer.resolve({ status: "babble", data: new DataView(new ArrayBuffer(64)) });
  }

  /** A transfer fails and nothing else happens. */
  fail(): void {
    this.#transfers.shift()?.reject(networkError());
  }

  /** The cable is pulled: what is under way fails. */
  vanish(): void {
    this.gone = true;
    for (const transfer of this.#transfers.splice(0)) transfer.reject(networkError());
  }

  #move(): void {
    while (this.#transfers.length > 0 && this.#bytes.length > 0) {
      const { length, resolve } = this.#transfers.shift() as Transfer;
      const bytes = this.#bytes.shift() as Uint8Array;
      if (bytes.length > length) this.#bytes.unshift(bytes.slice(length));
      const data = new DataView(bytes.slice(0, length).buffer);
      resolve({ status: "ok", data });
    }
  }
}

type Listener = (event: { device: UsbDeviceLike }) => void;

export class FakeUsb implements UsbLike {
  device: FakeUsbDevice | undefined = new FakeUsbDevice();
  readonly #listeners = new Set<Listener>();

  async getDevices(): Promise<readonly UsbDeviceLike[]> {
    return this.device ? [this.device] : [];
  }

  addEventListener(_type: "disconnect", listener: Listener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "disconnect", listener: Listener): void {
    this.#listeners.delete(listener);
  }

  get listening(): number {
    return this.#listeners.size;
  }

  /** Pulls the cable; the page is told `afterMs` later, or never. */
  pull(afterMs: number | undefined): void {
    const { device } = this;
    if (!device) return;
    this.device = undefined;
    device.vanish();
    const tell = () => {
      for (const listener of [...this.#listeners]) listener({ device });
    };
    if (afterMs === 0) tell();
    else if (afterMs !== undefined) setTimeout(tell, afterMs);
  }

  /** Plugs it in again: the same probe, another object. */
  plug(): FakeUsbDevice {
    this.device = new FakeUsbDevice();
    return this.device;
  }
}
