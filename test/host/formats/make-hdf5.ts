/** Small HDF5 files for tests, written with h5wasm in this process (the engine itself loads it in its worker only). */
import { File, type Group, ready } from "h5wasm";

export type Bytes = Uint8Array<ArrayBuffer>;

let made = 0;

/** Oldest format of the structures in a file: `earliest` is what h5py writes, `v108` what HDF5 2.0 writes by default. */
export type Oldest = "earliest" | "v108" | "v110";

/** The bytes of an HDF5 file that `build` fills. */
export async function makeHdf5(build: (file: File) => void, oldest: Oldest = "earliest"): Promise<Bytes> {
  const { FS } = await ready;
  const path = `/made-${made++}.h5`;
  const file = new File(path, "w", { libver: [oldest, "v110"] });
  build(file);
  file.close();
  const bytes = Uint8Array.from(FS.readFile(path) as Uint8Array);
  FS.unlink(path);
  return bytes;
}

/** float32 values of a shape. */
export function put(
  group: Group,
  name: string,
  values: readonly number[],
  shape: number[] = [values.length],
): void {
  group.create_dataset({ name, data: Float32Array.from(values), shape, dtype: "<f" });
}

/** One float32 value without dimensions. */
export function putScalar(group: Group, name: string, value: number): void {
  put(group, name, [value], []);
}

/** Positions where `wanted` occurs. */
export function findBytes(bytes: Uint8Array, wanted: readonly number[]): number[] {
  const found: number[] = [];
  for (let i = 0; i + wanted.length <= bytes.length; i++)
    if (wanted.every((value, k) => bytes[i + k] === value)) found.push(i);
  return found;
}

const TREE = [0x54, 0x52, 0x45, 0x45];
/** "deflate", 0: the name in a filter description, after id, name length, flags and number of values (2 bytes each). */
const DEFLATE_NAME = [0x64, 0x65, 0x66, 0x6c, 0x61, 0x74, 0x65, 0];

/** Makes deflate in every filter pipeline of a file claim to be another filter. */
export function renameDeflate(bytes: Bytes, filter: number): void {
  const messages = findBytes(bytes, DEFLATE_NAME);
  if (messages.length === 0) throw new Error("no deflate message found");
  for (const at of messages) new DataView(bytes.buffer).setUint16(at - 8, filter, true);
}

/** Replaces each stored chunk of rank-`rank` data by what `encode` makes of its offset along the first axis. */
export function replaceChunks(bytes: Bytes, rank: number, encode: (first: number) => Uint8Array): number {
  const view = new DataView(bytes.buffer);
  let replaced = 0;
  for (const node of findBytes(bytes, [...TREE, 1, 0])) {
    const entries = view.getUint16(node + 6, true);
    for (let i = 0; i < entries; i++) {
      const entry = node + 24 + i * (8 + 8 * (rank + 1) + 8);
      const stored = view.getUint32(entry, true);
      const chunk = encode(Number(view.getBigUint64(entry + 8, true)));
      if (chunk.length > stored) throw new Error(`${chunk.length} bytes do not fit into ${stored}`);
      view.setUint32(entry, chunk.length, true);
      bytes.set(chunk, Number(view.getBigUint64(entry + 8 + 8 * (rank + 1), true)));
      replaced++;
    }
  }
  return replaced;
}

/** Makes the root group's B-tree its own child, which overflows the HDF5 library's stack. */
export function makeEndlessTree(bytes: Bytes): void {
  const [node] = findBytes(bytes, [...TREE, 0]);
  bytes[node + 5] = 1;
  new DataView(bytes.buffer).setBigUint64(node + 32, BigInt(node), true);
}

/** LZF without any compression: runs of up to 32 literal bytes. */
export function lzfLiterals(input: Uint8Array): Uint8Array {
  const output: number[] = [];
  for (let i = 0; i < input.length; i += 32) {
    const run = input.subarray(i, i + 32);
    output.push(run.length - 1, ...run);
  }
  return Uint8Array.from(output);
}

/** Numbers that do not compress (linear congruential, fixed seed). */
export function noise(count: number, seed = 1): Int16Array<ArrayBuffer> {
  let state = seed;
  return Int16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state >> 16;
  });
}
