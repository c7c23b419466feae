/** What one filling of the ring needs beside the tables of its classes: its filters and its delays, in core memory, and when to filter. */
import { PHASES } from "../../steering-filter.ts";
import type { Workspace } from "../../workspace.ts";
import { type ClassTables, neighbours } from "./class-tables.ts";
import type { ChannelRun, Filling } from "./filling.ts";
import type { RawRows } from "./raw-rows.ts";
import type { Ring } from "./ring.ts";
import type { SlabWork } from "./slabs.ts";
import { FRACTION, type Steering } from "./steering.ts";

/** One filling in core memory, and its calls. */
export interface FillingTables {
  runs: readonly ChannelRun[];
  classes: readonly ClassTables[];
  filters: number;
  /** int32 by neighbour and by row: addresses of number 0. */
  along: number;
  across: number;
  /** Positions of the front at each segment, by class. */
  bases: number[];
  slabs: readonly SlabWork[];
}

/** Words of a group of four filters in front of, and for, each up-sampled row (assembly/steer.ts). */
const HEAD_WORDS = 4;
const PHASE_WORDS = 8;

/** The filter of every slot at every up-sampled row: where it begins to read, and its coefficients. */
function layOutFilters(
  workspace: Workspace,
  filling: Filling,
  ring: Ring,
  raw: RawRows,
  { filter: { taps, upSampling }, coefficients, parts, short }: Steering,
): number {
  const phaseBytes = parts * taps * (short ? 2 : 4);
  const groupWords = HEAD_WORDS + PHASE_WORDS * upSampling;
  const filters = workspace.take(ring.groups.length * groupWords, 4, "The steering filters");
  workspace.fill(() => {
    const words = workspace.i32(filters, ring.groups.length * groupWords);
    ring.groups.forEach((group, g) => {
      const at = g * groupWords;
      words[at] = ring.place(group[0].column, group[0].row);
      for (let u = 0; u < upSampling; u++)
        group.forEach((slot, lane) => {
          const channel = filling.channelOf(slot);
          const shift = channel === undefined ? 0 : filling.shift(slot);
          const position = Math.round(PHASES * (u / upSampling + shift));
          const whole = Math.floor(position / PHASES);
          const word = at + HEAD_WORDS + PHASE_WORDS * u + 2 * lane;
          words[word] = raw.address(channel, whole + 1 - taps / 2);
          words[word + 1] = coefficients + (position - whole * PHASES) * phaseBytes;
        });
    });
  });
  return filters;
}

/** A table of what lies between neighbour 0 and neighbours `least` to `greatest`, and four more of the last; the address of number 0. */
function layOutDelays(
  workspace: Workspace,
  { least, greatest }: { least: number; greatest: number },
  rowsApart: number,
): number {
  const count = greatest - least + 5;
  const offset = workspace.take(count, 4, "The transmit delays");
  workspace.fill(() => {
    const table = workspace.i32(offset, count);
    for (let i = 0; i < count; i++) table[i] = fixed(rowsApart * Math.min(greatest, least + i));
  });
  return offset - 4 * least;
}

/** Ring rows in 1/65536. */
function fixed(rows: number): number {
  return Math.round(FRACTION * rows) | 0;
}

/** The tables of one filling. @throws SondeError `out-of-memory` */
export function layOutFilling(
  workspace: Workspace,
  filling: Filling,
  classes: readonly ClassTables[],
  ring: Ring,
  raw: RawRows,
  steering: Steering,
  slabs: readonly SlabWork[],
): FillingTables {
  const { d, row } = neighbours(filling.taps);
  return {
    runs: filling.runs,
    classes,
    filters: layOutFilters(workspace, filling, ring, raw, steering),
    along: layOutDelays(workspace, d, filling.along),
    across: layOutDelays(workspace, row, filling.across),
    bases: filling.taps.map((entry) => {
      const offset = workspace.take(entry.segments.length, 4, "The transmit delays");
      workspace.fill(() => {
        const table = workspace.i32(offset, entry.segments.length);
        for (let k = 0; k + 1 < entry.firsts.length; k++)
          table.fill(fixed(filling.base(entry, k)), entry.firsts[k], entry.firsts[k + 1]);
      });
      return offset;
    }),
    slabs,
  };
}
