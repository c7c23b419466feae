/**
 * Chunks on their way to a page that may be slow or stand still:
 *
 *   push -> | waiting: at most maxBytes, none older than maxAgeMs | -> | under way: at most the window | -> acknowledged
 *
 * What is too much or too old is dropped, never kept without limit. Then all that waits goes: one long hole leaves whole
 * frames between itself and the next, where a hole at every other chunk would leave none. The window grows while the page
 * answers soon and halves when it does not, so that what a slow page gets is little and fresh, not much and late.
 */
import { bridgeChunk } from "../live/bridge.ts";
import type { Dropped } from "../live/transport.ts";

/** How much may be on its way. */
export interface OutboxOptions {
  /** Bytes that may wait. Default 8 MiB: a quarter of a second at 40 MB/s. */
  maxBytes?: number;
  /** Bytes that may be sent and not yet acknowledged: least and most. Default 128 KiB and 4 MiB. One chunk may be larger, alone. */
  windowBytes?: readonly [least: number, most: number];
  /** Age at which a waiting chunk is given up (ms): with the way through the page it must stay below half a second. Default 250. */
  maxAgeMs?: number;
  /** Hands a message on. */
  send(message: Uint8Array): void;
}

const DEFAULT_BYTES = 8 * 2 ** 20;
const DEFAULT_WINDOW = [128 * 1024, 4 * 2 ** 20] as const;
const DEFAULT_AGE_MS = 250;
/** A page that answers later than this gets a smaller window (ms), and one that answers within a third of it a larger one. */
const PATIENCE_MS = 120;
const GROWTH = 1.25;

interface Sent {
  sequence: number;
  bytes: number;
  atMs: number;
}

export class Outbox {
  readonly dropped: Dropped = { chunks: 0, bytes: 0 };
  readonly #options: Required<OutboxOptions>;
  #waiting: { chunk: Uint8Array; atMs: number }[] = [];
  #waitingBytes = 0;
  #underWay: Sent[] = [];
  #underWayBytes = 0;
  #windowBytes: number;
  /** The window was changed for what was sent up to here. */
  #judged = 0;
  #sequence = 0;

  constructor(options: OutboxOptions) {
    this.#options = {
      maxBytes: DEFAULT_BYTES,
      windowBytes: DEFAULT_WINDOW,
      maxAgeMs: DEFAULT_AGE_MS,
      ...options,
    };
    const [least, most] = this.#options.windowBytes;
    this.#windowBytes = Math.min(most, 4 * least);
  }

  /** Bytes that it holds or has sent and not yet heard of. */
  get bytes(): number {
    return this.#waitingBytes + this.#underWayBytes;
  }

  /** Takes a chunk that came from the device at a time of the bridge's clock (ms). */
  push(chunk: Uint8Array, nowMs: number): void {
    const { maxBytes, maxAgeMs } = this.#options;
    const old = this.#waiting.length > 0 && nowMs - this.#waiting[0].atMs > maxAgeMs;
    if (old || this.#waitingBytes + chunk.length > maxBytes) this.#dropWaiting();
    this.#waiting.push({ chunk, atMs: nowMs });
    this.#waitingBytes += chunk.length;
    this.#send(nowMs);
  }

  /** The page has taken all messages up to this one. Numbers that were not sent change nothing. */
  acknowledge(sequence: number, nowMs: number): void {
    let taken = 0;
    // Differences, so that numbers may wrap round.
    while (taken < this.#underWay.length && ((sequence - this.#underWay[taken].sequence) | 0) >= 0) taken++;
    const last = this.#underWay[taken - 1];
    if (!last || (taken === this.#underWay.length && last.sequence !== sequence)) return;
    this.#judge(last, nowMs - last.atMs);
    for (const { bytes } of this.#underWay.splice(0, taken)) this.#underWayBytes -= bytes;
    this.#send(nowMs);
  }

  #judge({ sequence }: Sent, tookMs: number): void {
    const [least, most] = this.#options.windowBytes;
    if (tookMs > PATIENCE_MS && ((sequence - this.#judged) | 0) > 0) {
      this.#windowBytes = Math.max(least, this.#windowBytes / 2);
      // What is under way was sent with the larger window: it must not shrink the smaller one again.
      this.#judged = this.#sequence;
    } else if (tookMs < PATIENCE_MS / 3 && this.#underWayBytes * 2 > this.#windowBytes)
      this.#windowBytes = Math.min(most, this.#windowBytes * GROWTH);
  }

  #dropWaiting(): void {
    this.dropped.chunks += this.#waiting.length;
    this.dropped.bytes += this.#waitingBytes;
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #send(nowMs: number): void {
    let sent = 0;
    while (sent < this.#waiting.length) {
      const { chunk, atMs } = this.#waiting[sent];
      if (this.#underWayBytes > 0 && this.#underWayBytes + chunk.length > this.#windowBytes) break;
      this.#sequence = (this.#sequence + 1) >>> 0;
      this.#underWay.push({ sequence: this.#sequence, bytes: chunk.length, atMs: nowMs });
      this.#underWayBytes += chunk.length;
      this.#waitingBytes -= chunk.length;
      this.#options.send(bridgeChunk(this.#sequence, atMs, chunk));
      sent++;
    }
    this.#waiting.splice(0, sent);
  }
}
