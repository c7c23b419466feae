/**
 * When each transmit reaches each pixel, in samples from the start of its record: the transmits of one pipeline, ready to fill the
 * delay table of any pixels.
 */
import { SondeError } from "../errors.ts";
import { firingTimes } from "../geometry/transmits.ts";
import { type ChannelData, elementCount, type Scan, type Transmit, type Vector3 } from "../model.ts";
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

/** Fills the column of one transmit in a table: pixels and table as assembly/delays.ts has them. */
type Fill = (pixels: number, count: number, table: number, transmit: number, transmits: number) => void;

/** The transmits of one pipeline at one sample rate. */
export class TransmitDelays {
  /** Names of the models in use. */
  readonly models: string;
  readonly #fills: readonly (readonly Fill[])[];

  /** `elements`: offset of the elements' places, x y z nx nz float64, metres. */
  constructor(
    workspace: Workspace,
    info: ChannelData,
    resolved: FlatChannels,
    sampleRateHz: number,
    elements: number,
  ) {
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
        workspace
          .f64(firing, n)
          .set(transmit.firingS ?? firingTimes(transmit.wave, info.probe, soundSpeedMps));
        return (...where) =>
          kernels.firstArrivalDelays(
            elements,
            firing,
            n,
            sampleRateHz,
            soundSpeedMps,
            startSamples,
            ...where,
          );
      }
      const { kind, at } = coreWave(transmit, model, info, scan, kernels);
      return (...where) =>
        kernels.transmitDelays(
          kind,
          ...at,
          HYBRID_MARGIN_M,
          sampleRateHz / soundSpeedMps,
          startSamples,
          ...where,
        );
    });
    const limits: readonly (Fill | undefined)[] =
      resolved.transmitModel === "auto" ? beamLimits(workspace, info, resolved, transmits) : [];
    this.#fills = waves.map((fill, t) => {
      const limit = limits[t];
      return limit ? [fill, limit] : [fill];
    });
    this.models = [...models].join(", ");
  }

  /** Fills the table of `count` pixels (a multiple of 4). */
  fill(pixels: number, count: number, table: number): void {
    const transmits = this.#fills.length;
    this.#fills.forEach((fills, t) => {
      for (const fill of fills) fill(pixels, count, table, t, transmits);
    });
  }
}

/** Focused transmits are summed where their beam goes; `"spherical"` sums them everywhere, as its name says. */
function beamLimits(
  workspace: Workspace,
  info: ChannelData,
  { soundSpeedMps, centerFrequencyHz }: FlatChannels,
  transmits: readonly Transmit[],
): (Fill | undefined)[] {
  const foci = transmits.flatMap(({ wave }) => (wave.kind === "focused" ? [wave.source] : []));
  const spacing = focusSpacing(foci);
  return transmits.map((transmit) => {
    if (transmit.wave.kind !== "focused") return undefined;
    const [x, , z] = transmit.wave.source;
    const [first, last] = firingEnds(transmit, info);
    const [dx, dz] = [last[0] - first[0], last[2] - first[2]];
    const width = Math.sqrt(dx * dx + dz * dz);
    // A focus on the aperture, or one element alone, makes no beam.
    if (!(width > 0) || !(z > Math.max(first[2], last[2]))) return undefined;
    const distance = z - (first[2] + last[2]) / 2;
    const waist = Math.max((soundSpeedMps / centerFrequencyHz) * Math.max(1, distance / width), spacing);
    return (...where) =>
      workspace.kernels.limitToBeam(x, z, first[0], first[2], last[0], last[2], waist, ...where);
  });
}

/** Greatest distance from one focus to the next in order: beams as wide leave no gap between them. */
function focusSpacing(foci: readonly Vector3[]): number {
  let widest = 0;
  for (let i = 1; i < foci.length; i++) {
    const [dx, dz] = [foci[i][0] - foci[i - 1][0], foci[i][2] - foci[i - 1][2]];
    widest = Math.max(widest, Math.sqrt(dx * dx + dz * dz));
  }
  // Foci further apart than this belong to separate beams, not to neighbouring lines.
  return widest < WIDEST_LINE_SPACING_M ? widest : 0;
}

/** Positions of the first and the last element that fire. */
function firingEnds(transmit: Transmit, info: ChannelData): readonly [Vector3, Vector3] {
  const p = info.probe.positionsM;
  const n = elementCount(info.probe);
  let [first, last] = [0, n - 1];
  if (transmit.firingS) {
    while (first < n - 1 && transmit.firingS[first] === Number.POSITIVE_INFINITY) first++;
    while (last > first && transmit.firingS[last] === Number.POSITIVE_INFINITY) last--;
  }
  const at = (e: number): Vector3 => [p[3 * e], p[3 * e + 1], p[3 * e + 2]];
  return [at(first), at(last)];
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
  { sinTurns, cosTurns }: Pick<Workspace["kernels"], "sinTurns" | "cosTurns">,
): { kind: number; at: Vector3 } {
  const { wave } = transmit;
  if (wave.kind === "plane") {
    const turns = wave.azimuthRad / (2 * Math.PI);
    return { kind: PLANE, at: [sinTurns(turns), 0, cosTurns(turns)] };
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
