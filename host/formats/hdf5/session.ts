/**
 * One life of the HDF5 worker: it answers requests one by one until a file crashes or stalls it; then it is dead, and
 * so are the files it held.
 */
import { fromErrorMessage, SondeError } from "../../errors.ts";
import { spawnWorker, type WorkerLike, workerUrl } from "../../worker/spawn.ts";
import type { Hdf5Request, Hdf5Response } from "./protocol.ts";

/** How long the library may take to load (ms): 1 MB of code on a slow computer. */
const LOAD_LIMIT_MS = 60_000;
/** How long a file may take to open, and any other access (ms), before it counts as damaged. */
const OPEN_LIMIT_MS = 10_000;
const ACCESS_LIMIT_MS = 20_000;

/** A request without its number. */
export type Task = Hdf5Request extends infer R ? (R extends { id: number } ? Omit<R, "id"> : never) : never;

function unavailable(why: string, cause?: unknown): SondeError {
  return new SondeError("unsupported-platform", `The HDF5 reader could not be started: ${why}.`, { cause });
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
   * Sends one request and waits for its answer; the next may be sent when it has come.
   * @throws SondeError; `dead` tells whether the worker survived
   */
  async ask(task: Task, transfer: readonly ArrayBuffer[] = []): Promise<unknown> {
    this.#worker ??= await spawnWorker(workerUrl("hdf5-worker.js", import.meta.url));
    const worker = this.#worker;
    const id = this.#nextId++;
    worker.keepAlive(true);
    try {
      const response = this.#response(worker, task.kind === "open" ? OPEN_LIMIT_MS : ACCESS_LIMIT_MS);
      worker.postMessage({ ...task, id }, transfer);
      return await response;
    } finally {
      worker.keepAlive(false);
    }
  }

  #end(): void {
    this.#dead = true;
    this.#worker?.terminate();
  }

  #response(worker: WorkerLike, limitMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const crashed = (message: string, cause?: unknown) => {
        clearTimeout(timer);
        this.#end();
        reject(
          this.#ready ? new SondeError("corrupt-file", message, { cause }) : unavailable(message, cause),
        );
      };
      const restartTimer = () => {
        clearTimeout(timer);
        const limit = this.#ready ? limitMs : LOAD_LIMIT_MS;
        timer = setTimeout(
          () =>
            crashed(`The HDF5 library gave no answer within ${limit / 1000} s; the file is probably damaged`),
          limit,
        );
      };
      worker.onError((error) => crashed(`The HDF5 library crashed on this file: ${error.message}`, error));
      worker.onMessage((message) => {
        const response = message as Hdf5Response;
        if (response.kind === "ready") {
          this.#ready = true;
          restartTimer();
          return;
        }
        if (response.kind === "unavailable") {
          crashed(response.message);
          return;
        }
        clearTimeout(timer);
        if (response.kind === "answer") {
          resolve(response.value);
          return;
        }
        if (response.fatal) this.#end();
        reject(fromErrorMessage(response.error));
      });
      restartTimer();
    });
  }
}
