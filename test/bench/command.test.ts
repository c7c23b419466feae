/** `sonde bench` as a user runs it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseReport } from "../../bench/report.ts";
import { scratchFolder, sonde } from "../command.ts";
import { sampleReport } from "./sample-report.ts";

const folder = scratchFolder();

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test("--json prints a report with every ratio, and nothing else", async () => {
  const { code, stdout, stderr } = await sonde("bench", "--quick", "--json", "--only", "compress,fft");
  assert.is(code, 0, stderr);
  assert.is(stderr, "");
  const report = parseReport(stdout, "the output");
  assert.equal([...new Set(report.results.map(({ workload }) => workload))], ["compress", "fft"]);
  for (const { where, ratio, medianMs, pointsPerS, variant } of report.results) {
    assert.is(where, "node");
    assert.ok(medianMs > 0 && pointsPerS > 0, variant);
    assert.equal(Object.keys(ratio), ["js", "c", "cSimd", "cSteered"]);
  }
  const fft = report.results.find(({ workload, variant }) => workload === "fft" && variant === "1024");
  assert.ok(fft?.ratio.js, "fft.js is part of the build");
  assert.match(report.engine, process.versions.node);
});

test("--where page measures in a browser", async () => {
  const words = ["--quick", "--json", "--only", "compress", "--where", "page"];
  const { code, stdout, stderr } = await sonde("bench", ...words);
  assert.is(code, 0, stderr);
  const { engine, results } = parseReport(stdout, "the output");
  assert.match(engine, /Chrom/);
  for (const { where, medianMs, ratio, variant } of results) {
    assert.is(where, "page");
    assert.ok(medianMs > 0, variant);
    assert.ok(ratio.js, "straightforward JavaScript is measured in the page as well");
  }
});

test("a word that names nothing is refused with all that there are", async () => {
  for (const [words, ...expected] of [
    [["--only", "W9"], "--only W9", "W1, W2", "fft"],
    [["--where", "moon"], "--where moon", "node or page"],
    [["--fast"], "--fast"],
    [["compare"], "compare needs reports"],
  ] as [string[], ...string[]][]) {
    const { code, stderr, stdout } = await sonde("bench", ...words);
    assert.is(code, 2, stderr);
    assert.is(stdout, "");
    for (const word of expected) assert.match(stderr, word);
    assert.is(stderr.trim().split("\n").length, 1);
  }
});

test("compare puts reports side by side and says how many times longer the others took", async () => {
  const a = file("a.json", JSON.stringify(sampleReport("a laptop")));
  // As some editors and shells write it; what it says of the device is a stranger's.
  const b = file("b.json", `\ufeff${JSON.stringify(sampleReport("a \u001b[2Jphone", 4))}`);
  const { code, stdout } = await sonde("bench", "compare", a, b);
  assert.is(code, 0);
  assert.match(stdout, `A  ${a}: a laptop; Node 20.0.0`);
  assert.match(stdout, `B  ${b}: a ?[2Jphone; Node 20.0.0`);
  assert.match(stdout, /^W1 +steered +80\.0 +320 +4\.00$/m);
  assert.match(stdout, /^fir +49 taps +1\.50 +- +-$/m);
});

test("compare keeps apart what one report has of Node and of a page", async () => {
  const report = sampleReport("a laptop");
  const [steered, linear] = report.results;
  report.results = [steered, { ...steered, where: "page", medianMs: 120 }, linear];
  const both = file("both.json", JSON.stringify(report));
  const page = sampleReport("a phone", 4);
  for (const result of page.results) result.where = "page";
  const { stdout } = await sonde("bench", "compare", both, file("page.json", JSON.stringify(page)));
  assert.match(stdout, /^W1 +steered \(node\) +80\.0 +- +-$/m);
  assert.match(stdout, /^W1 +steered \(page\) +120 +320 +2\.67$/m);
  // What each report has of one place alone stands side by side.
  assert.match(stdout, /^W1 +linear +400 +1600 +4\.00$/m);
});

test("compare refuses what is no report, by name", async () => {
  const good = file("good.json", JSON.stringify(sampleReport("a laptop")));
  for (const [path, why] of [
    [file("broken.json", '{"device": '), "no JSON"],
    [file("other.json", '{"hello": 1}'), "no bench report"],
    [file("huge.json", " ".repeat(5_000_000)), "5.0 MB"],
    [join(folder, "absent.json"), "cannot be read"],
    [folder, "cannot be read"],
  ]) {
    const { code, stderr } = await sonde("bench", "compare", good, path);
    assert.is(code, 1);
    assert.match(stderr, path);
    assert.match(stderr, why);
    assert.is(stderr.trim().split("\n").length, 1);
  }
});

test.run();
