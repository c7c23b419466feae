/** Long arrays compared at once: uvu's own `equal` draws a difference of every number, for minutes, when they differ. */
import * as assert from "uvu/assert";

/** Fails at the first number that differs. */
export function sameNumbers(actual: ArrayLike<number>, expected: ArrayLike<number>, what = "number"): void {
  assert.is(actual.length, expected.length, `${what}: ${actual.length} numbers for ${expected.length}`);
  for (let i = 0; i < expected.length; i++)
    if (!Object.is(actual[i], expected[i]))
      assert.unreachable(`${what} ${i}: ${actual[i]} for ${expected[i]}`);
}
