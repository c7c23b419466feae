/**
 * Where Sonde and the straightforward JavaScript run: the thread that imports this. Node's main thread drives it directly, a page
 * by messages to a worker (page/worker.ts); neither waits for a picture to be drawn. One workload at a time.
 */
import { createEngine, type Engine, isSondeError, type Plan } from "../host/index.ts";
import { Checker, type Errors, notLinear, settingOf } from "./checker.ts";
import { KERNELS, type KernelCase, makeKernel } from "./kernels/index.ts";
import { type LiveArray, type LiveTimes, timeLive } from "./live.ts";
import { gridSize } from "./reference/geometry.ts";
import { straightforward } from "./reference/straightforward.ts";
import {
  countPoints,
  makeWorkload,
  soundTimeS,
  type Variant,
  type Workload,
  type WorkloadName,
} from "./workloads.ts";

/** One run. */
export interface Timing {
  wallMs: number;
  /** Processor time of the calling thread, where it can be had. */
  cpuMs?: number;
}

/** How a stage measures. */
export interface Clock {
  /** Processor time of this thread so far (ms), where the system tells. */
  threadMs(): number | undefined;
  /** Milliseconds a call of something short: several calls, the usual one. */
  perCall(work: () => void): number;
}

/** Something of a workload that can be run by its name. */
export interface Contender extends Partial<Errors> {
  name: string;
  /** Why it cannot run here. */
  refused?: string;
  /** How long its first run took, the one that was checked (ms). */
  firstMs?: number;
  path?: string;
  memoryBytes?: number;
  promise?: string;
  arithmetic?: Variant["arithmetic"];
  /** On one thread along the path for every geometry: what the other paths are measured by. */
  generic?: boolean;
}

/** A workload made ready. */
export interface Prepared {
  title: string;
  data: string;
  points: { inAperture: number; nominal: number };
  soundS: number;
  variants: Contender[];
  /** The straightforward JavaScript. */
  js?: Contender;
}

/** A kernel made ready. */
export interface PreparedKernel {
  cases: { variant: string; points: number; js: boolean }[];
}

/** What a conductor can ask of a stage, on this thread or another. */
export interface Stage {
  /** Makes a workload and its plans, checks each picture once; that of the straightforward JavaScript, which may take seconds, if asked. */
  prepare(name: WorkloadName, withJs: boolean, disk?: Blob): Promise<Prepared>;
  /** Runs a contender of the prepared workload once. */
  run(contender: string): Promise<Timing>;
  prepareKernel(name: string): Promise<PreparedKernel>;
  /** Time of one call of a case of the prepared kernel, or of its JavaScript. */
  runKernel(variant: string, what: "wasm" | "js"): Promise<number>;
  /** Frames of a simulated probe, stage by stage. */
  live(array: LiveArray, rounds: number): Promise<LiveTimes>;
}

/** What a way promises that interpolates linearly. */
export const LINEAR_PROMISE = "linear interpolation";

/** Name of the straightforward JavaScript among the contenders. */
export const JS = "straightforward JavaScript";

/** Most memory the engine may take; the larger workloads need more than its default. */
const MEMORY_LIMIT_BYTES = 2 ** 31;

/** An engine on as many threads as a variant names, else on one; versions before threads ignore the number. */
function engineFor({ threads = 1 }: Variant): Promise<Engine> {
  const options = { where: "here", memoryLimitBytes: MEMORY_LIMIT_BYTES, threads } as const;
  return createEngine(options);
}

/** Says why a plan is not on the threads it was to run on; undefined when it is. */
function notThreaded({ threads = 1 }: Variant, plan: Plan): string | undefined {
  const { count = 1 } = (plan.report as { threads?: { count: number } }).threads ?? {};
  return count === threads ? undefined : `runs on ${count} of ${threads} threads here`;
}

interface Ready {
  engine: Engine;
  plan: Plan;
}

export class LocalStage implements Stage {
  readonly #clock: Clock;
  #workload: Workload | undefined;
  readonly #ready = new Map<string, Ready>();
  #kernel: readonly KernelCase[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async prepare(name: WorkloadName, withJs: boolean, disk?: Blob): Promise<Prepared> {
    for (const { engine, plan } of this.#ready.values()) {
      plan.close();
      engine.close();
    }
    this.#ready.clear();
    const workload = await makeWorkload(name, disk);
    this.#workload = workload;
    const checker = new Checker(workload);
    const variants: Contender[] = [];
    for (const variant of workload.variants) variants.push(await this.#prepareVariant(variant, checker));
    return {
      title: workload.title,
      data: workload.data,
      points: countPoints(workload),
      soundS: soundTimeS(workload),
      variants,
      js: withJs ? this.#prepareJs(workload, checker) : undefined,
    };
  }

  #prepareJs(workload: Workload, checker: Checker): Contender {
    const started = performance.now();
    const picture = straightforward(settingOf(workload), workload.frames, workload.jsEvery);
    const firstMs = performance.now() - started;
    const errors = checker.errors(picture, workload.pipeline.signal === "rf" ? 1 : 2);
    return { name: JS, refused: notLinear(errors), firstMs, ...errors };
  }

  async #prepareVariant(variant: Variant, checker: Checker): Promise<Contender> {
    const { name, promise, arithmetic } = variant;
    const workload = this.#open();
    try {
      const engine = await engineFor(variant);
      const plan = await engine.plan(workload.info, variant.pipeline);
      const { frames } = workload;
      const picture = frames.length > 1 ? await plan.ensemble(frames) : await plan.beamform(frames[0]);
      const errors = checker.errors(picture.values, 2);
      const refused = notThreaded(variant, plan) ?? (promise === "linear" ? notLinear(errors) : undefined);
      if (!refused) this.#ready.set(name, { engine, plan });
      else engine.close();
      const { memoryBytes } = plan.report;
      const path = frames.length > 1 ? plan.report.ensemble.path : plan.report.path;
      const generic = variant.pipeline.beamform?.path === "depth" && variant.threads === undefined;
      const promised = promise === "linear" ? LINEAR_PROMISE : `within ${100 * promise} % of sinc`;
      return { name, refused, path, memoryBytes, promise: promised, arithmetic, generic, ...errors };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { name, refused: isSondeError(error) ? `refused: ${why}` : why };
    }
  }

  #open(): Workload {
    if (!this.#workload) throw new Error("no workload is prepared");
    return this.#workload;
  }

  async #timed(work: () => unknown): Promise<Timing> {
    const cpu = this.#clock.threadMs();
    const started = performance.now();
    await work();
    const wallMs = performance.now() - started;
    const after = this.#clock.threadMs();
    return { wallMs, cpuMs: cpu === undefined || after === undefined ? undefined : after - cpu };
  }

  run(contender: string): Promise<Timing> {
    const workload = this.#open();
    if (contender === JS) return this.#runJs(workload);
    const ready = this.#ready.get(contender);
    if (!ready) throw new Error(`${contender} is not ready`);
    const { frames } = workload;
    return this.#timed(() =>
      frames.length > 1 ? ready.plan.ensemble(frames) : ready.plan.beamform(frames[0]),
    );
  }

  /** All rows, or some of them and what the others would have added. */
  async #runJs(workload: Workload): Promise<Timing> {
    const setting = settingOf(workload);
    const { frames, jsEvery = 1 } = workload;
    const some = await this.#timed(() => straightforward(setting, frames, jsEvery));
    if (jsEvery === 1) return some;
    const { rows } = gridSize(setting.scan);
    const one = await this.#timed(() => straightforward(setting, frames, rows));
    const more = (rows - 1) / (Math.ceil(rows / jsEvery) - 1);
    return { wallMs: one.wallMs + more * (some.wallMs - one.wallMs) };
  }

  async prepareKernel(name: string): Promise<PreparedKernel> {
    if (!KERNELS.includes(name)) throw new Error(`no kernel is called ${name}`);
    this.#kernel = await makeKernel(name);
    return {
      cases: this.#kernel.map(({ variant, points, js }) => ({ variant, points, js: js !== undefined })),
    };
  }

  async runKernel(variant: string, what: "wasm" | "js"): Promise<number> {
    const found = this.#kernel.find((one) => one.variant === variant);
    const work = what === "wasm" ? found?.run : found?.js;
    if (!work) throw new Error(`${variant} has no ${what}`);
    return this.#clock.perCall(work);
  }

  live(array: LiveArray, rounds: number): Promise<LiveTimes> {
    return timeLive(array, rounds);
  }
}
