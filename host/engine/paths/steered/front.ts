/** When a wave meets the elements and the pixels: what steering takes away from the channels, and what it leaves to the sum. */
import { SondeError } from "../../../errors.ts";
import type { Transmit } from "../../../model.ts";
import type { Workspace } from "../../workspace.ts";
import type { ElementGrid } from "../lattice.ts";
import type { ClassTaps } from "./taps.ts";

/** One filling of the ring. The ring row of a tap is path + base + along + across, wherever the pixel lies. */
export interface Front {
  /** Its group of samples in the frame. */
  group: number;
  /** How far a channel is moved (input samples): ring row 0 of element (column, row) is its sample `shift`. */
  shift(column: number, row: number): number;
  /** What is added to the receive path (ring rows): at depth k of a class, and by neighbour d along x and row along y. */
  base(taps: ClassTaps, k: number): number;
  along(d: number): number;
  across(row: number): number;
}

/** Rates of a plan. */
export interface Rates {
  sampleRateHz: number;
  soundSpeedMps: number;
  upSampling: number;
}

/** Ring rows that sound takes to a metre. */
export function rowsPerMetre({ sampleRateHz, soundSpeedMps, upSampling }: Rates): number {
  return upSampling * (sampleRateHz / soundSpeedMps);
}

/** Direction of a plane front. */
function direction(
  { wave }: Transmit,
  { sinTurns, cosTurns }: Workspace["kernels"],
): readonly [x: number, y: number, z: number] {
  if (wave.kind !== "plane") throw new SondeError("internal", `The steered path got a ${wave.kind} wave`);
  const azimuth = wave.azimuthRad / (2 * Math.PI);
  const elevation = (wave.elevationRad ?? 0) / (2 * Math.PI);
  const flat = cosTurns(elevation);
  return [sinTurns(azimuth) * flat, sinTurns(elevation), cosTurns(azimuth) * flat];
}

/** A plane wave: it passes pixel - element and element one after the other, and the latter is what steering takes away. */
export function planeFront(
  group: number,
  transmit: Transmit,
  grid: ElementGrid,
  depthM: (k: number) => number,
  rates: Rates,
  kernels: Workspace["kernels"],
): Front {
  const { sampleRateHz, soundSpeedMps, upSampling } = rates;
  const [nx, ny, nz] = direction(transmit, kernels).map((n) => n * (sampleRateHz / soundSpeedMps));
  const start = transmit.startS * sampleRateHz;
  return {
    group,
    shift: (column, row) => (grid.x + column * grid.pitchX) * nx + (grid.y + row * grid.pitchY) * ny,
    base: ({ x, y }, k) => upSampling * (x.offsetM * nx + y.offsetM * ny + depthM(k) * nz - start),
    along: (d) => -upSampling * d * grid.pitchX * nx,
    across: (row) => -upSampling * row * grid.pitchY * ny,
  };
}
