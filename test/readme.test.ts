/** The README's examples, run as they stand. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { scratchFolder, sonde } from "./command.ts";
import { closeBrowser, onStage } from "./web/browser.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const readme = readFileSync(`${root}README.md`, "utf8");

function block(language: string): string {
  const found = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme);
  if (!found) throw new Error(`README has no ${language} example`);
  return found[1];
}

test("the Node example writes a picture", () => {
  const folder = scratchFolder();
  mkdirSync(`${folder}/node_modules`);
  symlinkSync(root, `${folder}/node_modules/sonde`);
  writeFileSync(`${folder}/example.mjs`, block("js"));
  execFileSync(process.execPath, ["example.mjs"], { cwd: folder, timeout: 30_000 });
  const png = readFileSync(`${folder}/convex.png`);
  assert.is(png.toString("latin1", 1, 4), "PNG");
  assert.ok(png.length > 20_000, `${png.length} bytes`);
});

test("the page example shows a live picture", async () => {
  const script = readFileSync(`${root}dist/echo-viewer.min.js`);
  const body = /<body>([\s\S]*?)<\/body>/.exec(block("html"))?.[1] ?? "";
  assert.match(block("html"), '<script type="module" src="echo-viewer.min.js">');
  await onStage({ body, extra: { "/echo-viewer.min.js": script } }, async ({ page }) => {
    await page.waitForFunction(() => document.querySelector("echo-viewer")?.phase === "live", undefined, {
      timeout: 15_000,
    });
  });
});

test("every file the README and its manuals link to exists", () => {
  for (const page of ["README.md", "host/README.md", "web/README.md", "bench/README.md"]) {
    const folder = page.includes("/") ? page.slice(0, page.lastIndexOf("/") + 1) : "";
    for (const [, target] of readFileSync(root + page, "utf8").matchAll(/\]\(([^)#]+)\)/g))
      assert.ok(/^https?:/.test(target) || existsSync(root + folder + target), `${page}: ${target}`);
  }
});

test("the commands of the README exist", async () => {
  const commands = [...readme.matchAll(/^npx sonde (\w+)/gm)].map(([, command]) => command);
  assert.equal(
    [...new Set(commands)],
    ["info", "image", "beamform", "serve", "record", "openigtlink", "probe", "bench"],
  );
  for (const command of commands) {
    const { code, stdout } = await sonde(command, "--help");
    assert.is(code, 0);
    assert.match(stdout, `sonde ${command}`);
  }
});

test.after(closeBrowser);
test.run();
