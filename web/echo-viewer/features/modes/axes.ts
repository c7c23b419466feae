/** Ticks at round values, and their drawing along the lower edge of a strip or plot. */
import type { Box } from "../../draw/layout.ts";
import type { Ink } from "../../draw/overlay.ts";

/** Least distance between labels, and between ticks (CSS px). */
const LABEL_PX = 52;
const TICK_PX = 6;
/** Least distance of a label from the unit (CSS px). */
const UNIT_GAP = 6;

export interface AxisTick {
  value: number;
  /** Part of the axis, 0 to 1. */
  part: number;
  major: boolean;
}

/** Ticks of an axis `length` CSS px long: labelled ones 1, 2 or 5 times a power of ten apart. `whole`: at whole numbers only. */
export function axisTicks(
  from: number,
  to: number,
  length: number,
  { labelPx = LABEL_PX, whole = false } = {},
): AxisTick[] {
  const span = to - from;
  if (!(span > 0) || !(length > 0)) return [];
  const least = Math.max((span * labelPx) / length, whole ? 1 : 0);
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((one) => one * power >= least * (1 - 1e-9)) ?? 10;
  const step = factor * power;
  const parts =
    [factor === 2 ? 4 : 5, factor === 1 ? 2 : 1].find(
      (n) => (step / n / span) * length >= TICK_PX && (!whole || Number.isInteger(step / n)),
    ) ?? 1;
  const minor = step / parts;
  const ticks: AxisTick[] = [];
  for (let n = Math.ceil(from / minor - 1e-6); n * minor <= to + span * 1e-9; n++) {
    ticks.push({ value: n * minor, part: (n * minor - from) / span, major: n % parts === 0 });
  }
  return ticks;
}

/** Numbers as the viewer's language writes them. */
export type Label = (value: number) => string;

/** A value with no more decimals than it needs. */
export const numberText = (value: number, label: Label): string => label(Number(value.toFixed(6)));

/** Ticks and labels below a box, its unit behind the last label. */
export function drawLowerAxis(
  context: CanvasRenderingContext2D,
  box: Box,
  ticks: readonly AxisTick[],
  unit: string,
  label: Label,
  ink: Ink,
): void {
  context.fillStyle = ink.scale;
  context.textAlign = "center";
  context.textBaseline = "top";
  const y = Math.round(box.y + box.height) + 2;
  // The unit stands at the end of the axis.
  const last = box.x + box.width - context.measureText(unit).width - UNIT_GAP;
  for (const { value, part, major } of ticks) {
    const x = Math.round(box.x + part * box.width - 0.5);
    context.fillRect(x, y, 1, major ? 7 : 4);
    const text = numberText(value, label);
    if (major && x + context.measureText(text).width / 2 < last) context.fillText(text, x, y + 9);
  }
  context.textAlign = "right";
  context.fillText(unit, box.x + box.width, y + 9);
}

/** Ticks and labels on the left of a box, the unit above them. */
export function drawLeftAxis(
  context: CanvasRenderingContext2D,
  box: Box,
  ticks: readonly AxisTick[],
  unit: string,
  label: Label,
  ink: Ink,
): void {
  context.fillStyle = ink.scale;
  context.textAlign = "right";
  context.textBaseline = "middle";
  const x = Math.round(box.x) - 2;
  for (const { value, part, major } of ticks) {
    const y = box.y + box.height * (1 - part);
    context.fillRect(x - (major ? 7 : 4), Math.round(y - 0.5), major ? 7 : 4, 1);
    if (major) context.fillText(numberText(value, label), x - 10, y);
  }
  context.textBaseline = "alphabetic";
  context.fillText(unit, x, box.y - 11);
}

/** A thin frame round a box. */
export function drawFrame(context: CanvasRenderingContext2D, box: Box): void {
  context.strokeStyle = "#2b333b";
  context.lineWidth = 1;
  context.strokeRect(
    Math.round(box.x) - 0.5,
    Math.round(box.y) - 0.5,
    Math.round(box.width) + 1,
    Math.round(box.height) + 1,
  );
}
