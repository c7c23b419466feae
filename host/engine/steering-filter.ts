/**
 * Short filters that take raw RF samples to what a beamformer sums, at any fraction of a sample: fractional delay, Hilbert
 * transform, band-pass, up-sampling and the prefilter of linear interpolation in one.
 *
 * Echoes are a random process whose power spectrum S is that of the probe's pulse. Of all filters with N taps the one with the least
 * mean square error against the ideal value z at position tau solves the normal equations (Wiener)
 *
 *   R h = p,   R_jk = E[x_j x_k] = sum_f S cos(2 pi f (j - k)),   p_k = E[z x_k] = sum_f S G exp(j 2 pi f (tau - k))
 *
 * f in cycles a sample, z = analytic signal (or its real part) times G, where G prefilters for the linear B-spline (Unser, IEEE SP
 * Magazine 16(6):22, 1999) and is 0 outside the band. The same equations give the error that remains: the plan knows what it promises.
 */
import type { Kernels } from "../core/binding.ts";
import { PLANNED_SHARE, pulsePower } from "./auto-interpolation.ts";
import { choleskySolver } from "./cholesky.ts";
import { splineEnergy, splineError, splinePrefilter } from "./filters.ts";

/** Fractions of a sample that filters are made for; even, and a multiple of every up-sampling. */
export const PHASES = 480;

/** What echoes look like and what is wanted of them. */
export interface SteeringRequest {
  sampleRateHz: number;
  /** Spectrum of the echoes: centre, and width at -6 dB (Hz). */
  centerHz: number;
  bandwidthHz: number;
  /** Frequencies to keep (Hz); all when absent. */
  band?: { lowHz: number; highHz: number };
  /** Complex output: real part and Hilbert transform. */
  analytic: boolean;
  /** Rms error promised against band-limited interpolation, as a fraction. */
  accuracy: number;
}

/** The filters of every phase. */
export interface SteeringFilter {
  /** Even. Tap k of a phase weighs sample i + k + 1 - taps / 2, for an output at i + phase / PHASES. */
  taps: number;
  /** Output rows per input sample, 1 to 6, between which linear interpolation keeps the promise. */
  upSampling: number;
  /** Predicted rms error, interpolation included. */
  error: number;
  /** [phase][real, imaginary (when analytic)][tap]. */
  coefficients: Float32Array<ArrayBuffer>;
  /** Largest sum of magnitudes of one phase's taps: no output exceeds it times the largest sample. */
  gain: number;
}

const TAP_COUNTS = [4, 6, 8, 12, 16, 24, 32];
const UP_SAMPLINGS = [1, 2, 3, 4, 6];
/** Frequencies, 0 to half the sample rate, that integrals are sums over: 128 samples of memory, four times the longest filter's. */
const FREQUENCIES = 64;
/** Outside the pulse's spectrum the filter should still do something sensible: echoes at -30 dB of the pulse's peak are assumed everywhere. */
const FLOOR = 1e-3;
/** White noise at -60 dB keeps the equations well conditioned. */
const NOISE = 1e-6;
/**
 * What lies at zero frequency is the amplifier's offset, which adds up over elements as echoes do not: its power against the echoes',
 * so large that nothing of it is left.
 */
const OFFSET = 100;
/** Where a band ends there is something to keep out: white, this much of the pulse's peak. */
const OUTSIDE = 0.01;
/** Phases that errors are averaged over; even. */
const PROBED_PHASES = 12;

/** The process that echoes are taken for, for one up-sampling. */
class EchoModel {
  /** Cycles a sample, power of what is judged (that of the pulse sums to 1), power assumed in the design, wanted gain; by frequency. */
  readonly #nu = new Float64Array(FREQUENCIES);
  readonly #pulse = new Float64Array(FREQUENCIES);
  readonly #design = new Float64Array(FREQUENCIES);
  readonly #wanted = new Float64Array(FREQUENCIES);
  /** cos and sin of a turn by one sample, by frequency. */
  readonly #stepRe = new Float64Array(FREQUENCIES);
  readonly #stepIm = new Float64Array(FREQUENCIES);
  readonly #analytic: boolean;
  readonly #kernels: Kernels;
  /** Rms error of linear interpolation between the up-sampled values, and how much of their own error it passes on. */
  readonly splineError: number;
  readonly #passedOn: number;

  constructor(request: SteeringRequest, upSampling: number, kernels: Kernels) {
    const { sampleRateHz, centerHz, bandwidthHz, band } = request;
    this.#analytic = request.analytic;
    this.#kernels = kernels;
    let total = 0;
    for (let i = 0; i < FREQUENCIES; i++) {
      const nu = (i + 0.5) / (2 * FREQUENCIES);
      const hz = nu * sampleRateHz;
      const inside = !band || (hz >= band.lowHz && hz <= band.highHz);
      this.#nu[i] = nu;
      this.#stepRe[i] = kernels.cosTurns(nu);
      this.#stepIm[i] = -kernels.sinTurns(nu);
      this.#pulse[i] = pulsePower(hz - centerHz, bandwidthHz);
      this.#wanted[i] = inside ? splinePrefilter(1, nu / upSampling, kernels) : 0;
      total += this.#pulse[i];
    }
    let error = 0;
    let passedOn = 0;
    for (let i = 0; i < FREQUENCIES; i++) {
      this.#pulse[i] /= total;
      this.#design[i] = this.#pulse[i] + FLOOR / total;
      const relative = splineError(1, this.#nu[i] / upSampling, kernels);
      error += this.#pulse[i] * relative * relative;
      passedOn += this.#pulse[i] * splineEnergy(1, this.#nu[i] / upSampling, kernels);
      if (this.#wanted[i] === 0) {
        this.#pulse[i] += OUTSIDE / total;
        this.#design[i] = this.#pulse[i];
      }
    }
    this.splineError = Math.sqrt(error);
    this.#passedOn = passedOn;
  }

  /** R for lags 0 to n - 1. */
  #correlation(power: Float64Array, n: number): Float64Array {
    const r = new Float64Array(n);
    for (let lag = 0; lag < n; lag++)
      for (let i = 0; i < FREQUENCIES; i++) r[lag] += power[i] * this.#kernels.cosTurns(this.#nu[i] * lag);
    return r;
  }

  /** p of one phase: real parts, then imaginary ones. */
  #target(power: Float64Array, taps: number, tau: number): [Float64Array, Float64Array] {
    const { cosTurns, sinTurns } = this.#kernels;
    const [nu, wanted, stepRe, stepIm] = [this.#nu, this.#wanted, this.#stepRe, this.#stepIm];
    const re = new Float64Array(taps);
    const im = new Float64Array(taps);
    const first = 1 - taps / 2;
    for (let i = 0; i < FREQUENCIES; i++) {
      const weight = power[i] * wanted[i];
      if (weight === 0) continue;
      // exp(j 2 pi nu (tau - k)), turned by exp(-j 2 pi nu) from tap to tap.
      const turns = nu[i] * (tau - first);
      let c = weight * cosTurns(turns);
      let s = weight * sinTurns(turns);
      const turnRe = stepRe[i];
      const turnIm = stepIm[i];
      for (let k = 0; k < taps; k++) {
        re[k] += c;
        im[k] += s;
        const next = c * turnRe - s * turnIm;
        s = c * turnIm + s * turnRe;
        c = next;
      }
    }
    return [re, im];
  }

  /** Makes the filter of a phase (fraction of a sample) for a number of taps. */
  designer(taps: number): (tau: number) => Float64Array[] {
    const r = this.#correlation(this.#design, taps);
    const matrix = new Float64Array(taps * taps);
    for (let j = 0; j < taps; j++)
      for (let k = 0; k < taps; k++)
        matrix[j * taps + k] = r[Math.abs(j - k)] + OFFSET + (j === k ? NOISE : 0);
    const solve = choleskySolver(matrix, taps);
    return (tau) =>
      this.#target(this.#design, taps, tau)
        .slice(0, this.#analytic ? 2 : 1)
        .map(solve);
  }

  /** Rms error of a design for the pulse's echoes, relative, linear interpolation included. */
  error(taps: number): number {
    const design = this.designer(taps);
    const r = this.#correlation(this.#pulse, taps);
    const power = this.#pulse.reduce((sum, s, i) => sum + s * this.#wanted[i] * this.#wanted[i], 0);
    let missed = 0;
    // A phase and what it lacks to a whole sample err alike: their filters are each other's mirror image.
    for (let probe = 0; probe <= PROBED_PHASES / 2; probe++) {
      const times = probe === 0 || probe === PROBED_PHASES / 2 ? 1 : 2;
      const tau = probe / PROBED_PHASES;
      const target = this.#target(this.#pulse, taps, tau);
      design(tau).forEach((h, part) => {
        let miss = power;
        for (let j = 0; j < taps; j++) {
          miss -= 2 * h[j] * target[part][j];
          for (let k = 0; k < taps; k++) miss += h[j] * h[k] * r[Math.abs(j - k)];
        }
        missed += times * miss;
      });
    }
    const parts = this.#analytic ? 2 : 1;
    const relative = Math.max(0, missed) / (parts * PROBED_PHASES * power);
    return Math.sqrt(relative * this.#passedOn + this.splineError * this.splineError);
  }
}

/** The least up-sampling and taps, by work a sample, that keep the promise; the most exact one when none does. */
function chooseSize(
  request: SteeringRequest,
  kernels: Kernels,
): { model: EchoModel; taps: number; upSampling: number; error: number } {
  const budget = PLANNED_SHARE * request.accuracy;
  const models = UP_SAMPLINGS.map((upSampling) => ({
    upSampling,
    model: new EchoModel(request, upSampling, kernels),
  }));
  const sizes = models
    // Where interpolation alone breaks the promise no filter can help.
    .filter(({ model }) => model.splineError <= budget)
    .flatMap((rows) => TAP_COUNTS.map((taps) => ({ ...rows, taps })))
    .sort((a, b) => a.taps * a.upSampling - b.taps * b.upSampling);
  for (const size of sizes) {
    const error = size.model.error(size.taps);
    if (error <= budget) return { ...size, error };
  }
  const best = { ...models[models.length - 1], taps: TAP_COUNTS[TAP_COUNTS.length - 1] };
  return { ...best, error: best.model.error(best.taps) };
}

/** A design, and what was asked for. */
export interface SteeringDesign {
  key: string;
  filter: SteeringFilter;
}

/** The last one of this thread: a plan asks again when it is built, and with every change of its pipeline. */
let last: SteeringDesign | undefined;

/** The last design of this thread, for others that will ask for the same. */
export function lastDesign(): SteeringDesign | undefined {
  return last;
}

/** Takes another thread's last design for this one's. */
export function adoptDesign(design: SteeringDesign | undefined): void {
  last = design ?? last;
}

/** Designs the filters for one acquisition's echoes. The caller decides what to do when `error` is above the promise. */
export function designSteeringFilter(request: SteeringRequest, kernels: Kernels): SteeringFilter {
  const key = JSON.stringify(request);
  if (last?.key !== key) last = { key, filter: design(request, kernels) };
  return last.filter;
}

function design(request: SteeringRequest, kernels: Kernels): SteeringFilter {
  const { model, taps, upSampling, error } = chooseSize(request, kernels);
  const filterOf = model.designer(taps);
  const parts = request.analytic ? 2 : 1;
  const coefficients = new Float32Array(PHASES * parts * taps);
  let gain = 0;
  const put = (phase: number, part: number, h: Float64Array) =>
    coefficients.set(h, (phase * parts + part) * taps);
  // Those of phases beyond the half are the mirror images of the others, of conjugate sign.
  for (let phase = 0; phase <= PHASES / 2; phase++)
    filterOf(phase / PHASES).forEach((h, part) => {
      put(phase, part, h);
      gain = Math.max(
        gain,
        h.reduce((sum, value) => sum + Math.abs(value), 0),
      );
      if (phase === 0 || phase === PHASES / 2) return;
      h.reverse();
      put(PHASES - phase, part, part === 0 ? h : h.map((value) => -value));
    });
  return { taps, upSampling, error, coefficients, gain };
}
