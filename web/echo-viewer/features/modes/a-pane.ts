/** The A-line on the stage: amplitude upwards, depth to the right. */
import type { Box } from "../../draw/layout.ts";
import type { Ink } from "../../draw/overlay.ts";
import type { FilmedPane, OwnPane, Shot } from "../feature.ts";
import type { Curve, CurveFilm } from "./a-line.ts";
import { axisTicks, drawFrame, drawLeftAxis, drawLowerAxis, type Label } from "./axes.ts";
import type { Texts } from "./english.ts";
import { stripBox } from "./layout.ts";
import { drawCourse } from "./line-marks.ts";

const CURVE_COLOUR = "#8fd3ff";
const PEAK_COLOUR = "#ffb86b";
const GRID_COLOUR = "#1b2229";

/** Least distance between labels of the amplitude (CSS px): ten of them at most. */
const labelPx = ({ height }: Box): number => Math.max(28, height / 10);

export class APane implements OwnPane {
  readonly id = "a-line";
  readonly image = null;
  readonly mapping = null;
  area: Box = { x: 0, y: 0, width: 0, height: 0 };
  readonly #aLine: { readonly curve: Curve | null };
  readonly #film: () => CurveFilm;
  readonly #texts: () => Texts;
  readonly #label: Label;
  /** The axes that were drawn last. */
  #axes = "";

  constructor(
    aLine: { readonly curve: Curve | null },
    texts: () => Texts,
    label: Label,
    film: () => CurveFilm,
  ) {
    this.#aLine = aLine;
    this.#film = film;
    this.#texts = texts;
    this.#label = label;
  }

  film(): FilmedPane {
    const film = this.#film();
    const pane = new APane(film, this.#texts, this.#label, this.#film);
    pane.area = this.area;
    return {
      area: pane.area,
      show: (shot: Shot) => film.show(shot),
      drawPicture: (context, scale) => pane.drawPicture(context, scale),
      drawScale: (context, ink) => pane.drawScale(context, ink),
      drawOnMain: (context, mapping) => film.course && drawCourse(context, film.course, mapping, false),
      close: () => film.close(),
    };
  }

  /** Whether axes drawn before are those of the curve now. */
  get axesChanged(): boolean {
    return this.#axesOf() !== this.#axes;
  }

  #axesOf(): string {
    const { curve } = this.#aLine;
    return curve
      ? JSON.stringify([
          curve.signal,
          curve.baseband,
          curve.calibrated,
          curve.depth,
          curve.values.length,
          curve.limits,
        ])
      : "";
  }

  get #box(): Box {
    return stripBox(this.area);
  }

  /** Depths at both edges: centimetres, or picture pixels. */
  #span({ depth: [origin, step], values, calibrated }: Curve): readonly [from: number, to: number] {
    const unit = calibrated ? 100 : 1;
    return [(origin - step / 2) * unit, (origin + (values.length - 0.5) * step) * unit];
  }

  drawPicture(context: CanvasRenderingContext2D, scale: number): void {
    const box = this.#box;
    const { curve } = this.#aLine;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = "#05070a";
    context.fillRect(box.x, box.y, box.width, box.height);
    if (!curve) return;
    context.fillStyle = GRID_COLOUR;
    for (const { part, major } of axisTicks(...this.#span(curve), box.width))
      if (major) context.fillRect(Math.round(box.x + part * box.width - 0.5), box.y, 1, box.height);
    for (const { part, major } of axisTicks(...curve.limits, box.height, { labelPx: labelPx(box) }))
      if (major) context.fillRect(box.x, Math.round(box.y + box.height * (1 - part) - 0.5), box.width, 1);
    context.beginPath();
    context.rect(box.x, box.y, box.width, box.height);
    context.clip();
    if (curve.peaks) this.#trace(context, box, curve.peaks, curve.limits, PEAK_COLOUR);
    this.#trace(context, box, curve.values, curve.limits, CURVE_COLOUR);
  }

  #trace(
    context: CanvasRenderingContext2D,
    box: Box,
    values: Float32Array,
    [low, high]: readonly [number, number],
    colour: string,
  ): void {
    context.strokeStyle = colour;
    context.lineWidth = 1.25;
    context.beginPath();
    let drawing = false;
    for (const [i, value] of values.entries()) {
      // Not a number: outside the field of view. Minus infinity: nothing held yet.
      if (!Number.isFinite(value)) {
        drawing = false;
        continue;
      }
      const x = box.x + ((i + 0.5) / values.length) * box.width;
      const y = box.y + box.height * (1 - (value - low) / (high - low));
      if (drawing) context.lineTo(x, y);
      else context.moveTo(x, y);
      drawing = true;
    }
    context.stroke();
  }

  drawScale(context: CanvasRenderingContext2D, ink: Ink): void {
    const box = this.#box;
    const { curve } = this.#aLine;
    const texts = this.#texts();
    this.#axes = this.#axesOf();
    drawFrame(context, box);
    if (!curve) return;
    const unit = curve.calibrated ? texts.cm : texts.px;
    drawLowerAxis(context, box, axisTicks(...this.#span(curve), box.width), unit, this.#label, ink);
    const amplitude = curve.signal === "rf" ? "" : texts.dB;
    drawLeftAxis(
      context,
      box,
      axisTicks(...curve.limits, box.height, { labelPx: labelPx(box) }),
      amplitude,
      this.#label,
      ink,
    );
  }
}
