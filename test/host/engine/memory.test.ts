/** The memory of plans: known before it is taken, taken once, all of it accounted for, and none more while frames run. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createEngine } from "../../../host/engine/engine.ts";
import { LocalPlan } from "../../../host/engine/plan.ts";
import {
  type Acquisition,
  type ChannelData,
  type Image,
  isSondeError,
  type Pipeline,
  type Scan,
} from "../../../host/index.ts";
import { sameNumbers } from "../../same-numbers.ts";
import { makeScene, SCENES } from "../../synthetic.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const LIMIT = 2 ** 28;
const PAGE = 65536;

function grid(rows: number, columns = 40): Scan {
  return {
    kind: "linear",
    x: { min: -0.003, max: 0.003, count: columns },
    z: { min: 0.002, max: 0.012, count: rows },
  };
}

/** Sizes of the memories that are made, and by how much they grow, while `act` runs. */
async function watchingMemory(act: () => Promise<void>): Promise<{ made: number[]; grown: number[] }> {
  const seen = { made: [] as number[], grown: [] as number[] };
  const { Memory } = WebAssembly;
  const { grow } = Memory.prototype;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      seen.made.push(descriptor.initial * PAGE);
    }
  };
  Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number) {
    seen.grown.push(pages * PAGE);
    return grow.call(this, pages);
  };
  try {
    await act();
  } finally {
    WebAssembly.Memory = Memory;
    Memory.prototype.grow = grow;
  }
  return seen;
}

test("a plan's memory is made once, at its size, and every byte of it has a purpose", async () => {
  await LocalPlan.create(makeScene("plane").info, {}, LIMIT); // what is shared by all plans is made
  for (const scene of SCENES) {
    const { info, frame } = makeScene(scene);
    let bytes = 0;
    const { made, grown } = await watchingMemory(async () => {
      const plan = await LocalPlan.create(info, {}, LIMIT);
      bytes = plan.report.memoryBytes;
      const uses = plan.report.memory.map((use) => use.bytes);
      assert.is(
        uses.reduce((sum, use) => sum + use, 0),
        bytes,
        scene,
      );
      assert.ok(plan.report.memory.some(({ what }) => what === "The picture"));
      await plan.run(frame);
      await plan.beamform(frame);
    });
    assert.equal(made, [(Math.ceil(bytes / PAGE) + 1) * PAGE], scene);
    assert.equal(grown, [], scene);
  }
});

test("threads account for all their memory, in one or in one each", async () => {
  const { info } = makeScene("plane");
  const pipeline: Pipeline = { scan: grid(100), beamform: { path: "depth" } };
  const one = await LocalPlan.create(info, pipeline, LIMIT);
  const { SharedArrayBuffer: known } = globalThis;
  for (const shared of [true, false]) {
    if (!shared) Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
    const engine = await createEngine({ where: "here", threads: 3 });
    const { report } = await engine.plan(info, pipeline);
    globalThis.SharedArrayBuffer = known;
    const bytes = (what?: string) =>
      report.memory.reduce((sum, use) => sum + (what && use.what !== what ? 0 : use.bytes), 0);
    assert.is(bytes(), report.memoryBytes);
    const ofOne = (what: string) => one.report.memory.find((use) => use.what === what)?.bytes ?? 0;
    // Tables of rows are split, rows padded to four a thread; what is filtered is there once, or once for each.
    const delays = ofOne("The transmit delays");
    assert.ok(bytes("The transmit delays") >= delays && bytes("The transmit delays") <= 1.09 * delays);
    assert.is(bytes("The channel data"), (shared ? 1 : 3) * ofOne("The channel data"));
    engine.close();
  }
});

test("an update takes more memory only when it needs it", async () => {
  const { info, frame } = makeScene("plane");
  const plan = await LocalPlan.create(info, { scan: grid(100) }, LIMIT);
  const { made, grown } = await watchingMemory(async () => {
    await plan.update({ scan: grid(50) });
    await plan.update({ scan: grid(100), beamform: { window: "boxcar" }, display: { gainDb: 3 } });
    await plan.run(frame);
  });
  assert.equal([made, grown], [[], []]);
  const more = await watchingMemory(() => plan.update({ scan: grid(900) }));
  assert.equal([more.made.length, more.grown.length], [0, 1]);
});

/** The error a plan is refused with. */
async function refusal(info: Acquisition, pipeline: Pipeline, limitBytes: number): Promise<string> {
  try {
    await LocalPlan.create(info, pipeline, limitBytes);
  } catch (error) {
    assert.ok(isSondeError(error, "out-of-memory"), `${error}`);
    return (error as Error).message;
  }
  assert.unreachable("it was not refused");
  return "";
}

test("a plan over the limit is made in passes over its rows, which give the same bytes", async () => {
  const { info, frame } = makeScene("plane");
  for (const [compound, columns, share] of [
    ["coherent", "all", 0.7],
    ["none", "all", 0.7],
    // Lines and what is made of them: less of the memory is what passes share.
    ["coherent", "auto", 0.9],
    ["none", "auto", 0.9],
  ] as const) {
    const pipeline: Pipeline = { scan: grid(300, 200), beamform: { compound, columns } };
    const whole = await LocalPlan.create(info, pipeline, LIMIT);
    assert.is(whole.report.passes, 1);
    assert.is(/lines .* mm apart/.test(whole.report.path), columns === "auto");
    const plan = await LocalPlan.create(info, pipeline, share * whole.report.memoryBytes);
    const { passes, memoryBytes, memory } = plan.report;
    assert.ok(passes > 1, `${passes} passes`);
    assert.ok(memoryBytes <= share * whole.report.memoryBytes);
    assert.is(
      memory.reduce((sum, { bytes }) => sum + bytes, 0),
      memoryBytes,
    );
    const expected = await whole.beamform(frame);
    for (let i = 0; i < 2; i++) sameNumbers((await plan.beamform(frame)).values, expected.values);
    const { grown } = await watchingMemory(async () => {
      await plan.beamform(frame);
    });
    assert.equal(grown, []);
  }
});

/** Paths whose tables do not grow with the number of rows alone; the pictures end far behind the record. */
const UNLIKE: readonly (readonly [string, Pipeline])[] = [
  ["steered", { beamform: { path: "steered", fNumber: 0 } }],
  ["steered", { beamform: { path: "steered", arithmetic: "int16", fNumber: 0 } }],
  ["lateral", { beamform: { path: "lateral", arithmetic: "int16", fNumber: 1 } }],
];

for (const [path, base] of UNLIKE)
  test(`passes on the ${path} path give the bytes of the whole, also of ensembles: ${JSON.stringify(base.beamform)}`, async () => {
    const { info, frame } = makeScene("plane");
    const data = { ...info, sampleType: "int16" } as ChannelData;
    const narrow = { min: -0.0011, max: 0.0013, count: 240 };
    const depths = { min: 0.001, max: path === "lateral" ? 0.1 : 0.06, count: 240 };
    const scan: Scan =
      path === "lateral"
        ? { kind: "linear", x: narrow, z: depths }
        : ({ ...(await LocalPlan.create(data, {}, LIMIT)).report.scan, kind: "linear", z: depths } as Scan);
    const pipeline: Pipeline = { ...base, scan };
    const whole = await LocalPlan.create(data, pipeline, LIMIT);
    assert.is(whole.report.choice?.path, path);
    const expected = await whole.beamform(frame);
    const picture = await whole.run(frame);
    let passed = 0;
    for (const share of [0.95, 0.9, 0.8]) {
      const plan = await LocalPlan.create(data, pipeline, share * whole.report.memoryBytes).catch(
        () => undefined,
      );
      if (!plan || plan.report.passes === 1) continue;
      passed++;
      sameNumbers((await plan.beamform(frame)).values, expected.values);
      sameNumbers((await plan.run(frame)).pixels, picture.pixels);
      const frames = [frame, frame, frame];
      sameNumbers((await plan.ensemble(frames)).values.slice(0, expected.values.length), expected.values);
    }
    assert.ok(passed > 0, "no share of the memory took passes");
  });

test("passes come and go with updates, also of real RF", async () => {
  const { info, frame } = makeScene("plane");
  const pipeline = (rows: number, window: "hann" | "boxcar" = "hann"): Pipeline => ({
    scan: grid(rows, 200),
    signal: "rf",
    beamform: { window, interpolation: "linear" },
  });
  const limit = (await LocalPlan.create(info, pipeline(200), LIMIT)).report.memoryBytes;
  const plan = await LocalPlan.create(info, pipeline(150), limit);
  const whole = await LocalPlan.create(info, pipeline(150), LIMIT);
  for (const next of [pipeline(150), pipeline(280), pipeline(280, "boxcar"), pipeline(160)]) {
    await plan.update(next);
    await whole.update(next);
    assert.is(plan.report.passes > 1, (next.scan?.kind === "linear" && next.scan.z.count > 200) as boolean);
    sameNumbers((await plan.run(frame)).pixels, (await whole.run(frame)).pixels);
    await plan.update({ ...next, display: { gainDb: 4 } });
    assert.equal(plan.report.rebuilt, ["levels"]);
  }
});

test("a plan over the limit even in passes is refused before memory is taken, with the figure and with what would fit", async () => {
  const { info } = makeScene("plane");
  const pipeline: Pipeline = { scan: grid(1000, 400), beamform: { columns: "all" } };
  const { report } = await LocalPlan.create(info, pipeline, LIMIT);
  const needed = Math.ceil(report.memoryBytes / 1e6);
  let message = "";
  const { made } = await watchingMemory(async () => {
    message = await refusal(info, pipeline, 5e6);
  });
  assert.equal(made, []);
  assert.match(
    message,
    new RegExp(`needs ${needed} MB, over the limit of 5 MB: at most \\d+ of the 1000 rows`),
  );
  const rows = Number(/at most (\d+) of the 1000 rows/.exec(message)?.[1]);
  const fitting = await LocalPlan.create(info, { ...pipeline, scan: grid(rows, 400) }, 5e6);
  assert.is(fitting.report.passes, 1);
  const next = await LocalPlan.create(info, { ...pipeline, scan: grid(rows + 1, 400) }, 5e6);
  assert.ok(next.report.passes > 1);
});

test("tables of more threads than memory has room for are given to fewer", async () => {
  const { info, frame } = makeScene("plane");
  const { SharedArrayBuffer: known } = globalThis;
  const one = await LocalPlan.create(info, { scan: grid(60) }, LIMIT);
  const engine = await createEngine({
    where: "here",
    threads: 8,
    memoryLimitBytes: 2.5 * one.report.memoryBytes,
  });
  Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
  const plan = await engine.plan(info, { scan: grid(60) });
  globalThis.SharedArrayBuffer = known;
  const { count, why } = plan.report.threads;
  assert.ok(count > 1 && count < 8, `${count}`);
  assert.match(why, /tables of 8 would be over the limit/);
  await plan.run(frame);
  engine.close();
});

/** What five hundred frames may leave behind. */
const MOST_KEPT_BYTES = 50_000;

for (const threads of [1, 2])
  test(`frames on ${threads} thread(s) leave nothing behind and make next to nothing on the way`, async () => {
    const { info, frame } = makeScene("plane");
    const engine = await createEngine({ where: "here", threads });
    const plan = await engine.plan(info, { scan: grid(60, 60) });
    const images: (Image | undefined)[] = [undefined, undefined];
    const run = async (count: number) => {
      for (let i = 0; i < count; i++) images[i % 2] = await plan.run(frame, images[i % 2]);
    };
    // Compilers note what they learn for the first thousand frames or so.
    await run(1500);
    const settled = () => {
      collectGarbage();
      collectGarbage();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      return { heapUsed, arrayBuffers };
    };
    const before = settled();
    await run(200);
    // No collection has run since, or this figure would be smaller.
    const perFrame = (process.memoryUsage().heapUsed - before.heapUsed) / 200;
    await run(300);
    let after = settled();
    let kept = after.heapUsed - before.heapUsed;
    // Code that is compiled late stays as well, but once: what every frame leaves is left by the next five hundred too.
    for (let k = 0; k < 2 && kept >= MOST_KEPT_BYTES; k++) {
      const { heapUsed } = after;
      await run(500);
      after = settled();
      kept = after.heapUsed - heapUsed;
    }
    console.log(`${threads} thread(s): ${perFrame.toFixed(0)} bytes of short-lived objects a frame`);
    assert.ok(perFrame < 10_000, `${perFrame} bytes a frame`);
    assert.is(after.arrayBuffers - before.arrayBuffers, 0);
    assert.ok(kept < MOST_KEPT_BYTES, `${kept} bytes`);
    engine.close();
  });

test.run();
