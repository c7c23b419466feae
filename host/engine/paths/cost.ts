/**
 * What a path's sums cost, in points: a pixel's value from one element for one transmit. By it rows are shared out among threads, and
 * threads are asked for; it decides no bit of a picture, only who waits for whom.
 */
import { scanSize } from "../axis.ts";
import type { ResolvedChannels } from "../resolve.ts";

export interface Cost {
  /** Positions that are summed at each depth: columns times planes, or lines between which columns are made. */
  positions: number;
  /** What a depth costs for each transmit beside its points: filters, folding, storing. */
  pointsPerRow: number;
  /** What it costs the thread that brings a frame in, for each sample, while others sum already; 0: they wait for it. */
  pointsPerSample: number;
}

/** What a pixel costs beside its elements, in points: tables, folding, storing, elements that only its neighbours hear. Measured on the depth path, 2026. */
const PIXEL_POINTS = 5;

/** Of a path that sums every pixel from rows that are filtered beforehand. */
export function costOfPixels({ scan }: ResolvedChannels): Cost {
  const { columns, planes } = scanSize(scan);
  const positions = columns * planes;
  return { positions, pointsPerRow: PIXEL_POINTS * positions, pointsPerSample: 0 };
}
