/** Descriptors for the core's transforms (assembly/fft.ts): radices, twiddles and, for awkward lengths, a chirp. */
import type { Workspace } from "./workspace.ts";

/** A transform length made ready. */
export interface FftTable {
  length: number;
  /** Rows that one call transforms: each in a buffer of its own, or four in the lanes of one. */
  rowsTogether: 1 | 4;
  /** Offset of the descriptor. */
  descriptor: number;
  /** Bytes of a buffer of `length` samples. */
  bytes: number;
  /** Bytes of the work space that the transform needs. */
  workBytes: number;
}

/** Lengths that are transformed alone: the first stage takes four samples to a vector, the others whole vectors. */
const ROW_MULTIPLE = 16;
const DESCRIPTOR_WORDS = 40;
/** Bytes of a complex number. */
const COMPLEX_BYTES = 8;
const WHAT = "The Fourier transform";

/** 2^a 3^b 5^c as radices, fours first and a two last, which needs no twiddles there; undefined when another prime divides `n`. */
export function smoothFactors(n: number): number[] | undefined {
  const factors: number[] = [];
  let rest = n;
  for (const radix of [4, 3, 5, 2])
    while (rest % radix === 0) {
      factors.push(radix);
      rest /= radix;
    }
  return rest === 1 ? factors : undefined;
}

/** The smallest 2-3-5 number that is at least `n` and can be transformed a row at a time. */
export function smoothLength(n: number): number {
  let m = Math.ceil(Math.max(1, n) / ROW_MULTIPLE) * ROW_MULTIPLE;
  while (!smoothFactors(m)) m += ROW_MULTIPLE;
  return m;
}

/** Makes the tables for one length. `rowsTogether`: by default as the length asks. */
export function makeFftTable(workspace: Workspace, length: number, rowsTogether?: 1 | 4): FftTable {
  const kernels = workspace.kernels;
  const own = smoothFactors(length);
  const smooth = own ? length : smoothLength(2 * length - 1);
  const factors = own ?? smoothFactors(smooth) ?? [];
  const together = rowsTogether ?? (own && length % ROW_MULTIPLE > 0 ? 4 : 1);
  const descriptor = workspace.take(DESCRIPTOR_WORDS, 4, WHAT);
  // A stage of radix r has (r - 1) n / r pairs at most and leaves n / r: together under n pairs.
  const twiddles = workspace.take(2 * smooth, 4, WHAT);
  const units = Math.ceil(length / 4);
  const chirp = own ? 0 : workspace.take(8 * units, 4, WHAT);
  const spectrum = own ? 0 : workspace.take(2 * smooth, 4, WHAT);
  workspace
    .i32(descriptor, DESCRIPTOR_WORDS)
    .set([length, own ? 0 : smooth, together, twiddles, chirp, spectrum, factors.length, ...factors]);
  kernels.fillTwiddles(descriptor);
  if (!own) kernels.fillChirp(descriptor, workspace.take(2 * smooth, 4, WHAT));
  const bytes = together === 1 ? 4 * COMPLEX_BYTES * units : 4 * COMPLEX_BYTES * length;
  return {
    length,
    rowsTogether: together,
    descriptor,
    bytes,
    workBytes: own ? bytes : 2 * COMPLEX_BYTES * smooth,
  };
}

/** Puts a response, one number a bin, where `filterRows` reads it: four numbers a unit of the transform. */
export function putResponse(workspace: Workspace, table: FftTable, response: Float32Array): number {
  const each = table.rowsTogether;
  const numbers = Math.ceil((each * table.length) / 4) * 4;
  const offset = workspace.take(numbers, 4, WHAT);
  const view = workspace.f32(offset, numbers).fill(0);
  for (let i = 0; i < each * table.length; i++) view[i] = response[Math.floor(i / each)];
  return offset;
}
