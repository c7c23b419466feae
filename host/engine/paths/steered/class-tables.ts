/** What the taps of a class of pixels share over fillings, in core memory (layouts: assembly/steered-taps.ts, steered-sum.ts). */
import type { Workspace } from "../../workspace.ts";
import type { Fillings } from "./filling.ts";
import type { Ring } from "./ring.ts";
import { FRACTION, WEIGHT_UNIT } from "./steering.ts";
import { type ClassTaps, firstTap } from "./taps.ts";

/** Least and greatest of some whole numbers. */
export interface Range {
  least: number;
  greatest: number;
}

/** Neighbours along x and along y. */
interface Neighbours {
  d: Range;
  row: Range;
}

const known = new WeakMap<ClassTaps, Neighbours>();

/** Neighbours that any segment of a class hears; 0 among them. */
function neighboursOf(taps: ClassTaps): Neighbours {
  const before = known.get(taps);
  if (before) return before;
  let [dLeast, dGreatest, rowLeast, rowGreatest] = [0, 0, 0, 0];
  for (const { d, count, row } of taps.segments) {
    if (d < dLeast) dLeast = d;
    if (d + count - 1 > dGreatest) dGreatest = d + count - 1;
    if (row < rowLeast) rowLeast = row;
    if (row > rowGreatest) rowGreatest = row;
  }
  const found = {
    d: { least: dLeast, greatest: dGreatest },
    row: { least: rowLeast, greatest: rowGreatest },
  };
  known.set(taps, found);
  return found;
}

/** Neighbours that any segment of some classes hears; 0 among them. */
export function neighbours(classes: readonly ClassTaps[]): Neighbours {
  const all = classes.map(neighboursOf);
  const range = (one: (of: Neighbours) => Range): Range => ({
    least: Math.min(...all.map((of) => one(of).least)),
    greatest: Math.max(...all.map((of) => one(of).greatest)),
  });
  return { d: range(({ d }) => d), row: range(({ row }) => row) };
}

/** The sums of a class: [depth][second dimension][part][position], float32, positions padded to four. */
export interface SumLayout {
  offset: number;
  partBytes: number;
  rowBytes: number;
  depthBytes: number;
}

/** Lays the sums of all classes out behind one another; offsets count from the first. */
export function sumLayouts(
  classes: readonly ClassTaps[],
  parts: number,
  depths: number,
): { layouts: SumLayout[]; numbers: number } {
  let bytes = 0;
  const layouts = classes.map(({ x, y }) => {
    const partBytes = 16 * Math.ceil(x.count / 4);
    const rowBytes = parts * partBytes;
    const depthBytes = y.count * rowBytes;
    const offset = bytes;
    bytes += depths * depthBytes;
    return { offset, partBytes, rowBytes, depthBytes };
  });
  return { layouts, numbers: bytes / 4 };
}

/** A class in core memory. */
export interface ClassTables {
  taps: ClassTaps;
  descriptor: number;
  segments: number;
  paths: number;
  weights: number;
  /** Byte offsets in a ring row, by neighbour and by row: addresses of number 0. */
  columns: number;
  rows: number;
  /** Address of its sums. */
  sums: number;
  /** Most taps of one slab. */
  mostTaps: number;
}

/** Weights, as numbers or in Q11. */
function layOutWeights(workspace: Workspace, { weights }: ClassTaps, short: boolean): number {
  const offset = workspace.take(weights.length + 4, 4, "The taps");
  if (!short) workspace.fill(() => workspace.f32(offset, weights.length).set(weights));
  else
    workspace.fill(() => {
      const table = workspace.i32(offset, weights.length);
      for (let i = 0; i < weights.length; i++) table[i] = Math.round(WEIGHT_UNIT * weights[i]);
    });
  return offset;
}

/** Where neighbours stand in a ring row. */
function layOutPlaces(
  workspace: Workspace,
  taps: ClassTaps,
  ring: Ring,
  skew: number,
): Pick<ClassTables, "columns" | "rows"> {
  const { d, row } = neighbours([taps]);
  // Four more: groups of four taps begin anywhere in a run.
  const count = d.greatest - d.least + 5;
  const columns = workspace.take(count, 4, "The taps");
  const rows = workspace.take(row.greatest - row.least + 1, 4, "The taps");
  workspace.fill(() => {
    const columnTable = workspace.i32(columns, count);
    for (let i = 0; i < count; i++) {
      const neighbour = Math.min(d.least + i, d.greatest);
      columnTable[i] = ring.place(taps.x.anchor + neighbour, 0) + skew * neighbour * ring.rowBytes;
    }
    const rowTable = workspace.i32(rows, row.greatest - row.least + 1);
    for (let i = 0; i < rowTable.length; i++) rowTable[i] = ring.rowBytes * (taps.y.anchor + row.least + i);
  });
  return { columns: columns - 4 * d.least, rows: rows - 4 * row.least };
}

/** The tables of one class. @throws SondeError `out-of-memory` */
export function layOutClass(
  workspace: Workspace,
  taps: ClassTaps,
  { columns, rows, skew }: Pick<Fillings, "columns" | "rows" | "skew">,
  ring: Ring,
  sums: SumLayout,
  {
    rowsPerMetre,
    short,
    parts,
    slabDepths,
  }: { rowsPerMetre: number; short: boolean; parts: number; slabDepths: number },
): ClassTables {
  const { x, y, segments, firsts, pathsM } = taps;
  const segmentTable = workspace.take(4 * segments.length + 4, 4, "The taps");
  const firstTable = workspace.take(firsts.length, 4, "The taps");
  const paths = workspace.take(pathsM.length + 4, 4, "The taps");
  workspace.fill(() => {
    const words = workspace.i32(segmentTable, 4 * segments.length + 4);
    let at = 0;
    for (const { tap, d, count, row } of segments) {
      words[at++] = tap;
      words[at++] = d;
      words[at++] = count;
      words[at++] = row;
    }
    words[at++] = pathsM.length;
    words.fill(0, at);
    workspace.i32(firstTable, firsts.length).set(firsts);
    const pathTable = workspace.i32(paths, pathsM.length);
    for (let i = 0; i < pathsM.length; i++) pathTable[i] = Math.round(FRACTION * rowsPerMetre * pathsM[i]);
  });
  const depths = firsts.length - 1;
  let mostTaps = 0;
  for (let k = 0; k < depths; k += slabDepths)
    mostTaps = Math.max(mostTaps, firstTap(taps, Math.min(depths, k + slabDepths)) - firstTap(taps, k));
  // Rows of channels that stand askew have no row of their own at either end.
  const { row } = neighbours([taps]);
  const [rowLeast, rowGreatest] = skew ? [row.least, row.greatest] : [-y.anchor, rows - 1 - y.anchor];
  const descriptor = workspace.take(16, 4, "The taps");
  workspace.fill(() =>
    workspace
      .i32(descriptor, 16)
      .set([
        segmentTable,
        firstTable,
        x.count,
        x.step,
        -x.anchor,
        columns - 1 - x.anchor,
        y.count,
        rowLeast,
        rowGreatest,
        y.step,
        ring.rowBytes * y.step,
        sums.depthBytes,
        sums.rowBytes,
        sums.partBytes,
        ring.partBytes,
        parts,
      ]),
  );
  return {
    taps,
    descriptor,
    segments: segmentTable,
    paths,
    weights: layOutWeights(workspace, taps, short),
    ...layOutPlaces(workspace, taps, ring, skew),
    sums: sums.offset,
    mostTaps,
  };
}
