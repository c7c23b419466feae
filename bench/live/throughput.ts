import { readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { crc32 } from "../../host/formats/crc32.ts";
import { rotationLines } from "../../host/geometry/echopen.ts";
import type { LiveSource } from "../../host/index.ts";
import type { LineData } from "../../host/model.ts";
import { SondeEncoder } from "../../host/protocols/sonde-encoder.ts";
import { HEADER_BYTES } from "../../host/protocols/sonde-messages.ts";
import { randomNumbers } from "../../host/simulate/random.ts";
import { BarePage } from "./bare-page.ts";
import { serve } from "./served.ts";

const SAMPLES = 2048;
/** What the first pictures cost, compiling and filling caches, is not measured (s). */
const WARM_UP_S = 5;
const MEMORY_EVERY_S = 5;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    megabytes: { type: "string", default: "40" },
    lines: { type: "string", default: "256" },
    json: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
const lineCount = Number(values.lines);
if (!Number.isInteger(lineCount) || lineCount < 2) throw new Error("--lines is a whole number above 1");
const frameBytes = 2 * lineCount * SAMPLES;
const rateHz = (Number(values.megabytes) * 1e6) / frameBytes;
if (!(seconds > 0) || !(rateHz > 0)) throw new Error("--seconds and --megabytes are numbers above 0");

const INFO: LineData = {
  kind: "lines",
  name: "Throughput",
  format: "bench",
  signal: "envelope",
  frameCount: null,
  frameRateHz: rateHz,
  soundSpeedMps: 1540,
  warnings: [],
  lines: rotationLines(lineCount, 1.2, 0.03, 0.12 / SAMPLES),
  sampleCount: SAMPLES,
};

/** Milliseconds on a clock that page and device share. */
const wallMs = () => performance.timeOrigin + performance.now();

/** Four different frames of speckle. */
function makeFrames(): Int16Array[] {
  const random = randomNumbers(3);
  return Array.from({ length: 4 }, () =>
    Int16Array.from({ length: lineCount * SAMPLES }, () => 30 * -Math.log(1 - random() * 0.999)),
  );
}

interface Told {
  sentFrames: number;
  leftOutFrames: number;
  sentBytes: number;
}

/** Frames that may wait for a receiver. */
const MOST_BEHIND = 4;

/** A message of a frame as it is sent again: with its place and time, and the header's check value. */
function stamp(message: Uint8Array, sequence: number, index: number, timeS: number): Uint8Array {
  const view = new DataView(message.buffer, message.byteOffset, HEADER_BYTES);
  view.setUint32(16, sequence, true);
  view.setUint32(24, index, true);
  view.setFloat64(32, timeS, true);
  view.setUint32(52, crc32(message.subarray(0, 52)), true);
  return message;
}

/**
 * Speaks to whoever connects: a frame every period, left out when the receiver is too far behind. What it costs to encode frames is a
 * device's own, and would be taken from the processors of the page here: they are encoded beforehand.
 */
async function speak(socket: Socket, told: Told): Promise<void> {
  const frames = makeFrames();
  const encoder = new SondeEncoder();
  socket.write(encoder.configuration(INFO));
  // More than may wait: none is written to again before it is gone.
  const messages = Array.from({ length: 2 * MOST_BEHIND }, (_, k) =>
    encoder.frame({ index: k, timeS: 0, samples: frames[k % frames.length] }),
  );
  let sequence = 0;
  const startMs = performance.now();
  for (let index = 0; !socket.destroyed; index++) {
    await wait(Math.max(0, startMs + (index * 1000) / rateHz - performance.now()));
    if (socket.writableLength > MOST_BEHIND * frameBytes) {
      told.leftOutFrames++;
      continue;
    }
    const message = stamp(messages[++sequence % messages.length], sequence, index, wallMs() / 1000);
    socket.write(message);
    told.sentFrames++;
    told.sentBytes += message.length;
  }
}

/** Resident memory of a process and all it started (MB). */
function residentMb(root: number): number {
  const parents = new Map<number, { parent: number; kb: number }>();
  for (const name of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)))
    try {
      const status = readFileSync(`/proc/${name}/status`, "utf8");
      const field = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      parents.set(Number(name), { parent: field("PPid"), kb: field("VmRSS") });
    } catch {
      // It ended while it was looked at.
    }
  let sum = 0;
  for (const [id, { kb }] of parents) {
    let at: number | undefined = id;
    while (at && at !== root) at = parents.get(at)?.parent;
    if (at === root) sum += kb;
  }
  return sum / 1000;
}

interface Watched {
  latenciesMs: number[];
  shown: number;
  source: LiveSource;
}

/** Lets the page note the age of every picture when it is on the canvas. */
function watch(page: BarePage): Promise<void> {
  return page.evaluate(async () => {
    const viewer = document.querySelector("echo-viewer");
    if (!viewer) throw new Error("no viewer");
    const { connect } = viewer.backend;
    const watched = { latenciesMs: [] as number[], shown: 0 } as Watched;
    Object.assign(window, { watched });
    const { probe } = viewer;
    viewer.backend = {
      ...viewer.backend,
      connect: async (...words) => {
        watched.source = (await connect(...words)) as LiveSource;
        return watched.source;
      },
    };
    viewer.probe = null;
    await new Promise((resolve) => setTimeout(resolve, 100));
    viewer.probe = probe;
    let last = -1;
    const look = () => {
      const { image } = viewer;
      if (image && image.frameIndex !== last) {
        last = image.frameIndex;
        watched.shown++;
        watched.latenciesMs.push(
          performance.timeOrigin + performance.now() - (image.frameTimeS ?? Number.NaN) * 1000,
        );
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

const told: Told = { sentFrames: 0, leftOutFrames: 0, sentBytes: 0 };
const device = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  void speak(socket, told);
});
await new Promise<void>((resolve) => device.listen(0, "127.0.0.1", resolve));
const { port } = device.address() as AddressInfo;
const { address, process: bridge } = await serve("--probe", `tcp://127.0.0.1:${port}`, "--protocol", "sonde");
const page = await BarePage.open(address, 800, 600);
const live = () =>
  page.until("A live picture", () => document.querySelector("echo-viewer")?.phase === "live");
try {
  await live();
  await watch(page);
  await live();
  await wait(WARM_UP_S * 1000);
  await page.send("Performance.enable");
  const count = () =>
    page.evaluate(() => {
      const { watched } = window as unknown as { watched: Watched };
      return { ...watched.source.statistics, shown: watched.shown, noted: watched.latenciesMs.splice(0) };
    });
  const before = await count();
  const toldBefore = { ...told };
  const startMs = performance.now();
  const memory: { s: number; bridgeMb: number; browserMb: number; heapMb: number }[] = [];
  for (let s = 0; s <= seconds; s += MEMORY_EVERY_S) {
    await wait(Math.max(0, startMs + s * 1000 - performance.now()));
    // Collecting stops the page, which would be measured as latency: only at the ends.
    if (s === 0 || s + MEMORY_EVERY_S > seconds) await page.send("HeapProfiler.collectGarbage");
    const { metrics } = await page.send<{ metrics: { name: string; value: number }[] }>(
      "Performance.getMetrics",
    );
    const heap = metrics.find(({ name }) => name === "JSHeapUsedSize")?.value ?? Number.NaN;
    memory.push({
      s,
      bridgeMb: Math.round(residentMb(bridge.pid ?? 0)),
      browserMb: Math.round(
        residentMb(process.pid) - residentMb(bridge.pid ?? 0) - process.memoryUsage.rss() / 1e6,
      ),
      heapMb: Math.round(heap / 1e5) / 10,
    });
  }
  const after = await count();
  const elapsedS = (performance.now() - startMs) / 1000;
  const sorted = after.noted.sort((one, other) => one - other);
  const quantile = (part: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN) * 10) /
    10;
  const report = {
    seconds: Math.round(elapsedS),
    megabytesPerSecond: {
      asked: Number(values.megabytes),
      sent: Math.round((told.sentBytes - toldBefore.sentBytes) / elapsedS / 1e5) / 10,
      parsed: Math.round((after.bytes - before.bytes) / elapsedS / 1e5) / 10,
    },
    frames: {
      rateHz: Math.round(rateHz * 10) / 10,
      leftOutByDevice: told.leftOutFrames - toldBefore.leftOutFrames,
      parsed: after.frames - before.frames,
      lost: after.lostFrames - before.lostFrames,
      stale: after.staleFrames - before.staleFrames,
      shown: after.shown - before.shown,
    },
    bridgeDropped: {
      chunks: after.droppedChunks - before.droppedChunks,
      bytes: after.droppedBytes - before.droppedBytes,
    },
    latencyMs: {
      median: quantile(0.5),
      p99: quantile(0.99),
      most: quantile(1),
      framePeriod: Math.round(10000 / rateHz) / 10,
    },
    memory,
  };
  if (values.json) console.log(JSON.stringify(report));
  else {
    const { memory: table, ...rest } = report;
    console.log(JSON.stringify(rest, null, 1));
    console.table(table);
  }
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await page.close();
  bridge.kill();
  device.close();
  process.exit();
}
