/** How the stage is divided: a strip under or beside the picture, whichever leaves the picture larger, and panes for a split stage. */
import type { Image } from "../../../../host/index.ts";
import { aspectOf, type Box, MARGIN } from "../../draw/layout.ts";
import type { View } from "../../view.ts";
import type { Mode, Split } from "./state.ts";

export interface Division {
  /** The main picture, its heading included. */
  main: Box;
  /** M-mode strip or A-line. */
  strip: Box | null;
  /** The other panes of a split stage. */
  others: readonly Box[];
}

/** Part of the stage's height under the picture, or of its width beside it, that a strip takes. */
const UNDER_PART = 0.36;
const BESIDE_PART = 0.46;
/** Least of either (CSS px): below, a strip cannot be read. */
const LEAST_UNDER = 104;
const LEAST_BESIDE = 220;

/** Four panes stand in a row, not in a square, where that makes their pictures larger by so much: as on a phone on its side. */
const ROW_GAIN = 1.5;

/** A strip stands beside the picture where that makes it wider by so much: long sweeps are read more easily than short ones. */
const BESIDE_GAIN = 1.15;

/** Room around a strip (CSS px): its times stand below it. */
export const STRIP_MARGIN = { left: 48, right: 40, top: 24, bottom: 28 } as const;

/** What the times below a strip need more than a picture does (CSS px). */
const TIMES = STRIP_MARGIN.bottom - MARGIN.bottom;

function fitted({ width, height }: Box, aspect: number): number {
  const [w, h] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  return Math.max(0, Math.min(w, h * aspect));
}

function under(stage: Box, aspect: number): readonly [main: Box, strip: Box] {
  const wanted = stage.height * UNDER_PART;
  // The picture stays the larger one.
  const width = fitted({ ...stage, height: stage.height - wanted }, aspect);
  const most = width ** 2 / aspect / Math.max(1, stage.width - STRIP_MARGIN.left - STRIP_MARGIN.right);
  const high = Math.max(LEAST_UNDER, Math.min(wanted, most + STRIP_MARGIN.top + STRIP_MARGIN.bottom));
  const low = Math.round(Math.min(stage.height / 2, high));
  return [
    { ...stage, height: stage.height - low },
    { ...stage, y: stage.y + stage.height - low, height: low },
  ];
}

function beside(stage: Box, aspect: number): readonly [main: Box, strip: Box] {
  // What a narrow picture leaves empty is the strip's.
  const picture = fitted({ ...stage, width: Number.MAX_VALUE }, aspect) + MARGIN.left + MARGIN.right;
  const empty = Math.min(stage.width * 0.55, stage.width - picture);
  const wanted = Math.max(stage.width * BESIDE_PART, empty);
  // The picture stays the larger one, but where the strip takes nothing from it.
  const width = fitted({ ...stage, width: stage.width - wanted }, aspect);
  const most = width ** 2 / aspect / Math.max(1, stage.height - STRIP_MARGIN.top - STRIP_MARGIN.bottom);
  const margins = STRIP_MARGIN.left + STRIP_MARGIN.right;
  const wide = Math.round(
    Math.max(LEAST_BESIDE, Math.min(wanted, most + margins), Math.min(empty, 2 * most + margins)),
  );
  // Both share the depth scale: the strip is as high as the picture, and stands beside it.
  const main = { ...stage, width: stage.width - wide, height: stage.height - TIMES };
  const high = fitted(main, aspect) / aspect;
  const top = main.y + MARGIN.top + (main.height - MARGIN.top - MARGIN.bottom - high) / 2;
  const strip = {
    x: stage.x + stage.width - wide,
    y: top - STRIP_MARGIN.top,
    width: wide,
    height: high + STRIP_MARGIN.top + STRIP_MARGIN.bottom,
  };
  return [main, strip];
}

/** Rows and columns of a split stage: side by side where there is room, one over the other on a tall one. */
function panesOf(stage: Box, split: Split, aspect: number, head: number): readonly Box[] {
  if (split === 1) return [stage];
  const { width, height } = stage;
  const inRow = fitted({ ...stage, width: width / 4, height: height - head }, aspect);
  const inSquare = fitted({ ...stage, width: width / 2, height: height / 2 - head }, aspect);
  const four = inRow > ROW_GAIN * inSquare ? [4, 1] : [2, 2];
  const [columns, rows] = split === 4 ? four : width >= height ? [2, 1] : [1, 2];
  const edge = (whole: number, parts: number, n: number): number => Math.round((whole * n) / parts);
  return Array.from({ length: split }, (_, n) => {
    const [column, row] = [n % columns, Math.floor(n / columns)];
    const x = edge(stage.width, columns, column);
    const y = edge(stage.height, rows, row);
    return {
      x: stage.x + x,
      y: stage.y + y,
      width: edge(stage.width, columns, column + 1) - x,
      height: edge(stage.height, rows, row + 1) - y,
    };
  });
}

/** The shape of a picture as it lies on the stage. */
export function lyingAspect(image: Image | null, view: View): number {
  if (!image) return 1;
  const aspect = aspectOf(image);
  return view.quarterTurns % 2 ? 1 / aspect : aspect;
}

/** @param head height of a pane's heading (CSS px) */
export function divide(stage: Box, mode: Mode, split: Split, aspect: number, head = 0): Division {
  let [rest, strip]: readonly [Box, Box | null] = [stage, null];
  if (mode !== "b") {
    const [low, side] = [under(stage, aspect), beside(stage, aspect)];
    const better = fitted(side[0], aspect) > BESIDE_GAIN * fitted(low[0], aspect);
    [rest, strip] = better ? side : low;
    // Several pictures have no common depth scale to stand beside.
    if (better && split > 1) strip = { ...strip, y: stage.y, height: stage.height };
  }
  const [main, ...others] = panesOf(rest, split, aspect, head);
  return { main, strip, others };
}

/** The strip itself, inside its scales. */
export function stripBox({ x, y, width, height }: Box): Box {
  return {
    x: x + STRIP_MARGIN.left,
    y: y + STRIP_MARGIN.top,
    width: Math.max(1, width - STRIP_MARGIN.left - STRIP_MARGIN.right),
    height: Math.max(1, height - STRIP_MARGIN.top - STRIP_MARGIN.bottom),
  };
}
