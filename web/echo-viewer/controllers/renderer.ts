/**
 * Runs a session's plan, one frame at a time. What is asked for while it is busy waits in a place for one: the newest
 * frame and the newest pipeline win, so that a slow device shows fewer frames, never older ones. Between two changes
 * of the pipeline a frame is run, so that a slider that is dragged moves the picture.
 */
import {
  type Frame,
  type Image,
  isSondeError,
  type Pipeline,
  type Plan,
  SondeError,
} from "../../../host/index.ts";

/** A frame to show, and what is known about it. */
export interface Job {
  /** Undefined: it is not wanted any more, and no picture is made. */
  frame: Frame | (() => Promise<Frame | undefined>);
  /** When the frame reached the page, on the clock of `performance.now()`. */
  arrivedAtMs: number;
  /** Its place among the stored frames. */
  position: number;
}

export interface RendererEvents {
  onImage(image: Image, job: Job): void;
  /** The frame could not be shown. */
  onError(error: SondeError): void;
  /** The plan took this pipeline. */
  onUpdated(pipeline: Pipeline): void;
  /** The plan refused the pipeline and stays as it was. */
  onRefused(error: SondeError, inForce: Pipeline): void;
}

/** Any thrown value as the error a person is shown. */
export function asSondeError(error: unknown, sentence: (text: string) => string): SondeError {
  if (isSondeError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new SondeError("internal", sentence(text), { cause: error });
}

export class Renderer {
  readonly #plan: Plan;
  readonly #events: RendererEvents;
  readonly #unexpected: (text: string) => string;
  #inForce: Pipeline;
  #pipeline: Pipeline | undefined;
  #wanted: Job | undefined;
  #last: Job | undefined;
  #shown: Image | undefined;
  #spare: Image | undefined;
  #busy = false;
  #closed = false;
  /** Frames replaced by a newer one before they were run. */
  dropped = 0;

  constructor(plan: Plan, pipeline: Pipeline, events: RendererEvents, unexpected: (text: string) => string) {
    this.#plan = plan;
    this.#inForce = pipeline;
    this.#events = events;
    this.#unexpected = unexpected;
  }

  /** Shows this frame next. */
  submit(job: Job): void {
    if (this.#wanted && this.#wanted !== this.#last) this.dropped++;
    this.#wanted = job;
    if (!this.#busy) void this.#work();
  }

  /** Changes the pipeline, then shows the last frame again unless a newer one waits. */
  update(pipeline: Pipeline): void {
    this.#pipeline = pipeline;
    if (!this.#busy) void this.#work();
  }

  /** No event follows. The plan is closed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wanted = this.#last = this.#pipeline = undefined;
    this.#shown = this.#spare = undefined;
    this.#plan.close();
  }

  async #work(): Promise<void> {
    this.#busy = true;
    while (!this.#closed) {
      if (this.#pipeline) await this.#change();
      if (this.#wanted) await this.#run();
      else if (!this.#pipeline) break;
    }
    this.#busy = false;
  }

  async #change(): Promise<void> {
    const pipeline = this.#pipeline!;
    this.#pipeline = undefined;
    try {
      await this.#plan.update(pipeline);
      this.#inForce = pipeline;
      const waiting = this.#pipeline;
      if (!this.#closed) this.#events.onUpdated(pipeline);
      // What the plan found out asks for one more change, before any frame: a picture of all depths would flash up.
      if (this.#pipeline && this.#pipeline !== waiting) await this.#change();
    } catch (error) {
      // A newer one that waits has taken its place, and is what the state asks for.
      if (!this.#closed && !this.#pipeline)
        this.#events.onRefused(asSondeError(error, this.#unexpected), this.#inForce);
    }
    this.#wanted ??= this.#last;
  }

  async #run(): Promise<void> {
    const job = this.#wanted!;
    this.#wanted = undefined;
    try {
      const frame = typeof job.frame === "function" ? await job.frame() : job.frame;
      if (this.#closed || !frame) return;
      const spare = this.#spare;
      this.#spare = undefined;
      const image = await this.#plan.run(frame, spare);
      if (this.#closed) return;
      // The image before this one may still be on its way to the screen until `onImage` replaces it.
      this.#spare = this.#shown;
      this.#shown = image;
      this.#last = job;
      this.#events.onImage(image, job);
    } catch (error) {
      if (!this.#closed) this.#events.onError(asSondeError(error, this.#unexpected));
    }
  }
}
