/**
 * When each transmit reaches each pixel, in samples from the start of its record: the transmits of one pipeline, ready to fill the
 * delay table of any pixels.
 */
import { SondeError } from "../errors.ts";
import { norm } from "../geometry/exact.ts";
import { firingTimes } from "../geometry/transmits.ts";
import { type ChannelData, elementCount, type Scan, type Transmit, type Vector3 } from "../model.ts";
import { frontDirection, limitsElevation } from "./elevation.ts";
import type { FlatChannels } from "./resolve.ts";
import type { Workspace } from "./workspace.ts";

/** Wave kinds of the core (assembly/delays.ts). */
const PLANE = 0;
const DIVERGING = 1;
const FOCUSED = 2;
const SINGLE = 3;
const HYBRID_LINEAR = 4;
const HYBRID_SECTOR = 5;
/** Half the zone around a focus that the hybrid model treats as plane: USTB's default, 1 mm. */
const HYBRID_MARGIN_M = 1e-3;
/** Lines of one picture are closer than this (m). */
export const WIDEST_LINE_SPACING_M = 5e-3;

/** A plane of pixels. */
export interface Plane {
  elevationM: number;
  /** Offset of the elements' places as it sees them, x y z nx nz float64, metres. */
  elements: number;
}

/** Fills the column of one transmit in a table: pixels and table as assembly/delays.ts has them. */
type Fill = (
  plane: Plane,
  pixels: number,
  count: number,
  table: number,
  transmit: number,
  transmits: number,
) => void;

/** The transmits of one pipeline at one sample rate. */
export class TransmitDelays {
  /** Names of the models in use. */
  readonly models: string;
  readonly #fills: readonly (readonly Fill[])[];

  constructor(workspace: Workspace, info: ChannelData, resolved: FlatChannels, sampleRateHz: number) {
    const { kernels } = workspace;
    const { scan, soundSpeedMps } = resolved;
    const n = elementCount(info.probe);
    const transmits = resolved.transmits.map((t) => info.sequence[t]);
    const models = new Set<string>();
    const waves = transmits.map((transmit): Fill => {
      const model = transmitModel(transmit, resolved);
      models.add(model);
      const startSamples = transmit.startS * sampleRateHz;
      if (model === "first-arrival") {
        const firing = workspace.take(n, 8, "The elements");
        workspace.fill(() =>
          workspace
            .f64(firing, n)
            .set(transmit.firingS ?? firingTimes(transmit.wave, info.probe, soundSpeedMps)),
        );
        return (plane, ...where) =>
          kernels.firstArrivalDelays(
            plane.elements,
            firing,
            n,
            sampleRateHz,
            soundSpeedMps,
            startSamples,
            ...where,
          );
      }
      const { kind, at } = coreWave(transmit, model, info, scan, kernels);
      const [x, y, z] = at;
      const sourceM = norm(x, y, z);
      return ({ elevationM }, ...where) =>
        kernels.transmitDelays(
          kind,
          x,
          y - elevationM,
          z,
          kind === PLANE ? y * elevationM : sourceM,
          HYBRID_MARGIN_M,
          sampleRateHz / soundSpeedMps,
          startSamples,
          ...where,
        );
    });
    const limits = resolved.transmitModel === "auto" ? beamLimits(workspace, info, resolved, transmits) : [];
    this.#fills = waves.map((fill, t) => [fill, ...(limits[t] ?? [])]);
    this.models = [...models].join(", ");
  }

  /** Fills the table of `count` pixels (a multiple of 4) of a plane. */
  fill(plane: Plane, pixels: number, count: number, table: number): void {
    const transmits = this.#fills.length;
    this.#fills.forEach((fills, t) => {
      for (const fill of fills) fill(plane, pixels, count, table, t, transmits);
    });
  }
}

/** Focused transmits are summed where their beam goes; `"spherical"` sums them everywhere, as its name says. */
function beamLimits(
  workspace: Workspace,
  info: ChannelData,
  { soundSpeedMps, centerFrequencyHz }: FlatChannels,
  transmits: readonly Transmit[],
): (readonly Fill[])[] {
  const foci = transmits.flatMap(({ wave }) => (wave.kind === "focused" ? [wave.source] : []));
  const spacing = focusSpacing(foci);
  return transmits.map((transmit) => {
    const { wave } = transmit;
    if (wave.kind !== "focused") return [];
    const z = wave.source[2];
    return (limitsElevation(info) ? [0, 1] : [0]).flatMap((direction) => {
      const source = wave.source[direction];
      const [[a, za], [b, zb]] = firingEnds(transmit, info, direction);
      const width = Math.sqrt((b - a) * (b - a) + (zb - za) * (zb - za));
      // A focus on the aperture, or one element alone, makes no beam.
      if (!(width > 0) || !(z > Math.max(za, zb))) return [];
      const distance = z - (za + zb) / 2;
      const waist = Math.max((soundSpeedMps / centerFrequencyHz) * Math.max(1, distance / width), spacing);
      const across = direction === 0 ? 1 : 0;
      const fill: Fill = ({ elevationM }, ...where) =>
        workspace.kernels.limitToBeam(
          source,
          z,
          a,
          za,
          b,
          zb,
          waist,
          across,
          (1 - across) * elevationM - source,
          ...where,
        );
      return [fill];
    });
  });
}

/** Greatest distance from one focus to the next in order: beams as wide leave no gap between them. */
function focusSpacing(foci: readonly Vector3[]): number {
  let widest = 0;
  for (let i = 1; i < foci.length; i++) {
    const [dx, dy, dz] = foci[i].map((value, k) => value - foci[i - 1][k]);
    widest = Math.max(widest, Math.sqrt(dx * dx + dy * dy + dz * dz));
  }
  // Foci further apart than this belong to separate beams, not to neighbouring lines.
  return widest < WIDEST_LINE_SPACING_M ? widest : 0;
}

/** A coordinate and the depth of the outermost elements that fire along x (0) or y (1). */
function firingEnds(
  { firingS }: Transmit,
  info: ChannelData,
  direction: number,
): readonly [readonly [number, number], readonly [number, number]] {
  const p = info.probe.positionsM;
  const n = elementCount(info.probe);
  const firing = [...Array(n).keys()].filter((e) => firingS?.[e] !== Number.POSITIVE_INFINITY);
  const along = (e: number) => p[3 * e + direction];
  firing.sort((a, b) => along(a) - along(b));
  const [first, last] = [firing[0], firing[firing.length - 1]];
  return [
    [along(first), p[3 * first + 2]],
    [along(last), p[3 * last + 2]],
  ];
}

function transmitModel(transmit: Transmit, resolved: FlatChannels): "spherical" | "first-arrival" | "hybrid" {
  if (resolved.transmitModel === "auto")
    return transmit.wave.kind === "firing" ? "first-arrival" : "spherical";
  if (transmit.wave.kind === "firing" && resolved.transmitModel !== "first-arrival")
    throw new SondeError(
      "missing-data",
      `transmitModel is "${resolved.transmitModel}", but the data state firing times only, no source: choose "first-arrival" or "auto"`,
    );
  return resolved.transmitModel;
}

function coreWave(
  transmit: Transmit,
  model: "spherical" | "hybrid",
  info: ChannelData,
  scan: Scan,
  kernels: Workspace["kernels"],
): { kind: number; at: Vector3 } {
  const { wave } = transmit;
  if (wave.kind === "plane") {
    return { kind: PLANE, at: frontDirection(wave, kernels) };
  }
  if (wave.kind === "element") {
    const [x, y, z] = info.probe.positionsM.subarray(3 * wave.element, 3 * wave.element + 3);
    return { kind: SINGLE, at: [x, y, z] };
  }
  if (wave.kind === "diverging") return { kind: DIVERGING, at: wave.source };
  if (wave.kind === "focused") {
    const kind = model === "spherical" ? FOCUSED : scan.kind === "linear" ? HYBRID_LINEAR : HYBRID_SECTOR;
    return { kind, at: wave.source };
  }
  throw new SondeError("internal", "Bare firing times have no source");
}
