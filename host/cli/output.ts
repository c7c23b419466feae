/**
 * Files that appear whole or not at all: written under another name, renamed at the end, removed on failure and when the
 * command is stopped.
 */
import { closeSync, openSync, readlinkSync, realpathSync, rmSync, statSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { constants } from "node:os";
import { dirname, join, resolve } from "node:path";
import { SondeError } from "../errors.ts";
import { UsageError } from "./wrong-usage.ts";

export interface OutputFile {
  write(bytes: Uint8Array): Promise<void>;
}

/** Files being written, and how many there have been. */
const partials = new Set<string>();
let begun = 0;
const STOPPING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
let watching = false;

/** Until the process ends: a signal that arrived during a write may be delivered only after it. */
function removePartialsWhenStopped(): void {
  if (watching) return;
  watching = true;
  const remove = () => {
    for (const path of partials) rmSync(path, { force: true });
  };
  // The output may have been closed, which ends the command as well.
  process.on("exit", remove);
  for (const signal of STOPPING)
    process.on(signal, () => {
      remove();
      // What a shell reports for a process that this signal ended.
      process.exit(128 + constants.signals[signal]);
    });
}

/** What `look` finds at a path; undefined where nothing can be. */
function found<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** Where a path leads, through links, to what is not there yet too. */
function realPath(path: string): string {
  const link = found(() => readlinkSync(path));
  return found(() => realpathSync(path)) ?? (link === undefined ? path : resolve(dirname(path), link));
}

/** Refuses to write over what is read. @throws UsageError */
export function notOver(input: string, output: string): void {
  const [one, other] = [input, output].map((path) => found(() => statSync(path)));
  if (one && other && one.dev === other.dev && one.ino === other.ino)
    throw new UsageError(`${output} is the input: give the output another name`);
}

/** Failures of a disk or a name, which are the user's to mend. */
const OF_THE_DISK = [
  "ENOENT",
  "EACCES",
  "EPERM",
  "EISDIR",
  "ENOSPC",
  "EROFS",
  "ENOTDIR",
  "ENAMETOOLONG",
  "EFBIG",
  "EDQUOT",
  "ELOOP",
];

/** Lets `fill` write a file; the file exists only if it succeeds. A link is followed. */
export async function writeWhole(path: string, fill: (file: OutputFile) => Promise<void>): Promise<void> {
  const target = realPath(path);
  // A name of its own: with more at its end, a long one would be too long.
  const partial = join(dirname(target), `.sonde-${process.pid}-${begun++}.partial`);
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
    await rename(partial, target);
  } catch (error) {
    await handle?.close();
    await rm(partial, { force: true });
    const code = (error as NodeJS.ErrnoException).code;
    if (code && OF_THE_DISK.includes(code) && (error as NodeJS.ErrnoException).syscall)
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
