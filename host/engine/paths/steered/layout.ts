/** Everything of the steered sum that geometry fixes, laid out in core memory. */
import { SondeError } from "../../../errors.ts";
import type { ChannelData } from "../../../model.ts";
import { axisStep, scanSize } from "../../axis.ts";
import type { ResolvedChannels } from "../../resolve.ts";
import type { Workspace } from "../../workspace.ts";
import type { ElementGrid } from "../lattice.ts";
import type { ComplexImage } from "../path.ts";
import { type ClassTables, layOutClass, sumLayouts } from "./class-tables.ts";
import { type Front, planeFront, type Rates, rowsPerMetre } from "./front.ts";
import { type FrontTables, layOutFront } from "./front-tables.ts";
import { RawRows } from "./raw-rows.ts";
import { Ring, type Slot, TEAM } from "./ring.ts";
import { BLOCK, filteredSamples, STEER_LIMIT, schedule, slabWindows } from "./slabs.ts";
import { type Steering, TAP_UNIT } from "./steering.ts";
import type { ClassTaps } from "./taps.ts";

/** What a frame runs through. */
export interface SteeredTables {
  depths: number;
  ring: Ring;
  raw: RawRows;
  classes: readonly ClassTables[];
  fronts: readonly FrontTables[];
  sums: { offset: number; numbers: number };
  /** Taps of one slab of one class. */
  taps: number;
  /** Int16: rows before they are put in pairs. */
  scratch: number;
  /** Int16: largest steered value that no sum overflows with, and the filters' gain in their own units. */
  limit: number;
  gain: number;
  image: ComplexImage;
  /** One transmit's image, when envelopes are summed. */
  single: number;
}

/** How far any channel is moved (input samples), rounded up: shifts of plane fronts are greatest at the corners of the array. */
function furthestShift(fronts: readonly Front[], { columns, rows }: ElementGrid): number {
  let furthest = 0;
  for (const front of fronts)
    for (const column of [0, columns - 1])
      for (const row of [0, rows - 1]) furthest = Math.max(furthest, Math.abs(front.shift(column, row)));
  return Math.ceil(furthest);
}

/** The images of a plan, all zeros. */
function layOutImages(
  workspace: Workspace,
  { scan, compound, transmits }: ResolvedChannels,
  depths: number,
): Pick<SteeredTables, "image" | "single"> {
  const take = (bytes: number) => {
    const offset = workspace.take(bytes, 1, "The image");
    workspace.u8(offset, bytes).fill(0);
    return offset;
  };
  const { columns, planes } = scanSize(scan);
  const strideBytes = 8 * 4 * Math.ceil(columns / 4);
  const rows = depths * planes;
  const images = compound === "none" ? transmits.length : 1;
  return {
    image: { offset: take(images * rows * strideBytes), rows, columns, strideBytes },
    single: compound === "incoherent" ? take(rows * strideBytes) : 0,
  };
}

/** Lays everything out. @throws SondeError `out-of-memory` */
export function layOutSum(
  workspace: Workspace,
  info: ChannelData,
  resolved: ResolvedChannels,
  grid: ElementGrid,
  classes: readonly ClassTaps[],
  steering: Steering,
): SteeredTables {
  const { scan, rows, transmits, soundSpeedMps } = resolved;
  if (scan.kind === "sector") throw new SondeError("internal", "The steered path got a sector");
  const { short, parts, filter } = steering;
  const { upSampling, taps } = filter;
  const depths = rows.end - rows.first;

  const rates: Rates = { sampleRateHz: info.sampleRateHz, soundSpeedMps, upSampling };
  const depthM = (k: number) => scan.z.min + (rows.first + k) * axisStep(scan.z);
  const fronts = transmits.map((group) =>
    planeFront(group, info.sequence[group], grid, depthM, rates, workspace.kernels),
  );
  const windows = fronts.map((front) => slabWindows(front, classes, depths, rowsPerMetre(rates)));

  const { columns, rows: elementRows } = grid;
  const step = classes[0].x.step;
  const positions = Math.max(...classes.map(({ x }) => x.count));
  const shape = { columns, rows: elementRows, step, positions, parts, upSampling };
  const ring = new Ring(workspace, shape, windows.flat());
  const reach = furthestShift(fronts, grid) + taps;
  const filtered = filteredSamples(windows.flat(), upSampling, info.sampleCount, reach);
  const raw = new RawRows(workspace, info, filtered, reach, taps, short);

  const { layouts, numbers } = sumLayouts(classes, parts, depths);
  const sums = { offset: workspace.take(numbers, 4, "The sums"), numbers };
  const units = { rowsPerMetre: rowsPerMetre(rates), short, parts };
  const classTables = classes.map((entry, c) => {
    const layout = { ...layouts[c], offset: sums.offset + layouts[c].offset };
    return layOutClass(workspace, entry, grid, ring, layout, units);
  });
  const channelOf = ({ column, row }: Slot) =>
    column >= 0 && column < columns ? grid.numbers[column + row * columns] : undefined;
  const frontTables = fronts.map((front, t) => {
    const slabs = schedule(windows[t], upSampling, filtered);
    return layOutFront(workspace, front, classes, ring, raw, channelOf, steering, slabs);
  });

  const mostTaps = Math.max(...classTables.map((entry) => entry.mostTaps));
  const heaviest = Math.max(1, ...classTables.map((entry) => entry.heaviest));
  const scratch = parts * upSampling * 4 * TEAM * (STEER_LIMIT + BLOCK);
  return {
    depths,
    ring,
    raw,
    classes: classTables,
    fronts: frontTables,
    sums,
    taps: workspace.take((mostTaps + 4) * 3, 4, "The taps"),
    scratch: short ? workspace.take(scratch, 2, "The steered rows") : 0,
    limit: Math.min(32767, Math.floor((2 ** 31 - 1) / heaviest)),
    gain: Math.ceil(filter.gain * TAP_UNIT) + taps,
    ...layOutImages(workspace, resolved, depths),
  };
}
