/**
 * Which samples of each transmit pixels can hear, from the geometry of the whole picture: what lies outside, the pulse itself above all, is
 * no measure for the integers of the echoes. The same for every part of a picture, and never too few.
 */
import type { ChannelData } from "../../../model.ts";
import { frontDirection } from "../../elevation.ts";
import type { ResolvedChannels } from "../../resolve.ts";
import type { SteeringFilter } from "../../steering-filter.ts";
import type { Workspace } from "../../workspace.ts";
import type { ElementGrid } from "../lattice.ts";
import type { InStep } from "./in-step.ts";
import { TAP_UNIT } from "./steering.ts";

/** Samples that positions lie behind, from the first to the last. */
export interface Heard {
  first: number;
  last: number;
}

/** Most that the rounding of tables and filters moves a position by (samples). */
const ROUNDING = 0.02;

/** Distance from a point to the furthest element. */
function furthestM(grid: ElementGrid, [x, y, z]: readonly number[]): number {
  const across = (at: number, first: number, pitch: number, count: number) =>
    Math.max(Math.abs(at - first), Math.abs(at - first - (count - 1) * pitch));
  return Math.hypot(
    across(x, grid.x, grid.pitchX, grid.columns),
    across(y, grid.y, grid.pitchY, grid.rows),
    z,
  );
}

/** Of each transmit that is taken. */
export function heardSamples(
  info: ChannelData,
  { scan, transmits, soundSpeedMps }: ResolvedChannels,
  scene: InStep,
  upSampling: number,
  kernels: Workspace["kernels"],
): Heard[] {
  if (scan.kind === "sector") return [];
  const ends = ({ min, max }: { min: number; max: number }) => [min, max];
  const ys = scan.kind === "volume" ? ends(scan.y) : [0];
  const corners = ends(scan.x).flatMap((x) => ys.flatMap((y) => ends(scan.z).map((z) => [x, y, z])));
  const least = (of: (corner: number[]) => number) => Math.min(...corners.map(of));
  const greatest = (of: (corner: number[]) => number) => Math.max(...corners.map(of));
  const perMetre = info.sampleRateHz / soundSpeedMps;
  return transmits.map((group) => {
    const { wave, startS } = info.sequence[group];
    let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    if (wave.kind === "plane" && scene.kind === "plane waves") {
      const n = frontDirection(wave, kernels);
      const front = (p: number[]) => n[0] * p[0] + n[1] * p[1] + n[2] * p[2];
      // Linear over the grid, and convex: the corners are the ends. No element is nearer than the depth.
      from = least((p) => front(p) + p[2]);
      to = greatest((p) => front(p) + furthestM(scene.grid, p));
    } else if (wave.kind === "focused" && scene.kind === "walking aperture") {
      const { grid, firstXM, lastXM, focusZM, waistM } = scene.walking;
      const [x, y, z] = wave.source;
      const originM = Math.hypot(x, y, z);
      // Inside the beam, above the focus: it narrows from the aperture to the waist.
      const edgeM = Math.hypot(Math.max(Math.abs(firstXM), Math.abs(lastXM)), focusZM);
      from = originM - edgeM * Math.max(0, 1 - scan.z.min / focusZM) - waistM + scan.z.min;
      to = originM + greatest((p) => Math.hypot(p[0] - x, p[1] - y, p[2] - z) + furthestM(grid, p));
    }
    // A position is read from the two ring rows beside it.
    const besides = 1 / upSampling + ROUNDING;
    const sample = (pathM: number) => pathM * perMetre - startS * info.sampleRateHz;
    return { first: Math.floor(sample(from) - besides), last: Math.floor(sample(to) + besides) };
  });
}

/** How filters weigh the samples next to those that are heard, at most, as shares of their gain: nearest first. */
export interface Edges {
  before: Float64Array;
  after: Float64Array;
}

/** Of steering filters, whose taps are rounded; the sample that a position lies behind is the last of a filter's first half. */
export function edgesOf({ coefficients, taps, gain }: SteeringFilter): Edges {
  const half = taps / 2;
  const [before, after] = [new Float64Array(half - 1), new Float64Array(half)];
  coefficients.forEach((value, i) => {
    const k = (i % taps) - (half - 1);
    const share = (Math.abs(value) + 0.5 / TAP_UNIT) / gain;
    if (k < 0) before[-k - 1] = Math.max(before[-k - 1], share);
    else if (k > 0) after[k - 1] = Math.max(after[k - 1], share);
  });
  // Whoever lies further on is read with the same sample by a tap further out.
  for (const edge of [before, after])
    for (let j = edge.length - 2; j >= 0; j--) edge[j] = Math.max(edge[j], edge[j + 1]);
  return { before, after };
}
