/** What is drawn beside the picture: depth scale, grey bar, orientation marker. */
import type { GreyMap, Image } from "../../../host/index.ts";
import { drawDepthScale } from "./depth-scale.ts";
import { drawGreyBar } from "./grey-bar.ts";
import { markerSide } from "./layout.ts";
import type { Mapping } from "./mapping.ts";
import { drawMarker } from "./marker.ts";

/** Colours and type, from the element's style. */
export interface Ink {
  scale: string;
  marker: string;
  /** CSS font of the labels. */
  font: string;
}

export interface OverlayContent {
  image: Image;
  mapping: Mapping;
  dynamicRangeDb: number;
  greyMap: GreyMap;
  /** Name of the unit of the depth scale. */
  unit: string;
}

/** @param scale device pixels per CSS pixel. */
export function drawOverlay(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  scale: number,
  content: OverlayContent | null,
  ink: Ink,
): void {
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  if (!content) return;
  const { image, mapping } = content;
  const { box } = mapping;
  context.font = ink.font;
  // Numbers read from left to right in every language, and the scale is at the same side.
  context.direction = "ltr";
  drawDepthScale(context, image, box, content.unit, ink);
  drawGreyBar(context, box, content.dynamicRangeDb, content.greyMap, ink);
  const side = markerSide(image);
  if (side) drawMarker(context, box, side, ink);
}
