// Incoherent compounding: the envelopes of single transmits are summed.

/** out_i += |z_i|, stored as the real part; `count` complex numbers, a multiple of 2. */
export function addMagnitudes(values: usize, count: i32, out: usize): void {
  const end = values + (<usize>count << 3);
  for (let o = out; values < end; values += 16, o += 16) {
    const z = v128.load(values), p = f32x4.mul(z, z);
    const magnitude = f32x4.sqrt(f32x4.add(p, v128.shuffle<f32>(p, p, 1, 0, 3, 2)));
    v128.store(o, f32x4.add(v128.load(o), v128.and(magnitude, i32x4(-1, 0, -1, 0))));
  }
}

/** out_i += z_i, `count` complex numbers: per-transmit images become one. */
export function addComplex(values: usize, count: i32, out: usize): void {
  for (let i: usize = 0; i < <usize>count << 3; i += 4) store<f32>(out + i, load<f32>(out + i) + load<f32>(values + i));
}
