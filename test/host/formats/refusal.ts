/** Asserting that a promise is refused with one of Sonde's errors. */
import * as assert from "uvu/assert";
import { isSondeError, type SondeErrorCode } from "../../../host/errors.ts";

/** Fails unless `work` rejects with this code and a sentence that matches `words`. */
export async function refuses(work: Promise<unknown>, code: SondeErrorCode, words: RegExp): Promise<void> {
  try {
    await work;
  } catch (error) {
    assert.ok(isSondeError(error, code), `${code} expected, got ${String(error)}`);
    assert.match((error as Error).message, words);
    return;
  }
  assert.unreachable("nothing was thrown");
}
