/** A plan on paper: its imager, its steps, and the memory they take before there is any. */
import type { Kernels } from "../core/binding.ts";
import { SondeError } from "../errors.ts";
import type { Acquisition, Scan, Volume } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { Builder } from "./builder.ts";
import { ChannelImager, ONE_THREAD, type Threads } from "./channel-imager.ts";
import type { Decision, Imager, Step } from "./imager.ts";
import { megabytes } from "./megabytes.ts";
import { loadFilters, PictureStage } from "./picture-stage.ts";
import { loadAllPaths, loadPaths } from "./planner.ts";
import type { Crew } from "./threads/crew.ts";
import { Workspace } from "./workspace.ts";

let storedImagers: typeof import("./stored-imagers.ts") | undefined;

/** Loads the code that this acquisition and pipeline need. Everything else here is for what was loaded. @throws SondeError */
export async function loadImager(info: Acquisition, pipeline: Pipeline, kernels: Kernels): Promise<void> {
  await loadFilters(pipeline);
  if (info.kind === "channels") await loadPaths(info, pipeline, kernels);
  else storedImagers ??= await import("./stored-imagers.ts");
}

/** The imager of an acquisition's kind. */
export function imagerFor(info: Acquisition, workspace: Workspace, threads: Threads, crew?: Crew): Imager {
  if (info.kind === "channels") return new ChannelImager(info, workspace, threads, crew);
  if (!storedImagers) throw new SondeError("internal", "The imager of these data was not loaded");
  const { LineImager, BeamformedImager } = storedImagers;
  return info.kind === "lines" ? new LineImager(info, workspace) : new BeamformedImager(info, workspace);
}

/** The picture behind an imager's steps; `made` is given each stage that is built. */
export function pictureStep(
  workspace: Workspace,
  imager: Imager,
  { display, placeKey }: Decision,
  made: (stage: PictureStage) => void,
): Step {
  return {
    name: "picture",
    key: JSON.stringify([
      display.grid,
      display.heightPx,
      display.speckle.method,
      display.persistence > 0,
      display.smoothing > 0,
      placeKey,
    ]),
    build: () => made(new PictureStage(workspace, imager.pictureSource, display)),
  };
}

/** Bytes of a plan. */
export interface PlanSize {
  /** Of the memory of the plan's own thread, which others may share. */
  ownBytes: number;
  /** Of all memories. */
  allBytes: number;
  /** Over the rows of the picture, for each frame. */
  passes: number;
}

/** Lays a whole plan out without memory. @throws SondeError for what no plan can be made of */
export function measure(
  info: Acquisition,
  pipeline: Pipeline,
  threads: Threads,
  kernels: Kernels,
  passes = 1,
): PlanSize {
  const team = threads.memory === "shared" ? { thread: 0, threads: threads.count } : undefined;
  const workspace = Workspace.measuring(kernels, team);
  const imager = imagerFor(info, workspace, threads);
  const decision = imager.decide(pipeline, passes);
  new Builder(workspace).build([...decision.steps, pictureStep(workspace, imager, decision, () => {})]);
  const ownBytes = workspace.mark;
  return { ownBytes, allBytes: ownBytes + (decision.elsewhere?.ownMemoryBytes ?? 0), passes };
}

/** Numbers of passes to try; more over one frame would be of no use to anyone. */
const PASSES = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];

/** The size of a plan that fits, in few passes. @throws SondeError `out-of-memory` for others, with the figure and what would fit */
export async function fittingSize(
  info: Acquisition,
  pipeline: Pipeline,
  threads: Threads,
  limitBytes: number,
  kernels: Kernels,
): Promise<PlanSize> {
  const size = measure(info, pipeline, threads, kernels);
  if (size.allBytes <= limitBytes) return size;
  if (info.kind === "channels" && threads.count === 1)
    for (const passes of PASSES) {
      const inPasses = measure(info, pipeline, threads, kernels, passes);
      if (inPasses.allBytes <= limitBytes) return inPasses;
    }
  await loadAllPaths();
  const fits = (changed: Pipeline) => {
    try {
      return measure(info, changed, ONE_THREAD, kernels).allBytes <= limitBytes;
    } catch {
      return false; // An option that was asked for cannot serve so: nothing to suggest.
    }
  };
  throw new SondeError(
    "out-of-memory",
    `This plan needs ${megabytes(size.allBytes)} MB, over the limit of ${megabytes(limitBytes)} MB: ${suggestion(info, pipeline, kernels, fits)}`,
    { fields: { bytes: size.allBytes, limitBytes } },
  );
}

/** The largest count below `count` that fits; 0 when none does. */
function largest(count: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, count];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function withRows(scan: Scan | Volume, count: number): Scan | Volume {
  return scan.kind !== "sector"
    ? { ...scan, z: { ...scan.z, count } }
    : { ...scan, range: { ...scan.range, count } };
}

/** One change that makes a plan fit, as the end of a sentence. */
function suggestion(
  info: Acquisition,
  pipeline: Pipeline,
  kernels: Kernels,
  fits: (pipeline: Pipeline) => boolean,
): string {
  const workspace = Workspace.measuring(kernels);
  const { report } = imagerFor(info, workspace, ONE_THREAD).decide(pipeline);
  const { transmits = [] } = report.pipeline;
  const fewer = largest(transmits.length, (count) =>
    fits({ ...pipeline, transmits: transmits.slice(0, count) }),
  );
  if (fewer > 0) return `at most ${fewer} of the ${transmits.length} transmits would fit`;
  const { scan } = report;
  if (scan && info.kind !== "beamformed") {
    const axis = scan.kind === "sector" ? scan.range : scan.z;
    const rows = largest(
      axis.count,
      (count) => count > 1 && fits({ ...pipeline, scan: withRows(scan, count) }),
    );
    if (rows > 1) return `at most ${rows} of the ${axis.count} rows of the grid would fit`;
  }
  const { demodulation } = report.pipeline;
  if (demodulation)
    for (let decimation = (demodulation.decimation ?? 1) + 1; decimation <= 64; decimation++)
      if (fits({ ...pipeline, demodulation: { ...demodulation, decimation } }))
        return `it would fit with a decimation of ${decimation}`;
  return "choose a smaller grid and fewer transmits, or raise memoryLimitBytes";
}
