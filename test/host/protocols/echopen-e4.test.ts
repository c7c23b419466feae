/** echOpen's datagrams of 2019 and their control channel. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import { type LineData, lineCount } from "../../../host/model.ts";
import { open } from "../../../host/open.ts";
import { E4RecordingSplitter } from "../../../host/protocols/echopen-e4.ts";
import {
  E4MessageSplitter,
  encodeE4Reply,
  encodeE4Request,
} from "../../../host/protocols/echopen-e4-control.ts";
import { protocolOf, writerOf } from "../../../host/protocols/index.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { sharedData } from "../../shared.ts";
import { concat, e4Datagram } from "../formats/make.ts";
import { refuses } from "../formats/refusal.ts";
import { eventsOf, framesOf, infosOf, lostOf, sameForAnyChunks, skippedOf } from "./streams.ts";

const e4 = await protocolOf("echopen-e4");
const settings = "10 180 100 4 57 0";
const four = await protocolOf("echopen-e4", { settings });
/** Frames of four lines. */
const datagrams = (...frames: number[]) =>
  frames.flatMap((frame) => [1, 2, 3, 4].map((line) => e4Datagram(frame, line)));

if (sharedData) {
  const folder = `${sharedData}echopen/`;

  test("200 datagrams give live the two frames they give as a file", async () => {
    const name = "e4_udp51000_2frames.lenprefixed.bin";
    const source = await open(folder + name);
    const received = new E4RecordingSplitter().push(new Uint8Array(readFileSync(folder + name)));
    assert.is(received.length, 200);
    const events = eventsOf(e4, received);
    assert.is(framesOf(events).length, 2);
    for (const frame of framesOf(events))
      sameNumbers(frame.samples, (await source.frame(frame.index)).samples);
    const [info] = infosOf(events) as LineData[];
    const { frameCount, frameRateHz, ...rest } = source.info as LineData;
    assert.equal({ ...info, name }, { ...rest, frameCount: null });
    assert.is(lostOf(events, "lines"), 0);
    assert.ok(frameRateHz && framesOf(events)[1].timeS);
    assert.ok(Math.abs((framesOf(events)[1].timeS ?? 0) - 1 / frameRateHz) < 1e-9);
  });

  test("requests are the reference's, replies say what the table says", async () => {
    const bytes = readFileSync(`${folder}e4_tcp50000_requests.bin`);
    const pattern = {
      pattern: "grey",
      frameIntervalUs: 5e6,
      linesPerFrame: 100,
      lineIntervalUs: 30000,
      samplesPerLine: 800,
      bitsPerSample: 16,
    } as const;
    const made = concat(
      encodeE4Request("status"),
      encodeE4Request("testPattern", pattern),
      encodeE4Request("start"),
      encodeE4Request("stop"),
    );
    assert.equal(made, new Uint8Array(bytes));
    assert.equal(
      new E4MessageSplitter(2).push(made).map(({ id }) => id),
      [2, 7, 1, 6],
    );
    const control = await protocolOf("echopen-e4-control");
    const events = sameForAnyChunks(
      control,
      new Uint8Array(readFileSync(`${folder}e4_tcp50000_replies.bin`)),
    );
    assert.equal(events, [
      { kind: "status", status: { state: "standby", temperatureC: 31.5, battery: 0.87 } },
      { kind: "text", text: "The device refused request 7: not possible in its present state." },
      { kind: "text", text: "The device refused request 99: an unknown request." },
    ]);
    assert.equal(
      control.encode?.({ kind: "set", control: "test-pattern", value: "grey" }),
      made.subarray(8, 40),
    );
    assert.equal(control.encode?.({ kind: "start" }), encodeE4Request("start"));
  });
}

test("late, doubled and damaged datagrams never start a frame", () => {
  const sent = datagrams(254, 255, 256, 257, 258);
  const late = sent.slice();
  late.splice(9, 0, ...late.splice(2, 1)); // line 3 of the first frame comes during the third
  let events = eventsOf(four, late);
  assert.equal(
    framesOf(events).map(({ index, missingLines }) => [index, missingLines?.[0] ?? 0]),
    [
      [0, 0b0100],
      [1, 0],
      [2, 0],
      [3, 0],
      [4, 0],
    ],
  );
  assert.is(lostOf(events, "lines"), 1);

  const damaged = sent.map((datagram) => datagram.slice());
  damaged[5][17] ^= 64; // its frame counter
  damaged[10][12] ^= 1; // its length
  events = eventsOf(four, damaged);
  assert.is(framesOf(events).length, 5);
  assert.is(lostOf(events, "lines"), 2);
  assert.is(skippedOf(events), damaged[10].length);

  events = eventsOf(four, [...sent.slice(0, 6), ...sent.slice(4)]);
  assert.is(framesOf(events).length, 5);
  assert.is(lostOf(events, "lines"), 0);
});

test("lost frames are counted, and a device that starts again is believed", () => {
  let events = eventsOf(four, datagrams(3, 7, 8));
  assert.equal(
    framesOf(events).map(({ index }) => index),
    [0, 4, 5],
  );
  assert.is(lostOf(events, "frames"), 3);
  events = eventsOf(four, datagrams(40, 41, 0, 1, 2, 3));
  assert.is(framesOf(events).length, 5); // the first one after the start is spent on believing it
  assert.is(lostOf(events, "frames"), 0);
});

test("without settings lines are as many as come, and none of the others is called lost", async () => {
  const events = eventsOf(e4, datagrams(0, 1, 2));
  const [info, ...more] = infosOf(events) as LineData[];
  assert.is(more.length, 0);
  assert.is(lineCount(info), 4);
  assert.match(info.warnings.join(), /does not say where its lines lie/);
  assert.equal(
    framesOf(events).map(({ index, missingLines }) => [index, missingLines]),
    [0, 1, 2].map((index) => [index, undefined]),
  );
  assert.is(lostOf(events, "lines"), 0);
  // The first frame was begun before the link was there; two are lost behind it.
  const joined = eventsOf(e4, [...datagrams(0).slice(2), ...datagrams(3, 4)]);
  assert.equal(
    framesOf(joined).map(({ index, missingLines }) => [index, missingLines?.[0] ?? 0]),
    [
      [0, 0b0011],
      [3, 0],
      [4, 0],
    ],
  );
  assert.is(lostOf(joined, "lines"), 2);
  assert.is(lostOf(joined, "frames"), 2);
  // A single frame is given at the end.
  assert.is(framesOf(eventsOf(e4, datagrams(7))).length, 1);
  // The simulated sector has 64 lines.
  const { MechanicalSimulation, SECTOR } = await import("../../../host/simulate/mechanical.ts");
  const simulation = new MechanicalSimulation({ device: SECTOR, seed: 1 });
  const writer = await writerOf("echopen-e4", simulation.info);
  const sent = [0, 1, 2, 3].flatMap((k) => writer.frame(simulation.frame(k)));
  const simulated = eventsOf(e4, sent);
  assert.is(framesOf(simulated).length, 4);
  assert.is(lostOf(simulated, "lines"), 0);
  assert.equal(
    (infosOf(simulated) as LineData[]).map((one) => lineCount(one)),
    [64],
  );
});

test("a device that sends fewer lines from now on is believed after three frames", () => {
  const fewer = (frame: number) => datagrams(frame).slice(0, 3);
  const events = eventsOf(e4, [...datagrams(0, 1, 2), ...[3, 4, 5, 6].flatMap(fewer)]);
  assert.equal(
    (infosOf(events) as LineData[]).map((info) => lineCount(info)),
    [4, 3],
  );
  assert.is(lostOf(events, "lines"), 2);
  assert.is(framesOf(events).length, 7);
});

test("a complete frame is given with its last line", () => {
  const parser = four.parser();
  for (const datagram of datagrams(0, 1).slice(0, -1)) parser.push(datagram);
  assert.is(parser.pending, true);
  const last = datagrams(1)[3];
  assert.equal(
    parser.push(last).map(({ kind }) => kind),
    ["frame"],
  );
  assert.is(parser.pending, false);
  assert.equal(parser.push(last), [], "a doubled line starts nothing");
  assert.equal(parser.end(), []);
});

test("a line number is believed when a second frame has it, too", () => {
  const hundred = (...frames: number[]) =>
    frames.flatMap((frame) => Array.from({ length: 100 }, (_, k) => e4Datagram(frame, k + 1)));
  const shape = (events: ReturnType<typeof eventsOf>) =>
    infosOf(events).map((info) => lineCount(info as LineData));
  const odd = [...hundred(0), e4Datagram(0, 255), ...hundred(1), e4Datagram(1, 255), ...hundred(2)];
  assert.equal(shape(eventsOf(e4, odd.slice(0, 101).concat(hundred(1, 2, 3)))), [100]);
  assert.equal(shape(eventsOf(e4, [...hundred(0, 1), e4Datagram(2, 255), ...hundred(2, 3, 4)])), [100]);
  assert.equal(shape(eventsOf(e4, odd)), [255]);
});

test("what a simulated device says is understood", async () => {
  const [info] = infosOf(eventsOf(four, datagrams(0, 1))) as LineData[];
  const frames = framesOf(eventsOf(four, datagrams(0, 1, 2)));
  const writer = await writerOf("echopen-e4", info);
  const again = framesOf(
    eventsOf(
      four,
      frames.flatMap((frame) => writer.frame(frame)),
    ),
  );
  assert.equal(
    again.map(({ samples }) => samples),
    frames.map(({ samples }) => samples),
  );
});

test("sizes and orders that cannot be are refused", async () => {
  for (const size of [3, 1025, -1])
    try {
      new E4MessageSplitter(4).push(
        Uint8Array.of((size >> 24) & 255, (size >> 16) & 255, (size >> 8) & 255, size & 255),
      );
      assert.unreachable();
    } catch (error) {
      assert.ok(isSondeError(error, "corrupt-file"), String(error));
      assert.match(error.message, new RegExp(`of ${size} words`));
    }
  const control = await protocolOf("echopen-e4-control");
  const order = async (value: string) => control.encode?.({ kind: "set", control: "test-pattern", value });
  await refuses(order("red"), "bad-option", /test-pattern = red/);
  const pattern = {
    pattern: "grid",
    frameIntervalUs: 1,
    linesPerFrame: 256,
    lineIntervalUs: 1,
    samplesPerLine: 1,
    bitsPerSample: 1,
  } as const;
  await refuses(
    (async () => encodeE4Request("testPattern", pattern))(),
    "bad-option",
    /linesPerFrame is 256; it must be a whole number from 1 to 255/,
  );
  assert.equal(eventsOf(control, [encodeE4Reply(2, 0, [20500, 101, 7, -8])]), [
    { kind: "status", status: { state: "error; the motor does not find its origin", temperatureC: 20.5 } },
  ]);
});

test.run();
