/**
 * What the plan went on from at some stored frames that were shown with persistence. From there a step goes through `EVERY` frames at
 * most, in place of all that have a share in the picture.
 */
import type { Past } from "../../../host/index.ts";

/** One frame of so many keeps its past. */
export const EVERY = 16;

/** The past of a stored frame, and the first frame that went into it: what was before that is missing. */
export interface KeptPast {
  readonly number: number;
  readonly from: number;
  readonly past: Past;
}

const groupOf = (number: number): number => Math.floor(number / EVERY);

export class Pasts {
  /** By group of frames. */
  readonly #kept = new Map<number, KeptPast>();
  /** What the plan was; with another pipeline frames have another past. */
  #plan: object | undefined;
  #bytes = 0;

  /** Whether the past of this frame would be kept. */
  lacks(number: number, from: number, plan: object): boolean {
    const kept = this.#kept.get(groupOf(number));
    return plan !== this.#plan || !kept || from < kept.from;
  }

  /** Over `mostBytes` those farthest from this one go. */
  keep(kept: KeptPast, plan: object, mostBytes: number): void {
    if (plan !== this.#plan) this.clear();
    this.#plan = plan;
    const group = groupOf(kept.number);
    this.#drop(group);
    this.#kept.set(group, kept);
    this.#bytes += kept.past.levels.byteLength;
    while (this.#bytes > mostBytes && this.#kept.size > 1) {
      const away = (other: number): number => Math.abs(other - group);
      this.#drop([...this.#kept.keys()].reduce((far, other) => (away(other) > away(far) ? other : far)));
    }
  }

  /** @returns the last one among these frames, ascending, into which all from the first of them went; undefined: none did. */
  last(frames: readonly number[], plan: object): KeptPast | undefined {
    if (plan !== this.#plan) return undefined;
    for (let i = frames.length - 1; i >= 0; i--) {
      const kept = this.#kept.get(groupOf(frames[i]));
      if (kept?.number === frames[i] && kept.from <= frames[0]) return kept;
    }
    return undefined;
  }

  /** Frames before this one are not stored any more. */
  forgetBefore(first: number): void {
    for (const [group, { number }] of this.#kept) if (number < first) this.#drop(group);
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  #drop(group: number): void {
    this.#bytes -= this.#kept.get(group)?.past.levels.byteLength ?? 0;
    this.#kept.delete(group);
  }
}
