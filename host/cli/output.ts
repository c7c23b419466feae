/**
 * Files that appear whole or not at all: written under another name, renamed at the end, removed on failure and when the
 * command is stopped.
 */
import { closeSync, openSync, rmSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { constants } from "node:os";
import { SondeError } from "../errors.ts";

export interface OutputFile {
  write(bytes: Uint8Array): Promise<void>;
}

/** Files being written. */
const partials = new Set<string>();
const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let watching = false;

/** Until the process ends: a signal that arrived during a write may be delivered only after it. */
function removePartialsWhenStopped(): void {
  if (watching) return;
  watching = true;
  for (const signal of STOPPING)
    process.on(signal, () => {
      for (const path of partials) rmSync(path, { force: true });
      // What a shell reports for a process that this signal ended.
      process.exit(128 + constants.signals[signal]);
    });
}

/** Lets `fill` write a file; the file exists only if it succeeds. */
export async function writeWhole(path: string, fill: (file: OutputFile) => Promise<void>): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  let handle: FileHandle | undefined;
  removePartialsWhenStopped();
  partials.add(partial);
  try {
    // Made at once, not in the background, where it could appear after a signal's handler had removed it.
    closeSync(openSync(partial, "w"));
    handle = await open(partial, "r+");
    const file = handle;
    await fill({
      write: async (bytes) => {
        await file.writeFile(bytes);
      },
    });
    await handle.close();
    handle = undefined;
    await rename(partial, path);
  } catch (error) {
    await handle?.close();
    await rm(partial, { force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (
      code &&
      ["ENOENT", "EACCES", "EISDIR", "ENOSPC", "EROFS", "ENOTDIR"].includes(code) &&
      (error as NodeJS.ErrnoException).syscall
    )
      throw new SondeError("not-found", `${path} cannot be written: ${(error as Error).message}`, {
        cause: error,
      });
    throw error;
  } finally {
    partials.delete(partial);
  }
}

/** A typed array's bytes. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
