/** How the scene moves: a pure function of time, so that any frame can be made without those before it. */
import { cosTurns, sinTurns } from "../geometry/exact.ts";
import type { SimulatedSettings } from "./options.ts";

/** State of the motion at one moment. */
export interface Motion {
  /** What the vessel's radius has grown by, over its radius at rest. */
  dilation: number;
  /** Distance that blood on the vessel's axis has flowed since time 0 (m). */
  flowM: number;
  /** Displacement per depth: places at depth z move by (strainX z, strainZ z). */
  strainX: number;
  strainZ: number;
}

/** Seconds from one breath to the next. */
const BREATH_S = 4;
/** Part of the heart beat during which the vessel grows. */
const SYSTOLE = 0.2;
/** Second, smaller wave of the pulse: where, how wide, how high, in parts of the beat and of the first wave. */
const NOTCH = { at: 0.48, half: 0.14, height: 0.18 };
/** Sideways over downwards motion of breathing. */
const SIDEWAYS = 0.5;
/** Swing of the flow about its mean, and where in the beat it is fastest. */
const FLOW_SWING = 0.9;
const FLOW_PEAK = 0.17;

/** Dilation over the heart beat, 0 to 1: a fast rise, a slow fall with a second wave. */
export function pulse(phase: number): number {
  const first =
    phase < SYSTOLE
      ? 0.5 - 0.5 * cosTurns(phase / SYSTOLE / 2)
      : 0.5 + 0.5 * cosTurns((phase - SYSTOLE) / (1 - SYSTOLE) / 2);
  const away = (phase - NOTCH.at) / NOTCH.half;
  const second = Math.abs(away) < 1 ? NOTCH.height * (0.5 + 0.5 * cosTurns(away / 2)) : 0;
  return first + second;
}

export function motionAt(settings: SimulatedSettings, timeS: number): Motion {
  const { heartRateHz, dilation, flowMps, breathing } = settings;
  const beats = heartRateHz * timeS;
  const breath = breathing * sinTurns(timeS / BREATH_S);
  // Integral of mean (1 + swing cos(2 pi (beats - peak))).
  const swing =
    heartRateHz > 0
      ? ((FLOW_SWING / (2 * Math.PI)) * (sinTurns(beats - FLOW_PEAK) + sinTurns(FLOW_PEAK))) / heartRateHz
      : 0;
  return {
    dilation: heartRateHz > 0 ? dilation * pulse(beats - Math.floor(beats)) : 0,
    flowM: flowMps * (timeS + swing),
    strainX: SIDEWAYS * breath,
    strainZ: breath,
  };
}
