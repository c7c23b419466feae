/**
 * Receive apodization windows as five numbers; assembly/apodization.ts says what they mean. With q from 0 (centre) to 1/2 (edge) and
 * u = max(0, q - flat) / roll in turns: w(q) = w0 + w1 cos(2 pi u) + w2 q.
 */
import type { Kernels } from "../core/binding.ts";
import type { Window } from "../pipeline.ts";
import type { Workspace } from "./workspace.ts";

/** flat part, 1 / roll, and the three weights of each of them. */
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

/** w(q), 0 <= q <= 1/2. */
export function windowOf(window: Window, { cosTurns }: Pick<Kernels, "cosTurns">): (q: number) => number {
  const [flat, inverseRoll, w0, w1, w2] = WINDOW_SHAPES[window];
  return (q) => w0 + w1 * cosTurns(Math.max(0, q - flat) * inverseRoll) + w2 * q;
}

/** Offset of a window's numbers in core memory. `elevation`: elements are weighed along y as well. */
export function makeWindow(
  workspace: Workspace,
  fNumber: number,
  window: Window,
  elevation: boolean,
): number {
  const offset = workspace.take(8, 4, "The aperture");
  workspace.fill(() => workspace.f32(offset, 7).set([fNumber, ...WINDOW_SHAPES[window], elevation ? 1 : 0]));
  return offset;
}
