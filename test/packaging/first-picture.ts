/** Whether a built site shows a live picture in a browser, under the strictest policy the element works under. */
import type { Page } from "playwright-core";
import * as assert from "uvu/assert";
import { type Extra, onStage, type StageOptions, waitForPhase } from "../web/browser.ts";

/** How the site is looked at. */
export interface FirstPictureOptions extends Pick<StageOptions, "isolated"> {
  /** Page to open. Default `/index.html`. */
  path?: string;
  /** Where the arithmetic must run. Default: in a worker. */
  where?: "worker" | "here";
  /** Errors that are part of what is tried. */
  expect?: RegExp;
  /** What else is to be seen. */
  then?: (page: Page) => Promise<void>;
}

/** Opens the site and waits for the picture. @throws when there is none, or the page reports an error */
export async function showsFirstPicture(files: Extra, options: FirstPictureOptions = {}): Promise<void> {
  const { path = "/index.html", where = "worker", isolated, expect, then } = options;
  await onStage({ body: path, extra: files, isolated }, async ({ page, expectError }) => {
    if (expect) expectError(expect);
    await waitForPhase(page, "live");
    assert.is(page.workers().length > 0, where === "worker", `${page.workers().length} workers`);
    const brightest = await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      return Math.max(...viewer.image!.pixels.filter((_, i) => i % 4 < 3));
    });
    assert.ok(brightest > 100, `the brightest pixel is ${brightest}`);
    await then?.(page);
  });
}
