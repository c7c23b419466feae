/** What a simulated probe can be told, and its description as plain data. */
import { SondeError } from "../errors.ts";

export const SIMULATED_ARRAYS = ["linear", "phased", "convex"] as const;
export type SimulatedArray = (typeof SIMULATED_ARRAYS)[number];

/** Everything optional: `{}` is a linear probe over a beating vessel. */
export interface SimulatedOptions {
  /** Shape of the array. Default `"linear"`. */
  array?: SimulatedArray;
  /** Chooses the speckle and the noise: the same seed gives the same bytes everywhere. 0 to 4294967295. Default 1. */
  seed?: number;
  /** Frames a second, 1 to 200. Default 25. A live source skips what the machine or the consumer cannot keep up with. */
  frameRateHz?: number;
  /** Transmits a frame, 1 to 16: plane waves (linear) or diverging waves (phased, convex). Default 3. */
  transmits?: number;
  /** Depth of the picture, 0.01 to 0.3 m; the scene is scaled to it. Default: linear 0.035, phased and convex 0.12. */
  depthM?: number;
  /** Elements of the array, 8 to 256, convex 8 to 128. Default: linear 64, phased 64, convex 72. */
  elements?: number;
  /** Centre frequency, 0.5e6 to 15e6 Hz. Default: linear 5e6, phased 2.5e6, convex 3.2e6. */
  centerFrequencyHz?: number;
  /**
   * Scatterers that make the speckle, 0 (only points and walls) to 200000; the time of a frame grows with it.
   * Default: linear 13500, phased 14500, convex 16000.
   */
  scatterers?: number;
  /** Heart beats a second, 0 (the vessel rests) to 5 Hz. Default 1.1. */
  heartRateHz?: number;
  /** Growth of the vessel's radius at systole, 0 to 0.3 of the radius. Default 0.12. */
  dilation?: number;
  /** Mean flow speed on the axis of the vessel, 0 to 2 m/s. Default 0.05. */
  flowMps?: number;
  /** Breathing motion, 0 (none) to 0.05 of the depth at the bottom of the picture. Default 0.012. */
  breathing?: number;
  /** Electronic noise, rms in dB of the converter's full scale, -120 to -20. Default -72. */
  noiseDb?: number;
}

/** Every option decided. */
export type SimulatedSettings = Required<SimulatedOptions>;

/** A simulated probe as plain data: it survives JSON, and `connect` makes it live. */
export interface SimulatedDescriptor {
  kind: "simulated";
  options: SimulatedOptions;
}

const DEFAULTS: Omit<
  SimulatedSettings,
  "array" | "depthM" | "elements" | "centerFrequencyHz" | "scatterers"
> = {
  seed: 1,
  frameRateHz: 25,
  transmits: 3,
  heartRateHz: 1.1,
  dilation: 0.12,
  flowMps: 0.05,
  breathing: 0.012,
  noiseDb: -72,
};

/** What differs between the arrays. Scatterers: as many as keep a frame under about 8 ms on one core. */
const ARRAY_DEFAULTS: Record<
  SimulatedArray,
  Pick<SimulatedSettings, "depthM" | "elements" | "centerFrequencyHz" | "scatterers">
> = {
  linear: { depthM: 0.035, elements: 64, centerFrequencyHz: 5e6, scatterers: 13500 },
  phased: { depthM: 0.12, elements: 64, centerFrequencyHz: 2.5e6, scatterers: 14500 },
  convex: { depthM: 0.12, elements: 72, centerFrequencyHz: 3.2e6, scatterers: 16000 },
};

interface Range {
  min: number;
  max: number;
  unit: string;
  whole?: boolean;
}

const RANGES: Record<Exclude<keyof SimulatedSettings, "array">, Range> = {
  seed: { min: 0, max: 4294967295, unit: "", whole: true },
  frameRateHz: { min: 1, max: 200, unit: " Hz" },
  transmits: { min: 1, max: 16, unit: "", whole: true },
  depthM: { min: 0.01, max: 0.3, unit: " m" },
  elements: { min: 8, max: 256, unit: "", whole: true },
  centerFrequencyHz: { min: 0.5e6, max: 15e6, unit: " Hz" },
  scatterers: { min: 0, max: 200000, unit: "", whole: true },
  heartRateHz: { min: 0, max: 5, unit: " Hz" },
  dilation: { min: 0, max: 0.3, unit: "" },
  flowMps: { min: 0, max: 2, unit: " m/s" },
  breathing: { min: 0, max: 0.05, unit: "" },
  noiseDb: { min: -120, max: -20, unit: " dB" },
};

/** More would bend the array's ends back behind its virtual sources. */
const CONVEX_ELEMENTS: Range = { min: 8, max: 128, unit: "", whole: true };

function refuse(name: string, value: unknown, allowed: string): never {
  const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
  throw new SondeError("bad-option", `${name} is ${shown}: a simulated probe takes ${allowed}`, {
    fields: { option: name, value: typeof value === "number" ? value : shown },
  });
}

/**
 * Fills in every default.
 * @throws SondeError `bad-option` for an unknown name or a value outside its range.
 */
export function settle(options: SimulatedOptions): SimulatedSettings {
  if (typeof options !== "object" || options === null)
    refuse("options", options, 'an object such as { array: "linear" }, or nothing');
  const array = options.array ?? "linear";
  if (!SIMULATED_ARRAYS.includes(array)) refuse("array", array, SIMULATED_ARRAYS.join(", "));
  const settings: SimulatedSettings = { array, ...DEFAULTS, ...ARRAY_DEFAULTS[array] };
  for (const [name, value] of Object.entries(options)) {
    if (name === "array" || value === undefined) continue;
    if (!Object.hasOwn(RANGES, name))
      refuse(name, value, `only ${["array", ...Object.keys(RANGES)].join(", ")}`);
    const key = name as keyof typeof RANGES;
    const { min, max, unit, whole } =
      key === "elements" && array === "convex" ? CONVEX_ELEMENTS : RANGES[key];
    if (typeof value !== "number" || !(value >= min && value <= max) || (whole && !Number.isInteger(value)))
      refuse(name, value, `${whole ? "a whole number from " : ""}${min} to ${max}${unit}`);
    settings[key] = value;
  }
  return settings;
}

/**
 * Describes a simulated probe: a moving phantom of tissue, cysts, points and a pulsing vessel under a linear, phased or
 * convex array, giving raw channel data. Nothing starts until the description is given to `connect`.
 * @throws SondeError `bad-option`
 * @example const probe = await connect(simulated({ array: "phased" }))
 */
export function simulated(options: SimulatedOptions = {}): SimulatedDescriptor {
  settle(options);
  return { kind: "simulated", options: { ...options } };
}
