/**
 * The arrays, what they send, and the acquisition they make. Everything that the samples depend on is computed from + - *
 * / and square roots, so that positions and start times are the same bits in every engine.
 */
import { SondeError } from "../errors.ts";
import { cos, sin, smallArcsin } from "../geometry/exact.ts";
import type { ChannelData, Probe, Sequence, Transmit, Wave } from "../model.ts";
import type { SimulatedSettings } from "./options.ts";

export const SOUND_SPEED_MPS = 1540;
/** Samples per period of the centre frequency. */
export const SAMPLES_PER_PERIOD = 4;
/** -6 dB bandwidth of the two-way pulse over the centre frequency. */
export const FRACTIONAL_BANDWIDTH = 0.6;
/** Most samples of a channel: the core counts bytes of a row in 16 bits. */
const SAMPLE_LIMIT = 32000;
/** Largest frame that is made (bytes). */
const FRAME_LIMIT_BYTES = 64e6;

const DEGREE = Math.PI / 180;
const LINEAR_PITCH_M = 0.35e-3;
const CONVEX_PITCH_M = 0.5e-3;
const CONVEX_RADIUS_M = 50e-3;
/** Width of an element over the pitch; the rest is the cut between elements. */
const FILLED = 0.9;
const LINEAR_STEERING = 8 * DEGREE;
/** A phased transmit insonifies 2 x 45 degrees about a direction that is tilted by up to 15 degrees. */
const PHASED_HALF_WIDTH = 45 * DEGREE;
const PHASED_TILT = 15 * DEGREE;
/** Virtual sources of the convex array: this far behind its apex and this far to the sides, in radii. */
const CONVEX_SOURCE_DEPTH = 0.7;
const CONVEX_SOURCE_SIDE = 0.2;

/** The field that is insonified: a rectangle, or a sector about `apexZM` on the z axis. */
export interface Field {
  /** Depth that the scene is made for (m). */
  depthM: number;
  /** Depth of the last sample's echo (m): below the scene there is tissue down to here. */
  reachM: number;
  /** Half the width of the array's footprint along x (m). */
  halfApertureM: number;
  /** Depth of the ends of the array (m): 0, negative when convex. */
  edgeZM: number;
  /** Sector only: distance from the apex to the array's face (m), and half the angle (rad). */
  sector?: { radiusM: number; halfAngleRad: number };
}

function arrayOf(settings: SimulatedSettings): { probe: Probe; field: Omit<Field, "reachM"> } {
  const { array, elements, depthM, centerFrequencyHz } = settings;
  const wavelengthM = SOUND_SPEED_MPS / centerFrequencyHz;
  const pitchM = array === "linear" ? LINEAR_PITCH_M : array === "phased" ? wavelengthM / 2 : CONVEX_PITCH_M;
  const positionsM = new Float64Array(3 * elements);
  const azimuthsRad = new Float64Array(elements);
  const step = 2 * smallArcsin(pitchM / (2 * CONVEX_RADIUS_M));
  for (let k = 0; k < elements; k++) {
    const place = k - (elements - 1) / 2;
    if (array === "convex") {
      azimuthsRad[k] = place * step;
      positionsM[3 * k] = CONVEX_RADIUS_M * sin(place * step);
      positionsM[3 * k + 2] = CONVEX_RADIUS_M * cos(place * step) - CONVEX_RADIUS_M;
    } else positionsM[3 * k] = place * pitchM;
  }
  const probe: Probe = {
    kind: array,
    name: `Simulated ${array} array, ${elements} elements`,
    positionsM,
    azimuthsRad,
    pitchM,
    elementWidthM: FILLED * pitchM,
    centerFrequencyHz,
    fractionalBandwidth: FRACTIONAL_BANDWIDTH,
    ...(array === "convex" ? { radiusM: CONVEX_RADIUS_M } : {}),
  };
  const field: Omit<Field, "reachM"> = {
    depthM,
    halfApertureM: positionsM[3 * elements - 3] + pitchM / 2,
    edgeZM: positionsM[2],
  };
  if (array === "phased") field.sector = { radiusM: 0, halfAngleRad: PHASED_HALF_WIDTH };
  if (array === "convex") field.sector = { radiusM: CONVEX_RADIUS_M, halfAngleRad: (elements / 2) * step };
  return { probe, field };
}

function waveOf(
  settings: SimulatedSettings,
  { halfApertureM }: Pick<Field, "halfApertureM">,
  index: number,
): Wave {
  // -1 to 1 over the transmits, 0 for a single one.
  const side = settings.transmits === 1 ? 0 : (2 * index) / (settings.transmits - 1) - 1;
  if (settings.array === "linear") return { kind: "plane", azimuthRad: side * LINEAR_STEERING };
  if (settings.array === "convex")
    return {
      kind: "diverging",
      source: [side * CONVEX_SOURCE_SIDE * CONVEX_RADIUS_M, 0, -CONVEX_SOURCE_DEPTH * CONVEX_RADIUS_M],
    };
  // The source from which the aperture's ends are seen under the tilt plus and minus the half width.
  const left = side * PHASED_TILT - PHASED_HALF_WIDTH;
  const right = side * PHASED_TILT + PHASED_HALF_WIDTH;
  const tanLeft = sin(left) / cos(left);
  const tanRight = sin(right) / cos(right);
  const behindM = (2 * halfApertureM) / (tanRight - tanLeft);
  return { kind: "diverging", source: [-halfApertureM - behindM * tanLeft, 0, -behindM] };
}

/** Arrival of a plane or diverging front at (x, 0, z), relative to its crossing the origin (m). */
export function pathToM(wave: Wave, x: number, z: number): number {
  if (wave.kind === "plane") return x * sin(wave.azimuthRad) + z * cos(wave.azimuthRad);
  if (wave.kind !== "diverging")
    throw new SondeError("internal", `no simulated probe sends a ${wave.kind} wave`);
  const [sx, , sz] = wave.source;
  return Math.sqrt((x - sx) * (x - sx) + (z - sz) * (z - sz)) - Math.sqrt(sx * sx + sz * sz);
}

/** Recording starts with the first element that fires, as scanners do. */
function transmitOf(wave: Wave, probe: Probe): Transmit {
  let first = Number.POSITIVE_INFINITY;
  for (let e = 0; e < probe.positionsM.length; e += 3) {
    const path = pathToM(wave, probe.positionsM[e], probe.positionsM[e + 2]);
    if (path < first) first = path;
  }
  return { wave, startS: first / SOUND_SPEED_MPS };
}

/** The smallest 16 2^a 3^b 5^c that is at least `count`: kind to transforms and to vectors of eight. */
function comfortableCount(count: number): number {
  for (let n = Math.ceil(count / 16); ; n++) {
    let rest = n;
    for (const factor of [2, 3, 5]) while (rest % factor === 0) rest /= factor;
    if (rest === 1) return 16 * n;
  }
}

/** Samples until the echo from the farthest corner has reached an aperture of f-number 1. */
function samplesNeeded(field: Omit<Field, "reachM">, sequence: Sequence, sampleRateHz: number): number {
  const { depthM, halfApertureM, sector } = field;
  const xM = sector ? (sector.radiusM + depthM) * sin(sector.halfAngleRad) : halfApertureM;
  const zM = sector ? (sector.radiusM + depthM) * cos(sector.halfAngleRad) - sector.radiusM : depthM;
  let longestM = 0;
  for (const { wave, startS } of sequence)
    for (const [x, z] of [
      [xM, zM],
      [-xM, zM],
      [0, depthM],
    ])
      longestM = Math.max(longestM, pathToM(wave, x, z) - startS * SOUND_SPEED_MPS);
  const backM = Math.sqrt(1.25) * depthM;
  return ((longestM + backM) / SOUND_SPEED_MPS) * sampleRateHz;
}

/**
 * The probe, its sequence and the shape of its data.
 * @throws SondeError `bad-option` when a frame would be unreasonably large.
 */
export function describeAcquisition(
  settings: SimulatedSettings,
  frameCount: number | null,
): { info: ChannelData; field: Field } {
  const { probe, field } = arrayOf(settings);
  const sequence = Array.from({ length: settings.transmits }, (_, index) =>
    transmitOf(waveOf(settings, field, index), probe),
  );
  const sampleRateHz = SAMPLES_PER_PERIOD * settings.centerFrequencyHz;
  const sampleCount = comfortableCount(samplesNeeded(field, sequence, sampleRateHz));
  const bytes = 2 * sampleCount * settings.elements * settings.transmits;
  if (sampleCount > SAMPLE_LIMIT)
    throw new SondeError(
      "bad-option",
      `A simulated channel of ${sampleCount} samples is over ${SAMPLE_LIMIT}: choose less depth or a lower centre frequency`,
      { fields: { sampleCount } },
    );
  if (bytes > FRAME_LIMIT_BYTES)
    throw new SondeError(
      "bad-option",
      `A simulated frame of ${settings.elements} elements, ${settings.transmits} transmits and ${sampleCount} samples has ${Math.round(bytes / 1e6)} MB, ` +
        `over ${FRAME_LIMIT_BYTES / 1e6} MB: choose less depth, a lower centre frequency, fewer elements or transmits`,
      { fields: { bytes } },
    );
  const info: ChannelData = {
    kind: "channels",
    signal: "rf",
    name: probe.name ?? "Simulated probe",
    format: "simulated",
    frameCount,
    frameRateHz: settings.frameRateHz,
    soundSpeedMps: SOUND_SPEED_MPS,
    centerFrequencyHz: settings.centerFrequencyHz,
    warnings: [],
    probe,
    sequence,
    sampleType: "int16",
    sampleCount,
    sampleRateHz,
    modulationFrequencyHz: 0,
  };
  const latestS = Math.max(...sequence.map(({ startS }) => startS)) + sampleCount / sampleRateHz;
  return { info, field: { ...field, reachM: (latestS * SOUND_SPEED_MPS) / 2 } };
}
