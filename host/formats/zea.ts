/**
 * zea HDF5 in its three layouts: 1 (2025, "legacy") and 2 (0.0.12) keep data and scan at the root, 3 (>= 0.1.0) below
 * /tracks/track_k, with the probe beside them. raw_data is [frame][transmit][sample][element][1: RF, 2: I, Q].
 *
 * zea counts time from the first element that fires. `firstFiringS` of the ideal wave carries that over to Sonde's zero,
 * the front at the origin; the mixer's phase counts from the first sample.
 */
import { SondeError } from "../errors.ts";
import { asin, atan2, cos, sin } from "../geometry/exact.ts";
import { firingTimes, firstFiringS } from "../geometry/transmits.ts";
import type { Probe, Transmit, Vector3, Wave } from "../model.ts";
import type { Source } from "../source.ts";
import type { Hdf5File } from "./hdf5/client.ts";
import { Fields, shapeText, textOf } from "./hdf5/fields.ts";
import { linearOrPhased, shapeOf, subsamplingWarning } from "./hdf5/probe-kind.ts";
import { hdf5Recording } from "./hdf5/recording.ts";
import { positionsAsMeant } from "./hdf5/stored-positions.ts";

/** Used when a file states no speed of sound: soft tissue. */
const DEFAULT_SOUND_SPEED_MPS = 1540;

/** zea's probe types in Sonde's words; others are derived from the positions. */
const PROBE_KINDS: Readonly<Record<string, Probe["kind"]>> = {
  linear: "linear",
  phased: "phased",
  curved: "convex",
  convex: "convex",
  matrix: "matrix",
};

/** An apex this far from z = 0 (m) means that the file counts depth from elsewhere. */
const APEX_TOLERANCE_M = 1e-5;

/** Firing times this far from the ideal wave's, in periods of the centre frequency, are worth a warning. */
const FIRING_TOLERANCE_PERIODS = 0.25;

/** Where the parts of a file lie, whatever its layout. */
interface Layout {
  version: 1 | 2 | 3;
  data: Fields;
  scan: Fields;
  probe: Fields;
  probeName?: string;
  warnings: string[];
}

/** Sizes of the recording. */
interface Sizes {
  frames: number;
  transmits: number;
  samples: number;
  elements: number;
  parts: number;
}

async function findParts(file: Hdf5File): Promise<Layout> {
  const root = await file.describe("/", {
    depth: 4,
    attributes: ["zea_version", "probe_name", "probe"],
    skip: ["metadata", "metrics", "custom"],
  });
  if (root.kind !== "group") throw new SondeError("corrupt-file", `${file.name} has no root group.`);
  const top = new Fields(file, root);
  const warnings: string[] = [];
  let holder = top;
  let version: Layout["version"] = root.attributes["zea_version"] ? 2 : 1;
  let probe: Fields | undefined;
  const tracks = top.fields("tracks");
  if (tracks) {
    version = 3;
    const count = Object.keys(tracks.group.children).length;
    const first = tracks.fields("track_0");
    if (!first) throw tracks.missing("track_0");
    if (count > 1) warnings.push(`The file holds ${count} tracks; track_0 is used.`);
    holder = first;
    probe = top.fields("probe");
    if (!probe) throw top.missing("probe");
  } else if (root.children["event_0"])
    throw new SondeError(
      "unsupported-format",
      `${file.name} is a zea file with an event structure (event_0, event_1, ...); each event must be stored as a file of its own.`,
    );
  const data = holder.fields("data");
  if (!data) throw holder.missing("data");
  if (!data.group.children["raw_data"]) {
    const holds = Object.keys(data.group.children).join(", ") || "nothing";
    throw new SondeError(
      "missing-data",
      `${file.name} is a zea file without channel data (raw_data); ${data.group.path} holds ${holds}.`,
      { fields: { holds } },
    );
  }
  const scan = holder.fields("scan");
  if (!scan) throw holder.missing("scan");
  const probeName =
    probe?.text("name") ?? textOf(root.attributes["probe_name"]) ?? textOf(root.attributes["probe"]);
  return { version, data, scan, probe: probe ?? scan, probeName, warnings };
}

function readSizes(data: Fields, scan: Fields): Sizes {
  const raw = data.dataset("raw_data");
  if (!raw) throw data.corrupt("raw_data", "is not a dataset");
  const [frames, transmits, samples, elements, parts] = raw.shape;
  if (raw.shape.length !== 5 || (parts !== 1 && parts !== 2))
    throw data.corrupt(
      "raw_data",
      `has the shape ${shapeText(raw.shape)}; it must be frames x transmits x samples x elements x 1 or 2`,
    );
  const declared = { n_frames: frames, n_tx: transmits, n_ax: samples, n_el: elements, n_ch: parts };
  for (const [name, size] of Object.entries(declared)) {
    const value = scan.number(name);
    if (value !== undefined && value !== size)
      throw scan.corrupt(name, `is ${value}, but raw_data has the shape ${shapeText(raw.shape)}`);
  }
  return { frames, transmits, samples, elements, parts };
}

/** Numbers of a field whose shape must be `shape`; undefined when absent. */
async function shaped(fields: Fields, name: string, shape: number[], sizes: Sizes) {
  const values = await fields.numbers(name);
  if (!values) return undefined;
  const found = fields.dataset(name)!.shape;
  if (found.join() !== shape.join())
    throw fields.corrupt(
      name,
      `has the shape ${shapeText(found)}; raw_data with ${sizes.transmits} transmits and ${sizes.elements} elements needs ${shapeText(shape)}`,
    );
  return values;
}

/** A frequency stored once or for every transmit; the value all transmits share. */
async function sharedFrequency(scan: Fields, name: string, sizes: Sizes): Promise<number | undefined> {
  const values = await scan.numbers(name);
  if (!values) return undefined;
  const shape = scan.dataset(name)!.shape;
  if (shape.length > 1 || (values.length !== 1 && values.length !== sizes.transmits))
    throw scan.corrupt(name, `holds ${values.length} values for ${sizes.transmits} transmits`);
  const [first] = values;
  if (!(Number.isFinite(first) && first >= 0))
    throw scan.corrupt(name, `is ${first}; it must not be negative`);
  if (!Array.from(values).every((value) => value === first))
    throw new SondeError(
      "unsupported-format",
      `${scan.path(name)} differs from transmit to transmit (${Array.from(values).slice(0, 4).join(", ")} Hz); one frequency for all can be imaged.`,
    );
  return first;
}

async function readProbe(layout: Layout, sizes: Sizes): Promise<{ probe: Probe; apexZM: number }> {
  const { probe: fields, scan } = layout;
  const stored = await shaped(fields, "probe_geometry", [sizes.elements, 3], sizes);
  if (!stored) throw fields.missing("probe_geometry");
  const positionsM = positionsAsMeant(Float64Array.from(stored));
  if (!positionsM.every(Number.isFinite))
    throw fields.corrupt("probe_geometry", "holds values that are not finite");
  const { apexZM: apex = 0, ...shape } = shapeOf(positionsM);
  const apexZM = shape.kind === "convex" && Math.abs(apex) > APEX_TOLERANCE_M ? apex : 0;
  if (apexZM !== 0) {
    for (let e = 0; e < sizes.elements; e++) positionsM[3 * e + 2] -= apexZM;
    layout.warnings.push(
      `The file's z = 0 lies ${(-1000 * apexZM).toFixed(2)} mm below the apex of the array; depths are counted from the apex.`,
    );
  }
  const probe: Probe = { positionsM, ...shape };
  const type = fields.text("type")?.toLowerCase();
  const stated = type ? PROBE_KINDS[type] : undefined;
  if (stated && (stated !== "convex" || shape.radiusM)) probe.kind = stated;
  probe.name = layout.probeName;
  const width = fields.number("element_width") ?? scan.number("element_width");
  if (width && width > 0) probe.elementWidthM = width;
  const percent = fields.number("probe_bandwidth_percent") ?? scan.number("bandwidth_percent");
  if (percent && percent > 0) probe.fractionalBandwidth = percent / 100;
  return { probe, apexZM };
}

/** The ideal wave of one transmit. */
function idealWave(
  focusM: number,
  polarRad: number,
  azimuthRad: number,
  origin: Vector3,
  firing: readonly number[],
): Wave {
  if (firing.length === 1) return { kind: "element", element: firing[0] };
  const direction: Vector3 = [
    sin(polarRad) * cos(azimuthRad),
    sin(polarRad) * sin(azimuthRad),
    cos(polarRad),
  ];
  if (
    ![focusM === 0 || Math.abs(focusM) === Number.POSITIVE_INFINITY ? 0 : focusM, ...direction].every(
      Number.isFinite,
    )
  )
    return { kind: "firing" };
  if (focusM === 0 || !Number.isFinite(focusM)) {
    const [x, y, z] = direction;
    const inPlane = Math.abs(y) < 1e-6;
    return { kind: "plane", azimuthRad: atan2(x, z), ...(inPlane ? {} : { elevationRad: asin(y) }) };
  }
  const source: Vector3 = [
    origin[0] + focusM * direction[0],
    origin[1] + focusM * direction[1],
    origin[2] + focusM * direction[2],
  ];
  if (focusM < 0) return source[2] < 0 ? { kind: "diverging", source } : { kind: "firing" };
  return source[2] >= 0 ? { kind: "focused", source } : { kind: "firing" };
}

/** Focal distances, from wavelengths to metres when an old file holds them so. */
function focusInMetres(stored: ArrayLike<number>, layout: Layout, wavelengthM: number | undefined): number[] {
  const values = Array.from(stored);
  const inWavelengths = layout.version < 3 && values.some((f) => Number.isFinite(f) && Math.abs(f) >= 1);
  if (!inWavelengths || !wavelengthM) return values;
  layout.warnings.push(
    "The focal distances are stored in wavelengths, as old files do; they were converted to metres.",
  );
  return values.map((f) => f * wavelengthM);
}

async function readSequence(
  layout: Layout,
  sizes: Sizes,
  probe: Probe,
  apexZM: number,
  soundSpeedMps: number,
  centerFrequencyHz: number | undefined,
): Promise<Transmit[]> {
  const { scan, warnings } = layout;
  const { transmits, elements } = sizes;
  const perTransmit = (name: string) => shaped(scan, name, [transmits], sizes);
  const delays = await shaped(scan, "t0_delays", [transmits, elements], sizes);
  if (!delays) throw scan.missing("t0_delays");
  const weights = await shaped(scan, "tx_apodizations", [transmits, elements], sizes);
  const starts = await perTransmit("initial_times");
  if (!starts)
    warnings.push("The file states no initial times; the first sample is taken at the first firing.");
  const wavelengthM = centerFrequencyHz && soundSpeedMps / centerFrequencyHz;
  const storedFocus = await perTransmit("focus_distances");
  const focus = storedFocus && focusInMetres(storedFocus, layout, wavelengthM);
  const polar = await perTransmit("polar_angles");
  const azimuth = await perTransmit("azimuth_angles");
  const origins = await shaped(scan, "transmit_origins", [transmits, 3], sizes);

  let worst = {
    transmit: -1,
    errorS: FIRING_TOLERANCE_PERIODS / (centerFrequencyHz || Number.POSITIVE_INFINITY),
  };
  const sequence: Transmit[] = [];
  const inverted: number[] = [];
  for (let t = 0; t < transmits; t++) {
    const fires = (e: number) => weights?.[t * elements + e] !== 0;
    const firingS = Float64Array.from({ length: elements }, (_, e) =>
      fires(e) ? delays[t * elements + e] : Number.POSITIVE_INFINITY,
    );
    const firing = Array.from(firingS.keys()).filter(fires);
    if (firing.length && firing.every((e) => Number(weights?.[t * elements + e]) < 0)) inverted.push(t);
    if (firing.length === 0)
      throw scan.corrupt("tx_apodizations", `is zero for every element of transmit ${t}`);
    for (const e of firing)
      if (!Number.isFinite(firingS[e]))
        throw scan.corrupt(
          "t0_delays",
          `is ${firingS[e]} for transmit ${t}, element ${e}; it must be a time`,
        );
    const startS = starts?.[t] ?? 0;
    if (!Number.isFinite(startS)) throw scan.corrupt("initial_times", `is ${startS} for transmit ${t}`);
    const origin: Vector3 = [
      origins?.[3 * t] ?? 0,
      origins?.[3 * t + 1] ?? 0,
      (origins?.[3 * t + 2] ?? 0) - apexZM,
    ];
    const wave: Wave =
      focus && polar
        ? idealWave(focus[t], polar[t], azimuth?.[t] ?? 0, origins ? origin : [0, 0, 0], firing)
        : idealWave(Number.NaN, 0, 0, origin, firing);

    // Add this to a time of the file to count from the front at the origin (one element: from its firing).
    let offsetS = 0;
    if (wave.kind !== "firing") {
      const ideal = firingTimes(
        wave,
        probe,
        soundSpeedMps,
        firingS.map((time) => (Number.isFinite(time) ? 1 : 0)),
      );
      offsetS = firstFiringS(ideal) - firstFiringS(firingS);
      for (const e of firing) {
        const errorS = Math.abs(ideal[e] - firingS[e] - offsetS);
        if (errorS > worst.errorS) worst = { transmit: t, errorS };
      }
    }
    const transmit: Transmit = {
      wave,
      startS: startS + offsetS,
      firingS: firingS.map((time) => time + offsetS),
    };
    if (sizes.parts === 2) transmit.mixerStartS = 0;
    sequence.push(transmit);
  }
  if (worst.transmit >= 0)
    warnings.push(
      `The firing times of transmit ${worst.transmit} differ from those of its ideal wave by up to ${(1e6 * worst.errorS).toFixed(2)} us; the first-arrival model follows the firing times.`,
    );
  if (sequence.some((transmit) => transmit.wave.kind === "firing"))
    warnings.push(
      "Some transmits are described by their firing times only; they are imaged by first arrival.",
    );
  // Pulse inversion: what is linear in the echoes cancels, which only who knows the scheme may want.
  if (inverted.length && inverted.length < transmits)
    warnings.push(
      `${listOf(inverted)} inverted polarity (negative tx_apodizations): summed with the others, their echoes cancel but for harmonics; choose transmits of one polarity for a plain picture.`,
    );
  return sequence;
}

/** Some transmits, as the beginning of a sentence. */
function listOf(numbers: readonly number[]): string {
  const few = numbers.slice(0, 4).join(", ");
  const more = numbers.length > 4 ? ` and ${numbers.length - 4} more` : "";
  return numbers.length === 1 ? `Transmit ${few} has` : `Transmits ${few}${more} have`;
}

/** Frames per second, from the times between transmits of the first frame. */
async function frameRate(scan: Fields, sizes: Sizes): Promise<number | undefined> {
  const times = await scan.numbers("time_to_next_transmit");
  if (!times || times.length < sizes.transmits) return undefined;
  let sum = 0;
  for (let t = 0; t < sizes.transmits; t++) sum += times[t];
  return Number.isFinite(sum) && sum > 0 ? 1 / sum : undefined;
}

/**
 * Opens the channel data of a zea file (its first track).
 * @throws SondeError `missing-data`, `corrupt-file`, `unsupported-format`
 */
export async function readZea(file: Hdf5File): Promise<Source> {
  const layout = await findParts(file);
  const { data, scan, warnings } = layout;
  const sizes = readSizes(data, scan);
  const sampleRateHz = scan.positiveNumber("sampling_frequency");
  const centerHz = await sharedFrequency(scan, "center_frequency", sizes);
  const demodulationHz = (await sharedFrequency(scan, "demodulation_frequency", sizes)) ?? centerHz;
  const iq = sizes.parts === 2;
  if (iq && demodulationHz === undefined) throw scan.missing("demodulation_frequency");
  const centerFrequencyHz = centerHz || demodulationHz || undefined;
  if (!scan.dataset("sound_speed"))
    warnings.push(`The file states no speed of sound; ${DEFAULT_SOUND_SPEED_MPS} m/s is assumed.`);
  const soundSpeedMps = scan.dataset("sound_speed")
    ? scan.positiveNumber("sound_speed")
    : DEFAULT_SOUND_SPEED_MPS;

  const { probe, apexZM } = await readProbe(layout, sizes);
  probe.centerFrequencyHz = layout.probe.number("probe_center_frequency") || centerFrequencyHz;
  const sequence = await readSequence(layout, sizes, probe, apexZM, soundSpeedMps, centerFrequencyHz);
  if (probe.kind === "linear" && !layout.probe.text("type"))
    probe.kind = linearOrPhased(
      probe.pitchM,
      sequence,
      centerFrequencyHz && soundSpeedMps / centerFrequencyHz,
    );
  if (scan.group.children["waveforms_two_way"])
    warnings.push(
      "The file stores its two-way pulse; the delay of the pulse's peak is not taken off the echoes.",
    );
  if (!iq) warnings.push(...subsamplingWarning(sampleRateHz, centerFrequencyHz));
  const { samples, elements, transmits, parts } = sizes;

  return hdf5Recording(
    file,
    {
      kind: "channels",
      name: file.name,
      format: `zea ${layout.version}`,
      signal: iq ? "iq" : "rf",
      frameCount: sizes.frames,
      frameRateHz: await frameRate(scan, sizes),
      soundSpeedMps,
      centerFrequencyHz,
      warnings,
      probe,
      sequence,
      sampleCount: samples,
      sampleRateHz,
      modulationFrequencyHz: iq ? (demodulationHz ?? 0) : 0,
    },
    (index) => ({
      paths: [data.path("raw_data")],
      slab: { start: [index, 0, 0, 0, 0], count: [1, transmits, samples, elements, parts] },
      axes: [0, 1, 3, 2, 4],
    }),
  );
}
