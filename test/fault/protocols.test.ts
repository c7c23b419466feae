/**
 * A thousand faults a protocol, seeded: records lost, doubled, cut short, with garbage between or bits flipped, and
 * streams that jump from the middle of one record into another. Nothing but a `SondeError` may be thrown, and that only
 * where a protocol has no mark to go on by; then the link is opened again, as a live source does.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../host/errors.ts";
import type { ProtocolEvent } from "../../host/live/protocol.ts";
import { concat, random } from "../host/formats/make.ts";
import { accountOf, allCases, type Case, linesIn } from "./cases.ts";

const FAULTS = ["loss", "duplicate", "truncate", "garbage", "flip", "splice"] as const;
type Fault = (typeof FAULTS)[number];
const RUNS = 1000;

/** The records from `from` to `to` are replaced by these chunks. `at`: the byte that was flipped. */
interface Damage {
  from: number;
  to: number;
  chunks: Uint8Array[];
  at?: number;
}

function damage(fault: Fault, { records }: Case, next: () => number): Damage {
  const pick = (most: number) => Math.floor(most * next());
  // The ends are left alone: what is lost there no number can tell.
  const from = 2 + pick(records.length - 7);
  const record = records[from];
  switch (fault) {
    case "loss":
      return { from, to: from + 1 + pick(3), chunks: [] };
    case "duplicate":
      return { from, to: from + 1, chunks: [record, record] };
    case "truncate":
      return { from, to: from + 1, chunks: [record.subarray(0, 1 + pick(record.length - 1))] };
    case "garbage":
      return { from, to: from, chunks: [Uint8Array.from({ length: 1 + pick(300) }, () => pick(256))] };
    case "flip": {
      const flipped = record.slice();
      const at = pick(flipped.length);
      flipped[at] ^= 1 << pick(8);
      return { from, to: from + 1, chunks: [flipped], at };
    }
    case "splice": {
      const to = from + 1 + pick(2);
      return {
        from,
        to: to + 1,
        chunks: [
          concat(record.subarray(0, pick(record.length)), records[to].subarray(pick(records[to].length))),
        ],
      };
    }
  }
}

/** What a live source does: parses, and opens the link again when the parser gives up. */
function run(one: Case, chunks: readonly Uint8Array[], next: () => number) {
  const events: ProtocolEvent[] = [];
  let parser = one.protocol.parser();
  let links = 1;
  const cutChunks = (bytes: Uint8Array) => {
    if (one.protocol.boundary === "datagram") return [bytes];
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const length = 1 + Math.floor(next() ** 2 * 3 * bytes.length);
      parts.push(bytes.subarray(at, at + length));
      at += length;
    }
    return parts;
  };
  for (const chunk of [...one.start, ...chunks]) {
    try {
      for (const part of cutChunks(chunk)) {
        events.push(...parser.push(part));
        assert.ok(parser.heldBytes <= parser.maxBytes);
      }
    } catch (error) {
      assert.ok(isSondeError(error, "corrupt-file"), String(error));
      // The rest of this record is gone with the link.
      events.push(...parser.end());
      parser = one.protocol.parser();
      links++;
      for (const bytes of one.start) events.push(...parser.push(bytes));
    }
  }
  events.push(...parser.end());
  return { events, links };
}

/** Records, by number, whose frame or line is among the events and is what was sent. */
function intact(one: Case, events: readonly ProtocolEvent[], whole: readonly ProtocolEvent[]): Set<string> {
  const keys = new Set<string>();
  const { linesPerFrame, unit } = one;
  for (const event of events) {
    if (event.kind !== "frame") continue;
    const { samples } = event.frame;
    if (unit === "frames") keys.add(samples.join());
    else {
      const perLine = samples.length / linesPerFrame;
      if (linesIn(event.frame, linesPerFrame) > 0)
        for (let k = 0; k < linesPerFrame; k++)
          keys.add(samples.subarray(k * perLine, (k + 1) * perLine).join());
    }
  }
  assert.ok(whole.length > 0);
  return keys;
}

/** The key of each record's frame or line, from the undamaged stream. */
function keysOf(one: Case, whole: readonly ProtocolEvent[]): string[] {
  const frames = whole.flatMap((event) => (event.kind === "frame" ? [event.frame] : []));
  if (one.unit === "frames") return frames.map(({ samples }) => samples.join());
  return frames.flatMap(({ samples, index }) => {
    const perLine = samples.length / one.linesPerFrame;
    const lines = Array.from({ length: one.linesPerFrame }, (_, k) =>
      samples.subarray(k * perLine, (k + 1) * perLine).join(),
    );
    // echOpen's probes sweep there and back.
    const down =
      one.id === "echopen-e2" ? index % 2 === 1 : one.id === "echopen-e3" ? index % 2 === 0 : false;
    return down ? lines.reverse() : lines;
  });
}

for (const one of await allCases())
  test(`${one.id}: ${RUNS} faults, none crashes, each is survived within two good records and counted`, () => {
    const whole = run(one, one.records, random(1)).events;
    const keys = keysOf(one, whole);
    const carriesFrames = one.id !== "echopen-e4-control";
    if (carriesFrames) {
      assert.is(keys.length, one.records.length);
      assert.equal(accountOf(whole, one), { received: one.records.length, lost: 0 });
    }
    let reopened = 0;
    for (let seed = 0; seed < RUNS; seed++) {
      const next = random(1000 + seed);
      const fault = FAULTS[seed % FAULTS.length];
      const { from, to, chunks, at } = damage(fault, one, next);
      const what = `${fault}, seed ${seed}, records ${from} to ${to}${at === undefined ? "" : `, byte ${at}`}`;
      const { events, links } = run(
        one,
        [...one.records.slice(0, from), ...chunks, ...one.records.slice(to)],
        next,
      );
      reopened += links - 1;
      if (!carriesFrames) continue;
      // A link that is opened again is not read from until its next record begins.
      const got = intact(one, events, whole);
      const resumed = to + (links > 1 ? 3 : 2);
      for (let k = resumed; k < keys.length; k++)
        assert.ok(got.has(keys[k]), `${what}: record ${k} is missing`);
      for (let k = 0; k < from - 1; k++) assert.ok(got.has(keys[k]), `${what}: record ${k} is missing`);
      const silent = at !== undefined && one.unaccounted(at);
      // Of a record of which next to nothing is left no trace is left.
      const gone = fault === "truncate" && chunks[0].length < 40;
      if (links > 1 || silent || one.uncounted.includes(gone ? "loss" : fault)) continue;
      const { received, lost } = accountOf(events, one);
      assert.is(received + lost, one.records.length, `${what}: ${received} received, ${lost} reported`);
    }
    if (reopened) console.log(`${one.id}: the link was opened again ${reopened} times`);
  });

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

for (const one of await allCases())
  test(`${one.id}: whatever comes, no more than maxBytes is held`, async () => {
    const parser = one.protocol.parser();
    const next = random(77);
    collect();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    let given = 0;
    try {
      for (const bytes of one.start) parser.push(bytes);
      for (let k = 0; k < 400; k++) {
        const record = one.records[Math.floor(next() * one.records.length)];
        const hostile = record.slice(0, Math.floor(next() * record.length) + 1);
        if (next() < 0.7) hostile[Math.floor(next() * hostile.length)] ^= 1 << Math.floor(next() * 8);
        given += hostile.length;
        parser.push(hostile);
        most = Math.max(most, parser.heldBytes);
      }
    } catch (error) {
      assert.ok(isSondeError(error, "corrupt-file"), String(error));
    }
    // The collector gives buffers back on a thread of its own.
    let held = Number.POSITIVE_INFINITY;
    for (let k = 0; k < 50 && held > parser.heldBytes + 2 ** 16; k++) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 10));
      held = process.memoryUsage().arrayBuffers - before;
    }
    assert.ok(most <= parser.maxBytes, `${most} of ${parser.maxBytes}`);
    assert.ok(
      held <= parser.heldBytes + 2 ** 16,
      `${held} bytes of buffers, ${parser.heldBytes} said, after ${given}`,
    );
  });

test.run();
