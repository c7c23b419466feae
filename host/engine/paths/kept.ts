/**
 * What geometry makes, kept by acquisition: a plan is laid out to be measured and then to be built, and a pipeline that changes only its
 * gain asks for the same again, for the whole picture and for its parts.
 */
import type { ChannelData } from "../../model.ts";

/** Results by acquisition and key, of a weight that is bounded for each acquisition; they go when it goes. */
export class Kept<Made> {
  readonly #byAcquisition = new WeakMap<ChannelData, { weight: number; made: Map<string, Made> }>();
  readonly #most: number;
  readonly #weigh: (made: Made) => number;

  /** `most`: weight of all results of an acquisition, unless a single one weighs more. */
  constructor(most: number, weigh: (made: Made) => number) {
    this.#most = most;
    this.#weigh = weigh;
  }

  /** What was made with this key, or else is made now. What it holds lives as long as the acquisition: no memory of a plan. */
  of(info: ChannelData, key: unknown, make: () => Made): Made {
    const text = JSON.stringify(key);
    const kept = this.#byAcquisition.get(info);
    const known = kept?.made.get(text);
    if (known !== undefined) return known;
    const made = make();
    const weight = this.#weigh(made);
    if (kept && kept.weight + weight <= this.#most) {
      kept.made.set(text, made);
      kept.weight += weight;
    } else this.#byAcquisition.set(info, { weight, made: new Map([[text, made]]) });
    return made;
  }
}
