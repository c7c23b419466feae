/** Calls to a worker, matched to their answers. The worker answers each with `{ id, result }` or `{ id, error }`. */
import { fromErrorMessage, SondeError, type SondeErrorMessage } from "../errors.ts";
import { cannotBeSent, type WorkerLike } from "./spawn.ts";

/** What the worker says; `id` of the call, or `UNASKED`. */
export type Answer<Result> = { id: number; result: Result } | { id: number; error: SondeErrorMessage };

/** `id` of an error that belongs to no call. */
export const UNASKED = -1;

interface Waiting<Result> {
  resolve(result: Result): void;
  reject(error: SondeError): void;
}

export class Channel<Call extends { method: string }, Result> {
  readonly #worker: WorkerLike;
  readonly #role: string;
  readonly #waiting = new Map<number, Waiting<Result>>();
  #next = 0;
  #broken: SondeError | undefined;

  /** `role`: the part the worker takes. `stopped`: what to say when it ends by itself, given why. */
  constructor(worker: WorkerLike, role: string, stopped: (why: string) => string) {
    this.#worker = worker;
    this.#role = role;
    worker.onMessage((message) => this.#receive(message as Answer<Result>));
    worker.onError((cause) => this.fail(new SondeError("internal", stopped(cause.message), { cause })));
  }

  /** Why nothing can be called any more. */
  get broken(): SondeError | undefined {
    return this.#broken;
  }

  /** Asks, and waits for the answer. */
  call(request: Call, transfer: readonly ArrayBuffer[] = []): Promise<Result> {
    if (this.#broken) return Promise.reject(this.#broken);
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      if (this.#waiting.size === 1) this.#worker.keepAlive(true);
      try {
        this.#worker.postMessage({ role: this.#role, id, ...request }, transfer);
      } catch (cause) {
        this.#settled(id);
        reject(cannotBeSent(`What was given to ${request.method}`, cause));
      }
    });
  }

  /** Tells, and waits for nothing. */
  tell(request: Call): void {
    if (!this.#broken) this.#worker.postMessage({ role: this.#role, id: UNASKED, ...request });
  }

  #settled(id: number): Waiting<Result> | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#worker.keepAlive(false);
    return waiting;
  }

  #receive(answer: Answer<Result>): void {
    if (answer.id === UNASKED) {
      if ("error" in answer) this.fail(fromErrorMessage(answer.error));
      return;
    }
    const waiting = this.#settled(answer.id);
    if (!waiting) return;
    if ("error" in answer) waiting.reject(fromErrorMessage(answer.error));
    else waiting.resolve(answer.result);
  }

  /** Ends the worker; what waits, and every later call, is rejected with this error. */
  fail(error: SondeError): void {
    this.#broken ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(this.#broken);
    this.#waiting.clear();
    this.#worker.terminate();
  }
}
