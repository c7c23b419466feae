/**
 * The memory of one plan: an arena whose layout grows stage by stage, and a core instance over it. A stage that is rebuilt
 * rewinds the arena to where it began, so that the stages before it keep their tables.
 */
import { Arena } from "../core/arena.ts";
import { type Core, createCore, type Kernels } from "../core/binding.ts";
import { SondeError } from "../errors.ts";

const PAGE_BYTES = 65536;

export class Workspace {
  readonly kernels: Kernels;
  readonly #core: Core;
  readonly #base: number;
  readonly #limitBytes: number;
  #arena: Arena;

  private constructor(core: Core, limitBytes: number) {
    this.#core = core;
    this.kernels = core.kernels;
    this.#base = core.kernels.heapBase();
    this.#limitBytes = limitBytes;
    this.#arena = new Arena(this.#base);
  }

  static async create(limitBytes: number): Promise<Workspace> {
    return new Workspace(await createCore(0), limitBytes);
  }

  /** End of what is laid out so far: where the next stage begins. */
  get mark(): number {
    return this.#arena.bytes;
  }

  /** What may still be taken (bytes). */
  get freeBytes(): number {
    return this.#limitBytes - this.mark;
  }

  /** Forgets everything laid out behind a mark. */
  rewind(mark: number): void {
    this.#arena = new Arena(Math.max(mark, this.#base));
  }

  /**
   * Reserves `count` numbers of `size` bytes and makes sure they exist.
   * @throws SondeError `out-of-memory` over the limit, before anything is taken.
   */
  take(count: number, size: 1 | 2 | 4 | 8, what: string): number {
    const offset = this.#arena.take(Math.ceil(count), size);
    const bytes = this.#arena.bytes;
    if (bytes > this.#limitBytes)
      throw new SondeError(
        "out-of-memory",
        `${what} brings the plan to ${Math.round(bytes / 1e6)} MB, over the limit of ${Math.round(this.#limitBytes / 1e6)} MB: ` +
          "choose a smaller grid, fewer transmits or a decimation",
        { fields: { bytes, limitBytes: this.#limitBytes } },
      );
    const memory = this.#core.memory;
    const missing = bytes - memory.buffer.byteLength;
    if (missing > 0) {
      try {
        memory.grow(Math.ceil(missing / PAGE_BYTES));
      } catch (cause) {
        throw new SondeError(
          "out-of-memory",
          `The ${Math.round(bytes / 1e6)} MB this plan needs could not be had: choose a smaller grid or fewer transmits`,
          { cause, fields: { bytes } },
        );
      }
    }
    return offset;
  }

  f32(offset: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#core.memory.buffer as ArrayBuffer, offset, count);
  }
  f64(offset: number, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#core.memory.buffer as ArrayBuffer, offset, count);
  }
  i32(offset: number, count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#core.memory.buffer as ArrayBuffer, offset, count);
  }
  i16(offset: number, count: number): Int16Array<ArrayBuffer> {
    return new Int16Array(this.#core.memory.buffer as ArrayBuffer, offset, count);
  }
  u8(offset: number, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#core.memory.buffer as ArrayBuffer, offset, count);
  }
}
