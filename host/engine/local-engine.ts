/** An engine on the calling thread. */
import { Memories } from "../core/memories.ts";
import type { Acquisition } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { LocalPlan } from "./plan.ts";
import { LazyHelpers, type Threading } from "./threads/choose.ts";
import type { Engine, Plan } from "./types.ts";

export class LocalEngine implements Engine {
  readonly where = "here";
  readonly #limitBytes: number;
  readonly #threading: Threading;

  constructor(memoryLimitBytes: number, threads: "auto" | number) {
    this.#limitBytes = memoryLimitBytes;
    this.#threading = { threads, helpers: new LazyHelpers(), memories: new Memories() };
  }

  plan(info: Acquisition, pipeline: Pipeline = {}): Promise<Plan> {
    return LocalPlan.create(info, pipeline, this.#limitBytes, this.#threading);
  }

  close(): void {
    this.#threading.helpers.close();
    this.#threading.memories.close();
  }
}
