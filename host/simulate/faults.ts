/** Faults on demand: what cables, radio links and tired firmware do to a stream, the same for the same seed. */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import { randomNumbers } from "./random.ts";

/** Faults by name, each at a rate per message. */
export const FAULTS = [
  "loss",
  "duplicate",
  "reorder",
  "truncate",
  "garbage",
  "flip",
  "stall",
  "unplug",
] as const;
/**
 * loss: the message is missing; duplicate: it comes twice; reorder: after the next; truncate: its end is missing; garbage: bytes
 * of nothing before it; flip: one bit is wrong; stall: nothing for a while, nothing lost; unplug: the connection ends.
 */
export type Fault = (typeof FAULTS)[number];

/** How often each happens, 0 to 1 a message. */
export type FaultRates = Readonly<Partial<Record<Fault, number>>>;

/** What becomes of messages. */
export type FaultyStep =
  | { kind: "send"; bytes: Uint8Array }
  | { kind: "wait"; ms: number }
  | { kind: "unplug" };

const DEFAULT_RATE = 0.01;
const STALL_MS = [300, 1500] as const;
const MOST_GARBAGE_BYTES = 64;

/** `loss=0.01,duplicate,...`, 0.01 where no rate is given. @throws SondeError `bad-option` */
export function parseFaults(text: string): FaultRates {
  const rates: Partial<Record<Fault, number>> = {};
  for (const part of text === "" ? [] : text.split(",")) {
    const [name, value, ...rest] = part.split("=");
    const fault = FAULTS.find((known) => known === name.trim());
    const rate = value === undefined ? DEFAULT_RATE : Number(value);
    if (!fault || rest.length || !(rate >= 0 && rate <= 1) || value?.trim() === "")
      throw new SondeError(
        "bad-option",
        `${quote(part)} is no fault: give one of ${FAULTS.join(", ")}, with a rate from 0 to 1, as in loss=0.01`,
        { fields: { fault: part } },
      );
    rates[fault] = rate;
  }
  return rates;
}

/** Puts faults into messages. */
export class FaultyWay {
  readonly #rates: FaultRates;
  readonly #random: () => number;
  #held: Uint8Array | undefined;
  /** How often each fault happened. */
  readonly counts: Record<Fault, number> = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<
    Fault,
    number
  >;

  constructor(rates: FaultRates, seed: number) {
    this.#rates = rates;
    this.#random = randomNumbers(seed);
  }

  #happens(fault: Fault): boolean {
    const rate = this.#rates[fault];
    const happens = rate !== undefined && this.#random() < rate;
    if (happens) this.counts[fault]++;
    return happens;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  /** What becomes of one message. */
  pass(message: Uint8Array): FaultyStep[] {
    const steps: FaultyStep[] = [];
    const send = (bytes: Uint8Array) => steps.push({ kind: "send", bytes });
    if (this.#happens("unplug")) {
      this.#held = undefined;
      return [{ kind: "unplug" }];
    }
    if (this.#happens("stall"))
      steps.push({ kind: "wait", ms: STALL_MS[0] + this.#random() * (STALL_MS[1] - STALL_MS[0]) });
    if (this.#happens("garbage"))
      send(Uint8Array.from({ length: 1 + this.#below(MOST_GARBAGE_BYTES) }, () => this.#below(256)));
    const held = this.#held;
    this.#held = undefined;
    let bytes = message;
    if (bytes.length && this.#happens("flip")) {
      bytes = bytes.slice();
      bytes[this.#below(bytes.length)] ^= 1 << this.#below(8);
    }
    if (this.#happens("truncate")) bytes = bytes.subarray(0, this.#below(bytes.length));
    if (!this.#happens("loss")) {
      if (!held && this.#happens("reorder")) this.#held = bytes;
      else send(bytes);
      if (this.#happens("duplicate")) send(bytes);
    }
    if (held) send(held);
    return steps;
  }
}
