/**
 * How fine the live picture is, so that a slow device shows it in time: fewer rows, never older frames. Steps and smoothing as in
 * google/model-viewer's renderer (its README on "render-scale"), measured against the period of the source instead of the screen.
 */

/** Parts of the full number of rows. */
export const SCALES = [1, 0.79, 0.62, 0.5, 0.4] as const;

/** Weight of the newest measurement. */
const WEIGHT = 0.2;
/** In periods of the source: a picture later than the first is too late; one earlier than the second leaves room for more rows. */
const LATE = 1.2;
const EARLY = 0.45;
/** Period that is assumed of sources that do not say theirs (ms). */
export const DEFAULT_PERIOD_MS = 50;
/** Least time between two steps, and between a step down and the next one up, which doubles when the step up was wrong (ms). */
const SETTLE_MS = 1500;
const PATIENCE_MS = 5000;
const MOST_PATIENCE_MS = 80_000;

/** Decides the scale from how late pictures are. */
export class QualityGovernor {
  #step = 0;
  #averageMs = Number.NaN;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #raisedAtMs = Number.NEGATIVE_INFINITY;
  #patienceMs = PATIENCE_MS;

  get scale(): number {
    return SCALES[this.#step];
  }

  /** Forgets what was measured: another source, or the same one after a pause. The scale stays. */
  rest(): void {
    this.#averageMs = Number.NaN;
    this.#changedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** A picture came `latencyMs` after its frame, from a source with this period. @returns the scale from now on */
  measure(latencyMs: number, periodMs: number, nowMs: number): number {
    if (this.#changedAtMs === Number.NEGATIVE_INFINITY) this.#changedAtMs = nowMs;
    // Read and written once: with each live frame, every other time would be a number of its own on the heap.
    const before = this.#averageMs;
    const averageMs = Number.isNaN(before) ? latencyMs : before + WEIGHT * (latencyMs - before);
    this.#averageMs = averageMs;
    const sinceMs = nowMs - this.#changedAtMs;
    if (sinceMs < SETTLE_MS) return this.scale;
    if (this.#step < SCALES.length - 1 && averageMs > LATE * periodMs) {
      if (nowMs - this.#raisedAtMs < 2 * this.#patienceMs)
        this.#patienceMs = Math.min(MOST_PATIENCE_MS, 2 * this.#patienceMs);
      this.#change(1, nowMs);
    } else if (this.#step > 0 && averageMs < EARLY * periodMs && sinceMs >= this.#patienceMs) {
      this.#raisedAtMs = nowMs;
      this.#change(-1, nowMs);
    }
    return this.scale;
  }

  #change(by: 1 | -1, nowMs: number): void {
    this.#step += by;
    this.#changedAtMs = nowMs;
    this.#averageMs = Number.NaN;
  }
}
