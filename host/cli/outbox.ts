/**
 * Chunks on their way to a page that may be slow or stand still:
 *
 *   push -> | waiting: at most maxBytes, none older than maxAgeMs | -> | under way: at most windowBytes | -> acknowledged
 *
 * What is too much or too old is dropped, oldest first, never kept without limit. When too much waits, all of it goes: one
 * long hole leaves whole frames between itself and the next, where a hole at every other chunk would leave none.
 */
import { bridgeChunk } from "../live/bridge.ts";
import type { Dropped } from "../live/transport.ts";

/** How much may be on its way. */
export interface OutboxOptions {
  /** Bytes that may wait. Default 4 MiB. */
  maxBytes?: number;
  /** Bytes that may be sent and not yet acknowledged. Default 4 MiB. One chunk may be larger, alone. */
  windowBytes?: number;
  /** Age at which a waiting chunk is no live picture any more (ms). Default 500. */
  maxAgeMs?: number;
  /** Hands a message on. */
  send(message: Uint8Array): void;
}

const DEFAULT_BYTES = 4 * 2 ** 20;
const DEFAULT_AGE_MS = 500;

interface Waiting {
  chunk: Uint8Array;
  atMs: number;
}

export class Outbox {
  readonly dropped: Dropped = { chunks: 0, bytes: 0 };
  readonly #options: Required<OutboxOptions>;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #underWay: { sequence: number; bytes: number }[] = [];
  #underWayBytes = 0;
  #sequence = 0;

  constructor(options: OutboxOptions) {
    this.#options = {
      maxBytes: DEFAULT_BYTES,
      windowBytes: DEFAULT_BYTES,
      maxAgeMs: DEFAULT_AGE_MS,
      ...options,
    };
  }

  /** Bytes that it holds or has sent and not yet heard of. */
  get bytes(): number {
    return this.#waitingBytes + this.#underWayBytes;
  }

  /** Takes a chunk that came from the device at a time of the bridge's clock (ms). */
  push(chunk: Uint8Array, atMs: number): void {
    const { maxBytes, maxAgeMs } = this.#options;
    let old = 0;
    while (old < this.#waiting.length && atMs - this.#waiting[old].atMs > maxAgeMs) old++;
    this.#drop(this.#waitingBytes + chunk.length > maxBytes ? this.#waiting.length : old);
    this.#waiting.push({ chunk, atMs });
    this.#waitingBytes += chunk.length;
    this.#send();
  }

  /** The page has taken all messages up to this one. Numbers that were not sent change nothing. */
  acknowledge(sequence: number): void {
    let taken = 0;
    // Differences, so that numbers may wrap round.
    while (taken < this.#underWay.length && ((sequence - this.#underWay[taken].sequence) | 0) >= 0) taken++;
    if (taken === this.#underWay.length && taken > 0 && this.#underWay[taken - 1].sequence !== sequence)
      return;
    for (const { bytes } of this.#underWay.splice(0, taken)) this.#underWayBytes -= bytes;
    this.#send();
  }

  #drop(count: number): void {
    for (const { chunk } of this.#waiting.splice(0, count)) {
      this.#waitingBytes -= chunk.length;
      this.dropped.chunks++;
      this.dropped.bytes += chunk.length;
    }
  }

  #send(): void {
    const { windowBytes, send } = this.#options;
    let sent = 0;
    while (sent < this.#waiting.length) {
      const { chunk, atMs } = this.#waiting[sent];
      if (this.#underWayBytes > 0 && this.#underWayBytes + chunk.length > windowBytes) break;
      this.#sequence = (this.#sequence + 1) >>> 0;
      this.#underWay.push({ sequence: this.#sequence, bytes: chunk.length });
      this.#underWayBytes += chunk.length;
      this.#waitingBytes -= chunk.length;
      send(bridgeChunk(this.#sequence, atMs, chunk));
      sent++;
    }
    this.#waiting.splice(0, sent);
  }
}
