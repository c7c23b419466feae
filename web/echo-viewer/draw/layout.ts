/**
 * Where things go on the stage, in CSS pixels from its top left corner. Pure arithmetic: the picture is the largest
 * rectangle of the right shape that leaves room for the grey bar on its left and the depth scale on its right.
 */
import type { Image, Region } from "../../../host/index.ts";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Room kept around the picture (CSS px). */
export const MARGIN = { left: 48, right: 40, top: 24, bottom: 12 } as const;

/** The region that the scale speaks for: the largest one, or none. */
export function mainRegion(image: Image): Region | undefined {
  let best: Region | undefined;
  let bestArea = 0;
  for (const region of image.regions) {
    const area = (region.maxX - region.minX + 1) * (region.maxY - region.minY + 1);
    if (area > bestArea) {
      best = region;
      bestArea = area;
    }
  }
  return best;
}

/** Width divided by height as the body has it: from the region's pixel size, square pixels without one. */
export function aspectOf(image: Image): number {
  const region = mainRegion(image);
  const ratio = region ? Math.abs(region.deltaXM / region.deltaZM) : 1;
  return (image.width / image.height) * (Number.isFinite(ratio) && ratio > 0 ? ratio : 1);
}

/** The room for the picture on a stage. */
export function pictureRoom(stageWidth: number, stageHeight: number): Box {
  return {
    x: MARGIN.left,
    y: MARGIN.top,
    width: Math.max(1, stageWidth - MARGIN.left - MARGIN.right),
    height: Math.max(1, stageHeight - MARGIN.top - MARGIN.bottom),
  };
}

/** Vertical place on the stage of a depth (m) of the region. */
export function depthToY(depthM: number, region: Region, image: Image, box: Box): number {
  const row = (depthM - region.originZM) / region.deltaZM;
  return box.y + ((row + 0.5) / image.height) * box.height;
}

/** Depths at the upper and lower edge of the region's box (m): half a pixel beyond its outer pixel centres. */
export function depthSpan(region: Region): readonly [top: number, bottom: number] {
  return [
    region.originZM + (region.minY - 0.5) * region.deltaZM,
    region.originZM + (region.maxY + 0.5) * region.deltaZM,
  ];
}

export interface Tick {
  depthM: number;
  y: number;
  /** Labelled and longer. */
  major: boolean;
}

/** Distances between labelled ticks (m), and into how many parts each may be divided. */
const STEPS: readonly (readonly [stepM: number, parts: readonly number[]])[] = [
  [0.001, [2]],
  [0.005, [5]],
  [0.01, [10, 2]],
  [0.02, [4, 2]],
  [0.05, [5]],
  [0.1, [10, 2]],
];

/** Whole centimetres, unless the region is too small to hold two of them. */
function leastStepM(spanM: number): number {
  if (spanM >= 0.02) return 0.01;
  return spanM >= 0.01 ? 0.005 : 0.001;
}

/** Least distance between labels, and between ticks (CSS px). */
const LABEL_PX = 26;
const TICK_PX = 5;

/** The ticks of the depth scale; none where the region does not count downwards. */
export function depthTicks(image: Image, box: Box): Tick[] {
  const region = mainRegion(image);
  if (!region || !(region.deltaZM > 0)) return [];
  const pixelsPerMetre = box.height / (image.height * region.deltaZM);
  const [top, bottom] = depthSpan(region);
  const least = leastStepM(bottom - top);
  const [step, parts] =
    STEPS.find(([stepM]) => stepM >= least && stepM * pixelsPerMetre >= LABEL_PX) ?? STEPS[STEPS.length - 1];
  const divisions = parts.find((count) => (step / count) * pixelsPerMetre >= TICK_PX) ?? 1;
  const minor = step / divisions;
  const ticks: Tick[] = [];
  // Counted in whole ticks: adding steps would drift.
  for (let n = Math.ceil(top / minor - 1e-6); n * minor <= bottom + 1e-9; n++) {
    const depthM = n * minor;
    ticks.push({ depthM, y: depthToY(depthM, region, image, box), major: n % divisions === 0 });
  }
  return ticks;
}

/** The side of the picture on which x is smallest, where element 0 is; undefined without a region. */
export function markerSide(image: Image): "left" | "right" | undefined {
  const region = mainRegion(image);
  if (!region || !Number.isFinite(region.deltaXM) || region.deltaXM === 0) return undefined;
  return region.deltaXM > 0 ? "left" : "right";
}
