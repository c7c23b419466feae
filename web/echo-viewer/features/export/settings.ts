/** The settings that a picture carries with it: what was asked for, not what became of it on one source. */
import type { Pipeline } from "../../../../host/index.ts";
import {
  askedPipeline,
  DYNAMIC_RANGE_LIMITS_DB,
  GAIN_LIMITS_DB,
  type Settings,
  type ViewerState,
} from "../../store.ts";

/** No control was touched. */
export const NOTHING_CHOSEN: Omit<Settings, "pipeline"> = {
  adjusted: {},
  gainDb: null,
  dynamicRangeDb: null,
  depthM: null,
  depthBounds: null,
};

/** What goes into the picture. */
export function askedSettings(state: ViewerState): object {
  const { gainDb, dynamicRangeDb, depthM } = state;
  return { pipeline: askedPipeline(state), gainDb, dynamicRangeDb, depthM };
}

/** What comes out of it; undefined for what is none. The pipeline is checked where a plan is made of it. */
export function settingsIn(value: object | undefined): Settings | undefined {
  const { pipeline, ...chosen } = (value ?? {}) as Record<string, unknown>;
  if (typeof pipeline !== "object" || pipeline === null || Array.isArray(pipeline)) return undefined;
  const within = (name: string, [min, max]: readonly [number, number]): number | null => {
    const number = chosen[name];
    return typeof number === "number" && number >= min && number <= max ? number : null;
  };
  return {
    ...NOTHING_CHOSEN,
    pipeline: pipeline as Pipeline,
    gainDb: within("gainDb", GAIN_LIMITS_DB),
    dynamicRangeDb: within("dynamicRangeDb", DYNAMIC_RANGE_LIMITS_DB),
    depthM: within("depthM", [0, Number.MAX_VALUE]),
  };
}
