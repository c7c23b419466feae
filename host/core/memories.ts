/**
 * Memories that closed plans leave to the next ones of their engine. A browser reserves gigabytes of addresses for each, and frees
 * them only when every thread that joined it has collected its garbage, which an idle one never does: a page that makes some
 * hundred plans one after another would be refused the next one.
 */
import { isSondeError } from "../errors.ts";
import { type Core, createCore, enlarge, joinCore } from "./binding.ts";

/** Memories that wait, at most: a viewer has a plan and makes the next one before that is closed. */
const MOST_IDLE = 2;
/** A memory of up to this size serves any plan (bytes); a larger one those that need half of it at least. */
const SMALL_BYTES = 2 ** 24;
/** A larger one is left to the collector: nobody is to pay for it with memory that nothing uses. */
const MOST_IDLE_BYTES = 2 ** 28;

export class Memories {
  #idle: Core[] = [];
  #closed = false;

  /** A core over zeros, at least `bytes` of them. @throws SondeError as `createCore` */
  async take(bytes: number, shared: boolean): Promise<Core> {
    const most = Math.max(SMALL_BYTES, 2 * bytes);
    const [found] = this.#idle
      .filter(
        ({ memory: { buffer } }) => buffer.byteLength <= most && shared !== buffer instanceof ArrayBuffer,
      )
      .sort((a, b) => b.memory.buffer.byteLength - a.memory.buffer.byteLength);
    try {
      if (!found) return await createCore(bytes, shared);
      this.#idle = this.#idle.filter((core) => core !== found);
      new Uint8Array(found.memory.buffer).fill(0);
      enlarge(found.memory, bytes);
    } catch (error) {
      if (!isSondeError(error, "out-of-memory")) throw error;
      // Those that wait may be what is missing.
      this.#idle = [];
      return createCore(bytes, shared);
    }
    // A new instance: the variables of the old one are not the new plan's.
    return joinCore(found.module, found.memory);
  }

  /** Nobody reads or writes this memory any more. */
  give(core: Core): void {
    if (this.#closed || core.memory.buffer.byteLength > MOST_IDLE_BYTES) return;
    this.#idle = [core, ...this.#idle].slice(0, MOST_IDLE);
  }

  /** Leaves those that wait, and those that are still given, to the collector. */
  close(): void {
    this.#closed = true;
    this.#idle = [];
  }
}
