/** An engine on the calling thread. */
import { Memories } from "../core/memories.ts";
import { SondeError } from "../errors.ts";
import type { Acquisition } from "../model.ts";
import type { Pipeline } from "../pipeline.ts";
import { LocalPlan } from "./plan.ts";
import { LazyHelpers, type Threading } from "./threads/choose.ts";
import type { Engine, Plan } from "./types.ts";

export class LocalEngine implements Engine {
  readonly where = "here";
  readonly #limitBytes: number;
  readonly #threading: Threading;
  #closed = false;

  constructor(memoryLimitBytes: number, threads: "auto" | number) {
    this.#limitBytes = memoryLimitBytes;
    this.#threading = { threads, helpers: new LazyHelpers(), memories: new Memories() };
  }

  async plan(info: Acquisition, pipeline: Pipeline = {}): Promise<Plan> {
    const closed = () => new SondeError("aborted", "The engine was closed");
    if (this.#closed) throw closed();
    const plan = await LocalPlan.create(info, pipeline, this.#limitBytes, this.#threading);
    if (!this.#closed) return plan;
    // Meanwhile.
    plan.close();
    throw closed();
  }

  close(): void {
    this.#closed = true;
    this.#threading.helpers.close();
    this.#threading.memories.close();
  }
}
