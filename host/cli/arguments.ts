/** Command-line words to options: names, units at the edge (mm, degrees, MHz) to SI. */
import { parseArgs } from "node:util";
import { apexOf } from "../engine/scan.ts";
import type { Axis, ChannelData, Source } from "../index.ts";
import type { Acquisition, Scan } from "../model.ts";
import type {
  Compound,
  GreyMap,
  Interpolation,
  Pipeline,
  Signal,
  TransmitModel,
  Window,
} from "../pipeline.ts";

/** Wrong usage: exit code 2 instead of 1. */
export class UsageError extends Error {}

const OPTIONS = {
  output: { type: "string", short: "o" },
  x: { type: "string" },
  z: { type: "string" },
  angle: { type: "string" },
  range: { type: "string" },
  frames: { type: "string" },
  transmits: { type: "string" },
  format: { type: "string" },
  settings: { type: "string" },
  signal: { type: "string" },
  "remove-mean": { type: "boolean" },
  band: { type: "string" },
  decimation: { type: "string" },
  "f-number": { type: "string" },
  window: { type: "string" },
  interpolation: { type: "string" },
  "transmit-model": { type: "string" },
  method: { type: "string" },
  weight: { type: "string" },
  compound: { type: "string" },
  "sound-speed": { type: "string" },
  "dynamic-range": { type: "string" },
  gain: { type: "string" },
  tgc: { type: "string" },
  "grey-map": { type: "string" },
  height: { type: "string" },
  backend: { type: "string" },
  threads: { type: "string" },
  json: { type: "boolean" },
  port: { type: "string" },
  host: { type: "string" },
  open: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

/** Options given, by name. */
export type Values = {
  [K in keyof typeof OPTIONS]?: (typeof OPTIONS)[K]["type"] extends "string" ? string : boolean;
};

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
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) throw new UsageError(`--${name} ${text}: not a number`);
  return value;
}

const optional = (name: string, text: string | undefined) =>
  text === undefined ? undefined : number(name, text);

function axis(name: string, text: string, scale: number): Axis {
  const parts = text.split(":");
  if (parts.length !== 3) throw new UsageError(`--${name} ${text}: expected MIN:MAX:N`);
  const [min, max, count] = parts.map((part) => number(name, part));
  return { min: min * scale, max: max * scale, count };
}

/** `A:B`, either side open. */
export function parseRange(name: string, text: string): { start?: number; end?: number } {
  const parts = text.split(":");
  const whole = (part: string) => {
    if (part === "") return undefined;
    const value = number(name, part);
    if (!Number.isInteger(value) || value < 0)
      throw new UsageError(`--${name} ${text}: expected whole numbers from 0`);
    return value;
  };
  if (parts.length === 1) {
    const start = whole(parts[0]);
    return { start, end: start === undefined ? undefined : start + 1 };
  }
  if (parts.length !== 2) throw new UsageError(`--${name} ${text}: expected A:B`);
  const [start, end] = parts.map(whole);
  if (start !== undefined && end !== undefined && end <= start)
    throw new UsageError(`--${name} ${text}: empty, B must be greater than A`);
  return { start, end };
}

function transmitList(text: string, all: number): number[] {
  if (!text.includes(":")) return text.split(",").map((part) => number("transmits", part));
  const { start = 0, end = all } = parseRange("transmits", text);
  return Array.from({ length: Math.max(0, end - start) }, (_, i) => start + i);
}

const MM = 1e-3;
const DEGREE = Math.PI / 180;

/** `linear` from --x and --z, `sector` from --angle and --range. */
export function parseGrids(values: Values, apex: readonly [number, number]) {
  const pair = (a: keyof Values, b: keyof Values) => {
    if ((values[a] === undefined) !== (values[b] === undefined))
      throw new UsageError(`--${a} and --${b} belong together`);
    return values[a] !== undefined;
  };
  const linear: Extract<Scan, { kind: "linear" }> | undefined = pair("x", "z")
    ? { kind: "linear", x: axis("x", values.x ?? "", MM), z: axis("z", values.z ?? "", MM) }
    : undefined;
  const sector: Scan | undefined = pair("angle", "range")
    ? {
        kind: "sector",
        angle: axis("angle", values.angle ?? "", DEGREE),
        range: axis("range", values.range ?? "", MM),
        apex,
      }
    : undefined;
  return { linear, sector };
}

const apex = (info: Acquisition): readonly [number, number] =>
  info.kind === "channels" ? apexOf(info as ChannelData) : [0, 0];

/** The pipeline that the options describe, for one acquisition. */
export function toPipeline(values: Values, source: Source, defaults: { window?: Window } = {}): Pipeline {
  const { info } = source;
  if (values.method !== undefined && values.method !== "das")
    throw new UsageError(`--method ${values.method}: this version has das`);
  if (values.weight !== undefined && values.weight !== "none")
    throw new UsageError(`--weight ${values.weight}: this version has none`);
  const { linear, sector } = parseGrids(values, apex(info));
  const band = values.band?.split(":");
  if (band && band.length !== 2) throw new UsageError(`--band ${values.band}: expected LO:HI in MHz`);
  const text = values["f-number"];
  return {
    transmits:
      values.transmits === undefined
        ? undefined
        : transmitList(values.transmits, info.kind === "channels" ? info.sequence.length : 1),
    soundSpeedMps: optional("sound-speed", values["sound-speed"]),
    removeMean: values["remove-mean"],
    band: band && { lowHz: number("band", band[0]) * 1e6, highHz: number("band", band[1]) * 1e6 },
    signal: values.signal as Signal | undefined,
    demodulation:
      values.decimation === undefined ? undefined : { decimation: number("decimation", values.decimation) },
    scan: sector ?? linear,
    beamform: {
      fNumber: text === undefined ? undefined : text === "auto" ? "auto" : number("f-number", text),
      window: (values.window as Window | undefined) ?? defaults.window,
      interpolation: values.interpolation as Interpolation | undefined,
      transmitModel: values["transmit-model"] as TransmitModel | undefined,
      compound: values.compound as Compound | undefined,
    },
    display: {
      dynamicRangeDb: optional("dynamic-range", values["dynamic-range"]),
      gainDb: optional("gain", values.gain),
      tgcDb: values.tgc?.split(",").map((part) => number("tgc", part)),
      greyMap: values["grey-map"] as GreyMap | undefined,
      heightPx: optional("height", values.height),
      grid: sector && linear ? linear : undefined,
    },
  };
}

/** Engine options. @throws UsageError for what this version does not have. */
export function checkEngineOptions(values: Values): void {
  if (values.backend !== undefined && !["auto", "wasm"].includes(values.backend))
    throw new UsageError(`--backend ${values.backend}: this version has auto and wasm`);
  if (values.threads !== undefined && !["auto", "1"].includes(values.threads))
    throw new UsageError(`--threads ${values.threads}: this version runs on one thread (auto or 1)`);
}
