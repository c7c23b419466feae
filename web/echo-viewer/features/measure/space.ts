/**
 * Where a point is: in the body, in time and depth, or only in the picture. A point that lies in a calibrated region is kept in that
 * region's own coordinates, so that it stays on its tissue when the picture is cut deeper, zoomed, flipped or scrolls on. This is also
 * the one place that decides whether there is a unit: only when all points lie in one calibrated region, or in regions that are parts
 * of one and the same space.
 */
import type { Image, Region } from "../../../../host/index.ts";
import type { Point } from "../../draw/mapping.ts";

/** `tissue`: x and y are metres; `m-mode`: x is seconds and y metres of depth; `picture`: pixels. */
export type Space = "tissue" | "m-mode" | "picture";

/** A point that something was set on. */
export interface Anchor {
  readonly space: Space;
  /** Place of its region in `Image.regions`; 0 in the picture. */
  readonly region: number;
  readonly x: number;
  readonly y: number;
}

/** Why a number has no unit, or why there is none. */
export type Why =
  /** A point lies where the picture is not calibrated. */
  | "uncalibrated"
  /** The points lie in different regions. */
  | "across"
  /** It means nothing where one axis is time. */
  | "needs-tissue"
  /** It means nothing without time. */
  | "needs-time"
  /** The outline crosses itself. */
  | "crosses"
  /** Angles need pixels of a known shape. */
  | "no-shape"
  /** The picture it was measured on is not shown. */
  | "not-shown"
  /** What it is made of has no unit. */
  | "parts";

/** Both axes are known. */
export function isCalibrated(region: Region): boolean {
  const { originXM, originZM, deltaXM, deltaZM } = region;
  return (
    [originXM, originZM, 1 / deltaXM, 1 / deltaZM].every(Number.isFinite) && deltaXM !== 0 && deltaZM !== 0
  );
}

/** Part of a pixel by which regions of one space may differ over a whole picture. */
const TOLERANCE = 1e-3;

/** A pixel means the same in both. */
function sameSpace(a: Region, b: Region, image: Image): boolean {
  const near = (p: number, q: number, delta: number): boolean =>
    Math.abs(p - q) <= TOLERANCE * Math.abs(delta);
  return (
    a.kind === b.kind &&
    near(a.originXM, b.originXM, a.deltaXM) &&
    near(a.originZM, b.originZM, a.deltaZM) &&
    near(image.width * a.deltaXM, image.width * b.deltaXM, a.deltaXM) &&
    near(image.height * a.deltaZM, image.height * b.deltaZM, a.deltaZM)
  );
}

/** The region that says what a point of the picture (px) means; undefined where none does, or where two disagree. */
function regionAt({ x, y }: Point, image: Image): Region | undefined {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  const there = image.regions.filter(
    ({ minX, maxX, minY, maxY }) => column >= minX && column <= maxX && row >= minY && row <= maxY,
  );
  const [region] = there;
  if (!region || !there.every((other) => isCalibrated(other) && sameSpace(region, other, image)))
    return undefined;
  // All parts of one space go by the name of the first.
  return image.regions.find((other) => isCalibrated(other) && sameSpace(region, other, image));
}

/** What a point of the picture (px) is kept as. */
export function anchorOf(point: Point, image: Image): Anchor {
  const region = regionAt(point, image);
  if (!region) return { space: "picture", region: 0, x: point.x, y: point.y };
  return {
    space: region.kind,
    region: image.regions.indexOf(region),
    x: region.originXM + (point.x - 0.5) * region.deltaXM,
    y: region.originZM + (point.y - 0.5) * region.deltaZM,
  };
}

/** They show one strip: that before and that behind the bar which passes over it. */
function sameStrip(a: Region, b: Region): boolean {
  return (
    a.kind === "m-mode" &&
    b.kind === "m-mode" &&
    a.minY === b.minY &&
    a.maxY === b.maxY &&
    a.deltaXM === b.deltaXM &&
    a.originZM === b.originZM &&
    a.deltaZM === b.deltaZM
  );
}

/** A moment lies in this part of a strip. */
function holdsMoment({ minX, maxX, originXM, deltaXM }: Region, x: number): boolean {
  const column = (x - originXM) / deltaXM + 0.5;
  return column >= minX && column <= maxX + 1;
}

/** The region that an anchor lies in. Under a bar a moment goes from one part of the strip to the other, and leaves it. */
function regionOf({ space, region: index, x }: Anchor, image: Image): Region | undefined {
  // A strip that stands still has one part.
  const region =
    image.regions[index] ??
    (space === "m-mode" ? image.regions.find(({ kind }) => kind === space) : undefined);
  if (!region || space !== "m-mode") return region;
  const others = image.regions.filter(
    (other) => sameStrip(region, other) && other.originXM !== region.originXM,
  );
  if (!others.length) return region;
  const here = image.regions.filter((other) => sameSpace(region, other, image));
  return here.some((part) => holdsMoment(part, x)) ? region : others.find((part) => holdsMoment(part, x));
}

/** Where an anchor lies in this picture (px); null when the picture has no such region. */
export function toPicture(anchor: Anchor, image: Image): Point | null {
  if (anchor.space === "picture") return { x: anchor.x, y: anchor.y };
  const region = regionOf(anchor, image);
  if (region?.kind !== anchor.space || !isCalibrated(region)) return null;
  return {
    x: (anchor.x - region.originXM) / region.deltaXM + 0.5,
    y: (anchor.y - region.originZM) / region.deltaZM + 0.5,
  };
}

/** The plane that figures are measured in. */
export interface Plane {
  readonly space: Space;
  /** In the plane's units; null when the picture that is needed for it is not there. */
  readonly points: readonly Point[] | null;
  /** Why the plane is the picture's. */
  readonly why: Why | null;
}

/** The one space of all points, or else the picture and why. `image`: the picture they lie in, where it is shown. */
export function planeOf(anchors: readonly Anchor[], image: Image | null): Plane {
  const [first] = anchors;
  const one =
    first.space !== "picture" &&
    anchors.every(({ space, region }) => space === first.space && region === first.region);
  if (one) return { space: first.space, points: anchors, why: null };
  const why = anchors.some(({ space }) => space === "picture") ? "uncalibrated" : "across";
  return { space: "picture", points: inPicture(anchors, image), why };
}

/** All points in pixels of the picture; null when one of them is not in it. */
export function inPicture(anchors: readonly Anchor[], image: Image | null): readonly Point[] | null {
  if (!image) return anchors.every(({ space }) => space === "picture") ? anchors : null;
  const points = anchors.map((anchor) => toPicture(anchor, image));
  return points.every((point) => point !== null) ? points : null;
}
