/** Where frames come from: a file, a simulated probe, later a device or a recording. */
import type { Acquisition, Frame } from "./model.ts";

/** Which frames to iterate. */
export interface FrameRange {
  /** First frame, default 0. Ignored when live. */
  start?: number;
  /** One past the last frame, default all. Ignored when live. */
  end?: number;
  /** Stops the iteration; the iterator then ends without an error. */
  signal?: AbortSignal;
}

/** A recording or a live stream. */
export interface Source {
  readonly info: Acquisition;
  /** True when frames come in real time and cannot be asked for again. */
  readonly live: boolean;
  /**
   * The frames in order. Live: from now on, at the source's own rate; a consumer that is slow gets the newest frame,
   * and `index` shows what it missed. Each frame owns its samples.
   */
  frames(range?: FrameRange): AsyncIterableIterator<Frame>;
  /** One frame of a recording. @throws SondeError `bad-option` when live or out of range. */
  frame(index: number): Promise<Frame>;
  /** Times of all frames of a recording (s, NaN where unknown), when they are known without reading frames. */
  readonly timesS?: Float64Array;
  /** Gives back memory, workers and devices. */
  close(): void;
}
