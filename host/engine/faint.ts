/**
 * Images so faint that float32 cannot hold the squares of their values, as of simulations, which know no scale. They are multiplied by a
 * power of two, which changes nothing but exponents.
 */
import type { ComplexImage } from "./paths/path.ts";
import type { Workspace } from "./workspace.ts";

/** Squares of what is 100 dB and more below a fainter amplitude would be too small. */
const FAINT = 1 / 2 ** 30;
/** Squares of larger values would be too large. */
const BRIGHTEST = 2 ** 60;
/** Nothing that float32 holds is smaller than its inverse. */
const MOST_LIFT = 2 ** 160;

/**
 * Lifts an image whose peak is faint, or to which a faint amplitude is known to belong.
 * @returns the peak, or what is known, as the image has it now, and what the image was multiplied by
 */
export function lift(
  workspace: Workspace,
  { offset, rows, columns, strideBytes }: ComplexImage,
  known?: number,
): readonly [amplitude: number, power: number] {
  const peak = () => workspace.kernels.peakMagnitude(offset, rows, columns, strideBytes);
  let amplitude = known ?? peak();
  if (amplitude >= FAINT) return [amplitude, 1];
  const eachValue = (act: (value: number) => number) => {
    for (let r = 0; r < rows; r++) {
      const row = workspace.f32(offset + r * strideBytes, 2 * columns);
      row.forEach((value, i) => {
        row[i] = act(value);
      });
    }
  };
  if (known === undefined)
    eachValue((value) => {
      amplitude = Math.max(amplitude, Math.abs(value));
      return value;
    });
  let power = 1;
  if (amplitude) while (amplitude * power < 1 && power < MOST_LIFT) power *= 2;
  eachValue((value) => Math.max(-BRIGHTEST, Math.min(BRIGHTEST, value * power)));
  return [known === undefined ? peak() : known * power, power];
}
