import { inNode } from "../../worker/platform.ts";

/** How many threads this device runs at once. */
export async function threadsHere(): Promise<number> {
  if (inNode()) return (await import("node:os")).availableParallelism();
  return navigator.hardwareConcurrency || 1;
}
