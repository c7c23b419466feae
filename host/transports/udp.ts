/**
 * A device that sends datagrams to a port of this computer; Node. Only one sender is listened to: the one named, or else the
 * first that is heard.
 */
import type { DeviceName, Link, Transport } from "../live/transport.ts";
import { nodeModule } from "../worker/node.ts";
import { deaf, lost, reasonOf, stopped, unreachable } from "./failures.ts";
import { Inbox } from "./inbox.ts";

/** Receive buffer asked of the system: a burst of a frame must fit. */
const SYSTEM_BUFFER_BYTES = 4 * 2 ** 20;

type Socket = import("node:dgram").Socket;
type RemoteInfo = import("node:dgram").RemoteInfo;

/** Which datagrams are taken. */
export interface UdpOptions {
  /** Port of this computer, 1 to 65535 (0: any, for tests). */
  port: number;
  /** Address of the device; datagrams of others are not looked at. Default: the first that is heard. */
  from?: string;
  /** Address of this computer to listen on. Default: all, or 127.0.0.1 when `from` is a loopback address. */
  bind?: string;
}

function isLoopback(host: string | undefined): boolean {
  return host === "localhost" || host === "::1" || /^127\./.test(host ?? "");
}

class UdpLink implements Link {
  readonly boundary = "datagram";
  readonly device: DeviceName;
  readonly #socket: Socket;
  readonly #inbox = new Inbox();
  #sender: RemoteInfo | undefined;

  constructor(socket: Socket, device: DeviceName, from: string | undefined) {
    this.device = device;
    this.#socket = socket;
    socket.on("message", (message, sender) => {
      if (from !== undefined && sender.address.replace(/^::ffff:/, "") !== from) return;
      this.#sender ??= sender;
      if (sender.address === this.#sender.address) this.#inbox.push(message);
    });
    socket.on("error", (error) => this.#inbox.fail(lost(device.name, "error", reasonOf(error), error)));
    socket.on("close", () => this.#inbox.end());
  }

  get dropped() {
    return this.#inbox.dropped;
  }

  chunks(): AsyncIterableIterator<Uint8Array> {
    return this.#inbox.chunks();
  }

  write(bytes: Uint8Array): Promise<void> {
    const to = this.#sender;
    if (!to) return Promise.reject(deaf(`${this.device.name}, which was not heard yet,`));
    return new Promise((resolve, reject) => {
      this.#socket.send(bytes, to.port, to.address, (error) => {
        if (error) reject(lost(this.device.name, "error", reasonOf(error), error));
        else resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.#inbox.close();
    await new Promise<void>((resolve) => {
      try {
        this.#socket.close(() => resolve());
      } catch {
        // Node throws for a socket that is closed already, which is what was asked for.
        resolve();
      }
    });
  }
}

/** Listens on a UDP port. @throws SondeError `not-found` where the port cannot be listened on */
export function udp({ port, from, bind }: UdpOptions): Transport {
  const name = `udp://${from?.includes(":") ? `[${from}]` : (from ?? "")}:${port}`;
  return {
    name,
    async open(signal) {
      const [{ createSocket }, { lookup }] = await Promise.all([
        nodeModule("dgram"),
        nodeModule("dns/promises"),
      ]);
      const wanted = from === undefined ? undefined : await lookup(from).catch(() => undefined);
      if (from !== undefined && !wanted) throw unreachable(name, `there is no address of ${from}`);
      if (signal?.aborted) throw stopped(name);
      const ipv6 = wanted?.family === 6 || bind?.includes(":");
      const socket = createSocket({ type: ipv6 ? "udp6" : "udp4", reuseAddr: false });
      const address = bind ?? (isLoopback(wanted?.address) ? wanted?.address : undefined);
      await new Promise<void>((resolve, reject) => {
        socket.once("error", (error) => {
          socket.close();
          reject(unreachable(name, reasonOf(error), error));
        });
        socket.bind(port, address, () => {
          socket.removeAllListeners("error");
          resolve();
        });
      });
      try {
        socket.setRecvBufferSize(SYSTEM_BUFFER_BYTES);
      } catch {
        // A system that allows less keeps its own size; what does not fit is counted as lost by the protocol.
      }
      return new UdpLink(socket, { name, via: "udp" }, wanted?.address);
    },
  };
}
