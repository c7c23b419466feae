/**
 * Gives the pointer on the picture to the chosen tool, to whichever feature has something there, or to the view. A second
 * finger takes the first one away from any tool: two fingers always zoom and move the picture.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Point } from "../draw/mapping.ts";
import type { Tool } from "../features/feature.ts";
import { placeOn } from "./place.ts";

export interface PointerParts {
  stage(): HTMLElement | null;
  /** Whom to ask, in order. */
  tools(): readonly Tool[];
  /** Who has two fingers. */
  view: Tool;
}

export class PointerController implements ReactiveController {
  readonly #parts: PointerParts;
  #stage: HTMLElement | undefined;
  /** Who has which pointer. */
  readonly #owners = new Map<number, Tool>();
  /** Fingers on the picture, and where they are. */
  readonly #fingers = new Map<number, { point: Point; event: PointerEvent }>();

  constructor(host: ReactiveControllerHost & HTMLElement, parts: PointerParts) {
    this.#parts = parts;
    host.addController(this);
  }

  hostUpdated(): void {
    if (this.#stage) return;
    const stage = this.#parts.stage();
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
    this.#fingers.clear();
  }

  #point(event: PointerEvent): Point {
    return placeOn(this.#stage!, event);
  }

  /** The event is meant for the picture, not for a button or panel over it. */
  #onPicture(event: PointerEvent): boolean {
    const [target] = event.composedPath();
    return target === this.#stage || target instanceof HTMLCanvasElement;
  }

  #give(event: PointerEvent, tool: Tool): void {
    this.#owners.set(event.pointerId, tool);
    this.#stage!.setPointerCapture(event.pointerId);
  }

  /** @returns true: there are two fingers, and the view has both. */
  #pinch(point: Point, event: PointerEvent): boolean {
    if (event.pointerType !== "touch") return false;
    this.#fingers.set(event.pointerId, { point, event });
    if (this.#fingers.size < 2) return false;
    const { view } = this.#parts;
    for (const [id, finger] of this.#fingers) {
      const owner = this.#owners.get(id);
      if (owner === view) continue;
      owner?.cancel?.();
      view.down?.(finger.point, finger.event);
      this.#give(finger.event, view);
    }
    return true;
  }

  readonly #down = (event: PointerEvent): void => {
    if (!this.#onPicture(event)) return;
    const point = this.#point(event);
    if (this.#pinch(point, event)) return;
    const tool = this.#parts.tools().find((one) => one.down?.(point, event));
    if (tool) this.#give(event, tool);
  };

  readonly #move = (event: PointerEvent): void => {
    const point = this.#point(event);
    const finger = this.#fingers.get(event.pointerId);
    if (finger) finger.point = point;
    const owner = this.#owners.get(event.pointerId);
    if (owner) {
      owner.move?.(point, event);
      return;
    }
    if (!this.#onPicture(event)) return;
    let cursor = "";
    for (const tool of this.#parts.tools()) {
      tool.move?.(point, event);
      cursor ||= tool.cursor?.(point) ?? "";
    }
    if (this.#stage!.style.cursor !== cursor) this.#stage!.style.cursor = cursor;
  };

  readonly #up = (event: PointerEvent): void => {
    const owner = this.#take(event);
    owner?.up?.(this.#point(event), event);
  };

  readonly #cancel = (event: PointerEvent): void => {
    this.#take(event)?.cancel?.();
  };

  #take(event: PointerEvent): Tool | undefined {
    const owner = this.#owners.get(event.pointerId);
    this.#owners.delete(event.pointerId);
    this.#fingers.delete(event.pointerId);
    return owner;
  }
}
