/**
 * Which way the channels take to the pixels: the fastest path that serves this geometry, signal and accuracy; or the one that was
 * asked for, refused with its reason where it cannot. Only the fastest is there from the start: a page whose pictures it makes
 * never loads the others.
 */

import type { Kernels } from "../core/binding.ts";
import { SondeError } from "../errors.ts";
import type { ChannelData } from "../model.ts";
import type { BeamformPath, Pipeline } from "../pipeline.ts";
import { columnsToSpare } from "./paths/columns-to-spare.ts";
import type { PathOffer } from "./paths/path.ts";
import { loadWalking } from "./paths/steered/in-step.ts";
import { STEERED } from "./paths/steered.ts";
import { type ResolvedChannels, resolveChannels } from "./resolve.ts";

/** Those that are loaded, fastest first. */
let paths: readonly PathOffer[] = [STEERED];

/** Has a path sum lines where columns are to spare; loaded for those grids. */
let betweenLines: typeof import("./paths/between-lines.ts").betweenLines | undefined;

/** Loads every path. */
export async function loadAllPaths(): Promise<void> {
  if (paths.length > 1) return;
  const { LATERAL, DEPTH } = await import("./paths/slower.ts");
  paths = [STEERED, LATERAL, DEPTH];
}

/** Loads what `choosePath` needs for this acquisition and pipeline. @throws SondeError what `resolveChannels` refuses */
export async function loadPaths(info: ChannelData, pipeline: Pipeline, kernels: Kernels): Promise<void> {
  await loadWalking(info);
  const resolved = resolveChannels(info, pipeline, kernels);
  if (!betweenLines && columnsToSpare(info, resolved, kernels))
    ({ betweenLines } = await import("./paths/between-lines.ts"));
  if (paths.length > 1) return;
  const steered = resolved.path === "auto" || resolved.path === "steered";
  const serves = offersOf(STEERED, info, resolved, kernels).some(
    (offer) => offer.refusal(info, resolved, kernels) === undefined,
  );
  if (!steered || !serves) await loadAllPaths();
}

/** A path, before it the same on lines where they may stand for columns. The depth path's pixels have nothing in common. */
function offersOf(
  path: PathOffer,
  info: ChannelData,
  resolved: ResolvedChannels,
  kernels: Kernels,
): readonly PathOffer[] {
  const spares = betweenLines && path.name !== "depth" && columnsToSpare(info, resolved, kernels);
  return betweenLines && spares ? [betweenLines(path), path] : [path];
}

/** What was chosen and why. */
export interface PathChoice {
  offer: PathOffer;
  /** One sentence for a person. */
  why: string;
  /** Faster paths that cannot serve, and why not. */
  refused: readonly { path: Exclude<BeamformPath, "auto">; why: string }[];
}

/** Chooses among what `loadPaths` has loaded. @throws SondeError `bad-option` when the path that was asked for cannot serve, or none can. */
export function choosePath(info: ChannelData, resolved: ResolvedChannels, kernels: Kernels): PathChoice {
  const asked = paths.filter(({ name }) => resolved.path === "auto" || name === resolved.path);
  const refused: { path: Exclude<BeamformPath, "auto">; why: string }[] = [];
  for (const path of asked) {
    const reasons: string[] = [];
    for (const offer of offersOf(path, info, resolved, kernels)) {
      const why = offer.refusal(info, resolved, kernels);
      if (why === undefined)
        return {
          offer,
          why:
            resolved.path === "auto"
              ? `${offer.name}, the fastest path that serves here: ${offer.merit}`
              : `${offer.name}, as asked`,
          refused,
        };
      if (!reasons.includes(why)) reasons.unshift(why);
    }
    refused.push({ path: path.name, why: reasons.join("; lines cannot stand for its columns: ") });
  }
  const option = resolved.path === "auto" ? "arithmetic" : "path";
  throw new SondeError(
    "bad-option",
    `beamform.${option} is "${resolved[option]}": ${refused.map(({ path, why }) => `the ${path} path cannot serve because ${why}`).join("; ")}`,
    { fields: { option: `beamform.${option}`, value: resolved[option] } },
  );
}
