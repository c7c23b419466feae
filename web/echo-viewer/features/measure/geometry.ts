/**
 * Lengths, areas and angles of figures in a plane whose two axes have the same unit. Pure arithmetic: what the unit is, and whether
 * there is one, is `space.ts`'s business.
 */
import type { Point } from "../../draw/mapping.ts";

export function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}

/** Angle at `vertex` between the arms to `a` and to `b`, 0 to pi (rad); NaN where an arm has no length. */
export function angleAt(vertex: Point, a: Point, b: Point): number {
  const [ax, ay, bx, by] = [a.x - vertex.x, a.y - vertex.y, b.x - vertex.x, b.y - vertex.y];
  if ((ax === 0 && ay === 0) || (bx === 0 && by === 0)) return Number.NaN;
  return Math.atan2(Math.abs(ax * by - ay * bx), ax * bx + ay * by);
}

/** An ellipse by its centre, half the axis that was drawn and its direction, and half the other axis. */
export interface Ellipse {
  centre: Point;
  half: number;
  otherHalf: number;
  /** From x towards y (rad). */
  angleRad: number;
}

/** The ellipse with an axis from `a` to `b` whose other axis reaches as far from it as `c` lies. */
export function ellipseOf(a: Point, b: Point, c: Point): Ellipse {
  const length = distance(a, b);
  const across = length ? Math.abs((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)) / length : 0;
  return {
    centre: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
    half: length / 2,
    otherHalf: across,
    angleRad: Math.atan2(b.y - a.y, b.x - a.x),
  };
}

/** The end of the other axis on the side of `c`: where that axis has its handle. */
export function otherAxisEnd(a: Point, b: Point, c: Point): Point {
  const { centre, otherHalf, angleRad } = ellipseOf(a, b, c);
  const side = (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) < 0 ? -1 : 1;
  return {
    x: centre.x - side * otherHalf * Math.sin(angleRad),
    y: centre.y + side * otherHalf * Math.cos(angleRad),
  };
}

export function ellipseArea(half: number, otherHalf: number): number {
  return Math.PI * half * otherHalf;
}

/**
 * Circumference of an ellipse by the arithmetic-geometric mean, to the last bits of a double (Abramowitz and Stegun 17.6):
 * 4 a E(m) = (2 pi / agm(a, b)) (a^2 - sum over n of 2^(n - 1) c_n^2), c_0^2 = a^2 - b^2, c_(n + 1) = (a_n - b_n) / 2.
 */
export function ellipseCircumference(half: number, otherHalf: number): number {
  let [a, b] = half >= otherHalf ? [half, otherHalf] : [otherHalf, half];
  if (b === 0) return 4 * a;
  const square = a * a;
  let sum = (a * a - b * b) / 2;
  for (let weight = 1; a - b > 1e-15 * a; weight *= 2) {
    const c = (a - b) / 2;
    [a, b] = [(a + b) / 2, Math.sqrt(a * b)];
    sum += weight * c * c;
    if (weight > 64) break;
  }
  return ((2 * Math.PI) / a) * (square - sum);
}

/** Length of the closed line through the points. */
export function outlineLength(points: readonly Point[]): number {
  return points.reduce((sum, point, i) => sum + distance(point, points[(i + 1) % points.length]), 0);
}

/** Area inside the closed line through the points; it must not cross itself. */
export function outlineArea(points: readonly Point[]): number {
  const [origin] = points;
  let twice = 0;
  for (let i = 1; i + 1 < points.length; i++) {
    const [p, q] = [points[i], points[i + 1]];
    twice += (p.x - origin.x) * (q.y - origin.y) - (p.y - origin.y) * (q.x - origin.x);
  }
  return Math.abs(twice) / 2;
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/** The lines from a to b and from c to d cross, ends apart. */
function cross(a: Point, b: Point, c: Point, d: Point): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

/** The closed line through the points crosses itself: it has no one area. */
export function crossesItself(points: readonly Point[]): boolean {
  const { length } = points;
  for (let i = 0; i < length; i++)
    for (let k = i + 2; k < length; k++)
      if (cross(points[i], points[i + 1], points[k], points[(k + 1) % length])) return true;
  return false;
}

/** A freehand line whose end ran over its beginning, cut where the two cross. */
export function withoutOvershoot(points: readonly Point[]): readonly Point[] {
  const reach = Math.floor(points.length / 4);
  for (let i = 0; i < reach; i++)
    for (let k = points.length - 2; k >= points.length - 1 - reach && k > i + 1; k--)
      if (cross(points[i], points[i + 1], points[k], points[k + 1])) return points.slice(i + 1, k + 1);
  return points;
}

/** Ellipsoid with these three axes: pi / 6 of their product. */
export function ellipsoidVolume(length: number, width: number, height: number): number {
  return (Math.PI / 6) * length * width * height;
}

/**
 * Ellipsoid from its outlines in two planes through its long axis (biplane area-length): 8 A1 A2 / (3 pi L). Where both planes agree
 * on L it is the ellipsoid; otherwise the shorter axis counts, as the American Society of Echocardiography recommends (2015).
 */
export function biplaneVolume(area: number, otherArea: number, length: number): number {
  return (8 * area * otherArea) / (3 * Math.PI * length);
}

/** Distance of a point from the line between a and b. */
export function distanceToLine(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy;
  const part = square ? Math.min(1, Math.max(0, ((point.x - a.x) * dx + (point.y - a.y) * dy) / square)) : 0;
  return distance(point, { x: a.x + part * dx, y: a.y + part * dy });
}
