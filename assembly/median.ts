// Median of a square of neighbours, 3 x 3 or 5 x 5, of a plane (plane.ts). Four pixels at once: a comparator of a sorting network is a
// minimum and a maximum.

/**
 * The middle of nine: columns of three sorted, then the median of the largest of the lows, the median of the middles and the
 * smallest of the highs (Smith, IEEE Trans. Consumer Electronics 42:911, 1996). A sorted column serves three pixels: lows, middles and
 * highs of the vectors before, at and after the pixels stay in registers. out: rows x columns, contiguous, and room for three numbers more.
 */
export function median3(plane: usize, rows: i32, columns: i32, strideBytes: i32, out: usize): void {
  const stride = <usize>strideBytes;
  for (let r = 0; r < rows; r++, plane += stride) {
    let p = plane - 16, o = out;
    out += <usize>columns << 2;
    let lowBefore = f32x4.splat(0), middleBefore = lowBefore, highBefore = lowBefore, low = lowBefore, middle = lowBefore, high = lowBefore;
    for (let k = 0; k < 2; k++, p += 16) {
      const a = v128.load(p - stride), b = v128.load(p), c = v128.load(p + stride);
      const s = f32x4.pmin(a, b), t = f32x4.pmax(a, b), u = f32x4.pmin(t, c);
      lowBefore = low;
      middleBefore = middle;
      highBefore = high;
      low = f32x4.pmin(s, u);
      middle = f32x4.pmax(s, u);
      high = f32x4.pmax(t, c);
    }
    for (; o < out; o += 16, p += 16) {
      const a = v128.load(p - stride), b = v128.load(p), c = v128.load(p + stride);
      const s = f32x4.pmin(a, b), t = f32x4.pmax(a, b), u = f32x4.pmin(t, c);
      const lowAfter = f32x4.pmin(s, u), middleAfter = f32x4.pmax(s, u), highAfter = f32x4.pmax(t, c);
      const lows = f32x4.pmax(f32x4.pmax(left(lowBefore, low), low), right(low, lowAfter));
      const highs = f32x4.pmin(f32x4.pmin(left(highBefore, high), high), right(high, highAfter));
      v128.store(o, middleOf(lows, middleOf(left(middleBefore, middle), middle, right(middle, middleAfter)), highs));
      lowBefore = low;
      middleBefore = middle;
      highBefore = high;
      low = lowAfter;
      middle = middleAfter;
      high = highAfter;
    }
  }
}

// @ts-ignore: decorator
@inline function left(before: v128, here: v128): v128 {
  return v128.shuffle<f32>(before, here, 3, 4, 5, 6);
}

// @ts-ignore: decorator
@inline function right(here: v128, after: v128): v128 {
  return v128.shuffle<f32>(here, after, 1, 2, 3, 4);
}

// @ts-ignore: decorator
@inline function middleOf(a: v128, b: v128, c: v128): v128 {
  return f32x4.pmax(f32x4.pmin(a, b), f32x4.pmin(f32x4.pmax(a, b), c));
}

const WIRES = 25;
const MIDDLE = 12;

/**
 * Comparators that bring the median of 25 to place 12: Batcher's odd-even merge sort (AFIPS SJCC 32:307, 1968) without those the median
 * does not depend on. out: byte offsets (of 32-byte wires) of the smaller and the larger as u16 pairs, room for 150; returns their number.
 */
export function medianNetwork(out: usize): i32 {
  let end = out;
  for (let p = 1; p < WIRES; p <<= 1)
    for (let k = p; k > 0; k >>= 1)
      for (let j = k % p; j + k < WIRES; j += 2 * k)
        for (let i = 0; i < k && i + j + k < WIRES; i++)
          if ((i + j) / (2 * p) == (i + j + k) / (2 * p)) {
            store<u16>(end, <u16>((i + j) << 5));
            store<u16>(end, <u16>((i + j + k) << 5), 2);
            end += 4;
          }
  // From the back: a comparator counts if one of its outputs does; then both its inputs do.
  let needed = 1 << MIDDLE, kept = end;
  for (let c = end - 4; c >= out; c -= 4) {
    const wires = (1 << (<i32>load<u16>(c) >> 5)) | (1 << (<i32>load<u16>(c, 2) >> 5));
    if (!(needed & wires)) continue;
    needed |= wires;
    kept -= 4;
    store<u32>(kept, load<u32>(c));
  }
  memory.copy(out, kept, end - kept);
  return <i32>((end - kept) >> 2);
}

/** The middle of 25 by a network of `medianNetwork`; out as for `median3`, with room for seven numbers more; work: 25 wires of eight numbers. */
export function median5(plane: usize, rows: i32, columns: i32, strideBytes: i32, network: usize, comparators: i32, work: usize, out: usize): void {
  const stride = <usize>strideBytes, end = network + (<usize>comparators << 2);
  for (let r = 0; r < rows; r++, plane += stride) {
    let p = plane - 2 * stride - 8, o = out;
    out += <usize>columns << 2;
    for (; o < out; o += 32, p += 32) {
      let wire = work;
      for (let j: usize = 0; j < 5; j++)
        for (let i: usize = 0; i < 20; i += 4, wire += 32) {
          const q = p + j * stride + i;
          v128.store(wire, v128.load(q));
          v128.store(wire, v128.load(q, 16), 16);
        }
      for (let c = network; c < end; c += 4) {
        const low = work + <usize>load<u16>(c), high = work + <usize>load<u16>(c, 2);
        const a = v128.load(low), b = v128.load(high), d = v128.load(low, 16), e = v128.load(high, 16);
        v128.store(low, f32x4.pmin(a, b));
        v128.store(high, f32x4.pmax(a, b));
        v128.store(low, f32x4.pmin(d, e), 16);
        v128.store(high, f32x4.pmax(d, e), 16);
      }
      v128.store(o, v128.load(work + (MIDDLE << 5)));
      v128.store(o, v128.load(work + (MIDDLE << 5), 16), 16);
    }
  }
}
