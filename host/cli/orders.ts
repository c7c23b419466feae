/** What a person tells a device on the command line, and what is said of the way to it. */
import { SondeError } from "../errors.ts";
import type { LinkedSource } from "../live/linked-source.ts";
import type { LinkState } from "../live/live-source.ts";
import type { Order, Protocol } from "../live/protocol.ts";
import { orderNumber, orderWord, unknownOrder } from "../protocols/orders.ts";
import type { Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

function settingOf(text: string, { controls = [], name }: Protocol): Order {
  const [, id, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (id === undefined || value === undefined)
    throw new UsageError(`--set ${text}: give NAME=VALUE, as in --set gain=20`);
  if (!controls.length) throw new UsageError(`--set ${text}: ${name} has no settings`);
  const control = controls.find((one) => one.id === id);
  try {
    if (!control) throw unknownOrder(id, controls);
    const checked = control.kind === "number" ? orderNumber(control, value) : orderWord(control, value);
    return { kind: "set", control: id, value: checked };
  } catch (error) {
    throw error instanceof SondeError ? new UsageError(`--set ${text}: ${error.message}`) : error;
  }
}

/** The orders of `--set` and `--start`, in the order in which they are given. @throws UsageError */
export function ordersOf(values: Values, protocol: Protocol): Order[] {
  const orders: Order[] = (values.set ?? []).map((text) => settingOf(text, protocol));
  if (values.start) {
    if (!protocol.encode) throw new UsageError(`--start: ${protocol.name} has no orders`);
    orders.push({ kind: "start" });
  }
  return orders;
}

/**
 * Gives the orders when the device is first reached. Once: a device that was lost is stopped, and goes on when the person says so
 * again.
 * @throws SondeError what the device or its protocol refuses
 */
export async function giveOrders(source: LinkedSource, orders: readonly Order[]): Promise<void> {
  if (!orders.length) return;
  await new Promise<void>((resolve) => {
    const look = () => {
      if (!["waiting", "live", "silent"].includes(source.link.state)) return;
      stop();
      resolve();
    };
    const stop = source.subscribe(look);
    look();
  });
  for (const order of orders) await source.order(order);
}

/** Says on standard error how the way to the device does, when that changes. */
export function sayLink(source: LinkedSource, name: string, states: readonly LinkState[]): void {
  let said = "";
  const say = () => {
    const { state, why } = source.link;
    if (state === "live") said = "";
    const text = why ?? WORDS[state];
    if (text === said || !states.includes(state)) return;
    said = text;
    console.error(`sonde: ${text.includes(name) ? text : `${name}: ${text}`}`);
  };
  source.subscribe(({ kind }) => {
    if (kind === "link") say();
  });
  say();
}

const WORDS: Record<LinkState, string> = {
  connecting: "connecting",
  waiting: "connected, waiting for frames",
  live: "frames come",
  silent: "connected, and silent",
  reconnecting: "lost, connecting again",
  lost: "lost",
  closed: "closed",
};
