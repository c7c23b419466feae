import { LitElement, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import {
  type Acquisition,
  GREY_MAPS,
  type GreyMap,
  type Image,
  type LinkReport,
  type LiveTarget,
  type Pipeline,
  type PlanReport,
  type Protocol,
  SondeError,
} from "../../host/index.ts";
import { Actions } from "./actions.ts";
import { fromJson, MIRRORED, millimetres, numberFrom, numbersFrom } from "./attributes.ts";
import type { Backend } from "./backend.ts";
import { Commands } from "./commands.ts";
import { AnnouncerController } from "./controllers/announcer.ts";
import { CineController } from "./controllers/cine.ts";
import { DropController } from "./controllers/drop.ts";
import { Features } from "./controllers/features.ts";
import { writeFigures } from "./controllers/figures.ts";
import { FocusController } from "./controllers/focus.ts";
import { FreshnessController } from "./controllers/freshness.ts";
import { FullScreenController } from "./controllers/full-screen.ts";
import { KeyboardController } from "./controllers/keyboard.ts";
import { LanguageController } from "./controllers/language.ts";
import { followLink } from "./controllers/link.ts";
import { LiveController } from "./controllers/live.ts";
import { FrameMeter } from "./controllers/meter.ts";
import { OutputController } from "./controllers/output.ts";
import { type Canvases, PainterController } from "./controllers/painter.ts";
import { PointerController } from "./controllers/pointer.ts";
import { QualityController } from "./controllers/quality.ts";
import { asSondeError } from "./controllers/renderer.ts";
import { SessionController } from "./controllers/session.ts";
import { Sheets } from "./controllers/sheets.ts";
import { TipController } from "./controllers/tip.ts";
import { ViewController } from "./controllers/view.ts";
import { VisibilityController } from "./controllers/visibility.ts";
import { WakeLockController } from "./controllers/wake-lock.ts";
import { coreActions } from "./core-actions.ts";
import { emit } from "./events.ts";
import type { ExportKind } from "./features/export/kinds.ts";
import type { Tool, Viewer } from "./features/feature.ts";
import { type MeasurementsDocument, NO_MEASUREMENTS } from "./features/measure/document.ts";
import { MODES, type Mode, modesOf, SPLITS, type Split } from "./features/modes/state.ts";
import { hotkeysFrom, rememberedHotkeys } from "./hotkeys.ts";
import type { Messages } from "./languages/english.ts";
import { registerLanguage, type Texts } from "./languages/language.ts";
import { type Patient, patientFrom } from "./patient.ts";
import { type CineReport, REPEATS, type Repeat, SPEED_LIMITS } from "./playback.ts";
import {
  type Adjusted,
  adjustedBy,
  askedPipeline,
  canScrub,
  DYNAMIC_RANGE_LIMITS_DB,
  depthRangeOf,
  dynamicRangeOf,
  GAIN_LIMITS_DB,
  gainOf,
  greyMapOf,
  type Hotkeys,
  PERSISTENCE_LIMITS,
  type Phase,
  phaseOf,
  Store,
  settingsOf,
  TGC_LIMIT_DB,
  type ViewerState,
} from "./store.ts";
import { styles } from "./styles/index.ts";
import { template } from "./template.ts";
import { flipsOf, flipText, turnsOf, ZOOM_LIMITS } from "./view.ts";

const QUALITIES = ["auto", "full"] as const;
const CINE_MEMORY_LIMITS_MB = [1, 4000] as const;
const AUTO_FREEZE_LIMITS_S = [5, 3600] as const;

/** While frames follow each other, `echo-frame` tells of one in so many milliseconds. */
const FRAME_EVENT_MS = 100;

/** As many as a pipeline may have. */
const MOST_TGC_POINTS = 64;

/**
 * Shows ultrasound: a recording, or a simulated probe live.
 *
 * ```html
 * <script type="module" src="echo-viewer.min.js"></script>
 * <echo-viewer src="scan.uff"></echo-viewer>
 * <echo-viewer probe="simulated:phased"></echo-viewer>
 * ```
 *
 * A page that gives no size gets the width there is, in the shape 4:3 (3:5 on narrow screens), and no more than the
 * height of the screen.
 *
 * Raw echoes are processed on this device, off the page's thread; nothing is sent anywhere and no device is asked for.
 * The engine starts when the element is first seen, and is shared by all viewers of a page. Everything is given back
 * when the element leaves the page; a moved element goes on.
 *
 * @summary Shows raw ultrasound data as pictures, live or from a file.
 *
 * @attr {string} src - Address of a recording; goes before `probe`.
 * @attr {string} probe - A live source: `simulated`, `simulated:phased`, `simulated:convex`, or the address of a device or
 *   of a bridge, `ws://localhost:8017/probe`, with `protocol`.
 * @attr {string} protocol - What the bytes of the device mean: `echopen-e2`, ...
 * @attr {number} gain - dB added before compression, -60 to 60. Default 0.
 * @attr {number} dynamic-range - dB between black and white, 10 to 120. Default 50.
 * @attr {number} depth - Greatest depth shown, in mm, within what the data have. Default: all there is.
 * @attr {number} speed - How fast stored frames play, 0.05 to 10. Default 1: as acquired.
 * @attr {"loop" | "bounce" | "once"} repeat - What happens when they have played to their end. Default `loop`.
 * @attr {number} cine-memory - MB for the last raw frames of a live source, 1 to 4000, and a quarter of it more with persistence. Default: a
 *   share of 64 MiB a page.
 * @attr {number} auto-freeze - Seconds after which a live picture that nobody uses freezes, 5 to 3600; it says so before. Default: it goes on.
 * @attr {"gray" | "soft" | "contrast" | "warm" | "cool" | "inverted"} grey-map - Colours of the picture. Default `gray`.
 * @attr {string} tgc - dB at equally spaced depths from top to bottom, parted by commas, each -40 to 40. Default: none.
 * @attr {number} persistence - Share of the picture before in each live picture, 0 to 0.95. Default 0.
 * @attr {number} smoothing - How far the picture is softened, 0 to 1. Default 0.
 * @attr {string} preset - Settings to begin with: the name of a preset (`carotid`, `thyroid`, `cardiac`, `abdomen`, or one that a person
 *   saved), or a preset as JSON.
 * @attr {"auto" | "full"} quality - `auto`, the default: a live picture that comes too late gets fewer rows.
 * @attr {boolean} frozen - The live picture stands still.
 * @attr {number} zoom - 1: the whole picture fits; to 16.
 * @attr {string} flip - `left-right`, `top-bottom` or both.
 * @attr {0|90|180|270} rotate - Degrees the picture is turned by, clockwise.
 * @attr {string} banner - Whose examination this is, as JSON: name, id, birthDate, sex, exam, date, operator, institution, note.
 * @attr {boolean} privacy - What identifies the patient is not shown.
 * @attr {string} pipeline - What to do with the echoes: a `Pipeline` as JSON.
 * @attr {"b" | "m" | "a"} mode - The picture alone, with an M-mode strip, or with an A-line.
 * @attr {1 | 2 | 4} split - How many pictures share the stage.
 * @attr {"none"} controls - `none` hides buttons and sliders; keys and methods go on working.
 * @attr {string} hotkeys - Keys of actions that differ from the default, as JSON: action to key or keys.
 * @attr {boolean} nohotkeys - Keys do nothing but what focused controls and chosen tools do with them.
 * @attr {boolean} remember-hotkeys - A person's own keys are remembered on this device.
 * @attr {"dark" | "light" | "auto"} theme - Default `dark`; `auto` is as the page's `color-scheme`, which may leave it to the person.
 * @attr {string} label - Name of this viewer for assistive technology.
 *
 * @slot poster - Shown while there is no picture.
 * @slot controls - More controls, after the sliders.
 * @slot overlay - Lies over the picture.
 * @slot error - More help in the error panel.
 *
 * @event {CustomEvent<EchoLoadDetail>} echo-load - A source is open.
 * @event {CustomEvent<EchoPlanDetail>} echo-plan - The plan of the open source took a change, and decided anew.
 * @event {CustomEvent<EchoFrameDetail>} echo-frame - A frame is on the screen; at most ten a second while frames follow
 *   each other.
 * @event {CustomEvent<EchoPhaseDetail>} echo-phase - The picture is live, frozen, without signal, ...: `phase` is another.
 * @event {CustomEvent<EchoPlayDetail>} echo-play - Stored frames play, or stand still; or speed, repeat or the part that plays is another.
 * @event {CustomEvent<EchoLinkDetail>} echo-link - The way to the device is another: found, silent, lost, coming back.
 * @event {CustomEvent<EchoFreezeDetail>} echo-before-freeze - A person or the page asks to freeze or run; cancelable.
 * @event {CustomEvent<EchoFreezeDetail>} echo-freeze - The picture was frozen, or runs again.
 * @event {CustomEvent<EchoErrorDetail>} echo-error - Something failed; the viewer shows the same sentence. Properties
 *   say what is in force by then, not what was refused.
 * @event {CustomEvent<EchoProgressDetail>} echo-progress - Loading goes on.
 * @event {CustomEvent<EchoQualityDetail>} echo-quality - The live picture has more or fewer rows from now on.
 * @event {CustomEvent<EchoChangeDetail>} echo-change - A person changed how the picture is made.
 * @event {CustomEvent<EchoPresetDetail>} echo-preset - A person applied, saved or deleted a preset, or went back to
 *   it unchanged with Undo, Redo or Reset.
 * @event {CustomEvent<EchoMeasureDetail>} echo-measure - A person added, changed or deleted measurements.
 * @event {CustomEvent<EchoModeDetail>} echo-mode - Another mode, or another number of pictures.
 * @event {CustomEvent<EchoHotkeysDetail>} echo-hotkeys - A person gave keys to actions.
 * @event {CustomEvent<EchoViewDetail>} echo-view - The picture was zoomed, moved, flipped or turned.
 * @event {CustomEvent<EchoBeforeExportDetail>} echo-before-export - Something is to be exported; cancelable.
 * @event {CustomEvent<EchoExportDetail>} echo-export - It is made, and saved or printed unless this is cancelled.
 *
 * @csspart base - Everything.
 * @csspart status - The line above the picture.
 * @csspart badge - What the picture is: live, frozen, file, no signal, ...
 * @csspart reprocessed - The mark on stored frames that were processed again with other settings.
 * @csspart coarser - The mark on live pictures with fewer rows.
 * @csspart reconnecting - A device was lost and is being reached again.
 * @csspart recording - The raw stream is being recorded.
 * @csspart frame-rate - Frames per second.
 * @csspart exam - The lines above the picture.
 * @csspart patient - Whose examination it is.
 * @csspart parameters - How the picture was made.
 * @csspart turned - The sign on a flipped or turned picture.
 * @csspart zoom - How much it is zoomed.
 * @csspart indices - Acoustic output, where the device states it.
 * @csspart stage - The black area round the picture.
 * @csspart picture - The canvas of the picture.
 * @csspart scale - The canvas of depth scale, grey bar and orientation marker.
 * @csspart marks - The canvas of what is drawn over the picture.
 * @csspart rail - The buttons that open drawers.
 * @csspart drawer - The open drawer.
 * @csspart measure-bar - What to do next while a measuring tool is chosen.
 * @csspart pane, pane-badge - A picture of a split stage, with its heading and the badge there.
 * @csspart strip - M-mode strip or A-line.
 * @csspart banner - Words across a picture that is not live any more.
 * @csspart progress - Name and bar while loading.
 * @csspart error - The error panel.
 * @csspart warnings - What the source says is missing or odd.
 * @csspart empty - The button where there is nothing to show.
 * @csspart shortcuts - The list of keys.
 * @csspart cine - Freeze button and stored frames.
 * @csspart scrub - The slider of the stored frames.
 * @csspart trim - The part of the stored frames that plays, on their slider.
 * @csspart choice - A row of options; also by name: `speed`, `repeat`, `window`, `grey-map`.
 * @csspart tgc - The points of the time-gain compensation; also `tgc-neutral`, `auto-gain`.
 * @csspart preset - The choice of a preset; also `preset-load`.
 * @csspart pipeline - The second pipeline of a split stage, as text.
 * @csspart key - A key in the list of keys; also `reset`.
 * @csspart restored - Says that a picture's settings are in force; also `restored-undo`, `restored-close`.
 * @csspart place - Number and time of the stored frame.
 * @csspart settings - The sliders.
 * @csspart slider - A slider with its label; also `depth`, `gain`, `dynamic-range`.
 * @csspart button - Any button; also `freeze`, `play`, `open`, `keys`, `settings-toggle`,
 *   `warnings-toggle`, `close`.
 * @csspart export-progress - What is being exported, with `export-cancel`.
 * @csspart auto-freeze - Says that an unused picture will freeze, with `auto-freeze-go-on`.
 * @csspart notice - "Not for diagnostic use".
 *
 * @cssproperty --echo-surface - Background of the bars.
 * @cssproperty --echo-surface-raised - Background of what stands out from them.
 * @cssproperty --echo-text - Text.
 * @cssproperty --echo-text-muted - Text that steps back.
 * @cssproperty --echo-line - Borders.
 * @cssproperty --echo-accent - The main button, sliders and focus.
 * @cssproperty --echo-on-accent - Text on the main button.
 * @cssproperty --echo-live - The live badge.
 * @cssproperty --echo-frozen - The frozen badge.
 * @cssproperty --echo-warning - No signal, reprocessed.
 * @cssproperty --echo-error - Errors.
 * @cssproperty --echo-stage - Behind the picture.
 * @cssproperty --echo-scale - Depth scale and grey bar.
 * @cssproperty --echo-marker - The orientation marker.
 * @cssproperty --echo-radius - Roundness of corners.
 * @cssproperty --echo-target-size - Least size of buttons: 36px, 44px for fingers.
 * @cssproperty --echo-gap - Between things that stand side by side.
 * @cssproperty --echo-drawer-width - Width of drawers and sliders beside the picture.
 * @cssproperty --echo-font - Font of the bars.
 * @cssproperty --echo-scale-font - Font of the numbers on the scales.
 * @cssproperty --echo-focus - Outline of what the keyboard is on.
 * @cssproperty --echo-patient - Text of the patient line and of acoustic output.
 * @cssproperty --echo-panel - Background of the list of keys.
 * @cssproperty --echo-panel-text - Its text.
 * @cssproperty --echo-panel-line - Its lines.
 *
 * @cssstate filled - It fills the screen or window.
 * @cssstate live, delayed, no-signal, frozen, file, ended, loading, idle, error - The phase, as the badge.
 */
export class EchoViewer extends LitElement {
  static override properties: PropertyDeclarations = {
    // Without attributes; named here so that what a page set before the element was defined is taken.
    backend: { attribute: false },
    measurements: { attribute: false },
    // Those without `reflect` are a view of the store, which writes their attributes: see `MIRRORED`. Frameworks take a value away by
    // setting null, undefined, or the empty value of the type that the property has now.
    src: { type: String },
    probe: { type: String },
    protocol: { type: String },
    gain: { converter: numberFrom },
    dynamicRange: { converter: numberFrom, attribute: "dynamic-range" },
    depth: { converter: numberFrom },
    greyMap: { type: String, attribute: "grey-map" },
    tgc: { converter: numbersFrom },
    persistence: { converter: numberFrom },
    smoothing: { converter: numberFrom },
    preset: { type: String },
    frozen: { type: Boolean },
    speed: { converter: numberFrom },
    repeat: { type: String },
    quality: { type: String },
    cineMemory: { converter: numberFrom, attribute: "cine-memory" },
    autoFreeze: { converter: numberFrom, attribute: "auto-freeze" },
    pipeline: { converter: (text: string | null) => text ?? {} },
    mode: { type: String },
    split: { converter: numberFrom },
    zoom: { converter: numberFrom },
    flip: { type: String },
    rotate: { converter: numberFrom },
    banner: { converter: (text: string | null) => text },
    privacy: { type: Boolean },
    hotkeys: { converter: (text: string | null) => text ?? {} },
    nohotkeys: { type: Boolean },
    rememberHotkeys: { type: Boolean, reflect: true, attribute: "remember-hotkeys" },
    theme: { type: String, reflect: true },
    controls: { type: String, reflect: true },
    label: { type: String, reflect: true },
  };

  declare controls: string | null;
  declare label: string | null;
  /** `dark` (as without it), `light`, or `auto`: as the page or the person's system is. */
  declare theme: string | null;
  /** A person's own keys are remembered on this device, for all viewers of the site. */
  declare rememberHotkeys: boolean;

  readonly #sheets = new Sheets(this, styles);
  readonly #store = new Store();
  readonly #session = new SessionController(this, this.#store);
  readonly #cine = new CineController(this, this.#store, this.#session);
  readonly #freshness = new FreshnessController(this, this.#store);
  readonly #meter = new FrameMeter(this.#store);
  readonly #commands = new Commands(this, this.#store, this.#session, this.#cine);
  readonly #actions = new Actions(this.#store);
  readonly #output = new OutputController(this, this.#store);
  readonly #fullScreen = new FullScreenController(this, this.#store);
  readonly #view: ViewController;
  readonly #painter: PainterController;
  readonly #features: Features;
  readonly #focus: FocusController;
  readonly #internals = this.attachInternals();
  #frameEventAtMs = Number.NEGATIVE_INFINITY;

  constructor() {
    super();
    this.controls = null;
    this.label = null;
    this.theme = null;
    this.rememberHotkeys = false;
    this.#internals.states.add(this.phase);
    const store = this.#store;
    const stage = (): HTMLElement | null => this.renderRoot?.querySelector<HTMLElement>(".stage") ?? null;
    new LiveController(this, {
      store,
      session: this.#session,
      cine: this.#cine,
      freshness: this.#freshness,
      output: this.#output,
    });
    this.#painter = new PainterController(this, store, () => this.#canvases(), {
      onPainted: (image, state, nowMs) => this.#painted(image, state, nowMs),
      draw: (scene) => this.#features.draw(scene),
      divide: (stage) => this.#features.divide(stage),
      panes: () => this.#features.panes(),
    });
    this.#view = new ViewController(this, {
      store,
      mapping: () => this.#painter.mapping(),
      onPicture: (point) => this.#painter.onPicture(point),
      stage,
    });
    this.#actions.add(
      coreActions({ commands: this.#commands, view: this.#view, fullScreen: this.#fullScreen }),
      ({ language }) => language.messages.features.view,
    );
    const announcer = new AnnouncerController(this, store);
    this.#features = new Features(this.#seenByFeatures(announcer));
    this.#commands.takesFile = (file) => this.#features.takes(file);
    new PointerController(this, { stage, tools: () => this.#tools(), view: this.#view });
    new QualityController(this, store);
    writeFigures(this, store);
    followLink(store);
    new VisibilityController(this, store);
    new WakeLockController(this, store);
    const tip = new TipController(this);
    // Nobody has fingers elsewhere.
    if (matchMedia("(any-pointer: coarse)").matches)
      import("./controllers/touch.ts").then(
        ({ forFingers }) => forFingers(this, tip),
        () => undefined,
      );
    new LanguageController(this, store, (error, tag) => {
      const sentence = (text: string): string => this.#messages.errors.language(tag, text);
      this.#session.fail(asSondeError(error, sentence));
    });
    new KeyboardController(this, {
      actions: this.#actions,
      commands: this.#commands,
      toolKey: (event) => this.#features.chosen?.tool?.key?.(event) ?? false,
    });
    new DropController(this, store, this.#commands);
    // The last: what the others do when the viewer was rendered may take an element away.
    this.#focus = new FocusController(this, store);
    store.subscribe((state, previous) => this.#changed(state, previous));
  }

  /** Address of a recording; null: none. */
  get src(): string | null {
    return this.#store.state.src;
  }
  set src(src: string | null) {
    this.#store.update({ src: src || null, file: null, device: null });
  }

  /** The live source; null: none. */
  get probe(): string | null {
    return this.#store.state.probe;
  }
  set probe(probe: string | null) {
    this.#store.update({ probe: probe || null, file: null, device: null });
  }

  /** What the bytes of `probe` mean, where it is an address: `echopen-e2`, `wulpus?lines=32`, ...; null: it is a simulated probe. */
  get protocol(): string | null {
    return this.#store.state.protocol;
  }
  set protocol(protocol: string | null) {
    this.#store.update({ protocol: protocol || null });
  }

  /**
   * Shows a device: one that the page or the person chose (`navigator.usb.requestDevice()`), an address, any stream of bytes.
   * Nothing is sent to it.
   */
  connectDevice(target: LiveTarget, protocol: string | Protocol): void {
    this.#commands.connectDevice(target, protocol);
  }

  /** The way to the device that is shown; null: there is none. */
  get link(): LinkReport | null {
    return this.#store.state.link;
  }

  /** dB added before compression. Values outside -60 to 60 are brought inside; null: the pipeline's own, else 0. */
  get gain(): number {
    return gainOf(this.#store.state);
  }
  set gain(gain: number | null) {
    this.#set("gain", gain, GAIN_LIMITS_DB, (gainDb) => this.#store.update({ gainDb }));
  }

  /** dB between black and white. Values outside 10 to 120 are brought inside; null: the pipeline's own, else 50. */
  get dynamicRange(): number {
    return dynamicRangeOf(this.#store.state);
  }
  set dynamicRange(range: number | null) {
    this.#set("dynamic-range", range, DYNAMIC_RANGE_LIMITS_DB, (dynamicRangeDb) =>
      this.#store.update({ dynamicRangeDb }),
    );
  }

  /** Greatest depth asked for (mm), of which is shown what the data and the preset have; null: all there is. */
  get depth(): number | null {
    return millimetres(this.#store.state.depthM);
  }
  set depth(depth: number | null) {
    this.#set("depth", depth, [0, Number.MAX_VALUE], (mm) =>
      this.#store.update({ depthM: mm === null ? null : mm / 1000 }),
    );
  }

  /** Depths that can be chosen (mm): those of the data that the preset allows; null: the data do not say, or nothing is open. */
  get depthLimits(): { min: number; max: number } | null {
    const range = depthRangeOf(this.#store.state);
    return range && { min: millimetres(range.minM), max: millimetres(range.maxM) };
  }

  /** Colours of the picture; null: the pipeline's own, else `"gray"`. */
  get greyMap(): GreyMap {
    return greyMapOf(this.#store.state);
  }
  set greyMap(greyMap: GreyMap | null) {
    if (!greyMap) this.#display({ greyMap: undefined });
    else this.#choose("grey-map", greyMap, GREY_MAPS, (value) => this.#display({ greyMap: value }));
  }

  /** dB at equally spaced depths from top to bottom, 1 to 64 numbers, each -40 to 40; null: the pipeline's own, else none. */
  get tgc(): readonly number[] | null {
    const { display } = askedPipeline(this.#store.state);
    return display?.tgcDb ?? null;
  }
  set tgc(tgc: Iterable<number> | string | null) {
    // Typed arrays too, and what a list leaves out is no number.
    const points: unknown[] = typeof tgc === "object" && tgc && Symbol.iterator in tgc ? [...tgc] : [];
    const good =
      points.length > 0 &&
      points.length <= MOST_TGC_POINTS &&
      points.every((value) => typeof value === "number" && Math.abs(value) <= TGC_LIMIT_DB);
    const none = (tgc ?? null) === null;
    if (none || good) this.#display({ tgcDb: none ? undefined : (points as number[]) });
    else this.#refuse(this.#messages.errors.notTgc(String(tgc)), { tgc: String(tgc) });
  }

  /** Share of the picture before in each live picture. Values outside 0 to 0.95 are brought inside; null: the pipeline's own, else 0. */
  get persistence(): number {
    return askedPipeline(this.#store.state).display?.persistence ?? 0;
  }
  set persistence(persistence: number | null) {
    this.#set("persistence", persistence, PERSISTENCE_LIMITS, (value) =>
      this.#display({ persistence: value ?? undefined }),
    );
  }

  /** How far the picture is softened. Values outside 0 to 1 are brought inside; null: the pipeline's own, else 0. */
  get smoothing(): number {
    return askedPipeline(this.#store.state).display?.smoothing ?? 0;
  }
  set smoothing(smoothing: number | null) {
    this.#set("smoothing", smoothing, [0, 1], (value) => this.#display({ smoothing: value ?? undefined }));
  }

  /** The preset asked for: its name, or the preset as JSON or as an object; null: none. What it says replaces what was chosen before. */
  get preset(): string | null {
    return this.#store.state.preset;
  }
  set preset(preset: string | object | null) {
    const text = typeof preset === "object" && preset !== null ? JSON.stringify(preset) : preset;
    if ((text || null) === this.preset) return;
    const settingsBeforePreset = this.hasUpdated ? settingsOf(this.#store.state) : null;
    this.#store.update({ preset: text || null, settingsBeforePreset });
  }

  /** The live picture stands still, and its last frames can be looked at. */
  get frozen(): boolean {
    return this.#store.state.frozen;
  }
  set frozen(frozen: boolean) {
    // Said again, it changes nothing: what was reprocessed stays marked.
    if (Boolean(frozen) !== this.#store.state.frozen)
      this.#store.update({ frozen: Boolean(frozen), reprocessed: false });
  }

  /** How fast stored frames play, 0.05 to 10; 1, the default: as acquired. */
  get speed(): number {
    return this.#store.state.speed;
  }
  set speed(speed: number | null) {
    this.#set("speed", speed, SPEED_LIMITS, (value) => this.#store.update({ speed: value ?? 1 }));
  }

  /** What happens when stored frames have played to their end: `loop`, the default, `bounce` or `once`. */
  get repeat(): Repeat {
    return this.#store.state.repeat;
  }
  set repeat(repeat: Repeat | null) {
    this.#choose("repeat", repeat || "loop", REPEATS, (value) => this.#store.update({ repeat: value }));
  }

  /** `auto`, the default: a live picture that comes too late gets fewer rows; `full`: it never does. */
  get quality(): "auto" | "full" {
    return this.#store.state.quality;
  }
  set quality(quality: "auto" | "full" | null) {
    this.#choose("quality", quality || "auto", QUALITIES, (value) => this.#store.update({ quality: value }));
  }

  /** Memory for the last raw frames of a live source (MB = 1e6 bytes), 1 to 4000; null: an equal share of 64 MiB a page. */
  get cineMemory(): number | null {
    const { cineBytes } = this.#store.state;
    return cineBytes === null ? null : cineBytes / 1e6;
  }
  set cineMemory(megabytes: number | null) {
    this.#set("cine-memory", megabytes, CINE_MEMORY_LIMITS_MB, (value) =>
      this.#store.update({ cineBytes: value === null ? null : value * 1e6 }),
    );
  }

  /** Seconds after which a live picture that nobody uses freezes, 5 to 3600; null: it goes on. */
  get autoFreeze(): number | null {
    return this.#store.state.autoFreezeS;
  }
  set autoFreeze(seconds: number | null) {
    this.#set("auto-freeze", seconds, AUTO_FREEZE_LIMITS_S, (autoFreezeS) =>
      this.#store.update({ autoFreezeS }),
    );
  }

  /** What to do with the echoes. Gain, dynamic range and depth, where chosen, go before what stands here. */
  get pipeline(): Pipeline {
    return this.#store.state.pipeline;
  }
  set pipeline(pipeline: Pipeline | string | null) {
    const value = fromJson(pipeline ?? {});
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      this.#store.update({ pipeline: value as Pipeline });
    } else {
      this.#refuse(this.#messages.errors.notPipeline(String(pipeline)), { pipeline: String(pipeline) });
    }
  }

  /** `b`: the picture alone; `m`: with an M-mode strip; `a`: with an A-line. */
  get mode(): Mode {
    return modesOf(this.#store.state).mode;
  }
  set mode(mode: Mode | null) {
    this.#choose("mode", mode || "b", MODES, (value) => this.#store.updateFeature("modes", { mode: value }));
  }

  /** How many pictures share the stage: 1, 2 or 4. */
  get split(): Split {
    return modesOf(this.#store.state).split;
  }
  set split(split: Split | null) {
    this.#choose("split", split || 1, SPLITS, (value) =>
      this.#store.updateFeature("modes", { split: value }),
    );
  }

  /** 1: the whole picture fits; to 16. Values outside are brought inside. */
  get zoom(): number {
    return this.#store.state.view.zoom;
  }
  set zoom(zoom: number | null) {
    this.#set("zoom", zoom, ZOOM_LIMITS, (value) => this.#view.zoomTo(value ?? 1));
  }

  /** `left-right`, `top-bottom` or both: how the picture is flipped before it is turned. Empty: as it was recorded. */
  get flip(): string {
    return flipText(this.#store.state.view);
  }
  set flip(flip: string | null) {
    const words: unknown = flip ?? "";
    const flips = typeof words === "string" ? flipsOf(words) : undefined;
    if (flips) this.#view.set(flips);
    else this.#refuse(this.#messages.errors.notFlip(String(flip)), { flip: String(flip) });
  }

  /** Degrees the picture is turned by, clockwise: 0, 90, 180 or 270. */
  get rotate(): number {
    return this.#store.state.view.quarterTurns * 90;
  }
  set rotate(degrees: number | null) {
    const quarterTurns = turnsOf(degrees ?? 0);
    if (quarterTurns !== undefined) this.#view.set({ quarterTurns });
    else this.#refuse(this.#messages.errors.notTurn(String(degrees)), { rotate: String(degrees) });
  }

  /**
   * Whose examination this is, shown above the picture; as an attribute, JSON. It is not written back into the page, and
   * nothing of it is stored or sent.
   */
  get banner(): Patient | null {
    return this.#store.state.patient;
  }
  set banner(banner: Patient | string | null) {
    const value = fromJson(banner || null);
    const patient = value === null ? null : patientFrom(value);
    if (patient !== undefined) this.#store.update({ patient });
    else this.#refuse(this.#messages.errors.notPatient, {});
  }

  /** What identifies the patient is not shown. */
  get privacy(): boolean {
    return this.#store.state.privacy;
  }
  set privacy(privacy: boolean) {
    this.#store.update({ privacy: Boolean(privacy) });
  }

  /**
   * Keys of actions that differ from the default, by their ids: `{ "toggle": "k", "view.turn": ["x", "Alt+ArrowUp"], "keys": [] }`.
   * `KeyboardEvent.key`, with `Ctrl+`, `Alt+`, `Meta+` and, before names of keys, `Shift+`. As an attribute, JSON.
   */
  get hotkeys(): Hotkeys {
    return this.#store.state.hotkeys;
  }
  set hotkeys(hotkeys: Readonly<Record<string, string | readonly string[]>> | string | null) {
    const pageHotkeys = hotkeysFrom(fromJson(hotkeys ?? {}));
    // Those of features are known before these are loaded.
    const unknown = Object.keys(pageHotkeys ?? {}).find((id) => !this.#actions.get(id));
    const { notHotkeys, notAction } = this.#messages.errors;
    if (unknown !== undefined) this.#refuse(notAction(unknown), { hotkeys: unknown });
    else if (pageHotkeys) this.#store.update({ pageHotkeys, hotkeys: pageHotkeys });
    else this.#refuse(notHotkeys(String(hotkeys)), { hotkeys: String(hotkeys) });
  }

  /** Keys do nothing but what focused controls and chosen tools do with them; Escape still closes. */
  get nohotkeys(): boolean {
    return this.#store.state.keysOff;
  }
  set nohotkeys(keysOff: boolean) {
    this.#store.update({ keysOff: Boolean(keysOff) });
  }

  /** Adds a language for all viewers; see `registerLanguage`. */
  static registerLanguage(tag: string, texts: Texts): void {
    registerLanguage(tag, texts);
  }

  /** Where sources and engines come from. Set before the element is connected. */
  get backend(): Backend {
    return this.#session.backend;
  }
  set backend(backend: Backend) {
    this.#session.backend = backend;
  }

  /** What the viewer is doing: the word on the badge. */
  get phase(): Phase {
    return phaseOf(this.#store.state);
  }

  /** What is open, or null. */
  get info(): Acquisition | null {
    return this.#store.state.session?.info ?? null;
  }

  /** What the plan in force decided: the pipeline with every default, the path to the pixels and why, memory; null: nothing is open. */
  get report(): PlanReport | null {
    return this.#store.state.session?.plan.report ?? null;
  }

  /** The frames that are stored, and how they play. */
  get cine(): CineReport {
    const { state } = this.#store;
    const { playing, frameCount, firstFrame, position, storedS } = state;
    // The newest may be on the screen before it is counted.
    const place = Math.max(0, Math.min(position - firstFrame, frameCount - 1));
    const positionS = canScrub(state) ? state.positionS : storedS;
    return { playing, frameCount, position: place, storedS, positionS };
  }

  /** The picture on the screen, valid until the next `echo-frame`; or null. */
  get image(): Image | null {
    return this.#store.state.image;
  }

  /**
   * Measurements and notes, with their values. Given back as an object or as JSON they are there again: for the source that is open,
   * or the next one; another source begins with none.
   */
  get measurements(): MeasurementsDocument {
    return this.#store.state.features.measure?.saved ?? NO_MEASUREMENTS;
  }
  set measurements(measurements: MeasurementsDocument | string) {
    this.#store.updateFeature("measure", { given: measurements });
  }

  /** Opens once more what is asked for, as media elements do: after an error, after a loss, or when what lies there has changed. */
  load(): void {
    this.#commands.retry();
  }

  /** Stops the live picture. */
  freeze(): void {
    this.#commands.setFrozen(true);
  }

  /** Continues the live picture. */
  run(): void {
    this.#commands.setFrozen(false);
  }

  /** Plays stored frames at their own speed. */
  play(): void {
    this.#cine.play();
  }

  /** The stored frames that play, by their places from 0, both included; null: all. A live picture that runs has none. */
  trim(clip: { first: number; last: number } | null): void {
    const { firstFrame, frameCount } = this.#store.state;
    const { first, last } = clip ?? { first: 0, last: 0 };
    if (!clip) this.#commands.setTrim(null);
    else if (
      Number.isInteger(first) &&
      Number.isInteger(last) &&
      first >= 0 &&
      last >= first &&
      last < frameCount
    )
      this.#commands.setTrim({ first: firstFrame + first, last: firstFrame + last });
    else
      this.#refuse(this.#messages.errors.notClip(first, last, frameCount), {
        first: String(first),
        last: String(last),
      });
  }

  /** Stops playing. */
  pause(): void {
    this.#cine.pause();
  }

  /** Shows the stored frame so many places on, a whole number; negative: back. */
  step(frames: number): void {
    if (Number.isInteger(frames)) this.#commands.step(frames);
    else this.#refuse(this.#messages.errors.notNumber("step", String(frames)), { step: String(frames) });
  }

  /** Shows the stored frame at this place from 0, the last one where there are fewer. A live picture that runs is left alone. */
  seek(position: number): void {
    if (Number.isInteger(position)) this.#commands.show(this.#store.state.firstFrame + position);
    else this.#refuse(this.#messages.errors.notNumber("seek", String(position)), { seek: String(position) });
  }

  /** Gives the keyboard to the viewer, whose keys work from then on. */
  override focus(options?: FocusOptions): void {
    this.renderRoot?.querySelector<HTMLElement>(".base")?.focus(options);
  }

  /**
   * Makes what the export drawer offers, without saving it: by default the picture as shown, as PNG.
   * @throws SondeError `bad-option`, `missing-data`, `unsupported-platform`, `aborted`, `out-of-memory`
   */
  async toBlob(kind: ExportKind = "picture"): Promise<Blob> {
    return (await this.#features.api("export")).toBlob(kind);
  }

  /**
   * Exports as the drawer's buttons do, with both events.
   * @returns null when a listener of `echo-before-export` objected
   * @throws as `toBlob`
   */
  async exportAs(kind: ExportKind): Promise<Blob | null> {
    return (await this.#features.api("export")).exportAs(kind);
  }

  /**
   * Fits gain and TGC to the frame on the screen, as the imaging drawer does: the middle of the echoes gets the same grey at every depth.
   * A source that is open and has no picture yet gets one first.
   * @returns whether there was something to fit to; where there was not, the viewer says so
   */
  async autoGain(): Promise<boolean> {
    return (await this.#features.api("imaging")).autoGain();
  }

  /** Opens a file as if it were dropped. */
  openFile(file: File): void {
    if (file instanceof Blob) this.#commands.openFile(file);
    else this.#refuse(this.#messages.errors.notOneOf("file", String(file), ["File"]), { file: String(file) });
  }

  #seenByFeatures(announcer: AnnouncerController): Viewer {
    return {
      host: this,
      sheets: this.#sheets,
      store: this.#store,
      commands: this.#commands,
      actions: this.#actions,
      session: this.#session,
      cine: this.#cine,
      view: this.#view,
      fullScreen: this.#fullScreen,
      mapping: () => this.#painter.mapping(),
      stageSize: () => this.#painter.size,
      panes: () => this.#painter.panes(),
      paneAt: ({ x, y }) =>
        this.#painter
          .panes()
          .find(
            ({ area }) => x >= area.x && y >= area.y && x < area.x + area.width && y < area.y + area.height,
          ),
      redraw: () => this.#painter.redrawMarks(),
      repaint: () => this.#painter.repaint(),
      announce: (text) => announcer.say(text),
    };
  }

  /** Whom the pointer on the picture is offered, in order. */
  #tools(): readonly Tool[] {
    return [...this.#features.inOrder.flatMap(({ tool }) => (tool ? [tool] : [])), this.#view];
  }

  get #messages(): Messages {
    return this.#store.state.language.messages;
  }

  #set(
    name: string,
    value: unknown,
    [min, max]: readonly [number, number],
    apply: (value: number | null) => void,
  ): void {
    if (value === null || value === undefined) apply(null);
    else if (typeof value === "number" && Number.isFinite(value)) apply(Math.min(max, Math.max(min, value)));
    else this.#refuse(this.#messages.errors.notNumber(name, String(value)), { [name]: String(value) });
  }

  /** Chooses parts of the display; nobody is told, as of any property that a page sets. */
  #display(part: NonNullable<Adjusted["display"]>): void {
    const before = this.#store.state.adjusted;
    const adjusted = adjustedBy(before, { display: part });
    // An attribute that mirrors the state comes back as a property: nothing was chosen.
    if (JSON.stringify(adjusted) !== JSON.stringify(before)) this.#store.update({ adjusted });
  }

  #choose<Value>(name: string, value: Value, choices: readonly Value[], apply: (value: Value) => void): void {
    if (choices.includes(value)) apply(value);
    else
      this.#refuse(this.#messages.errors.notOneOf(name, String(value), choices.map(String)), {
        [name]: String(value),
      });
  }

  #refuse(sentence: string, fields: Record<string, string>): void {
    this.#session.fail(new SondeError("bad-option", sentence, { fields }));
  }

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    this.#sheets.adopt();
    return root;
  }

  // It is in another document: of a frame, say.
  adoptedCallback(): void {
    this.#sheets.adopt();
  }

  /** An attribute that was brought inside its limits, or refused, says what is in force, as the property does. */
  override attributeChangedCallback(name: string, before: string | null, value: string | null): void {
    super.attributeChangedCallback(name, before, value);
    const mirrored = MIRRORED.find(([attribute]) => attribute === name);
    if (mirrored && before !== value) this.#mirror(name, mirrored[1](this.#store.state));
  }

  #mirror(attribute: string, text: string | null): void {
    if (text === this.getAttribute(attribute)) return;
    if (text === null) this.removeAttribute(attribute);
    else this.setAttribute(attribute, text);
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    this.requestUpdate();
    for (const [attribute, read] of MIRRORED) {
      const text = read(state);
      if (text !== read(previous)) this.#mirror(attribute, text);
    }
    const [modes, before] = [modesOf(state), modesOf(previous)];
    if (modes.mode !== before.mode || modes.split !== before.split)
      emit(this, "echo-mode", { mode: modes.mode, split: modes.split });
    if (state.filled !== previous.filled) {
      if (state.filled) this.#internals.states.add("filled");
      else this.#internals.states.delete("filled");
    }
    if (state.view !== previous.view) {
      const { zoom, centre } = state.view;
      emit(this, "echo-view", { zoom, centre, flip: this.flip, rotate: this.rotate });
    }
    const phase = phaseOf(state);
    const phaseBefore = phaseOf(previous);
    if (phase !== phaseBefore) {
      this.#internals.states.delete(phaseBefore);
      this.#internals.states.add(phase);
      emit(this, "echo-phase", { phase, previous: phaseBefore });
    }
    const { playing, speed, repeat, trim, firstFrame } = state;
    if (
      playing !== previous.playing ||
      speed !== previous.speed ||
      repeat !== previous.repeat ||
      trim !== previous.trim
    )
      emit(this, "echo-play", {
        playing,
        speed,
        repeat,
        trim: trim && { first: trim.first - firstFrame, last: trim.last - firstFrame },
      });
    if (state.link !== previous.link) emit(this, "echo-link", { link: state.link });
    const { session } = state;
    // What is frozen before there is a picture, the page has asked for; a picture that takes a frozen one's place may run.
    const told = session === previous.session ? session?.live : previous.session?.live && !state.frozen;
    if (told && state.frozen !== previous.frozen) emit(this, "echo-freeze", { frozen: state.frozen });
  }

  #painted(image: Image, state: ViewerState, nowMs: number): void {
    const frameRateHz = this.#meter.painted(nowMs);
    if (frameRateHz !== undefined) this.#cine.publish({ frameRateHz });
    if (state.session?.live && !state.frozen) this.#freshness.shown(state.arrivedAtMs);
    const moving = phaseOf(this.#store.state) === "live" || state.playing;
    if (moving && nowMs - this.#frameEventAtMs < FRAME_EVENT_MS) return;
    this.#frameEventAtMs = nowMs;
    emit(this, "echo-frame", { index: image.frameIndex, timeS: image.frameTimeS });
  }

  #canvases(): Canvases | null {
    const picture = this.renderRoot?.querySelector<HTMLCanvasElement>("canvas.picture");
    const overlay = this.renderRoot?.querySelector<HTMLCanvasElement>("canvas.overlay");
    const marks = this.renderRoot?.querySelector<HTMLCanvasElement>("canvas.marks");
    return picture && overlay && marks ? { picture, overlay, marks } : null;
  }

  readonly #pickFile = (): void => {
    this.renderRoot.querySelector<HTMLInputElement>("input[type=file]")?.click();
  };

  readonly #picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) this.#commands.openFile(file);
    // The same file can be chosen again.
    input.value = "";
  };

  protected override willUpdate(changed: PropertyValues): void {
    if (this.rememberHotkeys && (changed.has("hotkeys") || changed.has("rememberHotkeys"))) {
      const remembered = rememberedHotkeys();
      if (Object.keys(remembered).length)
        this.#store.update({ hotkeys: { ...this.#store.state.pageHotkeys, ...remembered } });
    }
  }

  protected override render(): TemplateResult {
    return template(this.#store.state, {
      label: this.label,
      hidden: this.controls === "none",
      commands: this.#commands,
      actions: this.#actions,
      features: this.#features,
      fullScreen: this.#fullScreen,
      pickFile: this.#pickFile,
      picked: this.#picked,
      onFocusIn: this.#focus.onFocusIn,
    });
  }
}
