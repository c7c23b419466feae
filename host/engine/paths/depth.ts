/** The path for every geometry: four pixels in lanes, each with its own delays, on float32 rows of the whole record; volumes plane by plane. */
import { type ChannelData, elementCount, type Frame, samplesPerFrame } from "../../model.ts";
import { DelayTables } from "../delay-tables.ts";
import type { FrameSum } from "../ensemble-path.ts";
import { flatChannels, type ResolvedChannels } from "../resolve.ts";
import { bytesOfType } from "../sample-types.ts";
import type { Share } from "../share.ts";
import { type Rows, SignalStage } from "../signal-stage.ts";
import type { Workspace } from "../workspace.ts";
import { costOfPixels } from "./cost.ts";
import { DepthSum } from "./depth-sum.ts";
import type { ChannelPath, ComplexImage, PathOffer, PathStep } from "./path.ts";

class DepthPath implements ChannelPath {
  readonly offer = DEPTH;
  readonly #info: ChannelData;
  readonly #workspace: Workspace;
  #signal!: SignalStage;
  #tables!: DelayTables;
  #sum!: DepthSum;

  constructor(workspace: Workspace, info: ChannelData) {
    this.#workspace = workspace;
    this.#info = info;
  }

  steps(wanted: ResolvedChannels): PathStep[] {
    const resolved = flatChannels(wanted);
    const { transmits, rows, soundSpeedMps, removeMean, band, signal, demodulation, auto } = resolved;
    const { fNumber, window, interpolation, transmitModel, compound, arithmetic } = resolved;
    return [
      {
        name: "signal",
        common: true,
        key: JSON.stringify([transmits, removeMean, band, signal, demodulation, auto]),
        build: () => this.#buildSignal(resolved),
      },
      {
        name: "delays",
        key: JSON.stringify([wanted.scan, rows, soundSpeedMps, transmitModel]),
        build: () => {
          const { sampleRateHz } = this.#signal.rows;
          this.#tables = new DelayTables(this.#workspace, this.#info, resolved, sampleRateHz);
        },
      },
      {
        name: "sum",
        key: JSON.stringify([fNumber, window, interpolation, compound, arithmetic]),
        build: () => {
          this.#sum = new DepthSum(this.#workspace, this.#info, resolved, this.#tables, this.#signal.rows);
        },
      },
    ];
  }

  #buildSignal(resolved: ResolvedChannels): void {
    const info = this.#info;
    this.#signal = new SignalStage(this.#workspace, {
      groups: resolved.transmits,
      rowsPerGroup: elementCount(info.probe),
      samples: info.sampleCount,
      complex: info.signal === "iq",
      sampleBytes: bytesOfType(info.sampleType),
      sampleRateHz: info.sampleRateHz,
      removeMean: resolved.removeMean,
      band: resolved.band,
      analytic: resolved.signal === "analytic",
      demodulation: resolved.demodulation,
      startS: resolved.transmits.map((t) => info.sequence[t].startS),
      carrierHz: info.modulationFrequencyHz,
      spline: resolved.auto,
    });
  }

  get words(): string {
    return this.#sum.words;
  }

  get frameSum(): FrameSum | string {
    return this.#sum.frameSum;
  }

  get images(): number {
    return this.#sum.images;
  }

  get image(): ComplexImage {
    return this.#sum.image;
  }

  get filtered(): Rows {
    return this.#signal.rows;
  }

  load(frame: Frame): void {
    this.#signal.load(frame, samplesPerFrame(this.#info));
  }

  prepare(share: Share): void {
    this.#signal.filter(share);
  }

  sum(): void {
    this.#sum.run();
  }
}

/** The path for everything. */
export const DEPTH: PathOffer = {
  name: "depth",
  pointsPerMs: 500_000,
  cost: (_info, resolved) => costOfPixels(resolved),
  merit: "it takes any geometry and any named interpolation",
  refusal: (_info, { arithmetic, signal }) =>
    arithmetic === "int16" && signal !== "iq"
      ? 'its arithmetic is float32 but for ensembles of IQ, and beamform.arithmetic is "int16"'
      : undefined,
  make: (workspace, info) => new DepthPath(workspace, info),
};
