/**
 * Elementary functions with the same bits in every engine: engines differ in the last bits of Math.sin, Math.exp and
 * their like, but not in + - * / and Math.sqrt. What the samples of a simulated frame depend on uses these.
 */

const TAU = 6.283185307179586;
const LN2_HIGH = 0.6931471803691238; // fdlibm's split of ln 2: multiples below 2^20 are exact
const LN2_LOW = 1.9082149292705877e-10;

// Taylor coefficients, -1^n / (2n + 1)! and -1^n / (2n)!, from n = 1.
const S1 = -1 / 6;
const S2 = 1 / 120;
const S3 = -1 / 5040;
const S4 = 1 / 362880;
const S5 = -1 / 39916800;
const S6 = 1 / 6227020800;
const S7 = -1 / 1307674368000;
const C1 = -1 / 2;
const C2 = 1 / 24;
const C3 = -1 / 720;
const C4 = 1 / 40320;
const C5 = -1 / 3628800;
const C6 = 1 / 479001600;
const C7 = -1 / 87178291200;
const C8 = 1 / 20922789888000;

/** Sine of an angle in turns, reduced to an eighth of a turn. |error| < 5e-16 for |turns| < 1000. */
export function sinTurns(turns: number): number {
  const quarter = Math.floor(turns * 4 + 0.5);
  const y = TAU * (turns - quarter / 4);
  const q = y * y;
  const value =
    (quarter & 1) === 0
      ? y * (1 + q * (S1 + q * (S2 + q * (S3 + q * (S4 + q * (S5 + q * (S6 + q * S7)))))))
      : 1 + q * (C1 + q * (C2 + q * (C3 + q * (C4 + q * (C5 + q * (C6 + q * (C7 + q * C8)))))));
  return (quarter & 2) === 0 ? value : -value;
}

/** Cosine of an angle in turns. */
export function cosTurns(turns: number): number {
  return sinTurns(turns + 0.25);
}

/** Sine of an angle in radians. */
export function sin(angleRad: number): number {
  return sinTurns(angleRad / TAU);
}

/** Cosine of an angle in radians. */
export function cos(angleRad: number): number {
  return cosTurns(angleRad / TAU);
}

/** e^x for -700 < x < 700: e^x = 2^n e^r, Taylor to the 14th power on |r| < 0.35. Relative error < 1e-15. */
export function exp(x: number): number {
  const n = Math.floor(x / (LN2_HIGH + LN2_LOW) + 0.5);
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  let sum = 1;
  for (let k = 14; k > 0; k--) sum = 1 + (sum * r) / k;
  for (let k = 0; k < n; k++) sum *= 2;
  for (let k = 0; k > n; k--) sum /= 2;
  return sum;
}

/** Arcsine of a small number; Taylor to the 11th power. |error| < 1e-15 for |x| < 0.05. */
export function smallArcsin(x: number): number {
  const s = x * x;
  return x * (1 + s * (1 / 6 + s * (3 / 40 + s * (15 / 336 + s * (105 / 3456 + (s * 945) / 42240)))));
}
