/** Live sources: from the description of a probe to its frames. */
import { SondeError } from "./errors.ts";
import type { ConnectLiveOptions, LiveTarget } from "./live/connect.ts";
import type { LiveSource } from "./live/live-source.ts";
import { loadModule } from "./load-module.ts";
import { LiveSimulatedProbe } from "./simulate/live.ts";
import { type SimulatedDescriptor, type SimulatedOptions, settle } from "./simulate/options.ts";
import { describeAcquisition } from "./simulate/probe.ts";
import { type FrameMaker, makerInWorker } from "./simulate/worker-maker.ts";
import type { Source } from "./source.ts";
import { inNode } from "./worker/platform.ts";
import { spawnWorker } from "./worker/spawn.ts";
import { sondeWorkerUrl } from "./worker/url.ts";

export {
  type SimulatedArray,
  type SimulatedDescriptor,
  type SimulatedOptions,
  simulated,
} from "./simulate/options.ts";

/** How to connect. */
export interface ConnectOptions {
  /**
   * Where a simulated probe computes: `"worker"`, or `"here"` on the calling thread in slices of a few milliseconds.
   * Default `"auto"`: a worker in browsers, falling back to the page's thread where workers are forbidden; the
   * calling thread in Node.
   */
  where?: "auto" | "worker" | "here";
  /** Ends the attempt to connect. */
  signal?: AbortSignal;
}

function nameOf(target: unknown): string {
  if (typeof target === "string") return JSON.stringify(target);
  if (target instanceof URL) return JSON.stringify(target.href);
  if (typeof target === "function") return "a function";
  if (typeof target !== "object" || target === null) return String(target);
  const kind = (target as { kind?: unknown }).kind;
  return typeof kind === "string"
    ? `an object of kind ${JSON.stringify(kind)}`
    : `a ${target.constructor?.name || "bare object"}`;
}

function isSimulated(target: unknown): target is SimulatedDescriptor {
  return typeof target === "object" && target !== null && (target as { kind?: unknown }).kind === "simulated";
}

/** Loaded only where no worker does it: a page that has one never fetches the simulation itself. */
async function makerHere(options: SimulatedOptions): Promise<FrameMaker> {
  const { makerHere: make } = await import("./simulate/frame-maker.ts");
  return make(options);
}

async function makerAnywhere(
  options: SimulatedOptions,
  where: "auto" | "worker" | "here",
): Promise<FrameMaker> {
  if (where === "here" || (where === "auto" && inNode())) return makerHere(options);
  try {
    return await makerInWorker(await spawnWorker(sondeWorkerUrl()), options);
  } catch (error) {
    if (where === "worker") throw error;
    return makerHere(options);
  }
}

/**
 * Connects to a probe and gives its frames as they come. Close the source when done.
 *
 * Beside simulated probes: an address (`ws://`, `usb://`; in Node `tcp://`, `udp://`, `serial://` too), a USB device or
 * serial port the person chose, any stream of bytes or a function that opens one; with the protocol it speaks. Such a source comes back by itself when
 * its device was lost, tells of its link, and sends nothing but the orders it is given.
 * @throws SondeError `bad-option` for anything else, and for options outside their range; `not-found` for a device that
 *   cannot be reached, `missing-data` for one that says nothing understood
 * @example
 * const probe = await connect(simulated({ array: "convex" }));
 * const other = await connect("tcp://192.168.1.20:7538", { protocol: "echopen-e2" });
 * for await (const frame of probe.frames()) show(await plan.run(frame));
 */
export async function connect(target: SimulatedDescriptor, options?: ConnectOptions): Promise<Source>;
export async function connect(target: LiveTarget, options: ConnectLiveOptions): Promise<LiveSource>;
export async function connect(
  target: SimulatedDescriptor | LiveTarget,
  options: ConnectOptions | ConnectLiveOptions = {},
): Promise<Source> {
  if (!isSimulated(target)) {
    // Only what has a protocol is worth loading the rest for.
    if ("protocol" in options) {
      const { connectLive, isLiveTarget } = await loadModule(() => import("./live/connect.ts"));
      if (isLiveTarget(target)) return connectLive(target, options);
    }
    throw new SondeError(
      "bad-option",
      `connect was given ${nameOf(target)}: give simulated({ array: "linear" }), or a device and { protocol: "..." }, what its bytes mean`,
      { fields: { target: nameOf(target) } },
    );
  }
  const { where = "auto", signal } = options as ConnectOptions;
  if (where !== "auto" && where !== "worker" && where !== "here")
    throw new SondeError("bad-option", `where is ${JSON.stringify(where)}: choose auto, worker or here`, {
      fields: { where },
    });
  const settings = settle(target.options ?? {});
  const { info } = describeAcquisition(settings, null);
  const stopped = () => {
    if (signal?.aborted) throw new SondeError("aborted", "Connecting to the simulated probe was stopped");
  };
  stopped();
  const maker = await makerAnywhere(target.options ?? {}, where);
  if (signal?.aborted) maker.close();
  stopped();
  return new LiveSimulatedProbe(info, settings.frameRateHz, maker);
}
