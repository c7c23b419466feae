/** Sizes of what a page loads, against their budgets. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { closeBrowser } from "../web/browser.ts";
import { report, weighAll } from "./sizes.ts";

test("everything a page loads stays within its budget", async () => {
  const all = await weighAll();
  console.log(report(all));
  for (const { what, gzipKB, kB } of all) assert.ok(gzipKB <= kB, `${what}: ${gzipKB} kB of ${kB}`);
});

test("the first live picture needs no reader, no second path and no feature", async () => {
  const [{ files }] = await weighAll();
  assert.ok(files.length <= 16, `${files.length} files`);
  for (const file of files)
    assert.not(/slower|open|mat|npy|uff|feature|ensembles|walking|stored/.test(file), file);
});

test.after(closeBrowser);
test.run();
