// Raw samples to int16 rows by a short filter for each phase: y_(U i + p) = round(sum_k h_pk x_(i + k + 1 - K / 2)), U values for
// every sample (see host/engine/steering-filter.ts). Any part of a row can be made from the samples around it, with the same bits.
//
//   work    | K zeros | x_0 ... x_(n-1) | K + 16 zeros |   float32, scaled by a power of two; then the values of a phase, int16
import { finiteSample, I16, toFloats } from "./ingest";

/** Greatest magnitude among `count` samples of a type in each of `rows`, `strideBytes` apart; what is not a finite number counts as 0. */
export function peakSample(type: i32, source: usize, count: i32, rows: i32, strideBytes: i32): f32 {
  let peak: f32 = 0, low = i16x8.splat(0), high = low;
  for (let r = 0; r < rows; r++, source += <usize>strideBytes) {
    let i = 0;
    if (type == I16)
      for (; i + 8 <= count; i += 8) {
        const x = v128.load(source + (<usize>i << 1));
        low = i16x8.min_s(low, x);
        high = i16x8.max_s(high, x);
      }
    for (; i < count; i++) peak = max(peak, abs(finiteSample(type, source, i)));
  }
  // Below zero, where 16 bits hold -32768, too.
  const n = i16x8.min_s(low, i16x8.neg(high)), m = i32x4.min_s(i32x4.extend_low_i16x8_s(n), i32x4.extend_high_i16x8_s(n));
  const k = i32x4.min_s(m, v128.shuffle<i32>(m, m, 2, 3, 0, 1));
  return max(peak, <f32>-min(i32x4.extract_lane(k, 0), i32x4.extract_lane(k, 1)));
}

/** One row as float32 times `scale`, its mean taken away if asked: mean in float64, in order. */
function load1(type: i32, source: usize, samples: i32, removeMean: bool, scale: f32, out: usize): void {
  toFloats(type, source, samples, out);
  let mean: f64 = 0;
  if (removeMean) {
    for (let i = 0; i < samples; i++) mean += <f64>load<f32>(out + (<usize>i << 2));
    mean /= <f64>samples;
  }
  const offset = f32x4.splat(<f32>mean), factor = f32x4.splat(scale);
  // The zeros behind the row are restored below: whole vectors are cheaper than a tail.
  for (let i = 0; i < samples; i += 4) {
    const o = out + (<usize>i << 2);
    v128.store(o, f32x4.mul(f32x4.sub(v128.load(o), offset), factor));
  }
  memory.fill(out + (<usize>samples << 2), 0, 16);
}

// @ts-ignore: decorator
@inline function narrow(a: v128, b: v128): v128 {
  return i16x8.narrow_i32x4_s(i32x4.trunc_sat_f32x4_s(f32x4.nearest(a)), i32x4.trunc_sat_f32x4_s(f32x4.nearest(b)));
}

/** Values [first, end) of one phase into `out`, int16; up to 15 more are written behind them. */
function filterPhase(x: usize, taps: usize, tapCount: i32, first: i32, end: i32, out: usize): void {
  x += <usize>(first + 1 - (tapCount >> 1)) << 2;
  for (let i = first; i < end; i += 16, x += 64, out += 32) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (let k: usize = 0; k < <usize>tapCount; k++) {
      const h = v128.load32_splat(taps + (k << 2)), p = x + (k << 2);
      a = f32x4.add(a, f32x4.mul(h, v128.load(p)));
      b = f32x4.add(b, f32x4.mul(h, v128.load(p, 16)));
      c = f32x4.add(c, f32x4.mul(h, v128.load(p, 32)));
      d = f32x4.add(d, f32x4.mul(h, v128.load(p, 48)));
    }
    v128.store(out, narrow(a, b));
    v128.store(out, narrow(c, d), 16);
  }
}

/**
 * Rows of one transmit. source: [element][sample] of a type. taps: [phase][part][tap] float32, phases of one sample in `upSampling`.
 * out: value 0 of the first element's first part; parts `partStrideBytes` apart, elements `elementStrideBytes`. Values [first, end) of
 * every row are written, 0 <= first <= end <= (samples - 1) upSampling + 1.
 * work: 4 x (samples + 2 tapCount + 16) bytes; phase: 2 x (samples + 16) bytes.
 */
export function filterShort(
  type: i32, source: usize, elements: i32, samples: i32, removeMean: bool, scale: f32, taps: usize, tapCount: i32, upSampling: i32,
  parts: i32, first: i32, end: i32, out: usize, partStrideBytes: i32, elementStrideBytes: i32, work: usize, phase: usize,
): void {
  if (first >= end) return;
  const bytes = <usize>(samples + 2 * tapCount + 16) << 2, x = work + (<usize>tapCount << 2);
  memory.fill(work, 0, bytes);
  for (let e = 0; e < elements; e++) {
    load1(type, source, samples, removeMean, scale, x);
    source += <usize>samples << (type < 2 ? 0 : type < 4 ? 1 : 2);
    for (let part = 0; part < parts; part++) {
      const row = out + <usize>e * <usize>elementStrideBytes + <usize>part * <usize>partStrideBytes;
      for (let p = 0; p < upSampling; p++) {
        // Values U i + p in [first, end).
        const i0 = (first - p + upSampling - 1) / upSampling, i1 = (end - p + upSampling - 1) / upSampling;
        if (i0 >= i1) continue;
        filterPhase(x, taps + (<usize>((p * parts + part) * tapCount) << 2), tapCount, i0, i1, phase);
        if (upSampling == 1) memory.copy(row + (<usize>i0 << 1), phase, <usize>(i1 - i0) << 1);
        else {
          const step = <usize>upSampling << 1, stop = phase + (<usize>(i1 - i0) << 1);
          for (let q = phase, o = row + (<usize>(i0 * upSampling + p) << 1); q < stop; q += 2, o += step) store<i16>(o, load<i16>(q));
        }
      }
    }
  }
}
