/** Watches the core through its instantiation: how often each kernel is called, and the memory it works in. */

import { pureCore } from "../host/core/binding.ts";

/** What is seen of the cores made while watching. */
export interface Watch {
  /** Calls by kernel, of every kernel there is. */
  readonly calls: ReadonlyMap<string, number>;
  /** Memory of each core, in the order in which they were made. */
  readonly memories: readonly WebAssembly.Memory[];
  /** All calls so far. */
  total(): number;
  /** While on, kernels are counted and not run; they return 0. */
  dry: boolean;
}

/** Hands a watch to `work`, which must make the cores it wants counted. */
export async function watchingKernels<T>(work: (watch: Watch) => Promise<T>): Promise<T> {
  // The core outside of all plans is none of those: what it computes outlives this watch.
  await pureCore();
  const calls = new Map<string, number>();
  const memories: WebAssembly.Memory[] = [];
  const watch: Watch = {
    calls,
    memories,
    total: () => [...calls.values()].reduce((sum, count) => sum + count, 0),
    dry: false,
  };
  const { instantiate } = WebAssembly;
  const watching = async (module: WebAssembly.Module, imports: WebAssembly.Imports) => {
    const { exports } = await instantiate(module, imports);
    memories.push(imports["env"]["memory"] as WebAssembly.Memory);
    const counted: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === "function") calls.set(name, calls.get(name) ?? 0);
      counted[name] =
        typeof value !== "function"
          ? value
          : (...values: number[]) => {
              calls.set(name, (calls.get(name) ?? 0) + 1);
              return watch.dry ? 0 : value(...values);
            };
    }
    return { exports: counted };
  };
  WebAssembly.instantiate = watching as unknown as typeof WebAssembly.instantiate;
  try {
    return await work(watch);
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}
