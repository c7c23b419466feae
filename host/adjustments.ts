/**
 * What of a pipeline can be changed to any effect for the data at hand, and why the rest cannot: what a user interface offers. A
 * pure function of what a source and a plan say of themselves.
 */
import type { Acquisition } from "./model.ts";
import type { Pipeline } from "./pipeline.ts";

/** Parts of a pipeline that people change; `depth` is the far end of `scan` or `display.grid`. */
export const ADJUSTABLE = [
  "gain",
  "dynamicRange",
  "greyMap",
  "speckle",
  "smoothing",
  "persistence",
  "tgc",
  "depth",
  "soundSpeed",
  "band",
  "removeMean",
  "transmits",
  "compound",
  "fNumber",
  "window",
] as const;
/** Name of a part of a pipeline that people change. */
export type Adjustable = (typeof ADJUSTABLE)[number];

/** Why a change would do nothing, or be refused. */
export type AdjustmentObstacle =
  /** The data are pictures or lines: what happens before is done. */
  | "beamformed"
  /** The data hold envelopes, or levels: their carrier is gone. */
  | "detected"
  /** The data do not say where their values lie. */
  | "unplaced"
  | "one-transmit"
  | "one-frame"
  /** The f-number is 0: every element is heard at every depth, with the same weight. */
  | "whole-aperture";

const SENTENCES: Readonly<Record<AdjustmentObstacle, string>> = {
  beamformed: "the data are beamformed already",
  detected: "the data are envelopes, which have no carrier",
  unplaced: "the data do not say where their values lie",
  "one-transmit": "there is only one transmit",
  "one-frame": "there is only one frame",
  "whole-aperture": "the f-number is 0: every element is heard with the same weight",
};

/** Whether a part of the pipeline can be changed to any effect. */
export type Adjustment =
  | { readonly applies: true }
  | {
      readonly applies: false;
      /** For programs and translations. */
      readonly obstacle: AdjustmentObstacle;
      /** For people, in English: a clause without capital and full stop. */
      readonly why: string;
    };

/** Whether the values have a place: a line table or grid of the data's own, or a grid that the pipeline gives. */
function isPlaced(info: Acquisition, pipeline: Pipeline | undefined): boolean {
  return info.kind !== "beamformed" || Boolean(info.scan ?? pipeline?.scan);
}

/**
 * What can be changed for these data. `pipeline`: the one in use, best the resolved one of `plan.report.pipeline`, as some parts
 * depend on others: a window needs an f-number. Nothing is checked: what is out of range the plan refuses.
 */
export function adjustmentsOf(
  info: Acquisition,
  pipeline?: Pipeline,
): Readonly<Record<Adjustable, Adjustment>> {
  const channels = info.kind === "channels";
  const detected = info.signal === "envelope" || info.signal === "log";
  const before = channels ? undefined : "beamformed";
  const signal = info.kind === "beamformed" ? "beamformed" : detected ? "detected" : undefined;
  const place = isPlaced(info, pipeline) ? undefined : "unplaced";
  const transmits = before ?? (channels && info.sequence.length < 2 ? "one-transmit" : undefined);
  const found: Partial<Record<Adjustable, AdjustmentObstacle>> = {
    persistence: info.frameCount === 1 ? "one-frame" : undefined,
    tgc: place,
    depth: place,
    soundSpeed: info.kind === "beamformed" ? "beamformed" : undefined,
    band: signal,
    removeMean: signal,
    transmits,
    compound: transmits,
    fNumber: before,
    window: before ?? (pipeline?.beamform?.fNumber === 0 ? "whole-aperture" : undefined),
  };
  const entries = ADJUSTABLE.map((name): [Adjustable, Adjustment] => {
    const obstacle = found[name];
    return [name, obstacle ? { applies: false, obstacle, why: SENTENCES[obstacle] } : { applies: true }];
  });
  return Object.fromEntries(entries) as Record<Adjustable, Adjustment>;
}
