/**
 * The ticks of a scale: where round lengths of the body lie on the stage, whatever is zoomed, flipped or turned. Pure
 * arithmetic; a scale is made only of what the picture's main region is calibrated for.
 */
import type { Image, Region } from "../../../host/index.ts";
import { mainRegion } from "./layout.ts";
import type { Mapping } from "./mapping.ts";

/** Along the depth of the picture, or along the array. */
export type ScaleAxis = "depth" | "lateral";

export interface Tick {
  /** Distance from the scale's zero (m). */
  valueM: number;
  /** Place on the stage along the scale: its y where the scale is upright, else its x (CSS px). */
  at: number;
  /** Labelled and longer. */
  major: boolean;
}

export interface Scale {
  /** It runs up and down the stage: on the right of the picture; otherwise it is below it. */
  upright: boolean;
  ticks: readonly Tick[];
}

/** Labelled ticks are 1, 2 or 5 times a power of ten (m) apart; each distance may be divided into so many parts. */
const STEPS: readonly (readonly [step: number, parts: readonly number[]])[] = [
  [1, [10, 2]],
  [2, [4, 2]],
  [5, [5]],
];

/** The last power of ten that is no greater; a hair below one is taken for it. */
const powerBelow = (value: number): number => 10 ** Math.floor(Math.log10(value) + 1e-9);

/** Whole centimetres, unless too little is seen to hold two of them: then 1 or 5 of the greatest unit of which it holds two. */
function leastStepM(spanM: number): number {
  const power = powerBelow(spanM / 2);
  return Math.min(0.01, spanM / 2 >= 5 * power ? 5 * power : power);
}

/** Least distance between labels of an upright and of a lying scale, and between ticks (CSS px). */
const LABEL_PX = 26;
const WIDE_LABEL_PX = 34;
const TICK_PX = 5;
/** Least distance between the numbers of a lying scale. */
const NUMBER_GAP_PX = 6;
/** Part of its width that a number beside an upright scale may be narrowed to. */
const NARROWEST = 0.8;

/** A line of the body on the stage: place = start + length x perMetre. */
interface Line {
  upright: boolean;
  perMetre: number;
  start: number;
  /** Seen part (CSS px). */
  from: number;
  to: number;
}

function lineOf(region: Region, mapping: Mapping, axis: ScaleAxis): Line | undefined {
  const depth = axis === "depth";
  const [deltaM, originM] = depth ? [region.deltaZM, region.originZM] : [region.deltaXM, region.originXM];
  if (!Number.isFinite(deltaM) || deltaM === 0) return undefined;
  const [a, b, c, d, e, f] = mapping.matrix;
  const [alongX, alongY] = depth ? [c, d] : [a, b];
  const upright = alongY !== 0;
  const [perPixel, offset] = upright ? [alongY, f] : [alongX, e];
  const place = (pixel: number): number => offset + perPixel * pixel;
  // Outer edges of the region's pixels; pixel centres lie half a pixel further in.
  const ends = depth
    ? [place(region.minY), place(region.maxY + 1)]
    : [place(region.minX), place(region.maxX + 1)];
  const { visible } = mapping;
  const [first, length] = upright ? [visible.y, visible.height] : [visible.x, visible.width];
  return {
    upright,
    perMetre: perPixel / deltaM,
    start: place(0.5 - originM / deltaM),
    from: Math.max(first, Math.min(...ends)),
    to: Math.min(first + length, Math.max(...ends)),
  };
}

/** Place on the stage of a length along an axis (CSS px), if it is seen. */
export function placeOf(
  image: Image,
  mapping: Mapping,
  axis: ScaleAxis,
  lengthM: number,
): number | undefined {
  const region = mainRegion(image);
  const line = region && lineOf(region, mapping, axis);
  if (!line) return undefined;
  const at = line.start + lengthM * line.perMetre;
  return at >= line.from - 1e-6 && at <= line.to + 1e-6 ? at : undefined;
}

/** How wide the numbers of a scale are, and the room for them beside an upright one (CSS px). */
export interface NumberWidths {
  of(valueM: number): number;
  room: number;
}

/**
 * @param zeroM where the scale counts from (m): 0 for depth
 * @param widths there are fewer numbers where these have no room, but never less than two beside an upright scale
 * @returns undefined where nothing is calibrated
 */
export function scaleOf(
  image: Image,
  mapping: Mapping,
  axis: ScaleAxis,
  zeroM = 0,
  widths?: NumberWidths,
): Scale | undefined {
  const region = mainRegion(image);
  const line = region && lineOf(region, mapping, axis);
  if (!line || line.to <= line.from) return undefined;
  const { upright, start, perMetre, from, to } = line;
  const pixelsPerMetre = Math.abs(perMetre);
  const labelM = (upright ? LABEL_PX : WIDE_LABEL_PX) / pixelsPerMetre;
  let least = Math.max(labelM, leastStepM((to - from) / pixelsPerMetre)) * (1 - 1e-9);
  const ends = [(from - start) / perMetre - zeroM, (to - start) / perMetre - zeroM];
  for (;;) {
    const power = powerBelow(least);
    const [factor, parts] = STEPS.find(([times]) => times * power >= least) ?? [10, [10, 2]];
    const step = factor * power;
    const divisions = parts.find((count) => (step / count) * pixelsPerMetre >= TICK_PX) ?? 1;
    const minor = step / divisions;
    const ticks: Tick[] = [];
    // Counted in whole ticks: adding steps would drift.
    const last = Math.floor(Math.max(...ends) / minor + 1e-6);
    for (let n = Math.ceil(Math.min(...ends) / minor - 1e-6); n <= last; n++) {
      // No minus zero.
      const valueM = n === 0 ? 0 : n * minor;
      ticks.push({ valueM, at: start + (valueM + zeroM) * perMetre, major: n % divisions === 0 });
    }
    if (!widths) return { upright, ticks };
    const widest = Math.max(...ticks.map(({ valueM, major }) => (major ? widths.of(valueM) : 0)));
    const stepPx = step * pixelsPerMetre;
    const fits = upright
      ? widest * NARROWEST <= widths.room || to - from < 5 * stepPx
      : widest + NUMBER_GAP_PX <= stepPx;
    if (fits) return { upright, ticks };
    least = step * (1 + 1e-6);
  }
}
