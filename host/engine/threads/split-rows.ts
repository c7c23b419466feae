/**
 * Rows of a picture shared out among threads: neighbouring rows to each, so that every part costs about the same. How they are cut
 * decides no bit of the picture, only who waits for whom.
 *
 *   row 0   |=====                    few elements in the aperture near the array ...
 *           |===========
 *   row n   |=======================  ... many far from it: deep parts have fewer rows
 */

import { cos, sin } from "../../geometry/exact.ts";
import { type ChannelData, elementCount, type Scan, type Volume } from "../../model.ts";
import { axisStep, scanSize } from "../axis.ts";
import { limitsElevation } from "../elevation.ts";
import type { Cost } from "../paths/cost.ts";
import { Kept } from "../paths/kept.ts";
import type { ResolvedChannels } from "../resolve.ts";

/** Rows [first, end) of a scan. */
export interface RowRange {
  first: number;
  end: number;
}

/** Rows and columns of the scan that are looked at; between them the aperture changes smoothly. */
const ROWS_LOOKED_AT = 48;
const COLUMNS_LOOKED_AT = 9;

const sumOf = (numbers: Float64Array) => numbers.reduce((sum, number) => sum + number, 0);

/** Where a pixel lies (m). */
function pixelAt(scan: Scan | Volume, row: number, column: number): readonly [x: number, z: number] {
  if (scan.kind !== "sector")
    return [scan.x.min + column * axisStep(scan.x), scan.z.min + row * axisStep(scan.z)];
  const angle = scan.angle.min + column * axisStep(scan.angle);
  const range = scan.range.min + row * axisStep(scan.range);
  return [scan.apex[0] + range * sin(angle), scan.apex[1] + range * cos(angle)];
}

/** One for a picture and for what it is cut into: asked for by whoever counts threads, and by whoever measures and builds them. */
const kept = new Kept<Float64Array>(16, () => 1);

/** Cost of each row for one transmit, in points. */
function rowCosts(
  info: ChannelData,
  { scan, fNumber }: ResolvedChannels,
  { positions, pointsPerRow }: Cost,
): Float64Array {
  const heard = kept.of(info, [scan, fNumber], () => countHeard(info, scan, fNumber));
  return heard.map((elements) => positions * elements + pointsPerRow);
}

/** Elements that a pixel of each row hears, on average. */
function countHeard(info: ChannelData, scan: Scan | Volume, fNumber: number): Float64Array {
  const { rows, columns } = scanSize(scan);
  const { positionsM, azimuthsRad } = info.probe;
  const n = elementCount(info.probe);
  const means = new Float64Array(rows);
  if (fNumber === 0) return means.fill(n);
  const elevation = limitsElevation(info);
  // Of a volume, the plane y = 0 stands for all.
  const normalsX = Float64Array.from(azimuthsRad, sin);
  const normalsZ = Float64Array.from(azimuthsRad, cos);
  const looked = Math.min(rows, ROWS_LOOKED_AT);
  const pick = (i: number, count: number, of: number) =>
    count > 1 ? Math.round((i * (of - 1)) / (count - 1)) : 0;
  const across = Math.min(columns, COLUMNS_LOOKED_AT);
  let [lastRow, lastMean] = [0, 0];
  for (let i = 0; i < looked; i++) {
    const row = pick(i, looked, rows);
    let heard = 0;
    for (let k = 0; k < across; k++) {
      const [x, z] = pixelAt(scan, row, pick(k, across, columns));
      for (let e = 0; e < n; e++) {
        // No pairs: this runs before anything is compiled, some ten thousand times.
        const dx = x - positionsM[3 * e];
        const dz = z - positionsM[3 * e + 2];
        const nx = normalsX[e];
        const nz = normalsZ[e];
        const axial = dx * nx + dz * nz;
        const reach = axial / (2 * fNumber);
        if (axial <= 0 || Math.abs(dx * nz - dz * nx) > reach) continue;
        if (!elevation || Math.abs(positionsM[3 * e + 1]) <= reach) heard++;
      }
    }
    const mean = heard / across;
    for (let r = lastRow; r <= row; r++)
      means[r] = row > lastRow ? lastMean + ((mean - lastMean) * (r - lastRow)) / (row - lastRow) : mean;
    [lastRow, lastMean] = [row, mean];
  }
  return means;
}

/** What a frame's sum costs, in points. */
export function sumCost(info: ChannelData, resolved: ResolvedChannels, cost: Cost): number {
  return resolved.transmits.length * sumOf(rowCosts(info, resolved, cost));
}

/**
 * Cuts the rows of a scan into `count` ranges of about equal cost, in order; ranges are empty where there are more than rows.
 * The first thread has the fewer rows the longer it takes to bring the frame in while the others are at work already.
 */
export function splitRows(
  info: ChannelData,
  resolved: ResolvedChannels,
  count: number,
  cost: Cost,
): RowRange[] {
  const costs = rowCosts(info, resolved, cost);
  const total = sumOf(costs);
  // A transmit's samples, as its rows of pixels.
  const beside = cost.pointsPerSample * elementCount(info.probe) * info.sampleCount;
  const ranges: RowRange[] = [];
  let [row, spent] = [0, 0];
  for (let k = 1; k <= count; k++) {
    const first = row;
    const due = Math.max(0, ((total + beside) * k) / count - beside);
    // A row belongs to the part that has most of it.
    while (row < costs.length && (k === count || spent + costs[row] / 2 <= due)) spent += costs[row++];
    ranges.push({ first, end: row });
  }
  return ranges;
}
