/**
 * What tests are run from: every TypeScript file as JavaScript, made once a run. tsx does so in each process, and gives each function
 * within a function its name back every time it is made: a third of the time of what makes many.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { transform } from "esbuild";

const root = fileURLToPath(new URL("../", import.meta.url));

/** Makes them in a folder that is removed when this process ends. @returns the folder */
export async function asJavaScript(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "sonde-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const tsconfigRaw = readFileSync(`${root}tsconfig.json`, "utf8");
  const paths = ["bench", "host", "test", "web"].flatMap((part) =>
    readdirSync(root + part, { recursive: true, encoding: "utf8" }).map((path) => join(part, path)),
  );
  await Promise.all(
    paths
      .filter((path) => path.endsWith(".ts"))
      .map(async (path) => {
        const { code } = await transform(readFileSync(root + path, "utf8"), {
          loader: "ts",
          target: "node20",
          tsconfigRaw,
          sourcemap: "inline",
          sourcefile: basename(path),
        });
        mkdirSync(join(folder, dirname(path)), { recursive: true });
        writeFileSync(join(folder, path), code);
      }),
  );
  return folder;
}
