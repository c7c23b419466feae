/** CRC-64 as OpenIGTLink has it: polynomial 0x42F0E1EBA9EA3693 (ECMA-182), start 0, nothing reflected, no final xor. */

/**
 * Eight tables, so that eight bytes are taken at a time, as `formats/crc32.ts` does. At 256 k + b: the upper and the
 * lower 32 bits of the remainder of byte b followed by k zero bytes.
 */
const UPPER = new Int32Array(8 * 256);
const LOWER = new Int32Array(8 * 256);
for (let n = 0; n < 256; n++) {
  let upper = n << 24;
  let lower = 0;
  for (let k = 0; k < 8; k++) {
    const carry = upper < 0;
    upper = (upper << 1) | (lower >>> 31);
    lower <<= 1;
    if (carry) {
      upper ^= 0x42f0e1eb;
      lower ^= 0xa9ea3693;
    }
  }
  UPPER[n] = upper;
  LOWER[n] = lower;
}
for (let n = 256; n < UPPER.length; n++) {
  const [upper, lower] = [UPPER[n - 256], LOWER[n - 256]];
  UPPER[n] = ((upper << 8) | (lower >>> 24)) ^ UPPER[upper >>> 24];
  LOWER[n] = (lower << 8) ^ LOWER[upper >>> 24];
}

/** The check value; "123456789" gives 6C40DF5F0B497347. */
export function crc64(bytes: Uint8Array): bigint {
  let upper = 0;
  let lower = 0;
  let at = 0;
  for (const last = bytes.length - 8; at <= last; at += 8) {
    const a = 1792 + ((upper >>> 24) ^ bytes[at]);
    const b = 1536 + (((upper >>> 16) & 255) ^ bytes[at + 1]);
    const c = 1280 + (((upper >>> 8) & 255) ^ bytes[at + 2]);
    const d = 1024 + ((upper & 255) ^ bytes[at + 3]);
    const e = 768 + ((lower >>> 24) ^ bytes[at + 4]);
    const f = 512 + (((lower >>> 16) & 255) ^ bytes[at + 5]);
    const g = 256 + (((lower >>> 8) & 255) ^ bytes[at + 6]);
    const h = (lower & 255) ^ bytes[at + 7];
    upper = UPPER[a] ^ UPPER[b] ^ UPPER[c] ^ UPPER[d] ^ UPPER[e] ^ UPPER[f] ^ UPPER[g] ^ UPPER[h];
    lower = LOWER[a] ^ LOWER[b] ^ LOWER[c] ^ LOWER[d] ^ LOWER[e] ^ LOWER[f] ^ LOWER[g] ^ LOWER[h];
  }
  for (; at < bytes.length; at++) {
    const index = (upper >>> 24) ^ bytes[at];
    upper = ((upper << 8) | (lower >>> 24)) ^ UPPER[index];
    lower = (lower << 8) ^ LOWER[index];
  }
  return (BigInt(upper >>> 0) << 32n) | BigInt(lower >>> 0);
}
