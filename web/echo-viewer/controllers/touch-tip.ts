/** What a mouse learns by resting somewhere a finger learns by a tap: what a mark means, and what had no room. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { TipController } from "./tip.ts";

/** These do something when they are tapped. */
const CONTROLS = "button, label, input, select, textarea, a";
/** Lines that leave out what has no room: all of each is told wherever it is tapped. The tip has no title: tapped, it goes. */
const LINES = ".patient, .made, .tip";

export class TouchTipController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #tip: TipController;

  constructor(host: ReactiveControllerHost & HTMLElement, tip: TipController) {
    this.#host = host;
    this.#tip = tip;
    host.addController(this);
  }

  hostConnected(): void {
    // The root is made by the element's first connection.
    this.#host.shadowRoot?.addEventListener("click", this.#onClick);
  }

  readonly #onClick = (event: Event): void => {
    const { target } = event;
    if ((event as PointerEvent).pointerType !== "touch" || !(target instanceof Element)) return;
    if (target.closest(CONTROLS)) return;
    const titled = target.closest<HTMLElement>(LINES) ?? target.closest<HTMLElement>("[title]");
    // What lies in a slot is the page's, and so are the titles around the viewer.
    if (titled && this.#host.shadowRoot?.contains(titled)) this.#tip.show(titled);
  };
}
