/** What the modes keep in the store: which mode, where its line lies, how its strip runs, how the stage is split. */
import type { Acquisition, Pipeline } from "../../../../host/index.ts";
import type { ViewerState } from "../../store.ts";

/** `b`: the picture alone; `m`: with an M-mode strip; `a`: with an A-line. */
export const MODES = ["b", "m", "a"] as const;
export type Mode = (typeof MODES)[number];

/** How many pictures share the stage. */
export const SPLITS = [1, 2, 4] as const;
export type Split = (typeof SPLITS)[number];

/** How much time the strip shows, or how far a second goes: CSS millimetres, 96 px to 25.4 mm. */
export const SPEEDS = ["1 s", "2 s", "4 s", "8 s", "25 mm/s", "50 mm/s", "100 mm/s"] as const;
export type Speed = (typeof SPEEDS)[number];

/** `scroll`: the newest at the right edge; `bar`: a bar passes over the strip and writes behind it. */
export type Sweep = "scroll" | "bar";

/** What the A-line shows. */
export const SIGNALS = ["level", "envelope", "rf"] as const;
export type Signal = (typeof SIGNALS)[number];

/** A point in the plane of the picture: x and z (m), or picture pixels where it is not calibrated. */
export type PlanePoint = readonly [x: number, z: number];

/** The line of M-mode and A-line. */
export type Line =
  /** Along a beam of the scan, all its depth: lateral place, or angle of a sector; null: the middle one. */
  | { readonly kind: "beam"; readonly at: number | null }
  /** Between any two points ("anatomical"). */
  | { readonly kind: "free"; readonly from: PlanePoint; readonly to: PlanePoint };

/** What a pane beside the main picture holds. */
export type Slot =
  | { readonly kind: "empty" }
  /** Frames that were kept: never live. `timeS` of the one shown: since 1970 of live sources, else from the recording's beginning. */
  | {
      readonly kind: "stored";
      readonly frames: number;
      readonly shown: number;
      readonly timeS: number;
      readonly fromLive: boolean;
      /** What they are frames of. */
      readonly source: Acquisition;
      /** How long that was, where it is a recording (s). */
      readonly recordedS: number;
      readonly playing: boolean;
    }
  /** The frames of the main picture, processed in another way. */
  | {
      readonly kind: "pipeline";
      readonly pipeline: Pipeline;
      readonly refused: string | null;
      readonly dropped: number;
      /** Its picture is as young as the main one. */
      readonly fresh: boolean;
    };

export interface ModesState {
  mode: Mode;
  split: Split;
  line: Line;
  speed: Speed;
  sweep: Sweep;
  signal: Signal;
  peakHold: boolean;
  /** Zoom and place of the main picture are those of all. */
  linked: boolean;
  /** The pane that keys speak of: 0 is the main picture. */
  active: number;
  /** Panes 1 to 3. */
  slots: readonly Slot[];
  /** Part of the strip that is computed from stored frames, 0 to 1; null: none is being computed. */
  progress: number | null;
}

declare module "../../store.ts" {
  interface FeatureStates {
    modes: ModesState;
  }
}

const EMPTY: Slot = { kind: "empty" };

export const DEFAULTS: ModesState = {
  mode: "b",
  split: 1,
  line: { kind: "beam", at: null },
  speed: "4 s",
  sweep: "scroll",
  signal: "level",
  peakHold: false,
  linked: true,
  active: 0,
  slots: [EMPTY, EMPTY, EMPTY],
  progress: null,
};

const complete = new WeakMap<Partial<ModesState>, ModesState>();

/** The modes' part of the state, with defaults for what nobody set. */
export function modesOf(state: ViewerState): ModesState {
  const given = state.features.modes;
  if (!given) return DEFAULTS;
  const known = complete.get(given);
  if (known) return known;
  const made = { ...DEFAULTS, ...given };
  complete.set(given, made);
  return made;
}
