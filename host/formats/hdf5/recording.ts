/** A `Source` over an HDF5 file: frames are read when they are asked for. */
import { isSondeError, SondeError } from "../../errors.ts";
import type { ChannelData, Frame, SampleArray } from "../../model.ts";
import type { FrameRange, Source } from "../../source.ts";
import type { Hdf5File } from "./client.ts";
import type { Numbers, ReadOptions } from "./protocol.ts";

/** Sample types of the model; wider numbers become float32. */
function asSamples(values: Numbers): SampleArray {
  return values instanceof Float64Array || values instanceof Uint32Array ? Float32Array.from(values) : values;
}

/**
 * A recording whose frame `i` is what `frameAt(i)` says to read; `info.frameCount` must be a number.
 * The source owns `file`.
 */
export function hdf5Recording(
  file: Hdf5File,
  info: ChannelData & { frameCount: number },
  frameAt: (index: number) => ReadOptions,
): Source {
  /** Damage is told with the frame that has it: the others may be whole. */
  const readFrame = async (index: number) => {
    try {
      return await file.read(frameAt(index));
    } catch (error) {
      if (!isSondeError(error, "corrupt-file")) throw error;
      throw new SondeError(
        "corrupt-file",
        `Frame ${index}: ${error.message.replace(/\.$/, "")}: choose other frames, or get the file anew.`,
        { cause: error, fields: { ...error.fields, frame: index } },
      );
    }
  };
  const frame = async (index: number): Promise<Frame> => {
    if (!(Number.isInteger(index) && index >= 0 && index < info.frameCount))
      throw new SondeError(
        "bad-option",
        `Frame ${index} does not exist; ${info.name} has ${info.frameCount} frames.`,
        {
          fields: { index, frameCount: info.frameCount },
        },
      );
    const { values } = await readFrame(index);
    const timeS = info.frameRateHz ? index / info.frameRateHz : undefined;
    return { index, timeS, samples: asSamples(values) };
  };
  return {
    info,
    live: false,
    frame,
    async *frames(range: FrameRange = {}) {
      const start = Math.max(0, range.start ?? 0);
      const end = Math.min(info.frameCount, range.end ?? info.frameCount);
      for (let index = start; index < end; index++) {
        if (range.signal?.aborted) return;
        const next = await frame(index);
        if (range.signal?.aborted) return;
        yield next;
      }
    },
    close: () => file.close(),
  };
}
