/** What a kernel's bench is made of. */
import type { Kernels } from "../../host/core/binding.ts";
import type { Workspace } from "../../host/engine/workspace.ts";

/** One size of one kernel. */
export interface KernelCase {
  variant: string;
  /** Samples or pixels a call. */
  points: number;
  /** One call of the core. */
  run(): void;
  /** The same in JavaScript: the usual package, or loops as one writes them. */
  js?(): void;
}

/** Everything a kernel's bench works with. */
export interface Bed {
  workspace: Workspace;
  kernels: Kernels;
  /** `count` numbers in [-1, 1), the same every time. */
  noise(count: number): Float32Array<ArrayBuffer>;
  /** Puts numbers into core memory; returns their offset. */
  put(values: ArrayLike<number>): number;
}

/** Makes the cases of one kernel. */
export type KernelBench = (bed: Bed) => KernelCase[];
