// The same pixel in frame after frame is a signal in slow time. Filters and estimators of it run on tiles of 64 pixels, all
// frames of which stay in the first cache (64 frames: 32 kB).
//
//   images   [frame] of [row][block][4] interleaved re im float32, `imageBytes` apart
//   tile     [frame][re 64 | im 64] float32
//
// Pixels are counted block by block through the padded rows; what pads a row counts as zero.

/** Pixels of a tile. */
export const TILE_PIXELS = 64;
/** Bytes of one frame in a tile. */
export const TILE_BYTES: usize = TILE_PIXELS * 8;

/**
 * Takes blocks [block0, block0 + 16) of every frame into a tile; blocks from `blocks` on are zero.
 * A row has `blocksPerRow` blocks, the last one `lastPixels` pixels (1 to 4).
 */
export function takeTile(
  images: usize, imageBytes: i32, frames: i32, block0: i32, blocks: i32, blocksPerRow: i32, lastPixels: i32, tile: usize,
): void {
  const count = min(TILE_PIXELS / 4, blocks - block0);
  const lanes = i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(lastPixels));
  for (let f = 0; f < frames; f++) {
    let p = images + <usize>f * <usize>imageBytes + (<usize>block0 << 5), o = tile + <usize>f * TILE_BYTES;
    let column = block0 % blocksPerRow;
    if (count < TILE_PIXELS / 4) memory.fill(o, 0, TILE_BYTES);
    for (let b = 0; b < count; b++, p += 32, o += 16) {
      const a = v128.load(p), c = v128.load(p, 16);
      let re = v128.shuffle<f32>(a, c, 0, 2, 4, 6), im = v128.shuffle<f32>(a, c, 1, 3, 5, 7);
      if (++column == blocksPerRow) {
        re = v128.and(re, lanes);
        im = v128.and(im, lanes);
        column = 0;
      }
      v128.store(o, re);
      v128.store(o, im, 4 * TILE_PIXELS);
    }
  }
}
