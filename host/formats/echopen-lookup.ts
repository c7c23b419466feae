/** Finds the settings of an echOpen recording that does not carry them: given, or in a file beside it. */
import { isSondeError } from "../errors.ts";
import { type EchopenFamily, type EchopenSettings, parseSettings } from "../protocols/echopen-settings.ts";
import type { OpenOptions } from "./options.ts";
import { quote } from "./quote.ts";

export interface FoundSettings {
  settings: EchopenSettings;
  family: EchopenFamily;
  /** Given by the caller: must fit. Found beside the file: used when it fits. */
  given: boolean;
}

/** A settings file has 8 short words. */
const LARGEST_SETTINGS_BYTES = 4096;

/** Names of the files that may hold the settings, best first; `film_frame0.txt` has `film_settings.txt`. */
export function settingsNames(fileName: string): string[] {
  const own = fileName.replace(/_frame\d+\.txt$/i, "_settings.txt");
  return own === fileName ? ["settings.txt"] : [own, "settings.txt"];
}

/**
 * The settings given, else the first readable file beside the recording that is of the recording's `family` (if it has
 * one) and `fits`. What was not usable is said in `warnings`. @throws SondeError `bad-option` when the given ones are not settings
 */
export async function findSettings(
  fileName: string,
  options: Pick<OpenOptions, "settings" | "related">,
  family: EchopenFamily | undefined,
  fits: (found: FoundSettings) => boolean,
  warnings: string[],
): Promise<FoundSettings | undefined> {
  if (options.settings !== undefined) return { ...parseSettings(options.settings), given: true };
  for (const name of options.related ? settingsNames(fileName) : []) {
    const bytes = await options.related?.(name);
    if (!bytes || bytes.length > LARGEST_SETTINGS_BYTES) continue;
    try {
      const found = { ...parseSettings(new TextDecoder().decode(bytes)), given: false };
      if (family && found.family !== family) continue;
      if (fits(found)) return found;
      warnings.push(`The file ${quote(name)} beside the recording does not fit its size and was ignored.`);
    } catch (error) {
      if (!isSondeError(error)) throw error;
      warnings.push(
        `The file ${quote(name)} beside the recording holds no echOpen settings and was ignored.`,
      );
    }
  }
  return undefined;
}
