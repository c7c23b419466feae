/** The simulated probe. This file lists; it does not compute. */
export { makerHere, serveSimulatedProbe } from "./frame-maker.ts";
export type { Disc, Landmarks, Point, Vessel } from "./landmarks.ts";
export { LiveSimulatedProbe } from "./live.ts";
export {
  SIMULATED_ARRAYS,
  type SimulatedArray,
  type SimulatedDescriptor,
  type SimulatedOptions,
  type SimulatedSettings,
  settle,
  simulated,
} from "./options.ts";
export type { Phantom, Scatterers } from "./phantom.ts";
export { simulatedRecording } from "./recording.ts";
export { Simulation } from "./simulation.ts";
export { type FrameMaker, makerInWorker, type SimulatedProbeStart } from "./worker-maker.ts";
