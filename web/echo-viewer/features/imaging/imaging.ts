/** What the imaging drawer does: presets, undo, and the light of the TGC curve. */
import { GREY_MAPS, SondeError } from "../../../../host/index.ts";
import { showingWork } from "../../controllers/busy.ts";
import { emit } from "../../events.ts";
import { textsOf } from "../../languages/language.ts";
import { adjustedBy, askedPipeline, greyMapOf, settingsOf, type ViewerState } from "../../store.ts";
import type { Viewer } from "../feature.ts";
import { FADE_MS, STAY_MS } from "./curve.ts";
import { fitToFrame, untilPicture } from "./fit.ts";
import { History, type Snapshot } from "./history.ts";
import { download, linkTo } from "./link.ts";
import { readOwn, writeOwn } from "./own-presets.ts";
import {
  BUILT_IN,
  type Preset,
  presetOfSettings,
  readPreset,
  resolvePreset,
  sameSettings,
  settingsOfPreset,
  TEXT_LENGTH,
} from "./presets.ts";
import { type ImagingState, INITIAL, type Tab } from "./state.ts";
import { english, type Texts } from "./texts.ts";
import { pointsOf } from "./tgc.ts";

/** What gain and TGC are fitted to, and take the place of. */
const fittedOver = ({ session, depthM, preset, gainDb, adjusted }: ViewerState): unknown[] => [
  session,
  depthM,
  preset,
  gainDb,
  adjusted.display?.tgcDb,
];

export class Imaging {
  readonly viewer: Viewer;
  readonly #history: History;
  /** The text of the preset whose settings are in force. */
  #applied: string | null = null;
  /** The last text that was resolved. */
  #resolved: { text: string; own: readonly Preset[]; preset: Preset | undefined } | undefined;
  /** What was last said of a preset that was refused. */
  #said: SondeError | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #animation = 0;

  constructor(viewer: Viewer) {
    this.viewer = viewer;
    const { store } = viewer;
    const { opened } = this.state;
    store.updateFeature("imaging", { ...INITIAL, own: readOwn(this.texts), opened: undefined });
    if (store.state.preset !== null) this.#begin(store.state.preset);
    this.#history = new History(store.state);
    store.subscribe((state, previous) => this.#follow(state, previous));
    viewer.host.addController({ hostDisconnected: () => this.#dark() });
    this.#open(opened);
  }

  get texts(): Texts {
    return textsOf(this.viewer.store.state.language, "imaging", english);
  }

  get state(): ImagingState {
    return this.viewer.store.state.features.imaging ?? INITIAL;
  }

  #set(change: Partial<ImagingState>): void {
    this.viewer.store.updateFeature("imaging", change);
  }

  /** Applies the preset in a file that was opened. */
  #open(text: string | undefined): void {
    if (text === undefined) return;
    this.#set({ opened: undefined });
    try {
      this.pick(JSON.stringify(readPreset(text, this.texts)));
    } catch (error) {
      this.#fail(error);
    }
  }

  #follow(state: ViewerState, previous: ViewerState): void {
    const { opened } = this.state;
    if (opened !== previous.features.imaging?.opened) this.#open(opened);
    if (state.preset !== previous.preset && state.preset !== this.#applied) this.#followPreset(state.preset);
    const { store, session } = this.viewer;
    if (this.#history.note(store.state, performance.now(), session.restoring)) this.#tellSteps();
    const tgc = (of: ViewerState) => askedPipeline(of).display?.tgcDb;
    // A slider lights the curve itself: it knows the point.
    if (
      state.drawer === "imaging" &&
      tgc(state) !== tgc(previous) &&
      this.state.litAtMs < performance.now() - 50
    )
      this.light(null);
  }

  #tellSteps(): void {
    const { canUndo, canRedo } = this.#history;
    if (canUndo !== this.state.canUndo || canRedo !== this.state.canRedo) this.#set({ canUndo, canRedo });
  }

  // ---- Presets

  /** The preset asked for; undefined when there is none, or no such one. */
  get preset(): Preset | undefined {
    const { preset: text } = this.viewer.store.state;
    if (text === null) return undefined;
    const { own } = this.state;
    if (this.#resolved?.text !== text || this.#resolved.own !== own) {
      let preset: Preset | undefined;
      try {
        preset = resolvePreset(text, this.texts, own);
      } catch {
        preset = undefined; // said when it was asked for
      }
      this.#resolved = { text, own, preset };
    }
    return this.#resolved.preset;
  }

  /** Whether settings were changed since the preset, or the page's own. */
  get changed(): boolean {
    return !sameSettings(settingsOf(this.viewer.store.state), settingsOfPreset(this.preset ?? {}));
  }

  /** Puts the one before back and says why there is none; what was said of another is over when there is one. */
  #resolve(text: string): Preset | undefined {
    try {
      const preset = resolvePreset(text, this.texts, this.state.own);
      const { store } = this.viewer;
      if (this.#said && store.state.error?.error === this.#said) store.update({ error: null });
      return preset;
    } catch (error) {
      // Whoever hears of it may ask what is in force.
      this.viewer.store.update({ preset: this.#applied });
      this.#fail(error);
      return undefined;
    }
  }

  #fail(error: unknown): void {
    if (!(error instanceof Error)) throw error;
    const { session, store } = this.viewer;
    const { unexpected } = store.state.language.messages.errors;
    this.#said =
      error instanceof SondeError
        ? error
        : new SondeError("internal", unexpected(error.message), { cause: error });
    session.fail(this.#said);
  }

  /** The preset that the page asked for before there was anybody to follow it: what was chosen since goes before it. */
  #begin(text: string): void {
    const preset = this.#resolve(text);
    if (!preset) return;
    this.#applied = text;
    const wanted = settingsOfPreset(preset);
    const { state } = this.viewer.store;
    const { settingsBeforePreset: old } = state;
    const chosen = <Key extends "gainDb" | "dynamicRangeDb" | "depthM">(key: Key): number | null =>
      state[key] === old?.[key] ? null : state[key];
    this.viewer.store.update({
      adjusted:
        state.adjusted === old?.adjusted ? wanted.adjusted : adjustedBy(wanted.adjusted, state.adjusted),
      gainDb: chosen("gainDb") ?? wanted.gainDb,
      dynamicRangeDb: chosen("dynamicRangeDb") ?? wanted.dynamicRangeDb,
      depthM: chosen("depthM") ?? wanted.depthM,
      depthBounds: wanted.depthBounds,
    });
  }

  /** The page asks for another one. */
  #followPreset(text: string | null): void {
    const preset = text === null ? undefined : this.#resolve(text);
    if (text !== null && !preset) return;
    this.#applied = text;
    if (preset) this.viewer.store.update(settingsOfPreset(preset));
  }

  /** A person chooses one, by name or as JSON; null: the page's own settings. */
  pick(text: string | null): void {
    const preset = text === null ? undefined : this.#resolve(text);
    if (text !== null && !preset) return;
    this.#applied = text;
    this.viewer.commands.choose({ ...settingsOfPreset(preset ?? {}), preset: text });
    this.viewer.announce(this.texts.presetApplied(this.#presetName));
    this.#tellApplied();
  }

  get #presetName(): string {
    return this.preset?.name ?? this.texts.noPreset;
  }

  #tellApplied(): void {
    emit(this.viewer.host, "echo-preset", { action: "apply", name: this.#presetName });
  }

  /** Back to the preset, or to the page's own settings. */
  reset(): void {
    this.viewer.commands.choose(settingsOfPreset(this.preset ?? {}));
    this.#tellApplied();
    this.viewer.announce(this.texts.resetDone);
  }

  #current(name: string): Preset {
    const { state } = this.viewer.store;
    const info = state.session?.info;
    return presetOfSettings(name, settingsOf(state), info?.kind === "channels" ? info.probe.kind : undefined);
  }

  /** Stores the settings under the name in the field, in this browser. */
  save(): void {
    const name = this.state.name.trim();
    if (!name) return;
    if (Object.hasOwn(BUILT_IN, name)) {
      const fields = { option: "preset", value: name };
      this.#fail(new SondeError("bad-option", this.texts.presetErrors.taken(name), { fields }));
      return;
    }
    // As they are now: another page of the site may have saved or deleted some.
    const own = [...readOwn(this.texts).filter((one) => one.name !== name), this.#current(name)];
    try {
      writeOwn(own, this.texts);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#applied = name;
    this.#set({ own, name: "" });
    this.viewer.store.update({ preset: name });
    this.viewer.announce(this.texts.presetSaved(name));
    emit(this.viewer.host, "echo-preset", { action: "save", name });
  }

  /** Forgets one of a person's own. The settings stay. */
  remove(name: string): void {
    const own = readOwn(this.texts).filter((one) => one.name !== name);
    try {
      writeOwn(own, this.texts);
    } catch (error) {
      this.#fail(error);
      return;
    }
    if (this.viewer.store.state.preset === name) {
      this.#applied = null;
      this.viewer.store.update({ preset: null });
    }
    this.#set({ own });
    this.viewer.announce(this.texts.presetRemoved(name));
    emit(this.viewer.host, "echo-preset", { action: "delete", name });
  }

  /** Applies the preset in a file. */
  async load(file: Blob): Promise<void> {
    // One letter more shows that it is too long.
    this.#open(await file.slice(0, TEXT_LENGTH + 1).text());
  }

  /** What the settings are called when they are given away. */
  get #name(): string {
    return this.state.name.trim() || this.preset?.name || this.texts.preset;
  }

  /** The settings as a file. */
  download(): void {
    download(this.#current(this.#name));
  }

  /** Copies a link with the settings; where a browser does not let it, the link is shown to be copied by hand. */
  async share(): Promise<void> {
    const link = linkTo(this.#current(this.#name), location.href);
    this.#set({ link });
    const copied = await (navigator.clipboard?.writeText(link) ?? Promise.reject()).then(
      () => true,
      () => false,
    );
    this.viewer.announce(copied ? this.texts.linkCopied : this.texts.linkShown);
  }

  // ---- Undo

  undo(): void {
    this.#go(this.#history.undo(), this.texts.undone);
  }

  redo(): void {
    this.#go(this.#history.redo(), this.texts.redone);
  }

  #go(snapshot: Snapshot | undefined, said: string): void {
    if (!snapshot) return;
    this.#applied = snapshot.preset;
    this.viewer.commands.choose(snapshot);
    if (!this.changed) this.#tellApplied();
    this.#tellSteps();
    this.viewer.announce(said);
  }

  // ---- Controls

  show(tab: Tab): void {
    this.#set({ tab });
  }

  write(name: string): void {
    this.#set({ name });
  }

  nextGreyMap(): void {
    const { state } = this.viewer.store;
    const greyMap = GREY_MAPS[(GREY_MAPS.indexOf(greyMapOf(state)) + 1) % GREY_MAPS.length];
    this.viewer.commands.adjust({ display: { greyMap } });
    this.viewer.announce(`${this.texts.greyMap}: ${this.texts.greyMaps[greyMap]}`);
  }

  /** Sets one point of the time-gain compensation (dB). */
  setPoint(point: number, db: number): void {
    this.light(point);
    const points = pointsOf(askedPipeline(this.viewer.store.state).display?.tgcDb);
    points[point] = db;
    this.viewer.commands.adjust({ display: { tgcDb: points } });
  }

  neutral(): void {
    this.light(null);
    this.viewer.commands.adjust({ display: { tgcDb: pointsOf([]) } });
  }

  /** Fits gain and TGC to the picture, as one step of Undo. @returns whether they were */
  async autoGain(): Promise<boolean> {
    const { store, commands } = this.viewer;
    const { session } = store.state;
    if (!session || this.state.fitting) return false;
    this.#set({ fitting: true });
    try {
      if (!(await untilPicture(store, session))) return false;
      const before = fittedOver(store.state);
      const fitted = await showingWork(store, () => fitToFrame(this.viewer));
      const { state } = store;
      // What suits one source, or one depth, does not suit another, and what was chosen meanwhile stays.
      if (fittedOver(state).some((value, i) => value !== before[i])) return false;
      if (!fitted) throw new SondeError("missing-data", this.texts.noEchoes);
      const { gainDb, tgcDb } = fitted;
      if (tgcDb.length) this.light(null);
      const display = tgcDb.length ? { tgcDb } : {};
      commands.choose({ gainDb, adjusted: adjustedBy(state.adjusted, { display }) });
      this.viewer.announce(this.texts.fitted(state.language.messages.decibelsSpoken(gainDb)));
      return true;
    } catch (error) {
      if (store.state.session === session) this.#fail(error);
      return false;
    } finally {
      this.#set({ fitting: false });
    }
  }

  // ---- The light of the curve

  /** The curve appears; `point`: the one that is changed. */
  light(point: number | null): void {
    const held = this.state.litAtMs === Number.POSITIVE_INFINITY;
    this.#set({ point, litAtMs: held ? Number.POSITIVE_INFINITY : performance.now() });
    this.viewer.redraw();
    if (!held) this.#fadeLater();
  }

  /** The curve stays while a slider is held. */
  hold(point: number): void {
    clearTimeout(this.#timer);
    this.#set({ point, litAtMs: Number.POSITIVE_INFINITY });
    this.viewer.redraw();
  }

  release(): void {
    if (this.state.litAtMs !== Number.POSITIVE_INFINITY) return;
    this.#set({ litAtMs: performance.now() });
    this.#fadeLater();
  }

  #fadeLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#fade, STAY_MS);
  }

  readonly #fade = (): void => {
    cancelAnimationFrame(this.#animation);
    this.viewer.redraw();
    const sinceMs = performance.now() - this.state.litAtMs;
    if (sinceMs < STAY_MS + FADE_MS) this.#animation = requestAnimationFrame(this.#fade);
  };

  /** No timer outlives the element. */
  #dark(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#animation);
    this.#set({ litAtMs: Number.NEGATIVE_INFINITY });
  }
}
