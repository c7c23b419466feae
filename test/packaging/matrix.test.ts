/** The packed package, through the bundlers people use and through none: each shows a first live picture. */
import { execFileSync } from "node:child_process";
import { copyFileSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { build as esbuild } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { rollup } from "rollup";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { build as vite } from "vite";
import webpack from "webpack";
import { BROWSER_FLAGS } from "../../bench/browser.ts";
import { closeBrowser, findBrowser } from "../web/browser.ts";
import { showsFirstPicture } from "./first-picture.ts";
import { filesOf, makeProject, type Project, packageFolder, root, tarball } from "./pack.ts";

/** The element, and an engine that asks for two threads. */
const MAIN = `import "sonde/echo-viewer";
import { connect, createEngine, simulated } from "sonde";
globalThis.threadsOfTwo = async () => {
  const probe = await connect(simulated({ array: "linear" }));
  const engine = await createEngine({ where: "worker", threads: 2 });
  const { threads } = (await engine.plan(probe.info, {})).report;
  engine.close();
  probe.close();
  return threads;
};
`;

/** The worker starts helpers of its own, whatever its file is called. */
async function makesThreads(page: Page): Promise<void> {
  const threads = await page.evaluate(() => Reflect.get(globalThis, "threadsOfTwo")());
  assert.is(threads.count, 2, threads.why);
}

const pageOf = (script: string, body = '<echo-viewer probe="simulated"></echo-viewer>') =>
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>App</title><link rel="icon" href="data:,">' +
  `<script type="module" src="${script}"></script></head><body>${body}</body></html>`;

/** Builds `main.js` in a project and looks at what comes out. */
async function inProject(work: (project: Project, out: string) => Promise<void>): Promise<void> {
  const project = makeProject();
  try {
    project.write("main.js", MAIN);
    await work(project, join(project.folder, "out"));
  } finally {
    project.remove();
  }
}

/** What a bundler that does not see `new URL(..., import.meta.url)` leaves to its user. */
const copyWorker = (project: Project, out: string) =>
  copyFileSync(join(project.folder, "node_modules/sonde/dist/sonde-worker.js"), join(out, "sonde-worker.js"));

const NO_WORKER = /404|sonde-worker/;

test("a plain script tag from a file server, one file and split", async () => {
  const files = filesOf(join(packageFolder(), "dist"));
  for (const script of ["/echo-viewer.min.js", "/cdn/echo-viewer.js"])
    await showsFirstPicture({ ...files, "/index.html": pageOf(script) });
});

test("scripts from another origin make their own workers, in a sandboxed frame too", async () => {
  const files = filesOf(join(packageFolder(), "dist"));
  const servers: Server[] = [];
  const serve = async (contentOf: (path: string) => Uint8Array | string | undefined): Promise<string> => {
    const server = createServer((request, response) => {
      const path = request.url ?? "/";
      const content = contentOf(path);
      response.writeHead(content ? 200 : 404, {
        "Content-Type": path.endsWith(".js") ? "text/javascript" : "text/html",
        "Access-Control-Allow-Origin": "*",
      });
      response.end(content);
    });
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const browser = await chromium.launch({ executablePath: findBrowser(), args: [...BROWSER_FLAGS] });
  try {
    const scripts = await serve((path) => files[path]);
    for (const file of ["echo-viewer.min.js", "cdn/echo-viewer.js"]) {
      const pages = await serve(() => pageOf(`${scripts}/${file}`));
      const page = await browser.newPage();
      await page.goto(pages);
      await page.waitForFunction(() => document.querySelector("echo-viewer")?.phase === "live");
      assert.ok(page.workers().length > 0, file);
      const frame = await serve((path) =>
        path === "/"
          ? '<!doctype html><iframe sandbox="allow-scripts" width="700" height="600" src="/page.html"></iframe>'
          : pageOf(`${scripts}/${file}`),
      );
      await page.goto(frame);
      const within = page.frames()[1];
      await within.waitForFunction(() => document.querySelector("echo-viewer")?.phase === "live");
      assert.ok(page.workers().length > 0, `${file} in a sandboxed frame`);
    }
  } finally {
    await browser.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  }
});

test("vite, which places the worker", () =>
  inProject(async (project, out) => {
    project.write("index.html", pageOf("/main.js"));
    await vite({ root: project.folder, logLevel: "error", build: { outDir: out, emptyOutDir: true } });
    await showsFirstPicture(filesOf(out), { also: makesThreads });
  }));

/** Larger files were made small by our own build; to do it again takes half a minute. */
const MINIFIED_BYTES = 1e6;

/** Has webpack take files of that size as they are. */
const asTheyAre: webpack.WebpackPluginInstance = {
  apply: (compiler) =>
    compiler.hooks.compilation.tap("as they are", (compilation) =>
      compilation.hooks.processAssets.tap(
        { name: "as they are", stage: webpack.Compilation.PROCESS_ASSETS_STAGE_OPTIMIZE },
        (assets) => {
          for (const [name, source] of Object.entries(assets))
            if (source.size() > MINIFIED_BYTES) compilation.updateAsset(name, source, { minimized: true });
        },
      ),
    ),
};

test("webpack, which places the worker", () =>
  inProject(async (project, out) => {
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      webpack(
        {
          mode: "production",
          context: project.folder,
          entry: "./main.js",
          // Its pieces are loaded through a policy of its own.
          output: { path: out, filename: "main.js", trustedTypes: { policyName: "webpack" } },
          resolve: {
            symlinks: false,
            modules: [join(project.folder, "node_modules"), join(root, "node_modules")],
          },
          performance: false,
          plugins: [asTheyAre],
        },
        (error, result) => (error ? reject(error) : resolve(result)),
      );
    });
    const { errors = [], warnings = [] } = stats?.toJson({ all: false, errors: true, warnings: true }) ?? {};
    assert.equal(
      [...errors, ...warnings].map(({ message }) => message),
      [],
    );
    await showsFirstPicture(
      { ...filesOf(out), "/index.html": pageOf("/main.js") },
      { also: makesThreads, framework: "webpack" },
    );
  }));

test("rollup, with the worker copied beside the bundle; without it the page's thread works", () =>
  inProject(async (project, out) => {
    const bundle = await rollup({
      input: join(project.folder, "main.js"),
      plugins: [nodeResolve({ browser: true })],
      onwarn: ({ message }) => {
        throw new Error(message);
      },
    });
    await bundle.write({ dir: out, format: "es" });
    await bundle.close();
    const page = { "/index.html": pageOf("/app/main.js") };
    await showsFirstPicture({ ...filesOf(out, "/app"), ...page }, { where: "here", expect: NO_WORKER });
    copyWorker(project, out);
    await showsFirstPicture({ ...filesOf(out, "/app"), ...page });
  }));

test("esbuild, with the worker copied beside the bundle; without it the page's thread works", () =>
  inProject(async (project, out) => {
    const { warnings } = await esbuild({
      absWorkingDir: project.folder,
      entryPoints: ["main.js"],
      bundle: true,
      minify: true,
      splitting: true,
      format: "esm",
      outdir: out,
      logLevel: "silent",
    });
    assert.equal(warnings, []);
    const page = { "/index.html": pageOf("/app/main.js") };
    await showsFirstPicture({ ...filesOf(out, "/app"), ...page }, { where: "here", expect: NO_WORKER });
    copyWorker(project, out);
    await showsFirstPicture({ ...filesOf(out, "/app"), ...page });
  }));

test("importing the element in Node does nothing and throws nothing", () =>
  inProject(async (project) => {
    project.write(
      "server.js",
      'import { EchoViewer } from "sonde/echo-viewer";\nimport * as sonde from "sonde";\n' +
        "console.log(typeof EchoViewer, typeof sonde.open, EchoViewer.observedAttributes.includes('src'), typeof document);\n",
    );
    const said = execFileSync(process.execPath, ["server.js"], { cwd: project.folder, encoding: "utf8" });
    assert.is(said, "function function true undefined\n");
  }));

test("publint finds nothing to say", async () => {
  const { publint } = await import("publint");
  const { formatMessage } = await import("publint/utils");
  const { messages, pkg } = await publint({ pkgDir: packageFolder(), level: "suggestion", pack: false });
  assert.equal(
    messages.map((message) => formatMessage(message, pkg as Record<string, unknown>)),
    [],
  );
});

test("the types resolve wherever ES modules do", () => {
  const said = execFileSync(
    process.execPath,
    [
      join(root, "node_modules/.bin/attw"),
      tarball(),
      "--profile",
      "esm-only",
      "--exclude-entrypoints",
      "custom-elements.json",
      "--no-emoji",
      "--no-color",
    ],
    { encoding: "utf8", cwd: root },
  );
  // It ends with an error where one of the resolutions that are asked for has a problem.
  for (const name of ["sonde", "sonde/echo-viewer"])
    assert.match(said, new RegExp(`"${name}"[^\\n]* OK \\(ESM\\) [^\\n]* OK `));
});

test("the package holds no test, and nothing of this computer", () => {
  const folder = packageFolder();
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  assert.equal(
    names.filter((name) => /(?:^|\/)(?:test|bench)\//.test(name)),
    [],
  );
  const { root: _root, ...texts } = { root, ...filesOf(join(folder, "dist")) };
  for (const [name, content] of Object.entries(texts))
    if (/\.(?:js|json|html)$/.test(name) && content instanceof Uint8Array)
      assert.not(Buffer.from(content).includes(root), name);
});

test.after(async () => {
  await closeBrowser();
});
test.run();
