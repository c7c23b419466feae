/** How strongly each place of the resting scene scatters, relative to plain tissue. */
import { sinTurns } from "../geometry/exact.ts";
import { axisOf, type Disc, depthBelowFaceM, halfWidthM, type Landmarks } from "./landmarks.ts";
import type { Field } from "./probe.ts";

const SKIN_STRENGTH = 1.7;
const FAT_STRENGTH = 0.6;
const DEEP_STRENGTH = 0.85;
const INCLUSION_STRENGTH = 3.2;
/** Muscle swings by its fibres about a mean. */
const MUSCLE = { mean: 0.58, swing: 0.42, bundles: 22 };
/** Sound crosses a cyst without loss: what lies behind it is brighter by this much. */
const ENHANCEMENT = 0.5;

/** Fractions of the depth. */
const SKIN_V = 0.03;
const FAT_V = 0.13;
const DEEP_V = 0.55;

/** Lower border of the fat, sagging to the left; u = x over the half width. */
export function fatBottom(u: number): number {
  return FAT_V + 0.012 * sinTurns(0.35 * u) - 0.01 * u;
}

/** Upper border of the deep tissue, descending to the right. */
export function deepTop(u: number): number {
  return DEEP_V + 0.03 * u + 0.008 * sinTurns(0.6 * u);
}

function inside(disc: Disc, xM: number, zM: number): boolean {
  const dx = xM - disc.xM;
  const dz = zM - disc.zM;
  return dx * dx + dz * dz < disc.radiusM * disc.radiusM;
}

/** Strength at a place: 0 in cysts and in the vessel. */
export function tissueOf(field: Field, landmarks: Landmarks): (xM: number, zM: number) => number {
  const { depthM, sector } = field;
  const { vessel, cysts, inclusions } = landmarks;
  const { ex, ez } = axisOf(vessel);
  const wM = halfWidthM(field);
  const apexM = sector?.radiusM ?? 0;
  const cystDepthsM = cysts.map((cyst) => depthBelowFaceM(field, cyst.xM, cyst.zM));

  return (xM, zM) => {
    if (Math.abs((zM - vessel.from.zM) * ex - (xM - vessel.from.xM) * ez) < vessel.radiusM) return 0;
    for (const cyst of cysts) if (inside(cyst, xM, zM)) return 0;
    for (const inclusion of inclusions) if (inside(inclusion, xM, zM)) return INCLUSION_STRENGTH;
    const d = depthBelowFaceM(field, xM, zM);
    const v = d / depthM;
    const u = xM / wM;
    let strength = DEEP_STRENGTH;
    if (v < SKIN_V) strength = SKIN_STRENGTH;
    else if (v < fatBottom(u)) strength = FAT_STRENGTH;
    else if (v < deepTop(u)) {
      // Fibres descend to the right and are not quite straight.
      const fibre = sinTurns(v * MUSCLE.bundles - 2.2 * u + 0.4 * sinTurns(1.3 * u + v));
      strength = MUSCLE.mean + MUSCLE.swing * fibre;
    }
    for (let k = 0; k < cysts.length; k++) {
      if (d < cystDepthsM[k]) continue;
      const rayX = sector ? (cysts[k].xM * (zM + apexM)) / (cysts[k].zM + apexM) : cysts[k].xM;
      const inwards = 0.9 - Math.abs(xM - rayX) / cysts[k].radiusM;
      if (inwards > 0) strength *= 1 + ENHANCEMENT * Math.min(1, 4 * inwards);
    }
    return strength;
  };
}
