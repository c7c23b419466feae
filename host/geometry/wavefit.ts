/**
 * The wave behind a table of firing delays: which plane, diverging or focused wave would have made them. Least squares
 * on delay_e = front_e + constant, constant free; a wave is accepted only if every element agrees within a tolerance.
 */
import type { Probe, Vector3, Wave } from "../model.ts";
import { cos, norm, sin } from "./exact.ts";
import { firingTimes } from "./transmits.ts";

export interface WaveFit {
  wave: Wave;
  /** Firing time of each element on Sonde's axis (s), front at the origin at 0; +Infinity where it did not fire. */
  firingS: Float64Array;
  /** What to add to a time counted from the first firing (s). */
  offsetS: number;
  /** The first firing, on the axis of the delays that were given (s). */
  firstS: number;
}

/** Largest and mean difference between delays and a wave's ideal firing times, over the elements that fire. */
function compare(
  delaysS: Float64Array,
  idealS: Float64Array,
): { meanS: number; worstS: number; sumOfSquares: number } {
  let sum = 0;
  let count = 0;
  for (let e = 0; e < delaysS.length; e++)
    if (Number.isFinite(delaysS[e])) {
      sum += idealS[e] - delaysS[e];
      count++;
    }
  const meanS = sum / count;
  let worstS = 0;
  let sumOfSquares = 0;
  for (let e = 0; e < delaysS.length; e++)
    if (Number.isFinite(delaysS[e])) {
      const residual = idealS[e] - delaysS[e] - meanS;
      worstS = Math.max(worstS, Math.abs(residual));
      sumOfSquares += residual * residual;
    }
  return { meanS, worstS, sumOfSquares };
}

/** Minimum of `cost` near `start` by a pattern search that halves its steps: slow, and cannot diverge. */
function descend(
  cost: (parameters: readonly number[]) => number,
  start: number[],
  steps: number[],
): number[] {
  const best = [...start];
  let least = cost(best);
  for (let round = 0; round < 400 && steps.some((step) => Math.abs(step) > 1e-13); round++) {
    let improved = false;
    for (let k = 0; k < best.length; k++)
      for (const sign of [1, -1]) {
        const trial = [...best];
        trial[k] += sign * steps[k];
        const value = cost(trial);
        if (value < least) {
          least = value;
          best[k] = trial[k];
          improved = true;
          break;
        }
      }
    if (!improved) for (let k = 0; k < steps.length; k++) steps[k] /= 2;
  }
  return best;
}

/** A source farther than 2 m sends a plane wave. */
const FARTHEST_INVERSE_M = 0.5;
/** Larger tables keep their firing times: the search would take seconds. */
const MOST_ELEMENTS = 4096;

/** Angle, and distance as 1/distance (1/m) so that the search is even from near to infinitely far. */
function pointFrom(angleRad: number, inverseM: number, behind: boolean): Vector3 {
  const distance = (behind ? -1 : 1) / inverseM;
  return [distance * sin(angleRad), 0, distance * cos(angleRad)];
}

/** At most `count` elements, evenly spread among those that fire: enough for the coarse part of the search. */
function thinned(delaysS: Float64Array, positionsM: Float64Array, active: readonly number[], count: number) {
  const chosen = Array.from(
    { length: Math.min(count, active.length) },
    (_, k, n = Math.min(count, active.length)) =>
      n === 1 ? active[0] : active[Math.round((k * (active.length - 1)) / (n - 1))],
  );
  return {
    delaysS: Float64Array.from(chosen, (e) => delaysS[e]),
    positionsM: Float64Array.from(chosen.flatMap((e) => [...positionsM.subarray(3 * e, 3 * e + 3)])),
  };
}

function explain(
  delaysS: Float64Array,
  positionsM: Float64Array,
  active: readonly number[],
  soundSpeedMps: number,
  toleranceS: number,
): Wave | undefined {
  const all = thinned(delaysS, positionsM, active, active.length);
  const few = thinned(delaysS, positionsM, active, 16);
  const misfit = (wave: Wave, of = all) => compare(of.delaysS, firingTimes(wave, of, soundSpeedMps));

  const plane = (angleRad: number): Wave => ({ kind: "plane", azimuthRad: angleRad });
  // An unsteered array comes out as exactly 0, not as the end of a search.
  if (misfit(plane(0)).worstS < 1e-12) return plane(0);
  let angle = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let k = -30; k <= 30; k++) {
    const { sumOfSquares } = misfit(plane(k * 0.05), few);
    if (sumOfSquares < least) {
      least = sumOfSquares;
      angle = k * 0.05;
    }
  }
  [angle] = descend((p) => misfit(plane(p[0])).sumOfSquares, [angle], [0.05]);
  if (misfit(plane(angle)).worstS <= toleranceS) return plane(angle);

  let found: Wave | undefined;
  let worst = toleranceS;
  for (const kind of ["diverging", "focused"] as const) {
    const wave = (p: readonly number[]): Wave => ({
      kind,
      source: pointFrom(p[0], p[1], kind === "diverging"),
    });
    const cost = (p: readonly number[], of = all) =>
      p[1] > FARTHEST_INVERSE_M && Math.abs(p[0]) < Math.PI / 2
        ? misfit(wave(p), of).sumOfSquares
        : Number.POSITIVE_INFINITY;
    let start = [0, 10];
    least = Number.POSITIVE_INFINITY;
    for (let k = 0, inverseM = 1 / 1.5; k < 24; k++, inverseM *= 1.5)
      for (let a = -7; a <= 7; a++) {
        const trial = [a * 0.2, inverseM];
        const value = cost(trial, few);
        if (value < least) {
          least = value;
          start = trial;
        }
      }
    const p = descend(cost, start, [0.1, start[1] * 0.25]);
    const { worstS } = misfit(wave(p));
    if (worstS <= worst) {
      worst = worstS;
      found = wave(p);
    }
  }
  return found;
}

/**
 * Explains `delaysS` (from any zero; not finite: did not fire). One firing element is `element`; delays that no
 * wave explains within `toleranceS` are `firing`, on an axis whose zero is the first arrival at the origin.
 */
export function fitWave(
  delaysS: Float64Array,
  probe: Pick<Probe, "positionsM">,
  soundSpeedMps: number,
  toleranceS: number,
): WaveFit | undefined {
  const active: number[] = [];
  for (let e = 0; e < delaysS.length; e++) if (Number.isFinite(delaysS[e])) active.push(e);
  if (active.length === 0) return undefined;
  const first = active.reduce((least, e) => Math.min(least, delaysS[e]), Number.POSITIVE_INFINITY);
  const relative = delaysS.map((delay) =>
    Number.isFinite(delay) ? delay - first : Number.POSITIVE_INFINITY,
  );

  if (active.length === 1)
    return { wave: { kind: "element", element: active[0] }, firingS: relative, offsetS: 0, firstS: first };
  const wave =
    active.length <= MOST_ELEMENTS
      ? explain(relative, probe.positionsM, active, soundSpeedMps, toleranceS)
      : undefined;
  let offsetS: number;
  if (wave) offsetS = compare(relative, firingTimes(wave, probe, soundSpeedMps)).meanS;
  else {
    const p = probe.positionsM;
    offsetS = Number.NEGATIVE_INFINITY;
    for (const e of active)
      offsetS = Math.max(
        offsetS,
        -(relative[e] + norm(p[3 * e], p[3 * e + 1], p[3 * e + 2]) / soundSpeedMps),
      );
  }
  return {
    wave: wave ?? { kind: "firing" },
    firingS: relative.map((delay) => delay + offsetS),
    offsetS,
    firstS: first,
  };
}
