/** Paints the newest image once per screen refresh, and only when something changed. */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Image } from "../../../host/index.ts";
import { aspectOf, mainRegion, pictureBox } from "../draw/layout.ts";
import { drawOverlay, type Ink } from "../draw/overlay.ts";
import { Picture } from "../draw/picture.ts";
import type { Messages } from "../messages.ts";
import { dynamicRangeOf, type Store, type ViewerState } from "../store.ts";

/** The canvases of the element, one over the other, as large as the stage. */
export interface Canvases {
  picture: HTMLCanvasElement;
  overlay: HTMLCanvasElement;
}

/** Both images have their scale at the same place. */
function sameGeometry(a: Image | null, b: Image | null): boolean {
  if (!a || !b) return a === b;
  if (a.width !== b.width || a.height !== b.height || aspectOf(a) !== aspectOf(b)) return false;
  const [p, q] = [mainRegion(a), mainRegion(b)];
  if (!p || !q) return p === q;
  return (
    p.originZM === q.originZM &&
    p.deltaZM === q.deltaZM &&
    p.deltaXM === q.deltaXM &&
    p.minY === q.minY &&
    p.maxY === q.maxY
  );
}

export class PainterController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #store: Store;
  readonly #messages: Messages;
  readonly #canvases: () => Canvases | null;
  readonly #onPainted: (image: Image, state: ViewerState, nowMs: number) => void;
  readonly #picture = new Picture();
  readonly #observer = new ResizeObserver((entries) =>
    this.#resized(entries[entries.length - 1].contentRect),
  );
  #observed: Element | undefined;
  #request = 0;
  #loaded: Image | null = null;
  /** The image the overlay was drawn for. */
  #shownGeometry: Image | null = null;
  #pictureDirty = false;
  #overlayDirty = false;
  #width = 0;
  #height = 0;

  constructor(
    host: ReactiveControllerHost & HTMLElement,
    store: Store,
    messages: Messages,
    canvases: () => Canvases | null,
    onPainted: (image: Image, state: ViewerState, nowMs: number) => void,
  ) {
    this.#host = host;
    this.#store = store;
    this.#messages = messages;
    this.#canvases = canvases;
    this.#onPainted = onPainted;
    host.addController(this);
    store.subscribe((state, previous) => this.#changed(state, previous));
  }

  hostUpdated(): void {
    if (this.#observed || !this.#host.isConnected) return;
    const canvas = this.#canvases()?.picture;
    if (!canvas) return;
    this.#observed = canvas;
    this.#observer.observe(canvas);
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

  #resized({ width, height }: DOMRectReadOnly): void {
    this.#width = width;
    this.#height = height;
    this.#pictureDirty = this.#overlayDirty = true;
    // Now, not at the next refresh: setting a canvas's size empties it.
    this.#paint(performance.now());
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    if (state.image !== previous.image) this.#pictureDirty = true;
    if (state.pipeline !== previous.pipeline || dynamicRangeOf(state) !== dynamicRangeOf(previous)) {
      this.#overlayDirty = true;
    }
    if (!state.image) {
      this.#loaded = null;
      this.#picture.clear();
    }
    if (this.#pictureDirty || this.#overlayDirty) this.#schedule();
  }

  #schedule(): void {
    if (this.#request || !this.#host.isConnected) return;
    this.#request = requestAnimationFrame((nowMs) => {
      this.#request = 0;
      this.#paint(nowMs);
    });
  }

  #paint(nowMs: number): void {
    const canvases = this.#canvases();
    if (!canvases || this.#width < 1 || this.#height < 1) return;
    const { state } = this.#store;
    const { image } = state;
    const scale = devicePixelRatio;
    for (const canvas of [canvases.picture, canvases.overlay]) {
      const width = Math.max(1, Math.round(this.#width * scale));
      const height = Math.max(1, Math.round(this.#height * scale));
      if (canvas.width === width && canvas.height === height) continue;
      canvas.width = width;
      canvas.height = height;
      this.#pictureDirty = this.#overlayDirty = true;
    }
    const fresh = image !== null && image !== this.#loaded;
    if (fresh) this.#picture.load(image);
    if (this.#pictureDirty) this.#paintPicture(canvases.picture, image, scale);
    if (this.#overlayDirty || !sameGeometry(image, this.#shownGeometry)) {
      this.#paintOverlay(canvases.overlay, state, scale);
    }
    this.#loaded = image;
    this.#pictureDirty = this.#overlayDirty = false;
    if (fresh) this.#onPainted(image, state, nowMs);
  }

  #paintPicture(canvas: HTMLCanvasElement, image: Image | null, scale: number): void {
    const context = canvas.getContext("2d");
    if (!context) return;
    if (image) this.#picture.draw(context, pictureBox(this.#width, this.#height, image), scale);
    else context.clearRect(0, 0, canvas.width, canvas.height);
  }

  #paintOverlay(canvas: HTMLCanvasElement, state: ViewerState, scale: number): void {
    const context = canvas.getContext("2d");
    if (!context) return;
    const { image, pipeline } = state;
    this.#shownGeometry = image;
    const content = image && {
      image,
      dynamicRangeDb: dynamicRangeOf(state),
      greyMap: pipeline.display?.greyMap ?? "gray",
      unit: this.#messages.unit,
    };
    drawOverlay(context, this.#width, this.#height, scale, content, this.#ink(canvas));
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
