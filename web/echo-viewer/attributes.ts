/** How attributes and the state become each other. */
import { modesOf } from "./features/modes/state.ts";
import type { ViewerState } from "./store.ts";
import { flipText, isZoomed } from "./view.ts";

/** Attributes that tell the state; null: absent. Values that nobody chose are not written into the page. */
export const MIRRORED: readonly (readonly [
  attribute: string,
  read: (state: ViewerState) => string | null,
])[] = [
  ["src", (state) => state.src],
  ["probe", (state) => state.probe],
  ["protocol", (state) => state.protocol],
  ["frozen", (state) => (state.frozen ? "" : null)],
  ["gain", (state) => textOf(state.gainDb)],
  ["dynamic-range", (state) => textOf(state.dynamicRangeDb)],
  ["depth", (state) => textOf(millimetres(state.depthM))],
  ["grey-map", ({ adjusted }) => adjusted.display?.greyMap ?? null],
  ["tgc", ({ adjusted }) => adjusted.display?.tgcDb?.join(",") ?? null],
  ["persistence", ({ adjusted }) => textOf(adjusted.display?.persistence ?? null)],
  ["smoothing", ({ adjusted }) => textOf(adjusted.display?.smoothing ?? null)],
  ["preset", (state) => state.preset],
  ["mode", (state) => (modesOf(state).mode === "b" ? null : modesOf(state).mode)],
  ["split", (state) => (modesOf(state).split === 1 ? null : String(modesOf(state).split))],
  ["zoom", ({ view }) => (isZoomed(view) ? String(view.zoom) : null)],
  ["flip", ({ view }) => flipText(view) || null],
  ["rotate", ({ view }) => textOf(view.quarterTurns * 90 || null)],
  ["nohotkeys", ({ keysOff }) => (keysOff ? "" : null)],
  ["privacy", ({ privacy }) => (privacy ? "" : null)],
  ["speed", (state) => (state.speed === 1 ? null : String(state.speed))],
  ["cine-memory", (state) => textOf(state.cineBytes === null ? null : state.cineBytes / 1e6)],
  ["auto-freeze", (state) => textOf(state.autoFreezeS)],
  ["quality", (state) => (state.quality === "auto" ? null : state.quality)],
  ["repeat", (state) => (state.repeat === "loop" ? null : state.repeat)],
];

function textOf(value: number | null): string | null {
  return value === null ? null : String(value);
}

/** Metres as millimetres, without the noise of the multiplication. */
export function millimetres<Metres extends number | null>(metres: Metres): Metres {
  return (metres === null ? null : Number((metres * 1000).toFixed(3))) as Metres;
}

/** A number from an attribute; text that is none goes on as it is, to be refused by the property. */
export function numberFrom(text: string | null): number | string | null {
  if (text === null) return null;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : text;
}

/** Numbers from an attribute, parted by commas; text that is no list of them goes on as it is. */
export function numbersFrom(text: string | null): readonly number[] | string | null {
  const values = text?.split(",").map(numberFrom);
  return values?.every((value) => typeof value === "number") ? (values as number[]) : text;
}

/** What JSON text says, undefined where it is none; another value is itself. */
export function fromJson(value: unknown): unknown {
  try {
    return typeof value === "string" ? JSON.parse(value) : value;
  } catch {
    // It is refused by the property that it was given to.
    return undefined;
  }
}
