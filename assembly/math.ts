// Transcendental functions of our own: engines differ in the last bits of theirs, and the same input must give the same
// bits everywhere. Angles are in turns (1 turn = 2 pi), which makes range reduction exact.

// Taylor coefficients of sin(2 pi r) / r and cos(2 pi r) in r^2 are used on |r| <= 1/8 after reduction to an octant.
const TAU: f64 = 6.283185307179586;

/** sin(2 pi r), |r| <= 1/8: Taylor to y^15, error < 4e-17. */
// @ts-ignore: decorator
@inline function sinOctant(r: f64): f64 {
  const y = TAU * r, y2 = y * y;
  let p: f64 = -7.647163731819816e-13;
  p = p * y2 + 1.605904383682161e-10;
  p = p * y2 - 2.505210838544172e-8;
  p = p * y2 + 2.755731922398589e-6;
  p = p * y2 - 1.984126984126984e-4;
  p = p * y2 + 8.333333333333333e-3;
  p = p * y2 - 1.666666666666667e-1;
  return y + y * y2 * p;
}

/** cos(2 pi r), |r| <= 1/8: Taylor to y^16, error < 3e-17. */
// @ts-ignore: decorator
@inline function cosOctant(r: f64): f64 {
  const y = TAU * r, y2 = y * y;
  let p: f64 = 4.779477332387385e-14;
  p = p * y2 - 1.147074559772972e-11;
  p = p * y2 + 2.087675698786810e-9;
  p = p * y2 - 2.755731922398589e-7;
  p = p * y2 + 2.480158730158730e-5;
  p = p * y2 - 1.388888888888889e-3;
  p = p * y2 + 4.166666666666667e-2;
  return 1.0 - 0.5 * y2 + y2 * y2 * p;
}

/** sin(2 pi (turns + quarters / 4)); the reduction loses nothing. */
// @ts-ignore: decorator
@inline function sinShifted(turns: f64, quarters: i32): f64 {
  const r = turns - Math.floor(turns); // [0, 1)
  const q = <i32>Math.floor(r * 4.0 + 0.5); // nearest quarter
  const d = r - <f64>q * 0.25; // [-1/8, 1/8]
  const k = (q + quarters) & 3;
  if (k == 0) return sinOctant(d);
  if (k == 1) return cosOctant(d);
  if (k == 2) return -sinOctant(d);
  return -cosOctant(d);
}

/** Sine of an angle in turns. |error| < 4e-16 for |turns| < 2^20. */
export function sinTurns(turns: f64): f64 {
  return sinShifted(turns, 0);
}

/** Cosine of an angle in turns. |error| < 4e-16 for |turns| < 2^20. */
export function cosTurns(turns: f64): f64 {
  return sinShifted(turns, 1);
}

/**
 * Four sines and cosines of angles in turns; the results are returned through `sin4` / `cos4` separately so that each
 * stays in registers. Reduction to |r| <= 1/4 by rounding to half turns; error < 3e-7 + 4e-7 |turns| (the float's own
 * grid).
 */
// @ts-ignore: decorator
@inline export function reduceHalfTurns(turns: v128): v128 {
  return f32x4.sub(turns, f32x4.mul(f32x4.nearest(f32x4.add(turns, turns)), f32x4.splat(0.5)));
}

/** +1 or -1 with the sign that reduction to half turns took away, as a sign-bit mask. */
// @ts-ignore: decorator
@inline export function halfTurnSign(turns: v128): v128 {
  return i32x4.shl(i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.add(turns, turns))), 31);
}

/** sin(2 pi r) for |r| <= 1/4, minimax-like Taylor to r^11: error < 6e-8. */
// @ts-ignore: decorator
@inline export function sinQuarter4(r: v128): v128 {
  const y = f32x4.mul(r, f32x4.splat(<f32>TAU)), y2 = f32x4.mul(y, y);
  let p = f32x4.splat(-2.5052108e-8);
  p = f32x4.add(f32x4.mul(p, y2), f32x4.splat(2.7557319e-6));
  p = f32x4.add(f32x4.mul(p, y2), f32x4.splat(-1.9841270e-4));
  p = f32x4.add(f32x4.mul(p, y2), f32x4.splat(8.3333333e-3));
  p = f32x4.add(f32x4.mul(p, y2), f32x4.splat(-1.6666667e-1));
  return f32x4.add(y, f32x4.mul(f32x4.mul(y, y2), p));
}

/** cos(2 pi r) for |r| <= 1/4, Taylor to r^12: error < 7e-9 + rounding. */
// @ts-ignore: decorator
@inline export function cosQuarter4(r: v128): v128 {
  const y = f32x4.mul(r, f32x4.splat(<f32>TAU)), y2 = f32x4.mul(y, y);
  let p = f32x4.splat(2.0876757e-9);
  p = f32x4.add(f32x4.mul(p, y2), f32x4.splat(-2.7557319e-7));
  p = f32x4.add(f32x4.mul(p, y2), f32x4.splat(2.4801587e-5));
  p = f32x4.add(f32x4.mul(p, y2), f32x4.splat(-1.3888889e-3));
  p = f32x4.add(f32x4.mul(p, y2), f32x4.splat(4.1666667e-2));
  p = f32x4.add(f32x4.mul(p, y2), f32x4.splat(-0.5));
  return f32x4.add(f32x4.splat(1), f32x4.mul(y2, p));
}

/**
 * log2 of four positive normal floats: exponent plus 2/ln 2 atanh((m-1)/(m+1)), m in [sqrt 1/2, sqrt 2), series to t^9.
 * |error| < 2e-7 + half an ulp of the result.
 */
// @ts-ignore: decorator
@inline export function log2x4(x: v128): v128 {
  // Subtracting the bits of sqrt(1/2) puts the mantissa into [sqrt 1/2, sqrt 2).
  const shifted = i32x4.sub(x, i32x4.splat(0x3f3504f3));
  const e = i32x4.shr_s(shifted, 23);
  const m = i32x4.sub(x, i32x4.shl(e, 23));
  const one = f32x4.splat(1);
  const t = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one)), t2 = f32x4.mul(t, t);
  let p = f32x4.splat(0.32059889);
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(0.41219858));
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(0.57707801));
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(0.96179669));
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(2.8853900));
  return f32x4.add(f32x4.convert_i32x4_s(e), f32x4.mul(p, t));
}

/**
 * 2^x of four numbers, clamped to [-30, 30] first: 2^k times a minimax polynomial of degree 5 of the rest, |rest| <= 1/2. Relative
 * error < 8e-8 + rounding.
 */
// @ts-ignore: decorator
@inline export function exp2x4(x: v128): v128 {
  const y = f32x4.pmin(f32x4.splat(30), f32x4.pmax(f32x4.splat(-30), x)), k = f32x4.nearest(y), f = f32x4.sub(y, k);
  let p = f32x4.splat(0.0013276456);
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.0096755412));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.055507133));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.2402212));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(0.69314697));
  p = f32x4.add(f32x4.mul(p, f), f32x4.splat(1.0000001));
  return f32x4.mul(p, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23));
}

/**
 * Angle of the points (x, y) from the x axis in turns, -1/2 to 1/2; 0 for (0, 0). atan t on [0, 1] by Abramowitz and Stegun
 * 4.4.49 (to t^17, |error| <= 2e-8 rad), then by octant; with rounding |error| < 5e-8 turns.
 */
// @ts-ignore: decorator
@inline export function atan2Turns4(y: v128, x: v128): v128 {
  const ax = f32x4.abs(x), ay = f32x4.abs(y), steep = f32x4.gt(ay, ax);
  const t = f32x4.div(f32x4.min(ax, ay), f32x4.max(f32x4.max(ax, ay), f32x4.splat(1.1754944e-38))), t2 = f32x4.mul(t, t);
  let p = f32x4.splat(0.0028662257);
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(-0.0161657367));
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(0.0429096138));
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(-0.0752896400));
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(0.1065626393));
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(-0.1420889944));
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(0.1999355085));
  p = f32x4.add(f32x4.mul(p, t2), f32x4.splat(-0.3333314528));
  let angle = f32x4.mul(f32x4.add(t, f32x4.mul(f32x4.mul(t, t2), p)), f32x4.splat(<f32>(1.0 / TAU)));
  angle = v128.bitselect(f32x4.sub(f32x4.splat(0.25), angle), angle, steep);
  angle = v128.bitselect(f32x4.sub(f32x4.splat(0.5), angle), angle, f32x4.lt(x, f32x4.splat(0)));
  return v128.or(angle, v128.and(y, i32x4.splat(0x80000000)));
}
