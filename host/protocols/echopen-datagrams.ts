/**
 * echOpen's datagrams of 2019, live, and the control channel that goes with them. Lines are placed by their frame and
 * number; a frame is given when all its lines are there, or when its successor begins. A frame counter that jumps is believed
 * when a second datagram agrees, one that goes back when eight do: late and damaged datagrams must not start a frame.
 * How many lines a frame has is not on the wire: the first frame is kept until the second says so, too.
 */
import { SondeError } from "../errors.ts";
import type { Order, Protocol, ProtocolEvent, ProtocolParser } from "../live/protocol.ts";
import { type LineData, lineCount } from "../model.ts";
import { E4_LARGEST_DATAGRAM, type E4Line, readE4Datagram } from "./echopen-e4.ts";
import { e4Acquisition } from "./echopen-e4-acquisition.ts";
import { E4_TEST_PATTERNS, E4MessageSplitter, encodeE4Request, readE4Reply } from "./echopen-e4-control.ts";
import { type EchopenSettings, parseSettings } from "./echopen-settings.ts";
import { frameOfLines } from "./line-frames.ts";
import type { ProtocolOptions } from "./options.ts";

/** Datagrams that must agree on a frame counter that goes on, or back. */
const AHEAD = 2;
const BACK = 8;
/** Datagrams for which one that nothing agreed with is remembered. */
const REMEMBERED = 16;
/** Lines are numbered with a byte. */
const MOST_LINES = 255;

class E4Parser implements ProtocolParser {
  readonly maxBytes = (2 * MOST_LINES + REMEMBERED) * E4_LARGEST_DATAGRAM;
  readonly #options: ProtocolOptions & { name: string };
  readonly #settings: EchopenSettings | undefined;
  #info: LineData | undefined;
  #channel = 0;
  /** The frame that is being filled: its counter and lines by number - 1. */
  #counter: number | undefined;
  #lines: (E4Line | undefined)[] = [];
  /** The first frame, while nothing agrees with its number of lines; and the frames that were lost behind it. */
  #first: (E4Line | undefined)[] | undefined;
  #lostBehindFirst = 0;
  /** It was complete, and was given out. */
  #given = false;
  /** Highest line numbers of this frame and the two before it: nothing protects a number, two frames must agree. */
  #highest: [now: number, before: number, earlier: number] = [0, 0, 0];
  /** Datagrams of another frame, which are not believed yet. */
  #others: { line: E4Line; at: number }[] = [];
  #received = 0;
  #index = 0;
  #offset = 0;
  #timeUs = 0;
  #timeS = 0;
  #stepUs = 0;

  constructor(options: ProtocolOptions & { name: string }) {
    this.#options = options;
    this.#settings = options.settings === undefined ? undefined : parseSettings(options.settings).settings;
  }

  get heldBytes(): number {
    let sum = 0;
    for (const line of this.#lines) sum += line?.samples.byteLength ?? 0;
    for (const line of this.#first ?? []) sum += line?.samples.byteLength ?? 0;
    for (const { line } of this.#others) sum += line.samples.byteLength;
    return sum;
  }

  get pending(): boolean {
    return this.#first !== undefined || (this.#counter !== undefined && !this.#given);
  }

  push(datagram: Uint8Array): ProtocolEvent[] {
    const events: ProtocolEvent[] = [];
    const line = readE4Datagram(datagram);
    if (!line || (this.#settings && line.line > this.#settings.lines))
      events.push({ kind: "skipped", bytes: datagram.length, offset: this.#offset });
    else this.#place(line, events);
    this.#offset += datagram.length;
    this.#received++;
    return events;
  }

  end(): ProtocolEvent[] {
    const events: ProtocolEvent[] = [];
    if (this.#counter === undefined) return events;
    // Nothing can agree with it any more: the next frame is believed, a later one is not.
    const next = this.#others.find(({ line }) => this.#ahead(line) === 1);
    if (next) this.#turn(next.line.frameCounter, events);
    this.#give(events);
    this.#giveFirst(events);
    return events;
  }

  #place(line: E4Line, events: ProtocolEvent[]): void {
    if (this.#counter === undefined) {
      this.#begin([line], events);
      return;
    }
    this.#others = this.#others.filter((other) => this.#received - other.at < REMEMBERED);
    if (line.frameCounter === this.#counter) {
      this.#put(line, events);
      this.#others = this.#others.filter((other) => this.#ahead(other.line) > 0);
      return;
    }
    const before = this.#others.find(
      (other) => other.line.frameCounter === ((line.frameCounter + 255) & 255),
    );
    // Frames of one line each follow one another.
    if (before && this.#ahead(before.line) > 0 && this.#ahead(line) > 0)
      this.#turn(before.line.frameCounter, events);
    this.#others.push({ line, at: this.#received });
    const agree = this.#others.filter((other) =>
      this.#ahead(line) > 0 ? other.line.frameCounter === line.frameCounter : this.#ahead(other.line) < 0,
    );
    if (agree.length >= (this.#ahead(line) > 0 ? AHEAD : BACK)) this.#turn(line.frameCounter, events);
  }

  #ahead(line: E4Line): number {
    return ahead(this.#counter ?? 0, line.frameCounter);
  }

  /** The frame of this counter is the one that comes from now on. */
  #turn(counter: number, events: ProtocolEvent[]): void {
    const its = this.#others.flatMap(({ line }) => (line.frameCounter === counter ? [line] : []));
    this.#give(events);
    this.#begin(its, events);
    this.#others = this.#others.filter(({ line }) => this.#ahead(line) > 0);
  }

  #begin(lines: readonly E4Line[], events: ProtocolEvent[]): void {
    const { frameCounter } = lines[0];
    const lost = this.#counter === undefined ? 0 : Math.max(0, ahead(this.#counter, frameCounter) - 1);
    if (this.#first) this.#lostBehindFirst += lost;
    else this.#lose(lost, events);
    this.#counter = frameCounter;
    this.#lines = [];
    this.#given = false;
    const [now, before] = this.#highest;
    this.#highest = [0, now, before];
    for (const line of lines) this.#put(line, events);
  }

  #lose(frames: number, events: ProtocolEvent[]): void {
    if (frames === 0) return;
    events.push({ kind: "lost", what: "frames", count: frames, why: "no line of them arrived" });
    this.#index += frames;
  }

  #put(line: E4Line, events: ProtocolEvent[]): void {
    this.#highest[0] = Math.max(this.#highest[0], line.line);
    if (this.#given) return;
    this.#lines[line.line - 1] = line;
    if (this.#isComplete()) this.#give(events);
  }

  /** Lines of a frame: as many as two of the last three frames had; fewer than before when all three agree. */
  #count(): number {
    const known = this.#info ? lineCount(this.#info) : 0;
    if (this.#settings) return known;
    const [least, agreed, most] = [...this.#highest].sort((a, b) => a - b);
    return least === most ? least : Math.max(known, agreed);
  }

  /** Whether every line of a known number, length and channel is here. */
  #isComplete(): boolean {
    const count = this.#count();
    if (!this.#info || this.#lines.length < count) return false;
    for (let k = 0; k < count; k++) {
      const line = this.#lines[k];
      if (line?.samples.length !== this.#info.sampleCount || line.channel !== this.#channel) return false;
    }
    return true;
  }

  #give(events: ProtocolEvent[]): void {
    if (this.#given) return;
    if (!this.#lines.some((line) => line !== undefined)) return;
    this.#given = true;
    if (!this.#info && !this.#settings && !this.#first) {
      this.#first = this.#lines;
      return;
    }
    this.#giveFirst(events);
    this.#giveLines(events);
  }

  #giveFirst(events: ProtocolEvent[]): void {
    if (!this.#first) return;
    const now = this.#lines;
    this.#lines = this.#first;
    this.#first = undefined;
    this.#giveLines(events);
    this.#lines = now;
    this.#lose(this.#lostBehindFirst, events);
    this.#lostBehindFirst = 0;
  }

  #giveLines(events: ProtocolEvent[]): void {
    const first = this.#lines.find((line) => line !== undefined);
    if (!first) return;
    // What the frame before was like, where one line is: the first may be the damaged one.
    const usual = this.#lines.some(
      (line) => line?.channel === this.#channel && line.samples.length === this.#info?.sampleCount,
    );
    const sampleCount = usual && this.#info ? this.#info.sampleCount : first.samples.length;
    const channel = usual ? this.#channel : first.channel;
    this.#channel = channel;
    // Of a stream of one frame nothing can agree with it.
    const wanted = this.#count() || this.#lines.length;
    if (!this.#info || sampleCount !== this.#info.sampleCount || wanted !== lineCount(this.#info)) {
      const seen = { sampleCount, lineCount: wanted, settings: this.#settings };
      this.#info = e4Acquisition(seen, this.#options);
      events.push({ kind: "acquisition", info: this.#info });
    }
    const count = lineCount(this.#info);
    // A line of another length or channel is none of this frame's.
    const lines = Array.from({ length: count }, (_, k) => {
      const line = this.#lines[k];
      return line?.samples.length === sampleCount && line.channel === channel ? line.samples : undefined;
    });
    const missing = lines.filter((line) => !line).length;
    if (missing > 0)
      events.push({
        kind: "lost",
        what: "lines",
        count: missing,
        why: `frame ${this.#index} came without them`,
      });
    // Stamps count microseconds modulo 2^32: differences are what is known.
    let setAnew = false;
    if (this.#index > 0) {
      const stepUs = (first.previousTimeUs - this.#timeUs) >>> 0;
      // A clock that goes back was started anew: its first step is as long as the last one.
      setAnew = stepUs >= 2 ** 31;
      if (!setAnew) this.#stepUs = stepUs;
      this.#timeS += this.#stepUs * 1e-6;
    }
    this.#timeUs = first.previousTimeUs;
    const frame = frameOfLines(this.#index++, lines, new Int16Array(count * sampleCount), this.#timeS);
    events.push({ kind: "frame", frame, ...(setAnew ? { timed: false } : {}) });
  }
}

/** How far frame counter `to` is ahead of `from`: -128 to 127. */
function ahead(from: number, to: number): number {
  return ((to - from) << 24) >> 24;
}

/**
 * The protocol `echopen-e4`: the device sends to port 51000, one line a datagram. It is started through
 * `echopen-e4-control`. Options used: `settings`, `samples` (default envelope), `centerFrequencyHz`.
 */
export function echopenE4(options: ProtocolOptions = {}): Protocol {
  const name = "echOpen E4 (2019)";
  return {
    id: "echopen-e4",
    name,
    boundary: "datagram",
    parser: () => new E4Parser({ name, ...options }),
  };
}

class ControlParser implements ProtocolParser {
  readonly maxBytes = 2 * (4096 + 4096);
  readonly #splitter = new E4MessageSplitter(4);

  get heldBytes(): number {
    return this.#splitter.heldBytes;
  }

  push(chunk: Uint8Array): ProtocolEvent[] {
    return this.#splitter.push(chunk).flatMap((message): ProtocolEvent[] => {
      const { id, error, status } = readE4Reply(message);
      if (error) return [{ kind: "text", text: `The device refused request ${id}: ${error}.` }];
      return status ? [{ kind: "status", status }] : [];
    });
  }

  end(): ProtocolEvent[] {
    return [];
  }
}

/** The Android application's picture. */
const PATTERN = {
  frameIntervalUs: 5e6,
  lineIntervalUs: 30000,
  linesPerFrame: 100,
  samplesPerLine: 800,
  bitsPerSample: 16,
};

function encodeOrder(order: Order): Uint8Array {
  if (order.kind === "start" || order.kind === "stop") return encodeE4Request(order.kind);
  const { control, value } = order;
  if (control === "status") return encodeE4Request("status");
  const pattern = E4_TEST_PATTERNS.find((one) => one === value);
  if (control === "test-pattern" && value === "off") return encodeE4Request("stopTestPattern");
  if (control === "test-pattern" && pattern) return encodeE4Request("testPattern", { pattern, ...PATTERN });
  throw new SondeError(
    "bad-option",
    `${control} = ${value}: the device knows test-pattern off, ${E4_TEST_PATTERNS.join(", ")}; and status now.`,
    { fields: { control, value } },
  );
}

/** The protocol `echopen-e4-control` (TCP, port 50000): start, stop, status and test patterns; it carries no frames. */
export function echopenE4Control(): Protocol {
  return {
    id: "echopen-e4-control",
    name: "echOpen E4 control channel",
    boundary: "stream",
    parser: () => new ControlParser(),
    controls: [
      { id: "status", kind: "choice", choices: ["now"], default: "now" },
      { id: "test-pattern", kind: "choice", choices: ["off", ...E4_TEST_PATTERNS], default: "off" },
    ],
    encode: encodeOrder,
  };
}
