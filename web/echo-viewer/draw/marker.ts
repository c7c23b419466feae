/** The orientation marker: a dot above the corner of the picture where element 0, the smallest x, is. */
import type { Box } from "./layout.ts";
import type { Ink } from "./overlay.ts";

const RADIUS = 4;

export function drawMarker(
  context: CanvasRenderingContext2D,
  box: Box,
  side: "left" | "right",
  ink: Ink,
): void {
  const x = Math.round(side === "left" ? box.x + RADIUS : box.x + box.width - RADIUS);
  const y = Math.round(box.y - RADIUS - 5);
  context.fillStyle = ink.marker;
  context.beginPath();
  context.arc(x, y, RADIUS, 0, 2 * Math.PI);
  context.fill();
}
