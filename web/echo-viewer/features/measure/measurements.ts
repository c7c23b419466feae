/**
 * The list of what was measured: adds, changes, deletes, undoes, and tells the page. A new source has none of the last one's. What
 * was measured on a frame stays with that frame; what was measured on a moving picture, and notes, are on all frames.
 */
import type { Image } from "../../../../host/index.ts";
import { asSondeError } from "../../controllers/renderer.ts";
import { emit } from "../../events.ts";
import { isAnother, type Patient, patientOf, samePatient } from "../../patient.ts";
import { isOver, type Request, type Session, sameRequest, type ViewerState } from "../../store.ts";
import type { Viewer } from "../feature.ts";
import {
  type EchoMeasureDetail,
  type Measurement,
  type MeasurementsDocument,
  NO_MEASUREMENTS,
} from "./document.ts";
import { belongsTo, groundsOf, liesOn, MAIN } from "./ground.ts";
import { begin, commit, type History, mapped, redo, undo } from "./history.ts";
import { GONE, type Item, without } from "./item.ts";
import { checkCount, readMeasurements } from "./read.ts";
import type { MeasureState } from "./state.ts";
import { type Result, resultOf } from "./values.ts";

const NOTHING: MeasureState = {
  history: begin<readonly Item[]>([]),
  selected: null,
  draft: null,
  series: [],
  saved: NO_MEASUREMENTS,
  given: undefined,
};

/** The picture moves by itself: no frame of it can be come back to. */
export function isMoving({ session, frozen, playing, ...rest }: ViewerState): boolean {
  return playing || Boolean(session?.live && !frozen && !isOver({ session, frozen, playing, ...rest }));
}

/** Has a frame that is stored. */
const isBound = ({ frame }: Item): boolean => frame !== null && frame !== GONE;

/** The item on a frame so many further on. */
function moved(item: Item, frames: number): Item {
  return isBound(item) && frames ? { ...item, frame: Math.max(GONE, item.frame! + frames) } : item;
}

/** Their frames are not stored any more. */
function withoutFrames(items: readonly Item[]): readonly Item[] {
  return items.some(isBound) ? items.map((item) => (isBound(item) ? { ...item, frame: GONE } : item)) : items;
}

export class Measurements {
  readonly #viewer: Viewer;
  /** Whose pictures they were made on, as far as anybody said. */
  #whose: Patient | null;
  /** Whom the page named when it gave some: they are that patient's, whoever's picture is still open. */
  #givenFor: Patient | null = null;
  /** The source they were made on, and what was asked for to open it, where that is known; null: none was open. */
  #madeFor: { source: Session["source"]; request: Request | null } | null = null;

  constructor(viewer: Viewer) {
    this.#viewer = viewer;
    this.#madeFor = this.#open();
    this.#whose = patientOf(viewer.store.state);
    const { given, opened } = this.state;
    viewer.store.updateFeature("measure", { ...NOTHING, given });
    viewer.store.subscribe((state, previous) => this.#follow(state, previous));
    this.#take(given);
    this.#addAll(opened);
  }

  get state(): MeasureState {
    return this.#viewer.store.state.features.measure ?? NOTHING;
  }

  get items(): readonly Item[] {
    return this.state.history.present;
  }

  get selected(): Item | undefined {
    return this.byId(this.state.selected);
  }

  byId(id: number | null): Item | undefined {
    return this.items.find((item) => item.id === id);
  }

  /** Above every id there is or was, so that undo brings no two of one number. */
  get nextId(): number {
    const { past, present, future } = this.state.history;
    return 1 + Math.max(0, ...[...past, present, ...future].flat().map(({ id }) => id));
  }

  /** The frame that what is measured now belongs to. */
  get frame(): number | null {
    const { state } = this.#viewer.store;
    return isMoving(state) ? null : state.position;
  }

  readonly imageOf = (pane: string, content?: string): Image | null =>
    pane === MAIN
      ? this.#viewer.store.state.image
      : (groundsOf(this.#viewer).find((ground) => liesOn({ pane, content }, ground))?.image ?? null);

  resultOf(item: Item, items: readonly Item[] = this.items): Result {
    return resultOf(item, items, this.imageOf);
  }

  /** Adds items in one step, and selects the last of them. */
  add(...added: readonly Item[]): void {
    this.#commit([...this.items, ...added]);
    this.update({ selected: added[added.length - 1].id });
  }

  change(changed: Item): void {
    this.#commit(this.items.map((item) => (item.id === changed.id ? changed : item)));
  }

  /** What can be deleted: what is not locked, nor part of something that is. */
  get #free(): readonly Item[] {
    const kept = new Set(
      this.items.flatMap((item) =>
        item.locked ? [item.id, ...(item.kind === "volume" ? item.of : [])] : [],
      ),
    );
    return this.items.filter(({ id }) => !kept.has(id));
  }

  /** Deletes an item that is not locked, and volumes that are made of it. @returns whether it did. */
  remove(id: number): boolean {
    if (!this.#free.some((item) => item.id === id)) return false;
    this.#commit(without(this.items, new Set([id])));
    return true;
  }

  /** Deletes all that are not locked. */
  clear(): void {
    const ids = this.#free.map(({ id }) => id);
    if (ids.length) this.#commit(without(this.items, new Set(ids)));
  }

  undo(): boolean {
    return this.#go(undo(this.state.history));
  }

  redo(): boolean {
    return this.#go(redo(this.state.history));
  }

  select(id: number | null): void {
    this.update({ selected: id });
  }

  update(change: Partial<MeasureState>): void {
    this.#viewer.store.updateFeature("measure", change);
  }

  /** As a page keeps it. */
  saved(items: readonly Item[]): MeasurementsDocument {
    return { ...NO_MEASUREMENTS, measurements: items.map((item) => this.#measurement(item, items)) };
  }

  /** Frames are counted from the oldest that is stored, as a recording made of them counts them. */
  #measurement(item: Item, items: readonly Item[]): Measurement {
    const { values, why } = this.resultOf(item, items);
    const measurement = {
      ...moved(item, -this.#viewer.store.state.firstFrame),
      ...(values.length ? { values } : undefined),
      ...(why ? { why } : undefined),
    };
    delete measurement.content;
    return measurement;
  }

  #commit(items: readonly Item[]): void {
    this.#go(commit(this.state.history, items));
  }

  #go(history: History<readonly Item[]>): boolean {
    const before = this.items;
    if (history.present === before) return false;
    const { selected, series } = this.state;
    const there = new Set(history.present.map(({ id }) => id));
    this.update({
      history,
      saved: this.saved(history.present),
      selected: selected !== null && there.has(selected) ? selected : null,
      series: series.filter((id) => there.has(id)),
    });
    this.#tell(before, history.present);
    return true;
  }

  /** Says what differs, each kind of difference once. */
  #tell(before: readonly Item[], after: readonly Item[]): void {
    const was = new Map(before.map((item) => [item.id, item]));
    const is = new Map(after.map((item) => [item.id, item]));
    const say = (
      action: EchoMeasureDetail["action"],
      items: readonly Item[],
      among: readonly Item[],
    ): void => {
      if (!items.length) return;
      const measurements = items.map((item) => this.#measurement(item, among));
      emit(this.#viewer.host, "echo-measure", { action, measurements });
    };
    say(
      "delete",
      before.filter(({ id }) => !is.has(id)),
      before,
    );
    say(
      "add",
      after.filter(({ id }) => !was.has(id)),
      after,
    );
    say(
      "change",
      after.filter((item) => was.has(item.id) && was.get(item.id) !== item),
      after,
    );
  }

  /** Starts again with these, without a history. */
  #reset(items: readonly Item[]): void {
    this.update({ ...NOTHING, history: begin(items), saved: this.saved(items) });
  }

  #take(given: unknown): void {
    if (given === undefined) return;
    try {
      this.#reset(this.#read(given));
      this.#madeFor = this.#open();
      // A patient that is named in the same task is meant, too.
      const mean = (): void => {
        this.#givenFor = this.#viewer.store.state.patient;
      };
      mean();
      queueMicrotask(mean);
    } catch (error) {
      this.update({ given: undefined });
      this.#fail(error);
    }
  }

  /** What a page or a file has, on the frames that are stored. @throws SondeError */
  #read(given: unknown): readonly Item[] {
    const { state } = this.#viewer.store;
    const items = readMeasurements(given);
    // No frame of a picture that moves is one of those that were measured on.
    const moves = state.session?.live && isMoving(state);
    return moves ? withoutFrames(items) : items.map((item) => moved(item, state.firstFrame));
  }

  #fail(error: unknown): void {
    const { session, store } = this.#viewer;
    session.fail(asSondeError(error, store.state.language.messages.errors.unexpected));
  }

  #addAll(opened: readonly string[] | undefined): void {
    if (opened === undefined) return;
    this.update({ opened: undefined });
    this.#madeFor ??= this.#open();
    for (const text of opened) this.#add(text);
  }

  /** Adds those of a file in one step, numbered on from those there are. */
  #add(text: string): void {
    try {
      const items = this.#read(text);
      checkCount(this.items.length + items.length);
      const { nextId } = this;
      const ids = new Map(items.map(({ id }, i) => [id, nextId + i]));
      const renumbered = items.map((item) => ({
        ...item,
        id: ids.get(item.id)!,
        ...(item.kind === "volume" ? { of: item.of.map((id) => ids.get(id)!) } : {}),
      }));
      if (items.length) this.#commit([...this.items, ...renumbered]);
      this.#viewer.store.update({ drawer: "measure" });
    } catch (error) {
      this.#fail(error);
    }
  }

  #follow(state: ViewerState, previous: ViewerState): void {
    const { given, opened } = state.features.measure ?? {};
    if (opened !== undefined && opened !== previous.features.measure?.opened) {
      this.#addAll(opened);
      return;
    }
    if (given !== undefined && given !== previous.features.measure?.given) {
      this.#take(given);
      return;
    }
    const patient = patientOf(state);
    const another = isAnother(this.#whose, patient);
    this.#whose = patient ?? this.#whose;
    if (another && !(this.#givenFor && samePatient(this.#givenFor, patient))) this.#reset([]);
    if (state.session !== previous.session && state.session) {
      // It has just been opened: the session's request is its own, whatever has been asked for since.
      const { request } = this.#viewer.session;
      const { source, live } = state.session;
      const before = this.#madeFor;
      const same = before?.source === source || (before?.request && sameRequest(before.request, request));
      if (before && !same) this.#reset(this.#kept());
      else if (live) this.#forgetFrames();
      // A source that is set up anew was not opened anew.
      this.#madeFor = before?.source === source ? before : { source, request };
    } else if (state.session?.live) {
      // The device of a picture that runs may be away: its stored frames go when there are newer ones.
      if (!state.frameCount && previous.frameCount) this.#forgetFrames();
      else if (isMoving(state) && !isMoving(previous)) this.#endDraft();
    }
  }

  /** What lies on pictures that were kept, which stay beside another source. */
  #kept(): readonly Item[] {
    const grounds = groundsOf(this.#viewer).filter(({ id, follows }) => id !== MAIN && !follows);
    const lie = this.items.filter(
      (item) => item.kind !== "volume" && grounds.some((ground) => belongsTo(item, ground)),
    );
    const ids = new Set(lie.map(({ id }) => id));
    return this.items.filter(
      (item) => ids.has(item.id) || (item.kind === "volume" && item.of.every((id) => ids.has(id))),
    );
  }

  /** What is open. While another source is opened, or could not be, what was asked for is not what is open. */
  #open(): { source: Session["source"]; request: Request | null } | null {
    const { session, loading, error } = this.#viewer.store.state;
    const request = loading || error ? null : this.#viewer.session.request;
    return session && { source: session.source, request };
  }

  /** The stored frames are gone: what was measured on them keeps its values, and is drawn no more. */
  #forgetFrames(): void {
    const next = mapped(this.state.history, withoutFrames);
    this.update({ history: next, saved: this.saved(next.present) });
    this.#endDraft();
  }

  /** What was begun on one frame is not ended on others. */
  #endDraft(): void {
    const { draft } = this.state;
    if (draft && draft.frame !== null) this.update({ draft: null });
  }
}
