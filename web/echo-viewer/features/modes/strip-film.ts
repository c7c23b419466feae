/** The M-mode strip in a film: that of the stored frames, its cursor at the frame of the picture, and the line on it. */
import type { Box } from "../../draw/layout.ts";
import type { Mapping } from "../../draw/mapping.ts";
import type { Ink } from "../../draw/overlay.ts";
import { greyMapOf, type ViewerState } from "../../store.ts";
import type { FilmedPane, Shot } from "../feature.ts";
import type { Columns } from "./columns.ts";
import type { Texts } from "./english.ts";
import { drawCourse } from "./line-marks.ts";
import { Raster } from "./raster.ts";
import { type Course, columnOn, courseLike } from "./reader.ts";
import { stripColours } from "./sampling.ts";
import { endFor } from "./strip.ts";
import { type ShownStrip, StripPane } from "./strip-pane.ts";

/** The strip as it was when the film began; columns that it lacks come with their frames. */
class StripCopy implements ShownStrip {
  readonly columns: Columns;
  readonly course: Course | null;
  readonly run: number;
  readonly bar = false;
  readonly timed: boolean;
  readonly periodS: number;
  readonly raster: Raster | null = null;
  /** Of all stored frames, from the first: they may leave the memory meanwhile. */
  readonly #times: readonly number[];
  readonly #first: number;

  constructor(strip: ShownStrip, { firstFrame, frameCount }: ViewerState) {
    const { columns, course, run, timed, periodS, raster } = strip;
    this.columns = columns.copy();
    this.course = course;
    this.run = run;
    this.timed = timed;
    this.periodS = periodS;
    this.#first = firstFrame;
    this.#times = Array.from({ length: frameCount }, (_, k) => strip.timeOf(firstFrame + k));
    if (!raster) return;
    this.raster = new Raster(raster.width, raster.height, raster.pixelS * raster.width);
    this.raster.end = raster.end;
  }

  timeOf(number: number): number {
    return this.#times[number - this.#first];
  }

  show({ image, state }: Shot): void {
    const { raster, columns, periodS } = this;
    if (!raster || !this.course) return;
    const greyMap = greyMapOf(state);
    const course = courseLike(this.course, state, image);
    const timeS = this.timeOf(state.position);
    if (course.key === this.course.key && Number.isFinite(timeS))
      columns.add(state.position, timeS, columnOn(course, image, greyMap));
    const end = endFor(raster, timeS, this.#times[this.#times.length - 1], periodS);
    if (end !== null) raster.end = end;
    if (Number.isFinite(raster.end))
      raster.write(columns, periodS, stripColours(greyMap), raster.end - raster.width, raster.end);
  }
}

export class StripFilm implements FilmedPane {
  readonly #strip: StripCopy;
  readonly #pane: StripPane;
  #state: ViewerState;

  constructor(strip: ShownStrip, area: Box, state: ViewerState, texts: () => Texts) {
    this.#state = state;
    this.#strip = new StripCopy(strip, state);
    this.#pane = new StripPane(
      () => this.#state,
      this.#strip,
      texts,
      () => this,
    );
    this.#pane.area = area;
  }

  get area(): Box {
    return this.#pane.area;
  }

  async show(shot: Shot): Promise<void> {
    this.#state = shot.state;
    this.#strip.show(shot);
  }

  drawPicture(context: CanvasRenderingContext2D, scale: number): void {
    this.#pane.drawPicture(context, scale);
  }

  drawScale(context: CanvasRenderingContext2D, ink: Ink): void {
    this.#pane.drawScale(context, ink);
  }

  drawOnMain(context: CanvasRenderingContext2D, mapping: Mapping): void {
    if (this.#strip.course) drawCourse(context, this.#strip.course, mapping, false);
  }

  close(): void {}
}
