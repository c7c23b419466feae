/** Everything of the steered sum that geometry fixes, laid out in core memory. */
import type { ChannelData } from "../../../model.ts";
import { scanSize } from "../../axis.ts";
import type { ResolvedChannels } from "../../resolve.ts";
import type { Workspace } from "../../workspace.ts";
import type { ComplexImage } from "../path.ts";
import { type ClassTables, layOutClass, sumLayouts } from "./class-tables.ts";
import { type Filling, type Fillings, rowsPerMetre } from "./filling.ts";
import { type FillingTables, layOutFilling } from "./filling-tables.ts";
import { RawRows } from "./raw-rows.ts";
import { Ring, TEAM } from "./ring.ts";
import {
  BLOCK,
  filteredSamples,
  SLAB_DEPTHS,
  SLAB_DEPTHS_OF_VOLUMES,
  STEER_LIMIT,
  schedule,
  slabWindows,
} from "./slabs.ts";
import type { StagedFrame } from "./staged-frame.ts";
import { type Steering, TAP_UNIT } from "./steering.ts";

/** What a frame runs through. */
export interface SteeredTables {
  depths: number;
  ring: Ring;
  raw: RawRows;
  /** One a transmit where it takes whole transmits; all share the layout of their sums. */
  fillings: readonly FillingTables[];
  wholeTransmits: boolean;
  sums: { offset: number; numbers: number };
  /** Depths of a slab. */
  slabDepths: number;
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

/** The images of a plan, all zeros. */
function layOutImages(
  workspace: Workspace,
  { scan, compound, transmits }: ResolvedChannels,
  depths: number,
): Pick<SteeredTables, "image" | "single"> {
  const take = (bytes: number) => {
    const offset = workspace.take(bytes, 1, "The image");
    workspace.fill(() => workspace.u8(offset, bytes).fill(0));
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
  staged: StagedFrame,
  info: ChannelData,
  resolved: ResolvedChannels,
  { fillings, channels, furthest, heaviest, wholeTransmits, ...channelGrid }: Fillings,
  steering: Steering,
): SteeredTables {
  const { short, parts, filter } = steering;
  const { upSampling, taps } = filter;
  const { rows, soundSpeedMps } = resolved;
  const depths = rows.end - rows.first;
  const rate = rowsPerMetre({ sampleRateHz: info.sampleRateHz, soundSpeedMps, upSampling });
  // Positions are summed in pairs along the second dimension, where a neighbour may exist for one of the two.
  const guardRows = Math.max(...fillings[0].taps.map(({ y }) => (y.count > 1 ? y.step : 0)));
  const slabDepths = guardRows ? SLAB_DEPTHS_OF_VOLUMES : SLAB_DEPTHS;
  const windows = fillings.map((filling) => slabWindows(filling, depths, slabDepths, rate));

  const positions = Math.max(...fillings[0].taps.map(({ x }) => x.count));
  const shape = { ...channelGrid, positions, guardRows, parts, upSampling };
  const ring = new Ring(workspace, shape, windows.flat());
  const reach = Math.ceil(furthest) + taps;
  const filtered = filteredSamples(windows.flat(), upSampling, info.sampleCount, reach);
  const raw = new RawRows(workspace, staged, info, channels, filtered, reach, taps, short);

  const { layouts, numbers } = sumLayouts(fillings[0].taps, parts, depths);
  const sums = { offset: workspace.take(numbers, 4, "The sums"), numbers };
  const classes = new Map<Filling["taps"], ClassTables[]>();
  for (const { taps: shared } of fillings) {
    if (classes.has(shared)) continue;
    const tables = shared.map((entry, c) => {
      const layout = { ...layouts[c], offset: sums.offset + layouts[c].offset };
      return layOutClass(workspace, entry, channelGrid, ring, layout, {
        rowsPerMetre: rate,
        short,
        parts,
        slabDepths,
      });
    });
    classes.set(shared, tables);
  }
  const fillingTables = fillings.map((filling, t) => {
    const slabs = schedule(windows[t], upSampling, filtered);
    return layOutFilling(workspace, filling, classes.get(filling.taps) ?? [], ring, raw, steering, slabs);
  });

  const tables = [...classes.values()].flat();
  const mostTaps = Math.max(...tables.map((entry) => entry.mostTaps));
  const scratch = parts * upSampling * 4 * TEAM * (STEER_LIMIT + BLOCK);
  return {
    depths,
    ring,
    raw,
    fillings: fillingTables,
    wholeTransmits,
    sums,
    slabDepths,
    taps: workspace.take((mostTaps + 4) * 3, 4, "The taps"),
    scratch: short ? workspace.take(scratch, 2, "The steered rows") : 0,
    limit: Math.min(32767, Math.floor((2 ** 31 - 1) / Math.max(1, heaviest))),
    gain: Math.ceil(filter.gain * TAP_UNIT) + taps,
    ...layOutImages(workspace, resolved, depths),
  };
}
