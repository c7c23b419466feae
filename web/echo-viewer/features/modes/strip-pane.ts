/** The M-mode strip on the stage: its pixels, the chosen frame's cursor, its scales, and what can be measured in it. */
import type { Image } from "../../../../host/index.ts";
import type { Box } from "../../draw/layout.ts";
import type { Mapping } from "../../draw/mapping.ts";
import type { Ink } from "../../draw/overlay.ts";
import { drawScale } from "../../draw/scale.ts";
import { scaleOf } from "../../draw/ticks.ts";
import { canScrub, type ViewerState } from "../../store.ts";
import type { FilmedPane, OwnPane } from "../feature.ts";
import { axisTicks, drawFrame, drawLowerAxis } from "./axes.ts";
import type { Texts } from "./english.ts";
import { stripBox } from "./layout.ts";
import { LINE_COLOUR } from "./line-marks.ts";
import { modesOf } from "./state.ts";
import type { Strip } from "./strip.ts";

export const STRIP_PANE = "strip";

/** A picture that fills a box, whatever its shape. */
export function stretchedOver(box: Box, image: Image): Mapping {
  const [a, d] = [box.width / image.width, box.height / image.height];
  return {
    room: box,
    box,
    visible: box,
    centre: [0.5, 0.5],
    matrix: [a, 0, 0, d, box.x, box.y],
    toStage: ({ x, y }) => ({ x: a * x + box.x, y: d * y + box.y }),
    toPicture: ({ x, y }) => ({ x: (x - box.x) / a, y: (y - box.y) / d }),
  };
}

/** What is drawn of a strip. */
export type ShownStrip = Pick<
  Strip,
  "raster" | "columns" | "course" | "run" | "bar" | "timed" | "periodS" | "timeOf"
>;

export class StripPane implements OwnPane {
  readonly id = STRIP_PANE;
  area: Box = { x: 0, y: 0, width: 0, height: 0 };
  readonly #state: () => ViewerState;
  readonly #strip: ShownStrip;
  readonly #texts: () => Texts;
  readonly #film: (pane: StripPane) => FilmedPane;
  readonly #canvas = document.createElement("canvas");

  constructor(
    state: () => ViewerState,
    strip: ShownStrip,
    texts: () => Texts,
    film: (pane: StripPane) => FilmedPane,
  ) {
    this.#state = state;
    this.#strip = strip;
    this.#texts = texts;
    this.#film = film;
  }

  /** What it shows has this line and this run of the stream's clock; how deep the picture goes makes no other line of it. */
  get content(): string {
    const { run, course } = this.#strip;
    return `${run} ${course?.plane.calibrated ? JSON.stringify(modesOf(this.#state()).line) : course?.key}`;
  }

  get box(): Box {
    return stripBox(this.area);
  }

  /** The strip as it is shown; calibrated where depth and time are. */
  get image(): Image | null {
    const { raster, columns, course, bar, timed } = this.#strip;
    if (!raster || !course || !columns.count) return null;
    const regions = timed && course.plane.deep ? raster.regions(columns, course.depth, bar) : [];
    return raster.image(regions, bar, columns.numberOf(columns.count - 1));
  }

  get mapping(): Mapping | null {
    const { raster } = this.#strip;
    // The mapping needs the size alone.
    return raster && stretchedOver(this.box, { width: raster.width, height: raster.height } as Image);
  }

  film(): FilmedPane {
    return this.#film(this);
  }

  /** Moment at a place on the stage; NaN where there is none. */
  timeAt(x: number): number {
    const { raster, bar } = this.#strip;
    const { box } = this;
    if (!raster || x < box.x || x >= box.x + box.width) return Number.NaN;
    return raster.timeAt(((x - box.x) / box.width) * raster.width, bar);
  }

  drawPicture(context: CanvasRenderingContext2D, scale: number): void {
    const { box } = this;
    const { raster, bar } = this.#strip;
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = "#05070a";
    context.fillRect(box.x, box.y, box.width, box.height);
    if (!raster || !Number.isFinite(raster.end)) return;
    const { width, height, pixels } = raster;
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    this.#canvas.getContext("2d")?.putImageData(new ImageData(pixels, width, height), 0, 0);
    // Time is never smoothed: each pixel of it is one frame's.
    context.imageSmoothingEnabled = false;
    const turn = ((raster.end % width) + width) % width;
    if (bar || turn === 0) context.drawImage(this.#canvas, box.x, box.y, box.width, box.height);
    else {
      const [late, early] = [(turn / width) * box.width, ((width - turn) / width) * box.width];
      context.drawImage(this.#canvas, turn, 0, width - turn, height, box.x, box.y, early, box.height);
      context.drawImage(this.#canvas, 0, 0, turn, height, box.x + early, box.y, late, box.height);
    }
    this.#drawCursor(context, turn, bar);
  }

  /** The bar while it runs, the chosen frame when it stands. */
  #drawCursor(context: CanvasRenderingContext2D, turn: number, bar: boolean): void {
    const { box } = this;
    const { raster } = this.#strip;
    const state = this.#state();
    if (!raster) return;
    let column: number | null = bar ? turn : null;
    if (canScrub(state)) column = raster.columnOf(raster.pixelOf(this.#strip.timeOf(state.position)), bar);
    if (column === null) return;
    const x = Math.round(box.x + ((column + 0.5) / raster.width) * box.width);
    context.fillStyle = LINE_COLOUR;
    context.fillRect(x - 0.5, box.y, 1.5, box.height);
    if (!canScrub(state)) return;
    context.beginPath();
    context.moveTo(x - 5, box.y - 7);
    context.lineTo(x + 5, box.y - 7);
    context.lineTo(x, box.y);
    context.fill();
  }

  drawScale(context: CanvasRenderingContext2D, ink: Ink): void {
    const { box } = this;
    const { raster, course, bar } = this.#strip;
    const texts = this.#texts();
    const { tick: label } = this.#state().language.messages;
    drawFrame(context, box);
    if (!raster || !course) return;
    const { width, height } = raster;
    if (course.plane.deep) {
      const depthOnly: Image = {
        width,
        height,
        pixels: raster.pixels,
        regions: [
          {
            kind: "m-mode",
            minX: 0,
            maxX: width - 1,
            minY: 0,
            maxY: height - 1,
            originXM: 0,
            deltaXM: raster.pixelS,
            originZM: course.depth[0],
            deltaZM: course.depth[1],
          },
        ],
        frameIndex: 0,
        referenceAmplitude: 1,
        elapsedMs: 0,
      };
      const scale = scaleOf(depthOnly, stretchedOver(box, depthOnly), "depth");
      if (scale) drawScale(context, scale, box, { label, unit: texts.cm }, ink);
    }
    const { from, to, unit } = this.#timeAxis(bar);
    const ticks = axisTicks(from, to, box.width, { whole: !this.#strip.timed });
    drawLowerAxis(context, box, ticks, unit, label, ink);
  }

  /** Time at both edges: under a bar from the left edge; of live frames back from the newest; of a recording from its beginning. */
  #timeAxis(bar: boolean): { from: number; to: number; unit: string } {
    const texts = this.#texts();
    const { raster, timed, periodS } = this.#strip;
    const state = this.#state();
    const { session, firstFrame, frameCount } = state;
    const span = raster ? raster.width * raster.pixelS : 1;
    if (!timed) {
      const from = raster && Number.isFinite(raster.end) ? raster.end * raster.pixelS - span : 0;
      return { from: from + 1, to: from + 1 + span, unit: texts.framesUnit };
    }
    if (bar) return { from: 0, to: span, unit: texts.s };
    const end = raster && Number.isFinite(raster.end) ? raster.end * raster.pixelS : 0;
    if (session && !session.live) return { from: end - span, to: end, unit: texts.s };
    const newest = canScrub(state) ? this.#strip.timeOf(firstFrame + frameCount - 1) : end - periodS / 2;
    return { from: end - span - newest, to: end - newest, unit: texts.s };
  }
}
