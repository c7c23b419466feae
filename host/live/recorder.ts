/**
 * Records a live stream as it comes: the messages of Sonde's stream (../protocols/sonde-stream.md), appended to a sink one
 * whole message at a time. Whatever was written when the program or the computer stops is a recording: its last whole
 * frame is readable, and a reader sees that the end is missing.
 */
import { SondeError, toErrorMessage } from "../errors.ts";
import type { Acquisition, Frame } from "../model.ts";
import { unrolled } from "../protocols/a-scans.ts";
import { SondeEncoder } from "../protocols/sonde-encoder.ts";
import type { LinkReport, LiveEvent } from "./live-source.ts";
import type { ProtocolEvent } from "./protocol.ts";

/** Where a recording goes. */
export interface RecordingSink {
  /** Appends bytes; resolves when they are out of this program's hands. Called again only then. */
  write(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderOptions {
  /** Longest recording (s, above 0), whatever it is that comes. Default `DEFAULT_MAX_SECONDS`. */
  maxSeconds?: number;
  /** Largest recording (bytes, at least 4096). Default `DEFAULT_MAX_RECORDING_BYTES`. */
  maxBytes?: number;
  /**
   * Most bytes that wait for a slow sink (at least 4096); frames and messages beyond it are dropped and counted. A
   * configuration waits for room, and frames for it. Default 64 MiB.
   */
  maxPendingBytes?: number;
  /** What is known of device and session, kept in the recording as text by name. */
  about?: Readonly<Record<string, string>>;
}

/** An hour. */
export const DEFAULT_MAX_SECONDS = 3600;
/** What `open()` reads without being told otherwise. */
export const DEFAULT_MAX_RECORDING_BYTES = 2 ** 30;

export interface RecorderStatus {
  /** `full`: a limit was reached, the recording is whole. `failed`: the sink refused; what it took before is readable. */
  state: "recording" | "full" | "failed" | "closed";
  frames: number;
  /** What came beside frames: texts, poses, losses, how the device does. */
  messages: number;
  /** Handed to the sink or waiting for it. */
  bytes: number;
  seconds: number;
  /** Frames and messages that came too fast for the sink, did not fit their acquisition, or cannot be written. */
  dropped: number;
  error?: SondeError;
}

export interface Recorder {
  /**
   * Takes an event of the stream, in its order; an acquisition first. Orders and changes of the link are kept too; raw chunks are not.
   * Never waits, never throws; after the end it does nothing.
   */
  add(event: LiveEvent): void;
  readonly status: RecorderStatus;
  /** Writes the end and closes the sink. Resolves when all is written; may be called more than once. Never rejects: see `status`. */
  close(): Promise<void>;
}

/** Time between repetitions of the configuration: what damage to one can cost. */
const REPEAT_S = 5;
/** Most values and letters of what a message carries: a pose has sixteen, a long track some thousands. */
const MOST_CONTENT = 2 ** 20;
/** Kept free for the end message. */
const END_BYTES = 56;
/** Header and padding of a frame's message, at most. */
const FRAME_OVERHEAD_BYTES = 72;

function checked(name: string, value: number | undefined, least: number, fallback: number): number {
  if (value === undefined) return fallback;
  if (value >= least && value < Number.POSITIVE_INFINITY) return value;
  throw new SondeError("bad-option", `${name} is ${value}; it must be a number of at least ${least}.`, {
    fields: { name, value },
  });
}

const nowS = () => performance.now() / 1000;

/** What a message carries as JSON can hold it, arrays of numbers as lists. @throws SondeError `bad-option` when it is too large */
function bounded<T extends object>(content: T): T {
  let left = MOST_CONTENT;
  const text = JSON.stringify(content, (key, value: unknown) => {
    const isNumbers = ArrayBuffer.isView(value) && !(value instanceof DataView);
    const list = isNumbers ? (value as Float64Array) : undefined;
    left -= 1 + key.length + (typeof value === "string" ? value.length : (list?.length ?? 0));
    if (left < 0)
      throw new SondeError("bad-option", `A message holds over ${MOST_CONTENT} values; it is not recorded.`);
    return list ? Array.from(list) : value;
  });
  return JSON.parse(text) as T;
}

function newestLine({ index, timeS, samples }: Frame, sampleCount: number): Frame {
  return { index, timeS, samples: samples.subarray(samples.length - sampleCount) };
}

class StreamRecorder implements Recorder {
  readonly #sink: RecordingSink;
  readonly #encoder = new SondeEncoder();
  readonly #maxSeconds: number;
  readonly #maxBytes: number;
  readonly #maxPendingBytes: number;
  readonly #about: Readonly<Record<string, string>>;
  #info: Acquisition | undefined;
  /** Samples of the line that is new in each frame, where only that is kept. */
  #newest: number | undefined;
  #configuredS = 0;
  /** Device and session are in it. */
  #told = false;
  #linkState: string | undefined;
  /** Bytes that belonged to nothing and are not told of yet. */
  #skippedBytes = 0;
  #startS: number | undefined;
  #lastS = 0;
  /** The last frame: its index, its place (`Frame.sequence`), and its number in the recording. */
  #last: { index: number; place: number; number: number } | undefined;
  /** Since then an unknown number of frames was lost, and the recording says so. */
  #gap = false;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #writing: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  readonly #status: RecorderStatus = {
    state: "recording",
    frames: 0,
    messages: 0,
    bytes: 0,
    seconds: 0,
    dropped: 0,
  };

  constructor(sink: RecordingSink, options: RecorderOptions) {
    this.#sink = sink;
    this.#maxSeconds = checked("maxSeconds", options.maxSeconds, Number.MIN_VALUE, DEFAULT_MAX_SECONDS);
    this.#maxBytes = checked("maxBytes", options.maxBytes, 4096, DEFAULT_MAX_RECORDING_BYTES);
    this.#maxPendingBytes = checked("maxPendingBytes", options.maxPendingBytes, 4096, 2 ** 26);
    this.#about = options.about ?? {};
  }

  get status(): RecorderStatus {
    return { ...this.#status, seconds: this.#startS === undefined ? 0 : this.#lastS - this.#startS };
  }

  add(event: LiveEvent): void {
    if (this.#status.state !== "recording") return;
    try {
      this.#add(event, nowS());
    } catch {
      this.#status.dropped++; // a recording goes on without what cannot be written
    }
  }

  #add(event: LiveEvent, now: number): void {
    if (event.kind === "link") {
      this.#linked(event.link);
      return;
    }
    if (event.kind === "skipped") this.#skippedBytes += event.bytes;
    if (event.kind === "skipped" || event.kind === "chunk" || event.kind === "reconfigured") return;
    this.#startS ??= now;
    if (now - this.#startS > this.#maxSeconds) {
      this.#finish("full");
      return;
    }
    this.#lastS = now;
    if (event.kind === "acquisition") this.#configure(event.info, now);
    else if (event.kind === "frame") this.#frame(event.frame, now);
    else if (event.kind === "lost") this.#lose(event);
    else if (event.kind === "status") this.#say(this.#encoder.status(event.status));
    else if (event.kind === "text") this.#say(this.#encoder.text(event.text));
    else if (event.kind === "message") this.#message(event);
    else if (event.kind === "order") this.#note("order", event.order);
  }

  close(): Promise<void> {
    return this.#finish("closed");
  }

  #configure(given: Acquisition, now: number): void {
    // Of a picture that rolls its newest line is kept: readers make it roll again.
    const lines = unrolled(given);
    const info = lines ?? given;
    this.#newest = lines?.sampleCount ?? (info === this.#info ? this.#newest : undefined);
    this.#info = info;
    // Where too much waits, it goes before the next frame that there is room for.
    this.#configuredS = this.#fits(0) ? now : Number.NEGATIVE_INFINITY;
    if (this.#configuredS !== now) return;
    this.#put(this.#encoder.configuration(info));
    if (!this.#told) this.#put(this.#session(info.name));
  }

  /** What is known of device and session, once in a recording. */
  #session(device: string): Uint8Array {
    this.#told = true;
    const sinceS = (this.#startS ?? nowS()) - nowS();
    const started = new Date(Date.now() + 1000 * sinceS);
    return this.#encoder.message({
      type: "recording",
      device,
      timeS: started.getTime() / 1000,
      content: { started: started.toISOString(), ...this.#about },
    });
  }

  #frame(given: Frame, now: number): void {
    const frame = this.#newest === undefined ? given : newestLine(given, this.#newest);
    if (!this.#info) {
      this.#status.dropped++;
      return;
    }
    const most = frame.samples.byteLength + (frame.missingLines?.length ?? 0) + FRAME_OVERHEAD_BYTES;
    if (this.#status.bytes + most + END_BYTES > this.#maxBytes) {
      this.#finish("full");
      return;
    }
    if (this.#isLate(frame.samples.byteLength)) return;
    if (now - this.#configuredS > REPEAT_S) this.#configure(this.#info, now);
    this.#tellSkipped();
    // Times of arrival stay what they are.
    const { timeS, ...untimed } = frame;
    const arrived = this.#info.frameRateMeasured ? timeS : undefined;
    const number = this.#numberOf(given);
    try {
      this.#put(
        this.#encoder.frame({ ...(arrived === undefined ? frame : untimed), index: number }, arrived ?? now),
      );
    } catch {
      this.#status.dropped++; // it is none of this acquisition's, and the next ones may be
      return;
    }
    if (this.#status.state === "recording") this.#status.frames++;
  }

  /** The recording's own count starts with its first frame; what is missing later stays missing. */
  #numberOf({ index, sequence = index }: Frame): number {
    const last = this.#last;
    // A gap that is told of already is none in the count.
    const step = last && (this.#gap ? index - last.index : sequence - last.place);
    const number = last && step !== undefined ? last.number + step : 0;
    this.#last = { index, place: sequence, number };
    this.#gap = false;
    return number;
  }

  #lose(event: Extract<ProtocolEvent, { kind: "lost" }>): void {
    const isSaid = this.#say(this.#encoder.lost(event));
    this.#gap ||= isSaid && event.what === "frames" && event.count === undefined;
  }

  #message(event: Extract<ProtocolEvent, { kind: "message" }>): void {
    // Nothing is made of what is dropped anyway.
    if (this.#isLate(0)) return;
    const { content, metadata } = bounded({ content: event.content ?? null, metadata: event.metadata });
    this.#say(this.#encoder.message({ ...event, content, metadata }));
  }

  /** Hands over what comes beside frames, unless too much waits. @returns whether it did */
  #say(message: Uint8Array): boolean {
    if (this.#isLate(message.length)) return false;
    this.#put(message);
    if (this.#status.state !== "recording") return false;
    this.#status.messages++;
    return true;
  }

  /** So many bytes may wait, too. One message may be larger, alone. */
  #fits(bytes: number): boolean {
    return this.#pendingBytes === 0 || this.#pendingBytes + bytes <= this.#maxPendingBytes;
  }

  /** They may not, and are counted as dropped. */
  #isLate(bytes: number): boolean {
    if (this.#fits(bytes)) return false;
    this.#status.dropped++;
    return true;
  }

  /** What was skipped since the last frame, in one message however many pieces it came in. */
  #tellSkipped(): void {
    if (this.#skippedBytes === 0) return;
    if (this.#note("skipped", { bytes: this.#skippedBytes })) this.#skippedBytes = 0;
  }

  /** A message of the recording's own, at the time of this computer. @returns whether there was room for it */
  #note(type: string, content: object): boolean {
    if (this.#isLate(0)) return false;
    const device = this.#info?.name ?? "";
    this.#put(this.#encoder.message({ type, device, timeS: Date.now() / 1000, content: bounded(content) }));
    return true;
  }

  #linked({ state, why, reason, device }: LinkReport): void {
    if (state === this.#linkState) return;
    this.#linkState = state;
    this.#note("link", { state, why, reason, device: device?.name });
  }

  /** Hands a message over, unless it would be over the limit: then the recording is full. */
  #put(message: Uint8Array): void {
    if (this.#status.state !== "recording") return;
    if (this.#status.bytes + message.length + END_BYTES > this.#maxBytes) {
      this.#finish("full");
      return;
    }
    this.#send(message);
  }

  #send(message: Uint8Array): void {
    this.#status.bytes += message.length;
    this.#pending.push(message);
    this.#pendingBytes += message.length;
    this.#writing ??= this.#drain();
  }

  async #drain(): Promise<void> {
    try {
      for (let message = this.#pending.shift(); message; message = this.#pending.shift()) {
        await this.#sink.write(message);
        this.#pendingBytes -= message.length;
      }
    } catch (cause) {
      this.#fail(cause);
    }
    this.#writing = undefined;
  }

  #fail(cause: unknown): void {
    this.#status.state = "failed";
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#status.error ??= new SondeError(
      "not-found",
      `The recording cannot be written any further (${toErrorMessage(cause).message}); make room, or record somewhere else.`,
      { cause },
    );
  }

  #finish(state: "closed" | "full"): Promise<void> {
    if (this.#closing) return this.#closing;
    if (this.#status.state === "recording") {
      // Before the state says that nothing more is taken.
      if (state === "closed" && (this.#info || this.#status.messages)) this.#tellSkipped();
      // There was no room for that: it is full, and ended.
      if (this.#closing) return this.#closing;
      this.#status.state = state;
      const session = !this.#told && this.#status.messages ? this.#session("") : undefined;
      if (session && this.#status.bytes + session.length + END_BYTES <= this.#maxBytes) this.#send(session);
      this.#send(this.#encoder.end());
    }
    this.#closing = (async () => {
      while (this.#writing) await this.#writing;
      try {
        await this.#sink.close();
      } catch (cause) {
        this.#fail(cause);
      }
    })();
    return this.#closing;
  }
}

/**
 * Starts a recording into `sink`; give it a live source's events, or `acquisition` and `frame` events made from any source.
 * @throws SondeError `bad-option`
 * @example
 * const recorder = createRecorder(await fileSink("session.sonde"));
 * recorder.add({ kind: "acquisition", info: probe.info });
 * for await (const frame of probe.frames()) recorder.add({ kind: "frame", frame });
 * await recorder.close();
 */
export function createRecorder(sink: RecordingSink, options: RecorderOptions = {}): Recorder {
  return new StreamRecorder(sink, options);
}
