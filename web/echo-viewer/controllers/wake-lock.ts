/** Keeps the screen on while frames come from a live source: hands that hold a probe cannot touch it. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isOver, type Store, type ViewerState } from "../store.ts";

export class WakeLockController implements ReactiveController {
  readonly #store: Store;
  #connected = false;
  #wanted = false;
  #lock: WakeLockSentinel | undefined;

  constructor(host: ReactiveControllerHost, store: Store) {
    this.#store = store;
    host.addController(this);
    store.subscribe((state) => this.#follow(state));
  }

  hostConnected(): void {
    this.#connected = true;
    this.#follow(this.#store.state);
  }

  hostDisconnected(): void {
    this.#connected = false;
    this.#follow(this.#store.state);
  }

  #follow(state: ViewerState): void {
    const { session, visible, frozen } = state;
    const wanted = this.#connected && visible && Boolean(session?.live) && !frozen && !isOver(state);
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    if (wanted) void this.#take();
    else this.#give();
  }

  async #take(): Promise<void> {
    try {
      const lock = await navigator.wakeLock?.request("screen");
      if (this.#wanted && !this.#lock) this.#lock = lock;
      else await lock?.release();
    } catch {
      // Not allowed now: the battery is low, or the page's policy forbids it. The screen goes dark as always.
    }
  }

  #give(): void {
    void this.#lock?.release();
    this.#lock = undefined;
  }
}
