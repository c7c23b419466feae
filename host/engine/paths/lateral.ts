/** The path for grids fine enough across: eight lateral neighbours in lanes, their samples in one register, on int16 rows made by a short filter. */
import type { Kernels } from "../../core/binding.ts";
import { type ChannelData, elementCount, type Frame, samplesPerFrame } from "../../model.ts";
import { scanSize } from "../axis.ts";
import { type FlatChannels, flatChannels, type ResolvedChannels } from "../resolve.ts";
import { bytesOfType } from "../sample-types.ts";
import { ShortFilter, ShortRows } from "../short-rows.ts";
import { designSteeringFilter, type SteeringFilter } from "../steering-filter.ts";
import { Workspace } from "../workspace.ts";
import { costOfPixels } from "./cost.ts";
import { Kept } from "./kept.ts";
import { LateralSum } from "./lateral-sum.ts";
import { LateralTables, type Survey, surveyLateral } from "./lateral-tables.ts";
import type { ChannelPath, ComplexImage, PathOffer, PathStep } from "./path.ts";
import { steeringRequest } from "./steered/steering.ts";

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
  filter: SteeringFilter;
  /** Undefined when the filter alone rules the path out. */
  survey?: Survey;
}

/** One for a whole picture and for each of its parts, by threads or passes. */
const outlooks = new Kept<Outlook>(130, () => 1);
/** Bytes that looking a picture through beforehand may take, outside of any plan's memory. */
const MOST_OUTLOOK_BYTES = 2 ** 28;

function lookOut(info: ChannelData, resolved: FlatChannels, kernels: Kernels): Outlook {
  const { transmits, scan, rows, soundSpeedMps, transmitModel, fNumber } = resolved;
  const { centerFrequencyHz, bandwidthHz, band, signal, accuracy } = resolved;
  const key = [
    [transmits, scan, rows, soundSpeedMps, transmitModel, fNumber],
    [centerFrequencyHz, bandwidthHz, band, signal, accuracy],
  ];
  return outlooks.of(info, key, () => {
    const filter = designSteeringFilter(steeringRequest(info, resolved), kernels);
    const sampleRateHz = info.sampleRateHz * filter.upSampling;
    const lastIndex = (info.sampleCount - 1) * filter.upSampling;
    if (filter.error > accuracy || lastIndex >= MOST_SAMPLES) return { filter };
    const scratch = Workspace.scratch();
    return { filter, survey: surveyLateral(scratch, info, resolved, sampleRateHz, lastIndex, MOST_SPREAD) };
  });
}

class LateralPath implements ChannelPath {
  readonly offer = LATERAL;
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

  steps(wanted: ResolvedChannels): PathStep[] {
    const resolved = flatChannels(wanted);
    const { transmits, scan, rows, soundSpeedMps, removeMean, band, signal, accuracy } = resolved;
    const { fNumber, window, transmitModel, compound } = resolved;
    return [
      {
        name: "signal",
        common: true,
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
      sampleBytes: bytesOfType(info.sampleType),
      removeMean: resolved.removeMean,
      filter: lookOut(info, resolved, this.#workspace.kernels).filter,
      parts: resolved.signal === "analytic" ? 2 : 1,
    });
  }

  #buildTables(resolved: FlatChannels): void {
    const info = this.#info;
    const { filter, survey } = lookOut(info, resolved, this.#workspace.kernels);
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
    const { filter, survey } = lookOut(this.#info, resolved, this.#workspace.kernels);
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

  load(frame: Frame): void {
    this.#filter.load(frame);
  }

  sum(): void {
    this.#sum.run(this.#rows.fill());
  }
}

function refusal(info: ChannelData, wanted: ResolvedChannels, kernels: Kernels): string | undefined {
  if (wanted.scan.kind === "volume") return "the pixels fill a volume";
  const resolved = flatChannels(wanted);
  if (resolved.signal === "iq") return "it sums real samples and their analytic signal, not baseband IQ";
  if (resolved.interpolation !== "auto")
    return `its interpolation is its own, and beamform.interpolation is "${resolved.interpolation}"`;
  if (resolved.arithmetic === "float32")
    return 'its arithmetic is int16, and beamform.arithmetic is "float32"';
  if (resolved.arithmetic === "auto" && bytesOfType(info.sampleType) > 2)
    return `its arithmetic is int16, and samples are ${info.sampleType ?? "of a type that is not known beforehand"} (beamform.arithmetic "int16" lets it round them)`;
  const { rows, columns } = scanSize(resolved.scan);
  if (columns < LANES) return `the scan has ${columns} columns, and it takes ${LANES} neighbours at a time`;
  const outlookBytes = rows * columns * (16 + elementCount(info.probe) / 8);
  if (outlookBytes > MOST_OUTLOOK_BYTES)
    return `it looks all delays of a picture through beforehand, which takes ${Math.ceil(outlookBytes / 1e6)} MB for ${columns} x ${rows} pixels`;
  const { filter, survey } = lookOut(info, resolved, kernels);
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
  pointsPerMs: 2_000_000,
  cost: (_info, resolved) => costOfPixels(resolved),
  merit: "eight neighbours share one load of int16 samples, whatever the transmits",
  refusal,
  make: (workspace, info) => new LateralPath(workspace, info),
};
