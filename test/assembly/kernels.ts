/** A workspace for kernel tests, and numbers to feed them. */
import { Workspace } from "../../host/engine/workspace.ts";
import { integers } from "../synthetic.ts";

export const workspace = await Workspace.create(2 ** 28);
export const { kernels } = workspace;

/** `count` numbers in [-1, 1), the same every time. */
export function noise(count: number, seed = 1): Float32Array<ArrayBuffer> {
  const random = integers(seed);
  return Float32Array.from({ length: count }, () => random() / 2 ** 23 - 1);
}

/** Puts numbers into core memory; returns their offset. */
export function put(values: ArrayLike<number>): number {
  const offset = workspace.take(values.length, 4, "test");
  workspace.f32(offset, values.length).set(values);
  return offset;
}
