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
/** What a pixel costs beside its elements, in elements: tables, folding, storing, elements that only its neighbours hear. Measured on the depth path, 2026. */
const PIXEL_COST = 5;

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

/** Cost of a pixel of each row, in elements heard. */
function rowCosts(info: ChannelData, { scan, fNumber }: ResolvedChannels): Float64Array {
  return kept.of(info, [scan, fNumber], () => countHeard(info, scan, fNumber));
}

function countHeard(info: ChannelData, scan: Scan | Volume, fNumber: number): Float64Array {
  const { rows, columns } = scanSize(scan);
  const { positionsM, azimuthsRad } = info.probe;
  const n = elementCount(info.probe);
  const costs = new Float64Array(rows);
  if (fNumber === 0) return costs.fill(n + PIXEL_COST);
  const elevation = limitsElevation(info);
  // Of a volume, the plane y = 0 stands for all.
  const normalsX = Float64Array.from(azimuthsRad, sin);
  const normalsZ = Float64Array.from(azimuthsRad, cos);
  const looked = Math.min(rows, ROWS_LOOKED_AT);
  const pick = (i: number, count: number, of: number) =>
    count > 1 ? Math.round((i * (of - 1)) / (count - 1)) : 0;
  const across = Math.min(columns, COLUMNS_LOOKED_AT);
  let [lastRow, lastCost] = [0, 0];
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
    const cost = PIXEL_COST + heard / across;
    for (let r = lastRow; r <= row; r++)
      costs[r] = row > lastRow ? lastCost + ((cost - lastCost) * (r - lastRow)) / (row - lastRow) : cost;
    [lastRow, lastCost] = [row, cost];
  }
  return costs;
}

/** What a frame's sum costs: pixels x elements heard x transmits. */
export function sumCost(info: ChannelData, resolved: ResolvedChannels): number {
  const { columns, planes } = scanSize(resolved.scan);
  const pixels = rowCosts(info, resolved).reduce((sum, cost) => sum + cost, 0) * columns * planes;
  return pixels * resolved.transmits.length;
}

/**
 * Cuts the rows of a scan into `count` ranges of about equal cost, in order; ranges are empty where there are more than rows.
 * `pointsPerSample`: what the first thread has to do beside, while the others are at work already (paths/path.ts).
 */
export function splitRows(
  info: ChannelData,
  resolved: ResolvedChannels,
  count: number,
  pointsPerSample = 0,
): RowRange[] {
  const costs = rowCosts(info, resolved);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  const { columns, planes } = scanSize(resolved.scan);
  // A transmit's samples, and its rows of pixels.
  const beside = (pointsPerSample * elementCount(info.probe) * info.sampleCount) / (columns * planes);
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
