/** What an engine and a plan promise, wherever they run. */
import type { Acquisition, Frame, Image, Scan, Volume } from "../model.ts";
import type { BeamformPath, Pipeline } from "../pipeline.ts";

/** How to make an engine. */
export interface EngineOptions {
  /** Arithmetic: `"auto"` and `"wasm"` are the WASM SIMD core. Default `"auto"`. */
  backend?: "auto" | "wasm";
  /**
   * Where it runs: `"worker"` keeps the page responsive; `"here"` runs on the calling thread. Default `"auto"`: a
   * worker in browsers, falling back to the page's thread where workers are forbidden; the calling thread in Node.
   */
  where?: "auto" | "worker" | "here";
  /** Most memory the core may take for a plan, all threads together (bytes). Default 1 GiB. A plan over it runs in passes, or is refused. */
  memoryLimitBytes?: number;
  /**
   * Threads that make a picture of channel data, 1 to 64; they change no bit of it. Default `"auto"`: as many as the device runs at
   * once, fewer where each would have little to do. They share memory in Node and in pages that are cross-origin isolated; elsewhere
   * each has its own. `plan.report.threads` says how many there are: one where a page forbids workers.
   */
  threads?: "auto" | number;
}

/** Makes plans. One engine serves many plans; each plan has a memory of its own. */
export interface Engine {
  /** Where it really runs. */
  readonly where: "worker" | "here";
  /**
   * Compiles a pipeline for one acquisition geometry: checks everything, builds every table, takes all memory.
   * @throws SondeError `bad-option`, `bad-geometry`, `missing-data`, `out-of-memory`
   */
  plan(info: Acquisition, pipeline?: Pipeline): Promise<Plan>;
  close(): void;
}

/** A pipeline compiled for one geometry: made once, run for every frame. */
export interface Plan {
  /** Where its engine runs. */
  readonly where: "worker" | "here";
  readonly report: PlanReport;
  /**
   * Changes the pipeline, rebuilding only from the first stage the change reaches: a gain change touches no delay
   * table. On an error the plan stays as it was.
   */
  update(pipeline: Pipeline): Promise<void>;
  /** The picture of one frame. `recycle`: an image no longer needed, whose memory is reused. */
  run(frame: Frame, recycle?: Image): Promise<Image>;
  /** The complex image before detection, un-normalised. */
  beamform(frame: Frame): Promise<BeamformedFrame>;
  /**
   * The complex images of many frames, [frame] before the shape of `beamform`. Where the pipeline allows it (`report.ensemble` says
   * so) delays are computed once for up to 32 frames; each image then equals that of `beamform` within float32 rounding, 5e-5
   * of its maximum.
   */
  ensemble(frames: readonly Frame[]): Promise<BeamformedFrame>;
  /**
   * Mean velocity, its variance and power of an ensemble of frames, as `pipeline.flow` says.
   * Its frames are in the order they were acquired, each once, at equal steps of the device: without `flow.frameRateHz` every second
   * one, say, means half the rate. Frames that all have one index are taken to follow each other.
   * @throws SondeError `bad-option` when it is too short for the filter or the lag, in another order, or images have no phase; `missing-data` when
   * frames between them are missing, or nobody states frame rate or centre frequency; `out-of-memory`
   */
  flow(frames: readonly Frame[]): Promise<FlowFrame>;
  /**
   * What the next frame's persistence goes on from, as a copy of its own; undefined: no frame yet, or a pipeline without persistence.
   */
  past(): Promise<Past | undefined>;
  /**
   * Goes back to a past of this plan: the next frame, one behind it, gives the picture that it gave then. Nothing in front of persistence
   * may have changed since: what compresses, its reference included, or makes the data. Undefined: the next frame goes on from nothing.
   * @throws SondeError `bad-option` when it is no past of such a pipeline
   */
  resume(past: Past | undefined): Promise<void>;
  /** Compressed picture as decibels in [-dynamic range, 0], before grey map; outside the field of view: the floor. */
  decibels(frame: Frame): Promise<RealFrame>;
  close(): void;
}

/** Persistence behind one frame. */
export interface Past {
  /** The frame: its `sequence`, or without one its `index`. */
  readonly place: number;
  /** Averaged levels on the data's own grid, rows behind one another (dB, from minus the dynamic range to 0). */
  readonly levels: Float32Array<ArrayBuffer>;
  /** Rows that the frame lacked, as in `Frame.missingLines`. */
  readonly missingLines?: Uint8Array;
}

/** What a plan decided, for people and programs. */
export interface PlanReport {
  /** Pixel grid that is beamformed; absent for line data without a grid. */
  scan?: Scan | Volume;
  /** Picture size in pixels. */
  imageWidth: number;
  imageHeight: number;
  /** The pipeline with every default filled in. */
  pipeline: Pipeline;
  /** f-number used; 0 when the aperture is not limited. */
  fNumber?: number;
  /** How the data reach the pixels, in words. */
  path: string;
  /** Channel data: which of the paths sums them, why, and why not a faster one. */
  choice?: {
    path: Exclude<BeamformPath, "auto">;
    why: string;
    refused: readonly { path: Exclude<BeamformPath, "auto">; why: string }[];
  };
  /** How an ensemble becomes images: frames summed at once (1: one by one), and in words, with the reason where it is one. */
  ensemble: { framesAtOnce: number; path: string };
  /**
   * Memory of the core for this plan, all threads together (bytes), without what `ensemble` and `flow` take when they are first called. It
   * does not change while frames run.
   */
  memoryBytes: number;
  /** What that memory is for, in the order it lies; padding included. */
  memory: readonly { what: string; bytes: number }[];
  /**
   * Threads that make each picture, and why so many: in one memory that they share, or in one each. `joining`: an engine in a worker has
   * made its first plan before it started other threads; they join behind its second picture, and `report` says so then. Any number
   * makes the same pictures.
   */
  threads: { count: number; memory: "shared" | "private" | "none"; why: string; joining?: true };
  /**
   * Passes over the rows of the picture that each frame takes: 1; more where the tables of all rows at once would be over the limit of
   * memory. Each pass makes its tables anew, so that frames take many times as long.
   */
  passes: number;
  /** Stages rebuilt by the last `plan` or `update`. */
  rebuilt: readonly string[];
}

/** Complex values, interleaved re, im. */
export interface BeamformedFrame {
  /** [z][x], [range][angle], [z][y][x] for volumes, [transmit][z][x] when not compounded, or [line][sample] for lines without a grid. */
  shape: readonly number[];
  values: Float32Array<ArrayBuffer>;
}

/** What moves in an ensemble, row by row: [z][x], [range][angle], or [line][sample]. */
export interface FlowFrame {
  shape: readonly [rows: number, columns: number];
  /** Mean velocity along the beam, towards the probe positive, from -nyquistMps to nyquistMps; 0 where nothing was received. */
  velocityMps: Float32Array<ArrayBuffer>;
  /** Variance of the velocity (m^2/s^2), 2 (nyquist / pi)^2 (1 - |R| / P) as in MUST. */
  variance: Float32Array<ArrayBuffer>;
  /** Sum of |b|^2 over the frames that the clutter filter leaves. */
  power: Float32Array<ArrayBuffer>;
  /** Velocity at which the phase turns by half a turn: beyond it velocities wrap. */
  nyquistMps: number;
  /** Of the matrix pixels x frames, from the strongest; with the clutter filter `"svd"`. */
  singularValues?: Float64Array<ArrayBuffer>;
}

/** Real values, row by row. */
export interface RealFrame {
  shape: readonly number[];
  values: Float32Array<ArrayBuffer>;
}
