// RF to baseband IQ: x_IQ = 2 LP{x_RF(t) exp(-j 2 pi f t)}, t = start + n / fs, LP a 5th-order Butterworth run forward and
// backward (zero phase), then every D-th sample kept. The definition of MUST's rf2iq (Garcia, MUST toolbox); the ends are
// extended by odd reflection and the filter starts in its steady state, as scipy's filtfilt does.
//
// float64 throughout; I and Q of one sample are the two lanes of a vector.
import { cosTurns, sinTurns } from "./math";

const ORDER = 5;

/**
 * rows: complex rows (imaginary parts zero), replaced by `ceil(samples / decimation)` IQ samples, the rest zeroed.
 * coefficients: b0..b5, a0..a5 (a0 = 1), z0..z4 (steady state for input 1), as float64.
 * turnsPerSample = f / fs; startTurns: f start for the rows of one transmit. `padding` samples are added at either end.
 * work: samples + 2 padding pairs of float64.
 */
export function demodulate(
  rows: usize, strideBytes: i32, count: i32, samples: i32, startTurns: f64, turnsPerSample: f64,
  coefficients: usize, padding: i32, decimation: i32, work: usize,
): void {
  const total = samples + 2 * padding;
  const first = work + (<usize>padding << 4);
  for (let r = 0; r < count; r++) {
    const row = rows + <usize>r * <usize>strideBytes;
    for (let i = 0; i < samples; i++) {
      const turns = startTurns + <f64>i * turnsPerSample, x = 2.0 * <f64>load<f32>(row + (<usize>i << 3));
      v128.store(first + (<usize>i << 4), f64x2(x * cosTurns(turns), -x * sinTurns(turns)));
    }
    // Odd reflection about the first and last sample.
    const two = f64x2.splat(2), last = first + (<usize>(samples - 1) << 4);
    const head = v128.load(first), tail = v128.load(last);
    for (let i = 1; i <= padding; i++) {
      const o = <usize>i << 4;
      v128.store(first - o, f64x2.sub(f64x2.mul(two, head), v128.load(first + o)));
      v128.store(last + o, f64x2.sub(f64x2.mul(two, tail), v128.load(last - o)));
    }
    recurse(work, 16, total, coefficients);
    recurse(work + (<usize>(total - 1) << 4), -16, total, coefficients);
    let o = row;
    for (let i = 0; i < samples; i += decimation, o += 8) {
      store<f32>(o, <f32>load<f64>(first + (<usize>i << 4)));
      store<f32>(o, <f32>load<f64>(first + (<usize>i << 4), 8), 4);
    }
    memory.fill(o, 0, row + (<usize>samples << 3) - o);
  }
}

/** Direct form II transposed, in place, `step` bytes from sample to sample, state started at z x_0. */
function recurse(data: usize, step: isize, count: i32, coefficients: usize): void {
  const b0 = v128.load64_splat(coefficients), b1 = v128.load64_splat(coefficients, 8), b2 = v128.load64_splat(coefficients, 16);
  const b3 = v128.load64_splat(coefficients, 24), b4 = v128.load64_splat(coefficients, 32), b5 = v128.load64_splat(coefficients, 40);
  const c = coefficients + <usize>((ORDER + 1) << 3);
  const a1 = v128.load64_splat(c, 8), a2 = v128.load64_splat(c, 16), a3 = v128.load64_splat(c, 24), a4 = v128.load64_splat(c, 32), a5 = v128.load64_splat(c, 40);
  const z = c + <usize>((ORDER + 1) << 3);
  const x0 = v128.load(data);
  let z0 = f64x2.mul(v128.load64_splat(z), x0), z1 = f64x2.mul(v128.load64_splat(z, 8), x0), z2 = f64x2.mul(v128.load64_splat(z, 16), x0);
  let z3 = f64x2.mul(v128.load64_splat(z, 24), x0), z4 = f64x2.mul(v128.load64_splat(z, 32), x0);
  let p = data;
  for (let i = 0; i < count; i++, p += <usize>step) {
    const x = v128.load(p), y = f64x2.add(f64x2.mul(b0, x), z0);
    z0 = f64x2.add(f64x2.sub(f64x2.mul(b1, x), f64x2.mul(a1, y)), z1);
    z1 = f64x2.add(f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y)), z2);
    z2 = f64x2.add(f64x2.sub(f64x2.mul(b3, x), f64x2.mul(a3, y)), z3);
    z3 = f64x2.add(f64x2.sub(f64x2.mul(b4, x), f64x2.mul(a4, y)), z4);
    z4 = f64x2.sub(f64x2.mul(b5, x), f64x2.mul(a5, y));
    v128.store(p, y);
  }
}
