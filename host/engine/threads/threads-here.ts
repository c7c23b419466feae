import { nodeModule } from "../../worker/node.ts";
import { inNode } from "../../worker/platform.ts";

/** How many threads this device runs at once. */
export async function threadsHere(): Promise<number> {
  if (inNode()) return (await nodeModule("os")).availableParallelism();
  return navigator.hardwareConcurrency || 1;
}
