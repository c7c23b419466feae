/**
 * The steered path: plane waves and walking apertures on uniform arrays, pixels in step with the elements. Every channel is filtered
 * once, so that each front meets all elements at the same time; then one table of taps serves every lateral position, and the sum
 * reads memory as it lies (assembly/steer.ts, steered-taps.ts, steered-sum.ts).
 *
 *   frame -> staged transmit -> raw rows between zeros -> ring of steered rows -> sums by class -> image
 *                               [channel][sample]         [time][channel]         [depth][m]      [depth][x]
 *                               steered/raw-rows.ts       steered/ring.ts         steered/class-tables.ts
 */
import { SondeError } from "../../errors.ts";
import type { ChannelData, Frame } from "../../model.ts";
import type { ResolvedChannels } from "../resolve.ts";
import { designSteeringFilter } from "../steering-filter.ts";
import type { Workspace } from "../workspace.ts";
import type { ChannelPath, ComplexImage, PathOffer, PathStep } from "./path.ts";
import { heardSamples } from "./steered/heard-samples.ts";
import { fillingsOf, type InStep, inStep } from "./steered/in-step.ts";
import { layOutSum } from "./steered/layout.ts";
import { StagedFrame } from "./steered/staged-frame.ts";
import {
  costOfSteering,
  layOutSteering,
  type Steering,
  shortRefusal,
  steeringRequest,
  wantsShort,
} from "./steered/steering.ts";
import { SteeredSum } from "./steered/sum.ts";

class SteeredPath implements ChannelPath {
  readonly offer = STEERED;
  readonly frameSum = "steered rows serve one frame at a time, faster than frames side by side";
  readonly #info: ChannelData;
  readonly #workspace: Workspace;
  #resolved!: ResolvedChannels;
  #steering!: Steering;
  #staged!: StagedFrame;
  #scene!: InStep;
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

  steps(resolved: ResolvedChannels): PathStep[] {
    const { transmits, scan, rows, soundSpeedMps, band, signal, accuracy, fNumber, window, compound } =
      resolved;
    const short = wantsShort(this.#info, resolved);
    return [
      {
        name: "signal",
        common: true,
        key: JSON.stringify([transmits, signal, band, accuracy, short]),
        build: () => {
          this.#steering = layOutSteering(this.#workspace, this.#info, resolved, short);
          this.#staged = new StagedFrame(this.#workspace, this.#info, transmits, short);
        },
      },
      {
        name: "delays",
        key: JSON.stringify([scan, rows, soundSpeedMps]),
        build: () => this.#findScene(resolved),
      },
      {
        name: "sum",
        key: JSON.stringify([fNumber, window, accuracy, compound]),
        build: () => this.#buildSum(resolved),
      },
    ];
  }

  #findScene(resolved: ResolvedChannels): void {
    const scene = inStep(this.#info, resolved);
    if (typeof scene === "string")
      throw new SondeError("internal", `The steered path was built although ${scene}`);
    this.#scene = scene;
  }

  #buildSum(resolved: ResolvedChannels): void {
    const { upSampling, taps, error } = this.#steering.filter;
    this.#staged.heard = heardSamples(this.#info, resolved, this.#scene, taps, this.#workspace.kernels);
    const fillings = fillingsOf(this.#scene, this.#info, resolved, upSampling);
    const tables = layOutSum(this.#workspace, this.#staged, this.#info, resolved, fillings, this.#steering);
    this.#sum = new SteeredSum(this.#workspace, this.#staged, resolved.compound, this.#steering, tables);
    this.#resolved = resolved;
    const signal = resolved.signal === "rf" ? "RF" : "the analytic signal";
    const over = this.#scene.kind === "walking aperture" ? " over a walking aperture" : "";
    const arithmetic = this.#steering.short ? "int16" : "float32";
    this.words =
      `delay-and-sum of ${signal}${over}, steered by filters of ${taps} taps to ${upSampling} x the sample rate, ${arithmetic}, ` +
      `positions in lanes, predicted error ${(100 * error).toFixed(1)} %`;
  }

  load(frame: Frame, begin?: () => void): void {
    this.#staged.load(frame, begin);
  }

  sum(): void {
    this.#sum.run();
  }
}

/** The path for plane waves and walking apertures on uniform arrays. */
export const STEERED: PathOffer = {
  name: "steered",
  pointsPerMs: 4_000_000,
  cost: costOfSteering,
  merit:
    "channels are steered once, then every lateral position shares its taps and memory is read as it lies",
  refusal: (info, resolved, kernels) => {
    if (resolved.interpolation !== "auto")
      return `beamform.interpolation is "${resolved.interpolation}", and its own interpolation is only promised to be within an accuracy of sinc`;
    if (resolved.signal === "iq") return 'signal is "iq": it steers RF';
    const scene = inStep(info, resolved);
    if (typeof scene === "string") return scene;
    if (scene.kind === "walking aperture" && scene.walking.cutShort && resolved.path !== "steered")
      return 'the ends of the array cut apertures short, and their beams would be taken as wide as the others: beamform.path "steered" accepts that';
    if (resolved.removeMean) return "removeMean works on samples as they are, which it filters at once";
    const filter = designSteeringFilter(steeringRequest(info, resolved), kernels);
    const { error, taps } = filter;
    if (error > resolved.accuracy)
      return `its filters of ${taps} taps would err by ${(100 * error).toFixed(1)} %, and beamform.accuracy is ${(100 * resolved.accuracy).toFixed(1)} %`;
    return wantsShort(info, resolved) ? shortRefusal(info, resolved, filter) : undefined;
  },
  make: (workspace, info) => new SteeredPath(workspace, info),
};
