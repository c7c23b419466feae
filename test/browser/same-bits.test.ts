/** The same input and pipeline give the same bytes in Node and in Chromium, on the page's thread and in a worker. */

import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { watchingKernels } from "../kernel-counter.ts";
import { closeBrowser, onStage } from "../web/browser.ts";
import { hashes } from "./hashes.ts";

const dist = new URL("../../dist/index.js", import.meta.url).href;

/** hashes.ts as a module for a page. */
function pageModule(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL("./hashes.ts", import.meta.url))],
    bundle: true,
    format: "esm",
    write: false,
  });
  return outputFiles[0].text;
}

/** Kernels that only other kernels call; the host knows them for its tests. */
const INNER = ["fft"];

test("Node gives the same bytes twice, here and in a worker, by every kernel of the core", async () => {
  const sonde = (await import(dist)) as typeof import("../../host/index.ts");
  const { first, idle } = await watchingKernels(async ({ calls }) => {
    const result = await hashes(sonde, ["here", "worker"]);
    return {
      first: result,
      idle: [...calls].filter(([, count]) => count === 0).map(([name]) => name),
    };
  });
  assert.equal(idle, INNER);
  const second = await hashes(sonde, ["here"]);
  for (const [key, value] of Object.entries(second)) assert.is(value, first[key], key);
  for (const [key, value] of Object.entries(first))
    assert.is(value, first[key.replace("/worker", "/here")], key);
  const pictures = new Set(Object.values(first));
  assert.ok(pictures.size >= 40, `${pictures.size} different pictures`);
});

test("Chromium gives the bytes that Node gives, on its page's thread and in a worker", async () => {
  const sonde = (await import(dist)) as typeof import("../../host/index.ts");
  const node = await hashes(sonde, ["here"]);
  await onStage(
    { body: "<p>Same bits</p>", extra: { "/test/hashes.js": pageModule() } },
    async ({ page }) => {
      const chromium = await page.evaluate(async () => {
        const load = (path: string) => import(path);
        const { hashes: inPage } = await load("/test/hashes.js");
        return (await inPage(await load("/dist/index.js"), ["here", "worker"])) as Record<string, string>;
      });
      assert.is(Object.keys(chromium).length, 2 * Object.keys(node).length);
      for (const [key, value] of Object.entries(chromium))
        assert.is(value, node[key.replace("/worker", "/here")], key);
    },
  );
});

test.after(closeBrowser);
test.run();
