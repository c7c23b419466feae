/**
 * Runs every *.test.ts below test/, a few files at a time, and ends with `N passed, N failed`. A file that runs no test, or
 * that ends before reporting, counts as a failure: uvu alone would call it green.
 */
import { spawn } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { asJavaScript } from "./as-javascript.ts";
import { findBrowser } from "./web/browser.ts";

/** A file that takes longer hangs. */
const GUARD_MS = 5 * 60_000;

const folder = fileURLToPath(new URL(".", import.meta.url));

function testFiles(): string[] {
  const wanted = process.argv.slice(2);
  const all = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".test.ts"))
    .sort();
  return wanted.length ? all.filter((path) => wanted.some((word) => path.includes(word))) : all;
}

const withBrowser = (path: string): boolean => /^(?:web|browser|packaging)\//.test(path);

interface Outcome {
  passed: number;
  failed: number;
}

function runFile(path: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const started = Date.now();
    const child = spawn(process.execPath, ["--import", `${folder}loader.mjs`, `${folder}${path}`], {
      env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1", SONDE_JAVASCRIPT: javascript },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => (text += chunk));
    child.stderr.on("data", (chunk) => (text += chunk));
    const guard = setTimeout(() => child.kill("SIGKILL"), GUARD_MS);
    child.on("close", (code, signal) => {
      clearTimeout(guard);
      let total = 0;
      let passed = 0;
      for (const match of text.matchAll(/Total: +(\d+)\s+Passed: +(\d+)/g)) {
        total += Number(match[1]);
        passed += Number(match[2]);
      }
      let failed = total - passed;
      let why = "";
      if (total === 0) why = `ran no test (exit ${code ?? signal})`;
      else if (code !== 0 && failed === 0) why = `exited with ${code ?? signal} after its tests`;
      if (why) failed++;
      const notes = [...new Set(text.match(/^.*skipped: .*$/gm) ?? [])];
      console.log(
        `${failed ? "FAIL" : "ok  "} ${path}: ${passed} passed${failed ? `, ${failed} failed ${why}` : ""} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
      );
      for (const note of notes) console.log(`     ${note.trim()}`);
      if (failed) console.log(text.replace(/^/gm, "     | "));
      resolve({ passed, failed });
    });
  });
}

const files = testFiles();
const javascript = await asJavaScript();
const sum: Outcome = { passed: 0, failed: 0 };
// Once, before two files at a time would both install it.
if (files.some(withBrowser)) console.log(`browser: ${findBrowser()}`);
if (files.length === 0) {
  console.log(`no test file matches ${process.argv.slice(2).join(" ")}`);
  sum.failed = 1;
}

/** Runs these files one after the other. */
async function runAll(queue: string[]): Promise<void> {
  for (let path = queue.shift(); path; path = queue.shift()) {
    const outcome = await runFile(path);
    sum.passed += outcome.passed;
    sum.failed += outcome.failed;
  }
}

// Files with more tests take longer: begun last, one of them would go on alone.
const sizeOf = (path: string): number => statSync(folder + path).size;
files.sort((a, b) => sizeOf(b) - sizeOf(a));
// Pages wait as long as they compute: beside two of them, two cores have time for a file without one.
const pages = files.filter(withBrowser);
const others = files.filter((path) => !withBrowser(path));
const lanes = availableParallelism() > 1 ? [pages, pages, others] : [pages];
await Promise.all(
  lanes.map(async (queue) => {
    await runAll(queue);
    await runAll(queue === others ? pages : others);
  }),
);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exit(sum.failed ? 1 : 0);
