/** Which pixels to make when nobody said: the field the array and the record cover, a few pixels per resolution cell. */
import { SondeError } from "../errors.ts";
import { atan, cos, sin } from "../geometry/exact.ts";
import { type Axis, type ChannelData, elementCount, type Scan } from "../model.ts";
import { elementGrid } from "./paths/lattice.ts";

/** What the default grid depends on. */
interface ScanContext {
  soundSpeedMps: number;
  centerFrequencyHz: number;
  transmits: readonly number[];
  fNumber: number;
  /** The image keeps the carrier (real RF): depths must be fine enough to hold it. */
  carrier: boolean;
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** Positions and angles of default grids are multiples of these: rounding of the last bits must not move a pixel. */
const RESOLUTION_M = 1e-9;
const RESOLUTION_RAD = 1e-6;
const roundTo = (value: number, resolution: number) => Math.round(value / resolution) * resolution;

/** Where the elements are: x from `left` to `right` about `middle`, mean z, and the z of the foremost one. */
function extentOf(info: ChannelData): {
  left: number;
  right: number;
  middle: number;
  meanZ: number;
  front: number;
} {
  const p = info.probe.positionsM;
  const n = elementCount(info.probe);
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  let front = Number.NEGATIVE_INFINITY;
  let meanZ = 0;
  for (let e = 0; e < n; e++) {
    left = Math.min(left, p[3 * e]);
    right = Math.max(right, p[3 * e]);
    front = Math.max(front, p[3 * e + 2]);
    meanZ += p[3 * e + 2] / n;
  }
  return {
    left,
    right,
    middle: roundTo((left + right) / 2, RESOLUTION_M),
    meanZ: roundTo(meanZ, RESOLUTION_M),
    front: roundTo(front, RESOLUTION_M),
  };
}

/**
 * What sectors turn about: the centre of curvature of an arc (where the elements' normals meet, on average), the centre of a flat
 * array. (x, z), metres.
 * @throws SondeError `bad-geometry` for an arc without its radius
 */
export function apexOf(info: ChannelData): readonly [number, number] {
  const { kind, radiusM, positionsM, azimuthsRad } = info.probe;
  if (kind !== "convex") {
    const { middle, meanZ } = extentOf(info);
    return [middle, meanZ];
  }
  if (!radiusM)
    throw new SondeError("bad-geometry", `${info.name}: a convex probe without radiusM: give it, or a scan`);
  let x = 0;
  let z = 0;
  const n = elementCount(info.probe);
  for (let e = 0; e < n; e++) {
    x += (positionsM[3 * e] - radiusM * sin(azimuthsRad[e])) / n;
    z += (positionsM[3 * e + 2] - radiusM * cos(azimuthsRad[e])) / n;
  }
  return [roundTo(x, RESOLUTION_M), roundTo(z, RESOLUTION_M)];
}

/**
 * Half the opening angle of a sector that at least half of the diverging transmits light up on either side, 15 to 60 degrees; 45
 * degrees when no transmit diverges.
 */
function sectorHalfAngle(
  info: ChannelData,
  leftM: number,
  rightM: number,
  transmits: readonly number[],
): number {
  const lefts: number[] = [];
  const rights: number[] = [];
  for (const t of transmits) {
    const { wave } = info.sequence[t];
    if (wave.kind !== "diverging") continue;
    const [x, , z] = wave.source;
    lefts.push(atan((x - leftM) / -z));
    rights.push(atan((rightM - x) / -z));
  }
  if (lefts.length === 0) return Math.PI / 4;
  const median = (angles: number[]) => angles.sort((a, b) => b - a)[Math.floor(angles.length / 2)];
  return clamp(Math.min(median(lefts), median(rights)), Math.PI / 12, Math.PI / 3);
}

/** Distances from the array where echoes can come from, and in how many steps to look. */
function depthsOf(info: ChannelData, context: ScanContext, widthM: number, wavelengthM: number) {
  const { soundSpeedMps: c, fNumber, carrier } = context;
  // Half the way sound goes from the first sample to the last, the last one reached by the edge of the aperture as well.
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const t of context.transmits) {
    const { startS } = info.sequence[t];
    start = Math.min(start, startS);
    end = Math.max(end, startS + (info.sampleCount - 1) / info.sampleRateHz);
  }
  const farSide = widthM / Math.max(end * c, widthM);
  const edge = Math.min(
    fNumber > 0 ? Math.sqrt(1 + 1 / (4 * fNumber * fNumber)) : 1,
    Math.sqrt(1 + farSide * farSide),
  );
  const deepest = Math.max((end * c) / (1 + edge), 8 * wavelengthM);
  const shallowest = clamp((start * c) / 2, Math.min(2 * wavelengthM, deepest / 8), deepest / 2);
  // Beamformed RF repeats every half wavelength; its envelope is slower.
  const step = carrier ? wavelengthM / 8 : wavelengthM / 2.5;
  const count = clamp(Math.round((deepest - shallowest) / step), 96, carrier ? 4096 : 768);
  return { shallowest, deepest, count };
}

/** Columns of a default rectangle. */
const FEWEST_COLUMNS = 96;
const MOST_COLUMNS = 384;

/**
 * Columns from the first element of a uniform array to the last one, a whole number of them to an element (or of elements to a column),
 * at most `coarsestM` apart where the limits on their number allow: such pixels share their delays, and the steered path serves.
 */
function inStep(info: ChannelData, coarsestM: number): Axis | undefined {
  const grid = elementGrid(info);
  if (typeof grid === "string" || grid.columns < 2 || grid.rows > 1) return undefined;
  const { x, pitchX, columns } = grid;
  const most = Math.floor((MOST_COLUMNS - 1) / (columns - 1));
  const needed = Math.max(pitchX / coarsestM, (FEWEST_COLUMNS - 1) / (columns - 1));
  const perElement = Math.min(most, Math.ceil(needed - 1e-9));
  if (perElement >= 1)
    return { min: x, max: x + (columns - 1) * pitchX, count: perElement * (columns - 1) + 1 };
  const elements = Math.ceil((columns - 1) / (MOST_COLUMNS - 1));
  const count = Math.floor((columns - 1) / elements) + 1;
  return { min: x, max: x + (count - 1) * elements * pitchX, count };
}

/**
 * Linear arrays: the rectangle in front of the array, down to the depth of the last sample. Phased and convex arrays: a sector
 * about `apexOf`. Five pixels every two wavelengths in depth (eight a wavelength for real RF), two per lateral resolution cell
 * (wavelength x f-number, or wavelength / aperture in angle), within 96 to 768; in step with the elements of uniform arrays.
 */
export function defaultScan(info: ChannelData, context: ScanContext): Scan {
  const { soundSpeedMps: c, transmits } = context;
  const { left, right, middle, meanZ, front } = extentOf(info);
  const width = right - left;
  const wavelength =
    context.centerFrequencyHz > 0 ? c / context.centerFrequencyHz : (4 * c) / info.sampleRateHz;
  const depths = depthsOf(info, context, width, wavelength);

  const { kind, radiusM = 0, azimuthsRad } = info.probe;
  if (kind === "phased" || kind === "convex") {
    const widest =
      kind === "convex"
        ? Math.max(...azimuthsRad.map(Math.abs))
        : sectorHalfAngle(info, left, right, transmits);
    const half = roundTo(widest, RESOLUTION_RAD);
    const cell = wavelength / Math.max(width, wavelength);
    const start = kind === "convex" ? radiusM : 0;
    return {
      kind: "sector",
      angle: { min: -half, max: half, count: clamp(Math.round((4 * half) / cell), 96, 256) },
      range: { min: start + depths.shallowest, max: start + depths.deepest, count: depths.count },
      apex: apexOf(info),
    };
  }
  const surface = kind === "linear" ? meanZ : front;
  const z = { min: surface + depths.shallowest, max: surface + depths.deepest, count: depths.count };
  const cell = wavelength * Math.max(1, context.fNumber);
  const x = inStep(info, cell / 2);
  if (x) return { kind: "linear", x, z };
  const span = Math.max(width, 4 * wavelength);
  return {
    kind: "linear",
    x: {
      min: middle - span / 2,
      max: middle + span / 2,
      count: clamp(Math.round((2 * span) / cell), FEWEST_COLUMNS, MOST_COLUMNS),
    },
    z,
  };
}
