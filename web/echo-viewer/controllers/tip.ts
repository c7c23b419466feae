/**
 * Names the button that the keyboard is on, beside it: what a mouse gets from the browser when it rests there. Escape puts it away.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** From the button to its name, and from both to the viewer's edge (CSS px). */
const GAP = 4;

export class TipController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  /** The button that is named. */
  #named?: HTMLElement;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
    host.addEventListener("pointerdown", this.#hide);
    host.addEventListener("keydown", this.#onKeyDown);
  }

  hostConnected(): void {
    // The host hears nothing of a focus that stays inside. Connected again, it has one of each still.
    this.#host.shadowRoot?.addEventListener("focusin", this.#show);
    this.#host.shadowRoot?.addEventListener("focusout", this.#hide);
  }

  hostUpdated(): void {
    // Not every browser says that the focus leaves what is taken away.
    if (this.#named && !this.#named.isConnected) this.#hide();
  }

  hostDisconnected(): void {
    this.#hide();
  }

  get #tip(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>(".tip");
  }

  readonly #show = ({ target }: Event): void => {
    const tip = this.#tip;
    if (!tip || !(target instanceof HTMLElement) || !target.matches("button[title]:focus-visible")) return;
    this.#named = target;
    tip.textContent = target.title;
    tip.hidden = false;
    const [room, at, { width, height }] = [
      this.#host.getBoundingClientRect(),
      target.getBoundingClientRect(),
      tip.getBoundingClientRect(),
    ];
    const above = at.top - room.top - height - GAP;
    const middle = (at.left + at.right - width) / 2 - room.left;
    tip.style.left = `${Math.max(GAP, Math.min(middle, room.width - width - GAP))}px`;
    tip.style.top = `${above >= GAP ? above : at.bottom - room.top + GAP}px`;
  };

  readonly #hide = (): void => {
    const tip = this.#tip;
    this.#named = undefined;
    if (tip) tip.hidden = true;
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#hide();
  };
}
