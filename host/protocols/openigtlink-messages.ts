/**
 * Messages of OpenIGTLink, versions 1 to 3 (openigtlink.org/developers/spec). Header of 58 bytes, big-endian:
 *
 *   0 u16 version | 2 char[12] type | 14 char[20] device | 34 u64 time, 32.32 s | 42 u64 body bytes | 50 u64 CRC-64 of the body
 *
 * From version 2 on the body is: extended header (u16 its size, u16 bytes of the metadata's index, u32 bytes of the
 * metadata, u32 message number) | content | index (u16 count, then u16 key bytes, u16 encoding, u32 value bytes each) |
 * keys and values.
 */
import { SondeError } from "../errors.ts";
import type { Image, SampleArray } from "../model.ts";
import { crc64 } from "./crc64.ts";

export const IGTL_HEADER_BYTES = 58;
export const IGTL_IMAGE_BYTES = 72;
export const IGTL_TRANSFORM_BYTES = 48;
/** Code, subcode and name, before the text. */
export const IGTL_STATUS_BYTES = 30;
const EXTENDED_BYTES = 12;
/** Index of the metadata: a count, then the sizes of each key and value and the encoding. */
const INDEX_HEAD_BYTES = 2;
const INDEX_ENTRY_BYTES = 8;
const ASCII_ENCODING = 3;

export interface IgtlHeader {
  version: number;
  type: string;
  device: string;
  timeS: number;
  bodyBytes: number;
  crc: bigint;
}

/** A text that ends with its first zero. */
export function zeroEnded(bytes: Uint8Array): string {
  let letters = "";
  for (let k = 0; k < bytes.length && bytes[k] !== 0; k++) letters += String.fromCharCode(bytes[k]);
  return letters;
}

/** Whether a field holds printable letters other than blanks, at least one, and behind them nothing but zeros. */
function isName(bytes: Uint8Array): boolean {
  let letters = 0;
  while (letters < bytes.length && bytes[letters] > 0x20 && bytes[letters] < 0x7f) letters++;
  for (let k = letters; k < bytes.length; k++) if (bytes[k] !== 0) return false;
  return letters > 0;
}

/** The header of these 58 bytes, or undefined when they are none. A size of 2^53 and more is returned as infinite. */
export function readIgtlHeader(bytes: Uint8Array): IgtlHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, IGTL_HEADER_BYTES);
  const version = view.getUint16(0);
  const name = bytes.subarray(2, 14);
  if (version < 1 || version > 3 || !isName(name)) return undefined;
  const size = view.getBigUint64(42);
  return {
    version,
    type: zeroEnded(name),
    device: zeroEnded(bytes.subarray(14, 34)).replace(/[^\x20-\x7e]/g, "?"),
    timeS: view.getUint32(34) + view.getUint32(38) / 2 ** 32,
    bodyBytes: size < 1n << 53n ? Number(size) : Number.POSITIVE_INFINITY,
    crc: view.getBigUint64(50),
  };
}

/** Where the content lies in a body: all of it in version 1. Undefined when the sizes contradict one another. */
export function igtlContent(version: number, body: Uint8Array): Uint8Array | undefined {
  if (version === 1) return body;
  if (body.length < EXTENDED_BYTES) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const start = view.getUint16(0);
  const end = body.length - view.getUint16(2) - view.getUint32(4);
  return start >= EXTENDED_BYTES && end >= start ? body.subarray(start, end) : undefined;
}

/**
 * The metadata of a body, text by name (US-ASCII or UTF-8); undefined when it has none, or when its sizes contradict one another.
 * What says no name is left out.
 */
export function igtlMetadata(version: number, body: Uint8Array): Record<string, string> | undefined {
  if (version === 1 || body.length < EXTENDED_BYTES) return undefined;
  const view = new DataView(body.buffer, body.byteOffset, body.length);
  const [indexBytes, textBytes] = [view.getUint16(2), view.getUint32(4)];
  const start = body.length - indexBytes - textBytes;
  if (indexBytes < INDEX_HEAD_BYTES || start < EXTENDED_BYTES) return undefined;
  const count = view.getUint16(start);
  if (indexBytes !== INDEX_HEAD_BYTES + count * INDEX_ENTRY_BYTES) return undefined;
  const utf8 = new TextDecoder();
  const pairs: [string, string][] = [];
  let at = start + indexBytes;
  for (let k = 0; k < count; k++) {
    const entry = start + INDEX_HEAD_BYTES + k * INDEX_ENTRY_BYTES;
    const middle = at + view.getUint16(entry);
    const end = middle + view.getUint32(entry + 4);
    if (end > body.length) return undefined;
    const key = utf8.decode(body.subarray(at, middle));
    if (key) pairs.push([key, utf8.decode(body.subarray(middle, end))]);
    at = end;
  }
  return pairs.length ? Object.fromEntries(pairs) : undefined;
}

/** Number types by their number in IMAGE and NDARRAY: bytes of a value. */
export const IGTL_SCALAR_BYTES: Readonly<Record<number, number>> = {
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  6: 4,
  7: 4,
  10: 4,
  11: 8,
};

export interface IgtlImageHeader {
  components: number;
  scalar: number;
  littleEndian: boolean;
  /** What the matrix is in. */
  system: "RAS" | "LPS";
  /** Pixels along i, j, k, of the image and of the part of it that follows. */
  size: readonly [number, number, number];
  part: readonly number[];
  /** Columns i, j, k (mm a pixel), then the centre (mm). */
  matrix: readonly number[];
}

/** The image header at the front of a content, or undefined when it is none. */
export function readIgtlImageHeader(content: Uint8Array): IgtlImageHeader | undefined {
  if (content.length < IGTL_IMAGE_BYTES) return undefined;
  const view = new DataView(content.buffer, content.byteOffset, IGTL_IMAGE_BYTES);
  const scalar = view.getUint8(3);
  const endian = view.getUint8(4);
  const size = [view.getUint16(6), view.getUint16(8), view.getUint16(10)] as const;
  const components = view.getUint8(2);
  if (!(scalar in IGTL_SCALAR_BYTES) || (endian !== 1 && endian !== 2) || components < 1) return undefined;
  if (size.some((pixels) => pixels === 0)) return undefined;
  const part = size.map((pixels, k) => view.getUint16(66 + 2 * k) || pixels);
  if (part.some((pixels, k) => pixels + view.getUint16(60 + 2 * k) > size[k])) return undefined;
  return {
    components,
    scalar,
    littleEndian: endian === 2,
    system: view.getUint8(5) === 2 ? "LPS" : "RAS",
    size,
    part,
    matrix: Array.from({ length: 12 }, (_, k) => view.getFloat32(12 + 4 * k)),
  };
}

/** Bytes of the pixels that this header announces. */
export function igtlPixelBytes({
  part,
  components,
  scalar,
}: Pick<IgtlImageHeader, "part" | "components" | "scalar">): number {
  return part[0] * part[1] * part[2] * components * IGTL_SCALAR_BYTES[scalar];
}

/**
 * How many bytes a content says it has, from its first bytes; undefined while they are too few. A status says no size: its
 * text goes to the end, or to the zeros at the end.
 */
export function igtlContentBytes(type: string, content: Uint8Array): number | undefined {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  if (type === "TRANSFORM") return IGTL_TRANSFORM_BYTES;
  if (type === "STRING") return content.length < 4 ? undefined : 4 + view.getUint16(2);
  if (type === "IMAGE") {
    if (content.length < IGTL_IMAGE_BYTES) return undefined;
    const image = readIgtlImageHeader(content);
    return image ? IGTL_IMAGE_BYTES + igtlPixelBytes(image) : 0;
  }
  if (type === "NDARRAY") {
    const start = 2 + 2 * (content[1] ?? 0);
    if (content.length < Math.max(2, start)) return undefined;
    let bytes = IGTL_SCALAR_BYTES[content[0]] ?? 0;
    for (let at = 2; at < start; at += 2) bytes *= view.getUint16(at);
    return start + bytes;
  }
  const zero = content.indexOf(0, IGTL_STATUS_BYTES);
  return zero >= 0 && content.subarray(zero).some((byte) => byte !== 0) ? zero : undefined;
}

/** Values of a scalar type as samples that can be imaged; what has no such type (u32, f64) becomes float32. */
export function igtlValues(scalar: number, littleEndian: boolean, bytes: Uint8Array): SampleArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const count = Math.floor(bytes.length / IGTL_SCALAR_BYTES[scalar]);
  const each = <T extends SampleArray>(values: T, get: (k: number) => number): T => {
    for (let k = 0; k < count; k++) values[k] = get(k);
    return values;
  };
  switch (scalar) {
    case 2:
      return new Int8Array(bytes.slice().buffer);
    case 3:
      return bytes.slice();
    case 4:
      return each(new Int16Array(count), (k) => view.getInt16(2 * k, littleEndian));
    case 5:
      return each(new Uint16Array(count), (k) => view.getUint16(2 * k, littleEndian));
    case 6:
      return each(new Int32Array(count), (k) => view.getInt32(4 * k, littleEndian));
    case 7:
      return each(new Float32Array(count), (k) => view.getUint32(4 * k, littleEndian));
    case 10:
      return each(new Float32Array(count), (k) => view.getFloat32(4 * k, littleEndian));
    default:
      return each(new Float32Array(count), (k) => view.getFloat64(8 * k, littleEndian));
  }
}

/** What every message says. */
export interface IgtlAbout {
  /** Up to 20 ASCII letters. */
  device: string;
  /** Seconds since 1970; rounded to 2^-32 s. */
  timeS: number;
  /** 1 or 2; default 1, which every receiver reads. */
  version?: 1 | 2;
  /** Version 2: number of the message, and pairs of ASCII text. */
  messageId?: number;
  metadata?: Readonly<Record<string, string>>;
}

function ascii(value: string, most: number, what: string): Uint8Array {
  if (value.length > most || !/^[\x20-\x7e]*$/.test(value))
    throw new SondeError(
      "bad-option",
      `${what} is ${JSON.stringify(value.slice(0, 60))}; OpenIGTLink takes at most ${most} ASCII letters.`,
    );
  return Uint8Array.from(value, (letter) => letter.charCodeAt(0));
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function extended(content: Uint8Array, { messageId = 0, metadata = {} }: IgtlAbout): Uint8Array<ArrayBuffer> {
  const pairs = Object.entries(metadata).map(([key, value]) => [
    ascii(key, 65535, "metadata"),
    ascii(value, 65535, "metadata"),
  ]);
  const index = new Uint8Array(INDEX_HEAD_BYTES + INDEX_ENTRY_BYTES * pairs.length);
  const indexView = new DataView(index.buffer);
  indexView.setUint16(0, pairs.length);
  pairs.forEach(([key, value], k) => {
    const entry = INDEX_HEAD_BYTES + INDEX_ENTRY_BYTES * k;
    indexView.setUint16(entry, key.length);
    indexView.setUint16(entry + 2, ASCII_ENCODING);
    indexView.setUint32(entry + 4, value.length);
  });
  const texts = concat(pairs.flat());
  const head = new Uint8Array(EXTENDED_BYTES);
  const view = new DataView(head.buffer);
  view.setUint16(0, EXTENDED_BYTES);
  view.setUint16(2, index.length);
  view.setUint32(4, texts.length);
  view.setUint32(8, messageId);
  return concat([head, content, index, texts]);
}

/** A whole message around a content. @throws SondeError `bad-option` for texts that do not fit */
export function encodeIgtl(type: string, content: Uint8Array, about: IgtlAbout): Uint8Array<ArrayBuffer> {
  const { version = 1, device, timeS } = about;
  const body = version === 1 ? content : extended(content, about);
  const header = new Uint8Array(IGTL_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint16(0, version);
  header.set(ascii(type, 12, "type"), 2);
  header.set(ascii(device, 20, "device"), 14);
  view.setUint32(34, Math.floor(timeS));
  view.setUint32(38, Math.floor((timeS - Math.floor(timeS)) * 2 ** 32));
  view.setBigUint64(42, BigInt(body.length));
  view.setBigUint64(50, crc64(body));
  return concat([header, body]);
}

export interface IgtlImage extends Omit<IgtlImageHeader, "system" | "part"> {
  /** Bytes of the pixels, i fastest. */
  pixels: Uint8Array;
  /** 1 RAS, 2 LPS; default 1. */
  coordinates?: 1 | 2;
}

/** An IMAGE message. @throws SondeError `bad-option` when the pixels are not as many as the size says */
export function encodeIgtlImage(image: IgtlImage, about: IgtlAbout): Uint8Array<ArrayBuffer> {
  const { components, scalar, littleEndian, size, matrix, pixels, coordinates = 1 } = image;
  const wanted = igtlPixelBytes({ ...image, part: size });
  if (pixels.length !== wanted || matrix.length !== 12)
    throw new SondeError(
      "bad-option",
      `The image has ${pixels.length} bytes of pixels and a matrix of ${matrix.length}; its size of ${size.join(" x ")} asks for ${wanted} and 12.`,
    );
  const head = new Uint8Array(IGTL_IMAGE_BYTES);
  const view = new DataView(head.buffer);
  view.setUint16(0, 1);
  head.set([components, scalar, littleEndian ? 2 : 1, coordinates], 2);
  size.forEach((pixelCount, k) => {
    view.setUint16(6 + 2 * k, pixelCount);
    view.setUint16(66 + 2 * k, pixelCount);
  });
  matrix.forEach((value, k) => {
    view.setFloat32(12 + 4 * k, value);
  });
  return encodeIgtl("IMAGE", concat([head, pixels]), about);
}

/**
 * A picture of Sonde's as an IMAGE message that 3D Slicer shows: i along x, j along z, mm; grey in one component, colours in
 * three; transparent pixels black. A picture that is not calibrated across or down gets 1 mm a pixel there, which its
 * receiver cannot tell from a true one: send calibrated pictures where somebody may measure.
 */
export function igtlPicture(image: Image, about: IgtlAbout): Uint8Array<ArrayBuffer> {
  const { width, height, pixels, regions } = image;
  const [region] = regions;
  const dx = (region?.deltaXM || 1e-3) * 1e3;
  const dz = (region?.deltaZM || 1e-3) * 1e3;
  const centreX = (region?.originXM ?? 0) * 1e3 + ((width - 1) / 2) * dx;
  const centreZ = (region?.originZM ?? 0) * 1e3 + ((height - 1) / 2) * dz;
  const count = width * height;
  let grey = true;
  for (let k = 0; k < 4 * count && grey; k += 4)
    grey = pixels[k] === pixels[k + 1] && pixels[k] === pixels[k + 2];
  const components = grey ? 1 : 3;
  const out = new Uint8Array(count * components);
  for (let k = 0; k < count; k++) {
    if (pixels[4 * k + 3] === 0) continue;
    for (let c = 0; c < components; c++) out[k * components + c] = pixels[4 * k + c];
  }
  return encodeIgtlImage(
    {
      components,
      scalar: 3,
      littleEndian: true,
      size: [width, height, 1],
      matrix: [dx, 0, 0, 0, dz, 0, 0, 0, 1, centreX, centreZ, 0],
      pixels: out,
    },
    about,
  );
}
