/**
 * Bytes that arrive in chunks of any size and leave from the front. Appending and dropping cost O(1) per byte: the
 * buffer is compacted only when it is full.
 *
 *   |  dropped  |  waiting (length bytes)  |  free  |
 *   0         start                       end   buffer.length
 */
export class ByteQueue {
  #buffer = new Uint8Array(4096);
  #start = 0;
  #end = 0;

  /** Bytes that wait. */
  get length(): number {
    return this.#end - this.#start;
  }

  append(chunk: Uint8Array): void {
    const needed = this.length + chunk.length;
    if (this.#end + chunk.length > this.#buffer.length) {
      // At least half of the buffer is free afterwards, so that the copy is paid for by as many appended bytes.
      const target =
        needed * 2 > this.#buffer.length ? new Uint8Array(Math.max(needed * 2, 4096)) : this.#buffer;
      target.set(this.#buffer.subarray(this.#start, this.#end));
      this.#buffer = target;
      this.#end = this.length;
      this.#start = 0;
    }
    this.#buffer.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Byte `offset` from the front; the caller knows that it is there. */
  byte(offset: number): number {
    return this.#buffer[this.#start + offset];
  }

  /** A copy of `count` bytes from `offset`. */
  copy(offset: number, count: number): Uint8Array<ArrayBuffer> {
    return this.#buffer.slice(this.#start + offset, this.#start + offset + count);
  }

  /** What waits, without a copy; valid until the next `append`. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Bytes of memory taken, at most twice what ever waited at once. */
  get capacity(): number {
    return this.#buffer.length;
  }

  drop(count: number): void {
    this.#start += count;
  }
}
