/** CRC-64 as OpenIGTLink has it: polynomial 0x42F0E1EBA9EA3693 (ECMA-182), start 0, nothing reflected, no final xor. */

/** Remainders of single bytes, upper and lower 32 bits. */
const UPPER = new Int32Array(256);
const LOWER = new Int32Array(256);
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

/** The check value; "123456789" gives 6C40DF5F0B497347. */
export function crc64(bytes: Uint8Array): bigint {
  let upper = 0;
  let lower = 0;
  for (const byte of bytes) {
    const index = (upper >>> 24) ^ byte;
    upper = ((upper << 8) | (lower >>> 24)) ^ UPPER[index];
    lower = (lower << 8) ^ LOWER[index];
  }
  return (BigInt(upper >>> 0) << 32n) | BigInt(lower >>> 0);
}
