/** A stage in a worker of the page. */
import type { Stage } from "../stage.ts";
import { type Answer, type Call, remoteStage } from "./messages.ts";

interface TrustedTypesLike {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

/** The bench's own worker, beside the page's script. */
const WORKER = new URL("./bench-worker.js", import.meta.url).href;

function trustedWorker(): string {
  const factory = (globalThis as { trustedTypes?: TrustedTypesLike }).trustedTypes;
  // The DOM types know strings only; browsers take the TrustedScriptURL.
  return factory
    ? (factory
        .createPolicy("sonde-bench", { createScriptURL: () => WORKER })
        .createScriptURL(WORKER) as string)
    : WORKER;
}

/** Starts the worker. One a page. */
export function startWorkerStage(): Stage {
  const worker = new Worker(trustedWorker(), { type: "module" });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let next = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) call?.reject(new Error(data.error));
    else call?.resolve(data.result);
  });
  worker.addEventListener("error", (event) => {
    for (const { reject } of waiting.values())
      reject(new Error(`The bench's worker stopped (${event.message || WORKER}): reload the page`));
    waiting.clear();
  });
  return remoteStage(
    (method, words) =>
      new Promise((resolve, reject) => {
        const call: Call = { id: next++, method, words };
        waiting.set(call.id, { resolve, reject });
        worker.postMessage(call);
      }),
  );
}
