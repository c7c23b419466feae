/**
 * Where the chunks of one HDF5 dataset lie in the file: for data whose filter the HDF5 library lacks. Follows the HDF5
 * File Format Specification 3.0: object headers version 1 (IV.A.1.a) and 2 (IV.A.1.b), data layout message versions 3
 * and 4 (IV.A.2.i), chunk index by version 1 B-tree (III.A.1) and by single chunk.
 *
 *   object header --> layout message --> B-tree node, level n --> ... --> node, level 0 --> (offsets, address, bytes)
 *
 * Every read is bounds-checked by DataView; whatever the bytes say, the walk ends.
 */
import { isSondeError, SondeError } from "../../errors.ts";

/** One stored chunk. */
export interface Chunk {
  /** Index of its first element along each axis. */
  start: readonly number[];
  /** Its stored, still filtered bytes. */
  offset: number;
  byteLength: number;
  /** Bit i set: filter i of the pipeline was not applied to this chunk. */
  filterMask: number;
}

/** The chunks of one dataset. */
export interface ChunkIndex {
  /** Elements along each axis of every chunk; chunks at the edge are stored whole. */
  chunkShape: readonly number[];
  elementBytes: number;
  chunks: readonly Chunk[];
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];
const LAYOUT_MESSAGE = 0x08;
const CONTINUATION_MESSAGE = 0x10;
const CHUNKED = 2;

/** More parts than any file of this field has; a loop in a damaged file ends here. */
const MAX_PARTS = 1 << 20;

function corrupt(what: string, at: number, cause?: unknown): SondeError {
  return new SondeError("corrupt-file", `The HDF5 file is damaged: ${what} at byte ${at}.`, {
    cause,
    fields: { at },
  });
}

/** Bounds-checked reading of a file whose addresses count from its superblock. */
class FileView {
  readonly base: number;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.base = FileView.#findSuperblock(bytes);
    const version = bytes[this.base + 8];
    const at = this.base + (version < 2 ? 13 : 9);
    const [offsetBytes, lengthBytes] = [bytes[at], bytes[at + 1]];
    if (offsetBytes !== 8 || lengthBytes !== 8)
      throw new SondeError(
        "unsupported-format",
        `The HDF5 file uses ${8 * offsetBytes}-bit addresses and ${8 * lengthBytes}-bit lengths; LZF data are read with 64 only.`,
        { fields: { offsetBytes, lengthBytes } },
      );
  }

  /** The superblock lies at 0, 512, 1024, 2048, ... */
  static #findSuperblock(bytes: Uint8Array): number {
    for (let at = 0; at + 16 < bytes.length; at = at === 0 ? 512 : 2 * at)
      if (SIGNATURE.every((value, i) => bytes[at + i] === value)) return at;
    throw corrupt("no superblock", 0);
  }

  u8(at: number): number {
    return this.#view.getUint8(at);
  }
  u16(at: number): number {
    return this.#view.getUint16(at, true);
  }
  u32(at: number): number {
    return this.#view.getUint32(at, true);
  }
  u64(at: number): number {
    return Number(this.#view.getBigUint64(at, true));
  }
  /** An unsigned number of `bytes` bytes, 1 to 8. */
  unsigned(at: number, bytes: number): number {
    let value = 0;
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + this.u8(at + i);
    return value;
  }
  /** A stored address as a position in the file. */
  address(at: number): number {
    return this.base + this.u64(at);
  }
  text(at: number, length: number): string {
    let text = "";
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.u8(at + i));
    return text;
  }
}

/** Position of the first message of `wanted` type in the object header at `header`, following continuation blocks. */
function findMessage(file: FileView, header: number, wanted: number): number {
  const second = file.text(header, 4) === "OHDR";
  const blocks: { from: number; to: number }[] = [];
  let messageHeader = 8;
  if (second) {
    const flags = file.u8(header + 5);
    messageHeader = flags & 4 ? 6 : 4;
    const sizeAt = header + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
    const sizeBytes = 1 << (flags & 3);
    const from = sizeAt + sizeBytes;
    blocks.push({ from, to: from + file.unsigned(sizeAt, sizeBytes) });
  } else {
    if (file.u8(header) !== 1) throw corrupt("no object header", header);
    blocks.push({ from: header + 16, to: header + 16 + file.u32(header + 8) });
  }
  let parts = 0;
  for (const block of blocks) {
    let at = block.from;
    while (at + messageHeader <= block.to) {
      if (++parts > MAX_PARTS) throw corrupt("an endless object header", header);
      const type = second ? file.u8(at) : file.u16(at);
      const size = file.u16(at + (second ? 1 : 2));
      const body = at + messageHeader;
      if (type === wanted) return body;
      if (type === CONTINUATION_MESSAGE) {
        const from = file.address(body);
        const length = file.u64(body + 8);
        // Version 2 blocks carry a signature in front and a checksum behind.
        blocks.push(second ? { from: from + 4, to: from + length - 4 } : { from, to: from + length });
      }
      at = body + size;
    }
  }
  throw corrupt("an object without a data layout", header);
}

function walkTree(file: FileView, root: number, rank: number, found: Chunk[]): void {
  const pending = [{ at: root, level: -1 }];
  let parts = 0;
  while (pending.length) {
    const { at, level: expected } = pending.pop()!;
    if (file.text(at, 4) !== "TREE" || file.u8(at + 4) !== 1) throw corrupt("no chunk B-tree", at);
    const level = file.u8(at + 5);
    if (expected >= 0 && level !== expected) throw corrupt(`a B-tree node of level ${level}`, at);
    const entries = file.u16(at + 6);
    const entryBytes = 8 + 8 * (rank + 1) + 8;
    for (let i = 0; i < entries; i++) {
      if (++parts > MAX_PARTS) throw corrupt("an endless chunk index", root);
      const entry = at + 24 + i * entryBytes;
      const child = file.address(entry + entryBytes - 8);
      if (level > 0) {
        pending.push({ at: child, level: level - 1 });
        continue;
      }
      const start = Array.from({ length: rank }, (_, axis) => file.u64(entry + 8 + 8 * axis));
      found.push({ start, offset: child, byteLength: file.u32(entry), filterMask: file.u32(entry + 4) });
    }
  }
}

function readLayout(file: FileView, header: number): ChunkIndex {
  const at = findMessage(file, header, LAYOUT_MESSAGE);
  const version = file.u8(at);
  if (version !== 3 && version !== 4)
    throw new SondeError(
      "unsupported-format",
      `LZF data in an HDF5 layout of version ${version} cannot be read; rewrite the file with h5py's default settings or with gzip.`,
      { fields: { version } },
    );
  if (file.u8(at + 1) !== CHUNKED) throw corrupt("filtered data that are not chunked", at);
  const chunks: Chunk[] = [];
  if (version === 3) {
    const rank = file.u8(at + 2) - 1;
    const shape = Array.from({ length: rank }, (_, axis) => file.u32(at + 11 + 4 * axis));
    // All bits set: no chunk was ever written.
    if (file.u64(at + 3) < 2 ** 63) walkTree(file, file.address(at + 3), rank, chunks);
    return { chunkShape: shape, elementBytes: file.u32(at + 11 + 4 * rank), chunks };
  }
  const flags = file.u8(at + 2);
  const rank = file.u8(at + 3) - 1;
  const encoded = file.u8(at + 4);
  const shape = Array.from({ length: rank }, (_, axis) => file.unsigned(at + 5 + encoded * axis, encoded));
  const elementBytes = file.unsigned(at + 5 + encoded * rank, encoded);
  const indexAt = at + 5 + encoded * (rank + 1);
  const indexType = file.u8(indexAt);
  if (indexType !== 1)
    throw new SondeError(
      "unsupported-format",
      `LZF data with an HDF5 chunk index of type ${indexType} (libver "latest") cannot be read; rewrite the file with h5py's default settings or with gzip.`,
      { fields: { indexType } },
    );
  const filtered = (flags & 2) !== 0;
  chunks.push({
    start: new Array<number>(rank).fill(0),
    offset: file.address(indexAt + 1 + (filtered ? 12 : 0)),
    byteLength: filtered ? file.u64(indexAt + 1) : shape.reduce((product, n) => product * n, elementBytes),
    filterMask: filtered ? file.u32(indexAt + 9) : 0,
  });
  return { chunkShape: shape, elementBytes, chunks };
}

/**
 * The chunks of the dataset whose object header has the address `header`, as an HDF5 object reference states it.
 * @throws SondeError `corrupt-file`, and `unsupported-format` for layouts this walk does not know
 */
export function readChunkIndex(bytes: Uint8Array, header: number): ChunkIndex {
  try {
    const file = new FileView(bytes);
    const index = readLayout(file, file.base + header);
    for (const chunk of index.chunks)
      if (chunk.offset + chunk.byteLength > bytes.length)
        throw corrupt("a chunk that ends past the file", chunk.offset);
    return index;
  } catch (cause) {
    if (isSondeError(cause)) throw cause;
    // DataView's RangeError: a position outside the file.
    throw corrupt("a structure that points outside the file", header, cause);
  }
}
