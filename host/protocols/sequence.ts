/** Counts what is missing in a sequence of numbers that wraps. */

/** A larger jump is believed when the next number agrees: it is damage, or a long silence. */
const MOST_MISSING = 1024;

export class SequenceCounter {
  readonly #bits: 16 | 32;
  #expected: number | undefined;
  /** What follows a number that was not believed, and how many were missing before that. */
  #doubt: { next: number; missing: number } | undefined;

  /** Numbers wrap at 2^bits. */
  constructor(bits: 16 | 32) {
    this.#bits = bits;
  }

  /**
   * How many are missing before `number`, or `"doubtful"` when it came before, too late or after too large a jump. A
   * device that starts again is believed at its second number; the doubtful one is missing then.
   */
  take(number: number): number | "doubtful" {
    const shift = 32 - this.#bits;
    const next = (number + 1) % (this.#bits === 16 ? 65536 : 4294967296);
    const missing = this.#expected === undefined ? 0 : ((number - this.#expected) << shift) >> shift;
    const doubt = this.#doubt;
    if (missing >= 0 && missing <= MOST_MISSING) {
      this.#expected = next;
      this.#doubt = undefined;
      return missing;
    }
    if (doubt?.next === number) {
      this.#expected = next;
      this.#doubt = undefined;
      return doubt.missing + 1;
    }
    this.#doubt = { next, missing: Math.max(0, missing) };
    return "doubtful";
  }
}
