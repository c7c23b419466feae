/** The TGC curve over the picture: its pixels against a baseline, when it comes and goes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Drawing, drawn, sameAsBaseline } from "./baseline.ts";
import { closeBrowser } from "./browser.ts";
import { onChannels, openDrawer, type Page, viewer } from "./imaging-stage.ts";

/** Without controls everything is drawn again, on a stage whose size is not theirs to change. */
const CURVE: Drawing = { canvas: "marks", looks: [{}, { controls: "none" }, { controls: null }] };

/** Sets a curve, and holds its fifth slider: the curve stays. */
async function holdCurve(page: Page): Promise<void> {
  const rows = viewer(page, ".tgc-row input");
  for (const [i, db] of [-12, -6, 0, 3, 8, 11, 15, 20].entries()) await rows.nth(i).fill(String(db));
  await rows.nth(4).dispatchEvent("pointerdown");
}

for (const [name, attributes] of [
  ["from left to right", 'dir="ltr"'],
  ["from right to left", 'dir="rtl"'],
] as const)
  test(`the TGC curve on a page that reads ${name} is the baseline to the last pixel`, async () => {
    await onChannels({ attributes }, async (stage) => {
      await openDrawer(stage.page);
      await holdCurve(stage.page);
      assert.equal(await sameAsBaseline(stage, "tgc", CURVE), ["+8 dB"]);
    });
  });

test("the curve appears with the first change, stays while a slider is held, and is gone two seconds later", () =>
  onChannels({}, async ({ page }) => {
    await openDrawer(page);
    const lit = async () => (await drawn({ page }, CURVE)).lit;
    assert.is(await lit(), 0);
    await holdCurve(page);
    await page.waitForTimeout(2200);
    assert.ok((await lit()) > 300, "held");
    await viewer(page, ".tgc-row input").nth(4).dispatchEvent("pointerup");
    assert.ok((await lit()) > 300, "just let go");
    await page.waitForTimeout(2200);
    assert.is(await lit(), 0, "gone");
  }));

test("the curve fades; for those who asked for less motion it goes at once", async () => {
  /** Brightest green of the curve, frame by frame, from 1.2 to 2.2 s after a change. */
  const fading = (page: Page): Promise<number[]> =>
    page.evaluate(async () => {
      const root = document.querySelector("echo-viewer")!.shadowRoot!;
      const canvas = root.querySelector<HTMLCanvasElement>("canvas.marks")!;
      const input = root.querySelectorAll<HTMLInputElement>(".tgc-row input")[2];
      input.value = "12";
      input.dispatchEvent(new Event("input"));
      const started = performance.now();
      await new Promise((done) => setTimeout(done, 1200));
      const seen: number[] = [];
      while (performance.now() - started < 2300) {
        await new Promise((done) => requestAnimationFrame(done));
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        let alpha = 0;
        for (let i = 3; i < data.length; i += 4) alpha = Math.max(alpha, data[i]);
        if (seen.at(-1) !== alpha) seen.push(alpha);
      }
      return seen;
    });
  await onChannels({}, async ({ page }) => {
    await openDrawer(page);
    const seen = await fading(page);
    assert.is(seen.at(-1), 0);
    assert.ok(
      seen.some((alpha) => alpha > 0 && alpha < 250),
      `fades: ${seen}`,
    );
  });
  await onChannels({}, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await openDrawer(page);
    const seen = await fading(page);
    assert.is(seen.at(-1), 0);
    assert.not.ok(
      seen.some((alpha) => alpha > 0 && alpha < 250),
      `does not fade: ${seen}`,
    );
  });
});

test.after(closeBrowser);
test.run();
