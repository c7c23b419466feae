/**
 * Eigenvalues and eigenvectors of a Hermitian matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5),
 * with + - * / and Math.sqrt alone: the same bits in every engine. For matrices as small as an ensemble is long.
 */

/** Eigenvalues from the largest down, and their vectors. */
export interface Eigen {
  values: Float64Array<ArrayBuffer>;
  /** [vector][component] re im, orthonormal. */
  vectors: Float64Array;
}

/** Off-diagonal power over total power at which the matrix counts as diagonal: float64's own rounding. */
const CONVERGED = 1e-31;
/** Convergence is quadratic: six to ten sweeps in practice. */
const MOST_SWEEPS = 40;

/** `matrix`: [n][n] re im, Hermitian; only its upper triangle is read. */
export function eigenHermitian(matrix: Float64Array, n: number): Eigen {
  const a = new Float64Array(2 * n * n);
  const v = new Float64Array(2 * n * n);
  let power = 0;
  for (let i = 0; i < n; i++) {
    v[2 * (i * n + i)] = 1;
    for (let j = i; j < n; j++) {
      const [re, im] = [matrix[2 * (i * n + j)], i === j ? 0 : matrix[2 * (i * n + j) + 1]];
      a[2 * (i * n + j)] = a[2 * (j * n + i)] = re;
      a[2 * (i * n + j) + 1] = im;
      a[2 * (j * n + i) + 1] = -im;
      power += (i === j ? 1 : 2) * (re * re + im * im);
    }
  }
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let off = 0;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const [re, im] = [a[2 * (p * n + q)], a[2 * (p * n + q) + 1]];
        off += 2 * (re * re + im * im);
      }
    if (!(off > CONVERGED * power)) break;
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => a[2 * (j * n + j)] - a[2 * (i * n + i)],
  );
  const vectors = new Float64Array(2 * n * n);
  order.forEach((from, to) => {
    vectors.set(v.subarray(2 * from * n, 2 * (from + 1) * n), 2 * to * n);
  });
  return { values: Float64Array.from(order, (i) => a[2 * (i * n + i)]), vectors };
}

/** Makes a_pq zero. Row i of `v` is eigenvector i: rotated as the columns of `a` are. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const [pq, pp, qq] = [2 * (p * n + q), 2 * (p * n + p), 2 * (q * n + q)];
  const size = Math.sqrt(a[pq] * a[pq] + a[pq + 1] * a[pq + 1]);
  if (size === 0) return;
  const [er, ei] = [a[pq] / size, a[pq + 1] / size]; // a_pq = size e
  const tau = (a[qq] - a[pp]) / (2 * size);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  a[pp] -= t * size;
  a[qq] += t * size;
  a[pq] = a[pq + 1] = a[2 * (q * n + p)] = a[2 * (q * n + p) + 1] = 0;
  // No destructuring here: the loop is the whole of the time, and it would make it three times as long.
  for (let k = 0; k < n; k++) {
    const i = 2 * (p * n + k);
    const j = 2 * (q * n + k);
    // Vectors: v_p <- c v_p - s conj(e) v_q, v_q <- s v_p + c conj(e) v_q.
    const xr = v[i];
    const xi = v[i + 1];
    const yr = er * v[j] + ei * v[j + 1];
    const yi = er * v[j + 1] - ei * v[j];
    v[i] = c * xr - s * yr;
    v[i + 1] = c * xi - s * yi;
    v[j] = s * xr + c * yr;
    v[j + 1] = s * xi + c * yi;
  }
  for (let k = 0; k < n; k++) {
    if (k === p || k === q) continue;
    const i = 2 * (p * n + k);
    const j = 2 * (q * n + k);
    // Rows of a are the conjugates of its columns: e instead of conj(e).
    const xr = a[i];
    const xi = a[i + 1];
    const yr = er * a[j] - ei * a[j + 1];
    const yi = er * a[j + 1] + ei * a[j];
    const pr = c * xr - s * yr;
    const pi = c * xi - s * yi;
    const qr = s * xr + c * yr;
    const qi = s * xi + c * yi;
    a[i] = pr;
    a[i + 1] = pi;
    a[j] = qr;
    a[j + 1] = qi;
    const column = 2 * k * n;
    a[column + 2 * p] = pr;
    a[column + 2 * p + 1] = -pi;
    a[column + 2 * q] = qr;
    a[column + 2 * q + 1] = -qi;
  }
}
