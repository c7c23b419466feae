/**
 * Acoustic output indices (MI, TI): shown only where the device states them, in steps of 0.1, and only while they are fresh. They
 * are never computed. A live picture that stops, stalls or is frozen has none: the output may have changed since.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { OutputIndices } from "../../../host/index.ts";
import { OUTPUT_INDICES, phaseOf, type Store, type ViewerState } from "../store.ts";

/** Age at which an index is not shown any more (ms). */
const FRESH_MS = 1000;

type Shown = NonNullable<ViewerState["output"]>;

const NONE: Shown = { mi: null, tis: null, tib: null, tic: null };

/** The stated values as they are shown; what is no number at or above zero was not stated. */
export function shownIndices(stated: OutputIndices): Shown {
  const shown = { ...NONE };
  for (const name of OUTPUT_INDICES) {
    const value = stated[name];
    if (value !== undefined && Number.isFinite(value) && value >= 0)
      shown[name] = Math.round(value * 10) / 10;
  }
  return shown;
}

export class OutputController implements ReactiveController {
  readonly #store: Store;
  /** What the device stated last, and when that is too old. */
  #statedS = Number.NaN;
  #oldAtMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ReactiveControllerHost, store: Store) {
    this.#store = store;
    host.addController(this);
    store.subscribe((state, previous) => {
      if (state.session !== previous.session) this.#statedS = Number.NaN;
      const phase = phaseOf(state);
      if (phase !== "live" && phase !== "loading") this.#blank();
    });
  }

  hostDisconnected(): void {
    this.#blank();
  }

  /** A live frame has come. `frameS`: its own time, on the clock of the indices. */
  arrived(stated: OutputIndices | undefined, frameS: number | undefined, arrivedAtMs: number): void {
    if (!stated) return;
    // The same statement again is no younger for that.
    if (stated.timeS !== this.#statedS) {
      this.#statedS = stated.timeS;
      this.#oldAtMs = arrivedAtMs + FRESH_MS - Math.max(0, (frameS ?? stated.timeS) - stated.timeS) * 1000;
    }
    const restMs = this.#oldAtMs - performance.now();
    if (!(restMs > 0)) {
      this.#show(NONE);
      return;
    }
    this.#show(shownIndices(stated));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(NONE), restMs);
  }

  #blank(): void {
    clearTimeout(this.#timer);
    if (this.#store.state.output) this.#show(NONE);
  }

  #show(output: Shown): void {
    const before = this.#store.state.output;
    if (before && OUTPUT_INDICES.every((name) => before[name] === output[name])) return;
    this.#store.update({ output });
  }
}
