// Builds dist/cdn/: the element and its worker for file servers and CDNs, minified, Lit inside. Page and worker share what both need,
// and what the first live picture does not need is loaded when it is used. Rollup does it because it leaves few, large files, which
// compress better: it knows that what a chunk's importer has loaded is there (esbuild 0.28 splits by entry alone: 28 files for the
// first picture where this takes 6, and 4 kB more, both gzip -9).
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
  const bundle = await rollup({
    input: { "echo-viewer": `${root}web/index.ts`, "sonde-worker": `${root}host/worker/main.ts` },
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
  return output.map(({ fileName }) => fileName);
}
