/** Orthonormal vectors in slow time that a clutter filter removes, the same for all ensembles of a length. */
import type { Kernels } from "../core/binding.ts";

/**
 * Polynomials of degree 0 to `degree` on `frames` equally spaced times from -1 to 1, orthonormal by Gram and Schmidt's procedure,
 * twice: [vector][frame].
 */
export function polynomialVectors(frames: number, degree: number): Float64Array[] {
  const vectors: Float64Array[] = [];
  for (let d = 0; d <= degree; d++) {
    const at = (k: number) => (frames > 1 ? (2 * k) / (frames - 1) - 1 : 0);
    // The last vector times t spans with the others what t^d would.
    const v = Float64Array.from({ length: frames }, (_, k) => (d === 0 ? 1 : at(k) * vectors[d - 1][k]));
    for (let pass = 0; pass < 2; pass++)
      for (const u of vectors) {
        const along = v.reduce((sum, value, k) => sum + value * u[k], 0);
        for (let k = 0; k < frames; k++) v[k] -= along * u[k];
      }
    const norm = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0));
    vectors.push(v.map((value) => value / norm));
  }
  return vectors;
}

/** The first `count` vectors of the orthonormal DCT-II: cos(pi (k + 1/2) n / frames). */
export function cosineVectors(
  frames: number,
  count: number,
  { cosTurns }: Pick<Kernels, "cosTurns">,
): Float64Array[] {
  return Array.from({ length: count }, (_, n) => {
    const scale = Math.sqrt((n === 0 ? 1 : 2) / frames);
    return Float64Array.from(
      { length: frames },
      (_, k) => scale * cosTurns(((2 * k + 1) * n) / (4 * frames)),
    );
  });
}
