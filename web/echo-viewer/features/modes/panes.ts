/** The panes of a split stage: which shows what, where each lies, and how it is zoomed. */
import type { Image, Pipeline } from "../../../../host/index.ts";
import type { Box } from "../../draw/layout.ts";
import { pictureRoom } from "../../draw/layout.ts";
import { type Mapping, mappingOf } from "../../draw/mapping.ts";
import type { Ink } from "../../draw/overlay.ts";
import { Picture } from "../../draw/picture.ts";
import type { ViewerState } from "../../store.ts";
import { type View, WHOLE_VIEW, ZOOM_LIMITS } from "../../view.ts";
import type { FilmedPane, OwnPane, Viewer } from "../feature.ts";
import type { Content } from "./content.ts";
import { drawContentScale, PictureFilm } from "./picture-film.ts";
import { PipelineContent } from "./pipeline-content.ts";
import { modesOf, type Slot } from "./state.ts";
import { StoredContent } from "./stored-content.ts";

/** One press zooms by this. */
const ZOOM_STEP = 1.5;

const EMPTY: Slot = { kind: "empty" };

/** Pane of the main picture, then the others. */
export const PANE_IDS: readonly string[] = ["main", "pane-2", "pane-3", "pane-4"];

class SplitPane implements OwnPane {
  readonly id: string;
  area: Box = { x: 0, y: 0, width: 0, height: 0 };
  shown: Content | null = null;
  /** When panes are not zoomed together. */
  view: View = WHOLE_VIEW;
  readonly #viewer: Viewer;
  readonly #captionOf: (slot: Slot, state: ViewerState) => string;
  readonly #picture = new Picture();
  #loaded: Image | null = null;

  constructor(viewer: Viewer, id: string, captionOf: (slot: Slot, state: ViewerState) => string) {
    this.#viewer = viewer;
    this.id = id;
    this.#captionOf = captionOf;
  }

  get caption(): string {
    return this.shown ? this.#captionOf(this.shown.slot, this.#viewer.store.state) : "";
  }

  get content(): string {
    return this.shown?.key ?? "";
  }

  get follows(): boolean {
    return this.shown?.live ?? false;
  }

  get image(): Image | null {
    return this.shown?.image ?? null;
  }

  get mapping(): Mapping | null {
    const { image, area } = this;
    if (!image || area.width < 1 || area.height < 1) return null;
    const { state } = this.#viewer.store;
    const view = modesOf(state).linked ? state.view : this.view;
    return mappingOf(pictureRoom(area.width, area.height, area.x, area.y), image, view);
  }

  drawPicture(context: CanvasRenderingContext2D, scale: number): void {
    const { image, mapping } = this;
    if (!image || !mapping) return;
    if (image !== this.#loaded) this.#picture.load(image);
    this.#loaded = image;
    this.#picture.draw(context, mapping, scale);
  }

  drawScale(context: CanvasRenderingContext2D, ink: Ink): void {
    const { image, mapping, shown } = this;
    if (!image || !mapping || !shown) return;
    drawContentScale(context, shown, this.#viewer.store.state, { image, mapping }, ink);
  }

  film(): FilmedPane {
    const { area, shown, caption } = this;
    const { state } = this.#viewer.store;
    return new PictureFilm(shown, { area, view: modesOf(state).linked ? state.view : this.view, caption });
  }

  clear(): void {
    this.shown?.close();
    this.shown = null;
    this.#loaded = null;
    this.#picture.clear();
  }
}

export class Panes {
  readonly #viewer: Viewer;
  readonly all: readonly SplitPane[];

  /** @param captionOf what is said of a pane where it is given away */
  constructor(viewer: Viewer, captionOf: (slot: Slot, state: ViewerState) => string) {
    this.#viewer = viewer;
    this.all = PANE_IDS.slice(1).map((id) => new SplitPane(viewer, id, captionOf));
  }

  follow(state: ViewerState, previous: ViewerState): void {
    for (const { shown } of this.all) shown?.follow?.(state, previous);
    const { split, linked } = modesOf(state);
    const before = modesOf(previous);
    if (before.linked && !linked) for (const pane of this.all) pane.view = state.view;
    const gone = this.all.filter(
      ({ shown }, i) => i >= split - 1 || (shown instanceof StoredContent && shown.isAnothers(state)),
    );
    if (!gone.some(({ shown }) => shown)) return;
    for (const pane of gone) pane.clear();
    this.#publish();
  }

  nextPicture(): void {
    for (const { shown } of this.all) shown?.nextPicture?.();
  }

  /** Keeps the picture on the screen in a pane (1 to 3). @returns whether there was one */
  async keep(pane: number, clip: boolean): Promise<boolean> {
    const content = await StoredContent.keep(this.#viewer, clip, () => this.#publish());
    if (!content) return false;
    this.#put(pane, content);
    return true;
  }

  /** Shows the frames of the main picture under another pipeline. */
  process(pane: number, pipeline: Pipeline): void {
    const { shown } = this.all[pane - 1];
    if (shown instanceof PipelineContent) shown.pipeline = pipeline;
    else this.#put(pane, new PipelineContent(this.#viewer, pipeline, () => this.#publish()));
  }

  empty(pane: number): void {
    this.all[pane - 1].clear();
    this.#publish();
  }

  togglePlay(pane: number): void {
    const { shown } = this.all[pane - 1];
    if (shown instanceof StoredContent) shown.togglePlay();
  }

  /** Zooms a pane that is zoomed by itself. */
  zoom(pane: number, steps: number): void {
    const one = this.all[pane - 1];
    const zoom = Math.min(ZOOM_LIMITS[1], Math.max(ZOOM_LIMITS[0], one.view.zoom * ZOOM_STEP ** steps));
    one.view = zoom === 1 ? { ...one.view, zoom, centre: [0.5, 0.5] } : { ...one.view, zoom };
    this.#viewer.repaint();
  }

  /** Moves the picture of a pane by so many CSS px, as far as it is zoomed. */
  pan(id: string, dx: number, dy: number): boolean {
    const pane = this.all.find((one) => one.id === id);
    const { image, mapping } = pane ?? {};
    if (!pane || !image || !mapping) return false;
    const { store } = this.#viewer;
    const { linked } = modesOf(store.state);
    const view = linked ? store.state.view : pane.view;
    const [from, to] = [mapping.toPicture({ x: 0, y: 0 }), mapping.toPicture({ x: dx, y: dy })];
    const kept = (part: number): number => Math.min(1 - 0.5 / view.zoom, Math.max(0.5 / view.zoom, part));
    const centre: View["centre"] = [
      kept(view.centre[0] - (to.x - from.x) / image.width),
      kept(view.centre[1] - (to.y - from.y) / image.height),
    ];
    if (linked) store.update({ view: { ...view, centre } });
    else {
      pane.view = { ...view, centre };
      this.#viewer.repaint();
    }
    return true;
  }

  close(): void {
    for (const pane of this.all) pane.clear();
    this.#publish();
  }

  #put(pane: number, content: Content): void {
    const { split } = modesOf(this.#viewer.store.state);
    // The pane may have gone while frames were read.
    if (pane >= split) {
      content.close();
      return;
    }
    this.all[pane - 1].clear();
    this.all[pane - 1].shown = content;
    this.#publish();
  }

  #publish(): void {
    this.#viewer.store.updateFeature("modes", {
      slots: this.all.map(({ shown }) => shown?.slot ?? EMPTY),
    });
    this.#viewer.repaint();
  }
}
