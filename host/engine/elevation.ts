/** The second direction, which matrix arrays have: apertures that end along y, fronts that are steered there. */
import type { Kernels } from "../core/binding.ts";
import type { ChannelData, Vector3, Wave } from "../model.ts";

/** Whether apertures end along y as they do along x. */
export function limitsElevation({ probe }: ChannelData): boolean {
  return probe.kind === "matrix";
}

/** Direction in which a plane front travels. */
export function frontDirection(
  { azimuthRad, elevationRad = 0 }: Extract<Wave, { kind: "plane" }>,
  { sinTurns, cosTurns }: Pick<Kernels, "sinTurns" | "cosTurns">,
): Vector3 {
  const azimuth = azimuthRad / (2 * Math.PI);
  const elevation = elevationRad / (2 * Math.PI);
  const flat = cosTurns(elevation);
  return [sinTurns(azimuth) * flat, sinTurns(elevation), cosTurns(azimuth) * flat];
}
