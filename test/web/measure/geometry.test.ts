/** Lengths, areas and angles against closed forms and slow sums. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  angleAt,
  biplaneVolume,
  crossesItself,
  distance,
  distanceToLine,
  ellipseArea,
  ellipseCircumference,
  ellipseOf,
  ellipsoidVolume,
  otherAxisEnd,
  outlineArea,
  outlineLength,
  withoutOvershoot,
} from "../../../web/echo-viewer/features/measure/geometry.ts";
import { seeded } from "./seeded.ts";

function near(value: number, wanted: number, relative = 1e-12): void {
  assert.ok(Math.abs(value - wanted) <= relative * Math.abs(wanted), `${value} instead of ${wanted}`);
}

/** The arc length of an ellipse as an integral: the trapezoid rule converges geometrically for periodic integrands. */
function circumferenceBySum(a: number, b: number): number {
  const count = 200_000;
  let [sum, carried] = [0, 0];
  for (let i = 0; i < count; i++) {
    const t = (2 * Math.PI * i) / count;
    const term = Math.hypot(a * Math.sin(t), b * Math.cos(t)) - carried;
    const next = sum + term;
    carried = next - sum - term;
    sum = next;
  }
  return (sum * 2 * Math.PI) / count;
}

test("the circumference of an ellipse is its arc length to 12 digits, from a circle to nearly a line", () => {
  for (const [a, b] of [
    [1, 1],
    [1, 0.999999],
    [2, 1],
    [1, 2],
    [30, 7],
    [1, 0.1],
    [1, 0.01],
    [0.05, 0.0005],
  ])
    near(ellipseCircumference(a, b), circumferenceBySum(a, b));
  near(ellipseCircumference(3, 3), 6 * Math.PI);
  assert.is(ellipseCircumference(5, 0), 20, "twice there and back");
});

test("an ellipse by three points has the axes it was drawn with, however it lies", () => {
  const random = seeded(5);
  for (let i = 0; i < 500; i++) {
    const [half, other, angle] = [1 + random(), 0.1 + random(), 2 * Math.PI * random()];
    const centre = { x: random() - 0.5, y: random() - 0.5 };
    const [u, v] = [
      { x: Math.cos(angle), y: Math.sin(angle) },
      { x: -Math.sin(angle), y: Math.cos(angle) },
    ];
    const at = (p: number, q: number) => ({
      x: centre.x + p * u.x + q * v.x,
      y: centre.y + p * u.y + q * v.y,
    });
    const side = random() < 0.5 ? -1 : 1;
    const [a, b, c] = [at(-half, 0), at(half, 0), at(0.7 * random(), side * other)];
    const ellipse = ellipseOf(a, b, c);
    near(ellipse.half, half, 1e-9);
    near(ellipse.otherHalf, other, 1e-9);
    near(ellipseArea(ellipse.half, ellipse.otherHalf), Math.PI * half * other, 1e-9);
    const end = otherAxisEnd(a, b, c);
    assert.ok(
      distance(end, at(0, side * other)) < 1e-9,
      "the handle is at the end of the axis, on the side it was set",
    );
  }
});

test("an outline of a regular polygon has the area and length of geometry", () => {
  for (const count of [3, 4, 7, 360]) {
    const points = Array.from({ length: count }, (_, i) => ({
      x: 5 + 2 * Math.cos((2 * Math.PI * i) / count),
      y: -3 + 2 * Math.sin((2 * Math.PI * i) / count),
    }));
    near(outlineArea(points), (count / 2) * 4 * Math.sin((2 * Math.PI) / count));
    near(outlineLength(points), count * 4 * Math.sin(Math.PI / count));
    assert.is(crossesItself(points), false);
    near(outlineArea([...points].reverse()), outlineArea(points));
  }
});

test("an outline that crosses itself is known, and one that ran over its beginning is cut there", () => {
  const eight = [
    { x: 0, y: 0 },
    { x: 2, y: 2 },
    { x: 2, y: 0 },
    { x: 0, y: 2 },
  ];
  assert.is(crossesItself(eight), true);
  const round = Array.from({ length: 42 }, (_, i) => {
    const t = (2 * Math.PI * i) / 40;
    return { x: (1 + 0.002 * i) * Math.cos(t), y: (1 + (i > 38 ? -0.12 : 0.002 * i)) * Math.sin(t + 0.03) };
  });
  const over = [...round, { x: 0.9, y: 0.3 }, { x: 1.2, y: 0.36 }];
  assert.is(crossesItself(over), true);
  assert.is(crossesItself(withoutOvershoot(over)), false);
});

test("angles are those of trigonometry, in any quadrant and order", () => {
  const random = seeded(9);
  for (let i = 0; i < 500; i++) {
    const [start, opening] = [2 * Math.PI * random(), Math.PI * random()];
    const vertex = { x: random(), y: random() };
    const arm = (angle: number, length: number) => ({
      x: vertex.x + length * Math.cos(angle),
      y: vertex.y + length * Math.sin(angle),
    });
    const [a, b] = [arm(start, 0.1 + random()), arm(start + opening, 0.1 + random())];
    assert.ok(Math.abs(angleAt(vertex, a, b) - opening) < 1e-9);
    assert.ok(Math.abs(angleAt(vertex, b, a) - opening) < 1e-9);
  }
  assert.ok(Number.isNaN(angleAt({ x: 1, y: 1 }, { x: 1, y: 1 }, { x: 2, y: 2 })), "an arm without length");
});

test("volumes are those of ellipsoids, by three axes and by two outlines", () => {
  near(ellipsoidVolume(2, 2, 2), (4 / 3) * Math.PI);
  const [length, width, height] = [0.07, 0.04, 0.03];
  const areas = [width, height].map((across) => (Math.PI / 4) * length * across);
  near(biplaneVolume(areas[0], areas[1], length), ellipsoidVolume(length, width, height));
});

test("a point's distance from a line ends at the line's ends", () => {
  const [a, b] = [
    { x: 0, y: 0 },
    { x: 10, y: 0 },
  ];
  assert.is(distanceToLine({ x: 5, y: 3 }, a, b), 3);
  assert.is(distanceToLine({ x: 13, y: 4 }, a, b), 5);
  assert.is(distanceToLine({ x: 3, y: 4 }, a, a), 5);
});

test.run();
