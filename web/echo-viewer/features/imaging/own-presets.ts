/** A person's own presets, in this browser's local storage: read when the feature is loaded, written when a person saves or deletes. */
import { SondeError } from "../../../../host/index.ts";
import { checkPreset, type Preset } from "./presets.ts";
import type { Texts } from "./texts.ts";

const KEY = "sonde.presets";
/** So many are kept; one more is refused. */
const MOST = 100;

/** What is stored: a person's presets, and what this version does not understand of them. */
interface Stored {
  own: readonly Preset[];
  others: readonly unknown[];
  /** A text that is no list of presets at all. */
  foreign?: string;
}

/** Nothing where storage is forbidden. */
function readStored(words: Texts): Stored {
  const own: Preset[] = [];
  let text: string | null = null;
  let list: unknown;
  try {
    text = localStorage.getItem(KEY);
    list = JSON.parse(text ?? "[]");
  } catch {
    // Told by the list that is none.
  }
  if (!Array.isArray(list)) return { own, others: [], ...(text === null ? {} : { foreign: text }) };
  const others = list.filter((value) => {
    try {
      if (own.length === MOST) return true;
      own.push(checkPreset(value, words));
      return false;
    } catch {
      return true; // of another version
    }
  });
  return { own, others };
}

/** What is stored and still good. None where storage is forbidden, or holds something else. */
export function readOwn(words: Texts): readonly Preset[] {
  return readStored(words).own;
}

/**
 * Stores them all, beside what this version does not understand: that stays as it is, a text that is no list under a key of its own.
 * @throws SondeError `bad-option` when there are too many, `unsupported-platform` when nothing can be stored
 */
export function writeOwn(presets: readonly Preset[], words: Texts): void {
  if (presets.length > MOST)
    throw new SondeError("bad-option", words.presetErrors.tooMany(MOST), { fields: { option: "preset" } });
  const { others, foreign } = readStored(words);
  try {
    if (foreign) {
      let n = 1;
      while (localStorage.getItem(`${KEY}.${n}`) !== null) n++;
      localStorage.setItem(`${KEY}.${n}`, foreign);
    }
    localStorage.setItem(KEY, JSON.stringify([...others, ...presets]));
  } catch (cause) {
    throw new SondeError("unsupported-platform", words.presetErrors.noStorage, { cause });
  }
}
