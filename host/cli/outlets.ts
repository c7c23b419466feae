/**
 * Where a simulated device is reached: a TCP port, a WebSocket, a pseudo-terminal; or where it sends datagrams to. Every
 * connection gets a session of its own, as a device that starts to speak when somebody connects.
 */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { WebSocketServer } from "ws";
import { SondeError } from "../errors.ts";
import { parseAddress } from "../transports/address.ts";
import { isOwnHost } from "./addresses.ts";

/** One receiver of a simulated device. */
export interface Receiver {
  /** Sends bytes; resolves when there is room for more. */
  send(bytes: Uint8Array): Promise<void>;
  /** Tells of the bytes it sends. Absent: none can come. */
  hear?(listener: (bytes: Uint8Array) => void): void;
  /** Ends the connection, as pulling the cable does. */
  unplug(): void;
  /** Aborted when the receiver is gone. */
  readonly gone: AbortSignal;
}

/** Serves one receiver until it is gone. */
export type Session = (receiver: Receiver) => Promise<void>;

/** A simulated device that can be reached. */
export interface Outlet {
  /** The address for the other side. */
  readonly address: string;
  close(): void;
}

/** A host as it stands in an address: IPv6 in brackets. */
const inAddress = (host: string) => (host.includes(":") ? `[${host}]` : host);

/** Bytes a receiver may lag behind before the device waits for it. */
const LAG_BYTES = 2 ** 20;

function failure(address: string, error: Error): SondeError {
  return new SondeError("not-found", `${address} cannot be listened on: ${error.message}`, { cause: error });
}

/** Resolves when this way takes more, or is gone. */
function untilDrained(stream: NodeJS.WritableStream, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off("drain", done);
      gone.removeEventListener("abort", done);
      resolve();
    };
    stream.once("drain", done);
    gone.addEventListener("abort", done, { once: true });
  });
}

function overTcp(host: string, port: number, serve: Session): Promise<Outlet> {
  const server = createServer({ noDelay: true }, (socket) => {
    const gone = new AbortController();
    socket.on("close", () => gone.abort());
    socket.on("error", () => socket.destroy());
    socket.resume();
    void serve({
      gone: gone.signal,
      hear: (listener) => socket.on("data", listener),
      unplug: () => socket.destroy(),
      send: async (bytes) => {
        if (gone.signal.aborted || socket.write(bytes) || socket.writableLength < LAG_BYTES) return;
        await untilDrained(socket, gone.signal);
      },
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(failure(`tcp://${inAddress(host)}:${port}`, error)));
    server.listen(port, host, () => {
      const at = server.address();
      const bound = typeof at === "object" && at ? at.port : port;
      resolve({
        address: `tcp://${inAddress(host)}:${bound}`,
        close: () => server.close(),
      });
    });
  });
}

async function overUdp(host: string, port: number, serve: Session): Promise<Outlet> {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  const gone = new AbortController();
  socket.on("error", () => undefined);
  void serve({
    gone: gone.signal,
    // Nobody notices that datagrams stop.
    unplug: () => undefined,
    send: (bytes) => new Promise((resolve) => socket.send(bytes, port, host, () => resolve())),
  });
  return {
    address: `udp://${inAddress(host)}:${port}`,
    close: () => {
      gone.abort();
      socket.close();
    },
  };
}

/** Whether a page of this computer asks, or no page at all: browsers let every page open every WebSocket. */
function isNear(origin: string | undefined): boolean {
  if (origin === undefined) return true;
  return URL.canParse(origin) && isOwnHost(new URL(origin).hostname, "localhost");
}

function overWebSocket(host: string, port: number, serve: Session): Promise<Outlet> {
  const server = new WebSocketServer({
    host,
    port,
    perMessageDeflate: false,
    maxPayload: 65536,
    verifyClient: ({ req }: { req: IncomingMessage }) =>
      isOwnHost(req.headers.host, host) && isNear(req.headers.origin),
  });
  server.on("connection", (socket) => {
    const gone = new AbortController();
    socket.on("close", () => gone.abort());
    socket.on("error", () => socket.terminate());
    void serve({
      gone: gone.signal,
      hear: (listener) => socket.on("message", (data) => listener(new Uint8Array(data as Buffer))),
      unplug: () => socket.terminate(),
      send: (bytes) =>
        new Promise((resolve) => {
          if (gone.signal.aborted) resolve();
          else if (socket.bufferedAmount < LAG_BYTES) {
            socket.send(bytes);
            resolve();
          } else socket.send(bytes, () => resolve());
        }),
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(failure(`ws://${inAddress(host)}:${port}`, error)));
    server.once("listening", () => {
      const at = server.address();
      const bound = typeof at === "object" && at ? at.port : port;
      resolve({ address: `ws://${inAddress(host)}:${bound}`, close: () => server.close() });
    });
  });
}

/** `script` of util-linux has the terminal's other end; the process on it only keeps it open, raw. */
function overTerminal(serve: Session): Promise<Outlet> {
  const child = spawn("script", ["-qfc", "tty; stty raw -echo; exec sleep 1000000", "/dev/null"], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  const gone = new AbortController();
  child.on("exit", () => gone.abort());
  child.stdin.on("error", () => gone.abort());
  return new Promise((resolve, reject) => {
    const refuse = (why: string) =>
      reject(
        new SondeError(
          "unsupported-platform",
          `A pseudo-terminal needs the command script of util-linux (${why}): install it, or use --listen tcp://127.0.0.1:7538`,
        ),
      );
    let said = "";
    const heard = (text: Buffer) => {
      said += text.toString("latin1");
      const path = /(\/dev\/\S+)\s/.exec(said)?.[1];
      if (!path) {
        if (said.length > 1000) refuse("it said no terminal");
        return;
      }
      child.stdout.off("data", heard);
      child.stdout.resume();
      resolve({ address: `serial://${path}`, close: () => child.kill("SIGKILL") });
      void serve({
        gone: gone.signal,
        hear: (listener) => child.stdout.on("data", listener),
        unplug: () => child.kill("SIGKILL"),
        send: async (bytes) => {
          if (!gone.signal.aborted && !child.stdin.write(bytes)) await untilDrained(child.stdin, gone.signal);
        },
      });
    };
    child.stdout.on("data", heard);
    child.on("error", (error) => refuse(error.message));
    child.on("exit", () => refuse("it ended"));
  });
}

/** Lets a device be reached at `tcp://HOST:PORT`, `ws://HOST:PORT` (port 0: any) or `pty`, or sends to `udp://HOST:PORT`. */
export function outletAt(address: string, serve: Session): Promise<Outlet> {
  if (address === "pty") return overTerminal(serve);
  // Port 0, any that is free, is no port of a device.
  const anyPort = /^(tcp|ws):\/\/(\[[^\]]+\]|[^:/]+):0$/.exec(address);
  if (anyPort) {
    const host = anyPort[2].replace(/^\[|\]$/g, "");
    return anyPort[1] === "tcp" ? overTcp(host, 0, serve) : overWebSocket(host, 0, serve);
  }
  if (!/^(?:tcp|ws|udp):/.test(address)) throw noPlace(address);
  const parsed = parseAddress(address);
  if (parsed.kind === "tcp") return overTcp(parsed.host, parsed.port, serve);
  if (parsed.kind === "udp") return overUdp(parsed.host ?? "127.0.0.1", parsed.port, serve);
  if (parsed.kind === "websocket") {
    const { hostname, port, protocol } = new URL(parsed.url);
    if (protocol === "ws:") return overWebSocket(hostname.replace(/^\[|\]$/g, ""), Number(port || 80), serve);
  }
  throw noPlace(address);
}

function noPlace(address: string): SondeError {
  return new SondeError(
    "bad-option",
    `${address}: give tcp://HOST:PORT, ws://HOST:PORT or pty to listen on, or udp://HOST:PORT to send to`,
    { fields: { listen: address } },
  );
}
