/**
 * Interpolation kernels as the core takes them: taps, polynomial weights in the fraction f, and the sample positions that
 * count. Weights as in the literature the conventions cite: Lagrange parabola, Keys (IEEE TASSP 29:1153, 1981) a = -1/2,
 * MUST's Lanczos windows sinc(t) sinc(t / 2) and 5-point least-squares parabola.
 */
import type { Kernels } from "../core/binding.ts";
import type { Interpolation } from "../pipeline.ts";
import type { SplineDegree } from "./filters.ts";

/** One interpolator for rows of `n` samples. */
export interface Interpolator {
  kernel: "two-taps" | "four-taps" | "six-taps";
  nearest: boolean;
  /** Sample positions s, low <= s <= n - fromEnd, are inside; elsewhere the value is zero. */
  low: number;
  fromEnd: number;
  /** [tap][degree + 1], highest power first; empty where the kernel knows its weights. */
  coefficients: number[][];
}

const cubicTaps = (rows: number[][]): Pick<Interpolator, "kernel" | "nearest" | "coefficients"> => ({
  kernel: "four-taps",
  nearest: false,
  coefficients: rows,
});

/** sinc(t) sinc(t / 2) on one tap, as a polynomial of degree 10 in f through Chebyshev nodes (error < 1e-6). */
function lanczosTap(
  offset: number,
  { sinTurns, cosTurns }: Pick<Kernels, "sinTurns" | "cosTurns">,
): number[] {
  const sinc = (t: number) => (Math.abs(t) < 1e-9 ? 1 : sinTurns(t / 2) / (Math.PI * t));
  const degree = 10;
  const nodes = Array.from(
    { length: degree + 1 },
    (_, i) => 0.5 - 0.5 * cosTurns((2 * i + 1) / (4 * (degree + 1))),
  );
  const values = nodes.map((f) => sinc(f - offset) * sinc((f - offset) / 2));
  // Newton's divided differences, expanded to powers.
  const differences = [...values];
  for (let level = 1; level <= degree; level++)
    for (let i = degree; i >= level; i--)
      differences[i] = (differences[i] - differences[i - 1]) / (nodes[i] - nodes[i - level]);
  let powers = [differences[degree]];
  for (let i = degree - 1; i >= 0; i--) {
    const next = [...powers, 0];
    for (let j = 0; j < powers.length; j++) next[j + 1] -= powers[j] * nodes[i];
    next[next.length - 1] += differences[i];
    powers = next;
  }
  return powers;
}

/** The B-spline of a degree, on rows that hold its coefficients. */
export function makeSpline(degree: SplineDegree): Interpolator {
  return degree === 1
    ? { kernel: "two-taps", nearest: false, low: 0, fromEnd: 2, coefficients: [] }
    : {
        low: 1,
        fromEnd: 3,
        ...cubicTaps([
          [-1 / 6, 1 / 2, -1 / 2, 1 / 6],
          [1 / 2, -1, 0, 2 / 3],
          [-1 / 2, 1 / 2, 1 / 2, 1 / 6],
          [1 / 6, 0, 0, 0],
        ]),
      };
}

/** The interpolator of a name. */
export function makeInterpolator(
  name: Exclude<Interpolation, "auto">,
  kernels: Pick<Kernels, "sinTurns" | "cosTurns">,
): Interpolator {
  const lanczos = (offsets: (number | null)[], low: number, fromEnd: number): Interpolator => ({
    kernel: "six-taps",
    nearest: false,
    low,
    fromEnd,
    coefficients: offsets.map((offset) =>
      offset === null ? new Array<number>(11).fill(0) : lanczosTap(offset, kernels),
    ),
  });
  switch (name) {
    case "nearest":
      return { kernel: "two-taps", nearest: true, low: 0, fromEnd: 1, coefficients: [] };
    case "linear":
      return { kernel: "two-taps", nearest: false, low: 0, fromEnd: 2, coefficients: [] };
    case "quadratic":
      return {
        low: 0,
        fromEnd: 3,
        ...cubicTaps([
          [0, 0, 0, 0],
          [0, 0.5, -1.5, 1],
          [0, -1, 2, 0],
          [0, 0.5, -0.5, 0],
        ]),
      };
    case "cubic":
      return {
        low: 1,
        fromEnd: 3,
        ...cubicTaps([
          [-0.5, 1, -0.5, 0],
          [1.5, -2.5, 0, 1],
          [-1.5, 2, 0.5, 0],
          [0.5, -0.5, 0, 0],
        ]),
      };
    case "lanczos3":
      return lanczos([null, -1, 0, 1, 2, null], 1, 3);
    case "lanczos5":
      return lanczos([-2, -1, 0, 1, 2, 3], 2, 4);
    case "5points":
      return {
        kernel: "six-taps",
        nearest: false,
        low: 2,
        fromEnd: 3,
        coefficients: [
          [1 / 7, -1 / 5, -3 / 35],
          [-1 / 14, -1 / 10, 12 / 35],
          [-1 / 7, 0, 17 / 35],
          [-1 / 14, 1 / 10, 12 / 35],
          [1 / 7, 1 / 5, -3 / 35],
          [0, 0, 0],
        ],
      };
  }
}
