/** The recipes for frameworks, built by vite and operated: a live picture, an event heard, a property set. */
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { build } from "vite";
import { closeBrowser } from "../web/browser.ts";
import { showsFirstPicture } from "./first-picture.ts";
import { filesOf, makeProject, root } from "./pack.ts";

interface Recipe {
  framework: string;
  entry: string;
  /** Packages that the app or its configuration imports. */
  packages: readonly string[];
  /** Element that the framework mounts on. */
  mount?: string;
  /** Its Trusted Types policy, or `eval`. */
  policy?: string;
}

const RECIPES: readonly Recipe[] = [
  { framework: "react", entry: "main.jsx", packages: ["react", "react-dom"] },
  { framework: "vue", entry: "main.js", packages: ["vue", "@vitejs/plugin-vue"], policy: "vue" },
  {
    framework: "svelte",
    entry: "main.js",
    packages: ["svelte", "@sveltejs/vite-plugin-svelte"],
    policy: "svelte-trusted-html",
  },
  {
    framework: "angular",
    entry: "main.js",
    packages: ["@angular/core", "@angular/compiler", "@angular/common", "@angular/platform-browser", "rxjs"],
    mount: "<app-root></app-root>",
    policy: "eval",
  },
];

for (const { framework, entry, packages, mount = '<div id="app"></div>', policy } of RECIPES)
  test(`${framework} shows a live picture, hears the viewer and freezes it`, async () => {
    const project = makeProject(packages);
    try {
      cpSync(join(root, "web/recipes", framework), project.folder, { recursive: true });
      project.write(
        "index.html",
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,">' +
          `<script type="module" src="/${entry}"></script></head><body>${mount}</body></html>`,
      );
      const out = join(project.folder, "out");
      await build({
        root: project.folder,
        logLevel: "error",
        resolve: { preserveSymlinks: false },
        build: { outDir: out },
      });
      await showsFirstPicture(filesOf(out), {
        framework: policy,
        also: async (page) => {
          const until = (what: string, seen: () => boolean) =>
            page.waitForFunction(seen).catch(() => assert.unreachable(`not seen: ${what}`));
          await until("what the viewer said", () =>
            /linear/i.test(document.querySelector("output")?.textContent ?? ""),
          );
          await page.evaluate(() => document.querySelector<HTMLElement>("echo-viewer ~ button")?.click());
          await until("freezing", () => document.querySelector("echo-viewer")?.phase === "frozen");
          // The viewer's own key, and the framework follows.
          await page.locator("echo-viewer .base").focus();
          await page.keyboard.press("Space");
          await until("the button", () =>
            /Freeze/.test(document.querySelector("echo-viewer ~ button")?.textContent ?? ""),
          );
          await until("running on", () => document.querySelector("echo-viewer")?.phase === "live");
        },
      });
    } finally {
      project.remove();
    }
  });

test.after(closeBrowser);
test.run();
