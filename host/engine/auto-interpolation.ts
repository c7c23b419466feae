/**
 * What `interpolation: "auto"` means on the depth path: the cheapest B-spline on up-sampled, prefiltered rows that stays within
 * the promised rms error of band-limited (sinc) interpolation, for echoes of the probe's spectrum.
 */
import type { Kernels } from "../core/binding.ts";
import { exp } from "../geometry/exact.ts";
import { type SplineDegree, splineError } from "./filters.ts";

/** A B-spline and the up-sampling before it. */
export interface AutoInterpolation {
  degree: SplineDegree;
  upSampling: number;
}

/** Part of the promised error that is planned for: spectra are never quite what the probe's description says. */
export const PLANNED_SHARE = 0.9;

/** Cheapest first. Measured per pixel, element and transmit, the cubic kernel costs 1.4 times the linear one. */
const CANDIDATES: readonly AutoInterpolation[] = [
  { degree: 1, upSampling: 1 },
  { degree: 1, upSampling: 2 },
  { degree: 1, upSampling: 3 },
  { degree: 3, upSampling: 1 },
  { degree: 3, upSampling: 2 },
  { degree: 3, upSampling: 3 },
];

/**
 * Power of a Gaussian pulse at a distance `offsetHz` from its centre frequency, 1 at the centre: a quarter (-6 dB in amplitude) half
 * the bandwidth away.
 */
export function pulsePower(offsetHz: number, bandwidthHz: number): number {
  const relative = (2 * offsetHz) / bandwidthHz;
  return exp(-2 * Math.LN2 * relative * relative);
}

/** Predicted rms error: over the power spectrum of a Gaussian pulse, `bandwidthHz` wide at -6 dB. */
function predictedError(
  { degree, upSampling }: AutoInterpolation,
  centerHz: number,
  bandwidthHz: number,
  rateHz: number,
  kernels: Kernels,
) {
  let error = 0;
  let power = 0;
  for (let step = -24; step <= 24; step++) {
    const hz = centerHz + (step / 16) * bandwidthHz;
    if (Math.abs(hz) > rateHz / 2) continue;
    const weight = pulsePower(hz - centerHz, bandwidthHz);
    const relative = splineError(degree, Math.abs(hz) / (rateHz * upSampling), kernels);
    error += weight * relative * relative;
    power += weight;
  }
  return power > 0 ? Math.sqrt(error / power) : 0;
}

/** The cheapest candidate within budget; the best one when none is. */
export function chooseInterpolation(
  centerHz: number,
  bandwidthHz: number,
  rateHz: number,
  accuracy: number,
  kernels: Kernels,
): AutoInterpolation {
  const within = CANDIDATES.find(
    (candidate) =>
      predictedError(candidate, centerHz, bandwidthHz, rateHz, kernels) <= PLANNED_SHARE * accuracy,
  );
  return within ?? CANDIDATES[CANDIDATES.length - 1];
}
