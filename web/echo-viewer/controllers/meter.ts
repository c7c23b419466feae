/** Measures the frame rate a person sees: distinct frames painted in the last second. */
import type { Store } from "../store.ts";

const WINDOW_MS = 1000;
/** How often the figure changes (ms): a number that flickers cannot be read. */
const PUBLISH_MS = 500;

export class FrameMeter {
  readonly #store: Store;
  readonly #paintedAtMs: number[] = [];
  #publishedAtMs = 0;

  constructor(store: Store) {
    this.#store = store;
    store.subscribe((state, previous) => {
      if (
        state.session !== previous.session ||
        state.frozen !== previous.frozen ||
        state.visible !== previous.visible ||
        state.playing !== previous.playing
      )
        this.reset();
    });
  }

  reset(): void {
    this.#paintedAtMs.length = 0;
    this.#store.update({ frameRateHz: Number.NaN });
  }

  /** A frame that was not on the screen before is now. @returns the figure where it is time for a new one */
  painted(nowMs: number): number | undefined {
    const times = this.#paintedAtMs;
    times.push(nowMs);
    if (nowMs - this.#publishedAtMs < PUBLISH_MS) return undefined;
    while (times[0] < nowMs - WINDOW_MS) times.shift();
    const spanMs = nowMs - times[0];
    if (spanMs < PUBLISH_MS / 2) return undefined;
    this.#publishedAtMs = nowMs;
    return ((times.length - 1) * 1000) / spanMs;
  }
}
