/**
 * Presets: what an examination begins with. Plain JSON that travels as a file, in a link and in an attribute; what comes from outside is
 * checked here, so that no preset can make a plan fail.
 *
 *   { "name": "Carotid", "arrays": ["linear"], "depthM": { "start": 0.035, "min": 0.015, "max": 0.06 },
 *     "gainDb": 0, "dynamicRangeDb": 55, "pipeline": { "display": { "persistence": 0.5 } } }
 */
import { GREY_MAPS, type Probe, SondeError, SPECKLE_METHODS, WINDOWS } from "../../../../host/index.ts";
import {
  type Adjusted,
  DYNAMIC_RANGE_LIMITS_DB,
  GAIN_LIMITS_DB,
  PERSISTENCE_LIMITS,
  type Settings,
  TGC_LIMIT_DB,
} from "../../store.ts";
import type { Texts } from "./texts.ts";

export interface Preset {
  name: string;
  /** Arrays it is meant for; all when absent. */
  arrays?: readonly Probe["kind"][];
  /** Depth to begin with, and those that can be chosen, as far as the data go (m). Absent: all the data hold. */
  depthM?: { start: number; min: number; max: number };
  /** dB; absent: the page's own. */
  gainDb?: number;
  dynamicRangeDb?: number;
  /** Part of a `Pipeline`. */
  pipeline?: Adjusted;
}

/** Longest name, in UTF-16 units; longest preset as text. */
export const NAME_LENGTH = 60;
export const TEXT_LENGTH = 20_000;
/** Deepest picture (m). */
const DEEPEST_M = 0.5;

const ARRAYS: readonly Probe["kind"][] = ["linear", "phased", "convex", "matrix", "single", "other"];

/** Those that come with the viewer, by the name that the attribute `preset` takes. Texts name them for people. */
export const BUILT_IN: Readonly<Record<string, Omit<Preset, "name">>> = {
  carotid: {
    arrays: ["linear"],
    depthM: { start: 0.035, min: 0.015, max: 0.06 },
    dynamicRangeDb: 55,
    pipeline: { display: { persistence: 0.5, speckle: { method: "bilateral", strength: 0.2 } } },
  },
  thyroid: {
    arrays: ["linear"],
    depthM: { start: 0.03, min: 0.015, max: 0.05 },
    dynamicRangeDb: 65,
    pipeline: {
      display: { greyMap: "soft", persistence: 0.65, speckle: { method: "bilateral", strength: 0.35 } },
    },
  },
  cardiac: {
    arrays: ["phased"],
    depthM: { start: 0.13, min: 0.06, max: 0.24 },
    dynamicRangeDb: 50,
    pipeline: { display: { greyMap: "contrast", persistence: 0.2, smoothing: 0.25 } },
  },
  abdomen: {
    arrays: ["convex"],
    depthM: { start: 0.12, min: 0.05, max: 0.25 },
    dynamicRangeDb: 60,
    pipeline: { display: { persistence: 0.6, speckle: { method: "bilateral", strength: 0.3 } } },
  },
};

type Fields = Readonly<Record<string, unknown>>;

/** The door. Each check returns what it let through, or throws a sentence that names the field and what it must be. */
class Door {
  readonly #words: Texts["presetErrors"];

  constructor(words: Texts["presetErrors"]) {
    this.#words = words;
  }

  refuse(field: string, value: unknown, expected: string): never {
    const shown = (JSON.stringify(value) ?? String(value)).slice(0, 60);
    throw new SondeError("bad-option", this.#words.value(field, shown, expected), {
      fields: { option: field, value: shown },
    });
  }

  object(field: string, value: unknown, known: readonly string[]): Fields {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      this.refuse(field, value, this.#words.object(known));
    for (const key of Object.keys(value))
      if (!known.includes(key))
        this.refuse(`${field}.${key}`, (value as Fields)[key], this.#words.absent(known));
    return value as Fields;
  }

  number(field: string, value: unknown, min: number, max: number): number {
    if (typeof value !== "number" || !(value >= min && value <= max))
      this.refuse(field, value, this.#words.between(min, max));
    return value;
  }

  oneOf<T extends string>(field: string, value: unknown, choices: readonly T[]): T {
    if (!choices.includes(value as T)) this.refuse(field, value, this.#words.oneOf(choices));
    return value as T;
  }

  list<T>(field: string, value: unknown, most: number, each: (field: string, item: unknown) => T): T[] {
    if (!Array.isArray(value) || value.length < 1 || value.length > most)
      this.refuse(field, value, this.#words.list(most));
    return value.map((item, i) => each(`${field}[${i}]`, item));
  }
}

/** Keeps what is defined. */
function compact<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}

/** Reads a field when it is there. */
function optional<T>(fields: Fields, key: string, read: (value: unknown) => T): T | undefined {
  return fields[key] === undefined ? undefined : read(fields[key]);
}

function checkAdjusted(door: Door, value: unknown): Adjusted {
  const fields = door.object("pipeline", value, ["soundSpeedMps", "beamform", "display"]);
  return compact({
    soundSpeedMps: optional(fields, "soundSpeedMps", (v) => door.number("soundSpeedMps", v, 100, 20_000)),
    beamform: optional(fields, "beamform", (v) => {
      const beamform = door.object("beamform", v, ["fNumber", "window"]);
      return compact({
        fNumber: optional(beamform, "fNumber", (f) =>
          f === "auto" ? f : door.number("beamform.fNumber", f, 0, 20),
        ),
        window: optional(beamform, "window", (w) => door.oneOf("beamform.window", w, WINDOWS)),
      });
    }),
    display: optional(fields, "display", (v) => {
      const name = (key: string) => `display.${key}`;
      const display = door.object("display", v, ["tgcDb", "greyMap", "persistence", "smoothing", "speckle"]);
      return compact({
        tgcDb: optional(display, "tgcDb", (list) =>
          door.list(name("tgcDb"), list, 64, (field, db) =>
            door.number(field, db, -TGC_LIMIT_DB, TGC_LIMIT_DB),
          ),
        ),
        greyMap: optional(display, "greyMap", (map) => door.oneOf(name("greyMap"), map, GREY_MAPS)),
        persistence: optional(display, "persistence", (p) =>
          door.number(name("persistence"), p, ...PERSISTENCE_LIMITS),
        ),
        smoothing: optional(display, "smoothing", (s) => door.number(name("smoothing"), s, 0, 1)),
        speckle: optional(display, "speckle", (s) => {
          const speckle = door.object(name("speckle"), s, ["method", "strength"]);
          return compact({
            method: optional(speckle, "method", (m) =>
              door.oneOf(name("speckle.method"), m, SPECKLE_METHODS),
            ),
            strength: optional(speckle, "strength", (x) => door.number(name("speckle.strength"), x, 0, 1)),
          });
        }),
      });
    }),
  });
}

/** A preset from a parsed JSON value. @throws SondeError `bad-option` with the field, its value and what it must be */
export function checkPreset(value: unknown, { presetErrors }: Texts): Preset {
  const door = new Door(presetErrors);
  const fields = door.object("preset", value, [
    "name",
    "arrays",
    "depthM",
    "gainDb",
    "dynamicRangeDb",
    "pipeline",
  ]);
  const { name } = fields;
  if (typeof name !== "string" || !name.trim() || name.length > NAME_LENGTH)
    return door.refuse("name", name, presetErrors.name(NAME_LENGTH));
  return compact({
    name: name.trim(),
    arrays: optional(fields, "arrays", (list) =>
      door.list("arrays", list, ARRAYS.length, (field, kind) => door.oneOf(field, kind, ARRAYS)),
    ),
    depthM: optional(fields, "depthM", (v) => {
      const depth = door.object("depthM", v, ["start", "min", "max"]);
      const min = door.number("depthM.min", depth.min, 0, DEEPEST_M);
      const max = door.number("depthM.max", depth.max, min, DEEPEST_M);
      return { start: door.number("depthM.start", depth.start, min, max), min, max };
    }),
    gainDb: optional(fields, "gainDb", (v) => door.number("gainDb", v, ...GAIN_LIMITS_DB)),
    dynamicRangeDb: optional(fields, "dynamicRangeDb", (v) =>
      door.number("dynamicRangeDb", v, ...DYNAMIC_RANGE_LIMITS_DB),
    ),
    pipeline: optional(fields, "pipeline", (v) => checkAdjusted(door, v)),
  });
}

/** A preset from its text. @throws SondeError `bad-option` */
export function readPreset(text: string, words: Texts): Preset {
  let value: unknown;
  try {
    value = text.length > TEXT_LENGTH ? undefined : JSON.parse(text);
  } catch {
    value = undefined; // said below
  }
  if (value === undefined)
    throw new SondeError("bad-option", words.presetErrors.json(text.slice(0, 40)), {
      fields: { option: "preset", value: text.slice(0, 40) },
    });
  return checkPreset(value, words);
}

/** All there are to choose from: those of the viewer, then a person's own. */
export function presetsBy(words: Texts, own: readonly Preset[]): ReadonlyMap<string, Preset> {
  return new Map<string, Preset>([
    ...Object.entries(BUILT_IN).map(
      ([id, preset]) => [id, { ...preset, name: words.presetNames[id] ?? id }] as const,
    ),
    ...own.map((preset) => [preset.name, preset] as const),
  ]);
}

/** The preset of the attribute's text: a name, or a preset as JSON. @throws SondeError `bad-option` */
export function resolvePreset(text: string, words: Texts, own: readonly Preset[]): Preset {
  const all = presetsBy(words, own);
  const found = all.get(text);
  if (found) return found;
  if (text.trimStart().startsWith("{")) return readPreset(text, words);
  throw new SondeError("bad-option", words.presetErrors.unknown(text.slice(0, 60), [...all.keys()]), {
    fields: { option: "preset", value: text.slice(0, 60) },
  });
}

type Chosen = Omit<Settings, "pipeline">;

/** Bounds of the depth where nobody chose any. */
const UNBOUNDED = { minM: 0, maxM: DEEPEST_M };

/** The settings that a preset stands for. What it leaves out is the page's own. */
export function settingsOfPreset({ pipeline, gainDb, dynamicRangeDb, depthM }: Partial<Preset>): Chosen {
  return {
    adjusted: pipeline ?? {},
    gainDb: gainDb ?? null,
    dynamicRangeDb: dynamicRangeDb ?? null,
    depthM: depthM?.start ?? null,
    depthBounds:
      depthM && (depthM.min > UNBOUNDED.minM || depthM.max < UNBOUNDED.maxM)
        ? { minM: depthM.min, maxM: depthM.max }
        : null,
  };
}

/** The other way round. */
export function presetOfSettings(
  name: string,
  { adjusted, gainDb, dynamicRangeDb, depthM, depthBounds }: Chosen,
  kind: Probe["kind"] | undefined,
): Preset {
  const start = depthM ?? depthBounds?.maxM;
  const bounds = depthBounds ?? UNBOUNDED;
  return compact({
    name,
    arrays: kind && [kind],
    depthM:
      start === undefined
        ? undefined
        : { start: Math.min(bounds.maxM, Math.max(bounds.minM, start)), min: bounds.minM, max: bounds.maxM },
    gainDb: gainDb ?? undefined,
    dynamicRangeDb: dynamicRangeDb ?? undefined,
    pipeline: Object.keys(adjusted).length ? adjusted : undefined,
  });
}

/** Whether settings are those of a preset; the order in which parts were chosen does not matter. */
export function sameSettings(a: Chosen, b: Chosen): boolean {
  const key = ({ adjusted, gainDb, dynamicRangeDb, depthM, depthBounds }: Chosen): string => {
    const { beamform, display, soundSpeedMps } = adjusted;
    const sorted = (part: object | undefined) =>
      Object.entries(part ?? {}).sort(([one], [other]) => (one < other ? -1 : 1));
    return JSON.stringify([
      sorted(beamform),
      sorted(display),
      soundSpeedMps,
      gainDb,
      dynamicRangeDb,
      depthM,
      depthBounds?.minM,
      depthBounds?.maxM,
    ]);
  };
  return key(a) === key(b);
}
