/** What items measure, in SI units: or in pixels, and why; or nothing, and why. */
import type { Image } from "../../../../host/index.ts";
import {
  angleAt,
  biplaneVolume,
  crossesItself,
  distance,
  ellipseArea,
  ellipseCircumference,
  ellipseOf,
  ellipsoidVolume,
  outlineArea,
  outlineLength,
} from "./geometry.ts";
import { type Figure, type Item, isFigure } from "./item.ts";
import { type Plane, planeOf, type Why } from "./space.ts";

export type Quantity =
  | "distance"
  | "depth"
  | "area"
  | "circumference"
  | "angle"
  | "time"
  | "slope"
  | "heart-rate"
  | "volume";

export type Unit = "m" | "m2" | "m3" | "s" | "m/s" | "rad" | "1/min" | "px" | "px2";

export interface Value {
  readonly quantity: Quantity;
  readonly value: number;
  readonly unit: Unit;
}

export interface Result {
  readonly values: readonly Value[];
  /** Why there is no unit or no value; null: all is well. */
  readonly why: Why | null;
}

/** The picture of a pane, where it is shown and shows this. */
export type ImageOf = (pane: string, content?: string) => Image | null;

const NOTHING: Result = { values: [], why: null };

function result(why: Why | null, ...values: readonly (readonly [Quantity, number, Unit])[]): Result {
  return {
    why,
    values: values
      .filter(([, value]) => Number.isFinite(value))
      .map(([quantity, value, unit]) => ({ quantity, value, unit })),
  };
}

/** What a length across both axes is measured in: tissue, else pixels; M-mode has two units. */
function flat(figure: Figure, plane: Plane, image: Image | null): Plane {
  if (plane.space !== "m-mode") return plane;
  const points = image && planeOf(figure.points, image).points;
  const region = image?.regions[figure.points[0].region];
  return {
    space: "picture",
    why: "needs-tissue",
    points:
      points && region
        ? points.map(({ x, y }) => ({
            x: (x - region.originXM) / region.deltaXM,
            y: (y - region.originZM) / region.deltaZM,
          }))
        : null,
  };
}

function measured(figure: Figure, image: Image | null): Result {
  const { kind } = figure;
  if (kind === "text" || kind === "arrow") return NOTHING;
  const plane = planeOf(figure.points, image);
  if (kind === "time" || kind === "slope" || kind === "heart-rate") return onTime(figure, plane);
  if (kind === "distance" && plane.space === "m-mode") {
    const [a, b] = figure.points;
    return result(null, ["depth", Math.abs(b.y - a.y), "m"]);
  }
  const { space, points, why } = flat(figure, plane, image);
  if (!points) return result("not-shown");
  const [length, area]: readonly [Unit, Unit] = space === "tissue" ? ["m", "m2"] : ["px", "px2"];
  switch (kind) {
    case "distance":
      return result(why, ["distance", distance(points[0], points[1]), length]);
    case "angle":
      // Pixels of an unknown shape show no angle.
      return why
        ? result(why === "needs-tissue" ? why : "no-shape")
        : result(null, ["angle", angleAt(points[1], points[0], points[2]), "rad"]);
    case "ellipse": {
      const { half, otherHalf } = ellipseOf(points[0], points[1], points[2]);
      return result(
        why,
        ["area", ellipseArea(half, otherHalf), area],
        ["circumference", ellipseCircumference(half, otherHalf), length],
      );
    }
    case "trace": {
      const around = ["circumference", outlineLength(points), length] as const;
      if (points.length < 3 || crossesItself(points)) return result(why ?? "crosses", around);
      return result(why, ["area", outlineArea(points), area], around);
    }
  }
}

/** Time goes from left to right; a slope is positive towards the probe, as echocardiography has it. */
function onTime({ kind, points, beats = 1 }: Figure, plane: Plane): Result {
  const [a, b] = points;
  if (plane.space !== "m-mode") {
    const why = plane.why ?? "needs-time";
    if (kind !== "time" || plane.space === "tissue" || !plane.points) return result(why);
    return result(why, ["time", Math.abs(plane.points[1].x - plane.points[0].x), "px"]);
  }
  const timeS = Math.abs(b.x - a.x);
  const time = ["time", timeS, "s"] as const;
  if (kind === "time") return result(null, time);
  if (kind === "heart-rate") return result(null, ["heart-rate", (60 * beats) / timeS, "1/min"], time);
  return result(null, ["slope", (a.y - b.y) / (b.x - a.x), "m/s"], ["depth", Math.abs(b.y - a.y), "m"], time);
}

function ellipsoid(parts: readonly Figure[], imageOf: ImageOf): Result {
  const planes = parts.map(({ points, pane, content }) => planeOf(points, imageOf(pane, content)));
  if (planes.some(({ space }) => space !== "tissue")) return result("parts");
  const points = planes.map((plane) => plane.points!);
  if (parts.every(({ kind }) => kind === "distance") && parts.length === 3) {
    const [length, width, height] = points.map(([a, b]) => distance(a, b));
    return result(null, ["volume", ellipsoidVolume(length, width, height), "m3"]);
  }
  if (parts.every(({ kind }) => kind === "ellipse") && parts.length === 2) {
    const [one, other] = points.map(([a, b, c]) => ellipseOf(a, b, c));
    const length = 2 * Math.min(Math.max(one.half, one.otherHalf), Math.max(other.half, other.otherHalf));
    const areas = [one, other].map(({ half, otherHalf }) => ellipseArea(half, otherHalf));
    return result(null, ["volume", biplaneVolume(areas[0], areas[1], length), "m3"]);
  }
  return result("parts");
}

/** What an item among these measures. */
export function resultOf(item: Item, items: readonly Item[], imageOf: ImageOf): Result {
  if (item.kind === "body-mark") return NOTHING;
  if (item.kind === "volume") {
    const parts = item.of.flatMap((id) => items.find((other) => other.id === id) ?? []).filter(isFigure);
    return ellipsoid(parts, imageOf);
  }
  return measured(item, imageOf(item.pane, item.content));
}
