/** The newest frame for each consumer of a live source: a slow one misses frames, and none is given an old one. */
import type { SondeError } from "../errors.ts";
import type { Frame } from "../model.ts";
import type { LiveMeter } from "./meter.ts";

interface Consumer {
  frame: Frame | undefined;
  arrivedAtMs: number;
  over: "ended" | SondeError | undefined;
  wake: (() => void) | undefined;
}

/** See the head of this file. */
export class NewestFrames {
  readonly #consumers = new Set<Consumer>();
  readonly #mostAgeMs: number;
  readonly #meter: LiveMeter;

  /**
   * @param mostAgeMs how long a frame may wait for its consumer
   * @param meter counts what was missed
   */
  constructor(mostAgeMs: number, meter: LiveMeter) {
    this.#mostAgeMs = mostAgeMs;
    this.#meter = meter;
  }

  /** One consumer: the frames given from now on, until `end` or `signal`. @throws what `end` was given */
  async *iterate(signal?: AbortSignal): AsyncIterableIterator<Frame> {
    const consumer: Consumer = { frame: undefined, arrivedAtMs: 0, over: undefined, wake: undefined };
    const stop = () => {
      consumer.over = "ended";
      consumer.frame = undefined;
      rouse(consumer);
    };
    signal?.addEventListener("abort", stop, { once: true });
    this.#consumers.add(consumer);
    try {
      for (;;) {
        const { frame, over } = consumer;
        consumer.frame = undefined;
        if (frame && performance.now() - consumer.arrivedAtMs <= this.#mostAgeMs) yield frame;
        else if (frame) this.#meter.stale();
        else if (over === "ended") return;
        else if (over) throw over;
        else
          await new Promise<void>((resolve) => {
            consumer.wake = resolve;
          });
      }
    } finally {
      this.#consumers.delete(consumer);
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Gives a frame that came at `nowMs` (`performance.now()`) to all. */
  give(frame: Frame, nowMs: number): void {
    for (const consumer of this.#consumers) {
      if (consumer.over) continue;
      if (consumer.frame) this.#meter.replaced();
      consumer.frame = frame;
      consumer.arrivedAtMs = nowMs;
      rouse(consumer);
    }
  }

  /** Ends every iteration: what waits is still given on, then it ends in order or throws. */
  end(how: "ended" | SondeError): void {
    for (const consumer of this.#consumers) {
      consumer.over ??= how;
      rouse(consumer);
    }
  }

  /** Ends every iteration; what waits is not given on. */
  drop(): void {
    for (const consumer of this.#consumers) consumer.frame = undefined;
    this.end("ended");
  }
}

function rouse(consumer: Consumer): void {
  const { wake } = consumer;
  consumer.wake = undefined;
  wake?.();
}
