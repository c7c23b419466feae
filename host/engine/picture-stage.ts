/**
 * From a complex image (or detected lines) to pixels: envelope, time-gain compensation and log compression on the data's own
 * grid, scan conversion where that grid is not a rectangle, grey map.
 */
import { SondeError } from "../errors.ts";
import { exp } from "../geometry/exact.ts";
import { loadModule } from "../load-module.ts";
import { type Frame, type Image, LINE_FIELDS, type Region, type Scan } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { axisStep } from "./axis.ts";
import { lift } from "./faint.ts";
import { palette } from "./palettes.ts";
import type { ComplexImage } from "./paths/path.ts";
import type { Persistence } from "./persistence.ts";
import type { ResolvedDisplay } from "./resolve.ts";
import { LARGEST_SIDE } from "./resolve.ts";
import type { SpeckleFilter } from "./speckle.ts";
import type { Past } from "./types.ts";
import type { Workspace } from "./workspace.ts";

let filters: typeof import("./picture-filters.ts") | undefined;

/** Loads what the pictures of a pipeline are filtered with. */
export async function loadFilters({
  display: { persistence, smoothing, speckle } = {},
}: Pipeline): Promise<void> {
  if (persistence || smoothing || speckle) filters ??= await loadModule(() => import("./picture-filters.ts"));
}

/** @throws SondeError `internal` where `loadFilters` was not called */
function loadedFilters(): typeof import("./picture-filters.ts") {
  if (!filters) throw new SondeError("internal", "Pictures were filtered before the filters were loaded");
  return filters;
}

/** What is to be shown. */
export interface PictureSource {
  image: ComplexImage;
  /**
   * Where the values lie: a pixel grid, or lines (five numbers each, see `LineData.lines`; `stride` values from one to the next), or
   * nowhere known.
   */
  geometry:
    | { kind: "grid"; scan: Scan }
    | { kind: "lines"; lines: Float64Array; stride: number }
    | { kind: "unknown" };
  /** dB per unit when the values are already compressed. */
  logStepDb?: number;
  /** The way across is no space: only depth is calibrated. */
  depthOnly?: boolean;
}

type LinearScan = Extract<Scan, { kind: "linear" }>;

/** What the picture asks of a frame whose values are in the image. */
type Pictured = Pick<Frame, "index" | "sequence" | "missingLines">;

/** A pixel grid and how the values get onto it. */
interface Layout {
  width: number;
  height: number;
  /** Absent when the values have no known place. */
  grid?: LinearScan;
  /** Scan conversion: offsets of the table and its runs; absent when the values are the pixels. */
  conversion?: { table: number; runs: number; runCount: number };
}

/** Bytes of the core's scan-conversion table for four pixels. */
export const GROUP_BYTES = 64;
/** Numbers that filters may write behind the levels, in vectors of four that come in twos. */
const VECTOR_ROOM = 8;
/** Cells behind the levels that pixels outside the field of view read. */
export const OUTSIDE_CELLS = 2;
/** A level that is none: the grey map shows it as the outside. */
const NO_LEVEL_DB = -1e6;

/** Lines of a grid's columns, and how its values are stored along them. */
function columnsAsLines(scan: Scan): Float64Array {
  const count = scan.kind === "linear" ? scan.x.count : scan.angle.count;
  const lines = new Float64Array(LINE_FIELDS * count);
  for (let i = 0; i < count; i++) {
    const line =
      scan.kind === "linear"
        ? [scan.x.min + i * axisStep(scan.x), 0, 0, scan.z.min, axisStep(scan.z)]
        : [
            scan.apex[0],
            scan.apex[1],
            scan.angle.min + i * axisStep(scan.angle),
            scan.range.min,
            axisStep(scan.range),
          ];
    lines.set(line, LINE_FIELDS * i);
  }
  return lines;
}

/** The smallest upright rectangle around all lines, with square pixels and `heightPx` rows. */
export function rectangleAround(lines: Float64Array, samples: number, heightPx: number): LinearScan {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < lines.length; i += LINE_FIELDS) {
    const [x0, z0, angle, r0, dr] = lines.subarray(i, i + LINE_FIELDS);
    for (const r of [r0, r0 + (samples - 1) * dr]) {
      // A tenth of a micrometre: the grid must not depend on the last bits of an engine's sine.
      const x = Math.round((x0 + r * Math.sin(angle)) * 1e7) / 1e7;
      const z = Math.round((z0 + r * Math.cos(angle)) * 1e7) / 1e7;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, z);
      bottom = Math.max(bottom, z);
    }
  }
  const pitch = Math.max((bottom - top) / (heightPx - 1), (right - left) / (LARGEST_SIDE - 1), 1e-7);
  const width = Math.max(2, Math.round((right - left) / pitch) + 1);
  const height = Math.max(2, Math.round((bottom - top) / pitch) + 1);
  const middle = (left + right) / 2;
  return {
    kind: "linear",
    x: { min: middle - ((width - 1) / 2) * pitch, max: middle + ((width - 1) / 2) * pitch, count: width },
    z: { min: top, max: top + (height - 1) * pitch, count: height },
  };
}

/** What, beside the tables, decides the levels of a frame by itself: where it changes, frames before are of another kind. */
function levelsKey({ dynamicRangeDb, gainDb, tgcDb, reference, speckle }: ResolvedDisplay): string {
  return JSON.stringify([dynamicRangeDb, gainDb, tgcDb, reference, speckle]);
}

/** The stage: layout and tables made by the constructor, levels by `setLevels` when the tables are there, pixels by `run`. */
export class PictureStage {
  readonly width: number;
  readonly height: number;
  readonly regions: readonly Region[];
  readonly #workspace: Workspace;
  readonly #source: PictureSource;
  readonly #layout: Layout;
  readonly #levels: number;
  /** The two cells that pixels outside the field of view read. */
  readonly #outside: number;
  readonly #tgc: number;
  readonly #palette: number;
  readonly #out: number;
  readonly #speckle: SpeckleFilter | undefined;
  readonly #persistence: Persistence | undefined;
  readonly #smoothing: SpeckleFilter | undefined;
  #display: ResolvedDisplay;
  #held: number | undefined;
  #reference = 1;
  /** Why there is no picture of these values. */
  #refusal: SondeError | undefined;

  constructor(workspace: Workspace, source: PictureSource, display: ResolvedDisplay) {
    this.#workspace = workspace;
    this.#source = source;
    this.#display = display;
    const { rows, columns } = source.image;
    const values = 4 * Math.ceil((rows * columns) / 4);
    this.#levels = workspace.take(values + VECTOR_ROOM + OUTSIDE_CELLS, 4, "The picture");
    this.#outside = this.#levels + 4 * (values + VECTOR_ROOM);
    this.#tgc = workspace.take(Math.max(rows, columns) + 4, 4, "The picture");
    this.#palette = workspace.take(1 + 256, 4, "The picture");
    this.#layout = this.#makeLayout();
    const { width, height, grid } = this.#layout;
    this.width = width;
    this.height = height;
    this.#out = workspace.take(4 * this.#groups, 4, "The picture");
    const { method } = display.speckle;
    const compressed = { rows, columns, levels: this.#levels };
    if (method !== "none") this.#speckle = new (loadedFilters().SpeckleFilter)(workspace, method, compressed);
    if (display.persistence > 0) this.#persistence = new (loadedFilters().Persistence)(workspace, compressed);
    if (display.smoothing > 0)
      this.#smoothing = new (loadedFilters().SpeckleFilter)(workspace, "bilateral", compressed);
    this.regions = grid
      ? [
          {
            kind: "tissue",
            minX: 0,
            minY: 0,
            maxX: width - 1,
            maxY: height - 1,
            originXM: grid.x.min,
            originZM: grid.z.min,
            deltaXM: source.depthOnly ? 0 : axisStep(grid.x),
            deltaZM: axisStep(grid.z),
          },
        ]
      : [];
  }

  /** Pixels are made four at a time. */
  get #groups(): number {
    return Math.ceil((this.width * this.height) / 4);
  }

  #makeLayout(): Layout {
    const { image, geometry } = this.#source;
    const { rows, columns } = image;
    if (geometry.kind === "unknown") return { width: columns, height: rows };
    if (geometry.kind === "grid") {
      const { scan } = geometry;
      if (scan.kind === "linear" && !this.#display.grid) return { width: columns, height: rows, grid: scan };
      if (rows < 2 || columns < 2) {
        // Its values can be had without a picture.
        this.#refusal = new SondeError(
          "bad-option",
          `scan has ${columns} lines of ${rows} points: a picture is drawn between at least 2 lines of 2 points`,
        );
        return { width: columns, height: rows };
      }
      return this.#convert(columnsAsLines(scan), rows, columns, 1);
    }
    return this.#convert(geometry.lines, columns, 1, geometry.stride);
  }

  #convert(lines: Float64Array, samples: number, sampleStep: number, lineStep: number): Layout {
    const workspace = this.#workspace;
    const { kernels } = workspace;
    const grid = this.#display.grid ?? rectangleAround(lines, samples, this.#display.heightPx);
    const count = lines.length / LINE_FIELDS;
    const width = grid.x.count;
    const height = grid.z.count;
    const lineTable = workspace.take(6 * count, 8, "The scan conversion");
    const groups = Math.ceil((width * height) / 4);
    const table = workspace.take(groups * GROUP_BYTES, 1, "The scan conversion");
    const runs = workspace.take(groups + 2, 4, "The scan conversion");
    const conversion = { table, runs, runCount: 0 };
    workspace.fill(() => {
      const numbers = workspace.f64(lineTable, 6 * count);
      for (let i = 0; i < count; i++) {
        const [x0, z0, angle, r0, dr] = lines.subarray(LINE_FIELDS * i, LINE_FIELDS * (i + 1));
        const turns = angle / (2 * Math.PI);
        numbers.set([x0, z0, kernels.sinTurns(turns), kernels.cosTurns(turns), r0, dr], 6 * i);
      }
      conversion.runCount = kernels.scanTable(
        lineTable,
        count,
        samples,
        sampleStep,
        lineStep,
        this.#levels,
        this.#outside,
        grid.x.min,
        axisStep(grid.x),
        width,
        grid.z.min,
        axisStep(grid.z),
        height,
        table,
        runs,
      );
    });
    return { width, height, grid, conversion };
  }

  /** Everything that changes no table: gain, range, reference, time-gain compensation, grey map. */
  setLevels(display: ResolvedDisplay): void {
    if (levelsKey(display) !== levelsKey(this.#display)) this.#persistence?.forget();
    this.#display = display;
    const { rows, columns } = this.#source.image;
    const along = this.#alongColumns ? columns : rows;
    const { tgcDb } = display;
    const table = this.#workspace.f32(this.#tgc, Math.max(rows, columns) + 4);
    for (let i = 0; i < table.length; i++) {
      const last = tgcDb.length - 1;
      const at = along > 1 ? (Math.min(i, along - 1) / (along - 1)) * last : 0;
      const k = Math.min(Math.floor(at), last - 1);
      if (last < 1) table[i] = tgcDb[0] ?? 0;
      else table[i] = tgcDb[k] + (at - k) * (tgcDb[k + 1] - tgcDb[k]);
    }
    // Before the colours stands that of the outside: transparent black.
    const colours = this.#workspace.u8(this.#palette, 4 + 1024);
    colours.fill(0, 0, 4);
    colours.set(palette(display.greyMap), 4);
  }

  /** What the next frame is averaged with; undefined: with nothing, or persistence is off. */
  get past(): Past | undefined {
    return this.#persistence?.past;
  }

  resume(past: Past | undefined): void {
    if (!past) this.#persistence?.forget();
    else if (!this.#persistence)
      throw new SondeError("bad-option", "display.persistence is 0: no picture has a past to go back to", {
        fields: { option: "display.persistence", value: "0" },
      });
    else this.#persistence.resume(past);
  }

  /** Forgets the reference that `"hold"` keeps. */
  releaseReference(): void {
    this.#held = undefined;
  }

  /** Carries the held reference over from the stage this one replaces. */
  inheritReference(previous: PictureStage): void {
    this.#held = previous.#held;
  }

  /** Depth runs along the columns of the stored values (lines), not along the rows (grids). */
  get #alongColumns(): boolean {
    return this.#source.geometry.kind === "lines";
  }

  /** Detects, filters and compresses: decibels on the data's own grid. */
  #compress(frame: Pictured): void {
    if (this.#refusal) throw this.#refusal;
    const { conversion } = this.#layout;
    // The rectangle around all lines has pixels between them; a grid that was given may lie beside.
    if (conversion && !this.#display.grid && !this.#workspace.i32(conversion.runs, 2)[1])
      throw new SondeError("bad-geometry", "No picture lies between neighbouring lines");
    const { dynamicRangeDb, speckle, persistence, smoothing } = this.#display;
    if (this.#source.logStepDb !== undefined) this.#clip(this.#source.logStepDb);
    else this.#detect(this.#findReference());
    if (speckle.method !== "srad") this.#speckle?.filterLevels(speckle.strength);
    this.#persistence?.average(persistence, frame);
    this.#smoothing?.smooth(smoothing);
    const { missingLines } = frame;
    if (missingLines && this.#alongColumns) this.#blank(missingLines, -dynamicRangeDb);
  }

  /** Bytes from row to row of the time-gain compensation. */
  get #tgcRowStep(): number {
    return this.#alongColumns ? 0 : 4;
  }

  /** The same from column to column. */
  get #tgcColumnStep(): number {
    return this.#alongColumns ? 4 : 0;
  }

  /** The amplitude that is shown as 0 dB, where the frame does not tell it. */
  get #known(): number | undefined {
    const { reference } = this.#display;
    return reference === "hold" ? this.#held : reference === "frame" ? undefined : reference;
  }

  /** Levels of data that come compressed. */
  #clip(logStepDb: number): void {
    const { kernels } = this.#workspace;
    const { offset, rows, columns, strideBytes } = this.#source.image;
    const { dynamicRangeDb, gainDb, speckle, reference } = this.#display;
    const known = this.#known;
    let topDb = known === undefined ? logStepDb * kernels.peakValue(offset, rows, columns, strideBytes) : 0;
    const black = known === undefined && topDb === 0 && this.#isNothing();
    this.#reference = black ? 1 : (known ?? exp((Math.LN10 / 20) * topDb));
    // A black frame is black, and tells nothing about those that follow.
    if (black) topDb = dynamicRangeDb;
    else if (reference !== "frame") topDb = kernels.amplitudeDb(this.#reference);
    if (reference === "hold" && !black) this.#held = this.#reference;
    kernels.clipDecibels(
      offset,
      rows,
      columns,
      strideBytes,
      gainDb - topDb,
      logStepDb,
      -dynamicRangeDb,
      this.#tgc,
      this.#tgcRowStep,
      this.#tgcColumnStep,
      this.#levels,
    );
    if (speckle.method !== "srad") return;
    // Amplitudes again, for the filter; gains are in them already.
    const none = this.#outside;
    this.#workspace.f32(none, OUTSIDE_CELLS).fill(0);
    this.#diffuse(
      (plane, stride) => kernels.expand(this.#levels, rows, columns, plane, stride),
      [0, none, 0, 0],
    );
  }

  /** Whether the image has nothing but zeros. */
  #isNothing(): boolean {
    const { offset, rows, columns, strideBytes } = this.#source.image;
    for (let r = 0; r < rows; r++)
      if (this.#workspace.f32(offset + r * strideBytes, 2 * columns).some((value) => value !== 0))
        return false;
    return true;
  }

  /**
   * Finds the amplitude that is shown as 0 dB.
   * @returns the same as the image has it now: faint images are lifted
   */
  #findReference(): number {
    const { reference } = this.#display;
    const [amplitude, power] = lift(this.#workspace, this.#source.image, this.#known);
    this.#reference = amplitude / power || 1;
    // A black frame tells nothing about those that follow.
    if (reference === "hold" && amplitude > 0) this.#held = this.#reference;
    return amplitude || 1;
  }

  /** Levels of complex values. */
  #detect(reference: number): void {
    const { kernels } = this.#workspace;
    const { offset, rows, columns, strideBytes } = this.#source.image;
    const { dynamicRangeDb, gainDb, speckle } = this.#display;
    if (speckle.method === "srad")
      this.#diffuse(
        (plane, stride) => kernels.envelope(offset, rows, columns, strideBytes, 1 / reference, plane, stride),
        [gainDb, this.#tgc, this.#tgcRowStep, this.#tgcColumnStep],
      );
    else
      kernels.decibels(
        offset,
        rows,
        columns,
        strideBytes,
        gainDb - kernels.amplitudeDb(reference),
        -dynamicRangeDb,
        this.#tgc,
        this.#tgcRowStep,
        this.#tgcColumnStep,
        this.#levels,
      );
  }

  /** SRAD of the envelope that `fill` puts into a plane, and its levels. */
  #diffuse(
    fill: (plane: number, strideBytes: number) => void,
    [offsetDb, tgc, rowStep, columnStep]: [number, number, number, number],
  ): void {
    const { rows, columns } = this.#source.image;
    const { dynamicRangeDb, speckle } = this.#display;
    const filtered = this.#speckle?.diffuse(speckle.strength, fill);
    if (filtered)
      this.#workspace.kernels.planeDecibels(
        filtered.plane,
        rows,
        columns,
        filtered.strideBytes,
        offsetDb,
        -dynamicRangeDb,
        tgc,
        rowStep,
        columnStep,
        this.#levels,
      );
  }

  /** The levels on the picture's grid. */
  #onPicture(outside: number): Float32Array<ArrayBuffer> {
    const { conversion } = this.#layout;
    const pixels = this.width * this.height;
    if (!conversion) return this.#workspace.f32(this.#levels, pixels).slice();
    this.#workspace.f32(this.#outside, OUTSIDE_CELLS).fill(outside);
    // A number takes the room of a pixel.
    const { table, runs, runCount } = conversion;
    this.#workspace.kernels.scanConvert(table, runs, runCount, this.#outside, this.#out);
    return this.#workspace.f32(this.#out, pixels).slice();
  }

  #blank(missing: Uint8Array, floorDb: number): void {
    const { rows, columns } = this.#source.image;
    const levels = this.#workspace.f32(this.#levels, rows * columns);
    for (let i = 0; i < rows; i++)
      if ((missing[i >> 3] >> (i & 7)) & 1) levels.fill(floorDb, i * columns, (i + 1) * columns);
  }

  /** Decibels on the picture's grid. */
  decibels(frame: Pictured): Float32Array<ArrayBuffer> {
    this.#compress(frame);
    return this.#onPicture(-this.#display.dynamicRangeDb);
  }

  /** Linear amplitude on the picture's grid; zero outside. */
  amplitudes(): Float32Array<ArrayBuffer> {
    const { offset, rows, columns, strideBytes } = this.#source.image;
    this.#workspace.kernels.magnitudes(offset, rows, columns, strideBytes, this.#levels);
    return this.#onPicture(0);
  }

  /** The picture of what is in the image now. */
  run(frame: Pictured, recycle?: Image): Omit<Image, "frameIndex" | "frameTimeS" | "elapsedMs"> {
    this.#compress(frame);
    const { width, height } = this;
    const { kernels } = this.#workspace;
    const { dynamicRangeDb } = this.#display;
    const { conversion } = this.#layout;
    if (!conversion) kernels.paint(this.#levels, this.#groups, dynamicRangeDb, this.#palette, this.#out);
    else {
      const { table, runs, runCount } = conversion;
      this.#workspace.f32(this.#outside, OUTSIDE_CELLS).fill(NO_LEVEL_DB);
      kernels.paintConverted(table, runs, runCount, dynamicRangeDb, this.#palette, this.#out);
    }
    const bytes = 4 * width * height;
    const pixels = recycle?.pixels.length === bytes ? recycle.pixels : new Uint8ClampedArray(bytes);
    pixels.set(this.#workspace.u8(this.#out, bytes));
    return { width, height, pixels, regions: this.regions, referenceAmplitude: this.#reference };
  }
}
