/** Scenes for tests: a few points and nothing else. */
import type { Phantom, Point, SimulatedSettings } from "../../../host/simulate/index.ts";
import { landmarksOf } from "../../../host/simulate/landmarks.ts";
import type { Field } from "../../../host/simulate/probe.ts";

/** Draws these places, all of one amplitude, that neither breathe by themselves nor beat. */
export function phantomOf(
  places: readonly Point[],
  amplitude: number,
): (settings: SimulatedSettings, field: Field) => Phantom {
  const none = new Float64Array(0);
  return (settings, field) => ({
    landmarks: { ...landmarksOf(settings, field), points: places },
    scatterers: {
      xM: Float64Array.from(places, (place) => place.xM),
      zM: Float64Array.from(places, (place) => place.zM),
      dilationX: new Float64Array(places.length),
      dilationZ: new Float64Array(places.length),
      amplitude: new Float64Array(places.length).fill(amplitude),
      blood: { along: none, across: none, strength: none },
    },
  });
}
