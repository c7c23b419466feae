/**
 * The TGC curve over the picture: at each depth the gain as a distance to the right of a line of 0 dB, as on a scanner's row of slides.
 * It never mirrors with the picture or the language; where the picture lies on its side, more gain is up.
 */
import { depthSpan, mainRegion } from "../../draw/layout.ts";
import type { Point } from "../../draw/mapping.ts";
import type { Scene } from "../feature.ts";
import { depthOfPoint, POINTS, reachOf } from "./tgc.ts";

/** How long the curve stays after the last change, and how long it takes to go (ms). */
export const STAY_MS = 1500;
export const FADE_MS = 400;

/** Distance of the full reach from the middle line, at most, and of that from the edge of the picture (CSS px). */
const HALF_PX = 52;
const EDGE_PX = 16;
/** Handles at the ends of the picture are seen whole. */
const BEYOND_PX = 8;
const HANDLE_PX = 3.5;
const ACTIVE_PX = 5.5;
const LABEL_GAP_PX = 9;

/** How much of it is seen so long after the last change, 0 to 1. */
export function visibilityOf(sinceMs: number, reducedMotion: boolean): number {
  if (!(sinceMs >= STAY_MS)) return 1;
  return reducedMotion ? 0 : Math.max(0, 1 - (sinceMs - STAY_MS) / FADE_MS);
}

export interface Curve {
  /** dB at `POINTS` depths. */
  points: readonly number[];
  /** Depths of the first and last (m). */
  span: readonly [topM: number, bottomM: number];
  /** The point that is being moved, or none. */
  active: number | null;
  /** 0 to 1. */
  visibility: number;
  label(db: number): string;
}

/** Draws it; nothing where the picture is not calibrated. */
export function drawCurve({ context, image, mapping, ink }: Scene, curve: Curve): void {
  const region = mainRegion(image);
  if (!region || !(region.deltaZM > 0) || curve.visibility <= 0) return;
  const { points, span, active } = curve;
  const [upper, lower] = depthSpan(region);
  const place = (depthM: number): Point =>
    mapping.toStage({ x: image.width / 2, y: (depthM - region.originZM) / region.deltaZM + 0.5 });
  // Down the stage, or across it where the picture lies on its side.
  const [first, last] = [place(upper), place(lower)];
  const lying = Math.abs(last.x - first.x) > Math.abs(last.y - first.y);
  const { room, box } = mapping;
  const [near, far] = lying
    ? [Math.max(room.y, box.y), Math.min(room.y + room.height, box.y + box.height)]
    : [Math.max(room.x, box.x), Math.min(room.x + room.width, box.x + box.width)];
  const half = Math.min(HALF_PX, (far - near) / 5);
  const axis = Math.round(far - half - EDGE_PX) + 0.5;
  const reach = reachOf(points);
  const at = (depthM: number, db: number): Point => {
    const { x, y } = place(depthM);
    const aside = (db / reach) * half;
    return lying ? { x, y: axis - aside } : { x: axis + aside, y };
  };
  const handles = points.map((db, i) => at(depthOfPoint(span, i), db));
  const line = (through: readonly Point[]): void => {
    context.beginPath();
    for (const { x, y } of through) context.lineTo(x, y);
  };

  context.globalAlpha = curve.visibility;
  context.beginPath();
  context.rect(
    room.x - BEYOND_PX,
    room.y - BEYOND_PX,
    room.width + 2 * BEYOND_PX,
    room.height + 2 * BEYOND_PX,
  );
  context.clip();
  context.lineJoin = "round";
  context.lineCap = "round";
  // Dark below light: seen over black and over white.
  line([at(span[0], 0), at(span[1], 0)]);
  context.lineWidth = 3;
  context.strokeStyle = "rgb(0 0 0 / 0.6)";
  context.stroke();
  context.lineWidth = 1;
  context.strokeStyle = ink.scale;
  context.setLineDash([2, 4]);
  context.stroke();
  context.setLineDash([]);
  line(handles);
  context.lineWidth = 5;
  context.strokeStyle = "rgb(0 0 0 / 0.6)";
  context.stroke();
  context.lineWidth = 2;
  context.strokeStyle = ink.marker;
  context.stroke();
  for (const [i, { x, y }] of handles.entries()) {
    context.beginPath();
    context.arc(x, y, i === active ? ACTIVE_PX : HANDLE_PX, 0, 2 * Math.PI);
    context.fillStyle = i === active ? ink.scale : ink.marker;
    context.fill();
    context.lineWidth = 1.5;
    context.strokeStyle = "rgb(0 0 0 / 0.8)";
    context.stroke();
  }
  if (active === null || active >= POINTS) return;
  const { x, y } = handles[active];
  const text = curve.label(points[active]);
  context.textBaseline = "middle";
  context.textAlign = lying ? "center" : "right";
  const [labelX, labelY] = lying ? [x, axis - half - LABEL_GAP_PX] : [Math.min(x, axis) - LABEL_GAP_PX, y];
  context.lineWidth = 3;
  context.strokeStyle = "rgb(0 0 0 / 0.8)";
  context.strokeText(text, labelX, labelY);
  context.fillStyle = ink.scale;
  context.fillText(text, labelX, labelY);
}
