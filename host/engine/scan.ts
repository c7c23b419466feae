/** Which pixels to make when nobody said: the field the array and the record cover, a few pixels per resolution cell. */
import { type ChannelData, elementCount, type Scan } from "../model.ts";

/** What the default grid depends on. */
interface ScanContext {
  soundSpeedMps: number;
  centerFrequencyHz: number;
  transmits: readonly number[];
  fNumber: number;
}

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** The centre of curvature of the probe: its apex for sectors. (x, z), metres. */
export function apexOf(info: ChannelData): readonly [number, number] {
  return [0, info.probe.kind === "convex" && info.probe.radiusM ? -info.probe.radiusM : 0];
}

/**
 * Half the opening angle of a sector that at least half of the diverging transmits light up on either side, 15 to 60 degrees; 45
 * degrees when no transmit diverges.
 */
function sectorHalfAngle(info: ChannelData, halfWidthM: number, transmits: readonly number[]): number {
  const lefts: number[] = [];
  const rights: number[] = [];
  for (const t of transmits) {
    const { wave } = info.sequence[t];
    if (wave.kind !== "diverging") continue;
    const [x, , z] = wave.source;
    lefts.push(Math.atan((halfWidthM + x) / -z));
    rights.push(Math.atan((halfWidthM - x) / -z));
  }
  if (lefts.length === 0) return Math.PI / 4;
  const median = (angles: number[]) => angles.sort((a, b) => b - a)[Math.floor(angles.length / 2)];
  return clamp(Math.min(median(lefts), median(rights)), Math.PI / 12, Math.PI / 3);
}

/**
 * Linear arrays: the rectangle in front of the array, down to the depth of the last sample. Phased and convex arrays: a sector
 * about the centre of curvature. Five pixels every two wavelengths in depth, two per lateral resolution cell (wavelength x
 * f-number, or wavelength / aperture in angle), within 96 to 768.
 */
export function defaultScan(info: ChannelData, context: ScanContext): Scan {
  const { soundSpeedMps: c, transmits } = context;
  const p = info.probe.positionsM;
  let left = Number.POSITIVE_INFINITY;
  let right = Number.NEGATIVE_INFINITY;
  for (let e = 0; e < elementCount(info.probe); e++) {
    left = Math.min(left, p[3 * e]);
    right = Math.max(right, p[3 * e]);
  }
  const width = right - left;
  const wavelength =
    context.centerFrequencyHz > 0 ? c / context.centerFrequencyHz : (4 * c) / info.sampleRateHz;

  // Where echoes can come from: half the way sound goes from the first sample to the last, the last one reached by the edge of
  // the receive aperture as well.
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const t of transmits) {
    start = Math.min(start, info.sequence[t].startS);
    end = Math.max(end, info.sequence[t].startS + (info.sampleCount - 1) / info.sampleRateHz);
  }
  const edge = context.fNumber > 0 ? Math.sqrt(1 + 1 / (4 * context.fNumber ** 2)) : 1;
  const widest = Math.hypot(1, width / Math.max(end * c, width));
  const deepest = Math.max((end * c) / (1 + Math.min(edge, widest)), 8 * wavelength);
  const shallowest = clamp((start * c) / 2, Math.min(2 * wavelength, deepest / 8), deepest / 2);
  const depthCount = clamp(Math.round((deepest - shallowest) / (wavelength / 2.5)), 96, 768);

  const { kind } = info.probe;
  if (kind === "phased" || kind === "convex") {
    const apex = apexOf(info);
    const radius = -apex[1];
    const azimuths = info.probe.azimuthsRad;
    const half =
      kind === "convex" ? Math.max(...azimuths.map(Math.abs)) : sectorHalfAngle(info, width / 2, transmits);
    const count = clamp(Math.round((2 * half) / (wavelength / (2 * Math.max(width, wavelength)))), 96, 256);
    return {
      kind: "sector",
      angle: { min: -half, max: half, count },
      range: { min: radius + shallowest, max: radius + deepest, count: depthCount },
      apex,
    };
  }
  const span = Math.max(width, 4 * wavelength);
  const middle = (left + right) / 2;
  const count = clamp(Math.round((2 * span) / (wavelength * Math.max(1, context.fNumber))), 96, 384);
  return {
    kind: "linear",
    x: { min: middle - span / 2, max: middle + span / 2, count },
    z: { min: shallowest, max: deepest, count: depthCount },
  };
}
