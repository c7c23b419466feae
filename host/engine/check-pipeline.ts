/**
 * The door of `plan()` and `update()` for the shape of a pipeline, and of `run()` for that of a frame: known keys only,
 * and values of the right type where the stages behind take them as they are. Ranges are checked where they are decided.
 */
import { SondeError } from "../errors.ts";
import type { Frame, Image, Scan, Volume } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { show } from "./show.ts";
import type { Past } from "./types.ts";

/** A part of a pipeline: its keys, those that are parts themselves by their shape. */
interface Shape {
  readonly [key: string]: Shape | null;
}

const AXIS: Shape = { min: null, max: null, count: null };
const LINEAR: Shape = { kind: null, x: AXIS, z: AXIS };
const VOLUME: Shape = { kind: null, x: AXIS, y: AXIS, z: AXIS };
const SECTOR: Shape = { kind: null, angle: AXIS, range: AXIS, apex: null };
const PIPELINE: Shape = {
  transmits: null,
  soundSpeedMps: null,
  removeMean: null,
  band: { lowHz: null, highHz: null },
  signal: null,
  demodulation: { frequencyHz: null, cutoff: null, decimation: null },
  scan: null, // by its kind
  beamform: {
    method: null,
    fNumber: null,
    window: null,
    interpolation: null,
    transmitModel: null,
    compound: null,
    accuracy: null,
    path: null,
    arithmetic: null,
    columns: null,
  },
  flow: {
    clutter: { method: null, order: null, taps: null },
    lag: null,
    smoothing: null,
    frameRateHz: null,
    centerFrequencyHz: null,
  },
  display: {
    dynamicRangeDb: null,
    gainDb: null,
    tgcDb: null,
    reference: null,
    speckle: { method: null, strength: null },
    persistence: null,
    smoothing: null,
    greyMap: null,
    grid: null, // by its kind
    heightPx: null,
  },
};

function refuse(name: string, sentence: string, value: unknown): never {
  throw new SondeError("bad-option", `${name} ${sentence}`, {
    fields: { option: name, value: show(value) },
  });
}

function expect(good: boolean, name: string, value: unknown, expected: string): void {
  if (!good) refuse(name, `is ${show(value)}: it must be ${expected}`, value);
}

/** Letters to change, add or leave out to make one word of the other, capitals aside (Levenshtein). */
function distance(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}

/** The known key that was probably meant: at most a third of it, and two letters, are wrong. */
function nearest(key: string, known: readonly string[]): string | undefined {
  const [best] = known
    .map((name) => ({ name, wrong: distance(key.slice(0, 40), name) }))
    .sort((a, b) => a.wrong - b.wrong);
  return best.wrong <= Math.min(2, best.name.length / 3) ? best.name : undefined;
}

/** Refuses what is no object, and keys that are not of the shape; the same for its parts. */
function checkShape(name: string, value: unknown, shape: Shape): void {
  const known = Object.keys(shape);
  expect(
    typeof value === "object" && value !== null && !Array.isArray(value),
    name,
    value,
    `an object of ${known.join(", ")}`,
  );
  const prefix = name === "pipeline" ? "" : `${name}.`;
  for (const [key, part] of Object.entries(value as object)) {
    if (part === undefined) continue;
    if (!Object.hasOwn(shape, key)) {
      const meant = nearest(key, known);
      refuse(
        `${prefix}${key}`,
        meant === undefined
          ? `is no option: ${name} takes ${known.join(", ")}`
          : `is no option: did you mean ${prefix}${meant}?`,
        part,
      );
    }
    const inner = shape[key];
    if (inner) checkShape(`${prefix}${key}`, part, inner);
  }
}

/** Shape of a scan; `checkScan` decides whether its numbers make a grid. */
function checkScanShape(name: string, scan: unknown, kinds: readonly (Scan | Volume)["kind"][]): void {
  const { kind } = (scan ?? {}) as { kind?: unknown };
  expect(
    kinds.some((known) => known === kind),
    name,
    scan,
    `a scan whose kind is ${kinds.map((known) => `"${known}"`).join(" or ")}`,
  );
  checkShape(name, scan, { linear: LINEAR, sector: SECTOR, volume: VOLUME }[kind as (Scan | Volume)["kind"]]);
}

/** Checks the shape of a pipeline. @throws SondeError `bad-option` */
export function checkPipeline(pipeline: Pipeline): void {
  checkShape("pipeline", pipeline, PIPELINE);
  const { transmits, removeMean, band, scan, display } = pipeline;
  expect(transmits === undefined || Array.isArray(transmits), "transmits", transmits, "a list of indices");
  expect(
    removeMean === undefined || typeof removeMean === "boolean",
    "removeMean",
    removeMean,
    "true or false",
  );
  if (band)
    for (const edge of ["lowHz", "highHz"] as const)
      expect(Number.isFinite(band[edge]), `band.${edge}`, band[edge], "a number in Hz");
  if (scan !== undefined) checkScanShape("scan", scan, ["linear", "sector", "volume"]);
  if (display?.grid !== undefined) checkScanShape("display.grid", display.grid, ["linear"]);
}

/** Checks that an ensemble is a list of frames. @throws SondeError `bad-option` */
export function checkFrames(frames: readonly Frame[]): void {
  expect(Array.isArray(frames) && frames.length > 0, "frames", frames, "a list of at least one frame");
  frames.forEach(checkFrame);
}

/** Checks that a frame has samples; how many and of which type is checked against the plan. @throws SondeError `bad-option` */
export function checkFrame(frame: Frame): void {
  const samples: unknown = (frame as Frame | null | undefined)?.samples;
  if (!ArrayBuffer.isView(samples))
    throw new SondeError(
      "bad-option",
      frame && typeof frame === "object"
        ? `samples of frame ${show(frame.index)} is ${samples === null ? "null" : typeof samples}: it must be an array such as Int16Array`
        : `The frame is ${show(frame)}: it must be { index, samples }`,
    );
  const { missingLines } = frame;
  expect(
    missingLines === undefined || ArrayBuffer.isView(missingLines),
    "missingLines",
    missingLines,
    "a Uint8Array",
  );
}

/** Checks the shape of a past; how many levels it needs is checked against the plan. @throws SondeError `bad-option` */
export function checkPast(past: Past): void {
  const { place, levels, missingLines } = past ?? {};
  const good =
    Number.isFinite(place) &&
    levels instanceof Float32Array &&
    (missingLines === undefined || missingLines instanceof Uint8Array);
  expect(good, "past", past, "what plan.past gave: { place, levels }");
}

/** Checks an image that is given back. @throws SondeError `bad-option` */
export function checkRecycled(image: Image | undefined): void {
  const good = !image || (image.pixels as unknown) instanceof Uint8ClampedArray;
  expect(good, "recycle", image, "an image of plan.run that is no longer needed, or left out");
}
