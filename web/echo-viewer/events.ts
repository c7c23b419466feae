/**
 * The events of `<echo-viewer>`. All bubble and cross shadow roots; `echo-before-freeze`, `echo-before-export` and `echo-export` can be
 * cancelled.
 */
import type { Acquisition, GreyMap, LinkReport, PlanReport, SondeError } from "../../host/index.ts";
import type { EchoViewer } from "./echo-viewer.ts";
import type { ExportKind } from "./features/export/kinds.ts";
import type { EchoMeasureDetail } from "./features/measure/document.ts";
import type { Mode, Split } from "./features/modes/state.ts";
import type { Clip, Repeat } from "./playback.ts";
import type { Adjusted, Hotkeys, Phase } from "./store.ts";

/** `echo-load`: a source is open and its picture pipeline is compiled. */
export interface EchoLoadDetail {
  info: Acquisition;
  report: PlanReport;
}

/** `echo-plan`: what the plan of the open source decided after a change. As the property `report`. */
export interface EchoPlanDetail {
  report: PlanReport;
}

/** `echo-frame`: this frame is on the screen. */
export interface EchoFrameDetail {
  /** The frame's own number, as its source counts. */
  index: number;
  /** Time of acquisition (s), when the source knows it. */
  timeS?: number;
}

/** `echo-phase`: what the picture is has changed, in one word. */
export interface EchoPhaseDetail {
  phase: Phase;
  previous: Phase;
}

/** `echo-play`: stored frames play, or stand still; or how they play is another. */
export interface EchoPlayDetail {
  playing: boolean;
  /** As the attributes. */
  speed: number;
  repeat: Repeat;
  /** The part that plays, as `trim()` takes it: places from 0, both included; null: all. */
  trim: Clip | null;
}

/** `echo-link`: the way to the device is another; null: there is none. As the property `link`. */
export interface EchoLinkDetail {
  link: LinkReport | null;
}

/** `echo-before-freeze` and `echo-freeze`. */
export interface EchoFreezeDetail {
  frozen: boolean;
}

/** `echo-error`: something failed; the viewer shows the same sentence. Properties say what is in force, not what was refused. */
export interface EchoErrorDetail {
  error: SondeError;
}

/** `echo-progress`: loading goes on. */
export interface EchoProgressDetail {
  /** 0 to 1, or null when the end is not known. */
  fraction: number | null;
}

/** `echo-change`: a person changed a control. Decibels and millimetres, as the attributes. */
export interface EchoChangeDetail {
  gain: number;
  dynamicRange: number;
  depth: number | null;
  greyMap: GreyMap;
  /** dB at equally spaced depths; null: none. */
  tgc: readonly number[] | null;
  persistence: number;
  smoothing: number;
  preset: string | null;
  /** All that was chosen over the page's pipeline, as a part of a `Pipeline`. */
  adjusted: Adjusted;
}

/** `echo-preset`: a person applied, saved or deleted a preset; `apply` too where Undo, Redo or Reset went back to it unchanged. */
export interface EchoPresetDetail {
  action: "apply" | "save" | "delete";
  name: string;
}

/** `echo-mode`: another mode, or another number of pictures on the stage. */
export interface EchoModeDetail {
  mode: Mode;
  split: Split;
}

/** `echo-view`: the picture lies differently on the stage. As the attributes `zoom`, `flip` and `rotate`. */
export interface EchoViewDetail {
  zoom: number;
  flip: string;
  /** Degrees, clockwise. */
  rotate: number;
  /** Point of the picture in the middle, in parts of its width and height. */
  centre: readonly [number, number];
}

/** `echo-hotkeys`: a person gave keys to actions. As the property `hotkeys`. */
export interface EchoHotkeysDetail {
  hotkeys: Hotkeys;
}

/** `echo-quality`: the live picture has more or fewer rows from now on. */
export interface EchoQualityDetail {
  /** Part of the full number of rows, above 0 to 1. */
  scale: number;
  /** Pictures came later, or much earlier, than the source's frames follow each other. */
  reason: "slow" | "fast";
}

/** `echo-before-export`: something is to be exported; cancelled, it is not. */
export interface EchoBeforeExportDetail {
  kind: ExportKind;
  /** Name of the file, from the source and the time. */
  name: string;
}

/** `echo-export`: it is made; cancelled, the viewer does not save or print it. What is copied is on the clipboard already. */
export interface EchoExportDetail extends EchoBeforeExportDetail {
  blob: Blob;
}

export interface EchoViewerEventMap {
  "echo-before-export": CustomEvent<EchoBeforeExportDetail>;
  "echo-export": CustomEvent<EchoExportDetail>;
  "echo-quality": CustomEvent<EchoQualityDetail>;
  "echo-load": CustomEvent<EchoLoadDetail>;
  "echo-plan": CustomEvent<EchoPlanDetail>;
  "echo-frame": CustomEvent<EchoFrameDetail>;
  "echo-phase": CustomEvent<EchoPhaseDetail>;
  "echo-play": CustomEvent<EchoPlayDetail>;
  "echo-link": CustomEvent<EchoLinkDetail>;
  "echo-before-freeze": CustomEvent<EchoFreezeDetail>;
  "echo-freeze": CustomEvent<EchoFreezeDetail>;
  "echo-error": CustomEvent<EchoErrorDetail>;
  "echo-progress": CustomEvent<EchoProgressDetail>;
  "echo-change": CustomEvent<EchoChangeDetail>;
  "echo-preset": CustomEvent<EchoPresetDetail>;
  "echo-measure": CustomEvent<EchoMeasureDetail>;
  "echo-mode": CustomEvent<EchoModeDetail>;
  "echo-view": CustomEvent<EchoViewDetail>;
  "echo-hotkeys": CustomEvent<EchoHotkeysDetail>;
}

const CANCELABLE: ReadonlySet<string> = new Set(["echo-before-freeze", "echo-before-export", "echo-export"]);

/** Dispatches an event of the viewer. @returns false when a listener cancelled it. */
export function emit<Name extends keyof EchoViewerEventMap>(
  target: EventTarget,
  name: Name,
  detail: EchoViewerEventMap[Name]["detail"],
): boolean {
  const cancelable = CANCELABLE.has(name);
  return target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
}

declare global {
  interface HTMLElementTagNameMap {
    "echo-viewer": EchoViewer;
  }
  interface HTMLElementEventMap extends EchoViewerEventMap {}
}
