/** Many viewers on one page, each with a probe of its own, all on one engine. */
import { test } from "uvu";
import { closeBrowser, onStage } from "./browser.ts";

test("twenty-four viewers of simulated probes on one page all paint", () =>
  onStage(
    {
      body: '<echo-viewer class="small" controls="none" probe="simulated"></echo-viewer>'.repeat(24),
    },
    async ({ page }) => {
      page.setDefaultTimeout(90_000);
      await page.waitForFunction(() =>
        [...document.querySelectorAll("echo-viewer")].every((viewer) => {
          const canvas = viewer.shadowRoot!.querySelector<HTMLCanvasElement>("canvas.picture")!;
          if (!viewer.image || canvas.width < 2) return false;
          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d")!;
          copy.drawImage(canvas, 0, 0);
          return copy.getImageData(0, 0, canvas.width, canvas.height).data.some((byte) => byte !== 0);
        }),
      );
    },
  ));

test.after(closeBrowser);
test.run();
