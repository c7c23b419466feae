/** Whether a built site shows a live picture in a browser, under the strictest policy the element works under. */
import type { Page } from "playwright-core";
import * as assert from "uvu/assert";
import { type Extra, onStage, POLICY, type StageOptions, waitForPhase } from "../web/browser.ts";

/** How the site is looked at. */
export interface FirstPictureOptions extends Pick<StageOptions, "isolated"> {
  /** Page to open. Default `/index.html`. */
  path?: string;
  /** Where the arithmetic must run. Default: in a worker. */
  where?: "worker" | "here";
  /** Name of a Trusted Types policy that the site's framework makes; or `eval`: it compiles in the page, under no policy. */
  framework?: string;
  /** Errors that are part of what is tried. */
  expect?: RegExp;
  /** What else is to be seen. */
  also?: (page: Page) => Promise<void>;
}

/** Opens the site and waits for the picture. @throws when there is none, or the page reports an error */
export async function showsFirstPicture(files: Extra, options: FirstPictureOptions = {}): Promise<void> {
  const { path = "/index.html", where = "worker", isolated, framework, expect, also } = options;
  const policy = framework === "eval" ? "" : `${POLICY} ${framework ?? ""}`;
  await onStage({ body: path, extra: files, isolated, policy }, async ({ page, expectError }) => {
    if (expect) expectError(expect);
    await waitForPhase(page, "live");
    assert.is(page.workers().length > 0, where === "worker", `${page.workers().length} workers`);
    const brightest = await page.evaluate(() => {
      const viewer = document.querySelector("echo-viewer")!;
      return Math.max(...viewer.image!.pixels.filter((_, i) => i % 4 < 3));
    });
    assert.ok(brightest > 100, `the brightest pixel is ${brightest}`);
    await also?.(page);
    // What is loaded late, with a package of its own, is there as well.
    const gif = await page.evaluate(async () => {
      const viewer = document.querySelector("echo-viewer")!;
      viewer.freeze();
      const blob = await viewer.toBlob("gif");
      return [blob.type, await blob.slice(0, 6).text()];
    });
    assert.equal(gif, ["image/gif", "GIF89a"]);
  });
}
