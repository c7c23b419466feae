/** Live frames to pictures: order, what is dropped when the device is slow, what is counted. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  createEngine,
  createFeed,
  type FeedOptions,
  type Frame,
  type Image,
  isSondeError,
  type Plan,
  type SondeError,
} from "../../../host/index.ts";
import { makeScene } from "../../synthetic.ts";

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** A plan that makes pictures when told to, in order. */
function slowPlan(where: Plan["where"]) {
  const started: number[] = [];
  const waiting: (() => void)[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const recycled: (Image | undefined)[] = [];
  const plan: Plan = {
    where,
    report: {} as Plan["report"],
    update: () => Promise.reject(new Error("not here")),
    beamform: () => Promise.reject(new Error("not here")),
    decibels: () => Promise.reject(new Error("not here")),
    ensemble: () => Promise.reject(new Error("not here")),
    flow: () => Promise.reject(new Error("not here")),
    past: () => Promise.reject(new Error("not here")),
    resume: () => Promise.reject(new Error("not here")),
    close: () => {},
    run(frame, recycle) {
      started.push(frame.index);
      recycled.push(recycle);
      const gate = new Promise<void>((resolve) => waiting.push(resolve));
      const done = Promise.all([last, gate]).then(() => {
        if (frame.index === 13) throw new RangeError("unlucky");
        return {
          width: 1,
          height: 1,
          pixels: recycle?.pixels ?? new Uint8ClampedArray(4),
          regions: [],
          frameIndex: frame.index,
          referenceAmplitude: 1,
          elapsedMs: 0,
        };
      });
      last = done.catch(() => undefined);
      return done;
    },
  };
  return {
    plan,
    started,
    recycled,
    /** Lets the oldest picture be made. */
    async release() {
      waiting.shift()?.();
      await wait(1);
    },
  };
}

const frame = (index: number): Frame => ({ index, samples: new Int16Array(1) });

function collecting(options: Partial<FeedOptions> = {}) {
  const shown: number[] = [];
  const errors: SondeError[] = [];
  const images: Image[] = [];
  return {
    shown,
    errors,
    images,
    options: {
      onImage: (image: Image, { index }: Frame) => {
        assert.is(image.frameIndex, index);
        shown.push(index);
        images.push(image);
      },
      onError: (error: SondeError) => errors.push(error),
      ...options,
    } as FeedOptions,
  };
}

test("a slow plan shows the newest frames in order; the oldest that waits is dropped and counted", async () => {
  const { plan, started, release } = slowPlan("here");
  const { shown, options } = collecting();
  const feed = createFeed(plan, options);
  for (let i = 0; i < 5; i++) feed.push(frame(i));
  assert.equal(started, [0]);
  await release();
  assert.equal([started, shown], [[0, 4], [0]]);
  feed.push(frame(5));
  await release();
  await release();
  await feed.idle();
  assert.equal(shown, [0, 4, 5]);
  const { pushed, dropped, failed } = feed.statistics;
  assert.equal([pushed, feed.statistics.shown, dropped, failed], [6, 3, 3, 0]);
});

test("a plan in a worker is sent one frame while it makes another, and two may wait if asked", async () => {
  const { plan, started, release } = slowPlan("worker");
  const { shown, options } = collecting({ waiting: 2 });
  const feed = createFeed(plan, options);
  for (let i = 0; i < 7; i++) feed.push(frame(i));
  assert.equal(started, [0, 1]);
  assert.is(feed.statistics.dropped, 3);
  for (let i = 0; i < 4; i++) await release();
  await feed.idle();
  assert.equal(shown, [0, 1, 5, 6]);
});

test("a picture is the receiver's until the next one, and its memory is used after that", async () => {
  const { plan, recycled, release } = slowPlan("here");
  const { images, options } = collecting();
  const feed = createFeed(plan, options);
  for (let i = 0; i < 6; i++) {
    feed.push(frame(i));
    await release();
  }
  assert.equal(recycled.slice(0, 2), [undefined, undefined]);
  for (let i = 2; i < 6; i++) assert.is(recycled[i], images[i - 2]);
  assert.is(new Set(images.map(({ pixels }) => pixels)).size, 2);
});

test("a frame that fails is told and counted, and the next one is shown", async () => {
  const { plan, release } = slowPlan("here");
  const { shown, errors, options } = collecting();
  const feed = createFeed(plan, options);
  feed.push(frame(13));
  feed.push(frame(14));
  await release();
  await release();
  assert.equal(shown, [14]);
  assert.is(errors.length, 1);
  assert.ok(isSondeError(errors[0], "internal"));
  assert.match(errors[0].message, /unlucky/);
  assert.is(feed.statistics.failed, 1);
});

test("a closed feed calls nothing back and takes nothing", async () => {
  const { plan, release } = slowPlan("here");
  const { shown, errors, options } = collecting();
  const feed = createFeed(plan, options);
  feed.push(frame(0));
  feed.push(frame(1));
  feed.close();
  await release();
  await release();
  assert.equal([shown, errors], [[], []]);
  assert.throws(() => feed.push(frame(2)), /feed was closed/);
});

test("latency runs from push to picture, and the rate is that of the pictures", async () => {
  const { plan, release } = slowPlan("here");
  const { options } = collecting();
  const latencies: number[] = [];
  const feed = createFeed(plan, { ...options, onImage: (_image, _frame, ms) => latencies.push(ms) });
  assert.ok(Number.isNaN(feed.statistics.latencyMs.median) && Number.isNaN(feed.statistics.imageRateHz));
  const started = performance.now();
  for (let i = 0; i < 20; i++) {
    feed.push(frame(100 + i));
    await wait(i === 7 ? 60 : 5);
    await release();
  }
  await feed.idle();
  const elapsedMs = performance.now() - started;
  assert.is(latencies.length, 20);
  const { latencyMs, imageRateHz } = feed.statistics;
  assert.is(latencyMs.p99, Math.max(...latencies));
  assert.is(latencyMs.median, latencies.sort((a, b) => a - b)[10]);
  // Timers count whole milliseconds, and may be over a part of one early.
  const { median, p99 } = latencyMs;
  assert.ok(p99 >= 59 && median >= 4 && median < p99, `${median} ms, ${p99} ms at most`);
  assert.ok(imageRateHz >= 19e3 / elapsedMs, `${imageRateHz}`);
});

test("real frames through real engines come out in order, and are what the plan makes", async () => {
  const { info, frame: one } = makeScene("plane");
  for (const where of ["here", "worker"] as const) {
    const engine = await createEngine({ where, threads: 2 });
    const plan = await engine.plan(info);
    const { shown, errors, options } = collecting();
    const feed = createFeed(plan, options);
    for (let index = 0; index < 12; index++) {
      feed.push({ ...one, index });
      await feed.idle();
    }
    assert.equal(
      shown,
      Array.from({ length: 12 }, (_, i) => i),
      where,
    );
    assert.equal(errors, []);
    engine.close();
  }
});

test("another number of waiting frames is refused", () => {
  const { options } = collecting();
  assert.throws(
    () => createFeed(slowPlan("here").plan, { ...options, waiting: 3 as never }),
    /waiting is 3: it must be 1 or 2/,
  );
});

test.run();
