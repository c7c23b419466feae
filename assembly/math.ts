// Transcendental functions of our own: engines differ in the last bits of theirs, and the same input must give the same
// bits everywhere. Angles are in turns (1 turn = 2 pi), which makes range reduction exact.
import { BITS7, HALF, ONE, QUARTER, ROUNDER, SIGN, splat, TWO_PI } from "./constants";

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

/** The next step of a polynomial in x after Horner: p x + the coefficient at an address. */
// @ts-ignore: decorator
@inline function step(p: v128, x: v128, coefficient: usize): v128 {
  return f32x4.add(f32x4.mul(p, x), splat(coefficient));
}

/** Angles in turns, |turns| < 2^21, rounded to half turns: how many, in the last bits. */
// @ts-ignore: decorator
@inline export function halfTurns(turns: v128): v128 {
  return f32x4.add(f32x4.add(turns, turns), splat(ROUNDER));
}

/**
 * What is left of the turns, in radians, |y| <= pi / 2, for sines and cosines of four angles at a time; `halves`: see `halfTurns`.
 * Error < 3e-7 + 4e-7 |turns| (the float's own grid).
 */
// @ts-ignore: decorator
@inline export function reduceHalfTurns(turns: v128, halves: v128): v128 {
  return radians4(f32x4.sub(turns, f32x4.mul(f32x4.sub(halves, splat(ROUNDER)), splat(HALF))));
}

/** The sign that so many half turns give a sine or cosine, as a sign-bit mask. */
// @ts-ignore: decorator
@inline export function halfTurnSign(halves: v128): v128 {
  return i32x4.shl(halves, 31);
}

/** Turns in radians. */
// @ts-ignore: decorator
@inline export function radians4(turns: v128): v128 {
  return f32x4.mul(turns, splat(TWO_PI));
}

const SINE = memory.data<f32>([
  -2.5052108e-8, 2.7557319e-6, -1.9841270e-4, 8.3333333e-3, -1.6666667e-1,
  2.0876757e-9, -2.7557319e-7, 2.4801587e-5, -1.3888889e-3, 4.1666667e-2, -0.5,
]);
const COSINE = SINE + 20;

/** sin y for |y| <= pi / 2, minimax-like Taylor to y^11: error < 6e-8. */
// @ts-ignore: decorator
@inline export function sinQuarter4(y: v128): v128 {
  const y2 = f32x4.mul(y, y);
  let p = splat(SINE);
  p = step(p, y2, SINE + 4);
  p = step(p, y2, SINE + 8);
  p = step(p, y2, SINE + 12);
  p = step(p, y2, SINE + 16);
  return f32x4.add(y, f32x4.mul(f32x4.mul(y, y2), p));
}

/** cos y for |y| <= pi / 2, Taylor to y^12: error < 7e-9 + rounding. */
// @ts-ignore: decorator
@inline export function cosQuarter4(y: v128): v128 {
  const y2 = f32x4.mul(y, y);
  let p = splat(COSINE);
  p = step(p, y2, COSINE + 4);
  p = step(p, y2, COSINE + 8);
  p = step(p, y2, COSINE + 12);
  p = step(p, y2, COSINE + 16);
  p = step(p, y2, COSINE + 20);
  return f32x4.add(splat(ONE), f32x4.mul(y2, p));
}

const LOG2 = memory.data<f32>([0.70710678, 0.32059889, 0.41219858, 0.57707801, 0.96179669, 2.8853900]);

/**
 * log2 of four positive normal floats: exponent plus 2/ln 2 atanh((m-1)/(m+1)), m in [sqrt 1/2, sqrt 2), series to t^9.
 * |error| < 2e-7 + half an ulp of the result.
 */
// @ts-ignore: decorator
@inline export function log2x4(x: v128): v128 {
  // Subtracting the bits of sqrt(1/2) puts the mantissa into [sqrt 1/2, sqrt 2).
  const shifted = i32x4.sub(x, splat(LOG2));
  const e = i32x4.shr_s(shifted, 23);
  const m = i32x4.sub(x, i32x4.shl(e, 23));
  const one = splat(ONE);
  const t = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one)), t2 = f32x4.mul(t, t);
  let p = splat(LOG2 + 4);
  p = step(p, t2, LOG2 + 8);
  p = step(p, t2, LOG2 + 12);
  p = step(p, t2, LOG2 + 16);
  p = step(p, t2, LOG2 + 20);
  return f32x4.add(f32x4.convert_i32x4_s(e), f32x4.mul(p, t));
}

const EXP2 = memory.data<f32>([30, -30, 0.0013276456, 0.0096755412, 0.055507133, 0.2402212, 0.69314697, 1.0000001]);

/**
 * 2^x of four numbers, clamped to [-30, 30] first: 2^k times a minimax polynomial of degree 5 of the rest, |rest| <= 1/2. Relative
 * error < 8e-8 + rounding.
 */
// @ts-ignore: decorator
@inline export function exp2x4(x: v128): v128 {
  const y = f32x4.pmin(splat(EXP2), f32x4.pmax(splat(EXP2 + 4), x)), k = f32x4.nearest(y), f = f32x4.sub(y, k);
  let p = splat(EXP2 + 8);
  p = step(p, f, EXP2 + 12);
  p = step(p, f, EXP2 + 16);
  p = step(p, f, EXP2 + 20);
  p = step(p, f, EXP2 + 24);
  p = step(p, f, EXP2 + 28);
  return f32x4.mul(p, i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), splat(BITS7)), 23));
}

const ATAN = memory.data<f32>([1.1754944e-38, 0.0028662257, -0.0161657367, 0.0429096138, -0.0752896400, 0.1065626393, -0.1420889944, 0.1999355085, -0.3333314528, <f32>(1.0 / TAU)]);

/**
 * Angle of the points (x, y) from the x axis in turns, -1/2 to 1/2; 0 for (0, 0). atan t on [0, 1] by Abramowitz and Stegun
 * 4.4.49 (to t^17, |error| <= 2e-8 rad), then by octant; with rounding |error| < 5e-8 turns.
 */
// @ts-ignore: decorator
@inline export function atan2Turns4(y: v128, x: v128): v128 {
  const ax = f32x4.abs(x), ay = f32x4.abs(y), steep = f32x4.gt(ay, ax);
  const t = f32x4.div(f32x4.min(ax, ay), f32x4.max(f32x4.max(ax, ay), splat(ATAN))), t2 = f32x4.mul(t, t);
  let p = splat(ATAN + 4);
  p = step(p, t2, ATAN + 8);
  p = step(p, t2, ATAN + 12);
  p = step(p, t2, ATAN + 16);
  p = step(p, t2, ATAN + 20);
  p = step(p, t2, ATAN + 24);
  p = step(p, t2, ATAN + 28);
  p = step(p, t2, ATAN + 32);
  let angle = f32x4.mul(f32x4.add(t, f32x4.mul(f32x4.mul(t, t2), p)), splat(ATAN + 36));
  angle = v128.bitselect(f32x4.sub(splat(QUARTER), angle), angle, steep);
  angle = v128.bitselect(f32x4.sub(splat(HALF), angle), angle, f32x4.lt(x, f32x4.splat(0)));
  return v128.or(angle, v128.and(y, splat(SIGN)));
}
