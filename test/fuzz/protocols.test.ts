/**
 * Ten thousand mutated streams a protocol, seeded: a stream may end the link with a `SondeError`, and nothing else. None
 * takes longer than 100 ms a megabyte (more where the machine is slower, as measured beside it), nor holds more than the parser says.
 */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isSondeError } from "../../host/errors.ts";
import { allCases, type Case } from "../fault/cases.ts";
import { random } from "../host/formats/make.ts";
import { processorTime } from "../processor-time.ts";

const STREAMS = 10_000;
const MS_PER_BYTE = 100 / 2 ** 20;
/** What no stream is too short for: a turn of the collector, a moment of the scheduler. */
const LEAST_MS = 10;
/** What a pass over a mebibyte takes where the 100 ms are meant (a shared core of a Xeon server). */
const USUAL_PASS_MS = 1.25;
/** No machine is slower than that. */
const MOST_SLOWER = 8;

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff, 0x0a, 0x53, 0x89, 0x50];

/** One change of the bytes: flipped, set, removed, repeated or moved. */
function mutate(bytes: Uint8Array, next: () => number): Uint8Array {
  const pick = (most: number) => Math.floor(most * next());
  const at = pick(bytes.length);
  const length = Math.min(bytes.length - at, 1 + pick(40));
  const out = bytes.slice();
  switch (pick(5)) {
    case 0:
      out[at] ^= 1 << pick(8);
      return out;
    case 1:
      return out.fill(INTERESTING[pick(INTERESTING.length)], at, at + length);
    case 2: {
      out.copyWithin(at, at + length);
      return out.subarray(0, out.length - length);
    }
    case 3: {
      const longer = new Uint8Array(out.length + length);
      longer.set(out.subarray(0, at + length));
      longer.set(out.subarray(at), at + length);
      return longer;
    }
    default:
      return out.copyWithin(pick(bytes.length), at, at + length);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Chunks of a mutated stream of about `count` records; datagrams stay apart. */
function stream(one: Case, count: number, changes: number, next: () => number): Uint8Array[] {
  const first = Math.floor(next() * Math.max(1, one.records.length - count));
  const records = Array.from({ length: count }, (_, k) => one.records[(first + k) % one.records.length]);
  const chunks = one.protocol.boundary === "datagram" ? [...records] : [joined([...one.start, ...records])];
  for (let k = 0; k < changes; k++) {
    const which = Math.floor(next() * chunks.length);
    if (chunks[which].length > 0) chunks[which] = mutate(chunks[which], next);
  }
  return chunks;
}

/** Milliseconds of processor that a new parser takes for these chunks: other programs do not count. */
function elapsed(one: Case, chunks: readonly Uint8Array[]): number {
  const tookMs = processorTime();
  const parser = one.protocol.parser();
  try {
    for (const chunk of chunks) {
      // In two parts, so that states are carried over.
      const half = one.protocol.boundary === "datagram" ? chunk.length : chunk.length >> 1;
      parser.push(chunk.subarray(0, half));
      if (half < chunk.length) parser.push(chunk.subarray(half));
    }
  } catch (error) {
    if (!isSondeError(error, "corrupt-file") && !isSondeError(error, "unsupported-format")) throw error;
  }
  parser.end();
  assert.ok(parser.heldBytes <= parser.maxBytes, `${parser.heldBytes} of ${parser.maxBytes} bytes`);
  return tookMs();
}

const MEBIBYTE = new Uint8Array(2 ** 20).map((_, k) => 7919 * k);

/** Milliseconds of processor of a pass over a mebibyte, here and now: the least of five. */
function passMs(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 5; k++) {
    const tookMs = processorTime();
    let hash = 0x811c9dc5;
    for (let k = 0; k < MEBIBYTE.length; k++) hash = Math.imul(hash ^ MEBIBYTE[k], 0x01000193);
    const ms = tookMs();
    // A pass whose result nobody wants would not be made.
    assert.is(hash, -1406362171);
    least = Math.min(least, ms);
  }
  return least;
}

/**
 * Fails when the chunks take too long three times, each time beside how fast this machine is at that moment: 100 ms a
 * megabyte, or on a slower machine the time of as many passes over the bytes as a usual one makes in that.
 */
function inTime(one: Case, chunks: readonly Uint8Array[], what: string): void {
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const usual = Math.max(LEAST_MS, bytes * MS_PER_BYTE);
  const tries: string[] = [];
  for (let k = 0; k < 3; k++) {
    const tookMs = elapsed(one, chunks);
    if (tookMs <= usual) return;
    const allowed = usual * Math.min(MOST_SLOWER, Math.max(1, passMs() / USUAL_PASS_MS));
    if (tookMs <= allowed) return;
    tries.push(`${tookMs.toFixed(1)} ms (${allowed.toFixed(1)} allowed)`);
  }
  assert.unreachable(`${what}: ${bytes} bytes took ${tries.join(", ")}`);
}

for (const one of await allCases()) {
  test(`${one.id}: ${STREAMS} mutated streams neither crash nor stall the parser`, () => {
    const count = one.id === "pic0rick" ? 1 : one.unit === "lines" ? 12 : 4;
    for (let seed = 0; seed < STREAMS; seed++) {
      const next = random(seed);
      const chunks = stream(one, count, 1 + (seed % 6), next);
      try {
        inTime(one, chunks, `seed ${seed}`);
      } catch (error) {
        console.log(`seed ${seed}`);
        throw error;
      }
    }
  });

  test(`${one.id}: a megabyte of damage takes 100 ms at most`, () => {
    const record = one.records.reduce((sum, bytes) => sum + bytes.length, 0) / one.records.length;
    const count = Math.ceil(2 ** 20 / record);
    for (let seed = 0; seed < 3; seed++)
      for (const changes of [0, 30, 300])
        inTime(one, stream(one, count, changes, random(seed)), `seed ${seed}`);
    // The worst there is for a search: nothing but the beginnings of messages.
    const head = one.records[1].subarray(0, Math.min(one.records[1].length - 1, 70));
    inTime(
      one,
      Array.from({ length: 2 ** 20 / 70 }, () => head),
      "beginnings",
    );
    inTime(one, [joined(Array.from({ length: 2 ** 20 / 70 }, () => head))], "beginnings at once");
  });
}

test.run();
