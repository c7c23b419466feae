/** From what a person chose to a live source: the transport behind a target, the protocol behind a name. */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import type { ProtocolOptions } from "../protocols/index.ts";
import { transportOf } from "../transports/address.ts";
import { type ByteStream, type Bytes, byteStream, isByteStream } from "../transports/byte-stream.ts";
import { isSerial, type SerialLike, webSerial } from "../transports/web-serial.ts";
import { isUsbDevice, type UsbDeviceLike, type UsbLike, webUsb } from "../transports/web-usb.ts";
import type { WebSocketLike } from "../transports/websocket.ts";
import { LinkedSource } from "./linked-source.ts";
import type { LiveOptions, LiveSource } from "./live-source.ts";
import type { Protocol } from "./protocol.ts";
import type { Transport } from "./transport.ts";

/** Opens a stream of bytes anew: after a loss it is called again. */
export type OpensStream = (signal?: AbortSignal) => ByteStream | Bytes | Promise<ByteStream | Bytes>;

/**
 * A way to a device: an address, a USB device or serial port the person chose, any stream of bytes, which can be read once, a
 * function that opens one, so that the device can be reached again, or a transport.
 */
export type LiveTarget =
  | string
  | URL
  | UsbDeviceLike
  | SerialLike
  | ByteStream
  | Bytes
  | OpensStream
  | Transport;

/** How to connect to a device. */
export interface ConnectLiveOptions extends LiveOptions {
  /**
   * What its bytes mean: the name of a protocol, `echopen-e2`, with options where they are needed, `wulpus?lines=32`; or a
   * protocol of the page's own.
   */
  protocol: string | Protocol;
  /** What a protocol known by name is told. */
  protocolOptions?: ProtocolOptions;
  /**
   * How long the device may take to say what it sends (ms); Infinity: as long as it takes. Default 10000; as long as it takes for
   * a device that obeys orders, when there is `onSource`: it may speak only when it is told to.
   */
  waitMs?: number;
  /**
   * Is given the source before the device has said what it sends: its `link`, `statistics`, `controls` and `order` can be used, its
   * `info` not yet.
   */
  onSource?(source: LiveSource): void;
  /** Stops the connecting. */
  signal?: AbortSignal;
  /** Serial ports: bits a second. Default 115200. */
  baudRate?: number;
  /** Where USB devices are found again. Default: the platform's. */
  usb?: UsbLike;
  /** Makes WebSockets. Default: the platform's. */
  createWebSocket?(address: string): WebSocketLike;
}

const DEFAULT_WAIT_MS = 10_000;

function isTransport(value: unknown): value is Transport {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { name?: unknown }).name === "string" &&
    typeof (value as { open?: unknown }).open === "function" &&
    !("readable" in value)
  );
}

/** Whether something is a target of `connectLive`, of whatever kind. */
export function isLiveTarget(value: unknown): value is LiveTarget {
  return (
    typeof value === "string" ||
    value instanceof URL ||
    typeof value === "function" ||
    isUsbDevice(value) ||
    isSerial(value) ||
    isByteStream(value) ||
    isTransport(value)
  );
}

async function transportTo(
  target: LiveTarget,
  protocol: Protocol,
  options: ConnectLiveOptions,
): Promise<Transport> {
  const { baudRate, usb, createWebSocket } = options;
  if (typeof target === "string" || target instanceof URL)
    return transportOf(String(target), { usb, create: createWebSocket, boundary: protocol.boundary });
  if (typeof target === "function") return byteStream(target, { boundary: protocol.boundary });
  if (isUsbDevice(target)) return webUsb(target, { usb });
  if (isSerial(target)) return webSerial(target, { baudRate });
  if (isTransport(target)) return target;
  return byteStream(target, { boundary: protocol.boundary });
}

/** Options that are text, though it may look like a number. */
const TEXTS: readonly string[] = ["name", "settings", "samples"] satisfies (keyof ProtocolOptions)[];

/** A protocol with its options, as on the command line: `NAME?option=value&...` */
export function protocolWords(text: string): { id: string; options: ProtocolOptions } {
  const [id, query = ""] = text.split(/\?(.*)/s);
  const fields = [...new URLSearchParams(query)].map(([name, value]) => {
    const number = Number(value);
    const isNumber = !TEXTS.includes(name) && value.trim() !== "" && Number.isFinite(number);
    return [name, isNumber ? number : value];
  });
  return { id, options: Object.fromEntries(fields) as ProtocolOptions };
}

/** The protocol of a connection. @throws SondeError `bad-option` */
export async function protocolNamed({
  protocol,
  protocolOptions,
}: Pick<ConnectLiveOptions, "protocol" | "protocolOptions">): Promise<Protocol> {
  if (typeof protocol === "object" && protocol !== null) return protocol;
  const { PROTOCOLS, protocolOf } = await import("../protocols/index.ts");
  if (typeof protocol === "string" && protocol) {
    const { id, options } = protocolWords(protocol);
    return protocolOf(id, { ...options, ...protocolOptions });
  }
  throw new SondeError(
    "bad-option",
    `The protocol of the device is missing: give protocol, one of ${PROTOCOLS.map(({ id }) => id).join(", ")}`,
    { fields: { protocol: "" } },
  );
}

/**
 * Connects to a device and resolves when it has said what it sends. Later losses are mended by themselves.
 * @throws SondeError `bad-option`, `not-found`, `missing-data` when nothing it says is understood, `aborted`
 */
export async function connectLive(target: LiveTarget, options: ConnectLiveOptions): Promise<LiveSource> {
  const protocol = await protocolNamed(options);
  const { onSource, signal } = options;
  const patient = onSource !== undefined && protocol.encode !== undefined;
  const { waitMs = patient ? Number.POSITIVE_INFINITY : DEFAULT_WAIT_MS } = options;
  if (!(waitMs >= 0))
    throw new SondeError("bad-option", `waitMs is ${quote(String(waitMs))}: it must be 0 or more`, {
      fields: { waitMs },
    });
  const source = new LinkedSource(await transportTo(target, protocol, options), protocol, options);
  try {
    onSource?.(source);
    await source.ready(waitMs, signal);
    return source;
  } catch (error) {
    source.close();
    throw error;
  }
}
