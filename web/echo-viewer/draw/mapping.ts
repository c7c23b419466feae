/**
 * From places in the picture to places on the stage and back.
 *
 *   picture: pixels from its top left corner; pixel (i, k) has its centre at (i + 1/2, k + 1/2)
 *   stage:   CSS pixels from its top left corner
 *
 * The picture is scaled to fit its room in the body's shape, mirrored, turned, zoomed, and moved so that `view.centre`
 * lies as near the middle of the room as it can while no part of the room is empty that the picture could fill.
 */
import type { Image } from "../../../host/index.ts";
import type { View } from "../view.ts";
import { aspectOf, type Box } from "./layout.ts";

export interface Point {
  x: number;
  y: number;
}

export interface Mapping {
  /** The room the picture is shown in; what is zoomed beyond it is cut off (CSS px). */
  readonly room: Box;
  /** The whole picture's rectangle on the stage, larger than the room when zoomed (CSS px). */
  readonly box: Box;
  /** The part of that rectangle which is seen: inside the room (CSS px). */
  readonly visible: Box;
  /** The point of the picture in the middle of the room, as in `View`. */
  readonly centre: readonly [u: number, v: number];
  /** stage x = a x + c y + e, stage y = b x + d y + f, as in `CanvasRenderingContext2D.setTransform`. */
  readonly matrix: readonly [a: number, b: number, c: number, d: number, e: number, f: number];
  toStage(point: Point): Point;
  toPicture(point: Point): Point;
}

/** cos and sin of the turns. */
const TURNS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** The part of two boxes that both have. */
function overlap(a: Box, b: Box): Box {
  const [x, y] = [Math.max(a.x, b.x), Math.max(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(0, Math.min(a.x + a.width, b.x + b.width) - x),
    height: Math.max(0, Math.min(a.y + a.height, b.y + b.height) - y),
  };
}

/** A centre (0 to 1) on one axis of the picture at which a room so many times as long as the picture is filled. */
function within(centre: number, rooms: number): number {
  const half = Math.min(0.5, rooms / 2);
  return Math.min(1 - half, Math.max(half, centre));
}

export function mappingOf(room: Box, image: Image, view: View): Mapping {
  const [cos, sin] = TURNS[view.quarterTurns];
  const lying = sin !== 0;
  const aspect = aspectOf(image);
  const shape = lying ? 1 / aspect : aspect;
  const fit = Math.min(room.width, room.height * shape);
  const width = (lying ? fit / shape : fit) * view.zoom;
  const height = (lying ? fit : fit / shape) * view.zoom;
  const scaleX = ((view.flipX ? -1 : 1) * width) / image.width;
  const scaleY = ((view.flipY ? -1 : 1) * height) / image.height;
  const [a, b, c, d] = [cos * scaleX, sin * scaleX, -sin * scaleY, cos * scaleY];
  const centre = [
    within(view.centre[0], (lying ? room.height : room.width) / width),
    within(view.centre[1], (lying ? room.width : room.height) / height),
  ] as const;
  const [u, v] = [centre[0] * image.width, centre[1] * image.height];
  const e = room.x + room.width / 2 - a * u - c * v;
  const f = room.y + room.height / 2 - b * u - d * v;
  const determinant = a * d - b * c;
  const toStage = ({ x, y }: Point): Point => ({ x: a * x + c * y + e, y: b * x + d * y + f });
  const corners = [toStage({ x: 0, y: 0 }), toStage({ x: image.width, y: image.height })];
  const box = {
    x: Math.min(corners[0].x, corners[1].x),
    y: Math.min(corners[0].y, corners[1].y),
    width: lying ? height : width,
    height: lying ? width : height,
  };
  return {
    room,
    box,
    visible: overlap(box, room),
    centre,
    matrix: [a, b, c, d, e, f],
    toStage,
    toPicture({ x, y }) {
      const [dx, dy] = [x - e, y - f];
      return { x: (d * dx - c * dy) / determinant, y: (a * dy - b * dx) / determinant };
    },
  };
}
