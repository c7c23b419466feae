/** The path for grids fine enough across: eight lateral neighbours in lanes, their samples in one register, on int16 rows made by a short filter. */
import type { Kernels } from "../../core/binding.ts";
import { type ChannelData, elementCount, type Frame, samplesPerFrame } from "../../model.ts";
import { scanSize } from "../axis.ts";
import type { Step } from "../imager.ts";
import { type FlatChannels, flatChannels, type ResolvedChannels } from "../resolve.ts";
import { ShortFilter, ShortRows } from "../short-rows.ts";
import { designSteeringFilter, type SteeringFilter } from "../steering-filter.ts";
import type { Workspace } from "../workspace.ts";
import { LateralSum } from "./lateral-sum.ts";
import { LateralTables, type Survey, surveyLateral } from "./lateral-tables.ts";
import type { ChannelPath, ComplexImage, PathOffer } from "./path.ts";

/** Neighbours taken at a time. */
const LANES = 8;
/**
 * Samples that eight delays may spread over: two loads hold 15 positions with their right neighbours, up to two samples are lost by
 * keeping whole samples apart, and float32 positions may be off by a hundredth.
 */
const MOST_SPREAD = 13 - 0.01;
/** Positions are float32 times 512, rounded: beyond this float32 is coarser. */
const MOST_SAMPLES = 2 ** 15;

/** What the path would do for one geometry. */
interface Outlook {
  key: string;
  filter: SteeringFilter;
  /** Undefined when the filter alone rules the path out. */
  survey?: Survey;
}

/** The last outlook of each acquisition: a pipeline that changes only its gain asks the same again. */
const outlooks = new WeakMap<ChannelData, Outlook>();

function lookOut(info: ChannelData, resolved: FlatChannels, workspace: Workspace): Outlook {
  const { transmits, scan, rows, soundSpeedMps, transmitModel, fNumber } = resolved;
  const { centerFrequencyHz, bandwidthHz, band, signal, accuracy } = resolved;
  const key = JSON.stringify([
    [transmits, scan, rows, soundSpeedMps, transmitModel, fNumber],
    [centerFrequencyHz, bandwidthHz, band, signal, accuracy],
  ]);
  const known = outlooks.get(info);
  if (known?.key === key) return known;
  const filter = design(info, resolved, workspace.kernels);
  const outlook: Outlook = { key, filter };
  const lastIndex = (info.sampleCount - 1) * filter.upSampling;
  if (filter.error <= accuracy && lastIndex < MOST_SAMPLES)
    outlook.survey = surveyLateral(
      workspace,
      info,
      resolved,
      info.sampleRateHz * filter.upSampling,
      lastIndex,
      MOST_SPREAD,
    );
  outlooks.set(info, outlook);
  return outlook;
}

function design(info: ChannelData, resolved: FlatChannels, kernels: Kernels): SteeringFilter {
  return designSteeringFilter(
    {
      sampleRateHz: info.sampleRateHz,
      centerHz: resolved.centerFrequencyHz,
      bandwidthHz: resolved.bandwidthHz,
      band: resolved.band,
      analytic: resolved.signal === "analytic",
      accuracy: resolved.accuracy,
    },
    kernels,
  );
}

class LateralPath implements ChannelPath {
  readonly name = "lateral";
  readonly frameSum = "eight neighbours stand in lanes, not frames";
  readonly #info: ChannelData;
  readonly #workspace: Workspace;
  #filter!: ShortFilter;
  #rows!: ShortRows;
  #tables!: LateralTables;
  #sum!: LateralSum;
  #words!: string;

  constructor(workspace: Workspace, info: ChannelData) {
    this.#workspace = workspace;
    this.#info = info;
  }

  steps(wanted: ResolvedChannels): Step[] {
    const resolved = flatChannels(wanted);
    const { transmits, scan, rows, soundSpeedMps, removeMean, band, signal, accuracy } = resolved;
    const { fNumber, window, transmitModel, compound } = resolved;
    return [
      {
        name: "signal",
        key: JSON.stringify([transmits, removeMean, band, signal, accuracy]),
        build: () => this.#buildFilter(resolved),
      },
      {
        name: "delays",
        key: JSON.stringify([scan, rows, soundSpeedMps, transmitModel, fNumber, compound !== "coherent"]),
        build: () => this.#buildTables(resolved),
      },
      {
        name: "sum",
        key: JSON.stringify([window, compound]),
        build: () => this.#buildSum(resolved),
      },
    ];
  }

  #buildFilter(resolved: FlatChannels): void {
    const info = this.#info;
    this.#filter = new ShortFilter(this.#workspace, {
      groups: resolved.transmits,
      elements: elementCount(info.probe),
      samples: info.sampleCount,
      frameNumbers: samplesPerFrame(info),
      bytesPerSample: bytesPerSample(info),
      removeMean: resolved.removeMean,
      filter: lookOut(info, resolved, this.#workspace).filter,
      parts: resolved.signal === "analytic" ? 2 : 1,
    });
  }

  #buildTables(resolved: FlatChannels): void {
    const info = this.#info;
    const { filter, survey } = lookOut(info, resolved, this.#workspace);
    const { upSampling } = filter;
    this.#rows = new ShortRows(this.#workspace, this.#filter, (survey as Survey).reach);
    this.#tables = new LateralTables(
      this.#workspace,
      info,
      resolved,
      {
        sampleRateHz: info.sampleRateHz * upSampling,
        lastIndex: (info.sampleCount - 1) * upSampling,
        rowBytes: this.#rows.transmitBytes,
      },
      survey as Survey,
    );
  }

  #buildSum(resolved: FlatChannels): void {
    const { filter, survey } = lookOut(this.#info, resolved, this.#workspace);
    const { spread } = survey as Survey;
    this.#sum = new LateralSum(this.#workspace, resolved, this.#tables, this.#rows);
    const signal = resolved.signal === "rf" ? "RF" : "the analytic signal";
    this.#words =
      `delay-and-sum of ${signal}, eight lateral neighbours in lanes (their delays spread over ${spread.toFixed(1)} samples at most), ` +
      `int16, linear interpolation at ${filter.upSampling} x the sample rate behind ${filter.taps} taps (predicted error ${(100 * filter.error).toFixed(1)} %), ${this.#tables.models} transmits`;
  }

  get words(): string {
    return this.#words;
  }

  get images(): number {
    return this.#sum.images;
  }

  get image(): ComplexImage {
    return this.#sum.image;
  }

  run(frame: Frame): void {
    this.#sum.run(this.#rows.run(frame));
  }
}

function bytesPerSample({ sampleType }: ChannelData): 1 | 2 | 4 {
  if (sampleType === "int8" || sampleType === "uint8") return 1;
  return sampleType === "int16" || sampleType === "uint16" ? 2 : 4;
}

function refusal(info: ChannelData, wanted: ResolvedChannels, workspace: Workspace): string | undefined {
  if (wanted.scan.kind === "volume") return "the pixels fill a volume";
  const resolved = flatChannels(wanted);
  if (resolved.signal === "iq") return "it sums real samples and their analytic signal, not baseband IQ";
  if (resolved.interpolation !== "auto")
    return `its interpolation is its own, and beamform.interpolation is "${resolved.interpolation}"`;
  if (resolved.arithmetic === "float32")
    return 'its arithmetic is int16, and beamform.arithmetic is "float32"';
  if (resolved.arithmetic === "auto" && bytesPerSample(info) > 2)
    return `its arithmetic is int16, and samples are ${info.sampleType ?? "of a type that is not known beforehand"} (beamform.arithmetic "int16" lets it round them)`;
  const { columns } = scanSize(resolved.scan);
  if (columns < LANES) return `the scan has ${columns} columns, and it takes ${LANES} neighbours at a time`;
  const { filter, survey } = lookOut(info, resolved, workspace);
  const percent = (error: number) => `${(100 * error).toFixed(1)} %`;
  if (filter.error > resolved.accuracy)
    return `a filter of ${filter.taps} taps makes an error of ${percent(filter.error)} where ${percent(resolved.accuracy)} are promised`;
  const samples = info.sampleCount * filter.upSampling;
  if (!survey)
    return `lines have ${samples} samples at ${filter.upSampling} x their rate, and it counts to ${MOST_SAMPLES}`;
  if (survey.spread > MOST_SPREAD)
    return `the delays of ${LANES} lateral neighbours spread over ${survey.spread.toFixed(1)} samples at ${filter.upSampling} x the sample rate, and its registers hold 13`;
  return undefined;
}

/** The path for real samples on grids whose neighbours hear almost the same. */
export const LATERAL: PathOffer = {
  name: "lateral",
  merit: "eight neighbours share one load of int16 samples, whatever the transmits",
  refusal,
  make: (workspace, info) => new LateralPath(workspace, info),
};
