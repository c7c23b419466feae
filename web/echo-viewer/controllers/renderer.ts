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
  /** What the plan makes a picture of now. */
  #making: Job | undefined;
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
    if (!this.#busy) this.#next();
  }

  /** Changes the pipeline, then shows the last frame again unless a newer one waits. */
  update(pipeline: Pipeline): void {
    this.#pipeline = pipeline;
    if (!this.#busy) this.#next();
  }

  /** No event follows. The plan is closed. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#wanted = this.#making = this.#last = this.#pipeline = undefined;
    this.#shown = this.#spare = undefined;
    this.#plan.close();
  }

  /** Does what waits, the change before the frame. */
  #next(): void {
    this.#busy = !this.#closed && Boolean(this.#pipeline || this.#wanted);
    if (!this.#busy) return;
    if (this.#pipeline) void this.#change().then(this.#run);
    else this.#run();
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

  // A frame goes through these three, which are made once: an async function would be made anew with its promises for each.

  readonly #run = (): void => {
    this.#making = this.#wanted;
    this.#wanted = undefined;
    const frame = this.#making?.frame;
    if (typeof frame === "function") frame().then(this.#give, this.#failed);
    else this.#give(frame);
  };

  readonly #give = (frame: Frame | undefined): void => {
    if (this.#closed || !frame) {
      this.#next();
      return;
    }
    const spare = this.#spare;
    this.#spare = undefined;
    try {
      this.#plan.run(frame, spare).then(this.#made, this.#failed);
    } catch (error) {
      // A plan of the page's own need not be an async function.
      this.#failed(error);
    }
  };

  readonly #made = (image: Image): void => {
    const job = this.#making;
    if (this.#closed || !job) return;
    // The image before this one may still be on its way to the screen until `onImage` replaces it.
    this.#spare = this.#shown;
    this.#shown = image;
    this.#last = job;
    try {
      this.#events.onImage(image, job);
    } catch (error) {
      this.#failed(error);
      return;
    }
    this.#next();
  };

  readonly #failed = (error: unknown): void => {
    if (!this.#closed) this.#events.onError(asSondeError(error, this.#unexpected));
    this.#next();
  };
}
