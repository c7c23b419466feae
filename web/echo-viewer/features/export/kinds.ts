/** What can be exported, and what of an export people see. */
import type { Request, Settings, ViewerState } from "../../store.ts";
import type { Lie } from "../../view.ts";

/** Everything the viewer can give away. `copy` and `print` give the picture to the clipboard and the printer. */
export const EXPORT_KINDS = [
  /** PNG as shown: scale, marks, words, "not for diagnostic use". */
  "picture",
  /** PNG of the picture's own pixels alone. */
  "plain",
  "copy",
  "print",
  /** The stored frames, at the times they were recorded. */
  "webm",
  "mp4",
  "gif",
  /** The stored raw frames, as they came: Sonde's recording. */
  "sonde",
  /** The stored raw frames of channel data, for others. */
  "uff",
  /** What made the picture, JSON. */
  "pipeline",
] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** Extension and media type of what is saved. */
export const FILES: Readonly<Record<ExportKind, readonly [extension: string, type: string]>> = {
  picture: ["png", "image/png"],
  plain: ["png", "image/png"],
  copy: ["png", "image/png"],
  print: ["png", "image/png"],
  webm: ["webm", "video/webm"],
  mp4: ["mp4", "video/mp4"],
  gif: ["gif", "image/gif"],
  sonde: ["sonde", "application/octet-stream"],
  uff: ["uff", "application/x-hdf5"],
  pipeline: ["json", "application/json"],
};

export interface ExportState {
  /** What is being made; `long`: for more than 300 ms. */
  job: { kind: ExportKind; fraction: number | null; long: boolean } | null;
  /** Which videos this browser can make; null: not known yet. */
  videos: { webm: boolean; mp4: boolean } | null;
  /**
   * A picture's settings are in force: its file's name, they themselves, what there was before, what they are for (null: for what is opened
   * next), how it lay where it said so, as before, and whether the note of it was closed.
   */
  restored: {
    name: string;
    applied: Settings & Pick<ViewerState, "preset">;
    before: Settings & Pick<ViewerState, "preset">;
    request: Request | null;
    lies: { applied: Lie; before: Lie } | null;
    closed: boolean;
  } | null;
}

export const NO_EXPORT: ExportState = { job: null, videos: null, restored: null };

/** What the element's methods ask for. */
export interface ExportApi {
  toBlob(kind: ExportKind): Promise<Blob>;
  exportAs(kind: ExportKind): Promise<Blob | null>;
}

declare module "../feature.ts" {
  interface FeatureApis {
    export: ExportApi;
  }
}

declare module "../../store.ts" {
  interface FeatureStates {
    export: ExportState;
  }
}
