/**
 * A device of the WebUSB API, or anything of its shape: `navigator.usb` in a page, the package `usb` in Node, a test's own.
 * Several small transfers are always under way, so that the device never waits for the page:
 *
 *   | transfer 1 | transfer 2 | transfer 3 | transfer 4 |     answers come in this order
 *
 * A stalled endpoint ends the whole generation of them: all are awaited, the halt is cleared once, four new ones start. After
 * babble (the device sent more than was asked for) what came is thrown away, and new transfers are larger.
 */
import type { DeviceName, Link, Transport } from "../live/transport.ts";
import { atMost, deaf, lost, reasonOf, unlessAborted, unreachable } from "./failures.ts";

/** Result of a transfer from the device. */
export interface UsbInResult {
  readonly data?: DataView;
  readonly status?: string;
}

/** An endpoint as the device describes it. */
export interface UsbEndpointLike {
  readonly endpointNumber: number;
  readonly direction: string;
  readonly type: string;
  readonly packetSize: number;
}

/** A configuration as the device describes it. */
export interface UsbConfigurationLike {
  readonly interfaces: readonly {
    readonly interfaceNumber: number;
    readonly alternates: readonly { readonly endpoints: readonly UsbEndpointLike[] }[];
  }[];
}

/** What this transport uses of a `USBDevice`. */
export interface UsbDeviceLike {
  readonly vendorId: number;
  readonly productId: number;
  readonly productName?: string | null;
  readonly serialNumber?: string | null;
  readonly opened: boolean;
  readonly configuration?: UsbConfigurationLike | null;
  open(): Promise<void>;
  close(): Promise<void>;
  selectConfiguration(value: number): Promise<void>;
  claimInterface(number: number): Promise<void>;
  transferIn(endpoint: number, length: number): Promise<UsbInResult>;
  transferOut(
    endpoint: number,
    data: ArrayBuffer | ArrayBufferView<ArrayBuffer>,
  ): Promise<{ status?: string }>;
  clearHalt(direction: "in" | "out", endpoint: number): Promise<void>;
}

/** What this transport uses of `navigator.usb`. */
export interface UsbLike {
  getDevices(): Promise<readonly UsbDeviceLike[]>;
  addEventListener(type: "disconnect", listener: (event: { device: UsbDeviceLike }) => void): void;
  removeEventListener(type: "disconnect", listener: (event: { device: UsbDeviceLike }) => void): void;
}

/** How the device is read. */
export interface WebUsbOptions {
  /** Where it is found again after it was unplugged. Default: the platform's, where there is one. */
  usb?: UsbLike;
  /** Value of the configuration to select where the device has none. Default 1. */
  configuration?: number;
  /** Number of the interface to claim. Default: the first with a bulk endpoint towards the host. */
  interfaceNumber?: number;
  /** Bytes of a transfer, 64 to 1048576, rounded up to whole packets. Small ones come soon. Default 16384. */
  transferBytes?: number;
  /** Transfers under way, 2 to 32. Default 4. */
  transfers?: number;
}

/** A transfer fails before the system tells that the device is gone: how long to wait for that (ms). */
const CLASSIFY_MS = 250;
/** How long a device that may be gone is asked to close (ms). */
const CLOSE_MS = 250;
/** Most bytes of a transfer. */
const MOST_BYTES = 2 ** 20;
/** Stalls and babbles without a good transfer between them before the device counts as lost. */
const MOST_FRUITLESS = 4;

/** True for what `webUsb` takes. */
export function isUsbDevice(value: unknown): value is UsbDeviceLike {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { transferIn?: unknown }).transferIn === "function"
  );
}

/** The platform's `navigator.usb`, or undefined. */
export function platformUsb(): UsbLike | undefined {
  const navigator: unknown = Reflect.get(globalThis, "navigator");
  const usb: unknown = typeof navigator === "object" && navigator ? Reflect.get(navigator, "usb") : undefined;
  return typeof usb === "object" && usb !== null ? (usb as UsbLike) : undefined;
}

const hex = (id: number) => id.toString(16).padStart(4, "0");

function nameOf(device: UsbDeviceLike): string {
  return device.productName || `USB ${hex(device.vendorId)}:${hex(device.productId)}`;
}

/** The same physical device, plugged in again: a new object. */
function sameDevice(one: UsbDeviceLike, other: UsbDeviceLike): boolean {
  return (
    one.vendorId === other.vendorId &&
    one.productId === other.productId &&
    (one.serialNumber ?? "") === (other.serialNumber ?? "")
  );
}

interface Ways {
  interfaceNumber: number;
  input: UsbEndpointLike;
  output: UsbEndpointLike | undefined;
}

/** The interface to claim and its bulk endpoints. */
function waysOf(device: UsbDeviceLike, wanted: number | undefined): Ways | undefined {
  for (const { interfaceNumber, alternates } of device.configuration?.interfaces ?? []) {
    if (wanted !== undefined && interfaceNumber !== wanted) continue;
    const bulk = (alternates[0]?.endpoints ?? []).filter(({ type }) => type === "bulk");
    const input = bulk.find(({ direction }) => direction === "in");
    if (input) return { interfaceNumber, input, output: bulk.find(({ direction }) => direction === "out") };
  }
  return undefined;
}

class UsbLink implements Link {
  readonly device: DeviceName;
  readonly boundary = "stream";
  readonly #usb: UsbLike | undefined;
  readonly #usbDevice: UsbDeviceLike;
  readonly #ways: Ways;
  readonly #transfers: number;
  #transferBytes: number;
  #closed = false;
  #unplugged = false;
  #tellUnplugged: () => void = () => undefined;
  readonly #onDisconnect = ({ device }: { device: UsbDeviceLike }) => {
    if (device !== this.#usbDevice) return;
    this.#unplugged = true;
    this.#tellUnplugged();
  };

  constructor(device: UsbDeviceLike, ways: Ways, usb: UsbLike | undefined, bytes: number, transfers: number) {
    this.device = { name: nameOf(device), via: "usb" };
    this.#usbDevice = device;
    this.#ways = ways;
    this.#usb = usb;
    this.#transfers = transfers;
    this.#transferBytes = this.#wholePackets(bytes);
    usb?.addEventListener("disconnect", this.#onDisconnect);
  }

  #wholePackets(bytes: number): number {
    const { packetSize } = this.#ways.input;
    return Math.ceil(bytes / packetSize) * packetSize;
  }

  async *chunks(): AsyncIterableIterator<Uint8Array> {
    const { endpointNumber } = this.#ways.input;
    const start = () => {
      const transfer = this.#usbDevice.transferIn(endpointNumber, this.#transferBytes);
      // Its failure is told when its turn comes; until then it is not unheard of.
      transfer.catch(() => undefined);
      return transfer;
    };
    let fruitless = 0;
    while (!this.#closed) {
      const underWay = Array.from({ length: this.#transfers }, start);
      for (;;) {
        let result: UsbInResult;
        try {
          result = await (underWay.shift() as Promise<UsbInResult>);
        } catch (error) {
          if (this.#closed) return;
          throw await this.#classified(error);
        }
        if (this.#closed) return;
        const { status = "ok", data } = result;
        if (status === "ok") fruitless = 0;
        else if (++fruitless > MOST_FRUITLESS)
          throw lost(
            this.device.name,
            "transfer",
            `its transfers end with "${status}" again and again; plug it in anew`,
          );
        if (status === "stall") break;
        if (status === "babble") this.#transferBytes = Math.min(MOST_BYTES, 2 * this.#transferBytes);
        underWay.push(start());
        if (status === "ok" && data?.byteLength)
          yield new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      }
      await Promise.allSettled(underWay);
      if (this.#closed) return;
      try {
        await this.#usbDevice.clearHalt("in", endpointNumber);
      } catch (error) {
        if (this.#closed) return;
        throw await this.#classified(error);
      }
    }
  }

  /** An unplugged device fails its transfers first, in general words, and is told gone a moment later. */
  async #classified(error: unknown) {
    if (!this.#unplugged)
      await atMost(
        CLASSIFY_MS,
        new Promise<void>((resolve) => {
          this.#tellUnplugged = resolve;
        }),
      );
    return this.#unplugged
      ? lost(this.device.name, "unplugged", "it was unplugged", error)
      : lost(this.device.name, "transfer", `a transfer failed: ${reasonOf(error)}`, error);
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { output } = this.#ways;
    if (!output) throw deaf(this.device.name);
    try {
      const { status = "ok" } = await this.#usbDevice.transferOut(
        output.endpointNumber,
        new Uint8Array(bytes),
      );
      if (status === "ok") return;
      await this.#usbDevice.clearHalt("out", output.endpointNumber);
      throw new Error(`the transfer ended with "${status}"`);
    } catch (error) {
      throw lost(this.device.name, "transfer", reasonOf(error), error);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#tellUnplugged();
    this.#usb?.removeEventListener("disconnect", this.#onDisconnect);
    await atMost(CLOSE_MS, this.#usbDevice.close());
  }
}

async function openDevice(device: UsbDeviceLike, options: WebUsbOptions): Promise<Ways> {
  // What an earlier link left half open, or a pulled device that is still open in name.
  if (device.opened) await device.close().catch(() => undefined);
  await device.open();
  if (!device.configuration) await device.selectConfiguration(options.configuration ?? 1);
  const ways = waysOf(device, options.interfaceNumber);
  if (!ways) {
    await device.close();
    throw unreachable(
      nameOf(device),
      `it has no bulk endpoint towards the computer${options.interfaceNumber === undefined ? "" : ` in interface ${options.interfaceNumber}`}`,
      undefined,
      true,
    );
  }
  await device.claimInterface(ways.interfaceNumber);
  return ways;
}

/**
 * Reads a USB device that the person has chosen (`navigator.usb.requestDevice()`). Nothing is sent on opening but what USB
 * itself needs. After it was unplugged, the same device (vendor, product, serial number) is found again by `getDevices()`.
 */
export function webUsb(chosen: UsbDeviceLike, options: WebUsbOptions = {}): Transport {
  const { usb = platformUsb(), transferBytes = 16384, transfers = 4 } = options;
  const name = nameOf(chosen);
  return {
    name,
    async open(signal) {
      try {
        const known = (await usb?.getDevices()) ?? [chosen];
        const device = known.includes(chosen) ? chosen : known.find((other) => sameDevice(other, chosen));
        if (!device) throw unreachable(name, "it is not plugged in, or this page may not use it any more");
        const late = () => void device.close().catch(() => undefined);
        const ways = await unlessAborted(openDevice(device, options), signal, name, late);
        const bytes = Math.min(MOST_BYTES, Math.max(64, transferBytes));
        return new UsbLink(device, ways, usb, bytes, Math.min(32, Math.max(2, Math.round(transfers))));
      } catch (error) {
        if (error instanceof Error && error.name === "SondeError") throw error;
        throw unreachable(name, reasonOf(error), error);
      }
    },
  };
}
