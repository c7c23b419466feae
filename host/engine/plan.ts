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
import { scanSize } from "./axis.ts";
import { BeamformedImager } from "./beamformed-imager.ts";
import { ChannelImager } from "./channel-imager.ts";
import { checkAcquisition } from "./check-acquisition.ts";
import { checkFrame, checkFrames, checkPipeline } from "./check-pipeline.ts";
import { MOST_FRAMES, whyOneByOne } from "./ensemble-path.ts";
import type { Ensembles } from "./ensembles.ts";
import type { Decision, Imager, Step } from "./imager.ts";
import { LineImager } from "./line-imager.ts";
import { PictureStage } from "./picture-stage.ts";
import { type ResolvedFlow, resolveFlow } from "./resolve-flow.ts";
import type { BeamformedFrame, FlowFrame, Plan, PlanReport, RealFrame } from "./types.ts";
import { Workspace } from "./workspace.ts";

function imagerFor(info: Acquisition, workspace: Workspace): Imager {
  if (info.kind === "channels") return new ChannelImager(info, workspace);
  if (info.kind === "lines") return new LineImager(info, workspace);
  return new BeamformedImager(info, workspace);
}

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
  decision: Decision;
  flow: ResolvedFlow;
}

/** Everything of a plan that holds core memory. */
interface Machinery {
  workspace: Workspace;
  imager: Imager;
  /** Set by the first build. */
  picture: PictureStage;
  /** Set by the first ensemble; gone when a step is rebuilt. */
  ensembles?: Ensembles;
}

export class LocalPlan implements Plan {
  /** Undefined once closed, so that a plan that is kept keeps no memory. */
  #machinery: Machinery | undefined;
  /** Key of every step that is built, and where its memory begins. */
  #keys: string[] = [];
  #marks: number[] = [];
  /** Set by the first build. */
  #decided!: Decided;
  /** End of what single frames need. */
  #end = 0;
  #report!: PlanReport;

  private constructor(machinery: Omit<Machinery, "picture">) {
    this.#machinery = machinery as Machinery;
  }

  static async create(info: Acquisition, pipeline: Pipeline, memoryLimitBytes: number): Promise<LocalPlan> {
    checkAcquisition(info);
    checkPipeline(pipeline);
    const workspace = await Workspace.create(memoryLimitBytes);
    const imager = imagerFor(info, workspace);
    const plan = new LocalPlan({ workspace, imager });
    plan.#build(plan.#decide(pipeline));
    return plan;
  }

  get report(): PlanReport {
    return this.#report;
  }

  async update(pipeline: Pipeline): Promise<void> {
    const machinery = this.#open();
    checkPipeline(pipeline);
    const decided = this.#decide(pipeline);
    const before = this.#decided;
    const shown = machinery.picture;
    try {
      this.#build(decided);
    } catch (error) {
      // The tables that did not fit have overwritten old ones: make those again.
      this.#keys = [];
      this.#build(before);
      machinery.picture.inheritReference(shown);
      throw error;
    }
  }

  #decide(pipeline: Pipeline): Decided {
    const decision = this.#open().imager.decide(pipeline);
    return { decision, flow: resolveFlow(pipeline, decision.flow) };
  }

  #open(): Machinery {
    if (!this.#machinery) throw new SondeError("bad-option", "This plan was closed: make a new one");
    return this.#machinery;
  }

  #pictureStep({ display, placeKey }: Decision): Step {
    const machinery = this.#open();
    return {
      name: "picture",
      key: JSON.stringify([display.grid, display.heightPx, display.speckle.method, placeKey]),
      build: () => {
        const { workspace, imager } = machinery;
        const previous: PictureStage | undefined = machinery.picture;
        machinery.picture = new PictureStage(workspace, imager.pictureSource, display);
        if (previous) machinery.picture.inheritReference(previous);
      },
    };
  }

  #build({ decision, flow }: Decided): void {
    const machinery = this.#open();
    const { workspace, imager } = machinery;
    const steps = [...decision.steps, this.#pictureStep(decision)];
    const changed = steps.findIndex((step, i) => step.key !== this.#keys[i]);
    const rebuilt = changed < 0 ? [] : steps.slice(changed);
    // Amplitudes of another size: a held reference is of no use.
    const otherAmplitudes = decision.amplitudeKey !== this.#decided?.decision.amplitudeKey;
    if (rebuilt.length > 0) {
      this.#keys.length = changed;
      workspace.rewind(changed > 0 ? this.#marks[changed] : 0);
    }
    for (const step of rebuilt) {
      this.#marks[this.#keys.length] = workspace.mark;
      step.build();
      this.#keys.push(step.key);
    }
    if (rebuilt.length > 0) this.#end = workspace.mark;
    const { picture } = machinery;
    if (otherAmplitudes) picture.releaseReference();
    picture.setLevels(decision.display);
    if (rebuilt.length > 0 || JSON.stringify(flow) !== JSON.stringify(this.#decided?.flow))
      this.#forgetEnsembles();
    this.#decided = { decision, flow };
    const why = whyOneByOne(imager, MOST_FRAMES, this.#freeBytes);
    this.#report = {
      ...decision.report,
      pipeline: { ...decision.report.pipeline, flow },
      ensemble: why
        ? { framesAtOnce: 1, path: `frame by frame: ${why}` }
        : {
            framesAtOnce: MOST_FRAMES,
            path: `up to ${MOST_FRAMES} frames in lanes, delays computed once for all`,
          },
      imageWidth: picture.width,
      imageHeight: picture.height,
      path: imager.path,
      memoryBytes: this.#end,
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

  async beamform(frame: Frame): Promise<BeamformedFrame> {
    checkFrame(frame);
    return this.#beamform(frame);
  }

  #beamform(frame: Frame): BeamformedFrame {
    const { imager, picture } = this.#open();
    const { offset, strideBytes, rows, columns } = imager.compute(frame);
    if (imager instanceof LineImager && this.#report.scan) {
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

  /** What ensembles may take. */
  get #freeBytes(): number {
    const { workspace } = this.#open();
    return workspace.freeBytes + workspace.mark - this.#end;
  }

  /** Gives the memory of ensembles back to what comes next. */
  #forgetEnsembles(): void {
    const machinery = this.#open();
    machinery.ensembles = undefined;
    machinery.workspace.rewind(this.#end);
  }

  /** Kept until a step is rebuilt. Loading comes before: nothing may be updated between this and its use. */
  #ensembles(make: typeof Ensembles): Ensembles {
    const machinery = this.#open();
    const { decision, flow } = this.#decided;
    machinery.ensembles ??= new make(machinery.workspace, machinery.imager, flow, decision.flow);
    return machinery.ensembles;
  }

  async ensemble(frames: readonly Frame[]): Promise<BeamformedFrame> {
    checkFrames(frames);
    const atOnce = () => whyOneByOne(this.#open().imager, frames.length, this.#freeBytes) === undefined;
    if (atOnce()) {
      const { Ensembles } = await loadEnsembles();
      if (atOnce()) return this.#ensembles(Ensembles).beamform(frames);
    }
    const first = this.#beamform(frames[0]);
    const perImage = first.values.length;
    const values = new Float32Array(frames.length * perImage);
    values.set(first.values);
    for (let i = 1; i < frames.length; i++) values.set(this.#beamform(frames[i]).values, i * perImage);
    return { shape: [frames.length, ...first.shape], values };
  }

  async flow(frames: readonly Frame[]): Promise<FlowFrame> {
    checkFrames(frames);
    this.#open();
    const { Ensembles } = await loadEnsembles();
    return this.#ensembles(Ensembles).flow(frames);
  }

  async decibels(frame: Frame): Promise<RealFrame> {
    const { imager, picture } = this.#open();
    checkFrame(frame);
    imager.computeForPicture(frame);
    const { width, height } = picture;
    return { shape: [height, width], values: picture.decibels(frame.missingLines) };
  }

  async run(frame: Frame, recycle?: Image): Promise<Image> {
    const { imager, picture } = this.#open();
    checkFrame(frame);
    const started = performance.now();
    imager.computeForPicture(frame);
    return {
      ...picture.run(frame.missingLines, recycle),
      frameIndex: frame.index,
      frameTimeS: frame.timeS,
      elapsedMs: performance.now() - started,
    };
  }

  /** The rows behind the signal stage, [transmit][channel or line][sample]: filtered or demodulated data themselves. */
  async channels(frame: Frame): Promise<BeamformedFrame> {
    const { imager } = this.#open();
    checkFrame(frame);
    const { rows, groups, rowsPerGroup } = imager.readRows(frame);
    const values = this.#copyRows(rows.offset, rows.strideBytes, groups * rowsPerGroup, rows.samples);
    return { shape: [groups, rowsPerGroup, rows.samples], values };
  }

  close(): void {
    this.#machinery = undefined;
  }
}
