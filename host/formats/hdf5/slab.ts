/** Boxes cut out of row-major arrays of any rank ("hyperslabs"): copying between them and reordering their axes. */

/** A box: the first index and the number of indices along each axis. */
export interface Slab {
  readonly start: readonly number[];
  readonly count: readonly number[];
}

/** Number of elements of a shape; 1 for a scalar. */
export function elementsIn(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis];
  }
  return strides;
}

/**
 * Copies what the two boxes share. Each buffer holds its own box in row-major order, `elementBytes` bytes an element;
 * both boxes are placed in the same array. Returns false when they share nothing.
 */
export function copyShared(
  from: Uint8Array,
  fromSlab: Slab,
  to: Uint8Array,
  toSlab: Slab,
  elementBytes: number,
): boolean {
  const rank = fromSlab.start.length;
  const low = fromSlab.start.map((start, axis) => Math.max(start, toSlab.start[axis]));
  const span = low.map(
    (start, axis) =>
      Math.min(fromSlab.start[axis] + fromSlab.count[axis], toSlab.start[axis] + toSlab.count[axis]) - start,
  );
  if (span.some((n) => n <= 0)) return false;
  const fromStrides = stridesOf(fromSlab.count);
  const toStrides = stridesOf(toSlab.count);
  const copyAxis = (axis: number, fromAt: number, toAt: number): void => {
    const fromBase = fromAt + (low[axis] - fromSlab.start[axis]) * fromStrides[axis];
    const toBase = toAt + (low[axis] - toSlab.start[axis]) * toStrides[axis];
    if (axis === rank - 1) {
      const run = from.subarray(fromBase * elementBytes, (fromBase + span[axis]) * elementBytes);
      to.set(run, toBase * elementBytes);
      return;
    }
    for (let i = 0; i < span[axis]; i++)
      copyAxis(axis + 1, fromBase + i * fromStrides[axis], toBase + i * toStrides[axis]);
  };
  copyAxis(0, 0, 0);
  return true;
}

/** Arrays that can be made with a length and filled by index. */
interface IndexedNumbers {
  readonly length: number;
  [index: number]: number;
}

/**
 * Writes `from` (row-major, of `shape`) into `to` with its axes in the order `axes`, each value at
 * `offset + step * (its index)`: step 2 interleaves two arrays.
 */
export function writeReordered(
  from: ArrayLike<number>,
  shape: readonly number[],
  axes: readonly number[],
  to: IndexedNumbers,
  offset = 0,
  step = 1,
): void {
  if (axes.length === 0) {
    to[offset] = from[0];
    return;
  }
  const strides = stridesOf(shape);
  const counts = axes.map((axis) => shape[axis]);
  const steps = axes.map((axis) => strides[axis]);
  const last = counts.length - 1;
  let at = offset;
  const writeAxis = (axis: number, base: number): void => {
    const n = counts[axis];
    const stride = steps[axis];
    if (axis === last) {
      for (let i = 0, read = base; i < n; i++, read += stride, at += step) to[at] = from[read];
      return;
    }
    for (let i = 0; i < n; i++) writeAxis(axis + 1, base + i * stride);
  };
  writeAxis(0, 0);
}
