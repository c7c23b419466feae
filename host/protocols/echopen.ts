/**
 * echOpen's TCP protocols (2017 and 2019; port 7538), live. The device speaks as soon as a client connects and takes no
 * orders. Frames are the passes of the probe; what no line number tells, a loss of whole passes, cannot be counted.
 */
import { SondeError } from "../errors.ts";
import type { Protocol, ProtocolEvent, ProtocolParser } from "../live/protocol.ts";
import type { LineData } from "../model.ts";
import { echopenAcquisition, echopenFrame } from "./echopen-acquisition.ts";
import { E2Parser } from "./echopen-e2.ts";
import { E3Parser } from "./echopen-e3.ts";
import type { HeaderedParser } from "./echopen-headered.ts";
import { mostHeldBytes, type RecordEvent } from "./echopen-records.ts";
import {
  type EchopenFamily,
  type EchopenSettings,
  MOST_SAMPLES,
  parseSettings,
  samplesPerLine,
} from "./echopen-settings.ts";
import { type Sweep, SweepAssembler } from "./echopen-sweeps.ts";
import type { ProtocolOptions } from "./options.ts";

/** Samples of one frame that a header may ask for (8 MiB); the real devices make 108,000. */
const MOST_FRAME_SAMPLES = 2 ** 22;
/** Where the search for lines is judged: every so many bytes of the stream, so that it does not depend on chunks. */
const JUDGE_BYTES = 4096;
/** Bytes without any line after which a header is not believed: passes of the probe, and at least this many bytes. */
const HOPELESS_PASSES = 4;
const HOPELESS_BYTES = 2 ** 16;

class EchopenParser implements ProtocolParser {
  readonly maxBytes = mostHeldBytes({ lines: 1, samples: MOST_SAMPLES, mode: 0 }) + 2 * MOST_FRAME_SAMPLES;
  readonly #family: EchopenFamily;
  readonly #options: ProtocolOptions & { name: string };
  readonly #headered: HeaderedParser;
  #assembler: SweepAssembler | undefined;
  #info: LineData | undefined;
  #settings: EchopenSettings | undefined;
  #nextIndex = 0;
  #offset = 0;
  #lineOffset = 0;
  /** Why the stream cannot be gone on with, when events before it were to be given first. */
  #failure: unknown;

  constructor(family: EchopenFamily, options: ProtocolOptions & { name: string }) {
    this.#family = family;
    this.#options = options;
    const known = options.settings === undefined ? undefined : parseSettings(options.settings).settings;
    this.#headered = family === "2017" ? new E2Parser(known) : new E3Parser(known);
  }

  get heldBytes(): number {
    return this.#headered.heldBytes + (this.#assembler?.heldBytes ?? 0);
  }

  get pending(): boolean {
    return this.#assembler?.pending ?? false;
  }

  push(chunk: Uint8Array): ProtocolEvent[] {
    if (this.#failure !== undefined) throw this.#failure;
    const events: ProtocolEvent[] = [];
    try {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + JUDGE_BYTES - (this.#offset % JUDGE_BYTES));
        at += piece.length;
        this.#piece(piece, events);
      }
    } catch (error) {
      if (events.length === 0) throw error;
      this.#failure = error;
    }
    return events;
  }

  #piece(piece: Uint8Array, events: ProtocolEvent[]): void {
    this.#offset += piece.length;
    const records = this.#headered.push(piece);
    this.#begin(events);
    for (const record of records) this.#take(record, events);
    if (this.#offset % JUDGE_BYTES === 0) this.#judge();
  }

  end(): ProtocolEvent[] {
    const events: ProtocolEvent[] = [];
    if (this.#info) {
      for (const record of this.#headered.end()) this.#take(record, events);
      this.#give(this.#assembler?.end(), events);
    } else if (this.#offset > 0) events.push({ kind: "skipped", bytes: this.#offset, offset: 0 });
    return events;
  }

  /** Announces what the header said, once. */
  #begin(events: ProtocolEvent[]): void {
    const { settings } = this.#headered;
    if (this.#info || !settings) return;
    const samples = settings.lines * samplesPerLine(settings, this.#family);
    if (samples > MOST_FRAME_SAMPLES)
      throw new SondeError(
        "corrupt-file",
        `The echOpen header asks for ${settings.lines} lines of ${samplesPerLine(settings, this.#family)} samples, over the limit of ${MOST_FRAME_SAMPLES} a frame; connect again.`,
        { fields: { samples } },
      );
    this.#info = echopenAcquisition(settings, this.#family, this.#options);
    this.#settings = settings;
    this.#assembler = new SweepAssembler(settings.lines);
    events.push({ kind: "acquisition", info: this.#info });
    // The header's own words, which the geometry was made of. The device has no clock.
    const { name, settings: given } = this.#options;
    if (given === undefined)
      events.push({ kind: "message", type: "settings", device: name, timeS: 0, content: settings });
  }

  #take(record: RecordEvent, events: ProtocolEvent[]): void {
    if (record.kind === "line") this.#lineOffset = this.#offset;
    else if (record.bytes > 0) events.push({ kind: "skipped", bytes: record.bytes, offset: record.offset });
    this.#give(this.#assembler?.push(record), events);
  }

  #give(sweep: Sweep | undefined, events: ProtocolEvent[]): void {
    if (!sweep || !this.#info || !this.#settings) return;
    let missing = 0;
    for (const line of sweep) if (!line) missing++;
    if (missing > 0)
      events.push({
        kind: "lost",
        what: "lines",
        count: missing,
        why: `frame ${this.#nextIndex} came without them`,
      });
    const frame = echopenFrame(this.#nextIndex++, sweep, this.#settings, this.#info.sampleCount);
    events.push({ kind: "frame", frame });
  }

  /** A header that was damaged, or is another protocol's, leads to no lines at all. */
  #judge(): void {
    if (!this.#info || !this.#settings) return;
    const { lines, mode } = this.#settings;
    const passBytes = lines * (1 + this.#info.sampleCount) * (mode === 0 ? 2 : 1);
    const without = this.#offset - this.#lineOffset;
    if (without > Math.max(HOPELESS_BYTES, HOPELESS_PASSES * passBytes))
      throw new SondeError(
        "corrupt-file",
        `The last ${without} bytes hold no echOpen lines of ${this.#info.sampleCount} samples, as the header or the settings say; connect again, or give the right settings and protocol.`,
        { fields: { bytes: without } },
      );
  }
}

/** The protocol `echopen-e2`. Options used: `settings` (for a stream without its header), `samples`, `centerFrequencyHz`. */
export function echopenE2(options: ProtocolOptions = {}): Protocol {
  const name = "echOpen E2 (2017)";
  return {
    id: "echopen-e2",
    name,
    boundary: "stream",
    parser: () => new EchopenParser("2017", { name, ...options }),
  };
}

/** The protocol `echopen-e3`. Options as for E2. */
export function echopenE3(options: ProtocolOptions = {}): Protocol {
  const name = "echOpen E3 (2019)";
  return {
    id: "echopen-e3",
    name,
    boundary: "stream",
    parser: () => new EchopenParser("2019", { name, ...options }),
  };
}
