/**
 * One HDF5 file being written through h5wasm, in the memory of the HDF5 worker. Datasets are contiguous and uncompressed, texts
 * NUL-terminated ASCII, structures of the oldest format that fits: what USTB's MATLAB writer makes. Runs in the HDF5 worker only.
 */
import type { ready } from "h5wasm";
import { SondeError } from "../../errors.ts";
import { takeDiagnostics } from "./diagnostics.ts";
import type { NewAttribute, NewDataset, NewGroup, NewNode } from "./protocol.ts";
import type { Slab } from "./slab.ts";

type Library = Awaited<typeof ready>;
type WriteMetadata = Parameters<Library["create_dataset"]>[3];

/** HDF5's datatype classes, and its character set ASCII. */
const FLOAT = 1;
const STRING = 3;
const ASCII = 0;

function ofType(type: number, size: number, shape: readonly number[]): WriteMetadata {
  const dimensions = shape.map(BigInt);
  return {
    type,
    size,
    cset: ASCII,
    signed: true,
    littleEndian: true,
    vlen: false,
    shape: dimensions,
    maxshape: dimensions,
    total_size: shape.reduce((product, n) => product * n, 1),
  };
}

export class Draft {
  readonly #library: Library;
  readonly #path: string;
  #handle: bigint | undefined;

  /** Makes the file and all its objects; `progress` is called for each. @throws SondeError `out-of-memory` */
  constructor(library: Library, root: NewGroup, progress: () => void) {
    this.#library = library;
    this.#path = `/${crypto.randomUUID()}.h5`;
    const { H5F_ACC_TRUNC, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110 } = library;
    this.#handle = library.open(this.#path, H5F_ACC_TRUNC, false, H5F_LIBVER_EARLIEST, H5F_LIBVER_V110);
    this.#attributes("/", root);
    this.#children("", root, progress);
  }

  #children(path: string, { children }: NewGroup, progress: () => void): void {
    for (const [name, node] of Object.entries(children)) {
      const at = `${path}/${name}`;
      progress();
      if (node.kind === "dataset") this.#dataset(at, node);
      else this.#library.create_group(this.#open, at, false);
      this.#attributes(at, node);
      if (node.kind === "group") this.#children(at, node, progress);
    }
  }

  get #open(): bigint {
    if (this.#handle === undefined) throw new Error("the file is finished");
    return this.#handle;
  }

  #dataset(path: string, { shape, values }: NewDataset): void {
    const library = this.#library;
    if (values === "float32") {
      // The library writes as it creates; without contents it creates, and complains to nobody.
      library.create_dataset(this.#open, path, 0n, ofType(FLOAT, 4, shape));
      takeDiagnostics();
    } else
      this.#withBytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), (pointer) =>
        library.create_dataset(this.#open, path, pointer, ofType(FLOAT, values.BYTES_PER_ELEMENT, shape)),
      );
    if (library.get_type(this.#open, path) !== library.H5G_DATASET) throw this.#failed(path);
  }

  #attributes(path: string, { attributes }: NewNode): void {
    for (const [name, value] of Object.entries(attributes)) this.#attribute(path, name, value);
  }

  #attribute(path: string, name: string, value: NewAttribute): void {
    const write = (bytes: Uint8Array, type: WriteMetadata) => {
      this.#withBytes(bytes, (pointer) =>
        this.#library.create_attribute(this.#open, path, name, pointer, type),
      );
    };
    const texts = typeof value === "string" ? [value] : value.filter((part) => typeof part === "string");
    if (texts.length === 0) {
      const numbers = Float64Array.from(value as readonly number[]);
      write(new Uint8Array(numbers.buffer), ofType(FLOAT, 8, [numbers.length]));
      return;
    }
    const size = Math.max(...texts.map((text) => text.length)) + 1;
    const letters = new Uint8Array(size * texts.length);
    for (const [i, text] of texts.entries())
      letters.set(
        Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
        i * size,
      );
    write(letters, ofType(STRING, size, typeof value === "string" ? [] : [texts.length]));
  }

  /** Writes one box of a dataset. @throws SondeError `out-of-memory` */
  fill(path: string, slab: Slab, values: Float32Array<ArrayBuffer>): void {
    const status = this.#withBytes(
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
      (pointer) =>
        this.#library.set_dataset_data(
          this.#open,
          path,
          slab.count.map(BigInt),
          slab.start.map(BigInt),
          slab.count.map(() => 1n),
          pointer,
        ),
    );
    if (status < 0) throw this.#failed(path);
  }

  /** The bytes of the whole file; nothing can be written any more. @throws SondeError `out-of-memory` */
  finish(): Uint8Array<ArrayBuffer> {
    const status = this.#library.close_file(this.#open);
    this.#handle = undefined;
    if (status < 0) throw this.#failed(this.#path);
    // A copy of its own: the reply takes its buffer away.
    return Uint8Array.from(this.#library.FS.readFile(this.#path) as Uint8Array);
  }

  discard(): void {
    if (this.#handle !== undefined) this.#library.close_file(this.#handle);
    this.#handle = undefined;
    this.#library.FS.unlink(this.#path);
  }

  #failed(path: string): SondeError {
    const why = takeDiagnostics();
    return new SondeError(
      "out-of-memory",
      `${path} could not be written${why ? ` (HDF5: ${why})` : ""}; there is probably no memory for it: write fewer frames.`,
      { fields: { path } },
    );
  }

  #withBytes<T>(bytes: Uint8Array, use: (pointer: bigint) => T): T {
    const library = this.#library;
    const pointer = library._malloc(Math.max(bytes.length, 8));
    if (pointer === 0)
      throw new SondeError(
        "out-of-memory",
        `There is no memory for ${bytes.length} bytes more of the file.`,
        {
          fields: { bytes: bytes.length },
        },
      );
    try {
      library.HEAPU8.set(bytes, pointer);
      return use(BigInt(pointer));
    } finally {
      library._free(pointer);
    }
  }
}
