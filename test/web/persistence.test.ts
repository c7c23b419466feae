/** Frozen pictures with persistence look as they did live, and recordings as they do when they play from before. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type Acquisition,
  createEngine,
  type Frame,
  type Image,
  open,
  type Pipeline,
  type PlanReport,
  toUff,
} from "../../host/index.ts";
import { simulatedRecording } from "../../host/simulate/index.ts";
import { averagedBy, framesBefore } from "../../web/echo-viewer/controllers/frames-before.ts";
import { Pasts } from "../../web/echo-viewer/controllers/pasts.ts";
import { Replay } from "../../web/echo-viewer/controllers/replay.ts";
import { StoredContent } from "../../web/echo-viewer/features/modes/stored-content.ts";
import { ENGLISH } from "../../web/echo-viewer/languages/language.ts";
import { closeBrowser, onStage, type Stage, waitForPhase } from "./browser.ts";

type Page = Stage["page"];

test("frames whose share moves no grey are not gone through, nor more than 128", () => {
  const all = () => true;
  assert.equal(framesBefore(100, 0, 0.5, all).length, 40);
  assert.is(framesBefore(100, 90, 0.5, all)[0], 90);
  assert.equal(framesBefore(1000, 0, 0.95, all).length, 128);
  assert.equal(
    framesBefore(10, 0, 0.5, (n) => n % 3 === 0),
    [0, 3, 6, 9],
  );
  const plans = ["", "a", "a", "b", "", "b", "b"];
  const plan = (n: number) => plans[n];
  assert.equal(framesBefore(6, 0, 0.5, plan), [3, 5]);
  assert.equal(framesBefore(4, 0, 0.5, plan), [3]);
  assert.equal(framesBefore(2, 0, 0.5, plan), [1]);
  assert.equal(framesBefore(5, 5, 0.5, all), []);
  assert.equal(framesBefore(5, 0, 0, all), []);
});

/** Probes whose frames are made, and made into pictures, in a fraction of the time that those of the viewer's own take. */
const PROBES = {
  linear: { array: "linear", scatterers: 2000 },
  phased: { array: "phased", elements: 24, scatterers: 3000 },
} as const;

/** As many frames as any test takes of one. */
const MOST_FRAMES = { linear: 6, phased: 34 } as const;

const simulatedOnce = new Map<
  keyof typeof PROBES,
  Promise<{ info: Acquisition; frames: readonly Frame[] }>
>();

/** The first `count` frames of a simulated probe, simulated for the first test that asks. */
async function simulatedFrames(array: keyof typeof PROBES, count: number) {
  if (!simulatedOnce.has(array)) {
    const all = async () => {
      const made = await simulatedRecording(PROBES[array], MOST_FRAMES[array]);
      const frames: Frame[] = [];
      for await (const frame of made.frames()) frames.push(frame);
      return { info: made.info, frames };
    };
    simulatedOnce.set(array, all());
  }
  const { info, frames } = await simulatedOnce.get(array)!;
  assert.ok(count <= frames.length);
  return { info, frames: frames.slice(0, count) };
}

test("a plan that went through the frames before one makes the bytes that it made when it went through all", async () => {
  const persistence = 0.3;
  const { info, frames } = await simulatedFrames("phased", 34);
  const engine = await createEngine({ threads: 1 });
  const plan = await engine.plan(info, { display: { reference: 20000, persistence } });
  const live: Uint8ClampedArray[] = [];
  for (const frame of frames) live.push((await plan.run(frame)).pixels.slice());
  // In descending order: a plan that goes back begins with nothing.
  for (const number of [33, 31, 29, 27, 25]) {
    const before = framesBefore(number, 0, persistence, () => true);
    assert.ok(before[0] > 0, "frames are left out");
    for (const earlier of before) await plan.run(frames[earlier]);
    const { pixels } = await plan.run(frames[number]);
    assert.is(pixels.filter((byte, k) => byte !== live[number][k]).length, 0, `frame ${number}`);
  }
  engine.close();
});

/** Has the viewer show one of the probes live. */
function showLive(page: Page, array: keyof typeof PROBES): Promise<void> {
  return page.evaluate(async (options) => {
    const { connect, simulated } = (await import(
      "/dist/index.js" as string
    )) as typeof import("../../host/index.ts");
    const viewer = document.querySelector("echo-viewer")!;
    viewer.backend = { ...viewer.backend, connect: () => connect(simulated(options)) };
    viewer.probe = `simulated:${options.array}`;
  }, PROBES[array]);
}

interface Seen {
  /** FNV-1a of the pixels by frame. */
  hashes: Record<number, number>;
}

/** Notes every picture from now on. `first`: of each frame the first one, else the last. */
function watch(page: Page, first: boolean): Promise<void> {
  return page.evaluate((keepFirst) => {
    const viewer = document.querySelector("echo-viewer")!;
    const hashes: Record<number, number> = {};
    Object.assign(window, { hashes });
    viewer.addEventListener("echo-frame", ({ detail }) => {
      const image = viewer.image!;
      if (image.frameIndex !== detail.index || (keepFirst && detail.index in hashes)) return;
      let hash = 0x811c9dc5;
      for (const byte of image.pixels) hash = Math.imul(hash ^ byte, 0x01000193);
      hashes[detail.index] = hash >>> 0;
    });
  }, first);
}

const seen = (page: Page) => page.evaluate(() => (window as unknown as Seen).hashes);

/** Goes to the next stored picture and waits until it is on the screen, and rests. */
async function step(page: Page, frames: number): Promise<void> {
  await page.evaluate(async (by) => {
    const viewer = document.querySelector("echo-viewer")!;
    const before = viewer.image!.frameIndex;
    viewer.step(by);
    for (let waited = 0; viewer.image!.frameIndex === before && waited < 10_000; waited += 10)
      await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 60));
  }, frames);
}

const hashNow = (page: Page) =>
  page.evaluate(() => {
    const image = document.querySelector("echo-viewer")!.image!;
    let hash = 0x811c9dc5;
    for (const byte of image.pixels) hash = Math.imul(hash ^ byte, 0x01000193);
    return [image.frameIndex, hash >>> 0] as const;
  });

/** The next picture that differs from this one, as far as one comes. */
async function changed(page: Page, hash: number): ReturnType<typeof hashNow> {
  for (let waited = 0; waited < 12_000 && (await hashNow(page))[1] === hash; waited += 100)
    await page.waitForTimeout(100);
  return hashNow(page);
}

/** The plan averages over what a busy device leaves out, up to so many frames (host/engine/persistence.ts). */
const FARTHEST = 4;

/** The newest frame that went on from one before it that was on the screen as well; undefined: none did. */
const averagedOf = (hashes: Seen["hashes"]): number | undefined =>
  Object.keys(hashes)
    .map(Number)
    .findLast((frame, k, frames) => frame - frames[k - 1] <= FARTHEST);

test("scrubbing back and forth among frozen frames shows the bytes that were live at each", () =>
  onStage({ body: '<echo-viewer persistence="0.6" quality="full"></echo-viewer>' }, async ({ page }) => {
    await showLive(page, "phased");
    await waitForPhase(page, "live", "delayed", "no-signal");
    await watch(page, true);
    await page.waitForTimeout(2500);
    // On a busy machine pictures may lie so far apart that each begins with nothing.
    while (averagedOf(await seen(page)) === undefined) await page.waitForTimeout(100);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    await page.waitForTimeout(500);
    const live = await seen(page);
    const last = await hashNow(page);
    assert.is(live[last[0]] ?? last[1], last[1], "the frozen picture is the live one");
    let compared = 0;
    for (const by of [...Array(14).fill(-1), -100, ...Array(8).fill(1), 100, -3, 2]) {
      await step(page, by);
      const [index, hash] = await hashNow(page);
      if (!(index in live)) continue;
      compared++;
      assert.is(hash, live[index], `frame ${index}, reached by ${by}`);
    }
    assert.ok(compared >= 5, `${compared} pictures were on the screen while live`);
    // Quick steps, each asked for before the one before is there: what is shown on the way is whole as well.
    await watch(page, false);
    await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      for (let i = 0; i < 8; i++) {
        viewer.step(-1);
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    });
    await page.waitForTimeout(2000);
    for (const [index, hash] of Object.entries(await seen(page)))
      if (index in live) assert.is(hash, live[Number(index)], `frame ${index}, passed quickly`);
    // Not vacuous: a frame by itself looks otherwise.
    const goal = averagedOf(live)!;
    await step(page, 100);
    // A busy machine may have been at the quick steps still.
    await page.waitForFunction(
      (newest) => document.querySelector("echo-viewer")!.image!.frameIndex === newest,
      last[0],
    );
    while ((await hashNow(page))[0] > goal) await step(page, -1);
    const [index, averaged] = await hashNow(page);
    assert.equal([index, averaged], [goal, live[goal]]);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.persistence = 0;
    });
    const [same, alone] = await changed(page, averaged);
    assert.is(same, index);
    assert.is.not(alone, averaged);
    // And with persistence again as before.
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.persistence = 0.6;
    });
    assert.equal(await changed(page, alone), [index, averaged]);
  }));

/** A recording of simulated frames, and the hash of each picture in their order. */
async function recorded(array: keyof typeof PROBES, count: number, pipeline: Pipeline) {
  const { info, frames } = await simulatedFrames(array, count);
  const uff = await toUff(info, frames);
  const engine = await createEngine({ threads: 1 });
  const source = await open({ name: "recorded.uff", bytes: uff });
  const plan = await engine.plan(source.info, pipeline);
  const wanted: number[] = [];
  for await (const frame of source.frames()) {
    let hash = 0x811c9dc5;
    for (const byte of (await plan.run(frame)).pixels) hash = Math.imul(hash ^ byte, 0x01000193);
    wanted.push(hash >>> 0);
  }
  engine.close();
  source.close();
  return { uff, wanted };
}

test("a frame of a recording is averaged with those before it, however it is reached", async () => {
  const pipeline = { display: { reference: 20000, persistence: 0.7 } };
  const { uff, wanted } = await recorded("linear", 6, pipeline);
  await onStage(
    {
      body: `<echo-viewer src="/six.uff" pipeline='${JSON.stringify(pipeline)}'></echo-viewer>`,
      extra: { "/six.uff": uff },
    },
    async ({ page }) => {
      await waitForPhase(page, "file");
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.image !== null);
      for (const by of [5, -1, -1, -2, 1, 3, -100, 2]) {
        await step(page, by);
        const [index, hash] = await hashNow(page);
        assert.is(hash, wanted[index], `frame ${index}, reached by ${by}`);
      }
      await page.evaluate(() => document.querySelector("echo-viewer")!.play());
      await page.waitForTimeout(700);
      await page.evaluate(() => document.querySelector("echo-viewer")!.pause());
      await page.waitForTimeout(500);
      const [index, hash] = await hashNow(page);
      assert.is(hash, wanted[index], `frame ${index}, where it was paused`);
    },
  );
});

/** Counts the frames that plans of the viewer run, from the next source on. */
function countRuns(page: Page): Promise<void> {
  return page.evaluate(() => {
    const viewer = document.querySelector("echo-viewer")!;
    const { backend } = viewer;
    Object.assign(window, { runs: 0 });
    viewer.backend = {
      ...backend,
      createEngine: async () => {
        const engine = await backend.createEngine();
        const plan = engine.plan.bind(engine);
        engine.plan = async (...of) => {
          const made = await plan(...of);
          const run = made.run.bind(made);
          made.run = (...given) => {
            (window as unknown as { runs: number }).runs++;
            return run(...given);
          };
          return made;
        };
        return engine;
      },
    };
  });
}

/** Steps, and gives how many frames the plan ran for it. */
async function runsOf(page: Page, by: number): Promise<number> {
  const runs = () => page.evaluate(() => (window as unknown as { runs: number }).runs);
  const before = await runs();
  await step(page, by);
  return (await runs()) - before;
}

test("a step back among frames that were live goes through sixteen at most, and looks as it did", () =>
  onStage({ body: '<echo-viewer persistence="0.9" quality="full"></echo-viewer>' }, async ({ page }) => {
    await countRuns(page);
    await showLive(page, "phased");
    await waitForPhase(page, "live", "delayed", "no-signal");
    // The first pictures are made while what keeps pasts is loaded.
    await page.waitForTimeout(500);
    await watch(page, true);
    const count = async () => Object.keys(await seen(page)).length;
    while ((await count()) < 36) await page.waitForTimeout(100);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    await page.waitForTimeout(500);
    const live = await seen(page);
    let compared = 0;
    for (const by of [...Array(9).fill(-1), -9, -13, 5, 16, -3]) {
      const runs = await runsOf(page, by);
      // The frame itself and those behind the past.
      assert.ok(runs <= 17, `${runs} frames for a step by ${by}`);
      const [index, hash] = await hashNow(page);
      if (!(index in live)) continue;
      compared++;
      assert.is(hash, live[index], `frame ${index}, reached by ${by}`);
    }
    assert.ok(compared >= 3, `${compared} were on the screen`);
  }));

test("steps back in a recording go through few frames after the first", async () => {
  const pipeline = { display: { reference: 20000, persistence: 0.2 } };
  const { uff, wanted } = await recorded("phased", 31, pipeline);
  await onStage({ body: "<echo-viewer></echo-viewer>", extra: { "/thirty.uff": uff } }, async ({ page }) => {
    await countRuns(page);
    await page.evaluate((asked) => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.pipeline = asked;
      viewer.src = "/thirty.uff";
    }, pipeline);
    await waitForPhase(page, "file");
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.image !== null);
    // Eighteen have a share, and half as many are gone through for the steps that follow.
    assert.is(await runsOf(page, 29), 28);
    for (const by of [...Array(6).fill(-1), 4, -6, 1]) {
      const runs = await runsOf(page, by);
      assert.ok(runs <= 17, `${runs} frames for a step by ${by}`);
      const [index, hash] = await hashNow(page);
      assert.is(hash, wanted[index], `frame ${index}, reached by ${by}`);
    }
  });
});

test("pasts are kept one for sixteen frames and what is averaged, within their memory", () => {
  const pasts = new Pasts();
  const past = (place: number) => ({ place, levels: new Float32Array(100) });
  const keep = (number: number, from: number, most = 4000, averaged = "a") =>
    pasts.keep({ number, from, averaged, past: past(number) }, most);
  const last = (...frames: number[]) => pasts.last(frames, "a")?.number;
  assert.ok(pasts.lacks(3, 0, "a"));
  keep(3, 0);
  assert.not.ok(pasts.lacks(9, 0, "a"), "of the same sixteen");
  assert.ok(pasts.lacks(9, -1, "a"), "one that more went into");
  assert.ok(pasts.lacks(9, 0, "b"));
  keep(17, 0);
  keep(40, 30);
  assert.is(last(1, 2, 3, 4, 16), 3);
  assert.is(last(1, 17, 18), 17);
  assert.is(last(1, 17, 40, 41), 17, "the first of the frames is missing in 40");
  assert.is(last(33, 40, 41), 40);
  assert.is(last(4, 5), undefined);
  assert.is(pasts.last([1, 17], "a", -1), undefined, "frames that are not stored any more are missing");
  assert.is(pasts.last([1, 2, 3], "b"), undefined);
  keep(18, 0, 4000, "b");
  assert.is(last(1, 17, 18), 17, "both are there");
  assert.is(pasts.last([1, 17, 18], "b")?.number, 18);
  keep(100, 0, 1600);
  assert.is(pasts.last([1, 17, 18], "b"), undefined, "what is averaged otherwise went first");
  assert.is(last(1, 17), 17);
  keep(100, -1, 1200);
  assert.is(last(1, 3), undefined, "the farthest went");
  assert.is(last(1, 17), 17);
  pasts.forgetBefore(18);
  assert.is(last(1, 17), undefined);
  assert.is(last(1, 100), 100);
});

test("what is averaged is the pipeline but for its colours and how smooth it is made", () => {
  const of = (pipeline: Pipeline) => averagedBy({ pipeline } as PlanReport);
  const display = { persistence: 0.5, gainDb: 0, smoothing: 0.2, greyMap: "gray" } as const;
  const made = of({ display, flow: { lag: 1 } });
  assert.is(of({ display: { ...display, greyMap: "warm", smoothing: 0.9 }, flow: { lag: 2 } }), made);
  for (const other of [
    { display: { ...display, gainDb: 1 } },
    { display: { ...display, persistence: 0.6 } },
    { display: { ...display, smoothing: 0 } },
    { display, soundSpeedMps: 1500 },
  ] satisfies Pipeline[])
    assert.is.not(of(other), made);
});

test("a live setting that was changed and changed back began the average anew, other colours did not", () => {
  const report = (pipeline: Pipeline) => ({ pipeline }) as PlanReport;
  const display = { persistence: 0.6, gainDb: 0 } as const;
  const plain = report({ display });
  const warm = report({ display: { ...display, greyMap: "warm" } });
  const louder = report({ display: { ...display, gainDb: 6 } });
  const back = report({ display });
  // Frames 0 to 9 are warm from 5 on; the last of them was shown again, louder, and then as before, which 10 to 14 are.
  const seen = (n: number) => (n < 5 ? plain : n < 9 ? warm : back);
  const replay = new Replay({ state: { firstFrame: 0 } } as never, { applied: { display } } as never, {
    stored: () => null,
    seen,
    room: 1e6,
  });
  for (const each of [plain, plain, warm, louder, back, back]) replay.live(each);
  assert.equal(replay.before(8), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(replay.before(9), []);
  assert.equal(replay.before(13), [9, 10, 11, 12]);
});

test("a plan beside the screen's goes on from frame to frame, from nothing where the screen's did, from a kept past at best", async () => {
  const display = { persistence: 0.6 } as const;
  const reports = [0, 6].map((gainDb) => ({ pipeline: { display: { ...display, gainDb } } }) as PlanReport);
  const levels = new Float32Array(4);
  const plan = { report: reports[1], past: async () => ({ place: 40, levels }) };
  const session = { plan } as never;
  // Frames from 100 on, of which 115 was never shown and 130 is the first one that is louder.
  const replay = new Replay(
    { state: { firstFrame: 100, session } } as never,
    { applied: { display } } as never,
    {
      stored: (n) =>
        n < 100 ? null : { frame: async () => ({ index: n }) as Frame, timeS: n, arrivedAtMs: n },
      seen: (n) => (n === 115 ? undefined : reports[Number(n >= 130)]),
      room: 1e6,
    },
  );
  for (const report of reports) replay.live(report);
  const numbersOf = async (ways: ReturnType<Replay["ways"]>) =>
    Promise.all(
      ways.map(async (way) => way && Promise.all(way.frames.map(async (frame) => (await frame()).index))),
    );
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, k) => from + k);
  assert.equal(await numbersOf(replay.ways([100, 101, 102, 114, 115, 116])), [
    [],
    undefined,
    undefined,
    range(100, 114),
    undefined,
    range(100, 115),
  ]);
  assert.equal(await numbersOf(replay.ways([129, 130, 131, 130])), [
    range(100, 129).filter((n) => n !== 115),
    [],
    undefined,
    [],
  ]);
  // Another pipeline's average did not begin with the screen's, and reaches as far as its own persistence does.
  assert.equal(await numbersOf(replay.ways([130, 131], { other: 0.1 })), [range(117, 130), undefined]);
  assert.equal(
    await numbersOf(replay.ways([131], { other: 0.1, at: 130 })),
    [undefined],
    "it had the one before",
  );
  await replay.keep(session, 140, { index: 40 } as Frame);
  const [way] = replay.ways([145]);
  assert.equal(await numbersOf([way]), [range(141, 145)]);
  assert.is(way?.past?.levels, levels);
  assert.is(replay.ways([145], { other: 0.1 })[0]?.past, undefined);
});

/** A clip that is kept from a recording of 24 frames at frame 20, and what the screen showed at each. */
async function keptClip(display: Pipeline["display"], periodS: number) {
  const { info, frames } = await simulatedFrames("phased", 24);
  const engine = await createEngine({ threads: 1 });
  const applied: Pipeline = { display };
  const plan = await engine.plan(info, applied);
  const shown: Image[] = [];
  for (const frame of frames) {
    const image = await plan.run(frame);
    shown.push({ ...image, pixels: image.pixels.slice() });
  }
  const stored = (n: number) =>
    frames[n] ? { frame: async () => frames[n], timeS: n * periodS, arrivedAtMs: n } : null;
  const state = {
    ...{ image: shown[20], position: 20, positionS: 20 * periodS, firstFrame: 0, storedS: 23 * periodS },
    ...{ session: { plan, info, live: false }, sessionPatient: null },
    ...{ language: ENGLISH, adjusted: {}, pipeline: {} },
  };
  const store = { state };
  const session = { applied, lease: () => ({ engine: Promise.resolve(engine), release() {} }) };
  const replay = new Replay(store as never, session as never, { stored, seen: () => true, room: 0 });
  const cine = { stored, ways: async (numbers: readonly number[]) => replay.ways(numbers) };
  const kept = await StoredContent.keep({ store, cine, session } as never, true, () => undefined);
  assert.ok(kept);
  const slot = () => kept.slot as Extract<typeof kept.slot, { kind: "stored" }>;
  const first = 21 - slot().frames;
  const isWhole = () => {
    const expected = shown[first + slot().shown].pixels;
    return kept.image.pixels.every((byte, k) => byte === expected[k]);
  };
  const close = () => {
    kept.close();
    engine.close();
  };
  return { kept, slot, isWhole, close };
}

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (const reference of [20000, "frame"] as const)
  test(`every picture of a kept clip is averaged with those before it, those before the clip among them: reference ${reference}`, async () => {
    // A frame a second: of the ten seconds that a clip has, eleven frames.
    const { kept, slot, isWhole, close } = await keptClip({ reference, persistence: 0.7 }, 1);
    assert.is(slot().frames, 11);
    let place = 10;
    for (const by of [-3, 1, 1, -2, -5, 1, 12]) {
      place = (place + by + 11) % 11;
      kept.step(by);
      while (slot().shown !== place) await rest(5);
      assert.ok(isWhole(), `frame ${place} of the clip, reached by ${by}`);
    }
    close();
  });

test("a kept clip with persistence plays, however long it takes to average, and stands still with its whole average", async () => {
  const { kept, slot, isWhole, close } = await keptClip({ persistence: 0.9 }, 1 / 100);
  assert.is(slot().frames, 21);
  kept.togglePlay();
  const places = new Set<number>();
  for (let k = 0; k < 300 && places.size < 8; k++) {
    await rest(10);
    places.add(slot().shown);
  }
  assert.ok(places.size >= 8, `it stood at ${[...places]}`);
  kept.togglePlay();
  for (let k = 0; k < 500 && !isWhole(); k++) await rest(10);
  assert.ok(isWhole(), `frame ${slot().shown}`);
  close();
});

type Change = readonly [name: "gain" | "persistence", value: number];

/** Live so many pictures before and after a change, then frozen. @returns hashes of what was live by frame, and the first frame after the change */
async function frozenAfter(page: Page, [name, value]: Change, before: number, after: number) {
  const count = async () => Object.keys(await seen(page)).length;
  const until = async (wanted: number) => {
    while ((await count()) < wanted) await page.waitForTimeout(50);
  };
  await waitForPhase(page, "live", "delayed", "no-signal");
  await page.waitForTimeout(400);
  await watch(page, true);
  await until(before);
  await page.evaluate(([key, to]) => Object.assign(document.querySelector("echo-viewer")!, { [key]: to }), [
    name,
    value,
  ] as const);
  const old = new Set(Object.keys(await seen(page)));
  await until(old.size + after);
  await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
  await waitForPhase(page, "frozen");
  await page.waitForTimeout(400);
  const live = await seen(page);
  return { live, changed: Number(Object.keys(live).find((frame) => !old.has(frame))) };
}

for (const change of [
  ["gain", 6],
  ["persistence", 0.75],
] as const satisfies readonly Change[])
  test(`pictures since ${change[0]} was changed while live are the live ones, forwards and backwards`, () =>
    onStage({ body: '<echo-viewer persistence="0.6" quality="full"></echo-viewer>' }, async ({ page }) => {
      await showLive(page, "phased");
      const { live, changed } = await frozenAfter(page, change, 14, 12);
      let compared = 0;
      const steps = [-13, ...Array(9).fill(1), ...Array(4).fill(-1), 3, -5];
      for (const by of steps) {
        await step(page, by);
        const [index, hash] = await hashNow(page);
        // Frames before the change look as they do now; what the first ones after it saw of another share cannot be made again.
        if (!(index in live) || index <= changed + 1) continue;
        compared++;
        assert.is(hash, live[index], `frame ${index} of ${changed}..., reached by ${by}`);
      }
      assert.ok(compared >= 3, `${compared} pictures were on the screen while live`);
    }));

test("where the memory has overflowed, pictures are the live ones as soon as a past of one of them is kept", () =>
  onStage(
    {
      body: '<echo-viewer persistence="0.9" quality="full" cine-memory="12"></echo-viewer>',
    },
    async ({ page }) => {
      await showLive(page, "linear");
      const { live } = await frozenAfter(page, ["gain", 0], 45, 1);
      await step(page, -1000);
      const [oldest] = await hashNow(page);
      assert.ok(oldest > 0, "the first frames are gone");
      const reached = new Map<number, number>();
      let compared = 0;
      for (const by of [19, ...Array(8).fill(1), ...Array(6).fill(-1), -14, ...Array(3).fill(1)]) {
        await step(page, by);
        const [index, hash] = await hashNow(page);
        assert.is(reached.get(index) ?? hash, hash, `frame ${index} is one picture, however it is reached`);
        reached.set(index, hash);
        if (!(index in live) || index <= oldest + 17) continue;
        compared++;
        assert.is(hash, live[index], `frame ${index}, ${index - oldest} behind the oldest`);
      }
      assert.ok(compared >= 3, `${compared} pictures were on the screen while live`);
    },
  ));

test.after(closeBrowser);
test.run();
