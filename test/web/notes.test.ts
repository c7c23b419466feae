/** Cards over the picture: what features say of it, and what did not work. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { closeBrowser, waitForPhase } from "./browser.ts";
import { onFakeStage } from "./fake-stage.ts";

for (const [width, height] of [
  [1000, 700],
  [360, 640],
])
  test(`at ${width} x ${height} a note and an error stand one above the other, on the stage`, () =>
    onFakeStage({ width, height, probe: "simulated" }, async ({ page }) => {
      await waitForPhase(page, "live");
      await page.evaluate(() => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.autoFreeze = 6;
        viewer.src = "bad.uff";
      });
      const cards = page.locator("echo-viewer .notes").locator(".note, .error");
      await cards.nth(1).waitFor();
      const boxes = await Promise.all([0, 1].map(async (i) => (await cards.nth(i).boundingBox())!));
      const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
      const [note, error] = boxes;
      assert.ok(note.y + note.height <= error.y, `${JSON.stringify(boxes)} lie over one another`);
      for (const { x, y, width: wide, height: high } of boxes) {
        assert.ok(x >= stage.x && x + wide <= stage.x + stage.width, "across the stage");
        assert.ok(y >= stage.y && y + high <= stage.y + stage.height, "down the stage");
      }
    }));

for (const [width, height, hasTouch] of [
  [1000, 700, false],
  [360, 640, true],
] as const)
  test(`at ${width} x ${height} a card leaves what the chosen tool says and offers to be seen`, () =>
    onFakeStage({ width, height, probe: "simulated", person: { hasTouch } }, async ({ page }) => {
      await waitForPhase(page, "live");
      await page.evaluate(() => {
        const viewer = document.querySelector("echo-viewer")!;
        viewer.focus();
        viewer.openFile(new File(['{ "display": { "gainDb": 3 } }'], "a.json", { type: "application/json" }));
      });
      await page.locator("echo-viewer .note").waitFor();
      await page.locator("echo-viewer .base").press("L");
      await page.locator("echo-viewer .measure-bar").waitFor();
      const [note, bar, stage] = await Promise.all(
        [".note", ".measure-bar", ".stage"].map(
          async (one) => (await page.locator(`echo-viewer ${one}`).boundingBox())!,
        ),
      );
      assert.ok(note.y + note.height <= bar.y, JSON.stringify([note, bar]));
      assert.ok(note.y >= stage.y, JSON.stringify([note, stage]));
    }));

test("in a thumbnail all of what went wrong is read at once, and its buttons can be pressed", () =>
  onFakeStage({ src: "bad.uff", body: '<echo-viewer class="small"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "error");
    const stage = (await page.locator("echo-viewer .stage").boundingBox())!;
    const text = (await page.locator("echo-viewer .error p").boundingBox())!;
    assert.ok(
      text.y >= stage.y && text.y + text.height <= stage.y + stage.height,
      JSON.stringify([text, stage]),
    );
    for (const name of ["retry", "dismiss"]) {
      const { y, height } = (await page.locator(`echo-viewer .${name}`).boundingBox())!;
      const seen = stage.y + stage.height - y;
      assert.ok(seen >= 24, `${seen} of ${height} px of ${name}`);
    }
    await page.locator("echo-viewer .dismiss").click();
    assert.is(await page.locator("echo-viewer .error").count(), 0);
  }));

test.after(closeBrowser);
test.run();
