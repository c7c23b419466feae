/** Makes engines: on this thread, or in a worker with the same API. */
import { SondeError } from "../errors.ts";
import type { Acquisition } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { inNode } from "../worker/platform.ts";
import { LocalPlan } from "./plan.ts";
import { createRemoteEngine } from "./remote.ts";
import type { Engine, EngineOptions, Plan } from "./types.ts";

/** Default of `EngineOptions.memoryLimitBytes`: 1 GiB. */
export const DEFAULT_MEMORY_LIMIT_BYTES = 2 ** 30;

const BACKENDS = ["auto", "wasm"];
const PLACES = ["auto", "worker", "here"];

/** An engine on the calling thread. */
export class LocalEngine implements Engine {
  readonly where = "here";
  readonly #limitBytes: number;

  constructor(memoryLimitBytes: number) {
    this.#limitBytes = memoryLimitBytes;
  }

  plan(info: Acquisition, pipeline: Pipeline = {}): Promise<Plan> {
    return LocalPlan.create(info, pipeline, this.#limitBytes);
  }

  close(): void {
    // Plans hold the memory; an engine on this thread holds nothing.
  }
}

/**
 * An engine that turns pipelines into plans.
 * @throws SondeError `bad-option` for an unknown option, `unsupported-platform` where WASM SIMD is missing.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const { backend = "auto", where = "auto", memoryLimitBytes = DEFAULT_MEMORY_LIMIT_BYTES } = options;
  if (!BACKENDS.includes(backend))
    throw new SondeError("bad-option", `backend is "${backend}": it must be one of ${BACKENDS.join(", ")}`);
  if (!PLACES.includes(where))
    throw new SondeError("bad-option", `where is "${where}": it must be one of ${PLACES.join(", ")}`);
  if (!(memoryLimitBytes >= 2 ** 20 && memoryLimitBytes <= 2 ** 31))
    throw new SondeError(
      "bad-option",
      `memoryLimitBytes is ${memoryLimitBytes}: it must lie between 1 MiB and 2 GiB`,
    );
  if (where === "worker" || (where === "auto" && !inNode())) {
    try {
      return await createRemoteEngine(memoryLimitBytes);
    } catch (error) {
      if (where === "worker") throw error;
    }
  }
  return new LocalEngine(memoryLimitBytes);
}
