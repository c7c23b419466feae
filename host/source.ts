/** Where frames come from: a file, a recording, a simulated probe or a device. */
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

/** The frames of a recording that are of one geometry; a device that changes its settings makes another part. */
export interface RecordingPart {
  /** What `open(..., { part })` is told, from 1. */
  readonly part: number;
  /** The geometry, and how many frames are of it. */
  readonly info: Acquisition & { readonly frameCount: number };
}

/** What a recording says of how it was made. */
export interface RecordingSession {
  /** When it was begun, ISO 8601. */
  readonly started?: string;
  /** Texts by name: `address`, `protocol`, `device` and what the recorder was told. */
  readonly about: Readonly<Record<string, string>>;
  /** Orders given to the device, and changes of the way to it, in a few words each; the first thousand. */
  readonly events: readonly {
    readonly timeS: number;
    readonly kind: "order" | "link";
    readonly text: string;
  }[];
  /** How many messages of each type the device sent beside its frames: poses, its settings. */
  readonly messages: Readonly<Record<string, number>>;
  /** What the device's frames were made with, in its own words; the last it said. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Bytes from the device that belonged to nothing. */
  readonly skippedBytes: number;
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
  /** All parts of a recording of more than one, in the order of their first frames; one of them is this source. */
  readonly parts?: readonly RecordingPart[];
  /** Of a recording of Sonde's: who, when and how. */
  readonly session?: RecordingSession;
  /** Gives back memory, workers and devices. */
  close(): void;
}
