/**
 * The orientation marker: a dot beyond the array's edge of the picture, at the end of element 0, the smallest x. It
 * goes wherever flips and turns take that corner; zoomed, it stands at the end of what is seen.
 */
import type { Image } from "../../../host/index.ts";
import { mainRegion } from "./layout.ts";
import type { Mapping, Point } from "./mapping.ts";
import type { Ink } from "./overlay.ts";

const RADIUS = 4;
/** From the picture's edge to the middle of the dot. */
const AWAY = RADIUS + 5;

export interface MarkerPlace extends Point {
  /** Beyond which edge of the picture, as it is seen. */
  edge: "top" | "bottom" | "left" | "right";
}

function clamp(value: number, from: number, length: number): number {
  return Math.min(from + length, Math.max(from, value));
}

/** Middle of the dot on the stage; undefined where the picture does not say where its sides are. */
export function markerPlace(image: Image, mapping: Mapping): MarkerPlace | undefined {
  const region = mainRegion(image);
  if (!region) return undefined;
  const { deltaXM, deltaZM } = region;
  if (!Number.isFinite(deltaXM) || !Number.isFinite(deltaZM) || deltaXM === 0 || deltaZM === 0)
    return undefined;
  const { width, height } = image;
  const first = { x: deltaXM > 0 ? 0 : width, y: deltaZM > 0 ? 0 : height };
  const corner = mapping.toStage(first);
  const along = mapping.toStage({ x: width - first.x, y: first.y });
  const beneath = mapping.toStage({ x: first.x, y: height - first.y });
  const { visible } = mapping;
  return {
    x: Math.round(
      clamp(corner.x, visible.x, visible.width) +
        Math.sign(along.x - corner.x) * RADIUS -
        Math.sign(beneath.x - corner.x) * AWAY,
    ),
    y: Math.round(
      clamp(corner.y, visible.y, visible.height) +
        Math.sign(along.y - corner.y) * RADIUS -
        Math.sign(beneath.y - corner.y) * AWAY,
    ),
    edge:
      Math.abs(beneath.y - corner.y) > Math.abs(beneath.x - corner.x)
        ? beneath.y > corner.y
          ? "top"
          : "bottom"
        : beneath.x > corner.x
          ? "left"
          : "right",
  };
}

export function drawMarker(context: CanvasRenderingContext2D, { x, y }: Point, ink: Ink): void {
  context.fillStyle = ink.marker;
  context.beginPath();
  context.arc(x, y, RADIUS, 0, 2 * Math.PI);
  context.fill();
}
