/**
 * Recordings in the browser's own store (IndexedDB), one row a message of the stream as it comes: what was written when the page or
 * the computer stops is there when the page is opened again, and is a whole recording up to its last message.
 *
 *   recordings  id | name, startedMs, frames, bytes, done
 *   parts       [id, number] | bytes
 */
import { type RecordingSink, SondeError } from "../../../../host/index.ts";

/** What is known of a stored recording. */
export interface StoredRecording {
  id: string;
  /** Of the source. */
  name: string;
  /** When it began (ms since 1970). */
  startedMs: number;
  bytes: number;
  /** It was ended in order. */
  done: boolean;
}

const DATABASE = "sonde-recordings";
const RECORDINGS = "recordings";
const PARTS = "parts";

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

const partsOf = (id: string): IDBKeyRange => IDBKeyRange.bound([id, 0], [id, Number.MAX_SAFE_INTEGER]);

/** The store of this page's origin. */
export class RecordingStore {
  readonly #database: IDBDatabase;

  private constructor(database: IDBDatabase) {
    this.#database = database;
  }

  /** @throws SondeError `unsupported-platform` where the browser keeps nothing */
  static async open(): Promise<RecordingStore> {
    try {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(RECORDINGS, { keyPath: "id" });
        request.result.createObjectStore(PARTS);
      };
      return new RecordingStore(await result(request));
    } catch (cause) {
      throw new SondeError(
        "unsupported-platform",
        "This browser keeps nothing for this page: allow it to store data, or record with sonde record.",
        { cause },
      );
    }
  }

  /** Oldest first. */
  async list(): Promise<StoredRecording[]> {
    const store = this.#database.transaction(RECORDINGS).objectStore(RECORDINGS);
    const all = (await result(store.getAll())) as StoredRecording[];
    return all.sort((a, b) => a.startedMs - b.startedMs);
  }

  /** A new recording, and where its bytes go. */
  async create(name: string): Promise<{ recording: StoredRecording; sink: RecordingSink }> {
    const recording: StoredRecording = {
      id: crypto.randomUUID(),
      name,
      startedMs: Date.now(),
      bytes: 0,
      done: false,
    };
    await this.#put(recording);
    let number = 0;
    return {
      recording,
      sink: {
        write: async (bytes) => {
          recording.bytes += bytes.length;
          const transaction = this.#database.transaction([RECORDINGS, PARTS], "readwrite");
          transaction.objectStore(PARTS).put(bytes.slice(), [recording.id, number++]);
          transaction.objectStore(RECORDINGS).put(recording);
          await finished(transaction);
        },
        close: async () => {
          recording.done = true;
          await this.#put(recording);
        },
      },
    };
  }

  /** All its bytes as a file. */
  async file({ id, name, startedMs }: StoredRecording): Promise<File> {
    const store = this.#database.transaction(PARTS).objectStore(PARTS);
    const parts = (await result(store.getAll(partsOf(id)))) as Uint8Array<ArrayBuffer>[];
    return new File(parts, recordingName(name, startedMs), { type: "application/octet-stream" });
  }

  async delete({ id }: StoredRecording): Promise<void> {
    const transaction = this.#database.transaction([RECORDINGS, PARTS], "readwrite");
    transaction.objectStore(PARTS).delete(partsOf(id));
    transaction.objectStore(RECORDINGS).delete(id);
    await finished(transaction);
  }

  close(): void {
    this.#database.close();
  }

  async #put(recording: StoredRecording): Promise<void> {
    const transaction = this.#database.transaction(RECORDINGS, "readwrite");
    transaction.objectStore(RECORDINGS).put(recording);
    await finished(transaction);
  }
}

/** A file name that any system takes: source and local time. */
export function recordingName(source: string, startedMs: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const at = new Date(startedMs);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}${two(at.getMinutes())}${two(at.getSeconds())}`;
  const words = source
    .replace(/[^\p{L}\p{M}\p{N}]+\p{M}*/gu, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return `${words || "recording"}-${day}-${time}.sonde`;
}
