// Builds dist/cdn/: the element and its worker for file servers and CDNs, minified, Lit inside. What the first live picture does not
// need is loaded when it is used. Rollup does it because it leaves few, large files, which compress better: it knows that what a
// chunk's importer has loaded is there (esbuild 0.28 splits by entry alone: 28 files for the first picture).
//
// Page and worker are built apart, so that each begins with a single file. Sharing what both need costs a round trip more before the
// worker runs, about a fifth of the first picture's time on a local server, and saves 1.6 kB (gzip -9).
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { transform } from "esbuild";
import { rollup } from "rollup";

/** TypeScript to JavaScript, as `edit` changes it before: `(path, source) => source`. */
function typescript(edit, options) {
  return {
    name: "typescript",
    async transform(source, path) {
      if (!path.endsWith(".ts")) return null;
      const { code } = await transform(edit(path, source), { ...options, loader: "ts", minify: false });
      return { code, map: null };
    },
  };
}

const minify = (options) => ({
  name: "minify",
  async renderChunk(source) {
    const { code } = await transform(source, { ...options, loader: "js", minify: true });
    return { code, map: null };
  },
});

/** Returns the names of the files it wrote. `edit`: changes sources before they are compiled; `options`: of esbuild's transform. */
export async function buildCdn(root, folder, edit, options) {
  const names = new Set();
  for (const [name, entry] of [
    ["echo-viewer", "web/index.ts"],
    ["sonde-worker", "host/worker/main.ts"],
  ]) {
    const bundle = await rollup({
      input: { [name]: root + entry },
      external: /^node:/,
      preserveEntrySignatures: "allow-extension",
      plugins: [
        typescript(edit, options),
        nodeResolve({ browser: true, exportConditions: ["production"] }),
        minify(options),
      ],
    });
    const { output } = await bundle.write({
      dir: folder,
      format: "es",
      generatedCode: "es2015",
      hoistTransitiveImports: true,
      entryFileNames: "[name].js",
      chunkFileNames: "[name]-[hash].js",
    });
    await bundle.close();
    for (const { fileName } of output) names.add(fileName);
  }
  return [...names];
}
