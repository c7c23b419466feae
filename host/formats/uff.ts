/**
 * UFF as USTB writes it (`uff.channel_data`, file versions 1.0 to 1.2). HDF5 shows MATLAB's arrays with their
 * dimensions reversed, which is Sonde's order: data [frame][transmit][channel][sample]; MATLAB drops trailing
 * dimensions of 1, so leading ones may be missing here.
 *
 * Sample n of wave w is taken at initial_time + n / sampling_frequency + delay_w after the wave crossed the origin; the
 * mixer of IQ data runs on initial_time + n / sampling_frequency, without the delay.
 */
import { SondeError } from "../errors.ts";
import { convexArray, linearArray } from "../geometry/arrays.ts";
import { asin, atan2, cos, norm, sin } from "../geometry/exact.ts";
import { firingTimes } from "../geometry/transmits.ts";
import { elementCount, type Probe, type Transmit, type Vector3, type Wave } from "../model.ts";
import type { Source } from "../source.ts";
import type { Hdf5File } from "./hdf5/client.ts";
import { Fields, numberOf, shapeText, textOf } from "./hdf5/fields.ts";
import { linearOrPhased, shapeOf, subsamplingWarning } from "./hdf5/probe-kind.ts";
import type { Hdf5Group } from "./hdf5/protocol.ts";
import { hdf5Recording } from "./hdf5/recording.ts";
import { positionsAsMeant } from "./hdf5/stored-positions.ts";

const VERSIONS = ["v1.0.0", "v1.0.1", "v1.1.0", "v1.1.1", "v1.2.0"];

/** Values of the enumeration `uff.wavefront`. */
const PLANE = 0;
const SPHERICAL = 1;

/**
 * Angles are stored as float32, whose pi/2 gives a cosine of -4e-8: a source on the array would fall behind it. Angles
 * this close to pi/2 (rad) mean pi/2; float32 is 1e-7 apart there.
 */
const RIGHT_ANGLE_TOLERANCE = 1e-6;

/** A source within this distance of an element (m), or a hundredth of the pitch, is that element. */
const ON_ELEMENT_M = 1e-6;

function classOf(group: Hdf5Group): string {
  return textOf(group.attributes["class"]) ?? "";
}

/** Text stored as a dataset of character codes, or as a string; cells: their first entry. */
async function textIn(fields: Fields, name: string): Promise<string | undefined> {
  const node = fields.child(name);
  if (node?.kind === "group") return textIn(new Fields(fields.file, node), `${name}_0001`);
  if (node?.type === "string") return fields.text(name);
  const codes = await fields.numbers(name);
  return codes && String.fromCharCode(...Array.from(codes).slice(0, 1000)).trim();
}

/** The elements of an array of objects, or the single object itself. */
function objectsIn(fields: Fields, name: string): Fields[] {
  const own = fields.fields(name);
  if (!own) throw fields.missing(name);
  const { attributes, children } = own.group;
  const entries = Object.keys(children).filter((key) => new RegExp(`^${name}_\\d+$`).test(key));
  const isArray = numberOf(attributes["array"]) === 1 || entries.length > 0;
  if (!isArray) return [own];
  const size = attributes["size"] as readonly number[] | undefined;
  const declared = size?.reduce((product, n) => product * n, 1);
  if (declared !== undefined && declared !== entries.length)
    throw fields.corrupt(name, `declares a size of ${declared}, but holds ${entries.length} objects`);
  return entries
    .sort((a, b) => Number(a.slice(name.length + 1)) - Number(b.slice(name.length + 1)))
    .map((key) => {
      const entry = own.fields(key);
      if (!entry) throw own.corrupt(key, "is not an object");
      return entry;
    });
}

/** A `uff.point`. */
interface Point {
  distanceM: number;
  azimuthRad: number;
  elevationRad: number;
}

function cosine(angle: number): number {
  return Math.abs(Math.abs(angle) - Math.PI / 2) < RIGHT_ANGLE_TOLERANCE ? 0 : cos(angle);
}

function directionOf(point: Point): Vector3 {
  const { azimuthRad, elevationRad } = point;
  return [
    sin(azimuthRad) * cosine(elevationRad),
    sin(elevationRad),
    cosine(azimuthRad) * cosine(elevationRad),
  ];
}

/** The plane wave that travels along `direction`. */
function planeWave({ azimuthRad, elevationRad }: Point, direction: Vector3): Wave {
  const [x, y, z] = direction;
  // The stored angles themselves, where they are such: their sines and cosines would give them back with last bits changed.
  const stored = Math.abs(azimuthRad) < Math.PI / 2 && Math.abs(elevationRad) < Math.PI / 2;
  const azimuth = stored ? azimuthRad : atan2(x, z);
  if (Math.abs(y) < RIGHT_ANGLE_TOLERANCE) return { kind: "plane", azimuthRad: azimuth };
  return { kind: "plane", azimuthRad: azimuth, elevationRad: stored ? elevationRad : asin(y) };
}

function readPoint(fields: Fields | undefined): Point {
  const distanceM = fields?.number("distance") ?? Number.POSITIVE_INFINITY;
  if (!(distanceM >= 0)) throw fields!.corrupt("distance", `is ${distanceM}; it must not be negative`);
  return {
    distanceM,
    azimuthRad: fields?.finiteNumber("azimuth", 0) ?? 0,
    elevationRad: fields?.finiteNumber("elevation", 0) ?? 0,
  };
}

/** The element at `source`, or -1. */
function elementAt(source: Vector3, probe: Probe): number {
  const tolerance = Math.max(ON_ELEMENT_M, (probe.pitchM ?? 0) / 100);
  const p = probe.positionsM;
  for (let e = 0; e < elementCount(probe); e++)
    if (norm(p[3 * e] - source[0], p[3 * e + 1] - source[1], p[3 * e + 2] - source[2]) <= tolerance) return e;
  return -1;
}

/** What one transmit needs to know about the recording. */
interface Recording {
  initialTimeS: number;
  soundSpeedMps: number;
  probe: Probe;
  iq: boolean;
}

/** Weights of the elements in transmission, when the file lists them and some are zero. */
async function transmitWeights(wave: Fields, elements: number): Promise<ArrayLike<number> | undefined> {
  const weights = await wave.fields("apodization")?.numbers("apodization_vector");
  if (!weights || weights.length !== elements || !Array.from(weights).includes(0)) return undefined;
  return weights;
}

async function readWave(fields: Fields, recording: Recording): Promise<Transmit> {
  const { probe, soundSpeedMps, initialTimeS } = recording;
  const startS = initialTimeS + fields.finiteNumber("delay", 0);
  const mixerStartS = recording.iq ? initialTimeS : undefined;
  const finish = (wave: Wave, start: number, firingS?: Float64Array): Transmit => {
    const transmit: Transmit = { wave, startS: start };
    if (mixerStartS !== undefined) transmit.mixerStartS = mixerStartS;
    if (firingS) transmit.firingS = firingS;
    return transmit;
  };

  // MATLAB's writer leaves the wavefront out; its default is spherical, and infinitely far away means plane.
  const front = fields.number("wavefront") ?? SPHERICAL;
  if (front !== PLANE && front !== SPHERICAL)
    throw new SondeError(
      "unsupported-format",
      `${fields.path("wavefront")} is ${front} (${front === 2 ? "photoacoustic" : "unknown"}); plane and spherical waves can be imaged.`,
      { fields: { wavefront: front } },
    );
  const point = readPoint(fields.fields("source"));
  const direction = directionOf(point);
  const weights = await transmitWeights(fields, elementCount(probe));

  if (front === PLANE || point.distanceM === Number.POSITIVE_INFINITY) {
    const wave = planeWave(point, direction);
    return finish(wave, startS, weights && firingTimes(wave, probe, soundSpeedMps, weights));
  }

  const source: Vector3 = [
    point.distanceM * direction[0],
    point.distanceM * direction[1],
    point.distanceM * direction[2],
  ];
  const behind = source[2] < 0;
  const element = elementAt(source, probe);
  if (element >= 0) {
    // UFF counts from the origin, |s| / c after the firing for a source behind it, before it for one in front.
    const travelS = norm(...source) / soundSpeedMps;
    return finish({ kind: "element", element }, behind ? startS + travelS : startS - travelS);
  }
  const wave: Wave = { kind: behind ? "diverging" : "focused", source };
  return finish(wave, startS, weights && firingTimes(wave, probe, soundSpeedMps, weights));
}

/** Element positions as stored, else from the number of elements, the pitch and the radius. */
async function readPositions(fields: Fields): Promise<{
  positionsM: Float64Array;
  azimuthsRad: Float64Array;
  widthM?: number;
}> {
  const shape = fields.dataset("geometry")?.shape;
  const stored = await fields.numbers("geometry");
  if (!stored || !shape) {
    if (classOf(fields.group) === "uff.matrix_array") return matrixPositions(fields);
    const elements = fields.positiveNumber("N");
    if (!Number.isInteger(elements) || elements > 65_536)
      throw fields.corrupt("N", `is ${elements} elements`);
    const pitchM = fields.positiveNumber("pitch");
    const radiusM = fields.number("radius");
    return radiusM ? convexArray(elements, pitchM, radiusM) : linearArray(elements, pitchM);
  }
  const elements = shape[1];
  if (shape.length !== 2 || shape[0] < 3 || elements < 1)
    throw fields.corrupt("geometry", `has the shape ${shapeText(shape)}; it must be 7 x elements`);
  const given = new Float64Array(3 * elements);
  for (let e = 0; e < elements; e++)
    for (let axis = 0; axis < 3; axis++) given[3 * e + axis] = stored[axis * elements + e];
  const positionsM = positionsAsMeant(given);
  if (!positionsM.every(Number.isFinite))
    throw fields.corrupt("geometry", "holds positions that are not finite");
  const declared = fields.number("N");
  if (declared !== undefined && declared !== elements)
    throw fields.corrupt("N", `is ${declared}, but geometry holds ${elements} elements`);
  const azimuthsRad = Float64Array.from({ length: elements }, (_, e) =>
    shape[0] > 3 ? stored[3 * elements + e] : 0,
  );
  if (!azimuthsRad.every(Number.isFinite))
    throw fields.corrupt("geometry", "holds angles that are not finite");
  return { positionsM, azimuthsRad, widthM: shape[0] > 5 ? stored[5 * elements] : undefined };
}

/** A centred grid, x fastest. */
function matrixPositions(fields: Fields): { positionsM: Float64Array; azimuthsRad: Float64Array } {
  const [columns, rows] = [fields.positiveNumber("N_x"), fields.positiveNumber("N_y")];
  for (const [name, count] of [
    ["N_x", columns],
    ["N_y", rows],
  ] as const)
    if (!Number.isInteger(count) || columns * rows > 65_536)
      throw fields.corrupt(name, `is ${count} elements`);
  const [pitchX, pitchY] = [fields.positiveNumber("pitch_x"), fields.positiveNumber("pitch_y")];
  const positionsM = new Float64Array(3 * columns * rows);
  for (let j = 0, at = 0; j < rows; j++)
    for (let i = 0; i < columns; i++, at += 3) {
      positionsM[at] = (i - (columns - 1) / 2) * pitchX;
      positionsM[at + 1] = (j - (rows - 1) / 2) * pitchY;
    }
  return { positionsM, azimuthsRad: new Float64Array(columns * rows) };
}

async function readProbe(fields: Fields): Promise<Probe> {
  const { positionsM, azimuthsRad, widthM } = await readPositions(fields);
  const shape = shapeOf(positionsM);
  const name = classOf(fields.group);
  const elementWidthM = fields.number("element_width") ?? widthM;
  const probe: Probe = {
    kind: shape.kind,
    positionsM,
    azimuthsRad,
    pitchM: fields.number("pitch") ?? shape.pitchM,
    elementWidthM: elementWidthM && elementWidthM > 0 ? elementWidthM : undefined,
  };
  if (name === "uff.curvilinear_array") {
    probe.kind = "convex";
    probe.radiusM = fields.number("radius") ?? shape.radiusM;
  } else if (name === "uff.matrix_array" || name === "uff.curvilinear_matrix_array") probe.kind = "matrix";
  else if (shape.radiusM) probe.radiusM = shape.radiusM;
  return probe;
}

/** Paths and shape of the samples: one dataset, or real and imaginary parts. */
function findSamples(fields: Fields): { paths: string[]; shape: readonly number[]; complex: boolean } {
  const node = fields.child("data");
  if (!node) throw fields.missing("data");
  if (node.kind === "dataset") {
    const { path, shape } = fields.dataset("data") ?? node;
    return { paths: [path], shape, complex: false };
  }
  const parts = new Fields(fields.file, node);
  const real = parts.dataset("real");
  const imag = parts.dataset("imag");
  if (!real) throw parts.missing("real");
  if (!imag) throw parts.missing("imag");
  if (real.shape.join() !== imag.shape.join())
    throw parts.corrupt("imag", `has the shape ${shapeText(imag.shape)}, real ${shapeText(real.shape)}`);
  return { paths: [real.path, imag.path], shape: real.shape, complex: true };
}

/** The first `uff.channel_data` of the file. */
async function findChannelData(file: Hdf5File, warnings: string[]): Promise<Fields> {
  const attributes = ["class", "version", "array", "size"];
  const root = await file.describe("/", { depth: 1, attributes });
  if (root.kind !== "group") throw new SondeError("corrupt-file", `${file.name} has no root group.`);
  const version = textOf(root.attributes["version"]);
  if (version && !VERSIONS.includes(version))
    warnings.push(
      `The file states the UFF version ${version}; the versions known are ${VERSIONS.join(", ")}.`,
    );
  const objects = Object.values(root.children).filter((node): node is Hdf5Group => node.kind === "group");
  const found = objects.filter((group) => classOf(group) === "uff.channel_data");
  if (found.length === 0) {
    const holds = objects
      .map((group) => `${classOf(group) || "a group"} "${group.path.slice(1)}"`)
      .join(", ");
    throw new SondeError(
      "missing-data",
      `${file.name} is a UFF file without channel data; it holds ${holds || "nothing"}.`,
      {
        fields: { holds },
      },
    );
  }
  if (found.length > 1)
    warnings.push(
      `The file holds ${found.length} sets of channel data; "${found[0].path.slice(1)}" is used.`,
    );
  const name = found[0].path.slice(1);
  const group = await file.describe(found[0].path, {
    attributes,
    skip: ["scan", "phantom", "author", "reference", "info", "focus", "tilt", "MLA", "MLA_overlap"],
  });
  if (group.kind !== "group")
    throw new SondeError("corrupt-file", `/${name} of ${file.name} is not a group.`);
  const several = objectsIn(new Fields(file, { ...root, children: { [name]: group } }), name);
  if (several.length === 0)
    throw new SondeError("corrupt-file", `/${name} of ${file.name} is an empty array.`);
  if (several.length > 1) warnings.push(`"${name}" is an array of ${several.length}; the first is used.`);
  return several[0];
}

/**
 * Opens the first channel data of a UFF file.
 * @throws SondeError `missing-data`, `corrupt-file`, `unsupported-format`
 */
export async function readUff(file: Hdf5File): Promise<Source> {
  const warnings: string[] = [];
  const fields = await findChannelData(file, warnings);

  const samples = findSamples(fields);
  const rank = samples.shape.length;
  if (rank < 2 || rank > 4)
    throw fields.corrupt(
      "data",
      `has the shape ${shapeText(samples.shape)}; it must be [frame, wave,] channel, sample`,
    );
  const [frameCount, waveCount, channels, sampleCount] = [1, 1, ...samples.shape].slice(-4);

  const probeFields = fields.fields("probe");
  if (!probeFields) throw fields.missing("probe");
  const probe = await readProbe(probeFields);
  if (elementCount(probe) !== channels)
    throw fields.corrupt(
      "data",
      `holds ${channels} channels, but the probe has ${elementCount(probe)} elements`,
    );

  const sampleRateHz = fields.positiveNumber("sampling_frequency");
  const soundSpeedMps = fields.positiveNumber("sound_speed");
  const initialTimeS = fields.finiteNumber("initial_time", 0);
  const modulationHz = fields.finiteNumber("modulation_frequency", 0);
  if (modulationHz < 0)
    throw fields.corrupt("modulation_frequency", `is ${modulationHz}; it must not be negative`);
  const pulse = fields.fields("pulse");
  const pulseHz = pulse?.number("center_frequency");
  const centerFrequencyHz = pulseHz && pulseHz > 0 ? pulseHz : modulationHz || undefined;
  const bandwidth = pulse?.number("fractional_bandwidth");

  const waves = objectsIn(fields, "sequence");
  if (waves.length !== waveCount)
    throw fields.corrupt("sequence", `holds ${waves.length} waves, but data holds ${waveCount}`);
  const recording = { initialTimeS, soundSpeedMps, probe, iq: samples.complex };
  const sequence: Transmit[] = [];
  for (const wave of waves) sequence.push(await readWave(wave, recording));

  probe.centerFrequencyHz = centerFrequencyHz;
  if (bandwidth && bandwidth > 0) probe.fractionalBandwidth = bandwidth;
  if (probe.kind === "linear")
    probe.kind = linearOrPhased(
      probe.pitchM,
      sequence,
      centerFrequencyHz && soundSpeedMps / centerFrequencyHz,
    );
  if (!samples.complex) {
    if (modulationHz > 0)
      warnings.push(
        `The data are real, but state a modulation frequency of ${modulationHz} Hz; they are read as RF.`,
      );
    warnings.push(...subsamplingWarning(sampleRateHz, centerFrequencyHz));
  } else if (modulationHz === 0)
    warnings.push(
      "The data are complex with a modulation frequency of 0; they are read as analytic signals.",
    );
  const repetitionHz = fields.number("PRF") ?? fields.number("prf");

  return hdf5Recording(
    file,
    {
      kind: "channels",
      name: (await textIn(fields, "name")) || file.name,
      format: "UFF",
      signal: samples.complex ? "iq" : "rf",
      frameCount,
      frameRateHz: repetitionHz && repetitionHz > 0 ? repetitionHz / waveCount : undefined,
      soundSpeedMps,
      centerFrequencyHz,
      warnings,
      probe,
      sequence,
      sampleCount,
      sampleRateHz,
      modulationFrequencyHz: samples.complex ? modulationHz : 0,
    },
    (index) => ({
      paths: samples.paths,
      slab: {
        start: [index, 0, 0, 0].slice(4 - rank),
        count: [1, waveCount, channels, sampleCount].slice(4 - rank),
      },
    }),
  );
}
