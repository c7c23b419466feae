/** The flow part of a pipeline, with defaults and checked; what depends on the length of an ensemble is checked with the ensemble. */
import { CLUTTER_METHODS, type Clutter, type Pipeline } from "../pipeline.ts";
import { oneOf, refuse, within } from "./resolve.ts";

/** A flow estimate with nothing left to decide but the ensemble's length. */
export interface ResolvedFlow {
  clutter: { method: Clutter; order: number; taps: readonly number[] };
  lag: number;
  smoothing: number;
  /** Frames of the ensemble per second, as stated; undefined: as the device acquires them. */
  frameRateHz?: number;
  centerFrequencyHz?: number;
}

/** What the acquisition says of the echoes that move. */
export interface FlowSource {
  soundSpeedMps: number;
  frameRateHz?: number;
  /** There is one that was measured where frames arrived. */
  rateMeasured?: boolean;
  centerFrequencyHz?: number;
  /** Set where images have no phase that motion could turn: why. */
  refusal?: string;
}

const whole = (
  name: string,
  value: number | undefined,
  min: number,
  max: number,
  fallback: number,
): number => {
  const number = within(name, value, min, max, fallback);
  if (!Number.isInteger(number)) refuse(name, value, `a whole number from ${min} to ${max}`);
  return number;
};

/** @throws SondeError `bad-option` */
export function resolveFlow(pipeline: Pipeline, source: FlowSource): ResolvedFlow {
  const { clutter = {}, lag, smoothing, frameRateHz, centerFrequencyHz } = pipeline.flow ?? {};
  const method = oneOf("flow.clutter.method", clutter.method, CLUTTER_METHODS, "none");
  const { taps = [] } = clutter;
  if (
    !Array.isArray(taps) ||
    (method === "fir" && taps.length === 0) ||
    taps.length > 64 ||
    !taps.every((tap) => Number.isFinite(tap))
  )
    refuse("flow.clutter.taps", taps, "a list of 1 to 64 numbers");
  const size = whole("flow.smoothing", smoothing, 1, 63, 1);
  if (size % 2 === 0) refuse("flow.smoothing", smoothing, "an odd number from 1 to 63");
  return {
    clutter: { method, order: whole("flow.clutter.order", clutter.order, 0, 64, 1), taps: [...taps] },
    lag: whole("flow.lag", lag, 1, 64, 1),
    smoothing: size,
    frameRateHz:
      frameRateHz === undefined ? undefined : within("flow.frameRateHz", frameRateHz, 0.001, 1e6, 1, " Hz"),
    centerFrequencyHz:
      centerFrequencyHz === undefined
        ? source.centerFrequencyHz
        : within("flow.centerFrequencyHz", centerFrequencyHz, 1, 1e9, 1, " Hz"),
  };
}
