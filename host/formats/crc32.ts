/** CRC-32 as PNG, zlib and Ethernet have it: polynomial 0x04C11DB7 reflected (0xEDB88320), start and final xor all ones. */

/** Bytes taken at a time. */
const STEP = 16;

/**
 * A table for each byte of a step (Kounavis and Berry, "A systematic approach to building high performance software-based CRC
 * generators", ISCC 2005). TABLES[256 k + b]: remainder of byte b followed by k zero bytes.
 */
const TABLES = new Int32Array(STEP * 256);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  TABLES[n] = c;
}
for (let n = 256; n < TABLES.length; n++) TABLES[n] = (TABLES[n - 256] >>> 8) ^ TABLES[TABLES[n - 256] & 255];

/** What four bytes leave when `zeros` zero bytes follow them. */
function remainderOf(word: number, zeros: number): number {
  const table = 256 * zeros;
  return (
    TABLES[table + 768 + (word & 255)] ^
    TABLES[table + 512 + ((word >>> 8) & 255)] ^
    TABLES[table + 256 + ((word >>> 16) & 255)] ^
    TABLES[table + (word >>> 24)]
  );
}

function update(remainder: number, bytes: Uint8Array): number {
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let c = remainder;
  let at = 0;
  for (const last = bytes.length - STEP; at <= last; at += STEP)
    c =
      remainderOf(c ^ words.getInt32(at, true), 12) ^
      remainderOf(words.getInt32(at + 4, true), 8) ^
      remainderOf(words.getInt32(at + 8, true), 4) ^
      remainderOf(words.getInt32(at + 12, true), 0);
  for (; at < bytes.length; at++) c = TABLES[(c ^ bytes[at]) & 255] ^ (c >>> 8);
  return c;
}

/** The check value of the parts, one after another; "123456789" gives CBF43926. */
export function crc32(...parts: readonly Uint8Array[]): number {
  let c = -1;
  for (const bytes of parts) c = update(c, bytes);
  return ~c >>> 0;
}
