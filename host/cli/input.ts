/** Opens what a command names: a file on disk, or the simulated probe. */
import { readFile } from "node:fs/promises";
import { SondeError } from "../errors.ts";
import type { Frame } from "../model.ts";
import { open } from "../open.ts";
import { type SimulatedOptions, simulatedRecording } from "../simulate/index.ts";
import type { Source } from "../source.ts";
import { parseRange, UsageError, type Values } from "./arguments.ts";
import { progress } from "./progress.ts";

const SIMULATED = /^simulated(?::(.+))?$/;
/** Frames a simulated recording offers: ten seconds and more. */
const SIMULATED_FRAMES = 300;

/** The source that FILE names. */
export async function openInput(name: string, values: Values): Promise<Source> {
  const simulated = SIMULATED.exec(name);
  if (simulated) {
    const array = simulated[1] as SimulatedOptions["array"];
    return simulatedRecording(array === undefined ? {} : { array }, SIMULATED_FRAMES);
  }
  const settings =
    values.settings === undefined
      ? undefined
      : await readFile(values.settings, "utf8").catch((cause) => {
          throw new SondeError(
            "not-found",
            `--settings ${values.settings} could not be read: ${(cause as Error).message}`,
            { cause },
          );
        });
  const bar = progress(`Reading ${name}`);
  try {
    return await open(name, {
      settings,
      ...(values.format === undefined ? {} : { format: values.format as never }),
      onProgress: (loaded, total) => bar.update(loaded, total),
    });
  } finally {
    bar.done();
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
  const { start = 0, end = count } = parseRange("frames", values.frames);
  if (start >= count || end > count)
    throw new UsageError(`--frames ${values.frames}: ${source.info.name} has frames 0 to ${count - 1}`);
  return { start, end };
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
