/**
 * What a plan needs to know of one kind of acquisition: how to decide its open questions, which steps build its tables, and how
 * a frame becomes complex values. One file a kind: channel-imager, line-imager, beamformed-imager.
 */
import type { Frame } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import type { FrameSum } from "./ensemble-path.ts";
import type { ComplexImage } from "./paths/path.ts";
import type { PictureSource } from "./picture-stage.ts";
import type { ResolvedDisplay } from "./resolve.ts";
import type { FlowSource } from "./resolve-flow.ts";
import type { Rows } from "./signal-stage.ts";
import type { PlanReport } from "./types.ts";

/** One step of building a plan: when its key changes, it and everything behind it are made again. */
export interface Step {
  name: string;
  key: string;
  build(): void;
}

/** A pipeline with every question decided; nothing is built yet. */
export interface Decision {
  steps: Step[];
  display: ResolvedDisplay;
  /** What decides the size of amplitudes: while it stays, a held reference holds. */
  amplitudeKey: string;
  /** What, beside the steps and the display, decides where the picture's values lie. */
  placeKey: unknown;
  /** What velocities are computed from. */
  flow: FlowSource;
  report: Pick<PlanReport, "scan" | "pipeline" | "fNumber" | "choice">;
}

/** Rows behind the signal stage, by group (transmit) and row (channel or line). */
export interface SignalRows {
  rows: Rows;
  groups: number;
  rowsPerGroup: number;
}

/** One kind of acquisition on its way to a picture. */
export interface Imager {
  /** Decides and checks; changes nothing. @throws SondeError */
  decide(pipeline: Pipeline): Decision;
  /** What the picture is made of; after the steps were built. */
  readonly pictureSource: PictureSource;
  /** How the data reach the pixels, in words. */
  readonly path: string;
  /** Images of one frame behind one another, when transmits are not compounded; undefined: one image. */
  readonly stack: number | undefined;
  /** What summing many frames at once needs, or why that cannot be; after the steps were built. */
  readonly frameSum: FrameSum | string;
  /** Samples to filtered rows. */
  readRows(frame: Frame): SignalRows;
  /** Samples to complex image. */
  compute(frame: Frame): ComplexImage;
  /** Samples to the values that `pictureSource` names. @throws SondeError `bad-option` when no picture can be made of them */
  computeForPicture(frame: Frame): void;
}
