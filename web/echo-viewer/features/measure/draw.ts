/**
 * Draws measurements as scanners do: crosses at the ends, dotted lines between them, a number beside them, and the results in a corner.
 * Bright lines with a dark edge, to be seen on black and on white. Everything in CSS pixels; what is straight lies on device pixels.
 */
import type { Box } from "../../draw/layout.ts";
import type { Point } from "../../draw/mapping.ts";
import type { Scene } from "../feature.ts";
import { handlesOf, linesOf, markCentre, markSize, PROBE_PX, probeEnds, type TextBoxes } from "./figure.ts";
import { distance } from "./geometry.ts";
import { type Ground, stagePoints } from "./ground.ts";
import { type BodyMark, type FigureKind, type Item, isFigure, isNote } from "./item.ts";
import { PICTOGRAMS } from "./marks.ts";
import type { Anchor } from "./space.ts";

const COLOUR = { set: "#ffe169", chosen: "#5fe3ff", note: "#f4f6f8", edge: "rgb(0 0 0 / 0.75)" } as const;

/** Half the size of a cross at the end of a line. */
const CROSS = 5.5;
const LINE = 1.5;
const EDGE = 3.5;
/** Distance from a point to the middle of its number. */
const NUMBER_AWAY = 17;

/** Rounds to the middle of a device pixel. */
function crisp(context: CanvasRenderingContext2D, value: number): number {
  const scale = Math.abs(context.getTransform().a) || 1;
  return (Math.floor(value * scale) + 0.5) / scale;
}

function stroke(context: CanvasRenderingContext2D, path: Path2D, colour: string, dotted = false): void {
  context.lineCap = dotted ? "butt" : "round";
  context.lineJoin = "round";
  context.setLineDash(dotted ? [2, 4] : []);
  context.lineDashOffset = 0;
  context.lineWidth = EDGE;
  context.strokeStyle = COLOUR.edge;
  context.stroke(path);
  context.lineWidth = LINE;
  context.strokeStyle = colour;
  context.stroke(path);
  context.setLineDash([]);
}

function lettering(
  context: CanvasRenderingContext2D,
  text: string,
  { x, y }: Point,
  colour: string,
  align: CanvasTextAlign = "left",
): void {
  context.textAlign = align;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = "rgb(0 0 0 / 0.85)";
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}

function linePath(points: readonly Point[]): Path2D {
  const path = new Path2D();
  for (const [i, { x, y }] of points.entries()) {
    if (i) path.lineTo(x, y);
    else path.moveTo(x, y);
  }
  return path;
}

/** Upright crosses for odd numbers, lying ones for even: neighbours are told apart without colour. */
function crossPath(context: CanvasRenderingContext2D, point: Point, lying: boolean): Path2D {
  const path = new Path2D();
  const [x, y] = [crisp(context, point.x), crisp(context, point.y)];
  const [u, v] = lying ? [CROSS * Math.SQRT1_2, CROSS * Math.SQRT1_2] : [CROSS, 0];
  path.moveTo(x - u, y - v);
  path.lineTo(x + u, y + v);
  path.moveTo(x + v, y - u);
  path.lineTo(x - v, y + u);
  return path;
}

function ring(context: CanvasRenderingContext2D, { x, y }: Point, radius: number, colour: string): void {
  const path = new Path2D();
  path.arc(crisp(context, x), crisp(context, y), radius, 0, 2 * Math.PI);
  stroke(context, path, colour);
}

/** A place for a number that covers neither the point nor the line that leaves it, inside the picture's room. */
function numberPlace(points: readonly Point[], { mapping: { room } }: Ground): Point {
  const [first, second = { x: first.x - 1, y: first.y + 1 }] = points;
  const length = distance(first, second) || 1;
  const away = (turn: number): Point => {
    const [ux, uy] = [(first.x - second.x) / length, (first.y - second.y) / length];
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    return {
      x: first.x + NUMBER_AWAY * (ux * cos - uy * sin),
      y: first.y + NUMBER_AWAY * (ux * sin + uy * cos),
    };
  };
  const fits = ({ x, y }: Point): boolean =>
    x > room.x + 8 && y > room.y + 8 && x < room.x + room.width - 8 && y < room.y + room.height - 8;
  const turns = [0, Math.PI / 4, -Math.PI / 4, Math.PI / 2, -Math.PI / 2];
  return turns.map(away).find(fits) ?? away(0);
}

function drawArrow(context: CanvasRenderingContext2D, [tip, tail]: readonly Point[], colour: string): void {
  const length = distance(tip, tail) || 1;
  const [ux, uy] = [(tail.x - tip.x) / length, (tail.y - tip.y) / length];
  const barb = (side: number): Point => ({
    x: tip.x + 11 * ux - side * 5 * uy,
    y: tip.y + 11 * uy + side * 5 * ux,
  });
  const path = linePath([tail, tip]);
  path.addPath(linePath([barb(1), tip, barb(-1)]));
  stroke(context, path, colour);
}

function drawMark(context: CanvasRenderingContext2D, item: BodyMark, ground: Ground, colour: string): void {
  const middle = markCentre(item, ground);
  const size = markSize(ground);
  const half = size / 2;
  context.fillStyle = "rgb(0 0 0 / 0.55)";
  context.beginPath();
  context.roundRect(middle.x - half - 3, middle.y - half - 3, size + 6, size + 6, 6);
  context.fill();
  const path = new Path2D();
  const scale = size / 100;
  path.addPath(
    new Path2D(PICTOGRAMS[item.mark]),
    new DOMMatrix([scale, 0, 0, scale, middle.x - half, middle.y - half]),
  );
  stroke(context, path, colour);
  const [centre, marker] = probeEnds(item, ground);
  const tail = { x: 2 * centre.x - marker.x, y: 2 * centre.y - marker.y };
  context.lineCap = "round";
  for (const [width, ink] of [
    [9, COLOUR.edge],
    [6, "#ffb74d"],
  ] as const) {
    context.lineWidth = width;
    context.strokeStyle = ink;
    context.stroke(linePath([tail, marker]));
  }
  // The side of the probe's own marker, as the green dot beside the picture.
  context.fillStyle = "#0d3b1f";
  context.beginPath();
  context.arc(marker.x, marker.y, PROBE_PX / 5, 0, 2 * Math.PI);
  context.fill();
}

/** Lines, crosses and letters of a figure, complete or not. */
function drawFigure(
  context: CanvasRenderingContext2D,
  kind: FigureKind,
  anchors: readonly Anchor[],
  ground: Ground,
  colour: string,
  { number, name, complete }: { number: number | null; name: string; complete: boolean },
): void {
  const points = stagePoints(anchors, ground);
  if (!points) return;
  if (kind === "text") {
    if (complete) lettering(context, name, points[0], colour);
    else stroke(context, crossPath(context, points[0], false), colour);
    return;
  }
  if (kind === "arrow" && points.length === 2) {
    drawArrow(context, points, colour);
    if (name) lettering(context, name, { x: points[1].x, y: points[1].y + 12 }, colour, "center");
    return;
  }
  const closed = kind === "trace" && complete ? [...anchors, anchors[0]] : anchors;
  for (const line of linesOf(kind, closed, ground)) stroke(context, linePath(line), colour, true);
  const many = kind === "trace" && points.length > 24;
  for (const point of many ? points.slice(0, 1) : points)
    stroke(context, crossPath(context, point, number !== null && number % 2 === 0), colour);
  if (number !== null) lettering(context, String(number), numberPlace(points, ground), colour, "center");
}

/** How items look now. */
export interface Look {
  readonly selected: number | null;
  readonly hover: { item: Item; handle: number | null } | null;
  /** Handles are shown: the picture is worked on. */
  readonly handles: boolean;
}

export function drawItems(
  context: CanvasRenderingContext2D,
  items: readonly Item[],
  ground: Ground,
  look: Look,
): void {
  for (const item of items) {
    const chosen = look.handles && (item.id === look.selected || item.id === look.hover?.item.id);
    const colour = chosen ? COLOUR.chosen : isNote(item) ? COLOUR.note : COLOUR.set;
    if (item.kind === "body-mark") drawMark(context, item, ground, colour);
    else if (isFigure(item))
      drawFigure(context, item.kind, item.points, ground, colour, {
        number: isNote(item) ? null : item.id,
        name: item.name,
        complete: true,
      });
    if (!chosen) continue;
    for (const [i, handle] of handlesOf(item, ground).entries()) {
      const held = look.hover?.item.id === item.id && look.hover.handle === i;
      if (!item.locked || held) ring(context, handle, held ? 9 : 7, item.locked ? COLOUR.note : colour);
    }
  }
}

/** The figure that is being set: the last point follows the pointer. */
export function drawDraft(
  context: CanvasRenderingContext2D,
  kind: FigureKind,
  anchors: readonly Anchor[],
  ground: Ground,
): void {
  drawFigure(context, kind, anchors, ground, COLOUR.chosen, { number: null, name: "", complete: false });
}

/** The keyboard's crosshair: across the whole room, open at its middle. */
export function drawCross(
  context: CanvasRenderingContext2D,
  point: Point,
  { mapping: { room } }: Ground,
): void {
  const [x, y] = [crisp(context, point.x), crisp(context, point.y)];
  const path = new Path2D();
  for (const [from, to] of [
    [room.x, x - 8],
    [x + 8, room.x + room.width],
  ]) {
    path.moveTo(from, y);
    path.lineTo(to, y);
  }
  for (const [from, to] of [
    [room.y, y - 8],
    [y + 8, room.y + room.height],
  ]) {
    path.moveTo(x, from);
    path.lineTo(x, to);
  }
  context.lineWidth = 3;
  context.strokeStyle = "rgb(0 0 0 / 0.5)";
  context.stroke(path);
  context.lineWidth = 1;
  context.strokeStyle = COLOUR.chosen;
  context.stroke(path);
}

/** Where texts stand, to be taken hold of. */
export function textBoxes(
  context: CanvasRenderingContext2D,
  items: readonly Item[],
  ground: Ground,
): TextBoxes {
  const boxes = new Map<number, { x: number; y: number; width: number; height: number }>();
  for (const item of items) {
    if (item.kind !== "text") continue;
    const point = stagePoints(item.points, ground)?.[0];
    if (point)
      boxes.set(item.id, {
        x: point.x,
        y: point.y - 8,
        width: context.measureText(item.name).width,
        height: 16,
      });
  }
  return boxes;
}

/** One line of the results: a number, a name, and what was measured. */
export interface ResultLine {
  readonly number: string;
  readonly name: string;
  readonly value: string;
  readonly chosen: boolean;
}

const ROW = 17;
const PAD = 6;

/** Points keep so far from the results (CSS px), and those at the bottom from the picture's edge, or from the bar where it is over them. */
const CLEAR = 8;
const ABOVE_EDGE = 24;
const ABOVE_BAR = 4;

/** A name and its value within a width: the name is cut before the figure is. */
function fitted(context: CanvasRenderingContext2D, { name, value }: ResultLine, width: number): string {
  const text = (shown: string): string => (shown ? `${shown} ${value}` : value);
  const letters = [...name];
  if (context.measureText(text(name)).width <= width) return text(name);
  while (letters.length && context.measureText(text(`${letters.join("")}…`)).width > width) letters.pop();
  return text(letters.length ? `${letters.join("").trimEnd()}…` : "");
}

/**
 * The results in a corner of the picture's room, the newest ones where there is no room for all: in the lower left one, unless a point
 * lies there and another corner is free.
 * @param bar that says what to do next, on the stage
 */
export function drawResults(
  { context, mapping: { room }, state }: Scene,
  lines: readonly ResultLine[],
  points: readonly Point[],
  more: (count: number) => string,
  bar: Box | null,
): void {
  if (!lines.length) return;
  const rows = Math.max(1, Math.floor((room.height * 0.42 - 2 * PAD) / ROW));
  const hidden = lines.length > rows ? lines.length - rows + 1 : 0;
  const shown: readonly ResultLine[] = hidden
    ? [{ number: "", name: more(hidden), value: "", chosen: false }, ...lines.slice(hidden)]
    : lines;
  const numbers = Math.max(...shown.map(({ number }) => context.measureText(number).width)) + 7;
  const most = room.width - 8 - numbers - 2 * PAD;
  const texts = shown.map((line) => fitted(context, line, most));
  const wanted = Math.max(...texts.map((text) => context.measureText(text).width)) + numbers + 2 * PAD;
  const width = Math.ceil(Math.min(wanted, room.width - 8));
  const height = shown.length * ROW + 2 * PAD - 3;
  const right = room.x + room.width - width - 4;
  const [upper, bottom] = [room.y + 4, Math.round(room.y + room.height - height - ABOVE_EDGE)];
  const lower = (x: number): number =>
    bar &&
    x < bar.x + bar.width &&
    x + width > bar.x &&
    bottom < bar.y + bar.height &&
    bottom + height > bar.y
      ? Math.max(upper, bar.y - height - ABOVE_BAR)
      : bottom;
  const corners = [
    [room.x + 4, lower(room.x + 4)],
    [room.x + 4, upper],
    [right, lower(right)],
    [right, upper],
  ] as const;
  const free = corners.find(([x, y]) =>
    points.every(
      (point) =>
        point.x < x - CLEAR ||
        point.y < y - CLEAR ||
        point.x > x + width + CLEAR ||
        point.y > y + height + CLEAR,
    ),
  );
  const [left, top] = free ?? corners[0];
  context.fillStyle = "rgb(0 0 0 / 0.66)";
  context.beginPath();
  context.roundRect(left, top, width, height, 4);
  context.fill();
  context.textBaseline = "middle";
  // Rows begin where the language does, and words and numbers follow each other as it reads.
  const { direction } = state.language;
  const along = (px: number): number => (direction === "rtl" ? left + width - px : left + px);
  context.direction = direction;
  context.textAlign = "start";
  for (const [i, { number, chosen }] of shown.entries()) {
    const y = top + PAD + i * ROW + ROW / 2 - 1;
    context.fillStyle = chosen ? COLOUR.chosen : COLOUR.set;
    context.fillText(number, along(PAD), y);
    context.fillStyle = chosen ? COLOUR.chosen : "#f4f6f8";
    context.fillText(texts[i], along(PAD + numbers), y, most);
  }
}

const LOUPE = 58;
const MAGNIFIED = 2;

/** What lies under the finger, twice as large, where the finger does not hide it. */
export function drawLoupe(
  { context, width, height }: Scene,
  point: Point,
  picture: CanvasImageSource,
  marks: () => void,
): void {
  const above = point.y - LOUPE - 46;
  const centre =
    above - LOUPE > 2
      ? { x: Math.min(width - LOUPE - 4, Math.max(LOUPE + 4, point.x)), y: above }
      : { x: point.x > width / 2 ? point.x - LOUPE - 52 : point.x + LOUPE + 52, y: LOUPE + 6 };
  context.save();
  const circle = new Path2D();
  circle.arc(centre.x, centre.y, LOUPE, 0, 2 * Math.PI);
  context.clip(circle);
  context.fillStyle = "#000";
  context.fill(circle);
  context.translate(centre.x - MAGNIFIED * point.x, centre.y - MAGNIFIED * point.y);
  context.scale(MAGNIFIED, MAGNIFIED);
  context.drawImage(picture, 0, 0, width, height);
  marks();
  context.restore();
  const cross = new Path2D();
  for (const [u, v] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]) {
    cross.moveTo(centre.x + 4 * u, centre.y + 4 * v);
    cross.lineTo(centre.x + 22 * u, centre.y + 22 * v);
  }
  stroke(context, cross, COLOUR.chosen);
  stroke(context, circle, COLOUR.note);
}
