/** What beamforming would give if channels were known at every time: sums of tones, evaluated in float64 where a pixel asks. */
import { type ChannelData, elementCount, type Scan, type Vector3, type Volume } from "../../../host/index.ts";
import { pointsOf, windowWeight } from "./twin.ts";

/** A channel's analytic signal at any time (s). */
export type Signal = (t: number) => [re: number, im: number];

/**
 * Echoes with a spectrum like a real pulse's: Gaussian, `fractionalBandwidth` wide at -6 dB, phases drawn from `seed`. A sum of cosines,
 * exact everywhere, of period `samples`.
 */
export function pulseLike(
  samples: number,
  sampleRateHz: number,
  centerHz: number,
  fractionalBandwidth = 0.6,
  seed = 12345,
): Signal {
  const sigma = ((fractionalBandwidth / 2) * centerHz) / Math.sqrt(2 * Math.log(2));
  const tones: [number, number, number][] = [];
  for (let k = 1; k < samples / 2; k++) {
    const f = (k * sampleRateHz) / samples;
    const a = Math.exp(-((f - centerHz) ** 2) / (2 * sigma * sigma));
    if (a > 1e-4) tones.push([f, a, ((k * k * seed) % 1000) / 1000]);
  }
  return (t) => {
    let [re, im] = [0, 0];
    for (const [f, a, phase] of tones) {
      re += a * Math.cos(2 * Math.PI * (f * t + phase));
      im += a * Math.sin(2 * Math.PI * (f * t + phase));
    }
    return [re, im];
  };
}

/** The signals of one transmit. */
function signalsOf(signals: readonly Signal[], transmit: number, elements: number): readonly Signal[] {
  return signals.length > elements ? signals.slice(transmit * elements, (transmit + 1) * elements) : signals;
}

/** Samples of one signal a channel, the same for every transmit, or of one a channel and transmit; largest magnitude `peak`. */
export function sampled(info: ChannelData, signals: readonly Signal[], peak: number): Float64Array {
  const { sequence, sampleCount, sampleRateHz } = info;
  const n = elementCount(info.probe);
  const values = new Float64Array(sequence.length * n * sampleCount);
  let top = 0;
  sequence.forEach(({ startS }, t) => {
    signalsOf(signals, t, n).forEach((signal, e) => {
      for (let i = 0; i < sampleCount; i++) {
        const value = signal(startS + i / sampleRateHz)[0];
        values[(t * n + e) * sampleCount + i] = value;
        top = Math.max(top, Math.abs(value));
      }
    });
  });
  return values.map((value) => (value * peak) / top);
}

/** Time of flight to a pixel as a distance; undefined where the wave does not reach it. */
type TransmitPath = (x: number, y: number, z: number) => number | undefined;

function planePath(azimuthRad: number, elevationRad: number): TransmitPath {
  const [sa, ca] = [Math.sin(azimuthRad), Math.cos(azimuthRad)];
  const [sb, cb] = [Math.sin(elevationRad), Math.cos(elevationRad)];
  return (x, y, z) => x * sa * cb + y * sb + z * ca * cb;
}

/** The beam of a focused wave: what lies between the lines from both ends of the aperture through the focus, and next to its axis. */
export interface Beam {
  firstXM: number;
  lastXM: number;
  waistM: number;
}

function focusedPath([sx, , sz]: Vector3, { firstXM, lastXM, waistM }: Beam): TransmitPath {
  return (x, _y, z) => {
    const beyond = 1 - z / sz;
    const edges = [sx + (firstXM - sx) * beyond, sx + (lastXM - sx) * beyond];
    const middle = (firstXM + lastXM) / 2;
    const along = Math.atan2(sx - middle, sz);
    const fromAxis = Math.abs((x - sx) * Math.cos(along) - (z - sz) * Math.sin(along));
    const inside = x >= Math.min(...edges) - 1e-12 && x <= Math.max(...edges) + 1e-12;
    if (!inside && fromAxis > waistM + 1e-12) return undefined;
    return Math.hypot(sx, sz) + (z < sz ? -1 : 1) * Math.hypot(x - sx, z - sz);
  };
}

/**
 * The sum over plane or focused waves and elements on a flat array, [pixel] interleaved re, im; q as in the conventions, on matrix arrays along x and
 * along y, their weights multiplied.
 */
export function idealImage(
  info: ChannelData,
  scan: Scan | Volume,
  signals: readonly Signal[],
  { fNumber, window, beams = [] }: { fNumber: number; window: string; beams?: readonly Beam[] },
): Float64Array {
  const pixels = pointsOf(scan);
  const out = new Float64Array(2 * pixels.length);
  const p = info.probe.positionsM;
  const c = info.soundSpeedMps;
  const weigh = (lateral: number, z: number) => {
    if (fNumber === 0) return 1;
    const q = (Math.abs(lateral) * fNumber) / z;
    // An edge pixel belongs to the aperture whatever its last bit says.
    return q > 0.5 * (1 + 1e-9) ? 0 : windowWeight(window, Math.min(0.5, q));
  };
  info.sequence.forEach(({ wave }, t) => {
    if (wave.kind !== "plane" && wave.kind !== "focused") throw new Error(wave.kind);
    const transmitPath =
      wave.kind === "plane"
        ? planePath(wave.azimuthRad, wave.elevationRad ?? 0)
        : focusedPath(wave.source, beams[t]);
    const channels = signalsOf(signals, t, elementCount(info.probe));
    pixels.forEach(([x, y, z], i) => {
      const transmit = transmitPath(x, y, z);
      if (transmit === undefined) return;
      channels.forEach((signal, e) => {
        const [dx, dy] = [x - p[3 * e], y - p[3 * e + 1]];
        const weight = weigh(dx, z) * (info.probe.kind === "matrix" ? weigh(dy, z) : 1);
        if (weight === 0) return;
        const [re, im] = signal((transmit + Math.hypot(dx, dy, z)) / c);
        out[2 * i] += weight * re;
        out[2 * i + 1] += weight * im;
      });
    });
  });
  return out;
}

/** Rms of the difference between `scale` x values and the ideal over rms of the ideal; real parts alone when `real`. */
export function rmsError(
  values: ArrayLike<number>,
  ideal: ArrayLike<number>,
  real = false,
  scale = 1,
): number {
  let [difference, norm] = [0, 0];
  for (let i = 0; i < ideal.length; i += real ? 2 : 1) {
    difference += (scale * values[i] - ideal[i]) ** 2;
    norm += ideal[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}
