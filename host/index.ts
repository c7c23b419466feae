/** The public API of Sonde: raw echoes in, pictures out. This file lists; it does not compute. */
export {
  type ConnectOptions,
  connect,
  type SimulatedArray,
  type SimulatedDescriptor,
  type SimulatedOptions,
  simulated,
} from "./connect.ts";
export { createEngine } from "./engine/engine.ts";
export { createFeed, type FeedOptions, type FeedStatistics, type ImageFeed } from "./engine/feed.ts";
export type {
  BeamformedFrame,
  Engine,
  EngineOptions,
  FlowFrame,
  Plan,
  PlanReport,
  RealFrame,
} from "./engine/types.ts";
export { isSondeError, SondeError, type SondeErrorCode, type SondeErrorFields } from "./errors.ts";
export {
  type NpyDescr,
  type NpyValues,
  type PngOptions,
  pipelineOfPng,
  toNpy,
  toPng,
  toUff,
  type UffOptions,
} from "./export.ts";
export * from "./model.ts";
export { type OpenOptions, open } from "./open.ts";
export * from "./pipeline.ts";
export type { FrameRange, Source } from "./source.ts";
