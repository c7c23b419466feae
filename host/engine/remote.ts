/** The engine's side of a worker: same API, the arithmetic elsewhere. */
import { fromErrorMessage, SondeError } from "../errors.ts";
import type { Acquisition, Frame, Image } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { cannotBeSent, spawnWorker, type WorkerLike } from "../worker/spawn.ts";
import { sondeWorkerUrl } from "../worker/url.ts";
import type { EngineAnswer, EngineCall, EngineRequest, EngineResults } from "./protocol.ts";
import type { BeamformedFrame, Engine, FlowFrame, Plan, PlanReport, RealFrame } from "./types.ts";

interface Waiting {
  resolve(result: EngineResults[keyof EngineResults]): void;
  reject(error: SondeError): void;
}

/** Calls across the channel, matched to their answers. */
class Channel {
  readonly #worker: WorkerLike;
  readonly #waiting = new Map<number, Waiting>();
  #next = 0;
  #broken: SondeError | undefined;

  constructor(worker: WorkerLike) {
    this.#worker = worker;
    worker.onMessage((message) => this.#receive(message as EngineAnswer));
    worker.onError((cause) =>
      this.fail(
        new SondeError("internal", `The engine's worker stopped (${cause.message}): make a new engine`, {
          cause,
        }),
      ),
    );
  }

  call<M extends EngineCall["method"]>(
    request: Extract<EngineCall, { method: M }>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<EngineResults[M]> {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
      if (this.#waiting.size === 1) this.#worker.keepAlive(true);
      const message: EngineRequest = { role: "engine", id, ...(request as EngineCall) };
      try {
        this.#worker.postMessage(message, transfer);
      } catch (cause) {
        this.#settled(id);
        reject(cannotBeSent(`What was given to ${request.method}`, cause));
      }
    });
  }

  #settled(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.keepAlive(false);
    return waiting;
  }

  #receive(answer: EngineAnswer): void {
    const waiting = this.#settled(answer.id);
    if (!waiting) return;
    if ("error" in answer) waiting.reject(fromErrorMessage(answer.error));
    else waiting.resolve(answer.result);
  }

  fail(error: SondeError): void {
    this.#broken ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#broken);
    this.#waiting.clear();
    this.#worker.terminate();
  }
}

/** A frame whose samples are all of their buffer, so that sending it copies no more than it must. What is no frame is refused there. */
function compact(frame: Frame): Frame {
  const samples = frame?.samples;
  if (!ArrayBuffer.isView(samples) || samples.byteLength === samples.buffer.byteLength) return frame;
  return { ...frame, samples: samples.slice() };
}

/** The same for an ensemble; what is no list is refused in the worker. */
function compactAll(frames: readonly Frame[]): readonly Frame[] {
  return Array.isArray(frames) ? frames.map(compact) : frames;
}

class RemotePlan implements Plan {
  readonly #channel: Channel;
  readonly #plan: number;
  #report: PlanReport;

  constructor(channel: Channel, plan: number, report: PlanReport) {
    this.#channel = channel;
    this.#plan = plan;
    this.#report = report;
  }

  get report(): PlanReport {
    return this.#report;
  }

  async update(pipeline: Pipeline): Promise<void> {
    this.#report = await this.#channel.call<"update">({ method: "update", plan: this.#plan, pipeline });
  }

  run(frame: Frame, recycle?: Image): Promise<Image> {
    const back = recycle?.pixels.buffer.byteLength ? recycle : undefined;
    return this.#channel.call<"run">(
      { method: "run", plan: this.#plan, frame: compact(frame), recycle: back },
      back ? [back.pixels.buffer] : [],
    );
  }

  beamform(frame: Frame): Promise<BeamformedFrame> {
    return this.#channel.call<"beamform">({ method: "beamform", plan: this.#plan, frame: compact(frame) });
  }

  ensemble(frames: readonly Frame[]): Promise<BeamformedFrame> {
    return this.#channel.call<"ensemble">({
      method: "ensemble",
      plan: this.#plan,
      frames: compactAll(frames),
    });
  }

  flow(frames: readonly Frame[]): Promise<FlowFrame> {
    return this.#channel.call<"flow">({ method: "flow", plan: this.#plan, frames: compactAll(frames) });
  }

  decibels(frame: Frame): Promise<RealFrame> {
    return this.#channel.call<"decibels">({ method: "decibels", plan: this.#plan, frame: compact(frame) });
  }

  close(): void {
    // A plan closed after its engine is closed already.
    this.#channel.call<"close">({ method: "close", plan: this.#plan }).catch(() => undefined);
  }
}

class RemoteEngine implements Engine {
  readonly where = "worker";
  readonly #channel: Channel;
  readonly #limitBytes: number;
  #plans = 0;

  constructor(channel: Channel, memoryLimitBytes: number) {
    this.#channel = channel;
    this.#limitBytes = memoryLimitBytes;
  }

  async plan(info: Acquisition, pipeline: Pipeline = {}): Promise<Plan> {
    const plan = this.#plans++;
    const memoryLimitBytes = this.#limitBytes;
    const report = await this.#channel.call<"plan">({
      method: "plan",
      plan,
      info,
      pipeline,
      memoryLimitBytes,
    });
    return new RemotePlan(this.#channel, plan, report);
  }

  close(): void {
    this.#channel.fail(new SondeError("aborted", "The engine was closed"));
  }
}

/** A worker that has not answered by then will not: its script is not Sonde's, or is blocked (ms). */
const PATIENCE_MS = 10_000;

/** An engine in a worker of its own. @throws SondeError when no worker can be made or it does not answer. */
export async function createRemoteEngine(memoryLimitBytes: number): Promise<Engine> {
  const channel = new Channel(await spawnWorker(sondeWorkerUrl()));
  const timer = setTimeout(() => {
    channel.fail(
      new SondeError(
        "unsupported-platform",
        `The engine's worker does not answer: check that ${sondeWorkerUrl().href} is Sonde's own script`,
      ),
    );
  }, PATIENCE_MS);
  try {
    // The first answer shows that the script loaded and runs: a policy may forbid workers without an error here.
    await channel.call<"close">({ method: "close", plan: -1 });
  } finally {
    clearTimeout(timer);
  }
  return new RemoteEngine(channel, memoryLimitBytes);
}
