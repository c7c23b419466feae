/** Whether lines in step with the elements could stand for the columns of a grid: asked of every plan, before the code that does it is loaded. */
import type { Kernels } from "../../core/binding.ts";
import type { Axis, ChannelData } from "../../model.ts";
import { axisStep } from "../axis.ts";
import { frontDirection } from "../elevation.ts";
import type { ResolvedChannels } from "../resolve.ts";
import { type ElementGrid, elementGrid, pixelClasses } from "./lattice.ts";

/** Lines are worth their interpolation where they are fewer than columns by this ratio ... */
const WORTH = 0.8;
/** ... or where the grid is not in step with the elements: the other paths take three times as long for a pixel. */
const WORTH_OUT_OF_STEP = 1.5;

/** Apertures that are wider than the array by more than this hear everything everywhere, and are no apertures. */
const WIDEST_APERTURE = 4;

/** What lines would stand for. */
export interface ColumnsToSpare {
  columns: Axis;
  depths: Axis;
  elements: ElementGrid;
  /** Lines for each element: fewer could not tell the columns between them. */
  fewest: number;
  /** Most lines that are worth it. */
  most: number;
  /** Sine of the angle of each transmit. */
  sines: readonly number[];
}

/** Undefined where lines could not serve, or would hardly be fewer. */
export function columnsToSpare(
  info: ChannelData,
  resolved: ResolvedChannels,
  kernels: Kernels,
): ColumnsToSpare | undefined {
  const { scan, fNumber, compound, interpolation, columns, transmits } = resolved;
  if (scan.kind !== "linear" || fNumber === 0) return undefined;
  // Envelopes vary faster than what they are of.
  if (compound === "incoherent" || interpolation !== "auto" || columns === "all") return undefined;
  const sines: number[] = [];
  for (const t of transmits) {
    const { wave } = info.sequence[t];
    if (wave.kind !== "plane") return undefined;
    sines.push(frontDirection(wave, kernels)[0]);
  }
  const elements = elementGrid(info);
  if (typeof elements === "string" || elements.columns < 2 || elements.rows > 1) return undefined;
  const { x: firstM, pitchX: pitchM } = elements;
  if (scan.z.max > WIDEST_APERTURE * fNumber * pitchM * elements.columns) return undefined;
  const edge = 1 / Math.sqrt(1 + 4 * fNumber * fNumber);
  const steepest = sines.reduce((most, sine) => Math.max(most, Math.abs(sine)), 0);
  const coarsestM = resolved.soundSpeedMps / (2 * resolved.centerFrequencyHz * (edge + steepest));
  const fewest = Math.ceil(pitchM / coarsestM);
  const inStep = typeof pixelClasses(scan.x, firstM, pitchM, "x") !== "string";
  const most = (inStep ? WORTH : WORTH_OUT_OF_STEP) * scan.x.count;
  const lines = (axisStep(scan.x) * (scan.x.count - 1) * fewest) / pitchM;
  return lines <= most ? { columns: scan.x, depths: scan.z, elements, fewest, most, sines } : undefined;
}
