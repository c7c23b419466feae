/**
 * The frames of the main picture, processed in another way by a second plan in the same engine. A device that is too slow for both skips
 * frames here, and counts them; the main picture goes on.
 */
import { type GreyMap, type Image, isSondeError, type Pipeline } from "../../../../host/index.ts";
import { staleLimitMs } from "../../controllers/freshness.ts";
import { canScrub, clipOf, DEFAULT_DYNAMIC_RANGE_DB, type ViewerState } from "../../store.ts";
import { ExtraPlan } from "../extra-plan.ts";
import type { Viewer } from "../feature.ts";
import { type Content, type ContentFilm, nextContent } from "./content.ts";
import type { Slot } from "./state.ts";

/** How often people are told of skipped frames, and age is judged (ms). */
const JUDGE_MS = 250;

export class PipelineContent implements Content {
  readonly live = true;
  readonly key = String(nextContent());
  image: Image | null = null;
  readonly #viewer: Viewer;
  readonly #changed: () => void;
  #pipeline: Pipeline;
  #plan: ExtraPlan | undefined;
  #shownAtMs = Number.NEGATIVE_INFINITY;
  #spare: Image | undefined;
  #refused: string | null = null;
  #dropped = 0;
  /** The frame of the latest picture, if all before it are in its average, and what averaged them, as text. */
  #averaged: { number: number; by: string } | undefined;
  /** Where black and white are, of a live source's pictures under this pipeline. */
  #held: number | undefined;
  /** The frame it works on, and the one that waits. */
  #busy = false;
  #waiting = false;
  readonly #judge: ReturnType<typeof setInterval>;
  #told = "";

  constructor(viewer: Viewer, pipeline: Pipeline, changed: () => void) {
    this.#viewer = viewer;
    this.#pipeline = pipeline;
    this.#changed = changed;
    this.#judge = setInterval(() => this.#tell(), JUDGE_MS);
    void this.#work();
  }

  get dynamicRangeDb(): number {
    return this.#pipeline.display?.dynamicRangeDb ?? DEFAULT_DYNAMIC_RANGE_DB;
  }
  get greyMap(): GreyMap {
    return this.#pipeline.display?.greyMap ?? "gray";
  }

  get slot(): Slot {
    const limit = staleLimitMs(this.#viewer.store.state.session?.info.frameRateHz);
    return {
      kind: "pipeline",
      pipeline: this.#pipeline,
      refused: this.#refused,
      dropped: this.#dropped,
      fresh: performance.now() - this.#shownAtMs < limit,
    };
  }

  get pipeline(): Pipeline {
    return this.#pipeline;
  }
  set pipeline(pipeline: Pipeline) {
    this.#pipeline = pipeline;
    this.#refused = null;
    this.#held = undefined;
    void this.#work();
    this.#changed();
  }

  follow(state: ViewerState, previous: ViewerState): void {
    if (state.session !== previous.session || (!state.image && previous.image)) {
      this.#plan?.close();
      this.#plan = undefined;
      this.image = null;
      this.#shownAtMs = Number.NEGATIVE_INFINITY;
      this.#refused = null;
      this.#held = undefined;
      this.#dropped = 0;
      this.#tell();
    }
    if (state.image !== previous.image || state.session !== previous.session) void this.#work();
  }

  nextPicture(): void {
    if (this.#waiting) this.#dropped++;
    void this.#work();
  }

  film(): ContentFilm | undefined {
    if (this.#refused !== null) return undefined;
    const { session: sessions, store, cine } = this.#viewer;
    const { first, last } = clipOf(store.state);
    const numbers = Array.from({ length: last - first + 1 }, (_, k) => first + k);
    const ways = cine.ways(numbers, { other: this.#pipeline });
    // Whoever waits for a picture is told.
    ways.catch(() => undefined);
    const pipeline = this.#inForce(this.#held);
    const plan = new ExtraPlan(store.state.session!.info, sessions.lease());
    return {
      run: async (frame, number) => {
        const way = (await ways)[number - first];
        if (way) await plan.goThrough(way, pipeline, () => !plan.closed);
        return plan.run(frame, pipeline);
      },
      close: () => plan.close(),
    };
  }

  close(): void {
    clearInterval(this.#judge);
    this.#plan?.close();
    this.#plan = undefined;
    this.#closed = true;
  }
  #closed = false;

  /** Runs the frame on the screen; the newest of those that come meanwhile is next. */
  async #work(): Promise<void> {
    this.#waiting = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#waiting && !this.#closed && this.#refused === null) {
      this.#waiting = false;
      await this.#run();
    }
    this.#busy = false;
  }

  /** A live source's black and white stay where they are: where its first picture has them, unless it is said. */
  #inForce(reference: number | "hold" = "hold"): Pipeline {
    const pipeline = this.#pipeline;
    if (!this.#viewer.store.state.session?.live) return pipeline;
    return { ...pipeline, display: { reference, ...pipeline.display } };
  }

  async #run(): Promise<void> {
    const { state } = this.#viewer.store;
    const { session, image, position, playing } = state;
    const stored = image && this.#viewer.cine.stored(position);
    if (!session || !stored) return;
    if (!this.#plan) this.#plan = new ExtraPlan(session.info, this.#viewer.session.lease());
    const plan = this.#plan;
    const pipeline = this.#pipeline;
    try {
      const frame = await stored.frame();
      // What plays goes on from the frame that was shown before.
      const goesOn = !canScrub(state) || playing || !pipeline.display?.persistence;
      // The frames before it would set black and white.
      if (!goesOn && this.#held === undefined) this.#hold(await plan.run(frame, this.#inForce()));
      const inForce = this.#inForce(goesOn ? undefined : this.#held);
      if (!goesOn && !(await this.#goTo(position, plan, inForce))) return;
      const spare = this.#spare;
      this.#spare = undefined;
      const made = await plan.run(frame, inForce, spare);
      if (plan.closed || pipeline !== this.#pipeline) return;
      const whole = pipeline.display?.persistence && !playing;
      this.#averaged = whole ? { number: position, by: JSON.stringify(inForce) } : undefined;
      this.#hold(made);
      this.#spare = this.image ?? undefined;
      this.image = made;
      this.#shownAtMs = stored.arrivedAtMs;
      this.#viewer.repaint();
      this.#tell();
    } catch (error) {
      if (plan.closed || pipeline !== this.#pipeline) return;
      this.#refused = isSondeError(error) || error instanceof Error ? error.message : String(error);
      // A picture of another pipeline, and soon of another frame, is none.
      this.image = null;
      this.#viewer.repaint();
      this.#changed();
    }
  }

  /** A picture without an echo, whose reference is 1, tells nothing about others. */
  #hold({ referenceAmplitude }: Image): void {
    if (referenceAmplitude !== 1) this.#held = referenceAmplitude;
  }

  /** Has the plan go through what comes before a stored frame. @returns false where another one is wanted meanwhile */
  async #goTo(number: number, plan: ExtraPlan, inForce: Pipeline): Promise<boolean> {
    const averaged = this.#averaged;
    this.#averaged = undefined;
    const at = averaged?.by === JSON.stringify(inForce) ? averaged.number : undefined;
    // The same frame goes on from what it went on from before.
    const [way] = at === number ? [] : await this.#viewer.cine.ways([number], { other: inForce, at });
    return !way || plan.goThrough(way, inForce, () => !this.#waiting && !plan.closed);
  }

  /** Tells people when what they see of it has changed. */
  #tell(): void {
    const { slot } = this;
    if (slot.kind !== "pipeline") return;
    const told = `${slot.fresh} ${slot.refused} ${Math.floor(slot.dropped / 10)} ${this.image !== null}`;
    if (told === this.#told) return;
    this.#told = told;
    this.#changed();
  }
}
