/** Files that appear whole or not at all: written under another name, renamed at the end, removed on failure. */
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { SondeError } from "../errors.ts";

export interface OutputFile {
  write(bytes: Uint8Array): Promise<void>;
}

/** Lets `fill` write a file; the file exists only if it succeeds. */
export async function writeWhole(path: string, fill: (file: OutputFile) => Promise<void>): Promise<void> {
  const partial = `${path}.partial-${process.pid}`;
  let handle: FileHandle | undefined;
  try {
    handle = await open(partial, "w");
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
  }
}

/** A typed array's bytes. */
export function bytesOf(values: ArrayBufferView): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
