/**
 * MATLAB version 5 files (also written by Octave and scipy as "v6" and "v7"): every array class that is documented in
 * "MAT-File Format" (The MathWorks). Opaque objects (class 17) and functions are not documented; they are skipped and
 * listed. Every length is compared with the bytes present before memory is taken.
 *
 *   file     = header 128 bytes | element | element ...
 *   element  = u32 type | u32 byte count | data | padding to 8     (no padding after a compressed element)
 *   small    = u16 byte count (1..4) << 16 | u16 type | 4 bytes
 *   matrix   = flags | dimensions | name | by class: numbers, cells, fields ...
 */
import { SondeError } from "../errors.ts";
import { inflate } from "./inflate.ts";
import { quote } from "./quote.ts";

export type MatClass =
  | "double"
  | "single"
  | "int8"
  | "uint8"
  | "int16"
  | "uint16"
  | "int32"
  | "uint32"
  | "int64"
  | "uint64";

export type MatNumbers =
  | Float64Array
  | Float32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Numbers, first index fastest. */
export interface MatNumeric {
  kind: "numeric";
  class: MatClass;
  logical: boolean;
  shape: readonly number[];
  real: MatNumbers;
  imaginary?: MatNumbers;
}

export interface MatText {
  kind: "text";
  shape: readonly number[];
  rows: readonly string[];
}

export interface MatCell {
  kind: "cell";
  shape: readonly number[];
  cells: readonly MatValue[];
}

/** A struct array (or an old-style object): every field has one value per array element. */
export interface MatStruct {
  kind: "struct";
  shape: readonly number[];
  /** Class of an object. */
  className?: string;
  fields: ReadonlyMap<string, readonly MatValue[]>;
}

/** Compressed sparse columns: the entries of column j are columnStarts[j] .. columnStarts[j + 1] - 1. */
export interface MatSparse {
  kind: "sparse";
  logical: boolean;
  shape: readonly number[];
  rowIndices: Int32Array;
  columnStarts: Int32Array;
  real: MatNumbers;
  imaginary?: MatNumbers;
}

/** Something that only MATLAB can read. */
export interface MatOpaque {
  kind: "opaque";
  shape: readonly number[];
  className: string;
}

export type MatValue = MatNumeric | MatText | MatCell | MatStruct | MatSparse | MatOpaque;

export interface MatFile {
  /** The text at the start: who wrote the file, when. */
  description: string;
  bigEndian: boolean;
  /** In file order; a repeated name holds the last value. */
  variables: ReadonlyMap<string, MatValue>;
  /** What could not be read, in words. */
  skipped: readonly string[];
}

/** Cells and structs inside one another, at most; MATLAB itself gives up long before. */
const DEEPEST = 32;
const HEADER_BYTES = 128;
const COMPRESSED = 15;
const MATRIX = 14;

const CELL = 1;
const STRUCT = 2;
const OBJECT = 3;
const CHAR = 4;
const SPARSE = 5;
const FUNCTION = 16;
const OPAQUE = 17;

const NUMERIC_CLASSES: Readonly<Record<number, MatClass>> = {
  6: "double",
  7: "single",
  8: "int8",
  9: "uint8",
  10: "int16",
  11: "uint16",
  12: "int32",
  13: "uint32",
  14: "int64",
  15: "uint64",
};

const ARRAY_OF: Readonly<Record<MatClass, (count: number) => MatNumbers>> = {
  double: (count) => new Float64Array(count),
  single: (count) => new Float32Array(count),
  int8: (count) => new Int8Array(count),
  uint8: (count) => new Uint8Array(count),
  int16: (count) => new Int16Array(count),
  uint16: (count) => new Uint16Array(count),
  int32: (count) => new Int32Array(count),
  uint32: (count) => new Uint32Array(count),
  int64: (count) => new BigInt64Array(count),
  uint64: (count) => new BigUint64Array(count),
};

interface Storage {
  class: MatClass;
  bytes: number;
  get(view: DataView, offset: number, little: boolean): number | bigint;
}

/** Number types as stored (miINT8 ...). A double array of small integers may be stored as one of the narrow ones. */
const STORAGE: Readonly<Record<number, Storage>> = {
  1: { class: "int8", bytes: 1, get: (view, offset) => view.getInt8(offset) },
  2: { class: "uint8", bytes: 1, get: (view, offset) => view.getUint8(offset) },
  3: { class: "int16", bytes: 2, get: (view, offset, little) => view.getInt16(offset, little) },
  4: { class: "uint16", bytes: 2, get: (view, offset, little) => view.getUint16(offset, little) },
  5: { class: "int32", bytes: 4, get: (view, offset, little) => view.getInt32(offset, little) },
  6: { class: "uint32", bytes: 4, get: (view, offset, little) => view.getUint32(offset, little) },
  7: { class: "single", bytes: 4, get: (view, offset, little) => view.getFloat32(offset, little) },
  9: { class: "double", bytes: 8, get: (view, offset, little) => view.getFloat64(offset, little) },
  12: { class: "int64", bytes: 8, get: (view, offset, little) => view.getBigInt64(offset, little) },
  13: { class: "uint64", bytes: 8, get: (view, offset, little) => view.getBigUint64(offset, little) },
};

function corrupt(message: string): SondeError {
  return new SondeError("corrupt-file", `${message}; the MAT file is damaged, save it again.`);
}

/** One element: where its data are inside the reader's bytes. */
interface Element {
  type: number;
  start: number;
  length: number;
  /** Where the next element starts. */
  next: number;
}

/** Reads elements out of one run of bytes: the file itself or the inside of a compressed element. */
class ElementReader {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView;
  readonly little: boolean;

  constructor(bytes: Uint8Array<ArrayBuffer>, little: boolean) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.little = little;
  }

  element(at: number, end: number): Element {
    if (end - at < 8) throw corrupt(`An element at byte ${at} needs 8 bytes, ${end - at} are left`);
    const word = this.view.getUint32(at, this.little);
    const smallLength = word >>> 16;
    if (smallLength) {
      if (smallLength > 4) throw corrupt(`A small element at byte ${at} claims ${smallLength} bytes, 4 fit`);
      return { type: word & 0xffff, start: at + 4, length: smallLength, next: at + 8 };
    }
    const length = this.view.getUint32(at + 4, this.little);
    const left = end - at - 8;
    if (length > left) throw corrupt(`An element at byte ${at} claims ${length} bytes, ${left} are left`);
    const padded = word === COMPRESSED ? length : Math.ceil(length / 8) * 8;
    // Some writers leave out the padding of the last element.
    return { type: word, start: at + 8, length, next: Math.min(at + 8 + padded, end) };
  }

  /** Numbers of an element as class `wanted`, or as stored. Shares the file's memory where it can. */
  numbers(element: Element, wanted?: MatClass): MatNumbers {
    const storage = STORAGE[element.type];
    if (!storage) throw corrupt(`Numbers at byte ${element.start} have the unknown type ${element.type}`);
    const count = element.length / storage.bytes;
    if (!Number.isInteger(count))
      throw corrupt(
        `${element.length} bytes at byte ${element.start} do not hold whole ${storage.class} numbers`,
      );
    const values = ARRAY_OF[wanted ?? storage.class](count);
    if (values.length === 0) return values;
    const sameLayout = storage.class === (wanted ?? storage.class) && (this.little || storage.bytes === 1);
    if (sameLayout) {
      const source = this.bytes.subarray(element.start, element.start + element.length);
      new Uint8Array(values.buffer).set(source);
      return values;
    }
    const { view, little } = this;
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
      for (let k = 0; k < count; k++) {
        const value = storage.get(view, element.start + k * storage.bytes, little);
        if (typeof value === "number" && !Number.isInteger(value))
          throw corrupt(`A 64-bit integer at byte ${element.start} is stored as ${value}`);
        values[k] = BigInt(value);
      }
    } else {
      for (let k = 0; k < count; k++)
        values[k] = Number(storage.get(view, element.start + k * storage.bytes, little));
    }
    return values;
  }

  /** A name: bytes up to the first NUL. */
  name(element: Element): string {
    return latin1(this.bytes.subarray(element.start, element.start + element.length));
  }
}

function latin1(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  let text = "";
  for (const code of end < 0 ? bytes : bytes.subarray(0, end)) text += String.fromCharCode(code);
  return text;
}

function product(shape: readonly number[]): number {
  return shape.reduce((all, n) => all * n, 1);
}

/** `[]`, stored as an element without bytes. */
const EMPTY: MatNumeric = {
  kind: "numeric",
  class: "double",
  logical: false,
  shape: [0, 0],
  real: new Float64Array(0),
};

interface Matrix {
  name: string;
  value: MatValue;
}

/** Reads matrices; remembers what it had to skip. */
class MatrixReader {
  readonly #reader: ElementReader;
  readonly #skipped: string[];

  constructor(reader: ElementReader, skipped: string[]) {
    this.#reader = reader;
    this.#skipped = skipped;
  }

  matrix(element: Element, depth: number): Matrix {
    const reader = this.#reader;
    const end = element.start + element.length;
    if (element.length === 0) return { name: "", value: EMPTY };
    if (depth > DEEPEST) throw corrupt(`Cells and structs are nested more than ${DEEPEST} deep`);

    const flagsElement = reader.element(element.start, end);
    const flags = reader.numbers(flagsElement, "uint32");
    if (flags.length < 2) throw corrupt(`The array flags at byte ${element.start} are too short`);
    const matClass = Number(flags[0]) & 0xff;
    const complex = (Number(flags[0]) & 0x0800) !== 0;
    const logical = (Number(flags[0]) & 0x0200) !== 0;
    if (matClass === OPAQUE) return this.#opaque(flagsElement.next, end);

    const shapeElement = reader.element(flagsElement.next, end);
    const shape = Array.from(reader.numbers(shapeElement, "int32"), Number);
    if (shape.length < 2 || shape.length > 64 || shape.some((n) => n < 0))
      throw corrupt(`An array at byte ${element.start} has the dimensions ${shape.slice(0, 8).join(" x ")}`);
    const nameElement = reader.element(shapeElement.next, end);
    const name = reader.name(nameElement);
    const at = nameElement.next;

    if (matClass === FUNCTION) {
      this.#skipped.push(`${quote(name || "a function")} (function handle)`);
      return { name, value: { kind: "opaque", shape, className: "function_handle" } };
    }
    if (matClass === CELL) {
      const cells = this.#values(product(shape), at, end, depth, `The cell array ${quote(name)}`);
      return { name, value: { kind: "cell", shape, cells: cells.values } };
    }
    if (matClass === STRUCT || matClass === OBJECT)
      return { name, value: this.#struct(matClass === OBJECT, shape, at, end, depth, name) };
    if (matClass === CHAR) return { name, value: this.#text(shape, at, end, name) };
    if (matClass === SPARSE) return { name, value: this.#sparse(shape, at, end, { complex, logical, name }) };

    const numericClass = NUMERIC_CLASSES[matClass];
    if (!numericClass) throw corrupt(`The array ${quote(name)} is of the unknown class ${matClass}`);
    const count = product(shape);
    const realElement = reader.element(at, end);
    const real = reader.numbers(realElement, numericClass);
    if (real.length !== count)
      throw corrupt(`The array ${quote(name)} says ${shape.join(" x ")} and holds ${real.length} numbers`);
    const value: MatNumeric = { kind: "numeric", class: numericClass, logical, shape, real };
    if (complex) {
      value.imaginary = reader.numbers(reader.element(realElement.next, end), numericClass);
      if (value.imaginary.length !== count)
        throw corrupt(
          `The imaginary part of ${quote(name)} holds ${value.imaginary.length} numbers of ${count}`,
        );
    }
    return { name, value };
  }

  /** `count` matrices one after the other. */
  #values(count: number, at: number, end: number, depth: number, what: string) {
    // Each needs at least its tag: this bounds the list before it is made.
    if (count > (end - at) / 8) throw corrupt(`${what} says ${count} values, ${end - at} bytes are left`);
    const values: MatValue[] = [];
    let next = at;
    for (let k = 0; k < count; k++) {
      const element = this.#reader.element(next, end);
      if (element.type !== MATRIX)
        throw corrupt(`${what} holds an element of type ${element.type}, expected a matrix`);
      values.push(this.matrix(element, depth + 1).value);
      next = element.next;
    }
    return { values, next };
  }

  #struct(
    object: boolean,
    shape: number[],
    start: number,
    end: number,
    depth: number,
    name: string,
  ): MatStruct {
    const reader = this.#reader;
    let at = start;
    let className: string | undefined;
    if (object) {
      const element = reader.element(at, end);
      className = reader.name(element);
      at = element.next;
    }
    const widthElement = reader.element(at, end);
    const width = Number(reader.numbers(widthElement, "int32")[0]);
    const namesElement = reader.element(widthElement.next, end);
    const fieldCount = namesElement.length === 0 ? 0 : namesElement.length / width;
    if (!Number.isInteger(fieldCount) || (namesElement.length > 0 && !(width > 0)))
      throw corrupt(`The struct ${quote(name)} has field names of ${width} bytes in ${namesElement.length}`);
    const names: string[] = [];
    for (let k = 0; k < fieldCount; k++) {
      const from = namesElement.start + k * width;
      names.push(latin1(reader.bytes.subarray(from, from + width)));
    }
    const count = fieldCount === 0 ? 0 : product(shape);
    const { values } = this.#values(
      count * fieldCount,
      namesElement.next,
      end,
      depth,
      `The struct ${quote(name)}`,
    );
    const fields = new Map<string, MatValue[]>();
    for (const field of names) fields.set(field, []);
    for (let k = 0; k < values.length; k++) fields.get(names[k % fieldCount])?.push(values[k]);
    return { kind: "struct", shape, fields, ...(className === undefined ? {} : { className }) };
  }

  #text(shape: number[], at: number, end: number, name: string): MatText {
    const count = product(shape);
    const element = this.#reader.element(at, end);
    const codes = this.#codes(element);
    if (codes.length !== count)
      throw corrupt(`The text ${quote(name)} says ${shape.join(" x ")} and holds ${codes.length} characters`);
    const rows: string[] = [];
    const rowCount = count === 0 ? 0 : shape[0];
    for (let row = 0; row < rowCount; row++) {
      let text = "";
      for (let k = row; k < count; k += rowCount) text += codes[k];
      rows.push(text);
    }
    return { kind: "text", shape, rows };
  }

  /** Characters of an element, column by column: UTF-16 units (also for UTF-8 and UTF-32), or bytes. */
  #codes(element: Element): string[] {
    const UTF8 = 16;
    const UTF16 = 17;
    const UTF32 = 18;
    const { bytes } = this.#reader;
    if (element.type === UTF8)
      return new TextDecoder()
        .decode(bytes.subarray(element.start, element.start + element.length))
        .split("");
    const asNumbers = {
      ...element,
      type: element.type === UTF16 ? 4 : element.type === UTF32 ? 6 : element.type,
    };
    const codes = this.#reader.numbers(asNumbers) as ArrayLike<number | bigint>;
    return Array.from(codes, (code) =>
      Number(code) >= 0 && Number(code) <= 0x10ffff
        ? String.fromCodePoint(Math.trunc(Number(code)))
        : "\ufffd",
    );
  }

  #sparse(
    shape: number[],
    at: number,
    end: number,
    what: { complex: boolean; logical: boolean; name: string },
  ): MatSparse {
    const reader = this.#reader;
    const rowElement = reader.element(at, end);
    const columnElement = reader.element(rowElement.next, end);
    const realElement = reader.element(columnElement.next, end);
    const rowIndices = reader.numbers(rowElement, "int32") as Int32Array;
    const columnStarts = reader.numbers(columnElement, "int32") as Int32Array;
    const real = reader.numbers(realElement, what.logical ? undefined : "double");
    const entries = columnStarts[shape[1]];
    let sound = shape.length === 2 && columnStarts.length === shape[1] + 1 && columnStarts[0] === 0;
    for (let j = 0; sound && j < shape[1]; j++) sound = columnStarts[j] <= columnStarts[j + 1];
    sound &&= entries <= real.length && entries <= rowIndices.length;
    for (let k = 0; sound && k < entries; k++) sound = rowIndices[k] >= 0 && rowIndices[k] < shape[0];
    if (!sound)
      throw corrupt(`The sparse array ${quote(what.name)} has indices outside ${shape.join(" x ")}`);
    const value: MatSparse = { kind: "sparse", logical: what.logical, shape, rowIndices, columnStarts, real };
    if (what.complex) {
      value.imaginary = reader.numbers(reader.element(realElement.next, end), "double");
      if (value.imaginary.length < entries)
        throw corrupt(
          `The imaginary part of ${quote(what.name)} holds ${value.imaginary.length} of ${entries} numbers`,
        );
    }
    return value;
  }

  /** Flags, then variable name, "MCOS" and class name without dimensions, then data nobody documents. */
  #opaque(at: number, end: number): Matrix {
    const name = this.#reader.element(at, end);
    const system = this.#reader.element(name.next, end);
    const className = this.#reader.name(this.#reader.element(system.next, end));
    const variable = this.#reader.name(name);
    this.#skipped.push(`${quote(variable || "nameless")} (MATLAB object of class ${quote(className)})`);
    return { name: variable, value: { kind: "opaque", shape: [1, 1], className } };
  }
}

/**
 * Reads all variables. `limit` bounds the inflated bytes of all compressed variables together.
 * @throws SondeError `corrupt-file`, `unsupported-format`, `out-of-memory`
 */
export async function readMat5(bytes: Uint8Array<ArrayBuffer>, limit: number): Promise<MatFile> {
  if (bytes.length < HEADER_BYTES)
    throw corrupt(`A MAT file starts with ${HEADER_BYTES} bytes of header, ${bytes.length} are present`);
  const mark = String.fromCharCode(bytes[126], bytes[127]);
  if (mark !== "IM" && mark !== "MI")
    throw corrupt(`The byte order mark of the MAT header is ${quote(mark)}`);
  const little = mark === "IM";
  const reader = new ElementReader(bytes, little);
  const version = reader.view.getUint16(124, little);
  if (version !== 0x0100)
    throw new SondeError(
      "unsupported-format",
      `MAT version 0x${version.toString(16)} is not read; save it in MATLAB with '-v7' or '-v7.3'.`,
      { fields: { version } },
    );
  const subsystemAt = reader.view.getUint32(little ? 116 : 120, little);

  const variables = new Map<string, MatValue>();
  const skipped: string[] = [];
  let inflated = 0;
  for (let at = HEADER_BYTES; at < bytes.length; ) {
    const element = reader.element(at, bytes.length);
    const isSubsystem = at === subsystemAt;
    at = element.next;
    let matrix: Matrix;
    if (isSubsystem) {
      skipped.push("the function workspace (data of MATLAB objects)");
      continue;
    }
    if (element.type === COMPRESSED) {
      const inside = new ElementReader(
        await inflate(
          bytes.subarray(element.start, element.start + element.length),
          8,
          (head) => 8 + new DataView(head.buffer).getUint32(4, little),
          limit - inflated,
        ),
        little,
      );
      inflated += inside.bytes.length;
      const inner = inside.element(0, inside.bytes.length);
      if (inner.type !== MATRIX)
        throw corrupt(`A compressed element holds type ${inner.type}, expected a matrix`);
      matrix = new MatrixReader(inside, skipped).matrix(inner, 0);
    } else if (element.type === MATRIX) {
      matrix = new MatrixReader(reader, skipped).matrix(element, 0);
    } else
      throw corrupt(`The element at byte ${element.start - 8} is of the unexpected type ${element.type}`);
    if (matrix.name === "" && matrix.value.kind !== "opaque") skipped.push("a nameless array");
    else if (matrix.value.kind !== "opaque") variables.set(matrix.name, matrix.value);
  }
  const description = latin1(bytes.subarray(0, 116)).trim();
  return { description, bigEndian: !little, variables, skipped };
}
