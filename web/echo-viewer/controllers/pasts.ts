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
  /** What was averaged then: nothing else goes on from it. */
  readonly averaged: string;
}

const groupOf = (number: number): number => Math.floor(number / EVERY);

const placeOf = (averaged: string, number: number): string => `${groupOf(number)} ${averaged}`;

export class Pasts {
  /** By group of frames and what was averaged. */
  readonly #kept = new Map<string, KeptPast>();
  #bytes = 0;

  /** Whether the past of this frame would be kept. */
  lacks(number: number, from: number, averaged: string): boolean {
    const kept = this.#kept.get(placeOf(averaged, number));
    return !kept || from < kept.from;
  }

  /** Over `mostBytes` others go: those that can be made again for other settings, then those farthest from this one. */
  keep(kept: KeptPast, mostBytes: number): void {
    const place = placeOf(kept.averaged, kept.number);
    this.#drop(place);
    this.#kept.set(place, kept);
    this.#bytes += kept.past.levels.byteLength;
    const rank = ({ number, from, averaged }: KeptPast): number =>
      Math.abs(number - kept.number) +
      (averaged !== kept.averaged && Number.isFinite(from) ? Number.MAX_SAFE_INTEGER : 0);
    while (this.#bytes > mostBytes && this.#kept.size > 1) {
      const [worst] = [...this.#kept].reduce((a, b) => (rank(b[1]) > rank(a[1]) ? b : a));
      this.#drop(worst);
    }
  }

  /** @returns the last one among these frames, ascending, into which all from `from` on went; undefined: none did. */
  last(frames: readonly number[], averaged: string, from = frames[0]): KeptPast | undefined {
    for (let i = frames.length - 1; i >= 0; i--) {
      const kept = this.#kept.get(placeOf(averaged, frames[i]));
      if (kept?.number === frames[i] && kept.from <= from) return kept;
    }
    return undefined;
  }

  /** Frames before this one are not stored any more. */
  forgetBefore(first: number): void {
    for (const [place, { number }] of this.#kept) if (number < first) this.#drop(place);
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  #drop(place: string): void {
    this.#bytes -= this.#kept.get(place)?.past.levels.byteLength ?? 0;
    this.#kept.delete(place);
  }
}
