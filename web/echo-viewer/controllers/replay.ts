/**
 * Has the plan go through stored frames again where persistence needs it, so that a picture looks as it did when it was first shown. Loaded
 * when there is persistence.
 */
import type { Frame, Past, PlanReport } from "../../../host/index.ts";
import { canScrub, type Session, type Store } from "../store.ts";
import { showingWork } from "./busy.ts";
import type { StoredFrame } from "./cine.ts";
import { averagedBy, firstBefore, framesBefore } from "./frames-before.ts";
import { EVERY, type KeptPast, Pasts } from "./pasts.ts";
import type { SessionController } from "./session.ts";

/** The part of the memory for raw frames that is taken beside it for the pasts of some. */
const PASTS_SHARE = 1 / 4;

/** Where the frames are stored. */
export interface FrameStore {
  stored(number: number): StoredFrame | null;
  /** What the plan was when this frame's picture was shown; true: what it is now; undefined: it was not shown. */
  seen(number: number): PlanReport | true | undefined;
  /** Most bytes of raw frames. */
  readonly room: number;
}

/** What a plan beside the session's goes through before a stored frame, so that this looks as on the screen. */
export interface Way {
  /** What it goes on from; absent: nothing. */
  readonly past?: Past;
  readonly frames: readonly (() => Promise<Frame>)[];
}

export interface WayOptions {
  /** The frame that the plan had last. */
  at?: number | undefined;
  /** Its levels are not the session's: it goes on from none of their pasts. */
  afresh?: boolean;
}

export class Replay {
  readonly #store: Store;
  readonly #session: SessionController;
  readonly #frames: FrameStore;
  readonly #pasts = new Pasts();
  /** Counts the averages of live pictures: one that is changed, and changed back, began anew. */
  #epoch = 0;
  #latest: string | undefined;
  readonly #epochs = new WeakMap<PlanReport, number>();
  /** The frames whose average the plan holds, and what the plan was. */
  #averaged: { from: number; to: number; plan: object } | undefined;

  constructor(store: Store, session: SessionController, frames: FrameStore) {
    this.#store = store;
    this.#session = session;
    this.#frames = frames;
  }

  /** Live pictures are what this plan makes, from now on. */
  live(report: PlanReport): void {
    if (this.#epochs.has(report)) return;
    const averaged = averagedBy(report);
    if (averaged !== (this.#latest ?? averaged)) this.#epoch++;
    this.#latest = averaged;
    this.#epochs.set(report, this.#epoch);
  }

  /** The ways to these frames for a plan that makes their pictures in this order; undefined: it goes on from the one before. */
  ways(
    numbers: readonly number[],
    { other, at, afresh = other !== undefined }: WayOptions & { other?: number } = {},
  ): (Way | undefined)[] {
    const made = this.#store.state.session?.plan.report;
    let last = at;
    return numbers.map((number) => {
      const before = this.before(number, other);
      const goesOn = before.length > 0 && before.at(-1) === last;
      last = number;
      if (goesOn) return undefined;
      const kept = made && !afresh ? this.#kept(number, before, made) : undefined;
      const through = kept ? before.slice(before.indexOf(kept.number) + 1) : before;
      const frames = through.flatMap((n) => this.#frames.stored(n)?.frame ?? []);
      return { frames, ...(kept && { past: kept.past }) };
    });
  }

  /**
   * Numbers of the frames that have a share in the picture of this one, ascending.
   * @param other persistence of pictures that the session's plan does not make: they go on where it began anew
   */
  before(number: number, other?: number): number[] {
    const { firstFrame } = this.#store.state;
    return framesBefore(number, firstFrame, other ?? this.#persistence, (n) => {
      const seen = this.#frames.seen(n);
      if (other !== undefined) return seen !== undefined;
      return typeof seen === "object" ? this.#name(seen, seen) : seen;
    });
  }

  /** The first frame that has a share in the picture of this one, stored or not. */
  #whole(number: number, before: readonly number[]): number {
    const from = before[0] ?? number;
    return from === this.#store.state.firstFrame ? firstBefore(number, this.#persistence) : from;
  }

  /**
   * The last kept past among these frames, those before `number`, for a plan that is so. Of frames that are not stored any more the
   * oldest stored ones have a share: pasts of live pictures may hold it, and come first.
   */
  #kept(number: number, before: readonly number[], made: PlanReport): KeptPast | undefined {
    const name = this.#name(made, this.#frames.seen(before.at(-1) ?? number));
    return this.#pasts.last(before, name, this.#whole(number, before)) ?? this.#pasts.last(before, name);
  }

  /** What is averaged by a plan of frames that were shown with another, or the same. */
  #name(plan: PlanReport, seen: PlanReport | true | undefined): string {
    const epoch = typeof seen === "object" ? this.#epochs.get(seen) : undefined;
    return `${epoch ?? ""} ${averagedBy(plan)}`;
  }

  get #persistence(): number {
    return this.#session.applied.display?.persistence ?? 0;
  }

  /** Has the plan go through the frames before this one. @returns false where another one is asked for meanwhile */
  async goTo(session: Session, number: number): Promise<boolean> {
    const { plan } = session;
    const averaged = this.#averaged;
    this.#averaged = undefined;
    const made = plan.report;
    const before = this.before(number);
    let from = before[0] ?? number;
    let again: readonly number[] = [];
    const whole = this.#whole(number, before);
    const kept = this.#kept(number, before, made);
    const goesOn = averaged?.plan === made && averaged.to === before.at(-1) ? averaged : undefined;
    if (goesOn && goesOn.from <= from && (goesOn.from <= whole || !(kept && kept.from < goesOn.from))) {
      from = goesOn.from;
    } else if (this.#store.state.playing) {
      // What plays goes on from the frame that was shown before.
      from = number;
    } else {
      await plan.resume(kept?.past);
      if (kept) {
        from = kept.from;
        again = before.slice(before.indexOf(kept.number) + 1);
      } else {
        // Where people step, half as many more: the pasts that are kept on the way serve the next steps back.
        const more = number === averaged?.to ? [] : this.before(from).slice(-Math.ceil(before.length / 2));
        from = more[0] ?? from;
        again = [...more, ...before];
      }
    }
    if (!(await this.#through(session, again, number, from))) return false;
    this.#averaged = { from, to: number, plan: made };
    return true;
  }

  async #through(session: Session, frames: readonly number[], to: number, from: number): Promise<boolean> {
    return showingWork(this.#store, async () => {
      for (const [k, number] of frames.entries()) {
        const { state } = this.#store;
        // Another frame is wanted by now: without its past this one would look otherwise than it did. The last few are gone through all
        // the same, so that who drags sees pictures pass.
        if (!canScrub(state) || (state.cursor !== to && frames.length - k > EVERY)) return false;
        const frame = await this.#frames.stored(number)!.frame();
        await session.plan.run(frame);
        await this.keep(session, number, frame, from);
      }
      return true;
    });
  }

  /**
   * Keeps what the plan goes on from behind this frame, the last one that was given to it, for steps to those that follow.
   * @param from the first frame that went into it; that of a live picture lacks none
   */
  async keep(session: Session, number: number, frame: Frame, from = Number.NEGATIVE_INFINITY): Promise<void> {
    const { plan } = session;
    const made = plan.report;
    const averaged = this.#name(made, this.#frames.seen(number));
    if (!this.#pasts.lacks(number, from, averaged)) return;
    // A plan that was closed meanwhile has none.
    const past = await plan.past().catch(() => undefined);
    if (past?.place !== (frame.sequence ?? frame.index) || plan.report !== made) return;
    if (this.#store.state.session === session && this.#frames.stored(number))
      this.#pasts.keep({ number, from, past, averaged }, this.#frames.room * PASTS_SHARE);
  }

  /** Other frames went to the plan. */
  interrupted(): void {
    this.#averaged = undefined;
  }

  /** Frames before this one are not stored any more. */
  forgetBefore(first: number): void {
    this.#pasts.forgetBefore(first);
  }

  /** No frame is stored any more. */
  clear(): void {
    this.#averaged = undefined;
    this.#pasts.clear();
  }
}
