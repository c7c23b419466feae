/** Writes the figures that change while a live picture runs: nothing is rendered for them. */
import type { ReactiveControllerHost } from "lit";
import { phaseOf, type Store, type ViewerState } from "../store.ts";

/** The frame rate where frames follow each other, and nothing where the figure would be old. */
function rateOf(state: ViewerState): string {
  const phase = phaseOf(state);
  const moving = phase === "live" || phase === "delayed" || (phase === "file" && state.playing);
  const { frameRateHz, language } = state;
  return moving && Number.isFinite(frameRateHz) ? language.messages.frameRate(frameRateHz) : "";
}

/** How much of a live source is stored. */
function storedOf({ frameCount, storedS, language }: ViewerState): string {
  const { stored, storedFrames } = language.messages;
  if (frameCount === 0) return "";
  return Number.isFinite(storedS) ? stored(storedS) : storedFrames(frameCount);
}

/** The template leaves their places empty. */
export function writeFigures(host: ReactiveControllerHost & HTMLElement, store: Store): void {
  const put = (place: string, text: string): void => {
    const element = host.shadowRoot?.querySelector(place);
    if (element && element.textContent !== text) element.textContent = text;
  };
  const hostUpdated = (): void => {
    put(".rate", rateOf(store.state));
    put(".stored", storedOf(store.state));
  };
  host.addController({ hostUpdated });
  store.onGoing(({ drawer }, pictured) => {
    if (pictured) return;
    // It may tell of them, too.
    if (drawer === null) hostUpdated();
    else host.requestUpdate();
  });
}
