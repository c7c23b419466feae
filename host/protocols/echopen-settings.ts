/**
 * The settings every echOpen format shares: on the wire as a header, in a file as one value per line. Millimetres and
 * degrees as echOpen writes them; `echopenGeometry` turns them into a line table in SI units.
 */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import { ECHOPEN_SOUND_SPEED_MPS, LOUNGER_MOUNTS, loungerLines, rotationLines } from "../geometry/echopen.ts";

export interface EchopenSettings {
  /** Distance of the first and the end of the last sample from the centre of rotation. */
  r0Mm: number;
  rfMm: number;
  decimation: number;
  lines: number;
  sectorDeg: number;
  /** 0: i16 RF, 1: u8 rectified. */
  mode: number;
  /** Kinematics of the 2019 family, e.g. `PROBE_V1__3_5MHZ`. */
  kinematics?: string;
  /** Delay before the first sample (ms), 2019 family. */
  echoDelayMs?: number;
}

/** 2017 (kit 3, lab tool) or 2019 (Java emulator, Android): they clock and name things differently. */
export type EchopenFamily = "2017" | "2019";

/** The lab tool's settings as shipped. */
export const DEFAULT_SETTINGS_2017: EchopenSettings = {
  r0Mm: 80,
  rfMm: 160,
  decimation: 8,
  lines: 64,
  sectorDeg: 57,
  mode: 0,
};

/** Android application constants, which are not on the wire. */
export const DEFAULT_SETTINGS_2019: EchopenSettings = {
  r0Mm: 10,
  rfMm: 180,
  decimation: 100,
  lines: 100,
  sectorDeg: 57,
  mode: 0,
};

/** Samples a line can have: the buffer of the acquisition board. */
export const MOST_SAMPLES = 16384;

/** ADC clock of the 2017 boards. */
const CLOCK_2017_HZ = 125e6;
/** The 2019 software counts samples with 94.6 MHz; sizes are right only when they are spaced with 80 MHz. */
const COUNT_CLOCK_2019_HZ = 94.6e6;
const CLOCK_2019_HZ = 80e6;

/** Samples per line that these settings make. */
export function samplesPerLine(settings: EchopenSettings, family: EchopenFamily): number {
  const path = 2 * (settings.rfMm - settings.r0Mm);
  const count =
    family === "2017"
      ? (path * 125) / 1.48 / settings.decimation
      : (path * COUNT_CLOCK_2019_HZ) / (ECHOPEN_SOUND_SPEED_MPS * 1000 * settings.decimation);
  return Math.min(MOST_SAMPLES, Math.floor(count));
}

/** The first thing wrong with the settings, in words, or undefined. */
export function settingsFault(settings: EchopenSettings, family: EchopenFamily): string | undefined {
  const { r0Mm, rfMm, decimation, lines, sectorDeg, mode } = settings;
  if (!(decimation >= 1 && decimation <= 65536)) return `decimation ${decimation} (expected 1 or more)`;
  if (!(r0Mm >= 0 && rfMm > r0Mm && rfMm <= 1000)) return `depths from ${r0Mm} to ${rfMm} mm`;
  if (!(Number.isInteger(lines) && lines >= 2 && lines <= 4096)) return `${lines} lines (expected 2 to 4096)`;
  if (!(sectorDeg > 0 && sectorDeg <= 180)) return `a sector of ${sectorDeg} degrees`;
  if (mode !== 0 && mode !== 1) return `mode ${mode} (expected 0 or 1)`;
  if (samplesPerLine(settings, family) < 2)
    return `${samplesPerLine(settings, family)} samples per line (decimation ${decimation})`;
  return undefined;
}

/**
 * Reads a settings file: r0, rf, decimation, lines, sector, mode, then in the 2019 family name and echo delay.
 * @throws SondeError `bad-option`
 */
export function parseSettings(text: string): { settings: EchopenSettings; family: EchopenFamily } {
  const words = text.trim().split(/\s+/);
  const numbers = words.slice(0, 6).map(Number);
  if (numbers.length < 6 || numbers.some((value) => !Number.isFinite(value)))
    throw new SondeError(
      "bad-option",
      `echOpen settings are six numbers (r0, rf, decimation, lines, sector, mode), one per line; got ${quote(words.slice(0, 6).join(" "))}.`,
    );
  const [r0Mm, rfMm, decimation, lines, sectorDeg, mode] = numbers;
  const kinematics = words[6];
  const echoDelayMs = Number(words[7]) || undefined;
  const settings: EchopenSettings = {
    r0Mm,
    rfMm,
    decimation,
    lines,
    sectorDeg,
    mode,
    kinematics,
    echoDelayMs,
  };
  const family = kinematics ? "2019" : "2017";
  const fault = settingsFault(settings, family);
  if (fault) throw new SondeError("bad-option", `The echOpen settings hold ${fault}; correct that value.`);
  return { settings, family };
}

export interface EchopenGeometry {
  lines: Float64Array;
  sampleRateHz: number;
  centerFrequencyHz?: number;
  warnings: string[];
}

/** The line table of these settings. @throws SondeError `bad-geometry` */
export function echopenGeometry(settings: EchopenSettings, family: EchopenFamily): EchopenGeometry {
  const sampleRateHz = (family === "2017" ? CLOCK_2017_HZ : CLOCK_2019_HZ) / settings.decimation;
  const drM = ECHOPEN_SOUND_SPEED_MPS / (2 * sampleRateHz);
  const sectorRad = (settings.sectorDeg * Math.PI) / 180;
  const { kinematics, echoDelayMs } = settings;
  const warnings: string[] = [];
  if (echoDelayMs) warnings.push(`The echo delay of ${echoDelayMs} ms is not taken into account.`);
  if (kinematics !== undefined) {
    const mount = Object.hasOwn(LOUNGER_MOUNTS, kinematics) ? LOUNGER_MOUNTS[kinematics] : undefined;
    if (mount)
      return {
        lines: loungerLines(settings.lines, mount, drM),
        sampleRateHz,
        centerFrequencyHz: mount.centerFrequencyHz,
        warnings,
      };
    if (kinematics === "PROBE_V1__8MHZ")
      throw new SondeError(
        "bad-geometry",
        `How the transducer of ${kinematics} is mounted is not known; give settings with one of ${Object.keys(LOUNGER_MOUNTS).join(", ")}.`,
      );
  }
  if (kinematics !== undefined)
    warnings.push(`The kinematics ${quote(kinematics)} are not known; a pure rotation is drawn.`);
  return {
    lines: rotationLines(settings.lines, sectorRad, settings.r0Mm * 1e-3, drM),
    sampleRateHz,
    warnings,
  };
}
