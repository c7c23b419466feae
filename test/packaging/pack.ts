/** The package as npm would publish it, in a project of its own outside the repository. */
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A folder with `node_modules/sonde` as packed, and other packages of the repository beside it. */
export interface Project {
  readonly folder: string;
  /** Puts a file into it. */
  write(path: string, text: string): void;
  remove(): void;
}

/** Where the package lies as it was packed last. */
let packed: string | undefined;

/** Packs once and unpacks; returns the tarball. */
function pack(): string {
  if (packed) return packed;
  const folder = mkdtempSync(join(tmpdir(), "sonde-pack-"));
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", folder], {
      cwd: root,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  ) as { filename: string }[];
  execFileSync("tar", ["-xzf", filename], { cwd: folder });
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  packed = folder;
  return folder;
}

/** The unpacked package. */
export const packageFolder = (): string => join(pack(), "package");

export const tarball = (): string => {
  const folder = pack();
  return join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) as string);
};

/** A project that depends on the packed Sonde, and on `others` as they are installed here. */
export function makeProject(others: readonly string[] = []): Project {
  const folder = mkdtempSync(join(tmpdir(), "sonde-project-"));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  cpSync(packageFolder(), join(modules, "sonde"), { recursive: true });
  for (const name of ["lit", ...others]) {
    mkdirSync(join(modules, name, ".."), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(modules, name), "dir");
  }
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("package.json", JSON.stringify({ name: "app", private: true, type: "module" }));
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The files of a built site, by the path a server offers them at: below `prefix`. */
export function filesOf(folder: string, prefix = ""): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && extname(path) !== ".map")
      files[`${prefix}/${relative(folder, path).replaceAll("\\", "/")}`] = readFileSync(path);
  }
  return files;
}
