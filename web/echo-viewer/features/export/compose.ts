/**
 * A picture as it is given away: the stage as shown, words above and below it burnt in.
 *
 *   +----------------------------+
 *   | patient                    |  only where the viewer shows one
 *   | source       date  BADGES  |
 *   +----------------------------+
 *   | stage: picture, scale, marks
 *   +----------------------------+
 *   | parameters                 |
 *   | not for diagnostic use     |
 *   +----------------------------+
 */
import type { Image } from "../../../../host/index.ts";
import type { Beside } from "../../beside.ts";
import { aspectOf, type Box, MARGIN, pictureRoom } from "../../draw/layout.ts";
import { type Mapping, mappingOf } from "../../draw/mapping.ts";
import { drawOverlay, type Ink } from "../../draw/overlay.ts";
import { Picture } from "../../draw/picture.ts";
import type { View } from "../../view.ts";
import type { PanePicture } from "../feature.ts";
import type { Captions } from "./captions.ts";

/** Exported pictures look the same whatever the page's colours are. */
const INK: Ink = { scale: "#c9d1d9", marker: "#4fd08a", font: "12px system-ui, sans-serif" };
const GROUND = "#000";
const WORDS = "#e6eaee";
const NOTICE = "#ffcf5c";

/** How far above a pane the words of its own stand (CSS px). */
const CAPTION_PX = 7;

/** Height of a line of words and room beside it (CSS px). */
const LINE = 20;
const SIDE = 10;

export interface Composition {
  image: Image;
  view: View;
  /** CSS pixels. */
  stage: { width: number; height: number };
  captions: Captions;
  /** What is drawn beside the picture. */
  beside: Beside;
  /** Where the picture lies on the stage; absent: it has all of it. */
  mapping?: Mapping;
  /** The other parts of the stage. */
  panes?: readonly PanePicture[];
  /** The main picture's part of a stage that it shares with other pictures: its badges stand above it, not above the stage. */
  shared?: Box;
  /** Draws the marks of features, in CSS pixels of the stage. */
  drawMarks?(context: CanvasRenderingContext2D, ink: Ink): void;
}

/** Words that read in the direction of their own language, and leave that of those beside them alone (Unicode's isolates). */
const isolated = (text: string): string => `\u2068${text}\u2069`;

/** Words on one line, cut off with an ellipsis. @returns the width they took */
function words(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  room: number,
  align: "left" | "right" = "left",
): number {
  let shown = text;
  while (shown.length > 1 && context.measureText(shown).width > room) shown = `${shown.slice(0, -2)}…`;
  context.textAlign = align;
  context.fillText(shown, x, y);
  return context.measureText(shown).width;
}

/** Height of the words above the stage (CSS px). */
const above = ({ patient }: Captions): number => LINE * (patient ? 2 : 1);

/** The stage with the words above and below it (CSS px). */
export function composedSize({ stage, captions }: Pick<Composition, "stage" | "captions">): {
  width: number;
  height: number;
} {
  return { width: stage.width, height: stage.height + above(captions) + 2 * LINE };
}

export class Composer {
  readonly canvas = document.createElement("canvas");
  readonly #stage = document.createElement("canvas");
  readonly #picture = new Picture();
  readonly #readBack: boolean;

  /** @param readBack pixels will be read from the canvas often: it is kept out of the graphics processor */
  constructor(readBack: boolean) {
    this.#readBack = readBack;
  }

  /** What `canvas` is drawn with, and read by. */
  get context(): CanvasRenderingContext2D | null {
    return this.canvas.getContext("2d", { willReadFrequently: this.#readBack });
  }

  /** Draws on `canvas`. @param scale pixels per CSS pixel; @param even makes both sides even, as video codecs want them */
  draw(composition: Composition, scale: number, even = false): void {
    const { captions, stage, shared } = composition;
    const top = above(captions);
    const whole = composedSize(composition);
    const size = (length: number) => (even ? 2 * Math.ceil((length * scale) / 2) : Math.ceil(length * scale));
    const [width, height] = [size(whole.width), size(whole.height)];
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    const { context } = this;
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = GROUND;
    context.fillRect(0, 0, width, height);
    this.#drawStage(composition, scale);
    context.drawImage(this.#stage, 0, Math.round(top * scale));
    context.setTransform(scale, 0, 0, scale, 0, 0);
    this.#words(
      context,
      shared ? { ...captions, badges: [] } : captions,
      stage.width,
      top,
      top + stage.height,
    );
  }

  #drawStage(composition: Composition, scale: number): void {
    const { image, view, stage, beside, panes = [] } = composition;
    const canvas = this.#stage;
    canvas.width = Math.round(stage.width * scale);
    canvas.height = Math.round(stage.height * scale);
    const context = canvas.getContext("2d");
    if (!context) return;
    const mapping = composition.mapping ?? mappingOf(pictureRoom(stage.width, stage.height), image, view);
    // The overlay clears its canvas: it is drawn first, and the picture behind it.
    drawOverlay(context, stage.width, stage.height, scale, { ...beside, image, mapping }, INK);
    for (const pane of panes) this.#apart(context, () => pane.drawScale(context, INK));
    this.#picture.load(image);
    const picture = document.createElement("canvas");
    picture.width = canvas.width;
    picture.height = canvas.height;
    const behind = picture.getContext("2d");
    if (!behind) return;
    this.#picture.draw(behind, mapping, scale);
    for (const pane of panes) this.#apart(behind, () => pane.drawPicture(behind, scale));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalCompositeOperation = "destination-over";
    context.drawImage(picture, 0, 0);
    context.globalCompositeOperation = "source-over";
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.font = INK.font;
    context.direction = "ltr";
    this.#apart(context, () => composition.drawMarks?.(context, INK));
    this.#captions(context, composition);
  }

  /** Draws something that may leave the context otherwise than it was. */
  #apart(context: CanvasRenderingContext2D, draw: () => void): void {
    context.save();
    draw();
    context.restore();
  }

  /** What each picture of a shared stage is: a stored one never stands under the badge of a live one. */
  #captions(context: CanvasRenderingContext2D, { captions, panes = [], shared }: Composition): void {
    context.font = `600 ${INK.font}`;
    context.fillStyle = NOTICE;
    context.textBaseline = "alphabetic";
    const say = (text: string, { x, y, width }: Box): void => {
      words(context, text, x + SIDE, y - CAPTION_PX, width - 2 * SIDE);
    };
    if (shared) say(captions.badges.map(isolated).join("  "), shared);
    for (const { area, caption } of panes) if (caption) say(isolated(caption), area);
  }

  #words(
    context: CanvasRenderingContext2D,
    { patient, source, date, badges, parameters, notice }: Captions,
    width: number,
    top: number,
    bottom: number,
  ): void {
    context.textBaseline = "middle";
    const right = width - SIDE;
    context.font = `600 ${INK.font}`;
    context.fillStyle = WORDS;
    if (patient) words(context, isolated(patient), SIDE, LINE / 2, width - 2 * SIDE);
    const y = top - LINE / 2;
    context.fillStyle = NOTICE;
    const taken = words(context, badges.map(isolated).join("  "), right, y, width / 2, "right") + 2 * SIDE;
    context.font = INK.font;
    context.fillStyle = WORDS;
    const dated = words(context, isolated(date), right - taken, y, (width - taken) / 2, "right") + 2 * SIDE;
    words(context, isolated(source), SIDE, y, width - 2 * SIDE - taken - dated);
    words(context, parameters.map(isolated).join("   "), SIDE, bottom + LINE / 2, width - 2 * SIDE);
    context.fillStyle = NOTICE;
    words(context, isolated(notice), SIDE, bottom + 1.5 * LINE, width - 2 * SIDE);
  }

  /** The pixels drawn, RGBA. */
  pixels(): { width: number; height: number; pixels: Uint8ClampedArray<ArrayBuffer> } {
    const { width, height } = this.canvas;
    const data = this.context?.getImageData(0, 0, width, height).data;
    return {
      width,
      height,
      pixels: data ? new Uint8ClampedArray(data) : new Uint8ClampedArray(4 * width * height),
    };
  }

  /** Gives the canvases' memory back. */
  close(): void {
    this.#picture.clear();
    for (const canvas of [this.canvas, this.#stage]) canvas.width = canvas.height = 0;
  }
}

/** Least and greatest height, and greatest width, of the picture in a film (CSS px). */
const FILM_HEIGHTS = [480, 900] as const;
const FILM_WIDTH = 1600;

/** A stage for films: about one pixel a pixel of the picture, whatever size the viewer has. */
export function filmStage(image: Image, view: View): { width: number; height: number } {
  const lying = view.quarterTurns % 2 === 1;
  const aspect = lying ? 1 / aspectOf(image) : aspectOf(image);
  const rows = lying ? image.width : image.height;
  let height: number = Math.min(FILM_HEIGHTS[1], Math.max(FILM_HEIGHTS[0], rows));
  height = Math.min(height, FILM_WIDTH / aspect);
  return {
    width: Math.round(height * aspect) + MARGIN.left + MARGIN.right,
    height: Math.round(height) + MARGIN.top + MARGIN.bottom,
  };
}
