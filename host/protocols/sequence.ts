/** Counts what is missing in a sequence of numbers that wraps. */

export class SequenceCounter {
  readonly #bits: number;
  #expected: number | undefined;
  /** A number that was behind, which the next one may prove to be a new start. */
  #behind: number | undefined;

  /** Numbers wrap at 2^bits, 8 to 32. */
  constructor(bits: number) {
    this.#bits = bits;
  }

  /**
   * How many are missing before `number`, or `"late"` when it came before or too late. A device that starts again is
   * believed at its second number; the first one then is missing.
   */
  take(number: number): number | "late" {
    const shift = 32 - this.#bits;
    const after = (number + 1) % 2 ** this.#bits;
    if (this.#expected === undefined) {
      this.#expected = after;
      return 0;
    }
    const missing = ((number - this.#expected) << shift) >> shift;
    const again = missing < 0 && number === this.#behind;
    if (missing < 0 && !again) {
      this.#behind = after;
      return "late";
    }
    this.#behind = undefined;
    this.#expected = after;
    return again ? 1 : missing;
  }
}
