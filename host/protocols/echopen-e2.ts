/**
 * echOpen's TCP protocol of 2017 (kit 3, lab tool; port 7538):
 *
 *   u8 r0 mm | u8 rf mm | u8 decimation | u8 lines | u8 sector degrees | u8 mode | records ...
 */
import { HeaderedParser, type HeaderResult } from "./echopen-headered.ts";
import type { EchopenSettings } from "./echopen-settings.ts";

export const E2_HEADER_BYTES = 6;

/** The header as it stands; whether it makes sense is for `settingsFault`. */
export function readE2Header(bytes: Uint8Array): { settings: EchopenSettings; bytes: number } | number {
  if (bytes.length < E2_HEADER_BYTES) return E2_HEADER_BYTES;
  const [r0Mm, rfMm, decimation, lines, sectorDeg, mode] = bytes;
  return { settings: { r0Mm, rfMm, decimation, lines, sectorDeg, mode }, bytes: E2_HEADER_BYTES };
}

export class E2Parser extends HeaderedParser {
  constructor(known?: EchopenSettings) {
    super("2017", known);
  }

  protected override readHeader(bytes: Uint8Array): HeaderResult {
    return readE2Header(bytes);
  }
}
