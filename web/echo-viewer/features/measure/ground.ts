/** A picture on the stage and where it lies: what figures are set and drawn on. */
import type { Image } from "../../../../host/index.ts";
import type { Mapping, Point } from "../../draw/mapping.ts";
import type { Viewer } from "../feature.ts";
import { GONE, type Item } from "./item.ts";
import { type Anchor, anchorOf, toPicture } from "./space.ts";

export interface Ground {
  /** `main`, or the name that a feature gave its picture. */
  readonly id: string;
  readonly image: Image;
  readonly mapping: Mapping;
  /** As in `Pane`. */
  readonly content?: string;
  readonly follows?: boolean;
}

/** The viewer's own picture. */
export const MAIN = "main";

/** What viewers have that show pictures of features beside their own: M-mode, the other half of a split stage. */
interface WithPanes {
  /** All pictures on the stage, the viewer's own first. */
  panes?(): readonly Ground[];
}

/** All pictures on the stage. */
export function groundsOf(viewer: Viewer & WithPanes): readonly Ground[] {
  if (viewer.panes) return viewer.panes();
  const { image } = viewer.store.state;
  const mapping = viewer.mapping();
  return image && mapping ? [{ id: MAIN, image, mapping }] : [];
}

/** What it was set on is what the picture shows now. */
export function liesOn(
  { pane, content }: { readonly pane: string; readonly content?: string },
  ground: Ground,
): boolean {
  return pane === ground.id && content === ground.content;
}

/** It was set on this picture, or on another frame of what is kept there. */
export function belongsTo(item: Item, { id, content }: Ground): boolean {
  const what = (whole = ""): string => whole.split("@")[0];
  return id === item.pane && what(content) === what(item.content);
}

/** What it was set on is not shown any more, nor comes again. */
export function isLost(item: Item, grounds: readonly Ground[]): boolean {
  if (item.frame === GONE) return true;
  return item.pane !== MAIN && !grounds.some((ground) => belongsTo(item, ground));
}

/** Just inside the outer edge of the outer pixels. */
const EDGE = 1e-6;

/** The nearest place in the picture (px). */
export function inside({ x, y }: Point, { width, height }: Image): Point {
  return {
    x: Math.min(width - EDGE, Math.max(0, x)),
    y: Math.min(height - EDGE, Math.max(0, y)),
  };
}

/** What a place on the stage (CSS px) is kept as. */
export function anchorAt(point: Point, { image, mapping }: Ground): Anchor {
  return anchorOf(inside(mapping.toPicture(point), image), image);
}

/** Where an anchor lies on the stage (CSS px); null when it is not in this picture. */
export function stageOf(anchor: Anchor, { image, mapping }: Ground): Point | null {
  const point = toPicture(anchor, image);
  return point && mapping.toStage(point);
}

/** The same for several; null when one of them is not in it. */
export function stagePoints(anchors: readonly Anchor[], ground: Ground): readonly Point[] | null {
  const points = anchors.map((anchor) => stageOf(anchor, ground));
  return points.every((point) => point !== null) ? points : null;
}
