/**
 * Where things go on the stage, in CSS pixels from its top left corner. Pure arithmetic: the picture is the largest
 * rectangle of the right shape that leaves room for the grey bar on its left and scales on its right and below.
 */
import type { Image, Region } from "../../../host/index.ts";

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Room kept around the picture (CSS px). */
export const MARGIN = { left: 48, right: 40, top: 24, bottom: 28 } as const;

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

/** Depths at the upper and lower edge of the region's box (m): half a pixel beyond its outer pixel centres. */
export function depthSpan(region: Region): readonly [top: number, bottom: number] {
  return [
    region.originZM + (region.minY - 0.5) * region.deltaZM,
    region.originZM + (region.maxY + 0.5) * region.deltaZM,
  ];
}
