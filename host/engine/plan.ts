/**
 * A plan on this thread: the stages of one acquisition kind, rebuilt from the first one a change reaches.
 *
 *   channels    signal -> delays -> sum -> picture -> levels
 *   lines       signal -> picture -> levels
 *   beamformed  signal -> picture -> levels
 */
import { SondeError } from "../errors.ts";
import type { Acquisition, Beamformed, ChannelData, Frame, Image, LineData, Scan } from "../model.ts";
import { elementCount, LINE_FIELDS, lineCount, samplesPerFrame } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { BeamformStage, type ComplexImage, DelayTables, scanSize } from "./beamform-stage.ts";
import { PictureStage } from "./picture-stage.ts";
import {
  checkAcquisition,
  checkScan,
  type ResolvedChannels,
  type ResolvedDisplay,
  resolveBand,
  resolveChannels,
  resolveDisplay,
  resolveSoundSpeed,
} from "./resolve.ts";
import { RfDetector } from "./rf-detector.ts";
import { SignalStage } from "./signal-stage.ts";
import type { BeamformedFrame, Plan, PlanReport, RealFrame } from "./types.ts";
import { Workspace } from "./workspace.ts";

/** One step of a plan: when its key changes, it and everything behind it are made again. */
interface Step {
  name: string;
  key: string;
  build(): void;
}

/** The octave and more around a single element's centre frequency where its echoes are; undefined when that is unknown. */
function echoBand(info: LineData, rateHz: number): { lowHz: number; highHz: number } | undefined {
  if (!info.centerFrequencyHz || info.centerFrequencyHz > rateHz / 2) return undefined;
  return { lowHz: 0.4 * info.centerFrequencyHz, highHz: Math.min(rateHz / 2, 1.6 * info.centerFrequencyHz) };
}

/** The line table for another speed of sound: samples lie as far apart as sound comes; where lines begin is geometry. */
function atSoundSpeed(info: LineData, soundSpeedMps: number): Float64Array {
  const scale = soundSpeedMps / info.soundSpeedMps;
  return info.lines.map((value, i) => (i % LINE_FIELDS === 4 ? value * scale : value));
}

/** What the steps of one acquisition kind amount to. */
interface Program {
  steps: Step[];
  display: ResolvedDisplay;
  report: Pick<PlanReport, "scan" | "pipeline" | "fNumber">;
}

export class LocalPlan implements Plan {
  readonly #info: Acquisition;
  readonly #workspace: Workspace;
  readonly #frameNumbers: number;
  #pipeline: Pipeline = {};
  #marks: number[] = [];
  #keys: string[] = [];
  #report: PlanReport | undefined;
  #channels: ResolvedChannels | undefined;
  #signal: SignalStage | undefined;
  #tables: DelayTables | undefined;
  #sum: BeamformStage | undefined;
  #detector: RfDetector | undefined;
  #picture: PictureStage | undefined;
  #closed = false;

  private constructor(info: Acquisition, workspace: Workspace) {
    this.#info = info;
    this.#workspace = workspace;
    this.#frameNumbers = samplesPerFrame(info);
  }

  static async create(info: Acquisition, pipeline: Pipeline, memoryLimitBytes: number): Promise<LocalPlan> {
    checkAcquisition(info);
    const plan = new LocalPlan(info, await Workspace.create(memoryLimitBytes));
    plan.#build(pipeline);
    return plan;
  }

  get report(): PlanReport {
    if (!this.#report) throw new SondeError("internal", "A plan without a report");
    return this.#report;
  }

  async update(pipeline: Pipeline): Promise<void> {
    this.#open();
    const before = this.#pipeline;
    try {
      this.#build(pipeline);
    } catch (error) {
      // The old tables may be half overwritten: make them again, from the start.
      this.#keys = [];
      this.#build(before);
      throw error;
    }
  }

  #open(): void {
    if (this.#closed) throw new SondeError("bad-option", "This plan was closed: make a new one");
  }

  #build(pipeline: Pipeline): void {
    const program = this.#program(pipeline);
    const { steps, display } = program;
    let first = steps.findIndex((step, i) => step.key !== this.#keys[i]);
    if (first < 0) first = steps.length;
    const amplitudeChanged = steps.some(
      (step, i) => ["signal", "sum"].includes(step.name) && step.key !== this.#keys[i],
    );
    const previous = this.#picture;
    this.#keys = this.#keys.slice(0, first);
    for (let i = first; i < steps.length; i++) {
      if (i > 0) this.#workspace.rewind(i === first ? this.#marks[i] : this.#workspace.mark);
      else this.#workspace.rewind(0);
      this.#marks[i] = this.#workspace.mark;
      steps[i].build();
      this.#keys[i] = steps[i].key;
    }
    const picture = this.#stage(this.#picture);
    if (previous && previous !== picture) picture.inheritReference(previous);
    if (amplitudeChanged) picture.releaseReference();
    picture.setLevels(display);
    this.#pipeline = pipeline;
    this.#report = {
      ...program.report,
      imageWidth: picture.width,
      imageHeight: picture.height,
      path:
        this.#sum?.path ??
        (this.#info.kind === "lines" ? "detected lines, scan-converted" : "a beamformed image, shown"),
      memoryBytes: this.#workspace.mark,
      rebuilt: [...steps.slice(first).map((step) => step.name), "levels"],
    };
  }

  #stage<T>(stage: T | undefined): T {
    if (!stage) throw new SondeError("internal", "A stage is missing from the plan");
    return stage;
  }

  #program(pipeline: Pipeline): Program {
    const display = resolveDisplay(pipeline);
    if (this.#info.kind === "channels") return this.#channelProgram(this.#info, pipeline, display);
    if (this.#info.kind === "lines") return this.#lineProgram(this.#info, pipeline, display);
    return this.#imageProgram(this.#info, pipeline, display);
  }

  #channelProgram(info: ChannelData, pipeline: Pipeline, display: ResolvedDisplay): Program {
    const resolved = resolveChannels(info, pipeline, this.#workspace.kernels);
    this.#channels = resolved;
    const { transmits, scan, soundSpeedMps, removeMean, band, signal, demodulation, auto } = resolved;
    const { fNumber, window, interpolation, transmitModel, compound } = resolved;
    return {
      display,
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
          beamform: { method: "das", fNumber, window, interpolation, transmitModel, compound },
          display,
        },
      },
      steps: [
        {
          name: "signal",
          key: JSON.stringify([transmits, removeMean, band, signal, demodulation, auto]),
          build: () => {
            this.#signal = new SignalStage(this.#workspace, {
              groups: transmits,
              rowsPerGroup: elementCount(info.probe),
              samples: info.sampleCount,
              complex: info.signal === "iq",
              sampleRateHz: info.sampleRateHz,
              removeMean,
              band,
              analytic: signal === "analytic",
              demodulation,
              startS: transmits.map((t) => info.sequence[t].startS),
              carrierHz: info.modulationFrequencyHz,
              spline: auto,
            });
          },
        },
        {
          name: "delays",
          key: JSON.stringify([scan, soundSpeedMps, transmitModel]),
          build: () => {
            this.#tables = new DelayTables(
              this.#workspace,
              info,
              resolved,
              this.#stage(this.#signal).rows.sampleRateHz,
            );
          },
        },
        {
          name: "sum",
          key: JSON.stringify([fNumber, window, interpolation, compound]),
          build: () => {
            this.#sum = new BeamformStage(
              this.#workspace,
              info,
              resolved,
              this.#stage(this.#tables),
              this.#stage(this.#signal).rows,
            );
            // Real RF becomes an envelope along depth; incoherent sums are envelopes already.
            this.#detector =
              signal === "rf" && compound === "coherent"
                ? new RfDetector(this.#workspace, this.#sum.image)
                : undefined;
          },
        },
        this.#pictureStep(display, 0, () => ({
          image: this.#detector?.image ?? this.#stage(this.#sum).image,
          geometry: { kind: "grid", scan },
        })),
      ],
    };
  }

  #lineProgram(info: LineData, pipeline: Pipeline, display: ResolvedDisplay): Program {
    if (pipeline.scan && pipeline.scan.kind !== "linear")
      throw new SondeError(
        "bad-option",
        'scan is a "sector": line data are shown on a "linear" grid, their lines say where they are',
      );
    if (pipeline.scan) checkScan("scan", pipeline.scan);
    const shown: ResolvedDisplay = {
      ...display,
      grid: display.grid ?? (pipeline.scan as Extract<Scan, { kind: "linear" }> | undefined),
    };
    const rf = info.signal === "rf";
    const soundSpeedMps = resolveSoundSpeed(pipeline, info);
    const rateHz = info.sampleRateHz ?? info.soundSpeedMps / (2 * info.lines[4]);
    const lines = atSoundSpeed(info, soundSpeedMps);
    const removeMean = pipeline.removeMean ?? rf;
    const band =
      rf || info.signal === "iq"
        ? (resolveBand(pipeline, rateHz / 2) ?? (rf ? echoBand(info, rateHz) : undefined))
        : undefined;
    if (pipeline.band && !band)
      throw new SondeError(
        "bad-option",
        `band cannot be applied to ${info.signal} lines: they are detected already`,
      );
    return {
      display: shown,
      report: {
        scan: shown.grid,
        pipeline: {
          soundSpeedMps,
          removeMean,
          band,
          signal: rf ? "analytic" : undefined,
          scan: shown.grid,
          display: shown,
        },
      },
      steps: [
        {
          name: "signal",
          key: JSON.stringify([removeMean, band]),
          build: () => {
            this.#signal = new SignalStage(this.#workspace, {
              groups: [0],
              rowsPerGroup: lineCount(info),
              samples: info.sampleCount,
              complex: info.signal === "iq",
              sampleRateHz: rateHz,
              removeMean,
              band,
              analytic: rf,
              startS: [0],
              carrierHz: 0,
            });
          },
        },
        this.#pictureStep(shown, soundSpeedMps, () => {
          const { offset, strideBytes, samples } = this.#stage(this.#signal).rows;
          return {
            image: { offset, strideBytes, rows: lineCount(info), columns: samples },
            geometry: { kind: "lines", lines },
            logStepDb: info.signal === "log" ? (info.logStepDb ?? 1) : undefined,
          };
        }),
      ],
    };
  }

  #imageProgram(info: Beamformed, pipeline: Pipeline, display: ResolvedDisplay): Program {
    const scan = pipeline.scan ?? info.scan;
    if (scan) {
      checkScan("scan", scan);
      const { rows, columns } = scanSize(scan);
      if (rows !== info.rows || columns !== info.columns)
        throw new SondeError(
          "bad-option",
          `scan is ${rows} x ${columns} points, but ${info.name} holds ${info.rows} x ${info.columns}: give the grid the file was made on`,
        );
    } else if (display.grid)
      throw new SondeError(
        "missing-data",
        `${info.name} does not say where its pixels are: give the grid it was made on as scan`,
      );
    return {
      display,
      report: { scan, pipeline: { scan, display } },
      steps: [
        {
          name: "signal",
          key: "",
          build: () => {
            this.#signal = new SignalStage(this.#workspace, {
              groups: Array.from({ length: info.transmitCount }, (_, i) => i),
              rowsPerGroup: info.rows,
              samples: info.columns,
              complex: info.signal === "iq",
              sampleRateHz: 1,
              removeMean: false,
              analytic: false,
              startS: [],
              carrierHz: 0,
            });
          },
        },
        this.#pictureStep(display, scan, () => ({
          image: this.#rowsAsImage(info),
          geometry: scan ? { kind: "grid", scan } : { kind: "unknown" },
        })),
      ],
    };
  }

  /** `place`: what, beside the display and the steps before, decides where the image lies: its grid, or lines' sound speed. */
  #pictureStep(
    display: ResolvedDisplay,
    place: number | Scan | undefined,
    source: () => ConstructorParameters<typeof PictureStage>[1],
  ): Step {
    return {
      name: "picture",
      key: JSON.stringify([display.grid, display.heightPx, place]),
      build: () => {
        this.#picture = new PictureStage(this.#workspace, source(), display);
      },
    };
  }

  #rowsAsImage(info: Beamformed): ComplexImage {
    const { offset, strideBytes } = this.#stage(this.#signal).rows;
    return { offset, strideBytes, rows: info.rows, columns: info.columns };
  }

  /** Samples to complex image. */
  #image(frame: Frame): ComplexImage {
    this.#open();
    const signal = this.#stage(this.#signal);
    signal.run(frame, this.#frameNumbers);
    if (this.#info.kind === "channels") {
      const sum = this.#stage(this.#sum);
      sum.run();
      return sum.image;
    }
    const { offset, strideBytes, samples } = signal.rows;
    if (this.#info.kind === "lines")
      return { offset, strideBytes, rows: lineCount(this.#info), columns: samples };
    const image = this.#rowsAsImage(this.#info);
    // Per-transmit images behind one another are summed into the first.
    const numbers = (image.rows * strideBytes) / 8;
    for (let t = 1; t < this.#info.transmitCount; t++)
      this.#workspace.kernels.addComplex(offset + t * image.rows * strideBytes, numbers - 8, offset);
    return image;
  }

  async beamform(frame: Frame): Promise<BeamformedFrame> {
    const image = this.#image(frame);
    const picture = this.#stage(this.#picture);
    if (this.#info.kind === "lines" && this.report.scan) {
      const amplitudes = picture.amplitudes();
      const values = new Float32Array(2 * amplitudes.length);
      for (let i = 0; i < amplitudes.length; i++) values[2 * i] = amplitudes[i];
      return { shape: [picture.height, picture.width], values };
    }
    const { rows, columns, strideBytes, offset } = image;
    const images = this.#sum?.images ?? 1;
    const values = new Float32Array(2 * images * rows * columns);
    for (let i = 0; i < images * rows; i++)
      values.set(this.#workspace.f32(offset + i * strideBytes, 2 * columns), 2 * columns * i);
    const compounded = this.#channels?.compound !== "none";
    return { shape: compounded ? [rows, columns] : [images, rows, columns], values };
  }

  /** Image ready to detect. */
  #detect(frame: Frame): void {
    if (this.#channels?.compound === "none")
      throw new SondeError(
        "bad-option",
        'beamform.compound is "none", which makes one image a transmit: a picture needs "coherent" or "incoherent"',
      );
    this.#image(frame);
    this.#detector?.run();
  }

  async decibels(frame: Frame): Promise<RealFrame> {
    this.#detect(frame);
    const picture = this.#stage(this.#picture);
    return { shape: [picture.height, picture.width], values: picture.decibels(frame.missingLines) };
  }

  async run(frame: Frame, recycle?: Image): Promise<Image> {
    const started = performance.now();
    this.#detect(frame);
    const picture = this.#stage(this.#picture).run(frame.missingLines, recycle);
    return {
      ...picture,
      frameIndex: frame.index,
      frameTimeS: frame.timeS,
      elapsedMs: performance.now() - started,
    };
  }

  /** The rows behind the signal stage, for those who want the filtered or demodulated channel data themselves. */
  async channels(frame: Frame): Promise<BeamformedFrame> {
    this.#open();
    const signal = this.#stage(this.#signal);
    signal.run(frame, this.#frameNumbers);
    const { offset, strideBytes, samples } = signal.rows;
    const groups = this.#channels?.transmits.length ?? 1;
    const perGroup =
      this.#info.kind === "channels"
        ? elementCount(this.#info.probe)
        : this.#info.kind === "lines"
          ? lineCount(this.#info)
          : 1;
    const values = new Float32Array(2 * groups * perGroup * samples);
    for (let i = 0; i < groups * perGroup; i++)
      values.set(this.#workspace.f32(offset + i * strideBytes, 2 * samples), 2 * samples * i);
    return { shape: [groups, perGroup, samples], values };
  }

  close(): void {
    this.#closed = true;
    this.#signal = this.#tables = this.#sum = this.#detector = this.#picture = undefined;
  }
}
