/** The page as Node's instrument: it asks for calls, has the stage carry them out, and sends the answers back. */
import type { Stage } from "../stage.ts";
import { type Answer, answer, type Call } from "./messages.ts";

/** What Node says: a call, or that there is nothing yet, or that it is done. */
export type Order = { call: Call; disk?: boolean } | { wait: true } | { end: true };

/** Serves until told to end. `base`: the address Node listens on for this page. */
export async function driven(stage: Stage, base: string): Promise<void> {
  for (;;) {
    const order = (await (await fetch(`${base}/next`, { cache: "no-store" })).json()) as Order;
    if ("end" in order) return;
    if ("wait" in order) continue;
    const { call } = order;
    // A recording does not fit into JSON: it is fetched.
    const words = order.disk ? [...call.words, await (await fetch(`${base}/disk`)).blob()] : call.words;
    const result: Answer = await answer(stage, { ...call, words });
    await fetch(`${base}/done`, { method: "POST", body: JSON.stringify(result) });
  }
}
