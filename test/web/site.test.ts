/** The examples site: every page under the strictest policy, with nothing for axe to say, and with what it promises to show. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { accessibilityViolations, closeBrowser, onStage } from "./browser.ts";

const site = fileURLToPath(new URL("../../dist/site/", import.meta.url));
const pages = readdirSync(site).filter((name) => name.endsWith(".html"));

test("there is a page for each feature, the lesson, the playground and a way to all of them", () => {
  assert.ok(pages.length >= 12, `${pages.length} pages`);
  for (const name of ["index.html", "lesson.html", "playground.html"]) assert.ok(pages.includes(name), name);
});

for (const name of pages.filter((page) => page !== "lesson.html"))
  test(`${name} shows its pictures, breaks no rule and can be used by everyone`, () =>
    onStage({ body: `/site/${name}`, width: 1100, height: 1400 }, async ({ page }) => {
      page.setDefaultTimeout(60_000);
      await page.waitForFunction(() =>
        [...document.querySelectorAll("echo-viewer")].every((viewer) => viewer.image !== null),
      );
      assert.equal(await accessibilityViolations(page), []);
      assert.is(
        await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        true,
        "nothing is wider than the page",
      );
    }));

test("the lesson shows every stage of one line, and follows its sliders", () =>
  onStage({ body: "/site/lesson.html", width: 400, height: 800 }, async ({ page }) => {
    page.setDefaultTimeout(60_000);
    const drawn = () =>
      page.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll("canvas")].map((canvas) => {
            const url = canvas.toDataURL();
            let hash = 0x811c9dc5;
            for (let i = 0; i < url.length; i++) hash = Math.imul(hash ^ url.charCodeAt(i), 0x01000193);
            // An empty sheet makes a file of a few bytes.
            return [canvas.id, url.length > 3000 ? hash >>> 0 : 0];
          }),
        ),
      );
    await page.waitForFunction(() => document.documentElement.dataset.shown === "yes");
    assert.is(await page.locator("#refused").textContent(), "");
    const before = await drawn();
    assert.equal(Object.keys(before), ["raw", "analytic", "rows", "sum", "envelope", "log", "picture"]);
    for (const [id, hash] of Object.entries(before)) assert.is.not(hash, 0, `${id} is empty`);
    assert.equal(await accessibilityViolations(page), []);
    const move = async (id: string, key: string) => {
      await page.locator(`#${id}`).focus();
      const was = await drawn();
      await page.keyboard.press(key);
      await page.waitForFunction(() => document.documentElement.dataset.shown === "yes");
      const is = await drawn();
      return Object.keys(is).filter((one) => is[one] !== was[one]);
    };
    assert.equal(await move("element", "ArrowRight"), ["raw", "analytic"]);
    assert.equal(await move("line", "ArrowRight"), ["rows", "sum", "envelope", "log", "picture"]);
    assert.equal(await move("range", "ArrowLeft"), ["log", "picture"]);
    assert.is(await page.locator("#refused").textContent(), "");
    assert.is(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  }));

test("the playground's address carries probe and pipeline", () =>
  onStage({ body: "/site/playground.html", width: 1100, height: 900 }, async ({ page, address }) => {
    page.setDefaultTimeout(60_000);
    await page.locator("#window").selectOption("boxcar");
    await page.locator("#probe").selectOption("simulated:convex");
    await page.waitForFunction(() => location.hash.includes("boxcar") && location.hash.includes("convex"));
    const shared = await page.evaluate(() => location.hash);
    await page.goto("about:blank");
    await page.goto(`${address}/site/playground.html${shared}`);
    await page.waitForFunction(() => /convex/i.test(document.querySelector("echo-viewer")!.info?.name ?? ""));
    assert.is(
      await page.evaluate(() => document.querySelector("echo-viewer")!.pipeline.beamform?.window),
      "boxcar",
    );
    await page.locator("#pipeline").fill('{"beamform":');
    assert.ok((await page.locator("#refused").textContent()) !== "");
  }));

test.after(closeBrowser);
test.run();
