/** The texts of exporting in English. */
import type { ExportKind } from "./kinds.ts";

export const english = {
  groups: { picture: "Picture", frames: "Stored frames", data: "Data" },
  kinds: {
    picture: "Picture with scale and marks",
    plain: "Picture alone",
    copy: "Copy picture",
    print: "Print",
    webm: "Video (WebM)",
    mp4: "Video (MP4)",
    gif: "Animation (GIF)",
    sonde: "Raw recording (Sonde)",
    uff: "Raw data (UFF)",
    pipeline: "Settings (JSON)",
  } satisfies Record<ExportKind, string> as Record<ExportKind, string>,
  needsFreeze: "Freeze to export what is stored.",
  needsPicture: "There is no picture to export yet.",
  noVideo: "This browser makes no videos: GIF has fewer grey levels and coarser times.",
  frames: (count: number) => (count === 1 ? "1 frame" : `${count} frames`),
  working: (what: string) => `Making: ${what}`,
  cancel: "Cancel",
  saved: (name: string) => `Saved ${name}.`,
  copied: "The picture is on the clipboard.",
  cancelled: "Export cancelled.",
  restored: (name: string) => `The settings of ${name} are in force.`,
  undo: "Undo",
  undone: "The settings from before are back in force.",
  date: (when: Date) => when.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" }),
  exported: (when: string) => `exported ${when}`,
  noPipeline: (name: string) => `${name} carries no settings: only pictures that Sonde exported do.`,
  notKept: (name: string) =>
    `${name} is nothing that Sonde saves as JSON: open measurements, a preset, or the settings of a picture.`,
  noRaw: "UFF holds channel data; these are lines or an image: export the raw recording.",
  noEncoder: (kind: string) => `This browser cannot encode ${kind}: export a GIF.`,
  noClipboard: "The browser did not let the picture onto the clipboard: save it instead.",
  unknownKind: (kind: string, kinds: readonly string[]) =>
    `There is no export "${kind}": choose one of ${kinds.join(", ")}.`,
  busy: "Another export is under way: wait for it, or cancel it.",
};

export type ExportTexts = typeof english;
