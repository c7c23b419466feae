/**
 * Frames that were kept to be compared with: one, or the last seconds. They have the pipeline they were kept with, and the picture that
 * was on the screen. Nothing of them is ever live.
 */
import type { Acquisition, Frame, Image, Pipeline } from "../../../../host/index.ts";
import { besideOf } from "../../beside.ts";
import { firstBefore } from "../../controllers/frames-before.ts";
import type { Way } from "../../controllers/replay.ts";
import { type Patient, patientOf, samePatient } from "../../patient.ts";
import { dynamicRangeOf, type ViewerState } from "../../store.ts";
import { ExtraPlan } from "../extra-plan.ts";
import type { Viewer } from "../feature.ts";
import { type ArrayPlace, type Content, nextContent } from "./content.ts";
import type { Slot } from "./state.ts";

/** Most memory of a kept clip (bytes), the same again for the frames before it that it is averaged with, and its greatest length (s). */
const CLIP_BYTES = 16 * 2 ** 20;
const CLIP_S = 10;

/** Frame rate of clips whose times are not known (Hz). */
const DEFAULT_RATE_HZ = 10;

interface Kept {
  frame: Frame;
  /** NaN: not known. */
  timeS: number;
  /** What the plan goes through before it; undefined: it goes on from the one before. */
  way?: Way | undefined;
}

/** What was on the screen. */
interface Seen {
  image: Image;
  applied: Pipeline;
  dynamicRangeDb: number;
  array: ArrayPlace;
  keptAtS: number;
  fromLive: boolean;
  source: Acquisition;
  recordedS: number;
  patient: Patient | null;
}

/** Time of a frame that arrived at this moment of `performance.now()`, on the clock on the wall (s since 1970). */
const wallClockS = (arrivedAtMs: number): number => (Date.now() - performance.now() + arrivedAtMs) / 1000;

/** The way without the first of its frames that are too much to keep, read while they can be. */
async function readWay({ past, frames }: Way): Promise<Way> {
  const read: Frame[] = [];
  let bytes = 0;
  for (const frame of [...frames].reverse()) {
    const earlier = await frame();
    bytes += earlier.samples.byteLength;
    if (bytes > CLIP_BYTES) break;
    read.unshift(earlier);
  }
  return {
    frames: read.map((frame) => async () => frame),
    ...(past && read.length === frames.length && { past }),
  };
}

export class StoredContent implements Content {
  readonly live = false;
  readonly dynamicRangeDb: number;
  readonly greyMap: Content["greyMap"];
  readonly array: ArrayPlace;
  image: Image;
  readonly #number = nextContent();
  readonly #pipeline: Pipeline;
  readonly #kept: readonly Kept[];
  readonly #plan: ExtraPlan;
  /** When the frame on the screen came: seconds since 1970 for live sources, from the beginning for recordings. */
  readonly #keptAtS: number;
  readonly #fromLive: boolean;
  readonly #source: Acquisition;
  readonly #recordedS: number;
  /** Whose it is; null: nobody said. */
  readonly #patient: Patient | null;
  readonly #changed: () => void;
  #shown: number;
  #wanted: number;
  /** The frame that the plan holds the average of. */
  #averaged: number | undefined;
  /** The plan has made a picture: the first one came with the screen's. */
  #stepped = false;
  #busy = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(seen: Seen, kept: readonly Kept[], plan: ExtraPlan, changed: () => void) {
    const { image, applied, dynamicRangeDb, array, keptAtS, fromLive, source, recordedS, patient } = seen;
    this.#changed = changed;
    this.#kept = kept;
    this.#shown = this.#wanted = kept.length - 1;
    this.image = image;
    // Black and white stay where a live picture had them; a recording's are each frame's own.
    this.#pipeline =
      applied.display?.reference === "hold"
        ? { ...applied, display: { ...applied.display, reference: image.referenceAmplitude } }
        : applied;
    this.dynamicRangeDb = dynamicRangeDb;
    this.greyMap = applied.display?.greyMap ?? "gray";
    this.array = array;
    this.#plan = plan;
    this.#keptAtS = keptAtS;
    this.#fromLive = fromLive;
    this.#source = source;
    this.#recordedS = recordedS;
    this.#patient = patient;
  }

  /** Keeps the picture on the screen, and with `clip` the frames before it. @returns null when there is none */
  static async keep(viewer: Viewer, clip: boolean, changed: () => void): Promise<StoredContent | null> {
    const { state } = viewer.store;
    const { image, session, position } = state;
    if (!image || !session) return null;
    const last = viewer.cine.stored(position);
    const { arrayCentreM, focusM } = besideOf(state);
    // All of it now: while frames are read, the next picture comes, and takes this one's buffer.
    const seen: Seen = {
      image: { ...image, pixels: image.pixels.slice() },
      applied: viewer.session.applied,
      dynamicRangeDb: dynamicRangeOf(state),
      array: { arrayCentreM, focusM },
      fromLive: session.live,
      source: session.info,
      recordedS: state.storedS,
      patient: patientOf(state),
      keptAtS: session.live ? wallClockS(state.arrivedAtMs) : state.positionS,
    };
    const kept: Kept[] = [];
    let bytes = 0;
    for (let number = position; number >= state.firstFrame; number--) {
      const stored = viewer.cine.stored(number);
      if (!stored) break;
      const frame = await stored.frame();
      bytes += frame.samples.byteLength;
      if (kept.length && (bytes > CLIP_BYTES || (last && last.timeS - stored.timeS > CLIP_S))) break;
      kept.unshift({ frame, timeS: stored.timeS });
      if (!clip) break;
    }
    const first = position - kept.length + 1;
    const ways = await viewer.cine.ways(kept.map((_, k) => first + k));
    for (const [k, way] of ways.entries()) kept[k].way = way && (k ? way : await readWay(way));
    if (viewer.store.state.session !== session || !kept.length) return null;
    return new StoredContent(seen, kept, new ExtraPlan(session.info, viewer.session.lease()), changed);
  }

  get key(): string {
    return `${this.#number}@${this.#shown}`;
  }

  get slot(): Slot {
    const kept = this.#kept;
    const last = kept[kept.length - 1];
    const behindS = last.timeS - kept[this.#shown].timeS;
    return {
      kind: "stored",
      frames: kept.length,
      shown: this.#shown,
      fromLive: this.#fromLive,
      source: this.#source,
      timeS: this.#keptAtS - (Number.isFinite(behindS) ? behindS : 0),
      recordedS: this.#recordedS,
      playing: this.#timer !== undefined,
    };
  }

  /** It would stand under the name of somebody else, or of somebody where nobody said whose it is. */
  isAnothers(state: ViewerState): boolean {
    const patient = patientOf(state);
    return patient !== null && !samePatient(this.#patient, patient);
  }

  /** Shows the kept frame so many places on, round and round. */
  step(frames: number): void {
    const count = this.#kept.length;
    this.#wanted = (((this.#wanted + frames) % count) + count) % count;
    void this.#run();
  }

  togglePlay(): void {
    if (this.#timer !== undefined) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      // Playing, it went on from the frame before: what stands is averaged with all that were.
      void this.#run();
    } else if (this.#kept.length > 1) this.#play();
    this.#changed();
  }

  #play(): void {
    const kept = this.#kept;
    const next = (this.#wanted + 1) % kept.length;
    const step = next ? kept[next].timeS - kept[this.#wanted].timeS : Number.NaN;
    const average = (kept[kept.length - 1].timeS - kept[0].timeS) / (kept.length - 1);
    const seconds = Number.isFinite(step) ? step : Number.isFinite(average) ? average : 1 / DEFAULT_RATE_HZ;
    this.#timer = setTimeout(
      () => {
        this.step(1);
        this.#play();
      },
      Math.max(15, seconds * 1000),
    );
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#plan.close();
  }

  async #run(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (!this.#rests && !this.#plan.closed) {
        const wanted = this.#wanted;
        const playing = this.#timer !== undefined;
        const whole = await this.#goTo(wanted);
        if (!playing && !whole) continue;
        this.image = await this.#plan.run(this.#kept[wanted].frame, this.#pipeline);
        this.#shown = wanted;
        this.#stepped = true;
        this.#averaged = whole ? wanted : undefined;
        this.#changed();
      }
    } catch {
      // The engine has failed, and the viewer says so: the kept picture stays.
      this.#wanted = this.#shown;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#changed();
    } finally {
      this.#busy = false;
    }
  }

  /** What is on the screen is what is wanted, averaged with all before it. */
  get #rests(): boolean {
    const { persistence } = this.#pipeline.display ?? {};
    const whole =
      !persistence || !this.#stepped || this.#timer !== undefined || this.#averaged === this.#shown;
    return this.#wanted === this.#shown && whole;
  }

  /**
   * Has the plan go through the frames that are averaged with this one, while it is the one wanted. What plays goes on from the frame
   * that was shown before. @returns whether the next picture has all of them in it
   */
  async #goTo(wanted: number): Promise<boolean> {
    const averaged = this.#averaged;
    this.#averaged = undefined;
    const kept = this.#kept;
    const { persistence } = this.#pipeline.display ?? {};
    if (!persistence || (averaged === wanted - 1 && !kept[wanted].way)) return true;
    if (this.#timer !== undefined) return false;
    const earliest = firstBefore(wanted, persistence);
    let first = wanted;
    while (first > earliest && !kept[first].way) first--;
    const { past, frames = [] } = kept[first].way ?? {};
    const through = kept.slice(first, wanted).map(({ frame }) => frame);
    const way = { frames: [...frames, ...through.map((frame) => async () => frame)], ...(past && { past }) };
    return this.#plan.goThrough(way, this.#pipeline, () => wanted === this.#wanted);
  }
}
