/** MAT files: reads the variables and hands them to the reader that knows their names. */
import { SondeError } from "../errors.ts";
import type { Source } from "../source.ts";
import type { FileBytes } from "./file.ts";
import { type MatFile, readMat5 } from "./mat5.ts";
import { isMust, MUST_NAMES, openMust } from "./must.ts";
import { DEFAULT_MAX_BYTES, type OpenOptions } from "./options.ts";
import { quoteList } from "./quote.ts";
import { isSynaptus, openSynaptus, SYNAPTUS_NAMES } from "./synaptus.ts";

/** A sentence for what was skipped, if anything was. */
function skippedWarning(mat: MatFile): string[] {
  if (mat.skipped.length === 0) return [];
  return [`Not readable outside MATLAB and skipped: ${mat.skipped.slice(0, 6).join(", ")}.`];
}

export async function openMat(file: FileBytes, options: OpenOptions = {}): Promise<Source> {
  const mat = await readMat5(file.bytes, options.maxBytes ?? DEFAULT_MAX_BYTES);
  const warnings = skippedWarning(mat);
  if (isMust(mat)) return openMust(mat, file.name, warnings);
  if (isSynaptus(mat)) return openSynaptus(mat, file.name, warnings, options);
  throw new SondeError(
    "missing-data",
    `The MAT file holds ${quoteList([...mat.variables.keys()])}; Sonde needs ${MUST_NAMES} (MUST), or ${SYNAPTUS_NAMES} (synaptus).`,
    { fields: { found: [...mat.variables.keys()].slice(0, 100).join(" ") } },
  );
}
