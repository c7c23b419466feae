/** The words of a command line, split into files and options. What the options mean is said elsewhere. */
import { parseArgs } from "node:util";
import { UsageError } from "./wrong-usage.ts";

const OPTIONS = {
  output: { type: "string", short: "o" },
  x: { type: "string" },
  y: { type: "string" },
  z: { type: "string" },
  angle: { type: "string" },
  range: { type: "string" },
  frames: { type: "string" },
  transmits: { type: "string" },
  format: { type: "string" },
  settings: { type: "string" },
  seed: { type: "string" },
  stack: { type: "string" },
  part: { type: "string" },
  signal: { type: "string" },
  "remove-mean": { type: "boolean" },
  band: { type: "string" },
  decimation: { type: "string" },
  "f-number": { type: "string" },
  window: { type: "string" },
  interpolation: { type: "string" },
  "transmit-model": { type: "string" },
  accuracy: { type: "string" },
  path: { type: "string" },
  arithmetic: { type: "string" },
  columns: { type: "string" },
  method: { type: "string" },
  weight: { type: "string" },
  compound: { type: "string" },
  "sound-speed": { type: "string" },
  clutter: { type: "string" },
  lag: { type: "string" },
  smoothing: { type: "string" },
  "frame-rate": { type: "string" },
  "center-frequency": { type: "string" },
  "dynamic-range": { type: "string" },
  gain: { type: "string" },
  tgc: { type: "string" },
  speckle: { type: "string" },
  persistence: { type: "string" },
  smooth: { type: "string" },
  "grey-map": { type: "string" },
  height: { type: "string" },
  backend: { type: "string" },
  threads: { type: "string" },
  json: { type: "boolean" },
  port: { type: "string" },
  host: { type: "string" },
  open: { type: "boolean" },
  probe: { type: "string" },
  protocol: { type: "string" },
  listen: { type: "string" },
  from: { type: "string" },
  rate: { type: "string" },
  fault: { type: "string" },
  obey: { type: "boolean" },
  seconds: { type: "string" },
  "max-bytes": { type: "string" },
  start: { type: "boolean" },
  set: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

/** The long name of an option, without its dashes. */
export type Option = keyof typeof OPTIONS;

/** Options given, by name. */
export type Values = {
  [K in Option]?: (typeof OPTIONS)[K] extends { multiple: true }
    ? string[]
    : (typeof OPTIONS)[K]["type"] extends "string"
      ? string
      : boolean;
};

/** The option that a word was meant for, as the end of a sentence: the same letters, written apart. */
function meant(word = ""): string {
  const letters = (text: string) => text.replaceAll("-", "").toLowerCase();
  const found = Object.keys(OPTIONS).find((name) => letters(name) === letters(word));
  return found ? `: is it --${found}?` : "";
}

/** Splits words into positionals and options. @throws UsageError */
export function parseWords(words: readonly string[]): { positionals: string[]; values: Values } {
  // A value may begin with a minus sign (--x -20:20:161): tie it to its option, or it would be taken for one.
  const tied: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const next = words[i + 1];
    if (/^--[a-z]/.test(words[i]) && !words[i].includes("=") && next && /^-[\d.]/.test(next)) {
      tied.push(`${words[i]}=${next}`);
      i++;
    } else tied.push(words[i]);
  }
  try {
    const { positionals, values } = parseArgs({
      args: tied,
      options: OPTIONS,
      allowPositionals: true,
      strict: true,
    });
    return { positionals, values };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    // Node goes on to speak of files whose names begin with a dash.
    const [sentence] = said.split(". To specify a positional");
    throw new UsageError(sentence + meant(/^Unknown option '--([^']+)'/.exec(said)?.[1]));
  }
}
