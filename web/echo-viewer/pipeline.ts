/** The pipeline a plan is given: what the page asked for, with the controls' values and the chosen depth put in. */
import type { Acquisition, Axis, Image, Pipeline, Scan, Volume } from "../../host/index.ts";
import {
  askedPipeline,
  type DepthLimits,
  depthOf,
  dynamicRangeOf,
  gainOf,
  isOver,
  type ViewerState,
} from "./store.ts";

/** Least depth that can be chosen (m), and least part of the data's extent. */
const LEAST_DEPTH_M = 0.01;
const LEAST_PART = 0.1;

type PictureGrid = NonNullable<NonNullable<Pipeline["display"]>["grid"]>;

/** The full extent of a source, found once when its plan is made: what the depth control cuts from. */
export type FullView =
  | { kind: "scan"; scan: Scan | Volume }
  | { kind: "grid"; grid: PictureGrid }
  /** The data are images already: shown as they are. */
  | { kind: "fixed" };

/** No depth is cut off. */
export const UNCUT: FullView = { kind: "fixed" };

/** The extent of a fresh plan. `image`: its first picture, asked only when the plan has no scan. */
export function fullViewOf(
  info: Acquisition,
  scan: Scan | Volume | undefined,
  image: Image | null,
): FullView {
  if (info.kind === "beamformed") return UNCUT;
  if (scan) return { kind: "scan", scan };
  const region = image?.regions[0];
  if (!image || !region || !(region.deltaZM > 0) || region.deltaXM === 0) return UNCUT;
  const { width, height } = image;
  const grid: PictureGrid = {
    kind: "linear",
    x: { min: region.originXM, max: region.originXM + (width - 1) * region.deltaXM, count: width },
    z: { min: region.originZM, max: region.originZM + (height - 1) * region.deltaZM, count: height },
  };
  return { kind: "grid", grid };
}

/** Depths on the axis of the array at which the data begin and end (m). */
function extentOf(view: FullView): readonly [startM: number, endM: number] | null {
  if (view.kind === "fixed") return null;
  if (view.kind === "grid") return [view.grid.z.min, view.grid.z.max];
  const { scan } = view;
  if (scan.kind !== "sector") return [scan.z.min, scan.z.max];
  return [scan.apex[1] + scan.range.min, scan.apex[1] + scan.range.max];
}

/** Depths that can be chosen, or null when there is no choice. */
export function depthLimitsOf(view: FullView): DepthLimits | null {
  const extent = extentOf(view);
  if (!extent) return null;
  const [startM, maxM] = extent;
  const minM = Math.max(LEAST_DEPTH_M, startM + (maxM - startM) * LEAST_PART);
  return minM < maxM ? { minM, maxM } : null;
}

/** Fewest pixels along an axis of a picture that is made coarser. */
const LEAST_COUNT = 64;

function scaled(axis: Axis, scale: number): Axis {
  return { ...axis, count: Math.max(Math.min(LEAST_COUNT, axis.count), Math.round(axis.count * scale)) };
}

/** The scan cut at a depth, with a part of its rows. Their number does not depend on the depth: a shallower picture is finer. */
function cutScan(scan: Scan | Volume, depthM: number, scale: number): Scan | Volume {
  if (scan.kind !== "sector") return { ...scan, z: scaled({ ...scan.z, max: depthM }, scale) };
  return { ...scan, range: scaled({ ...scan.range, max: depthM - scan.apex[1] }, scale) };
}

/** What of a pipeline decides the full extent of a source's picture, as text. */
export function extentKey(pipeline: Pipeline): string {
  const { display } = pipeline;
  return JSON.stringify({ ...pipeline, display: [display?.grid, display?.heightPx] });
}

/** Part of its rows that a live picture has: all of them where no more pictures come. */
function rowsOf(state: ViewerState): number {
  return state.frozen || isOver(state) ? 1 : state.scale;
}

/** The picture is a live one with fewer rows than it could have. */
export function isCoarser(state: ViewerState): boolean {
  return Boolean(state.session?.live) && rowsOf(state) < 1;
}

/** What the state asks of the plan. */
export function pipelineOf(state: ViewerState, view: FullView, live: boolean): Pipeline {
  const pipeline = askedPipeline(state);
  const { depthLimits } = state;
  const display: Pipeline["display"] = {
    // A live picture keeps its reference, so that brightness does not pump.
    ...(live ? { reference: "hold" } : undefined),
    ...pipeline.display,
    gainDb: gainOf(state),
    dynamicRangeDb: dynamicRangeOf(state),
  };
  const scale = live ? rowsOf(state) : 1;
  const chosen = depthOf(state);
  const whole = chosen === null || !depthLimits || chosen >= depthLimits.maxM;
  const extent = extentOf(view);
  if (!extent || (whole && scale === 1)) return { ...pipeline, display };
  const depth = whole ? extent[1] : chosen;
  if (view.kind === "scan") return { ...pipeline, scan: cutScan(view.scan, depth, scale), display };
  if (view.kind === "grid") {
    const { x, z } = view.grid;
    const grid = { kind: "linear", x: scaled(x, scale), z: scaled({ ...z, max: depth }, scale) } as const;
    return { ...pipeline, display: { ...display, grid } };
  }
  return { ...pipeline, display };
}
