/** The settings that a picture carries with it: what was asked for, not what became of it on one source. */
import type { Pipeline } from "../../../../host/index.ts";
import {
  type Adjusted,
  adjustedBy,
  askedPipeline,
  DYNAMIC_RANGE_LIMITS_DB,
  defined,
  depthOf,
  GAIN_LIMITS_DB,
  type Settings,
  type ViewerState,
} from "../../store.ts";
import { flipsOf, flipText, type Lie, turnsOf } from "../../view.ts";

/** What was asked for, and made a picture's pipeline of its source: what another source makes its own of. By this name in a PNG. */
export const SETTINGS_TEXT = "sonde:settings";

/** No control was touched. */
const NOTHING_CHOSEN: Omit<Settings, "pipeline"> = {
  adjusted: {},
  gainDb: null,
  dynamicRangeDb: null,
  depthM: null,
  depthBounds: null,
};

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What goes into a picture that lies so. */
export function askedSettings(state: ViewerState, lie: Lie): object {
  const { gainDb, dynamicRangeDb, depthBounds } = state;
  // The preset whose bounds it has does not come with it.
  const depthM = depthBounds ? depthOf(state) : state.depthM;
  const [flip, rotate] = [flipText(lie), 90 * lie.quarterTurns];
  return { pipeline: askedPipeline(state), gainDb, dynamicRangeDb, depthM, flip, rotate };
}

/** How the picture lies that these came with; undefined: it does not say. */
export function lieIn(value: object | undefined): Lie | undefined {
  const { flip, rotate } = (value ?? {}) as Record<string, unknown>;
  const flips = typeof flip === "string" ? flipsOf(flip) : undefined;
  const quarterTurns = turnsOf(rotate);
  return flips && quarterTurns !== undefined ? { ...flips, quarterTurns } : undefined;
}

/** A picture's pipeline as controls have it: what they can choose is chosen, and can be undone. */
export function chosenIn(pipeline: Pipeline): Settings {
  const { soundSpeedMps, beamform = {}, display = {}, ...others } = pipeline;
  const whole = { ...NOTHING_CHOSEN, pipeline };
  if (!isObject(beamform) || !isObject(display)) return whole;
  const { fNumber, window, ...beam } = beamform;
  const { tgcDb, greyMap, persistence, smoothing, speckle, ...shown } = display;
  const numbers = [
    soundSpeedMps,
    persistence,
    smoothing,
    fNumber === "auto" ? 0 : fNumber,
    ...(Array.isArray(tgcDb) ? tgcDb : [tgcDb]),
  ];
  const sound =
    numbers.every((value = 0) => typeof value === "number") &&
    [greyMap, window].every((value = "gray") => typeof value === "string") &&
    isObject(speckle ?? {});
  // Nothing is trusted: what is no pipeline is refused, as it is, where a plan is to be made of it.
  if (!sound) return whole;
  return {
    ...NOTHING_CHOSEN,
    pipeline: defined<Pipeline>({ ...others, beamform: defined(beam), display: defined(shown) }) ?? {},
    adjusted: adjustedBy(
      {},
      {
        soundSpeedMps,
        beamform: { fNumber, window },
        // An empty one is none.
        display: { tgcDb: tgcDb?.length ? tgcDb : undefined, greyMap, persistence, smoothing, speckle },
      },
    ),
  };
}

/** What is still as a picture had it, `applied`, as it was `before`; what was chosen since stays. */
export function adjustedBack(now: Adjusted, applied: Adjusted, before: Adjusted): Adjusted {
  const back = <Part extends object>(
    present: Part = {} as Part,
    had: Part = {} as Part,
    was: Part = {} as Part,
  ) => {
    const part = { ...present };
    for (const key of Object.keys({ ...had, ...was }) as (keyof Part)[])
      if (JSON.stringify(present[key]) === JSON.stringify(had[key])) part[key] = was[key];
    return part;
  };
  const { beamform, display, ...others } = now;
  const { beamform: hadBeam, display: hadDisplay, ...had } = applied;
  const { beamform: wasBeam, display: wasDisplay, ...was } = before;
  return adjustedBy(
    {},
    {
      ...back<Adjusted>(others, had, was),
      beamform: back(beamform, hadBeam, wasBeam),
      display: back(display, hadDisplay, wasDisplay),
    },
  );
}

/** What comes out of it; undefined for what is none. The pipeline is checked where a plan is made of it. */
export function settingsIn(value: object | undefined): Settings | undefined {
  const { pipeline, ...chosen } = (value ?? {}) as Record<string, unknown>;
  if (!isObject(pipeline)) return undefined;
  const within = (name: string, [min, max]: readonly [number, number]): number | null => {
    const number = chosen[name];
    return typeof number === "number" && number >= min && number <= max ? number : null;
  };
  return {
    ...chosenIn(pipeline),
    gainDb: within("gainDb", GAIN_LIMITS_DB),
    dynamicRangeDb: within("dynamicRangeDb", DYNAMIC_RANGE_LIMITS_DB),
    depthM: within("depthM", [0, Number.MAX_VALUE]),
  };
}
