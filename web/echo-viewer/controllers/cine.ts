/**
 * The stored frames: those of a recording, or the last ones of a live source, kept raw in a ring bounded by memory.
 * Chooses which one is shown, by hand or by the clock: playing skips frames rather than slow down.
 */
import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type Frame, loadModule, type Pipeline, type PlanReport, SondeError } from "../../../host/index.ts";
import { isAnother } from "../patient.ts";
import { clipTimeS, frameAt, type RecordedTimes, recordedTimes } from "../playback.ts";
import {
  canScrub,
  choiceDiffers,
  clipOf,
  effectOf,
  type Session,
  type Settings,
  type Store,
  settingsOf,
  type ViewerState,
} from "../store.ts";
import { working } from "./busy.ts";
import type { Replay, Way, WayOptions } from "./replay.ts";
import type { SessionController } from "./session.ts";

/** Memory for the raw frames of all live sources of a page that asks for no other (bytes); each has an equal share. */
const CINE_BYTES = 64 * 2 ** 20;

/** The viewers that share it. */
const sharers = new Set<CineController>();

/** While live, people are told how much is stored whenever the frame rate is, or, where no frame gets onto the screen, so often (ms). */
const PUBLISH_MS = 1000;

/** A device's clock was set anew that goes back, or says more than passed here, by so much (s). */
const CLOCK_BACK_S = 0.5;
const CLOCK_JUMP_S = 10;

/** A stored frame, before it is processed. */
export interface StoredFrame {
  frame(): Promise<Frame>;
  /** When a live frame came, by the clock on the wall then (ms since 1970). */
  onMs?: number;
  /** Time of acquisition (s), from a zero of its own; NaN: not known. */
  timeS: number;
  arrivedAtMs: number;
}

interface Stored {
  frame: Frame;
  onMs: number;
  arrivedAtMs: number;
  timeS: number;
  /** In force when it came; frames share them. */
  settings: Settings;
  /** What the plan was when its picture was on the screen while live, and went into those after it. */
  seen: PlanReport | undefined;
}

/** Whose frame was the last for the screen: the stream's, that of whoever chose it by its number, or one chosen before the picture last ran. */
type Sender = "nobody" | "stream" | "chooser" | "earlier chooser";

export class CineController implements ReactiveController {
  readonly #store: Store;
  readonly #session: SessionController;
  #stored: Stored[] = [];
  #bytes = 0;
  /** Number of the oldest frame in the ring, counted from the start of the stream. */
  #first = 0;
  /** What is added to the device's times, so that they go on when its clock is set anew (s). */
  #shiftS = 0;
  /** When the frames of a recording were acquired, and when they are played. */
  #recorded: RecordedTimes = { acquiredS: new Float64Array(), playS: new Float64Array() };
  #publishedAtMs = Number.NEGATIVE_INFINITY;
  /** What the clock on the wall is ahead of the page's, read once in a while (ms). */
  #wallMs = 0;
  /** A frame was asked for and is not on its way to the screen yet. */
  #asked = false;
  #sender: Sender = "nobody";
  /** Ends the work on one that was asked for. */
  #making: (() => undefined) | undefined;
  #animation = 0;
  /** There since there was persistence. */
  #replay: Replay | undefined;
  /** Playing: the clock's time now and how much of the clip had been played then (ms, s). */
  #playedAtMs = 0;
  #playedS = 0;

  constructor(host: ReactiveControllerHost, store: Store, session: SessionController) {
    this.#store = store;
    this.#session = session;
    host.addController(this);
    store.subscribe((state, previous) => this.#changed(state, previous));
    store.onGoing((state, pictured) => pictured && this.#seeLive(state));
    store.subscribe((state) => {
      // What plays is always behind.
      if (this.#asked && canScrub(state) && !state.playing) this.#making ??= working(store);
      else this.#making = this.#making?.();
    });
  }

  hostDisconnected(): void {
    this.pause();
  }

  /** Stores a live frame, dropping the oldest ones over this viewer's share of the memory. @returns its number. */
  add(frame: Frame, arrivedAtMs: number, nowMs: number): number {
    sharers.add(this);
    this.#sender = "stream";
    const due = nowMs - this.#publishedAtMs >= PUBLISH_MS;
    if (due) this.#wallMs = Date.now() - nowMs;
    const { state } = this.#store;
    const before = this.#stored.at(-1)?.settings;
    const settings = before && !choiceDiffers(before, state) ? before : settingsOf(state);
    const timeS = this.#goingOnS(frame.timeS, arrivedAtMs);
    this.#bytes += frame.samples.byteLength;
    let place: Stored | undefined;
    while (this.#bytes > this.room && this.#stored.length > 0) {
      place = this.#stored.shift()!;
      this.#bytes -= place.frame.samples.byteLength;
      this.#first++;
      this.#replay?.forgetBefore(this.#first);
    }
    // Once the memory is full, the newest takes the place of the oldest.
    place ??= {} as Stored;
    place.frame = frame;
    place.arrivedAtMs = arrivedAtMs;
    place.onMs = this.#wallMs + arrivedAtMs;
    place.timeS = timeS;
    place.settings = settings;
    place.seen = undefined;
    this.#stored.push(place);
    if (due) this.publish();
    return this.newest;
  }

  /** The picture of the live frame with this number is made with other settings than were in force when it came. */
  reprocessed(number: number): boolean {
    const { state } = this.#store;
    const stored = state.session?.live ? this.#stored[number - this.#first] : undefined;
    return stored !== undefined && effectOf(stored.settings) !== effectOf(state);
  }

  /** Number of the live frame that was stored last. */
  get newest(): number {
    return this.#first + this.#stored.length - 1;
  }

  /** The time of the next live frame (s): the device's own, which goes on as here when its clock is set anew. */
  #goingOnS(saidS: number | undefined, arrivedAtMs: number): number {
    const timeS = (Number.isFinite(saidS) ? Number(saidS) : arrivedAtMs / 1000) + this.#shiftS;
    const before = this.#stored.at(-1);
    if (!before) return timeS;
    const step = timeS - before.timeS;
    if (step >= 0 && step <= CLOCK_JUMP_S) return timeS;
    const hereS = Math.max(0, arrivedAtMs - before.arrivedAtMs) / 1000;
    // Frames that come in another order stand at the same time.
    if (step > -CLOCK_BACK_S && step <= hereS + CLOCK_JUMP_S) return Math.max(timeS, before.timeS);
    this.#shiftS += hereS - step;
    return before.timeS + hereS;
  }

  /** The stored frame with this number, or null when there is none, or none any more. */
  stored(number: number): StoredFrame | null {
    const { session, frameCount } = this.#store.state;
    if (!session) return null;
    if (session.live) {
      const stored = this.#stored[number - this.#first];
      if (!stored) return null;
      const { frame, timeS, arrivedAtMs, onMs } = stored;
      return { frame: async () => frame, timeS, arrivedAtMs, onMs };
    }
    if (number < 0 || number >= frameCount) return null;
    const timeS = this.#recorded.acquiredS[number];
    const frame = async (): Promise<Frame> => {
      const { first } = session;
      if (number !== 0 || !first) return session.source.frame(number);
      session.first = undefined;
      return first;
    };
    return { frame, timeS, arrivedAtMs: performance.now() };
  }

  /** Most bytes of raw frames that this viewer keeps. */
  get room(): number {
    return this.#store.state.cineBytes ?? CINE_BYTES / sharers.size;
  }

  /** Forgets the stored live frames. */
  clear(): void {
    this.#replay?.clear();
    this.#stored = [];
    this.#bytes = 0;
    this.#first = 0;
    this.publish();
    // The first frame is told at once.
    this.#publishedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Tells the store how much of a live source is stored, and how much was not shown, with what else is told as often. */
  publish(others: Partial<Pick<ViewerState, "frameRateHz">> = {}): void {
    if (!this.#store.state.session?.live) {
      this.#store.update(others);
      return;
    }
    this.#publishedAtMs = performance.now();
    const count = this.#stored.length;
    const storedS = count ? this.#stored[count - 1].timeS - this.#stored[0].timeS : Number.NaN;
    // Frames that come in one size and rhythm: the room for all, by what those here take.
    const capacityS = count > 1 ? storedS * Math.max(1, this.room / this.#bytes) : Number.NaN;
    const dropped = this.#session.renderer?.dropped ?? 0;
    this.#store.update({
      ...others,
      firstFrame: this.#first,
      frameCount: count,
      storedS,
      capacityS,
      dropped,
    });
  }

  /** The raw frame on the screen, or the newest one while live; undefined: none. */
  async rawFrame(): Promise<Frame | undefined> {
    const { state } = this.#store;
    if (!state.session) return undefined;
    if (!state.session.live) return state.session.source.frame(state.cursor);
    return (canScrub(state) ? this.#stored[state.cursor - this.#first] : this.#stored.at(-1))?.frame;
  }

  /** A stored frame was shown by its number since the picture stands. */
  get #chosen(): boolean {
    return this.#sender === "chooser";
  }

  /** Shows the stored frame with this number, kept inside what there is. */
  show(number: number): void {
    const { state } = this.#store;
    const { session, firstFrame, frameCount } = state;
    if (!session || !canScrub(state)) return;
    const cursor = Math.min(firstFrame + frameCount - 1, Math.max(firstFrame, Math.round(number)));
    this.#asked = true;
    this.#sender = "chooser";
    this.#store.update({ cursor });
    const { frame, arrivedAtMs } = this.stored(cursor)!;
    this.#session.renderer?.submit({
      frame: () => this.#shown(session, cursor, frame),
      arrivedAtMs,
      position: cursor,
    });
  }

  /**
   * With persistence: what a plan beside the session's goes through before each of these frames, made in this order, so that it looks as
   * it did when it was shown. Without: nothing.
   * @param options `other`: a pipeline that is not the one of the screen
   */
  async ways(
    numbers: readonly number[],
    { other, ...options }: WayOptions & { other?: Pipeline } = {},
  ): Promise<readonly (Way | undefined)[]> {
    const persistence = (other ?? this.#session.applied).display?.persistence;
    if (!persistence) return [];
    return (await this.#load()).ways(numbers, { ...options, ...(other && { other: persistence }) });
  }

  /** What the plan was when this frame's picture was shown; true: what it is now; undefined: it was not shown. */
  seen(number: number): PlanReport | true | undefined {
    return !this.#store.state.session?.live || this.#stored[number - this.#first]?.seen;
  }

  get #persists(): boolean {
    return !!this.#session.applied.display?.persistence;
  }

  async #load(): Promise<Replay> {
    const { Replay } = await loadModule(() => import("./replay.ts"));
    this.#replay ??= new Replay(this.#store, this.#session, this);
    return this.#replay;
  }

  /** The frame with this number, once the plan has gone through those that it is averaged with. */
  async #shown(session: Session, number: number, frame: () => Promise<Frame>): Promise<Frame | undefined> {
    if (this.#persists && !(await (await this.#load()).goTo(session, number))) return undefined;
    return frame();
  }

  /**
   * The stored frames of a part (both numbers included), to be read whenever: live frames that leave the memory meanwhile are kept.
   * `timeS`: acquired so long after the oldest stored frame, NaN where nobody says; `playS`: when played; `arrivalS`: when it came, of
   * live frames.
   */
  framesOf(
    first: number,
    last: number,
  ): readonly {
    timeS: number;
    playS: number;
    arrivalS?: number;
    onMs?: number;
    reprocessed: boolean;
    frame: () => Promise<Frame>;
  }[] {
    return Array.from({ length: last - first + 1 }, (_, k) => {
      const number = first + k;
      const stored = this.stored(number);
      const gone = async (): Promise<Frame> => {
        throw new SondeError("missing-data", `Frame ${number} is not stored any more.`);
      };
      return {
        timeS: this.#acquiredS(number),
        playS: this.#playS(number),
        ...(stored?.onMs ? { arrivalS: stored.arrivedAtMs / 1000, onMs: stored.onMs } : {}),
        reprocessed: this.reprocessed(number),
        frame: stored?.frame ?? gone,
      };
    });
  }

  /** Plays the clip from the frame shown, by the clock, at `state.speed` times its own speed. */
  play(): void {
    const { state } = this.#store;
    const { first, last } = clipOf(state);
    if (!canScrub(state) || last <= first || state.playing) return;
    const from = state.cursor < first || state.cursor >= last ? first : state.cursor;
    this.#playedAtMs = performance.now();
    this.#playedS = this.#playS(from) - this.#playS(first);
    this.#store.update({ playing: true });
    this.#animation = requestAnimationFrame(this.#tick);
  }

  pause(): void {
    cancelAnimationFrame(this.#animation);
    this.#store.update({ playing: false });
  }

  readonly #tick = (nowMs: number): void => {
    const { state } = this.#store;
    if (!state.playing) return;
    const { first, last } = clipOf(state);
    this.#playedS += (Math.max(0, nowMs - this.#playedAtMs) / 1000) * state.speed;
    this.#playedAtMs = nowMs;
    const startS = this.#playS(first);
    const spanS = this.#playS(last) - startS;
    // The newest frame is shown as long as the others are on average.
    const timeS = clipTimeS(this.#playedS, spanS, spanS / Math.max(1, last - first), state.repeat);
    const number = timeS === null ? last : Math.min(last, Math.max(first, this.#frameAt(startS + timeS)));
    if (number !== state.cursor) this.show(number);
    if (timeS === null) this.pause();
    else this.#animation = requestAnimationFrame(this.#tick);
  };

  /** Acquired so long after the oldest stored frame (s); NaN: nobody says. */
  #acquiredS(number: number): number {
    const { session } = this.#store.state;
    if (!session) return Number.NaN;
    if (!session.live) return this.#recorded.acquiredS[number] ?? Number.NaN;
    const stored = this.#stored[number - this.#first];
    return stored ? stored.timeS - this.#stored[0].timeS : Number.NaN;
  }

  /** The same when played (s). */
  #playS(number: number): number {
    return this.#store.state.session?.live ? this.#acquiredS(number) : this.#recorded.playS[number];
  }

  #frameAt(timeS: number): number {
    const { session } = this.#store.state;
    const [first, count] = session?.live
      ? [this.#first, this.#stored.length]
      : [0, this.#recorded.playS.length];
    // Times that were multiplied and divided miss the frame's own by a hair.
    return first + frameAt(count, (frame) => this.#playS(first + frame), timeS + 1e-6);
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    if (state.session !== previous.session) {
      cancelAnimationFrame(this.#animation);
      sharers.delete(this);
      this.#stored = [];
      this.#bytes = 0;
      this.#first = 0;
      this.#shiftS = 0;
      this.#asked = false;
      this.#sender = "nobody";
      this.#replay?.clear();
      if (!state.session || state.session.live) return;
      this.#recorded = recordedTimes(state.session.source);
      // A recording shows its first frame, unless whoever listens has seen that it is open and shown another.
      queueMicrotask(() => this.#chosen || this.show(0));
      return;
    }
    // It may never come.
    if (state.error && state.error !== previous.error) this.#asked = false;
    // Another patient's: theirs are the frames, too.
    if (isAnother(previous.sessionPatient, state.sessionPatient) || (!state.image && previous.image))
      this.clear();
    if (state.frozen !== previous.frozen) {
      this.pause();
      // Other frames will be stored.
      if (!state.frozen) this.#store.update({ trim: null });
    }
    if (canScrub(state) !== canScrub(previous)) {
      if (this.#chosen) this.#sender = "earlier chooser";
      this.#replay?.interrupted();
    }
    if (state.image !== previous.image) this.#seeLive(state);
    const began = canScrub(state) && !canScrub(previous);
    if (began) this.publish();
    if (canScrub(state) && (state.image !== previous.image || began)) this.#choose(state, began);
    if (this.#looksOtherwise(state, previous, began)) this.show(this.#store.state.cursor);
  }

  /** Notes what the plan was when a live picture came to the screen. */
  #seeLive({ session, position }: ViewerState): void {
    if (!session?.live || this.#chosen) return;
    const shown = this.#stored[position - this.#first];
    const { report } = session.plan;
    if (shown) shown.seen = report;
    this.#replay?.live(report);
    if (!shown || !report.pipeline?.display?.persistence) return;
    // At once, before the next frame goes to the plan.
    if (this.#replay) void this.#replay.keep(session, position, shown.frame);
    // Who steps is told where it cannot be loaded.
    else this.#load().catch(() => undefined);
  }

  /** Another picture is on the screen, or frames can be chosen from now on. */
  #choose(state: ViewerState, began: boolean): void {
    const { position } = state;
    // A live picture that stops has its newest frame on the way to the screen; one that was not seen to run stands where it stood.
    const cursor = !began ? state.cursor : this.#sender === "stream" ? this.newest : position;
    if (began) this.#asked = state.image !== null;
    if (position === cursor) this.#asked = false;
    const positionS = this.#acquiredS(position);
    // Unless another one was asked for, the frame on the screen is the one chosen.
    const reprocessed = this.reprocessed(position);
    this.#store.update({ positionS, reprocessed, cursor: this.#asked ? cursor : position });
  }

  /** A picture with persistence is to be made anew, from the frames before it as well. */
  #looksOtherwise(state: ViewerState, previous: ViewerState, began: boolean): boolean {
    if (!this.#persists || !canScrub(state) || !state.image) return false;
    if (began) return state.scale !== 1;
    return (previous.playing && !state.playing) || (!this.#chosen && choiceDiffers(state, previous));
  }
}
