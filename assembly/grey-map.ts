// Decibels to pixels: level = trunc(255 (L + range) / range), then a palette of 256 RGBA colours.

/**
 * levels in [-range, 0] dB, `pixels` of them; `palette`: 256 x RGBA; out: RGBA. Where `table` is not 0 (scan-convert.ts), pixels
 * outside the field of view become transparent black.
 */
export function paint(decibels: usize, pixels: i32, rangeDb: f32, palette: usize, table: usize, out: usize): void {
  const scale: f32 = 255.0 / rangeDb;
  for (let i: usize = 0; i < <usize>pixels; i++) {
    if (table && load<u32>(table + i * 20) == 0xffffffff) {
      store<u32>(out + (i << 2), 0);
      continue;
    }
    const level = <i32>((load<f32>(decibels + (i << 2)) + rangeDb) * scale);
    store<u32>(out + (i << 2), load<u32>(palette + (<usize>max(0, min(255, level)) << 2)));
  }
}
