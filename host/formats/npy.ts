/**
 * NPY arrays (versions 1.0 to 3.0, "NPY format", numpy.org): read as plain values, as beamformed data, and written.
 *
 *   93 "NUMPY" | u8 major | u8 minor | u16 or u32 LE header length H | H bytes of a Python dict | values
 *
 * The dict is read by a parser for exactly this dict; nothing is evaluated, and object arrays (pickles) are refused.
 */
import { SondeError } from "../errors.ts";
import type { Beamformed, SampleArray } from "../model.ts";
import type { Source } from "../source.ts";
import type { FileBytes } from "./file.ts";
import type { OpenOptions } from "./options.ts";
import { quote } from "./quote.ts";
import { recording } from "./recording.ts";

export type NpyValues =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>;

/** An array in C order: last axis fastest. Complex values are interleaved (re, im). */
export interface NpyArray {
  descr: string;
  shape: readonly number[];
  complex: boolean;
  values: NpyValues;
}

interface Kind {
  /** Bytes of one number; a complex value has two. */
  bytes: number;
  parts: 1 | 2;
  make(buffer: ArrayBuffer): NpyValues;
}

const KINDS: Readonly<Record<string, Kind>> = {
  "<f4": { bytes: 4, parts: 1, make: (buffer) => new Float32Array(buffer) },
  "<f8": { bytes: 8, parts: 1, make: (buffer) => new Float64Array(buffer) },
  "<c8": { bytes: 4, parts: 2, make: (buffer) => new Float32Array(buffer) },
  "<c16": { bytes: 8, parts: 2, make: (buffer) => new Float64Array(buffer) },
  "|u1": { bytes: 1, parts: 1, make: (buffer) => new Uint8Array(buffer) },
  "|b1": { bytes: 1, parts: 1, make: (buffer) => new Uint8Array(buffer) },
  "|i1": { bytes: 1, parts: 1, make: (buffer) => new Int8Array(buffer) },
  "<i2": { bytes: 2, parts: 1, make: (buffer) => new Int16Array(buffer) },
  "<u2": { bytes: 2, parts: 1, make: (buffer) => new Uint16Array(buffer) },
  "<i4": { bytes: 4, parts: 1, make: (buffer) => new Int32Array(buffer) },
  "<u4": { bytes: 4, parts: 1, make: (buffer) => new Uint32Array(buffer) },
};

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
/** NumPy's own limit for a header it trusts. */
const LONGEST_HEADER = 10000;
const MOST_AXES = 32;

export function looksLikeNpy(bytes: Uint8Array): boolean {
  return MAGIC.every((code, k) => bytes[k] === code);
}

function corrupt(message: string): SondeError {
  return new SondeError("corrupt-file", `${message}; the NPY file is damaged, save it again.`);
}

interface NpyHeader {
  descr: string;
  fortranOrder: boolean;
  shape: number[];
}

/** `{'descr': '<c8', 'fortran_order': False, 'shape': (3, 4), }` and nothing else. */
function parseHeader(text: string): NpyHeader {
  const tokens = text.match(/'[^'\\]*'|"[^"\\]*"|[A-Za-z]+|\d+L?|[{}():,[\]]|\S/g) ?? [];
  let at = 0;
  const expect = (token: string) => {
    if (tokens[at++] !== token) throw corrupt(`The header ${quote(text)} is not the dict of an array`);
  };
  const found: Partial<NpyHeader> = {};
  expect("{");
  while (tokens[at] !== "}") {
    const key = tokens[at++]?.slice(1, -1);
    expect(":");
    const value = tokens[at++] ?? "";
    if (key === "descr" && /^['"]/.test(value)) found.descr = value.slice(1, -1);
    else if (key === "descr")
      throw new SondeError(
        "unsupported-format",
        "The NPY file holds records of several fields; save a plain array.",
      );
    else if (key === "fortran_order" && (value === "True" || value === "False"))
      found.fortranOrder = value === "True";
    else if (key === "shape" && value === "(") {
      found.shape = [];
      while (tokens[at] !== ")") {
        if (!/^\d/.test(tokens[at] ?? ""))
          throw corrupt(`The shape in ${quote(text)} is not a tuple of numbers`);
        found.shape.push(Number.parseInt(tokens[at++], 10));
        if (tokens[at] === ",") at++;
        else if (tokens[at] !== ")") throw corrupt(`The shape in ${quote(text)} is not a tuple of numbers`);
      }
      at++;
    } else throw corrupt(`The header ${quote(text)} is not the dict of an array`);
    if (tokens[at] === ",") at++;
    else if (tokens[at] !== "}") throw corrupt(`The header ${quote(text)} is not the dict of an array`);
  }
  const { descr, fortranOrder, shape } = found;
  if (descr === undefined || fortranOrder === undefined || shape === undefined || at !== tokens.length - 1)
    throw corrupt(`The header ${quote(text)} is not the dict of an array`);
  return { descr, fortranOrder, shape };
}

/** Values of a Fortran-ordered array in C order. */
function toRowMajor(values: NpyValues, shape: readonly number[], parts: number): NpyValues {
  const strides: number[] = [];
  let stride = 1;
  for (const length of shape) {
    strides.push(stride);
    stride *= length;
  }
  const out = values.slice();
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < stride; to++) {
    for (let part = 0; part < parts; part++) out[to * parts + part] = values[from * parts + part];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return out;
}

/** Reads an array. @throws SondeError `corrupt-file`, `unsupported-format` */
export function decodeNpy(bytes: Uint8Array<ArrayBuffer>): NpyArray {
  if (bytes.length < 12 || !looksLikeNpy(bytes))
    throw corrupt(`${bytes.length} bytes do not start as an NPY file`);
  const major = bytes[6];
  if (major < 1 || major > 3)
    throw new SondeError(
      "unsupported-format",
      `NPY version ${major}.${bytes[7]} is not read; save it with numpy.save.`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerAt = major === 1 ? 10 : 12;
  const headerLength = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (headerLength > LONGEST_HEADER || headerAt + headerLength > bytes.length)
    throw corrupt(`The header claims ${headerLength} bytes, the file has ${bytes.length}`);
  const header = parseHeader(new TextDecoder().decode(bytes.subarray(headerAt, headerAt + headerLength)));

  const descr = header.descr.replace(/^=/, "<").replace(/^[<>=](?=[bui]1$)/, "|");
  const kind = Object.hasOwn(KINDS, descr) ? KINDS[descr] : undefined;
  if (!kind)
    throw new SondeError(
      "unsupported-format",
      `The NPY file holds ${quote(header.descr)}${/O/.test(header.descr) ? " (Python objects, never opened)" : ""}; Sonde reads ${Object.keys(KINDS).join(" ")}.`,
      { fields: { descr: header.descr } },
    );
  const { shape } = header;
  if (shape.length > MOST_AXES) throw corrupt(`The array has ${shape.length} axes`);
  const count = shape.reduce((product, length) => product * length, 1) * kind.parts;
  const present = bytes.length - headerAt - headerLength;
  if (count * kind.bytes !== present)
    throw corrupt(
      `The shape ${shape.join(" x ")} of ${descr} needs ${count * kind.bytes} bytes, ${present} are present`,
    );
  const copy = bytes.slice(headerAt + headerLength);
  const values = kind.make(copy.buffer);
  return {
    descr,
    shape,
    complex: kind.parts === 2,
    values: header.fortranOrder && shape.length > 1 ? toRowMajor(values, shape, kind.parts) : values,
  };
}

/** What `encodeNpy` writes. */
export type NpyDescr = "<c8" | "<f4" | "|u1" | "<i2";

const WRITTEN: Readonly<Record<NpyDescr, (values: NpyValues) => boolean>> = {
  "<c8": (values) => values instanceof Float32Array,
  "<f4": (values) => values instanceof Float32Array,
  "|u1": (values) => values instanceof Uint8Array,
  "<i2": (values) => values instanceof Int16Array,
};

/** The first bytes of an NPY 1.0 file in C order; the values follow at once. */
export function npyHeader(descr: NpyDescr, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  // 10 bytes before the dictionary; data start at a multiple of 64.
  const dictLength = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10;
  const out = new Uint8Array(10 + dictLength);
  out.set([...MAGIC, 1, 0, dictLength & 255, dictLength >> 8]);
  out.set(new TextEncoder().encode(`${dict.padEnd(dictLength - 1)}\n`), 10);
  return out;
}

/**
 * An NPY 1.0 file of values in C order; `<c8` takes interleaved (re, im).
 * @throws SondeError `bad-option` when values, shape and type do not agree
 */
export function encodeNpy(
  values: NpyValues,
  shape: readonly number[],
  descr: NpyDescr,
): Uint8Array<ArrayBuffer> {
  if (!Object.hasOwn(WRITTEN, descr))
    throw new SondeError(
      "bad-option",
      `descr is ${quote(String(descr))}: one of ${Object.keys(WRITTEN).join(", ")}`,
      {
        fields: { option: "descr", value: String(descr) },
      },
    );
  const count = shape.reduce((product, length) => product * length, 1) * KINDS[descr].parts;
  const isShape = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!isShape || !WRITTEN[descr](values) || count !== values.length)
    throw new SondeError(
      "bad-option",
      `${values.constructor.name} of ${values.length} cannot be written as ${descr} of shape ${shape.join(" x ")}.`,
    );
  const header = npyHeader(descr, shape);
  const out = new Uint8Array(header.length + values.byteLength);
  out.set(header);
  out.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), header.length);
  return out;
}

/** An array has no sound speed; this one is only shown, nothing is computed from it (m/s). */
const NOMINAL_SOUND_SPEED_MPS = 1540;

/**
 * An array as beamformed data: [z][x]; 3-D as [frame][z][x], or with `options.stack` "transmits" as
 * [transmit][z][x], to be summed; 4-D as [frame][transmit][z][x].
 * @throws SondeError `corrupt-file`, `unsupported-format`, `missing-data`
 */
export function openNpy(
  file: FileBytes,
  options: Pick<OpenOptions, "stack" | "centerFrequencyHz"> = {},
): Source {
  const array = decodeNpy(file.bytes);
  const { shape, complex } = array;
  if (shape.length < 2 || shape.length > 4 || array.values.length === 0)
    throw new SondeError(
      "missing-data",
      `The NPY file holds an array of ${shape.length ? shape.join(" x ") : "one value"}; an image needs [z][x], [transmit or frame][z][x] or [frame][transmit][z][x].`,
    );
  if (options.stack !== undefined && shape.length !== 3)
    throw new SondeError(
      "bad-option",
      `stack is ${options.stack}; only an NPY array of three dimensions has a first axis that could be either, this one is ${shape.join(" x ")}`,
      { fields: { option: "stack", value: options.stack } },
    );
  const stack = options.stack ?? "frames";
  const [rows, columns] = shape.slice(-2);
  const outer = shape.slice(0, -2);
  const frameCount = outer.length === 2 ? outer[0] : outer.length === 1 && stack === "frames" ? outer[0] : 1;
  const transmitCount = outer.reduce((product, length) => product * length, 1) / frameCount;
  const values: SampleArray =
    array.values instanceof Float64Array || array.values instanceof Uint32Array
      ? Float32Array.from(array.values)
      : array.values;
  const warnings = [
    "An NPY array does not say where its pixels lie: its proportions are true on a grid that is given, and unknown without one.",
  ];
  if (!complex && values.some((value) => value < 0))
    warnings.push(
      "The real values include negative ones; they are taken for linear amplitudes, not for decibels or RF.",
    );
  const info: Beamformed & { frameCount: number } = {
    kind: "beamformed",
    name: file.name,
    format: "NPY",
    signal: complex ? "iq" : "envelope",
    frameCount,
    soundSpeedMps: NOMINAL_SOUND_SPEED_MPS,
    ...(options.centerFrequencyHz ? { centerFrequencyHz: options.centerFrequencyHz } : {}),
    warnings,
    rows,
    columns,
    transmitCount,
  };
  const perFrame = values.length / frameCount;
  return recording(info, (index) => ({
    index,
    samples: values.slice(index * perFrame, (index + 1) * perFrame),
  }));
}
