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
import { scanSize } from "./axis.ts";
import { Builder } from "./builder.ts";
import { checkAcquisition } from "./check-acquisition.ts";
import { checkFrame, checkFrames, checkPast, checkPipeline, checkRecycled } from "./check-pipeline.ts";
import { MOST_FRAMES, whyOneByOne } from "./ensemble-path.ts";
import type { Ensembles } from "./ensembles.ts";
import type { Decision, Imager } from "./imager.ts";
import { fittingSize, imagerFor, loadImager, pictureStep } from "./layout.ts";
import type { PictureStage } from "./picture-stage.ts";
import { type ResolvedFlow, resolveFlow } from "./resolve-flow.ts";
import { alone, chooseThreads, type ThreadChoice, type Threading } from "./threads/choose.ts";
import type { Crew } from "./threads/crew.ts";
import type { BeamformedFrame, FlowFrame, Past, Plan, PlanReport, RealFrame } from "./types.ts";
import { sumUses, Workspace } from "./workspace.ts";

/** Set by the build of the single file for script tags. */
declare const SONDE_SINGLE_FILE: boolean | undefined;

/** The work on ensembles, which no picture needs: loaded when it is first asked for, and left out of the single file. */
async function loadEnsembles(): Promise<typeof import("./ensembles.ts")> {
  if (typeof SONDE_SINGLE_FILE === "undefined") return import("./ensembles.ts");
  throw new SondeError(
    "unsupported-platform",
    "echo-viewer.min.js shows pictures only: for ensembles and flow import Sonde's index.js",
  );
}

/** A pipeline decided, for one frame and for ensembles. */
interface Decided {
  pipeline: Pipeline;
  decision: Decision;
  flow: ResolvedFlow;
  passes: number;
}

/** Everything of a plan that holds core memory. */
interface Machinery {
  workspace: Workspace;
  builder: Builder;
  imager: Imager;
  crew: Crew | undefined;
  /** Set by the first build. */
  picture: PictureStage;
  /** Set by the first ensemble; gone when a step is rebuilt. */
  ensembles?: Ensembles;
}

const reportOf = ({ count, memory, why, joining }: ThreadChoice): PlanReport["threads"] => ({
  count,
  memory,
  why,
  ...(joining && { joining }),
});

export class LocalPlan implements Plan {
  readonly where = "here";
  /** Undefined once closed, so that a plan that is kept keeps no memory. */
  #machinery: Machinery | undefined;
  readonly #info: Acquisition;
  #threads: ThreadChoice;
  readonly #limitBytes: number;
  /** Set by the first build. */
  #decided!: Decided;
  /** End of what single frames need. */
  #end = 0;
  /** The plan of one thread that ensembles take where this one shares its rows out. */
  #alone: LocalPlan | undefined;
  #report!: PlanReport;
  /** Whose threads may help, and where its memory goes when it is closed. */
  readonly #threading: Threading | undefined;
  /** No thread is in the middle of building its part. */
  #built = false;
  /** What was asked for goes in order. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    info: Acquisition,
    limitBytes: number,
    threading: Threading | undefined,
    threads: ThreadChoice,
    machinery: Omit<Machinery, "picture">,
  ) {
    this.#info = info;
    this.#limitBytes = limitBytes;
    this.#threading = threading;
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
    await loadImager(info, pipeline, kernels);
    const threads = await chooseThreads(info, pipeline, threading, memoryLimitBytes, kernels);
    const { count, memory, crew } = threads;
    const shared = memory === "shared";
    const { ownBytes, passes } =
      threads.size ?? (await fittingSize(info, pipeline, threads, memoryLimitBytes, kernels));
    const team = shared ? { thread: 0, threads: count } : undefined;
    const core = await (threading ? threading.memories.take(ownBytes, shared) : createCore(ownBytes, shared));
    const workspace = Workspace.over(core, team);
    const imager = imagerFor(info, workspace, threads, crew);
    const builder = new Builder(workspace);
    const machinery = { workspace, imager, builder, crew };
    const plan = new LocalPlan(info, memoryLimitBytes, threading, threads, machinery);
    try {
      await plan.#build(plan.#decide(pipeline, passes));
    } catch (error) {
      plan.close();
      throw error;
    }
    return plan;
  }

  get report(): PlanReport {
    return this.#report;
  }

  /**
   * Has the threads help that this plan did not wait for when it was made, as soon as they have started; frames go on meanwhile. Where
   * they cannot, the plan stays as it is, and its report says why.
   */
  async enlist(): Promise<void> {
    if (!this.#threads.joining) return;
    const threading = { ...this.#threading!, later: false };
    // Both plans are there for a moment.
    const free = this.#limitBytes - this.#end;
    let why: string;
    try {
      const helped = await LocalPlan.create(this.#info, this.#decided.pipeline, free, threading);
      ({ why } = helped.#threads);
      await this.#inOrder(() => this.#become(helped));
      if (this.#threads.count > 1) return;
    } catch (error) {
      why = `one thread: others could not help (${(error as Error).message})`;
    }
    this.#threads = alone(why);
    this.#report = { ...this.#report, threads: reportOf(this.#threads) };
  }

  /** Changes places with a plan of more threads, which goes on from what the pictures remember; closes the other. */
  async #become(other: LocalPlan): Promise<void> {
    try {
      const { picture } = this.#open();
      if (other.#threads.count === 1) return;
      if (other.#decided.pipeline !== this.#decided.pipeline) await other.update(this.#decided.pipeline);
      const { picture: next } = other.#open();
      next.inheritReference(picture);
      const { past } = picture;
      if (past) next.resume(past);
      [this.#machinery, other.#machinery] = [other.#machinery, this.#machinery];
      [this.#threads, other.#threads] = [other.#threads, this.#threads];
      [this.#decided, this.#report, this.#end] = [other.#decided, other.#report, other.#end];
    } finally {
      other.close();
    }
  }

  /** One thing after another, also when helpers are waited for. */
  #inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined); // who asked for it learns of the error; the queue goes on
    return done;
  }

  update(pipeline: Pipeline): Promise<void> {
    return this.#inOrder(async () => {
      const { workspace, builder, picture } = this.#open();
      checkPipeline(pipeline);
      await loadImager(this.#info, pipeline, workspace.kernels);
      const { ownBytes, passes } = await fittingSize(
        this.#info,
        pipeline,
        this.#threads,
        this.#limitBytes,
        workspace.kernels,
      );
      const decided = this.#decide(pipeline, passes);
      workspace.reserve(ownBytes);
      const before = this.#decided;
      try {
        await this.#build(decided);
      } catch (error) {
        // What is built so far has overwritten old tables: make those again.
        builder.forget();
        await this.#build(before);
        this.#open().picture.inheritReference(picture);
        throw error;
      }
    });
  }

  #decide(pipeline: Pipeline, passes: number): Decided {
    const decision = this.#open().imager.decide(pipeline, passes);
    return { pipeline, decision, flow: resolveFlow(pipeline, decision.flow), passes };
  }

  #open(): Machinery {
    if (!this.#machinery) throw new SondeError("bad-option", "This plan was closed: make a new one");
    return this.#machinery;
  }

  async #build(decided: Decided): Promise<void> {
    const { decision, flow, passes } = decided;
    const machinery = this.#open();
    this.#built = false;
    const { workspace, imager, builder } = machinery;
    const steps = [
      ...decision.steps,
      pictureStep(workspace, imager, decision, (stage) => {
        const previous: PictureStage | undefined = machinery.picture;
        machinery.picture = stage;
        if (previous) stage.inheritReference(previous);
      }),
    ];
    // Amplitudes of another size: a held reference is of no use.
    const otherAmplitudes = decision.amplitudeKey !== this.#decided?.decision.amplitudeKey;
    if (machinery.ensembles) workspace.rewind(this.#end);
    const rebuilt = builder.build(steps, decision.employ);
    const { picture } = machinery;
    if (otherAmplitudes) picture.releaseReference();
    picture.setLevels(decision.display);
    await imager.ready?.();
    this.#built = true;
    this.#end = workspace.mark;
    machinery.ensembles = undefined;
    this.#alone?.close();
    this.#alone = undefined;
    this.#decided = decided;
    const whyOne = whyOneByOne(imager, MOST_FRAMES, this.#limitBytes - this.#end);
    const inShort = typeof imager.frameSum === "object" && imager.frameSum.short;
    this.#report = {
      ...decision.report,
      pipeline: { ...decision.report.pipeline, flow },
      ensemble: whyOne
        ? { framesAtOnce: 1, path: `frame by frame: ${whyOne}` }
        : {
            framesAtOnce: MOST_FRAMES,
            path: `up to ${MOST_FRAMES} frames in lanes${inShort ? " in int16" : ""}, delays computed once for all`,
          },
      imageWidth: picture.width,
      imageHeight: picture.height,
      path: imager.path,
      memoryBytes: workspace.mark + (decision.elsewhere?.ownMemoryBytes ?? 0),
      memory: sumUses([...workspace.uses, ...(decision.elsewhere?.uses ?? [])]),
      threads: reportOf(this.#threads),
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
    if (this.#info.kind === "lines" && this.#report.scan) {
      const { width, height } = picture;
      const amplitudes = picture.amplitudes();
      const values = new Float32Array(2 * amplitudes.length);
      for (let i = 0; i < amplitudes.length; i++) values[2 * i] = amplitudes[i];
      return { shape: [height, width], values };
    }
    const { stack } = imager;
    const values = this.#copyRows(offset, strideBytes, (stack ?? 1) * rows, columns);
    const planes = this.#report.scan ? scanSize(this.#report.scan).planes : 1;
    const grid = planes > 1 ? [rows / planes, planes, columns] : [rows, columns];
    return { shape: stack === undefined ? grid : [stack, ...grid], values };
  }

  /** Kept until something is rebuilt. */
  #ensembles(make: typeof Ensembles): Ensembles {
    const machinery = this.#open();
    const { decision, flow } = this.#decided;
    machinery.ensembles ??= new make(
      machinery.workspace,
      machinery.imager,
      flow,
      decision.flow,
      this.#limitBytes,
    );
    return machinery.ensembles;
  }

  /** The plan whose one thread holds all rows at once: this one, or another for the same pipeline. */
  async #whole(): Promise<LocalPlan> {
    if (this.#threads.count === 1 && this.#decided.passes === 1) return this;
    this.#alone ??= await LocalPlan.create(this.#info, this.#decided.pipeline, this.#limitBytes);
    return this.#alone;
  }

  ensemble(frames: readonly Frame[]): Promise<BeamformedFrame> {
    return this.#inOrder(async () => {
      checkFrames(frames);
      const free = this.#limitBytes - this.#end;
      if (whyOneByOne(this.#open().imager, frames.length, free) === undefined) {
        const [{ Ensembles }, whole] = await Promise.all([loadEnsembles(), this.#whole()]);
        return whole.#ensembles(Ensembles).beamform(frames);
      }
      const first = await this.#beamform(frames[0]);
      const perImage = first.values.length;
      const values = new Float32Array(frames.length * perImage);
      values.set(first.values);
      for (let i = 1; i < frames.length; i++)
        values.set((await this.#beamform(frames[i])).values, i * perImage);
      return { shape: [frames.length, ...first.shape], values };
    });
  }

  flow(frames: readonly Frame[]): Promise<FlowFrame> {
    return this.#inOrder(async () => {
      checkFrames(frames);
      this.#open();
      const [{ Ensembles }, whole] = await Promise.all([loadEnsembles(), this.#whole()]);
      return whole.#ensembles(Ensembles).flow(frames);
    });
  }

  decibels(frame: Frame): Promise<RealFrame> {
    return this.#inOrder(async () => {
      const { imager, picture } = this.#open();
      checkFrame(frame);
      await imager.computeForPicture(frame);
      const { width, height } = picture;
      return { shape: [height, width], values: picture.decibels(frame) };
    });
  }

  past(): Promise<Past | undefined> {
    return this.#inOrder(async () => this.#open().picture.past);
  }

  resume(past: Past | undefined): Promise<void> {
    return this.#inOrder(async () => {
      const { picture } = this.#open();
      if (past !== undefined) checkPast(past);
      picture.resume(past);
    });
  }

  run(frame: Frame, recycle?: Image): Promise<Image> {
    return this.#inOrder(async () => {
      const { imager, picture } = this.#open();
      checkRecycled(recycle);
      checkFrame(frame);
      const started = performance.now();
      await imager.computeForPicture(frame);
      return {
        ...picture.run(frame, recycle),
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
    this.#alone?.close();
    this.#alone = undefined;
    const { workspace, crew } = this.#machinery ?? {};
    this.#machinery = undefined;
    crew?.close();
    // What is under way goes on to its end. A thread that failed may still be writing.
    void this.#last.then(() => {
      if (workspace && this.#built && !crew?.broken) this.#threading?.memories.give(workspace.core);
    });
  }
}
