/** Data that are beamformed already: the sum over stacked transmits, and their grid. */
import { SondeError } from "../errors.ts";
import { type Beamformed, type Frame, samplesPerFrame } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { scanSize } from "./axis.ts";
import type { Decision, Imager, SignalRows } from "./imager.ts";
import type { ComplexImage } from "./paths/path.ts";
import type { PictureSource } from "./picture-stage.ts";
import { checkScan, resolveDisplay } from "./resolve.ts";
import { SignalStage } from "./signal-stage.ts";
import type { Workspace } from "./workspace.ts";

export class BeamformedImager implements Imager {
  readonly path = "a beamformed image, shown";
  readonly stack = undefined;
  readonly frameSum = "the data are beamformed already";
  readonly #info: Beamformed;
  readonly #workspace: Workspace;
  #signal!: SignalStage;
  #geometry: PictureSource["geometry"] = { kind: "unknown" };

  constructor(info: Beamformed, workspace: Workspace) {
    this.#info = info;
    this.#workspace = workspace;
  }

  decide(pipeline: Pipeline): Decision {
    const info = this.#info;
    const display = resolveDisplay(pipeline);
    const scan = pipeline.scan ?? info.scan;
    if (scan?.kind === "volume")
      throw new SondeError(
        "bad-option",
        'scan is a "volume": beamformed data lie on a "linear" grid or a "sector"',
      );
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
      placeKey: scan,
      amplitudeKey: "",
      flow: {
        soundSpeedMps: info.soundSpeedMps,
        frameRateHz: info.frameRateMeasured ? undefined : info.frameRateHz,
        rateMeasured: info.frameRateMeasured,
        centerFrequencyHz: info.centerFrequencyHz,
        refusal:
          info.signal === "iq"
            ? undefined
            : `${info.name} holds ${info.signal === "log" ? "compressed images" : "envelopes"}: flow needs complex images`,
      },
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
              sampleBytes: 4,
              sampleRateHz: 1,
              removeMean: false,
              analytic: false,
              startS: [],
              carrierHz: 0,
            });
          },
        },
        {
          name: "grid",
          key: JSON.stringify(scan),
          build: () => {
            this.#geometry = scan ? { kind: "grid", scan } : { kind: "unknown" };
          },
        },
      ],
    };
  }

  get #image(): ComplexImage {
    const { offset, strideBytes } = this.#signal.rows;
    return { offset, strideBytes, rows: this.#info.rows, columns: this.#info.columns };
  }

  get pictureSource(): PictureSource {
    const { signal, logStepDb = 1 } = this.#info;
    return {
      image: this.#image,
      geometry: this.#geometry,
      logStepDb: signal === "log" ? logStepDb : undefined,
    };
  }

  readRows(frame: Frame): SignalRows {
    this.#signal.run(frame, samplesPerFrame(this.#info));
    return { rows: this.#signal.rows, groups: this.#info.transmitCount, rowsPerGroup: this.#info.rows };
  }

  async compute(frame: Frame): Promise<ComplexImage> {
    this.readRows(frame);
    const image = this.#image;
    const { offset, strideBytes, rows, columns } = image;
    for (let t = 1; t < this.#info.transmitCount; t++)
      for (let r = 0; r < rows; r++)
        this.#workspace.kernels.addComplex(
          offset + (t * rows + r) * strideBytes,
          columns,
          offset + r * strideBytes,
        );
    return image;
  }

  async computeForPicture(frame: Frame): Promise<void> {
    await this.compute(frame);
  }
}
