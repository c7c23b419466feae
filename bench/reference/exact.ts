/**
 * Delay-and-sum in float64 at some pixels: what a workload's picture ought to be. Two definitions of the value between
 * samples: linear interpolation, and the band-limited signal itself (sinc, 128 taps under a Hann window).
 *
 *   real rows       x(s) = sum x_n sinc(s - n)
 *   analytic rows   the same with sinc(u / 2) exp(j pi u / 2) = sinc(u) + j (1 - cos(pi u)) / (pi u)
 *   baseband IQ     as real rows, both parts; turned by exp(j 2 pi f t)
 */
import { elementCount, type Frame } from "../../host/index.ts";
import { pixelAt, type Setting, transmitPath, weightOf } from "./geometry.ts";

export type Definition = "linear" | "sinc";

/** A pixel of the grid. */
export interface Pixel {
  row: number;
  column: number;
}

const HALF = 64;

/** Value of one row at s: adds weight times it to `sum`. */
type Read = (
  first: number,
  s: number,
  weight: number,
  turn: readonly [number, number],
  sum: [number, number],
) => void;

/** cos and sin of pi k / 64 for whole distances k = -64 to 64 from the middle tap. */
const TURNS = Array.from({ length: 2 * HALF + 1 }, (_, i) => {
  const angle = (Math.PI * (i - HALF)) / HALF;
  return [Math.cos(angle), Math.sin(angle)] as const;
});

/** Sum over n of x_n h(s - n): the angles of whole steps come from a table, that of the fraction is one sine and cosine. */
function addSinc(
  samples: ArrayLike<number>,
  count: number,
  first: number,
  s: number,
  kind: Setting["signal"],
): [number, number] {
  let re = 0;
  let im = 0;
  const middle = Math.floor(s);
  const f = s - middle;
  const [sine, cosine] = [Math.sin(Math.PI * f), Math.cos(Math.PI * f)];
  const [slowSine, slowCosine] = [Math.sin((Math.PI * f) / HALF), Math.cos((Math.PI * f) / HALF)];
  for (let n = Math.max(0, middle - HALF + 1); n <= Math.min(count - 1, middle + HALF); n++) {
    const k = n - middle;
    const u = f - k;
    const sign = k % 2 === 0 ? 1 : -1;
    const [c, d] = TURNS[k + HALF];
    const window = 0.5 + 0.5 * (slowCosine * c + slowSine * d);
    const real = u === 0 ? 1 : (sign * sine) / (Math.PI * u);
    if (kind === "iq") {
      re += window * real * samples[first + 2 * n];
      im += window * real * samples[first + 2 * n + 1];
    } else {
      re += window * real * samples[first + n];
      if (kind === "analytic" && u !== 0)
        im += ((window * (1 - sign * cosine)) / (Math.PI * u)) * samples[first + n];
    }
  }
  return [re, im];
}

function reader(setting: Setting, frame: Frame, definition: Definition): Read {
  const { signal, info } = setting;
  const { sampleCount } = info;
  const { samples } = frame;
  const known = new Map<number, readonly [number, number]>();
  /** The row at a whole sample. */
  const at = (first: number, n: number): readonly [number, number] => {
    if (signal === "rf") return [samples[first + n], 0];
    if (signal === "iq") return [samples[first + 2 * n], samples[first + 2 * n + 1]];
    let value = known.get(first + n);
    if (!value) {
      value = addSinc(samples, sampleCount, first, n, signal);
      known.set(first + n, value);
    }
    return value;
  };
  return (first, s, weight, [c, d], sum) => {
    const last = definition === "linear" ? sampleCount - 2 : sampleCount - 1;
    if (!(s >= 0 && s <= last)) return;
    let [re, im] = [0, 0];
    if (definition === "sinc") [re, im] = addSinc(samples, sampleCount, first, s, signal);
    else {
      const i = Math.floor(s);
      const f = s - i;
      const [a, b] = [at(first, i), at(first, i + 1)];
      re = (1 - f) * a[0] + f * b[0];
      im = (1 - f) * a[1] + f * b[1];
    }
    sum[0] += weight * (re * c - im * d);
    sum[1] += weight * (re * d + im * c);
  };
}

/** Complex values at the pixels, interleaved. */
export function exactValues(
  setting: Setting,
  frame: Frame,
  pixels: readonly Pixel[],
  definition: Definition,
): Float64Array {
  const { info, scan, signal } = setting;
  const { probe, sequence, sampleCount, sampleRateHz, soundSpeedMps: c } = info;
  const n = elementCount(probe);
  const numbers = sampleCount * (signal === "iq" ? 2 : 1);
  const read = reader(setting, frame, definition);
  const paths = sequence.map(({ wave }) => transmitPath(wave));
  const out = new Float64Array(2 * pixels.length);
  pixels.forEach(({ row, column }, p) => {
    const [x, y, z] = pixelAt(scan, row, column);
    const sum: [number, number] = [0, 0];
    sequence.forEach(({ startS, mixerStartS = startS }, t) => {
      const transmitM = paths[t](x, y, z);
      for (let e = 0; e < n; e++) {
        const dx = x - probe.positionsM[3 * e];
        const dy = y - probe.positionsM[3 * e + 1];
        const dz = z - probe.positionsM[3 * e + 2];
        const weight = weightOf(setting, dx, dy, dz);
        if (weight === 0) continue;
        const s = ((transmitM + Math.sqrt(dx * dx + dy * dy + dz * dz)) / c - startS) * sampleRateHz;
        const angle =
          signal === "iq" ? 2 * Math.PI * info.modulationFrequencyHz * (mixerStartS + s / sampleRateHz) : 0;
        read((t * n + e) * numbers, s, weight, [Math.cos(angle), Math.sin(angle)], sum);
      }
    });
    out.set(sum, 2 * p);
  });
  return out;
}

/** Root mean square of the difference divided by that of the expected values. */
export function relativeError(values: ArrayLike<number>, expected: ArrayLike<number>): number {
  let difference = 0;
  let power = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (values[i] - expected[i]) ** 2;
    power += expected[i] ** 2;
  }
  return Math.sqrt(difference / power);
}
