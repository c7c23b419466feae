/**
 * Addresses of devices as text, and the transport behind each:
 *
 *   tcp://HOST:PORT            Node
 *   udp://[HOST]:PORT          Node; datagrams to this port, of that host alone; ?bind=ADDRESS
 *   serial:///dev/ttyACM0      Node; ?baud=4000000
 *   usb://VID:PID              four hex digits each; pages (devices they may use already) and Node (package usb)
 *   ws://HOST:PORT/PATH, wss://...
 */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import type { Boundary, Transport } from "../live/transport.ts";
import { nodePackage } from "../worker/node.ts";
import { inNode } from "../worker/platform.ts";
import { unreachable } from "./failures.ts";
import type { UsbDeviceLike, UsbLike } from "./web-usb.ts";
import type { WebSocketOptions } from "./websocket.ts";

/** An address taken apart. */
export type Address =
  | { kind: "tcp"; host: string; port: number }
  | { kind: "udp"; host: string | undefined; port: number; bind: string | undefined }
  | { kind: "serial"; path: string; baudRate: number | undefined }
  | { kind: "usb"; vendorId: number; productId: number }
  | { kind: "websocket"; url: string };

/** What an address does not say. */
export interface AddressOptions extends Pick<WebSocketOptions, "create"> {
  /** How the protocol's bytes are cut, for a WebSocket without a bridge. */
  boundary?: Boundary;
  /** Where usb:// looks. Default: the platform's, in Node the package `usb`. */
  usb?: UsbLike;
}

const FORMS = "tcp://HOST:PORT, udp://[HOST]:PORT, serial:///dev/ttyACM0, usb://VID:PID or ws://HOST:PORT";

function bad(address: string, why: string): SondeError {
  return new SondeError("bad-option", `${quote(address)} is no address of a device: ${why}`, {
    fields: { address },
  });
}

/** `HOST:PORT`, an IPv6 host in brackets. */
function hostAndPort(address: string, rest: string): { host: string; port: number } {
  const found = /^(\[[\da-fA-F:.]+\]|[^\s:/?#[\]@]*):(\d{1,5})$/.exec(rest);
  const port = Number(found?.[2]);
  if (!found || port < 1 || port > 65535)
    throw bad(address, "after :// it needs HOST:PORT, with a port from 1 to 65535");
  return { host: found[1].replace(/^\[|\]$/g, ""), port };
}

/** The path of a port, without the escapes of an address. */
function pathOf(address: string, rest: string): string {
  try {
    return decodeURIComponent(rest);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw bad(address, "a % must be followed by two hex digits, or be written %25");
  }
}

/** Refuses query fields that mean nothing. */
function queryOf(address: string, query: string, known: readonly string[]): URLSearchParams {
  const fields = new URLSearchParams(query);
  for (const name of fields.keys())
    if (!known.includes(name))
      throw bad(
        address,
        `${quote(name)} means nothing there${known.length ? `; it knows ${known.join(", ")}` : ""}`,
      );
  return fields;
}

/** Takes an address apart. @throws SondeError `bad-option` */
export function parseAddress(address: string): Address {
  const found = /^([a-z]+):\/\/([^?#]*)(?:\?([^#]*))?$/i.exec(address.trim());
  if (!found || address.length > 1000) throw bad(address, `give ${FORMS}`);
  const [, scheme, rest, query = ""] = found;
  switch (scheme.toLowerCase()) {
    case "tcp": {
      queryOf(address, query, []);
      const { host, port } = hostAndPort(address, rest);
      if (!host) throw bad(address, "the host is missing");
      return { kind: "tcp", host, port };
    }
    case "udp": {
      const { host, port } = hostAndPort(address, rest);
      const bind = queryOf(address, query, ["bind"]).get("bind") ?? undefined;
      return { kind: "udp", host: host || undefined, port, bind };
    }
    case "serial": {
      if (!rest.startsWith("/")) throw bad(address, "give the path of the port, as in serial:///dev/ttyACM0");
      const baud = queryOf(address, query, ["baud"]).get("baud");
      const baudRate = baud === null ? undefined : Number(baud);
      if (baudRate !== undefined && !(Number.isInteger(baudRate) && baudRate >= 50 && baudRate <= 4e6))
        throw bad(address, `baud is ${quote(String(baud))}: it must be from 50 to 4000000`);
      return { kind: "serial", path: pathOf(address, rest), baudRate };
    }
    case "usb": {
      queryOf(address, query, []);
      const ids = /^([\da-f]{4}):([\da-f]{4})$/i.exec(rest);
      if (!ids) throw bad(address, "give vendor and product in four hex digits each, as in usb://cafe:4011");
      return { kind: "usb", vendorId: Number.parseInt(ids[1], 16), productId: Number.parseInt(ids[2], 16) };
    }
    case "ws":
    case "wss":
      if (!URL.canParse(address)) throw bad(address, "give ws://HOST:PORT/PATH");
      return { kind: "websocket", url: address.trim() };
    default:
      throw bad(address, `give ${FORMS}`);
  }
}

/** Node's USB, from a package that is installed only where it is wanted. */
async function nodeUsb(device: string): Promise<UsbLike> {
  try {
    const { WebUSB } = await nodePackage("usb");
    return new WebUSB({ allowAllDevices: true });
  } catch (error) {
    throw new SondeError(
      "unsupported-platform",
      `${device} needs the package usb: npm install usb@3.1.0, or use WebUSB in the page`,
      { cause: error, fields: { device, final: true } },
    );
  }
}

/** Finds the device at every opening: it may be plugged in later. */
function usbTransport(
  address: string,
  vendorId: number,
  productId: number,
  given: UsbLike | undefined,
): Transport {
  let last: UsbDeviceLike | undefined;
  return {
    name: address,
    async open(signal) {
      const { platformUsb, webUsb } = await import("./web-usb.ts");
      const usb = given ?? platformUsb() ?? (inNode() ? await nodeUsb(address) : undefined);
      if (!usb)
        throw new SondeError(
          "unsupported-platform",
          `${address} needs WebUSB, which this browser has not: use sonde serve --probe`,
          {
            fields: { device: address, final: true },
          },
        );
      const present = await usb.getDevices().catch((error: Error) => {
        throw unreachable(address, `this machine's USB could not be listed (${error.message})`, error);
      });
      const found = present.filter(
        (device) => device.vendorId === vendorId && device.productId === productId,
      );
      last = found.find((device) => device.serialNumber === last?.serialNumber) ?? found[0];
      if (!last) throw unreachable(address, "no such device is plugged in, or it may not be used here yet");
      return webUsb(last, { usb }).open(signal);
    },
  };
}

/**
 * The transport behind an address. What it needs is loaded when it is used.
 * @throws SondeError `bad-option` for no address, `unsupported-platform` for one that this platform cannot reach
 */
export async function transportOf(address: string, options: AddressOptions = {}): Promise<Transport> {
  const parsed = parseAddress(address);
  if (["tcp", "udp", "serial"].includes(parsed.kind) && !inNode())
    throw new SondeError(
      "unsupported-platform",
      `${quote(address)} cannot be reached from a page: run sonde serve --probe ${parsed.kind}://... and open the page it names`,
      { fields: { address, final: true } },
    );
  switch (parsed.kind) {
    case "tcp":
      return (await import("./tcp.ts")).tcp(parsed.host, parsed.port);
    case "udp": {
      const { port, host, bind } = parsed;
      return (await import("./udp.ts")).udp({ port, from: host, bind });
    }
    case "serial":
      return (await import("./serial.ts")).serial(parsed.path, parsed.baudRate);
    case "usb":
      return usbTransport(address, parsed.vendorId, parsed.productId, options.usb);
    case "websocket": {
      const { create, boundary } = options;
      return (await import("./websocket.ts")).webSocket(parsed.url, { create, boundary });
    }
  }
}
