/** A recording as a `Source`: all bytes are at hand, any frame can be asked for. */
import { SondeError } from "../errors.ts";
import type { Acquisition, Frame } from "../model.ts";
import type { FrameRange, Source } from "../source.ts";

function checkIndex(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new SondeError("bad-option", `${name} is ${value}; this recording allows 0 to ${most}.`, {
      fields: { [name]: value, most },
    });
}

/**
 * A `Source` over `info.frameCount` frames; `read` makes frame `index`, with samples nobody else holds. After `close()`
 * frames are refused.
 */
export function recording(
  info: Acquisition & { frameCount: number },
  read: (index: number) => Frame | Promise<Frame>,
  close?: () => void,
): Source {
  let closed = false;

  async function frame(index: number): Promise<Frame> {
    if (closed) throw new SondeError("bad-option", "The recording was closed; open it again to read frames.");
    checkIndex("frame", index, info.frameCount - 1);
    return read(index);
  }

  async function* frames(range: FrameRange = {}): AsyncIterableIterator<Frame> {
    const start = range.start ?? 0;
    const end = range.end ?? info.frameCount;
    checkIndex("start", start, info.frameCount);
    checkIndex("end", end, info.frameCount);
    for (let index = start; index < end && !range.signal?.aborted; index++) yield await frame(index);
  }

  return {
    info,
    live: false,
    frame,
    frames,
    close() {
      if (!closed) close?.();
      closed = true;
    },
  };
}
