/**
 * A plan beside the session's, in the same engine: for stored frames while the picture goes on, or for another pipeline. What the
 * session's plan remembers from frame to frame is not disturbed. It keeps one frame waiting, the newest.
 */
import type { Acquisition, BeamformedFrame, Frame, Image, Pipeline, Plan } from "../../../host/index.ts";
import type { EngineLease } from "../backend.ts";
import type { Way } from "../controllers/replay.ts";

export class ExtraPlan {
  readonly #info: Acquisition;
  readonly #lease: EngineLease;
  #plan: Promise<Plan> | undefined;
  #applied = "";
  #closed = false;
  /** Calls one after the other: a pipeline stays in force until the frame it was given for is done. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(info: Acquisition, lease: EngineLease) {
    this.#info = info;
    this.#lease = lease;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** The picture of a frame. @throws SondeError what plan, update and run throw */
  run(frame: Frame, pipeline: Pipeline, recycle?: Image): Promise<Image> {
    return this.#next(pipeline, (plan) => plan.run(frame, recycle));
  }

  /**
   * Goes through what comes before a frame while that is wanted. The frame is to be run next, with the same pipeline.
   * @returns whether it came to the end
   */
  async goThrough({ past, frames }: Way, pipeline: Pipeline, isWanted: () => boolean): Promise<boolean> {
    await this.#next(pipeline, (plan) => plan.resume(past));
    let spare: Image | undefined;
    for (const frame of frames) {
      if (!isWanted()) return false;
      spare = await this.run(await frame(), pipeline, spare);
    }
    return isWanted();
  }

  /** The complex image of a frame, and the plan that made it. */
  beamform(frame: Frame, pipeline: Pipeline): Promise<{ values: BeamformedFrame; plan: Plan }> {
    return this.#next(pipeline, async (plan) => ({ values: await plan.beamform(frame), plan }));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // A plan that could not be made has nothing to close; whoever asked for it has the error.
    this.#plan?.then(
      (plan) => plan.close(),
      () => undefined,
    );
    this.#lease.release();
  }

  #next<Result>(pipeline: Pipeline, act: (plan: Plan) => Promise<Result>): Promise<Result> {
    const done = this.#queue.then(async () => act(await this.#with(pipeline)));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #with(pipeline: Pipeline): Promise<Plan> {
    const text = JSON.stringify(pipeline);
    if (!this.#plan) {
      this.#applied = text;
      this.#plan = this.#lease.engine.then((engine) => engine.plan(this.#info, pipeline));
      this.#plan.catch(() => {
        this.#plan = undefined;
      });
    }
    const plan = await this.#plan;
    if (text !== this.#applied) {
      await plan.update(pipeline);
      this.#applied = text;
    }
    return plan;
  }
}
