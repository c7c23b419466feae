/** Messages between `RemoteEngine` and the worker that does its work. One worker, many plans, calls answered in order. */
import type { Acquisition, Frame, Image } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Answer } from "../worker/channel.ts";
import type { BeamformedFrame, FlowFrame, Past, PlanReport, RealFrame } from "./types.ts";

/** What an engine's plans may take. */
export interface EngineLimits {
  memoryLimitBytes: number;
  threads: "auto" | number;
}

/** What can be asked; `plan` numbers the plans of one engine. */
export type EngineCall =
  /** The first: its answer shows that the script loaded and runs. */
  | { method: "hello" }
  | ({ method: "plan"; plan: number; info: Acquisition; pipeline: Pipeline } & EngineLimits)
  | { method: "enlist"; plan: number }
  | { method: "update"; plan: number; pipeline: Pipeline }
  | { method: "run"; plan: number; frame: Frame; recycle?: Image }
  | { method: "beamform"; plan: number; frame: Frame }
  | { method: "ensemble"; plan: number; frames: readonly Frame[] }
  | { method: "flow"; plan: number; frames: readonly Frame[] }
  | { method: "decibels"; plan: number; frame: Frame }
  | { method: "past"; plan: number }
  | { method: "resume"; plan: number; past: Past | undefined }
  | { method: "close"; plan: number };

export type EngineRequest = { role: "engine"; id: number } & EngineCall;

/** Results by method. */
export interface EngineResults {
  hello: null;
  plan: PlanReport;
  enlist: PlanReport;
  update: PlanReport;
  run: Image;
  beamform: BeamformedFrame;
  ensemble: BeamformedFrame;
  flow: FlowFrame;
  decibels: RealFrame;
  past: Past | null;
  resume: null;
  close: null;
}

export type EngineAnswer = Answer<EngineResults[keyof EngineResults]>;
