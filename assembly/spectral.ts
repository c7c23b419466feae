// A linear filter given by its frequency response, on whole rows: transform, multiply bin by bin, transform back. One
// response does at once what the plan asks for: analytic signal (twice the positive frequencies, Marple, IEEE TSP 47:2600,
// 1999), ideal band-pass, prefilter of the spline interpolator; and a longer inverse transform up-samples.
import { fft } from "./fft";

/**
 * Filters complex rows in place of `out` (may equal `rows` when nothing is up-sampled).
 * rows, out: first samples of complex rows, `samples` read (zeros follow up to N), `outSamples` written.
 * response: four float32 a unit of the transform (fft.ts), scaled by 1 / N: those of its four bins, or four times the same.
 * forward: descriptor of N; backward: descriptor of N times the up-sampling factor, for as many rows. Where that factor is over 1, a row
 * that is transformed alone has 16 | N.
 * data: as many samples as the backward transform has; work: as `fft` asks for the longer of both. The two change places unless the
 * forward transform is Bluestein's, which leaves its result in data; the backward one is Bluestein's only where that is.
 */
export function filterRows(
  rows: usize, rowStrideBytes: i32, samples: i32, out: usize, outStrideBytes: i32, outSamples: i32, count: i32,
  response: usize, forward: usize, backward: usize, data: usize, work: usize,
): void {
  const n = load<i32>(forward), long = load<i32>(backward), together = load<i32>(forward, 8);
  // Units of all frequencies, and those of non-negative frequency below Nyquist.
  const units = together == 1 ? (n + 3) >> 2 : n, half = together == 1 ? n >> 3 : (n + 1) >> 1;
  const shift = <usize>((together == 1 ? (long + 3) >> 2 : long) - units) << 5;
  for (let r = 0; r < count; r += together) {
    const row = rows + <usize>r * <usize>rowStrideBytes, e = out + <usize>r * <usize>outStrideBytes;
    const left = min(together, count - r);
    if (together == 1) packRow(row, samples, data, units);
    else packRows(row, <usize>rowStrideBytes, left, samples, data, units);
    const spectrum = fft(forward, data, work);
    // Real and imaginary parts are exchanged: the next transform is the inverse. Negative frequencies move to the end of the
    // longer spectrum; bins in between are empty.
    for (let k = units - 1; k >= half; k--) weigh(spectrum, k, response, shift);
    for (let k = 0; k < half; k++) weigh(spectrum, k, response, 0);
    if (shift) memory.fill(spectrum + (<usize>half << 5), 0, shift);
    const result = fft(backward, spectrum, spectrum == data ? work : data);
    if (together == 1) unpackRow(result, e, outSamples);
    else unpackRows(result, e, <usize>outStrideBytes, left, outSamples);
  }
}

// @ts-ignore: decorator
@inline function weigh(spectrum: usize, k: i32, response: usize, shift: usize): void {
  const p = spectrum + (<usize>k << 5), g = v128.load(response + (<usize>k << 4));
  const re = v128.load(p), im = v128.load(p, 16);
  v128.store(p + shift, f32x4.mul(g, im));
  v128.store(p + shift, f32x4.mul(g, re), 16);
}

/** | re0 im0 re1 im1 ... to | re0 re1 re2 re3 | im0 im1 im2 im3 | ..., zeros behind. */
function packRow(row: usize, samples: i32, data: usize, units: i32): void {
  const end = data + (<usize>units << 5);
  let i = 0;
  for (; i + 4 <= samples; i += 4, row += 32, data += 32) {
    const a = v128.load(row), b = v128.load(row, 16);
    v128.store(data, v128.shuffle<f32>(a, b, 0, 2, 4, 6));
    v128.store(data, v128.shuffle<f32>(a, b, 1, 3, 5, 7), 16);
  }
  memory.fill(data, 0, end - data);
  for (; i < samples; i++, row += 8, data += 4) {
    store<f32>(data, load<f32>(row));
    store<f32>(data, load<f32>(row, 4), 16);
  }
}

/** Samples of up to four rows, a row a lane; absent ones repeat the first. */
function packRows(a: usize, strideBytes: usize, left: i32, samples: i32, data: usize, units: i32): void {
  const b = left > 1 ? a + strideBytes : a, c = left > 2 ? b + strideBytes : a, d = left > 3 ? c + strideBytes : a;
  for (let i: usize = 0; i < <usize>samples << 3; i += 8, data += 32) {
    const ab = v128.load64_lane(b + i, v128.load64_zero(a + i), 1), cd = v128.load64_lane(d + i, v128.load64_zero(c + i), 1);
    v128.store(data, v128.shuffle<f32>(ab, cd, 0, 2, 4, 6));
    v128.store(data, v128.shuffle<f32>(ab, cd, 1, 3, 5, 7), 16);
  }
  memory.fill(data, 0, <usize>(units - samples) << 5);
}

/** Back from units, whose real and imaginary parts stand exchanged. */
function unpackRow(data: usize, row: usize, samples: i32): void {
  let i = 0;
  for (; i + 4 <= samples; i += 4, row += 32, data += 32) {
    const im = v128.load(data), re = v128.load(data, 16);
    v128.store(row, v128.shuffle<f32>(re, im, 0, 4, 1, 5));
    v128.store(row, v128.shuffle<f32>(re, im, 2, 6, 3, 7), 16);
  }
  for (; i < samples; i++, row += 8, data += 4) {
    store<f32>(row, load<f32>(data, 16));
    store<f32>(row, load<f32>(data), 4);
  }
}

/** The same for up to four rows. */
function unpackRows(data: usize, row: usize, strideBytes: usize, left: i32, samples: i32): void {
  for (let i = 0; i < samples; i++, row += 8, data += 32) {
    const im = v128.load(data), re = v128.load(data, 16);
    const low = v128.shuffle<f32>(re, im, 0, 4, 1, 5), high = v128.shuffle<f32>(re, im, 2, 6, 3, 7);
    v128.store64_lane(row, low, 0);
    if (left > 1) v128.store64_lane(row + strideBytes, low, 1);
    if (left > 2) v128.store64_lane(row + 2 * strideBytes, high, 0);
    if (left > 3) v128.store64_lane(row + 3 * strideBytes, high, 1);
  }
}
