/**
 * Many frames of one geometry summed at once: rows of single frames are collected in lanes, and delays, weights and phases are
 * computed once for sixteen or thirty-two of them (assembly/das-frames.ts). Made beside the tables of the frame by frame sum,
 * which it shares.
 *
 *   frame -> rows (signal stage) -> four of them side by side -> lanes -> an image a frame
 */
import type { Frame } from "../model.ts";
import {
  type FrameSum,
  HALF_FRAMES,
  halfBytes,
  halvesFor,
  laneRowBytes,
  MOST_FRAMES,
  QUAD,
} from "./ensemble-path.ts";
import type { Workspace } from "./workspace.ts";

/** How taps are summed (assembly/das-frames.ts). */
const PLAIN = 0;
const TURNED = 1;
const SHORT = 2;
/** Bytes of the taps of one element, for the four pixels of a block, at most. */
const TAP_BYTES = 80;
/** Kernel calls for one group of frames, at least: V8 tiers up between calls only. */
const LEAST_CALLS = 24;

/** The lanes and everything they are worked on with. */
export class FramesInLanes {
  readonly #workspace: Workspace;
  readonly #sum: FrameSum;
  readonly #halves: number;
  readonly #rowBytes: number;
  readonly #lanes: number;
  readonly #quad: number;
  readonly #receive: number;
  readonly #taps: number;
  readonly #sums: number;
  readonly #scales: number;

  constructor(workspace: Workspace, sum: FrameSum, halves: 1 | 2) {
    this.#workspace = workspace;
    this.#sum = sum;
    this.#halves = halves;
    this.#rowBytes = laneRowBytes(sum, halves);
    const rows = sum.transmits * sum.elements;
    this.#lanes = workspace.take(rows * this.#rowBytes, 1, "The frames in lanes");
    this.#quad = workspace.take(QUAD * rows * sum.rows.strideBytes, 1, "The frames in lanes");
    this.#receive = workspace.take(8 * sum.elements, 4, "The frames in lanes");
    this.#taps = workspace.take(TAP_BYTES * (sum.elements + 1), 1, "The frames in lanes");
    this.#sums = workspace.take(4 * MOST_FRAMES * 2, 4, "The frames in lanes");
    this.#scales = workspace.take(MOST_FRAMES, 4, "The frames in lanes");
    if (!sum.short) workspace.f32(this.#scales, MOST_FRAMES).fill(1);
  }

  /** Frames that one call of `run` takes. */
  get capacity(): number {
    return this.#halves * HALF_FRAMES;
  }

  /**
   * Sums at most `capacity` frames into images `imageBytes` apart, room for a multiple of four of them. `readRows` fills the rows
   * that the sum was told of.
   */
  run(
    frames: readonly Frame[],
    readRows: (frame: Frame) => void,
    images: number,
    imageBytes: number,
    strideBytes: number,
  ): void {
    this.#collect(frames, readRows);
    const sum = this.#sum;
    const { kernels } = this.#workspace;
    const halves = halvesFor(frames.length);
    kernels.framesLanes(this.#lanes, this.#halves * halfBytes(sum), this.#rowBytes, halves, sum.transmits);
    kernels.framesTables(
      sum.pixels,
      sum.delays,
      sum.ranges,
      sum.masks,
      sum.elementTable,
      sum.elements,
      sum.window,
      sum.phases,
    );
    const { low, high, turnsPerSample = 0 } = sum;
    kernels.framesInterpolation(
      low,
      high,
      turnsPerSample,
      this.#scales,
      this.#receive,
      this.#taps,
      this.#sums,
    );
    kernels.framesImages(images, imageBytes, frames.length, sum.columnBlocks, sum.imageRows, strideBytes);
    const how = sum.turnsPerSample === undefined ? PLAIN : sum.short ? SHORT : TURNED;
    const { columnBlocks } = sum;
    const columns = sum.blocks / columnBlocks;
    const width = Math.ceil(columns / Math.ceil(LEAST_CALLS / columnBlocks));
    // All columns of some depths before the next depths: their samples, 32 frames deep, are still in the cache.
    for (let depth = 0; depth < columnBlocks; depth++)
      for (let column = 0; column < columns; column += width)
        kernels.dasFrames(how, column, Math.min(columns, column + width), depth);
  }

  /** Rows of every frame to their lanes; lanes without a frame keep what they held and are not read out. */
  #collect(frames: readonly Frame[], readRows: (frame: Frame) => void): void {
    const { rows, transmits, elements, short } = this.#sum;
    const { kernels } = this.#workspace;
    const count = transmits * elements;
    const frameBytes = count * rows.strideBytes;
    // The copy takes the guards along: sample 0 stands as far behind its row's start as in the rows themselves.
    const guardBytes = rows.offset - rows.start;
    for (let f = 0; f < frames.length; f++) {
      readRows(frames[f]);
      const slot = this.#quad + (f % QUAD) * frameBytes;
      this.#workspace.u8(slot, frameBytes).set(this.#workspace.u8(rows.start, frameBytes));
      if (f % QUAD !== QUAD - 1 && f !== frames.length - 1) continue;
      const lane = f - (f % QUAD);
      const half = Math.floor(lane / HALF_FRAMES);
      const four = [
        this.#quad + guardBytes,
        frameBytes,
        rows.strideBytes,
        count,
        rows.samples,
        this.#lanes + half * halfBytes(this.#sum) + 4 * (lane % HALF_FRAMES),
        this.#rowBytes,
        this.#halves * halfBytes(this.#sum),
      ] as const;
      if (short) kernels.framesToShortLanes(...four, this.#scales + 4 * lane);
      else kernels.framesToLanes(...four);
    }
  }
}
