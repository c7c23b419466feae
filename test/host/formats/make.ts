/** Small files of every format `open()` reads, and the ways to spoil them. Written here from the format descriptions alone. */

/** Seeded random numbers in [0, 1): mulberry32. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Bytes cut into pieces of `size()` bytes. */
export function* cut(bytes: Uint8Array, size: () => number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const next = Math.min(bytes.length, at + Math.max(1, size()));
    yield bytes.subarray(at, next);
    at = next;
  }
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function packed(bytes: number, write: (view: DataView) => void): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes);
  write(new DataView(out.buffer));
  return out;
}

/** A MAT element with its tag and padding. */
export function matElement(type: number, data: Uint8Array, big = false): Uint8Array<ArrayBuffer> {
  const tag = packed(8, (view) => {
    view.setUint32(0, type, !big);
    view.setUint32(4, data.length, !big);
  });
  const padding = type === 15 ? 0 : (8 - (data.length % 8)) % 8;
  return concat(tag, data, new Uint8Array(padding));
}

function int32s(values: readonly number[], big: boolean): Uint8Array<ArrayBuffer> {
  return packed(4 * values.length, (view) => {
    values.forEach((value, k) => {
      view.setInt32(4 * k, value, !big);
    });
  });
}

function doubles(values: readonly number[], big: boolean): Uint8Array<ArrayBuffer> {
  return packed(8 * values.length, (view) => {
    values.forEach((value, k) => {
      view.setFloat64(8 * k, value, !big);
    });
  });
}

/** Flags, dimensions and name of a matrix of class `type`, then `rest`. */
export function matMatrix(
  type: number,
  shape: readonly number[],
  name: string,
  rest: Uint8Array,
  big = false,
): Uint8Array<ArrayBuffer> {
  return matElement(
    14,
    concat(
      matElement(6, int32s([type, 0], big), big),
      matElement(5, int32s(shape, big), big),
      matElement(1, ascii(name), big),
      rest,
    ),
    big,
  );
}

/** A double array, complex when `imaginary` is given. */
export function matNumbers(
  name: string,
  shape: readonly number[],
  values: readonly number[],
  { big = false, imaginary }: { big?: boolean; imaginary?: readonly number[] } = {},
): Uint8Array<ArrayBuffer> {
  const parts = [matElement(9, doubles(values, big), big)];
  if (imaginary) parts.push(matElement(9, doubles(imaginary, big), big));
  return matMatrix(6 | (imaginary ? 0x0800 : 0), shape, name, concat(...parts), big);
}

export function matCell(
  name: string,
  shape: readonly number[],
  cells: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  return matMatrix(1, shape, name, concat(...cells));
}

/** A 1 x 1 struct; `fields` hold nameless matrices. */
export function matStruct(
  name: string,
  fields: Readonly<Record<string, Uint8Array>>,
): Uint8Array<ArrayBuffer> {
  const names = new Uint8Array(32 * Object.keys(fields).length);
  Object.keys(fields).forEach((field, k) => {
    names.set(ascii(field), 32 * k);
  });
  // The width of the names, as a small element: 4 bytes of int32.
  const width = packed(8, (view) => {
    view.setUint32(0, (4 << 16) | 5, true);
    view.setInt32(4, 32, true);
  });
  return matMatrix(2, [1, 1], name, concat(width, matElement(1, names), ...Object.values(fields)));
}

export function matFile(elements: readonly Uint8Array[], big = false): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(128).fill(0x20);
  header.set(ascii("MATLAB 5.0 MAT-file, made by a test"));
  header.fill(0, 116, 124);
  header.set(big ? [1, 0, 0x4d, 0x49] : [0, 1, 0x49, 0x4d], 124);
  return concat(header, ...elements);
}

export async function matCompressed(element: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([element]).stream().pipeThrough(new CompressionStream("deflate"));
  return matElement(15, new Uint8Array(await new Response(stream).arrayBuffer()));
}

/** A MUST file: ramps as echoes, the given param fields. */
export function mustFile(
  shape: readonly [samples: number, elements: number, frames: number],
  param: Readonly<Record<string, readonly number[]>>,
  options: { echoes?: "RF" | "IQ" } = {},
): Uint8Array<ArrayBuffer> {
  const count = shape[0] * shape[1] * shape[2];
  const values = Array.from({ length: count }, (_, k) => k);
  const fields = Object.fromEntries(
    Object.entries(param).map(([name, numbers]) => [name, matNumbers("", [1, numbers.length], numbers)]),
  );
  const imaginary = options.echoes === "IQ" ? { imaginary: values.map((value) => -value) } : {};
  return matFile([matNumbers(options.echoes ?? "RF", shape, values, imaginary), matStruct("param", fields)]);
}

/** Line numbers of `count` records of a probe that sweeps 1..N, N..1, 1..N. */
export function sweepNumbers(lines: number, count: number): number[] {
  return Array.from({ length: count }, (_, k) => {
    const along = k % lines;
    return Math.floor(k / lines) % 2 === 0 ? along + 1 : lines - along;
  });
}

/** One record; every sample is noise around +50, which looks like line numbers. */
export function echopenRecord(
  line: number,
  samples: number,
  mode: number,
  noise: () => number,
): Uint8Array<ArrayBuffer> {
  const value = () => 48 + Math.floor(5 * noise());
  if (mode === 1) return Uint8Array.from([line, ...Array.from({ length: samples }, value)]);
  return packed(2 + 2 * samples, (view) => {
    view.setInt16(0, line, true);
    for (let k = 0; k < samples; k++) view.setInt16(2 + 2 * k, value(), true);
  });
}

/** 2 x (12 - 10) mm at decimation 8 make 42 samples. */
export const SMALL_E2 = { header: [10, 12, 8, 16, 57, 0], samples: 42, lines: 16 };

export function e2File(records = 48, mode = 0): Uint8Array<ArrayBuffer> {
  const noise = random(7);
  const numbers = sweepNumbers(SMALL_E2.lines, records);
  return concat(
    Uint8Array.from([...SMALL_E2.header.slice(0, 5), mode]),
    ...numbers.map((line) => echopenRecord(line, SMALL_E2.samples, mode, noise)),
  );
}

/** 2 x (20 - 10) mm at decimation 100: 12 samples. The first frame runs down. */
export function e3File(
  name = "PROBE_V1__5MHZ",
  records = 40,
  nameLength = name.length,
): Uint8Array<ArrayBuffer> {
  const noise = random(8);
  const header = packed(23, (view) => {
    view.setFloat32(0, 10);
    view.setFloat32(4, 20);
    view.setFloat32(8, 100);
    view.setInt16(12, 20);
    view.setFloat32(14, 57);
    view.setInt32(19, nameLength);
  });
  const numbers = sweepNumbers(20, records).map((line) => 21 - line);
  return concat(
    header,
    ascii(name),
    new Uint8Array(4),
    ...numbers.map((line) => echopenRecord(line, 12, 0, noise)),
  );
}

/** One datagram without a length: sample k is 100 line + k. */
export function e4Datagram(frame: number, line: number, samples = 9, channel = 0): Uint8Array<ArrayBuffer> {
  return packed(18 + 2 * samples, (view) => {
    view.setUint32(0, 30000 * line);
    view.setUint16(12, samples, true);
    view.setUint8(15, line);
    view.setUint8(16, channel);
    view.setUint8(17, frame & 255);
    for (let k = 0; k < samples; k++) view.setInt16(18 + 2 * k, 100 * line + k);
  });
}

export function lengthPrefixed(datagrams: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat(
    ...datagrams.flatMap((datagram) => [
      packed(4, (view) => view.setUint32(0, datagram.length, true)),
      datagram,
    ]),
  );
}

/** An NPY file with any header text. */
export function npyFile(header: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = `${header}\n`;
  return concat(
    Uint8Array.from([0x93, ...ascii("NUMPY"), 1, 0, text.length & 255, text.length >> 8]),
    ascii(text),
    data,
  );
}

export function textFilm(rows: readonly string[]): Uint8Array<ArrayBuffer> {
  const headers = [
    "timestamp:1",
    `lines:${rows.length}`,
    "length:4",
    "frequency:15.625",
    "piezofrequency:3.5",
  ];
  return ascii(
    [...headers, "angle:80", "r0:80", "rf:160"].map((line) => `#${line}\n`).join("") + `${rows.join("\n")}\n`,
  );
}
