/**
 * Line tables of echOpen's mechanical probes: x0, z0, angle, r0, dr per line, as `LineData.lines`.
 * Sample k of a line lies at (x0, z0) + (r0 + k dr) (sin angle, cos angle).
 */
import { LINE_FIELDS } from "../model.ts";
import { atan, cos, sin } from "./exact.ts";

/** Speed of sound in all of echOpen's software (m/s). */
export const ECHOPEN_SOUND_SPEED_MPS = 1480;

function table(count: number, line: (index: number, part: number) => readonly number[]): Float64Array {
  const lines = new Float64Array(count * LINE_FIELDS);
  // A single line points straight ahead.
  for (let i = 0; i < count; i++) lines.set(line(i, count > 1 ? i / (count - 1) : 0.5), i * LINE_FIELDS);
  return lines;
}

/** Pure rotation about the origin: angles from -sector/2 to +sector/2, first sample `r0M` from the centre. */
export function rotationLines(count: number, sectorRad: number, r0M: number, drM: number): Float64Array {
  return table(count, (_, part) => [0, 0, (part - 0.5) * sectorRad, r0M, drM]);
}

/**
 * Cart: the transducer moves along x over `travelM`, its beams seem to come from a pivot `pivotM` behind the middle:
 * x_i = (part - 1/2) travel, angle_i = atan(x_i / pivot). Samples start at the cart.
 */
export function cartLines(count: number, travelM: number, pivotM: number, drM: number): Float64Array {
  return table(count, (_, part) => {
    const x = (part - 0.5) * travelM;
    return [x, 0, atan(x / pivotM), 0, drM];
  });
}

/** A transducer on the swing: offset along its arm's normal and tilt. */
export interface LoungerMount {
  offsetM: number;
  tiltRad: number;
  centerFrequencyHz: number;
}

/** Mounts by kinematics name (echOpen's Android application, 2019). Its third name, PROBE_V1__8MHZ, is documented nowhere. */
export const LOUNGER_MOUNTS: Readonly<Record<string, LoungerMount>> = {
  PROBE_V1__3_5MHZ: { offsetM: -6.2658e-3, tiltRad: (-10 * Math.PI) / 180, centerFrequencyHz: 3.5e6 },
  PROBE_V1__5MHZ: { offsetM: 6.2658e-3, tiltRad: (10 * Math.PI) / 180, centerFrequencyHz: 5e6 },
};

/** Length of the swing's arm, travel of its drive, and height of the drive over the pivot (m). */
const ARM_M = 12.5e-3;
const TRAVEL_M = 16e-3;
const HEIGHT_M = 10e-3;

/**
 * Lounger, a swing about a pivot at the origin: theta_i = atan((part - 1/2) travel / height);
 * x0 = R sin theta + l cos theta, z0 = -R cos theta + l sin theta; the beam looks along (-sin a, cos a), a = theta + tilt.
 * The first sample is at the transducer.
 */
export function loungerLines(count: number, mount: LoungerMount, drM: number): Float64Array {
  return table(count, (_, part) => {
    const theta = atan(((part - 0.5) * TRAVEL_M) / HEIGHT_M);
    const x0 = ARM_M * sin(theta) + mount.offsetM * cos(theta);
    const z0 = -ARM_M * cos(theta) + mount.offsetM * sin(theta);
    return [x0, z0, -(theta + mount.tiltRad), 0, drM];
  });
}
