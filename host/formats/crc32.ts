/** CRC-32 as PNG, zlib and Ethernet have it: polynomial 0x04C11DB7 reflected (0xEDB88320), start and final xor all ones. */

/**
 * Eight tables, so that eight bytes are taken at a time (Kounavis and Berry, "A systematic approach to building high
 * performance software-based CRC generators", ISCC 2005). TABLES[256 k + b]: remainder of byte b followed by k zero bytes.
 */
const TABLES = new Int32Array(8 * 256);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  TABLES[n] = c;
}
for (let n = 256; n < TABLES.length; n++) TABLES[n] = (TABLES[n - 256] >>> 8) ^ TABLES[TABLES[n - 256] & 255];

function update(remainder: number, bytes: Uint8Array): number {
  let c = remainder;
  let at = 0;
  for (const last = bytes.length - 8; at <= last; at += 8) {
    const low = c ^ (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
    c =
      TABLES[1792 + (low & 255)] ^
      TABLES[1536 + ((low >>> 8) & 255)] ^
      TABLES[1280 + ((low >>> 16) & 255)] ^
      TABLES[1024 + (low >>> 24)] ^
      TABLES[768 + bytes[at + 4]] ^
      TABLES[512 + bytes[at + 5]] ^
      TABLES[256 + bytes[at + 6]] ^
      TABLES[bytes[at + 7]];
  }
  for (; at < bytes.length; at++) c = TABLES[(c ^ bytes[at]) & 255] ^ (c >>> 8);
  return c;
}

/** The check value of the parts, one after another; "123456789" gives CBF43926. */
export function crc32(...parts: readonly Uint8Array[]): number {
  let c = -1;
  for (const bytes of parts) c = update(c, bytes);
  return ~c >>> 0;
}
