/** How many threads make the pictures of a plan, and why so many. */
import type { Kernels } from "../../core/binding.ts";
import type { Memories } from "../../core/memories.ts";
import { isSondeError } from "../../errors.ts";
import type { Acquisition } from "../../model.ts";
import type { Pipeline } from "../../pipeline.ts";
import { canShareMemory } from "../../worker/platform.ts";
import { ONE_THREAD, type Threads } from "../channel-imager.ts";
import { measure, type PlanSize } from "../layout.ts";
import { choosePath } from "../planner.ts";
import { resolveChannels } from "../resolve.ts";
import type { Crew, Helpers } from "./crew.ts";
import { MOST_THREADS } from "./most-threads.ts";
import { sumCost } from "./split-rows.ts";
import { threadsHere } from "./threads-here.ts";

/** Threads, why, and who they are. */
export interface ThreadChoice extends Threads {
  why: string;
  /** Others start, and the plan may enlist them once it has made a picture. */
  joining?: true;
  crew?: Crew;
  /** Of the plan on so many threads, where it was measured to choose them. */
  size?: PlanSize;
}

/** What an engine offers its plans. */
export interface Threading {
  threads: "auto" | number;
  helpers: LazyHelpers;
  /** With `"auto"`: a first picture that is soon made does not wait for helpers that are yet to start; the plan enlists them later. */
  later?: boolean;
  /** What closed plans left. */
  memories: Memories;
}

/** The helpers of an engine, whose code is loaded when the first are needed. */
export class LazyHelpers {
  readonly #load: () => Promise<Helpers>;
  #helpers: Promise<Helpers> | undefined;
  #closed = false;

  constructor(load = async () => new (await import("./crew.ts")).Helpers()) {
    this.#load = load;
  }

  /** Some plan has asked for them. */
  get started(): boolean {
    return this.#helpers !== undefined;
  }

  get(): Promise<Helpers> {
    this.#helpers ??= this.#load().then((helpers) => {
      // A plan that was under way asked for them late.
      if (this.#closed) helpers.close();
      return helpers;
    });
    return this.#helpers;
  }

  /** Ends them all, those too that are asked for later. */
  close(): void {
    this.#closed = true;
    // Where they could not be loaded there is nothing to end.
    this.#helpers?.then(
      (helpers) => helpers.close(),
      () => undefined,
    );
  }
}

/** A thread is worth its messages when it works this long on a frame (ms): ten times what starting and meeting cost. */
const WORTH_MS = 1;

/**
 * A picture that one thread makes in so long (ms) is there before a helper is: one that starts takes some 100 ms, of a processor too
 * that page, engine and source are busy on.
 */
const SOON_MS = 50;

export const alone = (why: string): ThreadChoice => ({ ...ONE_THREAD, why });

export async function chooseThreads(
  info: Acquisition,
  pipeline: Pipeline,
  threading: Threading | undefined,
  limitBytes: number,
  kernels: Kernels,
): Promise<ThreadChoice> {
  if (!threading || threading.threads === 1) return alone("one thread, as asked");
  if (info.kind !== "channels") return alone("one thread: these data are beamformed already");
  const { threads, helpers } = threading;
  let count = threads === "auto" ? 0 : threads;
  let why = `${count} threads, as asked`;
  if (threads === "auto") {
    const here = await threadsHere();
    const resolved = resolveChannels(info, pipeline, kernels);
    const { offer } = choosePath(info, resolved, kernels);
    const cost = sumCost(info, resolved, offer.cost(info, resolved, kernels));
    const costMs = cost / offer.pointsPerMs;
    const worth = Math.floor(costMs / WORTH_MS);
    count = Math.min(here, MOST_THREADS, worth);
    if (here === 1) return alone("one thread: the device runs no more at once");
    if (count <= 1) return alone("one thread: the picture is made before others could help");
    if (threading.later && !helpers.started && costMs <= SOON_MS)
      return { ...alone("one thread: others start behind the second picture"), joining: true };
    why =
      count < here
        ? `${count} threads: more would have less than ${WORTH_MS} ms of work each`
        : `${count} threads: as many as this device runs at once`;
  }
  const memory = canShareMemory() ? "shared" : "private";
  const wanted = count;
  let size: PlanSize | undefined;
  for (; count > 1; count--) {
    size = measure(info, pipeline, { count, memory }, kernels);
    if (size.allBytes <= limitBytes) break;
  }
  if (count === 1) return alone(`one thread: the tables of ${wanted} would be over the limit of memory`);
  if (count < wanted) why = `${count} threads: the tables of ${wanted} would be over the limit of memory`;
  try {
    const [{ Crew: make }, made] = await Promise.all([import("./crew.ts"), helpers.get()]);
    return { count, memory, why, size, crew: new make(made, await made.take(count - 1)) };
  } catch (error) {
    if (isSondeError(error, "aborted")) throw error;
    return alone(`one thread: others cannot be started here (${(error as Error).message})`);
  }
}
