/** A scale beside the picture: ticks and centimetres, on the right of what is seen of it or below. */
import type { Box } from "./layout.ts";
import type { Ink } from "./overlay.ts";
import type { NumberWidths, Scale } from "./ticks.ts";

const GAP = 5;
const MAJOR = 8;
const MINOR = 4;
/** Keeps the unit clear of the first label. */
const UNIT_RISE = 11;
/** From the last number below the picture to the unit. */
const UNIT_GAP = 3;
/** From the picture to the middle of the labels below it. */
const LABEL_DROP = GAP + MAJOR + 8;
/** Half the room of the orientation marker, and of a label, along the scale. */
const MARKER_ROOM = 7;
const LABEL_ROOM = 12;
/** From the picture to the numbers of an upright scale, and from them to the edge. */
const BESIDE = GAP + MAJOR + 4;

/** Centimetres as people write them. */
export type ScaleLabel = (centimetres: number) => string;

/** The number at a tick. */
const numberOf = (label: ScaleLabel, valueM: number): string => label(Number((valueM * 100).toPrecision(9)));

/** The widths of numbers in the context's font. @param room beside an upright scale (CSS px) */
export function numberWidths(
  context: CanvasRenderingContext2D,
  label: ScaleLabel,
  room: number,
): NumberWidths {
  const of = (valueM: number): number => context.measureText(numberOf(label, valueM)).width;
  return { of, room: room - BESIDE };
}

export interface ScaleStyle {
  /** Absent: the scale has no zero that is known, and its ticks no numbers. */
  label?: ScaleLabel;
  /** Name of the unit. */
  unit: string;
  /** The orientation marker stands here along the scale: nothing else does. */
  keepClear?: number;
  /** Room for numbers beside an upright scale (CSS px). */
  room?: number;
  /** A mark that points at this place: the focus. */
  mark?: number;
}

/** `visible`: what is seen of the picture. */
export function drawScale(
  context: CanvasRenderingContext2D,
  { upright, ticks }: Scale,
  visible: Box,
  { label, unit, keepClear = Number.NaN, mark, room }: ScaleStyle,
  ink: Ink,
): void {
  if (!ticks.length) return;
  const edge = Math.round(upright ? visible.x + visible.width + GAP : visible.y + visible.height + GAP);
  context.fillStyle = ink.scale;
  context.textAlign = upright ? "left" : "center";
  context.textBaseline = "middle";
  // The unit of a lying scale stands behind its last number.
  let end = visible.x + visible.width + GAP;
  for (const { valueM, at, major } of ticks) {
    const length = major ? MAJOR : MINOR;
    const off = Math.abs(at - keepClear);
    if (off < MARKER_ROOM) continue;
    if (upright) context.fillRect(edge, Math.round(at - 0.5), length, 1);
    else context.fillRect(Math.round(at - 0.5), edge, 1, length);
    if (!major || !label || off < LABEL_ROOM) continue;
    const text = numberOf(label, valueM);
    // Made narrower rather than cut off.
    if (upright) context.fillText(text, edge + MAJOR + 3, at, room && room - BESIDE);
    else {
      context.fillText(text, at, edge - GAP + LABEL_DROP);
      end = Math.max(end, at + context.measureText(text).width / 2 + UNIT_GAP);
    }
  }
  if (mark !== undefined) {
    // A triangle in the gap between picture and ticks.
    context.beginPath();
    const tip = edge - 0.5;
    for (const [along, across] of [
      [-4, 5],
      [4, 5],
      [0, 0],
    ])
      context.lineTo(upright ? tip - across : mark + along, upright ? mark + along : tip - across);
    context.fill();
  }
  if (!label) return;
  context.textAlign = "left";
  if (!upright) {
    context.fillText(unit, end, edge - GAP + LABEL_DROP);
    return;
  }
  context.textBaseline = "alphabetic";
  context.fillText(unit, edge, visible.y - UNIT_RISE);
}
