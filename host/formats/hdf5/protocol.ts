/** What the HDF5 worker is asked and what it answers. */
import type { SondeErrorMessage } from "../../errors.ts";
import type { Slab } from "./slab.ts";

/** Numbers as HDF5 stores them; 64-bit integers come as Float64Array. */
export type Numbers =
  | Int8Array<ArrayBuffer>
  | Uint8Array<ArrayBuffer>
  | Int16Array<ArrayBuffer>
  | Uint16Array<ArrayBuffer>
  | Int32Array<ArrayBuffer>
  | Uint32Array<ArrayBuffer>
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/** The value of an attribute or of a small dataset. */
export type SmallValue = readonly number[] | readonly string[];

/** One object of a file. */
export type Hdf5Node = Hdf5Group | Hdf5Dataset | Hdf5Other;

export interface Hdf5Group {
  kind: "group";
  path: string;
  attributes: Readonly<Record<string, SmallValue>>;
  /** By name; empty where the description was asked to stop. */
  children: Readonly<Record<string, Hdf5Node>>;
}

export interface Hdf5Dataset {
  kind: "dataset";
  path: string;
  attributes: Readonly<Record<string, SmallValue>>;
  shape: readonly number[];
  /** What its elements are; `other`: compound, reference, ... */
  type: "integer" | "float" | "string" | "other";
  /** Contents, when they are at most `INLINE_VALUES` numbers or texts. */
  value?: SmallValue;
  /** Why the contents cannot be read: a filter that is not known, a size the file cannot hold, ... */
  problem?: SondeErrorMessage;
}

/** A link, which is never followed, or an object of no interest. */
export interface Hdf5Other {
  kind: "link" | "other";
  path: string;
}

/** Datasets up to this many values come with the description. */
export const INLINE_VALUES = 1024;

/** What part of a file to describe. */
export interface DescribeOptions {
  /** Levels of children below the object, default 16. */
  depth?: number;
  /** Attributes wanted, by name. Default: all. */
  attributes?: readonly string[];
  /** Names of children to leave out, at any level. */
  skip?: readonly string[];
}

/** Numbers to read. */
export interface ReadOptions {
  /** One dataset, or two of the same shape whose values are interleaved (real, imaginary). */
  paths: readonly string[];
  /** The box wanted. Default: everything. */
  slab?: Slab;
  /** New order of the axes: axis i of the result is axis `axes[i]` of the file. Default: as stored. */
  axes?: readonly number[];
}

/** An attribute to be written: a text, NUL-terminated ASCII; or float64 numbers or texts along one axis. */
export type NewAttribute = string | readonly string[] | readonly number[];

/** One object to be written. */
export type NewNode = NewGroup | NewDataset;

export interface NewGroup {
  kind: "group";
  attributes: Readonly<Record<string, NewAttribute>>;
  children: Readonly<Record<string, NewNode>>;
}

export interface NewDataset {
  kind: "dataset";
  attributes: Readonly<Record<string, NewAttribute>>;
  shape: readonly number[];
  /** Contents; `"float32"`: zero, to be filled box by box. Stored contiguous and uncompressed. */
  values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> | "float32";
}

export type Hdf5Request =
  | { kind: "open"; id: number; file: number; name: string; bytes: Uint8Array<ArrayBuffer> }
  | { kind: "describe"; id: number; file: number; path: string; options: DescribeOptions }
  | { kind: "read"; id: number; file: number; options: ReadOptions }
  | { kind: "create"; id: number; file: number; root: NewGroup }
  | { kind: "fill"; id: number; file: number; path: string; slab: Slab; values: Float32Array<ArrayBuffer> }
  /** Answered with `{ values }`, the bytes of the file, which is forgotten. */
  | { kind: "finish"; id: number; file: number }
  | { kind: "close"; id: number; file: number };

export type Hdf5Response =
  /** The library is loaded; sent once, before any answer. */
  | { kind: "ready" }
  /** The library could not be loaded. */
  | { kind: "unavailable"; message: string }
  /** Long work goes on. */
  | { kind: "progress" }
  | { kind: "answer"; id: number; value: unknown }
  /** `fatal`: the library crashed and the worker must not be used again. */
  | { kind: "failure"; id: number; error: SondeErrorMessage; fatal: boolean };
