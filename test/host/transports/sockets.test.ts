/** TCP, UDP, serial ports and WebSockets on this computer. */
import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocketServer } from "ws";
import { isSondeError } from "../../../host/errors.ts";
import { bridgeChunk } from "../../../host/live/bridge.ts";
import { serial } from "../../../host/transports/serial.ts";
import { tcp } from "../../../host/transports/tcp.ts";
import { udp } from "../../../host/transports/udp.ts";
import { webSocket } from "../../../host/transports/websocket.ts";

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error("nothing failed");
}

async function listening(each: (socket: Socket) => void): Promise<{ port: number; close(): void }> {
  const server = createServer(each);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

test("TCP: bytes come in order, orders go, an orderly end ends, a reset is a lost device", async () => {
  const heard: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = await listening((socket) => {
    sockets.push(socket.on("data", (data) => heard.push(data)).on("error", () => undefined));
    socket.write(Uint8Array.of(1, 2, 3));
  });
  const link = await tcp("127.0.0.1", server.port).open();
  assert.equal(link.device, { name: `tcp://127.0.0.1:${server.port}`, via: "tcp" });
  const chunks = link.chunks();
  assert.equal([...(await chunks.next()).value], [1, 2, 3]);
  assert.is(heard.length, 0, "nothing is sent on connecting");
  await link.write(Uint8Array.of(9));
  sockets[0].end(Uint8Array.of(4));
  assert.equal([...(await chunks.next()).value], [4]);
  assert.is((await chunks.next()).done, true);
  await link.close();
  assert.equal([...Buffer.concat(heard)], [9]);

  const other = await tcp("127.0.0.1", server.port).open();
  const reading = other.chunks();
  await reading.next();
  sockets[1].resetAndDestroy();
  assert.ok(isSondeError(await failureOf(reading.next()), "device-lost"));
  await other.close();
  await other.close();
  server.close();
});

test("TCP: nobody there, and a stop while connecting, are told as such", async () => {
  const server = await listening(() => undefined);
  server.close();
  const refused = await failureOf(tcp("127.0.0.1", server.port).open());
  assert.ok(isSondeError(refused, "not-found"));
  assert.match((refused as Error).message, `tcp://127.0.0.1:${server.port} could not be reached`);
  assert.ok(
    isSondeError(await failureOf(tcp("127.0.0.1", server.port).open(AbortSignal.abort())), "aborted"),
  );
});

test("TCP: a reader that takes nothing holds the sender back, and loses nothing", async () => {
  const total = 64 * 2 ** 20;
  let socket: Socket | undefined;
  const server = await listening((opened) => {
    socket = opened;
    for (let k = 0; k < 64; k++) opened.write(new Uint8Array(2 ** 20).fill(k));
  });
  const link = await tcp("127.0.0.1", server.port).open();
  await wait(300);
  assert.ok((socket?.writableLength ?? 0) > total / 2, "the sender waits");
  let bytes = 0;
  for await (const chunk of link.chunks()) {
    bytes += chunk.length;
    if (bytes === total) break;
  }
  assert.is(bytes, total);
  await link.close();
  server.close();
});

test("UDP: each datagram is one chunk; only the first sender, or the one named, is heard", async () => {
  const free = createSocket("udp4");
  await new Promise<void>((resolve) => free.bind(0, "127.0.0.1", resolve));
  const { port } = free.address();
  await new Promise<void>((resolve) => free.close(() => resolve()));
  const link = await udp({ port, from: "127.0.0.1" }).open();
  const chunks = link.chunks();
  const sender = createSocket("udp4");
  const stranger = createSocket("udp4");
  await new Promise<void>((resolve) => stranger.bind(0, "127.0.0.2", resolve));
  const send = (from: typeof sender, ...bytes: number[]) =>
    new Promise((resolve) => from.send(Uint8Array.from(bytes), port, "127.0.0.1", resolve));
  await send(stranger, 66);
  await send(sender, 1, 2);
  await send(sender, 3);
  assert.equal([...(await chunks.next()).value], [1, 2]);
  assert.equal([...(await chunks.next()).value], [3]);
  const answer = new Promise<Buffer>((resolve) => sender.once("message", resolve));
  await link.write(Uint8Array.of(5));
  assert.equal([...(await answer)], [5]);
  assert.ok(
    isSondeError(await failureOf(udp({ port, from: "127.0.0.1" }).open()), "not-found"),
    "the port is taken",
  );
  await link.close();
  assert.is((await chunks.next()).done, true);
  sender.close();
  stranger.close();
});

if (process.platform === "linux" && existsSync("/usr/bin/script"))
  test("serial: a terminal is read raw, byte for byte, and its end is an unplugged device", async () => {
    const child = spawn("script", ["-qfc", "tty; stty raw -echo; exec sleep 1000", "/dev/null"], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    const path = await new Promise<string>((resolve) => {
      child.stdout.once("data", (text) => resolve(String(text).trim()));
    });
    await wait(200);
    const link = await serial(path, 115200).open();
    const every = Uint8Array.from({ length: 256 }, (_, k) => k);
    child.stdin.write(every);
    const got: number[] = [];
    const chunks = link.chunks();
    while (got.length < 256) got.push(...(await chunks.next()).value);
    assert.equal(got, [...every]);
    const back = new Promise<string>((resolve) => {
      child.stdout.once("data", (text) => resolve(String(text)));
    });
    await link.write(new TextEncoder().encode("status\n"));
    assert.is(await back, "status\n");
    child.kill("SIGKILL");
    const error = await failureOf(chunks.next());
    assert.ok(isSondeError(error, "device-lost"));
    assert.is(error.fields["reason"], "unplugged");
    await link.close();
  });

test("serial: what is no port is refused", async () => {
  assert.match(String(await failureOf(serial("/dev/ttyNOTHING").open())), "there is no /dev/ttyNOTHING");
  assert.match(String(await failureOf(serial("/tmp").open())), "no serial port");
});

async function webServer(
  each: (socket: import("ws").WebSocket) => void,
): Promise<{ url: string; close(): void }> {
  const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await new Promise((resolve) => server.once("listening", resolve));
  server.on("connection", each);
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/probe?token=secret`,
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

test("WebSocket: a device that speaks by itself", async () => {
  const heard: string[] = [];
  const server = await webServer((socket) => {
    socket.on("message", (data) => heard.push(String(data)));
    socket.send(Uint8Array.of(1));
    socket.send("text");
    socket.close();
  });
  const link = await webSocket(server.url).open();
  assert.not(link.device.name.includes("secret"), "a token is no part of a name");
  const chunks = link.chunks();
  assert.equal([...(await chunks.next()).value], [1]);
  assert.is(new TextDecoder().decode((await chunks.next()).value), "text");
  assert.is((await chunks.next()).done, true);
  assert.equal(heard, []);
  await link.close();
  server.close();
});

test("WebSocket: a bridge names the device, tells drops, age and loss, and is told what was taken", async () => {
  const heard: string[] = [];
  const server = await webServer((socket) => {
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.on("message", (data) => heard.push(String(data)));
    say({ sonde: "hello", version: 1, protocol: "small", boundary: "datagram" });
    say({ sonde: "open", device: { name: "cart", via: "tcp" } });
    const now = performance.now();
    socket.send(bridgeChunk(1, now, Uint8Array.of(1)));
    socket.send(bridgeChunk(2, now - 800, Uint8Array.of(2)));
    say({ sonde: "dropped", chunks: 3, bytes: 300 });
    say({ sonde: "lost", reason: "unplugged", message: "cart was lost: it was unplugged" });
  });
  const link = await webSocket(server.url).open();
  assert.equal(link.device, { name: "cart", via: "tcp" });
  assert.is(link.boundary, "datagram");
  const chunks = link.chunks();
  assert.equal([...(await chunks.next()).value], [1]);
  assert.ok((link.ageMs ?? 0) < 300);
  assert.equal([...(await chunks.next()).value], [2]);
  assert.ok(Math.abs((link.ageMs ?? 0) - 800) < 300, `${link.ageMs} ms`);
  const error = await failureOf(chunks.next());
  assert.ok(isSondeError(error, "device-lost"));
  assert.is(error.fields["reason"], "unplugged");
  assert.equal(link.dropped, { chunks: 3, bytes: 300 });
  await wait(50);
  assert.ok(heard.includes('{"sonde":"ack","sequence":2}'), heard.join());
  await link.close();
  server.close();
});

test("WebSocket: a bridge is told of much at once, and of little soon", async () => {
  const CHUNK_BYTES = 64 * 1024;
  const heard: string[] = [];
  const server = await webServer((socket) => {
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.on("message", (data) => heard.push(String(data)));
    say({ sonde: "hello", version: 1, protocol: "small", boundary: "stream" });
    say({ sonde: "open", device: { name: "cart", via: "tcp" } });
    for (let k = 1; k <= 8; k++)
      socket.send(bridgeChunk(k, performance.now(), new Uint8Array(k < 8 ? CHUNK_BYTES : 1)));
  });
  const link = await webSocket(server.url).open();
  const chunks = link.chunks();
  for (let k = 0; k < 8; k++) await chunks.next();
  await wait(60);
  const told = heard.map((text) => JSON.parse(text).sequence as number);
  // Two chunks at the most are never told of, and the small one a moment later.
  assert.is(told.at(-1), 8);
  for (const [k, sequence] of told.entries()) assert.ok(sequence - (told[k - 1] ?? 0) <= 2, told.join());
  await link.close();
  server.close();
});

test("WebSocket: a bridge that cannot reach the device says why; nobody there is told as such", async () => {
  const server = await webServer((socket) => {
    socket.send(JSON.stringify({ sonde: "hello", version: 1, protocol: "small", boundary: "stream" }));
    socket.send(
      JSON.stringify({
        sonde: "failed",
        message: "tcp://cart:1 could not be reached: no answer",
        final: false,
      }),
    );
  });
  const error = await failureOf(webSocket(server.url).open());
  assert.ok(isSondeError(error, "not-found"));
  assert.match((error as Error).message, "cart:1 could not be reached");
  server.close();
  const nobody = await failureOf(webSocket(server.url).open());
  assert.ok(isSondeError(nobody, "not-found"));
  assert.not((nobody as Error).message.includes("secret"));
  assert.throws(() => webSocket("http://x/"), /no WebSocket address/);
});

test.run();
