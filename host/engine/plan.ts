/**
 * A plan on this thread: the steps of one acquisition kind and the picture behind them, rebuilt from the first one a change
 * reaches.
 *
 *   channels    signal -> delays -> sum -> picture -> levels
 *   lines       signal -> lines -> picture -> levels
 *   beamformed  signal -> grid -> picture -> levels
 */
import { SondeError } from "../errors.ts";
import type { Acquisition, Frame, Image } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { BeamformedImager } from "./beamformed-imager.ts";
import { ChannelImager } from "./channel-imager.ts";
import { checkAcquisition } from "./check-acquisition.ts";
import { checkFrame, checkPipeline } from "./check-pipeline.ts";
import type { Decision, Imager, Step } from "./imager.ts";
import { LineImager } from "./line-imager.ts";
import { PictureStage } from "./picture-stage.ts";
import type { BeamformedFrame, Plan, PlanReport, RealFrame } from "./types.ts";
import { Workspace } from "./workspace.ts";

/** Steps whose own change makes amplitudes of another size: a held reference is of no use behind them. */
const AMPLITUDE_STEPS: readonly string[] = ["signal", "sum"];

function imagerFor(info: Acquisition, workspace: Workspace): Imager {
  if (info.kind === "channels") return new ChannelImager(info, workspace);
  if (info.kind === "lines") return new LineImager(info, workspace);
  return new BeamformedImager(info, workspace);
}

export class LocalPlan implements Plan {
  readonly #workspace: Workspace;
  readonly #imager: Imager;
  /** Key of every step that is built, and where its memory begins. */
  #keys: string[] = [];
  #marks: number[] = [];
  #decision!: Decision;
  #picture!: PictureStage;
  #report!: PlanReport;
  #closed = false;

  private constructor(info: Acquisition, workspace: Workspace) {
    this.#workspace = workspace;
    this.#imager = imagerFor(info, workspace);
  }

  static async create(info: Acquisition, pipeline: Pipeline, memoryLimitBytes: number): Promise<LocalPlan> {
    checkAcquisition(info);
    checkPipeline(pipeline);
    const plan = new LocalPlan(info, await Workspace.create(memoryLimitBytes));
    plan.#build(plan.#imager.decide(pipeline));
    return plan;
  }

  get report(): PlanReport {
    return this.#report;
  }

  async update(pipeline: Pipeline): Promise<void> {
    this.#open();
    checkPipeline(pipeline);
    const decision = this.#imager.decide(pipeline);
    const before = this.#decision;
    const shown = this.#picture;
    try {
      this.#build(decision);
    } catch (error) {
      // The tables that did not fit have overwritten old ones: make those again.
      this.#keys = [];
      this.#build(before);
      this.#picture.inheritReference(shown);
      throw error;
    }
  }

  #open(): void {
    if (this.#closed) throw new SondeError("bad-option", "This plan was closed: make a new one");
  }

  #pictureStep({ display, placeKey }: Decision): Step {
    return {
      name: "picture",
      key: JSON.stringify([display.grid, display.heightPx, placeKey]),
      build: () => {
        const previous: PictureStage | undefined = this.#picture;
        this.#picture = new PictureStage(this.#workspace, this.#imager.pictureSource, display);
        if (previous) this.#picture.inheritReference(previous);
      },
    };
  }

  #build(decision: Decision): void {
    const steps = [...decision.steps, this.#pictureStep(decision)];
    const changed = steps.findIndex((step, i) => step.key !== this.#keys[i]);
    const rebuilt = changed < 0 ? [] : steps.slice(changed);
    const otherAmplitudes = steps.some(
      ({ name, key }, i) => AMPLITUDE_STEPS.includes(name) && key !== this.#keys[i],
    );
    if (rebuilt.length > 0) {
      this.#keys.length = changed;
      this.#workspace.rewind(changed > 0 ? this.#marks[changed] : 0);
    }
    for (const step of rebuilt) {
      this.#marks[this.#keys.length] = this.#workspace.mark;
      step.build();
      this.#keys.push(step.key);
    }
    if (otherAmplitudes) this.#picture.releaseReference();
    this.#picture.setLevels(decision.display);
    this.#decision = decision;
    this.#report = {
      ...decision.report,
      imageWidth: this.#picture.width,
      imageHeight: this.#picture.height,
      path: this.#imager.path,
      memoryBytes: this.#workspace.mark,
      rebuilt: [...rebuilt.map((step) => step.name), "levels"],
    };
  }

  /** Complex rows of core memory as one array. */
  #copyRows(offset: number, strideBytes: number, rows: number, columns: number): Float32Array<ArrayBuffer> {
    const values = new Float32Array(2 * rows * columns);
    for (let i = 0; i < rows; i++)
      values.set(this.#workspace.f32(offset + i * strideBytes, 2 * columns), 2 * columns * i);
    return values;
  }

  async beamform(frame: Frame): Promise<BeamformedFrame> {
    this.#open();
    checkFrame(frame);
    const { offset, strideBytes, rows, columns } = this.#imager.compute(frame);
    if (this.#imager instanceof LineImager && this.#report.scan) {
      const { width, height } = this.#picture;
      const amplitudes = this.#picture.amplitudes();
      const values = new Float32Array(2 * amplitudes.length);
      for (let i = 0; i < amplitudes.length; i++) values[2 * i] = amplitudes[i];
      return { shape: [height, width], values };
    }
    const { stack } = this.#imager;
    const values = this.#copyRows(offset, strideBytes, (stack ?? 1) * rows, columns);
    return { shape: stack === undefined ? [rows, columns] : [stack, rows, columns], values };
  }

  async decibels(frame: Frame): Promise<RealFrame> {
    this.#open();
    checkFrame(frame);
    this.#imager.computeForPicture(frame);
    const { width, height } = this.#picture;
    return { shape: [height, width], values: this.#picture.decibels(frame.missingLines) };
  }

  async run(frame: Frame, recycle?: Image): Promise<Image> {
    this.#open();
    checkFrame(frame);
    const started = performance.now();
    this.#imager.computeForPicture(frame);
    const picture = this.#picture.run(frame.missingLines, recycle);
    return {
      ...picture,
      frameIndex: frame.index,
      frameTimeS: frame.timeS,
      elapsedMs: performance.now() - started,
    };
  }

  /** The rows behind the signal stage, [transmit][channel or line][sample]: filtered or demodulated data themselves. */
  async channels(frame: Frame): Promise<BeamformedFrame> {
    this.#open();
    checkFrame(frame);
    const { rows, groups, rowsPerGroup } = this.#imager.readRows(frame);
    const values = this.#copyRows(rows.offset, rows.strideBytes, groups * rowsPerGroup, rows.samples);
    return { shape: [groups, rowsPerGroup, rows.samples], values };
  }

  close(): void {
    this.#closed = true;
  }
}
