/** Rectangles in true proportions. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { squarePixels } from "../../../host/cli/square-pixels.ts";

const rectangle = (widthM: number, depthM: number) => ({
  kind: "linear" as const,
  x: { min: -widthM / 2, max: widthM / 2, count: 96 },
  z: { min: 0.001, max: 0.001 + depthM, count: 100 },
});

test("a rectangle gets the rows asked for, and as many columns as make its pixels square", () => {
  const { x, z } = squarePixels(rectangle(0.04, 0.02), 512);
  assert.is(z.count, 512);
  assert.is(x.count, 1023);
  assert.equal([x.min, x.max], [-0.02, 0.02]);
});

test("a very wide rectangle gets coarser square pixels, not a picture too wide to make", () => {
  const { x, z } = squarePixels(rectangle(0.4, 0.01), 512);
  assert.is(x.count, 8192);
  assert.is(z.count, 206);
});

test.run();
