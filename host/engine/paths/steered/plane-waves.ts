/**
 * Plane waves: one filling each, of all its channels. A front passes pixel - element and element one after the other; the latter is what
 * steering takes away.
 */
import { SondeError } from "../../../errors.ts";
import type { ChannelData, Transmit, Vector3 } from "../../../model.ts";
import { frontDirection } from "../../elevation.ts";
import type { Workspace } from "../../workspace.ts";
import type { ElementGrid } from "../lattice.ts";
import type { Filling, Fillings, Rates } from "./filling.ts";
import type { ClassTaps } from "./taps.ts";

/** Direction of a plane front. */
function direction({ wave }: Transmit, kernels: Workspace["kernels"]): Vector3 {
  if (wave.kind !== "plane")
    throw new SondeError("internal", `Plane waves were steered with a ${wave.kind} wave`);
  return frontDirection(wave, kernels);
}

/** The fillings of some plane waves; depthM: depths of the pixels by number. */
export function planeWaves(
  info: ChannelData,
  transmits: readonly number[],
  grid: ElementGrid,
  taps: readonly ClassTaps[],
  depthM: (k: number) => number,
  { sampleRateHz, soundSpeedMps, upSampling }: Rates,
  kernels: Workspace["kernels"],
): Omit<Fillings, "heaviest"> {
  const { columns, rows, numbers, pitchX, pitchY } = grid;
  const channels = columns * rows;
  const fillings = transmits.map((group): Filling => {
    const transmit = info.sequence[group];
    const [nx, ny, nz] = direction(transmit, kernels).map((n) => n * (sampleRateHz / soundSpeedMps));
    const start = transmit.startS * sampleRateHz;
    return {
      taps,
      runs: [{ channel: group * channels, count: channels, row: 0 }],
      channelOf: ({ column, row }) =>
        column >= 0 && column < columns ? numbers[column + row * columns] : undefined,
      shift: ({ column, row }) => (grid.x + column * pitchX) * nx + (grid.y + row * pitchY) * ny,
      base: ({ x, y }, k) => upSampling * (x.offsetM * nx + y.offsetM * ny + depthM(k) * nz - start),
      along: -upSampling * pitchX * nx,
      across: -upSampling * pitchY * ny,
    };
  });
  // Shifts are greatest at the corners of the array.
  let furthest = 0;
  for (const { shift } of fillings)
    for (const column of [0, columns - 1])
      for (const row of [0, rows - 1]) furthest = Math.max(furthest, Math.abs(shift({ column, row })));
  const { step } = taps[0].x;
  return { fillings, columns, rows, step, skew: 0, channels, furthest, wholeTransmits: true };
}
