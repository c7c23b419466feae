/** Knows whether the viewer can be seen: in the page, scrolled into view, in a tab that is not hidden. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Store } from "../store.ts";

export class VisibilityController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;
  #observer: IntersectionObserver | undefined;
  #onScreen = false;

  constructor(host: ReactiveControllerHost & HTMLElement, store: Store) {
    this.#host = host;
    this.#store = store;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        // Touching the edge of the screen counts as intersecting, but nothing is seen yet.
        const { isIntersecting, intersectionRatio } = entries[entries.length - 1];
        this.#onScreen = isIntersecting && intersectionRatio > 0;
        this.#update();
      },
      { threshold: [0, 0.001] },
    );
    this.#observer.observe(this.#host);
    document.addEventListener("visibilitychange", this.#update);
    // The observer tells after the next frame is painted; workers that start now start while the page builds that frame.
    this.#onScreen = this.#meetsScreen();
    this.#update();
  }

  /** Whether some of the host lies within the window; what clips it further, the window of a frame too, only the observer knows. */
  #meetsScreen(): boolean {
    // What lies in closed details has a place and a size all the same.
    if (window !== window.top || this.#host.checkVisibility?.() === false) return false;
    const { left, top, right, bottom, width, height } = this.#host.getBoundingClientRect();
    return width > 0 && height > 0 && right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    document.removeEventListener("visibilitychange", this.#update);
  }

  readonly #update = (): void => {
    this.#store.update({ visible: this.#onScreen && document.visibilityState === "visible" });
  };
}
