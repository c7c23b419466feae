/** The way in: every supported file, wherever it is, as a `Source`. What reads files is loaded with the first of them. */
import type { FileBytes } from "./formats/file.ts";
import type { OpenOptions } from "./formats/options.ts";
import { loadModule } from "./load-module.ts";
import type { Source } from "./source.ts";

export type { FileBytes } from "./formats/file.ts";
export { DEFAULT_MAX_BYTES, FORMATS, type Format, type OpenOptions } from "./formats/options.ts";

/**
 * Opens a recording: an address or path, a `Blob` (a dropped or chosen file), or bytes with a name.
 *
 * A string is an address in a browser; in Node a path, a `file:` or an `http(s):` address.
 * @throws SondeError `unsupported-format`, `corrupt-file`, `missing-data`, `bad-geometry`, `bad-option`, `not-found`,
 * `out-of-memory`, `aborted`
 */
export async function open(
  input: string | URL | Blob | FileBytes,
  options: OpenOptions = {},
): Promise<Source> {
  const { openRecording } = await loadModule(() => import("./formats/open.ts"));
  return openRecording(input, options);
}
