/**
 * From places in the picture to places on the stage and back.
 *
 *   picture: pixels from its top left corner; pixel (i, k) has its centre at (i + 1/2, k + 1/2)
 *   stage:   CSS pixels from its top left corner
 *
 * The picture is scaled to fit its room in the body's shape, mirrored, turned, zoomed, and moved so that `view.centre`
 * lies in the middle of the room.
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
  const [u, v] = [view.centre[0] * image.width, view.centre[1] * image.height];
  const e = room.x + room.width / 2 - a * u - c * v;
  const f = room.y + room.height / 2 - b * u - d * v;
  const determinant = a * d - b * c;
  const toStage = ({ x, y }: Point): Point => ({ x: a * x + c * y + e, y: b * x + d * y + f });
  const corners = [toStage({ x: 0, y: 0 }), toStage({ x: image.width, y: image.height })];
  return {
    room,
    box: {
      x: Math.min(corners[0].x, corners[1].x),
      y: Math.min(corners[0].y, corners[1].y),
      width: lying ? height : width,
      height: lying ? width : height,
    },
    matrix: [a, b, c, d, e, f],
    toStage,
    toPicture({ x, y }) {
      const [dx, dy] = [x - e, y - f];
      return { x: (d * dx - c * dy) / determinant, y: (a * dy - b * dx) / determinant };
    },
  };
}
