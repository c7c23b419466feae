/** What the imaging feature keeps in the store. */
import type { Preset } from "./presets.ts";

export const TABS = ["levels", "look", "beam", "presets"] as const;
export type Tab = (typeof TABS)[number];

export interface ImagingState {
  tab: Tab;
  /** A person's own presets. */
  own: readonly Preset[];
  /** What is in the field for a name. */
  name: string;
  /** The link that was made last; null: none. */
  link: string | null;
  canUndo: boolean;
  canRedo: boolean;
  /** The TGC was changed then, on the clock of `performance.now()`; Infinity: a slider is held. */
  litAtMs: number;
  /** The point that was moved last; null: all. */
  point: number | null;
  /** Gain and TGC are being fitted to the picture. */
  fitting: boolean;
  /** A preset in a file that was opened, until it is applied. */
  opened?: string;
}

export const INITIAL: ImagingState = {
  tab: "levels",
  own: [],
  name: "",
  link: null,
  canUndo: false,
  canRedo: false,
  litAtMs: Number.NEGATIVE_INFINITY,
  point: null,
  fitting: false,
};

/** What methods of the element ask for. */
export interface ImagingApi {
  /** @returns whether there was something to fit to */
  autoGain(): Promise<boolean>;
}

declare module "../feature.ts" {
  interface FeatureApis {
    imaging: ImagingApi;
  }
}

declare module "../../store.ts" {
  interface FeatureStates {
    imaging: ImagingState;
  }
}
