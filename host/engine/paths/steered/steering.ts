/** The filters of the steered path in core memory, and the units of its integers. */
import type { ChannelData } from "../../../model.ts";
import type { ResolvedChannels } from "../../resolve.ts";
import { designSteeringFilter, type SteeringFilter, type SteeringRequest } from "../../steering-filter.ts";
import type { Workspace } from "../../workspace.ts";

/** What 1 is in the filter taps of int16 steering, and in the weights of its sum. */
export const TAP_UNIT = 2 ** 14;
export const WEIGHT_UNIT = 2 ** 11;
/** Positions in the ring are kept in this fraction of a row. */
export const FRACTION = 65536;

const SHORT_TYPES = ["int8", "uint8", "int16"] as const;

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

/** What the filters are asked for. */
export function steeringRequest(info: ChannelData, resolved: ResolvedChannels): SteeringRequest {
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
  if (short) {
    const table = workspace.i16(coefficients, values.length);
    for (let i = 0; i < table.length; i++) table[i] = Math.round(values[i] * TAP_UNIT);
  } else workspace.f32(coefficients, values.length).set(values);
  return { filter, coefficients, short, parts: resolved.signal === "analytic" ? 2 : 1 };
}
