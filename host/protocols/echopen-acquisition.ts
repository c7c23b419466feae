/** What echOpen's TCP streams carry, as line data. */
import { ECHOPEN_SOUND_SPEED_MPS } from "../geometry/echopen.ts";
import type { Frame, LineData } from "../model.ts";
import {
  type EchopenFamily,
  type EchopenSettings,
  echopenGeometry,
  samplesPerLine,
} from "./echopen-settings.ts";
import type { Sweep } from "./echopen-sweeps.ts";
import { frameOfLines } from "./line-frames.ts";

/** Level of no echo in mode 1: u8 = 255 / 0.9 V + 71, limited to 1..255. */
export const RECTIFIED_ZERO = 71;

/** The stream's acquisition, of no known length. @throws SondeError `bad-geometry` */
export function echopenAcquisition(
  settings: EchopenSettings,
  family: EchopenFamily,
  options: { name: string; samples?: "rf" | "envelope"; centerFrequencyHz?: number },
): LineData {
  const geometry = echopenGeometry(settings, family);
  const stated = options.samples ?? (geometry.centerFrequencyHz ? "envelope" : "rf");
  const centerFrequencyHz = options.centerFrequencyHz ?? geometry.centerFrequencyHz;
  return {
    kind: "lines",
    name: options.name,
    format: family === "2017" ? "echOpen E2" : "echOpen E3",
    signal: settings.mode === 1 ? "envelope" : stated,
    frameCount: null,
    soundSpeedMps: ECHOPEN_SOUND_SPEED_MPS,
    ...(centerFrequencyHz ? { centerFrequencyHz } : {}),
    warnings: geometry.warnings,
    lines: geometry.lines,
    sampleCount: samplesPerLine(settings, family),
    sampleRateHz: geometry.sampleRateHz,
  };
}

/** One pass of the probe as a frame; the zero level of mode 1 is taken off. */
export function echopenFrame(
  index: number,
  sweep: Sweep,
  settings: EchopenSettings,
  sampleCount: number,
): Frame {
  const count = sweep.length * sampleCount;
  if (settings.mode !== 1) return frameOfLines(index, sweep, new Int16Array(count));
  const frame = frameOfLines(index, sweep, new Uint8Array(count));
  for (let k = 0; k < count; k++) frame.samples[k] = Math.max(0, frame.samples[k] - RECTIFIED_ZERO);
  return frame;
}
