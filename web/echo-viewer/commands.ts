/** What a person or a page can ask of the viewer. Buttons, sliders, keys and the element's methods all end here. */
import type { LiveTarget, Protocol } from "../../host/index.ts";
import { millimetres } from "./attributes.ts";
import type { CineController } from "./controllers/cine.ts";
import type { SessionController } from "./controllers/session.ts";
import { emit } from "./events.ts";
import { type Clip, REPEATS, type Repeat, SPEED_LIMITS, SPEEDS } from "./playback.ts";
import {
  type Adjusted,
  adjustedBy,
  askedPipeline,
  canScrub,
  clipOf,
  DYNAMIC_RANGE_LIMITS_DB,
  depthOf,
  depthRangeOf,
  dynamicRangeOf,
  GAIN_LIMITS_DB,
  gainOf,
  greyMapOf,
  requestOf,
  type Settings,
  type Store,
  type ViewerState,
} from "./store.ts";

/** One step of the depth control (m). */
const DEPTH_STEP_M = 0.005;

function clamp(value: number, [min, max]: readonly [number, number]): number {
  return Math.min(max, Math.max(min, value));
}

export class Commands {
  readonly #host: HTMLElement;
  readonly #store: Store;
  readonly #session: SessionController;
  readonly #cine: CineController;
  /** Who is given a file first. @returns true: it was taken, and is no recording. */
  takesFile: (file: File) => boolean = () => false;

  constructor(host: HTMLElement, store: Store, session: SessionController, cine: CineController) {
    this.#host = host;
    this.#store = store;
    this.#session = session;
    this.#cine = cine;
  }

  /** Stops or continues a live picture, or one that is still to come, unless a listener of `echo-before-freeze` objects. */
  setFrozen(frozen: boolean): void {
    const { state } = this.#store;
    const toCome = !state.session && requestOf(state) !== null;
    if (state.frozen === frozen || !(state.session?.live || toCome)) return;
    if (emit(this.#host, "echo-before-freeze", { frozen }))
      this.#store.update({ frozen, reprocessed: false });
  }

  /** The one big key: freeze or run what is live, play or pause what is stored. */
  toggle(): void {
    const { session, frozen } = this.#store.state;
    if (session?.live) this.setFrozen(!frozen);
    else this.togglePlay();
  }

  togglePlay(): void {
    if (this.#store.state.playing) this.#cine.pause();
    else this.#cine.play();
  }

  /** Shows the stored frame so many places on. */
  step(frames: number): void {
    if (!canScrub(this.#store.state)) return;
    this.#cine.pause();
    this.#cine.show(this.#store.state.cursor + frames);
  }

  /** Shows a stored frame by its number in the store. */
  show(number: number): void {
    if (!canScrub(this.#store.state)) return;
    this.#cine.pause();
    this.#cine.show(number);
  }

  showEnd(end: "first" | "last"): void {
    const { firstFrame, frameCount } = this.#store.state;
    this.show(end === "first" ? firstFrame : firstFrame + frameCount - 1);
  }

  setSpeed(speed: number): void {
    this.#store.update({ speed: clamp(speed, SPEED_LIMITS) });
  }

  /** Goes to the next speed on offer. */
  changeSpeed(steps: 1 | -1): void {
    const { speed } = this.#store.state;
    const next = steps > 0 ? SPEEDS.find((one) => one > speed) : SPEEDS.findLast((one) => one < speed);
    if (next !== undefined) this.setSpeed(next);
  }

  setRepeat(repeat: Repeat): void {
    this.#store.update({ repeat });
  }

  nextRepeat(): void {
    const { repeat } = this.#store.state;
    this.setRepeat(REPEATS[(REPEATS.indexOf(repeat) + 1) % REPEATS.length]);
  }

  /** Begins or ends the part that plays at the stored frame shown. An end that would lie before the other moves it along. */
  trimAt(end: "first" | "last"): void {
    const { state } = this.#store;
    const { first, last } = clipOf(state);
    const { cursor } = state;
    this.setTrim(
      end === "first"
        ? { first: cursor, last: Math.max(cursor, last) }
        : { first: Math.min(first, cursor), last: cursor },
    );
  }

  /** The part of the stored frames that plays; null: all. A picture that runs has none. */
  setTrim(trim: Clip | null): void {
    const { state } = this.#store;
    const before = state.trim;
    if (trim && !canScrub(state)) return;
    // Said again, it is the same part.
    if (trim?.first !== before?.first || trim?.last !== before?.last) this.#store.update({ trim });
  }

  setGain(gainDb: number): void {
    this.#store.update({ gainDb: clamp(gainDb, GAIN_LIMITS_DB) });
    this.#changed();
  }

  changeGain(byDb: number): void {
    this.setGain(gainOf(this.#store.state) + byDb);
  }

  setDynamicRange(dynamicRangeDb: number): void {
    this.#store.update({ dynamicRangeDb: clamp(dynamicRangeDb, DYNAMIC_RANGE_LIMITS_DB) });
    this.#changed();
  }

  changeDynamicRange(byDb: number): void {
    this.setDynamicRange(dynamicRangeOf(this.#store.state) + byDb);
  }

  /** Within half a millimetre of the greatest depth means all there is. */
  setDepth(depthM: number): void {
    const range = depthRangeOf(this.#store.state);
    if (!range) return;
    const { minM, maxM } = range;
    this.#store.update({ depthM: depthM > maxM - 0.0005 ? null : Math.max(minM, depthM) });
    this.#changed();
  }

  /** Goes to the next round depth. */
  changeDepth(steps: number): void {
    const depth = depthOf(this.#store.state);
    if (depth === null) return;
    const from = depth / DEPTH_STEP_M;
    const round = steps > 0 ? Math.floor(from + 1e-6) : Math.ceil(from - 1e-6);
    this.setDepth((round + steps) * DEPTH_STEP_M);
  }

  /** Opens a recording, or gives the file to the feature that it belongs to. */
  openFile(file: File): void {
    if (this.takesFile(file)) return;
    this.#store.update({ file, device: null });
  }

  /** Shows a device instead of what is shown. */
  connectDevice(target: LiveTarget, protocol: string | Protocol, name?: string): void {
    const called = typeof protocol === "string" ? protocol : String(protocol?.name);
    const known = name ?? (typeof target === "string" ? target : called);
    this.#store.update({ device: { target, protocol, name: known }, file: null });
  }

  /** Goes back to what the page asks for. */
  disconnect(): void {
    const { device } = this.#store.state;
    this.#store.update({ frozen: false, ...(device ? { device: null } : { probe: null, protocol: null }) });
  }

  /** Opens what failed, or ended, once more. */
  retry(): void {
    this.#session.retry();
  }

  dismissError(): void {
    this.#store.update({ error: null });
  }

  /** Opens a feature's drawer, or closes it. */
  toggleDrawer(feature: string): void {
    this.#store.update({ drawer: this.#store.state.drawer === feature ? null : feature });
  }

  toggleSettings(): void {
    this.#store.update({ settingsOpen: !this.#store.state.settingsOpen });
  }

  toggleShortcuts(): void {
    this.#store.update({ shortcutsOpen: !this.#store.state.shortcutsOpen });
  }

  /** Hides or shows who the patient is. */
  togglePrivacy(): void {
    this.#store.update({ privacy: !this.#store.state.privacy });
  }

  toggleWarnings(): void {
    this.#store.update({ warningsOpen: !this.#store.state.warningsOpen });
  }

  /** Puts the tool away or closes the panel on top. @returns whether there was one. */
  escape(): boolean {
    const { shortcutsOpen, error, warningsOpen, tool, drawer, settingsOpen, filled } = this.#store.state;
    if (error) this.dismissError();
    else if (shortcutsOpen) this.#store.update({ shortcutsOpen: false });
    else if (warningsOpen) this.#store.update({ warningsOpen: false });
    else if (tool !== null) this.#store.update({ tool: null });
    else if (drawer !== null) this.#store.update({ drawer: null });
    else if (settingsOpen) this.#store.update({ settingsOpen: false });
    else if (filled === "window") this.#store.update({ filled: null });
    else return false;
    return true;
  }

  /** Chooses parts of the picture's processing; a part that is there and `undefined` goes back to the page's pipeline. */
  adjust(part: Adjusted): void {
    this.choose({ adjusted: adjustedBy(this.#store.state.adjusted, part) });
  }

  /** Replaces settings, and tells pages. */
  choose(change: Partial<Settings & Pick<ViewerState, "preset">>): void {
    this.#store.update(change);
    this.#changed();
  }

  #changed(): void {
    const { state } = this.#store;
    const { persistence = 0, smoothing = 0, tgcDb = null } = askedPipeline(state).display ?? {};
    emit(this.#host, "echo-change", {
      gain: gainOf(state),
      dynamicRange: dynamicRangeOf(state),
      depth: millimetres(state.depthM),
      greyMap: greyMapOf(state),
      tgc: tgcDb,
      persistence,
      smoothing,
      preset: state.preset,
      adjusted: state.adjusted,
    });
  }
}
