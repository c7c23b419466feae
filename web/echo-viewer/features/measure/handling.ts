/**
 * The pointer and the keys on the picture. A click sets a point, and so does lifting a finger: while it lies on the screen a loupe shows
 * what is under it. Where two points make a line it can be dragged out with a mouse; an outline can be drawn with anything. The arrows
 * move a crosshair that does the same with Enter.
 *
 * What follows the pointer is kept here and not in the store: it changes with every move, and ends with the next click.
 */
import type { Point } from "../../draw/mapping.ts";
import type { Tool } from "../feature.ts";
import { handlesOf, hitAt, moved, settled, type TextBoxes } from "./figure.ts";
import { distance, withoutOvershoot } from "./geometry.ts";
import { anchorAt, type Ground, liesOn, stageOf } from "./ground.ts";
import { type FigureKind, type Item, isOn, POINTS } from "./item.ts";
import type { Anchor } from "./space.ts";

/** How near is on it (CSS px): half of 24, and of 44 for fingers. */
const REACH = { mouse: 12, touch: 22 };
/** A press that moves further is a drag (CSS px). */
const DRAG = 5;
/** Distance between the points of an outline drawn by hand (CSS px). */
const SPACING = 3;
/** Steps of the crosshair (CSS px). */
const STEP = 1;
const BIG_STEP = 10;

/** What the handling asks of the feature. */
export interface Desk {
  /** What is being set, as `select` or a figure; null: the tool is another feature's. */
  tool(): FigureKind | "select" | null;
  grounds(): readonly Ground[];
  items(): readonly Item[];
  selected(): number | null;
  /** Points set so far, and where. */
  draft(): { points: readonly Anchor[]; pane: string } | null;
  frame(): number;
  /** Sets the next point of the figure; the last one completes it. */
  setPoint(anchor: Anchor, ground: Ground): void;
  /** An outline is begun by hand: what plays stands still. */
  beginOutline(): void;
  /** Puts a whole outline in place. */
  setOutline(points: readonly Anchor[], ground: Ground): void;
  finish(): boolean;
  removePoint(): boolean;
  giveUp(): boolean;
  select(id: number | null): void;
  change(item: Item): void;
  /** Draws again. */
  redraw(): void;
  /** The crosshair or what it holds has moved; `null`: it took hold of nothing. */
  say(what: "moved" | "held" | "put-down" | "given-up" | "nothing" | "locked", item?: Item): void;
}

interface Press {
  readonly id: number;
  readonly ground: Ground;
  readonly start: Point;
  readonly touch: boolean;
  /** The press began a figure: moved, it sets the second point as well. */
  readonly began: boolean;
  dragged: boolean;
  /** An outline drawn by hand so far. */
  trail: Anchor[] | null;
}

/** An item that is being moved. */
export interface Hold {
  readonly item: Item;
  readonly handle: number | null;
  readonly from: Point;
  readonly ground: Ground;
  /** By a finger, which hides what it holds. */
  readonly touch: boolean;
  now: Item;
}

export class Handling implements Tool {
  readonly #desk: Desk;
  #press: Press | null = null;
  #hold: Hold | null = null;
  #hover: { item: Item; handle: number | null } | null = null;
  #floating: { anchor: Anchor; ground: string } | null = null;
  #loupe: { point: Point; ground: string } | null = null;
  /** The crosshair of the keyboard, as a place of the picture that it stays on. */
  #cross: { anchor: Anchor; ground: string } | null = null;
  /** Where texts were drawn last, by picture. */
  readonly texts = new Map<string, TextBoxes>();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The item being moved, as it is now, in the place of the one in the list. */
  get items(): readonly Item[] {
    const hold = this.#hold;
    const items = this.#desk.items();
    return hold ? items.map((item) => (item.id === hold.item.id ? hold.now : item)) : items;
  }

  /** Points of the figure being set, and the one that follows the pointer. */
  get drafted(): { points: readonly Anchor[]; pane: string } | null {
    const tool = this.#desk.tool();
    if (tool === null || tool === "select") return null;
    const draft = this.#desk.draft();
    const trail = this.#press?.trail;
    const floating = this.#hold ? null : this.#floating;
    const pane = draft?.pane ?? this.#press?.ground.id ?? floating?.ground;
    if (pane === undefined) return null;
    const points = [
      ...(draft?.points ?? []),
      ...(trail ?? (floating?.ground === pane ? [floating.anchor] : [])),
    ];
    return { pane, points };
  }

  get hover(): { item: Item; handle: number | null } | null {
    return this.#hold ?? this.#hover;
  }

  /** Centre of what the loupe shows of a picture (CSS px); null: there is none. */
  loupe(ground: Ground): Point | null {
    return this.#loupe?.ground === ground.id ? this.#loupe.point : null;
  }

  /** Where the keyboard's crosshair is; null: it is not used. */
  cross(ground: Ground): Point | null {
    return this.#cross?.ground === ground.id ? stageOf(this.#cross.anchor, ground) : null;
  }

  get crossAnchor(): Anchor | null {
    return this.#cross?.anchor ?? null;
  }

  /** Forgets what it was doing. */
  reset(): void {
    this.#press = this.#hold = this.#hover = this.#floating = this.#loupe = this.#cross = null;
    this.#desk.redraw();
  }

  cursor(point: Point): string | undefined {
    const tool = this.#desk.tool();
    if (tool === null) return undefined;
    const hit = this.#desk.draft() ? null : this.#hitAt(point, false);
    if (hit && (tool === "select" || hit.handle !== null)) return hit.item.locked ? "not-allowed" : "move";
    if (tool === "select") return undefined;
    const draft = this.#desk.draft();
    return draft && !this.#groundAt(point, draft.pane) ? "not-allowed" : "crosshair";
  }

  down(point: Point, event: PointerEvent): boolean {
    const tool = this.#desk.tool();
    if (tool === null) return false;
    const touch = event.pointerType === "touch";
    if (this.#press || this.#hold?.ground) {
      // A second finger: the two of them move the picture.
      this.cancel();
      return false;
    }
    if (event.button !== 0) return false;
    this.#cross = null;
    const draft = this.#desk.draft();
    const hit = draft ? null : this.#hitAt(point, touch);
    if (hit && (tool === "select" || hit.handle !== null)) {
      this.#desk.select(hit.item.id);
      if (hit.item.locked) {
        this.#desk.say("locked", hit.item);
        return true;
      }
      const ground = this.#groundOf(hit.item.pane)!;
      this.#hold = { ...hit, from: point, ground, touch, now: hit.item };
      this.#magnify(this.#hold);
      this.#desk.redraw();
      return true;
    }
    if (tool === "select") {
      this.#desk.select(null);
      return false;
    }
    const ground = this.#groundAt(point, draft?.pane);
    // A press on another picture sets no point, nor moves that picture meanwhile.
    if (!ground) return draft !== null;
    const began = !touch && tool !== "trace" && !draft && POINTS[tool] > 1;
    if (began) this.#desk.setPoint(anchorAt(point, ground), ground);
    this.#press = { id: event.pointerId, ground, start: point, touch, began, dragged: false, trail: null };
    this.#follow(point);
    return true;
  }

  move(point: Point, _event: PointerEvent): void {
    const tool = this.#desk.tool();
    if (tool === null) return;
    const hold = this.#hold;
    if (hold) {
      // What the keyboard holds is the keyboard's.
      if (this.#cross) return;
      hold.now = moved(hold.item, hold.handle, hold.from, point, hold.ground);
      this.#magnify(hold);
      this.#desk.redraw();
      return;
    }
    const press = this.#press;
    if (!press) {
      this.#cross = null;
      const draft = this.#desk.draft();
      this.#hover = draft ? null : this.#hitAt(point, false);
      const ground = this.#groundAt(point, draft?.pane);
      const sets = tool !== "select" && ground && !(this.#hover && this.#hover.handle !== null);
      this.#floating = sets ? { anchor: anchorAt(point, ground), ground: ground.id } : null;
      this.#desk.redraw();
      return;
    }
    if (distance(point, press.start) > DRAG) press.dragged = true;
    if (tool === "trace" && press.dragged) this.#trace(press, point);
    this.#follow(point);
  }

  up(point: Point, event: PointerEvent): void {
    const hold = this.#hold;
    if (hold) {
      this.#hold = this.#loupe = null;
      if (hold.now !== hold.item && distance(hold.from, point) > 0) this.#desk.change(hold.now);
      this.#desk.redraw();
      return;
    }
    const press = this.#press;
    this.#press = this.#loupe = null;
    if (!press || press.id !== event.pointerId) return;
    if (press.trail) {
      const before = this.#desk.draft()?.points ?? [];
      const trail = [...before, ...press.trail];
      this.#desk.setOutline(this.#cut(trail, press.ground), press.ground);
    } else if (!press.began || press.dragged) this.#set(anchorAt(point, press.ground), press.ground);
    if (press.touch) this.#floating = null;
    this.#desk.redraw();
  }

  cancel(): void {
    this.#press = this.#hold = this.#loupe = this.#floating = null;
    this.#desk.redraw();
  }

  key({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    const tool = this.#desk.tool();
    if (tool === null || ctrlKey || metaKey || altKey) return false;
    const step = shiftKey ? BIG_STEP : STEP;
    switch (key) {
      case "ArrowLeft":
        return this.#step(-step, 0);
      case "ArrowRight":
        return this.#step(step, 0);
      case "ArrowUp":
        return this.#step(0, -step);
      case "ArrowDown":
        return this.#step(0, step);
      case "Enter":
        return this.#enter(tool);
      case "Backspace":
        return this.#desk.removePoint();
      case "Escape":
        return this.#escape();
      default:
        // Who begins to type before the text has its place means none of the keys' actions.
        return tool === "text" && /^\p{L}$/u.test(key);
    }
  }

  /** Shows the crosshair where it would begin, so that Enter sets the first point. */
  aim(): void {
    const tool = this.#desk.tool();
    if (tool && tool !== "select" && !this.#cross) this.#step(0, 0, false);
  }

  /** Puts the crosshair on the next handle of what is selected, or of all there is. */
  nextHandle(): void {
    const shown = this.#shown();
    const chosen = shown.filter(({ id }) => id === this.#desk.selected());
    const places = (chosen.length ? chosen : shown).flatMap((item) => {
      const ground = this.#groundOf(item.pane)!;
      return handlesOf(item, ground).map((point) => ({ point, ground, item }));
    });
    if (!places.length) return;
    const at = this.#cross && this.#groundOf(this.#cross.ground);
    const here = at && this.cross(at);
    const index = here ? places.findIndex(({ point }) => distance(point, here) < 0.01) : -1;
    const { point, ground, item } = places[(index + 1) % places.length];
    this.#cross = { anchor: anchorAt(point, ground), ground: ground.id };
    this.#desk.select(item.id);
    this.#desk.redraw();
    this.#desk.say("moved");
  }

  #shown(): readonly Item[] {
    const frame = this.#desk.frame();
    const grounds = this.#desk.grounds();
    return this.#desk
      .items()
      .filter((item) => isOn(item, frame) && grounds.some((ground) => liesOn(item, ground)));
  }

  #groundOf(id: string): Ground | undefined {
    return this.#desk.grounds().find((ground) => ground.id === id);
  }

  /**
   * The picture a place belongs to: the one whose room it is in, or the one that a figure was begun on, `pane`, where there is none. A figure
   * has no points in other pictures.
   */
  #groundAt({ x, y }: Point, pane: string | undefined): Ground | undefined {
    const here = this.#desk
      .grounds()
      .find(
        ({ mapping: { room } }) =>
          x >= room.x && y >= room.y && x <= room.x + room.width && y <= room.y + room.height,
      );
    if (pane === undefined) return here;
    return !here || here.id === pane ? this.#groundOf(pane) : undefined;
  }

  #hitAt(point: Point, touch: boolean): { item: Item; handle: number | null } | null {
    const ground = this.#groundAt(point, undefined);
    if (!ground) return null;
    const items = this.#shown().filter(({ pane }) => pane === ground.id);
    const reach = touch ? REACH.touch : REACH.mouse;
    return hitAt(point, items, ground, reach, this.#desk.selected(), this.texts.get(ground.id));
  }

  /** The point to be set is where the pointer is. */
  #follow(point: Point): void {
    const press = this.#press!;
    const follows = !press.began || press.dragged;
    this.#floating = follows ? { anchor: anchorAt(point, press.ground), ground: press.ground.id } : null;
    this.#loupe = press.touch ? { point, ground: press.ground.id } : null;
    this.#desk.redraw();
  }

  /** The loupe is over the handle that a finger holds. */
  #magnify({ touch, handle, now, ground }: Hold): void {
    const point = touch && handle !== null ? handlesOf(now, ground)[handle] : undefined;
    this.#loupe = point ? { point, ground: ground.id } : null;
  }

  #trace(press: Press, point: Point): void {
    if (!press.trail) {
      this.#desk.beginOutline();
      press.trail = [anchorAt(press.start, press.ground)];
    }
    const last = stageOf(press.trail[press.trail.length - 1], press.ground);
    if (!last || distance(last, point) >= SPACING) press.trail.push(anchorAt(point, press.ground));
  }

  /** Without the part of its end that ran over its beginning. */
  #cut(trail: readonly Anchor[], ground: Ground): readonly Anchor[] {
    const places = trail.map((anchor) => ({ ...stageOf(anchor, ground)!, anchor }));
    const kept = withoutOvershoot(places) as typeof places;
    return kept.map(({ anchor }) => anchor);
  }

  /** Sets a point. An outline is finished where it began, or where its last point was set. */
  #set(anchor: Anchor, ground: Ground): void {
    const points = this.#desk.draft()?.points ?? [];
    const near = (other: Anchor | undefined, reach: number): boolean => {
      const [a, b] = [stageOf(anchor, ground), other && stageOf(other, ground)];
      return Boolean(a && b && distance(a, b) < reach);
    };
    const last = points[points.length - 1];
    if (
      this.#desk.tool() === "trace" &&
      points.length > 2 &&
      (near(points[0], REACH.mouse) || near(last, 2))
    ) {
      this.#desk.finish();
      return;
    }
    // A figure without length is a click too many.
    if (near(last, 2)) return;
    const kind = this.#desk.tool() as FigureKind;
    const all = settled(kind, [...points, anchor], ground);
    this.#desk.setPoint(all[all.length - 1], ground);
  }

  #step(dx: number, dy: number, aloud = true): boolean {
    const draft = this.#desk.draft();
    const wanted = draft?.pane ?? this.#hold?.ground.id ?? this.#cross?.ground;
    const grounds = this.#desk.grounds();
    const ground = grounds.find(({ id }) => id === wanted) ?? grounds[0];
    if (!ground) return false;
    const { box, room } = ground.mapping;
    const last = draft?.points[draft.points.length - 1];
    const from = this.cross(ground) ??
      (last && stageOf(last, ground)) ?? {
        x: Math.max(box.x, room.x) + Math.min(box.width, room.width) / 2,
        y: Math.max(box.y, room.y) + Math.min(box.height, room.height) / 2,
      };
    const to = {
      x: Math.min(room.x + room.width, Math.max(room.x, from.x + dx)),
      y: Math.min(room.y + room.height, Math.max(room.y, from.y + dy)),
    };
    const anchor = anchorAt(to, ground);
    this.#cross = { anchor, ground: ground.id };
    const hold = this.#hold;
    if (hold) hold.now = moved(hold.item, hold.handle, hold.from, stageOf(anchor, ground) ?? to, ground);
    this.#floating = this.#desk.tool() === "select" || hold ? null : { anchor, ground: ground.id };
    this.#hover = null;
    this.#desk.redraw();
    if (aloud) this.#desk.say("moved");
    return true;
  }

  #enter(tool: FigureKind | "select"): boolean {
    const hold = this.#hold;
    if (hold) {
      this.#hold = null;
      if (hold.now !== hold.item) this.#desk.change(hold.now);
      this.#desk.say("put-down", hold.now);
      this.#desk.redraw();
      return true;
    }
    const cross = this.#cross;
    const ground = cross && this.#groundOf(cross.ground);
    const point = ground && this.cross(ground);
    if (!cross || !ground || !point) {
      // The first press shows where the crosshair is.
      return this.#step(0, 0);
    }
    if (tool !== "select") {
      this.#set(cross.anchor, ground);
      return true;
    }
    const hit = this.#hitAt(point, false);
    if (!hit) this.#desk.say("nothing");
    else {
      this.#desk.select(hit.item.id);
      if (hit.item.locked) this.#desk.say("locked", hit.item);
      else {
        this.#hold = { ...hit, from: point, ground, touch: false, now: hit.item };
        this.#desk.say("held", hit.item);
      }
    }
    this.#desk.redraw();
    return true;
  }

  #escape(): boolean {
    if (this.#hold || this.#press) {
      this.cancel();
      this.#desk.say("given-up");
      return true;
    }
    return this.#desk.giveUp();
  }
}
