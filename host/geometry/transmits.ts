/**
 * When each element fires, and how the two common zeros of time relate.
 *
 * Sonde counts time from the moment the ideal wavefront crosses the origin (USTB UFF). PyMUST, zea and Verasonics count
 * from the first element that fires. `firstFiringS` is the bridge: t_origin = t_first + firstFiringS (a negative
 * number or zero in all usual cases).
 */
import type { Probe, Vector3, Wave } from "../model.ts";
import { cos, norm, sin } from "./exact.ts";

function distance(positionsM: Float64Array, element: number, to: Vector3): number {
  return norm(
    positionsM[3 * element] - to[0],
    positionsM[3 * element + 1] - to[1],
    positionsM[3 * element + 2] - to[2],
  );
}

/**
 * Ideal firing time of every element (s), front at the origin at t = 0; +Infinity where `apodization` is 0.
 * plane (x sin a cos b + y sin b + z cos a cos b)/c at elevation b; diverging (|e - s| - |s|)/c; focused (|s| - |e - s|)/c; one element e: -0 for it alone,
 * because its own time zero is its firing.
 */
export function firingTimes(
  wave: Wave,
  probe: Pick<Probe, "positionsM">,
  soundSpeedMps: number,
  apodization?: ArrayLike<number>,
): Float64Array {
  const p = probe.positionsM;
  const times = new Float64Array(p.length / 3);
  const { azimuthRad = 0, elevationRad = 0 } = wave.kind === "plane" ? wave : {};
  const flat = cos(elevationRad);
  const [nx, ny, nz] = [sin(azimuthRad) * flat, sin(elevationRad), cos(azimuthRad) * flat];
  const sourceM = "source" in wave ? norm(...wave.source) : 0;
  for (let e = 0; e < times.length; e++) {
    if (apodization && apodization[e] === 0) times[e] = Number.POSITIVE_INFINITY;
    else if (wave.kind === "plane")
      times[e] = (p[3 * e] * nx + p[3 * e + 1] * ny + p[3 * e + 2] * nz) / soundSpeedMps;
    else if (wave.kind === "diverging") times[e] = (distance(p, e, wave.source) - sourceM) / soundSpeedMps;
    else if (wave.kind === "focused") times[e] = (sourceM - distance(p, e, wave.source)) / soundSpeedMps;
    else if (wave.kind === "element") times[e] = e === wave.element ? 0 : Number.POSITIVE_INFINITY;
    else times[e] = 0;
  }
  return times;
}

/** The earliest of the firing times (s): what to add to a time counted from the first firing. */
export function firstFiringS(firingS: Float64Array): number {
  let first = Number.POSITIVE_INFINITY;
  for (const t of firingS) if (t < first) first = t;
  return first;
}
