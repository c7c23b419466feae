/**
 * Guards the word "live": it is true while the picture on the screen is young. A picture older than the limit is
 * "late" when frames still arrive (this device is too slow) and "stale" when none does. What a source does not say of its
 * rate is measured.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { LiveSource } from "../../../host/index.ts";
import type { Signal, Store } from "../store.ts";

/** Oldest live picture (ms): three frame periods, but at least the first figure and at most the second. */
const LEAST_LIMIT_MS = 500;
const MOST_LIMIT_MS = 1000;

/** Age at which a live picture of a source is old (ms). */
export function staleLimitMs(frameRateHz: number | undefined): number {
  const periods = frameRateHz && frameRateHz > 0 ? 3000 / frameRateHz : 0;
  return Math.min(MOST_LIMIT_MS, Math.max(LEAST_LIMIT_MS, periods));
}

export class FreshnessController implements ReactiveController {
  readonly #store: Store;
  #running = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the newest frame came, and when the one on the screen had come. */
  #arrivedAtMs = Number.NEGATIVE_INFINITY;
  #shownAtMs = Number.NEGATIVE_INFINITY;

  constructor(host: ReactiveControllerHost, store: Store) {
    this.#store = store;
    host.addController(this);
    store.subscribe((state, { link }) => state.link !== link && this.#judge());
  }

  hostDisconnected(): void {
    this.stopped();
  }

  /** A live stream begins; no picture of it is on the screen yet. A device that is lost is not waited for to be silent. */
  started(): void {
    const state = this.#store.state.link?.state;
    const away = state === "reconnecting" || state === "lost";
    this.#running = true;
    this.#arrivedAtMs = away ? Number.NEGATIVE_INFINITY : performance.now();
    this.#shownAtMs = Number.NEGATIVE_INFINITY;
    this.#store.update({ signal: away ? "stale" : "waiting" });
    this.#judge();
  }

  /** The stream is not wanted for now: nothing is live until a new picture is shown. */
  stopped(): void {
    this.#running = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const { signal } = this.#store.state;
    if (signal !== "ended" && signal !== "lost") this.#store.update({ signal: "waiting" });
  }

  arrived(nowMs: number): void {
    this.#arrivedAtMs = nowMs;
  }

  /** A frame that had arrived at this time is on the screen. */
  shown(arrivedAtMs: number): void {
    this.#shownAtMs = arrivedAtMs;
    this.#judge();
  }

  #judge(): void {
    if (!this.#running) return;
    const { session, signal: before, link } = this.#store.state;
    const source: Partial<LiveSource> | undefined = session?.source;
    const rateHz = session?.info.frameRateHz ?? source?.statistics?.frameRateHz;
    // A device that is silent does not make slow frames.
    const limit = staleLimitMs(link?.state === "silent" ? undefined : rateHz);
    const now = performance.now();
    const age = now - this.#shownAtMs;
    const signal = age < limit ? "fresh" : this.#old(now, limit);
    if (signal !== before && before !== "ended" && before !== "lost") this.#store.update({ signal });
    // One timer at a time: it looks again when the present judgement could end.
    if (this.#timer !== undefined || signal === "stale") return;
    this.#timer = setTimeout(this.#look, limit - (signal === "fresh" ? age : now - this.#arrivedAtMs));
  }

  /** What a picture is whose time is over, or that is not there yet. */
  #old(now: number, limit: number): Signal {
    if (now - this.#arrivedAtMs >= limit) return "stale";
    return this.#shownAtMs === Number.NEGATIVE_INFINITY ? "waiting" : "late";
  }

  readonly #look = (): void => {
    this.#timer = undefined;
    this.#judge();
  };
}
