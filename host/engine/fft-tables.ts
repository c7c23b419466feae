/** Descriptors for the core's transforms (assembly/fft.ts): factors, twiddles and, for awkward lengths, a chirp. */
import type { Workspace } from "./workspace.ts";

/** A transform length made ready. */
export interface FftTable {
  length: number;
  /** Offset of the descriptor. */
  descriptor: number;
  /** Work space the transform needs, in complex samples of four rows. */
  workSamples: number;
}

const DESCRIPTOR_WORDS = 40;
/** Bytes of one complex sample of four rows. */
export const FFT_SAMPLE_BYTES = 32;

/** 2^a 3^b 5^c as radices, fours first; undefined when another prime divides `n`. */
export function smoothFactors(n: number): number[] | undefined {
  const factors: number[] = [];
  let rest = n;
  for (const radix of [4, 2, 3, 5])
    while (rest % radix === 0) {
      factors.push(radix);
      rest /= radix;
    }
  return rest === 1 ? factors : undefined;
}

/** The smallest 2-3-5 number that is at least `n`. */
export function smoothLength(n: number): number {
  let m = Math.max(1, n);
  while (!smoothFactors(m)) m++;
  return m;
}

/** Makes the tables for one length. */
export function makeFftTable(workspace: Workspace, length: number): FftTable {
  const kernels = workspace.kernels;
  const own = smoothFactors(length);
  const smooth = own ? length : smoothLength(2 * length - 1);
  const factors = own ?? smoothFactors(smooth) ?? [];
  const descriptor = workspace.take(DESCRIPTOR_WORDS, 4, "The Fourier transform");
  const twiddles = workspace.take(2 * smooth, 4, "The Fourier transform");
  const chirp = own ? 0 : workspace.take(2 * length, 4, "The Fourier transform");
  const spectrum = own ? 0 : workspace.take(8 * smooth, 4, "The Fourier transform");
  const scratch = own ? 0 : workspace.take(8 * smooth, 4, "The Fourier transform");
  workspace.fill(() => {
    workspace
      .i32(descriptor, DESCRIPTOR_WORDS)
      .set([length, own ? 0 : smooth, twiddles, chirp, spectrum, factors.length, ...factors]);
    kernels.fillTwiddles(twiddles, smooth);
    if (!own) {
      kernels.fillChirp(chirp, length);
      kernels.fillChirpSpectrum(descriptor, scratch);
    }
  });
  return { length, descriptor, workSamples: own ? length : 2 * smooth };
}
