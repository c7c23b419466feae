/**
 * The images of an ensemble, frame after frame in core memory: many frames at once where the geometry allows it, else one by
 * one. Made when the first ensemble comes, behind everything else of a plan.
 *
 *   images   [frame][row][columns, padded to blocks of four] interleaved re im, what pads a row zero or a copy
 */
import type { Frame } from "../model.ts";
import { FEWEST_FRAMES, halvesFor, lanesBytes } from "./ensemble-path.ts";
import { FramesInLanes } from "./frames-in-lanes.ts";
import type { Imager } from "./imager.ts";
import type { Workspace } from "./workspace.ts";

/** Layout of an ensemble's images. */
export interface EnsembleImages {
  offset: number;
  imageBytes: number;
  rows: number;
  columns: number;
  strideBytes: number;
}

export class EnsembleStage {
  readonly images: EnsembleImages;
  readonly #workspace: Workspace;
  readonly #imager: Imager;
  readonly #lanes: FramesInLanes | undefined;

  /** Room for `slots` images of the given size. @throws SondeError `out-of-memory` */
  constructor(workspace: Workspace, imager: Imager, slots: number, rows: number, columns: number) {
    this.#workspace = workspace;
    this.#imager = imager;
    const strideBytes = 32 * Math.ceil(columns / 4);
    const imageBytes = rows * strideBytes;
    const room = Math.ceil(slots / 4) * 4 * imageBytes;
    const offset = workspace.take(room, 1, "The images of an ensemble");
    workspace.u8(offset, room).fill(0);
    this.images = { offset, imageBytes, rows, columns, strideBytes };
    const sum = imager.frameSum;
    if (typeof sum === "string" || slots < FEWEST_FRAMES) return;
    const fits = (halves: number) => lanesBytes(sum, halves) <= workspace.freeBytes;
    const halves = fits(halvesFor(slots)) ? halvesFor(slots) : 1;
    if (fits(halves)) this.#lanes = new FramesInLanes(workspace, sum, halves);
  }

  /** Fills the first slots from frames, no more than there is room for. */
  run(frames: readonly Frame[]): void {
    const { offset, imageBytes, strideBytes } = this.images;
    const lanes = this.#lanes;
    if (!lanes) {
      for (const [i, frame] of frames.entries()) this.#copyImage(frame, offset + i * imageBytes);
      return;
    }
    // A last group of one or two goes the same way: a frame's bits do not depend on where it stands.
    for (let done = 0; done < frames.length; done += lanes.capacity)
      lanes.run(
        frames.slice(done, done + lanes.capacity),
        (frame) => this.#imager.readRows(frame),
        offset + done * imageBytes,
        imageBytes,
        strideBytes,
      );
  }

  #copyImage(frame: Frame, out: number): void {
    const { rows, columns, strideBytes } = this.images;
    const image = this.#imager.compute(frame);
    for (let r = 0; r < rows; r++)
      this.#workspace
        .u8(out + r * strideBytes, 8 * columns)
        .set(this.#workspace.u8(image.offset + r * image.strideBytes, 8 * columns));
  }
}
