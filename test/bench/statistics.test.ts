/** Medians, quartiles and paired ratios of known numbers. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { median, pairedRatio, quantile, spread } from "../../bench/statistics.ts";

test("the median of an even number of values is the mean of the middle two", () => {
  assert.is(median([4, 1, 3, 2]), 2.5);
  assert.is(median([5, 1, 9]), 5);
  assert.is(median([7]), 7);
});

test("quartiles are those of R and NumPy", () => {
  // numpy.quantile([1, 2, 4, 8, 16], [0.25, 0.75])
  assert.is(quantile([16, 1, 4, 8, 2], 0.25), 2);
  assert.is(quantile([16, 1, 4, 8, 2], 0.75), 8);
  // numpy.quantile([1, 2, 3, 10], [0.25, 0.75]) = [1.75, 4.75]
  assert.is(spread([10, 3, 2, 1]), 3);
  assert.is(spread([5]), 0);
});

test("values are not reordered for those who gave them", () => {
  const values = [3, 1, 2];
  median(values);
  assert.equal(values, [3, 1, 2]);
});

test("a ratio pairs the rounds in which both ran, so a machine that slows down does not change it", () => {
  // The machine halves its speed after two rounds; the peer ran in rounds 1 and 3 only.
  assert.is(pairedRatio([10, 10, 20, 20], [undefined, 40, undefined, 80]), 0.25);
  assert.is(pairedRatio([10, 12], [undefined, undefined]), undefined);
  assert.is(pairedRatio([], []), undefined);
});

test.run();
