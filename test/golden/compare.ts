/** Arrays and the comparisons that golden.json defines. */
import { readFileSync } from "node:fs";

/** An NPY file of little-endian float32, complex64 or uint8 in C order. */
export interface NpyFile {
  shape: number[];
  complex: boolean;
  /** Interleaved when complex. */
  values: Float32Array | Uint8Array;
}

/** A reader of its own, so that the project's does not check itself. */
export function readNpy(path: string): NpyFile {
  const bytes = readFileSync(path);
  const headerLength = bytes.readUInt16LE(8);
  const header = bytes.toString("latin1", 10, 10 + headerLength);
  const descr = /'descr': '([^']+)'/.exec(header)?.[1] ?? "";
  if (/'fortran_order': True/.test(header)) throw new Error(`${path} is in Fortran order`);
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? "")
    .split(",")
    .filter((part) => part.trim())
    .map(Number);
  const data = Uint8Array.from(bytes.subarray(10 + headerLength));
  if (descr === "|u1") return { shape, complex: false, values: data };
  if (descr !== "<f4" && descr !== "<c8") throw new Error(`${path} holds ${descr}`);
  return { shape, complex: descr === "<c8", values: new Float32Array(data.buffer) };
}

/** ||a - g|| / ||g||. */
export function relativeL2(a: ArrayLike<number>, g: ArrayLike<number>): number {
  if (a.length !== g.length) throw new Error(`lengths ${a.length} and ${g.length}`);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < g.length; i++) {
    difference += (a[i] - g[i]) ** 2;
    norm += g[i] ** 2;
  }
  return Math.sqrt(difference / norm);
}

/** max |a - g| / max |g|; of complex values when `complex`. */
export function maxRelative(a: ArrayLike<number>, g: ArrayLike<number>, complex: boolean): number {
  const step = complex ? 2 : 1;
  let worst = 0;
  let top = 0;
  for (let i = 0; i < g.length; i += step) {
    worst = Math.max(worst, Math.hypot(a[i] - g[i], complex ? a[i + 1] - g[i + 1] : 0));
    top = Math.max(top, Math.hypot(g[i], complex ? g[i + 1] : 0));
  }
  return worst / top;
}

/** Pearson correlation. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (v: ArrayLike<number>) => Array.from(v).reduce((sum, x) => sum + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** |z| of interleaved complex values. */
export function magnitudes(values: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: values.length / 2 }, (_, i) =>
    Math.hypot(values[2 * i], values[2 * i + 1]),
  );
}

/** Real parts of interleaved complex values. */
export function realParts(values: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: values.length / 2 }, (_, i) => values[2 * i]);
}

interface Grid {
  min: number;
  max: number;
  count: number;
}

/**
 * Lateral full width at half maximum (-6 dB), mean over points, as PICMUS measures it: patch of +-1.8 mm about the known point,
 * the row through the patch maximum, resampled x 10 in dB, from the first to the last sample within 6 dB. Millimetres.
 */
export function lateralFwhmMm(
  envelope: ArrayLike<number>,
  x: Grid,
  z: Grid,
  points: readonly (readonly [number, number])[],
): number {
  const db = Float64Array.from(
    { length: envelope.length },
    (_, i) => 20 * Math.log10(Math.max(envelope[i], 1e-30)),
  );
  const dx = (x.max - x.min) / (x.count - 1);
  const dz = (z.max - z.min) / (z.count - 1);
  const half = 1.8e-3;
  let sum = 0;
  for (const [px, pz] of points) {
    const inside = (min: number, d: number, count: number, p: number) =>
      Array.from({ length: count }, (_, i) => i).filter((i) => Math.abs(min + i * d - p) <= half);
    const columns = inside(x.min, dx, x.count, px);
    const rows = inside(z.min, dz, z.count, pz);
    let best = { row: rows[0], value: Number.NEGATIVE_INFINITY };
    for (const row of rows)
      for (const column of columns)
        if (db[row * x.count + column] > best.value) best = { row, value: db[row * x.count + column] };
    const line = columns.map((column) => db[best.row * x.count + column]);
    const fine = Array.from({ length: (line.length - 1) * 10 + 1 }, (_, i) => {
      const k = Math.min(Math.floor(i / 10), line.length - 2);
      const f = i / 10 - k;
      return line[k] * (1 - f) + line[k + 1] * f;
    });
    const top = Math.max(...fine);
    const above = fine.map((value, i) => [value, i] as const).filter(([value]) => value >= top - 6);
    sum += ((above[above.length - 1][1] - above[0][1]) * dx) / 10;
  }
  return (sum / points.length) * 1e3;
}
