/** The bridge: who is let in, how much it holds, and what it tells. */

import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WebSocket } from "ws";
import { Outbox } from "../../../host/cli/outbox.ts";
import {
  acknowledged,
  acknowledgement,
  bridgeChunk,
  bridgeMessage,
  chunkOf,
} from "../../../host/live/bridge.ts";
import { randomNumbers } from "../../../host/simulate/random.ts";
import { type Background, background } from "../../background.ts";
import { sonde } from "../../command.ts";

interface Served {
  port: number;
  path: string;
  said(): string;
  /** Connections to the device up to now. */
  devices: Socket[];
  /** What the device was sent. */
  heard: Buffer[];
  server: Background;
}

/** A server with a bridge to a device that a test speaks for. */
async function served(act: (served: Served) => Promise<void>, speaks = "echopen-e2"): Promise<void> {
  const devices: Socket[] = [];
  const heard: Buffer[] = [];
  const device = createServer((socket) => {
    devices.push(socket.on("error", () => undefined).on("data", (data) => heard.push(data)));
  });
  await new Promise<void>((resolve) => device.listen(0, "127.0.0.1", resolve));
  const address = `tcp://127.0.0.1:${(device.address() as AddressInfo).port}`;
  const server = await background(
    ["serve", "--probe", address, "--protocol", speaks, "--port", "0"],
    /http:\/\/localhost:(\d+)\//,
  );
  const port = Number(server.found[1]);
  try {
    const response = await fetch(`http://localhost:${port}/session.json`);
    const { bridge, src, probe } = (await response.json()) as {
      bridge: { path: string; protocol: string };
      src: null;
      probe: null;
    };
    assert.equal({ src, probe, protocol: bridge.protocol }, { src: null, probe: null, protocol: speaks });
    await act({ port, path: bridge.path, said: server.said, devices, heard, server });
  } finally {
    await server.stop();
    for (const socket of devices) socket.destroy();
    device.close();
  }
}

/** What a page hears, or the status with which it is refused. */
function visit(
  port: number,
  path: string,
  headers: Record<string, string> = { Origin: `http://localhost:${port}` },
): Promise<{
  socket?: WebSocket;
  texts: string[];
  chunks: ReturnType<typeof chunkOf>[];
  status?: number;
  closed: Promise<number>;
}> {
  const socket = new WebSocket(`ws://localhost:${port}${path}`, { headers });
  const texts: string[] = [];
  const chunks: ReturnType<typeof chunkOf>[] = [];
  const closed = new Promise<number>((resolve) => socket.on("close", (code) => resolve(code)));
  socket.on("message", (data: Buffer, isBinary) => {
    if (!isBinary) texts.push(String(data));
    else
      chunks.push(chunkOf(data.buffer.slice(data.byteOffset, data.byteOffset + data.length) as ArrayBuffer));
  });
  socket.on("error", () => undefined);
  return new Promise((resolve) => {
    socket.on("open", () => resolve({ socket, texts, chunks, closed }));
    socket.on("unexpected-response", (_request, response) => {
      resolve({ texts, chunks, status: response.statusCode, closed });
    });
  });
}

async function until(condition: () => boolean): Promise<void> {
  const startedMs = Date.now();
  while (!condition()) {
    if (Date.now() - startedMs > 10_000) throw new Error(`never: ${condition}`);
    await wait(10);
  }
}

test("only a page of this server, with the token of this start, reaches the device", () =>
  served(async ({ port, path, devices }) => {
    const own = `http://localhost:${port}`;
    for (const [what, wrongPath, headers, status] of [
      ["another origin", path, { Origin: "http://evil.example" }, 403],
      ["another port of this computer", path, { Origin: `http://localhost:${port + 1}` }, 403],
      ["a sandboxed page", path, { Origin: "null" }, 403],
      ["a name that points here", path, { Origin: "http://evil.example", Host: "evil.example" }, 403],
      ["no token", "/probe", { Origin: own }, 403],
      ["a wrong token", `${path.slice(0, -1)}!`, { Origin: own }, 403],
      ["another path", path.replace("probe", "other"), { Origin: own }, 404],
      ["another target", `${path}x&target=tcp://10.0.0.1:22`, { Origin: own }, 403],
    ] as const)
      assert.is((await visit(port, wrongPath, headers)).status, status, what);
    assert.is(devices.length, 0, "the device was not asked");
    const page = await visit(port, path);
    assert.is(page.status, undefined);
    await until(() => devices.length === 1);
    page.socket?.close();
  }));

test("a page hears hello, the device's name, and its bytes; only its binary messages reach the device", () =>
  served(async ({ port, path, devices, heard }) => {
    const page = await visit(port, path);
    await until(() => page.texts.length >= 2);
    assert.equal(JSON.parse(page.texts[0]), {
      sonde: "hello",
      version: 1,
      protocol: "echopen-e2",
      boundary: "stream",
    });
    assert.match(page.texts[1], /"sonde":"open".*"via":"tcp"/);
    await until(() => devices.length === 1);
    devices[0].write(Uint8Array.of(1, 2, 3));
    await until(() => page.chunks.length > 0);
    assert.equal([...page.chunks[0]!.chunk], [1, 2, 3]);
    assert.is(heard.length, 0, "nothing is sent on connecting");
    page.socket?.send("words are not for the device");
    page.socket?.send(acknowledgement(1));
    page.socket?.send(Uint8Array.of(9, 8));
    await until(() => heard.length > 0);
    assert.equal([...Buffer.concat(heard)], [9, 8]);
    devices[0].resetAndDestroy();
    await page.closed;
    assert.match(page.texts.at(-1) ?? "", /"sonde":"lost","reason":"error"/);
  }));

test("a message of a page that is too large ends its visit, and the server goes on", () =>
  served(async ({ port, path, heard }) => {
    const page = await visit(port, path);
    await until(() => page.texts.length >= 2);
    page.socket?.send(new Uint8Array(65 * 1024));
    assert.is(await page.closed, 1009);
    assert.is(heard.length, 0);
    const other = await visit(port, path);
    await until(() => other.texts.length >= 2);
    other.socket?.close();
  }));

test("a newer page takes the device over; the older is told and closed", () =>
  served(async ({ port, path, devices }) => {
    const first = await visit(port, path);
    await until(() => devices.length === 1);
    const gone = new Promise((resolve) => devices[0].once("close", resolve));
    const second = await visit(port, path);
    await first.closed;
    assert.is(first.texts.at(-1), '{"sonde":"taken"}');
    await gone;
    await until(() => devices.length === 2 && second.texts.length >= 2);
    second.socket?.close();
  }));

test("a device that a page gave orders is stopped when the page goes, or another takes it", () =>
  served(async ({ port, path, devices, heard }) => {
    const said = () => String(Buffer.concat(heard));
    const first = await visit(port, path);
    await until(() => first.texts.length >= 2);
    first.socket?.close();
    await first.closed;
    const second = await visit(port, path);
    await until(() => second.texts.length >= 2);
    assert.is(said(), "", "the first gave none");
    second.socket?.send(Buffer.from("pulser arm\n"));
    await until(() => said().length > 0);
    const third = await visit(port, path);
    await until(() => third.texts.length >= 2);
    await until(() => said() === "pulser arm\nstream stop\npulser disarm\n");
    third.socket?.send(Buffer.from("acq raw\n"));
    await until(() => said().includes("acq"));
    third.socket?.terminate();
    await until(() => said().endsWith("acq raw\nstream stop\npulser disarm\n"));
    assert.is(devices.length, 3);
  }, "p0rk"));

test("a device whose link broke is stopped when it is reached again: for the next page, and with no page at all", () =>
  served(async ({ port, path, devices, heard }) => {
    const said = () => String(Buffer.concat(heard));
    const STOP = "stream stop\npulser disarm\n";
    const first = await visit(port, path);
    await until(() => first.texts.length >= 2);
    first.socket?.send(Buffer.from("pulser arm\n"));
    await until(() => said() === "pulser arm\n");
    devices[0].resetAndDestroy();
    await first.closed;
    const second = await visit(port, path);
    await until(() => second.texts.length >= 2);
    await until(() => said() === `pulser arm\n${STOP}`);
    second.socket?.send(Buffer.from("stream start raw 50\n"));
    await until(() => said().endsWith("50\n"));
    devices.at(-1)?.end();
    second.socket?.terminate();
    await until(() => said() === `pulser arm\n${STOP}stream start raw 50\n${STOP}`);
    await wait(300);
    const third = await visit(port, path);
    await until(() => third.texts.length >= 2);
    third.socket?.close();
    await third.closed;
    await wait(300);
    assert.is(said(), `pulser arm\n${STOP}stream start raw 50\n${STOP}`, "once");
  }, "p0rk"));

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  test(`a device that a page gave orders is stopped when the server hears ${signal}`, () =>
    served(async ({ port, path, heard, server }) => {
      const said = () => String(Buffer.concat(heard));
      const page = await visit(port, path);
      await until(() => page.texts.length >= 2);
      page.socket?.send(Buffer.from("pulser arm\n"));
      await until(() => said() === "pulser arm\n");
      const exited = new Promise((resolve) => server.child.once("exit", resolve));
      server.child.stdout?.destroy();
      server.child.kill(signal);
      await exited;
      await until(() => said() === "pulser arm\nstream stop\npulser disarm\n");
    }, "p0rk"));

test("a page that takes nothing costs a bounded number of bytes, and is told what was dropped", () =>
  served(async ({ port, path, devices }) => {
    const page = await visit(port, path);
    await until(() => devices.length === 1 && page.texts.length >= 2);
    // 64 MiB, and no acknowledgement.
    for (let k = 0; k < 64; k++)
      await new Promise<void>((resolve) => devices[0].write(new Uint8Array(2 ** 20), () => resolve()));
    await until(() => page.texts.some((text) => text.includes("dropped")));
    await wait(600);
    const dropped = bridgeMessage(page.texts.at(-1) ?? "");
    assert.ok(dropped?.sonde === "dropped" && dropped.bytes > 54 * 2 ** 20, page.texts.at(-1));
    const got = page.chunks.reduce((sum, message) => sum + message!.chunk.length, 0);
    assert.ok(got <= 4 * 2 ** 20, `${got} bytes came`);
    page.socket?.close();
  }));

test("an outbox under random loads holds no more than its bounds, keeps the order, and counts what it drops", () => {
  const random = randomNumbers(5);
  const sent: number[] = [];
  const sequences: number[] = [];
  const outbox = new Outbox({
    maxBytes: 50_000,
    windowBytes: [5_000, 20_000],
    maxAgeMs: 500,
    send: (message) => {
      const taken = chunkOf(message.buffer as ArrayBuffer)!;
      sequences.push(taken.sequence);
      sent.push(new DataView(taken.chunk.buffer, taken.chunk.byteOffset).getUint32(0, true));
    },
  });
  let nowMs = 0;
  const count = 20_000;
  for (let k = 0; k < count; k++) {
    const chunk = new Uint8Array(4 + Math.floor(random() * 5000));
    new DataView(chunk.buffer).setUint32(0, k, true);
    nowMs += random() < 0.001 ? 2000 : random();
    outbox.push(chunk, nowMs);
    assert.ok(outbox.bytes <= 70_000 + 5004, `${outbox.bytes} bytes`);
    const speed = Math.floor(k / 1000) % 3;
    if (random() < [1, 0.1, 0.02][speed]) outbox.acknowledge(sequences.at(-1) ?? 0, nowMs);
    if (random() < 0.01) outbox.acknowledge(0xffff, nowMs);
  }
  outbox.acknowledge(sequences.at(-1) ?? 0, nowMs);
  assert.ok(
    sent.every((value, k) => k === 0 || value > sent[k - 1]),
    "in order",
  );
  const { chunks } = outbox.dropped;
  assert.ok(chunks > 0);
  assert.ok(
    sent.length + chunks <= count && count - sent.length - chunks < 60,
    "what neither came nor was dropped waits",
  );
});

test("a page that takes a quarter of what comes still gets whole frames, and none older than half a second", () => {
  const frameChunks = 16;
  const got = new Set<number>();
  let nowMs = 0;
  // The page takes one chunk of 64 KiB in 6.4 ms (10 MB/s); one comes every 1.6 ms (40 MB/s).
  const page: { sequence: number; atMs: number }[] = [];
  let oldestMs = 0;
  const outbox = new Outbox({
    send: (message) => {
      const { sequence, timeMs, chunk } = chunkOf(message.buffer as ArrayBuffer)!;
      page.push({ sequence, atMs: timeMs });
      got.add(new DataView(chunk.buffer, chunk.byteOffset).getUint32(0, true));
    },
  });
  const count = 25_600;
  for (let k = 0; k < count; k++) {
    nowMs += 1.6;
    const chunk = new Uint8Array(65536);
    new DataView(chunk.buffer).setUint32(0, k, true);
    outbox.push(chunk, nowMs);
    const taken = k % 4 === 0 ? page.shift() : undefined;
    if (!taken) continue;
    if (k > 1000) oldestMs = Math.max(oldestMs, nowMs - taken.atMs);
    outbox.acknowledge(taken.sequence, nowMs);
  }
  let whole = 0;
  for (let frame = 0; frame < count / frameChunks; frame++)
    if (Array.from({ length: frameChunks }, (_, k) => got.has(frame * frameChunks + k)).every(Boolean))
      whole++;
  const most = count / frameChunks / 4;
  console.log(`${whole} of ${most} possible frames are whole, the oldest bytes ${Math.round(oldestMs)} ms`);
  assert.ok(whole > 0.5 * most, `${whole} of ${most} frames are whole`);
  assert.ok(oldestMs < 450, `${oldestMs} ms`);
});

test("messages of the bridge survive, and what is none is none", () => {
  const message = bridgeChunk(7, 12.5, Uint8Array.of(1, 2));
  const { sequence, timeMs, chunk } = chunkOf(message.buffer)!;
  assert.equal({ sequence, timeMs, chunk: [...chunk] }, { sequence: 7, timeMs: 12.5, chunk: [1, 2] });
  assert.is(chunkOf(new ArrayBuffer(16)), undefined);
  assert.is(acknowledged(acknowledgement(4294967295)), 4294967295);
  for (const text of ["", "{}", '{"sonde":"ack","sequence":-1}', '{"sonde":"ack","sequence":1}x'])
    assert.is(acknowledged(text), undefined);
  for (const text of ["", '{"sonde":', "x".repeat(10_000), `{"sonde":"${"x".repeat(10_000)}"}`])
    assert.is(bridgeMessage(text), undefined);
  for (const text of [
    '{"sonde":"open","device":null}',
    '{"sonde":"open","device":{"name":1,"via":"tcp"}}',
    '{"sonde":"hello","version":1,"protocol":"p","boundary":"none"}',
    '{"sonde":"dropped","chunks":"3","bytes":1}',
    '{"sonde":"lost","reason":"closed"}',
    '{"sonde":"toString"}',
    '{"sonde":null}',
  ])
    assert.is(bridgeMessage(text), undefined, text);
  assert.equal(bridgeMessage('{"sonde":"taken"}'), { sonde: "taken" });
});

test("wrong words are wrong usage", async () => {
  for (const [words, sentence] of [
    [["serve", "--probe", "tcp://127.0.0.1:1"], /--protocol is missing/],
    [["serve", "--probe", "tcp://127.0.0.1", "--protocol", "echopen-e2"], /HOST:PORT/],
    [["serve", "--probe", "tcp://127.0.0.1:1", "--protocol", "echopen"], /echopen-e2/],
    [["serve", "--protocol", "echopen-e2"], /--probe/],
    [["serve", "scan.uff", "--probe", "tcp://a:1", "--protocol", "echopen-e2"], /either a file or --probe/],
    [["probe", "simulate"], /--protocol is missing/],
    [["probe", "stimulate", "--protocol", "sonde"], /stimulate.*simulate/],
    [["probe", "simulate", "--protocol", "sonde", "--fault", "rust"], /"rust".*loss, duplicate/],
    [["probe", "simulate", "--protocol", "sonde", "--fault", "loss=2"], /0 to 1/],
    [["probe", "simulate", "--protocol", "sonde", "--rate", "0"], /--rate 0/],
    [["probe", "simulate", "--protocol", "sonde", "--listen", "usb://cafe:4011"], /to listen on/],
    [["probe", "simulate", "--protocol", "echopen-e2", "--from", "simulated"], /lines/],
  ] as const) {
    const { code, stderr } = await sonde(...words);
    assert.is(code, 2, `${words.join(" ")}: ${stderr}`);
    assert.match(stderr, sentence);
    assert.is(stderr.trim().split("\n").length, 1);
  }
});

test.run();
