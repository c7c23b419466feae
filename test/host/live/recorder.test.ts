/** Recording and replay. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { toSonde } from "../../../host/export.ts";
import { createRecorder, type RecordingSink } from "../../../host/live/recorder.ts";
import { replay } from "../../../host/live/replay.ts";
import { fileSink, memorySink } from "../../../host/live/sinks.ts";
import { type Frame, type LineData, lineCount } from "../../../host/model.ts";
import { open } from "../../../host/open.ts";
import { aScans } from "../../../host/protocols/a-scans.ts";
import { protocolOf, writerOf } from "../../../host/protocols/index.ts";
import type { Source } from "../../../host/source.ts";
import { sonde } from "../../command.ts";
import { FakeClock } from "../../fake-clock.ts";
import { random } from "../formats/make.ts";
import { refuses } from "../formats/refusal.ts";
import { eventsOf, framesOf, infosOf, lostOf } from "../protocols/streams.ts";

const INFO: LineData = {
  kind: "lines",
  name: "a probe",
  format: "test",
  signal: "envelope",
  frameCount: null,
  soundSpeedMps: 1540,
  warnings: ["Its gain is not known."],
  lines: Float64Array.from(
    { length: 5 * 16 },
    (_, k) => [0, 0, (Math.floor(k / 5) - 7.5) / 20, 0.01, 3e-4][k % 5],
  ),
  sampleCount: 100,
};

function frames(count: number, periodS = 0.02): Frame[] {
  const next = random(2);
  return Array.from({ length: count }, (_, index) => ({
    index,
    timeS: 5 + periodS * index,
    samples: Uint8Array.from({ length: 1600 }, () => 256 * next()),
  }));
}

async function recorded(list: readonly Frame[], options = {}): Promise<Uint8Array<ArrayBuffer>> {
  const sink = memorySink();
  const recorder = createRecorder(sink, options);
  recorder.add({ kind: "acquisition", info: INFO });
  for (const frame of list) recorder.add({ kind: "frame", frame });
  await recorder.close();
  return new Uint8Array(await sink.blob().arrayBuffer());
}

test("a message that cannot be written is counted, and the recording goes on", async () => {
  const sink = memorySink();
  const recorder = createRecorder(sink);
  recorder.add({ kind: "acquisition", info: INFO });
  const add = (content: unknown) =>
    recorder.add({ kind: "message", type: "NDARRAY", device: "d", timeS: 0, content });
  const circle: unknown[] = [];
  circle.push(circle);
  for (const content of [1n, circle, new Float64Array(2 ** 21), "x".repeat(2 ** 21)]) add(content);
  assert.is(recorder.status.dropped, 4);
  add({ values: Int16Array.of(1, -2) });
  add(undefined);
  recorder.add({ kind: "frame", frame: frames(1)[0] });
  await recorder.close();
  assert.is(recorder.status.frames, 1);
  const bytes = new Uint8Array(await sink.blob().arrayBuffer());
  const said = eventsOf(await protocolOf("sonde"), [bytes]).flatMap((event) =>
    event.kind === "message" && event.type === "NDARRAY" ? [event.content] : [],
  );
  assert.equal(said, [{ values: [1, -2] }, null]);
});

const opened = (bytes: Uint8Array<ArrayBuffer>) => open({ name: "x.sonde", bytes });

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "sonde-record-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("what was recorded is what is opened, with all that was known", async () => {
  const list = frames(5);
  list[3].missingLines = Uint8Array.of(0, 0b10);
  const sink = memorySink();
  const recorder = createRecorder(sink, { about: { protocol: "echopen-e2" } });
  recorder.add({ kind: "acquisition", info: INFO });
  const status = { state: "scanning", battery: 0.5 };
  recorder.add({ kind: "status", status });
  for (const frame of list) recorder.add({ kind: "frame", frame: { ...frame, index: frame.index + 700 } });
  recorder.add({ kind: "text", text: "OK" });
  assert.is(recorder.status.frames, 5);
  await recorder.close();
  await recorder.close();
  const bytes = new Uint8Array(await sink.blob().arrayBuffer());
  assert.equal(
    { ...recorder.status, seconds: 0 },
    { state: "closed", frames: 5, messages: 2, bytes: bytes.length, seconds: 0, dropped: 0 },
  );
  const source = await opened(bytes);
  assert.equal(source.info, { ...INFO, frameCount: 5, frameRateHz: source.info.frameRateHz });
  assert.ok(Math.abs((source.info.frameRateHz ?? 0) - 50) < 1e-6);
  for (let k = 4; k >= 0; k--) assert.equal(await source.frame(k), list[k]);
  // The rest of the session is in the stream.
  const events = eventsOf(await protocolOf("sonde"), [bytes]);
  const about = events.find((event) => event.kind === "message");
  assert.match(JSON.stringify(about), /"type":"recording","device":"a probe".*"protocol":"echopen-e2"/);
  assert.ok(events.some((event) => event.kind === "status" && event.status.battery === 0.5));
});

test("frames on both sides of a loss of unknown length do not follow each other", async () => {
  const sink = memorySink();
  const recorder = createRecorder(sink);
  recorder.add({ kind: "acquisition", info: INFO });
  for (const frame of frames(4)) {
    if (frame.index === 2)
      recorder.add({ kind: "lost", what: "frames", count: undefined, why: "the link was lost" });
    recorder.add({ kind: "frame", frame });
  }
  await recorder.close();
  const bytes = new Uint8Array(await sink.blob().arrayBuffer());
  const source = await open({ name: "loss.sonde", bytes });
  const read = await Promise.all([0, 1, 2, 3].map((k) => source.frame(k)));
  assert.equal(
    read.map(({ index, sequence }) => sequence ?? index),
    [0, 1, 3, 4],
  );
});

/** A recording of frames without times of their own, each told when it arrived. */
async function withArrivals(list: readonly Frame[]): Promise<Uint8Array<ArrayBuffer>> {
  const arriving = list.map((frame, k) => ({ ...frame, arrivalS: 10 + 0.02 * k }));
  return new Uint8Array(await (await toSonde(INFO, arriving)).arrayBuffer());
}

async function allOf(source: Source): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of source.frames()) all.push(frame);
  return all;
}

test("frames of a recording are recorded again with what is missing between them, and when they arrived", async () => {
  const list = frames(6).map(({ timeS: _, ...frame }, k) => ({ ...frame, sequence: k < 3 ? k : k + 2 }));
  const first = await open({ name: "first.sonde", bytes: await withArrivals(list) });
  assert.is(first.info.frameRateMeasured, true);
  const sink = memorySink();
  const recorder = createRecorder(sink);
  recorder.add({ kind: "acquisition", info: first.info });
  for await (const frame of first.frames()) recorder.add({ kind: "frame", frame });
  await recorder.close();
  const bytes = new Uint8Array(await sink.blob().arrayBuffer());
  const second = await open({ name: "second.sonde", bytes });
  const places = (await allOf(second)).map(({ index, sequence = index }) => sequence);
  assert.equal(places, [0, 1, 2, 5, 6, 7]);
  assert.is(second.info.frameRateMeasured, true);
  assert.equal([...(second.timesS ?? [])], [...(first.timesS ?? [])]);
});

test("a recording that is cut off anywhere gives its whole frames and says what is missing", async () => {
  const list = frames(8);
  const bytes = await recorded(list);
  const message = 56 + 1600;
  const first = bytes.length - 56 - 8 * message;
  for (const cut of [
    first + message,
    first + message + 1,
    first + 3 * message + 800,
    bytes.length - 57,
    bytes.length - 1,
  ]) {
    const source = await opened(bytes.slice(0, cut));
    const whole = Math.min(8, Math.floor((cut - first) / message));
    assert.is(source.info.frameCount, whole, String(cut));
    assert.match(source.info.warnings.join(" "), /has no end/);
    assert.equal(await source.frame(whole - 1), list[whole - 1]);
  }
  await refuses(opened(bytes.slice(0, first + 9)), "missing-data", /2 messages and no frame/);
  await refuses(opened(bytes.slice(0, 30)), "corrupt-file", /no whole message/);
});

test("damage in a recording costs the frames it hits, and is counted", async () => {
  const bytes = await recorded(frames(8));
  bytes[bytes.length - 56 - 3 * 1656 + 900] ^= 1;
  const source = await opened(bytes);
  assert.is(source.info.frameCount, 7);
  assert.match(source.info.warnings.join(" "), /1 frame of the recording is missing/);
  assert.match(source.info.warnings.join(" "), /1656 bytes belong to no whole message/);
});

test("a recording keeps within its limits and is whole there", async () => {
  const small = await recorded(frames(100), { maxBytes: 20000 });
  assert.ok(small.length <= 20000);
  const source = await opened(small);
  assert.is(source.info.frameCount, 11);
  assert.equal(source.info.warnings, INFO.warnings);

  const recorder = createRecorder(memorySink(), { maxSeconds: 0.01 });
  recorder.add({ kind: "acquisition", info: INFO });
  const [frame] = frames(1);
  recorder.add({ kind: "frame", frame });
  await new Promise((resolve) => setTimeout(resolve, 20));
  recorder.add({ kind: "frame", frame: { ...frame, index: 1 } });
  assert.is(recorder.status.state, "full");
  assert.is(recorder.status.frames, 1);
  await recorder.close();
  assert.is(recorder.status.state, "full");
  await refuses(
    (async () => createRecorder(memorySink(), { maxBytes: 10 }))(),
    "bad-option",
    /maxBytes is 10/,
  );
});

test("a slow sink costs frames, not memory; the recording says which", async () => {
  let release = () => {};
  const taken: Uint8Array[] = [];
  const sink: RecordingSink = {
    write: (bytes) =>
      new Promise((resolve) => {
        release = () => {
          taken.push(bytes.slice());
          resolve();
        };
      }),
    close: async () => {},
  };
  const recorder = createRecorder(sink, { maxPendingBytes: 6000 });
  recorder.add({ kind: "acquisition", info: INFO });
  const list = frames(20);
  for (const frame of list.slice(0, 19)) recorder.add({ kind: "frame", frame });
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  for (let k = 0; k < 10; k++) {
    release();
    await turn();
  }
  recorder.add({ kind: "frame", frame: list[19] });
  const closed = recorder.close();
  for (let k = 0; k < 10; k++) {
    release();
    await turn();
  }
  await closed;
  const { dropped, frames: kept } = recorder.status;
  assert.ok(dropped > 10 && kept + dropped === 20, JSON.stringify(recorder.status));
  const events = eventsOf(await protocolOf("sonde"), taken);
  assert.is(lostOf(events, "frames"), dropped);
});

test("a sink that hangs costs texts, losses and states, too: what waits is bounded", async () => {
  const written: Uint8Array[] = [];
  const recorder = createRecorder(
    { write: (bytes) => new Promise(() => void written.push(bytes)), close: async () => {} },
    { maxPendingBytes: 4096 },
  );
  for (let k = 0; k < 2000; k++) {
    recorder.add({ kind: "acquisition", info: { ...INFO, soundSpeedMps: 1500 + k } });
    recorder.add({ kind: "text", text: "x".repeat(100) });
    recorder.add({ kind: "status", status: { battery: k / 2000 } });
    recorder.add({ kind: "lost", what: "frames", count: 1, why: "they did not arrive" });
    recorder.add({ kind: "message", type: "TRANSFORM", device: "d", timeS: k, content: [k] });
  }
  const { bytes, messages, dropped } = recorder.status;
  assert.ok(bytes < 4096 + 4096, `${bytes} bytes`);
  assert.is(messages + dropped, 8000);
  assert.is(written.length, 1);
});

test("a geometry that came while too much waited is written before its first frame", async () => {
  const taken: Uint8Array[] = [];
  let release: (() => void) | undefined;
  const sink: RecordingSink = {
    write: (bytes) =>
      new Promise((resolve) => {
        release = () => {
          taken.push(bytes.slice());
          resolve();
        };
      }),
    close: async () => {},
  };
  const recorder = createRecorder(sink, { maxPendingBytes: 4096 });
  recorder.add({ kind: "acquisition", info: INFO });
  for (let k = 0; k < 60; k++) recorder.add({ kind: "text", text: "x".repeat(100) });
  recorder.add({ kind: "acquisition", info: { ...INFO, sampleCount: 50 } });
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  const drain = async () => {
    while (release) {
      const go = release;
      release = undefined;
      go();
      await turn();
    }
  };
  await drain();
  recorder.add({ kind: "frame", frame: { index: 0, samples: new Uint8Array(800) } });
  const closed = recorder.close();
  await drain();
  await closed;
  const events = eventsOf(await protocolOf("sonde"), taken);
  assert.is(framesOf(events).length, 1);
  assert.is(recorder.status.frames, 1);
});

test("a recording of poses alone ends after its time", async () => {
  const { now } = performance;
  try {
    const recorder = createRecorder(memorySink(), { maxSeconds: 10 });
    for (let s = 0; s < 20; s++) {
      performance.now = () => 1000 * s;
      recorder.add({ kind: "message", type: "TRANSFORM", device: "d", timeS: s, content: [s] });
    }
    const { state, messages, seconds } = recorder.status;
    assert.equal({ state, messages, seconds }, { state: "full", messages: 11, seconds: 10 });
    await recorder.close();
  } finally {
    performance.now = now;
  }
});

test("a sink that fails ends the recording in words, not the stream", async () => {
  const sink: RecordingSink = {
    write: async () => {
      throw new Error("ENOSPC");
    },
    close: async () => {},
  };
  const recorder = createRecorder(sink);
  recorder.add({ kind: "acquisition", info: INFO });
  await new Promise((resolve) => setTimeout(resolve));
  for (const frame of frames(3)) recorder.add({ kind: "frame", frame });
  await recorder.close();
  assert.is(recorder.status.state, "failed");
  assert.match(recorder.status.error?.message ?? "", /ENOSPC.*make room/);
});

test("a file that is there is not overwritten unless asked", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.sonde");
    const sink = await fileSink(path);
    await sink.write(Uint8Array.of(1, 2, 3));
    await sink.close();
    assert.equal([...readFileSync(path)], [1, 2, 3]);
    await refuses(fileSink(path), "bad-option", /is there already/);
    await refuses(fileSink(join(folder, "no", "a.sonde")), "not-found", /cannot be written/);
    await (await fileSink(path, { overwrite: true })).close();
    assert.is(statSync(path).size, 0);
  }));

/** Records into the file named last with the built library, and says a letter for each frame that was written. */
const RECORD_UNTIL_KILLED = `
import { createRecorder, fileSink } from ${JSON.stringify(new URL("../../../dist/index.js", import.meta.url).href)};
const sink = await fileSink(process.argv.at(-1));
let messages = 0;
const recorder = createRecorder({
  async write(bytes) {
    await sink.write(bytes);
    // After the configuration and what is known of the session.
    if (messages++ >= 2) process.stdout.write(".");
  },
  close: () => sink.close(),
});
const lines = Float64Array.of(0, 0, 0, 0, 1e-4, 1e-3, 0, 0, 0, 1e-4);
const info = { kind: "lines", name: "probe", format: "test", signal: "envelope", frameCount: null, soundSpeedMps: 1540, warnings: [], lines, sampleCount: 2000 };
recorder.add({ kind: "acquisition", info });
for (let index = 0; ; index++) {
  recorder.add({ kind: "frame", frame: { index, samples: new Uint8Array(4000).fill(index & 255) } });
  if (index % 4 === 0) await new Promise((resolve) => setImmediate(resolve));
}`;

test("a recording survives kill -9 at 50 random moments", () =>
  inFolder(async (folder) => {
    const next = random(9);
    const kill = async (k: number): Promise<number> => {
      const path = join(folder, `${k}.sonde`);
      const child = spawn(process.execPath, ["--input-type=module", "-e", RECORD_UNTIL_KILLED, path], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      // What it says it has written has been handed to the operating system.
      let said = 0;
      child.stdout.on("data", (chunk: Buffer) => {
        said += chunk.length;
      });
      await new Promise((resolve) => child.stdout.once("data", resolve));
      await new Promise((resolve) => setTimeout(resolve, 40 * next()));
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("close", resolve));
      const source = await open(path);
      assert.ok((source.info.frameCount ?? 0) >= said, `${source.info.frameCount} of ${said} frames`);
      assert.match(source.info.warnings.join(" "), /has no end/);
      const last = await source.frame((source.info.frameCount ?? 0) - 1);
      assert.is(last.samples[0], last.index & 255);
      assert.not.match(source.info.warnings.join(" "), /(?:is|are) missing/);
      source.close();
      rmSync(path);
      return source.info.frameCount ?? 0;
    };
    const counts: number[] = [];
    for (let k = 0; k < 50; k += 5)
      counts.push(...(await Promise.all([0, 1, 2, 3, 4].map((more) => kill(k + more)))));
    console.log(`killed after ${Math.min(...counts)} to ${Math.max(...counts)} frames`);
  }));

test("of A-scans that roll each is recorded once, and they roll again when opened or received", async () => {
  const sampleCount = 50;
  const info = aScans({
    name: "probe",
    format: "test",
    signal: "rf",
    sampleCount,
    sampleRateHz: 60e6,
    soundSpeedMps: 1540,
  });
  const scans = frames(12).map(({ index, timeS, samples }) => ({
    index,
    timeS,
    samples: new Int16Array(samples.subarray(0, sampleCount)),
  }));
  const writer = await writerOf("p0rk", info);
  const parts = scans.flatMap((frame) => writer.frame(frame));
  parts.splice(5, 1); // lost on the way
  const events = eventsOf(await protocolOf("p0rk", { lines: 4 }), parts);
  const live = framesOf(events);
  assert.is(live.length, 11);
  const sink = memorySink();
  const recorder = createRecorder(sink);
  for (const event of events) recorder.add(event);
  await recorder.close();
  const bytes = new Uint8Array(await sink.blob().arrayBuffer());
  assert.ok(bytes.length < 11 * (2 * sampleCount + 64) + 1200, `${bytes.length} bytes`);
  const source = await opened(bytes);
  assert.is(source.info.kind === "lines" && lineCount(source.info), 4);
  const received = eventsOf(await protocolOf("sonde"), [bytes]);
  const [said] = infosOf(events);
  assert.equal(infosOf(received), [said]);
  const { fileWarnings, ...read } = source.info;
  assert.equal([...source.info.warnings].sort(), [...said.warnings, ...(fileWarnings ?? [])].sort());
  assert.equal(
    { ...read, frameCount: null, frameRateHz: undefined, warnings: said.warnings },
    { ...said, frameRateHz: undefined },
  );
  for (let k = 0; k < 11; k++) {
    assert.equal(framesOf(received)[k], live[k]);
    const { sequence = k, ...frame } = await source.frame(k);
    assert.equal(frame, { ...live[k], index: k });
    // What is missing between two frames stays missing.
    assert.is(sequence - k, live[k].index - live[0].index - k);
  }
  const single = await open({ name: "x.sonde", bytes }, { lines: 1 });
  assert.equal((await single.frame(3)).samples, live[3].samples.slice(3 * sampleCount));
  assert.is(source.info.warnings.filter((sentence) => /side by side/.test(sentence)).length, 1);
});

const WIDER: LineData = { ...INFO, name: "a wider probe", sampleCount: 50 };

/** Two frames of one geometry, three of another, one of the first again. */
async function changing(): Promise<Uint8Array<ArrayBuffer>> {
  const sink = memorySink();
  const recorder = createRecorder(sink);
  let index = 0;
  for (const [info, count] of [
    [INFO, 2],
    [WIDER, 3],
    [{ ...INFO }, 1],
  ] as const) {
    recorder.add({ kind: "acquisition", info });
    for (let k = 0; k < count; k++) {
      const samples = new Uint8Array(16 * info.sampleCount).fill(index);
      recorder.add({ kind: "frame", frame: { index, timeS: 0.1 * index++, samples } });
    }
  }
  await recorder.close();
  return new Uint8Array(await sink.blob().arrayBuffer());
}

test("every frame of a recording whose geometry changed is readable, part by part", async () => {
  const bytes = await changing();
  const seen: number[][] = [];
  for (const part of [1, 2]) {
    const source = await open({ name: "x.sonde", bytes }, { part });
    assert.equal(
      source.parts?.map((one) => [one.part, one.info.name, one.info.frameCount]),
      [
        [1, "a probe", 3],
        [2, "a wider probe", 3],
      ],
    );
    assert.is(source.info.name, part === 1 ? "a probe" : "a wider probe");
    const own: number[] = [];
    for await (const frame of source.frames()) own.push(frame.samples[0]);
    seen.push(own);
  }
  assert.equal(seen, [
    [0, 1, 5],
    [2, 3, 4],
  ]);
  const first = await opened(bytes);
  assert.is(first.info.name, "a probe", "of parts as long as one another the first");
  assert.match(
    first.info.warnings.join(" "),
    /this is part 1 \(3 frames, envelope, 16 lines\)\. Beside it there is part 2 \(3 frames.*option part/,
  );
  assert.is((await opened(await recorded(frames(2)))).parts, undefined);
  for (const part of [3, 1.5])
    await refuses(open({ name: "x.sonde", bytes }, { part }), "bad-option", /from 1 to 2/);
  await refuses(open({ name: "x.sonde", bytes }, { part: 0 }), "bad-option", /part is 0/);
});

test("how a recording was made is in it: when, of what, the orders given, and how the link did", () =>
  inFolder(async (folder) => {
    const path = join(folder, "orders.sonde");
    const recorder = createRecorder(await fileSink(path), {
      about: { address: "tcp://10.0.0.7:7538", protocol: "p0rk" },
    });
    const link = (state: "live" | "reconnecting", why?: string) =>
      recorder.add({ kind: "link", link: { state, why, sinceMs: 0, failures: 0 } });
    recorder.add({ kind: "acquisition", info: INFO });
    const [first, second] = frames(2);
    link("live");
    recorder.add({ kind: "order", order: { kind: "set", control: "gain", value: 40 } });
    recorder.add({ kind: "order", order: { kind: "start" } });
    recorder.add({ kind: "frame", frame: first });
    link("live");
    link("reconnecting", "the cable\nwas pulled");
    recorder.add({ kind: "frame", frame: second });
    await recorder.close();
    const { session } = await open(path);
    assert.equal(session?.about, { address: "tcp://10.0.0.7:7538", protocol: "p0rk" });
    assert.ok(Math.abs(Date.parse(session?.started ?? "") - Date.now()) < 60_000);
    assert.equal(
      session?.events.map(({ kind, text }) => [kind, text]),
      [
        ["link", "live"],
        ["order", "gain = 40"],
        ["order", "start"],
        ["link", "reconnecting the cable\nwas pulled"],
      ],
    );
    const { stdout } = await sonde("info", path);
    assert.match(stdout, /^recorded +20\d\d-/m);
    assert.match(stdout, /^address +tcp:\/\/10\.0\.0\.7:7538$/m);
    assert.match(stdout, /^order +\d(\.\d)? s: gain = 40$/m);
    assert.match(stdout, /^link +\d(\.\d)? s: reconnecting the cable was pulled$/m);
    assert.equal(JSON.parse((await sonde("info", path, "--json")).stdout).session, session);
  }));

test("all that a device says beside its frames is in a recording of it: settings, metadata, what belonged to nothing", () =>
  inFolder(async (folder) => {
    const path = join(folder, "beside.sonde");
    const recorder = createRecorder(await fileSink(path));
    recorder.add({ kind: "acquisition", info: INFO });
    const content = { pulse: { negativeNs: 96 }, reference: 512 };
    recorder.add({ kind: "message", type: "settings", device: "d", timeS: 0, content });
    const metadata = { Operator: "A. B.", Ünit: "mm" };
    const [first, second] = frames(2);
    for (let k = 0; k < 3; k++)
      recorder.add({ kind: "message", type: "TRANSFORM", device: "d", timeS: k, content: [k], metadata });
    for (let k = 0; k < 100; k++) recorder.add({ kind: "skipped", bytes: 7, offset: 7 * k });
    recorder.add({ kind: "frame", frame: first });
    recorder.add({ kind: "skipped", bytes: 20, offset: 5000 });
    recorder.add({ kind: "frame", frame: second });
    recorder.add({ kind: "skipped", bytes: 3, offset: 6000 });
    await recorder.close();
    const { session } = await open(path);
    assert.equal(session?.messages, { settings: 1, TRANSFORM: 3 });
    assert.equal(session?.settings, content);
    assert.is(session?.skippedBytes, 723);
    const events = eventsOf(await protocolOf("sonde"), [new Uint8Array(readFileSync(path))]);
    const messages = events.flatMap((event) => (event.kind === "message" ? [event] : []));
    assert.equal(
      messages.filter(({ type }) => type === "skipped").map((one) => one.content),
      [{ bytes: 700 }, { bytes: 20 }, { bytes: 3 }],
      "one message however many pieces",
    );
    assert.equal(
      messages.filter(({ type }) => type === "TRANSFORM").map((one) => one.metadata),
      [metadata, metadata, metadata],
    );
    const { stdout } = await sonde("info", path);
    assert.match(stdout, /^settings +pulse negativeNs 96, reference 512$/m);
    assert.match(stdout, /^messages +1 x settings, 3 x TRANSFORM$/m);
    assert.match(stdout, /^skipped +723 bytes/m);
  }));

test("a recording of poses alone tells what belonged to nothing, and a full one ends once", async () => {
  for (const [letters, state] of [
    [10, "closed"],
    [3880, "full"],
  ] as const) {
    const sink = memorySink();
    const recorder = createRecorder(sink, { maxBytes: 4096 });
    const content = "x".repeat(letters);
    recorder.add({ kind: "message", type: "TRANSFORM", device: "d", timeS: 0, content });
    recorder.add({ kind: "skipped", bytes: 9, offset: 0 });
    await recorder.close();
    const bytes = new Uint8Array(await sink.blob().arrayBuffer());
    assert.ok(bytes.length <= 4096, `${bytes.length} bytes`);
    const types = eventsOf(await protocolOf("sonde"), [bytes]).flatMap((event) =>
      event.kind === "message" ? [event.type] : [],
    );
    assert.is(types.includes("skipped"), state === "closed");
    assert.is(recorder.status.state, state);
    // Mark and kind of the end message, once.
    const ends = Array.from(bytes.keys()).filter(
      (at) => bytes[at] === 0x89 && bytes[at + 1] === 0x53 && bytes[at + 9] === 7,
    );
    assert.is(ends.length, 1);
  }
});

test("sonde info lists the parts of a recording, --part opens one", () =>
  inFolder(async (folder) => {
    const path = join(folder, "changing.sonde");
    const sink = await fileSink(path);
    await sink.write(await changing());
    await sink.close();
    const { stdout } = await sonde("info", path, "--part", "2");
    assert.match(stdout, /part 1 +3 frames: lines, envelope, 16 x 100 samples/);
    assert.match(stdout, /part 2 +3 frames: lines, envelope, 16 x 50 samples/);
    assert.match(stdout, /file +a wider probe/);
    const wrong = await sonde("info", path, "--part", "7");
    assert.is(wrong.code, 2);
    assert.match(wrong.stderr, /--part 7: it must be a whole number from 1 to 2/);
    assert.is((await sonde("info", "simulated", "--part", "1")).code, 2);
  }));

test("a replay keeps the recording's times", async () => {
  const list = frames(6, 0.03);
  list[3].timeS = (list[3].timeS ?? 0) + 0.02;
  const recording = await opened(await recorded(list));
  const clock = new FakeClock().install();
  const came: number[] = [];
  const source = replay(recording);
  try {
    assert.is(source.live, true);
    assert.is(source.info.frameCount, null);
    const reading = (async () => {
      for await (const frame of source.frames()) {
        assert.equal(frame.samples, list[came.length].samples);
        came.push(performance.now());
      }
    })();
    await clock.advance(1000);
    await reading;
  } finally {
    clock.restore();
  }
  assert.is(came.length, 6);
  list.forEach(({ timeS = 0 }, index) => {
    const dueMs = (timeS - 5) * 1000;
    const isMs = came[index] - came[0];
    assert.ok(Math.abs(isMs - dueMs) < 0.001, `frame ${index}: ${isMs} ms, due ${dueMs}`);
  });
  await refuses(source.frame(0), "bad-option", /live/);
  source.close();
});

test("a replay that does not loop says where frames are missing", async () => {
  const list = frames(4, 0.001).map((frame, k) => ({ ...frame, sequence: k < 2 ? k : k + 3 }));
  const bytes = new Uint8Array(await (await toSonde(INFO, list)).arrayBuffer());
  const played = await allOf(replay(await open({ name: "gap.sonde", bytes }), { speed: 0.1 }));
  for (const { index, sequence = index } of played) assert.is(sequence, index < 2 ? index : index + 3);
  assert.ok(played.some(({ index }) => index >= 2));
});

test("a replay that loops says in every round where frames are missing", async () => {
  const list = frames(4, 0.001).map((frame, k) => ({ ...frame, sequence: k < 2 ? k : k + 3 }));
  const bytes = new Uint8Array(await (await toSonde(INFO, list)).arrayBuffer());
  const source = replay(await open({ name: "gap.sonde", bytes }), { speed: 0.1, loop: true });
  const places: [index: number, sequence: number][] = [];
  for await (const { index, sequence = index } of source.frames()) {
    places.push([index, sequence]);
    if (index > 8) source.close();
  }
  for (const [index, sequence] of places)
    assert.is(sequence, 7 * Math.floor(index / 4) + [0, 1, 5, 6][index % 4], String(places));
  assert.ok(places.length > 4, String(places));
});

test("a reader that is late gets the newest frame; a loop counts on; closing ends it", async () => {
  const source = replay(await opened(await recorded(frames(4, 0.01))), { loop: true });
  const indices: number[] = [];
  for await (const frame of source.frames()) {
    indices.push(frame.index);
    assert.is(frame.samples[0], frames(4)[frame.index % 4].samples[0]);
    if (indices.length === 3) source.close();
    await new Promise((resolve) => setTimeout(resolve, 45));
  }
  assert.is(indices.length, 3);
  assert.ok(indices[1] >= 4 && indices[2] >= indices[1] + 4, String(indices));
  const recording = await opened(await recorded(frames(2)));
  await refuses((async () => replay(recording, { speed: 0 }))(), "bad-option", /speed is 0/);
  await refuses((async () => replay(source))(), "bad-option", /live already/);
});

test("sonde info and sonde image open a recording, whole or cut off", () =>
  inFolder(async (folder) => {
    const path = join(folder, "session.sonde");
    const sink = await fileSink(path);
    const bytes = await recorded(frames(3));
    await sink.write(bytes.subarray(0, bytes.length - 100));
    await sink.close();
    const info = await sonde("info", path, "--json");
    assert.is(info.code, 0, info.stderr);
    const summary = JSON.parse(info.stdout);
    assert.is(summary.frames, 2);
    assert.match(summary.warnings.join(" "), /has no end/);
    const image = await sonde("image", path, "-o", join(folder, "a.png"));
    assert.is(image.code, 0, image.stderr);
    assert.ok(statSync(join(folder, "a.png")).size > 100);
  }));

test.run();
