/** What a person put on the picture. Immutable: an edit makes a new list, and the old one is what undo goes back to. */
import type { Anchor } from "./space.ts";

/** Figures by points, and how many; 0: three or more. */
export const POINTS = {
  distance: 2,
  ellipse: 3,
  trace: 0,
  angle: 3,
  time: 2,
  slope: 2,
  "heart-rate": 2,
  text: 1,
  arrow: 2,
} as const satisfies Readonly<Record<string, number>>;

export type FigureKind = keyof typeof POINTS;

/** Pictograms of body marks. */
export const MARKS = ["torso", "neck", "breasts", "heart", "uterus", "leg"] as const;
export type MarkName = (typeof MARKS)[number];

/** The frame of what was measured on a frame that is not stored any more. */
export const GONE = -1;

interface Common {
  /** Counts up from 1: also the number on the picture. */
  readonly id: number;
  /** Given by a person; empty: none. For text, the text. */
  readonly name: string;
  /** The picture it lies on: `main`, or that of a feature. */
  readonly pane: string;
  /** What that showed, where it is a feature's (`Pane.content`): of this viewer's life, and never written. */
  readonly content?: string;
  /** The stored frame it belongs to; null: all of them. */
  readonly frame: number | null;
  /** It cannot be moved or deleted. */
  readonly locked: boolean;
}

export interface Figure extends Common {
  readonly kind: FigureKind;
  /** Ellipse: ends of one axis, end of the other. Angle: an arm, the vertex, an arm. Arrow: the tip, the tail. */
  readonly points: readonly Anchor[];
  /** Heart rate: beats between the points. */
  readonly beats?: number;
}

/** An ellipsoid: of three distances, or of two ellipses in planes through its long axis. */
export interface Volume extends Common {
  readonly kind: "volume";
  /** Ids of what it is made of. */
  readonly of: readonly number[];
}

/** A pictogram of the body and where the probe is on it. */
export interface BodyMark extends Common {
  readonly kind: "body-mark";
  readonly mark: MarkName;
  /** Its centre, in parts of the picture's room. */
  readonly at: readonly [u: number, v: number];
  /** The probe on it, in parts of its size from its top left corner, and the direction of its marker, from x towards y. */
  readonly probe: readonly [u: number, v: number];
  readonly angleRad: number;
}

export type Item = Figure | Volume | BodyMark;
export type ItemKind = Item["kind"];

const NOTES: ReadonlySet<ItemKind> = new Set(["text", "arrow", "body-mark"]);

/** It says something and measures nothing. */
export function isNote({ kind }: { kind: ItemKind }): boolean {
  return NOTES.has(kind);
}

export function isFigure(item: Item): item is Figure {
  return item.kind !== "volume" && item.kind !== "body-mark";
}

/** It is drawn on this frame. */
export function isOn(item: Pick<Item, "frame">, frame: number): boolean {
  return item.frame === null || item.frame === frame;
}

/** Without these, and without what is made of them. */
export function without(items: readonly Item[], ids: ReadonlySet<number>): readonly Item[] {
  return items.filter(
    (item) => !ids.has(item.id) && !(item.kind === "volume" && item.of.some((id) => ids.has(id))),
  );
}
