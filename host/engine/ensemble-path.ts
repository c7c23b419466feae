/**
 * Whether an ensemble of frames is summed at once, and what that takes: what a plan reports without making it. The work itself is in
 * ensembles.ts, which is loaded when it is first asked for.
 */
import type { Imager } from "./imager.ts";
import type { Rows } from "./signal-stage.ts";

/** What the sum needs of the steps before it: where their tables lie, and how rows are read. Offsets in core memory. */
export interface FrameSum {
  rows: Rows;
  transmits: number;
  elements: number;
  /** Blocks of four depths, `columnBlocks` to a column, of which `imageRows` depths are wanted. */
  blocks: number;
  columnBlocks: number;
  imageRows: number;
  pixels: number;
  delays: number;
  ranges: number;
  masks: number;
  elementTable: number;
  window: number;
  phases: number;
  /** Sample positions that count. */
  low: number;
  high: number;
  /** Carrier per sample; undefined where nothing is turned. */
  turnsPerSample?: number;
  /** Frames and weights are rounded to int16; only where the carrier is turned. */
  short: boolean;
}

/** Frames in the lanes of one half. */
export const HALF_FRAMES = 16;
/** Bytes of one sample of a half: I, Q and their differences to the next sample, float32; or I and Q, int16. */
export const halfBytes = ({ short }: FrameSum) => (short ? 64 : 256);
/** Most frames summed at once. */
export const MOST_FRAMES = 2 * HALF_FRAMES;
/** Frames that are transposed together. */
export const QUAD = 4;
/** Fewer frames are faster one by one: a group of sixteen takes as long as one and a half frames of IQ alone, two of RF. */
export const FEWEST_FRAMES = 3;

/** Bytes from one element's samples to the next one's; a multiple of 4 KB would make all elements share cache sets. */
export function laneRowBytes(sum: FrameSum, halves: number): number {
  const half = halfBytes(sum);
  // In int16 the sample behind the last is read: a zero.
  const bytes = (sum.rows.samples + (sum.short ? 1 : 0)) * halves * half;
  return bytes % 4096 === 0 ? bytes + half : bytes;
}

/** Halves that groups of so many frames need. */
export function halvesFor(frames: number): 1 | 2 {
  return frames > HALF_FRAMES ? 2 : 1;
}

/** Work areas and the gaps between them: taps and receive paths of a block, sums of its pixels, scales of the frames. */
const workBytes = (elements: number) => 112 * (elements + 1) + 2304;

/** Memory that summing in lanes takes at most (bytes). */
export function lanesBytes(sum: FrameSum, halves: number): number {
  const rows = sum.transmits * sum.elements;
  return rows * (laneRowBytes(sum, halves) + QUAD * sum.rows.strideBytes) + workBytes(sum.elements);
}

/** Why `frames` frames are not summed at once; undefined when they are. `freeBytes`: what the plan may still take. */
export function whyOneByOne(
  { frameSum }: Pick<Imager, "frameSum">,
  frames: number,
  freeBytes: number,
): string | undefined {
  if (typeof frameSum === "string") return frameSum;
  if (frames < FEWEST_FRAMES) return `fewer than ${FEWEST_FRAMES} frames gain nothing`;
  const bytes = lanesBytes(frameSum, 1) + 32 * frameSum.blocks * Math.min(frames, MOST_FRAMES);
  return bytes > freeBytes
    ? `frames side by side take ${Math.round(bytes / 1e6)} MB, ${Math.ceil((bytes - freeBytes) / 1e6)} MB over the limit`
    : undefined;
}
