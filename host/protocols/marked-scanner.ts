/**
 * Finds messages that begin with a mark and say their size, among bytes that may be damaged. A message is believed when
 * its header is sound, no other sound header lies inside it, and its check value is right. So a message that was cut
 * short is given up as soon as the next header comes, and every byte is looked at a bounded number of times, whoever
 * wrote it.
 */

/** How a protocol marks its messages. */
export interface Marking {
  mark: Uint8Array;
  /** Bytes needed to judge a header, the mark included. */
  headerBytes: number;
  /** Bytes of the message whose header is at the front of these bytes; undefined: it is no header. */
  sizeOf(bytes: Uint8Array): number | undefined;
  /** Whether a whole message agrees with its check value; absent: there is none, and every mark counts. */
  isSound?(message: Uint8Array): boolean;
}

/** What lies at the front. */
export type Found =
  /** A sound message of `bytes` bytes. */
  | { kind: "message"; bytes: number }
  /** Bytes of no message; `rejected`: they look like one and are damaged. */
  | { kind: "skip"; bytes: number; rejected: boolean }
  /** Not enough to say. */
  | { kind: "wait" };

const WAIT: Found = { kind: "wait" };

export class MarkedScanner {
  readonly #marking: Marking;
  /** Size of the message at the front once its header is known to be sound, and how far it has been searched for another. */
  #size: number | undefined;
  #searched = 0;

  constructor(marking: Marking) {
    this.#marking = marking;
  }

  /**
   * Judges the front of `bytes`. After a message or a skip the caller drops that many bytes and asks again; after a wait
   * it asks again with the same bytes and more. `ended`: no more will come. Throws what `sizeOf` throws.
   */
  next(bytes: Uint8Array, ended: boolean): Found {
    if (bytes.length === 0) return WAIT;
    if (this.#size === undefined) {
      const at = this.#nextMark(bytes, 0);
      if (at > 0) return { kind: "skip", bytes: at, rejected: false };
      const { headerBytes } = this.#marking;
      if (bytes.length < headerBytes) return ended ? this.#reject(this.#nextMark(bytes, 1)) : WAIT;
      this.#size = this.#marking.sizeOf(bytes);
      if (this.#size === undefined) return this.#reject(this.#nextMark(bytes, 1));
      this.#searched = 1;
    }
    return this.#judge(bytes, this.#size, ended);
  }

  #judge(bytes: Uint8Array, size: number, ended: boolean): Found {
    const { headerBytes, sizeOf, isSound } = this.#marking;
    const reach = Math.min(bytes.length, size);
    while (this.#searched < reach) {
      const at = this.#nextMark(bytes, this.#searched);
      this.#searched = Math.min(at, reach);
      if (at >= reach) break;
      if (at + headerBytes > bytes.length) {
        // A message without check value must wait until it is known whether another one begins inside it.
        if (!isSound && !ended) return WAIT;
        break;
      }
      if (sizeOf(bytes.subarray(at)) !== undefined) return this.#reject(at);
      this.#searched = at + 1;
    }
    if (bytes.length < size) return ended ? this.#reject(this.#nextMark(bytes, 1)) : WAIT;
    // Headers that lie wholly inside have been searched for; one may begin there and go on behind it.
    if (isSound && !isSound(bytes.subarray(0, size)))
      return this.#reject(this.#nextMark(bytes, Math.max(1, size - headerBytes + 1)));
    this.#size = undefined;
    return { kind: "message", bytes: size };
  }

  #reject(bytes: number): Found {
    this.#size = undefined;
    return { kind: "skip", bytes, rejected: true };
  }

  /** Where the next mark begins or may begin (its first bytes are the last ones here), from `from`; the end without one. */
  #nextMark(bytes: Uint8Array, from: number): number {
    const { mark } = this.#marking;
    for (let at = bytes.indexOf(mark[0], from); at >= 0; at = bytes.indexOf(mark[0], at + 1)) {
      let k = 1;
      while (k < mark.length && at + k < bytes.length && bytes[at + k] === mark[k]) k++;
      if (k === mark.length || at + k === bytes.length) return at;
    }
    return bytes.length;
  }
}
