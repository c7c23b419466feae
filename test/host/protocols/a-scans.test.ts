/** Devices with one element: pic0rick (P0RK and stock firmware) and WULPUS. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { crc32 } from "../../../host/formats/crc32.ts";
import { createEngine } from "../../../host/index.ts";
import type { Frame, LineData } from "../../../host/model.ts";
import { aScans } from "../../../host/protocols/a-scans.ts";
import { protocolOf, writerOf } from "../../../host/protocols/index.ts";
import { DEFAULT_WULPUS_CONFIGURATION } from "../../../host/protocols/wulpus-configuration.ts";
import { sharedData } from "../../shared.ts";
import { ascii, concat, random } from "../formats/make.ts";
import { refuses } from "../formats/refusal.ts";
import { eventsOf, framesOf, infosOf, lostOf, sameBytes, sameForAnyChunks, skippedOf } from "./streams.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const texts = (events: ReturnType<typeof eventsOf>) =>
  events.flatMap((event) => (event.kind === "text" ? [event.text] : []));

function scans(sampleCount: number, count: number, lines = 1): { info: LineData; frames: Frame[] } {
  const next = random(11);
  const info = aScans({
    name: "probe",
    format: "test",
    signal: "rf",
    sampleCount,
    sampleRateHz: 60e6,
    soundSpeedMps: undefined,
  });
  return {
    info: { ...info, lines: Float64Array.from({ length: 5 * lines }, (_, k) => info.lines[k % 5]) },
    frames: Array.from({ length: count }, (_, index) => ({
      index,
      timeS: 0.25 * index,
      samples: Int16Array.from({ length: lines * sampleCount }, () => Math.floor(400 * next() - 200)),
    })),
  };
}

async function spoken(id: string, { info, frames }: ReturnType<typeof scans>): Promise<Uint8Array[]> {
  const writer = await writerOf(id, info);
  return [...writer.start(), ...frames.flatMap((frame) => writer.frame(frame))];
}

if (sharedData) {
  const folder = `${sharedData}probes/`;
  const bytesOf = (name: string) => new Uint8Array(readFileSync(folder + name));
  const { files } = JSON.parse(readFileSync(`${folder}expected.json`, "utf8"));

  test("p0rk_stream.bin: 21 frames of three types, each as the table says", async () => {
    const bytes = bytesOf("p0rk/p0rk_stream.bin");
    const events = sameForAnyChunks(await protocolOf("p0rk", { lines: 1 }), bytes);
    const frames = framesOf(events);
    const { headers } = files["probes/p0rk/p0rk_stream.bin"];
    assert.is(frames.length, 21);
    assert.is(lostOf(events, "frames"), 0);
    assert.is(skippedOf(events), 0);
    // A change of type is a change of acquisition.
    assert.is(infosOf(events).length, 14);
    headers.forEach((header: Record<string, number> & { first_4: number[]; crc32: string }, k: number) => {
      const { index, timeS, samples } = frames[k];
      assert.is(index, k);
      assert.is(timeS, header.timestamp_us * 1e-6);
      assert.is(samples.length, header.count);
      if (header.type === 3) {
        // A-law is the envelope, coded: within half a step of the frame before.
        const envelope = frames[k - 1].samples;
        for (let i = 0; i < samples.length; i++) {
          const x = Math.min(1, envelope[i] / header.alaw_ref);
          const allowed = header.alaw_ref * Math.max(1 / 87.6 / 20, x * 0.03);
          assert.ok(Math.abs(samples[i] - x * header.alaw_ref) <= allowed, `${k}, ${i}: ${samples[i]}`);
        }
        return;
      }
      assert.equal(Array.from(samples.subarray(0, 4)), header.first_4);
      const raw = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
      assert.is(crc32(raw).toString(16).toUpperCase().padStart(8, "0"), header.crc32);
    });
    const statuses = events.flatMap((event) => (event.kind === "status" ? [event.status] : []));
    assert.is(statuses.at(-1)?.saturated, true);
    // Seven signals of the device's own, each told once.
    const settings = events.flatMap((event) => (event.kind === "message" ? [event.content] : []));
    const cases = headers.filter(({ type }: { type: number }) => type === 1);
    assert.equal(
      settings,
      cases.map((header: Record<string, number>) => ({
        pulse: { negativeNs: header.neg_ns, dampingNs: header.damp_ns, positiveNs: header.pos_ns },
        reference: header.alaw_ref,
        processingDrop: false,
        usbDrop: false,
        selfTest: header.flags >> 8,
      })),
    );
  });

  test("p0rk_mixed_damaged.bin: text and sound frames are told from what is damaged", async () => {
    const events = sameForAnyChunks(
      await protocolOf("p0rk", { lines: 1 }),
      bytesOf("p0rk/p0rk_mixed_damaged.bin"),
    );
    const wanted = files["probes/p0rk/p0rk_mixed_damaged.bin"];
    assert.equal(
      framesOf(events).map(({ index }) => index),
      wanted.frames_valid_sequence,
    );
    assert.equal(texts(events), wanted.text_lines);
    assert.is(lostOf(events, "frames"), 2);
  });

  test("wulpus serial_50frames.bin: 50 acquisitions, as the host's own library reads them", async () => {
    const events = sameForAnyChunks(
      await protocolOf("wulpus", { lines: 1 }),
      bytesOf("wulpus/serial_50frames.bin"),
    );
    const frames = framesOf(events);
    const wanted = files["probes/wulpus/serial_50frames.bin"];
    assert.is(frames.length, wanted.frames);
    assert.equal(Array.from(frames[0].samples.subarray(0, 8)), wanted.frame0_first_8);
    const all = concat(...frames.map(({ samples }) => new Uint8Array(samples.buffer)));
    assert.ok(sameBytes(all, bytesOf("wulpus/acquisitions_0-49_i16le_50x400.bin")));
    assert.is(skippedOf(events), 0);
    const [info] = infosOf(events);
    assert.is(info.kind === "lines" && info.across, "time");
    assert.is(info.kind === "lines" && info.sampleRateHz, 8e6);
  });

  test("wulpus serial_dirty.bin: only whole acquisitions are given", async () => {
    const events = sameForAnyChunks(
      await protocolOf("wulpus", { lines: 1 }),
      bytesOf("wulpus/serial_dirty.bin"),
    );
    const numbers = files["probes/wulpus/serial_dirty.bin"].acq_numbers as number[];
    // The index counts from the first one that came, number 2.
    assert.equal(
      framesOf(events).map(({ index }) => index + 2),
      numbers,
    );
    assert.is(lostOf(events, "frames"), 2);
    const all = new Int16Array(bytesOf("wulpus/acquisitions_0-49_i16le_50x400.bin").buffer);
    framesOf(events).forEach(({ samples, index }) => {
      assert.equal(samples, all.slice(400 * (index + 1), 400 * (index + 2)));
    });
  });

  test("the WULPUS package is the one that the project's library makes", async () => {
    const channels = [
      { transmit: [0], receive: [0] },
      { transmit: [1, 2], receive: [3] },
    ];
    const { encode } = await protocolOf("wulpus", { wulpus: { channels } });
    assert.equal(encode?.({ kind: "start" }), bytesOf("wulpus/config_package_2configs.bin"));
  });
}

test("WULPUS with several configurations: lost acquisitions leave their places empty, and lost turns are counted", async () => {
  const { info, frames } = scans(400, 12, 3);
  const acquisitions = (await spoken("wulpus", { info, frames })).slice(-36);
  const without = async (from: number, end: number) => {
    const events = eventsOf(await protocolOf("wulpus"), [
      concat(...acquisitions.slice(0, from), ...acquisitions.slice(end)),
    ]);
    const lines = (frame: Frame) => [0, 1, 2].filter((k) => !((frame.missingLines?.[0] ?? 0) & (1 << k)));
    return framesOf(events).map((frame) => `${frame.index}:${lines(frame).join("")}`);
  };
  const whole = Array.from({ length: 12 }, (_, k) => `${k}:012`);
  assert.equal(await without(36, 36), whole);
  // Within a turn, across two turns, and two turns whole.
  assert.equal(await without(7, 8), whole.with(2, "2:02"));
  assert.equal(await without(7, 10), whole.with(2, "2:0").with(3, "3:12"));
  assert.equal(await without(6, 12), whole.toSpliced(2, 2));
  assert.equal(await without(8, 15), whole.with(2, "2:01").toSpliced(3, 2));
});

test("what a pic0rick with P0RK says is understood, with its clock", async () => {
  const { info, frames } = scans(300, 5);
  const bytes = concat(...(await spoken("p0rk", { info, frames })));
  const events = sameForAnyChunks(await protocolOf("p0rk", { lines: 1 }), bytes);
  assert.equal(texts(events), ["OK stream"]);
  framesOf(events).forEach((frame, k) => {
    assert.equal(
      Array.from(frame.samples),
      Array.from(frames[k].samples, (value) => value + 512),
    );
    assert.is(frame.timeS, frames[k].timeS);
  });
  assert.is(framesOf(events).length, 5);
  // After a damaged frame: the next one.
  const damaged = bytes.slice();
  damaged[400]++;
  assert.is(lostOf(eventsOf(await protocolOf("p0rk"), [damaged]), "frames"), 0); // the first was never known
  damaged[11 + 664 + 100]++;
  const rest = eventsOf(await protocolOf("p0rk", { lines: 1 }), [
    bytes.subarray(0, 11 + 664),
    damaged.subarray(11 + 664),
  ]);
  assert.is(lostOf(rest, "frames"), 1);
  assert.is(framesOf(rest).length, 4);
});

test("a single read of P0RK is a frame too", async () => {
  const values = Array.from({ length: 4096 }, (_, k) => (k % 1024).toString(16).padStart(3, "0"));
  const reply = ascii(`OK raw-hex 4096\r\n${values.join(",")}\r\nOK\r\n`);
  const events = sameForAnyChunks(await protocolOf("p0rk", { lines: 1 }), reply);
  const [frame] = framesOf(events);
  assert.equal(Array.from(frame.samples.subarray(1022, 1026)), [1022, 1023, 0, 1]);
  assert.equal(texts(events), ["OK raw-hex 4096", "OK"]);
});

test("the stock pic0rick's dumps are understood, and incomplete ones counted", async () => {
  const { info, frames } = scans(8000, 3);
  const parts = await spoken("pic0rick", { info, frames });
  const protocol = await protocolOf("pic0rick", { lines: 1 });
  const whole = sameForAnyChunks(protocol, concat(ascii("read\r\n"), ...parts));
  assert.is(framesOf(whole).length, 3);
  assert.equal(texts(whole), ["read"]);
  framesOf(whole).forEach((frame, k) => {
    assert.equal(
      Array.from(frame.samples),
      Array.from(frames[k].samples, (value) => value + 512),
    );
  });
  const cases: [string, Uint8Array][] = [
    ["no end", concat(parts[0], parts[1].subarray(0, 20000), parts[2])],
    ["no beginning", concat(parts[0], parts[1].subarray(500), parts[2])],
    ["a value too long", concat(parts[0], ascii(text(parts[1]).replace(",", "0000")), parts[2])],
    ["a value missing", concat(parts[0], ascii(text(parts[1]).replace(/\n[0-9A-F]+,/, "\n")), parts[2])],
    ["cut off", concat(parts[0], parts[2], parts[1].subarray(0, 9000))],
  ];
  for (const [name, bytes] of cases) {
    const events = sameForAnyChunks(protocol, bytes);
    assert.is(framesOf(events).length, 2, name);
    assert.is(lostOf(events, "frames"), 1, name);
  }
});

test("a WULPUS probe with several configurations gives a line each", async () => {
  const { info, frames } = scans(400, 4, 3);
  const parts = await spoken("wulpus", { info, frames });
  const protocol = await protocolOf("wulpus");
  const events = sameForAnyChunks(protocol, concat(...parts));
  assert.is(infosOf(events).length, 1);
  const [said] = infosOf(events) as LineData[];
  assert.is(said.across, "index");
  assert.is(said.lines.length, 15);
  assert.equal(
    framesOf(events).map(({ samples }) => samples),
    frames.map(({ samples }) => samples),
  );
  const less = framesOf(eventsOf(protocol, [concat(...parts.filter((_, k) => k !== 7))]));
  assert.equal(
    less.map(({ missingLines }) => missingLines?.[0]),
    [undefined, undefined, 0b010, undefined],
  );
});

test("WULPUS is described by what it was started with, and anew when it is started otherwise", async () => {
  const { info, frames } = scans(400, 6);
  const parts = (await spoken("wulpus", { info, frames })).filter(({ length }) => length > 0);
  const protocol = await protocolOf("wulpus", { lines: 1 });
  const rates = (events: ReturnType<typeof eventsOf>) =>
    infosOf(events).map((said) => said.kind === "lines" && said.sampleRateHz);
  const parser = protocol.parser();
  assert.equal(rates([...parser.push(parts[0]), ...parser.push(parts[1])]), [8e6]);
  protocol.encode?.({ kind: "set", control: "sample-rate", value: "4 MHz" });
  assert.equal(rates(parser.push(parts[2])), [], "not started yet");
  assert.equal(rates(eventsOf(protocol, parts.slice(0, 3))), [8e6], "nor after a reconnection");
  protocol.encode?.({ kind: "start" });
  const events = parser.push(parts[3]);
  assert.equal(rates(events), [4e6]);
  assert.is(events.at(-1)?.kind, "frame");
});

test("A-scans roll: the newest on the right, lost ones blank, and nothing is measured across", async () => {
  const { info, frames } = scans(300, 6);
  const parts = await spoken("p0rk", { info, frames });
  const events = eventsOf(
    await protocolOf("p0rk", { lines: 4 }),
    parts.filter((_, k) => k !== 3),
  );
  const [said] = infosOf(events) as LineData[];
  assert.is(said.lines.length, 20);
  assert.match(said.warnings.join(), /across is time/);
  const last = framesOf(events).at(-1);
  assert.is(last?.index, 5);
  const shown = [undefined, 3, 4, 5].map((k) =>
    k === undefined ? k : Array.from(frames[k].samples, (v) => v + 512),
  );
  // Frame 2 was lost.
  assert.is(last?.missingLines?.[0], 0b0001);
  shown.forEach((line, k) => {
    if (line) assert.equal(Array.from(last?.samples.subarray(300 * k, 300 * k + 300) ?? []), line);
  });
  const engine = await createEngine();
  const plan = await engine.plan(said);
  const { regions, width, height } = await plan.run(last as Frame);
  assert.is(regions.length, 1);
  assert.is(regions[0].deltaXM, 0);
  assert.ok(Math.abs(regions[0].deltaZM * (height - 1) - (299 * 1540) / 2 / 60e6) < 1e-5);
  assert.ok(width > height / 2 && width < 2 * height);
  engine.close();
});

test("orders are commands, their values are checked, and nothing but an order arms the pulser", async () => {
  const p0rk = await protocolOf("p0rk");
  const say = (control: string, value: number | string) =>
    text(p0rk.encode?.({ kind: "set", control, value }) ?? new Uint8Array());
  assert.is(text(p0rk.encode?.({ kind: "start" }) ?? new Uint8Array()), "stream start envelope 20\n");
  assert.is(say("mode", "raw"), "");
  assert.is(say("rate", 90), "");
  assert.is(text(p0rk.encode?.({ kind: "start" }) ?? new Uint8Array()), "stream start raw 90\n");
  assert.is(text(p0rk.encode?.({ kind: "stop" }) ?? new Uint8Array()), "stream stop\npulser disarm\n");
  assert.equal(
    (["arm", "disarm"] as const).map((value) => p0rk.starts?.({ kind: "set", control: "pulser", value })),
    [true, false],
    "an armed pulser is to be stopped with the page",
  );
  assert.is(say("pulser", "arm"), "pulser arm\n");
  assert.is(say("damping", 4000), "pulse config 96 4000 96 neg-first\n");
  assert.is(say("gain", 700), "dac write 700\n");
  say("mode", "envelope");
  for (const [order, words] of [
    [() => p0rk.encode?.({ kind: "start" }), /rate is 90 Hz; the device streams envelope at up to 50 Hz/],
    [() => say("gain", 1024), /gain is "1024"; it must be from 0 to 1023/],
    [() => say("damping", 4001), /steps of 8/],
    [() => say("pulser", "fire"), /choose one of disarm, arm/],
    [() => say("depth", 3), /no control "depth"; it has mode/],
  ] as const)
    await refuses((async () => order())(), "bad-option", words);

  const stock = await protocolOf("pic0rick");
  assert.is(text(stock.encode?.({ kind: "start" }) ?? new Uint8Array()), "start acq 96 96 6000\nread\n");
  assert.is(
    text(stock.encode?.({ kind: "set", control: "multiplexer", value: 255 }) ?? new Uint8Array()),
    "write mux ff\n",
  );

  const wulpus = await protocolOf("wulpus");
  assert.is(wulpus.encode?.({ kind: "set", control: "gain", value: "30.8 dB" }).length, 0);
  assert.is(wulpus.encode?.({ kind: "start" })[18], 63);
  assert.equal(
    wulpus.encode?.({ kind: "stop" }),
    Uint8Array.from({ length: 68 }, (_, k) => (k === 0 ? 0xfb : 0)),
  );
  for (const [change, words] of [
    [{ pulses: 31 }, /pulses is 31; it must be from 0 to 30/],
    [{ sampleRateHz: 7e6 }, /sampleRateHz is 7000000/],
    [{ channels: new Array(9).fill(DEFAULT_WULPUS_CONFIGURATION.channels[0]) }, /has 9 configurations/],
    [{ periodUs: 100 }, /periodUs is 100/],
    [{ channels: [{ transmit: [8], receive: [] }] }, /transmit is 8/],
  ] as const)
    await refuses(protocolOf("wulpus", { wulpus: change }), "bad-option", words);
});

test.run();
