/** The TGC curve over the picture: its pixels against a baseline, when it comes and goes. */
import { existsSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { closeBrowser } from "./browser.ts";
import { onChannels, openDrawer, type Page, viewer } from "./imaging-stage.ts";

/** The canvas of the marks without its texts, its texts, and how many of its pixels differ from a baseline. */
function marksOf(page: Page, baseline: string | null) {
  return page.evaluate(async (path) => {
    const viewer = document.querySelector("echo-viewer")!;
    const canvas = viewer.shadowRoot!.querySelector<HTMLCanvasElement>("canvas.marks")!;
    const texts: string[] = [];
    const { fillText, strokeText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (text) {
      if (this.canvas === canvas) texts.push(text);
    };
    CanvasRenderingContext2D.prototype.strokeText = () => {};
    // Without controls everything is drawn again, on a stage whose size is not theirs to change.
    const refresh = (): Promise<void> => new Promise((done) => setTimeout(done, 200));
    await refresh();
    texts.length = 0;
    viewer.controls = "none";
    await refresh();
    Object.assign(CanvasRenderingContext2D.prototype, { fillText, strokeText });
    const { width, height } = canvas;
    const flat = (image: CanvasImageSource): OffscreenCanvas => {
      const copy = new OffscreenCanvas(width, height);
      const context = copy.getContext("2d")!;
      context.fillRect(0, 0, copy.width, copy.height);
      context.drawImage(image, 0, 0);
      return copy;
    };
    const pixels = (image: CanvasImageSource): Uint8ClampedArray =>
      flat(image).getContext("2d")!.getImageData(0, 0, width, height).data;
    const now = pixels(canvas);
    let lit = 0;
    for (let i = 0; i < now.length; i += 4) if (now[i + 1] > 60) lit++;
    const blob = await flat(canvas).convertToBlob({ type: "image/png" });
    const png = [...new Uint8Array(await blob.arrayBuffer())];
    viewer.controls = null;
    await refresh();
    if (path === null) return { texts, png, lit, different: 0 };
    const wanted = await createImageBitmap(await (await fetch(path)).blob());
    if (wanted.width !== width || wanted.height !== height) return { texts, png, lit, different: -1 };
    const before = pixels(wanted);
    let different = 0;
    for (let i = 0; i < now.length; i += 4)
      if (now[i] !== before[i] || now[i + 1] !== before[i + 1] || now[i + 2] !== before[i + 2]) different++;
    return { texts, png, lit, different };
  }, baseline);
}

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
    const path = fileURLToPath(new URL("./baselines/tgc.png", import.meta.url));
    await onChannels({ attributes }, async ({ page }) => {
      await openDrawer(page);
      await holdCurve(page);
      const { texts, png, different } = await marksOf(page, existsSync(path) ? "/baselines/tgc.png" : null);
      if (!existsSync(path)) {
        // A new baseline is made on purpose, by deleting the old one.
        writeFileSync(path, Uint8Array.from(png));
        assert.unreachable(`${path} is new: look at it, commit it, and run the test again`);
      }
      assert.is(different, 0, "pixels that differ");
      assert.equal(texts, ["+8 dB"]);
    });
  });

test("the curve appears with the first change, stays while a slider is held, and is gone two seconds later", () =>
  onChannels({}, async ({ page }) => {
    await openDrawer(page);
    const lit = async () => (await marksOf(page, null)).lit;
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
