/**
 * Frames in as they come, pictures out in order, never more than a few in between:
 *
 *   push ->  | waiting | waiting |  ->  | on its way | being made |  ->  onImage
 *              the oldest is dropped      of an engine in a worker:
 *              for a newer one            one is sent while one is summed
 *
 * So transfer, beamforming and display overlap, and a device that is too slow shows fewer frames, never older and older ones.
 */
import { isSondeError, SondeError } from "../errors.ts";
import type { Frame, Image } from "../model.ts";
import { show } from "./show.ts";
import type { Plan } from "./types.ts";

/** How frames are fed, and who takes the pictures. */
export interface FeedOptions {
  /** Frames that may wait, 1 or 2: more smooth out a source that comes in bursts, and make pictures older. Default 1. */
  waiting?: 1 | 2;
  /**
   * Takes a picture; they come in the order of their frames. `latencyMs`: since its frame was pushed. The image is the receiver's until
   * it is given the next one; then its memory is used again.
   */
  onImage(image: Image, frame: Frame, latencyMs: number): void;
  /** Is told that a frame became no picture; the feed goes on with the next. */
  onError(error: SondeError, frame: Frame): void;
}

/** How a feed does. Latencies and the rate are of the last 256 pictures, NaN before there are any. */
export interface FeedStatistics {
  /** Frames that were pushed; each is shown, dropped, failed, or still on its way. */
  pushed: number;
  shown: number;
  /** Whole frames that a newer one replaced while they waited. */
  dropped: number;
  failed: number;
  /** From push to picture (ms). */
  latencyMs: { median: number; p99: number };
  /** Pictures a second. */
  imageRateHz: number;
}

/** Feeds the frames of a live source to a plan. */
export interface ImageFeed {
  /** Takes a frame and returns at once. Its samples must stay as they are until its picture came. @throws SondeError `aborted` when closed */
  push(frame: Frame): void;
  readonly statistics: FeedStatistics;
  /** Resolves when nothing waits and nothing is on its way. */
  idle(): Promise<void>;
  /** Nothing is called back any more. The plan stays open. */
  close(): void;
}

/** Pictures that the statistics look back on. */
const LOOK_BACK = 256;

interface Pushed {
  frame: Frame;
  atMs: number;
}

/** The value below which a part of sorted numbers lies. */
function quantile(sorted: Float64Array, part: number): number {
  return sorted.length ? sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] : Number.NaN;
}

class PlanFeed implements ImageFeed {
  readonly #plan: Plan;
  readonly #options: Required<FeedOptions>;
  readonly #waiting: Pushed[] = [];
  readonly #ahead: number;
  #onTheWay = 0;
  #closed = false;
  #counts = { pushed: 0, shown: 0, dropped: 0, failed: 0 };
  /** Latency and time of the last pictures, oldest overwritten. */
  readonly #latencies = new Float64Array(LOOK_BACK);
  readonly #times = new Float64Array(LOOK_BACK);
  #shown: Image | undefined;
  readonly #spares: Image[] = [];
  #idle: (() => void)[] = [];

  constructor(plan: Plan, options: FeedOptions) {
    this.#plan = plan;
    this.#options = { waiting: 1, ...options };
    this.#ahead = plan.where === "worker" ? 2 : 1;
  }

  push(frame: Frame): void {
    if (this.#closed) throw new SondeError("aborted", "The feed was closed: make a new one");
    this.#counts.pushed++;
    this.#waiting.push({ frame, atMs: performance.now() });
    this.#send();
    if (this.#waiting.length > this.#options.waiting) {
      this.#waiting.shift();
      this.#counts.dropped++;
    }
  }

  #send(): void {
    while (this.#onTheWay < this.#ahead && this.#waiting.length > 0) {
      const next = this.#waiting.shift() as Pushed;
      this.#onTheWay++;
      void this.#make(next);
    }
  }

  async #make({ frame, atMs }: Pushed): Promise<void> {
    try {
      const image = await this.#plan.run(frame, this.#spares.pop());
      if (this.#closed) return;
      // The picture before this one may be on the screen until this one is taken.
      if (this.#shown) this.#spares.push(this.#shown);
      this.#shown = image;
      const now = performance.now();
      const place = this.#counts.shown++ % LOOK_BACK;
      this.#latencies[place] = now - atMs;
      this.#times[place] = now;
      this.#call(() => this.#options.onImage(image, frame, now - atMs));
    } catch (error) {
      if (this.#closed) return;
      this.#counts.failed++;
      const known = isSondeError(error)
        ? error
        : new SondeError("internal", `Sonde failed unexpectedly: ${show(String(error))}`, { cause: error });
      this.#call(() => this.#options.onError(known, frame));
    } finally {
      this.#onTheWay--;
      this.#send();
      if (this.#onTheWay === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** What a callback throws is its owner's: an uncaught error, and no failure of a frame. */
  #call(back: () => void): void {
    try {
      back();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  get statistics(): FeedStatistics {
    const { shown } = this.#counts;
    const known = Math.min(shown, LOOK_BACK);
    const sorted = this.#latencies.slice(0, known).sort();
    const newest = this.#times[(shown + LOOK_BACK - 1) % LOOK_BACK];
    const oldest = this.#times[shown > LOOK_BACK ? shown % LOOK_BACK : 0];
    return {
      ...this.#counts,
      latencyMs: { median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99) },
      imageRateHz: known > 1 ? (1e3 * (known - 1)) / (newest - oldest) : Number.NaN,
    };
  }

  idle(): Promise<void> {
    if (this.#onTheWay === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
    this.#spares.length = 0;
    this.#shown = undefined;
  }
}

/**
 * Feeds the frames of a live source to a plan.
 * @throws SondeError `bad-option` for another number of waiting frames
 * @example
 * const feed = createFeed(plan, { onImage: draw, onError: tell });
 * for await (const frame of probe.frames()) feed.push(frame);
 */
export function createFeed(plan: Plan, options: FeedOptions): ImageFeed {
  const { waiting = 1 } = options;
  if (waiting !== 1 && waiting !== 2)
    throw new SondeError("bad-option", `waiting is ${show(waiting)}: it must be 1 or 2`, {
      fields: { option: "waiting", value: show(waiting) },
    });
  return new PlanFeed(plan, options);
}
