/** Wrong usage: exit code 2, and a sentence in the words of the command line. */
import type { SondeError } from "../errors.ts";
import type { Option, Values } from "./words.ts";

/** Wrong usage of the command line; its message is one line. */
export class UsageError extends Error {}

/** The option behind a field of the pipeline or of `open()`. */
const OPTION_OF: Readonly<Record<string, Option>> = {
  format: "format",
  stack: "stack",
  part: "part",
  transmits: "transmits",
  soundSpeedMps: "sound-speed",
  removeMean: "remove-mean",
  band: "band",
  signal: "signal",
  "demodulation.decimation": "decimation",
  "scan.x": "x",
  "scan.y": "y",
  "scan.z": "z",
  "scan.angle": "angle",
  "scan.range": "range",
  "beamform.fNumber": "f-number",
  "beamform.window": "window",
  "beamform.interpolation": "interpolation",
  "beamform.accuracy": "accuracy",
  "beamform.path": "path",
  "beamform.arithmetic": "arithmetic",
  "beamform.columns": "columns",
  "beamform.transmitModel": "transmit-model",
  "beamform.compound": "compound",
  "flow.clutter": "clutter",
  "flow.clutter.method": "clutter",
  "flow.clutter.order": "clutter",
  "flow.clutter.taps": "clutter",
  "flow.lag": "lag",
  "flow.smoothing": "smoothing",
  "flow.frameRateHz": "frame-rate",
  "flow.centerFrequencyHz": "center-frequency",
  threads: "threads",
  "display.dynamicRangeDb": "dynamic-range",
  "display.gainDb": "gain",
  "display.tgcDb": "tgc",
  "display.speckle.method": "speckle",
  "display.speckle.strength": "speckle",
  "display.persistence": "persistence",
  "display.smoothing": "smooth",
  "display.greyMap": "grey-map",
  "display.heightPx": "height",
  "display.grid.x": "x",
  "display.grid.z": "z",
};

/** Field names inside a sentence, as options. */
export function fieldsAsOptions(sentence: string): string {
  return sentence
    .replace(/\b[a-z]+(?:\.[a-z]+)+\b/gi, (field) => (OPTION_OF[field] ? `--${OPTION_OF[field]}` : field))
    .replace("raise maxBytes to open it", "give a shorter recording")
    .replace("with the option part", "with --part");
}

/** What the engine says of a pipeline, in the words of the command line. */
function inOptions(sentence: string): string {
  return fieldsAsOptions(sentence)
    .replace(/\bsignal "(\w+)"/g, "--signal $1")
    .replace(/^(band|transmits|signal|part|stack)\b/, "--$1")
    .replace(/^scan\b/, "the grid")
    .replace(/\.$/, "");
}

/**
 * What the engine refused as an option out of its range, as wrong usage: it names the option and repeats the text that was
 * given, where the engine names the field and the value in SI units.
 */
export function asUsageError(error: SondeError, values: Values): UsageError {
  const field = String(error.fields["option"] ?? error.fields["name"] ?? "");
  const option = OPTION_OF[field.replace(/\.count$|\[\d+\]$/, "")];
  const expected = /[:;] it (must be .*)$/s.exec(error.message)?.[1];
  if (!option || values[option] === undefined || !expected) return new UsageError(inOptions(error.message));
  if (option === "accuracy")
    return new UsageError(`--accuracy ${values.accuracy}: it must be a percentage from 0.2 to 25`);
  const subject = field.endsWith(".count") ? "N" : "it";
  const units = ["x", "y", "z", "angle", "range"].includes(option)
    ? expected.replace("metres", "millimetres").replace("radians", "degrees")
    : expected;
  return new UsageError(`--${option} ${values[option]}: ${subject} ${inOptions(units)}`);
}
