/**
 * What a way of bringing channels to pixels must offer. One file a path; planner.ts asks each whether it applies, in order of
 * speed, and channel-imager.ts runs the one that was chosen.
 */
import type { Kernels } from "../../core/binding.ts";
import type { ChannelData, Frame } from "../../model.ts";
import type { BeamformPath } from "../../pipeline.ts";
import type { FrameSum } from "../ensemble-path.ts";
import type { Step } from "../imager.ts";
import type { ResolvedChannels } from "../resolve.ts";
import type { Share } from "../share.ts";
import type { Rows } from "../signal-stage.ts";
import type { Workspace } from "../workspace.ts";
import type { Cost } from "./cost.ts";

/** A complex image in core memory: `rows` x `columns`, rows `strideBytes` apart. */
export interface ComplexImage {
  offset: number;
  rows: number;
  columns: number;
  strideBytes: number;
}

/**
 * A step of a path. Steps that are `common` come first: they do not depend on the rows of the picture (`ResolvedChannels.rows`), so
 * that threads which share a memory lay them out at the same place, and one of them fills them for all.
 */
export interface PathStep extends Step {
  common?: boolean;
}

/**
 * A path at work on some rows of one acquisition's picture, all of them or one thread's part. Steps lay out and fill its tables; then
 * for each frame, in this order, with a wait for the other threads of one memory between any two:
 *
 *   load     samples into the memory, and numbers of the whole frame that must not depend on how it is split (a peak): by one thread.
 *            A path whose sums wait for what they read lets the others begin before all is there, and may go on with it in its sum
 *   prepare  a share of the work on common memory (filtering rows): by each thread; absent where the parts have none in common
 *   sum      the image of these rows: by each thread
 *
 * Threads that share no memory each load the whole frame and prepare all of it.
 */
export interface ChannelPath {
  /** What it was made by. */
  readonly offer: PathOffer;
  /** How the data reach the pixels, in words; after the steps were built. */
  readonly words: string;
  /** Images behind one another: transmits that are not compounded, else 1. */
  readonly images: number;
  /** What the sum leaves behind; after the steps were built. */
  readonly image: ComplexImage;
  /** What summing many frames at once needs, or why that cannot be, as a sentence. */
  readonly frameSum: FrameSum | string;
  /** The steps "signal", "delays" and "sum" for a resolved pipeline: keys say when each is made again. */
  steps(resolved: ResolvedChannels): readonly PathStep[];
  /**
   * `begin`: has the other threads of this memory start; for a path whose parts wait for what they read, called once nothing can fail
   * any more. One that never calls it has them start behind it.
   */
  load(frame: Frame, begin?: () => void): void;
  prepare?(share: Share): void;
  sum(): void;
  /** Filtered rows of what was loaded and prepared; undefined where the path never holds them all. */
  readonly filtered?: Rows;
}

/** A path that may be chosen. */
export interface PathOffer {
  readonly name: Exclude<BeamformPath, "auto">;
  /** Why it cannot serve here, as the end of a sentence; undefined when it can. */
  refusal(info: ChannelData, resolved: ResolvedChannels, kernels: Kernels): string | undefined;
  /** What makes it the choice where it serves, as the end of a sentence. */
  readonly merit: string;
  /** About how many points one thread sums in a millisecond: says when a second one pays. */
  readonly pointsPerMs: number;
  /** What its sums cost where it serves. */
  cost(info: ChannelData, resolved: ResolvedChannels, kernels: Kernels): Cost;
  make(workspace: Workspace, info: ChannelData): ChannelPath;
}
