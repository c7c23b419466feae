/**
 * The steered path: plane waves on uniform arrays, pixels in step with the elements. Every channel is filtered once, so that each front
 * meets all elements at the same time; then one table of taps serves every lateral position, and the sum reads memory as it lies
 * (assembly/steer.ts, steered-taps.ts, steered-sum.ts).
 *
 *   frame -> staged transmit -> raw rows between zeros -> ring of steered rows -> sums by class -> image
 *                               [channel][sample]         [time][channel]         [depth][m]      [depth][x]
 *                               steered/raw-rows.ts       steered/ring.ts         steered/class-tables.ts
 */
import { SondeError } from "../../errors.ts";
import type { Axis, ChannelData, Frame } from "../../model.ts";
import { axisStep } from "../axis.ts";
import type { Step } from "../imager.ts";
import type { ResolvedChannels } from "../resolve.ts";
import { designSteeringFilter } from "../steering-filter.ts";
import type { Workspace } from "../workspace.ts";
import { type ElementGrid, elementGrid, type PixelClass, pixelClasses } from "./lattice.ts";
import type { ChannelPath, ComplexImage, PathOffer } from "./path.ts";
import { layOutSum } from "./steered/layout.ts";
import { planeWaves } from "./steered/plane-waves.ts";
import { layOutSteering, type Steering, steeringRequest, wantsShort } from "./steered/steering.ts";
import { SteeredSum } from "./steered/sum.ts";
import { classTaps } from "./steered/taps.ts";

/** Heavier elements are heard however lax the accuracy is. */
const MOST_NEGLIGIBLE = 0.02;

class SteeredPath implements ChannelPath {
  readonly name = "steered";
  readonly #info: ChannelData;
  readonly #workspace: Workspace;
  #resolved!: ResolvedChannels;
  #steering!: Steering;
  #lattice!: Lattice;
  #sum!: SteeredSum;
  words = "";

  constructor(workspace: Workspace, info: ChannelData) {
    this.#workspace = workspace;
    this.#info = info;
  }

  get images(): number {
    const { compound, transmits } = this.#resolved;
    return compound === "none" ? transmits.length : 1;
  }

  get image(): ComplexImage {
    return this.#sum.image;
  }

  steps(resolved: ResolvedChannels): Step[] {
    const { transmits, scan, rows, soundSpeedMps, band, signal, accuracy, fNumber, window, compound } =
      resolved;
    const short = wantsShort(this.#info, resolved);
    return [
      {
        name: "signal",
        key: JSON.stringify([signal, band, accuracy, short]),
        build: () => {
          this.#steering = layOutSteering(this.#workspace, this.#info, resolved, short);
        },
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

  #findLattice(resolved: ResolvedChannels): void {
    const lattice = latticeOf(this.#info, resolved);
    if (typeof lattice === "string")
      throw new SondeError("internal", `The steered path was built although ${lattice}`);
    this.#lattice = lattice;
  }

  #buildSum(resolved: ResolvedChannels): void {
    const { grid, x, y, z } = this.#lattice;
    const { fNumber, window, rows, accuracy, soundSpeedMps, transmits } = resolved;
    const elevation = this.#info.probe.kind === "matrix";
    const aperture = { fNumber, window, elevation, negligible: Math.min(accuracy, MOST_NEGLIGIBLE) };
    const classes = y.flatMap((across) =>
      x.map((along) => classTaps(grid, along, across, z, rows, aperture, this.#workspace.kernels)),
    );
    const depthM = (k: number) => z.min + (rows.first + k) * axisStep(z);
    const rates = {
      sampleRateHz: this.#info.sampleRateHz,
      soundSpeedMps,
      upSampling: this.#steering.filter.upSampling,
    };
    const fillings = planeWaves(this.#info, transmits, grid, classes, depthM, rates, this.#workspace.kernels);
    const tables = layOutSum(this.#workspace, this.#info, resolved, fillings, this.#steering);
    this.#sum = new SteeredSum(this.#workspace, this.#info, resolved, this.#steering, tables);
    this.#resolved = resolved;
    const signal = resolved.signal === "rf" ? "RF" : "the analytic signal";
    const {
      short,
      filter: { taps, upSampling, error },
    } = this.#steering;
    this.words =
      `delay-and-sum of ${signal}, steered by filters of ${taps} taps to ${upSampling} x the sample rate, ${short ? "int16" : "float32"}, ` +
      `positions in lanes, predicted error ${(100 * error).toFixed(1)} %`;
  }

  run(frame: Frame): void {
    this.#sum.run(frame);
  }
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
