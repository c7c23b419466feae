/** Opens what a command names: a file on disk, or the simulated probe. */
import { readFile } from "node:fs/promises";
import { SondeError } from "../errors.ts";
import { type Format, MOST_BYTES, type OpenOptions } from "../formats/options.ts";
import type { Frame } from "../model.ts";
import { open } from "../open.ts";
import { SIMULATED_ARRAYS, type SimulatedArray, simulatedRecording } from "../simulate/index.ts";
import type { Source } from "../source.ts";
import { type Command, checkData } from "./applicable.ts";
import { indexRange, number } from "./numbers.ts";
import { progress } from "./progress.ts";
import type { Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

/** Frames a simulated recording offers: ten seconds and more. */
const SIMULATED_FRAMES = 300;

/** The array that `simulated` or `simulated:ARRAY` names; undefined for other names. @throws UsageError */
export function simulatedArray(name: string): SimulatedArray | undefined {
  const named = /^simulated(?::(.*))?$/.exec(name);
  if (!named) return undefined;
  const array = SIMULATED_ARRAYS.find((known) => known === (named[1] ?? "linear"));
  if (!array)
    throw new UsageError(
      `${name}: the simulated probe is ${SIMULATED_ARRAYS.map((known) => `simulated:${known}`).join(", ")}`,
    );
  return array;
}

async function readSettings(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new SondeError("not-found", `--settings ${path} could not be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

async function openFile(name: string, values: Values): Promise<Source> {
  const settings = values.settings === undefined ? undefined : await readSettings(values.settings);
  const bar = progress(`Reading ${name}`);
  try {
    return await open(name, {
      settings,
      // Whoever names a file on the command line wants it whole.
      maxBytes: MOST_BYTES,
      format: values.format as Format | undefined,
      part: values.part === undefined ? undefined : number("part", values.part),
      stack: values.stack as OpenOptions["stack"],
      onProgress: (loaded, total) => bar.update(loaded, total),
    });
  } finally {
    bar.done();
  }
}

/** Lets `act` use the source that FILE names, and closes it. @throws UsageError for options these data have no use for */
export async function withInput<T>(
  command: Command,
  name: string,
  values: Values,
  act: (source: Source) => Promise<T>,
): Promise<T> {
  const array = simulatedArray(name);
  const source = array ? await simulatedRecording({ array }, SIMULATED_FRAMES) : await openFile(name, values);
  try {
    checkData(command, values, source.info);
    return await act(source);
  } finally {
    source.close();
  }
}

/** Frames asked for with --frames, of a recording. */
export function frameRange(
  source: Source,
  values: Values,
  fallback?: { start: number; end: number },
): { start: number; end: number } {
  const count = source.info.frameCount ?? 0;
  if (values.frames === undefined) return fallback ?? { start: 0, end: count };
  const { start = 0, end = count } = indexRange("frames", values.frames);
  if (start >= count || end > count)
    throw new UsageError(`--frames ${values.frames}: ${source.info.name} has frames 0 to ${count - 1}`);
  return { start, end };
}

/** Runs over frames in groups of at most `size`, with a progress bar that moves as frames are read and as groups are done. */
export async function eachGroup(
  source: Source,
  { start, end }: { start: number; end: number },
  size: number,
  title: string,
  visit: (frames: readonly Frame[], position: number) => Promise<void>,
): Promise<void> {
  const bar = progress(title);
  const total = 2 * (end - start);
  try {
    for (let at = start; at < end; at += size) {
      const frames: Frame[] = [];
      for (let i = at; i < Math.min(end, at + size); i++) {
        frames.push(await source.frame(i));
        bar.update(2 * (at - start) + frames.length, total);
      }
      await visit(frames, at - start);
      bar.update(2 * (at - start + frames.length), total);
    }
  } finally {
    bar.done();
  }
}

/** Runs over frames with a progress bar. */
export async function eachFrame(
  source: Source,
  { start, end }: { start: number; end: number },
  title: string,
  visit: (frame: Frame, position: number) => Promise<void>,
): Promise<void> {
  const bar = progress(title);
  try {
    for (let i = start; i < end; i++) {
      await visit(await source.frame(i), i - start);
      bar.update(i - start + 1, end - start);
    }
  } finally {
    bar.done();
  }
}
