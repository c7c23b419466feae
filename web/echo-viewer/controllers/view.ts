/**
 * Zooms, moves, flips and turns the picture: for buttons, keys and attributes, and by gestures that always work. The wheel zooms
 * at the pointer with Ctrl (as the pinch of a trackpad comes), and without it only while the picture has the focus: a page
 * scrolls over a viewer that nobody works with. Two fingers zoom and move; one moves a picture that is zoomed; two quick taps
 * show the whole picture again.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type Mapping, mappingOf, type Point } from "../draw/mapping.ts";
import type { Tool } from "../features/feature.ts";
import type { Store } from "../store.ts";
import { type Flip, flipped, isZoomed, turned, type View, WHOLE_VIEW, zoomedTo } from "../view.ts";
import { placeOn } from "./place.ts";

/** One press of a zoom button or key. */
export const ZOOM_STEP = 1.25;

/** One press of a button or key moves by this part of the room. */
export const PAN_STEP = 0.15;

/** Zoom of one CSS pixel of wheel, and of a trackpad's pinch: e to this power. */
const WHEEL_RATE = 0.002;
const PINCH_RATE = 0.01;
/** A wheel that counts lines (CSS px each). */
const LINE_PX = 16;

/** Two taps: closer than this in time (ms) and place (CSS px). */
const DOUBLE_TAP_MS = 350;
const DOUBLE_TAP_PX = 24;
/** A finger that moves less than this taps (CSS px). */
const TAP_PX = 8;

export interface ViewParts {
  store: Store;
  mapping(): Mapping | null;
  /** Whether a place on the stage is the main picture's, and no other pane's (CSS px). */
  onPicture(point: Point): boolean;
  stage(): HTMLElement | null;
}

function apart(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function between(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

export class ViewController implements ReactiveController, Tool {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #parts: ViewParts;
  #stage: HTMLElement | undefined;
  /** Pointers that move the picture, by their numbers. */
  readonly #pointers = new Map<number, Point>();
  /** The last tap that was not the second of two. */
  #tap: { point: Point; timeMs: number } | undefined;
  /** The pointer that went down on the place of the last tap. */
  #second: { id: number; point: Point } | undefined;

  constructor(host: ReactiveControllerHost & HTMLElement, parts: ViewParts) {
    this.#host = host;
    this.#parts = parts;
    host.addController(this);
  }

  hostUpdated(): void {
    if (this.#stage) return;
    const stage = this.#parts.stage();
    if (!stage) return;
    this.#stage = stage;
    stage.addEventListener("wheel", this.#onWheel, { passive: false });
    stage.addEventListener("touchstart", this.#onTouch, { passive: false });
    stage.addEventListener("touchmove", this.#onTouch, { passive: false });
  }

  hostDisconnected(): void {
    this.cancel();
  }

  get #view(): View {
    return this.#parts.store.state.view;
  }

  /** Takes a view as it is asked for; its centre is kept where the picture fills the room. */
  set(change: Partial<View>): void {
    const { state } = this.#parts.store;
    const asked = { ...state.view, ...change };
    const mapping = this.#parts.mapping();
    const centre = mapping && state.image ? mappingOf(mapping.room, state.image, asked).centre : asked.centre;
    const view = isZoomed(asked) ? { ...asked, centre } : { ...asked, zoom: 1, centre: WHOLE_VIEW.centre };
    const same = (Object.keys(view) as (keyof View)[]).every(
      (key) => `${view[key]}` === `${state.view[key]}`,
    );
    if (!same) this.#parts.store.update({ view });
  }

  /** Zooms about a place on the stage; without one, about the middle. */
  zoomTo(zoom: number, at?: Point): void {
    this.set(zoomedTo(this.#view, zoom, at && this.#pictureAt(at)));
  }

  zoomBy(factor: number, at?: Point): void {
    this.zoomTo(this.#view.zoom * factor, at);
  }

  /** Looks further to the right and further down, by parts of the room. */
  pan(right: number, down: number): void {
    const room = this.#parts.mapping()?.room;
    if (room) this.#move(right * room.width, down * room.height);
  }

  /** Flips what is seen. */
  flip(flip: Flip): void {
    this.set(flipped(this.#view, flip));
  }

  /** Turns clockwise by right angles. */
  turn(quarters: number): void {
    this.set(turned(this.#view, quarters));
  }

  /** Shows the whole picture; flips and turns stay. */
  whole(): void {
    this.set({ zoom: 1 });
  }

  /** Shows the picture as it was recorded. */
  reset(): void {
    this.set(WHOLE_VIEW);
  }

  /** The point of the picture at a place on the stage, in parts of its width and height. */
  #pictureAt(point: Point): readonly [number, number] | undefined {
    const { image } = this.#parts.store.state;
    const at = this.#parts.mapping()?.toPicture(point);
    return at && image ? [at.x / image.width, at.y / image.height] : undefined;
  }

  /** Moves the room over the picture (CSS px of the stage). */
  #move(right: number, down: number): void {
    const room = this.#parts.mapping()?.room;
    if (!room || !isZoomed(this.#view)) return;
    const centre = this.#pictureAt({
      x: room.x + room.width / 2 + right,
      y: room.y + room.height / 2 + down,
    });
    if (centre) this.set({ centre });
  }

  cursor(): string | undefined {
    return isZoomed(this.#view) ? "grab" : undefined;
  }

  down(point: Point, event: PointerEvent): boolean {
    if (!this.#parts.mapping() || (event.pointerType === "mouse" && event.button > 1)) return false;
    // Gestures zoom about what lies under them, which in another pane is another picture.
    if (!this.#parts.onPicture(point)) return false;
    const tap = this.#tap;
    const second =
      tap && event.timeStamp - tap.timeMs < DOUBLE_TAP_MS && apart(tap.point, point) < DOUBLE_TAP_PX;
    this.#tap = { point, timeMs: event.timeStamp };
    this.#second = second && this.#pointers.size === 0 ? { id: event.pointerId, point } : undefined;
    // One pointer on a whole picture has nothing to move: the page has it.
    const other = this.#pointers.size > 0 && !this.#pointers.has(event.pointerId);
    if (!other && !isZoomed(this.#view) && event.pointerType !== "touch") return Boolean(this.#second);
    this.#pointers.set(event.pointerId, point);
    return true;
  }

  move(point: Point, event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    if (this.#tap && apart(this.#tap.point, point) > TAP_PX) this.#tap = this.#second = undefined;
    const [other] = [...this.#pointers].filter(([id]) => id !== event.pointerId);
    this.#pointers.set(event.pointerId, point);
    if (!other) {
      this.#move(before.x - point.x, before.y - point.y);
      return;
    }
    this.#tap = this.#second = undefined;
    const [was, is] = [between(before, other[1]), between(point, other[1])];
    const spread = apart(before, other[1]);
    if (spread > 0) this.zoomBy(apart(point, other[1]) / spread, was);
    this.#move(was.x - is.x, was.y - is.y);
  }

  up(point: Point, event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    if (this.#second?.id !== event.pointerId || apart(this.#second.point, point) > TAP_PX) return;
    this.#tap = this.#second = undefined;
    this.whole();
  }

  cancel(): void {
    this.#pointers.clear();
    this.#tap = this.#second = undefined;
  }

  /** The browser would take a pinch for itself. */
  readonly #onTouch = (event: TouchEvent): void => {
    if (event.touches.length > 1 && event.cancelable) event.preventDefault();
  };

  readonly #onWheel = (event: WheelEvent): void => {
    const { state } = this.#parts.store;
    if (!this.#parts.mapping()) return;
    const [target] = event.composedPath();
    if (target !== this.#stage && !(target instanceof HTMLCanvasElement)) return;
    const focused = this.#host.shadowRoot?.activeElement?.matches(".base") ?? false;
    const pinch = event.ctrlKey || event.metaKey;
    if (!pinch && !focused && !state.filled) return;
    const delta = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * LINE_PX;
    // Nothing to make smaller: the page scrolls on.
    if (!pinch && delta > 0 && !isZoomed(state.view)) return;
    const at = placeOn(this.#stage!, event);
    if (!this.#parts.onPicture(at)) return;
    event.preventDefault();
    this.zoomBy(Math.exp(-delta * (pinch && Math.abs(delta) < 50 ? PINCH_RATE : WHEEL_RATE)), at);
  };
}
