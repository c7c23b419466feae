/** Tells assistive technology what the badge shows, politely and never per frame. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Messages } from "../languages/english.ts";
import {
  canScrub,
  depthOf,
  dynamicRangeOf,
  gainOf,
  phaseOf,
  type Store,
  type ViewerState,
} from "../store.ts";

/** A state shorter than this is not worth a word (ms). */
const SETTLE_MS = 400;

export class AnnouncerController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is said next: of the picture's state, and else. */
  #phase = "";
  #text = "";
  #phaseText = "";

  constructor(host: ReactiveControllerHost & HTMLElement, store: Store) {
    this.#host = host;
    this.#store = store;
    host.addController(this);
    store.subscribe((state, previous) => this.#changed(state, previous));
  }

  get #messages(): Messages {
    return this.#store.state.language.messages;
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    this.#takeBack(state);
    if (!state.visible) return;
    const {
      announce,
      gain,
      dynamicRange,
      depth,
      frames,
      decibelsSpoken,
      centimetresSpoken,
      positionSpoken,
      privacySpoken,
      fullScreenSpoken,
      zoomSpoken,
    } = this.#messages;
    const phaseText = announce[phaseOf(state)];
    if (phaseText !== this.#phaseText) {
      this.#phaseText = this.#phase = phaseText;
      // What waits to be said is not put off by a picture that comes late every now and then.
      if (!this.#text) this.#sayNext();
    } else if (state.privacy !== previous.privacy) {
      this.say(privacySpoken(state.privacy));
    } else if (state.filled !== previous.filled) {
      this.say(fullScreenSpoken(state.filled !== null));
    } else if (state.view !== previous.view && this.#lie(state) !== this.#lie(previous)) {
      this.say(this.#lie(state));
    } else if (state.view.zoom !== previous.view.zoom) {
      this.say(zoomSpoken(state.view.zoom));
    } else if (gainOf(state) !== gainOf(previous)) {
      this.#sayOf(gain, `${gain} ${decibelsSpoken(gainOf(state))}`);
    } else if (dynamicRangeOf(state) !== dynamicRangeOf(previous)) {
      this.#sayOf(dynamicRange, `${dynamicRange} ${decibelsSpoken(dynamicRangeOf(state))}`);
    } else if (state.depthM !== previous.depthM && depthOf(state) !== null) {
      this.#sayOf(depth, `${depth} ${centimetresSpoken(depthOf(state)!)}`);
    } else if (state.cursor !== previous.cursor && previous.image && canScrub(previous) && !state.playing) {
      this.#sayOf(frames, positionSpoken(state.cursor - state.firstFrame + 1, state.frameCount));
    }
  }

  #lie({ view: { flipX, flipY, quarterTurns } }: ViewerState): string {
    return this.#messages.lies(flipX, flipY, quarterTurns * 90);
  }

  /** What was said of the picture's state is not left standing when it is true no more. */
  #takeBack(state: ViewerState): void {
    const { announce } = this.#messages;
    const { announcement } = state;
    const holds = announce[phaseOf(state)];
    if (!announcement || announcement === holds) return;
    if (!Object.values(announce).some((said) => said !== holds && said && announcement.startsWith(said)))
      return;
    this.#phaseText = "";
    this.#store.update({ announcement: "" });
  }

  /** Says what the slider of this name was set to, unless it has the focus, and says its value itself. */
  #sayOf(name: string, text: string): void {
    if (this.#host.shadowRoot?.activeElement?.ariaLabel !== name) this.say(text);
  }

  /** Says this once nothing newer has come for a moment. */
  say(text: string): void {
    this.#text = text;
    this.#sayNext();
  }

  #sayNext(): void {
    clearTimeout(this.#timer);
    const next = (): string => [this.#phase, this.#text].filter(Boolean).join(" ");
    // What stands there already is heard again only where it was gone.
    if (next() === this.#store.state.announcement) this.#store.update({ announcement: "" });
    this.#timer = setTimeout(() => {
      const announcement = next();
      this.#phase = this.#text = "";
      this.#store.update({ announcement });
    }, SETTLE_MS);
  }
}
