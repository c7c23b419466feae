import { test } from "uvu";
import * as assert from "uvu/assert";
import { convexArray, linearArray } from "../../../host/geometry/arrays.ts";
import { firingTimes } from "../../../host/geometry/transmits.ts";
import { fitWave } from "../../../host/geometry/wavefit.ts";
import type { Wave } from "../../../host/model.ts";
import { random } from "../formats/make.ts";

const C = 1540;
const TOLERANCE_S = 1 / 20 / 5e6;

/** Delays from the first firing, as most formats store them. */
function fromFirst(times: Float64Array): Float64Array {
  const first = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  return times.map((time) => time - first);
}

const linear = linearArray(64, 3e-4);
const convex = convexArray(64, 4e-4, 0.05);
const WAVES: readonly (readonly [string, { positionsM: Float64Array }, Wave])[] = [
  ["plane, linear", linear, { kind: "plane", azimuthRad: 0.3 }],
  ["plane, steeply", linear, { kind: "plane", azimuthRad: -1.2 }],
  ["plane, convex", convex, { kind: "plane", azimuthRad: -0.15 }],
  ["diverging, near", linear, { kind: "diverging", source: [2e-3, 0, -4e-3] }],
  ["diverging, far", linear, { kind: "diverging", source: [0.02, 0, -0.06] }],
  ["focused", linear, { kind: "focused", source: [3e-3, 0, 0.03] }],
  ["focused, convex", convex, { kind: "focused", source: [-0.01, 0, 0.06] }],
];

for (const [name, probe, wave] of WAVES)
  test(`a ${name} wave is found from its delays, with its firing times on the origin's axis`, () => {
    const times = firingTimes(wave, probe, C);
    const fit = fitWave(fromFirst(times), probe, C, TOLERANCE_S);
    assert.is(fit?.wave.kind, wave.kind);
    times.forEach((time, e) => {
      assert.ok(Math.abs((fit?.firingS[e] ?? 1) - time) < 2e-11, `element ${e}`);
    });
  });

test("delays rounded to a 250 MHz clock still belong to their wave", () => {
  const wave: Wave = { kind: "focused", source: [0, 0, 0.04] };
  const times = firingTimes(wave, linear, C);
  const fit = fitWave(
    fromFirst(times.map((time) => Math.round(time * 250e6) / 250e6)),
    linear,
    C,
    TOLERANCE_S,
  );
  assert.is(fit?.wave.kind, "focused");
  const mean = times.reduce((sum, time, e) => sum + (fit?.firingS[e] ?? 1) - time, 0) / times.length;
  assert.ok(Math.abs(mean) < 1e-9, String(mean));
});

test("random delays belong to no wave; their zero is the first arrival at the origin", () => {
  const next = random(1);
  const delays = new Float64Array(64).map(() => next() * 5e-6);
  const fit = fitWave(delays, linear, C, TOLERANCE_S);
  assert.equal(fit?.wave, { kind: "firing" });
  let first = Number.POSITIVE_INFINITY;
  fit?.firingS.forEach((time, e) => {
    first = Math.min(first, time + Math.abs(linear.positionsM[3 * e]) / C);
  });
  assert.ok(Math.abs(first) < 1e-15);
});

test("no firing element is no wave, one is its own", () => {
  assert.is(fitWave(new Float64Array(64).fill(Number.NaN), linear, C, TOLERANCE_S), undefined);
  const one = new Float64Array(64).fill(Number.POSITIVE_INFINITY);
  one[9] = 3e-6;
  const fit = fitWave(one, linear, C, TOLERANCE_S);
  assert.equal(fit?.wave, { kind: "element", element: 9 });
  assert.is(fit?.firingS[9], 0);
});

test.run();
