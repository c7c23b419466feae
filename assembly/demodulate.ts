// RF to baseband IQ: x_IQ = 2 LP{x_RF(t) exp(-j 2 pi f t)}, t = start + n / fs, LP a 5th-order Butterworth run forward and
// backward (zero phase), then every D-th sample kept. The definition of MUST's rf2iq (Garcia, MUST toolbox); the ends are
// extended by odd reflection and the filter starts in its steady state, as scipy's filtfilt does.
//
// float64 throughout; I and Q of one sample are the two lanes of a vector. A step of the recursion waits for the one before, so
// two rows go side by side:
//   work   | mixer: cos, -sin | ...  one a sample      pairs   | I Q of row r | I Q of row r + 1 | ...  one 32-byte pair a sample
import { cosTurns, sinTurns } from "./math";

const ORDER = 5;

/**
 * rows: complex rows (imaginary parts zero), replaced by `ceil(samples / decimation)` IQ samples, the rest zeroed.
 * coefficients: b0..b5 (symmetric), a0..a5 (a0 = 1), z0..z4 (steady state for input 1), as float64.
 * turnsPerSample = f / fs; startTurns: f start for the rows of one transmit. `padding` samples are added at either end.
 * work: 6 samples + 8 padding float64.
 */
export function demodulate(
  rows: usize, strideBytes: i32, count: i32, samples: i32, startTurns: f64, turnsPerSample: f64,
  coefficients: usize, padding: i32, decimation: i32, work: usize,
): void {
  const total = samples + 2 * padding;
  const pairs = work + (<usize>samples << 4), first = pairs + (<usize>padding << 5), last = first + (<usize>(samples - 1) << 5);
  for (let i = 0; i < samples; i++) {
    const turns = startTurns + <f64>i * turnsPerSample;
    v128.store(work + (<usize>i << 4), f64x2(2.0 * cosTurns(turns), -2.0 * sinTurns(turns)));
  }
  for (let r = 0; r < count; r += 2) {
    const row = rows + <usize>r * <usize>strideBytes, next = r + 1 < count ? row + <usize>strideBytes : row;
    for (let i: usize = 0; i < <usize>samples; i++) {
      const mixer = v128.load(work + (i << 4)), o = first + (i << 5);
      v128.store(o, f64x2.mul(mixer, f64x2.splat(<f64>load<f32>(row + (i << 3)))));
      v128.store(o, f64x2.mul(mixer, f64x2.splat(<f64>load<f32>(next + (i << 3)))), 16);
    }
    // Odd reflection about the first and last sample.
    for (let lane: usize = 0; lane < 32; lane += 16) {
      const head = f64x2.mul(f64x2.splat(2), v128.load(first + lane)), tail = f64x2.mul(f64x2.splat(2), v128.load(last + lane));
      for (let o: usize = 32; o <= <usize>padding << 5; o += 32) {
        v128.store(first + lane - o, f64x2.sub(head, v128.load(first + lane + o)));
        v128.store(last + lane + o, f64x2.sub(tail, v128.load(last + lane - o)));
      }
    }
    recurse(pairs, 32, total, coefficients);
    recurse(pairs + (<usize>(total - 1) << 5), -32, total, coefficients);
    // The second row first: where it repeats the first, it is overwritten by the same.
    keep(first + 16, next, samples, decimation);
    keep(first, row, samples, decimation);
  }
}

/** Every D-th sample of one row of the pairs, as float32; zeros behind. */
function keep(pairs: usize, row: usize, samples: i32, decimation: i32): void {
  let o = row;
  for (let i = 0; i < samples; i += decimation, o += 8) v128.store64_lane(o, f32x4.demote_f64x2_zero(v128.load(pairs + (<usize>i << 5))), 0);
  memory.fill(o, 0, row + (<usize>samples << 3) - o);
}

/** Direct form II transposed on both rows, in place, `step` bytes from sample to sample, state started at z x_0. */
function recurse(data: usize, step: isize, count: i32, coefficients: usize): void {
  const b0 = v128.load64_splat(coefficients), b1 = v128.load64_splat(coefficients, 8), b2 = v128.load64_splat(coefficients, 16);
  const c = coefficients + <usize>((ORDER + 1) << 3);
  const a1 = v128.load64_splat(c, 8), a2 = v128.load64_splat(c, 16), a3 = v128.load64_splat(c, 24), a4 = v128.load64_splat(c, 32), a5 = v128.load64_splat(c, 40);
  const z = c + <usize>((ORDER + 1) << 3);
  const p0 = v128.load64_splat(z), p1 = v128.load64_splat(z, 8), p2 = v128.load64_splat(z, 16), p3 = v128.load64_splat(z, 24), p4 = v128.load64_splat(z, 32);
  const x0 = v128.load(data), y0 = v128.load(data, 16);
  let s0 = f64x2.mul(p0, x0), s1 = f64x2.mul(p1, x0), s2 = f64x2.mul(p2, x0), s3 = f64x2.mul(p3, x0), s4 = f64x2.mul(p4, x0);
  let t0 = f64x2.mul(p0, y0), t1 = f64x2.mul(p1, y0), t2 = f64x2.mul(p2, y0), t3 = f64x2.mul(p3, y0), t4 = f64x2.mul(p4, y0);
  let p = data;
  for (let i = 0; i < count; i++, p += <usize>step) {
    // b is symmetric: three products serve six coefficients.
    const x = v128.load(p), x0 = f64x2.mul(b0, x), x1 = f64x2.mul(b1, x), x2 = f64x2.mul(b2, x), u = f64x2.add(x0, s0);
    s0 = f64x2.add(f64x2.sub(x1, f64x2.mul(a1, u)), s1);
    s1 = f64x2.add(f64x2.sub(x2, f64x2.mul(a2, u)), s2);
    s2 = f64x2.add(f64x2.sub(x2, f64x2.mul(a3, u)), s3);
    s3 = f64x2.add(f64x2.sub(x1, f64x2.mul(a4, u)), s4);
    s4 = f64x2.sub(x0, f64x2.mul(a5, u));
    v128.store(p, u);
    const y = v128.load(p, 16), y0 = f64x2.mul(b0, y), y1 = f64x2.mul(b1, y), y2 = f64x2.mul(b2, y), v = f64x2.add(y0, t0);
    t0 = f64x2.add(f64x2.sub(y1, f64x2.mul(a1, v)), t1);
    t1 = f64x2.add(f64x2.sub(y2, f64x2.mul(a2, v)), t2);
    t2 = f64x2.add(f64x2.sub(y2, f64x2.mul(a3, v)), t3);
    t3 = f64x2.add(f64x2.sub(y1, f64x2.mul(a4, v)), t4);
    t4 = f64x2.sub(y0, f64x2.mul(a5, v));
    v128.store(p, v, 16);
  }
}
