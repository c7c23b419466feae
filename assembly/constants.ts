// Constants of inner loops lie in memory. Engines make a v128 constant anew at every use (V8: three instructions, two of which wait for
// the same port); a load is one, and what is loaded before a loop stays in its register.

const FLOATS = memory.data<f32>([0.25, 0.5, 1, 3, 512, 4096, 6.283185307179586, 12582912]);
const WORDS = memory.data<u32>([127, 0x7fff, 0xffff, 0x80000000, 1, 2, 4, 8, 16, 32, 64, 128]);

/** Addresses of float32 numbers, for `splat`. */
export const QUARTER = FLOATS, HALF = FLOATS + 4, ONE = FLOATS + 8, THREE = FLOATS + 12;
export const P512 = FLOATS + 16, P4096 = FLOATS + 20, TWO_PI = FLOATS + 24;
/**
 * Adding 1.5 x 2^23 leaves the nearest whole number, ties to even, in the low bits of a float, for magnitudes below 2^22: one
 * instruction, where rounding and converting take ten. Half a sample less makes it the sample before (or, exactly on a sample, perhaps
 * the one before that with f = 1: the same value).
 */
export const ROUNDER = FLOATS + 28;
/** The rounder's own bits. */
export const ROUNDER_BITS: i32 = 0x4b400000;
/** Addresses of masks. */
export const BITS7 = WORDS, BITS15 = WORDS + 4, BITS16 = WORDS + 8, SIGN = WORDS + 12;

/** The bit of each of eight pixels in a mask. */
export const LANE_BITS = WORDS + 16;

/** The number at an address, four times. */
// @ts-ignore: decorator
@inline export function splat(address: usize): v128 {
  return v128.load32_splat(address);
}
