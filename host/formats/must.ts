/**
 * MAT files with the names of MUST and PyMUST (Garcia, 2021): `RF` or `IQ` [samples, elements, frames], and `param` or
 * variables of their own with fs, pitch, c, t0, TXdelay ...
 *
 * Time: MUST counts from the zero of the delays, which as a rule is the first firing; Sonde from the moment the front crosses the
 * origin. The delays are explained
 * by a plane or virtual-source wave where one fits within 1/20 period, else kept as bare firing times.
 */
import { SondeError } from "../errors.ts";
import { convexArray, linearArray } from "../geometry/arrays.ts";
import { asin } from "../geometry/exact.ts";
import { fitWave } from "../geometry/wavefit.ts";
import type { ChannelData, Probe, SampleArray, Transmit } from "../model.ts";
import type { Source } from "../source.ts";
import { interleave, Names, toSamples } from "./mat-values.ts";
import type { MatFile, MatNumeric, MatValue } from "./mat5.ts";
import { recording } from "./recording.ts";

/** What a MUST file needs, for error messages. */
export const MUST_NAMES = "RF or IQ, fs and pitch";

/** MUST's own default (m/s). */
const DEFAULT_SOUND_SPEED_MPS = 1540;
/** A wave explains delays when no element is further off than this part of a period. */
const FIT_PERIODS = 1 / 20;
/** Below this pitch in wavelengths an array is made for steering, and drawn as a sector. */
const PHASED_PITCH_WAVELENGTHS = 0.6;

/** The echoes: one array, or one per transmit in a cell. */
function echoes(mat: MatFile): { name: string; parts: readonly MatValue[] } | undefined {
  for (const name of ["RF", "IQ"]) {
    const value = mat.variables.get(name);
    if (value?.kind === "numeric") return { name, parts: [value] };
    if (value?.kind === "cell") return { name, parts: value.cells };
  }
  return undefined;
}

export function isMust(mat: MatFile): boolean {
  return echoes(mat) !== undefined;
}

function parameters(mat: MatFile): Names {
  const names = new Names();
  const param = mat.variables.get("param");
  if (param?.kind === "struct")
    names.add([...param.fields].map(([name, values]) => [name, values[0]] as const));
  names.add(mat.variables);
  return names;
}

/** Arrays of the same size, [samples, elements, slices] each. */
function checkedParts(name: string, parts: readonly MatValue[]) {
  const arrays: MatNumeric[] = [];
  for (const part of parts) {
    if (part.kind !== "numeric" || part.shape.length > 3 || part.real.length === 0)
      throw new SondeError(
        "corrupt-file",
        `${name} must hold arrays [samples, elements, frames]; it holds ${part.kind === "numeric" ? `one of ${part.shape.join(" x ")}` : `a ${part.kind}`}.`,
      );
    arrays.push(part);
  }
  if (arrays.length === 0)
    throw new SondeError("corrupt-file", `${name} is an empty cell; it must hold echoes.`);
  const shape = [...arrays[0].shape, 1].slice(0, 3);
  const complex = arrays.some((part) => part.imaginary !== undefined);
  for (const part of arrays)
    if ([...part.shape, 1].slice(0, 3).join() !== shape.join() || part.class !== arrays[0].class)
      throw new SondeError(
        "corrupt-file",
        `${name} holds arrays of ${shape.join(" x ")} and of ${part.shape.join(" x ")}; all transmits must have the same size.`,
      );
  return { arrays, sampleCount: shape[0], elements: shape[1], slices: shape[2], complex };
}

function readProbe(names: Names, elements: number, soundSpeedMps: number, centerFrequencyHz?: number): Probe {
  const stated = names.scalar("Nelements", 1, 65536);
  if (stated !== undefined && stated !== elements)
    throw new SondeError("corrupt-file", `Nelements is ${stated}, the echoes have ${elements} channels.`, {
      fields: { stated, elements },
    });
  const pitchM = names.scalar("pitch", 1e-6, 0.1);
  if (pitchM === undefined)
    throw new SondeError("missing-data", "The MAT file has no pitch (m); add it to param.", {
      fields: { name: "pitch" },
    });
  const radiusM = names.scalar("radius", 1e-4, Number.POSITIVE_INFINITY);
  const convex = radiusM !== undefined && Number.isFinite(radiusM);
  if (convex && (elements - 1) * asin(Math.min(1, pitchM / (2 * radiusM))) > Math.PI)
    throw new SondeError(
      "bad-geometry",
      `${elements} elements of pitch ${pitchM} m do not fit on an arc of radius ${radiusM} m.`,
    );
  const kerfM = names.scalar("kerf", 0, pitchM);
  const width = names.scalar("width", 1e-7, 0.1) ?? (kerfM === undefined ? undefined : pitchM - kerfM);
  const bandwidth = names.scalar("bandwidth", 0, 200);
  const phased =
    centerFrequencyHz !== undefined &&
    pitchM < (PHASED_PITCH_WAVELENGTHS * soundSpeedMps) / centerFrequencyHz;
  return {
    kind: convex ? "convex" : phased ? "phased" : "linear",
    ...(convex ? convexArray(elements, pitchM, radiusM) : linearArray(elements, pitchM)),
    ...(width ? { elementWidthM: width } : {}),
    ...(centerFrequencyHz ? { centerFrequencyHz } : {}),
    ...(bandwidth ? { fractionalBandwidth: bandwidth / 100 } : {}),
  };
}

/** Rows of delays, one per transmit; NaN or zero apodization: did not fire. */
function delayRows(names: Names, elements: number, warnings: string[]): Float64Array[] {
  const value = names.get("TXdelay");
  const rows: Float64Array[] = [];
  for (const part of value?.kind === "cell" ? value.cells : value ? [value] : []) {
    if (part.kind !== "numeric") continue;
    const all = Float64Array.from(part.real as ArrayLike<number | bigint>, Number);
    // A column is one transmit as well as a row is.
    const rowCount = part.shape[1] === 1 && part.shape[0] === elements ? 1 : part.shape[0];
    if (all.length === 0) continue;
    if (all.length !== rowCount * elements)
      throw new SondeError(
        "corrupt-file",
        `TXdelay is ${part.shape.join(" x ")}, the echoes have ${elements} channels; give one delay per element.`,
      );
    for (let row = 0; row < rowCount; row++)
      rows.push(Float64Array.from({ length: elements }, (_, e) => all[row + e * rowCount]));
  }
  if (rows.length === 0) {
    warnings.push("The file has no TXdelay; a plane wave straight ahead is assumed.");
    rows.push(new Float64Array(elements));
  }
  const apodization = names.numbers("TXapodization");
  if (apodization?.length === elements)
    for (const row of rows) for (let e = 0; e < elements; e++) if (apodization[e] === 0) row[e] = Number.NaN;
  return rows;
}

function makeTransmit(
  delaysS: Float64Array,
  probe: Probe,
  soundSpeedMps: number,
  toleranceS: number,
  startS: number,
  complex: boolean,
): Transmit {
  for (const delay of delaysS)
    if (Math.abs(delay) > 1)
      throw new SondeError("corrupt-file", `TXdelay holds ${delay} s; delays are in seconds, below 1.`);
  const fit = fitWave(delaysS, probe, soundSpeedMps, toleranceS);
  if (!fit)
    throw new SondeError(
      "bad-geometry",
      "No element fires: TXdelay is not a number or TXapodization is 0 everywhere.",
    );
  return {
    wave: fit.wave,
    // The delays are on the axis of the samples: what fires first need not fire at zero.
    startS: startS - fit.firstS + fit.offsetS,
    firingS: fit.firingS,
    // MUST's rf2iq mixes on the file's own time axis.
    ...(complex ? { mixerStartS: startS } : {}),
  };
}

export function openMust(mat: MatFile, fileName: string, notes: readonly string[]): Source {
  const found = echoes(mat);
  if (!found) throw new SondeError("missing-data", `The MAT file has none of ${MUST_NAMES}.`);
  const { arrays, sampleCount, elements, slices, complex } = checkedParts(found.name, found.parts);
  const names = parameters(mat);
  const warnings = [...notes];

  const sampleRateHz = names.scalar("fs", 1e3, 1e12);
  if (sampleRateHz === undefined)
    throw new SondeError(
      "missing-data",
      "The MAT file has echoes but no fs (sampling frequency, Hz); add it to param.",
      {
        fields: { name: "fs" },
      },
    );
  const centerFrequencyHz = names.scalar("fc", 1e3, 1e12);
  if (complex && centerFrequencyHz === undefined)
    throw new SondeError("missing-data", "The IQ data have no fc (centre frequency, Hz); add it to param.", {
      fields: { name: "fc" },
    });
  const statedSpeed = names.scalar("c", 100, 20000);
  const soundSpeedMps = statedSpeed ?? DEFAULT_SOUND_SPEED_MPS;
  if (statedSpeed === undefined)
    warnings.push(`The file has no sound speed c; ${DEFAULT_SOUND_SPEED_MPS} m/s is assumed.`);
  const startS = names.scalar("t0", -1, 1) ?? 0;
  if (!names.get("t0"))
    warnings.push("The file has no t0; the first sample is taken to be at the zero of the delays.");

  const probe = readProbe(names, elements, soundSpeedMps, centerFrequencyHz);
  const rows = delayRows(names, elements, warnings);
  const transmits = Math.max(rows.length, arrays.length);
  const separate = arrays.length > 1;
  if (
    (separate && rows.length !== arrays.length && rows.length > 1) ||
    (!separate && rows.length > 1 && slices !== rows.length)
  )
    throw new SondeError(
      "corrupt-file",
      `TXdelay has ${rows.length} transmits, ${found.name} has ${separate ? arrays.length : slices}; they must agree.`,
      { fields: { delays: rows.length, echoes: separate ? arrays.length : slices } },
    );
  const toleranceS = FIT_PERIODS / (centerFrequencyHz ?? sampleRateHz / 4);
  const sequence: Transmit[] = [];
  for (let t = 0; t < transmits; t++)
    sequence.push(
      makeTransmit(rows[Math.min(t, rows.length - 1)], probe, soundSpeedMps, toleranceS, startS, complex),
    );

  // One array whose slices are transmits, or one array per transmit whose slices are frames.
  const frameCount = !separate && rows.length > 1 ? 1 : slices;
  const repetitionHz = names.scalar("PRF", 0, 1e9) ?? 1 / (names.scalar("PRP", 0, 1e9) ?? 0);
  const info: ChannelData & { frameCount: number } = {
    kind: "channels",
    name: fileName,
    format: "MUST MAT",
    signal: complex ? "iq" : "rf",
    frameCount,
    ...(repetitionHz > 0 && Number.isFinite(repetitionHz) ? { frameRateHz: repetitionHz / transmits } : {}),
    soundSpeedMps,
    ...(centerFrequencyHz ? { centerFrequencyHz } : {}),
    warnings,
    probe,
    sequence,
    sampleCount,
    sampleRateHz,
    modulationFrequencyHz: complex ? (centerFrequencyHz ?? 0) : 0,
  };

  const parts = arrays.map((part) => (complex ? interleave(part) : toSamples(part.real)));
  const perFrame = parts[0].length / (separate ? slices : frameCount);
  return recording(info, (index) => {
    const pieces = parts.map((part) => part.subarray(index * perFrame, (index + 1) * perFrame));
    return { index, samples: joined(pieces) };
  });
}

/** Pieces of one type, one after the other, in memory of their own. */
export function joined(pieces: readonly SampleArray[]): SampleArray {
  if (pieces.length === 1) return pieces[0].slice();
  const Type = pieces[0].constructor as new (count: number) => SampleArray;
  const out = new Type(pieces.length * pieces[0].length);
  pieces.forEach((piece, k) => {
    out.set(piece, k * piece.length);
  });
  return out;
}
