/** Draws what was measured, and what is being set, on each picture of the stage. */
import type { Box } from "../../draw/layout.ts";
import type { Scene, Viewer } from "../feature.ts";
import {
  drawCross,
  drawDraft,
  drawItems,
  drawLoupe,
  drawResults,
  type ResultLine,
  textBoxes,
} from "./draw.ts";
import type { MeasureTexts } from "./english.ts";
import { handlesOf, markCentre } from "./figure.ts";
import { type Ground, groundsOf, liesOn, MAIN, stagePoints } from "./ground.ts";
import type { Handling } from "./handling.ts";
import { type Figure, type FigureKind, type Item, isNote, isOn, POINTS } from "./item.ts";
import type { Measurements } from "./measurements.ts";
import { shownResult } from "./result-text.ts";
import type { Anchor } from "./space.ts";

export interface PainterParts {
  readonly viewer: Viewer;
  readonly measurements: Measurements;
  readonly handling: Handling;
  /** What the chosen tool sets; null: none is chosen. */
  kind(): FigureKind | "select" | null;
  texts(): MeasureTexts;
  /** Where the bar that says what to do next lies on the stage. */
  bar(): Box | null;
}

export class MeasurePainter {
  readonly #parts: PainterParts;

  constructor(parts: PainterParts) {
    this.#parts = parts;
  }

  /** Also into pictures that are kept: `kept` leaves out what is only for working. */
  draw(scene: Scene & { pane?: string }): void {
    const { context, mapping, kept = false, pane = MAIN } = scene;
    const ground = this.#groundOf(scene, pane);
    const working = !kept && this.#parts.kind() !== null;
    const items = this.#parts.handling.items.filter(
      (item) => liesOn(item, ground) && isOn(item, scene.state.position),
    );
    context.font = scene.ink.font.replace(/^\S+/, "600");
    context.save();
    context.beginPath();
    const { room } = mapping;
    context.rect(room.x, room.y, room.width, room.height);
    context.clip();
    const marks = (): void => this.#drawMarks(context, items, ground, working);
    const drafted = working ? this.#draftedOn(ground) : [];
    const points = [
      ...items.flatMap((item) =>
        item.kind === "body-mark" ? [markCentre(item, ground)] : handlesOf(item, ground),
      ),
      ...(stagePoints(drafted, ground) ?? []),
    ];
    const { texts, bar } = this.#parts;
    drawResults(scene, this.#resultLines(items, working, ground), points, texts().more, kept ? null : bar());
    marks();
    context.restore();
    if (kept) return;
    this.#parts.handling.texts.set(ground.id, textBoxes(context, items, ground));
    const loupe = this.#parts.handling.loupe(ground);
    const picture = this.#parts.viewer.host.shadowRoot?.querySelector<HTMLCanvasElement>("canvas.picture");
    if (loupe && picture) drawLoupe(scene, loupe, picture, marks);
  }

  #drawMarks(
    context: CanvasRenderingContext2D,
    items: readonly Item[],
    ground: Ground,
    working: boolean,
  ): void {
    const { selected } = this.#parts.measurements.state;
    drawItems(context, items, ground, { selected, hover: this.#parts.handling.hover, handles: working });
    if (!working) return;
    const drafted = this.#draftedOn(ground);
    if (drafted.length) drawDraft(context, this.#parts.kind() as FigureKind, drafted, ground);
    const cross = this.#parts.handling.cross(ground);
    if (cross) drawCross(context, cross, ground);
  }

  /** The picture that is drawn on, with what the pane says of it. */
  #groundOf({ image, mapping }: Scene, pane: string): Ground {
    const shown = pane === MAIN ? undefined : groundsOf(this.#parts.viewer).find(({ id }) => id === pane);
    return { id: pane, image, mapping, content: shown?.content, follows: shown?.follows };
  }

  /** Points on this picture of the figure that is being set. */
  #draftedOn(ground: Ground): readonly Anchor[] {
    const drafted = this.#parts.handling.drafted;
    return drafted?.pane === ground.id ? drafted.points : [];
  }

  /** Results of what is drawn on a picture, and of the figure that is being set on it. */
  #resultLines(items: readonly Item[], working: boolean, { id }: Ground): readonly ResultLine[] {
    const { selected } = this.#parts.measurements.state;
    const all = this.#parts.handling.items;
    const lines = items.flatMap((item) => {
      if (isNote(item)) return [];
      const shown = shownResult(item, this.#parts.measurements.resultOf(item, all), this.#parts.texts());
      return [{ ...shown, number: String(item.id), chosen: working && item.id === selected }];
    });
    const drafted = working && this.drafting;
    if (!drafted || drafted.pane !== id) return lines;
    const shown = shownResult(drafted, this.#parts.measurements.resultOf(drafted, all), this.#parts.texts());
    return [...lines, { ...shown, number: "·", chosen: true }];
  }

  /** What is being set as an item, once it measures something. */
  get drafting(): Figure | null {
    const drafted = this.#parts.handling.drafted;
    const kind = this.#parts.kind();
    if (!drafted || kind === null || kind === "select" || isNote({ kind })) return null;
    if (drafted.points.length < (POINTS[kind] || 3)) return null;
    const { pane, points } = drafted;
    const content = groundsOf(this.#parts.viewer).find(({ id }) => id === pane)?.content;
    return { kind, id: 0, name: "", locked: false, frame: null, pane, content, points };
  }
}
