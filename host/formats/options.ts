/** What `open()` can be told about a file, for formats that do not say everything themselves. */

/** Formats by name, for `OpenOptions.format`. UFF, PICMUS and zea are told apart inside `hdf5`. */
export const FORMATS = [
  "hdf5",
  "mat",
  "npy",
  "echopen-text",
  "echopen-film",
  "echopen-e2",
  "echopen-e3",
  "echopen-e4",
  "sonde",
] as const;
/** Name of a format. */
export type Format = (typeof FORMATS)[number];

/** Most bytes `open()` reads when not told otherwise (1 GiB). */
export const DEFAULT_MAX_BYTES = 2 ** 30;

/** The largest limit that can be asked for: what one buffer holds everywhere (4 GiB). */
export const MOST_BYTES = 2 ** 32;

/** What `open()` is told. All fields optional: a file that says everything itself needs none. */
export interface OpenOptions {
  /** The format, for files that cannot be recognised (headerless recordings). Default: found from content, then name. */
  format?: Format;
  /** Called while bytes arrive; `total` is undefined when the server does not say it. */
  onProgress?: (loaded: number, total: number | undefined) => void;
  /** Stops the work; `open()` then rejects with `aborted`. */
  signal?: AbortSignal;
  /** Refuse larger files, before reading them where their size is known (bytes, 1 to 2^32). Default `DEFAULT_MAX_BYTES`. */
  maxBytes?: number;
  /** Text of an echOpen settings file: r0, rf, decimation, lines, sector, mode, one per line. Default: looked up with `related`. */
  settings?: string;
  /** What the samples of an echOpen recording are, where the format does not say it. Default: see each format. */
  samples?: "rf" | "envelope";
  /** First axis of a 3-D NPY array. Default: frames; `"transmits"` are summed. */
  stack?: "transmits" | "frames";
  /**
   * Recordings of devices with one element: acquisitions shown side by side, newest on the right (1 to 1024; 1: each as it
   * came). Default: as they were shown when recorded, else 64.
   */
  lines?: number;
  /** Which part of a Sonde recording whose geometry changed on the way (from 1; `Source.parts`). Default: the one with most frames. */
  part?: number;
  /** Distance between elements (m, 1e-6 to 0.1), for MAT files that do not hold it. */
  pitchM?: number;
  /** Centre frequency (Hz, 1e3 to 1e9), for files that do not hold it. */
  centerFrequencyHz?: number;
  /** Time from the trigger to the centre of the pulse (s, 0 to 1e-3), for synaptus MAT files. Default 0.7 us. */
  pulseDelayS?: number;
  /**
   * Gives the bytes of a file beside the opened one, or undefined when there is none. Called with plain fixed names only
   * (`settings.txt`). Default: looks into the same folder when a path is opened in Node; nothing elsewhere.
   */
  related?: (name: string) => Promise<Uint8Array | undefined>;
}
