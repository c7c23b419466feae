/**
 * Which way the channels take to the pixels: the fastest path that serves this geometry, signal and accuracy; or the one that was
 * asked for, refused with its reason where it cannot.
 */

import { SondeError } from "../errors.ts";
import type { ChannelData } from "../model.ts";
import type { BeamformPath } from "../pipeline.ts";
import { DEPTH } from "./paths/depth.ts";
import { LATERAL } from "./paths/lateral.ts";
import type { PathOffer } from "./paths/path.ts";
import { STEERED } from "./paths/steered.ts";
import type { ResolvedChannels } from "./resolve.ts";
import type { Workspace } from "./workspace.ts";

/** Fastest first. */
const PATHS: readonly PathOffer[] = [STEERED, LATERAL, DEPTH];

/** What was chosen and why. */
export interface PathChoice {
  offer: PathOffer;
  /** One sentence for a person. */
  why: string;
  /** Faster paths that cannot serve, and why not. */
  refused: readonly { path: Exclude<BeamformPath, "auto">; why: string }[];
}

/** Chooses. @throws SondeError `bad-option` when the path that was asked for cannot serve, or none can. */
export function choosePath(info: ChannelData, resolved: ResolvedChannels, workspace: Workspace): PathChoice {
  const asked = resolved.path === "auto" ? PATHS : PATHS.filter(({ name }) => name === resolved.path);
  const refused: { path: Exclude<BeamformPath, "auto">; why: string }[] = [];
  for (const offer of asked) {
    const why = offer.refusal(info, resolved, workspace);
    if (why === undefined)
      return {
        offer,
        why:
          resolved.path === "auto"
            ? `${offer.name}, the fastest path that serves here: ${offer.merit}`
            : `${offer.name}, as asked`,
        refused,
      };
    refused.push({ path: offer.name, why });
  }
  const option = resolved.path === "auto" ? "arithmetic" : "path";
  throw new SondeError(
    "bad-option",
    `beamform.${option} is "${resolved[option]}": ${refused.map(({ path, why }) => `the ${path} path cannot serve because ${why}`).join("; ")}`,
    { fields: { option: `beamform.${option}`, value: resolved[option] } },
  );
}
