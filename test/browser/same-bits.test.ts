/** The same input and pipeline give the same bytes in Node and in Chromium, on the page's thread and in a worker. */

import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import type { Page } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { watchingKernels } from "../kernel-counter.ts";
import { closeBrowser, onStage } from "../web/browser.ts";
import { hashes } from "./hashes.ts";

const dist = new URL("../../dist/index.js", import.meta.url).href;

type Sonde = typeof import("../../host/index.ts");

let computed: Promise<Record<string, string>> | undefined;

/** What one thread computes in Node: all else must be the same. */
function inNode(sonde: Sonde): Promise<Record<string, string>> {
  computed ??= hashes(sonde, ["here"]);
  return computed;
}

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
  const sonde = (await import(dist)) as Sonde;
  const { first, idle } = await watchingKernels(async ({ calls }) => {
    const result = await hashes(sonde, ["here", "worker"]);
    return {
      first: result,
      idle: [...calls].filter(([, count]) => count === 0).map(([name]) => name),
    };
  });
  assert.equal(idle, INNER);
  const second = await inNode(sonde);
  for (const [key, value] of Object.entries(second)) assert.is(value, first[key], key);
  for (const [key, value] of Object.entries(first))
    assert.is(value, first[key.replace("/worker", "/here")], key);
  const pictures = new Set(Object.values(first));
  assert.ok(pictures.size >= 40, `${pictures.size} different pictures`);
});

/** What a page computes, in the same order as in Node. */
function inPage(page: Page, places: readonly ("here" | "worker")[], threads: number, restMs = 0) {
  return page.evaluate(
    async ([where, count, rest]) => {
      const load = (path: string) => import(path);
      const { hashes: compute } = await load("/test/hashes.js");
      return (await compute(await load("/dist/index.js"), where, count, rest)) as Record<string, string>;
    },
    [places, threads, restMs] as const,
  );
}

function same(found: Record<string, string>, expected: Record<string, string>, what: string): void {
  assert.is(Object.keys(found).length % Object.keys(expected).length, 0, what);
  for (const [key, value] of Object.entries(found))
    assert.is(value, expected[key.replace("/worker", "/here")], `${key}, ${what}`);
}

test("Chromium gives the bytes that Node gives, on its page's thread and in a worker", async () => {
  const sonde = (await import(dist)) as Sonde;
  const node = await inNode(sonde);
  await onStage(
    { body: "<p>Same bits</p>", extra: { "/test/hashes.js": pageModule() } },
    async ({ page }) => {
      const chromium = await inPage(page, ["here", "worker"], 1);
      assert.is(Object.keys(chromium).length, 2 * Object.keys(node).length);
      same(chromium, node, "Chromium");
    },
  );
});

test("2, 3 and 5 threads give the bytes of one, in a memory they share and in one each, in Node and in Chromium", async () => {
  const sonde = (await import(dist)) as Sonde;
  const one = await inNode(sonde);
  // Each number in a memory of either kind, in Node or in Chromium; each kind in both of them.
  same(await hashes(sonde, ["here"], 2), one, "Node, 2 shared");
  same(await hashes(sonde, ["worker"], 3), one, "Node, 3 shared, worker");
  const { SharedArrayBuffer: known } = globalThis;
  Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
  try {
    for (const threads of [2, 5])
      same(await hashes(sonde, ["here"], threads), one, `Node, ${threads} private`);
  } finally {
    globalThis.SharedArrayBuffer = known;
  }
  // A page each: a browser gives the memories of closed plans back late, and has room for some hundred of them. Where a busy machine
  // is later still, once more in a new page, with a rest behind each plan.
  const inOwnPage = async (isolated: boolean, threads: number, restMs = 0): Promise<void> => {
    try {
      await onStage(
        { body: "<p>Same bits</p>", extra: { "/test/hashes.js": pageModule() }, isolated },
        async ({ page }) => {
          assert.is(await page.evaluate(() => crossOriginIsolated), isolated);
          same(
            await inPage(page, [threads === 3 ? "here" : "worker"], threads, restMs),
            one,
            `Chromium, ${threads} threads, ${isolated ? "shared" : "private"}`,
          );
        },
      );
    } catch (error) {
      if (restMs >= 500 || !/for the plan could not be had/.test(String(error))) throw error;
      await inOwnPage(isolated, threads, 5 * restMs || 100);
    }
  };
  await inOwnPage(true, 5);
  await inOwnPage(false, 3);
});

test.after(closeBrowser);
test.run();
