/**
 * Sliders under a finger. A swipe that scrolls the page may begin on one: browsers set it at the first touch, and then scroll. Here the
 * value waits until the finger moves along the slider or is lifted, and goes where the finger scrolls.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** A finger that moved so far sideways does not scroll (CSS px). */
const ALONG_PX = 6;

interface Touch {
  readonly slider: HTMLInputElement;
  readonly pointerId: number;
  readonly x: number;
  readonly before: string;
  /** What the slider was set to meanwhile. */
  wanted: string | null;
}

export class SliderTouchController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  #touch: Touch | null = null;

  constructor(host: ReactiveControllerHost & HTMLElement) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    // The root is made by the element's first connection.
    const root = this.#host.shadowRoot;
    if (!root) return;
    // Before those who act on a value.
    root.addEventListener("input", this.#onInput, true);
    for (const type of ["pointerdown", "pointermove", "pointerup", "pointercancel"])
      root.addEventListener(type, this.#onPointer as EventListener, true);
  }

  readonly #onPointer = (event: PointerEvent): void => {
    const { type, target, pointerId, pointerType, clientX } = event;
    if (type === "pointerdown") {
      const slider = target instanceof HTMLInputElement && target.type === "range" ? target : null;
      if (slider && pointerType === "touch" && event.isPrimary)
        this.#touch = { slider, pointerId, x: clientX, before: slider.value, wanted: null };
      return;
    }
    const touch = this.#touch;
    if (!touch || touch.pointerId !== pointerId) return;
    if (type === "pointermove" && Math.abs(clientX - touch.x) < ALONG_PX) return;
    this.#touch = null;
    if (type === "pointercancel") touch.slider.value = touch.before;
    else if (touch.wanted !== null) {
      touch.slider.value = touch.wanted;
      touch.slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    }
  };

  readonly #onInput = (event: Event): void => {
    if (!this.#touch || event.target !== this.#touch.slider) return;
    event.stopImmediatePropagation();
    this.#touch.wanted = this.#touch.slider.value;
  };
}
