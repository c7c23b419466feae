import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type SimulatedDescriptor, simulated } from "../../host/connect.ts";
import { isSondeError } from "../../host/errors.ts";
import type { SampleArray } from "../../host/model.ts";
import { protocolOf, writerOf } from "../../host/protocols/index.ts";
import { makerInWorker, type SimulatedProbeStart, serveSimulatedProbe } from "../../host/simulate/index.ts";
import type { Reply } from "../../host/worker/port.ts";
import type { WorkerLike } from "../../host/worker/spawn.ts";

/** Compares without printing sixteen thousand lines. */
function same(one: SampleArray, other: SampleArray, message: string): void {
  assert.ok(one.length === other.length && one.every((value, k) => value === other[k]), message);
}

const SMALL = { elements: 16, scatterers: 500, transmits: 1, frameRateHz: 50 };

test("a description survives JSON", async () => {
  const descriptor = JSON.parse(
    JSON.stringify(simulated({ ...SMALL, array: "phased" })),
  ) as SimulatedDescriptor;
  const probe = await connect(descriptor);
  assert.is(probe.live, true);
  assert.is(probe.info.frameCount, null);
  assert.is(probe.info.kind === "channels" && probe.info.probe.kind, "phased");
  probe.close();
});

test("frames come at the probe's rate, in order", async () => {
  const probe = await connect(simulated(SMALL));
  const started = performance.now();
  const indices: number[] = [];
  for await (const frame of probe.frames()) {
    indices.push(frame.index);
    assert.ok(
      performance.now() - started > frame.index * 20 - 15,
      `frame ${frame.index} came before its time`,
    );
    assert.is(frame.timeS, frame.index / 50);
    if (indices.length === 12) break;
  }
  const elapsed = performance.now() - started;
  probe.close();
  for (let k = 1; k < indices.length; k++) assert.ok(indices[k] > indices[k - 1]);
  assert.ok(elapsed > 180, `12 frames in ${elapsed} ms`);
});

test("a slow consumer gets the newest frame, and the index shows what it missed", async () => {
  const probe = await connect(simulated(SMALL));
  const seen: { index: number; ageMs: number }[] = [];
  const started = performance.now();
  for await (const frame of probe.frames()) {
    seen.push({ index: frame.index, ageMs: performance.now() - started - frame.index * 20 });
    if (seen.length === 5) break;
    await wait(110);
  }
  probe.close();
  for (let k = 1; k < seen.length; k++) {
    assert.ok(seen[k].index - seen[k - 1].index >= 5, `frames ${seen[k - 1].index} and ${seen[k].index}`);
    // One that waited for this consumer would be 110 ms old.
    assert.ok(seen[k].ageMs < 100, `frame ${seen[k].index} was ${seen[k].ageMs} ms old`);
  }
});

test("close() and an abort end the iteration without an error, while it waits", async () => {
  for (const how of ["close", "abort"]) {
    const probe = await connect(simulated({ ...SMALL, frameRateHz: 1 }));
    const stop = new AbortController();
    const started = performance.now();
    const iterator = probe.frames({ signal: stop.signal });
    await iterator.next();
    const pending = iterator.next(); // due in a second
    setTimeout(() => (how === "close" ? probe.close() : stop.abort()), 30);
    assert.is((await pending).done, true);
    assert.ok(performance.now() - started < 700, `${how} took ${performance.now() - started} ms`);
    assert.is((await iterator.next()).done, true);
    probe.close();
    assert.is((await probe.frames().next()).done, true);
  }
});

test("two consumers of one probe get the same bytes", async () => {
  const probe = await connect(simulated(SMALL));
  const first = probe.frames();
  const second = probe.frames();
  const byIndex = new Map<number, Int16Array>();
  let shared = 0;
  for (let k = 0; k < 6; k++)
    for (const { value } of await Promise.all([first.next(), second.next()])) {
      const known = byIndex.get(value.index);
      if (known) {
        shared++;
        same(value.samples, known, `frame ${value.index} differs`);
      }
      byIndex.set(value.index, value.samples as Int16Array);
    }
  assert.ok(shared > 0);
  probe.close();
});

test("a live source refuses to be asked for a frame", async () => {
  const probe = await connect(simulated(SMALL));
  try {
    await probe.frame(3);
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "bad-option"));
    assert.match((error as Error).message, /Frame 3 .*live/);
  }
  probe.close();
});

test("an attempt that was stopped before gives no probe", async () => {
  const error = await connect(simulated(SMALL), { signal: AbortSignal.abort() }).catch((e: unknown) => e);
  assert.ok(isSondeError(error, "aborted"), String(error));
  for (const options of [null, 5])
    assert.throws(
      () => simulated(options as never),
      (e: unknown) => isSondeError(e, "bad-option") && e.message.startsWith(`options is ${options}: `),
    );
});

test("anything but a simulated probe is refused by name", async () => {
  const others: [unknown, RegExp][] = [
    ["ws://localhost:1234", /"ws:\/\/localhost:1234".*simulated/],
    [new URL("http://a/"), /"http:\/\/a\/"/],
    [{ kind: "usb" }, /kind "usb"/],
    [new Map(), /a Map/],
    [(async function* () {})(), /a bare object.*what its bytes mean/],
    [() => undefined, /a function/],
    [undefined, /undefined/],
  ];
  for (const [target, sentence] of others)
    try {
      await connect(target as SimulatedDescriptor);
      assert.unreachable();
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"));
      assert.match((error as Error).message, sentence);
    }
  try {
    await connect({ kind: "simulated", options: { depthM: -1 } });
    assert.unreachable();
  } catch (error) {
    assert.ok(isSondeError(error, "bad-option"));
  }
});

/** A worker that runs in this thread but talks through structured clones, as real ones do. */
function imitatedWorker(): WorkerLike & { ended: boolean; break(): void } {
  let receive: (message: unknown) => void = () => {};
  let failed: (error: Error) => void = () => {};
  let serve: ((message: unknown) => void) | undefined;
  const reply: Reply = (message, transfer) => {
    const copy = structuredClone(message, { transfer: [...(transfer ?? [])] });
    setImmediate(() => receive(copy));
  };
  const worker = {
    ended: false,
    postMessage: (message: unknown) => {
      if (serve) serve(structuredClone(message));
      else serve = serveSimulatedProbe(structuredClone(message) as SimulatedProbeStart, reply);
    },
    onMessage: (to: (message: unknown) => void) => {
      receive = to;
    },
    onError: (to: (error: Error) => void) => {
      failed = to;
    },
    keepAlive: () => {},
    terminate: () => {
      worker.ended = true;
    },
    break: () => failed(new Error("out of luck")),
  };
  return worker;
}

test("a worker makes the same frames, in the order asked, and ends with close()", async () => {
  const worker = imitatedWorker();
  const maker = await makerInWorker(worker, SMALL);
  const frames = await Promise.all([maker.make(5), maker.make(2)]);
  assert.equal(
    frames.map((frame) => frame.index),
    [5, 2],
  );
  const probe = await connect(simulated(SMALL), { where: "here" });
  for await (const frame of probe.frames()) {
    same((await maker.make(frame.index)).samples, frame.samples, `frame ${frame.index} differs`);
    break;
  }
  probe.close();
  const pending = maker.make(1).then(
    () => "made",
    (error) => error,
  );
  maker.close();
  assert.ok(isSondeError(await pending, "aborted"));
  assert.is(worker.ended, true);
});

test("a worker that dies is a lost device; one that cannot start says why", async () => {
  const worker = imitatedWorker();
  const maker = await makerInWorker(worker, SMALL);
  const pending = maker.make(0).then(
    () => "made",
    (error) => error,
  );
  worker.break();
  const error = await pending;
  assert.ok(isSondeError(error, "device-lost"));
  assert.match((error as Error).message, /out of luck/);
  try {
    await makerInWorker(imitatedWorker(), { depthM: 7 });
    assert.unreachable();
  } catch (refused) {
    assert.ok(isSondeError(refused, "bad-option"));
  }
});

test("what cannot be sent to a probe's worker is refused, and the probe goes on", async () => {
  const worker = imitatedWorker();
  const maker = await makerInWorker(worker, SMALL);
  const pending = maker.make(3);
  const unsendable = maker.make((() => 4) as unknown as number).then(
    () => "made",
    (error) => error,
  );
  assert.ok(isSondeError(await unsendable, "bad-option"));
  assert.match(((await unsendable) as Error).message, /index of a frame cannot be sent to a worker/);
  assert.is((await pending).index, 3);
  assert.is((await maker.make(4)).index, 4);
  maker.close();

  const other = imitatedWorker();
  try {
    await makerInWorker(other, { ...SMALL, seed: (() => 1) as unknown as number });
    assert.unreachable();
  } catch (refused) {
    assert.ok(isSondeError(refused, "bad-option"));
    assert.match((refused as Error).message, /options of a simulated probe cannot be sent/);
  }
  assert.is(other.ended, true);
});

for (const promised of [true, false])
  test(`a function that gives ${promised ? "a promise of a stream" : "a stream"} is a way to a device, which is reached again when the stream breaks`, async () => {
    const writer = await writerOf("sonde", (await connect(simulated(SMALL))).info);
    const probe = await connect(simulated(SMALL));
    const frame = await probe.frames().next();
    probe.close();
    let opened = 0;
    const stream = () => {
      opened++;
      return (async function* () {
        yield* [...writer.start(), ...writer.frame(frame.value)];
        if (opened === 1) throw new Error("torn");
        await wait(500);
      })();
    };
    const open = promised ? async () => stream() : stream;
    const source = await connect(open, { protocol: "sonde" });
    const came: number[] = [];
    const links: string[] = [];
    source.subscribe((event) => {
      if (event.kind === "frame") came.push(event.frame.index);
      if (event.kind === "link") links.push(event.link.state);
    });
    for (let k = 0; k < 100 && opened < 2; k++) await wait(20);
    await wait(50);
    source.close();
    assert.is(opened, 2);
    assert.ok(links.includes("reconnecting") && came.length > 0, links.join());
  });

test("an option that no protocol has is refused by name", async () => {
  for (const id of ["echopen-e2", "sonde"])
    try {
      await protocolOf(id, { bogus: 1 } as object);
      assert.unreachable(id);
    } catch (error) {
      assert.ok(isSondeError(error, "bad-option"));
      assert.match((error as Error).message, /"bogus" is no option of a protocol/);
    }
});

const built = existsSync(new URL("../../dist/sonde-worker.js", import.meta.url));
if (!built) console.log("skipped: dist/ is not built");

if (built)
  test("the built worker makes the same frames as this thread", async () => {
    const there = await connect(simulated(SMALL), { where: "worker" });
    const here = await connect(simulated(SMALL), { where: "here" });
    const known = new Map<number, Int16Array>();
    let shared = 0;
    const [first, second] = [there.frames(), here.frames()];
    for (let k = 0; k < 10; k++)
      for (const { value } of await Promise.all([first.next(), second.next()])) {
        const other = known.get(value.index);
        if (other) {
          shared++;
          same(value.samples, other, `frame ${value.index} differs: is dist/ older than the sources?`);
        }
        known.set(value.index, value.samples as Int16Array);
      }
    there.close();
    here.close();
    assert.ok(shared > 0, "the two had frames in common");
  });

test.run();
