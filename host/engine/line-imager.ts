/** Line data: detected as they are, and placed by their line table. */
import { SondeError } from "../errors.ts";
import { cos, sin } from "../geometry/exact.ts";
import { type Frame, LINE_FIELDS, type LineData, lineCount, samplesPerFrame } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import type { Decision, Imager, SignalRows } from "./imager.ts";
import type { ComplexImage } from "./paths/path.ts";
import type { PictureSource } from "./picture-stage.ts";
import { checkScan, resolveBand, resolveDisplay, resolveSoundSpeed } from "./resolve.ts";
import { SignalStage } from "./signal-stage.ts";
import type { Workspace } from "./workspace.ts";

/** The octave and more around a single element's centre frequency where its echoes are; a quarter of the sample rate if unstated. */
function echoBand(info: LineData, rateHz: number): { lowHz: number; highHz: number } | undefined {
  const centerHz = info.centerFrequencyHz ?? rateHz / 4;
  if (centerHz > rateHz / 2) return undefined;
  return { lowHz: 0.4 * centerHz, highHz: Math.min(rateHz / 2, 1.6 * centerHz) };
}

/** The line table for another speed of sound: samples lie as far apart as sound comes; where lines begin is geometry. */
function atSoundSpeed(info: LineData, soundSpeedMps: number): Float64Array {
  const scale = soundSpeedMps / info.soundSpeedMps;
  return info.lines.map((value, i) => (i % LINE_FIELDS === 4 ? value * scale : value));
}

/** A single line is shown as a strip this fraction of its length wide. */
const STRIP_FRACTION = 0.1;

/** Two copies of a single line, side by side. */
function stripOf(line: Float64Array, samples: number): Float64Array {
  const half = (STRIP_FRACTION / 2) * samples * line[4];
  const [dx, dz] = [half * cos(line[2]), -half * sin(line[2])];
  const beside = (side: number) => line.map((value, i) => value + side * [dx, dz, 0, 0, 0][i]);
  return Float64Array.of(...beside(-1), ...beside(1));
}

export class LineImager implements Imager {
  readonly path = "detected lines, scan-converted";
  readonly stack = undefined;
  readonly frameSum = "lines are beamformed already";
  readonly #info: LineData;
  readonly #workspace: Workspace;
  #signal!: SignalStage;
  #lines!: Float64Array;

  constructor(info: LineData, workspace: Workspace) {
    this.#info = info;
    this.#workspace = workspace;
  }

  decide(pipeline: Pipeline): Decision {
    const info = this.#info;
    const { scan } = pipeline;
    if (scan) checkScan("scan", scan);
    if (scan && scan.kind !== "linear")
      throw new SondeError(
        "bad-option",
        `scan is a "${scan.kind}": line data are shown on a "linear" grid, their lines say where they are`,
      );
    const resolved = resolveDisplay(pipeline);
    const display = { ...resolved, grid: resolved.grid ?? scan };
    const rf = info.signal === "rf";
    const detected = !rf && info.signal !== "iq";
    if (pipeline.band && detected)
      throw new SondeError(
        "bad-option",
        `band cannot be applied to ${info.signal} lines: they are detected already`,
      );
    const soundSpeedMps = resolveSoundSpeed(pipeline, info);
    const lines = atSoundSpeed(info, soundSpeedMps);
    const sampleRateHz = info.sampleRateHz ?? info.soundSpeedMps / (2 * info.lines[4]);
    const removeMean = pipeline.removeMean ?? rf;
    const band = resolveBand(pipeline, sampleRateHz / 2) ?? (rf ? echoBand(info, sampleRateHz) : undefined);
    const signal = rf ? ("analytic" as const) : undefined;
    return {
      display,
      placeKey: soundSpeedMps,
      amplitudeKey: JSON.stringify([removeMean, band]),
      flow: {
        soundSpeedMps,
        frameRateHz: info.frameRateMeasured ? undefined : info.frameRateHz,
        rateMeasured: info.frameRateMeasured,
        centerFrequencyHz: info.centerFrequencyHz,
        refusal: detected ? `${info.name} holds ${info.signal} lines: flow needs RF or IQ` : undefined,
      },
      report: {
        scan: display.grid,
        pipeline: { soundSpeedMps, removeMean, band, signal, scan: display.grid, display },
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
              sampleBytes: 4,
              sampleRateHz,
              removeMean,
              band,
              analytic: rf,
              startS: [0],
              carrierHz: 0,
            });
          },
        },
        {
          name: "lines",
          key: String(soundSpeedMps),
          build: () => {
            this.#lines = lines;
          },
        },
      ],
    };
  }

  get #image(): ComplexImage {
    const { offset, strideBytes, samples } = this.#signal.rows;
    return { offset, strideBytes, rows: lineCount(this.#info), columns: samples };
  }

  get pictureSource(): PictureSource {
    const { signal, logStepDb = 1, across } = this.#info;
    const { rows, columns } = this.#image;
    return {
      image: this.#image,
      depthOnly: across !== undefined,
      geometry:
        rows > 1
          ? { kind: "lines", lines: this.#lines, stride: columns }
          : { kind: "lines", lines: stripOf(this.#lines, columns), stride: 0 },
      logStepDb: signal === "log" ? logStepDb : undefined,
    };
  }

  readRows(frame: Frame): SignalRows {
    this.#signal.run(frame, samplesPerFrame(this.#info));
    return { rows: this.#signal.rows, groups: 1, rowsPerGroup: lineCount(this.#info) };
  }

  async compute(frame: Frame): Promise<ComplexImage> {
    this.readRows(frame);
    return this.#image;
  }

  async computeForPicture(frame: Frame): Promise<void> {
    this.readRows(frame);
  }
}
