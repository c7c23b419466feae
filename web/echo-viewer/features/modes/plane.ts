/**
 * The plane of a picture: x and z in metres where it is calibrated, else its pixels; where only depths are known, x in pixels and z in
 * metres. Beams lie in it: parallel for linear scans, from an apex for sectors.
 */
import type { Acquisition, Image, Scan, Volume } from "../../../../host/index.ts";
import { mainRegion } from "../../draw/layout.ts";
import type { Point } from "../../draw/mapping.ts";
import type { Line, PlanePoint } from "./state.ts";

export interface Plane {
  /** Both coordinates are metres. */
  readonly calibrated: boolean;
  /** z is. */
  readonly deep: boolean;
  /** Metres, or pixels, a picture pixel; across and down. */
  readonly stepX: number;
  readonly stepZ: number;
  /** Centres of the region's outer pixels: these stay where they are when a picture gets fewer pixels. */
  readonly x: readonly [left: number, right: number];
  readonly z: readonly [top: number, bottom: number];
  /** Picture places: pixel (i, k) has its centre at (i + 1/2, k + 1/2). */
  toPicture(point: PlanePoint): Point;
  toPlane(point: Point): PlanePoint;
}

const isKnown = (originM: number, deltaM: number): boolean =>
  Number.isFinite(originM) && Number.isFinite(deltaM) && deltaM !== 0;

export function planeOf(image: Image): Plane {
  const region = mainRegion(image);
  const deep = region !== undefined && isKnown(region.originZM, region.deltaZM);
  const calibrated = deep && isKnown(region.originXM, region.deltaXM);
  const [originX, stepX] = calibrated ? [region.originXM, region.deltaXM] : [0.5, 1];
  const [originZ, stepZ] = deep ? [region.originZM, region.deltaZM] : [0.5, 1];
  const box = region ?? { minX: 0, minY: 0, maxX: image.width - 1, maxY: image.height - 1 };
  return {
    calibrated,
    deep,
    stepX,
    stepZ,
    x: [originX + box.minX * stepX, originX + box.maxX * stepX],
    z: [originZ + box.minY * stepZ, originZ + box.maxY * stepZ],
    toPicture: ([x, z]) => ({ x: (x - originX) / stepX + 0.5, y: (z - originZ) / stepZ + 0.5 }),
    toPlane: ({ x, y }) => [originX + (x - 0.5) * stepX, originZ + (y - 0.5) * stepZ],
  };
}

/** Where beams run. `at` of a beam: x of parallel beams, angle from z towards +x of a sector's. */
export type Beams =
  | { kind: "linear"; at: readonly [number, number]; depth: readonly [number, number] }
  | {
      kind: "sector";
      apex: PlanePoint;
      at: readonly [number, number];
      /** Distances from the apex. */
      depth: readonly [number, number];
    };

function ordered(a: number, b: number): readonly [number, number] {
  return a < b ? [a, b] : [b, a];
}

/** The sector that scan lines of a mechanical or phased probe make at a speed of sound; undefined when they are parallel. */
function sectorOfLines(info: Acquisition, soundSpeedMps = info.soundSpeedMps): Beams | undefined {
  if (info.kind !== "lines" || info.lines.length < 10) return undefined;
  const at = (line: number) => info.lines.subarray(5 * line, 5 * line + 5);
  const [x0, z0, angle0, start, step0] = at(0);
  const step = (step0 * soundSpeedMps) / info.soundSpeedMps;
  const [x1, z1, angle1] = at(info.lines.length / 5 - 1);
  const cross = Math.sin(angle0) * Math.cos(angle1) - Math.cos(angle0) * Math.sin(angle1);
  if (Math.abs(cross) < 1e-3) return undefined;
  // The apex is where the outer lines meet, `along` before the first one's own origin.
  const along = ((x1 - x0) * Math.cos(angle1) - (z1 - z0) * Math.sin(angle1)) / cross;
  return {
    kind: "sector",
    apex: [x0 + along * Math.sin(angle0), z0 + along * Math.cos(angle0)],
    at: ordered(angle0, angle1),
    depth: [start - along, start - along + step * (info.sampleCount - 1)],
  };
}

/** The beams of a picture: those of its scan, of its scan lines, else upright ones. */
export function beamsOf(
  plane: Plane,
  info?: Acquisition,
  scan?: Scan | Volume,
  soundSpeedMps?: number,
): Beams {
  if (plane.calibrated && scan?.kind === "sector") {
    const { angle, range, apex } = scan;
    return { kind: "sector", apex, at: ordered(angle.min, angle.max), depth: [range.min, range.max] };
  }
  const lines = plane.calibrated && info ? sectorOfLines(info, soundSpeedMps) : undefined;
  if (lines?.kind === "sector") {
    // The picture may be cut at a depth, on an upright grid.
    const deepest = Math.min(lines.depth[1], plane.z[1] - lines.apex[1]);
    return { ...lines, depth: [lines.depth[0], Math.max(lines.depth[0] + plane.stepZ, deepest)] };
  }
  return { kind: "linear", at: ordered(...plane.x), depth: plane.z };
}

/** Where depths are known and the way across is not, no slope means anything: lines go straight down. */
export const canSlope = ({ calibrated, deep }: Plane): boolean => calibrated || !deep;

/** The line as this plane can have it. */
export function lineIn(plane: Plane, line: Line): Line {
  if (canSlope(plane) || line.kind === "beam") return line;
  return { kind: "beam", at: (line.from[0] + line.to[0]) / 2 };
}

function within(value: number, [min, max]: readonly [number, number]): number {
  return Math.min(max, Math.max(min, value));
}

const middle = ([min, max]: readonly [number, number]): number => (min + max) / 2;

/** The beam through a point. */
export function beamThrough(beams: Beams, [x, z]: PlanePoint): number {
  if (beams.kind === "linear") return within(x, beams.at);
  return within(Math.atan2(x - beams.apex[0], z - beams.apex[1]), beams.at);
}

/** Both ends of a line, upper one first. */
export function endsOf(line: Line, beams: Beams): readonly [from: PlanePoint, to: PlanePoint] {
  if (line.kind === "free") return line.from[1] <= line.to[1] ? [line.from, line.to] : [line.to, line.from];
  const at = within(line.at ?? middle(beams.at), beams.at);
  const [start, end] = beams.depth;
  if (beams.kind === "linear") {
    return [
      [at, start],
      [at, end],
    ];
  }
  const [x, z] = beams.apex;
  const [sin, cos] = [Math.sin(at), Math.cos(at)];
  return [
    [x + start * sin, z + start * cos],
    [x + end * sin, z + end * cos],
  ];
}

/** Depth at the upper end: along the beam from the array for beams of a sector, else below z = 0. */
export function startDepth(line: Line, beams: Beams): number {
  if (line.kind === "beam" && beams.kind === "sector") return beams.depth[0] + beams.apex[1];
  return endsOf(line, beams)[0][1];
}

/** Depth of a point of a beam, as `startDepth` counts it. */
export function depthOf([x, z]: PlanePoint, beams: Beams): number {
  return beams.kind === "sector" ? Math.hypot(x - beams.apex[0], z - beams.apex[1]) + beams.apex[1] : z;
}

/** Length of a line: metres, or picture pixels. */
export function lengthOf([[x0, z0], [x1, z1]]: readonly [PlanePoint, PlanePoint]): number {
  return Math.hypot(x1 - x0, z1 - z0);
}

/** Angle of a line from the vertical towards +x (rad). */
export function angleOf([[x0, z0], [x1, z1]]: readonly [PlanePoint, PlanePoint]): number {
  return Math.atan2(x1 - x0, z1 - z0);
}

/** Least angle that one key press steers the beam of a sector by (rad). */
const BEAM_STEP_RAD = Math.PI / 360;

/** The line so many picture pixels to the right, or the beam so many steps on. */
export function moved(line: Line, beams: Beams, plane: Plane, steps: number): Line {
  if (line.kind === "free") {
    const dx = steps * plane.stepX;
    const shift = ([x, z]: PlanePoint): PlanePoint => [x + dx, z];
    return { ...line, from: shift(line.from), to: shift(line.to) };
  }
  const step = beams.kind === "sector" ? BEAM_STEP_RAD : plane.stepX;
  return { kind: "beam", at: within((line.at ?? middle(beams.at)) + steps * step, beams.at) };
}

/** The line turned about its middle, towards +x at its lower end for positive angles (rad). */
export function turned(line: Line, beams: Beams, angle: number): Line {
  const ends = endsOf(line, beams);
  const [[x0, z0], [x1, z1]] = ends;
  const [x, z] = [(x0 + x1) / 2, (z0 + z1) / 2];
  const half = lengthOf(ends) / 2;
  const to = angleOf(ends) + angle;
  const [dx, dz] = [half * Math.sin(to), half * Math.cos(to)];
  return { kind: "free", from: [x - dx, z - dz], to: [x + dx, z + dz] };
}
