/** Files on disk, in Node only. Modules of Node are loaded inside the functions, so that a page never asks for them. */
import { SondeError } from "../errors.ts";
import { nodeModule } from "../worker/node.ts";
import { refuseLarge } from "./bytes.ts";
import type { FileBytes } from "./file.ts";
import type { OpenOptions } from "./options.ts";
import { quote } from "./quote.ts";

/** Bytes per read: small enough to stop quickly, large enough to cost nothing. */
const STEP_BYTES = 8 * 2 ** 20;
/** Files beside a recording are settings: a few lines. */
const LARGEST_SIBLING_BYTES = 2 ** 20;

async function pathOf(input: string | URL): Promise<string> {
  const { fileURLToPath } = await nodeModule("url");
  try {
    if (input instanceof URL || /^file:/i.test(input)) return fileURLToPath(input);
  } catch (cause) {
    throw new SondeError("not-found", `${quote(String(input), 200)} is no file of this computer.`, { cause });
  }
  return input;
}

function notReadable(path: string, cause: unknown): SondeError {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const why =
    code === "ENOENT"
      ? "does not exist; check the path"
      : code === "EACCES" || code === "EPERM"
        ? "may not be read; check its permissions"
        : `cannot be read (${String(code ?? cause)})`;
  return new SondeError("not-found", `${quote(path, 200)} ${why}.`, { cause });
}

export async function readLocalFile(
  input: string | URL,
  maxBytes: number,
  { onProgress, signal }: Pick<OpenOptions, "onProgress" | "signal">,
): Promise<FileBytes> {
  const path = await pathOf(input);
  const { open } = await nodeModule("fs/promises");
  const { basename } = await nodeModule("path");
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // O_NONBLOCK: a pipe without a writer must not hang; it is refused below.
    const { constants } = await nodeModule("fs");
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch (cause) {
    throw notReadable(path, cause);
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile())
      throw new SondeError(
        "not-found",
        `${quote(path, 200)} is ${stat.isDirectory() ? "a folder" : "no regular file"}; give a file.`,
      );
    refuseLarge(basename(path), stat.size, maxBytes);
    const bytes = new Uint8Array(stat.size);
    let loaded = 0;
    while (loaded < bytes.length) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(
        bytes,
        loaded,
        Math.min(STEP_BYTES, bytes.length - loaded),
        loaded,
      );
      if (bytesRead === 0) break;
      loaded += bytesRead;
      onProgress?.(loaded, bytes.length);
    }
    return { name: basename(path), bytes: loaded === bytes.length ? bytes : bytes.slice(0, loaded) };
  } finally {
    await handle.close();
  }
}

/** Looks for files in the folder of the opened one; only plain names, never a path. */
export async function siblingsOf(input: string | URL): Promise<NonNullable<OpenOptions["related"]>> {
  const path = await pathOf(input);
  const { dirname, join } = await nodeModule("path");
  const folder = dirname(path);
  return async (name) => {
    if (!/^[^/\\\0]+$/.test(name) || name === "." || name === "..") return undefined;
    try {
      return (await readLocalFile(join(folder, name), LARGEST_SIBLING_BYTES, {})).bytes;
    } catch {
      return undefined; // absent or unreadable is the same here: the caller has a default
    }
  };
}
