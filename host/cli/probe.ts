/** `sonde probe simulate`: a device that is none, for tests and classrooms; with faults on demand. */
import { SondeError } from "../errors.ts";
import { MOST_BYTES } from "../formats/options.ts";
import { protocolWords } from "../live/connect.ts";
import type { ProtocolWriter } from "../live/protocol.ts";
import { dueInLoopS, dueTimes, frameInLoop, placesOfRound } from "../live/replay.ts";
import { sleep } from "../live/sleep.ts";
import type { Acquisition, Frame } from "../model.ts";
import { open } from "../open.ts";
import { PROTOCOLS, SPOKEN, writerOf } from "../protocols/index.ts";
import { FaultyWay, parseFaults } from "../simulate/faults.ts";
import { simulatedRecording } from "../simulate/index.ts";
import { type MechanicalDevice, MechanicalSimulation, SECTOR } from "../simulate/mechanical.ts";
import { simulatedArray } from "./input.ts";
import { number } from "./numbers.ts";
import { outletAt, type Receiver } from "./outlets.ts";
import type { Values } from "./words.ts";
import { UsageError } from "./wrong-usage.ts";

/** Parts a frame is sent in, spread over its period, as a device does that sweeps. */
const PARTS = 8;
/** Most frames kept of a recording or a simulated array that is repeated. */
const REPEATED = 100;
const MOST_RATE_HZ = 1000;
/** Of a scene that states no rate. */
const USUAL_RATE_HZ = 10;

interface Scene {
  info: Acquisition;
  rateHz: number | undefined;
  /** When frame `index` is due (s), of a recording that knows its times. Default: by the rate. */
  dueS?(index: number): number;
  frame(index: number): Promise<Frame>;
}

/** A single element that is held still, as its device samples it; others as P0RK does. */
const ELEMENT: MechanicalDevice = {
  lines: 1,
  sectorRad: 0,
  r0M: 0,
  sampleCount: 4096,
  sampleRateHz: 60e6,
  centerFrequencyHz: 5e6,
  soundSpeedMps: 1540,
  frameRateHz: 50,
  offset: 0,
};
const ELEMENTS: Readonly<Record<string, MechanicalDevice>> = {
  pic0rick: { ...ELEMENT, sampleCount: 8000, frameRateHz: 10 },
  wulpus: {
    ...ELEMENT,
    lines: 8,
    sampleCount: 400,
    sampleRateHz: 8e6,
    centerFrequencyHz: 2.25e6,
    frameRateHz: 6,
  },
};

/** What the device looks at. */
async function sceneOf(
  from: string,
  protocol: string,
  seed: number,
  rateHz: number | undefined,
): Promise<Scene> {
  if (from === "simulated:sector" || from === "simulated:element") {
    const device = from === "simulated:sector" ? SECTOR : (ELEMENTS[protocol] ?? ELEMENT);
    const simulation = new MechanicalSimulation({ device, seed, frameRateHz: rateHz });
    return {
      info: simulation.info,
      rateHz: simulation.frameRateHz,
      frame: async (index) => simulation.frame(index),
    };
  }
  const array = simulatedArray(from);
  const source = array
    ? await simulatedRecording(
        { array, seed, ...(rateHz ? { frameRateHz: Math.min(200, rateHz) } : {}) },
        REPEATED,
      )
    : await open(from, { maxBytes: MOST_BYTES });
  const count = source.info.frameCount ?? 0;
  if (count === 0) throw new SondeError("missing-data", `${from} holds no frame: give another recording`);
  const kept = new Map<number, Promise<Frame>>();
  const times = dueTimes(source, count);
  const places = await placesOfRound(source, count);
  const shownHz = rateHz ?? source.info.frameRateHz ?? USUAL_RATE_HZ;
  const dueS = source.timesS && rateHz === undefined ? times : undefined;
  return {
    info: { ...source.info, frameCount: null },
    rateHz: source.info.frameRateHz,
    ...(dueS ? { dueS: (index: number) => dueInLoopS(dueS, index) } : {}),
    async frame(index) {
      const place = index % count;
      const frame = kept.get(place) ?? source.frame(place);
      if (kept.size < REPEATED) kept.set(place, frame);
      const { sequence = index, ...rest } = frameInLoop(await frame, index, times, places);
      // A device counts the frames that are missing in the recording, too.
      const shown = { ...rest, index: sequence };
      // Shown at a rate, it is acquired at that rate's times.
      return dueS || shown.timeS === undefined ? shown : { ...shown, timeS: index / shownHz };
    },
  };
}

/** What each protocol is shown with when nothing is said. */
function defaultScene(protocol: string): string {
  if (protocol.startsWith("echopen")) return "simulated:sector";
  return protocol === "sonde" ? "simulated:linear" : "simulated:element";
}

const round = (value: number) => Number(value.toPrecision(3));

function positive(name: "rate" | "seed", text: string, most: number): number {
  const value = number(name, text);
  if (!(value >= 0 && value <= most)) throw new UsageError(`--${name} ${text}: from 0 to ${most}`);
  return value;
}

/** Where the device is reached. Datagrams keep their borders on UDP and in WebSocket messages alone. @throws UsageError */
function listenAt(protocol: string, asked: string | undefined): string {
  const datagrams = PROTOCOLS.some(({ id, boundary }) => id === protocol && boundary === "datagram");
  if (!datagrams) return asked ?? "tcp://127.0.0.1:7538";
  const listen = asked ?? "udp://127.0.0.1:51000";
  if (!/^(udp|ws):/i.test(listen))
    throw new UsageError(
      `--listen ${listen}: ${protocol} comes in datagrams: give udp://HOST:PORT or ws://HOST:PORT`,
    );
  return listen;
}

/** Sends messages as they are, or as the faults leave them. */
async function speak(messages: readonly Uint8Array[], way: FaultyWay, receiver: Receiver): Promise<void> {
  for (const message of messages)
    for (const step of way.pass(message)) {
      if (receiver.gone.aborted) return;
      if (step.kind === "send") await receiver.send(step.bytes);
      else if (step.kind === "wait") await sleep(step.ms, receiver.gone);
      else receiver.unplug();
    }
}

/** Whether a device sends: always, or as the orders it hears say. */
class Going {
  #going: boolean;
  #once = 0;
  #wake = () => {};

  constructor(writer: ProtocolWriter, receiver: Receiver, obeys: boolean) {
    this.#going = !obeys;
    receiver.gone.addEventListener("abort", () => this.#wake(), { once: true });
    if (!obeys) return;
    receiver.hear?.((bytes) => {
      const { replies, going, once = 0 } = writer.hear?.(bytes) ?? { replies: [] };
      for (const reply of replies) void receiver.send(reply);
      this.#going = going ?? this.#going;
      this.#once += once;
      this.#wake();
    });
  }

  get now(): boolean {
    return this.#going || this.#once > 0;
  }

  /** A frame was sent. */
  count(): void {
    this.#once = Math.max(0, this.#once - 1);
  }

  /** Resolves at the next order, or when the receiver is gone. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

async function session(
  scene: Scene,
  writer: ProtocolWriter,
  way: FaultyWay,
  rateHz: number,
  receiver: Receiver,
  obeys: boolean,
): Promise<void> {
  const going = new Going(writer, receiver, obeys);
  if (!obeys) for (const message of writer.start()) await receiver.send(message);
  let startMs = performance.now();
  /** The device's clock goes on while it stands. */
  let stoodS = 0;
  const pause = (untilMs: number) => sleep(untilMs - performance.now(), receiver.gone);
  const dueMs = (index: number) => 1000 * (scene.dueS?.(index) ?? index / rateHz);
  for (let index = 0; !receiver.gone.aborted; ) {
    if (!going.now) {
      const sinceMs = performance.now();
      await going.changed();
      stoodS += (performance.now() - sinceMs) / 1000;
      startMs = performance.now() - dueMs(index);
      continue;
    }
    const frame = await scene.frame(index);
    const messages = writer.frame(
      frame.timeS === undefined ? frame : { ...frame, timeS: frame.timeS + stoodS },
    );
    const parts = Math.min(PARTS, messages.length);
    // A frame before a pause takes no longer than others.
    const spreadMs = Math.min(dueMs(index + 1) - dueMs(index), 1000 / rateHz);
    for (let part = 0; part < parts; part++) {
      await pause(startMs + dueMs(index) + (part / parts) * spreadMs);
      if (receiver.gone.aborted) return;
      if (!going.now) break;
      const from = Math.floor((part * messages.length) / parts);
      const to = Math.floor(((part + 1) * messages.length) / parts);
      await speak(messages.slice(from, to), way, receiver);
    }
    going.count();
    // A device whose receiver is slow leaves frames out; it does not fall behind.
    index++;
    while (dueMs(index + 1) <= performance.now() - startMs) index++;
  }
}

/** `sonde probe simulate`, until stopped. */
export async function probe(what: string | undefined, values: Values): Promise<void> {
  if (what !== "simulate") throw new UsageError(`${what ?? "nothing"}: sonde probe knows simulate`);
  if (values.protocol === undefined)
    throw new UsageError(`--protocol is missing: one of ${SPOKEN.join(", ")}`);
  const { id, options } = protocolWords(values.protocol);
  const seed = values.seed === undefined ? 1 : positive("seed", values.seed, 2 ** 32 - 1);
  const asked = values.rate === undefined ? undefined : positive("rate", values.rate, MOST_RATE_HZ);
  if (asked === 0) throw new UsageError("--rate 0: more than 0 frames a second");
  const rates = parseFaults(values.fault ?? "");
  if (id === "openigtlink" && values.from === undefined)
    throw new UsageError("--from is missing: OpenIGTLink carries images; sonde openigtlink sends pictures");
  const listen = listenAt(id, values.listen);
  const from = values.from ?? defaultScene(id);
  const scene = await sceneOf(from, id, seed, asked);
  const rateHz = asked ?? scene.rateHz ?? USUAL_RATE_HZ;
  // A protocol that cannot carry the scene says so now, not to the first who connects.
  const obeys = values.obey === true;
  if ((await writerOf(id, scene.info, options)).hear === undefined && obeys)
    throw new UsageError(`--obey: ${id} takes no orders here; p0rk, pic0rick and wulpus do`);
  let sessions = 0;
  const receivers = new Set<Receiver>();
  let over = () => {};
  let fail = (_: unknown) => {};
  const stopped = new Promise<void>((resolve, reject) => {
    over = resolve;
    fail = reject;
  });
  const outlet = await outletAt(listen, async (receiver) => {
    receivers.add(receiver);
    try {
      const writer = await writerOf(id, scene.info, options);
      await session(scene, writer, new FaultyWay(rates, seed + sessions++), rateHz, receiver, obeys);
    } catch (error) {
      // A frame of the recording cannot be read, say.
      receiver.unplug();
      fail(error);
    } finally {
      receivers.delete(receiver);
    }
  });
  console.log(
    `${scene.info.name} speaks ${id} on ${outlet.address}, ${scene.dueS ? `about ${round(rateHz)}` : rateHz} frames a second (Ctrl-C stops)`,
  );
  process.once("SIGINT", over);
  process.once("SIGTERM", over);
  try {
    await stopped;
  } catch (error) {
    for (const receiver of receivers) receiver.unplug();
    throw error;
  } finally {
    outlet.close();
  }
  // Receivers that are still connected do not hold the end up.
  process.exit(0);
}
