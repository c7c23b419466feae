/**
 * How the picture lies on the stage: what a person turned, flipped, zoomed and moved. The picture's data stay as they are.
 * The words of the attributes `flip` and `rotate` are those of a person before the picture; inside they are mirrors of the
 * picture before it is turned.
 */

export interface View {
  /** 1: the whole picture fits. */
  zoom: number;
  /** Point of the picture at the middle of its room, in parts of its width and height, from its top left corner. */
  centre: readonly [u: number, v: number];
  /** Mirrored left to right, before it is turned. */
  flipX: boolean;
  /** Mirrored top to bottom, before it is turned. */
  flipY: boolean;
  /** Turned clockwise by so many right angles. */
  quarterTurns: 0 | 1 | 2 | 3;
}

/** How a picture lies, wherever it is looked at. */
export type Lie = Pick<View, "flipX" | "flipY" | "quarterTurns">;

export const WHOLE_VIEW: View = { zoom: 1, centre: [0.5, 0.5], flipX: false, flipY: false, quarterTurns: 0 };

export const ZOOM_LIMITS = [1, 16] as const;

/** The two ways to flip, as the attribute spells them. */
export const FLIPS = ["left-right", "top-bottom"] as const;
export type Flip = (typeof FLIPS)[number];

/** The picture is not shown as it was recorded. */
export function isChanged({ flipX, flipY, quarterTurns }: View): boolean {
  return flipX || flipY || quarterTurns !== 0;
}

export function isZoomed({ zoom }: View): boolean {
  return zoom > 1 + 1e-6;
}

/** Zoomed to this, keeping a point of the picture where it is. */
export function zoomedTo(view: View, wanted: number, [u, v]: readonly [number, number] = view.centre): View {
  const zoom = Math.min(ZOOM_LIMITS[1], Math.max(ZOOM_LIMITS[0], wanted));
  const kept = view.zoom / zoom;
  const [centreU, centreV] = view.centre;
  return { ...view, zoom, centre: [u + (centreU - u) * kept, v + (centreV - v) * kept] };
}

/** Flipped as it is seen: what a turned picture has on its left and right is not what it was recorded with. */
export function flipped(view: View, flip: Flip): View {
  const lying = view.quarterTurns % 2 === 1;
  return (flip === "left-right") !== lying
    ? { ...view, flipX: !view.flipX }
    : { ...view, flipY: !view.flipY };
}

/** Turned clockwise by so many right angles more; negative: back. */
export function turned(view: View, quarters: number): View {
  return { ...view, quarterTurns: ((view.quarterTurns + (quarters % 4) + 4) % 4) as View["quarterTurns"] };
}

/** How it lies, without where it is looked at. */
export function lieOf({ flipX, flipY, quarterTurns }: View): Lie {
  return { flipX, flipY, quarterTurns };
}

/** Both lie the same. */
export function sameLie(a: Lie, b: Lie): boolean {
  return a.flipX === b.flipX && a.flipY === b.flipY && a.quarterTurns === b.quarterTurns;
}

/** The attribute `flip` of a view. */
export function flipText({ flipX, flipY }: Lie): string {
  return FLIPS.filter((_, i) => [flipX, flipY][i]).join(" ");
}

/** The right angles of an attribute `rotate`; undefined for what is none of them. */
export function turnsOf(degrees: unknown): View["quarterTurns"] | undefined {
  return ([0, 1, 2, 3] as const).find((turns) => turns * 90 === degrees);
}

/** The mirrors that an attribute asks for; undefined for words that are none. */
export function flipsOf(text: string): Pick<View, "flipX" | "flipY"> | undefined {
  const words = text.trim().split(/\s+/).filter(Boolean);
  if (!words.every((word) => FLIPS.some((flip) => flip === word))) return undefined;
  return { flipX: words.includes(FLIPS[0]), flipY: words.includes(FLIPS[1]) };
}
