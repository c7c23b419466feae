/** The rules of the house, checked on the sources: who imports whom, no `any`, the public surface, what the built files contain. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("../", import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(folder, path));
}

/** Relative modules a file imports, statically or not, as paths from the root. */
function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  const found = text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g);
  return [...found].map(([, target]) => normalize(join(dirname(path), target)));
}

const withoutComments = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");

test("the core imports nothing outside itself", () => {
  for (const path of sources("assembly"))
    for (const target of importsOf(path))
      assert.ok(target.startsWith("assembly/"), `${path} imports ${target}`);
});

test("the host imports only the host, and knows the core through core/ alone", () => {
  for (const path of sources("host"))
    for (const target of importsOf(path)) {
      assert.ok(target.startsWith("host/"), `${path} imports ${target}`);
      const core = ["host/core/bytes.ts", "host/core/exports.d.ts"].includes(target);
      assert.ok(!core || path === "host/core/binding.ts", `${path} imports ${target}`);
    }
});

test("the web imports only the web and the host's public API", () => {
  for (const path of sources("web"))
    for (const target of importsOf(path))
      assert.ok(target.startsWith("web/") || target === "host/index.ts", `${path} imports ${target}`);
});

test("nothing imports the bench but itself and the tests", () => {
  for (const path of [...sources("assembly"), ...sources("host"), ...sources("web")])
    for (const target of importsOf(path))
      assert.not(target.startsWith("bench/"), `${path} imports ${target}`);
});

test("the host knows no DOM", () => {
  for (const path of sources("host"))
    assert.not(
      /\b(?:document|window|HTMLElement|customElements)\b[.(]/.test(readFileSync(join(root, path), "utf8")),
      path,
    );
});

test("node: modules are reached by dynamic import outside the command line", () => {
  for (const path of sources("host").filter((file) => !file.startsWith("host/cli/")))
    assert.not(/^import[^(]*from "node:/m.test(readFileSync(join(root, path), "utf8")), path);
});

/** Files of the host that may use the engine's own functions, and why their last bits do no harm. */
const INEXACT: Readonly<Record<string, string>> = {
  "host/engine/f-number.ts": "the result is rounded to four digits",
  "host/engine/picture-stage.ts": "the bounding box is rounded to 0.1 um",
};

test("what decides geometry or pixels uses functions with the same bits in every engine", () => {
  const inexact = /Math\.(?:a?sinh?|a?cosh?|a?tanh?|atan2|hypot|expm?1?|pow|log(?:2|10|1p)?|cbrt)\b/;
  // Powers are exact only of two.
  const power = /(?<!\b2) \*\* |\b2 \*\* (?![\dA-Z])/;
  for (const path of sources("host")) {
    const code = withoutComments(readFileSync(join(root, path), "utf8"));
    assert.is(inexact.test(code), path in INEXACT, `${path}: use host/geometry/exact.ts`);
    assert.not(power.test(code), `${path}: multiply instead of **`);
  }
});

test("no type is any", () => {
  for (const path of ["assembly", "host", "web", "bench"].flatMap((folder) =>
    readdirSync(root).includes(folder) ? sources(folder) : [],
  ))
    assert.not(/(?::|\bas|<) *any\b/.test(withoutComments(readFileSync(join(root, path), "utf8"))), path);
});

test("every test file runs", () => {
  for (const path of sources("test").filter((file) => file.endsWith(".test.ts")))
    assert.match(readFileSync(join(root, path), "utf8"), /\.run\(\)/, path);
});

test("the public API is what it was", async () => {
  const api = (await import("../host/index.ts")) as Record<string, unknown>;
  assert.equal(
    Object.entries(api)
      .map(([name, value]) => `${name}: ${typeof value}`)
      .sort(),
    [
      "ADJUSTABLE: object",
      "ARITHMETICS: object",
      "BEAMFORM_PATHS: object",
      "CLUTTER_METHODS: object",
      "COLUMNS: object",
      "COMPOUNDS: object",
      "GREY_MAPS: object",
      "INTERPOLATIONS: object",
      "LINE_FIELDS: number",
      "PROTOCOLS: object",
      "SAMPLE_TYPES: object",
      "SIGNALS: object",
      "SPECKLE_METHODS: object",
      "SondeError: function",
      "TRANSMIT_MODELS: object",
      "WINDOWS: object",
      "adjustmentsOf: function",
      "autoGain: function",
      "connect: function",
      "createEngine: function",
      "createFeed: function",
      "createRecorder: function",
      "elementCount: function",
      "fileSink: function",
      "greyPalette: function",
      "isSondeError: function",
      "jsonOfPng: function",
      "lineCount: function",
      "loadModule: function",
      "memorySink: function",
      "open: function",
      "pipelineOfPng: function",
      "protocolOf: function",
      "replay: function",
      "samplesPerFrame: function",
      "simulated: function",
      "toNpy: function",
      "toPng: function",
      "toSonde: function",
      "toUff: function",
    ],
  );
});

test("importing the library in Node starts nothing and needs no browser", async () => {
  const before = process.getActiveResourcesInfo().length;
  await import(join(root, "dist/index.js"));
  assert.is(process.getActiveResourcesInfo().length, before);
});

test("the core uses no relaxed SIMD and allocates nothing", () => {
  for (const path of sources("assembly")) {
    const text = readFileSync(join(root, path), "utf8");
    assert.not(/relaxed_/.test(text), path);
    assert.not(/\bnew [A-Z]|heap\.alloc|__new/.test(text), path);
  }
});

test.run();
