/** Sonde's own stream. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../../host/errors.ts";
import type { Acquisition, Beamformed, Frame, LineData, SampleArray } from "../../../host/model.ts";
import { open } from "../../../host/open.ts";
import { protocolOf } from "../../../host/protocols/index.ts";
import { SondeEncoder, sondeWriter } from "../../../host/protocols/sonde-encoder.ts";
import { settle } from "../../../host/simulate/options.ts";
import { describeAcquisition } from "../../../host/simulate/probe.ts";
import { concat, random } from "../formats/make.ts";
import { eventsOf, framesOf, infosOf, lostOf, sameForAnyChunks, skippedOf } from "./streams.ts";

const LINES: LineData = {
  kind: "lines",
  name: "a probe",
  format: "test",
  signal: "rf",
  frameCount: null,
  soundSpeedMps: 1540,
  warnings: ["Its gain is not known."],
  lines: Float64Array.of(0, 0, -0.1, 0.01, 1e-4, 0, 0, 0, 0.01, 1e-4, 0, 0, 0.1, 0.01, 1e-4),
  sampleCount: 11,
  sampleRateHz: 7.7e6,
};

const IMAGE: Beamformed = {
  kind: "beamformed",
  name: "an image",
  format: "test",
  signal: "log",
  logStepDb: 0.25,
  frameCount: null,
  soundSpeedMps: 1540,
  warnings: [],
  rows: 3,
  columns: 5,
  transmitCount: 1,
  scan: { kind: "linear", x: { min: -0.01, max: 0.01, count: 5 }, z: { min: 0, max: 0.02, count: 3 } },
};

function noise(seed: number, samples: SampleArray): SampleArray {
  const next = random(seed);
  for (let k = 0; k < samples.length; k++) samples[k] = 256 * next();
  return samples;
}

const lineFrames = (count: number): Frame[] =>
  Array.from({ length: count }, (_, index) => ({
    index,
    timeS: 0.1 * index,
    samples: noise(index, new Int16Array(33)),
  }));

function stream(info: Acquisition, frames: readonly Frame[], number = 7): Uint8Array<ArrayBuffer>[] {
  const writer = sondeWriter(info, number);
  return [
    ...writer.start(),
    ...frames.flatMap((frame) => writer.frame(frame)),
    ...(writer.end?.() ?? []),
  ] as Uint8Array<ArrayBuffer>[];
}

const sonde = await protocolOf("sonde");

test("every kind of acquisition and every sample type comes back as it was", async () => {
  const { info: channels } = describeAcquisition(settle({ array: "convex" }), null);
  const firing = {
    ...channels,
    sequence: [
      { ...channels.sequence[0], firingS: new Float64Array(channels.probe.azimuthsRad.length).fill(1e-6) },
    ],
  };
  firing.sequence[0].firingS[3] = Number.POSITIVE_INFINITY;
  for (const info of [LINES, IMAGE, channels, firing] as Acquisition[]) {
    const events = sameForAnyChunks(sonde, concat(...stream(info, [])));
    assert.equal(events, [{ kind: "acquisition", info: { ...info, frameCount: null } }]);
  }
  for (const make of [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Float32Array]) {
    const frame: Frame = { index: 0, samples: noise(4, new make(15)) };
    assert.equal(framesOf(sameForAnyChunks(sonde, concat(...stream(IMAGE, [frame])))), [frame]);
  }
});

test("times, missing lines and skipped indices are carried", () => {
  const frames = lineFrames(40);
  frames[3].missingLines = Uint8Array.of(0b101);
  delete frames[4].timeS;
  frames.splice(10, 5); // the device dropped them
  const events = sameForAnyChunks(sonde, concat(...stream(LINES, frames)));
  assert.equal(framesOf(events), frames);
  assert.equal(
    events.filter((event) => event.kind === "lost"),
    [{ kind: "lost", what: "frames", count: 5, why: "the device skipped them" }],
  );
  assert.is(infosOf(events).length, 1);
});

test("messages that are not frames come back too", () => {
  const encoder = new SondeEncoder(1);
  const status = { state: "scanning", battery: 0.5, temperatureC: 31.5, saturated: true, droppedByDevice: 2 };
  const lost = { what: "lines" as const, count: 3, why: "the cable" };
  const message = { type: "TRANSFORM", device: "tracker", timeS: 5.25, content: { matrix: [1, 0] } };
  const bytes = concat(
    encoder.configuration(LINES),
    encoder.status(status),
    encoder.text("hëllo"),
    encoder.lost(lost),
    encoder.message(message),
    encoder.end(),
  );
  assert.equal(sameForAnyChunks(sonde, bytes).slice(1), [
    { kind: "status", status },
    { kind: "text", text: "hëllo" },
    { kind: "lost", ...lost },
    { kind: "message", ...message },
  ]);
});

test("frames are numbered from the one that is met first", () => {
  const encoder = new SondeEncoder(1);
  const [frame] = lineFrames(1);
  const bytes = (index: number) => encoder.frame({ ...frame, index });
  encoder.configuration(LINES);
  bytes(1000);
  const joined = concat(encoder.configuration(LINES), bytes(1001), bytes(1004));
  assert.equal(
    framesOf(sameForAnyChunks(sonde, joined)).map(({ index }) => index),
    [0, 3],
  );
});

test("fields that are no text are not taken for text", () => {
  const encoder = new SondeEncoder(1);
  const odd = { toString: "none" } as unknown as string;
  const bytes = concat(
    encoder.configuration(LINES),
    encoder.lost({ what: "lines", count: 1, why: odd }),
    encoder.message({ type: odd, device: "d", timeS: 0, content: 1 }),
  );
  assert.equal(sameForAnyChunks(sonde, bytes).slice(1), [
    { kind: "lost", what: "lines", count: 1, why: "the device does not say why" },
  ]);
});

test("a payload is aligned, so that a typed array needs no copy", () => {
  const bytes = concat(...stream(LINES, lineFrames(3)));
  assert.is(bytes.length % 8, 0);
  const at = stream(LINES, [])[0].length + 56;
  assert.equal(new Int16Array(bytes.buffer, at, 33), lineFrames(1)[0].samples);
});

test("lost, damaged and doubled messages cost themselves only, and are counted", () => {
  const parts = stream(LINES, lineFrames(20));
  const whole = framesOf(eventsOf(sonde, parts));
  const check = (bytes: Uint8Array, lost: readonly number[]) => {
    const events = sameForAnyChunks(sonde, bytes);
    assert.equal(
      framesOf(events),
      whole.filter(({ index }) => !lost.includes(index)),
    );
    assert.is(lostOf(events, "frames"), lost.length);
    assert.is(lostOf(events, "messages"), 0);
    return events;
  };
  // Frame k is part k + 1.
  check(concat(...parts.filter((_, k) => k !== 5 && k !== 6)), [4, 5]);
  const flipped = concat(...parts);
  flipped[parts[0].length + 3 * parts[1].length + 80] ^= 4;
  assert.is(skippedOf(check(flipped, [3])), parts[1].length);
  check(concat(...parts.slice(0, 4), parts[4].subarray(0, 60), ...parts.slice(5)), [3]);
  check(concat(...parts.slice(0, 4), parts[4].subarray(1), ...parts.slice(5)), [3]);
  check(concat(...parts.slice(0, 4), Uint8Array.of(0x89, 0x53, 0x4e), ...parts.slice(4)), []);
  assert.is(skippedOf(check(concat(...parts.slice(0, 4), ...parts.slice(2)), [])), 2 * parts[2].length);
  // The last one is missed by the message that ends the stream.
  check(concat(...parts.slice(0, 20), parts[21]), [19]);
});

test("frames whose configuration was lost are reported until it is repeated", () => {
  const parts = stream(LINES, lineFrames(40));
  const events = eventsOf(sonde, [concat(...parts.slice(1))]);
  assert.is(framesOf(events).length, 8);
  assert.is(lostOf(events, "frames"), 32);
  assert.match(events.map((event) => ("why" in event ? event.why : "")).join(), /configuration \(number 1\)/);
});

test("a device that starts again is told from one whose messages come in disorder", () => {
  const events = eventsOf(sonde, [
    concat(...stream(LINES, lineFrames(5))),
    concat(...sondeWriter(IMAGE, 8).start()),
  ]);
  assert.is(infosOf(events).length, 2);
  assert.is(lostOf(events, "messages"), 0);
});

test("frames before and after a start of the device do not follow each other: live, and in what was recorded", async () => {
  const bytes = concat(...stream(LINES, lineFrames(3)), ...stream(LINES, lineFrames(3), 8));
  const events = sameForAnyChunks(sonde, bytes);
  assert.equal(
    framesOf(events).map(({ index }) => index),
    [0, 1, 2, 4, 5, 6],
  );
  const lost = events.filter((event) => event.kind === "lost");
  assert.equal(lost, [{ kind: "lost", what: "frames", count: undefined, why: "the device started again" }]);
  const source = await open({ name: "twice.sonde", bytes });
  const places: number[] = [];
  for await (const { index, sequence = index } of source.frames()) places.push(sequence);
  assert.equal(places, [0, 1, 2, 4, 5, 6]);
});

test("a device that starts again with the same stream number is heard again, and what that cost is said", () => {
  const first = stream(LINES, lineFrames(30));
  const again = stream(IMAGE, []).slice(0, 1);
  const picture: Frame = { index: 0, samples: noise(4, new Int16Array(15)) };
  const whole = stream(IMAGE, [picture]);
  const events = sameForAnyChunks(sonde, concat(...first, ...whole));
  assert.equal(infosOf(events).length, 2);
  assert.is(framesOf(events).length, 31);
  assert.is(skippedOf(events), 0);
  // Its configuration was lost: eight messages that count on make it believed, a repeated configuration makes it seen.
  const long = stream(LINES, lineFrames(45));
  const late = sameForAnyChunks(sonde, concat(...first, ...long.slice(1)));
  assert.is(framesOf(late).length, 30 + 13);
  assert.is(skippedOf(late), 7 * first[1].length);
  assert.is(lostOf(late, "messages"), 8);
  // The first message twice is no start.
  const doubled = sameForAnyChunks(sonde, concat(...again, ...whole));
  assert.is(infosOf(doubled).length, 1);
  assert.is(skippedOf(doubled), again[0].length);
});

test("a later version, and a configuration that describes nothing, are refused in words", () => {
  const refused = (bytes: Uint8Array, code: "corrupt-file" | "unsupported-format", words: RegExp) => {
    try {
      eventsOf(sonde, [bytes]);
      assert.unreachable(String(words));
    } catch (error) {
      assert.ok(isSondeError(error, code), String(error));
      assert.match(error.message, words);
    }
  };
  const bad = (change: object) => concat(...sondeWriter({ ...LINES, ...change } as Acquisition, 1).start());
  refused(bad({ lines: new Float64Array(4) }), "corrupt-file", /5 numbers a line/);
  refused(bad({ kind: "sound" }), "corrupt-file", /kind must be one of/);
  refused(bad({ name: 5 }), "corrupt-file", /name that is no string/);
  refused(bad({ lines: { f64: 1e9, count: 5 } }), "corrupt-file", /lines at 1000000000 \+ 5 of 0/);
});

test("a device may write its numbers in the text", () => {
  const info = { ...LINES, lines: Array.from(LINES.lines) } as unknown as LineData;
  assert.equal(eventsOf(sonde, sondeWriter(info, 1).start()), [{ kind: "acquisition", info: LINES }]);
});

test.run();
