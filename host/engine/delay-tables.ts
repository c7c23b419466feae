/**
 * Where sound is when: pixels, elements and the time each transmit takes to each pixel, for one geometry. Rebuilt when the grid,
 * the transmits or the speed of sound change.
 */
import { SondeError } from "../errors.ts";
import { firingTimes } from "../geometry/transmits.ts";
import { type ChannelData, elementCount, type Scan, type Transmit, type Vector3 } from "../model.ts";
import { axisStep, scanSize } from "./axis.ts";
import type { ResolvedChannels } from "./resolve.ts";
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
const WIDEST_LINE_SPACING_M = 5e-3;
/** Float32 numbers of one element in the core. */
const ELEMENT_NUMBERS = 8;
/** Float64 numbers of one element where exactness counts: x y z nx nz. */
const EXACT_ELEMENT_NUMBERS = 5;

/** Pixels, element positions and transmit delays of one geometry, for the rows of the scan that are wanted. */
export class DelayTables {
  readonly rows: number;
  readonly columns: number;
  /** Columns rounded up to whole blocks of four. */
  readonly paddedColumns: number;
  readonly blocks: number;
  /** Offsets in core memory. */
  readonly pixels: number;
  readonly delays: number;
  readonly elements: number;
  /** Pixels and elements once more, in float64 metres, for what is decided exactly. */
  readonly exactPixels: number;
  readonly exactElements: number;
  readonly models: string;

  constructor(workspace: Workspace, info: ChannelData, resolved: ResolvedChannels, sampleRateHz: number) {
    const { kernels } = workspace;
    const { scan, soundSpeedMps } = resolved;
    const { first, end } = resolved.rows;
    const { columns } = scanSize(scan);
    this.rows = end - first;
    this.columns = columns;
    this.paddedColumns = Math.ceil(columns / 4) * 4;
    const count = this.rows * this.paddedColumns;
    this.blocks = count / 4;
    const samplesPerMetre = sampleRateHz / soundSpeedMps;

    const positions = workspace.take(2 * count, 8, "The pixel grid");
    this.exactPixels = positions;
    this.pixels = workspace.take(2 * count, 4, "The pixel grid");
    workspace.fill(() => {
      if (scan.kind === "linear")
        kernels.linearPixels(
          first,
          end,
          columns,
          scan.x.min,
          axisStep(scan.x),
          scan.z.min,
          axisStep(scan.z),
          positions,
        );
      else {
        const turn = 1 / (2 * Math.PI);
        kernels.sectorPixels(
          first,
          end,
          columns,
          scan.range.min,
          axisStep(scan.range),
          scan.angle.min * turn,
          axisStep(scan.angle) * turn,
          scan.apex[0],
          scan.apex[1],
          positions,
        );
      }
      kernels.scalePixels(positions, count, samplesPerMetre, this.pixels);
    });

    const n = elementCount(info.probe);
    this.elements = workspace.take(n * ELEMENT_NUMBERS, 4, "The elements");
    this.exactElements = workspace.take(n * EXACT_ELEMENT_NUMBERS, 8, "The elements");
    workspace.fill(() => this.#fillElements(workspace, info, samplesPerMetre));

    const transmits = resolved.transmits.map((t) => info.sequence[t]);
    const models = transmits.map((transmit) => transmitModel(transmit, resolved));
    this.models = [...new Set(models)].join(", ");
    this.delays = workspace.take(count * transmits.length, 4, "The transmit delays");
    const firing = workspace.take(n, 8, "The elements");
    workspace.fill(() => {
      transmits.forEach((transmit, t) => {
        const model = models[t];
        const startSamples = transmit.startS * sampleRateHz;
        if (model === "first-arrival") {
          workspace
            .f64(firing, n)
            .set(transmit.firingS ?? firingTimes(transmit.wave, info.probe, soundSpeedMps));
          kernels.firstArrivalDelays(
            this.exactElements,
            firing,
            n,
            sampleRateHz,
            soundSpeedMps,
            startSamples,
            positions,
            count,
            this.delays,
            t,
            transmits.length,
          );
          return;
        }
        const {
          kind,
          at: [x, y, z],
        } = coreWave(transmit, model, info, scan, kernels);
        kernels.transmitDelays(
          kind,
          x,
          y,
          z,
          HYBRID_MARGIN_M,
          samplesPerMetre,
          startSamples,
          positions,
          count,
          this.delays,
          t,
          transmits.length,
        );
      });
      if (resolved.transmitModel === "auto") this.#limitBeams(workspace, info, resolved, transmits, count);
    });
  }

  #fillElements(workspace: Workspace, { probe }: ChannelData, samplesPerMetre: number): void {
    const { kernels } = workspace;
    const { positionsM, azimuthsRad } = probe;
    const n = elementCount(probe);
    const table = workspace.f32(this.elements, n * ELEMENT_NUMBERS);
    const exact = workspace.f64(this.exactElements, n * EXACT_ELEMENT_NUMBERS);
    for (let e = 0; e < n; e++) {
      const [x, y, z] = positionsM.subarray(3 * e, 3 * e + 3);
      const turns = azimuthsRad[e] / (2 * Math.PI);
      const normal = [kernels.sinTurns(turns), kernels.cosTurns(turns)];
      const elevation = y * samplesPerMetre;
      table.set(
        [x * samplesPerMetre, z * samplesPerMetre, elevation * elevation, ...normal],
        ELEMENT_NUMBERS * e,
      );
      exact.set([x, y, z, ...normal], EXACT_ELEMENT_NUMBERS * e);
    }
  }

  /** Focused transmits are summed where their beam goes; `"spherical"` sums them everywhere, as its name says. */
  #limitBeams(
    workspace: Workspace,
    info: ChannelData,
    { soundSpeedMps, centerFrequencyHz }: ResolvedChannels,
    transmits: readonly Transmit[],
    count: number,
  ): void {
    const foci = transmits.flatMap(({ wave }) => (wave.kind === "focused" ? [wave.source] : []));
    const spacing = focusSpacing(foci);
    transmits.forEach((transmit, t) => {
      if (transmit.wave.kind !== "focused") return;
      const [x, , z] = transmit.wave.source;
      const [first, last] = firingEnds(transmit, info);
      const [dx, dz] = [last[0] - first[0], last[2] - first[2]];
      const width = Math.sqrt(dx * dx + dz * dz);
      // A focus on the aperture, or one element alone, makes no beam.
      if (!(width > 0) || !(z > Math.max(first[2], last[2]))) return;
      const distance = z - (first[2] + last[2]) / 2;
      const waist = Math.max((soundSpeedMps / centerFrequencyHz) * Math.max(1, distance / width), spacing);
      workspace.kernels.limitToBeam(
        x,
        z,
        first[0],
        first[2],
        last[0],
        last[2],
        waist,
        this.exactPixels,
        count,
        this.delays,
        t,
        transmits.length,
      );
    });
  }
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

function transmitModel(
  transmit: Transmit,
  resolved: ResolvedChannels,
): "spherical" | "first-arrival" | "hybrid" {
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
