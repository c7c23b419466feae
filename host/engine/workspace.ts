/**
 * The memory of one plan on one thread: an arena whose layout grows stage by stage, and a core instance over it. A stage that is
 * rebuilt rewinds the arena to where it began, so that the stages before it keep their tables.
 *
 * Stages lay out first and write later: in their constructors they `take` places, and whatever writes to them goes into `fill`.
 * So the same constructors tell the size of a plan before it has any memory (a workspace that only measures), and lay out what
 * another thread fills.
 *
 *   measure    take, take, take ...            -> the size, to the byte
 *   build      take, take, take ... -> commit  -> every fill, in order, in memory that is there
 */
import { Arena } from "../core/arena.ts";
import { type Core, createCore, enlarge, type Kernels, readyPureCore } from "../core/binding.ts";
import { SondeError } from "../errors.ts";
import { megabytes } from "./megabytes.ts";

/** Bytes by what they are for. */
export interface MemoryUse {
  what: string;
  bytes: number;
}

/** One entry for each purpose, in the order of first use. */
export function sumUses(uses: readonly MemoryUse[]): MemoryUse[] {
  const sums = new Map<string, number>();
  for (const { what, bytes } of uses) sums.set(what, (sums.get(what) ?? 0) + bytes);
  return [...sums].map(([what, bytes]) => ({ what, bytes }));
}

/** Which of the threads that work on one memory this is. */
export interface Team {
  thread: number;
  threads: number;
}

const ALONE: Team = { thread: 0, threads: 1 };

export class Workspace {
  readonly kernels: Kernels;
  /** Who works on this memory; stages take working space for each and use their own. */
  readonly team: Team;
  readonly #core: Core | undefined;
  readonly #base: number;
  /** Everything taken: where it ends and what it is for. */
  #ledger: { end: number; bytes: number; what: string }[] = [];
  #arena: Arena;
  /** Fills that wait for `commit`; undefined where memory grows at once. */
  #fills: (() => void)[] | undefined;
  #foreign = false;

  private constructor(kernels: Kernels, core: Core | undefined, team: Team, waits: boolean) {
    this.kernels = kernels;
    this.team = team;
    this.#core = core;
    this.#base = kernels.heapBase();
    this.#arena = new Arena(this.#base);
    this.#fills = waits ? [] : undefined;
  }

  /** Memory of its own that grows with every `take`, for tests and tools. */
  static async create(limitBytes: number): Promise<Workspace> {
    const core = await createCore(0);
    const workspace = new Workspace(core.kernels, core, ALONE, false);
    workspace.#limitBytes = limitBytes;
    return workspace;
  }

  /**
   * Memory outside of all plans, for what is looked at and forgotten; it grows with every `take`. There once `pureCore` has been waited
   * for on this thread. @throws SondeError `internal` before
   */
  static scratch(): Workspace {
    const core = readyPureCore();
    return new Workspace(core.kernels, core, ALONE, false);
  }

  /** No memory at all: counts what is taken. `kernels`: any instance, for its pure functions. */
  static measuring(kernels: Kernels, team = ALONE): Workspace {
    return new Workspace(kernels, undefined, team, true);
  }

  /** Memory that is there; fills wait for `commit`. */
  static over(core: Core, team = ALONE): Workspace {
    return new Workspace(core.kernels, core, team, true);
  }

  #limitBytes = Number.POSITIVE_INFINITY;

  /** A layout of its own over the same memory, from the start. */
  beside(): Workspace {
    return new Workspace(this.kernels, this.#core, this.team, true);
  }

  /** End of what is laid out so far: where the next stage begins. */
  get mark(): number {
    return this.#arena.bytes;
  }

  /** Bytes of the memory. */
  get bytes(): number {
    return this.#buffer.byteLength;
  }

  /** Makes the memory at least this large. @throws SondeError `out-of-memory` */
  reserve(bytes: number): void {
    enlarge(this.core.memory, bytes);
  }

  /** What other threads need to join this memory. @throws SondeError `internal` for a workspace that only measures */
  get core(): Core {
    if (!this.#core) throw new SondeError("internal", "A workspace that measures has no memory");
    return this.#core;
  }

  /** What is laid out, by purpose, in the order of first use. */
  get uses(): MemoryUse[] {
    return sumUses([{ what: "The core", bytes: new Arena(this.#base).bytes }, ...this.#ledger]);
  }

  /** Lays out from this place on: forgets everything behind it, or leaves what lies before it to others. */
  rewind(mark: number): void {
    this.#arena = new Arena(Math.max(mark, this.#base));
    this.#ledger = this.#ledger.filter(({ end }) => end <= mark);
  }

  /** Reserves `count` numbers of `size` bytes. @throws SondeError `out-of-memory` where memory grows at once and may not */
  take(count: number, size: 1 | 2 | 4 | 8, what: string): number {
    const offset = this.#arena.take(Math.ceil(count), size);
    const end = this.#arena.bytes;
    this.#ledger.push({ end, bytes: end - offset, what });
    if (!this.#fills && this.#core) {
      if (end > this.#limitBytes)
        throw new SondeError(
          "out-of-memory",
          `${what} brings the memory to ${megabytes(end)} MB, over the limit of ${megabytes(this.#limitBytes)} MB`,
          { fields: { bytes: end, limitBytes: this.#limitBytes } },
        );
      enlarge(this.#core.memory, end);
    }
    return offset;
  }

  /** Working space that is written while a frame runs: one for each thread that works on this memory; returns this thread's own. */
  takeOwn(count: number, size: 1 | 2 | 4 | 8, what: string): number {
    let own = 0;
    for (let thread = 0; thread < this.team.threads; thread++) {
      const offset = this.take(count, size, what);
      if (thread === this.team.thread) own = offset;
    }
    return own;
  }

  /** What may still be taken where memory grows at once (bytes). */
  get freeBytes(): number {
    return this.#limitBytes - this.mark;
  }

  /**
   * While `make` runs, what is taken is there at once, up to `limitBytes` in all: for what is no part of a plan's size.
   * @throws SondeError `out-of-memory`
   */
  growing<T>(limitBytes: number, make: () => T): T {
    const [fills, limit] = [this.#fills, this.#limitBytes];
    this.#fills = undefined;
    this.#limitBytes = limitBytes;
    try {
      return make();
    } finally {
      this.#fills = fills;
      this.#limitBytes = limit;
    }
  }

  /** Writes to memory that was taken, once it is there: at `commit`. */
  fill(write: () => void): void {
    if (!this.#fills) write();
    else if (this.#core && !this.#foreign) this.#fills.push(write);
  }

  /** What is laid out while `build` runs was filled by another thread of this memory. */
  layOutOnly(build: () => void): void {
    this.#foreign = true;
    try {
      build();
    } finally {
      this.#foreign = false;
    }
  }

  /** Runs the fills in order. */
  commit(): void {
    const fills = this.#fills ?? [];
    this.#fills = [];
    for (const write of fills) write();
  }

  get #buffer(): ArrayBuffer {
    if (!this.#core)
      throw new SondeError(
        "internal",
        "A stage wrote to memory while it was measured: write inside workspace.fill",
      );
    // Shared memory serves as well: views of it are the same to everything here.
    return this.#core.memory.buffer as ArrayBuffer;
  }

  f32(offset: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#buffer, offset, count);
  }
  f64(offset: number, count: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#buffer, offset, count);
  }
  i32(offset: number, count: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#buffer, offset, count);
  }
  i16(offset: number, count: number): Int16Array<ArrayBuffer> {
    return new Int16Array(this.#buffer, offset, count);
  }
  u8(offset: number, count: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer, offset, count);
  }
}
