/**
 * What a feature of the viewer is: measuring, exporting, modes... Its entry (a button on the rail, its keys) is always there; its
 * code is loaded when it is first wanted. A feature keeps what people can see in the store (`FeatureStates`), draws through the
 * mapping, and knows nothing of other features.
 */
import type { CSSResult, ReactiveControllerHost, TemplateResult } from "lit";
import type { Frame, Image } from "../../../host/index.ts";
import type { Action, Actions } from "../actions.ts";
import type { Commands } from "../commands.ts";
import type { CineController } from "../controllers/cine.ts";
import type { FullScreenController } from "../controllers/full-screen.ts";
import type { SessionController } from "../controllers/session.ts";
import type { Sheets } from "../controllers/sheets.ts";
import type { ViewController } from "../controllers/view.ts";
import type { Box } from "../draw/layout.ts";
import type { Mapping, Point } from "../draw/mapping.ts";
import type { Ink } from "../draw/overlay.ts";
import type { Store, ViewerState } from "../store.ts";

/**
 * A picture on the stage: the main one, or one that a feature shows beside it. What lies in its regions has units: tissue has metres,
 * an M-mode strip seconds across and metres down (`Region.kind`).
 */
export interface Pane {
  /** `main` for the main picture; stable while the pane is shown. */
  readonly id: string;
  /** Its part of the stage, scales included (CSS px). */
  readonly area: Box;
  readonly image: Image;
  readonly mapping: Mapping;
  /**
   * Differs when it shows something else, which what was measured before does not lie on; absent: the main picture's frames. What
   * stands behind an `@` is a moment of it, which may come again.
   */
  readonly content?: string;
  /** It shows the frame that the main picture shows. */
  readonly follows?: boolean;
}

/** What is seen of a part of the stage. */
export interface PanePicture {
  readonly area: Box;
  /** What it is and how old, where the stage is given away as a picture; empty: nothing is said of it. */
  readonly caption?: string;
  /** Puts its picture on the canvas. `scale`: device pixels per CSS pixel. */
  drawPicture(context: CanvasRenderingContext2D, scale: number): void;
  /** Draws its scales, in CSS pixels of the stage. */
  drawScale(context: CanvasRenderingContext2D, ink: Ink): void;
}

/** A frame of a film, and the state the viewer has when this frame is on its screen. */
export interface Shot {
  frame: Frame;
  /** The main picture of it. */
  image: Image;
  state: ViewerState;
}

/** A pane in a film: made of stored frames one after the other, whatever the screen shows meanwhile. */
export interface FilmedPane extends PanePicture {
  /** What is drawn is of this frame from now on. */
  show(shot: Shot): Promise<void>;
  /** Draws what it has on the main picture, in CSS pixels of the stage. */
  drawOnMain?(context: CanvasRenderingContext2D, mapping: Mapping): void;
  close(): void;
}

/** A part of the stage that a feature fills. */
export interface OwnPane extends PanePicture {
  readonly id: string;
  /** What can be measured in it; null: nothing. */
  readonly image: Image | null;
  readonly mapping: Mapping | null;
  /** As in `Pane`. */
  readonly content?: string;
  readonly follows?: boolean;
  /** As it lies on the stage now, for a film. */
  film(): FilmedPane;
}

/** The viewer, as a feature sees it. */
export interface Viewer {
  /** The element; also where a feature adds controllers and dispatches events. */
  readonly host: ReactiveControllerHost & HTMLElement;
  /** What a feature looks like goes here. */
  readonly sheets: Sheets;
  readonly store: Store;
  readonly commands: Commands;
  readonly actions: Actions;
  readonly session: SessionController;
  readonly cine: CineController;
  /** Zooms, moves, flips and turns the picture. */
  readonly view: ViewController;
  readonly fullScreen: FullScreenController;
  /** Where the main picture lies now; null without a picture. */
  mapping(): Mapping | null;
  /** All pictures on the stage, the main one first. */
  panes(): readonly Pane[];
  /** The picture in whose part of the stage a place is (CSS px). */
  paneAt(point: Point): Pane | undefined;
  /** Size of the stage (CSS px). */
  stageSize(): { width: number; height: number };
  /** Draws the features' marks again at the next refresh. */
  redraw(): void;
  /** Divides the stage again, and draws everything anew at the next refresh. */
  repaint(): void;
  /** Says something to assistive technology. */
  announce(text: string): void;
}

/** What is drawn over the picture, in CSS pixels of the stage. */
export interface Scene {
  /** The pane it is drawn for. */
  pane: string;
  context: CanvasRenderingContext2D;
  image: Image;
  mapping: Mapping;
  ink: Ink;
  state: ViewerState;
  width: number;
  height: number;
  /** It goes into a picture that is kept: without handles and what else is only for working. */
  kept?: boolean;
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

/** What methods of the element ask of features, by the features' names. Each declares its own, as `FeatureStates`. */
// biome-ignore lint/suspicious/noEmptyInterface: features fill it
export interface FeatureApis {}

export interface Feature {
  readonly styles?: CSSResult;
  /** Those of the entry again, now with their own code, and more. */
  readonly actions?: readonly Action[];
  /** Content of its drawer. */
  drawer?(state: ViewerState): TemplateResult;
  /** Elements over the picture. */
  overlay?(state: ViewerState): TemplateResult | symbol;
  /** Cards at the lower edge of the stage, of the class `note`: they never lie over one another. */
  note?(state: ViewerState): TemplateResult | symbol;
  /** Marks over the main picture. */
  draw?(scene: Scene): void;
  /** Marks over a picture that a feature shows beside the main one. */
  drawOnPane?(scene: Scene): void;
  /** Takes its part of the stage. @returns what is left to the main picture and its scales. */
  divide?(stage: Box, state: ViewerState): Box;
  /** What it shows in the part it took, now. */
  panes?(): readonly OwnPane[];
  readonly tool?: Tool;
  /** Takes a file that its entry claims. */
  open?(file: File): void;
  /** What methods of the element ask for: `FeatureApis` has its type. */
  readonly api?: FeatureApis[keyof FeatureApis];
}

/** The viewer with what its features show: for whoever gives all of the stage away. */
export interface WholeViewer extends Viewer {
  /** The parts of the stage that features fill. */
  ownPanes(): readonly OwnPane[];
  /** Lets the features draw their marks, each over its pane. */
  drawMarks(scene: Scene): void;
}

export interface FeatureModule {
  create(viewer: WholeViewer): Feature;
}

/** What is there before a feature is loaded. */
export interface FeatureEntry {
  readonly id: string;
  /** Of its button on the rail; absent: it has none, and no drawer. */
  readonly icon?: TemplateResult;
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
  /** A file that is dropped, chosen or pasted is this feature's, not a recording. */
  claims?(file: File): boolean;
  load(): Promise<FeatureModule>;
}
