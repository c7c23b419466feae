/** Channel data: signal, delays, sum; real RF also becomes an envelope along depth. */
import { SondeError } from "../errors.ts";
import { type ChannelData, elementCount, type Frame, samplesPerFrame } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { axisStep } from "./axis.ts";
import { BeamformStage, type ComplexImage } from "./beamform-stage.ts";
import { DelayTables } from "./delay-tables.ts";
import type { FrameSum } from "./ensemble-path.ts";
import type { Decision, Imager, SignalRows } from "./imager.ts";
import type { PictureSource } from "./picture-stage.ts";
import { type ResolvedChannels, resolveChannels, resolveDisplay } from "./resolve.ts";
import { RfDetector } from "./rf-detector.ts";
import { SignalStage } from "./signal-stage.ts";
import type { Workspace } from "./workspace.ts";

/** The frequency of the echoes, where someone states it: a velocity is not to stand on a guess. */
function statedFrequency(info: ChannelData, pipeline: Pipeline): number | undefined {
  const stated = info.centerFrequencyHz ?? info.probe.centerFrequencyHz;
  return stated ?? (info.signal === "iq" ? info.modulationFrequencyHz : pipeline.demodulation?.frequencyHz);
}

function whyNoFlow({ signal, compound }: ResolvedChannels): string | undefined {
  if (signal === "rf") return 'signal is "rf": flow needs the phase of "analytic" or "iq"';
  if (compound !== "coherent")
    return `beamform.compound is "${compound}": flow needs the phase of "coherent"`;
  return undefined;
}

export class ChannelImager implements Imager {
  readonly #info: ChannelData;
  readonly #workspace: Workspace;
  #signal!: SignalStage;
  #tables!: DelayTables;
  #sum!: BeamformStage;
  #detector: RfDetector | undefined;
  #built!: ResolvedChannels;

  constructor(info: ChannelData, workspace: Workspace) {
    this.#info = info;
    this.#workspace = workspace;
  }

  decide(pipeline: Pipeline): Decision {
    const resolved = resolveChannels(this.#info, pipeline, this.#workspace.kernels);
    const display = resolveDisplay(pipeline);
    const { transmits, scan, soundSpeedMps, removeMean, band, signal, demodulation, auto } = resolved;
    const { fNumber, window, interpolation, transmitModel, compound } = resolved;
    const beamform = { method: "das", fNumber, window, interpolation, transmitModel, compound } as const;
    return {
      display,
      placeKey: undefined,
      flow: {
        soundSpeedMps,
        frameRateHz: this.#info.frameRateHz,
        centerFrequencyHz: statedFrequency(this.#info, pipeline),
        refusal: whyNoFlow(resolved),
      },
      report: {
        scan,
        fNumber,
        pipeline: {
          transmits,
          soundSpeedMps,
          removeMean,
          band,
          signal,
          demodulation,
          scan,
          beamform,
          display,
        },
      },
      steps: [
        {
          name: "signal",
          key: JSON.stringify([transmits, removeMean, band, signal, demodulation, auto]),
          build: () => this.#buildSignal(resolved),
        },
        {
          name: "delays",
          key: JSON.stringify([scan, soundSpeedMps, transmitModel]),
          build: () => {
            this.#tables = new DelayTables(
              this.#workspace,
              this.#info,
              resolved,
              this.#signal.rows.sampleRateHz,
            );
          },
        },
        {
          name: "sum",
          key: JSON.stringify([fNumber, window, interpolation, compound]),
          build: () => this.#buildSum(resolved),
        },
      ],
    };
  }

  #buildSignal(resolved: ResolvedChannels): void {
    const info = this.#info;
    this.#signal = new SignalStage(this.#workspace, {
      groups: resolved.transmits,
      rowsPerGroup: elementCount(info.probe),
      samples: info.sampleCount,
      complex: info.signal === "iq",
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

  #buildSum(resolved: ResolvedChannels): void {
    this.#sum = new BeamformStage(this.#workspace, this.#info, resolved, this.#tables, this.#signal.rows);
    // Incoherent sums are envelopes already.
    this.#detector =
      resolved.signal === "rf" && resolved.compound === "coherent"
        ? new RfDetector(this.#workspace, this.#sum.image)
        : undefined;
    this.#built = resolved;
  }

  get pictureSource(): PictureSource {
    return {
      image: this.#detector?.image ?? this.#sum.image,
      geometry: { kind: "grid", scan: this.#built.scan },
    };
  }

  /** What summing many frames at once needs, or why that cannot be. */
  get frameSum(): FrameSum | string {
    return this.#sum.frameSum;
  }

  get path(): string {
    return this.#sum.path;
  }

  get stack(): number | undefined {
    return this.#built.compound === "none" ? this.#built.transmits.length : undefined;
  }

  readRows(frame: Frame): SignalRows {
    this.#signal.run(frame, samplesPerFrame(this.#info));
    return {
      rows: this.#signal.rows,
      groups: this.#built.transmits.length,
      rowsPerGroup: elementCount(this.#info.probe),
    };
  }

  compute(frame: Frame): ComplexImage {
    this.readRows(frame);
    this.#sum.run();
    return this.#sum.image;
  }

  computeForPicture(frame: Frame): void {
    if (this.stack !== undefined)
      throw new SondeError(
        "bad-option",
        'beamform.compound is "none", which makes one image a transmit: a picture needs "coherent" or "incoherent"',
      );
    const { scan, signal, soundSpeedMps, centerFrequencyHz } = this.#built;
    const stepM = axisStep(scan.kind === "linear" ? scan.z : scan.range);
    const coarsestM = soundSpeedMps / (5 * centerFrequencyHz);
    if (signal === "rf" && stepM > coarsestM)
      throw new SondeError(
        "bad-option",
        `scan steps ${(1e3 * stepM).toFixed(3)} mm in depth, too coarse for the envelope of real RF: at most ${(1e3 * coarsestM).toFixed(3)} mm, or signal "analytic"`,
      );
    this.compute(frame);
    this.#detector?.run();
  }
}
