/**
 * A frame as it came, in core memory: the transmits that are taken, one behind another, with the numbers of whole transmits that no split
 * of the picture may change. Brought in once, each transmit shortly before it is summed, so that every thread of the memory reads it while
 * a cache has it:
 *
 *   thread 0   bring in 0, 1 | sum its rows of 0 | bring in 2 | sum its rows of 1 | bring in 3 | ...
 *   thread 1      wait | sum its rows of 0            | sum its rows of 1            | ...
 */
import { SondeError } from "../../../errors.ts";
import { type ChannelData, elementCount, type Frame, samplesPerFrame } from "../../../model.ts";
import { bytesOfType, CORE_TYPES, checkFrameSize, sampleType } from "../../sample-types.ts";
import type { Workspace } from "../../workspace.ts";
import type { Heard } from "./heard-samples.ts";

/** Codes of the types that rows of int16 are made of (assembly/raw-rows.ts): int8, uint8, int16. */
const SHORT_CODES = [0, 1, 2];
const INT16_CODE = 2;
/** Where the facts of a frame stand, and how many there are before those of transmits. */
const THERE = 0;
const TYPE = 1;
const FACTS = 2;
/** So many transmits are brought in before they are due: the others need not wait for who is a little late. More do not stay in the cache. */
const AHEAD = 1;
/**
 * A transmit is brought in within some ten microseconds: so often it is looked for before the thread sleeps. Who is woken is often put on
 * the processor of who wakes, and waits there for the end of its work.
 */
const LOOKS = 20_000;
/** Largest magnitude of a sample of 8 bits, whatever its sign. */
const LARGEST_OF_8_BITS = 255;

export class StagedFrame {
  readonly #workspace: Workspace;
  readonly #info: ChannelData;
  readonly #transmits: readonly number[];
  readonly #short: boolean;
  /** Numbers of a transmit, and of a channel. */
  readonly #perTransmit: number;
  readonly #samples: number;
  readonly #elements: number;
  readonly #offset: number;
  /** int32: how many transmits are there, type of the samples, then the peak of each transmit. */
  readonly #facts: number;
  /** Bytes of a frame that is not all there yet. */
  #source: Uint8Array | undefined;
  /** Samples of each transmit that pixels can hear. */
  #heard: readonly Heard[] = [];

  /** `short`: rows of int16 will be made, so that peaks are found as a frame comes in. */
  constructor(workspace: Workspace, info: ChannelData, transmits: readonly number[], short: boolean) {
    this.#workspace = workspace;
    this.#info = info;
    this.#transmits = transmits;
    this.#short = short;
    this.#samples = info.sampleCount;
    this.#elements = elementCount(info.probe);
    this.#perTransmit = this.#elements * info.sampleCount;
    this.#offset = workspace.take(
      transmits.length * this.#perTransmit,
      bytesOfType(info.sampleType),
      "The frame",
    );
    this.#facts = workspace.take(FACTS + transmits.length, 4, "The frame");
  }

  /** Of what peaks are told from the next frame on. */
  set heard(heard: readonly Heard[]) {
    this.#heard = heard;
  }

  /** Begins to bring a frame in; its samples are read until the last transmit was waited for. `begin` is called when nothing can fail any more. @throws SondeError `corrupt-file` when it is not what its description says */
  load(frame: Frame, begin?: () => void): void {
    const { samples } = frame;
    checkFrameSize(frame, samplesPerFrame(this.#info), bytesOfType(this.#info.sampleType));
    const type = sampleType(samples);
    if (this.#short && !SHORT_CODES.includes(type))
      throw new SondeError(
        "corrupt-file",
        `Frame ${frame.index} holds ${samples.constructor.name} where the sum in int16 takes samples of at most 16 bits: choose beamform.arithmetic "float32"`,
        { fields: { frame: frame.index, type: samples.constructor.name } },
      );
    const facts = this.#workspace.i32(this.#facts, FACTS);
    facts[THERE] = 0;
    facts[TYPE] = type;
    this.#source = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    begin?.();
    this.#bringIn(1 + AHEAD);
  }

  /** Brings in the transmits that are not there yet, of the first `count`. */
  #bringIn(count: number): void {
    const source = this.#source;
    if (!source) return;
    const all = this.#transmits.length;
    const facts = this.#workspace.i32(this.#facts, FACTS + all);
    const type = facts[TYPE];
    const bytes = this.#perTransmit * CORE_TYPES[type].bytes;
    for (let t = facts[THERE]; t < Math.min(count, all); t++) {
      const from = this.#transmits[t] * bytes;
      this.#workspace.u8(this.#offset + t * bytes, bytes).set(source.subarray(from, from + bytes));
      if (this.#short) facts[FACTS + t] = this.#peakOf(type, t);
      Atomics.store(facts, THERE, t + 1);
      Atomics.notify(facts, THERE);
    }
    if (facts[THERE] === all) this.#source = undefined;
  }

  /** Largest magnitude that pixels can hear of a transmit of at most 16 bits, while it is still in the cache. */
  #peakOf(type: number, t: number): number {
    if (type !== INT16_CODE) return LARGEST_OF_8_BITS;
    const { first, last } = this.#heard[t];
    const stride = 2 * this.#samples;
    const heard = this.#offset + 2 * (t * this.#perTransmit + first);
    return this.#workspace.kernels.peakSample(type, heard, last + 1 - first, this.#elements, stride);
  }

  /** Waits until the transmit that is taken as number `t` has been brought in, or all have; of the thread that brings them in: does so. */
  waitFor(t = this.#transmits.length - 1): void {
    this.#bringIn(t + 1 + AHEAD);
    const facts = this.#workspace.i32(this.#facts, FACTS);
    let looks = 0;
    for (let there = Atomics.load(facts, THERE); there <= t; there = Atomics.load(facts, THERE))
      if (++looks > LOOKS) Atomics.wait(facts, THERE, there);
  }

  /** Type of the samples, as the core numbers them. */
  get type(): number {
    return this.#workspace.i32(this.#facts, FACTS)[TYPE];
  }

  /** Address of the first sample of a channel, counted over the transmits of a frame. */
  channel(channel: number, sampleBytes: number): number {
    const transmit = Math.floor(channel / this.#elements);
    const t = this.#transmits.indexOf(transmit);
    const number = t * this.#elements + (channel - transmit * this.#elements);
    return this.#offset + number * this.#samples * sampleBytes;
  }

  /** Largest magnitude that is heard of the transmit that is taken as number `t`, or of all. */
  peak(t?: number): number {
    const peaks = this.#workspace.i32(this.#facts + 4 * FACTS, this.#transmits.length);
    return t === undefined ? Math.max(...peaks) : peaks[t];
  }
}
