/** Which ring rows each slab of depths reads, and which input samples are filtered before it, each once. */
import type { Filling } from "./filling.ts";

/** Depths that taps are made for at a time: a table that stays in the first or second cache. */
export const SLAB_DEPTHS = 32;
/** The same of volumes, which take the taps of hundreds of neighbours a depth. */
export const SLAB_DEPTHS_OF_VOLUMES = 16;
/** Input samples a call of the filters works in whole multiples of. */
export const BLOCK = 16;
/** Most input samples of one call (assembly/steer.ts). */
export const STEER_LIMIT = 256;

/** Runs of neighbours up to this long are looked at one by one; those of walking apertures may be no longer (in-step.ts). */
export const SHORT_RUN = 4;

/** Ring rows [from, to) that a slab reads. */
export interface SlabWindow {
  from: number;
  to: number;
}

const known = new WeakMap<Filling, SlabWindow[]>();

/** The window of every slab of one filling, to the row. A filling is always cut in the same way. */
export function slabWindows(
  filling: Filling,
  depths: number,
  slabDepths: number,
  rowsPerMetre: number,
): readonly SlabWindow[] {
  const before = known.get(filling);
  if (before) return before;
  const windows = findWindows(filling, depths, slabDepths, rowsPerMetre);
  known.set(filling, windows);
  return windows;
}

function findWindows(
  filling: Filling,
  depths: number,
  slabDepths: number,
  rowsPerMetre: number,
): SlabWindow[] {
  return Array.from({ length: Math.ceil(depths / slabDepths) }, (_, slab) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    const end = Math.min(depths, (slab + 1) * slabDepths);
    for (const entry of filling.taps)
      for (let k = slab * slabDepths; k < end; k++) {
        const base = filling.base(entry, k);
        for (let s = entry.firsts[k]; s < entry.firsts[k + 1]; s++) {
          const { tap, d, count, row } = entry.segments[s];
          const first = base + filling.across * row + filling.along * d;
          const run = { pathsM: entry.pathsM, from: tap, to: tap + count - 1 };
          low = Math.min(low, first + earliest(run, filling.along, rowsPerMetre));
          high = Math.max(high, first + latest(run, filling.along, rowsPerMetre));
        }
      }
    if (low > high) return { from: 0, to: 0 };
    // Two rows more on either side: table entries are rounded to 1/65536 of a row.
    return { from: Math.floor(low) - 2, to: Math.floor(high) + 4 };
  });
}

/** Neighbours [from, to] of one segment. */
interface Run {
  pathsM: Float64Array;
  from: number;
  to: number;
}

/** Ring rows from a run's first front, which goes on by `along` from one to the next, to the neighbour that is heard first. */
function earliest({ pathsM, from, to }: Run, along: number, rowsPerMetre: number): number {
  let [first, last] = [from, to];
  // Longer runs are of plane waves, whose paths are a branch of a hyperbola: there is one place where they turn.
  while (last - first >= SHORT_RUN) {
    const middle = (first + last) >> 1;
    if (along + rowsPerMetre * (pathsM[middle + 1] - pathsM[middle]) < 0) first = middle + 1;
    else last = middle;
  }
  let low = Number.POSITIVE_INFINITY;
  for (let i = first; i <= last; i++) low = Math.min(low, along * (i - from) + rowsPerMetre * pathsM[i]);
  return low;
}

/** The same to the one that is heard last: of a long run, one of its ends. */
function latest({ pathsM, from, to }: Run, along: number, rowsPerMetre: number): number {
  const step = to - from >= SHORT_RUN ? to - from : 1;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = from; i <= to; i += step) high = Math.max(high, along * (i - from) + rowsPerMetre * pathsM[i]);
  return high;
}

/** Input samples that are ever filtered, [first, end), when channels are moved by at most `reach`; outside there are but zeros. */
export function filteredSamples(
  windows: readonly SlabWindow[],
  upSampling: number,
  sampleCount: number,
  reach: number,
): { first: number; end: number } {
  const low = Math.min(...windows.map(({ from }) => from)) / upSampling;
  const high = Math.max(...windows.map(({ to }) => to)) / upSampling;
  return {
    first: Math.max(Math.floor(low), -reach),
    end: Math.min(Math.ceil(high) + BLOCK, sampleCount + reach),
  };
}

/** Before a slab: ring rows [from, to) to clear, and input samples [from, to) to filter. */
export interface SlabWork {
  clear: readonly [number, number][];
  steer: readonly [number, number][];
}

/** What to filter and what to clear before each slab, so that its rows stand in the ring; each row is made once. */
export function schedule(
  windows: readonly SlabWindow[],
  upSampling: number,
  { first, end }: { first: number; end: number },
): SlabWork[] {
  let done = Number.NEGATIVE_INFINITY;
  return windows.map(({ from, to }) => {
    const clear: [number, number][] = [];
    const steer: [number, number][] = [];
    if (from >= to) return { clear, steer };
    let at = Math.max(done, Math.floor(from / upSampling));
    const until = Math.ceil(to / upSampling);
    if (at < Math.min(first, until)) {
      clear.push([at * upSampling, Math.min(first, until) * upSampling]);
      at = Math.min(first, until);
    }
    while (at < Math.min(until, end)) {
      const count = Math.min(STEER_LIMIT, Math.ceil((Math.min(until, end) - at) / BLOCK) * BLOCK);
      steer.push([at, at + count]);
      at += count;
    }
    if (at < until) {
      clear.push([at * upSampling, until * upSampling]);
      at = until;
    }
    done = at;
    return { clear, steer };
  });
}
