/**
 * Delay-and-sum on a pixel grid: the tables of one geometry, and the sum. Two steps that rebuild separately: the delays
 * (grid, transmits, speed of sound) and the receive aperture (f-number, window, interpolation).
 */
import { SondeError } from "../errors.ts";
import { firingTimes } from "../geometry/transmits.ts";
import { type ChannelData, elementCount, type Scan, type Transmit } from "../model.ts";
import type { Window } from "../pipeline.ts";
import { makeInterpolator, makeSpline } from "./interpolation.ts";
import type { ResolvedChannels } from "./resolve.ts";
import type { Rows } from "./signal-stage.ts";
import type { Workspace } from "./workspace.ts";

/** A complex image in core memory: `rows` x `columns`, rows `strideBytes` apart. */
export interface ComplexImage {
  offset: number;
  rows: number;
  columns: number;
  strideBytes: number;
}

/** Wave kinds of the core (assembly/delays.ts). */
const PLANE = 0;
const DIVERGING = 1;
const FOCUSED = 2;
const SINGLE = 3;
const HYBRID_LINEAR = 4;
const HYBRID_SECTOR = 5;
/** Half the zone around a focus that the hybrid model treats as plane: USTB's default, 1 mm. */
const HYBRID_MARGIN_M = 1e-3;
/** Kernel calls a frame: V8 tiers up between calls only, so long work is cut. */
const CALLS_PER_FRAME = 24;
/** Float32 numbers of one element in the core. */
const ELEMENT_NUMBERS = 8;
/** Float64 numbers of one element where exactness counts: x y z nx nz. */
const EXACT_ELEMENT_NUMBERS = 5;

/** flat part, 1 / roll, and the three weights of each window (assembly/apodization.ts). */
const WINDOW_SHAPES: Record<
  Window,
  readonly [flat: number, inverseRoll: number, w0: number, w1: number, w2: number]
> = {
  boxcar: [0.5, 0, 1, 0, 0],
  hann: [0, 1, 0.5, 0.5, 0],
  hamming: [0, 1, 0.53836, 0.46164, 0],
  tukey25: [0.375, 4, 0.5, 0.5, 0],
  tukey50: [0.25, 2, 0.5, 0.5, 0],
  tukey75: [0.125, 1 / 0.75, 0.5, 0.5, 0],
  triangle: [0, 1, 1, 0, -2],
};

const step = (min: number, max: number, count: number) => (count > 1 ? (max - min) / (count - 1) : 0);

/** Rows and columns of a scan. */
export function scanSize(scan: Scan): { rows: number; columns: number } {
  return scan.kind === "linear"
    ? { rows: scan.z.count, columns: scan.x.count }
    : { rows: scan.range.count, columns: scan.angle.count };
}

/** Pixels, element positions and transmit delays of one geometry. */
export class DelayTables {
  readonly rows: number;
  readonly columns: number;
  /** Columns rounded up to whole blocks of four. */
  readonly paddedColumns: number;
  readonly blocks: number;
  /** Offsets in core memory. */
  readonly pixels: number;
  readonly delays: number;
  readonly elements: number;
  /** Pixels and elements once more, in float64 metres, for what is decided exactly. */
  readonly exactPixels: number;
  readonly exactElements: number;
  readonly models: string;

  constructor(workspace: Workspace, info: ChannelData, resolved: ResolvedChannels, sampleRateHz: number) {
    const { kernels } = workspace;
    const { scan, soundSpeedMps } = resolved;
    const { rows, columns } = scanSize(scan);
    this.rows = rows;
    this.columns = columns;
    this.paddedColumns = Math.ceil(columns / 4) * 4;
    const count = rows * this.paddedColumns;
    this.blocks = count / 4;
    const samplesPerMetre = sampleRateHz / soundSpeedMps;

    const positions = workspace.take(2 * count, 8, "The pixel grid");
    this.exactPixels = positions;
    if (scan.kind === "linear")
      kernels.linearPixels(
        rows,
        columns,
        scan.x.min,
        step(scan.x.min, scan.x.max, columns),
        scan.z.min,
        step(scan.z.min, scan.z.max, rows),
        positions,
      );
    else {
      const turn = 1 / (2 * Math.PI);
      kernels.sectorPixels(
        rows,
        columns,
        scan.range.min,
        step(scan.range.min, scan.range.max, rows),
        scan.angle.min * turn,
        step(scan.angle.min, scan.angle.max, columns) * turn,
        scan.apex[0],
        scan.apex[1],
        positions,
      );
    }
    this.pixels = workspace.take(2 * count, 4, "The pixel grid");
    kernels.scalePixels(positions, count, samplesPerMetre, this.pixels);

    const n = elementCount(info.probe);
    const { positionsM, azimuthsRad } = info.probe;
    this.elements = workspace.take(n * ELEMENT_NUMBERS, 4, "The elements");
    this.exactElements = workspace.take(n * EXACT_ELEMENT_NUMBERS, 8, "The elements");
    const table = workspace.f32(this.elements, n * ELEMENT_NUMBERS);
    const exact = workspace.f64(this.exactElements, n * EXACT_ELEMENT_NUMBERS);
    for (let e = 0; e < n; e++) {
      const [x, y, z] = positionsM.subarray(3 * e, 3 * e + 3);
      const turns = azimuthsRad[e] / (2 * Math.PI);
      const normal = [kernels.sinTurns(turns), kernels.cosTurns(turns)];
      const elevation = y * samplesPerMetre;
      table.set(
        [x * samplesPerMetre, z * samplesPerMetre, elevation * elevation, ...normal],
        ELEMENT_NUMBERS * e,
      );
      exact.set([x, y, z, ...normal], EXACT_ELEMENT_NUMBERS * e);
    }

    const transmits = resolved.transmits.map((t) => info.sequence[t]);
    this.delays = workspace.take(count * transmits.length, 4, "The transmit delays");
    const firing = workspace.take(n, 8, "The elements");
    const models = new Set<string>();
    transmits.forEach((transmit, t) => {
      const model = transmitModel(transmit, resolved);
      models.add(model);
      const startSamples = transmit.startS * sampleRateHz;
      if (model === "first-arrival") {
        workspace
          .f64(firing, n)
          .set(transmit.firingS ?? firingTimes(transmit.wave, info.probe, soundSpeedMps));
        kernels.firstArrivalDelays(
          this.exactElements,
          firing,
          n,
          sampleRateHz,
          soundSpeedMps,
          startSamples,
          positions,
          count,
          this.delays,
          t,
          transmits.length,
        );
        return;
      }
      const { kind, x, z } = coreWave(transmit, model, info, scan, kernels);
      kernels.transmitDelays(
        kind,
        x,
        z,
        HYBRID_MARGIN_M,
        samplesPerMetre,
        startSamples,
        positions,
        count,
        this.delays,
        t,
        transmits.length,
      );
    });
    this.models = [...models].join(", ");
  }
}

function transmitModel(
  transmit: Transmit,
  resolved: ResolvedChannels,
): "spherical" | "first-arrival" | "hybrid" {
  if (resolved.transmitModel === "auto")
    return transmit.wave.kind === "firing" ? "first-arrival" : "spherical";
  if (transmit.wave.kind === "firing" && resolved.transmitModel !== "first-arrival")
    throw new SondeError(
      "missing-data",
      `transmitModel is "${resolved.transmitModel}", but the data state firing times only, no source: choose "first-arrival" or "auto"`,
    );
  return resolved.transmitModel;
}

function coreWave(
  transmit: Transmit,
  model: "spherical" | "hybrid",
  info: ChannelData,
  scan: Scan,
  { sinTurns, cosTurns }: Pick<Workspace["kernels"], "sinTurns" | "cosTurns">,
): { kind: number; x: number; z: number } {
  const { wave } = transmit;
  if (wave.kind === "plane") {
    const turns = wave.azimuthRad / (2 * Math.PI);
    return { kind: PLANE, x: sinTurns(turns), z: cosTurns(turns) };
  }
  if (wave.kind === "element")
    return {
      kind: SINGLE,
      x: info.probe.positionsM[3 * wave.element],
      z: info.probe.positionsM[3 * wave.element + 2],
    };
  if (wave.kind === "diverging") return { kind: DIVERGING, x: wave.source[0], z: wave.source[2] };
  if (wave.kind === "focused") {
    const kind = model === "spherical" ? FOCUSED : scan.kind === "linear" ? HYBRID_LINEAR : HYBRID_SECTOR;
    return { kind, x: wave.source[0], z: wave.source[2] };
  }
  throw new SondeError("internal", "Bare firing times have no source");
}

/** The sum itself. */
export class BeamformStage {
  readonly image: ComplexImage;
  /** How the data reach the pixels, in words. */
  readonly path: string;
  readonly #workspace: Workspace;
  readonly #tables: DelayTables;
  readonly #transmits: number;
  readonly #compound: ResolvedChannels["compound"];
  readonly #scratch: number;
  readonly #configure: () => void;
  readonly #kernel: (
    block0: number,
    block1: number,
    transmit0: number,
    transmit1: number,
    out: number,
  ) => void;

  constructor(
    workspace: Workspace,
    info: ChannelData,
    resolved: ResolvedChannels,
    tables: DelayTables,
    rows: Rows,
  ) {
    this.#workspace = workspace;
    this.#tables = tables;
    this.#transmits = resolved.transmits.length;
    this.#compound = resolved.compound;
    const { kernels } = workspace;
    const n = elementCount(info.probe);

    const window = workspace.take(8, 4, "The aperture");
    workspace.f32(window, 6).set([resolved.fNumber, ...WINDOW_SHAPES[resolved.window]]);
    const ranges = workspace.take(2 * tables.blocks, 2, "The aperture");
    const masks = workspace.take(n * tables.blocks, 1, "The aperture");
    kernels.apertures(
      tables.exactPixels,
      tables.blocks,
      tables.exactElements,
      n,
      resolved.fNumber,
      masks,
      ranges,
    );

    const { auto } = resolved;
    const interpolator =
      resolved.interpolation === "auto"
        ? makeSpline(auto?.degree ?? 3)
        : makeInterpolator(resolved.interpolation, kernels);
    const coefficients = interpolator.coefficients;
    const numbers = coefficients.flat();
    const coefficientTable = workspace.take(Math.max(1, numbers.length), 4, "The interpolator");
    workspace.f32(coefficientTable, numbers.length).set(numbers);

    const iq = resolved.signal === "iq";
    const carrierHz = iq ? (resolved.demodulation?.frequencyHz ?? info.modulationFrequencyHz) : 0;
    const phases = workspace.take(this.#transmits, 4, "The phases");
    workspace.f32(phases, this.#transmits).set(
      resolved.transmits.map((t) => {
        const transmit = info.sequence[t];
        const turns =
          carrierHz * (resolved.demodulation ? transmit.startS : (transmit.mixerStartS ?? transmit.startS));
        return turns - Math.floor(turns);
      }),
    );

    this.#configure = () => {
      kernels.dasRows(rows.offset, rows.strideBytes, n * rows.strideBytes, this.#transmits);
      kernels.dasTables(tables.pixels, tables.delays, ranges, masks, tables.elements, n, window, phases);
      kernels.dasInterpolation(
        interpolator.low,
        Math.min(rows.samples - interpolator.fromEnd, rows.lastIndex),
        interpolator.nearest,
        coefficientTable,
        coefficients.length ? coefficients[0].length - 1 : 0,
        carrierHz / rows.sampleRateHz,
      );
    };
    const [plain, rotating] = {
      "two-taps": [kernels.dasTwoTaps, kernels.dasTwoTapsIq],
      "four-taps": [kernels.dasFourTaps, kernels.dasFourTapsIq],
      "six-taps": [kernels.dasSixTaps, kernels.dasSixTapsIq],
      spline: [kernels.dasSpline, kernels.dasSplineIq],
    }[interpolator.kernel];
    this.#kernel = iq ? rotating : plain;

    const imageNumbers = 2 * tables.rows * tables.paddedColumns;
    const images = resolved.compound === "none" ? this.#transmits : 1;
    const offset = workspace.take(images * imageNumbers, 4, "The image");
    this.#scratch = resolved.compound === "incoherent" ? workspace.take(imageNumbers, 4, "The image") : 0;
    this.image = {
      offset,
      rows: tables.rows,
      columns: tables.columns,
      strideBytes: 8 * tables.paddedColumns,
    };
    const signal = iq ? "baseband IQ" : resolved.signal === "rf" ? "RF" : "the analytic signal";
    const spline =
      auto && `${auto.degree === 1 ? "linear" : "cubic"} spline at ${auto.upSampling} x the sample rate`;
    this.path = `delay-and-sum of ${signal}, four pixels in lanes, ${spline ?? resolved.interpolation} interpolation, ${tables.models} transmits`;
  }

  /** Number of images behind one another: the transmits when not compounded, else 1. */
  get images(): number {
    return this.#compound === "none" ? this.#transmits : 1;
  }

  run(): void {
    this.#configure();
    const { offset } = this.image;
    if (this.#compound === "coherent") this.#sum(0, this.#transmits, offset);
    else if (this.#compound === "none") {
      const bytes = this.image.rows * this.image.strideBytes;
      for (let t = 0; t < this.#transmits; t++) this.#sum(t, t + 1, offset + t * bytes);
    } else {
      const count = this.#tables.rows * this.#tables.paddedColumns;
      this.#workspace.u8(offset, 8 * count).fill(0);
      for (let t = 0; t < this.#transmits; t++) {
        this.#sum(t, t + 1, this.#scratch);
        this.#workspace.kernels.addMagnitudes(this.#scratch, count, offset);
      }
    }
  }

  #sum(transmit0: number, transmit1: number, out: number): void {
    const { blocks } = this.#tables;
    const slice = Math.max(1, Math.ceil(blocks / CALLS_PER_FRAME));
    for (let b = 0; b < blocks; b += slice)
      this.#kernel(b, Math.min(blocks, b + slice), transmit0, transmit1, out);
  }
}
