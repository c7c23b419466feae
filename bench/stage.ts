/**
 * Where Sonde and the straightforward JavaScript run: the thread that imports this. Node's main thread drives it directly, a page
 * by messages to a worker (page/worker.ts); neither waits for a picture to be drawn. One workload at a time.
 */
import { createEngine, type Engine, isSondeError, type Plan } from "../host/index.ts";
import { Checker, type Errors, notLinear, settingOf } from "./checker.ts";
import { KERNELS, type KernelCase, makeKernel } from "./kernels/index.ts";
import { type LiveArray, type LiveTimes, timeLive } from "./live.ts";
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
  path?: string;
  memoryBytes?: number;
  promise?: string;
  arithmetic?: Variant["arithmetic"];
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
  /** Makes a workload and its plans, checks each picture once. */
  prepare(name: WorkloadName, disk?: Blob): Promise<Prepared>;
  /** Runs a contender of the prepared workload once. */
  run(contender: string): Promise<Timing>;
  prepareKernel(name: string): Promise<PreparedKernel>;
  /** Time of one call of a case of the prepared kernel, or of its JavaScript. */
  runKernel(variant: string, what: "wasm" | "js"): Promise<number>;
  /** Frames of a simulated probe, stage by stage. */
  live(array: LiveArray, rounds: number): Promise<LiveTimes>;
}

/** Name of the straightforward JavaScript among the contenders. */
export const JS = "straightforward JavaScript";

/** Most memory the engine may take; the larger workloads need more than its default. */
const MEMORY_LIMIT_BYTES = 2 ** 31;

/** One thread where no number is asked for. */
function engineFor({ engine: options }: Variant): Promise<Engine> {
  return createEngine({ where: "here", threads: 1, memoryLimitBytes: MEMORY_LIMIT_BYTES, ...options });
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

  async prepare(name: WorkloadName, disk?: Blob): Promise<Prepared> {
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
    const js = straightforward(settingOf(workload), workload.frames);
    const errors = checker.errors(js, workload.pipeline.signal === "rf" ? 1 : 2);
    return {
      title: workload.title,
      data: workload.data,
      points: countPoints(workload),
      soundS: soundTimeS(workload),
      variants,
      js: { name: JS, refused: notLinear(errors), ...errors },
    };
  }

  async #prepareVariant(variant: Variant, checker: Checker): Promise<Contender> {
    const { name, promise, arithmetic } = variant;
    const workload = this.#open();
    try {
      const engine = await engineFor(variant);
      const plan = await engine.plan(workload.info, variant.pipeline);
      const errors = checker.errors((await plan.beamform(workload.frames[0])).values, 2);
      const refused = promise === "linear" ? notLinear(errors) : undefined;
      if (!refused) this.#ready.set(name, { engine, plan });
      const { path, memoryBytes, threads } = plan.report;
      const asked = variant.engine?.threads ?? 1;
      if (threads?.count !== asked) {
        engine.close();
        throw new Error(`it runs on ${threads?.count} threads here, not on ${asked}: ${threads?.why}`);
      }
      const promised = promise === "linear" ? "linear interpolation" : `within ${100 * promise} % of sinc`;
      return { name, refused, path, memoryBytes, promise: promised, arithmetic, ...errors };
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
    if (contender === JS) return this.#timed(() => straightforward(settingOf(workload), workload.frames));
    const ready = this.#ready.get(contender);
    if (!ready) throw new Error(`${contender} is not ready`);
    const [frame, ...more] = workload.frames;
    return this.#timed(() =>
      more.length > 0 ? ready.plan.ensemble(workload.frames) : ready.plan.beamform(frame),
    );
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
