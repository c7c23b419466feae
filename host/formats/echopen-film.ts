/**
 * echOpen's raw films: 16-bit little-endian [frame][line][sample] without a header; int16 RF or uint16 envelope. Lines
 * are in spatial order. Names such as `rf_film_frames50-59_i16le_10x64x1689.bin` say type and shape.
 */
import { SondeError } from "../errors.ts";
import { ECHOPEN_SOUND_SPEED_MPS } from "../geometry/echopen.ts";
import type { LineData } from "../model.ts";
import {
  DEFAULT_SETTINGS_2017,
  type EchopenSettings,
  echopenGeometry,
  samplesPerLine,
} from "../protocols/echopen-settings.ts";
import type { Source } from "../source.ts";
import { findSettings } from "./echopen-lookup.ts";
import type { FileBytes } from "./file.ts";
import type { OpenOptions } from "./options.ts";
import { recording } from "./recording.ts";

const NAME = /_(i16|u16)le_(\d{1,6})x(\d{1,4})x(\d{1,5})\.[a-z]+$/i;

/** What the name says, if it is one of these names. */
export function filmShape(name: string) {
  const match = NAME.exec(name);
  if (!match) return undefined;
  return {
    samples: match[1].toLowerCase() === "i16" ? ("rf" as const) : ("envelope" as const),
    frames: Number(match[2]),
    lines: Number(match[3]),
    sampleCount: Number(match[4]),
  };
}

/** @throws SondeError `corrupt-file`, `bad-option` */
export async function openFilm(file: FileBytes, options: OpenOptions = {}): Promise<Source> {
  const shape = filmShape(file.name);
  const warnings: string[] = [];
  const found = await findSettings(
    file.name,
    options,
    undefined,
    ({ settings, family }) =>
      !shape || (settings.lines === shape.lines && samplesPerLine(settings, family) === shape.sampleCount),
    warnings,
  );
  let settings: EchopenSettings = found?.settings ?? DEFAULT_SETTINGS_2017;
  const family = found?.family ?? "2017";
  if (!found) {
    if (shape) settings = { ...settings, lines: shape.lines };
    warnings.push(
      "A film does not say where its lines lie; echOpen's usual 80 mm and 57 degrees are assumed (give settings to change it).",
    );
  }
  const sampleCount = shape && !found?.given ? shape.sampleCount : samplesPerLine(settings, family);
  if (settings.lines < 2 || sampleCount < 2)
    throw new SondeError(
      "corrupt-file",
      `The film's name says ${settings.lines} lines of ${sampleCount} samples; 2 are needed.`,
    );
  const perFrame = settings.lines * sampleCount;
  const frameCount = file.bytes.length / 2 / perFrame;
  if (
    !Number.isInteger(frameCount) ||
    frameCount === 0 ||
    (shape && !found?.given && frameCount !== shape.frames)
  )
    throw new SondeError(
      found?.given ? "bad-option" : "corrupt-file",
      `The film has ${file.bytes.length} bytes, ${frameCount.toFixed(3)} frames of ${settings.lines} lines of ${sampleCount} 16-bit samples${shape ? ` (its name says ${shape.frames})` : ""}; it is incomplete, or its settings are others.`,
      { fields: { bytes: file.bytes.length, lines: settings.lines, sampleCount } },
    );

  const geometry = echopenGeometry(settings, family);
  const signal = options.samples ?? shape?.samples ?? "rf";
  const centerFrequencyHz = options.centerFrequencyHz ?? geometry.centerFrequencyHz;
  const info: LineData & { frameCount: number } = {
    kind: "lines",
    name: file.name,
    format: "echOpen film",
    signal,
    frameCount,
    soundSpeedMps: ECHOPEN_SOUND_SPEED_MPS,
    ...(centerFrequencyHz ? { centerFrequencyHz } : {}),
    warnings: [...warnings, ...geometry.warnings],
    lines: geometry.lines,
    sampleCount,
    sampleRateHz: geometry.sampleRateHz,
  };
  const unsigned = (shape?.samples ?? signal) === "envelope";
  return recording(info, (index) => {
    const bytes = file.bytes.slice(index * perFrame * 2, (index + 1) * perFrame * 2);
    return { index, samples: unsigned ? new Uint16Array(bytes.buffer) : new Int16Array(bytes.buffer) };
  });
}
