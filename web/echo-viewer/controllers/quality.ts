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
  }

  hostDisconnected(): void {
    this.#governor.rest();
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    const { session, image, frozen, visible, quality } = state;
    if (session !== previous.session || quality !== previous.quality) {
      this.#governor = new QualityGovernor();
      this.#store.update({ scale: 1 });
      return;
    }
    if (frozen !== previous.frozen || visible !== previous.visible) this.#governor.rest();
    if (!session?.live || frozen || !image || image === previous.image || quality === "full") return;
    const { frameRateHz } = session.info;
    const periodMs = frameRateHz ? 1000 / frameRateHz : DEFAULT_PERIOD_MS;
    const now = performance.now();
    const scale = this.#governor.measure(now - state.arrivedAtMs, periodMs, now);
    if (scale === state.scale) return;
    const reason = scale < state.scale ? "slow" : "fast";
    this.#store.update({ scale });
    emit(this.#host, "echo-quality", { scale, reason });
  }
}
