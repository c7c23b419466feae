/**
 * Which samples of each transmit pixels can hear, from the geometry of the whole picture: what lies outside, the pulse itself above all, is
 * no measure for the integers of the echoes. The same for every part of a picture, and never too few.
 */
import { norm } from "../../../geometry/exact.ts";
import type { ChannelData } from "../../../model.ts";
import { frontDirection } from "../../elevation.ts";
import type { ResolvedChannels } from "../../resolve.ts";
import type { Workspace } from "../../workspace.ts";
import type { ElementGrid } from "../lattice.ts";
import type { InStep } from "./in-step.ts";

/** Samples of a transmit, the first and the last. */
export interface Heard {
  first: number;
  last: number;
}

/** Distance from a point to the furthest element. */
function furthestM(grid: ElementGrid, [x, y, z]: readonly number[]): number {
  const across = (at: number, first: number, pitch: number, count: number) =>
    Math.max(Math.abs(at - first), Math.abs(at - first - (count - 1) * pitch));
  return norm(across(x, grid.x, grid.pitchX, grid.columns), across(y, grid.y, grid.pitchY, grid.rows), z);
}

/**
 * Of each transmit that is taken, with what filters of so many taps read about it; all samples where it is none of a picture's plane waves.
 */
export function heardSamples(
  info: ChannelData,
  { scan, transmits, soundSpeedMps }: ResolvedChannels,
  scene: InStep,
  taps: number,
  kernels: Workspace["kernels"],
): Heard[] {
  const all = { first: 0, last: info.sampleCount - 1 };
  if (scan.kind === "sector" || scene.kind !== "plane waves") return transmits.map(() => all);
  const ends = ({ min, max }: { min: number; max: number }) => [min, max];
  const ys = scan.kind === "volume" ? ends(scan.y) : [0];
  const corners = ends(scan.x).flatMap((x) => ys.flatMap((y) => ends(scan.z).map((z) => [x, y, z])));
  return transmits.map((group) => {
    const { wave, startS } = info.sequence[group];
    if (wave.kind !== "plane") return all;
    const n = frontDirection(wave, kernels);
    const frontM = (p: number[]) => n[0] * p[0] + n[1] * p[1] + n[2] * p[2];
    const sample = (pathM: number) => (pathM / soundSpeedMps - startS) * info.sampleRateHz;
    // Linear over the grid, and convex: the corners are the ends. No element is nearer than the depth.
    const first = sample(Math.min(...corners.map((p) => frontM(p) + p[2])));
    const last = sample(Math.max(...corners.map((p) => frontM(p) + furthestM(scene.grid, p))));
    // A sample more on either side: a position is read from the rows before and behind it.
    const reach = taps / 2;
    return {
      first: Math.max(0, Math.floor(first) - reach),
      last: Math.min(all.last, Math.ceil(last) + reach + 1),
    };
  });
}
