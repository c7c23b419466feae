/** Measurements as a page keeps them: plain JSON with a version. The values are told, and worked out again when it is read. */
import type { Item } from "./item.ts";
import type { Why } from "./space.ts";
import type { Value } from "./values.ts";

/** An item, with what it measured. Written always; ignored when read. */
export type Measurement = Item & {
  /** SI units, or px. */
  readonly values?: readonly Value[];
  /** Why a value has no unit, or is missing. */
  readonly why?: Why;
};

export interface MeasurementsDocument {
  readonly format: "sonde-measurements";
  readonly version: 1;
  readonly measurements: readonly Measurement[];
}

export const NO_MEASUREMENTS: MeasurementsDocument = {
  format: "sonde-measurements",
  version: 1,
  measurements: [],
};

/** `echo-measure`: a person added, changed or deleted these. */
export interface EchoMeasureDetail {
  action: "add" | "change" | "delete";
  measurements: readonly Measurement[];
}
