/**
 * The control channel of echOpen's devices of 2019 (EPF 0.1.0; TCP, port 50000). All words are int32, big-endian:
 *
 *   request  [words, itself included | id | parameters ...]
 *   reply    [words, itself included | id | error | duration us | extra ...]
 */
import { SondeError } from "../errors.ts";
import type { DeviceStatus } from "../live/protocol.ts";
import { ByteQueue } from "./byte-queue.ts";

export const E4_REQUEST = {
  start: 1,
  status: 2,
  getConfiguration: 3,
  setConfiguration: 4,
  powerOff: 5,
  stop: 6,
  testPattern: 7,
  stopTestPattern: 8,
  diagnostic: 9,
} as const;
export type E4RequestName = keyof typeof E4_REQUEST;

const STATES = ["off", "offline", "standby", "starting", "scanning", "test pattern", "error"];

/** What the negative error numbers mean; 0 is success. */
const ERRORS = [
  "unknown error",
  "its memory of settings fails",
  "its wireless access point fails",
  "a system call fails",
  "not possible in its present state",
  "a flag was not set",
  "a configuration of another type",
  "the motor does not find its origin",
  "an invalid parameter",
  "not implemented",
  "an unknown request",
  "its operating system fails",
  "a request of the wrong size",
];

export const E4_TEST_PATTERNS = ["black", "grey", "white", "grid"] as const;

/** A picture that the device makes up itself. */
export interface E4TestPattern {
  pattern: (typeof E4_TEST_PATTERNS)[number];
  /** Time between frames and between lines (us, 1 to 10^9). */
  frameIntervalUs: number;
  lineIntervalUs: number;
  /** 1 to 255 lines of 1 to 7991 samples: what a datagram can carry. */
  linesPerFrame: number;
  samplesPerLine: number;
  /** 1 to 16. */
  bitsPerSample: number;
}

/** Most words a message can have; larger sizes are no sizes. */
const MOST_WORDS = 1024;

function words(values: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, k) => {
    view.setInt32(4 * k, value);
  });
  return bytes;
}

/** The bytes of a request. @throws SondeError `bad-option` for a test pattern out of range */
export function encodeE4Request(
  name: Exclude<E4RequestName, "testPattern" | "setConfiguration">,
): Uint8Array<ArrayBuffer>;
export function encodeE4Request(name: "testPattern", pattern: E4TestPattern): Uint8Array<ArrayBuffer>;
export function encodeE4Request(name: E4RequestName, pattern?: E4TestPattern): Uint8Array<ArrayBuffer> {
  if (!pattern) return words([2, E4_REQUEST[name]]);
  const check = (field: string, value: number, most: number) => {
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new SondeError("bad-option", `${field} is ${value}; it must be a whole number from 1 to ${most}.`, {
      fields: { field, value },
    });
  };
  const kind = E4_TEST_PATTERNS.indexOf(pattern.pattern);
  if (kind < 0)
    throw new SondeError(
      "bad-option",
      `pattern is ${JSON.stringify(pattern.pattern)}; choose one of ${E4_TEST_PATTERNS.join(", ")}.`,
    );
  return words([
    8,
    E4_REQUEST[name],
    kind,
    check("frameIntervalUs", pattern.frameIntervalUs, 1e9),
    check("linesPerFrame", pattern.linesPerFrame, 255),
    check("lineIntervalUs", pattern.lineIntervalUs, 1e9),
    check("samplesPerLine", pattern.samplesPerLine, 7991),
    check("bitsPerSample", pattern.bitsPerSample, 16),
  ]);
}

/** A request or reply as it stands. */
export interface E4Message {
  id: number;
  /** Words after the id. */
  rest: readonly number[];
}

/** Cuts the channel into messages. `leastWords`: 2 for requests, 4 for replies. */
export class E4MessageSplitter {
  readonly #leastWords: number;
  readonly #queue = new ByteQueue();
  /** Why there is no going on, when messages before it were to be given first. */
  #failure: unknown;

  constructor(leastWords: 2 | 4) {
    this.#leastWords = leastWords;
  }

  get heldBytes(): number {
    return this.#queue.capacity;
  }

  /** @throws SondeError `corrupt-file` for a size that is none: there is no mark to go on from, connect again */
  push(chunk: Uint8Array): E4Message[] {
    if (this.#failure !== undefined) throw this.#failure;
    const messages: E4Message[] = [];
    try {
      this.#split(chunk, messages);
    } catch (error) {
      if (messages.length === 0) throw error;
      this.#failure = error;
    }
    return messages;
  }

  #split(chunk: Uint8Array, messages: E4Message[]): void {
    for (let at = 0; at < chunk.length; at += 4 * MOST_WORDS) {
      this.#queue.append(chunk.subarray(at, at + 4 * MOST_WORDS));
      for (
        let size = this.#size();
        size !== undefined && this.#queue.length >= 4 * size;
        size = this.#size()
      ) {
        const bytes = this.#queue.view();
        const view = new DataView(bytes.buffer, bytes.byteOffset, 4 * size);
        const rest: number[] = [];
        for (let k = 2; k < size; k++) rest.push(view.getInt32(4 * k));
        messages.push({ id: view.getInt32(4), rest });
        this.#queue.drop(4 * size);
      }
    }
  }

  /** Words of the message at the front, when that is known. */
  #size(): number | undefined {
    if (this.#queue.length < 4) return undefined;
    const word = (k: number) => this.#queue.byte(k);
    const size = (word(0) << 24) | (word(1) << 16) | (word(2) << 8) | word(3);
    if (size < this.#leastWords || size > MOST_WORDS)
      throw new SondeError(
        "corrupt-file",
        `The echOpen device claims a message of ${size} words (${this.#leastWords} to ${MOST_WORDS}); connect again.`,
        { fields: { size } },
      );
    return size;
  }
}

export interface E4Reply {
  id: number;
  /** What the device did not like, in words; undefined when it obeyed. */
  error: string | undefined;
  durationUs: number;
  /** Only in the reply to `status`. */
  status?: DeviceStatus;
}

/** The meaning of a reply. */
export function readE4Reply({ id, rest }: E4Message): E4Reply {
  const [error, durationUs, temperature, battery, state, lastError] = rest;
  const inWords = (code: number) => (code === 0 ? undefined : (ERRORS[-code - 1] ?? `error ${code}`));
  const reply: E4Reply = { id, error: inWords(error), durationUs };
  if (id !== E4_REQUEST.status || rest.length < 6) return reply;
  const trouble = inWords(lastError);
  const name = STATES[state - 1] ?? `state ${state}`;
  reply.status = {
    state: trouble ? `${name}; ${trouble}` : name,
    temperatureC: temperature / 1000,
    ...(battery >= 0 && battery <= 100 ? { battery: battery / 100 } : {}),
  };
  return reply;
}

/** The device's answer. `extra`: words after the duration. */
export function encodeE4Reply(
  id: number,
  error: number,
  extra: readonly number[] = [],
): Uint8Array<ArrayBuffer> {
  return words([4 + extra.length, id, error, 0, ...extra]);
}
