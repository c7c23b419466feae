/** Grey maps against their definitions. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { GREY_MAPS, type GreyMap, greyPalette } from "../../../host/index.ts";

const CURVES: Record<GreyMap, (v: number) => readonly number[]> = {
  gray: (v) => [v, v, v],
  soft: (v) => Array(3).fill(v ** 0.75),
  contrast: (v) => Array(3).fill(3 * v ** 2 - 2 * v ** 3),
  warm: (v) => [v, (v * 236) / 255, (v * 205) / 255],
  cool: (v) => [(v * 208) / 255, (v * 232) / 255, v],
  inverted: (v) => [1 - v, 1 - v, 1 - v],
};

for (const map of GREY_MAPS)
  test(`${map} is its curve in 8 bits, opaque, and never brighter for a weaker echo`, () => {
    const bytes = greyPalette(map);
    assert.is(bytes.length, 1024);
    const sign = map === "inverted" ? -1 : 1;
    for (let level = 0; level < 256; level++) {
      const [red, green, blue, alpha] = bytes.subarray(4 * level);
      const expected = CURVES[map](level / 255);
      [red, green, blue].forEach((value, part) => {
        assert.ok(Math.abs(value - 255 * expected[part]) <= 0.5 + 1e-9, `level ${level}: ${value}`);
      });
      assert.is(alpha, 255);
      if (level > 0) assert.ok(sign * (green - bytes[4 * level - 3]) >= 0, `level ${level}`);
    }
  });

test.run();
