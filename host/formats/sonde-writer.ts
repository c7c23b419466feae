/**
 * Frames that are at hand as a recording of Sonde's stream (`.sonde`, ../protocols/sonde-stream.md), which every kind of data fits:
 * samples in the type they came in, each frame's own time, lines that did not arrive. Frames that were lost before the first are not
 * counted; what is missing between two stays missing. What a live stream says as it goes is `createRecorder`'s.
 *
 * What the stream has no place for: MI and TI of a frame.
 */
import { SondeError } from "../errors.ts";
import type { Acquisition, Frame } from "../model.ts";
import { SondeEncoder } from "../protocols/sonde-encoder.ts";
import { quote } from "./quote.ts";

/** A frame to write. */
export interface SondeFrame extends Frame {
  /** The receiver's clock when it came (s), for one that has no time of its own. Default: it has none. */
  arrivalS?: number;
}

/** How to write a Sonde recording. */
export interface SondeOptions {
  /** Name of the recording in the file. Default: `info.name`. */
  name?: string;
  /** Largest recording (bytes). Default `MAX_SONDE_BYTES`. */
  maxBytes?: number;
  /** Told after every frame how many are written. */
  onProgress?: (written: number) => void;
  /** Stops the writing; nothing is left behind. */
  signal?: AbortSignal;
}

/** Largest recording that is written without being told otherwise (bytes): what `open` reads without being told otherwise. */
export const MAX_SONDE_BYTES = 2 ** 30;

/** Frames between two repetitions of the configuration: what damage to one can cost. */
const REPEAT_FRAMES = 64;

/** @throws SondeError `bad-option` for frames of another acquisition, or none; `out-of-memory`, `aborted` */
export async function encodeSonde(
  info: Acquisition,
  frames: Iterable<SondeFrame> | AsyncIterable<SondeFrame>,
  { name = info.name, maxBytes = MAX_SONDE_BYTES, onProgress, signal }: SondeOptions = {},
): Promise<Blob> {
  const described = { ...info, name };
  const encoder = new SondeEncoder();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let written = 0;
  const put = (message: Uint8Array<ArrayBuffer>): void => {
    bytes += message.length;
    if (bytes > maxBytes)
      throw new SondeError(
        "out-of-memory",
        `${quote(name)} is over the ${maxBytes} bytes that can be written; there is room for ${written} frames.`,
        { fields: { frames: written, bytes } },
      );
    parts.push(message);
  };
  const stopped = (): void => {
    if (signal?.aborted) throw new SondeError("aborted", `Writing ${quote(name)} was stopped.`);
  };
  stopped();
  let firstIndex: number | undefined;
  for await (const { arrivalS, ...frame } of frames) {
    stopped();
    const place = frame.sequence ?? frame.index;
    // Times of arrival stay what they are.
    const { timeS, ...untimed } = frame;
    const arrived = arrivalS ?? (info.frameRateMeasured ? timeS : undefined);
    firstIndex ??= place;
    if (written % REPEAT_FRAMES === 0) put(encoder.configuration(described));
    put(encoder.frame({ ...(info.frameRateMeasured ? untimed : frame), index: place - firstIndex }, arrived));
    written++;
    onProgress?.(written);
  }
  stopped();
  if (written === 0)
    throw new SondeError("bad-option", `No frames of ${quote(name)} came; a recording has at least one.`);
  put(encoder.end());
  return new Blob(parts, { type: "application/octet-stream" });
}
