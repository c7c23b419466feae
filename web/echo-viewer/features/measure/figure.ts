/** How figures follow the hand: the ends of their lines, their handles, and what moving them does. Stage places in CSS px. */
import type { Point } from "../../draw/mapping.ts";
import { distanceToLine, ellipseOf, otherAxisEnd } from "./geometry.ts";
import { anchorAt, type Ground, stagePoints } from "./ground.ts";
import { type BodyMark, type FigureKind, type Item, isFigure } from "./item.ts";
import { type Anchor, anchorOf, inPicture, planeOf } from "./space.ts";

/** Width and height of a body mark, and where there is little room (CSS px). */
const MARK_PX = 84;
const SMALL_MARK_PX = 64;
const LITTLE_ROOM_PX = 420;

export function markSize({ mapping: { room } }: Ground): number {
  return room.width < LITTLE_ROOM_PX ? SMALL_MARK_PX : MARK_PX;
}

/** Half the length of the probe's glyph on it, and how far from its centre the handle lies that turns it. */
export const PROBE_PX = 13;
const TURN_PX = 34;

/** Points of an ellipse's outline, enough for every screen. */
const OUTLINE_POINTS = 96;

/**
 * The third point of an ellipse brought to the end of its axis, where its handle is. It keeps to the plane of the three points; where
 * that is not one space, to the picture's.
 */
export function settled(kind: FigureKind, points: readonly Anchor[], ground: Ground): readonly Anchor[] {
  if (kind !== "ellipse" || points.length < 3) return points;
  const plane = planeOf(points, ground.image);
  const [a, b, c] = (plane.space === "m-mode" ? inPicture(points, ground.image) : plane.points) ?? points;
  const end = otherAxisEnd(a, b, c);
  if (plane.space !== "tissue") return [points[0], points[1], anchorOf(end, ground.image)];
  const region = ground.image.regions[points[0].region];
  // Through the picture, so that an end beyond the region is known to lie beyond it.
  const place = {
    x: (end.x - region.originXM) / region.deltaXM + 0.5,
    y: (end.y - region.originZM) / region.deltaZM + 0.5,
  };
  return [points[0], points[1], anchorOf(place, ground.image)];
}

/** An ellipse with an end of its axis moved keeps its width. */
function reshaped(before: readonly Anchor[], after: readonly Anchor[], ground: Ground): readonly Anchor[] {
  const [was, is] = [stagePoints(before, ground), stagePoints(after, ground)];
  if (!was || !is) return after;
  const { otherHalf } = ellipseOf(was[0], was[1], was[2]);
  const { centre, angleRad } = ellipseOf(is[0], is[1], is[2]);
  const side = (was[1].x - was[0].x) * (was[2].y - was[0].y) - (was[1].y - was[0].y) * (was[2].x - was[0].x);
  const reach = side < 0 ? -otherHalf : otherHalf;
  const end = { x: centre.x - reach * Math.sin(angleRad), y: centre.y + reach * Math.cos(angleRad) };
  return settled("ellipse", [after[0], after[1], anchorAt(end, ground)], ground);
}

/** Centre of a body mark on the stage. */
export function markCentre({ at }: BodyMark, ground: Ground): Point {
  const { room } = ground.mapping;
  // Its plate is a little larger.
  const half = markSize(ground) / 2 + 4;
  const within = (value: number, from: number, length: number): number =>
    Math.min(from + length - half, Math.max(from + half, value));
  return {
    x: within(room.x + at[0] * room.width, room.x, room.width),
    y: within(room.y + at[1] * room.height, room.y, room.height),
  };
}

/** Centre of the probe on a body mark, and the end on the side of its marker. */
export function probeEnds(item: BodyMark, ground: Ground): readonly [centre: Point, marker: Point] {
  const middle = markCentre(item, ground);
  const centre = {
    x: middle.x + (item.probe[0] - 0.5) * markSize(ground),
    y: middle.y + (item.probe[1] - 0.5) * markSize(ground),
  };
  return [
    centre,
    {
      x: centre.x + PROBE_PX * Math.cos(item.angleRad),
      y: centre.y + PROBE_PX * Math.sin(item.angleRad),
    },
  ];
}

/** Handles of an item: its points. A traced outline has those it was set by, not the many of a hand's. */
export function handlesOf(item: Item, ground: Ground): readonly Point[] {
  if (item.kind === "body-mark") {
    const [centre, marker] = probeEnds(item, ground);
    const reach = TURN_PX / PROBE_PX;
    return [
      centre,
      {
        x: centre.x + reach * (marker.x - centre.x),
        y: centre.y + reach * (marker.y - centre.y),
      },
    ];
  }
  if (!isFigure(item)) return [];
  const points = stagePoints(item.points, ground) ?? [];
  return item.kind === "trace" && points.length > MOST_HANDLES ? points.slice(0, 1) : points;
}

/** Outlines of more points were drawn by hand, and are moved as a whole. */
const MOST_HANDLES = 24;

/** Width of a pixel by its height in the plane that the points are measured in. */
function pixelShape(anchors: readonly Anchor[], { image }: Ground): number {
  if (planeOf(anchors, image).space !== "tissue") return 1;
  const { deltaXM, deltaZM } = image.regions[anchors[0].region];
  return Math.abs(deltaXM / deltaZM);
}

function ellipseLine(anchors: readonly Anchor[], ground: Ground): readonly Point[] {
  const shape = pixelShape(anchors, ground);
  const [a, b, c] = inPicture(anchors, ground.image)!.map(({ x, y }) => ({ x: x * shape, y }));
  const { centre, half, otherHalf, angleRad } = ellipseOf(a, b, c);
  const [cos, sin] = [Math.cos(angleRad), Math.sin(angleRad)];
  return Array.from({ length: OUTLINE_POINTS + 1 }, (_, i) => {
    const turn = (2 * Math.PI * i) / OUTLINE_POINTS;
    const [u, v] = [half * Math.cos(turn), otherHalf * Math.sin(turn)];
    return ground.mapping.toStage({
      x: (centre.x + u * cos - v * sin) / shape,
      y: centre.y + u * sin + v * cos,
    });
  });
}

/** The lines of a figure: what is drawn, and what can be taken hold of. Moments are drawn down the whole picture. */
export function linesOf(
  kind: FigureKind,
  anchors: readonly Anchor[],
  ground: Ground,
): readonly (readonly Point[])[] {
  const points = stagePoints(anchors, ground);
  if (!points || points.length < 2) return [];
  switch (kind) {
    case "text":
      return [];
    case "ellipse":
      return points.length < 3 ? [points] : [ellipseLine(anchors, ground)];
    case "time":
    case "heart-rate": {
      const { mapping, image } = ground;
      const [first, last] = points.map((point) => mapping.toPicture(point));
      const down = ({ x }: Point): readonly Point[] => [
        mapping.toStage({ x, y: 0 }),
        mapping.toStage({ x, y: image.height }),
      ];
      return [down(first), down(last), [mapping.toStage({ x: first.x, y: last.y }), points[1]]];
    }
    default:
      return [points];
  }
}

/** An item with one handle moved to a place, or all of it moved by `from` to `to`. */
export function moved(item: Item, handle: number | null, from: Point, to: Point, ground: Ground): Item {
  const by = { x: to.x - from.x, y: to.y - from.y };
  if (item.kind === "body-mark") return movedMark(item, handle, by, ground);
  if (!isFigure(item)) return item;
  const places = stagePoints(item.points, ground);
  if (!places) return item;
  if (handle === null) {
    const limited = within(places, by, ground);
    const points = places.map(({ x, y }) => anchorAt({ x: x + limited.x, y: y + limited.y }, ground));
    return { ...item, points };
  }
  const place = anchorAt({ x: places[handle].x + by.x, y: places[handle].y + by.y }, ground);
  const points = item.points.map((point, i) => (i === handle ? place : point));
  if (item.kind !== "ellipse") return { ...item, points };
  return {
    ...item,
    points: handle < 2 ? reshaped(item.points, points, ground) : settled("ellipse", points, ground),
  };
}

/** As much of a move as leaves all points in the picture. */
function within(places: readonly Point[], by: Point, { image, mapping }: Ground): Point {
  const points = places.map((place) => mapping.toPicture(place));
  const origin = mapping.toPicture({ x: 0, y: 0 });
  const end = mapping.toPicture(by);
  const limit = (wanted: number, values: readonly number[], size: number): number =>
    Math.min(size - Math.max(...values), Math.max(-Math.min(...values), wanted));
  const delta = {
    x: limit(
      end.x - origin.x,
      points.map(({ x }) => x),
      image.width,
    ),
    y: limit(
      end.y - origin.y,
      points.map(({ y }) => y),
      image.height,
    ),
  };
  const [p, q] = [mapping.toStage({ x: 0, y: 0 }), mapping.toStage(delta)];
  return { x: q.x - p.x, y: q.y - p.y };
}

const clampPart = (value: number): number => Math.min(1, Math.max(0, value));

function movedMark(item: BodyMark, handle: number | null, by: Point, ground: Ground): BodyMark {
  const { room } = ground.mapping;
  if (handle === null) {
    const centre = markCentre(item, ground);
    return {
      ...item,
      at: [
        clampPart((centre.x + by.x - room.x) / room.width),
        clampPart((centre.y + by.y - room.y) / room.height),
      ],
    };
  }
  if (handle === 0) {
    const [u, v] = item.probe;
    return {
      ...item,
      probe: [clampPart(u + by.x / markSize(ground)), clampPart(v + by.y / markSize(ground))],
    };
  }
  const [centre, end] = handlesOf(item, ground);
  return { ...item, angleRad: Math.atan2(end.y + by.y - centre.y, end.x + by.x - centre.x) };
}

/** What lies under a place. */
export interface Hit {
  readonly item: Item;
  /** null: its line. */
  readonly handle: number | null;
}

/** Where text stands, once it was drawn: it can be taken hold of by its letters. */
export type TextBoxes = ReadonlyMap<number, { x: number; y: number; width: number; height: number }>;

/** The item nearest to a place within `reach` (CSS px). Handles go before lines, and what is selected before the rest. */
export function hitAt(
  point: Point,
  items: readonly Item[],
  ground: Ground,
  reach: number,
  selected: number | null,
  texts: TextBoxes | undefined,
): Hit | null {
  let best: Hit | null = null;
  let least = Number.POSITIVE_INFINITY;
  const offer = (item: Item, handle: number | null, distance: number): void => {
    if (distance > reach) return;
    const rank = distance + (handle === null ? 1000 : 0) + (item.id === selected ? 0 : 100);
    if (rank >= least) return;
    least = rank;
    best = { item, handle };
  };
  for (const item of items) {
    for (const [i, { x, y }] of handlesOf(item, ground).entries())
      offer(item, i, Math.hypot(point.x - x, point.y - y));
    const box = texts?.get(item.id);
    if (box) offer(item, null, distanceToBox(point, box));
    if (item.kind === "body-mark") {
      const { x, y } = markCentre(item, ground);
      const size = markSize(ground);
      offer(
        item,
        null,
        distanceToBox(point, { x: x - size / 2, y: y - size / 2, width: size, height: size }),
      );
    } else if (isFigure(item)) {
      const closed = item.kind === "trace" ? [...item.points, item.points[0]] : item.points;
      for (const line of linesOf(item.kind, closed, ground))
        for (let i = 0; i + 1 < line.length; i++)
          offer(item, null, distanceToLine(point, line[i], line[i + 1]));
    }
  }
  return best;
}

function distanceToBox(
  { x, y }: Point,
  box: { x: number; y: number; width: number; height: number },
): number {
  return Math.hypot(
    Math.max(0, box.x - x, x - box.x - box.width),
    Math.max(0, box.y - y, y - box.y - box.height),
  );
}
