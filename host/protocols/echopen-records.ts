/**
 * The line records of echOpen's TCP streams (2017 and 2019), found again after lost bytes.
 *
 *   mode 0:  i16 line number 1..N | n x i16 samples        little-endian
 *   mode 1:  u8  line number 1..N | n x u8 samples
 *
 * There is no mark and no checksum: only the line numbers, which sweep 1..N, N..1, 1..N with both ends sent twice.
 * Samples lie around +50 and look like line numbers, so that few numbers in a row prove nothing. The rule:
 *
 * 1. A position is a lock when 8 successive records (or all that remain, at least 2) carry numbers that follow one
 *    another.
 * 2. While locked, a record is accepted when its number may follow the previous one.
 * 3. Otherwise, when rule 1 holds from here, lines were lost: a gap.
 * 4. Otherwise bytes were lost inside the previous record: it is discarded, and a lock is searched from 2 bytes after
 *    its start.
 *
 * A line is therefore given out only when the record after it has been judged. The result does not depend on how the
 * bytes are cut into chunks; at most 9 records and one chunk are held.
 */
import { ByteQueue } from "./byte-queue.ts";

export interface RecordLayout {
  lines: number;
  samples: number;
  /** 0: i16, 1: u8. */
  mode: number;
}

/** What a parser reports, in stream order. */
export type RecordEvent =
  | { kind: "line"; line: number; samples: Int16Array | Uint8Array }
  /**
   * Lines are missing between the last one given out and the next: `after` and `before` are their numbers, absent at
   * the start and at the end. `bytes` were skipped.
   */
  | { kind: "gap"; after?: number; before?: number; bytes: number; offset: number };

/** Records that must agree before a position is believed: 6 suffice on damaged recordings of a real probe, 4 do not. */
const LOCK_RECORDS = 8;

/** Direction of the sweep (+1, -1, 0 unknown) after `next` follows `previous`, or undefined when it may not. */
export function follow(previous: number, direction: number, next: number, lines: number): number | undefined {
  const step = next - previous;
  if (step === 0) {
    if (previous === lines && direction !== -1) return -1;
    if (previous === 1 && direction !== 1) return 1;
    return undefined;
  }
  return (step === 1 || step === -1) && (direction === 0 || direction === step) ? step : undefined;
}

/** Bytes of a line number and of a whole record. */
function sizes(layout: RecordLayout): { numberBytes: number; recordBytes: number } {
  const numberBytes = layout.mode === 0 ? 2 : 1;
  return { numberBytes, recordBytes: numberBytes * (1 + layout.samples) };
}

/** Number of the record at `at`, undefined when its bytes are not here. */
function numberAt(queue: ByteQueue, layout: RecordLayout, at: number): number | undefined {
  const { numberBytes } = sizes(layout);
  if (queue.length < at + numberBytes) return undefined;
  const low = queue.byte(at);
  return numberBytes === 1 ? low : ((low | (queue.byte(at + 1) << 8)) << 16) >> 16;
}

/** Most bytes that a parser of lines of so many samples holds. */
export function mostHeldBytes(layout: RecordLayout): number {
  return Math.max(4096, 2 * (LOCK_RECORDS + 3) * sizes(layout).recordBytes);
}

function inRange(number: number, layout: RecordLayout): boolean {
  return number >= 1 && number <= layout.lines;
}

/** Rule 1 at `at`: true, false, or undefined when more bytes are needed; `ended`: no more will come. */
export function isLock(
  queue: ByteQueue,
  at: number,
  layout: RecordLayout,
  ended: boolean,
): boolean | undefined {
  const { recordBytes } = sizes(layout);
  let previous = 0;
  let direction = 0;
  for (let k = 0; k < LOCK_RECORDS; k++) {
    const start = at + k * recordBytes;
    const whole = queue.length >= start + recordBytes;
    if (!whole && ended) return k >= 2;
    const number = numberAt(queue, layout, start);
    if (number === undefined) return undefined;
    if (!inRange(number, layout)) return false;
    if (k > 0) {
      const next = follow(previous, direction, number, layout.lines);
      if (next === undefined) return false;
      direction = next;
    }
    previous = number;
    if (!whole) return undefined;
  }
  return true;
}

export class RecordParser {
  readonly #layout: RecordLayout;
  readonly #numberBytes: number;
  readonly #recordBytes: number;
  readonly #queue = new ByteQueue();
  /** Stream offset of the queue's first byte. */
  #offset: number;
  /** "trusted": the next record starts here; "searching"; "locked": a pending record is at the queue's front. */
  #state: "trusted" | "searching" | "locked";
  /** Number and direction of the pending record. */
  #line = 0;
  #direction = 0;
  /** Last line given out, where the search began, and whether anything was lost since. */
  #after: number | undefined;
  #lostAt: number | undefined;

  /**
   * `trusted`: a record starts at the first byte (after a header); otherwise a lock is searched. `offset`: bytes of the
   * stream before the first one given here, for reports.
   */
  constructor(layout: RecordLayout, trusted: boolean, offset = 0) {
    this.#layout = layout;
    const { numberBytes, recordBytes } = sizes(layout);
    this.#numberBytes = numberBytes;
    this.#recordBytes = recordBytes;
    this.#state = trusted ? "trusted" : "searching";
    this.#offset = offset;
    if (!trusted) this.#lostAt = offset;
  }

  /** Bytes of the buffer. */
  get heldBytes(): number {
    return this.#queue.capacity;
  }

  /** Lines and gaps that this chunk completes. */
  push(chunk: Uint8Array): RecordEvent[] {
    const events: RecordEvent[] = [];
    // Bounds what is held however large the chunk is.
    for (let at = 0; at < chunk.length; at += this.#recordBytes) {
      this.#queue.append(chunk.subarray(at, at + this.#recordBytes));
      this.#advance(events, false);
    }
    return events;
  }

  /** What can still be said when no more bytes come. */
  end(): RecordEvent[] {
    const events: RecordEvent[] = [];
    this.#advance(events, true);
    if (this.#state === "locked") {
      this.#emit(events);
      this.#state = "searching";
    }
    const lostAt = this.#lostAt ?? this.#offset;
    const bytes = this.#offset + this.#queue.length - lostAt;
    if (bytes > 0) events.push({ kind: "gap", ...this.#afterField(), bytes, offset: lostAt });
    this.#drop(this.#queue.length);
    return events;
  }

  #afterField() {
    return this.#after === undefined ? {} : { after: this.#after };
  }

  #drop(count: number): void {
    this.#queue.drop(count);
    this.#offset += count;
  }

  /** Takes the record at the queue's front as the pending one. */
  #lock(number: number, events: RecordEvent[]): void {
    if (this.#lostAt !== undefined) {
      events.push({
        kind: "gap",
        ...this.#afterField(),
        before: number,
        bytes: this.#offset - this.#lostAt,
        offset: this.#lostAt,
      });
      this.#lostAt = undefined;
    }
    this.#line = number;
    this.#direction = 0;
    this.#state = "locked";
  }

  /** Gives the pending record out and leaves what follows at the queue's front. */
  #emit(events: RecordEvent[]): void {
    const bytes = this.#queue.copy(this.#numberBytes, this.#recordBytes - this.#numberBytes);
    const samples = this.#layout.mode === 0 ? int16(bytes) : bytes;
    events.push({ kind: "line", line: this.#line, samples });
    this.#after = this.#line;
    this.#drop(this.#recordBytes);
  }

  #advance(events: RecordEvent[], ended: boolean): void {
    while (this.#step(events, ended));
  }

  /** One decision; false when more bytes are needed. */
  #step(events: RecordEvent[], ended: boolean): boolean {
    if (this.#state === "trusted") {
      const number = numberAt(this.#queue, this.#layout, 0);
      if (number === undefined) return false;
      if (!inRange(number, this.#layout)) {
        this.#state = "searching";
        this.#lostAt = this.#offset;
        return true;
      }
      if (this.#queue.length < this.#recordBytes) return false;
      this.#lock(number, events);
      return true;
    }
    if (this.#state === "searching") {
      const lock = isLock(this.#queue, 0, this.#layout, ended);
      if (lock === undefined) return false;
      if (lock) this.#lock(numberAt(this.#queue, this.#layout, 0) ?? 0, events);
      else if (this.#queue.length === 0) return false;
      else this.#drop(1);
      return true;
    }
    const next = numberAt(this.#queue, this.#layout, this.#recordBytes);
    if (next === undefined) return false;
    const direction = follow(this.#line, this.#direction, next, this.#layout.lines);
    if (direction !== undefined) {
      if (this.#queue.length < 2 * this.#recordBytes) return false;
      this.#emit(events);
      this.#line = next;
      this.#direction = direction;
      return true;
    }
    const lock = inRange(next, this.#layout)
      ? isLock(this.#queue, this.#recordBytes, this.#layout, ended)
      : false;
    if (lock === undefined) return false;
    if (lock) {
      this.#emit(events);
      this.#lostAt = this.#offset;
      this.#lock(next, events);
    } else {
      this.#lostAt = this.#offset;
      this.#drop(2);
      this.#state = "searching";
    }
    return true;
  }
}

function int16(bytes: Uint8Array<ArrayBuffer>): Int16Array {
  const view = new DataView(bytes.buffer);
  const values = new Int16Array(bytes.length / 2);
  for (let k = 0; k < values.length; k++) values[k] = view.getInt16(2 * k, true);
  return values;
}
