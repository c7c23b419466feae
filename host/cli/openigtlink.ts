/** `sonde openigtlink`: what a source shows, as pictures for programs that speak OpenIGTLink. */
import { setTimeout as wait } from "node:timers/promises";
import { connect } from "../connect.ts";
import { createEngine } from "../engine/engine.ts";
import { createFeed } from "../engine/feed.ts";
import type { Plan } from "../engine/types.ts";
import { isSondeError, SondeError } from "../errors.ts";
import { MOST_BYTES } from "../formats/options.ts";
import { LinkedSource } from "../live/linked-source.ts";
import type { LiveSource } from "../live/live-source.ts";
import type { Frame, Image } from "../model.ts";
import { open } from "../open.ts";
import { igtlPicture } from "../protocols/openigtlink-messages.ts";
import { simulated } from "../simulate/options.ts";
import type { Source } from "../source.ts";
import { checkData } from "./applicable.ts";
import { deviceOf } from "./device.ts";
import { simulatedArray } from "./input.ts";
import { number } from "./numbers.ts";
import { giveOrders, ordersOf, sayLink } from "./orders.ts";
import { type Outlet, outletAt, type Receiver } from "./outlets.ts";
import { giveSquarePixels } from "./square-pixels.ts";
import { stopOrder } from "./stop-order.ts";
import { toPipeline } from "./to-pipeline.ts";
import type { Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

const DEFAULT_LISTEN = "tcp://127.0.0.1:18944";
const DEFAULT_RATE_HZ = 10;

/** The source: live as it is, or a recording over and over at its rate. A device is told what the person says. */
async function sourceOf(
  name: string,
  values: Values,
  opened: (source: LinkedSource) => void,
): Promise<Source | LiveSource> {
  if (name.includes("://")) {
    const { transport, protocol } = await deviceOf(name, values);
    const orders = ordersOf(values, protocol);
    const source = new LinkedSource(transport, protocol);
    opened(source);
    sayLink(source, transport.name, ["connecting", "waiting", "silent", "reconnecting", "lost"]);
    try {
      await Promise.all([giveOrders(source, orders), source.ready(Number.POSITIVE_INFINITY)]);
    } catch (error) {
      await source.close();
      throw error;
    }
    return source;
  }
  for (const option of ["protocol", "start", "set"] as const)
    if (values[option] !== undefined) throw new UsageError(`--${option}: ${name} is no address of a device`);
  const array = simulatedArray(name);
  const frameRateHz = rateOf(values);
  const rate = frameRateHz === undefined ? {} : { frameRateHz };
  return array ? connect(simulated({ array, ...rate })) : open(name, { maxBytes: MOST_BYTES });
}

/** Pictures a second that are asked for. @throws UsageError */
function rateOf({ rate }: Values): number | undefined {
  if (rate === undefined) return undefined;
  const rateHz = number("rate", rate);
  if (!(rateHz > 0 && rateHz <= 1000)) throw new UsageError(`--rate ${rate}: more than 0, at most 1000`);
  return rateHz;
}

async function* framesOf(source: Source, values: Values): AsyncIterableIterator<Frame> {
  if (source.live) {
    yield* source.frames();
    return;
  }
  const rateHz = rateOf(values) ?? source.info.frameRateHz ?? DEFAULT_RATE_HZ;
  const count = source.info.frameCount ?? 0;
  const startMs = performance.now();
  for (let index = 0; ; index++) {
    yield { ...(await source.frame(index % count)), index };
    await wait(Math.max(0, startMs + ((index + 1) * 1000) / rateHz - performance.now()));
  }
}

/** Whoever is connected, each sent the newest picture when it has taken the one before. */
class Audience {
  readonly #receivers = new Map<Receiver, { busy: boolean; next: Uint8Array | undefined }>();

  join(receiver: Receiver): Promise<void> {
    this.#receivers.set(receiver, { busy: false, next: undefined });
    return new Promise((resolve) => {
      receiver.gone.addEventListener("abort", () => {
        this.#receivers.delete(receiver);
        resolve();
      });
    });
  }

  show(message: Uint8Array): void {
    for (const [receiver, state] of this.#receivers) {
      state.next = message;
      if (!state.busy) void this.#send(receiver, state);
    }
  }

  async #send(receiver: Receiver, state: { busy: boolean; next: Uint8Array | undefined }): Promise<void> {
    state.busy = true;
    while (state.next && !receiver.gone.aborted) {
      const { next } = state;
      state.next = undefined;
      await receiver.send(next);
    }
    state.busy = false;
  }
}

/** Makes pictures of one geometry until it changes or the source ends. */
async function showAll(
  source: Source,
  plan: Plan,
  values: Values,
  show: (image: Image) => void,
): Promise<void> {
  const feed = createFeed(plan, {
    onImage: show,
    onError: (error) => console.error(`sonde: ${error.message}`),
  });
  try {
    for await (const frame of framesOf(source, values)) feed.push(frame);
    await feed.idle();
  } finally {
    feed.close();
  }
}

/** Makes pictures of a source and sends them, until it ends. */
async function sendAll(source: Source, values: Values, opened: (outlet: Outlet) => void): Promise<void> {
  if (values.gain === "auto") throw new UsageError("--gain auto: it is for sonde image, give decibels here");
  checkData("openigtlink", values, source.info);
  const audience = new Audience();
  const outlet = await outletAt(values.listen ?? DEFAULT_LISTEN, (receiver) => audience.join(receiver));
  opened(outlet);
  const engine = await createEngine();
  console.log(`${source.info.name} is sent as OpenIGTLink images on ${outlet.address} (Ctrl-C stops)`);
  for (;;) {
    const { info } = source;
    const pipeline = toPipeline(values, info);
    const plan = await engine.plan(info, pipeline);
    try {
      // Nobody is told of a change that comes while nobody iterates.
      if (source.info !== info) continue;
      if (info.kind === "channels") await giveSquarePixels(plan, pipeline);
      await showAll(source, plan, values, (image) => {
        audience.show(igtlPicture(image, { device: "Sonde", timeS: Date.now() / 1000 }));
      });
      break;
    } catch (error) {
      if (!(isSondeError(error, "device-lost") && error.fields["reason"] === "reconfigured")) throw error;
      console.log(error instanceof SondeError ? error.message : "");
    } finally {
      plan.close();
    }
  }
  engine.close();
}

/** `sonde openigtlink SOURCE`, until stopped. */
export async function openigtlink(name: string | undefined, values: Values): Promise<void> {
  let device: LinkedSource | undefined;
  let outlet: Outlet | undefined;
  const stopped = stopOrder();
  const work = (async () => {
    const source = await sourceOf(name ?? "simulated", values, (linked) => {
      device = linked;
    });
    await sendAll(source, values, (open) => {
      outlet = open;
    });
    source.close();
  })();
  let isStopped = false;
  void stopped.promise.then(() => {
    isStopped = true;
  });
  try {
    await Promise.race([work, stopped.promise]);
  } finally {
    outlet?.close();
    await device?.close();
  }
  // Whatever is still under way is not wanted any more.
  if (isStopped) process.exit(0);
}
