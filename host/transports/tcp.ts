/** A device that listens on a TCP port; Node. Reading is held back when nobody takes the bytes, so nothing is dropped. */
import type { DeviceName, Link, Transport } from "../live/transport.ts";
import { nodeModule } from "../worker/node.ts";
import { lost, reasonOf, stopped, unreachable } from "./failures.ts";
import { Inbox } from "./inbox.ts";

/** How long a connection may take (ms). */
const CONNECT_MS = 3000;
/** Idle time after which the system asks whether the other side is still there (ms). */
const KEEP_ALIVE_MS = 1000;
/** Bytes read at once where so many have come: a fast device's frame takes a few steps of the whole way, not dozens. */
const READ_BYTES = 256 * 1024;

type Socket = import("node:net").Socket;

class TcpLink implements Link {
  readonly boundary = "stream";
  readonly device: DeviceName;
  readonly #socket: Socket;
  readonly #inbox: Inbox;

  constructor(socket: Socket, device: DeviceName) {
    this.device = device;
    this.#socket = socket;
    this.#inbox = new Inbox({ onFull: () => socket.pause(), onDrained: () => socket.resume() });
    socket.on("end", () => this.#inbox.end());
    socket.on("error", (error) => this.#inbox.fail(lost(device.name, "error", reasonOf(error), error)));
    socket.on("close", () => this.#inbox.end());
  }

  receive(chunk: Uint8Array): void {
    this.#inbox.push(chunk);
  }

  chunks(): AsyncIterableIterator<Uint8Array> {
    return this.#inbox.chunks();
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.write(bytes, (error) => {
        if (error) reject(lost(this.device.name, "error", reasonOf(error), error));
        else resolve();
      });
    });
  }

  async close(): Promise<void> {
    this.#inbox.close();
    this.#socket.destroy();
  }
}

/** Connects to a TCP port. @param host name or address @param port 1 to 65535 */
export function tcp(host: string, port: number): Transport {
  const name = `tcp://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return {
    name,
    async open(signal) {
      if (signal?.aborted) throw stopped(name);
      const { createConnection } = await nodeModule("net");
      return new Promise<Link>((resolve, reject) => {
        let link: TcpLink | undefined;
        const buffer = new Uint8Array(READ_BYTES);
        const callback = (count: number) => {
          link?.receive(buffer.slice(0, count));
          return true;
        };
        const socket = createConnection({ host, port, noDelay: true, onread: { buffer, callback } });
        socket.setKeepAlive(true, KEEP_ALIVE_MS);
        const timer = setTimeout(() => {
          give(() => reject(unreachable(name, `no answer within ${CONNECT_MS / 1000} s`)));
        }, CONNECT_MS);
        const abort = () => give(() => reject(stopped(name)));
        const settle = () => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", abort);
          socket.removeListener("error", failed);
        };
        const give = (tell: () => void) => {
          settle();
          // A late error of a connection that nobody wants must not be thrown.
          socket.on("error", () => undefined).destroy();
          tell();
        };
        const failed = (error: Error) => give(() => reject(unreachable(name, reasonOf(error), error)));
        socket.once("error", failed);
        signal?.addEventListener("abort", abort, { once: true });
        socket.once("connect", () => {
          settle();
          link = new TcpLink(socket, { name, via: "tcp" });
          resolve(link);
        });
      });
    },
  };
}
