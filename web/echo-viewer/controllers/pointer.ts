/** Gives the pointer on the picture to the chosen tool, to whichever feature has something there, or to the view. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Point } from "../draw/mapping.ts";
import type { Tool } from "../features/feature.ts";

export class PointerController implements ReactiveController {
  readonly #tools: () => readonly Tool[];
  #stage: HTMLElement | undefined;
  readonly #stageOf: () => HTMLElement | null;
  /** Who has which pointer. */
  readonly #owners = new Map<number, Tool>();

  /** `tools`: whom to ask, in order. */
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    stage: () => HTMLElement | null,
    tools: () => readonly Tool[],
  ) {
    this.#stageOf = stage;
    this.#tools = tools;
    host.addController(this);
  }

  hostUpdated(): void {
    if (this.#stage) return;
    const stage = this.#stageOf();
    if (!stage) return;
    this.#stage = stage;
    stage.addEventListener("pointerdown", this.#down);
    stage.addEventListener("pointermove", this.#move);
    stage.addEventListener("pointerup", this.#up);
    stage.addEventListener("pointercancel", this.#cancel);
    stage.addEventListener("lostpointercapture", this.#cancel);
  }

  hostDisconnected(): void {
    for (const tool of this.#owners.values()) tool.cancel?.();
    this.#owners.clear();
  }

  #point(event: PointerEvent): Point {
    const { left, top } = this.#stage!.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  /** The event is meant for the picture, not for a button or panel over it. */
  #onPicture(event: PointerEvent): boolean {
    const [target] = event.composedPath();
    return target === this.#stage || target instanceof HTMLCanvasElement;
  }

  readonly #down = (event: PointerEvent): void => {
    if (!this.#onPicture(event)) return;
    const point = this.#point(event);
    for (const tool of this.#tools()) {
      if (!tool.down?.(point, event)) continue;
      this.#owners.set(event.pointerId, tool);
      this.#stage!.setPointerCapture(event.pointerId);
      return;
    }
  };

  readonly #move = (event: PointerEvent): void => {
    const point = this.#point(event);
    const owner = this.#owners.get(event.pointerId);
    if (owner) {
      owner.move?.(point, event);
      return;
    }
    if (!this.#onPicture(event)) return;
    let cursor = "";
    for (const tool of this.#tools()) {
      tool.move?.(point, event);
      cursor ||= tool.cursor?.(point) ?? "";
    }
    if (this.#stage!.style.cursor !== cursor) this.#stage!.style.cursor = cursor;
  };

  readonly #up = (event: PointerEvent): void => {
    const owner = this.#owners.get(event.pointerId);
    this.#owners.delete(event.pointerId);
    owner?.up?.(this.#point(event), event);
  };

  readonly #cancel = (event: PointerEvent): void => {
    const owner = this.#owners.get(event.pointerId);
    this.#owners.delete(event.pointerId);
    owner?.cancel?.();
  };
}
