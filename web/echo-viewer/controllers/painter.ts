/** Paints the newest image once per screen refresh, and only when something changed. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Image } from "../../../host/index.ts";
import { besideOf } from "../beside.ts";
import { aspectOf, type Box, MAIN_PANE, mainRegion, pictureRoom } from "../draw/layout.ts";
import { type Mapping, mappingOf, type Point } from "../draw/mapping.ts";
import { drawOverlay, type Ink } from "../draw/overlay.ts";
import { Picture } from "../draw/picture.ts";
import type { OwnPane, Pane, Scene } from "../features/feature.ts";
import { dynamicRangeOf, greyMapOf, type Store, type ViewerState } from "../store.ts";
import type { View } from "../view.ts";

/** The canvases of the element, one over the other, as large as the stage. */
export interface Canvases {
  picture: HTMLCanvasElement;
  overlay: HTMLCanvasElement;
  /** What the features draw. */
  marks: HTMLCanvasElement;
}

/** What the painter tells and asks. */
export interface PainterEvents {
  onPainted(image: Image, state: ViewerState, nowMs: number): void;
  /** Draws the features' marks. */
  draw(scene: Scene): void;
  /** What is left of the stage to the main picture and its scales. */
  divide(stage: Box): Box;
  /** The pictures beside the main one. */
  panes(): readonly OwnPane[];
}

/** Where a region lies in its picture, and in the body. */
const LIES = ["originXM", "originZM", "deltaXM", "deltaZM", "minX", "maxX", "minY", "maxY"] as const;
const BOX = ["x", "y", "width", "height"] as const;

function same<Name extends string>(
  names: readonly Name[],
  a: Record<Name, unknown>,
  b: Record<Name, unknown>,
): boolean {
  for (let i = 0; i < names.length; i++) if (a[names[i]] !== b[names[i]]) return false;
  return true;
}

/** Both images have their scale at the same place. */
function sameGeometry(a: Image, b: Image): boolean {
  if (a === b) return true;
  if (a.width !== b.width || a.height !== b.height) return false;
  // A plan's images share theirs.
  if (a.regions === b.regions) return true;
  if (aspectOf(a) !== aspectOf(b)) return false;
  const p = mainRegion(a);
  const q = mainRegion(b);
  return p && q ? same(LIES, p, q) : p === q;
}

/** A feature's drawing. One that fails is told to the page, and leaves the picture, its scales and the others as they must be. */
function guarded(context: CanvasRenderingContext2D, draw: () => void): void {
  context.save();
  try {
    draw();
  } catch (error) {
    reportError(error);
  }
  context.restore();
}

export class PainterController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;
  readonly #canvases: () => Canvases | null;
  readonly #events: PainterEvents;
  readonly #picture = new Picture();
  readonly #observer = new ResizeObserver((entries) =>
    this.#resized(entries[entries.length - 1].contentRect),
  );
  #observed: Element | undefined;
  #found: Canvases | null = null;
  #request = 0;
  #loaded: Image | null = null;
  /** Where the picture lay when somebody asked last. */
  #mapped: { image: Image; view: View; area: Box; mapping: Mapping } | undefined;
  /** Where it lay when the overlay was drawn. */
  #overlaid: Mapping | null = null;
  #pictureDirty = false;
  #overlayDirty = false;
  #marksDirty = false;
  /** All of the canvases (CSS px), and how sharp they are made for it; NaN: not yet. */
  #stage: Box = { x: 0, y: 0, width: 0, height: 0 };
  #sharpness = Number.NaN;
  #hasSize = false;

  constructor(
    host: ReactiveControllerHost & HTMLElement,
    store: Store,
    canvases: () => Canvases | null,
    events: PainterEvents,
  ) {
    this.#host = host;
    this.#store = store;
    this.#canvases = canvases;
    this.#events = events;
    host.addController(this);
    store.subscribe((state, previous) => this.#changed(state, previous));
    store.onGoing((_state, pictured) => {
      if (!pictured) return;
      this.#pictureDirty = true;
      this.#schedule();
    });
  }

  hostUpdated(): void {
    if (this.#observed || !this.#host.isConnected) return;
    this.#found ??= this.#canvases();
    if (!this.#found) return;
    const { picture, overlay } = this.#found;
    this.#observed = picture;
    this.#observer.observe(picture);
    for (const one of Object.values(this.#found)) one.addEventListener("contextrestored", this.#restored);
    // The page has other colours now, or another font.
    overlay.addEventListener("transitionend", this.#restyled);
  }

  hostConnected(): void {
    this.hostUpdated();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#observed = undefined;
    cancelAnimationFrame(this.#request);
    this.#request = 0;
  }

  /** The main picture's part of the stage. */
  #area(): Box {
    return this.#events.divide(this.#stage);
  }

  /** Where the picture lies; null without a picture or a size. */
  mapping(): Mapping | null {
    const { image, view } = this.#store.state;
    if (!image || !this.#hasSize) return null;
    const area = this.#area();
    const known = this.#mapped;
    const stays = known && (known.area === area || same(BOX, known.area, area));
    // The next live frame lies where the last one did.
    if (stays && known.view === view && sameGeometry(known.image, image)) known.image = image;
    else {
      const { x, y, width, height } = area;
      const mapping = mappingOf(pictureRoom(width, height, x, y), image, view);
      this.#mapped = { image, view, area, mapping };
    }
    return this.#mapped!.mapping;
  }

  /** Whether a place on the stage is in the main picture's part of it (CSS px). */
  onPicture({ x, y }: Point): boolean {
    const area = this.#area();
    return x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height;
  }

  /** All pictures on the stage, the main one first. */
  panes(): readonly Pane[] {
    const { image } = this.#store.state;
    const mapping = this.mapping();
    const main = image && mapping ? [{ id: MAIN_PANE, area: this.#area(), image, mapping }] : [];
    const others = this.#events
      .panes()
      .flatMap(({ id, area, image: shown, mapping: lies, content, follows }) =>
        shown && lies ? [{ id, area, image: shown, mapping: lies, content, follows }] : [],
      );
    return [...main, ...others];
  }

  /** Size of the stage (CSS px). */
  get size(): { width: number; height: number } {
    const { width, height } = this.#stage;
    return { width, height };
  }

  /** The features' marks have changed. */
  redrawMarks(): void {
    this.#marksDirty = true;
    this.#schedule();
  }

  readonly #restyled = (): void => this.repaint();

  /** Everything may have changed. */
  repaint(): void {
    this.#pictureDirty = this.#overlayDirty = this.#marksDirty = true;
    this.#schedule();
  }

  /** The browser took the canvas's memory away (a graphics process that crashed, a device that slept) and gave it back empty. */
  readonly #restored = (): void => {
    this.#loaded = null;
    this.repaint();
  };

  #resized({ width, height }: DOMRectReadOnly): void {
    this.#stage = { x: 0, y: 0, width, height };
    this.#hasSize = width >= 1 && height >= 1;
    this.#sharpness = Number.NaN;
    this.repaint();
    // Now, not at the next refresh: setting a canvas's size empties it.
    this.#paint(performance.now());
    // The elements over the pictures follow them.
    this.#host.requestUpdate();
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    if (state.image !== previous.image) this.#pictureDirty = true;
    if (
      state.session !== previous.session ||
      greyMapOf(state) !== greyMapOf(previous) ||
      dynamicRangeOf(state) !== dynamicRangeOf(previous)
    ) {
      this.#overlayDirty = true;
    }
    if (state.view !== previous.view || state.language !== previous.language) {
      this.#pictureDirty = this.#overlayDirty = true;
    }
    if (!state.image) {
      this.#loaded = null;
      this.#mapped = undefined;
      this.#picture.clear();
    }
    if (this.#pictureDirty || this.#overlayDirty) this.#schedule();
  }

  #schedule(): void {
    if (!this.#request && this.#host.isConnected) this.#request = requestAnimationFrame(this.#refresh);
  }

  readonly #refresh = (nowMs: number): void => {
    this.#request = 0;
    this.#paint(nowMs);
  };

  #paint(nowMs: number): void {
    const canvases = this.#found;
    if (!canvases || !this.#hasSize) return;
    const { state } = this.#store;
    const { image } = state;
    const scale = devicePixelRatio;
    if (scale !== this.#sharpness) {
      this.#sharpness = scale;
      for (const canvas of Object.values(canvases)) {
        canvas.width = Math.max(1, Math.round(this.#stage.width * scale));
        canvas.height = Math.max(1, Math.round(this.#stage.height * scale));
      }
      this.#pictureDirty = this.#overlayDirty = this.#marksDirty = true;
    }
    const fresh = image !== null && image !== this.#loaded;
    if (fresh) this.#picture.load(image);
    const mapping = this.mapping();
    if (this.#pictureDirty) this.#paintPicture(canvases.picture, mapping, scale);
    if (this.#overlayDirty || mapping !== this.#overlaid) {
      this.#paintOverlay(canvases.overlay, state, mapping, scale);
      this.#marksDirty = true;
    }
    if (this.#marksDirty) this.#paintMarks(canvases, state, mapping, scale);
    this.#loaded = image;
    this.#pictureDirty = this.#overlayDirty = this.#marksDirty = false;
    if (fresh) this.#events.onPainted(image, state, nowMs);
  }

  #paintPicture(canvas: HTMLCanvasElement, mapping: Mapping | null, scale: number): void {
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (mapping) this.#picture.draw(context, mapping, scale);
    const panes = this.#events.panes();
    // Most have none: an iterator would be made all the same.
    if (panes.length) for (const pane of panes) guarded(context, () => pane.drawPicture(context, scale));
  }

  #paintMarks(canvases: Canvases, state: ViewerState, mapping: Mapping | null, scale: number): void {
    const context = canvases.marks.getContext("2d");
    if (!context) return;
    const { width, height } = this.size;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!state.image || !mapping) return;
    const ink = this.#ink(canvases.overlay);
    context.font = ink.font;
    context.direction = "ltr";
    for (const pane of this.panes()) {
      const { id, image, mapping: lies } = pane;
      const scene = { pane: id, context, image, mapping: lies, ink, state, width, height };
      guarded(context, () => this.#events.draw(scene));
    }
  }

  #paintOverlay(canvas: HTMLCanvasElement, state: ViewerState, mapping: Mapping | null, scale: number): void {
    const context = canvas.getContext("2d");
    if (!context) return;
    const { image } = state;
    this.#overlaid = mapping;
    const content = image && mapping && { image, mapping, ...besideOf(state) };
    const ink = this.#ink(canvas);
    drawOverlay(context, this.#stage.width, this.#stage.height, scale, content, ink);
    context.font = ink.font;
    context.direction = "ltr";
    for (const pane of this.#events.panes()) guarded(context, () => pane.drawScale(context, ink));
  }

  /** The style sheet's colours, as the browser resolves them: properties that a canvas has and does not use. */
  #ink(canvas: HTMLCanvasElement): Ink {
    const style = getComputedStyle(canvas);
    return {
      scale: style.color,
      marker: style.outlineColor,
      font: `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`,
    };
  }
}
