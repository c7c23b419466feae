/**
 * echOpen's UDP protocol of 2019 (EPF 0.1.0; port 51000): one line per datagram, byte orders mixed.
 *
 *   u32 BE time of the previous line us | u32 BE its calculation | u32 BE its sending
 *   u24 LE samples n | u8 line 1.. | u8 channel | u8 frame counter | n x i16 BE
 */
import { SondeError } from "../errors.ts";
import { ByteQueue } from "./byte-queue.ts";

const HEADER_BYTES = 18;
/** Largest datagram the device sends. */
export const E4_LARGEST_DATAGRAM = 16000;

export interface E4Line {
  /** Time stamp the device gave to the line before this one (us, wraps at 2^32). */
  previousTimeUs: number;
  /** 1-based. */
  line: number;
  channel: number;
  /** Wraps at 256. */
  frameCounter: number;
  samples: Int16Array;
}

/** The line in a datagram, or undefined when it is none: wrong length, no samples, line 0. */
export function readE4Datagram(bytes: Uint8Array): E4Line | undefined {
  if (bytes.length <= HEADER_BYTES || bytes.length > E4_LARGEST_DATAGRAM) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes[12] | (bytes[13] << 8) | (bytes[14] << 16);
  const line = bytes[15];
  if (bytes.length !== HEADER_BYTES + 2 * count || line === 0) return undefined;
  const samples = new Int16Array(count);
  for (let k = 0; k < count; k++) samples[k] = view.getInt16(HEADER_BYTES + 2 * k);
  return { previousTimeUs: view.getUint32(0), line, channel: bytes[16], frameCounter: bytes[17], samples };
}

/** Counts frames without wrapping: late datagrams, up to 127 frames back, get the number of their own frame. */
export class E4FrameCounter {
  #newest: number | undefined;
  #origin = 0;

  /** Frame number of a datagram; the first one's frame is 0. */
  frameOf(line: E4Line): number {
    if (this.#newest === undefined) {
      this.#newest = 0;
      this.#origin = line.frameCounter;
      return 0;
    }
    const wrapped = (line.frameCounter - this.#origin - this.#newest) & 0xff;
    const frame = this.#newest + (wrapped < 128 ? wrapped : wrapped - 256);
    this.#newest = Math.max(this.#newest, frame);
    return frame;
  }
}

/** Cuts a recording (u32 LE length before each datagram) back into datagrams, from chunks of any size. */
export class E4RecordingSplitter {
  readonly #queue = new ByteQueue();
  #offset = 0;

  /** @throws SondeError `corrupt-file` when a length cannot be one: there is no mark to find the next datagram by */
  push(chunk: Uint8Array): Uint8Array<ArrayBuffer>[] {
    const datagrams: Uint8Array<ArrayBuffer>[] = [];
    for (let at = 0; at < chunk.length; at += E4_LARGEST_DATAGRAM) {
      this.#queue.append(chunk.subarray(at, at + E4_LARGEST_DATAGRAM));
      while (this.#queue.length >= 4) {
        const length =
          (this.#queue.byte(0) |
            (this.#queue.byte(1) << 8) |
            (this.#queue.byte(2) << 16) |
            (this.#queue.byte(3) << 24)) >>>
          0;
        if (length > E4_LARGEST_DATAGRAM)
          throw new SondeError(
            "corrupt-file",
            `The recording claims a datagram of ${length} bytes at byte ${this.#offset} (at most ${E4_LARGEST_DATAGRAM}); it is damaged there.`,
            { fields: { length, offset: this.#offset } },
          );
        if (this.#queue.length < 4 + length) break;
        datagrams.push(this.#queue.copy(4, length));
        this.#queue.drop(4 + length);
        this.#offset += 4 + length;
      }
    }
    return datagrams;
  }

  /** Bytes of a datagram that never became whole. */
  get leftBytes(): number {
    return this.#queue.length;
  }
}
