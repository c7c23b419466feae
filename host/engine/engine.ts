/** Makes engines: on this thread, or in a worker with the same API. A page whose worker answers never loads the arithmetic itself. */
import { SondeError } from "../errors.ts";
import { inNode } from "../worker/platform.ts";
import { createRemoteEngine } from "./remote.ts";
import { show } from "./show.ts";
import { MOST_THREADS } from "./threads/most-threads.ts";
import type { Engine, EngineOptions } from "./types.ts";

/** Default of `EngineOptions.memoryLimitBytes`: 1 GiB. */
export const DEFAULT_MEMORY_LIMIT_BYTES = 2 ** 30;

const BACKENDS = ["auto", "wasm"];
const PLACES = ["auto", "worker", "here"];

/**
 * An engine that turns pipelines into plans.
 * @throws SondeError `bad-option` for an unknown option, `unsupported-platform` where WASM SIMD is missing.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const { backend = "auto", where = "auto", threads = "auto" } = options;
  const { memoryLimitBytes = DEFAULT_MEMORY_LIMIT_BYTES } = options;
  if (!BACKENDS.includes(backend))
    throw new SondeError("bad-option", `backend is "${backend}": it must be one of ${BACKENDS.join(", ")}`);
  if (!PLACES.includes(where))
    throw new SondeError("bad-option", `where is "${where}": it must be one of ${PLACES.join(", ")}`);
  if (!(memoryLimitBytes >= 2 ** 20 && memoryLimitBytes <= 2 ** 31))
    throw new SondeError(
      "bad-option",
      `memoryLimitBytes is ${memoryLimitBytes}: it must lie between 1 MiB and 2 GiB`,
    );
  if (threads !== "auto" && !(Number.isInteger(threads) && threads >= 1 && threads <= MOST_THREADS))
    throw new SondeError(
      "bad-option",
      `threads is ${show(threads)}: it must be "auto" or a whole number from 1 to ${MOST_THREADS}`,
      { fields: { option: "threads", value: show(threads) } },
    );
  if (where === "worker" || (where === "auto" && !inNode())) {
    try {
      return await createRemoteEngine({ memoryLimitBytes, threads });
    } catch (error) {
      if (where === "worker") throw error;
    }
  }
  const { LocalEngine } = await import("./local-engine.ts");
  return new LocalEngine(memoryLimitBytes, threads);
}
