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

/** Id of the pane of the main picture. */
export const MAIN_PANE = "main";

/** Room kept around the picture (CSS px). */
export const MARGIN = { left: 48, right: 40, top: 24, bottom: 28 } as const;

/** The region that the scale speaks for: the largest one, or none. `kind`: among those that show this. */
export function mainRegion(image: Image, kind?: Region["kind"]): Region | undefined {
  const { regions } = image;
  let best: Region | undefined;
  // Several times a live frame: an iterator would make objects each time.
  for (let i = 0; i < regions.length; i++) {
    const region = regions[i];
    if (kind && region.kind !== kind) continue;
    if (!best || areaOf(region) > areaOf(best)) best = region;
  }
  return best;
}

/** Pixels of a region. */
function areaOf({ minX, minY, maxX, maxY }: Region): number {
  return (maxX - minX + 1) * (maxY - minY + 1);
}

/** Width divided by height as the body has it: from the pixel size of tissue, square pixels without any. */
export function aspectOf(image: Image): number {
  const region = mainRegion(image, "tissue");
  const ratio = region ? Math.abs(region.deltaXM / region.deltaZM) : 1;
  return (image.width / image.height) * (Number.isFinite(ratio) && ratio > 0 ? ratio : 1);
}

/** The room for a picture on a stage, or on the part of it that begins at `x`, `y`. */
export function pictureRoom(width: number, height: number, x = 0, y = 0): Box {
  return {
    x: x + MARGIN.left,
    y: y + MARGIN.top,
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
  };
}

/** Depths at the upper and lower edge of the region's box (m): half a pixel beyond its outer pixel centres. */
export function depthSpan(region: Region): readonly [top: number, bottom: number] {
  return [
    region.originZM + (region.minY - 0.5) * region.deltaZM,
    region.originZM + (region.maxY + 0.5) * region.deltaZM,
  ];
}
