/**
 * The steered path: plane waves on uniform arrays, pixels in step with the elements. Every channel is filtered once, so that each front
 * meets all elements at the same time; then one table of taps serves every lateral position, and the sum reads memory as it lies
 * (assembly/steer.ts, steered-taps.ts, steered-sum.ts).
 *
 *   frame -> staged transmit -> raw rows between zeros -> ring of steered rows -> sums by class -> image
 *                               [channel][sample]         [time][channel]         [depth][m]      [depth][x]
 */
import { SondeError } from "../../errors.ts";
import {
  type Axis,
  type ChannelData,
  elementCount,
  type Frame,
  samplesPerFrame,
  type Transmit,
} from "../../model.ts";
import { scanSize } from "../axis.ts";
import type { Step } from "../imager.ts";
import type { ResolvedChannels } from "../resolve.ts";
import { sampleType } from "../signal-stage.ts";
import { designSteeringFilter, PHASES, type SteeringFilter } from "../steering-filter.ts";
import type { Workspace } from "../workspace.ts";
import { type ElementGrid, elementGrid, type PixelClass, pixelClasses } from "./lattice.ts";
import type { ChannelPath, ComplexImage, PathOffer } from "./path.ts";
import { type ClassTaps, classTaps } from "./steered-taps.ts";

/** Depths that taps are made for at a time: a table that stays in the first or second cache. */
const SLAB_DEPTHS = 32;
/** Input samples a call of the filters works in whole multiples of. */
const BLOCK = 16;
/** Most input samples of one call (assembly/steer.ts). */
const STEER_LIMIT = 256;
/** Most rows of the ring: the core multiplies its number in 16 bits, and keeps positions in 1/65536 of a row. */
const LARGEST_RING = 32768;
const FRACTION = 65536;
/** What 1 is in the filter taps of int16 steering, and in the weights of the sum. */
const TAP_UNIT = 2 ** 14;
const WEIGHT_UNIT = 2 ** 11;
/** Zeros behind a row that a vector may read beyond its last sample. */
const OVERRUN = 48;
/** Heavier elements are heard however lax the accuracy is. */
const MOST_NEGLIGIBLE = 0.02;
/** Groups of four slots that are filtered together, and words of a cache line, which they fill. */
const TEAM = 4;
const LINE_WORDS = 16;
/** Words beside the elements of a ring row that a block of positions may reach. */
const WIDEST_BLOCK = 32;

const SHORT_TYPES = ["int8", "uint8", "int16"] as const;

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

/** Whether samples and pipeline allow the arithmetic of 16 bits. */
function wantsShort(info: ChannelData, { arithmetic }: ResolvedChannels): boolean {
  const short = SHORT_TYPES.some((type) => type === info.sampleType);
  return arithmetic === "int16" || (arithmetic === "auto" && short);
}

/** One transmit's tables in core memory, and its calls. */
interface TransmitTables {
  /** Frame group. */
  group: number;
  filters: number;
  along: number;
  across: number;
  /** Positions of the front at each segment, by class. */
  bases: number[];
  /** Input samples that the slabs need, in order: [from, to) to filter, rows to clear before and after. */
  slabs: { clear: readonly [number, number][]; steer: readonly [number, number][] }[];
}

/** A class in core memory. */
interface ClassTables {
  taps: ClassTaps;
  descriptor: number;
  segments: number;
  paths: number;
  weights: number;
  columns: number;
  rows: number;
  /** Offset of its sums. */
  sums: number;
  dLeast: number;
}

class SteeredPath implements ChannelPath {
  readonly name = "steered";
  readonly frameSum = "steered rows serve one frame at a time, faster than frames side by side";
  readonly #info: ChannelData;
  readonly #workspace: Workspace;
  #resolved!: ResolvedChannels;
  #filter!: SteeringFilter;
  #short = false;
  /** Address of phase 0 of the filters in the core. */
  #coefficients = 0;
  #lattice!: Lattice;
  #run: (frame: Frame) => void = () => {};
  image!: ComplexImage;
  words = "";

  constructor(workspace: Workspace, info: ChannelData) {
    this.#workspace = workspace;
    this.#info = info;
  }

  get images(): number {
    const { compound, transmits } = this.#resolved;
    return compound === "none" ? transmits.length : 1;
  }

  steps(resolved: ResolvedChannels): Step[] {
    const { transmits, scan, rows, soundSpeedMps, band, signal, accuracy, fNumber, window, compound } =
      resolved;
    const short = wantsShort(this.#info, resolved);
    return [
      {
        name: "signal",
        key: JSON.stringify([signal, band, accuracy, short]),
        build: () => this.#designFilter(resolved, short),
      },
      {
        name: "delays",
        key: JSON.stringify([scan, rows]),
        build: () => this.#findLattice(resolved),
      },
      {
        name: "sum",
        key: JSON.stringify([transmits, soundSpeedMps, fNumber, window, accuracy, compound]),
        build: () => this.#buildSum(resolved),
      },
    ];
  }

  #designFilter(resolved: ResolvedChannels, short: boolean): void {
    const workspace = this.#workspace;
    this.#short = short;
    this.#filter = designSteeringFilter(steeringRequest(this.#info, resolved), workspace.kernels);
    const { coefficients } = this.#filter;
    this.#coefficients = workspace.take(coefficients.length, short ? 2 : 4, "The steering filters");
    if (short) {
      const table = new Int16Array(
        workspace.u8(this.#coefficients, 2 * coefficients.length).buffer,
        this.#coefficients,
        coefficients.length,
      );
      for (let i = 0; i < table.length; i++) table[i] = Math.round(coefficients[i] * TAP_UNIT);
    } else workspace.f32(this.#coefficients, coefficients.length).set(coefficients);
  }

  #findLattice(resolved: ResolvedChannels): void {
    const lattice = latticeOf(this.#info, resolved);
    if (typeof lattice === "string")
      throw new SondeError("internal", `The steered path was built although ${lattice}`);
    this.#lattice = lattice;
  }

  #buildSum(resolved: ResolvedChannels): void {
    const { grid, x, y, z } = this.#lattice;
    const { fNumber, window, rows, accuracy } = resolved;
    const elevation = this.#info.probe.kind === "matrix";
    const aperture = { fNumber, window, elevation, negligible: Math.min(accuracy, MOST_NEGLIGIBLE) };
    const plan = new SteeredSum(
      this.#workspace,
      this.#info,
      resolved,
      grid,
      y.flatMap((across) =>
        x.map((along) => classTaps(grid, along, across, z, rows, aperture, this.#workspace.kernels)),
      ),
      this.#filter,
      this.#coefficients,
      this.#short,
    );
    this.#resolved = resolved;
    this.image = plan.image;
    this.#run = (frame) => plan.run(frame);
    const signal = resolved.signal === "rf" ? "RF" : "the analytic signal";
    const { taps, upSampling, error } = this.#filter;
    this.words =
      `delay-and-sum of ${signal}, steered by filters of ${taps} taps to ${upSampling} x the sample rate, ${this.#short ? "int16" : "float32"}, ` +
      `positions in lanes, predicted error ${(100 * error).toFixed(1)} %`;
  }

  run(frame: Frame): void {
    this.#run(frame);
  }
}

function steeringRequest(info: ChannelData, resolved: ResolvedChannels) {
  const { centerFrequencyHz, bandwidthHz, band, signal, accuracy } = resolved;
  return {
    sampleRateHz: info.sampleRateHz,
    centerHz: centerFrequencyHz,
    bandwidthHz,
    band,
    analytic: signal === "analytic",
    accuracy,
  };
}

/** Elements, and the pixels in step with them. */
interface Lattice {
  grid: ElementGrid;
  x: PixelClass[];
  y: PixelClass[];
  z: Axis;
}

/** Elevation of the pixels of a picture. */
const IN_PLANE: Axis = { min: 0, max: 0, count: 1 };

/** Elements and pixel classes, or why they do not fit, as the end of a sentence. */
function latticeOf(info: ChannelData, { scan }: ResolvedChannels): Lattice | string {
  if (scan.kind === "sector") return "the pixels are a sector";
  const grid = elementGrid(info);
  if (typeof grid === "string") return grid;
  if (grid.columns < 2) return "the array has a single column of elements";
  const x = pixelClasses(scan.x, grid.x, grid.pitchX, "x");
  if (typeof x === "string") return x;
  const y = pixelClasses(scan.kind === "volume" ? scan.y : IN_PLANE, grid.y, grid.pitchY, "y");
  if (typeof y === "string") return y;
  return { grid, x, y, z: scan.z };
}

/** Everything of the sum that is fixed by geometry, in core memory, and its run over a frame. */
class SteeredSum {
  readonly image: ComplexImage;
  readonly #workspace: Workspace;
  readonly #info: ChannelData;
  readonly #resolved: ResolvedChannels;
  readonly #filter: SteeringFilter;
  readonly #short: boolean;
  readonly #classes: ClassTables[];
  readonly #transmits: TransmitTables[];
  readonly #depths: number;
  readonly #ring: { offset: number; rows: number; strideBytes: number; partBytes: number; groups: number };
  readonly #raw: { offset: number; strideBytes: number; first: number; count: number; lead: number };
  readonly #staged: number;
  readonly #taps: number;
  readonly #scratch: number;
  readonly #sums: { offset: number; numbers: number };
  readonly #single: number;
  /** Int16: largest steered value that no sum overflows with, and the filters' gain in their own units. */
  readonly #limit: number;
  readonly #gain: number;

  constructor(
    workspace: Workspace,
    info: ChannelData,
    resolved: ResolvedChannels,
    grid: ElementGrid,
    classes: readonly ClassTaps[],
    filter: SteeringFilter,
    coefficients: number,
    short: boolean,
  ) {
    this.#workspace = workspace;
    this.#info = info;
    this.#resolved = resolved;
    this.#filter = filter;
    this.#short = short;
    const { upSampling, taps } = filter;
    const parts = resolved.signal === "analytic" ? 2 : 1;
    const size = short ? 2 : 4;
    this.#depths = resolved.rows.end - resolved.rows.first;

    // Times, in input samples: each element's shift for each front, and the rows each slab of depths reads.
    const rate = info.sampleRateHz / resolved.soundSpeedMps;
    const fronts = resolved.transmits.map((group) => {
      const transmit = info.sequence[group];
      const [nx, ny, nz] = direction(transmit, workspace.kernels);
      return {
        group,
        nx: nx * rate,
        ny: ny * rate,
        nz: nz * rate,
        start: transmit.startS * info.sampleRateHz,
      };
    });
    const shiftOf = (front: (typeof fronts)[number], column: number, row: number) =>
      (grid.x + column * grid.pitchX) * front.nx + (grid.y + row * grid.pitchY) * front.ny;
    let reach = 0;
    for (const front of fronts)
      for (const column of [0, grid.columns - 1])
        for (const row of [0, grid.rows - 1]) reach = Math.max(reach, Math.abs(shiftOf(front, column, row)));
    reach = Math.ceil(reach) + taps;

    const { scan } = resolved;
    if (scan.kind === "sector") throw new SondeError("internal", "The steered path got a sector");
    const depthM = (k: number) =>
      scan.z.min + (resolved.rows.first + k) * ((scan.z.max - scan.z.min) / Math.max(1, scan.z.count - 1));
    // What the front adds at a segment, in rows; the receive path comes on top.
    const segmentDepths = classes.map(({ firsts }) =>
      firsts.slice(0, -1).flatMap((first, k) => new Array<number>(firsts[k + 1] - first).fill(k)),
    );
    const baseOf = (front: (typeof fronts)[number], { x, y }: ClassTaps, k: number) =>
      upSampling * (x.offsetM * front.nx + y.offsetM * front.ny + depthM(k) * front.nz - front.start);
    const alongOf = (front: (typeof fronts)[number], d: number) => -upSampling * d * grid.pitchX * front.nx;
    const acrossOf = (front: (typeof fronts)[number], row: number) =>
      -upSampling * row * grid.pitchY * front.ny;

    // Rows that each slab reads, to the row: every tap is looked at.
    const slabs = Math.ceil(this.#depths / SLAB_DEPTHS);
    let window = 0;
    const windows = fronts.map((front) =>
      Array.from({ length: slabs }, (_, slab) => {
        let low = Number.POSITIVE_INFINITY;
        let high = Number.NEGATIVE_INFINITY;
        const end = Math.min(this.#depths, (slab + 1) * SLAB_DEPTHS);
        for (const entry of classes)
          for (let k = slab * SLAB_DEPTHS; k < end; k++) {
            const base = baseOf(front, entry, k);
            for (let s = entry.firsts[k]; s < entry.firsts[k + 1]; s++) {
              const { tap, d, count, row } = entry.segments[s];
              const across = base + acrossOf(front, row);
              for (let i = 0; i < count; i++) {
                const at = across + alongOf(front, d + i) + upSampling * rate * entry.pathsM[tap + i];
                if (at < low) low = at;
                if (at > high) high = at;
              }
            }
          }
        // Two rows more on either side: table entries are rounded to 1/65536 of a row.
        const from = low <= high ? Math.floor(low) - 2 : 0;
        const to = low <= high ? Math.floor(high) + 4 : 0;
        window = Math.max(window, to - from);
        return { from, to };
      }),
    );
    let ringRows = 256;
    while (ringRows < window + upSampling * (BLOCK + 8 + BLOCK)) ringRows *= 2;
    if (ringRows > LARGEST_RING)
      throw new SondeError(
        "out-of-memory",
        `beamform.path "steered" would hold ${window} steered rows at once, over ${LARGEST_RING}: choose path "depth" or a larger f-number`,
      );

    // A ring row: for each part, each row of elements, each residue of the step: the elements that stand in line.
    const step = classes[0].x.step;
    const most = Math.max(...classes.map(({ x }) => x.count));
    const pad = LINE_WORDS * Math.ceil((Math.min(WIDEST_BLOCK, most) + 4) / LINE_WORDS);
    const planeWords = LINE_WORDS * Math.ceil(grid.columns / step / LINE_WORDS) + pad;
    const rowWords = planeWords * step;
    const partBytes = 4 * (rowWords * grid.rows + pad);
    let strideBytes = Math.ceil((parts * partBytes) / 64) * 64;
    // An odd number of cache lines: neighbouring rows never share their sets.
    if ((strideBytes / 64) % 2 === 0) strideBytes += 64;
    const ring = workspace.take((ringRows + 1) * strideBytes, 1, "The steered rows");
    workspace.u8(ring, (ringRows + 1) * strideBytes).fill(0);
    const placeOf = (column: number, row: number) =>
      4 * (pad + row * rowWords + (((column % step) + step) % step) * planeWords + Math.floor(column / step));

    // Input samples that are ever filtered; outside there is nothing but zeros.
    const low = Math.min(...windows.flat().map(({ from }) => from)) / upSampling;
    const high = Math.max(...windows.flat().map(({ to }) => to)) / upSampling;
    const first = Math.max(Math.floor(low), -reach);
    const end = Math.min(Math.ceil(high) + BLOCK, info.sampleCount + reach);
    const rawFirst = Math.max(0, Math.min(info.sampleCount - 1, first - reach));
    const rawEnd = Math.min(info.sampleCount, Math.max(rawFirst + 1, end + reach + BLOCK));
    const lead = Math.max(0, rawFirst - (first - reach)) + taps;
    const rawCount =
      lead + (rawEnd - rawFirst) + Math.max(0, end + reach - rawEnd) + taps + 2 * BLOCK + OVERRUN;
    let rawStride = Math.ceil((rawCount * size) / 64) * 64;
    if ((rawStride / 64) % 2 === 0) rawStride += 64;
    const n = elementCount(info.probe);
    const raw = workspace.take((n + 1) * rawStride, 1, "The channel data");
    workspace.u8(raw, (n + 1) * rawStride).fill(0);
    this.#raw = { offset: raw, strideBytes: rawStride, first: rawFirst, count: rawEnd - rawFirst, lead };
    this.#staged = workspace.take(n * info.sampleCount, 4, "The frame");

    // Slots in fours; those beyond the elements filter the row of zeros behind the last channel.
    const slots: { column: number; row: number }[][] = [];
    for (let row = 0; row < grid.rows; row++)
      for (let residue = 0; residue < step; residue++)
        for (let column = residue; column < grid.columns; column += 4 * step)
          slots.push([0, 1, 2, 3].map((lane) => ({ column: column + lane * step, row })));
    // Teams are filled up with zeros that go to the zeros before the first element.
    while (slots.length % TEAM !== 0) slots.push([0, 1, 2, 3].map(() => ({ column: -pad * step, row: 0 })));
    const exists = (column: number) => column >= 0 && column < grid.columns;
    this.#ring = { offset: ring, rows: ringRows, strideBytes, partBytes, groups: slots.length };
    const filterBytes = taps * size;
    const groupWords = 4 + 8 * upSampling;

    // Classes.
    const images = resolved.compound === "none" ? fronts.length : 1;
    let sumNumbers = 0;
    let mostTaps = 0;
    let heaviest = 0;
    this.#classes = classes.map((entry) => {
      const { x, y, segments, firsts, pathsM, weights } = entry;
      const positions = 4 * Math.ceil(x.count / 4);
      const segmentTable = workspace.take(4 * segments.length + 4, 4, "The taps");
      const words = workspace.i32(segmentTable, 4 * segments.length + 4);
      segments.forEach(({ tap, d, count, row }, i) => {
        words.set([tap, d, count, row], 4 * i);
      });
      words.set([pathsM.length, 0, 0, 0], 4 * segments.length);
      const firstTable = workspace.take(firsts.length, 4, "The taps");
      workspace.i32(firstTable, firsts.length).set(firsts);
      const paths = workspace.take(pathsM.length + 4, 4, "The taps");
      const pathTable = workspace.i32(paths, pathsM.length);
      for (let i = 0; i < pathsM.length; i++)
        pathTable[i] = Math.round(FRACTION * upSampling * rate * pathsM[i]);
      const weightTable = workspace.take(weights.length + 4, 4, "The taps");
      if (short) {
        const table = workspace.i32(weightTable, weights.length);
        for (let i = 0; i < weights.length; i++) table[i] = Math.round(WEIGHT_UNIT * weights[i]);
        for (let k = 0; k + 1 < firsts.length; k++) {
          let sum = 0;
          const tapEnd = segments[firsts[k + 1]]?.tap ?? weights.length;
          for (let i = segments[firsts[k]]?.tap ?? tapEnd; i < tapEnd; i++) sum += table[i];
          heaviest = Math.max(heaviest, sum);
        }
      } else workspace.f32(weightTable, weights.length).set(weights);
      let dLeast = 0;
      let dGreatest = 0;
      let rowLeast = 0;
      let rowGreatest = 0;
      for (const { d, count, row } of segments) {
        dLeast = Math.min(dLeast, d);
        dGreatest = Math.max(dGreatest, d + count - 1);
        rowLeast = Math.min(rowLeast, row);
        rowGreatest = Math.max(rowGreatest, row);
      }
      const columns = workspace.take(dGreatest - dLeast + 5, 4, "The taps");
      const columnTable = workspace.i32(columns, dGreatest - dLeast + 5);
      for (let i = 0; i < columnTable.length; i++)
        columnTable[i] = placeOf(x.anchor + Math.min(dLeast + i, dGreatest), 0);
      const rowTable = workspace.take(rowGreatest - rowLeast + 1, 4, "The taps");
      const rowPlaces = workspace.i32(rowTable, rowGreatest - rowLeast + 1);
      for (let i = 0; i < rowPlaces.length; i++) rowPlaces[i] = 4 * rowWords * (y.anchor + rowLeast + i);
      for (let k = 0; k < this.#depths; k += SLAB_DEPTHS) {
        const last = firsts[Math.min(this.#depths, k + SLAB_DEPTHS)];
        const from = segments[firsts[k]]?.tap ?? pathsM.length;
        mostTaps = Math.max(mostTaps, (segments[last]?.tap ?? pathsM.length) - from);
      }
      const partNumbers = positions;
      const rowNumbers = parts * partNumbers;
      const depthNumbers = y.count * rowNumbers;
      const descriptor = workspace.take(16, 4, "The taps");
      workspace
        .i32(descriptor, 16)
        .set([
          segmentTable,
          firstTable,
          x.count,
          x.step,
          -x.anchor,
          grid.columns - 1 - x.anchor,
          y.count,
          -y.anchor,
          grid.rows - 1 - y.anchor,
          y.step,
          4 * rowWords * y.step,
          4 * depthNumbers,
          4 * rowNumbers,
          4 * partNumbers,
          partBytes,
          parts,
        ]);
      const sums = sumNumbers;
      sumNumbers += this.#depths * depthNumbers;
      return {
        taps: entry,
        descriptor,
        segments: segmentTable,
        paths,
        weights: weightTable,
        columns: columns - 4 * dLeast,
        rows: rowTable - 4 * rowLeast,
        sums,
        dLeast,
      };
    });
    this.#sums = { offset: workspace.take(sumNumbers, 4, "The sums"), numbers: sumNumbers };
    for (const entry of this.#classes) entry.sums = this.#sums.offset + 4 * entry.sums;
    this.#taps = workspace.take((mostTaps + 4) * 3, 4, "The taps");
    this.#scratch = short
      ? workspace.take(parts * upSampling * 4 * TEAM * (STEER_LIMIT + BLOCK), 2, "The steered rows")
      : 0;
    this.#limit = Math.min(32767, Math.floor((2 ** 31 - 1) / Math.max(1, heaviest)));
    this.#gain = Math.ceil(filter.gain * TAP_UNIT) + taps;

    // Transmits.
    const dLow = Math.min(...this.#classes.map(({ dLeast }) => dLeast));
    const dHigh = Math.max(
      ...classes.flatMap(({ segments }) => segments.map(({ d, count }) => d + count - 1)),
      dLow,
    );
    const rowLow = Math.min(0, ...classes.flatMap(({ segments }) => segments.map(({ row }) => row)));
    const rowHigh = Math.max(0, ...classes.flatMap(({ segments }) => segments.map(({ row }) => row)));
    const fixed = (value: number) => Math.round(FRACTION * value) | 0;
    this.#transmits = fronts.map((front, t) => {
      const filters = workspace.take(slots.length * groupWords, 4, "The steering filters");
      const words = workspace.i32(filters, slots.length * groupWords);
      slots.forEach((group, g) => {
        const at = g * groupWords;
        words[at] = placeOf(group[0].column, group[0].row);
        for (let u = 0; u < upSampling; u++)
          group.forEach(({ column, row }, lane) => {
            const element = exists(column) ? grid.numbers[column + row * grid.columns] : n;
            const shift = exists(column) ? shiftOf(front, column, row) : 0;
            const position = Math.round(PHASES * (u / upSampling + shift));
            const whole = Math.floor(position / PHASES);
            const sample = whole + 1 - taps / 2 - rawFirst + lead;
            words[at + 4 + 8 * u + 2 * lane] =
              raw + element * rawStride + (element < n ? sample * size : (lead - first) * size);
            words[at + 5 + 8 * u + 2 * lane] =
              coefficients + (position - whole * PHASES) * parts * filterBytes;
          });
      });
      const along = workspace.take(dHigh - dLow + 5, 4, "The transmit delays");
      const alongTable = workspace.i32(along, dHigh - dLow + 5);
      for (let i = 0; i < alongTable.length; i++)
        alongTable[i] = fixed(alongOf(front, Math.min(dHigh, dLow + i)));
      const across = workspace.take(rowHigh - rowLow + 1, 4, "The transmit delays");
      const acrossTable = workspace.i32(across, rowHigh - rowLow + 1);
      for (let i = 0; i < acrossTable.length; i++) acrossTable[i] = fixed(acrossOf(front, rowLow + i));
      const bases = classes.map((entry, c) => {
        const depths = segmentDepths[c];
        const table = workspace.take(depths.length, 4, "The transmit delays");
        const numbers = workspace.i32(table, depths.length);
        for (let i = 0; i < depths.length; i++) numbers[i] = fixed(baseOf(front, entry, depths[i]));
        return table;
      });
      return {
        group: front.group,
        filters,
        along: along - 4 * dLow,
        across: across - 4 * rowLow,
        bases,
        slabs: schedule(windows[t], upSampling, first, end),
      };
    });

    // The picture.
    const { columns, planes } = scanSize(scan);
    const stride = 8 * 4 * Math.ceil(columns / 4);
    const rows = this.#depths * planes;
    const bytes = rows * stride;
    this.image = {
      offset: workspace.take(images * bytes, 1, "The image"),
      rows,
      columns,
      strideBytes: stride,
    };
    workspace.u8(this.image.offset, images * bytes).fill(0);
    this.#single = resolved.compound === "incoherent" ? workspace.take(bytes, 1, "The image") : 0;
    if (this.#single) workspace.u8(this.#single, bytes).fill(0);
  }

  run(frame: Frame): void {
    const { samples } = frame;
    const expected = samplesPerFrame(this.#info);
    if (samples.length !== expected)
      throw new SondeError(
        "corrupt-file",
        `Frame ${frame.index} holds ${samples.length} numbers where ${expected} belong: the stream and its description disagree`,
        { fields: { frame: frame.index, numbers: samples.length, expected } },
      );
    const { kernels } = this.#workspace;
    const { compound } = this.#resolved;
    this.#configure();
    const imageBytes = this.image.rows * this.image.strideBytes;
    const sums = this.#workspace.u8(this.#sums.offset, 4 * this.#sums.numbers);
    if (compound === "coherent") sums.fill(0);
    else if (compound === "incoherent") this.#workspace.u8(this.image.offset, imageBytes).fill(0);
    this.#transmits.forEach((transmit, t) => {
      if (compound !== "coherent") sums.fill(0);
      this.#add(frame, transmit);
      if (compound === "none") this.#place(this.image.offset + t * imageBytes);
      else if (compound === "incoherent") {
        this.#place(this.#single);
        kernels.addMagnitudes(this.#single, imageBytes / 8, this.image.offset);
      }
    });
    if (compound === "coherent") this.#place(this.image.offset);
  }

  #configure(): void {
    const { kernels } = this.#workspace;
    const { offset, rows, strideBytes, partBytes, groups } = this.#ring;
    const { taps, upSampling } = this.#filter;
    const parts = this.#resolved.signal === "analytic" ? 2 : 1;
    kernels.steerSetup(groups, taps, parts, upSampling, offset, rows, strideBytes, partBytes, this.#scratch);
  }

  /** One transmit of a frame, all slabs. */
  #add(frame: Frame, transmit: TransmitTables): void {
    const { kernels } = this.#workspace;
    const ring = this.#ring;
    const scaling = this.#load(frame, transmit.group);
    transmit.slabs.forEach(({ clear, steer }, slab) => {
      for (const [from, to] of clear) kernels.steerZero(from, to);
      for (const [from, to] of steer)
        if (this.#short) kernels.steerShort(transmit.filters, from, to, scaling.shift);
        else kernels.steerFloat(transmit.filters, from, to);
      const z0 = slab * SLAB_DEPTHS;
      const z1 = Math.min(this.#depths, z0 + SLAB_DEPTHS);
      this.#classes.forEach((entry, c) => {
        const { firsts } = entry.taps;
        const [s0, s1] = [firsts[z0], firsts[z1]];
        if (s0 === s1) return;
        kernels.tapsSetup(
          entry.paths,
          entry.weights,
          entry.columns,
          entry.rows,
          ring.offset,
          ring.rows,
          ring.strideBytes,
          this.#taps,
        );
        const make = this.#short ? kernels.tapsShort : kernels.tapsFloat;
        make(entry.segments, s0, s1, transmit.bases[c], transmit.along, transmit.across);
        if (this.#short)
          kernels.sumSteeredShort(entry.descriptor, this.#taps, z0, z1, scaling.scale, entry.sums);
        else kernels.sumSteeredFloat(entry.descriptor, this.#taps, z0, z1, ring.strideBytes, entry.sums);
      });
    });
  }

  /** A transmit's samples into raw rows; int16: how far to shift the filters' sums, and what an integer is worth then. */
  #load(frame: Frame, group: number): { shift: number; scale: number } {
    const { kernels } = this.#workspace;
    const { samples } = frame;
    const n = elementCount(this.#info.probe);
    const type = sampleType(samples);
    const numbers = n * this.#info.sampleCount;
    const bytes = numbers * samples.BYTES_PER_ELEMENT;
    const source = new Uint8Array(samples.buffer, samples.byteOffset + group * bytes, bytes);
    this.#workspace.u8(this.#staged, bytes).set(source);
    const { offset, strideBytes, first, count, lead } = this.#raw;
    const size = this.#short ? 2 : 4;
    const rows = this.#short ? kernels.rowsShort : kernels.rowsFloat;
    rows(type, this.#staged, n, this.#info.sampleCount, first, count, offset + lead * size, strideBytes);
    if (!this.#short) return { shift: 0, scale: 1 };
    const peak = samples.BYTES_PER_ELEMENT === 1 ? 255 : kernels.peakShort(this.#staged, numbers);
    let shift = 1;
    while ((peak * this.#gain) / (1 << shift) + 1 > this.#limit) shift++;
    return { shift, scale: (1 << shift) / (TAP_UNIT * WEIGHT_UNIT) };
  }

  #place(out: number): void {
    const { kernels } = this.#workspace;
    for (const { descriptor, sums, taps } of this.#classes)
      kernels.placeSteered(
        descriptor,
        sums,
        this.#depths,
        taps.x.first,
        taps.x.stride,
        taps.y.first,
        taps.y.stride,
        this.image.rows / this.#depths,
        out,
        this.image.strideBytes,
      );
  }
}

/** What to filter and what to clear before each slab, so that its rows stand in the ring; each row is made once. */
function schedule(
  windows: readonly { from: number; to: number }[],
  upSampling: number,
  first: number,
  end: number,
): TransmitTables["slabs"] {
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

/** The path for plane waves on uniform arrays. */
export const STEERED: PathOffer = {
  name: "steered",
  merit:
    "channels are steered once, then every lateral position shares its taps and memory is read as it lies",
  refusal: (info, resolved, kernels) => {
    if (resolved.interpolation !== "auto")
      return `beamform.interpolation is "${resolved.interpolation}", and its own interpolation is only promised to be within an accuracy of sinc`;
    if (resolved.signal === "iq") return 'signal is "iq": it steers RF';
    if (resolved.transmits.some((t) => info.sequence[t].wave.kind !== "plane"))
      return "not every transmit is a plane wave";
    if (resolved.transmitModel !== "auto" && resolved.transmitModel !== "spherical")
      return `beamform.transmitModel is "${resolved.transmitModel}": its plane waves are ideal`;
    const lattice = latticeOf(info, resolved);
    if (typeof lattice === "string") return lattice;
    const { error, taps } = designSteeringFilter(steeringRequest(info, resolved), kernels);
    if (error > resolved.accuracy)
      return `its filters of ${taps} taps would err by ${(100 * error).toFixed(1)} %, and beamform.accuracy is ${(100 * resolved.accuracy).toFixed(1)} %`;
    if (resolved.arithmetic === "int16" && info.sampleType === "float32")
      return 'beamform.arithmetic is "int16" and the samples are float32';
    return undefined;
  },
  make: (workspace, info) => new SteeredPath(workspace, info),
};
