/** Flow written for reading, in float64: the specification that the core's tiles are checked against. */
import type { Pipeline } from "../../../host/index.ts";

type Flow = NonNullable<Pipeline["flow"]>;

/** One pixel's ensemble, or any vector: interleaved re im. */
type Complex = Float64Array;

/** x minus its projection onto vectors that are made orthonormal first. */
function without(x: Complex, span: readonly Complex[]): Complex {
  const basis: Complex[] = [];
  const remove = (from: Complex) => {
    for (const u of basis) {
      const [re, im] = inner(u, from);
      for (let k = 0; k < from.length; k += 2) {
        from[k] -= re * u[k] - im * u[k + 1];
        from[k + 1] -= re * u[k + 1] + im * u[k];
      }
    }
  };
  for (const vector of span) {
    const u = vector.slice();
    remove(u);
    remove(u);
    const norm = Math.sqrt(inner(u, u)[0]);
    basis.push(u.map((value) => value / norm));
  }
  const y = x.slice();
  remove(y);
  return y;
}

/** u^H x. */
function inner(u: Complex, x: Complex): [number, number] {
  let [re, im] = [0, 0];
  for (let k = 0; k < u.length; k += 2) {
    re += u[k] * x[k] + u[k + 1] * x[k + 1];
    im += u[k] * x[k + 1] - u[k + 1] * x[k];
  }
  return [re, im];
}

const real = (length: number, at: (k: number) => number): Complex =>
  Float64Array.from({ length: 2 * length }, (_, i) => (i % 2 ? 0 : at(i / 2)));

/** The strongest right singular vectors by power iteration, each freed of those before it. */
function singularVectors(pixels: readonly Complex[], count: number): Complex[] {
  const frames = pixels[0].length / 2;
  const found: Complex[] = [];
  for (let n = 0; n < count; n++) {
    let v = real(frames, (k) => 1 + ((7 * k + 3 * n) % 5));
    for (let step = 0; step < 3000; step++) {
      const next = new Float64Array(2 * frames);
      // X^H X v = sum over pixels of conj(x) (x^T v), x a row of X.
      for (const x of pixels) {
        let [re, im] = [0, 0];
        for (let k = 0; k < x.length; k += 2) {
          re += x[k] * v[k] - x[k + 1] * v[k + 1];
          im += x[k] * v[k + 1] + x[k + 1] * v[k];
        }
        for (let k = 0; k < x.length; k += 2) {
          next[k] += x[k] * re + x[k + 1] * im;
          next[k + 1] += x[k] * im - x[k + 1] * re;
        }
      }
      const free = without(next, found);
      const norm = Math.sqrt(inner(free, free)[0]);
      v = free.map((value) => value / norm);
    }
    found.push(v);
  }
  return found;
}

/** The ensembles of all pixels behind the clutter filter. */
export function filterTwin(pixels: readonly Complex[], clutter: Flow["clutter"] = {}): Complex[] {
  const { method = "none", order = 1, taps = [] } = clutter;
  const frames = pixels[0].length / 2;
  const time = (k: number) => (2 * k) / (frames - 1) - 1;
  if (method === "fir")
    return pixels.map((x) => {
      const y = new Float64Array(x.length - 2 * (taps.length - 1));
      for (let i = 0; i < y.length; i++)
        taps.forEach((tap, j) => {
          y[i] += tap * x[i + 2 * (taps.length - 1 - j)];
        });
      return y;
    });
  const degrees = method === "mean" ? 1 : method === "polynomial" ? order + 1 : 0;
  const span = [
    ...Array.from({ length: degrees }, (_, d) => real(frames, (k) => time(k) ** d)),
    ...Array.from({ length: method === "dct" ? order : 0 }, (_, n) =>
      real(frames, (k) => Math.cos((Math.PI * (k + 0.5) * n) / frames)),
    ),
    // Rows of X are removed along conj(v): x - (x v) v^H.
    ...(method === "svd" ? singularVectors(pixels, order) : []).map((v) =>
      v.map((value, i) => (i % 2 ? -value : value)),
    ),
  ];
  return pixels.map((x) => without(x, span));
}

/** Index beyond an edge, mirrored with the edge repeated. */
const mirrored = (i: number, n: number): number => (i < 0 ? -1 - i : i >= n ? 2 * n - 1 - i : i);

function smooth(plane: Float64Array, rows: number, columns: number, size: number): Float64Array {
  if (size === 1) return plane;
  const weights = Array.from(
    { length: size },
    (_, k) => 0.54 - 0.46 * Math.cos((2 * Math.PI * k) / (size - 1)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0) ** 2;
  return plane.map((_, p) => {
    let sum = 0;
    weights.forEach((a, i) => {
      weights.forEach((b, j) => {
        const r = mirrored(Math.floor(p / columns) + i - (size >> 1), rows);
        const c = mirrored((p % columns) + j - (size >> 1), columns);
        sum += (a * b * plane[r * columns + c]) / total;
      });
    });
    return sum;
  });
}

/** images: [frame][row][column] interleaved. */
export function flowTwin(
  images: ArrayLike<number>,
  frames: number,
  rows: number,
  columns: number,
  nyquistAtLagOneMps: number,
  flow: Flow,
): { velocityMps: Float64Array; variance: Float64Array; power: Float64Array } {
  const count = rows * columns;
  const pixels = Array.from({ length: count }, (_, p) =>
    Float64Array.from({ length: 2 * frames }, (_, i) => images[2 * ((i >> 1) * count + p) + (i & 1)]),
  );
  const lag = flow.lag ?? 1;
  const planes = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  filterTwin(pixels, flow.clutter).forEach((y, p) => {
    for (let k = 0; k < y.length; k += 2) {
      planes[2][p] += y[k] ** 2 + y[k + 1] ** 2;
      const l = k + 2 * lag;
      if (l >= y.length) continue;
      planes[0][p] += y[l] * y[k] + y[l + 1] * y[k + 1];
      planes[1][p] += y[l + 1] * y[k] - y[l] * y[k + 1];
    }
  });
  const [re, im, power] = planes.map((plane) => smooth(plane, rows, columns, flow.smoothing ?? 1));
  const nyquist = nyquistAtLagOneMps / lag;
  return {
    velocityMps: re.map((_, p) => (nyquist / Math.PI) * Math.atan2(im[p], re[p])),
    variance: re.map((_, p) => 2 * (nyquist / Math.PI) ** 2 * (1 - Math.hypot(re[p], im[p]) / power[p])),
    power,
  };
}
