// The shift-invariant sum. Behind steering (steer.ts) a pixel at lateral position m hears element m + d at a time that depends on d and
// depth alone, so one table of taps (steered-taps.ts) serves all m, and lanes run along m over channels that lie side by side:
//
//   acc[m .. m + 31] += w0 ring[row][m + d ..] + w1 ring[row + 1][m + d ..]        for every tap (d, row, w0, w1)
//
//   ring row      | c0 c1 c2 c3 | c4 ...        eight vectors from byte offset `address + 4 m`, loaded as they lie: no gather
//   ring row + 1  | c0 c1 c2 c3 | c4 ...
//   acc           | m0 m1 m2 m3 | ...           eight registers, stored once a depth
//
// int16: a slot is a pair (row, row + 1) and one dot product does both. Runs of neighbours are cut to those that are elements for
// at least one of the 32 positions; beyond the array the ring holds zeros.
//
// In one dimension the positions of a block go through all depths before the next block, their sums of a depth in registers. In two, depths come
// first: all positions of a depth hear rows of the ring that fit the second cache, those of a slab do not. Blocks are eight positions along
// the first dimension by two along the second, since fewer of their neighbours lie beyond the array than of a long block's; a neighbour that
// is none for one of the two finds rows of zeros there.
//
// A class of pixels (descriptor, i32 words):
//   0 segments   1 first segment of each depth, and the end   2 lateral positions   3 elements from one position to the next
//   4, 5 least and greatest d that is an element at position 0   6 second dimension: positions
//   7, 8 least and greatest row that exists at its position 0   9 rows from one of its positions to the next   10 ring bytes from one to the next
//   11 image bytes from depth to depth   12 from one of the second dimension's positions to the next   13 from part to part
//   14 ring bytes from part to part   15 parts
import { SEGMENT } from "./steered-taps";

// @ts-ignore: decorator
@inline function word(descriptor: usize, index: i32): i32 {
  return load<i32>(descriptor + (<usize>index << 2));
}

/** One float32 tap for four positions: two rows, weighed. */
// @ts-ignore: decorator
@inline function tapFloat(address: usize, w0: v128, w1: v128, next: usize, offset: usize): v128 {
  return f32x4.add(f32x4.mul(w0, v128.load(address + offset)), f32x4.mul(w1, v128.load(address + next + offset)));
}

/** Two int16 taps for four positions. */
// @ts-ignore: decorator
@inline function pairShort(sum: v128, p: usize, w: v128, p2: usize, w2: v128, offset: usize): v128 {
  return i32x4.add(sum, i32x4.add(i32x4.dot_i16x8_s(w, v128.load(p + offset)), i32x4.dot_i16x8_s(w2, v128.load(p2 + offset))));
}

// @ts-ignore: decorator
@inline function sum(short: bool, vectors: i32, descriptor: usize, taps: usize, tap0: i32, z0: i32, z1: i32, m0: i32, row: i32, tall: bool, part: i32, stride: usize, scale: f32, out: usize): void {
  const segments = <usize>word(descriptor, 0), firsts = <usize>word(descriptor, 1) + (<usize>z0 << 2);
  const step = word(descriptor, 3);
  const width = tall ? 2 * vectors : 4 * vectors, rowStep = word(descriptor, 9);
  const dLow = word(descriptor, 4) - step * (m0 + width - 1), dHigh = word(descriptor, 5) - step * m0 + 1;
  const rowLow = word(descriptor, 7) - (tall ? row + 1 : row) * rowStep, rowHigh = word(descriptor, 8) - row * rowStep;
  const far = tall ? <usize>word(descriptor, 10) : 32, farOut = tall ? <usize>word(descriptor, 12) : 32;
  const from = (<usize>m0 << 2) + <usize>(row * word(descriptor, 10) + part * word(descriptor, 14));
  const depthBytes = <usize>word(descriptor, 11);
  let o = out + <usize>z0 * depthBytes + (<usize>m0 << 2) + <usize>(row * word(descriptor, 12) + part * word(descriptor, 13));
  const scales = f32x4.splat(scale);
  for (let z = z0, f = firsts; z < z1; z++, f += 4, o += depthBytes) {
    let s = segments + <usize>load<i32>(f) * SEGMENT;
    const segmentEnd = segments + <usize>load<i32>(f, 4) * SEGMENT;
    let a0 = i32x4.splat(0), a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0;
    for (; s < segmentEnd; s += SEGMENT) {
      const r = load<i32>(s, 12);
      if (r < rowLow || r > rowHigh) continue;
      const d = load<i32>(s, 4), j0 = max(0, dLow - d), j1 = min(load<i32>(s, 8), dHigh - d);
      const first = taps + <usize>(load<i32>(s) - tap0) * (short ? 8 : 12);
      if (short) {
        // Two taps a turn: a tap before j0 meets zeros, and so does one behind an odd end.
        let q = first + (<usize>(j0 & ~1) << 3);
        const end = first + (<usize>((max(j0, j1) + 1) & ~1) << 3);
        for (; q < end; q += 16) {
          const p = <usize>load<u32>(q) + from, w = v128.load32_splat(q, 4), p2 = <usize>load<u32>(q, 8) + from, w2 = v128.load32_splat(q, 12);
          a0 = pairShort(a0, p, w, p2, w2, 0);
          if (vectors > 1) a1 = pairShort(a1, p, w, p2, w2, 16);
          if (vectors == 4) {
            a2 = pairShort(a2, p + far, w, p2 + far, w2, 0);
            a3 = pairShort(a3, p + far, w, p2 + far, w2, 16);
          }
          if (vectors > 4) {
            a2 = pairShort(a2, p, w, p2, w2, 32);
            a3 = pairShort(a3, p, w, p2, w2, 48);
            a4 = pairShort(a4, p, w, p2, w2, 64);
            a5 = pairShort(a5, p, w, p2, w2, 80);
            a6 = pairShort(a6, p, w, p2, w2, 96);
            a7 = pairShort(a7, p, w, p2, w2, 112);
          }
        }
      } else {
        // Whole groups of four: the taps before j0 and behind j1 meet zeros.
        const end = first + <usize>((max(j0, j1) + 3) >> 2) * 48;
        for (let q = first + <usize>(j0 >> 2) * 48; q < end; q += 48)
          for (let lane: usize = 0; lane < 16; lane += 4) {
            const p = <usize>load<u32>(q + lane) + from, w0 = v128.load32_splat(q + lane, 16), w1 = v128.load32_splat(q + lane, 32);
            a0 = f32x4.add(a0, tapFloat(p, w0, w1, stride, 0));
            if (vectors > 1) a1 = f32x4.add(a1, tapFloat(p, w0, w1, stride, 16));
            if (vectors == 4) {
              a2 = f32x4.add(a2, tapFloat(p + far, w0, w1, stride, 0));
              a3 = f32x4.add(a3, tapFloat(p + far, w0, w1, stride, 16));
            }
            if (vectors > 4) {
              a2 = f32x4.add(a2, tapFloat(p, w0, w1, stride, 32));
              a3 = f32x4.add(a3, tapFloat(p, w0, w1, stride, 48));
              a4 = f32x4.add(a4, tapFloat(p, w0, w1, stride, 64));
              a5 = f32x4.add(a5, tapFloat(p, w0, w1, stride, 80));
              a6 = f32x4.add(a6, tapFloat(p, w0, w1, stride, 96));
              a7 = f32x4.add(a7, tapFloat(p, w0, w1, stride, 112));
            }
          }
      }
    }
    addTo(short, o, a0, scales);
    if (vectors > 1) addTo(short, o + 16, a1, scales);
    if (vectors > 2) {
      const q = vectors == 4 ? o + farOut : o + 32;
      addTo(short, q, a2, scales);
      addTo(short, q + 16, a3, scales);
    }
    if (vectors > 4) {
      addTo(short, o + 64, a4, scales);
      addTo(short, o + 80, a5, scales);
      addTo(short, o + 96, a6, scales);
      addTo(short, o + 112, a7, scales);
    }
  }
}

// @ts-ignore: decorator
@inline function addTo(short: bool, o: usize, a: v128, scale: v128): void {
  v128.store(o, f32x4.add(v128.load(o), short ? f32x4.mul(f32x4.convert_i32x4_s(a), scale) : a));
}

// @ts-ignore: decorator
@inline function sweep(short: bool, descriptor: usize, taps: usize, z0: i32, z1: i32, stride: usize, scale: f32, out: usize): void {
  const positions = (word(descriptor, 2) + 3) >> 2, rows = word(descriptor, 6), parts = word(descriptor, 15);
  const segments = <usize>word(descriptor, 0), tap0 = load<i32>(segments + <usize>load<i32>(<usize>word(descriptor, 1) + (<usize>z0 << 2)) * SEGMENT);
  const step = rows > 1 ? 1 : z1 - z0;
  for (let z = z0; z < z1; z += step)
    for (let part = 0; part < parts; part++)
      for (let row = 0; row < rows; row++) {
        const tall = row + 1 < rows;
        let v = 0;
        if (!tall) for (; v + 8 <= positions; v += 8) sum(short, 8, descriptor, taps, tap0, z, z + step, 4 * v, row, false, part, stride, scale, out);
        for (const four = tall ? 2 : 4; v + four <= positions; v += four) sum(short, 4, descriptor, taps, tap0, z, z + step, 4 * v, row, tall, part, stride, scale, out);
        for (const last = tall ? row + 1 : row; ; row++) {
          for (let u = v; u < positions; u++) sum(short, 1, descriptor, taps, tap0, z, z + step, 4 * u, row, false, part, stride, scale, out);
          if (row == last) break;
        }
      }
}

/**
 * Adds one transmit to depths [z0, z1) of one class of the image, float32. taps: made for the segments of just these depths. stride: bytes from
 * ring row to ring row.
 */
export function sumSteeredFloat(descriptor: usize, taps: usize, z0: i32, z1: i32, stride: usize, out: usize): void {
  sweep(false, descriptor, taps, z0, z1, stride, 1, out);
}

/** As `sumSteeredFloat`, int16; `scale` turns the integer sums into amplitudes. */
export function sumSteeredShort(descriptor: usize, taps: usize, z0: i32, z1: i32, scale: f32, out: usize): void {
  sweep(true, descriptor, taps, z0, z1, 0, scale, out);
}

/**
 * The image as complex rows, [depth][plane]: position m of a class becomes pixel `column` + m `columnStep` of a row, position k of its second
 * dimension plane `plane` + k `planeStep` of `planes`. sums: [depth][second dimension][part][m] of this class, bytes from depth to
 * depth and part to part as in the descriptor, one part: imaginary parts are zero. out: rows of interleaved re, im, `strideBytes` apart.
 */
export function placeSteered(
  descriptor: usize, sums: usize, depths: i32, column: i32, columnStep: i32, plane: i32, planeStep: i32, planes: i32, out: usize, strideBytes: i32,
): void {
  const positions = word(descriptor, 2), rows = word(descriptor, 6), imaginary = <usize>word(descriptor, 13), complex = word(descriptor, 15) > 1;
  const step = <usize>columnStep << 3;
  for (let z = 0; z < depths; z++)
    for (let row = 0; row < rows; row++) {
      let p = sums + <usize>z * <usize>word(descriptor, 11) + <usize>row * <usize>word(descriptor, 12);
      let o = out + <usize>(z * planes + plane + row * planeStep) * <usize>strideBytes + (<usize>column << 3);
      for (let m = 0; m < positions; m++, p += 4, o += step) {
        store<u32>(o, load<u32>(p));
        store<u32>(o, complex ? load<u32>(p + imaginary) : 0, 4);
      }
    }
}
