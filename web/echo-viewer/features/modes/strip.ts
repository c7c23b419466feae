/**
 * The M-mode strip: takes a column from each new picture, and, while frames can be chosen, computes the columns of all stored frames
 * that it lacks, those in view first. The columns' rate is the frame rate: frames that were not shown are gaps until they are computed.
 */
import type { Image, Pipeline } from "../../../../host/index.ts";
import { asSondeError } from "../../controllers/renderer.ts";
import { canScrub, greyMapOf, type Session, type ViewerState } from "../../store.ts";
import { ExtraPlan } from "../extra-plan.ts";
import type { Viewer } from "../feature.ts";
import { Columns } from "./columns.ts";
import { Raster } from "./raster.ts";
import { type Course, columnOn, courseLike } from "./reader.ts";
import { stripColours } from "./sampling.ts";
import { modesOf, type Speed } from "./state.ts";

/** CSS pixels a millimetre. */
const PX_PER_MM = 96 / 25.4;

/** While columns are computed, how often they are shown (ms). */
const SHOW_MS = 120;

/** How long a line that is dragged must rest before stored frames are computed along it (ms). */
const REST_MS = 120;

/** Seconds on a strip of so many CSS pixels. */
export function spanOf(speed: Speed, widthPx: number): number {
  const [value, unit] = speed.split(" ");
  return unit === "s" ? Number(value) : widthPx / PX_PER_MM / Number(value);
}

/** Lets the page draw and answer between two pieces of work. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/**
 * One past the newest pixel of a strip that shows a chosen frame: the newest stored one is at the end, unless the chosen one would be
 * out of sight. Null: their times are not known.
 */
export function endFor(raster: Raster, chosenS: number, newestS: number, periodS: number): number | null {
  const lastS = newestS + periodS / 2;
  if (!Number.isFinite(lastS) || !Number.isFinite(chosenS)) return null;
  const last = raster.pixelOf(lastS - 1e-9) + 1;
  const chosen = raster.pixelOf(chosenS);
  const inSight = (end: number): boolean => chosen < end && chosen >= end - raster.width;
  if (inSight(raster.end) && raster.end <= last) return raster.end;
  if (inSight(last)) return last;
  // A page that begins a little before it.
  return Math.min(last, chosen + Math.round(raster.width * 0.9));
}

export class Strip {
  readonly #viewer: Viewer;
  readonly #columns = new Columns();
  #course: Course | null = null;
  /** The pipeline that stored frames were computed with. */
  #applied = "";
  #raster: Raster | null = null;
  #colours = stripColours("gray");
  #greyMap = "gray";
  /** Size of the strip (CSS px). */
  #width = 0;
  /** Counts sources, and beginnings of their streams: the times of one mean nothing in the next. */
  #run = 0;
  #session: Session | null = null;
  #plan: ExtraPlan | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Changes when what is being computed is not wanted any more. */
  #turn = 0;
  #computing = false;
  /** What was asked for when the last computation ended: the same is not computed twice, be it done or refused. */
  #settled = "";

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
  }

  get raster(): Raster | null {
    return this.#raster;
  }
  get columns(): Columns {
    return this.#columns;
  }
  get course(): Course | null {
    return this.#course;
  }
  get run(): number {
    return this.#run;
  }

  /** The state has changed; `previous` is undefined when the mode begins. `next`: or only the live picture has. */
  follow(state: ViewerState, previous: ViewerState | undefined, next = false): void {
    const { image, session } = state;
    // Without a picture, what is drawn is nobody's.
    if (!session || !image || session !== previous?.session) this.#forget();
    if (session !== this.#session) this.#run++;
    this.#session = session;
    if (!session || !image) return;
    const course = courseLike(this.#course, state, image);
    const settings = canScrub(state) ? JSON.stringify(this.#viewer.session.applied) : "";
    const elsewhere = course.key !== this.#course?.key;
    // While live, a new gain holds from now on; stored frames are computed with what is in force.
    const otherwise = settings !== "" && this.#applied !== "" && settings !== this.#applied;
    if (elsewhere || otherwise) this.#forgetColumns();
    this.#course = course;
    this.#applied = settings;
    if (greyMapOf(state) !== this.#greyMap) {
      this.#greyMap = greyMapOf(state);
      this.#colours = stripColours(greyMapOf(state));
      this.#raster = null;
    }
    if (next || image !== previous?.image || elsewhere || otherwise) this.#take(image, state);
    if (canScrub(state)) this.#wantStored();
    else this.#stop();
    this.#show(state);
  }

  /** The strip has this width on the stage (CSS px). */
  resize(width: number): void {
    const whole = Math.max(1, Math.round(width));
    if (whole === this.#width) return;
    this.#width = whole;
    this.#raster = null;
    this.#show(this.#viewer.store.state);
  }

  /** The mode ends. */
  close(): void {
    this.#forget();
    this.#course = null;
  }

  /** Frames a second, when the source says so: else the columns are counted. */
  get timed(): boolean {
    const { session } = this.#viewer.store.state;
    return Boolean(session?.live || (session?.info.frameRateHz ?? 0) > 0);
  }

  /** Time between frames (s). */
  get periodS(): number {
    const rate = this.#viewer.store.state.session?.info.frameRateHz ?? 0;
    if (rate > 0) return 1 / rate;
    return this.timed ? this.#columns.typicalPeriodS() : 1;
  }

  /** What the strip is as long as (s, or frames). */
  get spanS(): number {
    const { state } = this.#viewer.store;
    const span = spanOf(modesOf(state).speed, this.#width);
    if (!state.session || state.session.live) return span;
    const whole = Math.max(2, state.frameCount) * this.periodS;
    return this.timed ? Math.min(span, whole) : whole;
  }

  /** The strip runs under a bar now. */
  get bar(): boolean {
    const { state } = this.#viewer.store;
    return modesOf(state).sweep === "bar" && !canScrub(state);
  }

  /** Time of a stored frame, from any zero (s, or its number). */
  timeOf(number: number): number {
    return this.timed ? (this.#viewer.cine.stored(number)?.timeS ?? Number.NaN) : number;
  }

  /** The stored frame nearest to a moment. */
  frameAt(timeS: number): number {
    const { firstFrame, frameCount } = this.#viewer.store.state;
    let [low, high] = [firstFrame, firstFrame + frameCount - 1];
    while (low < high) {
      const half = (low + high) >> 1;
      if ((this.timeOf(half) + this.timeOf(half + 1)) / 2 < timeS) low = half + 1;
      else high = half;
    }
    return low;
  }

  #take(image: Image, state: ViewerState): void {
    const { position, session } = state;
    const time = this.#viewer.cine.stored(position)?.timeS ?? image.frameTimeS ?? Number.NaN;
    const timeS = this.timed ? time : position;
    if (!this.#course || !Number.isFinite(timeS)) return;
    if (session?.live && !canScrub(state)) {
      const last = this.#columns.count - 1;
      const [number, newestS] = [this.#columns.numberOf(last), this.#columns.timeOf(last)];
      // The stream has begun anew, and counts from its beginning: it must not take the places of the frames before.
      if (position < number || timeS < newestS || (position === number && timeS > newestS)) {
        this.#forgetColumns();
        this.#run++;
      }
      this.#columns.dropBefore(state.firstFrame);
    }
    this.#columns.add(position, timeS, columnOn(this.#course, image, greyMapOf(state)));
    this.#written(position);
  }

  /** A column has come: its pixels, and those up to its neighbours, are written. */
  #written(number: number): void {
    const raster = this.#raster;
    if (!raster) return;
    const { periodS } = this;
    const [fromS, toS] = this.#columns.neighbourhood(number);
    const from = Math.max(raster.pixelOf(fromS - periodS), raster.end - raster.width);
    const to = Math.min(raster.end, raster.pixelOf(toS + periodS) + 1);
    raster.write(this.#columns, periodS, this.#colours, from, to);
  }

  /** Everything in sight is written again. */
  #rewrite(): void {
    const raster = this.#raster;
    if (!raster || !Number.isFinite(raster.end)) return;
    raster.write(this.#columns, this.periodS, this.#colours, raster.end - raster.width, raster.end);
    if (this.bar) raster.clearAhead();
  }

  /** Brings the strip to the moment it ends with. */
  #show(state: ViewerState): void {
    if (!this.#course || this.#width < 1) return;
    const { periodS, spanS } = this;
    let raster = this.#raster;
    if (
      !raster ||
      raster.height !== this.#course.count ||
      raster.width !== this.#width ||
      raster.pixelS !== spanS / this.#width
    ) {
      raster = this.#raster = new Raster(this.#width, this.#course.count, spanS);
      raster.end = Number.NEGATIVE_INFINITY;
    }
    const end = canScrub(state) ? this.#endForCursor(state, raster) : this.#endLive(raster);
    if (end === null || end === raster.end) return;
    const before = raster.end;
    raster.end = end;
    const from = end > before && end - before < raster.width ? before : end - raster.width;
    // What lies before the end may have been written when nothing was known behind it.
    const back = Math.ceil(periodS / raster.pixelS) + 1;
    raster.write(this.#columns, periodS, this.#colours, Math.max(from - back, end - raster.width), end);
    if (this.bar) raster.clearAhead();
  }

  #endLive(raster: Raster): number | null {
    const { count } = this.#columns;
    if (!count) return null;
    return raster.pixelOf(this.#columns.timeOf(count - 1) + this.periodS / 2) + 1;
  }

  #endForCursor({ cursor, firstFrame, frameCount }: ViewerState, raster: Raster): number | null {
    return endFor(raster, this.timeOf(cursor), this.timeOf(firstFrame + frameCount - 1), this.periodS);
  }

  #forgetColumns(): void {
    this.#stop();
    this.#columns.clear();
    this.#settled = "";
    if (this.#raster) this.#raster.end = Number.NEGATIVE_INFINITY;
    this.#raster?.pixels.fill(0);
  }

  #forget(): void {
    this.#forgetColumns();
    this.#raster = null;
    this.#plan?.close();
    this.#plan = undefined;
  }

  /** Stops computing stored frames. */
  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#computing) return;
    this.#turn++;
    this.#computing = false;
    this.#viewer.store.updateFeature("modes", { progress: null });
  }

  #wantStored(): void {
    if (this.#computing || this.#timer !== undefined || this.#wanted() === this.#settled) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#compute(++this.#turn);
    }, REST_MS);
  }

  #wanted(): string {
    const { session, firstFrame, frameCount } = this.#viewer.store.state;
    return session ? `${this.#course?.key} ${this.#applied} ${firstFrame} ${frameCount}` : "";
  }

  /** Stored frames without a column: those in sight, then the others, each in order. */
  #missing(): number[] {
    const { firstFrame, frameCount, session } = this.#viewer.store.state;
    if (!session) return [];
    const inSight: number[] = [];
    const others: number[] = [];
    const raster = this.#raster;
    for (let number = firstFrame; number < firstFrame + frameCount; number++) {
      if (this.#columns.has(number)) continue;
      const p = raster ? raster.pixelOf(this.timeOf(number)) : 0;
      if (raster && p >= raster.end - raster.width && p < raster.end) inSight.push(number);
      else others.push(number);
    }
    return [...inSight, ...others];
  }

  async #compute(turn: number): Promise<void> {
    const { store, session: sessions, cine } = this.#viewer;
    const { session, image } = store.state;
    if (!session || !image || !this.#course) return;
    this.#computing = true;
    this.#plan ??= new ExtraPlan(session.info, sessions.lease());
    const plan = this.#plan;
    const applied = sessions.applied;
    // Black and white are where the picture has them.
    const pipeline: Pipeline = {
      ...applied,
      display: { ...applied.display, reference: image.referenceAmplitude },
    };
    const missing = this.#missing();
    // Frames that are stored are no gaps while they are computed.
    for (const number of missing) {
      const timeS = this.timeOf(number);
      if (Number.isFinite(timeS)) this.#columns.add(number, timeS, null);
    }
    this.#rewrite();
    const wanted = this.#wanted();
    const isWanted = (): boolean => turn === this.#turn;
    let shownAtMs = Number.NEGATIVE_INFINITY;
    let spare: Image | undefined;
    try {
      const ways = await cine.ways(missing, { afresh: applied.display?.reference !== "hold" });
      for (const [done, number] of missing.entries()) {
        const stored = cine.stored(number);
        if (!stored) continue;
        const way = ways[done];
        if (way) await plan.goThrough(way, pipeline, isWanted);
        if (!isWanted()) return;
        const made = await plan.run(await stored.frame(), pipeline, spare);
        if (!isWanted()) return;
        const { state } = store;
        // The pipeline may give pictures of another shape than the one on the screen has.
        const course = courseLike(this.#course, state, made);
        if (course.key !== this.#course?.key) break;
        const timeS = this.timeOf(number);
        if (Number.isFinite(timeS)) {
          this.#columns.add(number, timeS, columnOn(course, made, greyMapOf(state)));
          this.#written(number);
        }
        spare = made;
        const nowMs = performance.now();
        if (nowMs - shownAtMs > SHOW_MS) {
          shownAtMs = nowMs;
          store.updateFeature("modes", { progress: done / missing.length });
          this.#viewer.repaint();
        }
        await breathe();
        if (!isWanted()) return;
      }
    } catch (error) {
      if (!isWanted()) return;
      const { unexpected } = store.state.language.messages.errors;
      sessions.fail(asSondeError(error, unexpected));
    }
    this.#settled = wanted;
    this.#computing = false;
    store.updateFeature("modes", { progress: null });
    this.#viewer.repaint();
  }
}
