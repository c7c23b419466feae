/** What people can see of the measurements. */
import type { MeasurementsDocument } from "./document.ts";
import type { History } from "./history.ts";
import type { FigureKind, Item } from "./item.ts";
import type { Anchor } from "./space.ts";

/** A figure whose points are being set. */
export interface Draft {
  readonly kind: FigureKind;
  readonly pane: string;
  readonly content?: string;
  readonly frame: number | null;
  readonly points: readonly Anchor[];
}

export interface MeasureState {
  readonly history: History<readonly Item[]>;
  readonly selected: number | null;
  readonly draft: Draft | null;
  /** Ids of the parts of a volume that are there already. */
  readonly series: readonly number[];
  /** Everything, as a page reads it. */
  readonly saved: MeasurementsDocument;
  /** What the page gave and the feature has not read yet; undefined: nothing. */
  readonly given: unknown;
  /** The same of files that a person opened, as text: their measurements come to those there are. */
  readonly opened?: readonly string[];
}

declare module "../../store.ts" {
  interface FeatureStates {
    measure: MeasureState;
  }
}
