/** Budgets of what a page loads, gzip -9, 1 kB = 1000 bytes. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

const BUDGETS: [file: string, kB: number][] = [
  ["core/core.wasm", 24],
  ["sonde-worker.js", 40],
  ["echo-viewer.min.js", 100],
];

for (const [file, kB] of BUDGETS)
  test(`${file} stays within ${kB} kB`, () => {
    const size = gzipSync(readFileSync(dist + file), { level: 9 }).length / 1000;
    console.log(`${file}: ${size.toFixed(1)} kB of ${kB}`);
    assert.ok(size <= kB, `${size} kB`);
  });

test("nothing of HDF5 is in what every page loads", () => {
  for (const [file] of BUDGETS.slice(1))
    assert.not(readFileSync(dist + file, "utf8").includes("H5Fopen"), file);
});

test.run();
