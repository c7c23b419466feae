/**
 * The order to stop that is owed to a device: a person started it, and nobody looks at it any more, or the link broke. It is
 * owed until it has been sent.
 */
import { isSondeError } from "../errors.ts";
import { atMost } from "../transports/failures.ts";
import { retryDelayMs } from "./retry.ts";
import { sleep } from "./sleep.ts";
import type { Link, Transport } from "./transport.ts";

/** How long a last order may take (ms). */
const LAST_ORDER_MS = 250;

/** Sends an order that must not hold anything up. @returns whether it was sent in time; never rejects */
export async function giveLast(link: Link, order: Uint8Array): Promise<boolean> {
  let sent = false;
  const write = async () => {
    await link.write(order);
    sent = true;
  };
  await atMost(LAST_ORDER_MS, write());
  return sent;
}

/**
 * Reaches a device that is away for nothing but its stop. Tries until the signal ends it, or the transport says that trying
 * again is no use. @returns whether the stop was sent; never rejects
 */
export async function stopWhenReached(
  transport: Transport,
  stop: Uint8Array,
  signal: AbortSignal,
): Promise<boolean> {
  const startedMs = performance.now();
  for (let failures = 1; !signal.aborted; failures++) {
    try {
      const link = await transport.open(signal);
      const sent = await giveLast(link, stop);
      await link.close();
      if (sent) return true;
    } catch (error) {
      if (!isSondeError(error) || error.fields["final"] === true) return false;
    }
    await sleep(retryDelayMs(failures, performance.now() - startedMs, Math.random()), signal);
  }
  return false;
}
