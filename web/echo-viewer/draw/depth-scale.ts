/** Ticks and centimetres at the right edge of the picture; nothing where the picture is not calibrated. */
import type { Image } from "../../../host/index.ts";
import { type Box, depthTicks } from "./layout.ts";
import type { Ink } from "./overlay.ts";

const GAP = 5;
const MAJOR = 8;
const MINOR = 4;
/** Keeps the unit clear of the first label. */
const UNIT_RISE = 11;

/** Centimetres with as many decimals as the tick needs. */
export function tickLabel(depthM: number): string {
  return String(Number((depthM * 100).toFixed(1)));
}

export function drawDepthScale(
  context: CanvasRenderingContext2D,
  image: Image,
  box: Box,
  unit: string,
  ink: Ink,
): void {
  const ticks = depthTicks(image, box);
  if (!ticks.length) return;
  const x = Math.round(box.x + box.width + GAP);
  context.fillStyle = ink.scale;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { depthM, y, major } of ticks) {
    const length = major ? MAJOR : MINOR;
    context.fillRect(x, Math.round(y - 0.5), length, 1);
    if (major) context.fillText(tickLabel(depthM), x + MAJOR + 3, y);
  }
  context.textBaseline = "alphabetic";
  context.fillText(unit, x, box.y - UNIT_RISE);
}
