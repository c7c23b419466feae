/**
 * Shows an element's title beside it: that of the button the keyboard is on, or of what a finger tapped (touch-tip.ts). A mouse gets it
 * from the browser when it rests there. Escape puts it away.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** From the element to its title, and from both to the viewer's edge (CSS px). */
const GAP = 4;

/** An element's title, or those inside it. */
function textOf(titled: HTMLElement): string {
  const inside = [...titled.querySelectorAll<HTMLElement>("[title]")];
  return titled.title || inside.map(({ title }) => title).join("\n");
}

export class TipController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  /** Whose title is shown. */
  #titled?: HTMLElement;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
    host.addEventListener("pointerdown", this.#onPointer);
    host.addEventListener("keydown", this.#onKeyDown);
  }

  hostConnected(): void {
    // The host hears nothing of a focus that stays inside. Connected again, it has one of each still.
    this.#host.shadowRoot?.addEventListener("focusin", this.#onFocus);
    this.#host.shadowRoot?.addEventListener("focusout", this.#hide);
  }

  hostUpdated(): void {
    // What is taken away is not said by every browser to lose the focus, and what stays may say something else.
    if (this.#titled) this.show(this.#titled);
  }

  hostDisconnected(): void {
    this.#hide();
  }

  get #tip(): HTMLElement | null | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLElement>(".tip");
  }

  readonly #onFocus = ({ target }: Event): void => {
    if (target instanceof HTMLElement && target.matches("button[title]:focus-visible")) this.show(target);
  };

  /** Shows what the titles of an element say, and follows them, until something is pressed or the focus goes on. */
  show(titled: HTMLElement): void {
    const tip = this.#tip;
    const text = textOf(titled);
    if (!tip || !text || !titled.isConnected) {
      this.#hide();
      return;
    }
    this.#titled = titled;
    tip.textContent = text;
    tip.hidden = false;
    const [room, at, { width, height }] = [
      this.#host.getBoundingClientRect(),
      titled.getBoundingClientRect(),
      tip.getBoundingClientRect(),
    ];
    const above = at.top - room.top - height - GAP;
    const middle = (at.left + at.right - width) / 2 - room.left;
    tip.style.left = `${Math.max(GAP, Math.min(middle, room.width - width - GAP))}px`;
    const below = Math.min(at.bottom - room.top, room.height - height - 2 * GAP) + GAP;
    tip.style.top = `${above >= GAP ? above : Math.max(GAP, below)}px`;
  }

  readonly #hide = (): void => {
    const tip = this.#tip;
    this.#titled = undefined;
    if (tip) tip.hidden = true;
  };

  readonly #onPointer = (event: Event): void => {
    // A finger that moves the tip itself presses on it.
    if (event.composedPath()[0] !== this.#tip) this.#hide();
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") this.#hide();
  };
}
