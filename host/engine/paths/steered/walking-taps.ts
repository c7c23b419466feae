/**
 * What pixels hear of walking apertures. A pixel beside focus a + m hears transmit a + m + k with element step (a + m) + d after a time that
 * depends on its class, on k, d and depth alone. In the ring channels stand by
 *
 *   offset = element - step transmit = d - step k      a row of channels, greatest offset first
 *   transmit                                           a column
 *
 *   row 0   offset 7 | t0 t1 t2 ...        a run of neighbours k to k + 3, of one element:
 *   row 1   offset 6 | t0 t1 t2 ...        one column and `step` rows further on from each to the next
 *
 * so that a block of positions m reads transmits side by side. Only `planes` offsets stand in the ring at a time; the cut is the
 * same whatever depths are made, and with it the order of summation.
 */
import type { Kernels } from "../../../core/binding.ts";
import type { Axis } from "../../../model.ts";
import { axisStep } from "../../axis.ts";
import type { PixelClass } from "../lattice.ts";
import { type Aperture, type ClassTaps, heard, hearingAt } from "./taps.ts";
import { reaches, type WalkingApertures } from "./walking.ts";

/** Offsets [first, first + count) that stand in the ring together. */
export interface Planes {
  first: number;
  count: number;
}

/** An element that a class hears at some depth. */
interface HeardElement {
  d: number;
  weight: number;
  pathM: number;
}

/** Everything a class hears at one depth. */
interface HeardDepth {
  elements: HeardElement[];
  /** Transmits that reach it, by k from `first`: signed path from the focus (m). */
  first: number;
  transmitPathsM: number[];
}

/** What one class hears, depth by depth. x: the class against the foci. */
function hearClass(
  walking: WalkingApertures,
  x: PixelClass,
  z: Axis,
  rows: { first: number; end: number },
  aperture: Aperture,
  kernels: Kernels,
): HeardDepth[] {
  const { grid, step, transmits, spacingM, focusXM, focusZM } = walking;
  const lastPosition = x.anchor + x.count - 1;
  const elements = { least: -step * lastPosition, greatest: grid.columns - 1 - step * x.anchor };
  // Position 0 of element 0 in the frame of d = 0.
  const offsetM = focusXM + x.offsetM - grid.x;
  const stepM = axisStep(z);
  return Array.from({ length: rows.end - rows.first }, (_, i) => {
    const depthM = z.min + (rows.first + i) * stepM;
    const { halfM, weigh } = hearingAt(depthM, aperture, kernels);
    const depth: HeardDepth = { elements: [], first: 0, transmitPathsM: [] };
    const [first, last] = heard(elements, offsetM, grid.pitchX, halfM);
    for (let d = first; d <= last; d++) {
      const dx = offsetM - d * grid.pitchX;
      const weight = weigh(dx);
      if (weight < aperture.negligible) continue;
      depth.elements.push({ d, weight, pathM: Math.sqrt(dx * dx + grid.y * grid.y + depthM * depthM) });
    }
    // The beam is as wide at every depth as one run of neighbours.
    const uz = depthM - focusZM;
    for (let k = -lastPosition; k <= transmits.length - 1 - x.anchor; k++) {
      const ux = x.offsetM - k * spacingM;
      if (!reaches(walking, ux, uz)) continue;
      if (depth.transmitPathsM.length === 0) depth.first = k;
      const path = Math.sqrt(ux * ux + uz * uz);
      depth.transmitPathsM.push(uz < 0 ? -path : path);
    }
    return depth;
  });
}

/** The taps of those offsets that stand in the ring together. Rows count -d. */
function tapsOf(depths: readonly HeardDepth[], x: PixelClass, planes: Planes, step: number): ClassTaps {
  const y: PixelClass = {
    first: 0,
    stride: 1,
    count: 1,
    anchor: planes.first + planes.count - 1,
    step: 1,
    offsetM: 0,
  };
  const taps: ClassTaps = { x, y, segments: [], firsts: [], pathsM: [], weights: [] };
  for (const { elements, first, transmitPathsM } of depths) {
    taps.firsts.push(taps.segments.length);
    const last = first + transmitPathsM.length - 1;
    for (const { d, weight, pathM } of elements) {
      // planes.first <= d - step k < planes.first + planes.count
      const from = Math.max(first, Math.ceil((d - planes.first - planes.count + 1) / step));
      const to = Math.min(last, Math.floor((d - planes.first) / step));
      if (from > to) continue;
      taps.segments.push({ tap: taps.pathsM.length, d: from, count: to - from + 1, row: -d });
      for (let k = from; k <= to; k++) {
        taps.pathsM.push(pathM + transmitPathsM[k - first]);
        taps.weights.push(weight);
      }
      while (taps.pathsM.length % 4 !== 0) {
        taps.pathsM.push(pathM);
        taps.weights.push(0);
      }
    }
  }
  taps.firsts.push(taps.segments.length);
  return taps;
}

/** What all classes hear, cut by offsets; cuts that nothing is heard in are left out, but for the first. */
export function walkingTaps(
  walking: WalkingApertures,
  classes: readonly PixelClass[],
  z: Axis,
  rows: { first: number; end: number },
  aperture: Aperture,
  count: number,
  kernels: Kernels,
): { planes: Planes; taps: ClassTaps[] }[] {
  const { grid, step, transmits } = walking;
  const depths = classes.map((x) => hearClass(walking, x, z, rows, aperture, kernels));
  const least = Math.floor((-step * (transmits.length - 1)) / count);
  const cuts = Array.from({ length: Math.ceil(grid.columns / count) - least }, (_, i) => {
    const planes = { first: (least + i) * count, count };
    return { planes, taps: classes.map((x, c) => tapsOf(depths[c], x, planes, step)) };
  });
  const needed = cuts.filter(({ taps }) => taps.some(({ segments }) => segments.length > 0));
  return needed.length > 0 ? needed : cuts.slice(0, 1);
}
