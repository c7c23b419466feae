/**
 * What one line of raw samples says of the device: is anything received, is it more than noise, is it cut off, does it lie beside
 * zero. The answer to "I see nothing, or only noise".
 *
 * Power spectrum: Welch (1967), Hann windows of `SEGMENT` samples that overlap by half, each without its mean. Noise floor: the
 * median of the spectrum's bins, which echoes of a limited band do not reach. Echo level: rms of the loudest window of `WINDOW`
 * samples over that of the quietest.
 */
import { type Acquisition, elementCount, type Frame, lineCount } from "../../../../host/index.ts";

/** Samples a spectrum is made of, and windows of the echo level. */
const SEGMENT = 256;
const WINDOW = 64;

/** Samples that must share an extreme value, and how many times those within a part of the range inside it. */
const LEAST_CLIPPED = 4;
const CLIPPED_RATIO = 2;
const NEAR_PART = 0.02;
/** An offset beyond so many times the rms of the rest is worth a word. */
const OFFSET_RATIO = 1;
/** Loudest over quietest part (dB): below the first there is noise only. */
const NOISE_ONLY_DB = 9;

export type Finding = "flat" | "clipped" | "offset" | "noise-only" | "good";

export interface SignalCheck {
  /** The line; of IQ data its magnitude. */
  samples: Float32Array;
  /** Hz; undefined when the source does not say it: frequencies are then parts of it. */
  sampleRateHz: number | undefined;
  mean: number;
  /** Without the mean. */
  rms: number;
  min: number;
  max: number;
  /** 0 to 1. */
  clippedPart: number;
  /** Level of the loudest part over the quietest (dB). */
  echoDb: number;
  /** dB to the strongest bin; bins 0 to SEGMENT / 2, evenly up to half the sample rate. */
  spectrumDb: Float32Array;
  /** dB to the strongest bin. */
  noiseFloorDb: number;
  /** Frequency of the strongest bin, as a part of the sample rate. */
  peakAt: number;
  /** Worst first. */
  findings: readonly Finding[];
}

/** How many lines there are to choose from: scan lines, or elements of the first transmit. */
export function linesOf(info: Acquisition): number {
  if (info.kind === "lines") return lineCount(info);
  return info.kind === "channels" ? elementCount(info.probe) : info.columns;
}

/** Samples of a line as numbers. */
export function lineOf(info: Acquisition, frame: Frame, line: number): Float32Array {
  const parts = info.signal === "iq" ? 2 : 1;
  const { samples } = frame;
  // Pixels lie row by row; lines and channels one after another.
  const [count, step, start] =
    info.kind === "beamformed"
      ? [info.rows, info.columns * parts, line * parts]
      : [info.sampleCount, parts, line * info.sampleCount * parts];
  const values = new Float32Array(count);
  for (let k = 0; k < count; k++) {
    const at = start + k * step;
    values[k] = parts === 2 ? Math.hypot(samples[at], samples[at + 1]) : samples[at];
  }
  return values;
}

const DFT_COS = Float32Array.from({ length: SEGMENT }, (_, n) => Math.cos((2 * Math.PI * n) / SEGMENT));
const HANN = Float32Array.from({ length: SEGMENT }, (_, n) => 0.5 - 0.5 * DFT_COS[n]);

/** Mean power of each bin. */
function spectrumOf(samples: Float32Array): Float64Array {
  const bins = SEGMENT / 2 + 1;
  const power = new Float64Array(bins);
  const segment = new Float32Array(SEGMENT);
  const last = Math.max(0, samples.length - SEGMENT);
  // At most 32 segments, spread over the line.
  const step = Math.max(SEGMENT / 2, Math.ceil(last / 32));
  for (let start = 0; start <= last; start += step) {
    const part = samples.subarray(start, start + SEGMENT);
    const mean = part.reduce((sum, value) => sum + value, 0) / part.length;
    segment.fill(0);
    for (let n = 0; n < part.length; n++) segment[n] = (part[n] - mean) * HANN[n];
    for (let bin = 0; bin < bins; bin++) {
      let [re, im] = [0, 0];
      for (let n = 0; n < SEGMENT; n++) {
        re += segment[n] * DFT_COS[(n * bin) % SEGMENT];
        im += segment[n] * DFT_COS[(n * bin + (3 * SEGMENT) / 4) % SEGMENT];
      }
      power[bin] += re * re + im * im;
    }
  }
  return power;
}

/** rms of the loudest and the quietest window (dB), 0 when there is one window or nothing moves. */
function echoLevelDb(samples: Float32Array, mean: number): number {
  let [loudest, quietest] = [0, Number.POSITIVE_INFINITY];
  for (let start = 0; start + WINDOW <= samples.length; start += WINDOW) {
    let sum = 0;
    for (let n = start; n < start + WINDOW; n++) sum += (samples[n] - mean) ** 2;
    loudest = Math.max(loudest, sum);
    quietest = Math.min(quietest, sum);
  }
  return loudest > 0 && quietest > 0 && Number.isFinite(quietest) ? 10 * Math.log10(loudest / quietest) : 0;
}

/**
 * Part of the samples at an end of the converter's range. That an extreme value is such an end is seen from how often it comes:
 * more often than all values just inside it together, where the samples of a signal grow rarer outwards.
 */
function clippedPart(samples: Float32Array, min: number, max: number): number {
  const margin = Math.max(1, NEAR_PART * (max - min));
  let [atMin, nearMin, atMax, nearMax] = [0, 0, 0, 0];
  for (const value of samples) {
    if (value === min) atMin++;
    else if (value <= min + margin) nearMin++;
    if (value === max) atMax++;
    else if (value >= max - margin) nearMax++;
  }
  const clipped = (at: number, near: number): number =>
    at >= LEAST_CLIPPED && at > CLIPPED_RATIO * near ? at : 0;
  return min === max ? 0 : (clipped(atMin, nearMin) + clipped(atMax, nearMax)) / samples.length;
}

/** Looks at one line. `detected`: the samples are amplitudes or levels, which have no offset to speak of. */
export function checkSignal(
  samples: Float32Array,
  sampleRateHz: number | undefined,
  detected: boolean,
): SignalCheck {
  let [min, max, sum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const value of samples) {
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
  }
  const mean = samples.length ? sum / samples.length : 0;
  const rms = Math.sqrt(samples.reduce((total, value) => total + (value - mean) ** 2, 0) / samples.length);
  const power = spectrumOf(samples);
  const strongest = Math.max(...power.subarray(1));
  const spectrumDb = Float32Array.from(power, (value) =>
    strongest > 0 ? Math.max(-120, 10 * Math.log10(value / strongest)) : -120,
  );
  const sorted = [...spectrumDb.subarray(1)].sort((a, b) => a - b);
  const clipped = clippedPart(samples, min, max);
  const echoDb = echoLevelDb(samples, mean);
  const findings: Finding[] = [];
  if (!(rms > 0)) findings.push("flat");
  else {
    if (clipped > 0) findings.push("clipped");
    if (!detected && Math.abs(mean) > OFFSET_RATIO * rms) findings.push("offset");
    if (echoDb < NOISE_ONLY_DB) findings.push("noise-only");
  }
  if (!findings.length) findings.push("good");
  return {
    samples,
    sampleRateHz,
    mean,
    rms,
    min,
    max,
    clippedPart: clipped,
    echoDb,
    spectrumDb,
    noiseFloorDb: sorted[sorted.length >> 1],
    peakAt: spectrumDb.indexOf(Math.max(...spectrumDb.subarray(1))) / SEGMENT,
    findings,
  };
}
