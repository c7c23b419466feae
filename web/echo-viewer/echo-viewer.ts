import {
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from "lit";
import { type Acquisition, type Image, type Pipeline, SondeError } from "../../host/index.ts";
import { Actions, ariaKeys } from "./actions.ts";
import type { Backend } from "./backend.ts";
import { Commands } from "./commands.ts";
import { AnnouncerController } from "./controllers/announcer.ts";
import { CineController } from "./controllers/cine.ts";
import { DropController } from "./controllers/drop.ts";
import { Features } from "./controllers/features.ts";
import { FreshnessController } from "./controllers/freshness.ts";
import { KeyboardController } from "./controllers/keyboard.ts";
import { LiveController } from "./controllers/live.ts";
import { FrameMeter } from "./controllers/meter.ts";
import { type Canvases, PainterController } from "./controllers/painter.ts";
import { PointerController } from "./controllers/pointer.ts";
import { QualityController } from "./controllers/quality.ts";
import { SessionController } from "./controllers/session.ts";
import { VisibilityController } from "./controllers/visibility.ts";
import { cineBar } from "./controls/cine-bar.ts";
import { emptyHint, errorPanel, progress, shortcuts, signalBanner, warnings } from "./controls/panels.ts";
import { drawer, rail } from "./controls/rail.ts";
import { settings } from "./controls/settings.ts";
import { statusBar } from "./controls/status-bar.ts";
import { coreActions } from "./core-actions.ts";
import { depthSpan, mainRegion } from "./draw/layout.ts";
import { emit } from "./events.ts";
import type { Tool, Viewer } from "./features/feature.ts";
import type { Messages } from "./languages/english.ts";
import { REPEATS, type Repeat, SPEED_LIMITS } from "./playback.ts";
import {
  canScrub,
  DYNAMIC_RANGE_LIMITS_DB,
  dynamicRangeOf,
  GAIN_LIMITS_DB,
  gainOf,
  type Phase,
  phaseOf,
  Store,
  type ViewerState,
} from "./store.ts";
import { styles } from "./styles/index.ts";

const QUALITIES = ["auto", "full"] as const;
const CINE_MEMORY_LIMITS_MB = [1, 4000] as const;

/** While frames follow each other, `echo-frame` tells of one in so many milliseconds. */
const FRAME_EVENT_MS = 100;

/** Attributes that tell the state; null: absent. Values that nobody chose are not written into the page. */
const MIRRORED: readonly (readonly [attribute: string, read: (state: ViewerState) => string | null])[] = [
  ["src", (state) => state.src],
  ["probe", (state) => state.probe],
  ["frozen", (state) => (state.frozen ? "" : null)],
  ["gain", (state) => textOf(state.gainDb)],
  ["dynamic-range", (state) => textOf(state.dynamicRangeDb)],
  ["depth", (state) => textOf(millimetres(state.depthM))],
  ["speed", (state) => (state.speed === 1 ? null : String(state.speed))],
  ["cine-memory", (state) => textOf(state.cineBytes === null ? null : state.cineBytes / 1e6)],
  ["quality", (state) => (state.quality === "auto" ? null : state.quality)],
  ["repeat", (state) => (state.repeat === "loop" ? null : state.repeat)],
];

function textOf(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** Metres as millimetres, without the noise of the multiplication. */
function millimetres(metres: number | null): number | null {
  return metres === null ? null : Number((metres * 1000).toFixed(3));
}

/** While live, these change with every frame and are only painted. */
const PAINTED: ReadonlySet<string> = new Set(["image", "position", "arrivedAtMs", "positionS"]);

/** What differs is more than the next live frame. */
function needsRender(state: ViewerState, previous: ViewerState): boolean {
  const paint = state.image !== null && previous.image !== null && !canScrub(state);
  let key: keyof ViewerState;
  for (key in state) {
    if (!Object.is(state[key], previous[key]) && !(paint && PAINTED.has(key))) return true;
  }
  return false;
}

/** A number from an attribute; text that is none goes on as it is, to be refused by the property. */
function numberFrom(text: string | null): number | string | null {
  if (text === null) return null;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : text;
}

/**
 * Shows ultrasound: a recording, or a simulated probe live.
 *
 * ```html
 * <script type="module" src="echo-viewer.min.js"></script>
 * <echo-viewer src="scan.uff"></echo-viewer>
 * <echo-viewer probe="simulated:phased"></echo-viewer>
 * ```
 *
 * A page that gives no size gets the width there is, in the shape 4:3 (3:4 on narrow screens), and no more than the
 * height of the screen.
 *
 * Raw echoes are processed on this device, off the page's thread; nothing is sent anywhere and no device is asked for.
 * The engine starts when the element is first seen, and is shared by all viewers of a page. Everything is given back
 * when the element leaves the page; a moved element goes on.
 *
 * @summary Shows raw ultrasound data as pictures, live or from a file.
 *
 * @attr {string} src - Address of a recording; goes before `probe`.
 * @attr {string} probe - A live source: `simulated`, `simulated:phased`, `simulated:convex`.
 * @attr {number} gain - dB added before compression, -60 to 60. Default 0.
 * @attr {number} dynamic-range - dB between black and white, 10 to 120. Default 50.
 * @attr {number} depth - Greatest depth shown, in mm. Default: all there is.
 * @attr {number} speed - How fast stored frames play, 0.05 to 10. Default 1: as acquired.
 * @attr {"loop" | "bounce" | "once"} repeat - What happens when they have played to their end. Default `loop`.
 * @attr {number} cine-memory - MB for the last raw frames of a live source, 1 to 4000. Default: a share of 64 MiB a page.
 * @attr {"auto" | "full"} quality - `auto`, the default: a live picture that comes too late gets fewer rows.
 * @attr {boolean} frozen - The live picture stands still.
 * @attr {string} pipeline - What to do with the echoes: a `Pipeline` as JSON.
 * @attr {"none"} controls - `none` hides buttons and sliders; keys and methods go on working.
 * @attr {string} label - Name of this viewer for assistive technology.
 *
 * @slot poster - Shown while there is no picture.
 * @slot controls - More controls, after the sliders.
 * @slot overlay - Lies over the picture.
 * @slot error - More help in the error panel.
 *
 * @event {CustomEvent<EchoLoadDetail>} echo-load - A source is open.
 * @event {CustomEvent<EchoFrameDetail>} echo-frame - A frame is on the screen; at most ten a second while frames follow
 *   each other.
 * @event {CustomEvent<EchoFreezeDetail>} echo-before-freeze - A person or the page asks to freeze or run; cancelable.
 * @event {CustomEvent<EchoFreezeDetail>} echo-freeze - The picture was frozen, or runs again.
 * @event {CustomEvent<EchoErrorDetail>} echo-error - Something failed; the viewer shows the same sentence.
 * @event {CustomEvent<EchoProgressDetail>} echo-progress - Loading goes on.
 * @event {CustomEvent<EchoQualityDetail>} echo-quality - The live picture has more or fewer rows from now on.
 * @event {CustomEvent<EchoChangeDetail>} echo-change - A person changed gain, dynamic range or depth.
 *
 * @csspart base - Everything.
 * @csspart status - The line above the picture.
 * @csspart badge - What the picture is: live, frozen, file, no signal, ...
 * @csspart reprocessed - The mark on stored frames that were processed again with other settings.
 * @csspart coarser - The mark on live pictures with fewer rows.
 * @csspart frame-rate - Frames per second.
 * @csspart stage - The black area round the picture.
 * @csspart picture - The canvas of the picture.
 * @csspart scale - The canvas of depth scale, grey bar and orientation marker.
 * @csspart marks - The canvas of what is drawn over the picture.
 * @csspart rail - The buttons that open drawers.
 * @csspart drawer - The open drawer.
 * @csspart banner - Words across a picture that is not live any more.
 * @csspart progress - Name and bar while loading.
 * @csspart error - The error panel.
 * @csspart warnings - What the source says is missing or odd.
 * @csspart empty - The button where there is nothing to show.
 * @csspart shortcuts - The list of keys.
 * @csspart cine - Freeze button and stored frames.
 * @csspart scrub - The slider of the stored frames.
 * @csspart trim - The part of the stored frames that plays, on their slider.
 * @csspart choice - A row of options; also by name, as `speed` and `repeat`.
 * @csspart place - Number and time of the stored frame.
 * @csspart settings - The sliders.
 * @csspart slider - A slider with its label; also `depth`, `gain`, `dynamic-range`.
 * @csspart button - Any button; also `freeze`, `play`, `open`, `keys`, `settings-toggle`,
 *   `warnings-toggle`, `close`.
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
 * @cssproperty --echo-font - Font of the bars.
 *
 * @cssstate live, delayed, no-signal, frozen, file, ended, loading, idle, error - The phase, as the badge.
 */
export class EchoViewer extends LitElement {
  static override styles = styles;

  static override properties: PropertyDeclarations = {
    // Those without `reflect` are a view of the store, which writes their attributes: see `MIRRORED`.
    src: { type: String },
    probe: { type: String },
    gain: { converter: numberFrom },
    dynamicRange: { converter: numberFrom, attribute: "dynamic-range" },
    depth: { converter: numberFrom },
    frozen: { type: Boolean },
    speed: { converter: numberFrom },
    repeat: { type: String },
    quality: { type: String },
    cineMemory: { converter: numberFrom, attribute: "cine-memory" },
    pipeline: { converter: (text: string | null) => text ?? {} },
    controls: { type: String, reflect: true },
    label: { type: String, reflect: true },
  };

  declare controls: string | null;
  declare label: string | null;

  readonly #store = new Store();
  readonly #session = new SessionController(this, this.#store);
  readonly #cine = new CineController(this, this.#store, this.#session);
  readonly #freshness = new FreshnessController(this, this.#store);
  readonly #meter = new FrameMeter(this.#store);
  readonly #commands = new Commands(this, this.#store, this.#session, this.#cine);
  readonly #actions = new Actions(this.#store);
  readonly #painter: PainterController;
  readonly #features: Features;
  readonly #internals = this.attachInternals();
  #frameEventAtMs = Number.NEGATIVE_INFINITY;
  #listOpen = false;
  #focused: Element | null = null;

  constructor() {
    super();
    this.controls = null;
    this.label = null;
    const store = this.#store;
    new LiveController(this, {
      store,
      session: this.#session,
      cine: this.#cine,
      freshness: this.#freshness,
    });
    this.#painter = new PainterController(this, store, () => this.#canvases(), {
      onPainted: (image, state, nowMs) => this.#painted(image, state, nowMs),
      draw: (scene) => this.#features.draw(scene),
    });
    this.#actions.add(coreActions(this.#commands));
    const announcer = new AnnouncerController(this, store);
    this.#features = new Features(this.#seenByFeatures(announcer));
    new PointerController(
      this,
      () => this.renderRoot?.querySelector<HTMLElement>(".stage") ?? null,
      () => this.#tools(),
    );
    new QualityController(this, store);
    new VisibilityController(this, store);
    new KeyboardController(this, {
      actions: this.#actions,
      commands: this.#commands,
      toolKey: (event) => this.#features.chosen?.tool?.key?.(event) ?? false,
    });
    new DropController(this, store, this.#commands);
    store.subscribe((state, previous) => this.#changed(state, previous));
  }

  /** Address of a recording; null: none. */
  get src(): string | null {
    return this.#store.state.src;
  }
  set src(src: string | null) {
    this.#store.update({ src: src || null, file: null });
  }

  /** The live source; null: none. */
  get probe(): string | null {
    return this.#store.state.probe;
  }
  set probe(probe: string | null) {
    this.#store.update({ probe: probe || null, file: null });
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

  /** Greatest depth shown (mm), kept within what the data hold; null: all there is. */
  get depth(): number | null {
    return millimetres(this.#store.state.depthM);
  }
  set depth(depth: number | null) {
    this.#set("depth", depth, [0, Number.MAX_VALUE], (mm) =>
      this.#store.update({ depthM: mm === null ? null : mm / 1000 }),
    );
  }

  /** The live picture stands still, and its last frames can be looked at. */
  get frozen(): boolean {
    return this.#store.state.frozen;
  }
  set frozen(frozen: boolean) {
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
    if (repeat === null) this.#store.update({ repeat: "loop" });
    else if (REPEATS.includes(repeat)) this.#store.update({ repeat });
    else
      this.#refuse(this.#messages.errors.notOneOf("repeat", String(repeat), REPEATS), {
        repeat: String(repeat),
      });
  }

  /** `auto`, the default: a live picture that comes too late gets fewer rows; `full`: it never does. */
  get quality(): "auto" | "full" {
    return this.#store.state.quality;
  }
  set quality(quality: "auto" | "full" | null) {
    const value = quality ?? "auto";
    if (QUALITIES.includes(value)) this.#store.update({ quality: value });
    else this.#refuse(this.#messages.errors.notOneOf("quality", value, QUALITIES), { quality: value });
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

  /** What to do with the echoes. Gain, dynamic range and depth, where chosen, go before what stands here. */
  get pipeline(): Pipeline {
    return this.#store.state.pipeline;
  }
  set pipeline(pipeline: Pipeline | string) {
    let value: unknown = pipeline;
    try {
      if (typeof pipeline === "string") value = JSON.parse(pipeline);
    } catch {
      value = undefined;
    }
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      this.#store.update({ pipeline: value as Pipeline });
    } else {
      this.#refuse(this.#messages.errors.notPipeline(String(pipeline)), { pipeline: String(pipeline) });
    }
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

  /** The picture on the screen, valid until the next `echo-frame`; or null. */
  get image(): Image | null {
    return this.#store.state.image;
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

  /** The stored frames that play, by their places from 0, both included; null: all. Forgotten when the picture runs on. */
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

  /** Shows the stored frame so many places on; negative: back. */
  step(frames: number): void {
    this.#commands.step(frames);
  }

  /** Opens a file as if it were dropped. */
  openFile(file: File): void {
    this.#commands.openFile(file);
  }

  #seenByFeatures(announcer: AnnouncerController): Viewer {
    return {
      host: this,
      store: this.#store,
      commands: this.#commands,
      actions: this.#actions,
      session: this.#session,
      cine: this.#cine,
      mapping: () => this.#painter.mapping(),
      stageSize: () => this.#painter.size,
      redraw: () => this.#painter.redrawMarks(),
      announce: (text) => announcer.say(text),
    };
  }

  /** Whom the pointer on the picture is offered, in order. */
  #tools(): readonly Tool[] {
    return this.#features.inOrder.flatMap(({ tool }) => (tool ? [tool] : []));
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

  #refuse(sentence: string, fields: Record<string, string>): void {
    this.#session.fail(new SondeError("bad-option", sentence, { fields }));
  }

  #changed(state: ViewerState, previous: ViewerState): void {
    for (const [attribute, read] of MIRRORED) {
      const text = read(state);
      if (text === read(previous) || text === this.getAttribute(attribute)) continue;
      if (text === null) this.removeAttribute(attribute);
      else this.setAttribute(attribute, text);
    }
    if (needsRender(state, previous)) this.requestUpdate();
    const phase = phaseOf(state);
    const phaseBefore = phaseOf(previous);
    if (phase !== phaseBefore) {
      this.#internals.states.delete(phaseBefore);
      this.#internals.states.add(phase);
    }
    if (state.session?.live && state.session === previous.session && state.frozen !== previous.frozen) {
      emit(this, "echo-freeze", { frozen: state.frozen });
    }
  }

  #painted(image: Image, state: ViewerState, nowMs: number): void {
    this.#meter.painted(nowMs);
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

  /** What the picture shows, in words. */
  #description(state: ViewerState): string {
    const messages = this.#messages;
    const { session, image } = state;
    if (!session || !image) return messages.noPicture;
    const region = mainRegion(image);
    const depth = region ? messages.pictureDepth(...depthSpan(region)) : messages.pictureUncalibrated;
    return messages.picture(messages.badge[phaseOf(state)], session.info.name) + depth;
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.#focused = this.shadowRoot?.activeElement ?? null;
  }

  /** Focus goes into the list of keys when it opens; a control that goes away while it has the focus leaves it here. */
  protected override updated(_changed: PropertyValues): void {
    const open = this.renderRoot.querySelector<HTMLElement>(".shortcuts button");
    if (open && !this.#listOpen) open.focus();
    this.#listOpen = open !== null;
    const focused = this.#focused;
    if (focused && (!focused.isConnected || !focused.checkVisibility() || focused.matches(":disabled")))
      this.renderRoot.querySelector<HTMLElement>(".base")?.focus();
    this.#focused = null;
  }

  protected override render(): TemplateResult {
    const state = this.#store.state;
    const commands = this.#commands;
    const messages = this.#messages;
    const phase = phaseOf(state);
    const hidden = this.controls === "none";
    return html`<div
      part="base"
      class="base"
      role="group"
      tabindex="0"
      aria-label=${this.label || messages.viewer}
      aria-keyshortcuts=${ariaKeys(this.#actions.all.flatMap((action) => this.#actions.keysOf(action))) || nothing}
      aria-busy=${state.loading ? "true" : "false"}
      data-controls=${hidden ? "none" : "all"}
    >
      ${statusBar(state, commands, messages, this.#pickFile)}
      <div part="stage" class="stage" data-phase=${phase}>
        <canvas part="picture" class="picture" role="img" aria-label=${this.#description(state)}></canvas>
        <canvas part="scale" class="overlay" aria-hidden="true"></canvas>
        <canvas part="marks" class="marks" aria-hidden="true"></canvas>
        ${state.image ? nothing : html`<div class="layer poster"><slot name="poster"></slot></div>`}
        ${this.#features.overlays(state)}
        <div class="layer"><slot name="overlay"></slot></div>
        ${signalBanner(state, messages)} ${emptyHint(state, messages, this.#pickFile)} ${progress(state, messages)}
        ${warnings(state, commands, messages)} ${errorPanel(state, commands, messages)} ${shortcuts(state, commands, this.#actions)}
        ${state.dragging ? html`<div class="drop">${messages.drop}</div>` : nothing}
      </div>
      ${
        hidden
          ? nothing
          : html`${rail(state, commands, this.#features)}${cineBar(state, commands, messages)}
            ${settings(state, commands, messages)}${drawer(state, commands, this.#features)}`
      }
      <footer part="notice" class="notice">${messages.notice}</footer>
      <input type="file" hidden @change=${this.#picked} />
      <div class="said" role="status">${state.announcement}</div>
    </div>`;
  }
}
