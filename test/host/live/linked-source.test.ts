/** A live source through silence, loss, faults and changes of the device, on a clock that the test turns. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "../../../host/connect.ts";
import { isSondeError, SondeError } from "../../../host/errors.ts";
import { connectLive } from "../../../host/live/connect.ts";
import { DeviceClock } from "../../../host/live/device-clock.ts";
import { LinkedSource } from "../../../host/live/linked-source.ts";
import type { LinkReport, LiveOptions } from "../../../host/live/live-source.ts";
import type { Order, Protocol } from "../../../host/live/protocol.ts";
import { retryDelayMs } from "../../../host/live/retry.ts";
import type { Link, Transport } from "../../../host/live/transport.ts";
import type { Acquisition, Frame } from "../../../host/model.ts";
import { byteStream } from "../../../host/transports/byte-stream.ts";
import { lost, unreachable } from "../../../host/transports/failures.ts";
import { Inbox } from "../../../host/transports/inbox.ts";
import { FakeClock } from "../../fake-clock.ts";
import { SMALL, smallFrame } from "./small-protocol.ts";

const clock = new FakeClock();

test.before.each(() => {
  clock.install();
});
test.after.each(() => clock.restore());

/** A device that a test speaks for. */
class Device implements Transport {
  readonly name = "test://device";
  inbox = new Inbox();
  ageMs = 0;
  opens = 0;
  closes = 0;
  reachable = true;
  refusal: SondeError | undefined;
  /** Orders that it fails to take. */
  refuses = 0;
  /** How long it takes to take one (ms). */
  takesMs = 0;
  readonly sent: string[] = [];

  async open(): Promise<Link> {
    this.opens++;
    if (this.refusal) throw this.refusal;
    if (!this.reachable) throw unreachable(this.name, "it is off");
    const inbox = new Inbox();
    this.inbox = inbox;
    const age = () => this.ageMs;
    return {
      device: { name: "device", via: "test" },
      boundary: "stream",
      dropped: inbox.dropped,
      get ageMs() {
        return age();
      },
      chunks: () => inbox.chunks(),
      write: async (bytes) => {
        if (this.refuses-- > 0) throw lost(this.name, "transfer", "it stalled");
        if (this.takesMs) await new Promise((resolve) => setTimeout(resolve, this.takesMs));
        this.sent.push(new TextDecoder().decode(bytes));
      },
      close: async () => {
        this.closes++;
        inbox.close();
      },
    };
  }

  pull(): void {
    this.inbox.fail(lost(this.name, "unplugged", "it was unplugged"));
  }
}

function framesOf(source: LinkedSource, signal?: AbortSignal): { got: Frame[]; over: () => unknown } {
  const got: Frame[] = [];
  let over: unknown;
  void (async () => {
    try {
      for await (const frame of source.frames({ signal })) got.push(frame);
      over = "ended";
    } catch (error) {
      over = error;
    }
  })();
  return { got, over: () => over };
}

test("states follow the device: connecting, waiting, live, silent, live, reconnecting, live, closed", async () => {
  const device = new Device();
  const states: string[] = [];
  const source = new LinkedSource(device, SMALL, { onLink: ({ state }) => states.push(state) });
  assert.is(source.link.state, "connecting");
  const { got, over } = framesOf(source);
  await clock.advance(10);
  device.inbox.push(smallFrame(0));
  await clock.advance(400);
  assert.is(source.link.state, "live");
  await clock.advance(200);
  assert.is(source.link.state, "silent", "half a second after the last byte");
  device.inbox.push(smallFrame(1));
  await clock.advance(10);
  device.pull();
  await clock.advance(10);
  assert.is(source.link.state, "reconnecting");
  assert.is(source.link.reason, "unplugged");
  assert.match(source.link.why ?? "", /unplugged/);
  await clock.advance(200);
  device.inbox.push(smallFrame(0));
  await clock.advance(10);
  source.close();
  await clock.advance(10);
  assert.equal(
    states.filter((state, k) => state !== states[k - 1]),
    ["waiting", "live", "silent", "live", "reconnecting", "waiting", "live", "closed"],
  );
  assert.equal(
    got.map(({ index }) => index),
    [0, 1, 2],
    "numbers go on over connections",
  );
  assert.is(over(), "ended");
  assert.is(device.sent.length, 0, "nothing was sent");
  assert.is(device.closes, 2);
  await clock.advance(1000);
  assert.is(clock.waiting, 0);
});

test("tries come after 0.1, 0.2, 0.4, 0.5 s, after a minute every 5 s, each a fifth more or less", () => {
  assert.equal(
    [1, 2, 3, 4, 5, 6, 1000].map((failures) => retryDelayMs(failures, 0, 0.5)),
    [100, 200, 400, 500, 500, 500, 500],
  );
  assert.is(retryDelayMs(1000, 61_000, 0.5), 5000);
  assert.is(retryDelayMs(1, 0, 0), 80);
  assert.is(retryDelayMs(1000, 61_000, 1), 6000);
});

test("a device that stays away is tried for as long as it takes, in bounded memory", async () => {
  const device = new Device();
  device.reachable = false;
  const source = new LinkedSource(device, SMALL);
  await clock.advance(3_600_000);
  assert.ok(device.opens > 600 && device.opens < 1200, `${device.opens} tries in an hour`);
  assert.is(source.link.state, "reconnecting");
  device.reachable = true;
  await clock.advance(6100);
  assert.is(source.link.state === "waiting" || source.link.state === "silent", true);
  source.close();
});

test("what waited too long on its way or for its consumer is counted, and never given on", async () => {
  const device = new Device();
  const source = new LinkedSource(device, SMALL);
  const { got } = framesOf(source);
  await clock.advance(10);
  device.ageMs = 501;
  device.inbox.push(smallFrame(0));
  await clock.advance(10);
  assert.is(got.length, 0);
  assert.is(source.link.state, "waiting");
  device.ageMs = 20;
  device.inbox.push(smallFrame(1));
  await clock.advance(10);
  assert.equal(
    got.map(({ index }) => index),
    [1],
  );
  // A consumer that looks away for a while gets nothing old.
  const slow = source.frames();
  const first = slow.next();
  await clock.advance(1);
  device.inbox.push(smallFrame(2));
  await first;
  device.inbox.push(smallFrame(3));
  device.inbox.push(smallFrame(4));
  await clock.advance(600);
  const next = slow.next();
  await clock.advance(10);
  device.inbox.push(smallFrame(5));
  await clock.advance(1);
  assert.is((await next).value.index, 5);
  const { staleFrames, replacedFrames, frames } = source.statistics;
  assert.equal({ staleFrames, replacedFrames, frames }, { staleFrames: 2, replacedFrames: 1, frames: 5 });
  source.close();
});

test("a frame that began before a silence is not given on after it, nor at the end", async () => {
  const device = new Device();
  const source = new LinkedSource(device, SMALL);
  const { got } = framesOf(source);
  await clock.advance(10);
  const half = smallFrame(0);
  device.inbox.push(half.subarray(0, 12));
  await clock.advance(600);
  device.inbox.push(half.subarray(12));
  await clock.advance(10);
  assert.is(got.length, 0);
  device.inbox.push(smallFrame(1));
  await clock.advance(10);
  await clock.advance(600);
  device.inbox.push(smallFrame(2));
  await clock.advance(10);
  assert.equal(
    got.map(({ index }) => index),
    [1, 2],
    "one that came whole is fresh, after a silence too",
  );
  assert.is(source.statistics.staleFrames, 1);
  source.close();
});

test("a change of geometry ends the iteration before a new frame can reach an old plan", async () => {
  const device = new Device();
  const source = new LinkedSource(device, SMALL);
  const events: string[] = [];
  source.subscribe(({ kind }) => events.push(kind));
  const first = framesOf(source);
  await clock.advance(10);
  device.inbox.push(smallFrame(0, 16));
  await clock.advance(1);
  const { info } = source;
  device.pull();
  await clock.advance(300);
  device.inbox.push(smallFrame(0, 16));
  await clock.advance(1);
  assert.is(source.info, info, "the same device in the same state: the same object");
  assert.is(first.got.length, 2);
  device.inbox.push(smallFrame(1, 32));
  await clock.advance(1);
  const over = first.over();
  assert.ok(isSondeError(over, "device-lost"));
  assert.is(over.fields["reason"], "reconfigured");
  assert.ok(first.got.every(({ samples }) => samples.length === 16));
  assert.is(source.info.kind === "lines" && source.info.sampleCount, 32);
  assert.is(events.filter((kind) => kind === "reconfigured").length, 1);
  const second = framesOf(source);
  device.inbox.push(smallFrame(2, 32));
  await clock.advance(1);
  device.inbox.push(smallFrame(3, 32));
  await clock.advance(1);
  assert.ok(second.got.length > 0 && second.got.every(({ samples }) => samples.length === 32));
  assert.is(source.link.state, "live");
  source.close();
});

test("losses, skipped bytes and rates are counted", async () => {
  const device = new Device();
  const source = new LinkedSource(device, SMALL);
  await clock.advance(10);
  for (let k = 0; k < 100; k++) {
    if (k % 10 === 9) device.inbox.push(new Uint8Array(5));
    else device.inbox.push(smallFrame(k));
    await clock.advance(25);
  }
  const { frames, frameRateHz, bytes, bytesPerSecond, lostFrames, skippedBytes } = source.statistics;
  assert.equal({ frames, lostFrames, bytes }, { frames: 90, lostFrames: 9, bytes: 90 * 24 + 50 });
  assert.ok(skippedBytes >= 45);
  assert.ok(Math.abs(frameRateHz - 36) < 1.5, `${frameRateHz} Hz`);
  assert.ok(Math.abs(bytesPerSecond - 884) < 60, `${bytesPerSecond} B/s`);
  await clock.advance(3000);
  assert.ok(Number.isNaN(source.statistics.frameRateHz));
  assert.is(source.statistics.bytesPerSecond, 0);
  source.close();
});

test("orders are sent when a person gives them; what was started is stopped with the page or the source", async () => {
  const device = new Device();
  const source = new LinkedSource(device, SMALL);
  const failed = await source.order({ kind: "start" }).catch((error: unknown) => error);
  assert.ok(isSondeError(failed, "device-lost"), "no link yet");
  await clock.advance(10);
  assert.equal(device.sent, []);
  const told: unknown[] = [];
  source.subscribe((event) => event.kind === "order" && told.push(event.order));
  await source.order({ kind: "set", control: "gain", value: 3 });
  await source.order({ kind: "start" });
  assert.equal(told, [{ kind: "set", control: "gain", value: 3 }, { kind: "start" }]);
  assert.equal(device.sent, ["gain=3", "start"]);
  const listeners = new Map<string, (event: object) => void>();
  source.close();
  await clock.advance(300);
  assert.equal(device.sent, ["gain=3", "start", "stop"]);

  Object.assign(globalThis, {
    addEventListener: (type: string, listener: () => void) => listeners.set(type, listener),
    removeEventListener: (type: string) => listeners.delete(type),
  });
  try {
    const other = new Device();
    const live = new LinkedSource(other, SMALL);
    await clock.advance(10);
    assert.is(listeners.size, 0);
    await live.order({ kind: "start" });
    assert.equal([...listeners.keys()].sort(), ["freeze", "pagehide", "visibilitychange"]);
    listeners.get("freeze")?.({ type: "freeze" });
    await clock.advance(10);
    assert.equal(other.sent, ["start", "stop"]);
    assert.is(listeners.size, 0);
    live.close();
    await clock.advance(300);
    assert.equal(other.sent, ["start", "stop"], "once");

    const third = new Device();
    const page = { visibilityState: "visible" };
    const armed = new LinkedSource(third, { ...SMALL, starts: ({ kind }) => kind === "set" });
    await clock.advance(10);
    await armed.order({ kind: "set", control: "gain", value: 3 });
    listeners.get("visibilitychange")?.({ type: "visibilitychange", target: page });
    await clock.advance(10);
    assert.equal(third.sent, ["gain=3"], "still to be seen");
    page.visibilityState = "hidden";
    listeners.get("visibilitychange")?.({ type: "visibilitychange", target: page });
    await clock.advance(10);
    assert.equal(third.sent, ["gain=3", "stop"]);
    armed.close();
  } finally {
    for (const name of ["addEventListener", "removeEventListener"]) Reflect.deleteProperty(globalThis, name);
  }
});

test("a device with few frames is not called silent between them, and within a second after the last", async () => {
  const device = new Device();
  const states: string[] = [];
  const source = new LinkedSource(device, SMALL, { onLink: ({ state }) => states.push(state) });
  await clock.advance(10);
  for (let k = 0; k < 3; k++) {
    device.inbox.push(smallFrame(k));
    await clock.advance(400);
  }
  states.length = 0;
  for (let k = 3; k < 13; k++) {
    device.inbox.push(smallFrame(k));
    await clock.advance(660);
  }
  assert.equal(states, []);
  await clock.advance(450);
  assert.equal(states, ["silent"]);
  source.close();
});

test("bytes without a frame are not live for longer than five seconds, however slow a device says it is", async () => {
  const device = new Device();
  const { parser, ...rest } = SMALL;
  const source = new LinkedSource(device, {
    ...rest,
    parser: () => {
      const inner = parser();
      const push = inner.push.bind(inner);
      inner.push = (chunk) =>
        push(chunk).map((event) =>
          event.kind === "acquisition"
            ? { ...event, info: { ...event.info, frameRateHz: 0.01 } as Acquisition }
            : event,
        );
      return inner;
    },
  });
  const { got } = framesOf(source);
  await clock.advance(10);
  device.inbox.push(smallFrame(0));
  await clock.advance(10);
  for (let ms = 0; ms < 5200; ms += 100) {
    assert.is(source.link.state, ms < 5000 ? "live" : source.link.state);
    device.inbox.push(new Uint8Array(5));
    await clock.advance(100);
  }
  assert.is(source.link.state, "waiting");
  const half = smallFrame(1);
  device.inbox.push(half.subarray(0, 12));
  await clock.advance(2000);
  device.inbox.push(half.subarray(12));
  await clock.advance(10);
  assert.is(got.length, 1, "half of it is two seconds old");
  source.close();
});

/** Speaks for the device: so many frames, and then it hangs. */
async function stream(device: Device, frames: number): Promise<void> {
  for (let k = 0; k < frames; k++) {
    device.inbox.push(smallFrame(k));
    await clock.advance(50);
  }
}

test("a device that streamed and hangs behind an open link is connected anew until it streams again", async () => {
  const device = new Device();
  const source = new LinkedSource(device, SMALL);
  await clock.advance(10);
  await stream(device, 20);
  await clock.advance(4800);
  assert.is(device.opens, 1);
  assert.is(source.link.state, "silent");
  await clock.advance(800);
  assert.is(device.opens, 2);
  await clock.advance(60_000);
  assert.ok(device.opens > 9 && device.opens < 14, `${device.opens} tries in a minute`);
  await stream(device, 20);
  assert.is(source.link.state, "live");
  assert.is(device.sent.length, 0);
  source.close();
});

test("a device that may be silent is left alone: told to stop, of long pauses, asked for single frames, or read once", async () => {
  const told = new Device();
  const source = new LinkedSource(told, SMALL);
  await clock.advance(10);
  await source.order({ kind: "start" });
  await stream(told, 20);
  await source.order({ kind: "stop" });
  await stream(told, 10);
  await clock.advance(60_000);
  assert.is(told.opens, 1, "told to stop");
  await source.order({ kind: "start" });
  await stream(told, 20);
  await clock.advance(6000);
  assert.is(told.opens, 2, "started again, it hangs");
  source.close();

  const slow = new Device();
  const paused = new LinkedSource(slow, SMALL);
  await clock.advance(10);
  for (let k = 0; k < 12; k++) {
    slow.inbox.push(smallFrame(k));
    await clock.advance(4000);
  }
  await clock.advance(7000);
  assert.is(slow.opens, 1, "of long pauses");
  paused.close();

  const single = new Device();
  const asked = new LinkedSource(single, SMALL);
  await clock.advance(10);
  for (let k = 0; k < 12; k++) {
    await asked.order({ kind: "set", control: "gain", value: 1 });
    await stream(single, 1);
  }
  await clock.advance(60_000);
  assert.is(single.opens, 1, "asked for single frames");
  asked.close();

  const bytes = new Inbox();
  const once = new LinkedSource(byteStream(bytes.chunks()), SMALL);
  await clock.advance(10);
  for (let k = 0; k < 20; k++) {
    bytes.push(smallFrame(k));
    await clock.advance(50);
  }
  await clock.advance(60_000);
  assert.is(once.link.state, "silent", "read once");
  bytes.push(smallFrame(20));
  await clock.advance(10);
  assert.is(once.link.state, "live");
  once.close();
});

test("a device that was started is stopped first of all over a link that came back, and only then", async () => {
  const device = new Device();
  const source = new LinkedSource(device, SMALL);
  await clock.advance(10);
  device.pull();
  await clock.advance(300);
  assert.equal(device.sent, [], "nothing was started");
  await source.order({ kind: "set", control: "gain", value: 3 });
  assert.equal(source.going, []);
  await source.order({ kind: "start" });
  assert.equal(source.going, [{ kind: "start" }]);
  device.reachable = false;
  device.pull();
  await clock.advance(1000);
  const stop = await source.order({ kind: "stop" }).catch((thrown: unknown) => thrown);
  assert.ok(isSondeError(stop, "device-lost"));
  assert.match(String(stop), /stopped as soon as it is reached again/);
  assert.equal(source.going, [{ kind: "start" }], "it goes on");
  device.reachable = true;
  device.refuses = 1;
  await clock.advance(2000);
  assert.equal(device.sent, ["gain=3", "start", "stop"], "again until it was sent, and once");
  assert.equal(source.going, []);
  device.inbox.push(smallFrame(0));
  await clock.advance(10);
  assert.is(source.link.state, "live");
  source.close();
  await clock.advance(6000);
  assert.equal(device.sent, ["gain=3", "start", "stop"]);
  assert.is(clock.waiting, 0);
});

test("a stop that may have gone into a dead link is sent again over the next one, once", async () => {
  const device = new Device();
  const source = new LinkedSource(device, SMALL);
  await clock.advance(10);
  await source.order({ kind: "start" });
  await source.order({ kind: "stop" });
  assert.equal(source.going, []);
  for (let k = 0; k < 2; k++) {
    device.pull();
    await clock.advance(500);
  }
  assert.is(device.opens, 3);
  assert.equal(device.sent, ["start", "stop", "stop"]);
  source.close();
  await clock.advance(300);
  assert.equal(device.sent, ["start", "stop", "stop"]);
});

test("a source that is closed while it sends an owed stop waits for it, and sends no other that it took", async () => {
  for (const takesMs of [100, 400]) {
    const device = new Device();
    const source = new LinkedSource(device, SMALL);
    await clock.advance(10);
    await source.order({ kind: "start" });
    device.takesMs = takesMs;
    device.pull();
    // The next try is under way, and its stop.
    await clock.advance(150);
    assert.is(device.opens, 2);
    void source.close();
    device.takesMs = 100;
    await clock.advance(3000);
    const taken = takesMs < 250;
    assert.is(device.opens, taken ? 2 : 3, `a stop of ${takesMs} ms`);
    assert.equal(device.sent, taken ? ["start", "stop"] : ["start", "stop", "stop"]);
    assert.is(device.closes, device.opens);
    assert.is(clock.waiting, 0);
  }
});

test("a source that is closed while its device is away stops it when it is reached within five seconds", async () => {
  for (const awayMs of [2000, 20_000]) {
    const device = new Device();
    const source = new LinkedSource(device, SMALL);
    await clock.advance(10);
    await source.order({ kind: "start" });
    device.reachable = false;
    device.pull();
    await clock.advance(50);
    let over = false;
    void source.close().then(() => {
      over = true;
    });
    await clock.advance(awayMs);
    device.reachable = true;
    await clock.advance(6000);
    assert.equal(device.sent, awayMs < 5000 ? ["start", "stop"] : ["start"]);
    assert.is(over, true);
    assert.is(clock.waiting, 0);
  }
});

test("what is going is what was said last of each control", async () => {
  const device = new Device();
  const starts = (order: Order) => order.kind === "start" || (order.kind === "set" && order.value !== 0);
  const source = new LinkedSource(device, { ...SMALL, starts });
  await clock.advance(10);
  const gain = (value: number): Order => ({ kind: "set", control: "gain", value });
  await source.order(gain(2));
  await source.order({ kind: "start" });
  await source.order(gain(3));
  assert.equal(source.going, [{ kind: "start" }, gain(3)]);
  await source.order(gain(0));
  assert.equal(source.going, [{ kind: "start" }]);
  await source.order({ kind: "stop" });
  assert.equal(source.going, []);
  source.close();
});

test("a parser that fails is tried again, and a listener that throws ends nothing", async () => {
  const device = new Device();
  let parsers = 0;
  const source = new LinkedSource(device, {
    ...SMALL,
    parser() {
      const parser = SMALL.parser();
      if (parsers++ === 0)
        parser.push = () => {
          throw new TypeError("no such field");
        };
      return parser;
    },
  });
  const reported: unknown[] = [];
  const { error: say } = console;
  console.error = (error) => reported.push(error);
  try {
    source.subscribe(() => {
      throw new Error("a listener's own");
    });
    await clock.advance(10);
    device.inbox.push(smallFrame(0));
    await clock.advance(10);
    assert.is(source.link.state, "reconnecting");
    assert.match(source.link.why ?? "", /could not be read as Small \(no such field\)/);
    await clock.advance(300);
    device.inbox.push(smallFrame(0));
    await clock.advance(10);
    assert.is(source.link.state, "live");
    assert.ok(reported.length > 0);
  } finally {
    console.error = say;
  }
  source.close();
});

test("a device that only speaks takes no orders", async () => {
  const device = new Device();
  const { encode: _none, ...mute } = SMALL;
  const source = new LinkedSource(device, mute);
  await clock.advance(10);
  assert.is(source.obeys, false);
  const error = await source.order({ kind: "stop" }).catch((thrown: unknown) => thrown);
  assert.ok(isSondeError(error, "bad-option"));
  source.close();
});

test("an error that trying again cannot mend ends it, with its sentence", async () => {
  const device = new Device();
  device.refusal = new SondeError("device-lost", "device was taken over by another page", {
    fields: { final: true, reason: "taken" },
  });
  const source = new LinkedSource(device, SMALL);
  const { over } = framesOf(source);
  await clock.advance(10_000);
  assert.is(source.link.state, "lost");
  assert.is(source.link.reason, "taken");
  assert.is(device.opens, 1);
  assert.ok(isSondeError(over(), "device-lost"));
  assert.match(String(over()), /another page/);
  source.close();
});

test("a stream that ends in order and cannot be opened again ends the iteration without an error", async () => {
  async function* bytes() {
    for (let k = 0; k < 3; k++) yield smallFrame(k);
  }
  const probe = connectLive(bytes(), { protocol: SMALL });
  await clock.advance(10);
  const source = await probe;
  const iterator = source.frames();
  const last = iterator.next();
  await clock.advance(500);
  assert.is(source.link.state, "lost");
  let read = await last;
  for (let k = 0; k < 3 && !read.done; k++) read = await iterator.next();
  assert.is(read.done, true);
  source.close();
});

test("connect says what is wrong: nothing reached, nothing understood, no protocol, no such target", async () => {
  const failure = async (work: Promise<unknown>, ms: number) => {
    let error: unknown;
    work.catch((thrown) => {
      error = thrown;
    });
    await clock.advance(ms, () => error !== undefined);
    return error;
  };
  const off = new Device();
  off.reachable = false;
  const nobody = await failure(connectLive(off, { protocol: SMALL, waitMs: 2000 }), 3000);
  assert.ok(isSondeError(nobody, "not-found"));
  assert.match(String(nobody), /it is off/);
  const odd = new Device();
  const work = connectLive(odd, { protocol: SMALL, waitMs: 2000 });
  while (odd.opens === 0) await new Promise((resolve) => setImmediate(resolve));
  odd.inbox.push(new Uint8Array(1000));
  const stranger = await failure(work, 3000);
  assert.ok(isSondeError(stranger, "missing-data"));
  assert.match(String(stranger), /1000 bytes that are no Small; is it the right protocol/);
  const mute = await failure(connectLive(new Device(), { protocol: SMALL, waitMs: 2000 }), 3000);
  assert.match(String(mute), /said nothing/);
  const stop = new AbortController();
  const stopped = connectLive(new Device(), { protocol: SMALL, signal: stop.signal });
  stop.abort();
  assert.ok(isSondeError(await failure(stopped, 100), "aborted"));
});

test("connect refuses a device without a protocol, and what is no device", async () => {
  clock.restore();
  for (const [target, protocol, sentence] of [
    ["tcp://127.0.0.1:1", "", /echopen-e2/],
    ["tcp://127.0.0.1:1", "e2", /"e2" is no protocol/],
    ["tcp://127.0.0.1", "echopen-e2", /HOST:PORT/],
    [new Map(), SMALL, /a Map/],
    [7, SMALL, /7/],
  ] as const) {
    const error = await connect(target as never, { protocol } as never).catch((thrown: unknown) => thrown);
    assert.ok(isSondeError(error, "bad-option"), String(error));
    assert.match(String(error), sentence);
  }
});

/** A device of 20 frames a second with a clock of its own, and a way from it. */
function clocked(options?: LiveOptions) {
  const device = new Device();
  /** When each frame was acquired, by the device's clock. */
  const timesS: number[] = [];
  let offsetMs = 5000;
  const protocol: Protocol = {
    ...SMALL,
    parser() {
      const inner = SMALL.parser();
      return {
        maxBytes: inner.maxBytes,
        heldBytes: 0,
        push: (chunk) =>
          inner
            .push(chunk)
            .map((event) =>
              event.kind === "frame"
                ? { ...event, frame: { ...event.frame, timeS: timesS[event.frame.index] } }
                : event,
            ),
        end: () => [],
      };
    },
  };
  const source = new LinkedSource(device, protocol, options);
  const { got } = framesOf(source);
  return {
    device,
    source,
    got,
    /** Frames of `ms`, each as late as `lateMs` says; what is on its way when a link ends is lost with it. */
    async run(ms: number, lateMs = 0) {
      for (let t = 0; t < ms; t += 50) {
        const frame = smallFrame(timesS.length);
        timesS.push((clock.nowMs + offsetMs) / 1000);
        const { inbox } = device;
        setTimeout(() => inbox.push(frame), lateMs);
        await clock.advance(50);
      }
    },
    /** Sets the device's clock. */
    jump: (ms: number) => {
      offsetMs += ms;
    },
  };
}

test("frames behind a backlog of the device are counted and not given on, though each of them has just come", async () => {
  const { source, got, run } = clocked();
  await clock.advance(10);
  await run(2000, 20);
  assert.is(got.length, 40);
  assert.is(source.statistics.staleFrames, 0);
  // From now on everything comes three seconds late, for ever.
  await run(10_000, 3000);
  assert.is(got.length, 40, "what is late is not live");
  assert.ok(source.statistics.staleFrames > 130, `${source.statistics.staleFrames}`);
  assert.is(source.link.state, "waiting");
  // The backlog is gone.
  await clock.advance(3000);
  await run(2000, 20);
  assert.is(got.length, 80);
  assert.is(source.link.state, "live");
  // What is a little late is told how old it is.
  await run(500, 320);
  await clock.advance(320);
  assert.is(got.length, 90);
  assert.ok(
    Math.abs(clock.nowMs - got[89].receivedAtMs! - 350) < 1,
    `${clock.nowMs - got[89].receivedAtMs!} ms old`,
  );
  source.close();
});

test("a device's clock that is set anew, drifts or stands silences no frame", async () => {
  for (const jumpMs of [-3000, -4_000_000, 60_000, 1e9]) {
    const { source, got, run, jump } = clocked();
    await clock.advance(10);
    await run(5000);
    jump(jumpMs);
    await run(5000);
    assert.is(got.length, 200, `${jumpMs} ms`);
    source.close();
  }
  const deviceClock = new DeviceClock();
  for (let ms = 0; ms < 600_000; ms += 100) {
    assert.ok(deviceClock.lateMs((ms * 0.9999) / 1000, ms) < 10);
  }
  for (const timeS of [0, undefined, Number.NaN]) {
    deviceClock.anew();
    for (let ms = 0; ms < 100_000; ms += 100) assert.is(deviceClock.lateMs(timeS, ms), 0);
  }
});

test("a delay that stays is never live; the device is connected anew, which no backlog outlives", async () => {
  const { device, source, got, run } = clocked({ reconnect: false });
  await clock.advance(10);
  await run(5000);
  await run(180_000, 3000);
  assert.is(got.length, 100);
  assert.is(source.link.state, "waiting");
  assert.is(device.opens, 1);
  source.close();

  const anew = clocked();
  await clock.advance(10);
  await anew.run(5000);
  await anew.run(32_000, 3000);
  assert.is(anew.got.length, 100);
  assert.is(anew.device.opens, 1);
  const links: LinkReport[] = [];
  anew.source.subscribe((event) => {
    if (event.kind === "link") links.push(event.link);
  });
  await anew.run(2000, 3000);
  assert.is(anew.device.opens, 2);
  const [{ state, why, reason }] = links;
  assert.equal([state, reason], ["reconnecting", "late"]);
  assert.match(String(why), /stayed late/);
  await anew.run(2000, 20);
  assert.is(anew.source.link.state, "live");
  assert.ok(anew.got.length > 138, `${anew.got.length}`);
  anew.source.close();
});

test.run();
