/**
 * Elementary functions with the same bits in every engine: engines differ in the last bits of Math.sin, Math.atan2,
 * Math.exp and their like, but not in + - * / and Math.sqrt. What pixels, geometry and simulated samples depend on uses these.
 *
 * The core has its own (assembly/math.ts). These exist beside it because readers and the simulated probe decide geometry
 * before any core is made, and in pages that never make one.
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

/** Cosine of an angle in turns. |error| < 5e-16 + 1e-15 |turns|, the last bits of the shifted angle. */
export function cosTurns(turns: number): number {
  return sinTurns(turns + 0.25);
}

/** Sine of an angle in radians. |error| < 1e-15 for |angle| < 2 pi. */
export function sin(angleRad: number): number {
  return sinTurns(angleRad / TAU);
}

/** Cosine of an angle in radians. |error| < 5e-16 for |angle| <= pi / 2, 2e-15 for |angle| < 2 pi. */
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

/** atan(k / 8), k = 0 to 8, rounded from 50 digits. */
const ATAN_EIGHTHS = [
  0, 0.12435499454676144, 0.24497866312686414, 0.35877067027057225, 0.4636476090008061, 0.5585993153435624,
  0.6435011087932844, 0.7188299996216245, 0.7853981633974483,
];

/** Arctangent of 0 <= x <= 1: atan x = atan c + atan((x - c) / (1 + x c)), c the nearest eighth; Taylor to t^13, |t| <= 1/16. */
function smallAtan(x: number): number {
  const k = Math.floor(8 * x + 0.5);
  const c = k / 8;
  const t = (x - c) / (1 + x * c);
  const s = t * t;
  return (
    ATAN_EIGHTHS[k] + t * (1 - s * (1 / 3 - s * (1 / 5 - s * (1 / 7 - s * (1 / 9 - s * (1 / 11 - s / 13))))))
  );
}

/** Arctangent, -pi/2 to pi/2. |error| < 4e-16. */
export function atan(x: number): number {
  const magnitude = Math.abs(x);
  const angle = magnitude <= 1 ? smallAtan(magnitude) : Math.PI / 2 - smallAtan(1 / magnitude);
  return x < 0 ? -angle : angle;
}

/** Angle of the point (x, y) from the x axis, -pi to pi; 0 for (0, 0). |error| < 9e-16. */
export function atan2(y: number, x: number): number {
  const [ax, ay] = [Math.abs(x), Math.abs(y)];
  if (ax === 0 && ay === 0) return 0;
  const acute = ay <= ax ? smallAtan(ay / ax) : Math.PI / 2 - smallAtan(ax / ay);
  const angle = x < 0 ? Math.PI - acute : acute;
  return y < 0 ? -angle : angle;
}

/** Arcsine of -1 <= x <= 1: the angle of (sqrt((1 - x)(1 + x)), x). |error| < 5e-16. */
export function asin(x: number): number {
  return atan2(x, Math.sqrt((1 - x) * (1 + x)));
}

/** Length of (x, y, z), for lengths whose squares neither overflow nor vanish. Relative error < 5e-16. */
export function norm(x: number, y: number, z = 0): number {
  return Math.sqrt(x * x + y * y + z * z);
}
