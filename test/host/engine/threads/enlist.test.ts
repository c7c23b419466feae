/** Plans begun on one thread, which others join later: the same bytes, whatever happens meanwhile. */
import { availableParallelism } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Memories } from "../../../../host/core/memories.ts";
import { createEngine } from "../../../../host/engine/engine.ts";
import { LocalPlan } from "../../../../host/engine/plan.ts";
import { LazyHelpers, type Threading } from "../../../../host/engine/threads/choose.ts";
import { Helpers } from "../../../../host/engine/threads/crew.ts";
import { type Frame, isSondeError, type Pipeline, type Scan } from "../../../../host/index.ts";
import { spawnWorker } from "../../../../host/worker/spawn.ts";
import { sondeWorkerUrl } from "../../../../host/worker/url.ts";
import { sameNumbers } from "../../../same-numbers.ts";
import { makeScene } from "../../../synthetic.ts";

const LIMIT = 2 ** 28;

/** Worth two threads, and still a picture of some milliseconds. */
const scan: Scan = {
  kind: "linear",
  x: { min: -0.003, max: 0.003, count: 200 },
  z: { min: 0.002, max: 0.012, count: 500 },
};
/** The slowest path: few pixels are worth a second thread. */
const DEPTH: Pipeline = { scan, beamform: { path: "depth" } };
/** Both kinds of what a picture remembers. */
const REMEMBERS: Pipeline = { ...DEPTH, display: { persistence: 0.6, reference: "hold" } };

const { info, frame } = makeScene("plane");

/** The scene once more, so many times as loud. */
const louder = (index: number, times: number): Frame => ({
  ...frame,
  index,
  samples: frame.samples.map((value) => value * times) as typeof frame.samples,
});
const FRAMES = [1, 0.3, 2, 0.5].map((times, index) => louder(index, times));

function beginning(helpers = new LazyHelpers()): Threading {
  return { threads: "auto", helpers, memories: new Memories(), later: true };
}

/** One test of what takes a second thread. */
function onTwo(name: string, act: () => Promise<void>): void {
  test(name, async () => {
    if (availableParallelism() > 1) return act();
    const plan = await LocalPlan.create(info, REMEMBERS, LIMIT, beginning());
    assert.match(plan.report.threads.why, /the device runs no more at once/);
  });
}

for (const shared of [true, false])
  onTwo(`a plan goes on with ${shared ? "shared" : "private"} memory as if it had been alone`, async () => {
    const { SharedArrayBuffer: known } = globalThis;
    if (!shared) Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
    const threading = beginning();
    try {
      const plan = await LocalPlan.create(info, REMEMBERS, LIMIT, threading);
      const one = await LocalPlan.create(info, REMEMBERS, LIMIT);
      const { why, ...begun } = plan.report.threads;
      assert.equal(begun, { count: 1, memory: "none", joining: true }, why);
      const same = async (next: Frame, what: string) =>
        sameNumbers((await plan.run(next)).pixels, (await one.run(next)).pixels, what);
      await same(FRAMES[0], "alone");
      const joined = plan.enlist();
      await same(FRAMES[1], "while others start");
      await joined;
      const { count, memory, joining } = plan.report.threads;
      assert.ok(count > 1, plan.report.threads.why);
      assert.equal([memory, joining], [shared ? "shared" : "private", undefined]);
      await same(FRAMES[2], "together");
      // Nothing is left to do.
      await plan.enlist();
      assert.is(plan.report.threads.count, count);
      await same(FRAMES[3], "again");
      plan.close();
    } finally {
      threading.helpers.close();
      globalThis.SharedArrayBuffer = known;
    }
  });

onTwo("a change that comes while others start holds", async () => {
  const threading = beginning();
  const plan = await LocalPlan.create(info, REMEMBERS, LIMIT, threading);
  const one = await LocalPlan.create(info, REMEMBERS, LIMIT);
  await plan.run(FRAMES[0]);
  await one.run(FRAMES[0]);
  const joined = plan.enlist();
  const changed: Pipeline = {
    ...REMEMBERS,
    beamform: { path: "depth", window: "boxcar" },
    soundSpeedMps: 1480,
  };
  await plan.update(changed);
  await one.update(changed);
  await joined;
  assert.ok(plan.report.threads.count > 1, plan.report.threads.why);
  assert.is(plan.report.pipeline.soundSpeedMps, 1480);
  for (const next of FRAMES.slice(1))
    sameNumbers((await plan.run(next)).pixels, (await one.run(next)).pixels, `frame ${next.index}`);
  plan.close();
  threading.helpers.close();
});

onTwo("a plan that is closed while others start stays closed", async () => {
  const threading = beginning();
  const plan = await LocalPlan.create(info, REMEMBERS, LIMIT, threading);
  const joined = plan.enlist();
  plan.close();
  await joined;
  try {
    await plan.run(frame);
    assert.unreachable("a closed plan runs");
  } catch (error) {
    assert.match((error as Error).message, /plan was closed/);
  }
  threading.helpers.close();
});

onTwo(
  "where no other thread starts, or there is no room for both plans, it goes on alone and says why",
  async () => {
    const forbidden = new Helpers(() => Promise.reject(new Error("workers are forbidden")));
    const roomy = await LocalPlan.create(info, DEPTH, LIMIT);
    const cases: [number, LazyHelpers, RegExp][] = [
      [LIMIT, new LazyHelpers(async () => forbidden), /^one thread: .*workers are forbidden/],
      [Math.ceil(1.2 * roomy.report.memoryBytes), new LazyHelpers(), /^one thread: .*limit/],
    ];
    for (const [limit, helpers, words] of cases) {
      const plan = await LocalPlan.create(info, DEPTH, limit, beginning(helpers));
      assert.is(plan.report.threads.joining, true);
      await plan.enlist();
      const { why, ...threads } = plan.report.threads;
      assert.equal(threads, { count: 1, memory: "none" }, why);
      assert.match(why, words);
      sameNumbers((await plan.run(frame)).pixels, (await roomy.run(frame)).pixels);
      plan.close();
      helpers.close();
    }
  },
);

onTwo(
  "with helpers that are there a plan begins with them, and so does one that takes long alone",
  async () => {
    const threading = beginning();
    const first = await LocalPlan.create(info, DEPTH, LIMIT, threading);
    await first.enlist();
    const second = await LocalPlan.create(info, DEPTH, LIMIT, threading);
    assert.ok(second.report.threads.count > 1, second.report.threads.why);
    threading.helpers.close();
    const slow = beginning();
    const many: Scan = { ...scan, x: { ...scan.x, count: 1000 }, z: { ...scan.z, count: 2000 } };
    const long = await LocalPlan.create(info, { ...DEPTH, scan: many }, 2 ** 30, slow);
    assert.ok(long.report.threads.count > 1, long.report.threads.why);
    slow.helpers.close();
  },
);

onTwo("a helper that dies while it builds leaves the plan as it was", async () => {
  // It answers that it is there, and nothing more.
  const helpers = new Helpers(async () => {
    const worker = await spawnWorker(sondeWorkerUrl());
    return {
      ...worker,
      postMessage: (message, transfer) => {
        if ((message as { method: string }).method === "build") throw new Error("it is gone");
        worker.postMessage(message, transfer);
      },
    };
  });
  const threading = beginning(new LazyHelpers(async () => helpers));
  const plan = await LocalPlan.create(info, REMEMBERS, LIMIT, threading);
  const one = await LocalPlan.create(info, REMEMBERS, LIMIT);
  for (const [i, next] of FRAMES.entries()) {
    sameNumbers((await plan.run(next)).pixels, (await one.run(next)).pixels, `frame ${i}`);
    if (i === 1) await plan.enlist();
  }
  assert.match(plan.report.threads.why, /^one thread: others could not help \(.*it is gone/);
  threading.helpers.close();
});

onTwo(
  "an engine in a worker enlists behind its second picture, and an engine that is closed meanwhile does not mind",
  async () => {
    const engine = await createEngine({ where: "worker" });
    const plan = await engine.plan(info, REMEMBERS);
    assert.is(plan.report.threads.joining, true, plan.report.threads.why);
    const one = await LocalPlan.create(info, REMEMBERS, LIMIT);
    for (const next of FRAMES.slice(0, 2)) {
      assert.is(plan.report.threads.joining, true, "before the second picture");
      sameNumbers((await plan.run(next)).pixels, (await one.run(next)).pixels, `frame ${next.index}`);
    }
    for (let i = 0; i < 1000 && plan.report.threads.joining; i++) await wait(10);
    assert.ok(plan.report.threads.count > 1, plan.report.threads.why);
    for (const next of FRAMES.slice(2))
      sameNumbers((await plan.run(next)).pixels, (await one.run(next)).pixels, `frame ${next.index}`);
    engine.close();
    const other = await createEngine({ where: "worker" });
    const brief = await other.plan(info, REMEMBERS);
    for (const next of FRAMES.slice(0, 2)) await brief.run(next);
    other.close();
    await brief.run(frame).then(
      () => assert.unreachable("a closed engine runs"),
      (error) => assert.ok(isSondeError(error, "aborted"), `${error}`),
    );
  },
);

test.run();
