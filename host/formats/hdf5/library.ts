/**
 * One HDF5 file through h5wasm, with the checks that library leaves to its caller: sizes are believed only after
 * comparison with the file, filters only from a known list (h5wasm returns whatever was in memory for others), statuses
 * are looked at, links are not followed. LZF is decoded here. Runs in the HDF5 worker only.
 */
import type { Metadata, ready } from "h5wasm";
import { isSondeError, SondeError, toErrorMessage } from "../../errors.ts";
import { type ChunkIndex, readChunkIndex } from "./chunks.ts";
import { keepDiagnostics, takeDiagnostics } from "./diagnostics.ts";
import { decodeLzf, LZF_MAX_RATIO } from "./lzf.ts";
import {
  type DescribeOptions,
  type Hdf5Dataset,
  type Hdf5Node,
  INLINE_VALUES,
  type Numbers,
  type ReadOptions,
  type SmallValue,
} from "./protocol.ts";
import { unshuffle } from "./shuffle.ts";
import { copyShared, elementsIn, type Slab, writeReordered } from "./slab.ts";

type Library = Awaited<typeof ready>;

/** HDF5's datatype classes. */
const INTEGER = 0;
const FLOAT = 1;
const STRING = 3;
const ENUM = 8;

const DEFLATE = 1;
const SHUFFLE = 2;
const FLETCHER32 = 3;
const LZF = 32000;

/** zlib's documentation: "the maximum compression factor is about 1032:1". */
const DEFLATE_MAX_RATIO = 1032;

/** Largest single read (bytes): the library's memory ends at 2 GiB and a copy is made of each read. */
const MAX_READ_BYTES = 2 ** 30;

/**
 * Reads above the first (bytes) may not be larger than the file by more than the second (factor): memory stays in
 * proportion to the file. Real recordings compress 2 to 10 times, sparse simulations up to 50.
 */
const SMALL_READ_BYTES = 2 ** 25;
const MAX_EXPANSION = 128;

/** Bounds of a description: more than this is no recording. */
const MAX_OBJECTS = 50_000;
const MAX_DEPTH = 16;
/** Attributes larger than this are left out (bytes). */
const MAX_ATTRIBUTE_BYTES = 65_536;

/** Loads h5wasm. */
export async function loadLibrary(): Promise<Library> {
  keepDiagnostics();
  return (await import("h5wasm")).ready;
}

function corrupt(message: string, fields: Record<string, string | number>): SondeError {
  const why = takeDiagnostics();
  return new SondeError("corrupt-file", why ? `${message} (HDF5: ${why})` : message, { fields });
}

/** The bytes of one datatype as numbers, or undefined when they are no plain numbers. */
function asNumbers(bytes: Uint8Array<ArrayBuffer>, type: Metadata): Numbers | undefined {
  const { buffer } = bytes;
  const kind = type.type === ENUM ? INTEGER : type.type;
  if (kind === INTEGER) {
    if (type.size === 1) return type.signed ? new Int8Array(buffer) : bytes;
    if (type.size === 2) return type.signed ? new Int16Array(buffer) : new Uint16Array(buffer);
    if (type.size === 4) return type.signed ? new Int32Array(buffer) : new Uint32Array(buffer);
    if (type.size === 8)
      return Float64Array.from(type.signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer), Number);
  }
  if (kind === FLOAT) {
    if (type.size === 4) return new Float32Array(buffer);
    if (type.size === 8) return new Float64Array(buffer);
  }
  return undefined;
}

export class LibraryFile {
  readonly #library: Library;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #path: string;
  readonly #handle: bigint;
  readonly #chunkIndices = new Map<string, ChunkIndex>();

  /** @throws SondeError `corrupt-file` */
  constructor(library: Library, name: string, bytes: Uint8Array<ArrayBuffer>) {
    this.#library = library;
    this.#bytes = bytes;
    // A name nobody can guess: no reference stored in a file reaches another file opened here.
    this.#path = `/${crypto.randomUUID()}.h5`;
    // canOwn: the library's file system uses these bytes themselves. Its types do not know the option.
    library.FS.writeFile(this.#path, bytes, { canOwn: true } as Parameters<typeof library.FS.writeFile>[2]);
    this.#handle = library.open(this.#path, library.H5F_ACC_RDONLY, false, -1, -1);
    if (this.#handle < 0n) {
      library.FS.unlink(this.#path);
      throw corrupt(`${name} cannot be opened as HDF5: it is truncated or damaged.`, { bytes: bytes.length });
    }
  }

  close(): void {
    this.#library.close_file(this.#handle);
    this.#library.FS.unlink(this.#path);
  }

  /** One object and what is below it; `progress` is called for each. Links are named, not followed. */
  describe(path: string, options: DescribeOptions, progress: () => void): Hdf5Node {
    const depth = Math.min(options.depth ?? MAX_DEPTH, MAX_DEPTH);
    let objects = 0;
    const count = () => {
      if (++objects > MAX_OBJECTS)
        throw corrupt(`The HDF5 file has more than ${MAX_OBJECTS} objects below one group.`, {
          limit: MAX_OBJECTS,
        });
      progress();
    };
    return this.#describe(path, depth, options, count);
  }

  #describe(path: string, depth: number, options: DescribeOptions, count: () => void): Hdf5Node {
    const library = this.#library;
    count();
    if (path !== "/" && this.#isLink(path)) return { kind: "link", path };
    const type = library.get_type(this.#handle, path);
    if (type === library.H5G_DATASET) return this.#describeDataset(path, options);
    if (type !== library.H5G_GROUP) return { kind: "other", path };
    const children: Record<string, Hdf5Node> = Object.create(null);
    if (depth > 0)
      for (const name of library.get_names(this.#handle, path, false)) {
        if (options.skip?.includes(name)) continue;
        children[name] = this.#describe(`${path === "/" ? "" : path}/${name}`, depth - 1, options, count);
      }
    return { kind: "group", path, attributes: this.#attributes(path, options), children };
  }

  #isLink(path: string): boolean {
    const library = this.#library;
    if (library.get_external_link(this.#handle, path).filename !== undefined) return true;
    return library.get_symbolic_link(this.#handle, path) !== null;
  }

  #describeDataset(path: string, options: DescribeOptions): Hdf5Node {
    const metadata = this.#library.get_dataset_metadata(this.#handle, path);
    const shape = metadata.shape ?? [0];
    const kind = metadata.type;
    const type =
      kind === INTEGER || kind === ENUM
        ? "integer"
        : kind === FLOAT
          ? "float"
          : kind === STRING
            ? "string"
            : "other";
    const attributes = this.#attributes(path, options);
    const node: Hdf5Dataset = { kind: "dataset", path, attributes, shape, type };
    if (type === "other") return node;
    try {
      if (elementsIn(shape) > INLINE_VALUES) this.#checkedFilters(path, metadata);
      else node.value = this.#smallValue(path, metadata, shape);
    } catch (error) {
      if (!isSondeError(error)) throw error;
      node.problem = toErrorMessage(error);
    }
    return node;
  }

  #smallValue(path: string, metadata: Metadata, shape: readonly number[]): SmallValue {
    const whole = { start: shape.map(() => 0), count: shape };
    const contents = this.#readBytes(path, metadata, whole, metadata.type === STRING);
    if (!(contents instanceof Uint8Array)) return contents;
    return Array.from(asNumbers(contents, metadata) ?? this.#refuseType(path, metadata));
  }

  #attributes(path: string, options: DescribeOptions): Record<string, SmallValue> {
    const library = this.#library;
    const values: Record<string, SmallValue> = Object.create(null);
    for (const name of library.get_attribute_names(this.#handle, path)) {
      if (options.attributes && !options.attributes.includes(name)) continue;
      const metadata = library.get_attribute_metadata(this.#handle, path, name);
      const size = metadata.size * metadata.total_size;
      if (!metadata.shape || !(size <= MAX_ATTRIBUTE_BYTES)) continue;
      const value = this.#withMemory(size, (pointer) => {
        const status = library.get_attribute_data(this.#handle, path, name, BigInt(pointer));
        if (status < 0) throw corrupt(`The attribute ${name} of ${path} cannot be read.`, { path, name });
        const bytes = library.HEAPU8.slice(pointer, pointer + size);
        if (metadata.type !== STRING) return asNumbers(bytes, metadata);
        const texts = this.#texts(bytes, metadata);
        if (metadata.vlen) library.reclaim_vlen_memory(this.#handle, path, name, BigInt(pointer));
        return texts;
      });
      if (value) values[name] = Array.isArray(value) ? value : Array.from(value as Numbers);
    }
    return values;
  }

  #texts(bytes: Uint8Array<ArrayBuffer>, type: Metadata): string[] {
    if (type.vlen) return Array.from(new Uint32Array(bytes.buffer), (at) => this.#library.UTF8ToString(at));
    const decoder = new TextDecoder();
    return Array.from({ length: Math.floor(bytes.length / type.size) }, (_, i) => {
      const field = bytes.subarray(i * type.size, (i + 1) * type.size);
      const end = field.indexOf(0);
      return decoder.decode(end < 0 ? field : field.subarray(0, end));
    });
  }

  /** Numbers of one dataset, or of two interleaved, with their axes in the order asked for. */
  read(options: ReadOptions): { shape: number[]; values: Numbers } {
    const { paths } = options;
    const parts = paths.map((path) => {
      const metadata = this.#library.get_dataset_metadata(this.#handle, path);
      const shape = metadata.shape ?? [0];
      const slab = options.slab ?? { start: shape.map(() => 0), count: shape };
      const inside =
        slab.start.length === shape.length &&
        slab.start.every((start, axis) => start >= 0 && start + slab.count[axis] <= shape[axis]);
      if (!inside)
        throw corrupt(`${path} has the shape ${shape.join(" x ")}, too small for what the file describes.`, {
          path,
        });
      const bytes = this.#readBytes(path, metadata, slab, false);
      const values = bytes instanceof Uint8Array ? asNumbers(bytes, metadata) : undefined;
      return { count: slab.count, values: values ?? this.#refuseType(path, metadata) };
    });
    const [first] = parts;
    const axes = options.axes ?? first.count.map((_, axis) => axis);
    const shape = axes.map((axis) => first.count[axis]);
    if (parts.length > 1) shape.push(parts.length);
    const asStored = parts.length === 1 && axes.every((axis, i) => axis === i);
    if (asStored) return { shape, values: first.values };
    const values = new (first.values.constructor as Float32ArrayConstructor)(elementsIn(shape));
    for (const [i, part] of parts.entries())
      writeReordered(part.values, part.count, axes, values, i, parts.length);
    return { shape, values };
  }

  #refuseType(path: string, type: Metadata): never {
    throw new SondeError(
      "unsupported-format",
      `${path} holds values of HDF5 class ${type.type} with ${8 * type.size} bits, which cannot be read as numbers.`,
      { fields: { path, class: type.type, bits: 8 * type.size } },
    );
  }

  /** Raw bytes of a box, or texts when `strings` says that texts are expected. */
  #readBytes(
    path: string,
    metadata: Metadata,
    slab: Slab,
    strings: boolean,
  ): Uint8Array<ArrayBuffer> | string[] {
    const library = this.#library;
    const filters = this.#checkedFilters(path, metadata);
    if (metadata.type === STRING && !strings) this.#refuseType(path, metadata);
    const elements = elementsIn(slab.count);
    const size = elements * metadata.size;
    if (size > MAX_READ_BYTES)
      throw new SondeError(
        "out-of-memory",
        `${path} needs ${size} bytes at once; the limit is ${MAX_READ_BYTES}.`,
        {
          fields: { path, size, limit: MAX_READ_BYTES },
        },
      );
    if (size > SMALL_READ_BYTES && size > MAX_EXPANSION * this.#bytes.length)
      throw corrupt(
        `${path} needs ${size} bytes at once, out of proportion to a file of ${this.#bytes.length} bytes.`,
        {
          path,
          size,
          fileBytes: this.#bytes.length,
        },
      );
    if (elements === 0) return strings ? [] : new Uint8Array(0);
    if (filters.includes(LZF)) {
      const bytes = this.#readLzf(path, metadata, filters, slab);
      return strings ? this.#texts(bytes, metadata) : bytes;
    }
    const count = slab.count.map(BigInt);
    const box = slab.count.length > 0;
    return this.#withMemory(size, (pointer) => {
      const status = library.get_dataset_data(
        this.#handle,
        path,
        box ? count : null,
        box ? slab.start.map(BigInt) : null,
        box ? count.map(() => 1n) : null,
        BigInt(pointer),
      );
      if (status < 0) throw corrupt(`${path} cannot be read.`, { path });
      const bytes = library.HEAPU8.slice(pointer, pointer + size);
      if (!strings) return bytes;
      const texts = this.#texts(bytes, metadata);
      if (metadata.vlen) library.reclaim_vlen_memory(this.#handle, path, "", BigInt(pointer));
      return texts;
    });
  }

  /** The filter pipeline's ids, once they and the declared size are found credible. */
  #checkedFilters(path: string, metadata: Metadata): number[] {
    if (metadata.virtual_sources)
      throw new SondeError(
        "unsupported-format",
        `${path} is a virtual dataset, whose data lie in other files.`,
        {
          fields: { path },
        },
      );
    const filters = this.#library.get_dataset_filters(this.#handle, path);
    for (const { id, name } of filters)
      if (id !== DEFLATE && id !== SHUFFLE && id !== FLETCHER32 && id !== LZF)
        throw new SondeError(
          "unsupported-format",
          `${path} is compressed with HDF5 filter ${id}${name ? ` (${name})` : ""}; only deflate, shuffle, fletcher32 and LZF can be read. Rewrite the file with gzip.`,
          { fields: { path, filter: id, name } },
        );
    const ids = filters.map((filter) => filter.id);
    const ratio = ids.includes(DEFLATE) ? DEFLATE_MAX_RATIO : ids.includes(LZF) ? LZF_MAX_RATIO : 1;
    const declared = metadata.size * elementsIn(metadata.shape ?? []);
    const possible = this.#bytes.length * ratio;
    // Variable-length texts are as large as a pointer each; their storage is counted by the library.
    if (!metadata.vlen && !(declared <= possible))
      throw corrupt(
        `${path} declares ${metadata.shape?.join(" x ")} values (${declared} bytes), more than a file of ${this.#bytes.length} bytes can hold.`,
        { path, declared, fileBytes: this.#bytes.length },
      );
    return ids;
  }

  #readLzf(
    path: string,
    metadata: Metadata,
    filters: readonly number[],
    slab: Slab,
  ): Uint8Array<ArrayBuffer> {
    const known = filters.at(-1) === LZF && filters.slice(0, -1).every((id) => id === SHUFFLE);
    if (!known || !metadata.littleEndian)
      throw new SondeError(
        "unsupported-format",
        `${path} combines LZF with HDF5 filters ${filters.join(", ")}${metadata.littleEndian ? "" : " and big-endian numbers"}; rewrite the file with gzip.`,
        { fields: { path } },
      );
    let index = this.#chunkIndices.get(path);
    if (!index) {
      const reference = Uint8Array.from(this.#library.create_object_reference(this.#handle, path));
      const header = Number(new DataView(reference.buffer).getBigUint64(0, true));
      index = readChunkIndex(this.#bytes, header);
      if (index.elementBytes !== metadata.size || index.chunkShape.length !== slab.count.length)
        throw corrupt(`The chunks of ${path} do not fit its datatype.`, { path });
      this.#chunkIndices.set(path, index);
    }
    const { chunkShape, elementBytes } = index;
    const chunkBytes = elementsIn(chunkShape) * elementBytes;
    if (!(chunkBytes <= MAX_READ_BYTES))
      throw corrupt(`The chunks of ${path} declare ${chunkBytes} bytes.`, { path });
    // Chunks that were never written read as zero, HDF5's default fill value.
    const output = new Uint8Array(elementsIn(slab.count) * elementBytes);
    for (const chunk of index.chunks) {
      const box = { start: chunk.start, count: chunkShape };
      if (!overlap(box, slab)) continue;
      let data: Uint8Array = this.#bytes.subarray(chunk.offset, chunk.offset + chunk.byteLength);
      for (let i = filters.length - 1; i >= 0; i--) {
        if (chunk.filterMask & (1 << i)) continue;
        data = filters[i] === LZF ? decodeLzf(data, chunkBytes) : unshuffle(data, elementBytes);
      }
      if (data.length !== chunkBytes)
        throw corrupt(`A chunk of ${path} has ${data.length} bytes instead of ${chunkBytes}.`, { path });
      copyShared(data, box, output, slab, elementBytes);
    }
    return output;
  }

  #withMemory<T>(size: number, use: (pointer: number) => T): T {
    const library = this.#library;
    const pointer = library._malloc(Math.max(size, 8));
    if (pointer === 0)
      throw new SondeError("out-of-memory", `There is no memory for ${size} bytes of the file.`, {
        fields: { size },
      });
    try {
      return use(pointer);
    } finally {
      library._free(pointer);
    }
  }
}

function overlap(a: Slab, b: Slab): boolean {
  return a.start.every(
    (start, axis) => start < b.start[axis] + b.count[axis] && b.start[axis] < start + a.count[axis],
  );
}

/** True when an error leaves the library in an unknown state: it trapped, ran out of stack or aborted. */
export function isCrash(error: unknown): boolean {
  if (isSondeError(error)) return false;
  return (
    error instanceof WebAssembly.RuntimeError || error instanceof RangeError || !(error instanceof Error)
  );
}
