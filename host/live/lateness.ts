/** How late messages are that carry the time of another clock. */

/** How often the least offset of the two clocks is taken anew (ms). */
const WINDOW_MS = 5000;
/** What it may have risen meanwhile and be the clocks' own: 2 %, of a device that counts periods a little too long. */
const MOST_DRIFT = 0.02;
/** How fast a drift is learned. */
const GAIN = 0.1;

/**
 * By how much later a message came than the fastest ones: one that waited on its way, or for a page that stood still, is told from a
 * fresh one by it. A first message may be late itself, and clocks drift: the offset of the two clocks may rise, but only as slowly as
 * they drift, so that a delay that begins and stays is a delay for good.
 */
export class Lateness {
  /** What the least offset is taken for, when, and how fast it rises (ms per ms). */
  #floorMs = Number.NaN;
  #atMs = 0;
  #drift = 0;
  /** The least that messages of this window came after it: less than nothing if it was too high. */
  #leastMs = Number.POSITIVE_INFINITY;
  #sinceMs = 0;

  /** How late (ms) a message is that was sent at one clock's time and came at the other's. */
  of(sentMs: number, cameMs: number): number {
    const offsetMs = cameMs - sentMs;
    if (Number.isNaN(this.#floorMs)) {
      this.#floorMs = offsetMs;
      this.#sinceMs = cameMs;
    } else this.#floorMs += this.#drift * (cameMs - this.#atMs);
    this.#atMs = cameMs;
    if (cameMs - this.#sinceMs >= WINDOW_MS) this.#correct(cameMs);
    const overMs = offsetMs - this.#floorMs;
    this.#leastMs = Math.min(this.#leastMs, overMs);
    return overMs - Math.min(this.#leastMs, 0);
  }

  #correct(nowMs: number): void {
    const drift = this.#leastMs / WINDOW_MS;
    if (drift < MOST_DRIFT) {
      this.#floorMs += this.#leastMs;
      // Further below was no drift: what came before was late.
      if (drift > -MOST_DRIFT)
        this.#drift = Math.max(-MOST_DRIFT, Math.min(this.#drift + GAIN * drift, MOST_DRIFT));
    }
    this.#leastMs = Number.POSITIVE_INFINITY;
    this.#sinceMs = nowMs;
  }
}
