/**
 * The HDF5 worker: h5wasm lives here and nowhere else, because a single flipped bit in a file can crash the HDF5
 * library. It answers one request after the other; after a crash it says so and is replaced by the client.
 */
import { type SondeErrorMessage, toErrorMessage } from "../../errors.ts";
import { receiveMessages } from "../../worker/port.ts";
import { Draft } from "./draft.ts";
import { isCrash, LibraryFile, loadLibrary } from "./library.ts";
import type { Hdf5Request, Hdf5Response } from "./protocol.ts";

/** How often long work tells that it goes on (ms): well within the client's limit. */
const SIGN_OF_LIFE_MS = 500;

const files = new Map<number, LibraryFile>();
/** Files being written. */
const drafts = new Map<number, Draft>();

function fileOf(request: Hdf5Request): LibraryFile {
  const file = files.get(request.file);
  if (!file) throw new Error(`file ${request.file} is not open`);
  return file;
}

function draftOf(request: Hdf5Request): Draft {
  const draft = drafts.get(request.file);
  if (!draft) throw new Error(`file ${request.file} is not being written`);
  return draft;
}

async function answer(request: Hdf5Request, progress: () => void): Promise<unknown> {
  if (request.kind === "open") {
    files.set(request.file, new LibraryFile(await loadLibrary(), request.name, request.bytes));
    return undefined;
  }
  if (request.kind === "describe") return fileOf(request).describe(request.path, request.options, progress);
  if (request.kind === "read") return fileOf(request).read(request.options);
  if (request.kind === "create") {
    drafts.set(request.file, new Draft(await loadLibrary(), request.root, progress));
    return undefined;
  }
  if (request.kind === "fill") return draftOf(request).fill(request.path, request.slab, request.values);
  if (request.kind === "finish") return { values: draftOf(request).finish() };
  files.get(request.file)?.close();
  files.delete(request.file);
  drafts.get(request.file)?.discard();
  drafts.delete(request.file);
  return undefined;
}

function asFailure(error: unknown, writing: boolean): { error: SondeErrorMessage; fatal: boolean } {
  const fatal = isCrash(error);
  const message = toErrorMessage(error);
  if (message.code !== "internal") return { error: message, fatal };
  if (writing) {
    const text = error instanceof Error ? error.message : String(error);
    const what = `The HDF5 library could not write the file: ${text}. Write fewer frames.`;
    return { error: { code: "out-of-memory", message: what, fields: {} }, fatal };
  }
  // Whatever else the library throws ("name not defined" for an object it cannot open), it throws because of the file.
  const text = error instanceof Error ? error.message : String(error);
  const what = fatal ? "The HDF5 library crashed on this file" : "Part of this HDF5 file cannot be read";
  const why = text.replace(/[.!]+$/, "");
  const wayOut = "it is damaged or cut short. Get it anew; h5ls -r shows what of it is readable";
  return { error: { code: "corrupt-file", message: `${what} (${why}): ${wayOut}.`, fields: {} }, fatal };
}

let announced = false;

receiveMessages(async (message, reply) => {
  const request = message as Hdf5Request;
  const send = (response: Hdf5Response, transfer?: ArrayBuffer[]) => reply(response, transfer);
  if (!announced) {
    announced = true;
    try {
      await loadLibrary();
      send({ kind: "ready" });
    } catch (error) {
      send({ kind: "unavailable", message: error instanceof Error ? error.message : String(error) });
      return;
    }
  }
  try {
    let lastSign = performance.now();
    const progress = () => {
      const now = performance.now();
      if (now - lastSign < SIGN_OF_LIFE_MS) return;
      lastSign = now;
      send({ kind: "progress" });
    };
    const value = await answer(request, progress);
    const values = (value as { values?: { buffer: ArrayBuffer } } | undefined)?.values;
    send({ kind: "answer", id: request.id, value }, values ? [values.buffer] : []);
  } catch (error) {
    send({ kind: "failure", id: request.id, ...asFailure(error, drafts.has(request.file)) });
  }
});
