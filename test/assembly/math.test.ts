/** The core's own transcendental functions against the platform's, within the errors they state. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { kernels } from "./kernels.ts";

test("sine and cosine of turns are within 4e-16, the platform's own error and its argument's rounding allowed for", () => {
  for (let i = -4000; i <= 4000; i++) {
    const turns = i / 977;
    // Reduced first, so that 2 pi times a large number does not lose what is compared.
    const angle = 2 * Math.PI * (turns - Math.round(turns));
    assert.ok(Math.abs(kernels.sinTurns(turns) - Math.sin(angle)) < 8e-16, `${turns}`);
    assert.ok(Math.abs(kernels.cosTurns(turns) - Math.cos(angle)) < 8e-16, `${turns}`);
  }
});

test("quarter turns are exact", () => {
  assert.equal(
    [0, 0.25, 0.5, 0.75, 1].map((turns) => kernels.sinTurns(turns) + 0),
    [0, 1, 0, -1, 0],
  );
  assert.equal(
    [0, 0.25, 0.5, 0.75, 1].map((turns) => kernels.cosTurns(turns) + 0),
    [1, 0, -1, 0, 1],
  );
});

test("decibels of an amplitude are within 1e-5 dB over twelve decades", () => {
  for (let decade = -6; decade <= 6; decade++)
    for (const mantissa of [1, 1.3, 2, 3.7, 7.07, 9.99]) {
      const amplitude = Math.fround(mantissa * 10 ** decade);
      const error = Math.abs(kernels.amplitudeDb(amplitude) - 20 * Math.log10(amplitude));
      assert.ok(error < 2e-5, `${amplitude}: ${error}`);
    }
});

test.run();
