/**
 * Where the threads of one memory wait for one another: a counter of arrivals in shared memory. A meeting is over when all of them
 * have come; the next one counts on from there.
 *
 *   thread 0   filter |arrive......| sum      |arrive| gather, picture
 *   thread 1   filter     |arrive..| sum |arrive...  | sleeps until the next frame
 */
import { inNode } from "../../worker/platform.ts";
import { nextTurn } from "../../worker/turn.ts";

/** Asleep no longer than this before looking whether the others are still alive (ms). */
const NAP_MS = 50;

/** A page's own thread may not be put to sleep; workers and Node may. */
const MAY_SLEEP = inNode() || "WorkerGlobalScope" in globalThis;

export class Meeting {
  /** Memory to send to the other threads. */
  readonly memory: SharedArrayBuffer;
  readonly #arrivals: Int32Array;
  readonly #threads: number;
  #due = 0;

  /** `memory`: of the meeting that another thread made; default: a new one. */
  constructor(threads: number, memory = new SharedArrayBuffer(4)) {
    this.#threads = threads;
    this.memory = memory;
    this.#arrivals = new Int32Array(memory);
  }

  /** Says that this thread is there. */
  #arrive(): void {
    // Wraps around in 32 bits, as the comparison below does.
    this.#due = (this.#due + this.#threads) | 0;
    Atomics.add(this.#arrivals, 0, 1);
    if (this.#over) Atomics.notify(this.#arrivals, 0);
  }

  get #over(): boolean {
    return ((Atomics.load(this.#arrivals, 0) - this.#due) | 0) >= 0;
  }

  /** Sleeps until the count changes, or for a nap; false after a nap. */
  #sleep(): boolean {
    const now = Atomics.load(this.#arrivals, 0);
    return this.#over || Atomics.wait(this.#arrivals, 0, now, NAP_MS) !== "timed-out";
  }

  /** Helpers: arrives, and sleeps until all are there. Who waits for a thread that died or failed is ended from outside (crew.ts). */
  meet(): void {
    this.#arrive();
    while (!this.#over) this.#sleep();
  }

  /** The plan's own thread: the same, but never asleep where that is forbidden, and `check` may throw between two naps. */
  async meetAndCheck(check: () => void): Promise<void> {
    this.#arrive();
    while (!this.#over) {
      if (MAY_SLEEP && this.#sleep()) continue;
      await nextTurn();
      check();
    }
  }
}
