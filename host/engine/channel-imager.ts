/** Channel data: along the path that the planner chose, to a complex image; real RF also becomes an envelope along depth. */
import { SondeError } from "../errors.ts";
import { type ChannelData, elementCount, type Frame, type Scan, type Volume } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { axisStep } from "./axis.ts";
import type { FrameSum } from "./ensemble-path.ts";
import type { Decision, Imager, SignalRows, Step } from "./imager.ts";
import type { ChannelPath, ComplexImage } from "./paths/path.ts";
import type { PictureSource } from "./picture-stage.ts";
import { choosePath } from "./planner.ts";
import { type ResolvedChannels, resolveChannels, resolveDisplay } from "./resolve.ts";
import { RfDetector } from "./rf-detector.ts";
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
  #path!: ChannelPath;
  #detector: RfDetector | undefined;
  #built!: ResolvedChannels;

  constructor(info: ChannelData, workspace: Workspace) {
    this.#info = info;
    this.#workspace = workspace;
  }

  decide(pipeline: Pipeline): Decision {
    const resolved = resolveChannels(this.#info, pipeline, this.#workspace.kernels);
    const { offer, why, refused } = choosePath(this.#info, resolved, this.#workspace);
    const display = resolveDisplay(pipeline);
    const { transmits, scan, soundSpeedMps, removeMean, band, signal, demodulation } = resolved;
    const { fNumber, window, interpolation, accuracy, transmitModel, compound, arithmetic } = resolved;
    return {
      display,
      placeKey: undefined,
      amplitudeKey: JSON.stringify([
        transmits,
        removeMean,
        band,
        signal,
        demodulation,
        fNumber,
        window,
        interpolation,
        compound,
      ]),
      flow: {
        soundSpeedMps,
        frameRateHz: this.#info.frameRateHz,
        centerFrequencyHz: statedFrequency(this.#info, pipeline),
        refusal: whyNoFlow(resolved),
      },
      report: {
        scan,
        fNumber,
        choice: { path: offer.name, why, refused },
        pipeline: {
          transmits,
          soundSpeedMps,
          removeMean,
          band,
          signal,
          demodulation,
          scan,
          beamform: {
            method: "das",
            fNumber,
            window,
            interpolation,
            accuracy,
            path: resolved.path,
            arithmetic,
            transmitModel,
            compound,
          },
          display,
        },
      },
      steps: this.#steps(
        offer.name === this.#path?.name ? this.#path : offer.make(this.#workspace, this.#info),
        resolved,
      ),
    };
  }

  /** The path's steps; another path begins from its first one, and the envelope of RF stands behind the last. */
  #steps(path: ChannelPath, resolved: ResolvedChannels): Step[] {
    return path.steps(resolved).map(({ name, key, build }) => ({
      name,
      key: `${path.name} ${key}`,
      build: () => {
        this.#path = path;
        build();
        if (name === "sum") this.#buildDetector(resolved);
      },
    }));
  }

  #buildDetector(resolved: ResolvedChannels): void {
    // Incoherent sums are envelopes already.
    this.#detector =
      resolved.signal === "rf" && resolved.compound === "coherent"
        ? new RfDetector(this.#workspace, this.#shown(resolved.scan))
        : undefined;
    this.#built = resolved;
  }

  /** The part of the image that pictures show: all of it, or the plane of a volume that is nearest to y = 0. */
  #shown(scan: Scan | Volume): ComplexImage {
    const { image } = this.#path;
    if (scan.kind !== "volume") return image;
    const { offset, rows, columns, strideBytes } = image;
    const { count } = scan.y;
    const step = axisStep(scan.y);
    const plane = step > 0 ? Math.min(count - 1, Math.max(0, Math.round(-scan.y.min / step))) : 0;
    return {
      offset: offset + plane * strideBytes,
      rows: rows / count,
      columns,
      strideBytes: count * strideBytes,
    };
  }

  get pictureSource(): PictureSource {
    const { scan } = this.#built;
    return {
      image: this.#detector?.image ?? this.#shown(scan),
      geometry: {
        kind: "grid",
        scan: scan.kind === "volume" ? { kind: "linear", x: scan.x, z: scan.z } : scan,
      },
    };
  }

  /** What summing many frames at once needs, or why that cannot be. */
  get frameSum(): FrameSum | string {
    return this.#path.frameSum;
  }

  get path(): string {
    return this.#path.words;
  }

  get stack(): number | undefined {
    return this.#built.compound === "none" ? this.#path.images : undefined;
  }

  readRows(frame: Frame): SignalRows {
    const rows = this.#path.readRows?.(frame);
    if (!rows)
      throw new SondeError(
        "bad-option",
        `beamform.path is "${this.#path.name}", which never holds all filtered rows at once: choose "depth"`,
      );
    return {
      rows,
      groups: this.#built.transmits.length,
      rowsPerGroup: elementCount(this.#info.probe),
    };
  }

  compute(frame: Frame): ComplexImage {
    this.#path.run(frame);
    return this.#path.image;
  }

  computeForPicture(frame: Frame): void {
    if (this.stack !== undefined)
      throw new SondeError(
        "bad-option",
        'beamform.compound is "none", which makes one image a transmit: a picture needs "coherent" or "incoherent"',
      );
    const { scan, signal, soundSpeedMps, centerFrequencyHz } = this.#built;
    const stepM = axisStep(scan.kind === "sector" ? scan.range : scan.z);
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
