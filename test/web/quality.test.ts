/** When a live picture gets fewer rows: on simulated clocks, and with an engine that is slowed down in Chromium. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { QualityGovernor, SCALES } from "../../web/echo-viewer/quality.ts";
import type { Backend, EchoViewer } from "../../web/index.ts";
import { closeBrowser, onStage, textOf, waitForPhase } from "./browser.ts";

/** Runs a source of 25 frames a second for so long; `latencyMs` of a scale. @returns the scales there were, in order. */
function run(
  governor: QualityGovernor,
  latencyMs: (scale: number) => number,
  forMs: number,
  fromMs = 0,
): number[] {
  const scales = [governor.scale];
  for (let nowMs = fromMs; nowMs < fromMs + forMs; nowMs += 40) {
    const scale = governor.measure(latencyMs(governor.scale), 40, nowMs);
    if (scale !== scales.at(-1)) scales.push(scale);
  }
  return scales;
}

test("a device that is fast enough keeps all rows", () => {
  assert.equal(
    run(new QualityGovernor(), () => 20, 60_000),
    [1],
  );
});

test("one late picture changes nothing", () => {
  const governor = new QualityGovernor();
  let n = 0;
  assert.equal(
    run(governor, () => (n++ % 200 === 100 ? 150 : 20), 60_000),
    [1],
  );
});

test("a slow device goes down until its pictures are in time, and stays there", () => {
  assert.equal(
    run(new QualityGovernor(), (scale) => 75 * scale, 120_000),
    [1, 0.79, 0.62],
  );
});

test("a device that can never be in time ends at the coarsest picture", () => {
  assert.equal(
    run(new QualityGovernor(), () => 500, 60_000),
    [...SCALES],
  );
});

test("when the device has time again all rows come back", () => {
  const governor = new QualityGovernor();
  run(governor, (scale) => 75 * scale, 20_000);
  assert.equal(
    run(governor, () => 5, 60_000, 20_000),
    [0.62, 0.79, 1],
  );
});

test("a step up that was wrong is tried ever more rarely", () => {
  // Fast at 0.79, much too slow at 1: each return costs a hiccup.
  const governor = new QualityGovernor();
  const changes = run(governor, (scale) => (scale === 1 ? 90 : 10), 600_000).length - 1;
  assert.ok(changes >= 3 && changes <= 24, `${changes} changes in ten minutes`);
});

test("a slowed engine makes the live picture coarser, says so, and shows all rows when frozen", () =>
  onStage({ body: "<echo-viewer></echo-viewer>" }, async ({ page }) => {
    await page.evaluate(async () => {
      const { connect, createEngine, open, simulated } = (await import(
        "/dist/index.js" as string
      )) as typeof import("../../host/index.ts");
      const viewer = document.querySelector("echo-viewer") as EchoViewer;
      const told: unknown[] = [];
      Object.assign(window, { told });
      viewer.addEventListener("echo-quality", (event) => told.push(event.detail));
      const backend: Backend = {
        open,
        connect: () => connect(simulated({ array: "linear" })),
        async createEngine() {
          const engine = await createEngine();
          return {
            ...engine,
            close: () => engine.close(),
            async plan(info, pipeline) {
              const plan = await engine.plan(info, pipeline);
              return new Proxy(plan, {
                get(target, name) {
                  if (name === "run")
                    return async (...args: Parameters<typeof plan.run>) => {
                      await new Promise((done) => setTimeout(done, 70));
                      return target.run(...args);
                    };
                  const value: unknown = Reflect.get(target, name, target);
                  return typeof value === "function" ? value.bind(target) : value;
                },
              });
            },
          };
        },
      };
      viewer.backend = backend;
      viewer.probe = "simulated";
    });
    await waitForPhase(page, "live");
    const rows = (): Promise<number> =>
      page.evaluate(() => document.querySelector("echo-viewer")!.image!.height);
    const all = await rows();
    await page.waitForFunction(() => (window as unknown as { told: unknown[] }).told.length > 0);
    assert.equal(await page.evaluate(() => (window as unknown as { told: unknown[] }).told[0]), {
      scale: 0.79,
      reason: "slow",
    });
    await page.waitForFunction((n) => document.querySelector("echo-viewer")!.image!.height < n, all);
    assert.is(await textOf(page, ".chip"), "Coarser");
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await page.waitForFunction((n) => document.querySelector("echo-viewer")!.image!.height === n, all);
    assert.is(
      await page.locator("echo-viewer .chip").count(),
      0,
      "the same settings: nothing is reprocessed",
    );
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.quality = "full";
      viewer.run();
    });
    await waitForPhase(page, "live");
    await page.waitForTimeout(2500);
    assert.is(await rows(), all);
  }));

test.after(closeBrowser);
test.run();
