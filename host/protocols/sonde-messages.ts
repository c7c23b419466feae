/**
 * The messages of Sonde's stream, which is also the recording format; sonde-stream.md specifies them for other
 * implementations. Little-endian; messages start at multiples of 8 bytes.
 *
 *    0  8 bytes  mark 89 53 4E 44 0D 0A 1A 0A   16  u32  sequence            40  u32  payload bytes, without padding
 *    8  u8       version 1                      20  u32  configuration       44  u32  bytes of the payload's first part
 *    9  u8       kind                           24  u64  frame index         48  u32  CRC-32 of the payload
 *   10  u8       sample type                    32  f64  time s              52  u32  CRC-32 of bytes 0 to 51
 *   11  u8       flags                                                       56  payload, zeros up to a multiple of 8
 *   12  u32      stream
 */
import { SondeError } from "../errors.ts";
import { crc32 } from "../formats/crc32.ts";
import type { SampleArray, SampleType } from "../model.ts";

/** As PNG's: a byte over 127, letters, and line ends that a text mode would spoil. */
export const SONDE_MARK = Uint8Array.of(0x89, 0x53, 0x4e, 0x44, 0x0d, 0x0a, 0x1a, 0x0a);
export const SONDE_VERSION = 1;
export const HEADER_BYTES = 56;
/** Largest payload a live parser waits for, when not told otherwise (64 MiB: 128 x 128 channels of 2048 int16). */
export const DEFAULT_MOST_PAYLOAD_BYTES = 2 ** 26;

export const KIND = { configuration: 1, frame: 2, lost: 3, status: 4, text: 5, message: 6, end: 7 } as const;

/** Bits of the flags. */
export const HAS_TIME = 1;
/** The time is the receiver's clock at arrival, not the device's. */
export const TIME_OF_ARRIVAL = 2;

/** Sample types by their number in the header; 0 is none. */
const TYPES: readonly (SampleType | undefined)[] = [
  undefined,
  "int8",
  "uint8",
  "int16",
  "uint16",
  "int32",
  "float32",
];

const ARRAYS = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  float32: Float32Array,
} as const;

export interface SondeHeader {
  version: number;
  kind: number;
  sampleType: number;
  flags: number;
  /** Differs from start to start of a device, so that a restart is told from disorder. */
  stream: number;
  /** Counts messages of a stream from 0, modulo 2^32. */
  sequence: number;
  /** Number of the configuration that a frame belongs to, or that this message brings. */
  configuration: number;
  /** Frames before this message, those the device dropped included: a frame's own index. */
  index: number;
  /** s; meaningless without the flag `HAS_TIME`. */
  timeS: number;
  payloadBytes: number;
  /** Frame: bytes of the samples. Configuration: bytes of the JSON text. */
  firstBytes: number;
  payloadCrc: number;
}

export const padded = (bytes: number) => Math.ceil(bytes / 8) * 8;

/** The header at the front of `bytes` (56 and more), or undefined when its mark or its check value is wrong. */
export function readHeader(bytes: Uint8Array): SondeHeader | undefined {
  for (let k = 0; k < SONDE_MARK.length; k++) if (bytes[k] !== SONDE_MARK[k]) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (view.getUint32(52, true) !== crc32(bytes.subarray(0, 52))) return undefined;
  return {
    version: bytes[8],
    kind: bytes[9],
    sampleType: bytes[10],
    flags: bytes[11],
    stream: view.getUint32(12, true),
    sequence: view.getUint32(16, true),
    configuration: view.getUint32(20, true),
    index: view.getUint32(24, true) + 2 ** 32 * view.getUint32(28, true),
    timeS: view.getFloat64(32, true),
    payloadBytes: view.getUint32(40, true),
    firstBytes: view.getUint32(44, true),
    payloadCrc: view.getUint32(48, true),
  };
}

/** The sound message at the front of `bytes`; its payload is a view. */
export function messageIn(bytes: Uint8Array): { header: SondeHeader; payload: Uint8Array } {
  const header = readHeader(bytes);
  if (!header) throw new SondeError("internal", "A message that was found sound is none.");
  return { header, payload: bytes.subarray(HEADER_BYTES, HEADER_BYTES + header.payloadBytes) };
}

/** A whole message; sizes, version and check values are filled in. `second` starts at the next multiple of 8. */
export function encodeMessage(
  header: Pick<SondeHeader, "kind" | "stream" | "sequence" | "configuration" | "index"> &
    Partial<Pick<SondeHeader, "sampleType" | "flags" | "timeS">>,
  first: Uint8Array,
  second?: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const payloadBytes = second ? padded(first.length) + second.length : first.length;
  const bytes = new Uint8Array(HEADER_BYTES + padded(payloadBytes));
  const view = new DataView(bytes.buffer);
  const payload = bytes.subarray(HEADER_BYTES, HEADER_BYTES + payloadBytes);
  payload.set(first);
  if (second) payload.set(second, padded(first.length));
  bytes.set(SONDE_MARK);
  bytes[8] = SONDE_VERSION;
  bytes[9] = header.kind;
  bytes[10] = header.sampleType ?? 0;
  bytes[11] = header.flags ?? 0;
  view.setUint32(12, header.stream, true);
  view.setUint32(16, header.sequence, true);
  view.setUint32(20, header.configuration, true);
  view.setUint32(24, header.index % 2 ** 32, true);
  view.setUint32(28, Math.floor(header.index / 2 ** 32), true);
  view.setFloat64(32, header.timeS ?? 0, true);
  view.setUint32(40, payloadBytes, true);
  view.setUint32(44, first.length, true);
  view.setUint32(48, crc32(payload), true);
  view.setUint32(52, crc32(bytes.subarray(0, 52)), true);
  return bytes;
}

/** Number of a sample array's type. */
export function typeNumber(samples: SampleArray): number {
  return TYPES.findIndex((type) => type !== undefined && samples instanceof ARRAYS[type]);
}

/** Bytes of one sample of this type number, undefined for a number that is no type. */
export function sampleBytesOf(type: number): number | undefined {
  const name = TYPES[type];
  return name && ARRAYS[name].BYTES_PER_ELEMENT;
}

/** A copy of `bytes` as samples of this type number. */
export function samplesFrom(type: number, bytes: Uint8Array): SampleArray {
  const name = TYPES[type];
  if (!name) throw new SondeError("internal", `There is no sample type ${type}.`);
  return new ARRAYS[name](bytes.slice().buffer);
}
