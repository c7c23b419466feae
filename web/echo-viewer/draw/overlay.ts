/** What is drawn beside a picture: scales, focus mark, grey bar, orientation marker. */
import type { GreyMap, Image } from "../../../host/index.ts";
import { drawGreyBar } from "./grey-bar.ts";
import { MARGIN } from "./layout.ts";
import type { Mapping } from "./mapping.ts";
import { drawMarker, markerPlace } from "./marker.ts";
import { drawScale, numberWidths } from "./scale.ts";
import { placeOf, scaleOf } from "./ticks.ts";

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
  /** Name of the unit of the scales. */
  unit: string;
  /** Centimetres as people write them. */
  label: (centimetres: number) => string;
  /** x of the middle of the array (m), where the lateral scale has its zero; absent: not known. */
  arrayCentreM?: number;
  /** Depth of the transmit focus (m), where all transmits have the same. */
  focusM?: number;
}

/** A grey bar below the orientation marker begins so much lower (CSS px): its unit stands between them. */
const BELOW_MARKER = 30;

/** Draws what belongs to one picture, in CSS pixels of the canvas. */
export function drawBeside(context: CanvasRenderingContext2D, content: OverlayContent, ink: Ink): void {
  const { image, mapping, unit, label, arrayCentreM, focusM } = content;
  const { visible } = mapping;
  const room = mapping.room.x + mapping.room.width + MARGIN.right - visible.x - visible.width;
  context.font = ink.font;
  // Numbers read from left to right in every language, and the scales are at the same sides.
  context.direction = "ltr";
  const marker = markerPlace(image, mapping);
  const widths = numberWidths(context, label, room);
  const centred = arrayCentreM !== undefined;
  const scales = [
    {
      scale: scaleOf(image, mapping, "depth", 0, widths),
      label,
      mark: focusM === undefined ? undefined : placeOf(image, mapping, "depth", focusM),
    },
    {
      scale: scaleOf(image, mapping, "lateral", arrayCentreM, centred ? widths : undefined),
      label: centred ? label : undefined,
    },
  ];
  for (const { scale, ...style } of scales) {
    if (!scale) continue;
    const beside = scale.upright ? marker?.edge === "right" : marker?.edge === "bottom";
    const keepClear = marker && beside ? (scale.upright ? marker.y : marker.x) : undefined;
    drawScale(context, scale, visible, { ...style, unit, keepClear, room }, ink);
  }
  const lowered = marker?.edge === "left" && marker.y < visible.y + BELOW_MARKER ? BELOW_MARKER : 0;
  const bar = { ...visible, y: visible.y + lowered, height: visible.height - lowered };
  drawGreyBar(context, bar, content.dynamicRangeDb, content.greyMap, label, ink);
  if (marker) drawMarker(context, marker, ink);
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
  if (content) drawBeside(context, content, ink);
}
