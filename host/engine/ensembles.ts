/** Ensembles of frames on a plan: their images, and the flow in them. Takes memory behind everything else of the plan. */
import { SondeError } from "../errors.ts";
import type { Frame } from "../model.ts";
import { MOST_FRAMES } from "./ensemble-path.ts";
import { EnsembleStage } from "./ensemble-stage.ts";
import { stepOf } from "./equal-steps.ts";
import { FlowStage } from "./flow-stage.ts";
import type { Imager } from "./imager.ts";
import { refuse } from "./resolve.ts";
import type { FlowSource, ResolvedFlow } from "./resolve-flow.ts";
import type { BeamformedFrame, FlowFrame } from "./types.ts";
import type { Workspace } from "./workspace.ts";

/** Refuses an ensemble that this flow cannot be made of. @throws SondeError `bad-option`, `missing-data` */
function checkEnsemble(
  { clutter, lag, smoothing, frameRateHz, centerFrequencyHz }: ResolvedFlow,
  source: FlowSource,
  frames: number,
  rows: number,
  columns: number,
): void {
  if (source.refusal) throw new SondeError("bad-option", source.refusal);
  if ((frameRateHz ?? source.frameRateHz) === undefined)
    throw new SondeError(
      "missing-data",
      source.rateMeasured
        ? "The frame rate was measured where the frames arrived, which velocities must not be told by: state the device's own as flow.frameRateHz"
        : "The data do not say their frame rate: state it as flow.frameRateHz",
    );
  if (centerFrequencyHz === undefined)
    throw new SondeError(
      "missing-data",
      "The data do not say their centre frequency: state it as flow.centerFrequencyHz",
    );
  if (frames < 2)
    throw new SondeError("bad-option", "A velocity takes two frames at least: choose more", {
      fields: { option: "frames", value: frames },
    });
  const lost = clutter.method === "fir" ? clutter.taps.length - 1 : 0;
  if (frames - lost <= lag)
    refuse(
      "flow.lag",
      lag,
      `below ${frames - lost}, the frames of the ensemble${lost ? " that the filter leaves" : ""}`,
    );
  const removed = clutter.method === "polynomial" ? clutter.order + 1 : clutter.order;
  if (["polynomial", "dct", "svd"].includes(clutter.method) && removed >= frames)
    refuse("flow.clutter.order", clutter.order, `lower: it removes all that ${frames} frames can hold`);
  if (smoothing >> 1 > Math.min(rows, columns))
    refuse(
      "flow.smoothing",
      smoothing,
      `at most ${2 * Math.min(rows, columns) + 1} on ${rows} x ${columns} pixels`,
    );
}

export class Ensembles {
  readonly #workspace: Workspace;
  readonly #imager: Imager;
  readonly #flow: ResolvedFlow;
  readonly #source: FlowSource;
  readonly #mark: number;
  readonly #limitBytes: number;
  /** Room for so many frames, kept for the next ensemble. */
  #made: { slots: number; stage: EnsembleStage; flow?: FlowStage } | undefined;

  /** The images and tables of `imager` are built; nothing is taken yet. */
  constructor(
    workspace: Workspace,
    imager: Imager,
    flow: ResolvedFlow,
    source: FlowSource,
    limitBytes: number,
  ) {
    this.#limitBytes = limitBytes;
    this.#workspace = workspace;
    this.#imager = imager;
    this.#flow = flow;
    this.#source = source;
    this.#mark = workspace.mark;
  }

  /** Lets `make` take memory; gives everything back when there is not enough. */
  #making<T>(make: () => T): T {
    try {
      return this.#workspace.growing(this.#limitBytes, make);
    } catch (error) {
      this.#made = undefined;
      this.#workspace.rewind(this.#mark);
      throw error;
    }
  }

  /** Room for `slots` frames, or for exactly so many. */
  #room(slots: number, exactly: boolean) {
    const made = this.#made;
    if (made && (made.slots === slots || (!exactly && made.slots > slots))) return made;
    this.#workspace.rewind(this.#mark);
    const { rows, columns } = this.#imager.pictureSource.image;
    this.#made = { slots, stage: new EnsembleStage(this.#workspace, this.#imager, slots, rows, columns) };
    return this.#made;
  }

  /** Images of all frames, [frame] first. @throws SondeError `out-of-memory` */
  async beamform(frames: readonly Frame[]): Promise<BeamformedFrame> {
    const slots = Math.min(frames.length, MOST_FRAMES);
    const { stage } = this.#making(() => this.#room(slots, false));
    const { offset, imageBytes, rows, columns, strideBytes } = stage.images;
    const values = new Float32Array(2 * frames.length * rows * columns);
    for (let done = 0; done < frames.length; done += slots) {
      const group = frames.slice(done, done + slots);
      await stage.run(group);
      for (let i = 0; i < group.length; i++)
        for (let r = 0; r < rows; r++)
          values.set(
            this.#workspace.f32(offset + i * imageBytes + r * strideBytes, 2 * columns),
            2 * columns * ((done + i) * rows + r),
          );
    }
    return { shape: [frames.length, rows, columns], values };
  }

  /** @throws SondeError as `Plan.flow` says */
  async flow(frames: readonly Frame[]): Promise<FlowFrame> {
    const { rows, columns } = this.#imager.pictureSource.image;
    checkEnsemble(this.#flow, this.#source, frames.length, rows, columns);
    const step = stepOf(frames);
    const rateHz = this.#flow.frameRateHz ?? (this.#source.frameRateHz ?? 0) / step;
    const { stage, flow } = this.#making(() => {
      const room = this.#room(frames.length, true);
      room.flow ??= new FlowStage(
        this.#workspace,
        room.stage.images,
        this.#flow,
        this.#source,
        frames.length,
      );
      return { stage: room.stage, flow: room.flow };
    });
    await stage.run(frames);
    return flow.run(rateHz);
  }
}
