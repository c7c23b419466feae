/**
 * Finds the messages of a Sonde stream among bytes that may be damaged. A header is believed when its check value is
 * right; a payload when its own is and no believable header lies inside it. So a message that was cut short is given up
 * as soon as the next header comes, and every byte is looked at a bounded number of times, whoever wrote it.
 */
import { SondeError } from "../errors.ts";
import { crc32 } from "../formats/crc32.ts";
import {
  HEADER_BYTES,
  padded,
  readHeader,
  SONDE_MARK,
  SONDE_VERSION,
  type SondeHeader,
} from "./sonde-messages.ts";

/** What lies at the front. */
export type Found =
  /** A sound message; `bytes`: with its padding. `payload` is a view. */
  | { kind: "message"; header: SondeHeader; payload: Uint8Array; bytes: number }
  /** Bytes that belong to no message that can be read. */
  | { kind: "skip"; bytes: number }
  /** Not enough to say. */
  | { kind: "wait" };

const WAIT: Found = { kind: "wait" };

/** Where the next mark begins or may begin (its first bytes are the last ones here), from `from`; the end without one. */
function nextMark(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(SONDE_MARK[0], from); at >= 0; at = bytes.indexOf(SONDE_MARK[0], at + 1)) {
    let k = 1;
    while (k < SONDE_MARK.length && at + k < bytes.length && bytes[at + k] === SONDE_MARK[k]) k++;
    if (k === SONDE_MARK.length || at + k === bytes.length) return at;
  }
  return bytes.length;
}

export class SondeScanner {
  readonly #mostPayloadBytes: number;
  /** Header at the front, when it is known to be sound, and how far its payload has been searched for another. */
  #header: SondeHeader | undefined;
  #searched = HEADER_BYTES;

  constructor(mostPayloadBytes: number) {
    this.#mostPayloadBytes = mostPayloadBytes;
  }

  /**
   * Judges the front of `bytes`. After a message or a skip the caller drops that many bytes and asks again; after a wait
   * it asks again with the same bytes and more. `ended`: no more will come.
   * @throws SondeError `unsupported-format` for a later version of the stream
   */
  next(bytes: Uint8Array, ended: boolean): Found {
    if (bytes.length === 0) return WAIT;
    if (!this.#header) {
      const at = nextMark(bytes, 0);
      if (at > 0) return { kind: "skip", bytes: at };
      if (bytes.length < HEADER_BYTES) return ended ? { kind: "skip", bytes: nextMark(bytes, 1) } : WAIT;
      const header = readHeader(bytes);
      if (!header) return { kind: "skip", bytes: nextMark(bytes, 1) };
      if (header.version !== SONDE_VERSION)
        throw new SondeError(
          "unsupported-format",
          `The Sonde stream is of version ${header.version}; this program reads version ${SONDE_VERSION}: update it.`,
          { fields: { version: header.version } },
        );
      if (header.payloadBytes > this.#mostPayloadBytes || header.firstBytes > header.payloadBytes)
        return { kind: "skip", bytes: nextMark(bytes, HEADER_BYTES) };
      this.#header = header;
      this.#searched = HEADER_BYTES;
    }
    return this.#judgePayload(bytes, this.#header, ended);
  }

  #judgePayload(bytes: Uint8Array, header: SondeHeader, ended: boolean): Found {
    const whole = HEADER_BYTES + padded(header.payloadBytes);
    const reach = Math.min(bytes.length, whole);
    while (this.#searched < reach) {
      const at = nextMark(bytes, this.#searched);
      this.#searched = Math.min(at, reach);
      if (at >= reach || at + HEADER_BYTES > bytes.length) break;
      if (readHeader(bytes.subarray(at))) return this.#skip(at);
      this.#searched = at + 1;
    }
    if (bytes.length >= whole) {
      const payload = bytes.subarray(HEADER_BYTES, HEADER_BYTES + header.payloadBytes);
      if (crc32(payload) !== header.payloadCrc)
        return this.#skip(nextMark(bytes, Math.max(HEADER_BYTES, whole - HEADER_BYTES + 1)));
      this.#header = undefined;
      return { kind: "message", header, payload, bytes: whole };
    }
    return ended ? this.#skip(nextMark(bytes, HEADER_BYTES)) : WAIT;
  }

  #skip(bytes: number): Found {
    this.#header = undefined;
    return { kind: "skip", bytes };
  }
}
