// Builds everything into dist/: the core (asc), the library, the command line, the workers, what file servers and CDNs offer,
// the element's manifest and the pages. `node esbuild.config.mjs core` builds the core alone.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { deflateSync } from "node:zlib";

const root = fileURLToPath(new URL(".", import.meta.url));
const out = `${root}dist/`;
const require = createRequire(import.meta.url);

function writeIfChanged(path, text) {
  if (!existsSync(path) || readFileSync(path, "utf8") !== text) writeFileSync(path, text);
}

/**
 * Where the core's import section holds the flags of its memory's limits (WebAssembly core specification 5.5.5): 1, it has a
 * maximum. The host sets the bit of shared memory there (host/core/binding.ts). Throws for a module that imports anything else.
 */
function memoryFlagsAt(wasm) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const start = at + 1;
    at = start + wasm[at];
    return wasm.toString("latin1", start, at);
  };
  // Sections: a number, a size, so many bytes. Imports are the second kind.
  while (at < wasm.length && wasm[at++] !== 2) {
    const size = number();
    at += size;
  }
  number();
  const [imports, module, field, kind, flags] = [number(), text(), text(), wasm[at++], wasm[at]];
  if (`${[imports, module, field, kind, flags]}` !== "1,env,memory,2,1")
    throw new Error(
      `The core must import env.memory with a maximum and nothing else: ${[imports, module, field, kind, flags]}`,
    );
  return at;
}

/**
 * assembly/ -> core.wasm -> host/core/bytes.ts: the bytes as text, so that there is no path to configure. Deflated first: a server's
 * gzip finds little to save in the text of plain bytes.
 */
function buildCore() {
  mkdirSync(`${out}core`, { recursive: true });
  const asc = require.resolve("assemblyscript/bin/asc.js");
  execFileSync(process.execPath, [asc, "--config", `${root}asconfig.json`, "--target", "release"], {
    cwd: root,
    stdio: "inherit",
  });
  const wasm = readFileSync(`${out}core/core.wasm`);
  const deflated = deflateSync(wasm, { level: 9 });
  const text =
    "// Made by esbuild.config.mjs from assembly/.\n" +
    `const text = "${deflated.toString("base64")}";\n\n` +
    `/** Where its bytes say of what kind the memory is. */\nexport const MEMORY_FLAGS_AT = ${memoryFlagsAt(wasm)};\n\n` +
    "/** Natively where the browser can: calls of a function for each byte took 10 ms of the first picture's time. */\n" +
    "function fromBase64(base64: string): Uint8Array<ArrayBuffer> {\n" +
    "  const native = Uint8Array as unknown as { fromBase64?(base64: string): Uint8Array<ArrayBuffer> };\n" +
    "  if (native.fromBase64) return native.fromBase64(base64);\n" +
    "  const letters = atob(base64);\n  const bytes = new Uint8Array(letters.length);\n" +
    "  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);\n  return bytes;\n}\n\n" +
    "/** The compiled core. */\nexport async function coreBytes(): Promise<Uint8Array<ArrayBuffer>> {\n" +
    "  const deflated = fromBase64(text);\n" +
    '  const stream = new Blob([deflated]).stream().pipeThrough(new DecompressionStream("deflate"));\n' +
    `  const bytes = new Uint8Array(${wasm.length});\n` +
    "  // Node loads all that fetches for a Response.\n" +
    "  const reader = stream.getReader();\n" +
    "  let at = 0;\n" +
    "  for (let part = await reader.read(); !part.done; part = await reader.read()) {\n" +
    "    bytes.set(part.value, at);\n    at += part.value.length;\n  }\n  return bytes;\n}\n";
  writeIfChanged(`${root}host/core/bytes.ts`, text);
  // asc's own declarations of the exports become the type of the kernels.
  const exports = readFileSync(`${out}core/core.d.ts`, "utf8").match(/(?<=export )function [^;]+;/g) ?? [];
  writeIfChanged(
    `${root}host/core/exports.d.ts`,
    `// Made by esbuild.config.mjs from assembly/.\n${exports.map((line) => `export declare ${line.replace(/\s+/g, " ")}`).join("\n")}\n`,
  );
}

const coreOnly = process.argv[2] === "core";
buildCore();
if (coreOnly) process.exit(0);

const { build } = await import("esbuild");
const { buildCdn } = await import("./web/build/cdn.mjs");
const { manifestOf } = await import("./web/build/manifest.mjs");
const { buildSite } = await import("./web/build/site.mjs");

/**
 * Minifiers leave template literals as they are: the element's styles lose their comments here, and what space CSS does not need. It
 * needs that before a colon, which a selector may have, and that around an expression.
 */
const compactCss = (source) =>
  source.replace(/css`[^`]*`/g, (css) =>
    css
      .replace(/\/\*[\s\S]*?\*\//g, "")
      .replace(/\s+/g, " ")
      .replace(
        /(\$\{[^}]*\})| ?([{};,]) ?|(:) /g,
        (_, expression = "", mark = "", colon = "") => expression + mark + colon,
      )
      .replaceAll(";}", "}"),
  );

const STYLES = /[\\/]styles(?:\.ts|[\\/][\w-]+\.ts)$/;

/** In HTML a new line is as good as one with indentation. */
const compactTemplates = (source) => source.replace(/\n\s+/g, "\n");

const VIEWER = /[\\/]web[\\/]echo-viewer[\\/].+\.ts$/;

/** A source of the viewer with the text of its templates as short as it can be. */
const compacted = (path) => {
  const source = readFileSync(path, "utf8");
  return STYLES.test(path) ? compactCss(source) : compactTemplates(source);
};

const compact = {
  name: "compact",
  setup({ onLoad }) {
    onLoad({ filter: VIEWER }, ({ path }) => ({ loader: "ts", contents: compacted(path) }));
  },
};

/**
 * What only recordings, exports and devices need is beside the single file, which loads it with the first one: readers, writers and
 * protocols, and what makes pictures of lines, of beamformed data and of focused transmits. It has copies of what it shares with the
 * single file, none of which keep state.
 */
const readersApart = {
  name: "readers-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) =>
      kind === "dynamic-import" &&
      /\/host\/(?:formats|protocols)\/|\/(?:stored-imagers|walking-parts)\.ts$/.test(join(resolveDir, path))
        ? { path: "./readers.js", external: true }
        : undefined,
    );
  },
};

/** What is for pages alone leaves out what only Node does. */
const withoutNode = (source) => source.replaceAll("inNode()", "false");

const pagesOnly = {
  name: "pages-only",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]host[\\/][^.]+\.ts$/ }, ({ path }) =>
      path.endsWith("platform.ts")
        ? undefined
        : { loader: "ts", contents: withoutNode(readFileSync(path, "utf8")) },
    );
  },
};

/**
 * What the features of the viewer share with the single file when they lie beside it: there may be one Lit only (a second one
 * could not make its Trusted Types policy), and one host. A feature that uses another name adds it here.
 */
const SHARED = {
  lit: ["css", "html", "nothing", "svg"],
  "lit/directives/live.js": ["live"],
  host: [
    "GREY_MAPS",
    "LINE_FIELDS",
    "PROTOCOLS",
    "SPECKLE_METHODS",
    "SondeError",
    "WINDOWS",
    "elementCount",
    "greyPalette",
    "isSondeError",
    "jsonOfPng",
    "lineCount",
    "loadModule",
    "pipelineOfPng",
    "toPng",
    "toSonde",
    "toUff",
  ],
};

/** Names of the host that features take from elsewhere: the file for devices, or a copy of their own of what depends on nothing. */
const APART = {
  host: 'export { createRecorder } from "./live.js"; export { adjustmentsOf } from "./host/adjustments.ts"; export { autoGain } from "./host/auto-gain.ts";',
};

/** In the single file: the names that features take from it. */
const sharedNames = {
  name: "shared-names",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^sonde:shared$/ }, ({ path }) => ({ path, namespace: "shared" }));
    onLoad({ filter: /.*/, namespace: "shared" }, () => ({
      resolveDir: root,
      contents: Object.entries(SHARED)
        .map(([from, names]) => `export { ${names} } from "${from === "host" ? "./host/index.ts" : from}";`)
        .join("\n"),
    }));
    onResolve({ filter: /\/features\/[\w-]+\/index\.ts$|^\.\/[\w-]+\/index\.ts$/ }, ({ kind, path }) => {
      const name = /([\w-]+)\/index\.ts$/.exec(path)?.[1];
      return kind === "dynamic-import" ? { path: `./feature-${name}.js`, external: true } : undefined;
    });
    onResolve({ filter: /^\.\/[a-z]{2}\.ts$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path: `./language-${path.slice(2, -3)}.js`, external: true } : undefined,
    );
  },
};

/** In a feature beside the single file: Lit and the host are the single file's. */
const fromSingleFile = {
  name: "from-single-file",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^lit(?:\/|$)/ }, ({ path }) => ({ path, namespace: "from-single-file" }));
    onResolve({ filter: /\/host\/index\.ts$/ }, () => ({ path: "host", namespace: "from-single-file" }));
    onResolve({ filter: /^\.\/(?:echo-viewer\.min|live)\.js$/ }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /.*/, namespace: "from-single-file" }, ({ path }) => ({
      resolveDir: root,
      contents: `import { shared } from "./echo-viewer.min.js";\nexport const { ${SHARED[path] ?? ""} } = shared;\n${APART[path] ?? ""}`,
    }));
  },
};

/** Features of the viewer: each folder with an `index.ts`. */
const features = readdirSync(`${root}web/echo-viewer/features`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** What only devices need is beside the single file, which loads it with the first one. */
const devicesApart = {
  name: "devices-apart",
  setup({ onResolve }) {
    onResolve({ filter: /\/live\/connect\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./live.js", external: true } : undefined,
    );
  },
};
/** Languages other than English: a file each. */
const languages = readdirSync(`${root}web/echo-viewer/languages`).filter((file) =>
  /^[a-z]{2}\.ts$/.test(file),
);

const common = {
  plugins: [compact],
  absWorkingDir: root,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  metafile: true,
  define: { SONDE_BUILT: "true" },
  logLevel: "warning",
  tsconfigRaw: {
    compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false, target: "ES2022" },
  },
};

const version = JSON.stringify(JSON.parse(readFileSync(`${root}package.json`, "utf8")).version);

const builds = await Promise.all([
  // The library: ESM, its dependencies external, heavy parts as chunks that load when used.
  build({
    ...common,
    minify: false,
    splitting: true,
    outdir: out,
    entryPoints: { index: "host/index.ts", "echo-viewer": "web/index.ts" },
    external: ["lit", "lit/*", "node:*", "ws"],
  }),
  // Workers for the library: self-contained, because bundlers that place such files rename them.
  build({
    ...common,
    outdir: out,
    entryPoints: { "sonde-worker": "host/worker/main.ts", "hdf5-worker": "host/formats/hdf5/worker.ts" },
    external: ["node:*"],
  }),
  // Beside the single file.
  build({
    ...common,
    outfile: `${out}readers.js`,
    stdin: {
      contents: [
        "./host/formats/index.ts",
        "./host/engine/stored-imagers.ts",
        "./host/engine/paths/steered/walking-parts.ts",
      ]
        .map((path) => `export * from "${path}";`)
        .join("\n"),
      resolveDir: root,
    },
    plugins: [pagesOnly],
    external: ["node:*"],
  }),
  // Beside the single file, for devices.
  build({
    ...common,
    outfile: `${out}live.js`,
    entryPoints: ["host/live/index.ts"],
    plugins: [pagesOnly],
    external: ["node:*", "ws"],
  }),
  // The command line: Node, self-contained but for node:.
  build({
    ...common,
    minify: false,
    outfile: `${out}cli.js`,
    entryPoints: ["host/cli/main.ts"],
    platform: "node",
    define: { ...common.define, SONDE_VERSION: version },
    // The package ws asks for node: modules by require(), and for two of its own that may be absent.
    external: ["bufferutil", "utf-8-validate"],
    banner: {
      js: '#!/usr/bin/env node\nimport { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  }),
  // One file for a script tag. It is its own worker, so that there is no second file to place: in a worker it takes the
  // worker's part, in a page it registers the element.
  build({
    ...common,
    outfile: `${out}echo-viewer.min.js`,
    stdin: {
      contents:
        'export let shared; if (globalThis.WorkerGlobalScope) import("./host/worker/main.ts"); else { await import("./web/cdn.ts"); shared = await import("sonde:shared"); }',
      resolveDir: root,
    },
    define: { ...common.define, SONDE_SINGLE_FILE: "true" },
    plugins: [compact, readersApart, devicesApart, pagesOnly, sharedNames],
    external: ["node:*"],
  }),
  // What the single file loads when it is used.
  ...(features.length
    ? [
        build({
          ...common,
          outdir: out,
          entryPoints: Object.fromEntries([
            ...features.map((name) => [`feature-${name}`, `web/echo-viewer/features/${name}/index.ts`]),
            ...languages.map((file) => [
              `language-${file.slice(0, -3)}`,
              `web/echo-viewer/languages/${file}`,
            ]),
          ]),
          plugins: [compact, fromSingleFile],
          // Modules are always read as UTF-8.
          charset: "utf8",
          external: ["node:*"],
        }),
      ]
    : []),
  // The bench: what `sonde bench` runs, and its page.
  build({
    ...common,
    minify: false,
    outfile: `${out}bench.js`,
    entryPoints: ["bench/main.ts"],
    platform: "node",
    define: { ...common.define, SONDE_VERSION: version },
  }),
  build({
    ...common,
    outdir: out,
    entryPoints: { "bench-page": "bench/page/page.ts", "bench-worker": "bench/page/worker.ts" },
    external: ["node:*"],
    define: { ...common.define, SONDE_VERSION: version },
  }),
]);

const { target, tsconfigRaw, define } = common;
const cdn = await buildCdn(
  root,
  `${out}cdn`,
  (path, source) => {
    if (VIEWER.test(path)) return compacted(path);
    if (path.endsWith("platform.ts")) return source;
    // The folder has no HDF5 worker of its own.
    return withoutNode(source).replace('"./hdf5-worker.js"', '"../hdf5-worker.js"');
  },
  { target, tsconfigRaw, define, legalComments: "none" },
);

const manifest = manifestOf(
  readFileSync(`${root}web/echo-viewer/echo-viewer.ts`, "utf8"),
  "dist/echo-viewer.js",
);
writeFileSync(`${out}custom-elements.json`, JSON.stringify(manifest, undefined, 2));

// What an earlier build left and this one did not write again goes; nothing is deleted before all of it is built.
const kept = new Set([
  ...builds.flatMap(({ metafile }) => Object.keys(metafile.outputs)),
  ...cdn.map((name) => `dist/cdn/${name}`),
  "dist/custom-elements.json",
]);
for (const folder of ["dist", "dist/cdn"])
  for (const entry of readdirSync(`${root}${folder}`, { withFileTypes: true }))
    if (entry.isFile() && !kept.has(`${folder}/${entry.name}`)) rmSync(`${root}${folder}/${entry.name}`);
rmSync(`${out}pages`, { recursive: true, force: true });
cpSync(`${root}web/pages`, `${out}pages`, { recursive: true });
for (const file of ["bench.html", "bench.css"]) cpSync(`${root}bench/page/${file}`, `${out}pages/${file}`);
await buildSite(root, `${out}site`, { ...common, minify: false });
