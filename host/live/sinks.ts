/** Where recordings go. */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import { nodeModule } from "../worker/node.ts";
import type { RecordingSink } from "./recorder.ts";

/**
 * A file, in Node. Each message is handed to the operating system whole: a program that is killed loses none that was
 * handed over; the disk is waited for when the recording is closed.
 * @throws SondeError `bad-option` when the file is there and `overwrite` is not true, `not-found` when it cannot be made
 */
export async function fileSink(path: string, options: { overwrite?: boolean } = {}): Promise<RecordingSink> {
  const { open } = await nodeModule("fs/promises");
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    handle = await open(path, options.overwrite ? "w" : "wx");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST")
      throw new SondeError("bad-option", `${quote(path, 200)} is there already; choose another name.`, {
        cause,
      });
    throw new SondeError(
      "not-found",
      `${quote(path, 200)} cannot be written (${quote(String(cause), 120)}); check the folder and its permissions.`,
      { cause },
    );
  }
  return {
    async write(bytes) {
      for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten;
    },
    async close() {
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

/** Memory, for pages that offer the recording as a download; `maxBytes` of the recorder bounds it. */
export function memorySink(): RecordingSink & { blob(): Blob } {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  return {
    async write(bytes) {
      parts.push(bytes.slice());
    },
    async close() {},
    blob: () => new Blob(parts, { type: "application/octet-stream" }),
  };
}
