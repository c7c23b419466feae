/**
 * Channel data for measurements: noise with the spectrum of an echo, a Gaussian about the centre frequency. Made from seeded
 * integers and functions with the same bits in every engine, so that every device beamforms the same bytes.
 */
import { cosTurns, exp } from "../host/geometry/exact.ts";
import { randomNumbers } from "../host/simulate/random.ts";

/** Half the filter's length: the Gaussian of 60 % bandwidth at four samples a period is down to 1e-5 there. */
const REACH = 12;
/** Root mean square of the samples; 3.5 times that, the peaks of some ten million of them, is 8000. */
const RMS = 2300;

/** What the noise looks like. */
export interface NoiseShape {
  rows: number;
  samples: number;
  /** Centre frequency divided by the sample rate; 0 for baseband. */
  center: number;
  /** Bandwidth at -6 dB divided by the sample rate. */
  bandwidth: number;
  seed: number;
}

/** Samples [row][sample], peaks of about +-8000. */
export function bandLimitedNoise({
  rows,
  samples,
  center,
  bandwidth,
  seed,
}: NoiseShape): Int16Array<ArrayBuffer> {
  // |H(f)| = 2^-((f - center) / (bandwidth / 2))^2 is the transform of exp(-(pi n)^2 / a) cos(2 pi center n), a = ln 2 / (bandwidth / 2)^2.
  const a = Math.LN2 / ((bandwidth / 2) * (bandwidth / 2));
  const taps = Float64Array.from({ length: 2 * REACH + 1 }, (_, i) => {
    const n = i - REACH;
    return exp(Math.max(-600, -(Math.PI * n * Math.PI * n) / a)) * cosTurns(center * n);
  });
  const power = taps.reduce((sum, tap) => sum + tap * tap, 0);
  // Uniform numbers in [-1, 1) have a variance of 1/3.
  const scale = RMS / Math.sqrt(power / 3);
  const random = randomNumbers(seed);
  const white = new Float64Array(samples + 2 * REACH);
  const out = new Int16Array(rows * samples);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < white.length; i++) white[i] = 2 * random() - 1;
    for (let i = 0; i < samples; i++) {
      let sum = 0;
      for (let k = 0; k <= 2 * REACH; k++) sum += taps[k] * white[i + k];
      out[r * samples + i] = Math.max(-32767, Math.min(32767, Math.round(scale * sum)));
    }
  }
  return out;
}
