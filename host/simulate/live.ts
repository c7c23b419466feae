/** A live simulated probe. */
import { SondeError } from "../errors.ts";
import { sleep } from "../live/sleep.ts";
import type { ChannelData, Frame } from "../model.ts";
import type { FrameRange, Source } from "../source.ts";
import type { FrameMaker } from "./worker-maker.ts";

/** Weight of the newest measurement in the running mean of a frame's cost. */
const COST_WEIGHT = 0.25;

/** A frame on its way. */
interface Asked {
  readonly index: number;
  done: boolean;
  readonly frame: Promise<Frame>;
}

/** The value, or undefined as soon as the signal aborts. */
function unlessStopped<T>(value: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = () => resolve(undefined);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    value
      .then(resolve, (error) => (signal.aborted ? resolve(undefined) : reject(error)))
      .finally(() => signal.removeEventListener("abort", stop));
  });
}

/**
 * Frames at the probe's rate by the clock of this machine: frame k is due k periods after the first was asked for. One frame is
 * computed ahead, the first one from the connection on; a consumer that is late gets the newest frame due, and the index tells
 * what it missed.
 */
export class LiveSimulatedProbe implements Source {
  readonly info: ChannelData;
  readonly live = true;
  readonly #maker: FrameMaker;
  readonly #periodMs: number;
  /** When the first frame was asked for. */
  #startMs: number | undefined;
  readonly #closing = new AbortController();
  #costMs = 0;
  /** Frame 0, computed while its consumer makes a plan; given to the first one. */
  #first: Asked | undefined;

  constructor(info: ChannelData, frameRateHz: number, maker: FrameMaker) {
    this.info = info;
    this.#maker = maker;
    this.#periodMs = 1000 / frameRateHz;
    this.#first = this.ask(0);
  }

  async *frames(range: FrameRange = {}): AsyncIterableIterator<Frame> {
    const stop = new AbortController();
    const abort = () => stop.abort();
    for (const signal of [range.signal, this.#closing.signal]) {
      if (signal?.aborted) abort();
      signal?.addEventListener("abort", abort, { once: true });
    }
    try {
      this.#startMs ??= performance.now();
      const startMs = this.#startMs;
      let ahead = this.#first;
      this.#first = undefined;
      let last = -1;
      while (!stop.signal.aborted) {
        const due = this.#dueIndex(0);
        if (!ahead || (ahead.done && ahead.index < due)) ahead = this.ask(Math.max(last + 1, due));
        const frame = await unlessStopped(ahead.frame, stop.signal);
        await sleep(startMs + ahead.index * this.#periodMs - performance.now(), stop.signal);
        if (!frame || stop.signal.aborted) return;
        last = ahead.index;
        ahead = this.ask(Math.max(last + 1, this.#dueIndex(this.#costMs)));
        yield frame;
      }
    } finally {
      stop.abort();
      for (const signal of [range.signal, this.#closing.signal]) signal?.removeEventListener("abort", abort);
    }
  }

  frame(index: number): Promise<Frame> {
    return Promise.reject(
      new SondeError(
        "bad-option",
        `Frame ${index} cannot be asked of a live source: iterate over frames(), or use simulatedRecording`,
        {
          fields: { index },
        },
      ),
    );
  }

  close(): void {
    this.#closing.abort();
    this.#maker.close();
  }

  /** Index of the newest frame that is due in `ms` from now. */
  #dueIndex(ms: number): number {
    const now = performance.now();
    return Math.max(0, Math.floor((now + ms - (this.#startMs ?? now)) / this.#periodMs));
  }

  /** Starts a frame. An error is kept for whoever awaits it. */
  private ask(index: number): Asked {
    const startedMs = performance.now();
    const asked: Asked = { index, done: false, frame: this.#maker.make(index) };
    const settled = () => {
      asked.done = true;
      this.#costMs += COST_WEIGHT * (performance.now() - startedMs - this.#costMs);
    };
    asked.frame.then(settled, settled);
    return asked;
  }
}
