/**
 * The element positions that were meant by stored float32 numbers. UFF, PICMUS and zea round positions to float32, so that
 * 0.5 mm comes back as 0.0005000000237; on a grid that shares the elements' pitch that hair decides whether pixels on the
 * very edge of the aperture hear an element.
 */
import { linearArray } from "../../geometry/arrays.ts";

/** The shortest decimal that rounds to the same float32; numbers of more precision stay as they are. */
function asDecimal(value: number): number {
  if (Math.fround(value) !== value) return value;
  for (const digits of [6, 7, 8]) {
    const decimal = Number(value.toPrecision(digits));
    if (Math.fround(decimal) === value) return decimal;
  }
  return value;
}

/** x y z of every element as meant: a centred, evenly spaced line by its rule, other shapes number by number. */
export function positionsAsMeant(stored: Float64Array): Float64Array {
  // Float64 from a writer that does not round: a number that float32 cannot hold shows it.
  if (stored.some((value) => Math.fround(value) !== value && Number.isFinite(value))) return stored;
  const decimals = stored.map(asDecimal);
  const n = decimals.length / 3;
  if (n < 2) return decimals;
  const pitchM = Number(((decimals[3 * n - 3] - decimals[0]) / (n - 1)).toPrecision(6));
  const line = linearArray(n, pitchM).positionsM;
  return line.every((value, i) => Math.fround(value) === Math.fround(decimals[i])) ? line : decimals;
}
