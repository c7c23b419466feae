/**
 * When a device that says nothing is silent, and when its link is dead: judged by the times of its bytes and frames, by the pauses it
 * is known to make, and by what it was told. Times are milliseconds on the clock of `performance.now()`.
 */
import type { Order } from "./protocol.ts";

/** Without a frame for so long the link is not live, whatever bytes come: at least and at most, between them in frame periods. */
const FRAMELESS_MS = [1000, 5000] as const;
/** Longest pause of a slow device that is no silence: no picture is live for longer. */
const MOST_SILENT_MS = 1000;
const PERIODS = 3;
/**
 * A device that streamed and falls silent for so long may hang though its link is open: looks at the link, a tenth of a second apart,
 * so that a page that stood still counts none (5 s), and times of the longest pause before.
 */
const DEAD_LOOKS = 50;
const DEAD_PAUSES = 3;
/** Frames that are all late for so many looks (30 s) have a backlog before them that does not go by itself. */
const BEHIND_LOOKS = 300;
/** Longer pauses are no habit of a device. */
const MOST_PAUSE_MS = 20_000;
/** Frames after an order until it is a stream: a single acquisition gives one. */
const STREAM_FRAMES = 8;

export class Silence {
  /** Age at which a picture is not live any more. */
  readonly #silentMs: number;
  /** Time between frames; NaN while it is not known. */
  readonly #periodMs: () => number;
  #lastByteMs = 0;
  #lastFrameMs = Number.NEGATIVE_INFINITY;
  /** Longest time between bytes of one connection. */
  #longestPauseMs = 0;
  #looks = 0;
  /** Whether the last frame was late, and looks since one was not. */
  #late = false;
  #lateLooks = 0;
  /** Frames since the last order, over connections; none count once it was told to stop. */
  #streamed = 0;
  #toldToStop = false;
  #interrupted = false;

  constructor(silentMs: number, periodMs: () => number) {
    this.#silentMs = silentMs;
    this.#periodMs = periodMs;
  }

  /** The frame that ends next began before a silence. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  connected(nowMs: number): void {
    this.#lastByteMs = nowMs;
    this.#looks = 0;
    this.#late = false;
    this.#lateLooks = 0;
    this.#interrupted = false;
  }

  /** Bytes came. `pending`: a part of a frame has come before. */
  bytes(nowMs: number, pending: boolean | undefined): void {
    const pauseMs = nowMs - this.#lastByteMs;
    if (pending && pauseMs > this.#limitMs()) this.#interrupted = true;
    // Before it was told to start it was silent as it should be.
    if (this.#streamed)
      this.#longestPauseMs = Math.max(this.#longestPauseMs, Math.min(pauseMs, MOST_PAUSE_MS));
    this.#looks = 0;
    this.#lastByteMs = nowMs;
  }

  /** A frame is whole. `old`: it is not live. */
  frame(nowMs: number, old: boolean): void {
    this.#streamed++;
    this.#interrupted = false;
    this.#late = old;
    if (old) return;
    this.#lastFrameMs = nowMs;
    this.#lateLooks = 0;
  }

  /** The device was given an order. */
  ordered(kind: Order["kind"]): void {
    this.#streamed = 0;
    this.#toldToStop = kind === "stop" || (this.#toldToStop && kind !== "start");
  }

  /** Whether the last bytes are too old for a live picture. */
  isOld(nowMs: number): boolean {
    return nowMs - this.#lastByteMs > this.#silentMs;
  }

  /** Whether the device says nothing. */
  isSilent(nowMs: number): boolean {
    return nowMs - this.#lastByteMs >= this.#limitMs();
  }

  /** Whether its bytes make no frames. */
  isFrameless(nowMs: number): boolean {
    return nowMs - this.#lastFrameMs > this.#periodsMs(...FRAMELESS_MS);
  }

  /** Asked at every look at a silent link: whether it is to be opened anew. Never one whose device was told to be silent. */
  isDead(nowMs: number): boolean {
    if (this.#toldToStop || this.#streamed < STREAM_FRAMES) return false;
    return ++this.#looks >= DEAD_LOOKS && nowMs - this.#lastByteMs > DEAD_PAUSES * this.#longestPauseMs;
  }

  /** Asked at every look at a link whose frames are not live: whether it is to be opened anew, which no backlog outlives. */
  isBehind(): boolean {
    return this.#late && ++this.#lateLooks >= BEHIND_LOOKS;
  }

  /** A pause between bytes that is a silence, and after which a frame that spans it is not live: longer for devices with few frames. */
  #limitMs(): number {
    return this.#periodsMs(this.#silentMs, Math.max(this.#silentMs, MOST_SILENT_MS));
  }

  /** Some frame periods within limits; the least of them while the period is not known. */
  #periodsMs(leastMs: number, mostMs: number): number {
    const periodMs = this.#periodMs();
    return Math.min(mostMs, Math.max(leastMs, periodMs > 0 ? PERIODS * periodMs : 0));
  }
}
