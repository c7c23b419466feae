/**
 * Moves the line. Pressed near an end it turns, near the line, or anywhere while the tool is chosen, it goes where the pointer is, along
 * the beam there. `modes.free` draws one anew: by dragging, or by one press for each end. Keys: arrows move and turn, with Shift further.
 */
import type { Mapping, Point } from "../../draw/mapping.ts";
import { canScrub } from "../../store.ts";
import type { Tool, Viewer } from "../feature.ts";
import type { Texts } from "./english.ts";
import { angleOf, beamThrough, canSlope, endsOf, lineIn, moved, turned } from "./plane.ts";
import { courseOf } from "./reader.ts";
import { type Line, modesOf, type PlanePoint } from "./state.ts";
import { STRIP_PANE, type StripPane } from "./strip-pane.ts";

/** How near the pointer must be (CSS px): a mouse, a finger. */
const REACH = { mouse: 8, touch: 20 } as const;
const HANDLE_REACH = { mouse: 12, touch: 26 } as const;

/** A press that moves less than this is a click (CSS px). */
const CLICK_PX = 4;

/** Least length of a line (picture pixels). */
const LEAST_LENGTH_PX = 8;

/** One key press turns by this (rad), moves by so many steps with Shift. */
const TURN_RAD = Math.PI / 180;
const FAR = 10;

export const LINE_TOOL = "modes";
export const FREE_TOOL = "modes.free";

type Held =
  | { what: "beam" }
  /** The end that is not moved. */
  | { what: "end"; end: 0 | 1; fixed: PlanePoint }
  | { what: "draw"; from: PlanePoint; at: Point }
  | { what: "scrub" }
  | { what: "pan"; last: Point; pane: string };

/** What the tool asks of the panes of a split stage. */
export interface PaneCommands {
  activate(id: string): void;
  /** Moves the picture of a pane by so many CSS px. @returns whether it is one of its own. */
  pan(id: string, dx: number, dy: number): boolean;
}

function distanceToSegment(point: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = ((point.x - a.x) * dx + (point.y - a.y) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - a.x - t * dx, point.y - a.y - t * dy);
}

const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

export class LineTool implements Tool {
  readonly #viewer: Viewer;
  readonly #texts: () => Texts;
  readonly #strip: StripPane;
  readonly #frameAt: (timeS: number) => number;
  readonly #panes: PaneCommands;
  #held: Held | null = null;
  #before: Line | null = null;
  /** First end of a free line that was set by a click. */
  #first: PlanePoint | null = null;

  constructor(
    viewer: Viewer,
    parts: {
      texts: () => Texts;
      strip: StripPane;
      frameAt: (timeS: number) => number;
      panes: PaneCommands;
    },
  ) {
    this.#viewer = viewer;
    this.#texts = parts.texts;
    this.#strip = parts.strip;
    this.#frameAt = parts.frameAt;
    this.#panes = parts.panes;
  }

  get #hasLine(): boolean {
    return modesOf(this.#viewer.store.state).mode !== "b";
  }

  /** Both ends on the stage; null without a picture. */
  endsOnStage(): readonly [Point, Point] | null {
    const { state } = this.#viewer.store;
    const mapping = this.#viewer.mapping();
    if (!state.image || !mapping) return null;
    const { plane, ends } = courseOf(state, state.image);
    return [mapping.toStage(plane.toPicture(ends[0])), mapping.toStage(plane.toPicture(ends[1]))];
  }

  cursor(point: Point): string | undefined {
    const { tool } = this.#viewer.store.state;
    const pane = this.#viewer.paneAt(point)?.id;
    if (pane === STRIP_PANE) {
      return canScrub(this.#viewer.store.state) && Number.isFinite(this.#strip.timeAt(point.x))
        ? "pointer"
        : undefined;
    }
    if (!this.#hasLine || pane !== "main") return undefined;
    if (tool === FREE_TOOL) return "crosshair";
    const near = this.#near(point, "mouse");
    if (near === "line") return "col-resize";
    return near === null ? undefined : "grab";
  }

  down(point: Point, event: PointerEvent): boolean {
    const { store } = this.#viewer;
    const { tool } = store.state;
    if (event.button !== 0 || this.#held) return false;
    const pane = this.#viewer.paneAt(point)?.id;
    if (pane === STRIP_PANE) return this.#scrub(point);
    if (pane !== undefined) this.#panes.activate(pane);
    if (pane !== undefined && pane !== "main") {
      this.#held = { what: "pan", last: point, pane };
      return true;
    }
    const mapping = this.#viewer.mapping();
    if (!this.#hasLine || !mapping || !store.state.image) return false;
    this.#before = modesOf(store.state).line;
    const { plane, ends } = courseOf(store.state, store.state.image);
    if (tool === FREE_TOOL) {
      const at = plane.toPlane(mapping.toPicture(point));
      this.#held = { what: "draw", from: this.#first ?? at, at: point };
      if (this.#first) this.#set({ kind: "free", from: this.#first, to: at });
      return true;
    }
    const near = this.#near(point, event.pointerType);
    if (near === null && tool !== LINE_TOOL) return false;
    if (near === 0 || near === 1) this.#held = { what: "end", end: near, fixed: ends[1 - near] };
    else {
      this.#held = { what: "beam" };
      this.#toBeam(point, mapping);
    }
    this.#viewer.redraw();
    return true;
  }

  move(point: Point): void {
    const held = this.#held;
    const { state } = this.#viewer.store;
    const mapping = this.#viewer.mapping();
    if (!held || !mapping || !state.image) return;
    if (held.what === "scrub") {
      this.#scrub(point);
      return;
    }
    if (held.what === "pan") {
      this.#panes.pan(held.pane, point.x - held.last.x, point.y - held.last.y);
      held.last = point;
      return;
    }
    if (held.what === "beam") {
      this.#toBeam(point, mapping);
      return;
    }
    const at = courseOf(state, state.image).plane.toPlane(mapping.toPicture(point));
    if (held.what === "draw") {
      if (this.#first || distance(point, held.at) >= CLICK_PX)
        this.#set({ kind: "free", from: held.from, to: at });
    } else if (held.end === 0) this.#set({ kind: "free", from: at, to: held.fixed });
    else this.#set({ kind: "free", from: held.fixed, to: at });
  }

  up(point: Point): void {
    const held = this.#held;
    this.#held = null;
    if (!held) return;
    if (held.what === "draw") {
      if (!this.#first && distance(point, held.at) < CLICK_PX) {
        this.#first = held.from;
        this.#viewer.redraw();
        return;
      }
      this.#first = null;
      this.#viewer.store.update({ tool: LINE_TOOL });
    }
    if (held.what === "draw" || held.what === "end" || held.what === "beam") this.announce();
    this.#viewer.redraw();
  }

  cancel(): void {
    const held = this.#held;
    this.#held = null;
    if (!held || held.what === "scrub" || held.what === "pan") return;
    if (this.#before) this.#set(this.#before);
  }

  key(event: KeyboardEvent): boolean {
    const { store } = this.#viewer;
    const { image } = store.state;
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#hasLine) return false;
    if (event.key === "Enter") {
      store.update({ tool: null });
      return true;
    }
    if (!image) return false;
    const { line } = modesOf(store.state);
    const { plane, beams } = courseOf(store.state, image);
    const steps = event.shiftKey ? FAR : 1;
    // As it is seen: a flipped picture has its left on the right.
    const mapping = this.#viewer.mapping();
    const mirrored = mapping ? mapping.matrix[0] < 0 || mapping.matrix[1] < 0 : false;
    const across = mirrored ? -steps : steps;
    const turn = (angle: number): Line => (canSlope(plane) ? turned(line, beams, angle) : line);
    const next: Partial<Record<string, () => Line>> = {
      ArrowLeft: () => moved(line, beams, plane, -across),
      ArrowRight: () => moved(line, beams, plane, across),
      ArrowUp: () => turn(across * TURN_RAD),
      ArrowDown: () => turn(-across * TURN_RAD),
      Home: () => ({ kind: "beam", at: null }),
    };
    const make = next[event.key];
    if (!make) return false;
    const made = make();
    if (made === line) return true;
    this.#set(made);
    this.announce();
    return true;
  }

  /** Draws the end that was set by a click, and waits for the other one. */
  get first(): PlanePoint | null {
    return this.#viewer.store.state.tool === FREE_TOOL ? this.#first : null;
  }

  /** The tool was put away. */
  forget(): void {
    this.#first = null;
  }

  /** Says where the line is. */
  announce(): void {
    const { state } = this.#viewer.store;
    if (!state.image) return;
    const { plane, beams, ends } = courseOf(state, state.image);
    const line = lineIn(plane, modesOf(state).line);
    const texts = this.#texts();
    const degrees = (angleOf(ends) * 180) / Math.PI;
    let text = texts.lineUncalibrated;
    if (line.kind === "free") text = texts.lineFree(degrees);
    else if (plane.calibrated)
      text =
        beams.kind === "sector" ? texts.lineAngle(degrees) : texts.lineAt(endsOf(line, beams)[0][0] * 1000);
    this.#viewer.announce(text);
  }

  #near(point: Point, pointerType: string): 0 | 1 | "line" | null {
    const { state } = this.#viewer.store;
    const ends = this.endsOnStage();
    if (!ends || !state.image) return null;
    const { plane } = courseOf(state, state.image);
    const kind = pointerType === "mouse" ? "mouse" : "touch";
    const [from, to] = [distance(point, ends[0]), distance(point, ends[1])];
    if (canSlope(plane) && Math.min(from, to) <= HANDLE_REACH[kind]) return from <= to ? 0 : 1;
    return distanceToSegment(point, ...ends) <= REACH[kind] ? "line" : null;
  }

  #toBeam(point: Point, mapping: Mapping): void {
    const { state } = this.#viewer.store;
    if (!state.image) return;
    const { plane, beams } = courseOf(state, state.image);
    this.#set({ kind: "beam", at: beamThrough(beams, plane.toPlane(mapping.toPicture(point))) });
  }

  #set(line: Line): void {
    const { image } = this.#viewer.store.state;
    if (line.kind === "beam" || !image) {
      this.#viewer.store.updateFeature("modes", { line });
      return;
    }
    const { plane } = courseOf(this.#viewer.store.state, image);
    // Two ends in one place are no line.
    if (distance(plane.toPicture(line.from), plane.toPicture(line.to)) < LEAST_LENGTH_PX) return;
    this.#viewer.store.updateFeature("modes", { line: lineIn(plane, line) });
  }

  #scrub(point: Point): boolean {
    if (!canScrub(this.#viewer.store.state)) return false;
    const timeS = this.#strip.timeAt(point.x);
    if (!Number.isFinite(timeS)) return this.#held?.what === "scrub";
    this.#held = { what: "scrub" };
    this.#viewer.commands.show(this.#frameAt(timeS));
    return true;
  }
}
