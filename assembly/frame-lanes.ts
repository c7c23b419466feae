// Rows of single frames, interleaved complex, to the lanes that das-frames.ts sums: a transposition, four frames at a time.
//
//   rows    four frames, `frameBytes` apart, each [row] of `rowBytes`:  | re0 im0 re1 im1 ...          (see ingest.ts)
//   lanes   [row][sample], `laneRowBytes` and `sampleBytes` apart:       | I 16 | Q 16 | dI 16 | dQ 16 |
//
// `lanes` points at the place of the four frames among sixteen: each sample gets 16 bytes of I, Q, dI, dQ, 64 bytes apart.

/** Transposes `count` rows of `samples` samples; the rows' zero guard is the sample behind the last. */
export function framesToLanes(
  rows: usize, frameBytes: i32, rowBytes: i32, count: i32, samples: i32, lanes: usize, laneRowBytes: i32, sampleBytes: i32,
): void {
  const frame = <usize>frameBytes;
  for (let r = 0; r < count; r++) {
    let p = rows + <usize>r * <usize>rowBytes, o = lanes + <usize>r * <usize>laneRowBytes;
    let re = f32x4(load<f32>(p), load<f32>(p + frame), load<f32>(p + 2 * frame), load<f32>(p + 3 * frame));
    let im = f32x4(load<f32>(p, 4), load<f32>(p + frame, 4), load<f32>(p + 2 * frame, 4), load<f32>(p + 3 * frame, 4));
    for (let i = 0; i < samples; i += 2) {
      // Samples i + 1 and i + 2 of the four frames.
      p += 8;
      const a = v128.load(p), b = v128.load(p + frame), c = v128.load(p + 2 * frame), d = v128.load(p + 3 * frame);
      p += 8;
      const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const re1 = v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), im1 = v128.shuffle<f32>(ab, cd, 2, 3, 6, 7);
      v128.store(o, re);
      v128.store(o, im, 64);
      v128.store(o, f32x4.sub(re1, re), 128);
      v128.store(o, f32x4.sub(im1, im), 192);
      if (i + 1 == samples) break;
      o += <usize>sampleBytes;
      const ab2 = v128.shuffle<f32>(a, b, 2, 6, 3, 7), cd2 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      re = v128.shuffle<f32>(ab2, cd2, 0, 1, 4, 5);
      im = v128.shuffle<f32>(ab2, cd2, 2, 3, 6, 7);
      v128.store(o, re1);
      v128.store(o, im1, 64);
      v128.store(o, f32x4.sub(re, re1), 128);
      v128.store(o, f32x4.sub(im, im1), 192);
      o += <usize>sampleBytes;
    }
  }
}
