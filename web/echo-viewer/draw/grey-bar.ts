/** The grey bar at the left of the picture: which grey stands for which level, white at 0 dB. */
import { type GreyMap, greyPalette } from "../../../host/index.ts";
import type { Box } from "./layout.ts";
import type { Ink } from "./overlay.ts";

const WIDTH = 8;
const GAP = 10;
/** Part of the picture's height, at most so many CSS px. */
const PART = 0.4;
const TALLEST = 160;
/** Lower bars are told by their lower end alone: two labels would lie over each other. */
const TWO_LABELS = 26;
/** In line with the unit of the depth scale. */
const UNIT_RISE = 11;

/** Pieces of the gradient, of 17 levels each: a grey map is straight enough in between. */
const PIECES = 15;

export function drawGreyBar(
  context: CanvasRenderingContext2D,
  box: Box,
  dynamicRangeDb: number,
  greyMap: GreyMap,
  label: (value: number) => string,
  ink: Ink,
): void {
  const height = Math.round(Math.min(TALLEST, box.height * PART));
  const x = Math.round(box.x - GAP - WIDTH);
  const y = Math.round(box.y);
  const gradient = context.createLinearGradient(0, y, 0, y + height);
  const colours = greyPalette(greyMap);
  for (let i = 0; i <= PIECES; i++) {
    const [red, green, blue] = colours.subarray(4 * 17 * (PIECES - i));
    gradient.addColorStop(i / PIECES, `rgb(${red} ${green} ${blue})`);
  }
  context.fillStyle = gradient;
  context.fillRect(x, y, WIDTH, height);
  context.strokeStyle = ink.scale;
  context.lineWidth = 1;
  context.strokeRect(x - 0.5, y - 0.5, WIDTH + 1, height + 1);
  context.fillStyle = ink.scale;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const labelX = x - 4;
  if (height >= TWO_LABELS) context.fillText("0", labelX, y + 4);
  context.fillText(`−${label(dynamicRangeDb)}`, labelX, y + height - 4, labelX);
  context.textBaseline = "alphabetic";
  context.fillText("dB", x + WIDTH + 1, y - UNIT_RISE);
}
