/** A live picture that nobody uses freezes, after a word; whoever uses the page keeps it going. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { barriers, closeBrowser, type Stage, textOf, waitForPhase } from "./browser.ts";
import { eventsOf, onFakeStage } from "./fake-stage.ts";

type Page = Stage["page"];

const body = '<echo-viewer auto-freeze="5"></echo-viewer><button id="other">Other</button>';
const note = (page: Page) => page.locator("echo-viewer [part~=auto-freeze]");
const frozen = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.querySelector("echo-viewer")!.frozen);

test("unused, it says so half-way and freezes, and the page hears of it", () =>
  onFakeStage({ probe: "simulated", body }, async ({ page }) => {
    await waitForPhase(page, "live");
    const since = Date.now();
    assert.is(await note(page).count(), 0);
    await note(page).waitFor();
    assert.match(
      await textOf(page, "[part~=auto-freeze] span"),
      /^Not in use: the image freezes in [23] s\.$/,
    );
    await page
      .locator("echo-viewer [role=status].said", { hasText: "freezes in" })
      .waitFor({ state: "attached" });
    assert.is(await frozen(page), false);
    assert.equal(await barriers(page), []);
    await waitForPhase(page, "frozen");
    const tookS = (Date.now() - since) / 1000;
    assert.ok(tookS > 3 && tookS < 8, `${tookS} s`);
    assert.is(await note(page).count(), 0);
    const { events } = await page.evaluate(() => ({ events: Reflect.get(window, "events") as string[] }));
    assert.ok(events.includes("echo-freeze"));
    // Run again, it has its time again.
    await page.locator("echo-viewer [part~=freeze]").click();
    await waitForPhase(page, "live");
    await page.waitForTimeout(1000);
    assert.is(await note(page).count(), 0);
  }));

test("in a thumbnail all of it lies within the picture's part", () =>
  onFakeStage(
    { probe: "simulated", body: '<echo-viewer class="small" auto-freeze="5"></echo-viewer>' },
    async ({ page }) => {
      await waitForPhase(page, "live");
      await note(page).waitFor();
      const [inner, outer] = await Promise.all([
        note(page).boundingBox(),
        page.locator("echo-viewer [part=stage]").boundingBox(),
      ]);
      assert.ok(inner!.y >= outer!.y && inner!.x >= outer!.x, JSON.stringify([inner, outer]));
      assert.ok(inner!.y + inner!.height <= outer!.y + outer!.height);
      assert.is(await note(page).evaluate((box) => box.scrollHeight <= box.clientHeight), true);
    },
  ));

test("its button, a key and a finger anywhere let it go on, and it is said again the next time", () =>
  onFakeStage({ probe: "simulated", body, person: { hasTouch: true } }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      const said = document.querySelector("echo-viewer")!.shadowRoot!.querySelector("[role=status].said")!;
      Object.assign(window, { heard: 0 });
      new MutationObserver(() => {
        if (said.textContent!.includes("freezes in"))
          Reflect.set(window, "heard", Reflect.get(window, "heard") + 1);
      }).observe(said, { childList: true, characterData: true, subtree: true });
    });
    for (const use of [
      () => page.locator("echo-viewer [part~=auto-freeze-go-on]").click(),
      // As a screen reader or a voice presses it: no pointer goes down.
      () => page.locator("echo-viewer [part~=auto-freeze-go-on]").dispatchEvent("click"),
      () => page.keyboard.press("F8"),
      () => page.locator("#other").tap(),
    ]) {
      await note(page).waitFor();
      await use();
      await note(page).waitFor({ state: "detached" });
      await page.waitForTimeout(1000);
      assert.is(await note(page).count(), 0);
      assert.is(await frozen(page), false);
    }
    assert.is(await page.evaluate(() => Reflect.get(window, "heard")), 4, "said each time");
  }));

test("a mouse that is moved keeps it from being said at all, and one that lies still does not", () =>
  onFakeStage({ probe: "simulated", body }, async ({ page }) => {
    await waitForPhase(page, "live");
    for (let i = 0; i < 7; i++) {
      await page.mouse.move(300 + 5 * (i % 2), 300);
      await page.waitForTimeout(500);
    }
    assert.is(await note(page).count(), 0);
    await note(page).waitFor();
  }));

test("a page may object, and is asked again after the same time", () =>
  onFakeStage({ probe: "simulated", body }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      Object.assign(window, { asked: 0 });
      document.addEventListener("echo-before-freeze", (event) => {
        Reflect.set(window, "asked", Reflect.get(window, "asked") + 1);
        event.preventDefault();
      });
    });
    await page.waitForFunction(() => Reflect.get(window, "asked") === 1);
    assert.is(await frozen(page), false);
    await note(page).waitFor({ state: "detached" });
    await page.waitForTimeout(1000);
    assert.is(await page.evaluate(() => Reflect.get(window, "asked")), 1);
  }));

test("a source that is being opened meanwhile is not frozen", () =>
  onFakeStage({ probe: "simulated", body }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      const { backend } = viewer;
      const connect: typeof backend.connect = async (...asked) => {
        await new Promise((resolve) => setTimeout(resolve, 5500));
        return backend.connect(...asked);
      };
      viewer.backend = { ...backend, connect };
      viewer.probe = "slow";
    });
    await page.waitForFunction(() => document.querySelector("echo-viewer")!.info!.name === "slow");
    await waitForPhase(page, "live");
    assert.equal(await eventsOf(page), ["echo-load", "echo-load"]);
    // From then on it counts.
    await note(page).waitFor();
  }));

test("a stream that a person records goes on until the recording ends", () =>
  onFakeStage({ probe: "simulated", body }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.locator("echo-viewer .rail-device").click();
    await page.locator("echo-viewer .record").click();
    await page.locator("echo-viewer [part~=recording]").waitFor();
    await page.waitForTimeout(5500);
    assert.is(await note(page).count(), 0);
    assert.is(await frozen(page), false);
    await page.locator("echo-viewer .record").dispatchEvent("click");
    await note(page).waitFor();
  }));

test("recordings, frozen pictures and viewers without it are left alone, and one that leaves the page listens to nothing", () =>
  onFakeStage({ src: "scan.uff", body: '<echo-viewer auto-freeze="5"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "file");
    await page.waitForTimeout(2700);
    assert.is(await note(page).count(), 0);
    const values = await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      const read = [viewer.autoFreeze, viewer.getAttribute("auto-freeze")];
      viewer.autoFreeze = 1;
      read.push(viewer.autoFreeze);
      viewer.autoFreeze = null;
      read.push(viewer.autoFreeze, viewer.getAttribute("auto-freeze"));
      viewer.setAttribute("auto-freeze", "soon");
      return read;
    });
    assert.equal(values, [5, "5", 5, null, null]);
    await page.locator("echo-viewer .error").waitFor();
    assert.match(await textOf(page, ".error"), /auto-freeze must be a number/);
  }));

test.after(closeBrowser);
test.run();
