/** Draws the scene: scatterers for its tissue, walls, points and blood, from a seed. */
import { cos, sin } from "../geometry/exact.ts";
import { axisOf, depthBelowFaceM, halfWidthM, type Landmarks, landmarksOf, pushOf } from "./landmarks.ts";
import type { SimulatedSettings } from "./options.ts";
import { type Field, SAMPLES_PER_PERIOD, SOUND_SPEED_MPS } from "./probe.ts";
import { nearlyNormal, randomNumbers } from "./random.ts";
import { deepTop, fatBottom, tissueOf } from "./tissue.ts";

/** Scatterers at rest. The last `blood.along.length` ones move along the vessel. */
export interface Scatterers {
  xM: Float64Array;
  zM: Float64Array;
  /** Displacement per metre that the vessel's radius grows. */
  dilationX: Float64Array;
  dilationZ: Float64Array;
  /** Echo amplitude in units of the int16 sample. */
  amplitude: Float64Array;
  blood: {
    /** Distance from the vessel's beginning (m) and from its axis over the radius, -1 to 1. */
    along: Float64Array;
    across: Float64Array;
    /** Amplitude before the depth's gain. */
    strength: Float64Array;
  };
}

export interface Phantom {
  landmarks: Landmarks;
  scatterers: Scatterers;
}

/** Root mean square of a channel's tissue echo in units of the int16 sample; leaves 29 dB for points and walls. */
const TISSUE_RMS = 1100;
/** Amplitudes relative to one scatterer of plain tissue. */
const POINT_STRENGTH = 20;
const FASCIA_STRENGTH = 2.2;
const WALL_STRENGTH = 1.8;
const BLOOD_STRENGTH = 0.08;
/** Distance between scatterers of a wall or fascia, in wavelengths: close enough to be one reflector. */
const LINE_SPACING = 0.4;
/** A cell of the jittered grid, axial over lateral; about that of the resolution. */
const CELL_ASPECT = 0.5;

const LARGEST_AMPLITUDE = 32000;
/** Rows of the grid between one scatterer and the next in the list. */
const ROW_STEP = 8;

function clampAmplitude(amplitude: number): number {
  return Math.min(LARGEST_AMPLITUDE, Math.max(-LARGEST_AMPLITUDE, amplitude));
}

/**
 * Amplitude that the fall with depth leaves after the analogue gain, 1 at half the depth. An aperture that opens with
 * depth (linear, convex) sums more elements there, so its echoes fall more; a phased array looks with all of them.
 */
export function depthGain(field: Field, depthM: number): number {
  const v = Math.max(depthM, 0) / field.depthM;
  return field.sector?.radiusM === 0 ? Math.sqrt(0.75 / (0.25 + v)) : 0.7 / (0.2 + v);
}

/** Draws the scene of these settings. The same settings give the same scene. */
export function drawPhantom(settings: SimulatedSettings, field: Field): Phantom {
  const landmarks = landmarksOf(settings, field);
  const { vessel } = landmarks;
  const { depthM, sector } = field;
  const random = randomNumbers(settings.seed);
  const wavelengthM = SOUND_SPEED_MPS / settings.centerFrequencyHz;

  // A jittered grid, a little larger than the field: in x and z, or in angle and range.
  const marginM = 3 * wavelengthM;
  const lowM = Math.min(0.25 * wavelengthM, 0.001);
  const lengthM = Math.max(depthM, field.reachM) + marginM - lowM;
  const span = sector ? 2.1 * sector.halfAngleRad : 2 * (field.halfApertureM + marginM);
  const middleWidthM = sector ? span * (sector.radiusM + 0.6 * depthM) : span;
  const rows = Math.max(
    1,
    Math.round(Math.sqrt((settings.scatterers * lengthM) / (middleWidthM * CELL_ASPECT))),
  );
  const columns = Math.round(settings.scatterers / rows);

  // One scatterer's amplitude for the wanted rms: echoes per sample x energy of the pulse (2.2 samples) x directivity.
  const samples = (2 * depthM * SAMPLES_PER_PERIOD) / wavelengthM;
  const unit = TISSUE_RMS / Math.sqrt((Math.max(settings.scatterers, 2000) / samples) * 2.2 * 0.3);
  // Columns of plain numbers: an object for each of them would take longer to collect than to compute.
  const x: number[] = [];
  const z: number[] = [];
  const amplitudes: number[] = [];
  const add = (xM: number, zM: number, strength: number) => {
    const amplitude = strength * unit * depthGain(field, depthBelowFaceM(field, xM, zM));
    x.push(xM);
    z.push(zM);
    amplitudes.push(clampAmplitude(amplitude));
  };
  const strengthAt = tissueOf(field, landmarks);

  // Down each column in steps: neighbours in the list share no samples, but mostly the elements that see them.
  const order = Array.from({ length: rows }, (_, row) => row).sort(
    (a, b) => (a % ROW_STEP) - (b % ROW_STEP) || a - b,
  );
  for (let column = 0; column < columns; column++)
    for (const row of order) {
      const side = ((column + random()) / columns - 0.5) * span;
      const d = lowM + ((row + random()) / rows) * lengthM;
      const normal = nearlyNormal(random);
      const xM = sector ? (sector.radiusM + d) * sin(side) : side;
      const zM = sector ? (sector.radiusM + d) * cos(side) - sector.radiusM : d;
      const strength = strengthAt(xM, zM);
      if (strength > 0) add(xM, zM, strength * normal);
    }

  // Fascia: two lines of close scatterers below the face.
  const wM = halfWidthM(field);
  const lineStepM = LINE_SPACING * wavelengthM;
  for (const border of [fatBottom, deepTop])
    for (
      let aside = -span / 2;
      aside < span / 2;
      aside += sector ? lineStepM / (sector.radiusM + 0.3 * depthM) : lineStepM
    ) {
      const u = sector ? ((sector.radiusM + 0.3 * depthM) * sin(aside)) / wM : aside / wM;
      const d = border(u) * depthM + (random() - 0.5) * 0.3 * wavelengthM;
      const xM = sector ? (sector.radiusM + d) * sin(aside) : aside;
      const zM = sector ? (sector.radiusM + d) * cos(aside) - sector.radiusM : d;
      add(xM, zM, FASCIA_STRENGTH * (0.5 + 0.5 * random()));
    }

  // The vessel's two walls.
  const { ex, ez, lengthM: vesselM } = axisOf(vessel);
  for (const side of [-1, 1])
    for (let alongM = 0; alongM < vesselM; alongM += lineStepM) {
      const acrossM = side * (vessel.radiusM + (0.1 + 0.5 * random()) * wavelengthM);
      add(
        vessel.from.xM + alongM * ex - acrossM * ez,
        vessel.from.zM + alongM * ez + acrossM * ex,
        WALL_STRENGTH * (0.4 + 0.6 * random()),
      );
    }

  for (const { xM, zM } of landmarks.points) add(xM, zM, POINT_STRENGTH);

  // Blood, half as dense as the tissue around the middle of the picture: it is too weak to show the difference.
  const cellM2 =
    settings.scatterers > 0 ? (lengthM * middleWidthM) / settings.scatterers : Number.POSITIVE_INFINITY;
  const bloodCount = Math.floor((vesselM * vessel.radiusM) / cellM2);
  const blood = {
    along: new Float64Array(bloodCount),
    across: new Float64Array(bloodCount),
    strength: new Float64Array(bloodCount),
  };
  for (let k = 0; k < bloodCount; k++) {
    blood.along[k] = ((k + random()) / bloodCount) * vesselM;
    blood.across[k] = 2 * random() - 1;
    blood.strength[k] = BLOOD_STRENGTH * unit * nearlyNormal(random);
  }

  // The blood's places are filled in for each frame.
  const still = x.length;
  const count = still + bloodCount;
  const column = (values: readonly number[] = []) => {
    const filled = new Float64Array(count);
    filled.set(values);
    return filled;
  };
  const scatterers: Scatterers = {
    xM: column(x),
    zM: column(z),
    dilationX: column(),
    dilationZ: column(),
    amplitude: column(amplitudes),
    blood,
  };
  const push = pushOf(vessel);
  for (let k = 0; k < count; k++) {
    const pushed = k < still ? push(x[k], z[k]) : blood.across[k - still];
    scatterers.dilationX[k] = -ez * pushed;
    scatterers.dilationZ[k] = ex * pushed;
  }
  return { landmarks, scatterers };
}

/** Places of the blood after the axis has flowed `flowM` (parabolic profile, wrapped around at the vessel's ends). */
export function moveBlood(phantom: Phantom, field: Field, flowM: number): void {
  const { vessel } = phantom.landmarks;
  const { xM, zM, amplitude, blood } = phantom.scatterers;
  const { ex, ez, lengthM } = axisOf(vessel);
  const first = xM.length - blood.along.length;
  for (let k = 0; k < blood.along.length; k++) {
    const q = blood.across[k];
    const travelled = blood.along[k] + (1 - q * q) * flowM;
    const alongM = travelled - Math.floor(travelled / lengthM) * lengthM;
    const x = vessel.from.xM + alongM * ex - q * vessel.radiusM * ez;
    const z = vessel.from.zM + alongM * ez + q * vessel.radiusM * ex;
    xM[first + k] = x;
    zM[first + k] = z;
    amplitude[first + k] = blood.strength[k] * depthGain(field, depthBelowFaceM(field, x, z));
  }
}
