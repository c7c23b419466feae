/** Filter design: Butterworth for demodulation, windowed-sinc band-pass, responses for the core's spectral filter. */
import type { Kernels } from "../core/binding.ts";

/** Sine and cosine of the core: the same bits in every engine. */
type Trigonometry = Pick<Kernels, "sinTurns" | "cosTurns">;

/** A recursive filter and its steady state for a constant input of 1. */
export interface RecursiveFilter {
  b: number[];
  a: number[];
  /** State of the direct form II transposed. */
  z: number[];
}

const ORDER = 5;

/**
 * Butterworth low-pass of order 5, cut-off `wn` as a fraction of Nyquist (0 to 1), by the bilinear transform of the analog
 * poles exp(j pi (2 k + 6) / 10); b and a as scipy.signal.butter(5, wn), z as scipy.signal.lfilter_zi.
 */
export function butterworth5(wn: number, { sinTurns, cosTurns }: Trigonometry): RecursiveFilter {
  const warped = sinTurns(wn / 4) / cosTurns(wn / 4); // tan(pi wn / 2)
  // Denominator as a product of (1 - p z^-1), p = (1 + s) / (1 - s), s = warped x analog pole.
  let re = [1];
  let im = [0];
  let gain = 1;
  for (let k = 0; k < ORDER; k++) {
    const turns = (2 * k + ORDER + 1) / (4 * ORDER);
    const sr = warped * cosTurns(turns);
    const si = warped * sinTurns(turns);
    const norm = (1 - sr) * (1 - sr) + si * si;
    const pr = ((1 + sr) * (1 - sr) - si * si) / norm;
    const pi = (si * (1 - sr) + (1 + sr) * si) / norm;
    const nextRe = [...re, 0];
    const nextIm = [...im, 0];
    for (let i = 0; i < re.length; i++) {
      nextRe[i + 1] -= pr * re[i] - pi * im[i];
      nextIm[i + 1] -= pr * im[i] + pi * re[i];
    }
    re = nextRe;
    im = nextIm;
  }
  const a = re;
  const sum = a.reduce((total, value) => total + value, 0);
  gain = sum / 2 ** ORDER; // unit gain at zero frequency
  const b = [1, 5, 10, 10, 5, 1].map((binomial) => binomial * gain);
  // Steady state: z_i = sum of b_k - a_k over k > i (for constant input and output 1).
  const z = new Array<number>(ORDER).fill(0);
  let state = 0;
  for (let i = ORDER - 1; i >= 0; i--) {
    state += b[i + 1] - a[i + 1];
    z[i] = state;
  }
  return { b, a, z };
}

/**
 * Linear-phase band-pass, odd length, by the Hamming-windowed sinc; edges as fractions of the sample rate (0 to 1/2). Unit gain
 * at the middle of the band. The transition is about 3.3 / taps of the sample rate wide.
 */
export function bandPassTaps(
  low: number,
  high: number,
  taps: number,
  { sinTurns, cosTurns }: Trigonometry,
): Float32Array<ArrayBuffer> {
  const half = (taps - 1) / 2;
  const ideal = (edge: number, n: number) => (n === 0 ? 2 * edge : sinTurns(edge * n) / (Math.PI * n));
  const h = Array.from({ length: taps }, (_, i) => {
    const n = i - half;
    return (ideal(high, n) - ideal(low, n)) * (0.54 + 0.46 * cosTurns(n / (2 * half)));
  });
  const center = low <= 0 ? 0 : (low + high) / 2;
  let gain = 0;
  for (let i = 0; i < taps; i++) gain += h[i] * cosTurns(center * (i - half));
  return Float32Array.from(h, (value) => value / gain);
}

/** What a spectral filter does to rows. */
export interface Response {
  /** Keep non-negative frequencies only and double them (analytic signal). */
  analytic: boolean;
  /** Frequencies to keep, Hz at the carrier's place; the rest becomes zero. */
  band?: { lowHz: number; highHz: number };
  /** Turn samples into coefficients of the B-spline that will interpolate. */
  spline?: SplineDegree;
  sampleRateHz: number;
  /** Frequency that zero frequency stands for (Hz): the demodulation frequency of IQ, else 0. */
  carrierHz: number;
  /** Output samples per input sample. */
  upSampling: number;
}

/**
 * The response bin by bin, scaled for the unscaled transforms: 1 / n. Analytic signal as scipy.signal.hilbert (zero frequency
 * and Nyquist once, positive frequencies twice); with a band, as in "keep low <= f <= high, double, drop the rest".
 */
export function spectralResponse(
  n: number,
  response: Response,
  trigonometry: Trigonometry,
): Float32Array<ArrayBuffer> {
  const values = new Float32Array(n);
  for (let k = 0; k < n; k++) {
    const signed = k < (n + 1) / 2 ? k : k - n;
    const hz = (signed * response.sampleRateHz) / n;
    let gain = 1 / n;
    if (response.analytic) {
      const nyquist = 2 * k === n;
      const once = k === 0 || nyquist;
      gain *= signed < 0 && !nyquist ? 0 : once && !response.band ? 1 : 2;
    }
    if (response.band) {
      const at = Math.abs(hz + response.carrierHz);
      if (at < response.band.lowHz || at > response.band.highHz) gain = 0;
    }
    if (response.spline)
      gain *= splinePrefilter(response.spline, signed / n / response.upSampling, trigonometry);
    values[k] = gain;
  }
  return values;
}

/** Degrees of the B-splines that interpolate prefiltered rows: 1, linear; 3, cubic. */
export type SplineDegree = 1 | 3;

/** Fourier transform of the B-spline at `nu` cycles a sample: sinc^(degree + 1). */
function splineSpectrum(degree: SplineDegree, nu: number, { sinTurns }: Trigonometry): number {
  if (nu === 0) return 1;
  const sinc = sinTurns(nu / 2) / (Math.PI * nu);
  return degree === 1 ? sinc * sinc : sinc * sinc * sinc * sinc;
}

/** Sum over k of |B(nu + k)|^2: the B-spline's autocorrelation, whose samples are those of the B-spline of degree 2 n + 1. */
export function splineEnergy(degree: SplineDegree, nu: number, { cosTurns }: Trigonometry): number {
  if (degree === 1) return (2 + cosTurns(nu)) / 3;
  return (2416 + 2382 * cosTurns(nu) + 240 * cosTurns(2 * nu) + 2 * cosTurns(3 * nu)) / 5040;
}

/**
 * Coefficients that make the B-spline the least-squares approximation of the band-limited signal (Unser, IEEE SP
 * Magazine 16(6):22, 1999): conj B / sum |B|^2.
 */
export function splinePrefilter(degree: SplineDegree, nu: number, trigonometry: Trigonometry): number {
  return splineSpectrum(degree, nu, trigonometry) / splineEnergy(degree, nu, trigonometry);
}

/** Relative rms error of that approximation for a tone of `nu` cycles a sample: sqrt(1 - |B|^2 / sum |B|^2). */
export function splineError(degree: SplineDegree, nu: number, trigonometry: Trigonometry): number {
  const b = splineSpectrum(degree, nu, trigonometry);
  return Math.sqrt(Math.max(0, 1 - (b * b) / splineEnergy(degree, nu, trigonometry)));
}
