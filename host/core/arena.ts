/**
 * One block of core memory laid out by the host: every buffer of a plan is given its place once, 64-byte aligned.
 *
 *   0        heapBase                                            end
 *   | core   | buffer A | pad | buffer B | pad | ...              |
 */
const ALIGN = 64;

/** Hands out places in a core's memory before the core exists, so that the size is known first. */
export class Arena {
  #end: number;

  /** `base`: first byte the core's own static data do not use. */
  constructor(base: number) {
    this.#end = Math.ceil(base / ALIGN) * ALIGN;
  }

  /** Total size so far, in bytes. */
  get bytes(): number {
    return this.#end;
  }

  /** Reserves `count` numbers of `size` bytes each; returns the offset. */
  take(count: number, size: 1 | 2 | 4 | 8): number {
    const offset = this.#end;
    this.#end = Math.ceil((offset + count * size) / ALIGN) * ALIGN;
    return offset;
  }
}
