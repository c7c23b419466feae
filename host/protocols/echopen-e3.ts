/**
 * echOpen's TCP protocol of 2019 (Java emulator, Android application; port 7538). The header is big-endian, the records
 * that follow are those of 2017, little-endian:
 *
 *   f32 r0 mm | f32 rf mm | f32 decimation | i16 lines | f32 sector degrees | u8 mode | i32 L | L x ASCII | f32 delay ms
 *   0           4           8                12          14                   18        19      23          23 + L
 */
import { SondeError } from "../errors.ts";
import { HeaderedParser, type HeaderResult } from "./echopen-headered.ts";
import type { EchopenSettings } from "./echopen-settings.ts";

const NAME_AT = 23;
/** Longest kinematics name that is believed; the known ones have 16 letters. */
const LONGEST_NAME = 64;

/** @throws SondeError `corrupt-file` when the name cannot be one */
export function readE3Header(bytes: Uint8Array): HeaderResult {
  if (bytes.length < NAME_AT) return NAME_AT;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nameLength = view.getInt32(19);
  if (nameLength < 0 || nameLength > LONGEST_NAME)
    throw new SondeError(
      "corrupt-file",
      `The echOpen header claims a name of ${nameLength} letters (at most ${LONGEST_NAME}); it is not a recording of this protocol.`,
      { fields: { nameLength } },
    );
  const end = NAME_AT + nameLength + 4;
  if (bytes.length < end) return end;
  const letters = bytes.subarray(NAME_AT, NAME_AT + nameLength);
  if (letters.some((code) => code < 0x20 || code > 0x7e))
    throw new SondeError(
      "corrupt-file",
      "The kinematics name in the echOpen header is not text; record it again.",
    );
  const settings: EchopenSettings = {
    r0Mm: view.getFloat32(0),
    rfMm: view.getFloat32(4),
    decimation: view.getFloat32(8),
    lines: view.getInt16(12),
    sectorDeg: view.getFloat32(14),
    mode: view.getUint8(18),
    kinematics: String.fromCharCode(...letters).trim() || undefined,
    echoDelayMs: view.getFloat32(NAME_AT + nameLength) || undefined,
  };
  return { settings, bytes: end };
}

export class E3Parser extends HeaderedParser {
  constructor(known?: EchopenSettings) {
    super("2019", known);
  }

  protected override readHeader(bytes: Uint8Array): HeaderResult {
    return readE3Header(bytes);
  }
}
