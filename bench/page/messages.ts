/** How a page and its worker, or Node and a page, call a stage that is elsewhere. */
import type { Stage } from "../stage.ts";

/** One call of a stage's method. */
export interface Call {
  id: number;
  method: keyof Stage;
  words: readonly unknown[];
}

export type Answer = { id: number; result: unknown } | { id: number; error: string };

/** A stage whose calls `send` carries elsewhere. */
export function remoteStage(
  send: (method: keyof Stage, words: readonly unknown[]) => Promise<unknown>,
): Stage {
  const call =
    <K extends keyof Stage>(method: K) =>
    (...words: Parameters<Stage[K]>) =>
      send(method, words) as ReturnType<Stage[K]>;
  return {
    prepare: call("prepare"),
    run: call("run"),
    prepareKernel: call("prepareKernel"),
    runKernel: call("runKernel"),
    live: call("live"),
  };
}

/** Carries a call out. */
export async function answer(stage: Stage, { id, method, words }: Call): Promise<Answer> {
  try {
    const work = stage[method] as (...words: readonly unknown[]) => Promise<unknown>;
    return { id, result: await work.apply(stage, [...words]) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
