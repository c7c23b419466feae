/** The engine's side of a worker: same API, the arithmetic elsewhere. */
import { SondeError } from "../errors.ts";
import type { Acquisition, Frame, Image } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { Channel } from "../worker/channel.ts";
import { spawnWorker } from "../worker/spawn.ts";
import { sondeWorkerUrl } from "../worker/url.ts";
import { Mailbox } from "./mailbox.ts";
import type { EngineCall, EngineLimits, EngineResults } from "./protocol.ts";
import type { BeamformedFrame, Engine, FlowFrame, Past, Plan, PlanReport, RealFrame } from "./types.ts";

type EngineChannel = Channel<EngineCall, EngineResults[keyof EngineResults]>;

/** A call with the result its method has. */
async function call<M extends EngineCall["method"]>(
  channel: EngineChannel,
  request: Extract<EngineCall, { method: M }>,
  transfer: readonly ArrayBuffer[] = [],
): Promise<EngineResults[M]> {
  return (await channel.call(request as EngineCall, transfer)) as EngineResults[M];
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
  readonly where = "worker";
  readonly #channel: EngineChannel;
  readonly #plan: number;
  readonly #mailbox = new Mailbox();
  #report: PlanReport;
  /** Pictures made while threads are to join. */
  #made = 0;

  constructor(channel: EngineChannel, plan: number, report: PlanReport) {
    this.#channel = channel;
    this.#plan = plan;
    this.#report = report;
  }

  get report(): PlanReport {
    return this.#report;
  }

  async update(pipeline: Pipeline): Promise<void> {
    this.#report = await call<"update">(this.#channel, { method: "update", plan: this.#plan, pipeline });
  }

  run(frame: Frame, recycle?: Image): Promise<Image> {
    const image = this.#run(frame, recycle);
    if (this.#report.threads.joining) image.then(this.#enlist, () => undefined);
    return image;
  }

  /** Behind the second picture: the first one is on its way to the screen before that, and a single one needs nobody. */
  readonly #enlist = (): void => {
    if (++this.#made !== 2) return;
    call<"enlist">(this.#channel, { method: "enlist", plan: this.#plan }).then(
      (report) => {
        this.#report = report;
      },
      // Of a plan or an engine that was closed meanwhile.
      () => undefined,
    );
  };

  #run(frame: Frame, recycle?: Image): Promise<Image> {
    // One that was given away already is none; what is no image is refused there.
    const buffer = recycle?.pixels?.buffer;
    const back = buffer?.byteLength === 0 ? undefined : recycle;
    return this.#send(frame, (sent) =>
      call<"run">(
        this.#channel,
        { method: "run", plan: this.#plan, frame: sent, recycle: back },
        back && buffer ? [buffer] : [],
      ),
    );
  }

  /** Sends a frame in shared memory where there is some. */
  async #send<Result>(frame: Frame, ask: (sent: Frame) => Promise<Result>): Promise<Result> {
    const letter = this.#mailbox.put(frame);
    if (!letter) return ask(compact(frame));
    try {
      return await ask(letter.frame);
    } finally {
      letter.answered();
    }
  }

  beamform(frame: Frame): Promise<BeamformedFrame> {
    return this.#send(frame, (sent) =>
      call<"beamform">(this.#channel, { method: "beamform", plan: this.#plan, frame: sent }),
    );
  }

  ensemble(frames: readonly Frame[]): Promise<BeamformedFrame> {
    return call<"ensemble">(this.#channel, {
      method: "ensemble",
      plan: this.#plan,
      frames: compactAll(frames),
    });
  }

  flow(frames: readonly Frame[]): Promise<FlowFrame> {
    return call<"flow">(this.#channel, { method: "flow", plan: this.#plan, frames: compactAll(frames) });
  }

  decibels(frame: Frame): Promise<RealFrame> {
    return this.#send(frame, (sent) =>
      call<"decibels">(this.#channel, { method: "decibels", plan: this.#plan, frame: sent }),
    );
  }

  async past(): Promise<Past | undefined> {
    return (await call<"past">(this.#channel, { method: "past", plan: this.#plan })) ?? undefined;
  }

  async resume(past: Past | undefined): Promise<void> {
    await call<"resume">(this.#channel, { method: "resume", plan: this.#plan, past });
  }

  close(): void {
    // A plan closed after its engine is closed already.
    call<"close">(this.#channel, { method: "close", plan: this.#plan }).catch(() => undefined);
  }
}

class RemoteEngine implements Engine {
  readonly where = "worker";
  readonly #channel: EngineChannel;
  readonly #limits: EngineLimits;
  #plans = 0;

  constructor(channel: EngineChannel, limits: EngineLimits) {
    this.#channel = channel;
    this.#limits = limits;
  }

  async plan(info: Acquisition, pipeline: Pipeline = {}): Promise<Plan> {
    const plan = this.#plans++;
    const report = await call<"plan">(this.#channel, {
      method: "plan",
      plan,
      info,
      pipeline,
      ...this.#limits,
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
export async function createRemoteEngine(limits: EngineLimits): Promise<Engine> {
  const channel: EngineChannel = new Channel<EngineCall, EngineResults[keyof EngineResults]>(
    await spawnWorker(sondeWorkerUrl()),
    "engine",
    (why) => `The engine's worker stopped (${why}): make a new engine`,
  );
  const timer = setTimeout(() => {
    channel.fail(
      new SondeError(
        "unsupported-platform",
        `The engine's worker does not answer: check that ${sondeWorkerUrl().href} is Sonde's own script`,
      ),
    );
  }, PATIENCE_MS);
  try {
    // A policy may forbid workers without an error here.
    await call<"hello">(channel, { method: "hello" });
  } finally {
    clearTimeout(timer);
  }
  return new RemoteEngine(channel, limits);
}
