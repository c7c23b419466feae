// Rows of single frames, interleaved complex, to the lanes that das-frames.ts sums: a transposition, four frames at a time.
//
//   rows    four frames, `frameBytes` apart, each [row] of `rowBytes`:  | re0 im0 re1 im1 ...          (see ingest.ts)
//   lanes   [row][sample], `laneRowBytes` and `sampleBytes` apart:       | I 16 | Q 16 | dI 16 | dQ 16 |
//
// In int16, each frame by a power of two of its own, so that no frame's bits depend on another one:
//   lanes   [row][sample, one of zeros behind the last]:                 | I Q  I Q ... 16 |
//
// `lanes` points at the place of the four frames among sixteen: each sample gets 16 bytes of I, Q, dI, dQ, 64 bytes apart, or of pairs.
import { ROUNDER, splat } from "./constants";

/** Complex samples of two frames, `frame` bytes apart. */
// @ts-ignore: decorator
@inline function two(p: usize, frame: usize): v128 {
  return v128.load64_lane(p + frame, v128.load64_zero(p), 1);
}

/** Transposes `count` rows of `samples` samples; the rows' zero guard is the sample behind the last. */
export function framesToLanes(
  rows: usize, frameBytes: i32, rowBytes: i32, count: i32, samples: i32, lanes: usize, laneRowBytes: i32, sampleBytes: i32,
): void {
  const frame = <usize>frameBytes;
  for (let r = 0; r < count; r++) {
    let p = rows + <usize>r * <usize>rowBytes, o = lanes + <usize>r * <usize>laneRowBytes;
    let first = two(p, frame), second = two(p + 2 * frame, frame);
    let re = v128.shuffle<f32>(first, second, 0, 2, 4, 6), im = v128.shuffle<f32>(first, second, 1, 3, 5, 7);
    for (let i = 0; i < samples; i++, o += <usize>sampleBytes) {
      p += 8;
      first = two(p, frame), second = two(p + 2 * frame, frame);
      const nextRe = v128.shuffle<f32>(first, second, 0, 2, 4, 6), nextIm = v128.shuffle<f32>(first, second, 1, 3, 5, 7);
      v128.store(o, re);
      v128.store(o, im, 64);
      v128.store(o, f32x4.sub(nextRe, re), 128);
      v128.store(o, f32x4.sub(nextIm, im), 192);
      re = nextRe, im = nextIm;
    }
  }
}

/** The power of two that brings the largest of the numbers in [at, end), a multiple of 16 bytes, to [2^13, 2^14). */
function powerFor(at: usize, end: usize): f32 {
  let peaks = f32x4.splat(0);
  for (; at < end; at += 16) peaks = f32x4.pmax(peaks, f32x4.abs(v128.load(at)));
  peaks = f32x4.pmax(peaks, v128.shuffle<f32>(peaks, peaks, 2, 3, 0, 1));
  const peak = max(f32x4.extract_lane(peaks, 0), f32x4.extract_lane(peaks, 1));
  // Biased exponents: 2 x 127 + 13 less that of the peak. Signals of nothing, or of less than float32 can turn to more, stay so.
  return reinterpret<f32>(min(254, 267 - (reinterpret<i32>(peak) >> 23)) << 23);
}

/** Four frames in int16; `scales`: what undoes the four frames' powers of two and the sum's weights of 12 bits, float32. */
export function framesToShortLanes(
  rows: usize, frameBytes: i32, rowBytes: i32, count: i32, samples: i32, lanes: usize, laneRowBytes: i32, sampleBytes: i32, scales: usize,
): void {
  const frame = <usize>frameBytes, bytes = <usize>(count * rowBytes - 32);
  for (let k: usize = 0; k < 4; k++) store<f32>(scales + 4 * k, powerFor(rows + k * frame, rows + k * frame + bytes));
  const powers = v128.load(scales), ab = v128.shuffle<f32>(powers, powers, 0, 0, 1, 1), cd = v128.shuffle<f32>(powers, powers, 2, 2, 3, 3);
  const rounder = splat(ROUNDER);
  v128.store(scales, f32x4.div(f32x4.splat(1.0 / 4096), powers));
  for (let r = 0; r < count; r++) {
    let p = rows + <usize>r * <usize>rowBytes, o = lanes + <usize>r * <usize>laneRowBytes;
    // The rows' guard is the sample behind the last.
    for (let i = 0; i <= samples; i++, p += 8, o += <usize>sampleBytes) {
      const first = f32x4.add(f32x4.mul(two(p, frame), ab), rounder), second = f32x4.add(f32x4.mul(two(p + 2 * frame, frame), cd), rounder);
      v128.store(o, i16x8.narrow_i32x4_s(i32x4.sub(first, rounder), i32x4.sub(second, rounder)));
    }
  }
}
