// A linear filter given by its frequency response, on whole rows: transform, multiply bin by bin, transform back. One
// response does at once what the plan asks for: analytic signal (twice the positive frequencies, Marple, IEEE TSP 47:2600,
// 1999), ideal band-pass, prefilter of the spline interpolator; and a longer inverse transform up-samples.
import { fft } from "./fft";

/**
 * Filters complex rows in place of `out` (may equal `rows` when nothing is up-sampled).
 * rows, out: first samples of complex rows, `samples` read (zeros follow up to N), `outSamples` written.
 * response: one float32 per bin of N, scaled by 1 / N.
 * forward: descriptor of N; backward: descriptor of N times the up-sampling factor.
 * data: backward-length samples of four rows; work: as `fft` asks for the longer of both.
 */
export function filterRows(
  rows: usize, rowStrideBytes: i32, samples: i32, out: usize, outStrideBytes: i32, outSamples: i32, count: i32,
  response: usize, forward: usize, backward: usize, data: usize, work: usize,
): void {
  const n = load<i32>(forward), long = load<i32>(backward);
  const half = (n + 1) >> 1; // bins of non-negative frequency below Nyquist
  const shift = <usize>(long - n) << 5;
  for (let r = 0; r < count; r += 4) {
    const left = min(4, count - r);
    const a = rows + <usize>r * <usize>rowStrideBytes;
    const b = left > 1 ? a + <usize>rowStrideBytes : a, c = left > 2 ? b + <usize>rowStrideBytes : a, d = left > 3 ? c + <usize>rowStrideBytes : a;
    let o = data;
    for (let i: usize = 0; i < <usize>samples << 3; i += 8, o += 32) {
      v128.store(o, f32x4(load<f32>(a + i), load<f32>(b + i), load<f32>(c + i), load<f32>(d + i)));
      v128.store(o, f32x4(load<f32>(a + i, 4), load<f32>(b + i, 4), load<f32>(c + i, 4), load<f32>(d + i, 4)), 16);
    }
    memory.fill(o, 0, <usize>(n - samples) << 5);
    fft(forward, data, work, false);
    // Negative frequencies move to the end of the longer spectrum; bins in between are empty.
    for (let k = n - 1; k >= half; k--) {
      const p = data + (<usize>k << 5), g = v128.load32_splat(response + (<usize>k << 2));
      v128.store(p + shift, f32x4.mul(g, v128.load(p)));
      v128.store(p + shift, f32x4.mul(g, v128.load(p, 16)), 16);
    }
    if (shift) memory.fill(data + (<usize>half << 5), 0, shift);
    for (let k = 0; k < half; k++) {
      const p = data + (<usize>k << 5), g = v128.load32_splat(response + (<usize>k << 2));
      v128.store(p, f32x4.mul(g, v128.load(p)));
      v128.store(p, f32x4.mul(g, v128.load(p, 16)), 16);
    }
    fft(backward, data, work, true);
    const e = out + <usize>r * <usize>outStrideBytes;
    for (let i = 0; i < outSamples; i++) {
      const re = v128.load(data + (<usize>i << 5)), im = v128.load(data + (<usize>i << 5), 16);
      const lo = v128.shuffle<f32>(re, im, 0, 4, 1, 5), hi = v128.shuffle<f32>(re, im, 2, 6, 3, 7);
      const q = e + (<usize>i << 3);
      v128.store64_lane(q, lo, 0);
      if (left > 1) v128.store64_lane(q + <usize>outStrideBytes, lo, 1);
      if (left > 2) v128.store64_lane(q + 2 * <usize>outStrideBytes, hi, 0);
      if (left > 3) v128.store64_lane(q + 3 * <usize>outStrideBytes, hi, 1);
    }
  }
}
