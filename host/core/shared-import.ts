/**
 * The core, but importing a shared memory: one bit of its import section. The binary format (WebAssembly core specification 5.5.5,
 * threads proposal) writes the limits of a memory as
 *
 *   | flags | min (LEB128) | max (LEB128) |     flags: 1 has a maximum, 2 is shared
 *
 * Nothing else differs between a build for shared memory and one for private memory as long as no kernel uses atomic
 * instructions: plain loads, stores, fills and data segments mean the same on either kind. None does: threads write to disjoint
 * places, and the host makes them wait for one another.
 */
import { SondeError } from "../errors.ts";

const IMPORT_SECTION = 2;
const MEMORY_IMPORT = 2;
const HEADER_BYTES = 8;
const HAS_MAXIMUM = 1;
const SHARED = 2;

function unexpected(what: string): never {
  throw new SondeError("internal", `The core's import section is not what the build makes: ${what}`);
}

/** A copy of the core's bytes whose only import, its memory, is shared. @throws SondeError `internal` for other bytes */
export function withSharedMemory(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  let at = HEADER_BYTES;
  /** Unsigned LEB128, as all sizes are. */
  const number = () => {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = bytes[at++] ?? unexpected("it ends too early");
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    return unexpected("a size has more than 32 bits");
  };
  for (;;) {
    const id = bytes[at++];
    const size = number();
    if (id === IMPORT_SECTION) break;
    if (id > IMPORT_SECTION) unexpected("there is none");
    at += size;
  }
  if (number() !== 1) unexpected("there are several imports");
  for (const part of ["module", "name"]) {
    const length = number();
    if (at + length > bytes.length) unexpected(`the ${part} ends too early`);
    at += length;
  }
  if (bytes[at++] !== MEMORY_IMPORT) unexpected("the import is no memory");
  if (bytes[at] !== HAS_MAXIMUM) unexpected("the memory has no maximum, or is shared already");
  const shared = bytes.slice();
  shared[at] = HAS_MAXIMUM | SHARED;
  return shared;
}
