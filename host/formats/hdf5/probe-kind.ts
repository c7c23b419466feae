/** What formats that store element positions leave to the reader: the shape of the array and how it is used. */
import { arcThrough, uniformPitch } from "../../geometry/arrays.ts";
import type { Probe, Transmit } from "../../model.ts";

/** Largest deviation that still counts as a straight, flat array (m). */
const FLAT_M = 1e-6;

/** A flat array with a pitch up to this many wavelengths steers without grating lobes: a phased array. */
const PHASED_PITCH_WAVELENGTHS = 0.6;

/** Shape of the array from its positions alone; convex arrays with radius and normals. */
export function shapeOf(
  positionsM: Float64Array,
): Pick<Probe, "kind" | "azimuthsRad" | "pitchM" | "radiusM"> & { apexZM?: number } {
  const elements = positionsM.length / 3;
  const flat = { azimuthsRad: new Float64Array(elements), pitchM: uniformPitch(positionsM) };
  if (elements === 1) return { kind: "single", ...flat };
  let straight = true;
  let plane = true;
  for (let e = 1; e < elements; e++) {
    if (Math.abs(positionsM[3 * e + 1] - positionsM[1]) > FLAT_M) straight = false;
    if (Math.abs(positionsM[3 * e + 2] - positionsM[2]) > FLAT_M) plane = false;
  }
  if (straight && plane) return { kind: "linear", ...flat };
  if (plane) return { kind: "matrix", ...flat };
  const arc = straight ? arcThrough(positionsM) : undefined;
  if (!arc) return { kind: "other", ...flat };
  return { kind: "convex", ...flat, ...arc };
}

/** `"phased"` for a flat array of fine pitch that sends diverging waves, else `"linear"`. */
export function linearOrPhased(
  pitchM: number | undefined,
  sequence: readonly Transmit[],
  wavelengthM: number | undefined,
): "linear" | "phased" {
  const fine = pitchM && wavelengthM ? pitchM <= PHASED_PITCH_WAVELENGTHS * wavelengthM : false;
  return fine && sequence.some((transmit) => transmit.wave.kind === "diverging") ? "phased" : "linear";
}

/** A warning when real samples are too sparse to be beamformed as they are. */
export function subsamplingWarning(sampleRateHz: number, centerFrequencyHz: number | undefined): string[] {
  if (!centerFrequencyHz || sampleRateHz >= 2 * centerFrequencyHz) return [];
  return [
    `The RF data are sampled at ${(sampleRateHz / 1e6).toFixed(2)} MHz, less than twice the centre frequency of ${(centerFrequencyHz / 1e6).toFixed(2)} MHz: demodulate them (signal "iq").`,
  ];
}
