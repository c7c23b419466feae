/** Counts what a live source does, and measures its rates over the last two seconds. */
import type { DeviceStatus, ProtocolEvent } from "./protocol.ts";
import type { Dropped } from "./transport.ts";

/** Counts since the source was connected, over all its connections; rates of the last two seconds. */
export interface LiveStatistics {
  /** Whole frames understood and young enough to show. */
  frames: number;
  /** Frames a second as they arrived; NaN while there are fewer than two. */
  frameRateHz: number;
  bytes: number;
  bytesPerSecond: number;
  /** Known to be lost between the device and here, as the protocol tells. */
  lostFrames: number;
  lostLines: number;
  lostMessages: number;
  /** Times something was lost and how much is not known. */
  gaps: number;
  /** Bytes that belong to nothing. */
  skippedBytes: number;
  /** Whole chunks that this computer threw away because it was too slow. */
  droppedChunks: number;
  droppedBytes: number;
  /** Frames that came too late to be live, and were not given on. */
  staleFrames: number;
  /** Frames that a newer one replaced before a slow consumer took them. */
  replacedFrames: number;
  /** Connections after the first. */
  reconnections: number;
  /** What the device last said of itself, each field as last said. */
  status: DeviceStatus;
  /** The last lines of text, oldest first, eight at most. */
  texts: readonly string[];
}

const WINDOW_MS = 2000;
const BUCKET_MS = 100;
const BUCKETS = WINDOW_MS / BUCKET_MS;
/** Arrival times kept: enough for 250 frames a second. */
const TIMES = 512;
const TEXTS = 8;
/** Longest line of text kept. */
const TEXT_LENGTH = 400;

export class LiveMeter {
  #frames = 0;
  #bytes = 0;
  #connections = 0;
  #lost = { frames: 0, lines: 0, messages: 0 };
  #gaps = 0;
  #skipped = 0;
  #stale = 0;
  #replaced = 0;
  #droppedBefore: Dropped = { chunks: 0, bytes: 0 };
  #status: DeviceStatus = {};
  #texts: string[] = [];
  readonly #times = new Float64Array(TIMES);
  /** Times in `#times`, of this connection. */
  #timed = 0;
  readonly #buckets = new Float64Array(BUCKETS);
  readonly #bucketNumbers = new Float64Array(BUCKETS).fill(-1);
  #nowMs = 0;

  connected(): void {
    this.#connections++;
    this.#timed = 0;
  }

  disconnected(dropped: Dropped | undefined): void {
    const { chunks, bytes } = this.#droppedBefore;
    this.#droppedBefore = { chunks: chunks + (dropped?.chunks ?? 0), bytes: bytes + (dropped?.bytes ?? 0) };
  }

  bytes(count: number, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#bytes += count;
    const number = Math.floor(nowMs / BUCKET_MS);
    const place = number % BUCKETS;
    if (this.#bucketNumbers[place] !== number) {
      this.#bucketNumbers[place] = number;
      this.#buckets[place] = 0;
    }
    this.#buckets[place] += count;
  }

  frame(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#frames++;
    this.#times[this.#timed++ % TIMES] = nowMs;
  }

  stale(): void {
    this.#stale++;
  }

  replaced(): void {
    this.#replaced++;
  }

  event(event: Extract<ProtocolEvent, { kind: "lost" | "skipped" | "status" | "text" | "message" }>): void {
    if (event.kind === "skipped") this.#skipped += event.bytes;
    else if (event.kind === "status") this.#status = { ...this.#status, ...event.status };
    else if (event.kind === "text")
      this.#texts = [...this.#texts.slice(1 - TEXTS), event.text.slice(0, TEXT_LENGTH)];
    else if (event.kind === "lost") {
      if (event.count === undefined) this.#gaps++;
      else this.#lost[event.what] += event.count;
    }
  }

  /** As last measured, NaN while there are fewer than two frames of this connection. */
  get frameRateHz(): number {
    const known = Math.min(this.#timed, TIMES);
    const newest = this.#times[(this.#timed - 1 + TIMES) % TIMES];
    let count = 0;
    let oldest = newest;
    for (let k = 2; k <= known; k++) {
      const time = this.#times[(this.#timed - k + TIMES) % TIMES];
      if (newest - time > WINDOW_MS && count > 0) break;
      oldest = time;
      count++;
    }
    return count ? (1000 * count) / (newest - oldest) : Number.NaN;
  }

  statistics(nowMs: number, dropped: Dropped = { chunks: 0, bytes: 0 }): LiveStatistics {
    this.#nowMs = Math.max(this.#nowMs, nowMs);
    // The bucket of now is not full yet.
    const number = Math.floor(this.#nowMs / BUCKET_MS);
    let recent = 0;
    for (let k = 0; k < BUCKETS; k++)
      if (this.#bucketNumbers[k] < number && number - this.#bucketNumbers[k] < BUCKETS)
        recent += this.#buckets[k];
    const newest = this.#timed ? this.#times[(this.#timed - 1) % TIMES] : Number.NEGATIVE_INFINITY;
    return {
      frames: this.#frames,
      frameRateHz: this.#nowMs - newest <= WINDOW_MS ? this.frameRateHz : Number.NaN,
      bytes: this.#bytes,
      bytesPerSecond: (1000 * recent) / (WINDOW_MS - BUCKET_MS),
      lostFrames: this.#lost.frames,
      lostLines: this.#lost.lines,
      lostMessages: this.#lost.messages,
      gaps: this.#gaps,
      skippedBytes: this.#skipped,
      droppedChunks: this.#droppedBefore.chunks + dropped.chunks,
      droppedBytes: this.#droppedBefore.bytes + dropped.bytes,
      staleFrames: this.#stale,
      replacedFrames: this.#replaced,
      reconnections: Math.max(0, this.#connections - 1),
      status: this.#status,
      texts: this.#texts,
    };
  }
}
