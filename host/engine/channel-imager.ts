/** Channel data: along the path that the planner chose, to a complex image; real RF also becomes an envelope along depth. */
import { SondeError } from "../errors.ts";
import { type ChannelData, elementCount, type Frame } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { axisStep } from "./axis.ts";
import type { Decision, Imager, SignalRows, Step } from "./imager.ts";
import type { ChannelPath, ComplexImage } from "./paths/path.ts";
import type { PictureSource } from "./picture-stage.ts";
import { choosePath } from "./planner.ts";
import { type ResolvedChannels, resolveChannels, resolveDisplay } from "./resolve.ts";
import { RfDetector } from "./rf-detector.ts";
import type { Workspace } from "./workspace.ts";

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
        ? new RfDetector(this.#workspace, this.#path.image)
        : undefined;
    this.#built = resolved;
  }

  get pictureSource(): PictureSource {
    return {
      image: this.#detector?.image ?? this.#path.image,
      geometry: { kind: "grid", scan: this.#built.scan },
    };
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
