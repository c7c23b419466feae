/** Lowers the number of rows of a live picture that comes too late, and raises it again; `echo-quality` tells. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { emit } from "../events.ts";
import { DEFAULT_PERIOD_MS, QualityGovernor } from "../quality.ts";
import type { Store, ViewerState } from "../store.ts";

export class QualityController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;
  #governor = new QualityGovernor();

  constructor(host: ReactiveControllerHost & HTMLElement, store: Store) {
    this.#host = host;
    this.#store = store;
    host.addController(this);
    store.subscribe((state, previous) => this.#changed(state, previous));
    store.onGoing((state, pictured) => pictured && this.#pictured(state));
  }

  hostDisconnected(): void {
    this.#governor.rest();
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    const { session, frozen, visible, quality } = state;
    if (session !== previous.session || quality !== previous.quality) {
      this.#governor = new QualityGovernor();
      this.#store.update({ scale: 1 });
      return;
    }
    if (frozen !== previous.frozen || visible !== previous.visible) this.#governor.rest();
  }

  #pictured(state: ViewerState): void {
    if (state.frozen || state.quality === "full") return;
    const frameRateHz = state.session?.info.frameRateHz;
    const periodMs = frameRateHz ? 1000 / frameRateHz : DEFAULT_PERIOD_MS;
    const now = performance.now();
    const scale = this.#governor.measure(now - state.arrivedAtMs, periodMs, now);
    if (scale === state.scale) return;
    const reason = scale < state.scale ? "slow" : "fast";
    this.#store.update({ scale });
    emit(this.#host, "echo-quality", { scale, reason });
  }
}
