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
import type { Axis } from "../../../model.ts";
import { axisStep } from "../../axis.ts";
import type { PixelClass } from "../lattice.ts";
import { type Aperture, type ClassTaps, heard, hearingAt, TapList } from "./taps.ts";
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
function hearClass(walking: WalkingApertures, x: PixelClass, z: Axis, aperture: Aperture): HeardDepth[] {
  const { grid, step, transmits, spacingM, focusXM, focusZM } = walking;
  const lastPosition = x.anchor + x.count - 1;
  const elements = { least: -step * lastPosition, greatest: grid.columns - 1 - step * x.anchor };
  // Position 0 of element 0 in the frame of d = 0.
  const offsetM = focusXM + x.offsetM - grid.x;
  const stepM = axisStep(z);
  return Array.from({ length: z.count }, (_, i) => {
    const depthM = z.min + i * stepM;
    const { halfM, weigh } = hearingAt(depthM, aperture);
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
  const list = new TapList();
  for (const { elements, first, transmitPathsM } of depths) {
    list.nextDepth();
    const last = first + transmitPathsM.length - 1;
    for (const { d, weight, pathM } of elements) {
      // planes.first <= d - step k < planes.first + planes.count
      const from = Math.max(first, Math.ceil((d - planes.first - planes.count + 1) / step));
      const to = Math.min(last, Math.floor((d - planes.first) / step));
      if (from > to) continue;
      const tap = list.run(from, to - from + 1, -d, pathM);
      const { pathsM, weights } = list;
      for (let k = from; k <= to; k++) {
        pathsM[tap + k - from] = pathM + transmitPathsM[k - first];
        weights[tap + k - from] = weight;
      }
    }
  }
  return list.of(x, y);
}

/** What classes hear of the offsets that stand in the ring together. */
export interface Cut {
  planes: Planes;
  taps: readonly ClassTaps[];
}

/** The cuts that something is heard in; the first of all where there is none. */
export function heardCuts(cuts: readonly Cut[]): readonly Cut[] {
  const needed = cuts.filter(({ taps }) => taps.some(({ segments }) => segments.length > 0));
  return needed.length > 0 ? needed : cuts.slice(0, 1);
}

/** What all classes hear at every depth of an axis, cut by offsets. */
export function walkingTaps(
  walking: WalkingApertures,
  classes: readonly PixelClass[],
  z: Axis,
  aperture: Aperture,
  count: number,
): readonly Cut[] {
  const { grid, step, transmits } = walking;
  const depths = classes.map((x) => hearClass(walking, x, z, aperture));
  const least = Math.floor((-step * (transmits.length - 1)) / count);
  const cuts = Array.from({ length: Math.ceil(grid.columns / count) - least }, (_, i): Cut => {
    const planes = { first: (least + i) * count, count };
    return { planes, taps: classes.map((x, c) => tapsOf(depths[c], x, planes, step)) };
  });
  return heardCuts(cuts);
}
