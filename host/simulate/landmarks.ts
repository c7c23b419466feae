/**
 * The scene: skin, fat, a streaky muscle and a finer tissue below, with fascia between them; two cysts, a bright
 * inclusion, a vessel that crosses from side to side, and points at round distances. Left and right differ, so that a
 * flipped picture shows, and the points are a ruler.
 *
 *        x = -W            0            W
 *   z=0  |================ skin =========|
 *        |-- fat -----------------.------|
 *        |  muscle           .--^^  *    |   * ruler of points, right
 *        | ....---^^^^ vessel ____--     |
 *        |^^ ____----            *       |
 *        |-----------------______________|
 *        |    ( )   o      (#)   *       |   ( ) cysts, (#) bright inclusion
 *        |   *    *    *    *            |   row of points
 *
 * A sector shows the same scene, layers following the array's face.
 */
import { sin } from "../geometry/exact.ts";
import type { SimulatedSettings } from "./options.ts";
import type { Field } from "./probe.ts";

export interface Point {
  xM: number;
  zM: number;
}

export interface Disc extends Point {
  radiusM: number;
}

/** A straight vessel seen along its axis. Blood flows from `from` to `to`. */
export interface Vessel {
  from: Point;
  to: Point;
  /** Radius of the lumen at rest (m). */
  radiusM: number;
}

/** What is where, at rest: the truth that a picture can be measured against. */
export interface Landmarks {
  /** Bright points. */
  points: readonly Point[];
  /** Discs without echoes. */
  cysts: readonly Disc[];
  /** Discs brighter than what surrounds them. */
  inclusions: readonly Disc[];
  vessel: Vessel;
}

/** Places of the scene as fractions of the half width W (u) and the depth (v). */
const SCENE = {
  linear: {
    cysts: [
      [-0.5, 0.72, 0.085],
      [0.02, 0.66, 0.045],
    ],
    inclusion: [0.48, 0.7, 0.08],
    vessel: [-1.15, 0.46, 1.15, 0.3, 0.075],
    rulerU: 0.8,
    rowV: 0.92,
  },
  sector: {
    cysts: [
      [-0.38, 0.7, 0.075],
      [0.0, 0.62, 0.04],
    ],
    inclusion: [0.3, 0.72, 0.065],
    vessel: [-1.0, 0.47, 1.0, 0.27, 0.06],
    rulerU: 0.16,
    rowV: 0.9,
  },
} as const;

/** Depth below the array's face (m): z, or the distance along the ray of a sector. */
export function depthBelowFaceM(field: Field, xM: number, zM: number): number {
  if (!field.sector) return zM;
  const fromApexM = zM + field.sector.radiusM;
  return Math.sqrt(xM * xM + fromApexM * fromApexM) - field.sector.radiusM;
}

/** Half the width of the picture at its widest (m). */
export function halfWidthM(field: Field): number {
  const { sector, depthM } = field;
  return sector ? (sector.radiusM + depthM) * sin(sector.halfAngleRad) : field.halfApertureM;
}

/** Direction and length of a vessel's axis. */
export function axisOf({ from, to }: Vessel): { ex: number; ez: number; lengthM: number } {
  const dx = to.xM - from.xM;
  const dz = to.zM - from.zM;
  const lengthM = Math.sqrt(dx * dx + dz * dz);
  return { ex: dx / lengthM, ez: dz / lengthM, lengthM };
}

/**
 * How places move when the vessel's radius grows, per metre of growth, along the normal (-ez, ex) of its axis: inside in
 * proportion to the distance from the axis, outside falling with its square.
 */
export function pushOf(vessel: Vessel): (xM: number, zM: number) => number {
  const { ex, ez } = axisOf(vessel);
  const { from, radiusM } = vessel;
  return (xM, zM) => {
    const q = ((zM - from.zM) * ex - (xM - from.xM) * ez) / radiusM;
    return Math.abs(q) < 1 ? q : 1 / (q * Math.abs(q));
  };
}

/** The landmarks of a scene in this field. */
export function landmarksOf(settings: SimulatedSettings, field: Field): Landmarks {
  const scene = settings.array === "linear" ? SCENE.linear : SCENE.sector;
  const { depthM } = field;
  const wM = halfWidthM(field);
  const disc = ([u, v, r]: readonly [number, number, number]): Disc => ({
    xM: u * wM,
    zM: v * depthM,
    radiusM: r * depthM,
  });
  const [u0, v0, u1, v1, r] = scene.vessel;
  const vessel: Vessel = {
    from: { xM: u0 * wM, zM: v0 * depthM },
    to: { xM: u1 * wM, zM: v1 * depthM },
    radiusM: r * depthM,
  };
  // A step of 10 or 20 mm, or whatever is about a quarter of an unusual depth; the row has half of it.
  const stepM = depthM < 0.02 ? 0.002 : depthM <= 0.06 ? 0.01 : 0.02;
  const points: Point[] = [];
  const rulerX = Math.floor((scene.rulerU * wM) / 0.001) * 0.001;
  const rulerZ = Math.floor((0.2 * depthM) / 0.001) * 0.001;
  const { ex, ez } = axisOf(vessel);
  for (let k = 0; rulerZ + k * stepM < 0.86 * depthM; k++) {
    const zM = rulerZ + k * stepM;
    const acrossM = (zM - vessel.from.zM) * ex - (rulerX - vessel.from.xM) * ez;
    if (Math.abs(acrossM) > 1.4 * vessel.radiusM) points.push({ xM: rulerX, zM });
  }
  const rowM = depthM <= 0.06 ? stepM / 2 : stepM;
  const rowZ = Math.floor((scene.rowV * depthM) / 0.001) * 0.001;
  for (let k = -2; k <= 1; k++) if (Math.abs(k * rowM) < wM) points.push({ xM: k * rowM, zM: rowZ });
  return { points, cysts: scene.cysts.map(disc), inclusions: [disc(scene.inclusion)], vessel };
}

/** How a place at rest has moved (m) when the vessel has grown by `growthM` and the tissue is strained. */
export function displaced(
  landmarks: Landmarks,
  at: Point,
  motion: { growthM: number; strainX: number; strainZ: number },
): Point {
  const { ex, ez } = axisOf(landmarks.vessel);
  const push = pushOf(landmarks.vessel)(at.xM, at.zM);
  return {
    xM: at.xM + motion.strainX * at.zM + motion.growthM * push * -ez,
    zM: at.zM + motion.strainZ * at.zM + motion.growthM * push * ex,
  };
}
