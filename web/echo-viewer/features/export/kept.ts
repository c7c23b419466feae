/** What of all that viewers save as JSON a file is. */
import type { Pipeline, SondeError } from "../../../../host/index.ts";
import type { Settings } from "../../store.ts";
import { chosenIn } from "./settings.ts";

/** Longest file (bytes): a thousand outlines drawn by hand have less. */
const MOST_BYTES = 2 ** 24;

const PIPELINE_PARTS = [
  "transmits",
  "soundSpeedMps",
  "removeMean",
  "band",
  "signal",
  "demodulation",
  "scan",
  "beamform",
  "flow",
  "display",
] as const satisfies readonly (keyof Pipeline)[];

export type Kept =
  | { readonly measurements: string }
  | { readonly preset: string }
  | { readonly settings: Settings };

/** @param refusal what is thrown where it is none of them. What is in it is checked by those who take it. */
export async function keptIn(file: Blob, refusal: () => SondeError): Promise<Kept> {
  if (file.size > MOST_BYTES) throw refusal();
  const text = await file.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal();
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refusal();
  if ("format" in value && value.format === "sonde-measurements") return { measurements: text };
  if ("name" in value) return { preset: text };
  const keys: readonly string[] = Object.keys(value);
  const known: readonly string[] = PIPELINE_PARTS;
  if (!keys.length || !keys.every((key) => known.includes(key))) throw refusal();
  return { settings: chosenIn(value as Pipeline) };
}
