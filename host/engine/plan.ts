/**
 * A plan on this thread: the steps of one acquisition kind and the picture behind them, rebuilt from the first one a change
 * reaches.
 *
 *   channels    signal -> delays -> sum -> picture -> levels
 *   lines       signal -> lines -> picture -> levels
 *   beamformed  signal -> grid -> picture -> levels
 */
import { createCore, pureCore } from "../core/binding.ts";
import { SondeError } from "../errors.ts";
import type { Acquisition, Frame, Image } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { Builder } from "./builder.ts";
import { checkAcquisition } from "./check-acquisition.ts";
import { checkFrame, checkPipeline } from "./check-pipeline.ts";
import type { Decision, Imager } from "./imager.ts";
import { fittingSize, imagerFor, pictureStep } from "./layout.ts";
import { LineImager } from "./line-imager.ts";
import type { PictureStage } from "./picture-stage.ts";
import { chooseThreads, type ThreadChoice, type Threading } from "./threads/choose.ts";
import type { Crew } from "./threads/crew.ts";
import type { BeamformedFrame, Plan, PlanReport, RealFrame } from "./types.ts";
import { sumUses, Workspace } from "./workspace.ts";

/** Steps whose own change makes amplitudes of another size: a held reference is of no use behind them. */
const AMPLITUDE_STEPS: readonly string[] = ["signal", "sum"];

/** Everything of a plan that holds core memory. */
interface Machinery {
  workspace: Workspace;
  builder: Builder;
  imager: Imager;
  crew: Crew | undefined;
  /** Set by the first build. */
  picture: PictureStage;
}

export class LocalPlan implements Plan {
  readonly where = "here";
  /** Undefined once closed, so that a plan that is kept keeps no memory. */
  #machinery: Machinery | undefined;
  readonly #info: Acquisition;
  readonly #threads: ThreadChoice;
  readonly #limitBytes: number;
  #decision!: Decision;
  #report!: PlanReport;
  /** What was asked for goes in order. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    info: Acquisition,
    limitBytes: number,
    threads: ThreadChoice,
    machinery: Omit<Machinery, "picture">,
  ) {
    this.#info = info;
    this.#limitBytes = limitBytes;
    this.#threads = threads;
    this.#machinery = machinery as Machinery;
  }

  /** `threading`: threads that may help; without it the plan runs on this thread alone. */
  static async create(
    info: Acquisition,
    pipeline: Pipeline,
    memoryLimitBytes: number,
    threading?: Threading,
  ): Promise<LocalPlan> {
    checkAcquisition(info);
    checkPipeline(pipeline);
    const { kernels } = await pureCore();
    const threads = await chooseThreads(info, pipeline, threading, memoryLimitBytes, kernels);
    const { count, memory, crew } = threads;
    const shared = memory === "shared";
    const { ownBytes, passes } = fittingSize(info, pipeline, threads, memoryLimitBytes, kernels);
    const team = shared ? { thread: 0, threads: count } : undefined;
    const workspace = Workspace.over(await createCore(ownBytes, shared), team);
    const imager = imagerFor(info, workspace, threads, crew);
    const builder = new Builder(workspace);
    const plan = new LocalPlan(info, memoryLimitBytes, threads, { workspace, imager, builder, crew });
    try {
      await plan.#build(imager.decide(pipeline, passes), passes);
    } catch (error) {
      plan.close();
      throw error;
    }
    return plan;
  }

  get report(): PlanReport {
    return this.#report;
  }

  /** One thing after another, also when helpers are waited for. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined); // who asked for it learns of the error; the queue goes on
    return done;
  }

  update(pipeline: Pipeline): Promise<void> {
    return this.#inOrder(async () => {
      const { workspace, imager, builder, picture } = this.#open();
      checkPipeline(pipeline);
      const { ownBytes, passes } = fittingSize(
        this.#info,
        pipeline,
        this.#threads,
        this.#limitBytes,
        workspace.kernels,
      );
      const decision = imager.decide(pipeline, passes);
      workspace.reserve(ownBytes);
      const [before, passesBefore] = [this.#decision, this.#report.passes];
      try {
        await this.#build(decision, passes);
      } catch (error) {
        // What is built so far has overwritten old tables: make those again.
        builder.forget();
        await this.#build(before, passesBefore);
        this.#open().picture.inheritReference(picture);
        throw error;
      }
    });
  }

  #open(): Machinery {
    if (!this.#machinery) throw new SondeError("bad-option", "This plan was closed: make a new one");
    return this.#machinery;
  }

  async #build(decision: Decision, passes: number): Promise<void> {
    const machinery = this.#open();
    const { workspace, imager, builder } = machinery;
    const steps = [
      ...decision.steps,
      pictureStep(workspace, imager, decision, (stage) => {
        const previous: PictureStage | undefined = machinery.picture;
        machinery.picture = stage;
        if (previous) stage.inheritReference(previous);
      }),
    ];
    const otherAmplitudes = steps.some(
      (step, i) => AMPLITUDE_STEPS.includes(step.name) && !builder.has(i, step),
    );
    const rebuilt = builder.build(steps, decision.employ);
    const { picture } = machinery;
    if (otherAmplitudes) picture.releaseReference();
    picture.setLevels(decision.display);
    await imager.ready?.();
    this.#decision = decision;
    const { count, memory, why } = this.#threads;
    this.#report = {
      ...decision.report,
      imageWidth: picture.width,
      imageHeight: picture.height,
      path: imager.path,
      memoryBytes: workspace.mark + (decision.elsewhere?.ownMemoryBytes ?? 0),
      memory: sumUses([...workspace.uses, ...(decision.elsewhere?.uses ?? [])]),
      threads: { count, memory, why },
      passes,
      rebuilt: [...rebuilt.map((step) => step.name), "levels"],
    };
  }

  /** Complex rows of core memory as one array. */
  #copyRows(offset: number, strideBytes: number, rows: number, columns: number): Float32Array<ArrayBuffer> {
    const { workspace } = this.#open();
    const values = new Float32Array(2 * rows * columns);
    for (let i = 0; i < rows; i++)
      values.set(workspace.f32(offset + i * strideBytes, 2 * columns), 2 * columns * i);
    return values;
  }

  beamform(frame: Frame): Promise<BeamformedFrame> {
    return this.#inOrder(() => this.#beamform(frame));
  }

  async #beamform(frame: Frame): Promise<BeamformedFrame> {
    const { imager, picture } = this.#open();
    checkFrame(frame);
    const { offset, strideBytes, rows, columns } = await imager.compute(frame);
    if (imager instanceof LineImager && this.#report.scan) {
      const { width, height } = picture;
      const amplitudes = picture.amplitudes();
      const values = new Float32Array(2 * amplitudes.length);
      for (let i = 0; i < amplitudes.length; i++) values[2 * i] = amplitudes[i];
      return { shape: [height, width], values };
    }
    const { stack } = imager;
    const values = this.#copyRows(offset, strideBytes, (stack ?? 1) * rows, columns);
    return { shape: stack === undefined ? [rows, columns] : [stack, rows, columns], values };
  }

  decibels(frame: Frame): Promise<RealFrame> {
    return this.#inOrder(async () => {
      const { imager, picture } = this.#open();
      checkFrame(frame);
      await imager.computeForPicture(frame);
      const { width, height } = picture;
      return { shape: [height, width], values: picture.decibels(frame.missingLines) };
    });
  }

  run(frame: Frame, recycle?: Image): Promise<Image> {
    return this.#inOrder(async () => {
      const { imager, picture } = this.#open();
      checkFrame(frame);
      const started = performance.now();
      await imager.computeForPicture(frame);
      return {
        ...picture.run(frame.missingLines, recycle),
        frameIndex: frame.index,
        frameTimeS: frame.timeS,
        elapsedMs: performance.now() - started,
      };
    });
  }

  /** The rows behind the signal stage, [transmit][channel or line][sample]: filtered or demodulated data themselves. */
  channels(frame: Frame): Promise<BeamformedFrame> {
    return this.#inOrder(async () => {
      const { imager } = this.#open();
      checkFrame(frame);
      const { rows, groups, rowsPerGroup } = imager.readRows(frame);
      const values = this.#copyRows(rows.offset, rows.strideBytes, groups * rowsPerGroup, rows.samples);
      return { shape: [groups, rowsPerGroup, rows.samples], values };
    });
  }

  close(): void {
    this.#machinery?.crew?.close();
    this.#machinery = undefined;
  }
}
