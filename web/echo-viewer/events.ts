/** The events of `<echo-viewer>`. All bubble and cross shadow roots; only `echo-before-freeze` can be cancelled. */
import type { Acquisition, PlanReport, SondeError } from "../../host/index.ts";
import type { EchoViewer } from "./echo-viewer.ts";

/** `echo-load`: a source is open and its picture pipeline is compiled. */
export interface EchoLoadDetail {
  info: Acquisition;
  report: PlanReport;
}

/** `echo-frame`: this frame is on the screen. */
export interface EchoFrameDetail {
  /** The frame's own number, as its source counts. */
  index: number;
  /** Time of acquisition (s), when the source knows it. */
  timeS?: number;
}

/** `echo-before-freeze` and `echo-freeze`. */
export interface EchoFreezeDetail {
  frozen: boolean;
}

/** `echo-error`: something failed; the viewer shows the same sentence. */
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
}

/** `echo-quality`: the live picture has more or fewer rows from now on. */
export interface EchoQualityDetail {
  /** Part of the full number of rows, above 0 to 1. */
  scale: number;
  /** Pictures came later, or much earlier, than the source's frames follow each other. */
  reason: "slow" | "fast";
}

export interface EchoViewerEventMap {
  "echo-quality": CustomEvent<EchoQualityDetail>;
  "echo-load": CustomEvent<EchoLoadDetail>;
  "echo-frame": CustomEvent<EchoFrameDetail>;
  "echo-before-freeze": CustomEvent<EchoFreezeDetail>;
  "echo-freeze": CustomEvent<EchoFreezeDetail>;
  "echo-error": CustomEvent<EchoErrorDetail>;
  "echo-progress": CustomEvent<EchoProgressDetail>;
  "echo-change": CustomEvent<EchoChangeDetail>;
}

/** Dispatches an event of the viewer. @returns false when a listener cancelled it. */
export function emit<Name extends keyof EchoViewerEventMap>(
  target: EventTarget,
  name: Name,
  detail: EchoViewerEventMap[Name]["detail"],
): boolean {
  const cancelable = name === "echo-before-freeze";
  return target.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable }));
}

declare global {
  interface HTMLElementTagNameMap {
    "echo-viewer": EchoViewer;
  }
  interface HTMLElementEventMap extends EchoViewerEventMap {}
}
