/**
 * What viewers cost a page: mounted and removed many times, running for long. Counted by the browser itself; times
 * are told and asserted nowhere.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { CDPSession, Page } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { closeBrowser, onStage, waitForPhase } from "./browser.ts";
import { loadFakeBackend } from "./fake-stage.ts";

/** Counts of a page after its garbage is gone. */
interface Counts {
  heapBytes: number;
  listeners: number;
  nodes: number;
}

async function countsOf(session: CDPSession): Promise<Counts> {
  for (let i = 0; i < 3; i++) await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  return { heapBytes: usedSize, listeners: metric("JSEventListeners"), nodes: metric("Nodes") };
}

async function watching(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  await session.send("HeapProfiler.enable");
  return session;
}

/** Mounts a viewer, waits for its first picture and removes it, so many times. `fake`: pictures come from the page itself. */
const cycle = (page: Page, times: number, fake: boolean): Promise<void> =>
  page.evaluate(
    async ([count, own]) => {
      const backend = own ? fakeBackend({ rateHz: 60 }).backend : undefined;
      for (let i = 0; i < count; i++) {
        const viewer = document.createElement("echo-viewer");
        if (backend) viewer.backend = backend;
        viewer.probe = "simulated";
        const seen = new Promise((resolve) => viewer.addEventListener("echo-frame", resolve, { once: true }));
        document.querySelector("#room")!.append(viewer);
        await seen;
        viewer.remove();
      }
      // Longer than anything the viewer or the engine postpones.
      await new Promise((resolve) => setTimeout(resolve, 700));
    },
    [times, fake] as const,
  );

const MOUNTED = 200;
const MOST_RETAINED_BYTES = 1000;

test(`${MOUNTED} viewers mounted and removed leave at most ${MOST_RETAINED_BYTES} bytes each, no listener and no node`, () =>
  onStage({ body: '<div id="room"></div>' }, async ({ page }) => {
    page.setDefaultTimeout(120_000);
    const session = await watching(page);
    await loadFakeBackend(page);
    await cycle(page, 20, true);
    const before = await countsOf(session);
    await cycle(page, MOUNTED, true);
    const after = await countsOf(session);
    const retained = (after.heapBytes - before.heapBytes) / MOUNTED;
    console.log(`a viewer that was there leaves ${retained.toFixed(0)} bytes`);
    assert.ok(retained <= MOST_RETAINED_BYTES, `${retained} bytes`);
    assert.is(after.listeners, before.listeners, "listeners");
    assert.ok(after.nodes <= before.nodes + 4, `${after.nodes - before.nodes} nodes`);
  }));

/** Addresses of the workers that still answer: one that ended while the browser's tools were told of it stays on their list. */
async function answering(page: Page): Promise<string[]> {
  const asked = page.workers().map(async (worker) => {
    const answer = worker.evaluate(() => true).catch(() => false);
    return (await Promise.race([answer, wait(2000, false)])) ? [worker.url()] : [];
  });
  return (await Promise.all(asked)).flat();
}

const REAL = 20;

test(`${REAL} viewers with engine and simulated probe leave no worker either`, () =>
  onStage({ body: '<div id="room"></div>' }, async ({ page }) => {
    page.setDefaultTimeout(120_000);
    const session = await watching(page);
    await cycle(page, 12, false);
    const before = await countsOf(session);
    await cycle(page, REAL, false);
    // A busy machine takes its time to end one; one that was forgotten is there for good.
    for (let i = 0; i < 100 && page.workers().length > 0; i++) await page.waitForTimeout(100);
    const after = await countsOf(session);
    const retained = (after.heapBytes - before.heapBytes) / REAL;
    console.log(`a viewer with its workers leaves ${retained.toFixed(0)} bytes`);
    assert.equal(await answering(page), [], "workers");
    assert.is(after.listeners, before.listeners, "listeners");
    assert.ok(retained <= 2.5 * MOST_RETAINED_BYTES, `${retained} bytes`);
  }));

const STEADY = 1000;
/** What the element's own code allocates for a live frame, most of it numbers that die young; nothing of it stays. */
const MOST_ALLOCATED_BYTES = 1_000;
const MOST_KEPT_BYTES = 100;

test(`${STEADY} steady frames leave nothing behind, and take at most ${MOST_ALLOCATED_BYTES} bytes each`, () =>
  onStage({ body: "<echo-viewer></echo-viewer>" }, async ({ page }) => {
    page.setDefaultTimeout(120_000);
    await loadFakeBackend(page);
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.backend = fakeBackend({ rateHz: 60, frameBytes: 4096 }).backend;
      viewer.cineMemory = 1;
      viewer.probe = "simulated";
    });
    await waitForPhase(page, "live");
    const session = await watching(page);
    const frames = (count: number) =>
      page.evaluate(
        (wanted) =>
          new Promise<number>((resolve) => {
            const viewer = document.querySelector("echo-viewer")!;
            const first = viewer.image!.frameIndex;
            const timer = setInterval(() => {
              const shown = viewer.image!.frameIndex - first;
              if (shown < wanted) return;
              clearInterval(timer);
              resolve(shown);
            }, 200);
          }),
        count,
      );
    // The cine's memory fills first.
    await frames(300);
    const before = await countsOf(session);
    type Node = Awaited<ReturnType<typeof sampled>>["profile"]["head"];
    const sampled = () => session.send("HeapProfiler.stopSampling");
    // What the built-in functions allocate is their caller's; the fake engine's pictures are not the element's.
    const sum = (node: Node, caller = ""): number => {
      const url = node.callFrame.url || caller;
      const own = url.endsWith("/echo-viewer.min.js") ? node.selfSize : 0;
      return node.children.reduce((total, child) => total + sum(child, url), own);
    };
    let perFrame = Number.POSITIVE_INFINITY;
    let shown = 0;
    // Where a busy machine makes pictures late the viewer says so, and renders: that is no steady frame.
    for (let i = 0; i < 3 && perFrame > MOST_ALLOCATED_BYTES; i++) {
      await session.send("HeapProfiler.startSampling", {
        samplingInterval: 512,
        includeObjectsCollectedByMajorGC: true,
        includeObjectsCollectedByMinorGC: true,
      });
      const taken = await frames(STEADY);
      perFrame = Math.min(perFrame, sum((await sampled()).profile.head) / taken);
      shown += taken;
    }
    const after = await countsOf(session);
    let kept = (after.heapBytes - before.heapBytes) / shown;
    // Code that is compiled late stays too, but once: what every frame leaves is left by the next thousand as well.
    for (let i = 0, last = after; i < 2 && kept > MOST_KEPT_BYTES; i++) {
      const more = await frames(STEADY);
      const now = await countsOf(session);
      kept = (now.heapBytes - last.heapBytes) / more;
      last = now;
    }
    console.log(`a frame allocates ${perFrame.toFixed(0)} bytes and leaves ${kept.toFixed(1)}`);
    assert.ok(perFrame <= MOST_ALLOCATED_BYTES, `${perFrame} bytes`);
    assert.ok(kept <= MOST_KEPT_BYTES, `${kept} bytes`);
  }));

const SLOWER = 4;

/** Time from the start of the script to an event, on a processor slowed down. */
async function startTimesMs(page: Page, address: string, path: string): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    await page.goto(address + path);
    times.push(
      await page.evaluate(
        async () => (await (window as unknown as { shown: Promise<number> }).shown) as number,
      ),
    );
  }
  return times.sort((a, b) => a - b)[2];
}

test("how long the first picture takes is told", () => {
  const page = (script: string, body: string) =>
    '<!doctype html><html lang="en"><head><title>Start</title><link rel="icon" href="data:,">' +
    `<script src="/mark.js"></script><script type="module" src="${script}"></script></head><body>${body}</body></html>`;
  return onStage(
    {
      body: "/picture.html",
      extra: {
        "/mark.js":
          "const from = performance.now(); window.shown = new Promise((done) => addEventListener('echo-frame', () => done(performance.now() - from), { once: true }));",
        "/bare.js":
          'import { shared } from "/dist/echo-viewer.min.js"; dispatchEvent(new Event("echo-frame"));',
        "/picture.html": page("/dist/cdn/echo-viewer.js", '<echo-viewer probe="simulated"></echo-viewer>'),
        "/bare.html": page("/bare.js", ""),
      },
    },
    async ({ page: tab, address }) => {
      tab.setDefaultTimeout(60_000);
      const session = await tab.context().newCDPSession(tab);
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
      const bare = await startTimesMs(tab, address, "/bare.html");
      const picture = await startTimesMs(tab, address, "/picture.html");
      console.log(
        `first simulated picture at ${SLOWER} x CPU throttle: ${picture.toFixed(0)} ms (median of 5; the same script without a viewer: ${bare.toFixed(0)} ms; wanted: 250)`,
      );
      assert.ok(picture > 0);
    },
  );
});

test.after(closeBrowser);
test.run();
