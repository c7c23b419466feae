/** Gives the viewer the whole screen, or, where the browser or page does not allow that, the whole window. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Store } from "../store.ts";

export class FullScreenController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;

  constructor(host: ReactiveControllerHost & HTMLElement, store: Store) {
    this.#host = host;
    this.#store = store;
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("fullscreenchange", this.#onChange);
  }

  hostDisconnected(): void {
    document.removeEventListener("fullscreenchange", this.#onChange);
    this.#store.update({ filled: null });
  }

  async toggle(): Promise<void> {
    const { filled } = this.#store.state;
    if (filled === "screen") {
      await document.exitFullscreen();
    } else if (filled === "window") {
      this.#store.update({ filled: null });
    } else {
      try {
        await this.#host.requestFullscreen();
      } catch {
        // Refused (a frame without permission), or not there (phones that give it to videos only).
        this.#store.update({ filled: "window" });
      }
    }
  }

  readonly #onChange = (): void => {
    const { fullscreenElement } = this.#host.getRootNode() as Document | ShadowRoot;
    if (fullscreenElement === this.#host) this.#store.update({ filled: "screen" });
    else if (this.#store.state.filled === "screen") this.#store.update({ filled: null });
  };
}
