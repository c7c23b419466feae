/** Plans on several threads: the bytes of one, whatever changes; clear errors when a thread dies; nothing left behind. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Memories } from "../../../../host/core/memories.ts";
import { createEngine } from "../../../../host/engine/engine.ts";
import { LocalPlan } from "../../../../host/engine/plan.ts";
import { LazyHelpers } from "../../../../host/engine/threads/choose.ts";
import { Helpers } from "../../../../host/engine/threads/crew.ts";
import {
  type Engine,
  isSondeError,
  type Pipeline,
  type Scan,
  type SondeErrorCode,
} from "../../../../host/index.ts";
import { spawnWorker } from "../../../../host/worker/spawn.ts";
import { scratchFolder } from "../../../command.ts";
import { sameNumbers } from "../../../same-numbers.ts";
import { makeScene } from "../../../synthetic.ts";

const LIMIT = 2 ** 28;
const dist = new URL("../../../../dist/", import.meta.url);

/** Runs with or without memory that threads can share. */
async function withMemory(shared: boolean, act: () => Promise<void>): Promise<void> {
  const { SharedArrayBuffer: known } = globalThis;
  if (!shared) Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
  try {
    await act();
  } finally {
    globalThis.SharedArrayBuffer = known;
  }
}

async function refused(code: SondeErrorCode, words: RegExp, act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    assert.ok(isSondeError(error, code), `${error}`);
    assert.match((error as Error).message, words);
    return;
  }
  assert.unreachable("nothing was refused");
}

function grid(rows: number, columns = 21): Scan {
  return {
    kind: "linear",
    x: { min: -0.003, max: 0.003, count: columns },
    z: { min: 0.002, max: 0.012, count: rows },
  };
}

/** What a plan goes through: each change on top of the one before. */
const CHANGES: readonly Pipeline[] = [
  { scan: grid(60) },
  { scan: grid(60), display: { gainDb: 6 } },
  { scan: grid(60), beamform: { window: "boxcar" } },
  { scan: grid(3), beamform: { window: "boxcar" } },
  // More memory than the plan was made with.
  { scan: grid(400, 90), beamform: { window: "boxcar" } },
  { scan: grid(120), signal: "rf", beamform: { interpolation: "cubic" } },
  { scan: grid(60), signal: "iq", demodulation: { decimation: 2 }, beamform: { compound: "incoherent" } },
  { scan: grid(60), transmits: [2, 0], soundSpeedMps: 1480 },
];

for (const shared of [true, false])
  test(`a plan on 3 threads with ${shared ? "shared" : "private"} memory follows every change as one thread does`, () =>
    withMemory(shared, async () => {
      const { info, frame } = makeScene("diverging");
      const engine = await createEngine({ where: "here", threads: 3 });
      const plan = await engine.plan(info, CHANGES[0]);
      const one = await LocalPlan.create(info, CHANGES[0], LIMIT);
      for (const pipeline of CHANGES) {
        await plan.update(pipeline);
        await one.update(pipeline);
        const { count, memory } = plan.report.threads;
        assert.equal([count, memory], [3, shared ? "shared" : "private"]);
        const what = JSON.stringify(pipeline);
        sameNumbers((await plan.beamform(frame)).values, (await one.beamform(frame)).values, what);
        sameNumbers((await plan.run(frame)).pixels, (await one.run(frame)).pixels, what);
      }
      engine.close();
    }));

test("more threads than rows make the same picture, compounded or not", async () => {
  const { info, frame } = makeScene("plane");
  for (const compound of ["coherent", "none"] as const) {
    const pipeline: Pipeline = { scan: grid(4), beamform: { compound } };
    const one = await LocalPlan.create(info, pipeline, LIMIT);
    const expected = await one.beamform(frame);
    for (const shared of [true, false])
      await withMemory(shared, async () => {
        const engine = await createEngine({ where: "here", threads: 7 });
        const found = await (await engine.plan(info, pipeline)).beamform(frame);
        assert.equal(found.shape, expected.shape);
        sameNumbers(found.values, expected.values);
        engine.close();
      });
  }
});

test("frames, updates and bad frames that are not waited for keep their order", async () => {
  const { info, frame } = makeScene("plane");
  const engine = await createEngine({ where: "here", threads: 2 });
  const plan = await engine.plan(info, { scan: grid(40) });
  const bad = plan.run({ index: 1, samples: new Int16Array(3) });
  const asked = [
    plan.run(frame),
    plan.update({ scan: grid(50) }),
    plan.run(frame),
    plan.update({ scan: grid(30) }),
    plan.run(frame),
  ] as const;
  await refused("corrupt-file", /holds 3 numbers/, bad);
  const [first, , second, , third] = await Promise.all(asked);
  assert.equal([first.height, second.height, third.height], [40, 50, 30]);
  const one = await LocalPlan.create(info, { scan: grid(30) }, LIMIT);
  sameNumbers(third.pixels, (await one.run(frame)).pixels);
  engine.close();
});

test("plans of one engine share its threads and do not disturb one another", async () => {
  const scenes = (["plane", "convex", "iq"] as const).map(makeScene);
  const engine = await createEngine({ where: "here", threads: 3 });
  const plans = await Promise.all(scenes.map(({ info }) => engine.plan(info)));
  const images = await Promise.all([0, 1, 2, 2, 1, 0].map((i) => plans[i].run(scenes[i].frame)));
  for (const [k, i] of [0, 1, 2, 2, 1, 0].entries()) {
    const one = await LocalPlan.create(scenes[i].info, {}, LIMIT);
    sameNumbers(images[k].pixels, (await one.run(scenes[i].frame)).pixels);
  }
  plans[0].close();
  await plans[1].run(scenes[1].frame);
  engine.close();
});

/** By so much a helper is late (ms). */
const LATE_MS = 300;

/** What happens at a message of a method instead of what Sonde's script does with it. */
const CHANGES_OF_WORKER = {
  die: "process.exit(3);",
  refuse:
    'return parentPort.postMessage({ id: message.id, error: { code: "internal", message: "a helper that will not", fields: {} } });',
  late: `return setTimeout(() => receive(message), ${LATE_MS});`,
};

/** A worker that runs Sonde's script but for one method. */
function changedWorker(method: string, change: keyof typeof CHANGES_OF_WORKER): URL {
  const path = `${scratchFolder()}/sonde-worker.mjs`;
  writeFileSync(
    path,
    `import { parentPort } from "node:worker_threads";
     const on = parentPort.on.bind(parentPort);
     parentPort.on = (name, receive) => on(name, (message) => {
       if (message.method === ${JSON.stringify(method)}) { ${CHANGES_OF_WORKER[change]} }
       receive(message);
     });
     await import(${JSON.stringify(new URL("sonde-worker.js", dist).href)});`,
  );
  return pathToFileURL(path);
}

for (const shared of [true, false])
  test(`a thread that dies in a frame ends it with an error, and the next plan has new threads (${shared ? "shared" : "private"} memory)`, () =>
    withMemory(shared, async () => {
      const { info, frame } = makeScene("plane");
      let spawned = 0;
      const dying = changedWorker(shared ? "join" : "run", "die");
      const helpers = new Helpers(() =>
        spawnWorker(++spawned === 1 ? dying : new URL("sonde-worker.js", dist)),
      );
      const lazy = new LazyHelpers(async () => helpers);
      const plan = await LocalPlan.create(info, {}, LIMIT, {
        threads: 3,
        helpers: lazy,
        memories: new Memories(),
      });
      await refused("internal", /thread of the engine stopped.*new engine/, plan.run(frame));
      await refused("internal", /thread of the engine stopped/, plan.run(frame));
      assert.is(spawned, 2);
      assert.is(plan.report.threads.count, 3);
      const next = await LocalPlan.create(info, {}, LIMIT, {
        threads: 3,
        helpers: lazy,
        memories: new Memories(),
      });
      const one = await LocalPlan.create(info, {}, LIMIT);
      sameNumbers((await next.run(frame)).pixels, (await one.run(frame)).pixels);
      helpers.close();
    }));

/** How many memories are made meanwhile on this thread. */
async function memoriesMade(act: () => Promise<void>): Promise<number> {
  const { Memory } = WebAssembly;
  let made = 0;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      made++;
    }
  };
  try {
    await act();
  } finally {
    WebAssembly.Memory = Memory;
  }
  return made;
}

const MANY = 30;

for (const shared of [true, false])
  test(`${MANY} plans one after another share few memories, and no plan sees another's (${shared ? "shared" : "private"} memory)`, () =>
    withMemory(shared, async () => {
      const { info, frame } = makeScene("plane");
      const kinds: readonly Pipeline[] = [
        { scan: grid(60) },
        { scan: grid(300), beamform: { path: "depth" } },
        { scan: grid(60), beamform: { interpolation: "linear" }, display: { smoothing: 0.5 } },
      ];
      const wanted = await Promise.all(
        kinds.map(async (kind) => (await (await LocalPlan.create(info, kind, LIMIT)).run(frame)).pixels),
      );
      const engine = await createEngine({ where: "here", threads: 2 });
      let underWay = 0;
      const made = await memoriesMade(async () => {
        for (let k = 0; k < MANY; k++) {
          const plan = await engine.plan(info, kinds[k % 3]);
          const run = plan.run(frame);
          // Closed before it is at work, or while it is: its memory is nobody else's before it is done.
          if (k % 2) await turn();
          plan.close();
          const next = await engine.plan(info, kinds[(k + 1) % 3]);
          sameNumbers((await next.run(frame)).pixels, wanted[(k + 1) % 3]);
          next.close();
          await run.then(
            (image) => {
              underWay++;
              sameNumbers(image.pixels, wanted[k % 3]);
            },
            (error) => assert.ok(isSondeError(error, "bad-option"), `${error}`),
          );
        }
      });
      engine.close();
      assert.ok(underWay >= MANY / 3, `${underWay} plans were closed while they were at work`);
      assert.ok(made <= 12, `${made} memories`);
    }));

test("a helper that refuses a frame while another is late leaves nothing that writes into the plan's memory", () =>
  withMemory(false, async () => {
    const { info, frame } = makeScene("plane");
    let spawned = 0;
    const workers = [changedWorker("run", "refuse"), changedWorker("run", "late")];
    const helpers = new Helpers(() => spawnWorker(workers[spawned++]));
    const memories = new Memories();
    const threading = { threads: 3, helpers: new LazyHelpers(async () => helpers), memories };
    const plan = await LocalPlan.create(info, {}, LIMIT, threading);
    const started = performance.now();
    await refused("internal", /a helper that will not/, plan.run(frame));
    assert.ok(performance.now() - started > LATE_MS - 5, "the late one was waited for");
    helpers.close();
  }));

test("where no other thread can be started there is one, and the report says why", async () => {
  const { info, frame } = makeScene("plane");
  const helpers = new Helpers(() => Promise.reject(new Error("workers are forbidden")));
  const lazy = new LazyHelpers(async () => helpers);
  const plan = await LocalPlan.create(info, {}, LIMIT, {
    threads: 4,
    helpers: lazy,
    memories: new Memories(),
  });
  assert.equal(plan.report.threads, {
    count: 1,
    memory: "none",
    why: "one thread: others cannot be started here (workers are forbidden)",
  });
  const one = await LocalPlan.create(info, {}, LIMIT);
  sameNumbers((await plan.run(frame)).pixels, (await one.run(frame)).pixels);
});

test("a closed engine has no threads: its plans say so, in flight or asked later", async () => {
  const { info, frame } = makeScene("plane");
  await withMemory(false, async () => {
    const engine = await createEngine({ where: "here", threads: 2 });
    const plan = await engine.plan(info);
    const inFlight = plan.run(frame);
    await Promise.resolve();
    engine.close();
    await refused("aborted", /engine was closed/, inFlight);
    await refused("aborted", /engine was closed/, plan.run(frame));
    await refused("aborted", /engine was closed/, engine.plan(info));
    for (const threads of [1, "auto"] as const) {
      const other = await createEngine({ where: "here", threads });
      other.close();
      await refused("aborted", /engine was closed/, other.plan(info));
    }
  });
});

test("an engine that is closed while it plans makes no plan, and starts no thread that nobody ends", async () => {
  const { info } = makeScene("plane");
  for (const threads of [1, 2]) {
    const engine = await createEngine({ where: "here", threads });
    const planned = engine.plan(info);
    engine.close();
    await refused("aborted", /engine was closed/, planned);
  }
  const helpers = new Helpers(() => Promise.reject(new Error("no worker is wanted any more")));
  const lazy = new LazyHelpers(async () => helpers);
  lazy.close();
  await refused("aborted", /engine was closed/, (await lazy.get()).take(1));
});

test('"auto" leaves a small picture to one thread, and lines and images always', async () => {
  const engine: Engine = await createEngine({ where: "here" });
  const small = await engine.plan(makeScene("plane").info, { scan: grid(8) });
  assert.is(small.report.threads.count, 1);
  assert.match(small.report.threads.why, /one thread: /);
  const lines = await (await createEngine({ where: "here", threads: 4 })).plan(makeScene("lines").info);
  assert.equal(lines.report.threads, {
    count: 1,
    memory: "none",
    why: "one thread: these data are beamformed already",
  });
  engine.close();
});

test("threads out of range are refused", async () => {
  for (const threads of [0, 65, 1.5, Number.NaN, "many" as never])
    await refused(
      "bad-option",
      /threads is .*"auto" or a whole number from 1 to 64/,
      createEngine({ threads }),
    );
});

test("a process whose engine was never closed ends all the same", () => {
  for (const where of ["here", "worker"]) {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [
        "--input-type=module",
        "-e",
        `import { connect, createEngine, simulated } from ${JSON.stringify(new URL("index.js", dist).href)};
         const probe = await connect(simulated({ elements: 16, scatterers: 100 }));
         const engine = await createEngine({ where: ${JSON.stringify(where)}, threads: 3 });
         const plan = await engine.plan(probe.info);
         for await (const frame of probe.frames()) { await plan.run(frame); break; }
         probe.close();
         console.log(plan.report.threads.count);`,
      ],
      { encoding: "utf8", timeout: 20_000 },
    );
    assert.equal([status, stdout.trim(), stderr], [0, "3", ""], where);
  }
});

test.run();
