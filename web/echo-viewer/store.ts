/**
 * The one state of a viewer. Controllers write it through `update`, and pictures through `show`; the element, the controls and the
 * drawing read it and derive the rest. Nothing else holds state that a person could see.
 */
import type {
  Acquisition,
  Frame,
  GreyMap,
  Image,
  LinkReport,
  LiveSource,
  LiveTarget,
  Pipeline,
  Plan,
  Protocol,
  SondeError,
  Source,
} from "../../host/index.ts";
import { ENGLISH, type Language } from "./languages/language.ts";
import type { Patient } from "./patient.ts";
import type { Clip, Repeat } from "./playback.ts";
import { type View, WHOLE_VIEW } from "./view.ts";

/** What the viewer is doing, in the one word the badge shows. */
export type Phase =
  /** Nothing to show and nothing asked for. */
  | "idle"
  | "loading"
  /** The picture is younger than the stale limit. */
  | "live"
  /** Frames arrive, but the picture is older than the limit. */
  | "delayed"
  /** No frame arrived within the limit. */
  | "no-signal"
  | "frozen"
  | "file"
  /** A live stream that closed in order. */
  | "ended"
  | "error";

/** How a live stream does. `waiting`: started, and no picture yet. */
export type Signal = "waiting" | "fresh" | "late" | "stale" | "ended" | "lost";

/** Least and greatest depth that can be chosen (m). */
export interface DepthLimits {
  minM: number;
  maxM: number;
}

/** What can be chosen over the page's pipeline: nothing of it can make a plan fail that was possible without. */
export type Adjusted = Pick<Pipeline, "soundSpeedMps"> & {
  beamform?: Pick<NonNullable<Pipeline["beamform"]>, "fNumber" | "window">;
  display?: Pick<
    NonNullable<Pipeline["display"]>,
    "tgcDb" | "greyMap" | "persistence" | "smoothing" | "speckle"
  >;
};

/** A source that is open, and its plan. */
export interface Session {
  readonly source: Source;
  readonly plan: Plan;
  readonly info: Acquisition;
  readonly live: boolean;
  /** A recording's first frame, read before it took the place of what was open, until it is shown. */
  first?: Frame;
}

/** A device that a person chose. */
export interface Device {
  target: LiveTarget;
  /** Its name, or a protocol of the page's own. */
  protocol: string | Protocol;
  /** For people, until the device says its own. */
  name: string;
}

/** The indices of acoustic output, in the order they are shown. */
export const OUTPUT_INDICES = ["mi", "tis", "tib", "tic"] as const;
export type OutputIndex = (typeof OUTPUT_INDICES)[number];

/** Keys by the ids of actions; an empty list: none. */
export type Hotkeys = Readonly<Record<string, readonly string[]>>;

/** What was asked to be shown. */
export type Request =
  | { kind: "src"; src: string }
  | { kind: "probe"; probe: string; protocol: string | null }
  | { kind: "device"; device: Device }
  | { kind: "file"; file: File };

/**
 * States of the features by their names. Each declares its own part where it is defined:
 * `declare module "../../store.ts" { interface FeatureStates { measure: MeasureState } }`.
 */
// biome-ignore lint/suspicious/noEmptyInterface: features fill it
export interface FeatureStates {}

export interface ViewerState {
  /** Attributes `src` and `probe`; a dropped file or a device goes before both, `src` before `probe`. */
  src: string | null;
  probe: string | null;
  /** What the bytes of `probe` mean, where it is an address. */
  protocol: string | null;
  file: File | null;
  device: Device | null;
  /** The pipeline the page asked for. */
  pipeline: Pipeline;
  /** What attributes, controls and presets chose over it. */
  adjusted: Adjusted;
  /** Chosen by attribute or control; null: the pipeline's own. */
  gainDb: number | null;
  dynamicRangeDb: number | null;
  /** Chosen depth (m); null: all there is. */
  depthM: number | null;
  /** Depths the data hold. */
  depthLimits: DepthLimits | null;
  /** Depths the preset allows. */
  depthBounds: DepthLimits | null;
  /** The preset asked for: its name, or the preset itself as JSON. */
  preset: string | null;
  /** What was chosen before the page asked for it, which it replaces; null: it is what the page begins with, and replaces nothing. */
  settingsBeforePreset: Settings | null;

  /** In the page, on the screen and in a tab that is seen. */
  visible: boolean;
  /** What is being opened; null when nothing is. */
  loading: { name: string; fraction: number | null; long: boolean } | null;
  /** A device that is being connected and has not said yet what it sends. */
  waiting: LiveSource | null;
  /** What went wrong, and what can be tried again; `kept`: what was open before is open still. */
  error: { error: SondeError; request: Request | null; kept?: boolean } | null;
  session: Session | null;
  /** Whose the session's picture is: the page's patient as long as the page asks for no other source; null: nobody said. */
  sessionPatient: Patient | null;

  frozen: boolean;
  signal: Signal;
  /** How the way to the device does; null: there is none to lose. */
  link: LinkReport | null;
  /**
   * The picture; its arrival on the clock of `performance.now()`, and its number among the stored frames. While a live picture runs,
   * these change in place: see `Store`.
   */
  image: Image | null;
  arrivedAtMs: number;
  position: number;
  /** Stored frames: the number of the oldest, how many, which one is asked for. */
  firstFrame: number;
  frameCount: number;
  cursor: number;
  /** From the oldest stored frame to the newest, and to the one shown (s); NaN: not known. */
  storedS: number;
  positionS: number;
  playing: boolean;
  /** How fast stored frames play, 1: as acquired, and what happens at the end. */
  speed: number;
  repeat: Repeat;
  /** The part of the stored frames that plays; null: all. */
  trim: Clip | null;
  /** Memory for stored live frames that the page asked for (bytes); null: an equal share of the page's. */
  cineBytes: number | null;
  /** Seconds after which a live picture that nobody uses freezes; null: it goes on. */
  autoFreezeS: number | null;
  /** Most seconds of this live source that fit into the memory for stored frames; NaN: not known. */
  capacityS: number;
  /** The stored frame of a live source on the screen was processed with other settings than were in force when it came. */
  reprocessed: boolean;
  /** Acoustic output as the device states it; null: it never has. Values that are old or not stated are null. */
  output: Readonly<Record<OutputIndex, number | null>> | null;
  /** `auto`: a live picture that comes too late gets fewer rows. */
  quality: "auto" | "full";
  /** Part of the full number of rows a live picture has now, above 0 to 1. */
  scale: number;
  /** Distinct frames shown in the last second. */
  frameRateHz: number;
  /** Live frames that no picture was made of: newer ones had come. Told with the frame rate. */
  dropped: number;

  dragging: boolean;
  settingsOpen: boolean;
  /** The list of what the source says is missing or odd. */
  warningsOpen: boolean;
  shortcutsOpen: boolean;
  /** How the picture lies on the stage. */
  view: View;
  /** Whose examination this is, as the page says. */
  patient: Patient | null;
  /** What identifies the patient is not shown. */
  privacy: boolean;
  /** What the viewer fills beyond its place in the page. */
  filled: "screen" | "window" | null;
  /** The feature whose drawer is open. */
  drawer: string | null;
  /** What the pointer does on the picture, as `feature` or `feature.tool`; null: nothing but move it. */
  tool: string | null;
  /** What the features that are loaded keep. */
  features: Readonly<Partial<FeatureStates>>;
  language: Language;
  /** Keys of actions that differ from the default, by the action's id: in force, and as the page gave them. */
  hotkeys: Hotkeys;
  pageHotkeys: Hotkeys;
  /** Keys do nothing but what the focused control and the chosen tool do with them. */
  keysOff: boolean;
  /** How much there is that takes long, other than loading a source. */
  slowWork: number;
  /** Last thing said to assistive technology. */
  announcement: string;
}

/** What people and pages choose about the picture. */
export const SETTINGS = [
  "pipeline",
  "adjusted",
  "gainDb",
  "dynamicRangeDb",
  "depthM",
  "depthBounds",
] as const satisfies readonly (keyof ViewerState)[];
export type Settings = Pick<ViewerState, (typeof SETTINGS)[number]>;

/** The settings of a state. */
export function settingsOf(state: Settings): Settings {
  const { pipeline, adjusted, gainDb, dynamicRangeDb, depthM, depthBounds } = state;
  return { pipeline, adjusted, gainDb, dynamicRangeDb, depthM, depthBounds };
}

/** Something else was chosen. Asked with every live frame: a function for each key would be an object each time. */
export function choiceDiffers(a: Settings, b: Settings): boolean {
  for (let i = 0; i < SETTINGS.length; i++) if (!Object.is(a[SETTINGS[i]], b[SETTINGS[i]])) return true;
  return false;
}

export const DEFAULT_DYNAMIC_RANGE_DB = 50;
export const GAIN_LIMITS_DB = [-60, 60] as const;
export const DYNAMIC_RANGE_LIMITS_DB = [10, 120] as const;
export const PERSISTENCE_LIMITS = [0, 0.95] as const;
/** Greatest gain or loss of a point of the time-gain compensation. */
export const TGC_LIMIT_DB = 40;

/** What there is of a picture when there is none. */
export const NO_PICTURE = {
  image: null,
  arrivedAtMs: Number.NEGATIVE_INFINITY,
  firstFrame: 0,
  frameCount: 0,
  position: 0,
  cursor: 0,
  storedS: Number.NaN,
  positionS: Number.NaN,
  playing: false,
  trim: null,
  reprocessed: false,
} satisfies Partial<ViewerState>;

/** What there is when no source is open, or a new one has just been. */
export const NO_SESSION = {
  ...NO_PICTURE,
  session: null,
  sessionPatient: null,
  depthLimits: null,
  frozen: false,
  signal: "waiting",
  link: null,
  capacityS: Number.NaN,
  output: null,
  scale: 1,
  frameRateHz: Number.NaN,
  dropped: 0,
  warningsOpen: false,
} satisfies Partial<ViewerState>;

// Marked as pure: a bundler leaves it out of what only asks for a function of this file.
const INITIAL: ViewerState = /* @__PURE__ */ (() => ({
  ...NO_SESSION,
  src: null,
  probe: null,
  protocol: null,
  file: null,
  device: null,
  pipeline: {},
  adjusted: {},
  gainDb: null,
  dynamicRangeDb: null,
  depthM: null,
  depthBounds: null,
  preset: null,
  settingsBeforePreset: null,
  speed: 1,
  repeat: "loop",
  cineBytes: null,
  autoFreezeS: null,
  quality: "auto",
  visible: false,
  loading: null,
  waiting: null,
  error: null,
  dragging: false,
  settingsOpen: false,
  shortcutsOpen: false,
  view: WHOLE_VIEW,
  patient: null,
  privacy: false,
  filled: null,
  drawer: null,
  tool: null,
  features: {},
  language: ENGLISH,
  hotkeys: {},
  pageHotkeys: {},
  keysOff: false,
  slowWork: 0,
  announcement: "",
}))();

/** Told after each change of the state what it is, and what it was when this listener was told before: of every transition once. */
export type Listener = (state: ViewerState, previous: ViewerState) => void;

interface Subscriber {
  readonly listener: Listener;
  /** The state it was told of last. */
  seen: ViewerState;
}

/** Told after a live picture, or its figures, changed in place and nothing else did. */
export type GoingListener = (state: ViewerState, pictured: boolean) => void;

/** What is counted and measured of a live picture that runs, and only written beside it. */
const FIGURES: ReadonlySet<string> = new Set([
  "frameRateHz",
  "firstFrame",
  "frameCount",
  "storedS",
  "capacityS",
]);

/**
 * Holds a state that is replaced, never mutated, but for what goes on with a live picture that runs: the picture, up to a hundred times a
 * second, and its figures. A new state and a round of all listeners for each would be most of what a viewer allocates.
 */
export class Store {
  #state: ViewerState = INITIAL;
  #subscribers: readonly Subscriber[] = [];
  readonly #going: GoingListener[] = [];

  get state(): ViewerState {
    return this.#state;
  }

  /** Applies a change and tells the listeners, unless nothing differs. */
  update(change: Partial<ViewerState>): void {
    const previous = this.#state;
    let differs = false;
    // That all stored frames are gone is no figure: what lies on them goes, too.
    let goesOn = runs(previous) && change.frameCount !== 0;
    let key: keyof ViewerState;
    for (key in change) {
      if (Object.is(previous[key], change[key])) continue;
      differs = true;
      goesOn &&= FIGURES.has(key);
    }
    if (!differs) return;
    if (goesOn) {
      Object.assign(previous, change);
      this.#tellGoing(false);
      return;
    }
    this.#state = { ...previous, ...change };
    // Whoever comes or goes meanwhile gets a list of its own. A listener may change the state: the others hear of both changes at once.
    for (const subscriber of this.#subscribers) {
      const { listener, seen } = subscriber;
      if (seen === this.#state) continue;
      subscriber.seen = this.#state;
      listener(this.#state, seen);
    }
  }

  /** Puts a picture on the screen. */
  show(image: Image, position: number, arrivedAtMs: number): void {
    const state = this.#state;
    if (!runs(state)) {
      this.update({ image, position, arrivedAtMs });
      return;
    }
    state.image = image;
    state.position = position;
    state.arrivedAtMs = arrivedAtMs;
    this.#tellGoing(true);
  }

  #tellGoing(pictured: boolean): void {
    for (let i = 0; i < this.#going.length; i++) this.#going[i](this.#state, pictured);
  }

  /** Hears of what `subscribe` does not tell of: what goes on with a live picture that runs. */
  onGoing(listener: GoingListener): void {
    this.#going.push(listener);
  }

  /** Changes a part of what a feature keeps. */
  updateFeature<Name extends keyof FeatureStates>(name: Name, change: Partial<FeatureStates[Name]>): void {
    const before: Partial<FeatureStates[Name]> | undefined = this.#state.features[name];
    this.update({ features: { ...this.#state.features, [name]: { ...before, ...change } } });
  }

  /** @returns a function that ends the subscription. */
  subscribe(listener: Listener): () => void {
    const subscriber = { listener, seen: this.#state };
    this.#subscribers = [...this.#subscribers, subscriber];
    return () => {
      this.#subscribers = this.#subscribers.filter((one) => one !== subscriber);
    };
  }
}

/** The state in one word: everything that claims the picture is live asks this function. */
export function phaseOf(state: ViewerState): Phase {
  const { session } = state;
  if (!session) return state.loading ? "loading" : state.error ? "error" : "idle";
  if (!session.live) return state.image ? "file" : state.error ? "error" : "loading";
  if (holds(state)) return "frozen";
  switch (state.signal) {
    case "waiting":
      return "loading";
    case "fresh":
      return "live";
    case "late":
      return "delayed";
    case "stale":
    case "lost":
      return "no-signal";
    case "ended":
      return "ended";
  }
}

/**
 * Frozen, on a picture whose frame is stored. Without one, frozen from the start or when coming back to a picture from before, it waits
 * for the next frame, and the badge says how the stream does.
 */
export function holds({ frozen, image, frameCount }: ViewerState): boolean {
  return frozen && image !== null && frameCount > 0;
}

/** A live stream that will give no more frames by itself. */
export function isOver({ session, signal }: ViewerState): boolean {
  return Boolean(session?.live) && (signal === "ended" || signal === "lost");
}

/** Stored frames can be chosen: a recording, or a live stream that stands still. */
export function canScrub(state: ViewerState): boolean {
  if (!state.session || state.frameCount === 0) return false;
  return !state.session.live || state.frozen || isOver(state);
}

/** A live picture is on the screen, and the next one takes its place. */
function runs(state: ViewerState): boolean {
  return Boolean(state.session?.live && state.image) && !state.frozen && !isOver(state);
}

/** The stored frames that play. */
export function clipOf({ trim, firstFrame, frameCount }: ViewerState): Clip {
  const last = firstFrame + Math.max(0, frameCount - 1);
  if (!trim) return { first: firstFrame, last };
  const first = Math.min(last, Math.max(firstFrame, trim.first));
  return { first, last: Math.max(first, Math.min(last, trim.last)) };
}

/** What the attributes, or a dropped file, ask for. */
export function requestOf({ file, device, src, probe, protocol }: ViewerState): Request | null {
  if (file) return { kind: "file", file };
  if (device) return { kind: "device", device };
  if (src !== null) return { kind: "src", src };
  return probe === null ? null : { kind: "probe", probe, protocol };
}

export function sameRequest(a: Request | null, b: Request | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.kind === "file") return b.kind === "file" && a.file === b.file;
  if (a.kind === "device") return b.kind === "device" && a.device === b.device;
  if (a.kind === "src") return b.kind === "src" && a.src === b.src;
  return b.kind === "probe" && a.probe === b.probe && a.protocol === b.protocol;
}

export function gainOf(state: Pick<Settings, "gainDb" | "pipeline">): number {
  return state.gainDb ?? state.pipeline.display?.gainDb ?? 0;
}

export function dynamicRangeOf(state: Pick<Settings, "dynamicRangeDb" | "pipeline">): number {
  return state.dynamicRangeDb ?? state.pipeline.display?.dynamicRangeDb ?? DEFAULT_DYNAMIC_RANGE_DB;
}

/** The defined values of an object, or undefined when there is none. */
export function defined<T extends object>(part: T): T | undefined {
  const entries = Object.entries(part).filter(([, value]) => value !== undefined);
  return entries.length ? (Object.fromEntries(entries) as T) : undefined;
}

/** What is chosen after a change; a part that is there and `undefined` goes back to the page's pipeline. */
export function adjustedBy(adjusted: Adjusted, { beamform, display, ...others }: Adjusted): Adjusted {
  const next: Adjusted = {
    ...adjusted,
    ...others,
    beamform: defined({ ...adjusted.beamform, ...beamform }),
    display: defined({ ...adjusted.display, ...display }),
  };
  return defined(next) ?? {};
}

export function greyMapOf({ adjusted, pipeline }: Pick<Settings, "pipeline" | "adjusted">): GreyMap {
  return adjusted.display?.greyMap ?? pipeline.display?.greyMap ?? "gray";
}

/** The page's pipeline with what was chosen over it. */
export function askedPipeline({ pipeline, adjusted }: Pick<Settings, "pipeline" | "adjusted">): Pipeline {
  const { soundSpeedMps, beamform, display } = adjusted;
  return {
    ...pipeline,
    ...(soundSpeedMps === undefined ? undefined : { soundSpeedMps }),
    ...(beamform && { beamform: { ...pipeline.beamform, ...beamform } }),
    ...(display && { display: { ...pipeline.display, ...display } }),
  };
}

/** What settings make of a frame, as text: of two that make the same picture it is the same. */
export function effectOf(settings: Settings): string {
  const { depthM } = settings;
  return JSON.stringify([askedPipeline(settings), gainOf(settings), dynamicRangeOf(settings), depthM]);
}

/** Depths that can be chosen: those of the data that the preset allows, all of the data's where it allows none. */
export function depthRangeOf({ depthLimits, depthBounds }: ViewerState): DepthLimits | null {
  if (!depthLimits || !depthBounds) return depthLimits;
  const minM = Math.max(depthLimits.minM, depthBounds.minM);
  const maxM = Math.min(depthLimits.maxM, depthBounds.maxM);
  return minM < maxM ? { minM, maxM } : depthLimits;
}

/** The depth shown (m), or null when the source's depth is not known. */
export function depthOf(state: ViewerState): number | null {
  const range = depthRangeOf(state);
  if (!range) return null;
  return Math.min(range.maxM, Math.max(range.minM, state.depthM ?? range.maxM));
}
