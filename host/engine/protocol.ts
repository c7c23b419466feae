/** Messages between `RemoteEngine` and the worker that does its work. One worker, many plans, calls answered in order. */
import type { SondeErrorMessage } from "../errors.ts";
import type { Acquisition, Frame, Image } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import type { BeamformedFrame, FlowFrame, PlanReport, RealFrame } from "./types.ts";

/** What can be asked; `plan` numbers the plans of one engine. */
export type EngineCall =
  | { method: "plan"; plan: number; info: Acquisition; pipeline: Pipeline; memoryLimitBytes: number }
  | { method: "update"; plan: number; pipeline: Pipeline }
  | { method: "run"; plan: number; frame: Frame; recycle?: Image }
  | { method: "beamform"; plan: number; frame: Frame }
  | { method: "ensemble"; plan: number; frames: readonly Frame[] }
  | { method: "flow"; plan: number; frames: readonly Frame[] }
  | { method: "decibels"; plan: number; frame: Frame }
  | { method: "close"; plan: number };

export type EngineRequest = { role: "engine"; id: number } & EngineCall;

/** Results by method. */
export interface EngineResults {
  plan: PlanReport;
  update: PlanReport;
  run: Image;
  beamform: BeamformedFrame;
  ensemble: BeamformedFrame;
  flow: FlowFrame;
  decibels: RealFrame;
  close: null;
}

export type EngineAnswer =
  | { id: number; result: EngineResults[keyof EngineResults] }
  | { id: number; error: SondeErrorMessage };
