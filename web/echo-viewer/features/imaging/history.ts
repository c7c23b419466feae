/** Undo and redo of what was chosen about the picture. Changes of one control within a moment are one step. */
import { SETTINGS, type Settings, type ViewerState } from "../../store.ts";

/** What a step holds. The page's pipeline is the page's. */
export type Snapshot = Omit<Settings, "pipeline"> & Pick<ViewerState, "preset">;

/** A slider that is dragged changes more often than this (ms). */
const ONE_STEP_MS = 700;
const MOST_STEPS = 100;

const KEYS = [...SETTINGS.filter((key) => key !== "pipeline"), "preset"] as const;

export function snapshotOf(state: ViewerState): Snapshot {
  const { adjusted, gainDb, dynamicRangeDb, depthM, depthBounds, preset } = state;
  return { adjusted, gainDb, dynamicRangeDb, depthM, depthBounds, preset };
}

/** Chosen anew as it was, it is the same. */
function same(a: unknown, b: unknown): boolean {
  return Object.is(a, b) || (a instanceof Object && JSON.stringify(a) === JSON.stringify(b));
}

export class History {
  #now: Snapshot;
  #past: Snapshot[] = [];
  #future: Snapshot[] = [];
  #kind = "";
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(state: ViewerState) {
    this.#now = snapshotOf(state);
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }

  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /**
   * Follows the state.
   * @param refused the plan refused what was chosen, and the state is what was in force before: what led away from it is no step
   * @returns whether something was noted
   */
  note(state: ViewerState, nowMs: number, refused = false): boolean {
    const next = snapshotOf(state);
    const differing = (other: Snapshot): (typeof KEYS)[number][] =>
      KEYS.filter((key) => !same(next[key], other[key]));
    const changed = differing(this.#now);
    if (!changed.length) {
      this.#now = next;
      return false;
    }
    if (refused) {
      for (const steps of [this.#past, this.#future]) {
        const last = steps.findLastIndex((step) => differing(step).length === 0);
        if (last >= 0) steps.length = last;
      }
      this.#now = next;
      this.#kind = "";
      return true;
    }
    const kind = changed.join(" ") + this.#parts(next);
    if (kind !== this.#kind || nowMs - this.#atMs > ONE_STEP_MS) this.#past.push(this.#now);
    if (this.#past.length > MOST_STEPS) this.#past.shift();
    this.#kind = kind;
    this.#atMs = nowMs;
    this.#now = next;
    this.#future = [];
    return true;
  }

  /** Which parts of what is adjusted differ: two sliders are two steps. */
  #parts({ adjusted }: Snapshot): string {
    const before = { ...this.#now.adjusted.display, ...this.#now.adjusted.beamform } as Record<
      string,
      unknown
    >;
    const after = { ...adjusted.display, ...adjusted.beamform } as Record<string, unknown>;
    return Object.keys({ ...before, ...after })
      .filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
      .sort()
      .join(" ");
  }

  /** The state to go back to, or undefined. */
  undo(): Snapshot | undefined {
    return this.#move(this.#past, this.#future);
  }

  redo(): Snapshot | undefined {
    return this.#move(this.#future, this.#past);
  }

  #move(from: Snapshot[], to: Snapshot[]): Snapshot | undefined {
    const next = from.pop();
    if (!next) return undefined;
    to.push(this.#now);
    this.#now = next;
    this.#kind = "";
    return next;
  }
}
