/** Receive apodization windows as the core takes them. */
import type { Window } from "../pipeline.ts";
import type { Workspace } from "./workspace.ts";

/** flat part, 1 / roll, and the three weights of each window (assembly/apodization.ts). */
const WINDOW_SHAPES: Record<
  Window,
  readonly [flat: number, inverseRoll: number, w0: number, w1: number, w2: number]
> = {
  boxcar: [0.5, 0, 1, 0, 0],
  hann: [0, 1, 0.5, 0.5, 0],
  hamming: [0, 1, 0.53836, 0.46164, 0],
  tukey25: [0.375, 4, 0.5, 0.5, 0],
  tukey50: [0.25, 2, 0.5, 0.5, 0],
  tukey75: [0.125, 1 / 0.75, 0.5, 0.5, 0],
  triangle: [0, 1, 1, 0, -2],
};

/** Offset of a window's numbers in core memory. */
export function makeWindow(workspace: Workspace, fNumber: number, window: Window): number {
  const offset = workspace.take(8, 4, "The aperture");
  workspace.f32(offset, 6).set([fNumber, ...WINDOW_SHAPES[window]]);
  return offset;
}
