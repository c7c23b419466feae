/**
 * What a way of bringing channels to pixels must offer. One file a path; planner.ts asks each whether it applies, in order of
 * speed, and channel-imager.ts runs the one that was chosen.
 */
import type { ChannelData, Frame } from "../../model.ts";
import type { BeamformPath } from "../../pipeline.ts";
import type { FrameSum } from "../ensemble-path.ts";
import type { Step } from "../imager.ts";
import type { ResolvedChannels } from "../resolve.ts";
import type { Rows } from "../signal-stage.ts";
import type { Workspace } from "../workspace.ts";

/** A complex image in core memory: `rows` x `columns`, rows `strideBytes` apart. */
export interface ComplexImage {
  offset: number;
  rows: number;
  columns: number;
  strideBytes: number;
}

/** A path at work on one acquisition: steps build its tables, `run` fills the image. */
export interface ChannelPath {
  readonly name: Exclude<BeamformPath, "auto">;
  /** How the data reach the pixels, in words; after the steps were built. */
  readonly words: string;
  /** Images behind one another: transmits that are not compounded, else 1. */
  readonly images: number;
  /** What the sum leaves behind; after the steps were built. */
  readonly image: ComplexImage;
  /** What summing many frames at once needs, or why that cannot be, as a sentence. */
  readonly frameSum: FrameSum | string;
  /** The three steps "signal", "delays" and "sum" for a resolved pipeline: keys say when each is made again. */
  steps(resolved: ResolvedChannels): readonly Step[];
  /** Fills the image from the samples of a frame. */
  run(frame: Frame): void;
  /** Filtered rows of a frame, before the sum; undefined where the path never holds them all. */
  readRows?(frame: Frame): Rows;
}

/** A path that may be chosen. */
export interface PathOffer {
  readonly name: Exclude<BeamformPath, "auto">;
  /** Why it cannot serve here, as the end of a sentence; undefined when it can. `workspace` is left as it was. */
  refusal(info: ChannelData, resolved: ResolvedChannels, workspace: Workspace): string | undefined;
  /** What makes it the choice where it serves, as the end of a sentence. */
  readonly merit: string;
  make(workspace: Workspace, info: ChannelData): ChannelPath;
}
