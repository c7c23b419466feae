/** A person's own presets, in this browser's local storage: read when the feature is loaded, written when a person saves or deletes. */
import { SondeError } from "../../../../host/index.ts";
import { checkPreset, type Preset } from "./presets.ts";
import type { Texts } from "./texts.ts";

const KEY = "sonde.presets";
/** So many are kept; one more is refused. */
const MOST = 100;

/** What is stored and still good. None where storage is forbidden, or holds something else. */
export function readOwn(words: Texts): readonly Preset[] {
  let list: unknown;
  try {
    list = JSON.parse(localStorage.getItem(KEY) ?? "[]");
  } catch {
    return []; // storage is forbidden here, or another page wrote there
  }
  if (!Array.isArray(list)) return [];
  return list.slice(0, MOST).flatMap((value) => {
    try {
      return [checkPreset(value, words)];
    } catch {
      return []; // of another version
    }
  });
}

/** Stores them all. @throws SondeError `bad-option` when there are too many, `unsupported-platform` when nothing can be stored */
export function writeOwn(presets: readonly Preset[], words: Texts): void {
  if (presets.length > MOST)
    throw new SondeError("bad-option", words.presetErrors.tooMany(MOST), { fields: { option: "preset" } });
  try {
    localStorage.setItem(KEY, JSON.stringify(presets));
  } catch (cause) {
    throw new SondeError("unsupported-platform", words.presetErrors.noStorage, { cause });
  }
}
