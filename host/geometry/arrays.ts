/** Element positions of the usual arrays. */
import type { Probe } from "../model.ts";
import { asin, atan2, cos, norm, sin } from "./exact.ts";

/** Elements on a line: x_k = (k - (N - 1) / 2) pitch, z = 0, normals along z. */
export function linearArray(
  elements: number,
  pitchM: number,
): Pick<Probe, "positionsM" | "azimuthsRad" | "pitchM"> {
  const positionsM = new Float64Array(3 * elements);
  for (let k = 0; k < elements; k++) positionsM[3 * k] = (k - (elements - 1) / 2) * pitchM;
  return { positionsM, azimuthsRad: new Float64Array(elements), pitchM };
}

/**
 * Elements on an arc of radius R about (0, 0, -R): normal angle theta_k = (k - (N - 1) / 2) 2 asin(pitch / (2 R)),
 * x = R sin theta, z = R cos theta - R (z = 0 at the apex, edges negative). USTB's convention.
 */
export function convexArray(
  elements: number,
  pitchM: number,
  radiusM: number,
): Pick<Probe, "positionsM" | "azimuthsRad" | "pitchM" | "radiusM"> {
  const step = 2 * asin(pitchM / (2 * radiusM));
  const positionsM = new Float64Array(3 * elements);
  const azimuthsRad = new Float64Array(elements);
  for (let k = 0; k < elements; k++) {
    const theta = (k - (elements - 1) / 2) * step;
    azimuthsRad[k] = theta;
    positionsM[3 * k] = radiusM * sin(theta);
    positionsM[3 * k + 2] = radiusM * cos(theta) - radiusM;
  }
  return { positionsM, azimuthsRad, pitchM, radiusM };
}

/**
 * Radius of curvature and normals of positions that lie on an arc bulging towards +z, or undefined when they lie on a
 * line (or on no such arc, within `toleranceM`). For formats that store positions only.
 */
export function arcThrough(
  positionsM: Float64Array,
  toleranceM = 2e-5,
): { radiusM: number; azimuthsRad: Float64Array; apexZM: number } | undefined {
  const n = positionsM.length / 3;
  if (n < 3) return undefined;
  const x0 = positionsM[0];
  const z0 = positionsM[2];
  const x1 = positionsM[3 * (n - 1)];
  const z1 = positionsM[3 * (n - 1) + 2];
  const m = Math.floor((n - 1) / 2);
  const xm = positionsM[3 * m];
  const zm = positionsM[3 * m + 2];
  // Circumcentre of first, middle and last element.
  const d = 2 * (x0 * (zm - z1) + xm * (z1 - z0) + x1 * (z0 - zm));
  if (Math.abs(d) < 1e-12) return undefined;
  const s0 = x0 * x0 + z0 * z0;
  const sm = xm * xm + zm * zm;
  const s1 = x1 * x1 + z1 * z1;
  const cx = (s0 * (zm - z1) + sm * (z1 - z0) + s1 * (z0 - zm)) / d;
  const cz = (s0 * (x1 - xm) + sm * (x0 - x1) + s1 * (xm - x0)) / d;
  const radiusM = norm(xm - cx, zm - cz);
  if (!(radiusM < 1) || zm < cz) return undefined;
  const azimuthsRad = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    const dx = positionsM[3 * k] - cx;
    const dz = positionsM[3 * k + 2] - cz;
    if (Math.abs(norm(dx, dz) - radiusM) > toleranceM) return undefined;
    azimuthsRad[k] = atan2(dx, dz);
  }
  return { radiusM, azimuthsRad, apexZM: cz + radiusM };
}

/** The spacing of neighbouring elements when it is the same everywhere within 1 %, else undefined. */
export function uniformPitch(positionsM: Float64Array): number | undefined {
  const n = positionsM.length / 3;
  if (n < 2) return undefined;
  const gap = (k: number) =>
    norm(
      positionsM[3 * k + 3] - positionsM[3 * k],
      positionsM[3 * k + 4] - positionsM[3 * k + 1],
      positionsM[3 * k + 5] - positionsM[3 * k + 2],
    );
  let sum = 0;
  for (let k = 0; k < n - 1; k++) sum += gap(k);
  const mean = sum / (n - 1);
  for (let k = 0; k < n - 1; k++) if (Math.abs(gap(k) - mean) > 0.01 * mean) return undefined;
  return mean;
}
