/** The bench's report: what is written by `--json`, read by `compare` and by the page, and carried in a link. */
import { SondeError } from "../host/errors.ts";

/** Our time divided by a peer's, both in the same run; null where that peer did not run. */
export interface Ratio {
  /** Straightforward JavaScript, or the usual package (fft.js). */
  js: number | null;
  /** Straightforward C with -O3, or the usual library (FFTW). */
  c: number | null;
  /** The faster of the hand-tuned C kernels that compute point by point (AVX2 or NEON). */
  cSimd: number | null;
  /** The pre-steered algorithm in hand-tuned C. */
  cSteered: number | null;
}

/** One way of doing one workload, measured. */
export interface Result {
  workload: string;
  variant: string;
  where: "node" | "page";
  medianMs: number;
  /** Interquartile range, ms. */
  spread: number;
  /** Pixel-element-transmit points a second whose element lies in the pixel's aperture; samples or pixels a second of kernels. */
  pointsPerS: number;
  ratio: Ratio;
  /**
   * Our time divided by that of our own path for every geometry, `depth`, in the same run: within the same promise where it was measured so,
   * else with linear interpolation; null of that path itself, and where it did not run.
   */
  depthRatio?: number | null;
  /** The same counting every pixel, element and transmit. */
  nominalPointsPerS?: number;
  /** How many times faster than the sound itself went there and back. */
  timesSound?: number;
  /** Processor time of the calling thread, where the system tells it: median, ms. */
  cpuMs?: number;
  /** As `ratio`, of the calling threads' processor times: other programs disturb it less. Means nothing of several threads. */
  cpuRatio?: Ratio;
  rounds?: number;
  /** Relative rms difference to band-limited and to linear interpolation in float64, at some pixels. */
  errorToSinc?: number;
  errorToLinear?: number;
  /** What was promised of one of the two errors. */
  promise?: string;
  /** How the engine says it did it. */
  path?: string;
  memoryBytes?: number;
}

/** A peer that ours is compared with. */
export interface Reference {
  workload: string;
  name: string;
  medianMs: number;
  spread: number;
  cpuMs?: number;
  rounds: number;
  errorToSinc?: number;
  errorToLinear?: number;
}

/** What could not be measured, and why. */
export interface Skipped {
  workload: string;
  variant: string;
  why: string;
}

export interface Report {
  /** Processor, number of cores, system; or what a person calls the device. */
  device: string;
  /** What ran the code, with its version. */
  engine: string;
  versions: Record<string, string>;
  results: Result[];
  references?: Reference[];
  skipped?: Skipped[];
  /** How to read the figures: which clock, what is included. */
  notes?: string[];
}

/** A report is a few kilobytes; what is larger than this is none. */
export const LARGEST_REPORT_BYTES = 4_000_000;

/** The refusal of a file too large to be a report; it is not read. */
export function tooLarge(name: string, bytes: number): SondeError {
  return new SondeError(
    "corrupt-file",
    `${name} is ${(bytes / 1e6).toFixed(1)} MB: a bench report has at most ${LARGEST_REPORT_BYTES / 1e6} MB; make one with sonde bench --json`,
    { fields: { name, bytes } },
  );
}

type Unknown = Record<string, unknown>;

const isRecord = (value: unknown): value is Unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const show = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 80);

function refuse(name: string, where: string, value: unknown, expected: string): never {
  throw new SondeError(
    "corrupt-file",
    `${name} is no bench report: ${where} is ${show(value)}, expected ${expected}; make one with sonde bench --json`,
  );
}

function positive(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

function checkResult(name: string, at: string, value: unknown): Result {
  if (!isRecord(value)) return refuse(name, at, value, "a result");
  for (const field of ["workload", "variant", "where"])
    if (typeof value[field] !== "string") refuse(name, `${at}.${field}`, value[field], "a word");
  if (!positive(value["medianMs"])) refuse(name, `${at}.medianMs`, value["medianMs"], "milliseconds");
  for (const field of ["spread", "pointsPerS"])
    if (!(typeof value[field] === "number" && (value[field] as number) >= 0))
      refuse(name, `${at}.${field}`, value[field], "a number that is not negative");
  const { ratio } = value;
  if (!isRecord(ratio)) return refuse(name, `${at}.ratio`, ratio, "{ js, c, cSimd, cSteered }");
  for (const peer of ["js", "c", "cSimd", "cSteered"])
    if (ratio[peer] !== null && !positive(ratio[peer]))
      refuse(name, `${at}.ratio.${peer}`, ratio[peer], "a number or null");
  return value as unknown as Result;
}

/**
 * Reads a report from its JSON. `name`: what the person calls it, for the message.
 * @throws SondeError `corrupt-file` when it is none, naming the first thing that is wrong
 */
export function parseReport(text: string, name: string): Report {
  if (text.length > LARGEST_REPORT_BYTES) throw tooLarge(name, text.length);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SondeError(
      "corrupt-file",
      `${name} is no JSON (${cause instanceof Error ? cause.message.replace(/\s+/g, " ").slice(0, 100) : cause}): make a report with sonde bench --json`,
      { cause },
    );
  }
  if (!isRecord(value)) return refuse(name, "the whole", value, "{ device, engine, versions, results }");
  for (const field of ["device", "engine"])
    if (typeof value[field] !== "string") refuse(name, field, value[field], "a text");
  if (!isRecord(value["versions"])) refuse(name, "versions", value["versions"], "an object");
  const { results } = value;
  if (!Array.isArray(results)) return refuse(name, "results", results, "a list");
  results.forEach((result, i) => {
    checkResult(name, `results[${i}]`, result);
  });
  return value as unknown as Report;
}

const base64url = (bytes: Uint8Array): string => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};

function through(
  bytes: Uint8Array<ArrayBuffer>,
  transform: CompressionStream | DecompressionStream,
): ReadableStream<Uint8Array> {
  return new Blob([bytes]).stream().pipeThrough(transform as ReadableWritablePair<Uint8Array, Uint8Array>);
}

/** A report as text for the fragment of a link: deflate, base64url. Fragments never leave the browser. */
export async function toFragment(report: Report): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(report));
  const packed = await new Response(through(json, new CompressionStream("deflate-raw"))).arrayBuffer();
  return base64url(new Uint8Array(packed));
}

/** The report of a link's fragment. @throws SondeError `corrupt-file` */
export async function fromFragment(fragment: string): Promise<Report> {
  const name = "The report in the link";
  const broken = (cause: unknown) =>
    new SondeError("corrupt-file", `${name} is damaged: copy the whole link, or ask for the report's file`, {
      cause,
    });
  let packed: Uint8Array<ArrayBuffer>;
  try {
    const text = atob(fragment.replaceAll("-", "+").replaceAll("_", "/"));
    packed = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  } catch (cause) {
    throw broken(cause);
  }
  // Read piece by piece: a few bytes can unpack to gigabytes.
  const reader = through(packed, new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder();
  let json = "";
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      json += decoder.decode(piece.value, { stream: true });
      if (json.length > LARGEST_REPORT_BYTES) break;
    }
  } catch (cause) {
    throw broken(cause);
  } finally {
    await reader.cancel().catch(() => undefined);
  }
  return parseReport(json, name);
}
