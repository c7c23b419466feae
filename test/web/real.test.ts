/** The built files in Chromium, as people get them: the page, the element, the engine in its worker, real bytes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { barriers, closeBrowser, onStage, pictureHash, type Stage, textOf, waitForPhase } from "./browser.ts";

type Page = Stage["page"];

const session = (src: string | null, probe: string | null): Record<string, string> => ({
  "/session.json": JSON.stringify({ src, probe }),
});

/** A NumPy file of `frames` real pictures, 64 rows and 48 columns, with one bright point that moves down. */
function numpyFile(frames: number): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${frames}, 64, 48), }`;
  const text = `${header.padEnd(117)}\n`;
  const values = new Float32Array(frames * 64 * 48).fill(0.01);
  for (let frame = 0; frame < frames; frame++) values[frame * 64 * 48 + (10 + 8 * frame) * 48 + 12] = 1;
  return Buffer.concat([
    Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, text.length, 0]),
    Buffer.from(text, "latin1"),
    Buffer.from(values.buffer),
  ]);
}

/** Where such files lie: 24 mm wide, 32 mm deep. */
const GRID = JSON.stringify({
  scan: {
    kind: "linear",
    x: { min: -0.01175, max: 0.01175, count: 48 },
    z: { min: 0.00025, max: 0.03175, count: 64 },
  },
});

const imageOf = (page: Page): Promise<{ index: number; width: number; depthM: number }> =>
  page.evaluate(() => {
    const image = document.querySelector("echo-viewer")!.image!;
    const [region] = image.regions;
    return {
      index: image.frameIndex,
      width: image.width,
      depthM: region.originZM + region.deltaZM * image.height,
    };
  });

test("the page shows the simulated probe live, lets people choose another, and breaks no rule of its policy", () =>
  onStage({ body: "/", extra: session(null, "simulated"), width: 800, height: 600 }, async ({ page }) => {
    await waitForPhase(page, "live");
    assert.is(await textOf(page, ".badge"), "Live");
    const before = await pictureHash(page);
    await page.waitForTimeout(1300);
    assert.is.not(await pictureHash(page), before, "the picture moves");
    assert.match(await textOf(page, ".rate"), /^\d+(\.\d)? fps$/);
    assert.equal(await barriers(page), []);
    await page.locator("#probe").selectOption("simulated:convex");
    await page.waitForFunction(() => /convex/i.test(document.querySelector("echo-viewer")!.info?.name ?? ""));
    await waitForPhase(page, "live");
    await page.evaluate(() => document.querySelector("echo-viewer")!.remove());
    await page.waitForTimeout(300);
    assert.is(page.workers().length, 0, "no worker outlives the viewer");
  }));

test("depth cuts the picture, live and frozen, and the scale follows", () =>
  onStage({ body: '<echo-viewer probe="simulated"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    const full = await imageOf(page);
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.depth = 20;
    });
    await page.waitForFunction(() => {
      const image = document.querySelector("echo-viewer")!.image!;
      return image.regions[0].originZM + image.regions[0].deltaZM * image.height < 0.0205;
    });
    assert.ok(full.depthM > 0.03);
    await page.evaluate(() => document.querySelector("echo-viewer")!.freeze());
    await waitForPhase(page, "frozen");
    await page.waitForTimeout(200);
    const held = await pictureHash(page);
    await page.locator("echo-viewer .base").focus();
    await page.keyboard.press("Shift+D");
    await page.waitForTimeout(400);
    assert.is(await page.evaluate(() => document.querySelector("echo-viewer")!.depth), 25);
    assert.ok(Math.abs((await imageOf(page)).depthM - 0.025) < 0.0002);
    assert.is.not(await pictureHash(page), held);
    assert.is(await textOf(page, ".chip"), "Reprocessed");
    await page.evaluate(() => {
      document.querySelector("echo-viewer")!.pipeline = {
        scan: {
          kind: "linear",
          x: { min: -0.01, max: 0.01, count: 101 },
          z: { min: 0.005, max: 0.03, count: 126 },
        },
      };
    });
    // The page's own grid, then cut at the depth chosen before.
    await page.waitForFunction(() => {
      const { width, height, regions } = document.querySelector("echo-viewer")!.image!;
      return width === 101 && Math.abs(regions[0].originZM + regions[0].deltaZM * height - 0.025) < 0.0003;
    });
    const cut = await page.evaluate(() => document.querySelector("echo-viewer")!.image!.regions[0].originZM);
    assert.ok(Math.abs(cut - 0.005) < 1e-9, "the page's own grid");
  }));

test("a file named by src is read, imaged and stepped through; it has a scale once its grid is known", () =>
  onStage(
    { body: "/", extra: { ...session("/file/scan.npy", null), "/file/scan.npy": numpyFile(5) } },
    async ({ page }) => {
      await waitForPhase(page, "file");
      const regions = (): Promise<number> =>
        page.evaluate(() => document.querySelector("echo-viewer")!.image!.regions.length);
      assert.is(await regions(), 0, "an array of numbers has no millimetres");
      await page.evaluate((grid) => {
        document.querySelector("echo-viewer")!.setAttribute("pipeline", grid);
      }, GRID);
      await page.waitForFunction(() => document.querySelector("echo-viewer")!.image!.regions.length === 1);
      assert.ok(Math.abs((await imageOf(page)).depthM - 0.03225) < 1e-6);
      assert.match(await textOf(page, ".place"), /^1 \/ 5/);
      const first = await pictureHash(page);
      await page.evaluate(() => document.querySelector("echo-viewer")!.step(3));
      await page.waitForTimeout(200);
      assert.is((await imageOf(page)).index, 3);
      assert.is.not(await pictureHash(page), first);
    },
  ));

test("the depth slider moves by millimetres from all there is to the least, and back, with the arrow keys", () =>
  onStage(
    { body: '<echo-viewer class="full" probe="simulated"></echo-viewer>', width: 1280, height: 800 },
    async ({ page }) => {
      await waitForPhase(page, "live");
      const depth = (): Promise<number | null> =>
        page.evaluate(() => document.querySelector("echo-viewer")!.depth);
      await page.locator("echo-viewer").getByRole("slider", { name: "Depth" }).focus();
      const seen: (number | null)[] = [];
      for (let i = 0; i < 3; i++) {
        await page.keyboard.press("ArrowLeft");
        // Longer than the viewer takes to render again.
        await page.waitForTimeout(700);
        seen.push(await depth());
      }
      assert.equal(seen, [seen[0], seen[0]! - 1, seen[0]! - 2]);
      for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
      assert.is(await depth(), null);
    },
  ));

test("after a dropped file the probe from before can be chosen again", () =>
  onStage({ body: "/", extra: session(null, "simulated") }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(
      (bytes) => {
        document.querySelector("echo-viewer")!.openFile(new File([new Uint8Array(bytes)], "scan.npy"));
      },
      [...numpyFile(1)],
    );
    await waitForPhase(page, "file");
    assert.is(await page.locator("#probe").inputValue(), "");
    await page.locator("#probe").selectOption("simulated");
    await waitForPhase(page, "live");
    assert.is(await page.locator("#probe").inputValue(), "simulated");
  }));

test("a dropped file that is no recording says so, and the live picture goes on", () =>
  onStage({ body: '<echo-viewer probe="simulated:phased"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "live");
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.items.add(new File(["this is a letter, not a scan"], "letter.txt"));
      const stage = document.querySelector("echo-viewer")!.shadowRoot!.querySelector(".stage")!;
      stage.dispatchEvent(
        new DragEvent("drop", { dataTransfer: data, bubbles: true, composed: true, cancelable: true }),
      );
    });
    await page.locator("echo-viewer .error").waitFor();
    assert.match(await textOf(page, ".error"), /letter\.txt/);
    await waitForPhase(page, "live");
    assert.equal(await barriers(page), []);
  }));

test("a probe that does not exist is refused with the names of those that do", () =>
  onStage({ body: '<echo-viewer probe="simulated:spherical"></echo-viewer>' }, async ({ page }) => {
    await waitForPhase(page, "error");
    assert.match(await textOf(page, ".error"), /simulated:linear, simulated:phased, simulated:convex/);
  }));

test.after(closeBrowser);
test.run();
