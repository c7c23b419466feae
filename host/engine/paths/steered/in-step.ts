/** Which transmits and pixels stand in step with the elements, so that one table of taps serves every lateral position. */
import { type Kernels, readyPureCore } from "../../../core/binding.ts";
import { SondeError } from "../../../errors.ts";
import type { Axis, ChannelData } from "../../../model.ts";
import { axisStep } from "../../axis.ts";
import { limitsElevation } from "../../elevation.ts";
import type { ResolvedChannels } from "../../resolve.ts";
import { windowOf } from "../../windows.ts";
import { Kept } from "../kept.ts";
import { type ElementGrid, elementGrid, type PixelClass, pixelClasses } from "../lattice.ts";
import type { Fillings, Rates } from "./filling.ts";
import { planeWaves } from "./plane-waves.ts";
import { SHORT_RUN } from "./slabs.ts";
import { type Aperture, type ClassTaps, classTaps, heaviestDepth, tapsOfDepths } from "./taps.ts";
import type { WalkingApertures } from "./walking.ts";

let walkingParts: typeof import("./walking-parts.ts") | undefined;

/** Loads what focused transmits need, where there are any. */
export async function loadWalking({ sequence }: ChannelData): Promise<void> {
  if (!walkingParts && sequence.some(({ wave }) => wave.kind === "focused"))
    walkingParts = await import("./walking-parts.ts");
}

/** @throws SondeError `internal` where `loadWalking` was not called */
function walkingLoaded(): typeof import("./walking-parts.ts") {
  if (!walkingParts)
    throw new SondeError("internal", "Focused transmits were planned before their part was loaded");
  return walkingParts;
}

/** Plane waves: pixels in step with the elements. */
interface PlaneWavesInStep {
  kind: "plane waves";
  grid: ElementGrid;
  x: PixelClass[];
  y: PixelClass[];
  z: Axis;
}

/** Walking apertures: pixels in step with their foci. */
interface WalkingInStep {
  kind: "walking aperture";
  walking: WalkingApertures;
  x: PixelClass[];
  z: Axis;
}

/** Whatever stands in step. */
export type InStep = PlaneWavesInStep | WalkingInStep;

/** Elevation of the pixels of a picture. */
const IN_PLANE: Axis = { min: 0, max: 0, count: 1 };
/** Heavier elements are heard however lax the accuracy is. */
const MOST_NEGLIGIBLE = 0.02;
/**
 * Transmits in a run of neighbours: a group of four taps. So few offsets between element and transmit stand in the ring that it stays in
 * cache: 64 lines of 64 elements took 0.4 to 0.5 x the time that 32 offsets took.
 */
const WALKING_RUN = SHORT_RUN;

function planeWavesInStep({ scan, transmitModel }: ResolvedChannels, grid: ElementGrid): InStep | string {
  if (scan.kind === "sector") return "the pixels are a sector";
  if (transmitModel !== "auto" && transmitModel !== "spherical")
    return `beamform.transmitModel is "${transmitModel}": its plane waves are ideal`;
  const x = pixelClasses(scan.x, grid.x, grid.pitchX, "x");
  if (typeof x === "string") return x;
  const y = pixelClasses(scan.kind === "volume" ? scan.y : IN_PLANE, grid.y, grid.pitchY, "y");
  if (typeof y === "string") return y;
  return { kind: "plane waves", grid, x, y, z: scan.z };
}

function walkingInStep(info: ChannelData, resolved: ResolvedChannels, grid: ElementGrid): InStep | string {
  const { scan, transmitModel, compound } = resolved;
  if (scan.kind !== "linear")
    return `the pixels are a ${scan.kind}, and its focused transmits make pictures of a plane`;
  if (transmitModel !== "auto")
    return `beamform.transmitModel is "${transmitModel}": its focused transmits are kept to their beams, as "auto" does`;
  if (compound !== "coherent")
    return `beamform.compound is "${compound}": it sums focused transmits together, not one by one`;
  const walking = walkingLoaded().walkingApertures(info, resolved, grid);
  if (typeof walking === "string") return walking;
  const x = pixelClasses(scan.x, walking.focusXM, walking.spacingM, "x");
  if (typeof x === "string" || x[0].step !== 1)
    return `pixels along x are ${(1e3 * axisStep(scan.x)).toFixed(4)} mm apart, which is no whole fraction of the ${(1e3 * walking.spacingM).toFixed(4)} mm between foci`;
  return { kind: "walking aperture", walking, x, z: scan.z };
}

/** What stands in step, or why nothing does, as the end of a sentence. */
export function inStep(info: ChannelData, resolved: ResolvedChannels): InStep | string {
  const kinds = new Set(resolved.transmits.map((t) => info.sequence[t].wave.kind));
  const [kind] = kinds;
  if (kinds.size > 1 || (kind !== "plane" && kind !== "focused"))
    return "not every transmit is a plane wave, nor is every one focused";
  const grid = elementGrid(info);
  if (typeof grid === "string") return grid;
  if (grid.columns < 2) return "the array has a single column of elements";
  return kind === "plane" ? planeWavesInStep(resolved, grid) : walkingInStep(info, resolved, grid);
}

/** Taps that are kept for one acquisition, at 16 bytes each: 64 MB. */
const MOST_KEPT_TAPS = 2 ** 22;

const kept = new Kept<Fillings>(MOST_KEPT_TAPS, ({ fillings }) => {
  let count = 0;
  for (const taps of new Set(fillings.flatMap((filling) => filling.taps))) count += taps.pathsM.length;
  return count;
});

/** The fillings of the ring for what stands in step. */
export function fillingsOf(
  scene: InStep,
  info: ChannelData,
  resolved: ResolvedChannels,
  upSampling: number,
): Fillings {
  const { scan, rows, soundSpeedMps, transmits, fNumber, window, accuracy, centerFrequencyHz } = resolved;
  const key = [
    scan,
    rows,
    soundSpeedMps,
    transmits,
    fNumber,
    window,
    accuracy,
    centerFrequencyHz,
    upSampling,
  ];
  // They outlive the plan, and its memory with it were they made by its own core.
  return kept.of(info, key, () => makeFillings(scene, info, resolved, upSampling, readyPureCore().kernels));
}

function makeFillings(
  scene: InStep,
  info: ChannelData,
  resolved: ResolvedChannels,
  upSampling: number,
  kernels: Kernels,
): Fillings {
  const { fNumber, window, rows, accuracy, soundSpeedMps, transmits } = resolved;
  const elevation = limitsElevation(info);
  const aperture: Aperture = {
    fNumber,
    weight: windowOf(window, kernels),
    elevation,
    negligible: Math.min(accuracy, MOST_NEGLIGIBLE),
  };
  const rates: Rates = { sampleRateHz: info.sampleRateHz, soundSpeedMps, upSampling };
  const { z } = scene;
  // Of all depths, for the scale; those that are made are cut from them.
  const heaviest = (taps: readonly ClassTaps[]) => Math.max(...taps.map(heaviestDepth));
  const made = (taps: readonly ClassTaps[]) => taps.map((one) => tapsOfDepths(one, rows));
  if (scene.kind === "walking aperture") {
    const { walking, x } = scene;
    const { heardCuts, walkingFillings, walkingTaps } = walkingLoaded();
    const all = walkingTaps(walking, x, z, aperture, WALKING_RUN * walking.step);
    const cuts = heardCuts(all.map(({ planes, taps }) => ({ planes, taps: made(taps) })));
    return {
      ...walkingFillings(info, walking, cuts, rates),
      heaviest: heaviest(all.flatMap(({ taps }) => taps)),
    };
  }
  const { grid, x, y } = scene;
  const all = y.flatMap((across) => x.map((along) => classTaps(grid, along, across, z, aperture)));
  const stepM = axisStep(z);
  const depthM = (k: number) => z.min + (rows.first + k) * stepM;
  return { ...planeWaves(info, transmits, grid, made(all), depthM, rates, kernels), heaviest: heaviest(all) };
}
