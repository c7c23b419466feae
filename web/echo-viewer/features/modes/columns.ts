/** The columns of an M-mode strip: what lay on the line at each frame, by the frame's number and time. */

/** Nothing was recorded before the first column and after the last one: no column, and no gap. */
export const NOTHING = -2;
/** Frames are missing here. */
export const GAP = -1;

/** Columns kept at most. */
const MOST = 8192;

/** Neighbours further apart than so many periods have a gap between them. */
const GAP_PERIODS = 1.5;

export class Columns {
  readonly #numbers: number[] = [];
  readonly #times: number[] = [];
  readonly #levels: (Uint8Array | null)[] = [];

  get count(): number {
    return this.#numbers.length;
  }

  /** Frame numbers and times (s), both ascending. */
  numberOf(index: number): number {
    return this.#numbers[index];
  }
  timeOf(index: number): number {
    return this.#times[index];
  }
  /** Null: there is a frame, and what lies on the line in it is not known yet. */
  levelsOf(index: number): Uint8Array | null {
    return this.#levels[index];
  }

  has(number: number): boolean {
    const at = this.#place(this.#numbers, number);
    return this.#numbers[at] === number && this.#levels[at] !== null;
  }

  /** From the column before this one to the one behind it: what changes when it comes (s). */
  neighbourhood(number: number): readonly [fromS: number, toS: number] {
    const at = this.#place(this.#numbers, number);
    return [this.#times[Math.max(0, at - 1)], this.#times[Math.min(this.count - 1, at + 1)]];
  }

  /** Adds a column, or takes the place of the one with this number. */
  add(number: number, timeS: number, levels: Uint8Array | null): void {
    const at = this.#place(this.#numbers, number);
    const replaced = this.#numbers[at] === number ? 1 : 0;
    this.#numbers.splice(at, replaced, number);
    this.#times.splice(at, replaced, timeS);
    this.#levels.splice(at, replaced, levels);
    if (this.count > MOST) this.#drop(this.count - MOST);
  }

  /** Forgets columns of frames before this one. */
  dropBefore(number: number): void {
    this.#drop(this.#place(this.#numbers, number));
  }

  copy(): Columns {
    const copy = new Columns();
    for (let i = 0; i < this.count; i++) copy.add(this.#numbers[i], this.#times[i], this.#levels[i]);
    return copy;
  }

  clear(): void {
    this.#drop(this.count);
  }

  /**
   * The column that stands for a moment, `GAP` or `NOTHING`. A column reaches half way to its neighbours, but no further than half a
   * period where they are missing: time that nobody looked at is not filled. `halfPixelS`: a column is seen if it lies in the pixel.
   */
  at(timeS: number, periodS: number, halfPixelS: number): number {
    const { count } = this;
    if (!count) return NOTHING;
    const after = this.#place(this.#times, timeS);
    const nearest =
      after === count || (after > 0 && timeS - this.#times[after - 1] <= this.#times[after] - timeS)
        ? after - 1
        : after;
    const distance = Math.abs(timeS - this.#times[nearest]);
    if (distance <= Math.max(periodS / 2, halfPixelS) + 1e-9) return nearest;
    if (after === 0 || after === count) return NOTHING;
    return this.#times[after] - this.#times[after - 1] <= GAP_PERIODS * periodS ? nearest : GAP;
  }

  /** Median distance of the last columns (s), for sources that do not state their rate; 0 when there is none. */
  typicalPeriodS(): number {
    const steps: number[] = [];
    for (let i = Math.max(1, this.count - 16); i < this.count; i++)
      steps.push(this.#times[i] - this.#times[i - 1]);
    return steps.sort((a, b) => a - b)[steps.length >> 1] ?? 0;
  }

  #drop(count: number): void {
    this.#numbers.splice(0, count);
    this.#times.splice(0, count);
    this.#levels.splice(0, count);
  }

  /** Index of the first value that is not smaller. */
  #place(values: readonly number[], value: number): number {
    let [low, high] = [0, values.length];
    while (low < high) {
      const half = (low + high) >> 1;
      if (values[half] < value) low = half + 1;
      else high = half;
    }
    return low;
  }
}
