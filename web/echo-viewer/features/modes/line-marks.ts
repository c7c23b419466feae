/** The line on the picture: dotted, with a handle at each end while it can be taken. */
import type { Mapping, Point } from "../../draw/mapping.ts";
import { canSlope } from "./plane.ts";
import type { Course } from "./reader.ts";

/** The colour of the line and of the frame's cursor on the strip: none that a picture, scale or marker has. */
export const LINE_COLOUR = "#ffd84d";

export const HANDLE_PX = 6;

function drawLine(
  context: CanvasRenderingContext2D,
  [from, to]: readonly [Point, Point],
  chosen: boolean,
  slopes: boolean,
): void {
  const trace = (): void => {
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  };
  // Dark below bright: it is seen on black and on white.
  context.lineWidth = 3;
  context.strokeStyle = "rgb(0 0 0 / 0.55)";
  trace();
  context.lineWidth = 1.5;
  context.strokeStyle = LINE_COLOUR;
  context.setLineDash(chosen ? [] : [6, 4]);
  trace();
  context.setLineDash([]);
  // What goes straight down has no ends to be taken.
  if (chosen && !slopes) return;
  for (const { x, y } of [from, to]) {
    context.beginPath();
    context.arc(x, y, chosen ? HANDLE_PX : 3.5, 0, 2 * Math.PI);
    context.fillStyle = chosen ? "#000" : LINE_COLOUR;
    context.fill();
    context.stroke();
  }
}

/** The line on a picture, where that lies on the stage. */
export function drawCourse(
  context: CanvasRenderingContext2D,
  { plane, ends: [from, to] }: Course,
  mapping: Mapping,
  chosen: boolean,
): void {
  const { room } = mapping;
  context.beginPath();
  context.rect(room.x - 8, room.y - 8, room.width + 16, room.height + 16);
  context.clip();
  const places = [mapping.toStage(plane.toPicture(from)), mapping.toStage(plane.toPicture(to))] as const;
  drawLine(context, places, chosen, canSlope(plane));
}
