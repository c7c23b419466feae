/**
 * One life of the HDF5 worker: it answers requests one by one until a file crashes or stalls it; then it is dead, and
 * so are the files it held.
 */
import { fromErrorMessage, SondeError } from "../../errors.ts";
import { cannotBeSent, ownWorker, spawnWorker, type WorkerLike } from "../../worker/spawn.ts";
import type { Hdf5Request, Hdf5Response } from "./protocol.ts";

/** How long the library may take to load (ms): 1 MB of code on a slow computer. */
const LOAD_LIMIT_MS = 60_000;
/** How long the worker may be silent (ms) before the file counts as damaged: this, and more for large files. */
const STALL_LIMIT_MS = 4_000;
const MAX_STALL_LIMIT_MS = 60_000;
/** Slowest computer we wait for: 5 MB of file a second. */
const SLOWEST_BYTES_PER_MS = 5_000;

/** A request without its number. */
export type Task = Hdf5Request extends infer R ? (R extends { id: number } ? Omit<R, "id"> : never) : never;

function unavailable(why: string, cause?: unknown): SondeError {
  return new SondeError(
    "unsupported-platform",
    `The HDF5 reader could not be started: it ${why}. The policy of the page may forbid workers (worker-src), or hdf5-worker.js may be missing beside Sonde's script.`,
    { cause },
  );
}

export class Session {
  /** Numbers of the files the worker holds. */
  readonly openFiles = new Set<number>();
  #dead = false;
  #ready = false;
  #nextId = 0;
  #worker: WorkerLike | undefined;

  /** True once the worker is gone; a new session is needed. */
  get dead(): boolean {
    return this.#dead;
  }

  /**
   * Sends one request about a file of `fileBytes` bytes and waits for its answer; the next may be sent when it has
   * come.
   * @throws SondeError; `dead` tells whether the worker survived
   */
  async ask(task: Task, fileBytes: number, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    this.#worker ??= await spawnWorker(ownWorker(new URL("./hdf5-worker.js", import.meta.url)));
    const worker = this.#worker;
    const id = this.#nextId++;
    worker.keepAlive(true);
    try {
      const limitMs = Math.min(STALL_LIMIT_MS + fileBytes / SLOWEST_BYTES_PER_MS, MAX_STALL_LIMIT_MS);
      return await this.#exchange(worker, { ...task, id }, transfer, limitMs);
    } finally {
      worker.keepAlive(false);
    }
  }

  /** Ends the worker; what it held is gone. */
  end(): void {
    this.#dead = true;
    this.#worker?.terminate();
  }

  #exchange(
    worker: WorkerLike,
    request: Hdf5Request,
    transfer: readonly ArrayBuffer[],
    limitMs: number,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const lost = (why: string, cause?: unknown) => {
        clearTimeout(timer);
        this.end();
        const message = `The HDF5 library ${why}; the file is probably damaged.`;
        reject(this.#ready ? new SondeError("corrupt-file", message, { cause }) : unavailable(why, cause));
      };
      const restartTimer = () => {
        clearTimeout(timer);
        const limit = this.#ready ? limitMs : LOAD_LIMIT_MS;
        timer = setTimeout(() => lost(`gave no answer within ${(limit / 1000).toFixed(1)} s`), limit);
      };
      worker.onError((error) => lost(`crashed (${error.message})`, error));
      worker.onMessage((message) => {
        const response = message as Hdf5Response;
        if (response.kind === "ready" || response.kind === "progress") {
          this.#ready = true;
          restartTimer();
          return;
        }
        if (response.kind === "unavailable") {
          lost(`failed to load (${response.message})`);
          return;
        }
        clearTimeout(timer);
        if (response.kind === "answer") {
          resolve(response.value);
          return;
        }
        if (response.fatal) this.end();
        reject(fromErrorMessage(response.error));
      });
      restartTimer();
      try {
        worker.postMessage(request, transfer);
      } catch (cause) {
        clearTimeout(timer);
        reject(cannotBeSent("What was asked of an HDF5 file", cause));
      }
    });
  }
}
