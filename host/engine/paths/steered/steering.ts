/** The filters of the steered path in core memory, and the units of its integers. */
import type { Kernels } from "../../../core/binding.ts";
import { type ChannelData, elementCount } from "../../../model.ts";
import { axisStep, scanSize } from "../../axis.ts";
import type { ResolvedChannels } from "../../resolve.ts";
import { designSteeringFilter, type SteeringFilter, type SteeringRequest } from "../../steering-filter.ts";
import type { Workspace } from "../../workspace.ts";
import type { Cost } from "../cost.ts";

/** What 1 is in the filter taps of int16 steering, and in the weights of its sum. */
export const TAP_UNIT = 2 ** 14;
export const WEIGHT_UNIT = 2 ** 11;
/** Positions in the ring are kept in this fraction of a row. */
export const FRACTION = 65536;

const SHORT_TYPES = ["int8", "uint8", "int16"] as const;
/** Filters with this gain and more could overflow 32 bits at full scale: 2^15 samples, 2^14 taps. */
const GREATEST_GAIN = 3.9;
/** Bytes of a ring row that the core can multiply its number with (assembly/steered-taps.ts). */
export const LARGEST_RING_ROW = 2 ** 19 - 64;

/** How every channel is filtered. */
export interface Steering {
  filter: SteeringFilter;
  /** Address of phase 0 in the core. */
  coefficients: number;
  /** Int16, else float32. */
  short: boolean;
  /** Real, or real and imaginary. */
  parts: 1 | 2;
}

/** Whether samples and pipeline allow the arithmetic of 16 bits. */
export function wantsShort(info: ChannelData, { arithmetic }: ResolvedChannels): boolean {
  const short = SHORT_TYPES.some((type) => type === info.sampleType);
  return arithmetic === "int16" || (arithmetic === "auto" && short);
}

/**
 * Why integers of 16 bits cannot serve though they are wanted, as the end of a sentence; undefined where they can. Who asks for this
 * path by name may leave the type of the samples to the frames.
 */
export function shortRefusal(
  { sampleType }: ChannelData,
  { path }: ResolvedChannels,
  { gain }: SteeringFilter,
): string | undefined {
  const left = sampleType === undefined && path === "steered";
  if (!left && !SHORT_TYPES.some((type) => type === sampleType))
    return `beamform.arithmetic is "int16" and the samples are ${sampleType ?? "of a type that is not known beforehand"}`;
  if (gain >= GREATEST_GAIN)
    return `its filters amplify ${gain.toFixed(1)} times, too much for int16: beamform.arithmetic "float32"`;
  return undefined;
}

/** What the filters are asked for, here and on the lateral path. */
export function steeringRequest(
  info: ChannelData,
  resolved: Pick<ResolvedChannels, "centerFrequencyHz" | "bandwidthHz" | "band" | "signal" | "accuracy">,
): SteeringRequest {
  const { centerFrequencyHz, bandwidthHz, band, signal, accuracy } = resolved;
  return {
    sampleRateHz: info.sampleRateHz,
    centerHz: centerFrequencyHz,
    bandwidthHz,
    band,
    analytic: signal === "analytic",
    accuracy,
  };
}

/**
 * What a sample costs beside its points, in points of a real sum: for each row of a channel, for each number that is filtered from it,
 * and for bringing it in. Fitted to the times of quarters of a picture on the core's three kinds of filters, 2026.
 */
const ROW_POINTS = 12;
const FILTERED_POINTS = 8;
const BROUGHT_POINTS = 2.5;

/**
 * What the sum costs: every depth has its samples of each channel filtered, of a walking aperture of those that fire. Points of the
 * analytic signal cost two.
 */
export function costOfSteering(info: ChannelData, resolved: ResolvedChannels, kernels: Kernels): Cost {
  const { scan, signal, soundSpeedMps, transmits } = resolved;
  const walking = info.sequence[transmits[0]].wave.kind === "focused";
  const elements = elementCount(info.probe);
  let channels = 0;
  for (const t of transmits)
    channels += (walking && info.sequence[t].firingS?.filter(Number.isFinite).length) || elements;
  const { upSampling } = designSteeringFilter(steeringRequest(info, resolved), kernels);
  const { columns, planes } = scanSize(scan);
  const parts = signal === "analytic" ? 2 : 1;
  const stepM = axisStep(scan.kind === "sector" ? scan.range : scan.z);
  const filtered = (parts * upSampling * 2 * stepM * info.sampleRateHz) / soundSpeedMps;
  return {
    positions: columns * planes,
    pointsPerRow: ((channels / transmits.length) * (ROW_POINTS + FILTERED_POINTS * filtered)) / parts,
    // Walking apertures need the peak of the whole frame.
    pointsPerSample: walking ? 0 : BROUGHT_POINTS / parts,
  };
}

/** Designs the filters and lays them out. @throws SondeError `out-of-memory` */
export function layOutSteering(
  workspace: Workspace,
  info: ChannelData,
  resolved: ResolvedChannels,
  short: boolean,
): Steering {
  const filter = designSteeringFilter(steeringRequest(info, resolved), workspace.kernels);
  const values = filter.coefficients;
  const coefficients = workspace.take(values.length, short ? 2 : 4, "The steering filters");
  workspace.fill(() => {
    if (short) {
      const table = workspace.i16(coefficients, values.length);
      for (let i = 0; i < table.length; i++) table[i] = Math.round(values[i] * TAP_UNIT);
    } else workspace.f32(coefficients, values.length).set(values);
  });
  return { filter, coefficients, short, parts: resolved.signal === "analytic" ? 2 : 1 };
}
