/**
 * Where pixels stand against the elements of a uniform array. Pixels whose offset from an element repeats form a class: position m of
 * a class lies `offsetM` beside element `anchor + step m`, so whatever holds for one position holds for all, shifted.
 *
 *   elements      |       |       |       |          pitch p
 *   pixels        0   1   2   0   1   2   0          spacing p / 3: three classes, step 1
 */
import { type Axis, type ChannelData, elementCount } from "../../model.ts";
import { axisStep } from "../axis.ts";

/** Elements on a rectangular grid: element (i, j) at (x + i pitchX, y + j pitchY, 0), looking along z. */
export interface ElementGrid {
  x: number;
  y: number;
  pitchX: number;
  pitchY: number;
  columns: number;
  rows: number;
  /** Number of element (i, j) at i + j columns. */
  numbers: readonly number[];
}

/** One class of pixels along one direction. */
export interface PixelClass {
  /** First pixel of the class, and pixels from one position to the next. */
  first: number;
  stride: number;
  /** Positions. */
  count: number;
  /** Element beside position 0; may lie outside the array. */
  anchor: number;
  /** Elements from one position to the next. */
  step: number;
  /** Pixel minus element (m). */
  offsetM: number;
}

/** Positions may differ from the ideal ones by this (m): a five-thousandth of a wavelength at 3 MHz. */
export const TOLERANCE_M = 1e-7;
/** More classes than this leave too few positions in each to fill the lanes. */
const MOST_CLASSES = 16;
/** Largest number of elements from one position of a class to the next. */
const LARGEST_STEP = 4;

/** Distinct values, ascending; those closer than the tolerance are one. */
function distinct(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.filter((value, i) => i === 0 || value - sorted[i - 1] > TOLERANCE_M);
}

/** The pitch of equally spaced values; undefined when they are not. */
export function pitchOf(values: readonly number[]): number | undefined {
  if (values.length === 1) return 0;
  const pitch = (values[values.length - 1] - values[0]) / (values.length - 1);
  return values.every((value, i) => Math.abs(value - values[0] - i * pitch) <= TOLERANCE_M)
    ? pitch
    : undefined;
}

/** The probe as a grid of elements, or why it is none, as the end of a sentence. */
export function elementGrid({ probe }: ChannelData): ElementGrid | string {
  const n = elementCount(probe);
  const p = probe.positionsM;
  const [xs, ys]: [number[], number[]] = [[], []];
  for (let e = 0; e < n; e++) {
    if (Math.abs(p[3 * e + 2]) > TOLERANCE_M || probe.azimuthsRad[e] !== 0) return "the array is not flat";
    xs.push(p[3 * e]);
    ys.push(p[3 * e + 1]);
  }
  const [columns, rows] = [distinct(xs), distinct(ys)];
  const [pitchX, pitchY] = [pitchOf(columns), pitchOf(rows)];
  if (pitchX === undefined || pitchY === undefined || columns.length * rows.length !== n)
    return "the elements are not equally spaced";
  const numbers = new Array<number>(n).fill(-1);
  const place = (value: number, first: number, pitch: number) =>
    pitch === 0 ? 0 : Math.round((value - first) / pitch);
  for (let e = 0; e < n; e++)
    numbers[place(xs[e], columns[0], pitchX) + place(ys[e], rows[0], pitchY) * columns.length] = e;
  if (numbers.includes(-1)) return "the elements are not equally spaced";
  return {
    x: columns[0],
    y: rows[0],
    pitchX,
    pitchY,
    columns: columns.length,
    rows: rows.length,
    numbers,
  };
}

/** Pixels a pitch over elements a step, in lowest terms, when the axis and the elements have a common measure. */
function commonMeasure(axis: Axis, pitch: number): { stride: number; step: number } | undefined {
  if (axis.count === 1) return { stride: 1, step: 1 };
  const spacing = axisStep(axis);
  for (let step = 1; step <= LARGEST_STEP; step++) {
    const stride = Math.round((step * pitch) / spacing);
    if (stride < 1 || stride > MOST_CLASSES) continue;
    const drift = Math.abs(spacing - (step * pitch) / stride) * (axis.count - 1);
    if (drift <= TOLERANCE_M) return { stride, step };
  }
  return undefined;
}

/** The classes of an axis of pixels against elements `first + i pitch`; why there are none, as the end of a sentence. */
export function pixelClasses(axis: Axis, first: number, pitch: number, name: string): PixelClass[] | string {
  if (pitch === 0)
    return Array.from({ length: axis.count }, (_, i) => ({
      first: i,
      stride: axis.count,
      count: 1,
      anchor: 0,
      step: 1,
      offsetM: axis.min + i * axisStep(axis) - first,
    }));
  const measure = commonMeasure(axis, pitch);
  if (!measure)
    return `pixels along ${name} are ${(1e3 * axisStep(axis)).toFixed(4)} mm apart, which does not fit the element pitch of ${(1e3 * pitch).toFixed(4)} mm: choose a whole fraction of it`;
  const { stride, step } = measure;
  return Array.from({ length: Math.min(stride, axis.count) }, (_, i) => {
    const x = axis.min + i * axisStep(axis) - first;
    const anchor = Math.round(x / pitch);
    return {
      first: i,
      stride,
      count: Math.ceil((axis.count - i) / stride),
      anchor,
      step,
      offsetM: x - anchor * pitch,
    };
  });
}
