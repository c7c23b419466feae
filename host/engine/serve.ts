/** The worker's side of `RemoteEngine`: plans by number, calls one after another. */
import { pureCore } from "../core/binding.ts";
import { Memories } from "../core/memories.ts";
import { SondeError, toErrorMessage } from "../errors.ts";
import type { Reply } from "../worker/port.ts";
import { LocalPlan } from "./plan.ts";
import type { EngineAnswer, EngineRequest, EngineResults } from "./protocol.ts";
import { LazyHelpers } from "./threads/choose.ts";

/** Returns what handles each request. */
export function serveEngine(): (request: EngineRequest, reply: Reply) => void {
  const plans = new Map<number, LocalPlan>();
  const helpers = new LazyHelpers();
  const memories = new Memories();
  let last: Promise<void> = Promise.resolve();

  function find(plan: number): LocalPlan {
    const found = plans.get(plan);
    if (!found) throw new SondeError("bad-option", "This plan was closed: make a new one");
    return found;
  }

  async function answer(request: EngineRequest): Promise<EngineResults[keyof EngineResults]> {
    switch (request.method) {
      case "hello":
        // The core is compiled while the page opens its source. Where it cannot be, the first plan says so.
        pureCore().catch(() => undefined);
        return null;
      case "plan": {
        const { info, pipeline, memoryLimitBytes, threads } = request;
        const threading = { threads, helpers, memories, later: true };
        const plan = await LocalPlan.create(info, pipeline, memoryLimitBytes, threading);
        plans.set(request.plan, plan);
        return plan.report;
      }
      case "enlist": {
        const plan = find(request.plan);
        await plan.enlist();
        return plan.report;
      }
      case "update": {
        const plan = find(request.plan);
        await plan.update(request.pipeline);
        return plan.report;
      }
      case "run":
        return find(request.plan).run(request.frame, request.recycle);
      case "beamform":
        return find(request.plan).beamform(request.frame);
      case "ensemble":
        return find(request.plan).ensemble(request.frames);
      case "flow":
        return find(request.plan).flow(request.frames);
      case "decibels":
        return find(request.plan).decibels(request.frame);
      case "past":
        return (await find(request.plan).past()) ?? null;
      case "resume":
        await find(request.plan).resume(request.past);
        return null;
      case "close":
        plans.get(request.plan)?.close();
        plans.delete(request.plan);
        return null;
    }
  }

  /** Big results change hands instead of being copied. */
  function owned(result: EngineResults[keyof EngineResults]): ArrayBuffer[] {
    if (result && "pixels" in result) return [result.pixels.buffer];
    if (result && "values" in result) return [result.values.buffer];
    if (result && "levels" in result) return [result.levels.buffer];
    if (result && "power" in result)
      return [result.velocityMps.buffer, result.variance.buffer, result.power.buffer];
    return [];
  }

  async function handle(request: EngineRequest, reply: Reply): Promise<void> {
    let message: EngineAnswer;
    try {
      message = { id: request.id, result: await answer(request) };
    } catch (error) {
      message = { id: request.id, error: toErrorMessage(error) };
    }
    reply(message, "result" in message ? owned(message.result) : []);
  }

  return (request, reply) => {
    // Threads start beside what is asked for meanwhile.
    if (request.method === "enlist") void handle(request, reply);
    else last = last.then(() => handle(request, reply));
  };
}
