/** What echOpen's datagrams of 2019 carry, as line data. Where the lines lie and what the samples are is not on the wire. */
import { ECHOPEN_SOUND_SPEED_MPS, rotationLines } from "../geometry/echopen.ts";
import type { LineData } from "../model.ts";
import {
  DEFAULT_SETTINGS_2019,
  type EchopenGeometry,
  type EchopenSettings,
  echopenGeometry,
  samplesPerLine,
} from "./echopen-settings.ts";

/** Kinematics of the emulator's own recordings. */
const EMULATOR_KINEMATICS = "PROBE_V1__3_5MHZ";

/**
 * The geometry nobody said: the emulator's where the line length is its, else the Android application's sector. The lines
 * that come cross all of it: both have 100, a device that sends fewer turns by larger steps.
 */
function assumedGeometry(sampleCount: number, lineCount: number): EchopenGeometry {
  const { r0Mm, rfMm, sectorDeg, lines } = DEFAULT_SETTINGS_2019;
  const assumed = (what: string) => [
    `The device does not say where its lines lie; ${what} is assumed (give settings to change it).`,
  ];
  if (sampleCount === samplesPerLine(DEFAULT_SETTINGS_2019, "2019") && lineCount <= lines) {
    const settings = { ...DEFAULT_SETTINGS_2019, lines: lineCount, kinematics: EMULATOR_KINEMATICS };
    const geometry = echopenGeometry(settings, "2019");
    return {
      ...geometry,
      warnings: [...assumed(`the swing of ${EMULATOR_KINEMATICS}`), ...geometry.warnings],
    };
  }
  const drM = ((rfMm - r0Mm) * 1e-3) / sampleCount;
  return {
    lines: rotationLines(lineCount, (sectorDeg * Math.PI) / 180, r0Mm * 1e-3, drM),
    sampleRateHz: ECHOPEN_SOUND_SPEED_MPS / (2 * drM),
    warnings: assumed(`a sector of ${sectorDeg} degrees from ${r0Mm} to ${rfMm} mm`),
  };
}

/**
 * The stream's acquisition, of no known length. `settings`, when known, give the geometry. @throws SondeError `bad-geometry`
 */
export function e4Acquisition(
  seen: { sampleCount: number; lineCount: number; settings: EchopenSettings | undefined },
  options: { name: string; samples?: "rf" | "envelope"; centerFrequencyHz?: number },
): LineData {
  const { sampleCount, lineCount, settings } = seen;
  const geometry = settings ? echopenGeometry(settings, "2019") : assumedGeometry(sampleCount, lineCount);
  const centerFrequencyHz = options.centerFrequencyHz ?? geometry.centerFrequencyHz;
  return {
    kind: "lines",
    name: options.name,
    format: "echOpen E4",
    signal: options.samples ?? "envelope",
    frameCount: null,
    soundSpeedMps: ECHOPEN_SOUND_SPEED_MPS,
    ...(centerFrequencyHz ? { centerFrequencyHz } : {}),
    warnings: geometry.warnings,
    lines: geometry.lines,
    sampleCount,
    sampleRateHz: geometry.sampleRateHz,
  };
}
