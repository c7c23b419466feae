/** Normal equations of filters and of columns between lines. */

/** Solves R X = B for symmetric positive definite R (n x n) by Cholesky; returns the solver. */
export function choleskySolver(r: Float64Array, n: number): (b: Float64Array) => Float64Array {
  const l = r.slice();
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < j; k++) for (let i = j; i < n; i++) l[i * n + j] -= l[i * n + k] * l[j * n + k];
    const root = Math.sqrt(l[j * n + j]);
    for (let i = j; i < n; i++) l[i * n + j] /= root;
  }
  return (b) => {
    const x = b.slice();
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) x[i] -= l[i * n + k] * x[k];
      x[i] /= l[i * n + i];
    }
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) x[i] -= l[k * n + i] * x[k];
      x[i] /= l[i * n + i];
    }
    return x;
  };
}
