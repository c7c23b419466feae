/** The worker's side of `RemoteEngine`: plans by number, calls one after another. */
import { SondeError, toErrorMessage } from "../errors.ts";
import type { Reply } from "../worker/port.ts";
import { LocalPlan } from "./plan.ts";
import type { EngineAnswer, EngineRequest, EngineResults } from "./protocol.ts";

/** Returns what handles each request. */
export function serveEngine(): (request: EngineRequest, reply: Reply) => void {
  const plans = new Map<number, LocalPlan>();
  let last: Promise<void> = Promise.resolve();

  function find(plan: number): LocalPlan {
    const found = plans.get(plan);
    if (!found) throw new SondeError("bad-option", "This plan was closed: make a new one");
    return found;
  }

  async function answer(request: EngineRequest): Promise<EngineResults[keyof EngineResults]> {
    switch (request.method) {
      case "plan": {
        const plan = await LocalPlan.create(request.info, request.pipeline, request.memoryLimitBytes);
        plans.set(request.plan, plan);
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
    if (result && "power" in result)
      return [result.velocityMps.buffer, result.variance.buffer, result.power.buffer];
    return [];
  }

  return (request, reply) => {
    last = last.then(async () => {
      let message: EngineAnswer;
      try {
        message = { id: request.id, result: await answer(request) };
      } catch (error) {
        message = { id: request.id, error: toErrorMessage(error) };
      }
      reply(message, "result" in message ? owned(message.result) : []);
    });
  };
}
