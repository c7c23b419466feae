// Decibels to pixels: level = trunc(255 (L + range) / range), then a palette of RGBA colours. What lies below -range, as the
// outside of the field of view does, takes the colour that stands before the first one.
//   palette   | outside | level 0 | level 1 | ... | level 255 |   RGBA each
import { splat } from "./constants";
import { convertGroups, GROUP } from "./scan-convert";

/** Pixels that are converted before they are painted, in groups of four: they stay in the first cache. */
const CHUNK = 64;

/** Numbers of the colour before the first one, and of the last. */
const BEFORE = memory.data<i32>([-1, 255]);

// @ts-ignore: decorator
@inline function putColours(levels: v128, range: v128, scale: v128, last: v128, first: usize, out: usize): void {
  const level = i32x4.max_s(splat(BEFORE), i32x4.min_s(last, i32x4.trunc_sat_f32x4_s(f32x4.mul(f32x4.add(levels, range), scale))));
  const at = i32x4.add(i32x4.shl(level, 2), i32x4.splat(<i32>first));
  const low = i64x2.extract_lane(at, 0), high = i64x2.extract_lane(at, 1);
  store<u32>(out, load<u32>(<usize><u32>low));
  store<u32>(out, load<u32>(<usize>(low >> 32)), 4);
  store<u32>(out, load<u32>(<usize><u32>high), 8);
  store<u32>(out, load<u32>(<usize>(high >> 32)), 12);
}

/** levels in dB, at most 0: `groups` times four of them, where `palette` is 257 colours; out: RGBA, which may take the place of the levels. */
export function paint(levels: usize, groups: i32, rangeDb: f32, palette: usize, out: usize): void {
  const range = f32x4.splat(rangeDb), scale = f32x4.splat(255.0 / rangeDb), last = splat(BEFORE + 4), first = palette + 4;
  for (const end = levels + (<usize>groups << 4); levels < end; levels += 16, out += 16) putColours(v128.load(levels), range, scale, last, first, out);
}

/** The same with scan conversion on the way: table and runs as in scan-convert.ts. */
export function paintConverted(table: usize, runs: usize, runCount: i32, rangeDb: f32, palette: usize, out: usize): void {
  const outside = v128.load32_splat(palette);
  for (const end = runs + (<usize>runCount << 3); runs < end; runs += 8) {
    for (const from = out + (<usize>load<u32>(runs) << 4); out < from; out += 16) v128.store(out, outside);
    for (let left = load<i32>(runs, 4); left > 0; left -= CHUNK) {
      const some = min(CHUNK, left);
      convertGroups(table, some, out);
      paint(out, some, rangeDb, palette, out);
      table += <usize>some * GROUP;
      out += <usize>some << 4;
    }
  }
}
