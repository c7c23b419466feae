/**
 * What a feature of the viewer is: measuring, exporting, modes... Its entry (a button on the rail, its keys) is always there; its
 * code is loaded when it is first wanted. A feature keeps what people can see in the store (`FeatureStates`), draws through the
 * mapping, and knows nothing of other features.
 */
import type { CSSResult, ReactiveControllerHost, TemplateResult } from "lit";
import type { Image } from "../../../host/index.ts";
import type { Action, Actions } from "../actions.ts";
import type { Commands } from "../commands.ts";
import type { CineController } from "../controllers/cine.ts";
import type { SessionController } from "../controllers/session.ts";
import type { Mapping, Point } from "../draw/mapping.ts";
import type { Ink } from "../draw/overlay.ts";
import type { Store, ViewerState } from "../store.ts";

/** The viewer, as a feature sees it. */
export interface Viewer {
  /** The element; also where a feature adds controllers and dispatches events. */
  readonly host: ReactiveControllerHost & HTMLElement;
  readonly store: Store;
  readonly commands: Commands;
  readonly actions: Actions;
  readonly session: SessionController;
  readonly cine: CineController;
  /** Where the picture lies now; null without a picture. */
  mapping(): Mapping | null;
  /** Size of the stage (CSS px). */
  stageSize(): { width: number; height: number };
  /** Draws the features' marks again at the next refresh. */
  redraw(): void;
  /** Says something to assistive technology. */
  announce(text: string): void;
}

/** What is drawn over the picture, in CSS pixels of the stage. */
export interface Scene {
  context: CanvasRenderingContext2D;
  image: Image;
  mapping: Mapping;
  ink: Ink;
  state: ViewerState;
  width: number;
  height: number;
}

/** The pointer and keys on the picture. Places are CSS pixels of the stage. */
export interface Tool {
  /** CSS cursor at a place, while the tool is chosen or has something there. */
  cursor?(point: Point): string | undefined;
  /** @returns true: the pointer is this tool's until it is lifted. Asked first when the tool is chosen. */
  down?(point: Point, event: PointerEvent): boolean;
  /** The pointer moves: over the picture, or while it is this tool's. */
  move?(point: Point, event: PointerEvent): void;
  up?(point: Point, event: PointerEvent): void;
  /** The pointer was taken away: what it began is undone. */
  cancel?(): void;
  /** A key while the tool is chosen. @returns true: it was taken. */
  key?(event: KeyboardEvent): boolean;
}

export interface Feature {
  readonly styles?: CSSResult;
  /** Those of the entry again, now with their own code, and more. */
  readonly actions?: readonly Action[];
  /** Content of its drawer. */
  drawer?(state: ViewerState): TemplateResult;
  /** Elements over the picture. */
  overlay?(state: ViewerState): TemplateResult | symbol;
  /** Marks over the picture. */
  draw?(scene: Scene): void;
  readonly tool?: Tool;
}

export interface FeatureModule {
  create(viewer: Viewer): Feature;
}

/** What is there before a feature is loaded. */
export interface FeatureEntry {
  readonly id: string;
  readonly icon: TemplateResult;
  /** Name of its button and drawer. */
  label(state: ViewerState): string;
  /**
   * Its keys: the first press loads the feature, whose own action of this id then runs. What a key does is said once the feature
   * is loaded, as it is for the list of keys; `label` stands in before.
   */
  readonly keys?: Readonly<
    Record<string, { keys: readonly string[]; label?: (state: ViewerState) => string }>
  >;
  /** It is wanted without being asked for, because of an attribute say. */
  wanted?(state: ViewerState): boolean;
  load(): Promise<FeatureModule>;
}
