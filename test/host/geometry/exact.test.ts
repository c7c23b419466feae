/** The host's own elementary functions against the platform's, whose last bit (2e-16) is allowed for. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  asin,
  atan,
  atan2,
  cos,
  cosTurns,
  exp,
  norm,
  sin,
  sinTurns,
  smallArcsin,
} from "../../../host/geometry/exact.ts";

const PLATFORM = 2.3e-16;

/** Largest |difference| of the two over `count` points from `min` to `max`, both included. */
function worst(
  own: (x: number) => number,
  platform: (x: number) => number,
  min: number,
  max: number,
  count = 40001,
): number {
  let most = 0;
  for (let i = 0; i < count; i++) {
    const x = min + ((max - min) * i) / (count - 1);
    const difference = Math.abs(own(x) - platform(x));
    if (!(difference <= most)) most = difference;
  }
  return most;
}

function within(limit: number, difference: number): void {
  assert.ok(difference < limit + PLATFORM, `${difference} where ${limit} is promised`);
}

test("sine and cosine are within 5e-16 for angles up to a right one, 2e-15 for a whole turn", () => {
  within(5e-16, worst(sin, Math.sin, -Math.PI / 2, Math.PI / 2));
  within(5e-16, worst(cos, Math.cos, -Math.PI / 2, Math.PI / 2));
  within(1e-15, worst(sin, Math.sin, -2 * Math.PI, 2 * Math.PI));
  within(2e-15, worst(cos, Math.cos, -2 * Math.PI, 2 * Math.PI));
});

test("sine and cosine of turns are exact at quarters and periodic", () => {
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  assert.equal(
    quarters.map((turns) => sinTurns(turns) + 0),
    [0, 1, 0, -1, 0],
  );
  assert.equal(
    quarters.map((turns) => cosTurns(turns) + 0),
    [1, 0, -1, 0, 1],
  );
  // Eighths are exact, so that whole turns may be added without a rounding.
  for (let k = 0; k < 1000; k++) assert.is(sinTurns(k + k / 8), sinTurns(k / 8 - Math.floor(k / 8)));
});

test("the arctangent is within 4e-16, for every slope", () => {
  within(4e-16, worst(atan, Math.atan, -1, 1));
  within(4e-16, worst(atan, Math.atan, -50, 50));
  assert.equal(
    [atan(0), atan(Number.POSITIVE_INFINITY), atan(Number.NEGATIVE_INFINITY)],
    [0, Math.PI / 2, -Math.PI / 2],
  );
});

test("the angle of a point is within 9e-16, in all quadrants and on the axes", () => {
  for (const radius of [1e-6, 0.02, 3])
    within(
      9e-16,
      worst(
        (angle) => atan2(radius * Math.sin(angle), radius * Math.cos(angle)),
        (angle) => Math.atan2(radius * Math.sin(angle), radius * Math.cos(angle)),
        -Math.PI,
        Math.PI,
      ),
    );
  assert.equal(
    [atan2(0, 0), atan2(0, 2), atan2(3, 0), atan2(0, -2), atan2(-3, 0)],
    [0, 0, Math.PI / 2, Math.PI, -Math.PI / 2],
  );
});

test("the arcsine is within 5e-16 from -1 to 1, and the small one within 1e-15 to 0.05", () => {
  within(5e-16, worst(asin, Math.asin, -1, 1));
  within(1e-15, worst(smallArcsin, Math.asin, -0.05, 0.05));
  assert.equal([asin(-1), asin(0), asin(1)], [-Math.PI / 2, 0, Math.PI / 2]);
  assert.ok(Number.isNaN(asin(1.0001)));
});

test("the exponential is within 1e-15 of itself", () => {
  within(
    1e-15,
    worst(
      (x) => exp(x) / Math.exp(x),
      () => 1,
      -690,
      690,
    ),
  );
  assert.is(exp(0), 1);
});

test("a length is within 5e-16 of itself", () => {
  within(
    5e-16,
    worst(
      (x) => norm(x, 0.3, -x * x) / Math.hypot(x, 0.3, -x * x),
      () => 1,
      -2,
      2,
    ),
  );
  assert.equal([norm(3, 4), norm(0, 0, -2)], [5, 2]);
});

test.run();
