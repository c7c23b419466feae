/** Reads measurements that a page gives: nothing is trusted. */
import { SondeError } from "../../../../host/index.ts";
import { type FigureKind, GONE, type Item, MARKS, type MarkName, POINTS } from "./item.ts";
import type { Anchor, Space } from "./space.ts";

/** More than any examination has; a page that gives more made a mistake. */
const MOST_ITEMS = 1000;
const MOST_POINTS = 5000;
const LONGEST_NAME = 500;

type Fields = Readonly<Record<string, unknown>>;

function refuse(what: string, value: unknown): never {
  const text = JSON.stringify(value)?.slice(0, 80) ?? String(value);
  throw new SondeError("bad-option", `measurements: ${what}, not ${text}.`, {
    fields: { measurements: text },
  });
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    refuse(`${what} must be an object`, value);
  return value as Fields;
}

function listOf(value: unknown, what: string, most: number): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most)
    refuse(`${what} must be a list of at most ${most}`, value);
  return value;
}

function numberOf(value: unknown, what: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) refuse(`${what} must be a number`, value);
  return value;
}

/** A whole number from `least` on. */
function countOf(value: unknown, what: string, least: number): number {
  if (!Number.isSafeInteger(value) || (value as number) < least)
    refuse(`${what} must be a whole number from ${least}`, value);
  return value as number;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== "string" || value.length > LONGEST_NAME)
    refuse(`${what} must be a text of at most ${LONGEST_NAME} letters`, value);
  return value;
}

function pairOf(value: unknown, what: string): [number, number] {
  const list = listOf(value, what, 2);
  return [numberOf(list[0], what), numberOf(list[1], what)];
}

/** @throws SondeError where there would be more than can be read again */
export function checkCount(count: number): void {
  if (count > MOST_ITEMS) refuse(`there may be at most ${MOST_ITEMS}`, count);
}

const SPACES: readonly unknown[] = ["tissue", "m-mode", "picture"] satisfies Space[];

function anchorOf(value: unknown): Anchor {
  const { space, region, x, y } = fieldsOf(value, "a point");
  if (!SPACES.includes(space)) refuse("space must be tissue, m-mode or picture", space);
  return {
    space: space as Space,
    region: countOf(region ?? 0, "region", 0),
    x: numberOf(x, "x"),
    y: numberOf(y, "y"),
  };
}

function itemOf(value: unknown): Item {
  const fields = fieldsOf(value, "a measurement");
  const { kind, name = "", pane = "main", frame = null, locked = false } = fields;
  const common = {
    id: countOf(fields.id, "id", 1),
    name: textOf(name, "name"),
    pane: textOf(pane, "pane"),
    frame: frame === null ? null : countOf(frame, "frame", GONE),
    locked: locked === true,
  };
  if (kind === "volume") {
    const of = listOf(fields.of, "of", 3).map((id) => countOf(id, "an id in of", 1));
    return { ...common, kind, of };
  }
  if (kind === "body-mark") {
    if (!MARKS.includes(fields.mark as MarkName))
      refuse(`mark must be one of ${MARKS.join(", ")}`, fields.mark);
    return {
      ...common,
      kind,
      mark: fields.mark as MarkName,
      at: pairOf(fields.at, "at"),
      probe: pairOf(fields.probe, "probe"),
      angleRad: numberOf(fields.angleRad, "angleRad"),
    };
  }
  if (typeof kind !== "string" || !Object.hasOwn(POINTS, kind)) refuse("kind is unknown", kind);
  const figure = kind as FigureKind;
  const points = listOf(fields.points, "points", MOST_POINTS).map(anchorOf);
  const wanted = POINTS[figure];
  if (wanted ? points.length !== wanted : points.length < 3)
    refuse(`${figure} must have ${wanted || "three or more"} points`, points.length);
  const beats = figure === "heart-rate" ? { beats: countOf(fields.beats ?? 1, "beats", 1) } : undefined;
  return { ...common, kind: figure, points, ...beats };
}

/**
 * The items of a document, or of its text.
 * @throws SondeError `bad-option` for anything that is none
 */
export function readMeasurements(given: unknown): readonly Item[] {
  let document = given;
  if (typeof given === "string") {
    try {
      document = JSON.parse(given);
    } catch {
      refuse("they must be JSON", given);
    }
  }
  const { format, version, measurements } = fieldsOf(document, "they");
  if (format !== "sonde-measurements") refuse('format must be "sonde-measurements"', format);
  if (version !== 1) refuse("version must be 1", version);
  const items = listOf(measurements, "measurements", MOST_ITEMS).map(itemOf);
  const ids = new Set(items.map(({ id }) => id));
  if (ids.size !== items.length)
    refuse(
      "ids must differ",
      items.map(({ id }) => id),
    );
  for (const item of items)
    if (item.kind === "volume" && !item.of.every((id) => ids.has(id)))
      refuse("a volume must be of other measurements", item.of);
  return items;
}
