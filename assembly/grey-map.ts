// Decibels to pixels: level = trunc(255 (L + range) / range), then a palette of RGBA colours. What lies below -range, as the
// outside of the field of view does, takes the colour that stands before the first one.
//   palette   | outside | level 0 | level 1 | ... | level 255 |   RGBA each
import { convertFour } from "./scan-convert";

// @ts-ignore: decorator
@inline function colours(levels: v128, range: v128, scale: v128, first: usize): v128 {
  const level = i32x4.max_s(i32x4.splat(-1), i32x4.min_s(i32x4.splat(255), i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.add(levels, range), scale))));
  const at = i32x4.add(i32x4.shl(level, 2), i32x4.splat(<i32>first));
  let out = v128.load32_zero(<usize>i32x4.extract_lane(at, 0));
  out = v128.load32_lane(<usize>i32x4.extract_lane(at, 1), out, 1);
  out = v128.load32_lane(<usize>i32x4.extract_lane(at, 2), out, 2);
  return v128.load32_lane(<usize>i32x4.extract_lane(at, 3), out, 3);
}

/** levels in dB, at most 0: `groups` times four of them, where `palette` is 257 colours; out: RGBA. */
export function paint(levels: usize, groups: i32, rangeDb: f32, palette: usize, out: usize): void {
  const range = f32x4.splat(rangeDb), scale = f32x4.splat(255.0 / rangeDb), first = palette + 4;
  for (const end = levels + (<usize>groups << 4); levels < end; levels += 16, out += 16) v128.store(out, colours(v128.load(levels), range, scale, first));
}

/** The same with scan conversion on the way: the levels are where the table says (scan-convert.ts). */
export function paintConverted(table: usize, groups: i32, rangeDb: f32, palette: usize, out: usize): void {
  const range = f32x4.splat(rangeDb), scale = f32x4.splat(255.0 / rangeDb), first = palette + 4;
  for (const end = table + (<usize>groups << 6); table < end; table += 64, out += 16) v128.store(out, colours(convertFour(table), range, scale, first));
}
