/** The public API of Sonde: raw echoes in, pictures out. This file lists; it does not compute. */
export {
  ADJUSTABLE,
  type Adjustable,
  type Adjustment,
  type AdjustmentObstacle,
  adjustmentsOf,
} from "./adjustments.ts";
export { type AutoGain, type AutoGainOptions, autoGain } from "./auto-gain.ts";
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
export { palette as greyPalette } from "./engine/palettes.ts";
export type {
  BeamformedFrame,
  Engine,
  EngineOptions,
  FlowFrame,
  Past,
  Plan,
  PlanReport,
  RealFrame,
} from "./engine/types.ts";
export { isSondeError, SondeError, type SondeErrorCode, type SondeErrorFields } from "./errors.ts";
export {
  jsonOfPng,
  type NpyDescr,
  type NpyValues,
  type PngOptions,
  pipelineOfPng,
  type SondeFrame,
  type SondeOptions,
  toNpy,
  toPng,
  toSonde,
  toUff,
  type UffOptions,
} from "./export.ts";
export type { ConnectLiveOptions, LiveTarget, OpensStream } from "./live/connect.ts";
export type { LinkReport, LinkState, LiveEvent, LiveOptions, LiveSource } from "./live/live-source.ts";
export type { LiveStatistics } from "./live/meter.ts";
export type {
  DeviceControl,
  DeviceStatus,
  HeardOrders,
  Order,
  Protocol,
  ProtocolEvent,
  ProtocolParser,
  ProtocolWriter,
} from "./live/protocol.ts";
export {
  createRecorder,
  type Recorder,
  type RecorderOptions,
  type RecorderStatus,
  type RecordingSink,
} from "./live/recorder.ts";
export { type ReplayOptions, replay } from "./live/replay.ts";
export { fileSink, memorySink } from "./live/sinks.ts";
export type { Boundary, DeviceName, Dropped, Link, Transport } from "./live/transport.ts";
export { loadModule } from "./load-module.ts";
export * from "./model.ts";
export { type OpenOptions, open } from "./open.ts";
export * from "./pipeline.ts";
export { PROTOCOLS, type ProtocolEntry, type ProtocolOptions, protocolOf } from "./protocols/index.ts";
export type { FrameRange, RecordingPart, RecordingSession, Source } from "./source.ts";
export type { ByteStream } from "./transports/byte-stream.ts";
export type { SerialLike } from "./transports/web-serial.ts";
export type { UsbDeviceLike, UsbLike } from "./transports/web-usb.ts";
