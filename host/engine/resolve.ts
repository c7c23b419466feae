/**
 * From an acquisition and a pipeline with gaps to one where everything is decided, and checked: the door behind which
 * numbers are trusted.
 */
import type { Kernels } from "../core/binding.ts";
import { SondeError } from "../errors.ts";
import type { Acquisition, Axis, ChannelData, Scan, Volume } from "../model.ts";
import {
  ARITHMETICS,
  type Arithmetic,
  BEAMFORM_PATHS,
  type BeamformPath,
  COLUMNS,
  COMPOUNDS,
  type Columns,
  type Compound,
  GREY_MAPS,
  type GreyMap,
  INTERPOLATIONS,
  type Interpolation,
  type Pipeline,
  SIGNALS,
  type Signal,
  SPECKLE_METHODS,
  type SpeckleMethod,
  TRANSMIT_MODELS,
  type TransmitModel,
  WINDOWS,
  type Window,
} from "../pipeline.ts";
import { type AutoInterpolation, chooseInterpolation } from "./auto-interpolation.ts";
import { axisStep, scanSize } from "./axis.ts";
import { optimalFNumber } from "./f-number.ts";
import { defaultScan } from "./scan.ts";
import { show } from "./show.ts";

/** Two-way bandwidth of a usual probe at -6 dB, over its centre frequency; for data that do not state theirs. */
const DEFAULT_FRACTIONAL_BANDWIDTH = 0.6;

/** Rms error against sinc that interpolation "auto" may make when the pipeline does not say. */
const DEFAULT_ACCURACY = 0.02;

/** Largest picture or grid side, in pixels. */
export const LARGEST_SIDE = 8192;

/** A pipeline with nothing left to decide, for channel data. */
export interface ResolvedChannels {
  transmits: number[];
  soundSpeedMps: number;
  removeMean: boolean;
  band?: { lowHz: number; highHz: number };
  signal: Signal;
  /** Set when RF is demodulated. */
  demodulation?: { frequencyHz: number; cutoff: number; decimation: number };
  /** What `interpolation: "auto"` came to. */
  auto?: AutoInterpolation;
  centerFrequencyHz: number;
  /** Two-way bandwidth of the echoes at -6 dB (Hz). */
  bandwidthHz: number;
  accuracy: number;
  path: BeamformPath;
  arithmetic: Arithmetic;
  columns: Columns;
  scan: Scan | Volume;
  /** Rows of the scan to make, [first, end): all of them, but for a plan that is one thread's part of a picture. */
  rows: { first: number; end: number };
  fNumber: number;
  window: Window;
  interpolation: Interpolation;
  transmitModel: TransmitModel;
  compound: Compound;
}

/** The same as pictures in parallel planes: a volume is one for each of its elevations, a picture the one at y = 0. */
export type FlatChannels = Omit<ResolvedChannels, "scan"> & { scan: Scan; elevationsM: readonly number[] };

/** Cuts what is to be imaged into planes. */
export function flatChannels(resolved: ResolvedChannels): FlatChannels {
  const { scan } = resolved;
  if (scan.kind !== "volume") return { ...resolved, scan, elevationsM: [0] };
  const { x, y, z } = scan;
  return {
    ...resolved,
    scan: { kind: "linear", x, z },
    elevationsM: Array.from({ length: y.count }, (_, j) => y.min + j * axisStep(y)),
  };
}

/** What the picture needs, whatever was imaged. */
export interface ResolvedDisplay {
  dynamicRangeDb: number;
  gainDb: number;
  tgcDb: readonly number[];
  reference: "frame" | "hold" | number;
  /** Strength is over 0 where there is a method. */
  speckle: { method: SpeckleMethod; strength: number };
  persistence: number;
  smoothing: number;
  greyMap: GreyMap;
  grid?: Extract<Scan, { kind: "linear" }>;
  heightPx: number;
}

/** @throws SondeError `bad-option` that names the option, its value and what it must be. */
export function refuse(name: string, value: unknown, expected: string): never {
  throw new SondeError("bad-option", `${name} is ${show(value)}: it must be ${expected}`, {
    fields: { option: name, value: show(value) },
  });
}

/** A number between bounds, or its default. @throws SondeError `bad-option` */
export function within(
  name: string,
  value: number | undefined,
  min: number,
  max: number,
  fallback: number,
  unit = "",
): number {
  if (value === undefined) return fallback;
  if (typeof value !== "number" || !(value >= min && value <= max))
    refuse(name, value, `a number from ${min} to ${max}${unit}`);
  return value;
}

/** One of the names there are, or the default. @throws SondeError `bad-option` */
export function oneOf<T extends string>(
  name: string,
  value: T | undefined,
  choices: readonly T[],
  fallback: T,
): T {
  if (value === undefined) return fallback;
  if (!choices.includes(value)) refuse(name, value, `one of ${choices.join(", ")}`);
  return value;
}

function checkAxis(name: string, axis: Axis, unit: string): void {
  if (!axis || typeof axis !== "object") refuse(name, axis, "{ min, max, count }");
  const { min, max, count } = axis;
  if (
    !(
      Number.isFinite(min) &&
      Number.isFinite(max) &&
      min <= max &&
      Math.abs(min) < 100 &&
      Math.abs(max) < 100
    )
  )
    refuse(name, axis, `min <= max in ${unit}${unit === "metres" ? ", less than 100 m from zero" : ""}`);
  if (!(Number.isInteger(count) && count >= 1 && count <= LARGEST_SIDE))
    refuse(`${name}.count`, count, `a whole number from 1 to ${LARGEST_SIDE}`);
  if (count > 1 && min === max) refuse(name, axis, "wider than one point when it has several");
}

/** @throws SondeError `bad-option` for a grid no image can be made on. */
export function checkScan(name: string, scan: Scan | Volume): void {
  if (!scan || !["linear", "sector", "volume"].includes(scan.kind))
    refuse(name, scan, 'a "linear", "sector" or "volume" scan');
  if (scan.kind !== "sector") {
    checkAxis(`${name}.x`, scan.x, "metres");
    if (scan.kind === "volume") checkAxis(`${name}.y`, scan.y, "metres");
    checkAxis(`${name}.z`, scan.z, "metres");
  } else {
    checkAxis(`${name}.angle`, scan.angle, "radians");
    checkAxis(`${name}.range`, scan.range, "metres");
    if (Math.max(Math.abs(scan.angle.min), Math.abs(scan.angle.max)) > Math.PI)
      refuse(`${name}.angle`, scan.angle, "within one turn");
    const { apex } = scan;
    if (
      !(
        Array.isArray(apex) &&
        apex.length === 2 &&
        apex.every((v) => Number.isFinite(v) && Math.abs(v) < 100)
      )
    )
      refuse(`${name}.apex`, apex, "[x, z] in metres, each within 100 m");
  }
}

/** The display part, with defaults. @throws SondeError `bad-option` */
export function resolveDisplay(pipeline: Pipeline): ResolvedDisplay {
  const display = pipeline.display ?? {};
  const tgcDb = display.tgcDb ?? [];
  if (!Array.isArray(tgcDb) || tgcDb.length > 64)
    refuse("display.tgcDb", tgcDb, "a list of at most 64 numbers");
  tgcDb.forEach((value, i) => {
    within(`display.tgcDb[${i}]`, value, -40, 40, 0, " dB");
  });
  const { reference = "frame" } = display;
  if (
    reference !== "frame" &&
    reference !== "hold" &&
    !(typeof reference === "number" && reference > 0 && Number.isFinite(reference))
  )
    refuse("display.reference", reference, '"frame", "hold" or a positive number');
  if (display.grid) checkScan("display.grid", display.grid);
  const method = oneOf("display.speckle.method", display.speckle?.method, SPECKLE_METHODS, "none");
  const strength = within("display.speckle.strength", display.speckle?.strength, 0, 1, 0.5);
  const heightPx = within("display.heightPx", display.heightPx, 16, 4096, 512);
  if (!Number.isInteger(heightPx)) refuse("display.heightPx", heightPx, "a whole number from 16 to 4096");
  return {
    dynamicRangeDb: within("display.dynamicRangeDb", display.dynamicRangeDb, 10, 120, 50, " dB"),
    gainDb: within("display.gainDb", display.gainDb, -60, 60, 0, " dB"),
    tgcDb,
    reference,
    speckle: { method: strength > 0 ? method : "none", strength },
    persistence: within("display.persistence", display.persistence, 0, 0.95, 0),
    smoothing: within("display.smoothing", display.smoothing, 0, 1, 0),
    greyMap: oneOf("display.greyMap", display.greyMap, GREY_MAPS, "gray"),
    grid: display.grid,
    heightPx,
  };
}

/** Band edges, checked against the sample rate. */
export function resolveBand(
  pipeline: Pipeline,
  highestHz: number,
): { lowHz: number; highHz: number } | undefined {
  const { band } = pipeline;
  if (!band) return undefined;
  if (!(band.lowHz >= 0 && band.highHz > band.lowHz && band.lowHz < highestHz))
    refuse("band", band, `0 <= low < high, low below ${(highestHz / 1e6).toFixed(3)} MHz`);
  return { lowHz: band.lowHz, highHz: band.highHz };
}

/** Speed of sound, checked. */
export function resolveSoundSpeed(pipeline: Pipeline, info: Acquisition): number {
  return within("soundSpeedMps", pipeline.soundSpeedMps, 100, 20000, info.soundSpeedMps, " m/s");
}

/** Everything about channel data, decided. @throws SondeError `bad-option`, `missing-data` */
export function resolveChannels(info: ChannelData, pipeline: Pipeline, kernels: Kernels): ResolvedChannels {
  const soundSpeedMps = resolveSoundSpeed(pipeline, info);
  const all = info.sequence.length;
  const transmits = pipeline.transmits ? [...pipeline.transmits] : Array.from({ length: all }, (_, i) => i);
  for (const t of transmits)
    if (!(Number.isInteger(t) && t >= 0 && t < all))
      refuse("transmits", t, `an index from 0 to ${all - 1} (the data have ${all})`);
  if (transmits.length === 0) refuse("transmits", [], "at least one index");

  const fractionalBandwidth = info.probe.fractionalBandwidth ?? DEFAULT_FRACTIONAL_BANDWIDTH;
  // Without a stated centre frequency a quarter of the sample rate is the usual design.
  const centerFrequencyHz =
    info.centerFrequencyHz ??
    info.probe.centerFrequencyHz ??
    (info.signal === "iq" ? info.modulationFrequencyHz : info.sampleRateHz / 4);
  const bandwidthHz = fractionalBandwidth * centerFrequencyHz;
  // RF sampled below twice its highest frequency has no analytic signal of its own: only the mixer finds its band again.
  const folded = info.signal === "rf" && centerFrequencyHz + bandwidthHz / 2 > info.sampleRateHz / 2;
  const signal = oneOf(
    "signal",
    pipeline.signal,
    SIGNALS,
    info.signal === "iq" || folded ? "iq" : "analytic",
  );
  if (info.signal === "iq" && signal !== "iq")
    refuse("signal", signal, '"iq": the data are already demodulated');

  let rateHz = info.sampleRateHz;
  let demodulation: ResolvedChannels["demodulation"];
  if (signal === "iq" && info.signal === "rf") {
    const frequencyHz = within(
      "demodulation.frequencyHz",
      pipeline.demodulation?.frequencyHz,
      1,
      1e9,
      centerFrequencyHz,
      " Hz",
    );
    // As MUST's rf2iq: the bandwidth when it is known, else as wide as the carrier allows.
    const known =
      info.probe.fractionalBandwidth !== undefined
        ? bandwidthHz / rateHz
        : Math.min((2 * frequencyHz) / rateHz, 0.5);
    const cutoff = within(
      "demodulation.cutoff",
      pipeline.demodulation?.cutoff,
      0.001,
      0.999,
      Math.min(0.999, known),
    );
    const decimation = within("demodulation.decimation", pipeline.demodulation?.decimation, 1, 64, 1);
    if (!Number.isInteger(decimation))
      refuse("demodulation.decimation", decimation, "a whole number from 1 to 64");
    demodulation = { frequencyHz, cutoff, decimation };
    rateHz /= decimation;
  }
  const carrierHz = signal === "iq" ? (demodulation?.frequencyHz ?? info.modulationFrequencyHz) : 0;

  const beamform = pipeline.beamform ?? {};
  oneOf("beamform.method", beamform.method, ["das"], "das");
  const accuracy = within("beamform.accuracy", beamform.accuracy, 0.002, 0.25, DEFAULT_ACCURACY);
  const interpolation = oneOf("beamform.interpolation", beamform.interpolation, INTERPOLATIONS, "auto");
  const auto =
    interpolation === "auto"
      ? chooseInterpolation(Math.abs(centerFrequencyHz - carrierHz), bandwidthHz, rateHz, accuracy, kernels)
      : undefined;

  let fNumber: number;
  if (beamform.fNumber === undefined || beamform.fNumber === "auto") {
    // Phased arrays hear far to the side of every element: all of them form every pixel.
    const width = info.probe.elementWidthM ?? info.probe.pitchM;
    if (info.probe.kind === "phased") fNumber = 0;
    else
      fNumber =
        width && centerFrequencyHz > 0
          ? optimalFNumber(width, centerFrequencyHz, fractionalBandwidth, soundSpeedMps)
          : 1.5;
  } else fNumber = within("beamform.fNumber", beamform.fNumber, 0, 20, 0);

  const compound = oneOf("beamform.compound", beamform.compound, COMPOUNDS, "coherent");
  if (signal === "rf" && compound === "incoherent")
    refuse(
      "beamform.compound",
      compound,
      '"coherent" or "none" for signal "rf": single RF samples have no envelope',
    );

  const scan =
    pipeline.scan ??
    defaultScan(info, { soundSpeedMps, centerFrequencyHz, transmits, fNumber, carrier: signal === "rf" });
  checkScan("scan", scan);
  const highestHz = info.signal === "iq" ? carrierHz + info.sampleRateHz / 2 : info.sampleRateHz / 2;
  return {
    transmits,
    soundSpeedMps,
    removeMean: pipeline.removeMean ?? false,
    band: resolveBand(pipeline, highestHz),
    signal,
    demodulation,
    auto,
    centerFrequencyHz,
    bandwidthHz,
    accuracy,
    path: oneOf("beamform.path", beamform.path, BEAMFORM_PATHS, "auto"),
    arithmetic: oneOf("beamform.arithmetic", beamform.arithmetic, ARITHMETICS, "auto"),
    columns: oneOf("beamform.columns", beamform.columns, COLUMNS, "auto"),
    scan,
    rows: { first: 0, end: scanSize(scan).rows },
    fNumber,
    window: oneOf("beamform.window", beamform.window, WINDOWS, "hann"),
    interpolation,
    transmitModel: oneOf("beamform.transmitModel", beamform.transmitModel, TRANSMIT_MODELS, "auto"),
    compound,
  };
}
