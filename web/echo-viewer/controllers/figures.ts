/** Writes the figures that change while a live picture runs: nothing is rendered for them. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { phaseOf, runs, type Store, type ViewerState } from "../store.ts";

const FIGURES: ReadonlySet<string> = new Set([
  "frameRateHz",
  "firstFrame",
  "frameCount",
  "storedS",
  "capacityS",
]);

/** What differs is more than figures of a live picture that runs, or a drawer that may show them is open. */
export function needsRender(state: ViewerState, previous: ViewerState): boolean {
  if (state.drawer !== null || !runs(state) || !runs(previous)) return true;
  let key: keyof ViewerState;
  for (key in state) if (!Object.is(state[key], previous[key]) && !FIGURES.has(key)) return true;
  return false;
}

/** The frame rate where frames follow each other, and nothing where the figure would be old. */
function rateOf(state: ViewerState): string {
  const phase = phaseOf(state);
  const moving = phase === "live" || phase === "delayed" || (phase === "file" && state.playing);
  return moving && Number.isFinite(state.frameRateHz)
    ? state.language.messages.frameRate(state.frameRateHz)
    : "";
}

/** How much of a live source is stored. */
function storedOf({ frameCount, storedS, language }: ViewerState): string {
  if (frameCount === 0) return "";
  const { stored, storedFrames } = language.messages;
  return Number.isFinite(storedS) ? stored(storedS) : storedFrames(frameCount);
}

/** Their places in the template, which leaves these empty. */
const PLACES = { ".rate": rateOf, ".stored": storedOf };

export class FiguresController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;

  constructor(host: ReactiveControllerHost & HTMLElement, store: Store) {
    this.#host = host;
    this.#store = store;
    host.addController(this);
    store.subscribe((state, previous) => {
      if (state.frameRateHz !== previous.frameRateHz || state.storedS !== previous.storedS)
        this.hostUpdated();
    });
  }

  hostUpdated(): void {
    const { state } = this.#store;
    for (const [place, textOf] of Object.entries(PLACES)) {
      const element = this.#host.shadowRoot?.querySelector(place);
      const text = textOf(state);
      if (element && element.textContent !== text) element.textContent = text;
    }
  }
}
