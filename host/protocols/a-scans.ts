/**
 * Devices with one element that stands still: each acquisition is one line, an A-scan. What a person wants to see is its
 * change, so the last lines are shown side by side, newest on the right, like an M-mode. The way across is then time: the
 * acquisition says so, and no width can be measured in the picture.
 */
import type { ProtocolEvent, ProtocolParser } from "../live/protocol.ts";
import { type Frame, LINE_FIELDS, type LineData, type SampleArray } from "../model.ts";
import { missingBits } from "./line-frames.ts";

/** Lines shown side by side when not told otherwise. */
export const DEFAULT_LINES = 64;
export const DEFAULT_SOUND_SPEED_MPS = 1540;

/** `count` lines straight down, spread over as much width as they are deep, so that pictures are square. */
export function sideBySide(count: number, sampleCount: number, drM: number): Float64Array {
  const lines = new Float64Array(count * LINE_FIELDS);
  const stepM = (sampleCount * drM) / count;
  for (let i = 0; i < count; i++) lines.set([(i - (count - 1) / 2) * stepM, 0, 0, 0, drM], i * LINE_FIELDS);
  return lines;
}

/** The acquisition of single A-scans. */
export function aScans(
  about: Pick<LineData, "name" | "format" | "signal" | "sampleCount" | "centerFrequencyHz"> & {
    sampleRateHz: number;
    soundSpeedMps: number | undefined;
    warnings?: readonly string[];
  },
): LineData {
  const { centerFrequencyHz, soundSpeedMps = DEFAULT_SOUND_SPEED_MPS, ...rest } = about;
  return {
    ...rest,
    kind: "lines",
    frameCount: null,
    soundSpeedMps,
    ...(centerFrequencyHz ? { centerFrequencyHz } : {}),
    warnings: about.warnings ?? [],
    lines: sideBySide(1, about.sampleCount, soundSpeedMps / (2 * about.sampleRateHz)),
    across: "time",
  };
}

/** The same acquisition with its last `lines` lines side by side. */
function rolled(info: LineData, lines: number): LineData {
  return {
    ...info,
    lines: sideBySide(lines, info.sampleCount, info.lines[LINE_FIELDS - 1]),
    warnings: [
      ...info.warnings,
      `The last ${lines} acquisitions stand side by side, the newest on the right: across is time, not space.`,
    ],
  };
}

/** The last lines, oldest first; undefined where one was lost or has not come yet. */
class Rolling {
  readonly #lines: (SampleArray | undefined)[];
  readonly #sampleCount: number;

  constructor(lines: number, sampleCount: number) {
    this.#lines = new Array<undefined>(lines).fill(undefined);
    this.#sampleCount = sampleCount;
  }

  get heldBytes(): number {
    return this.#lines.reduce((sum, line) => sum + (line?.byteLength ?? 0), 0);
  }

  lose(count: number): void {
    for (let k = 0; k < Math.min(count, this.#lines.length); k++) this.#add(undefined);
  }

  /** The picture with this line on its right. */
  take(frame: Frame): Frame {
    this.#add(frame.samples);
    const Samples = frame.samples.constructor as new (length: number) => SampleArray;
    const samples = new Samples(this.#lines.length * this.#sampleCount);
    this.#lines.forEach((line, k) => {
      if (line) samples.set(line, k * this.#sampleCount);
    });
    const missingLines = missingBits(this.#lines.length, (line) => this.#lines[line] !== undefined);
    return { ...frame, samples, ...(missingLines ? { missingLines } : {}) };
  }

  #add(line: SampleArray | undefined): void {
    this.#lines.shift();
    this.#lines.push(line);
  }
}

/** The parser's A-scans as a picture that rolls. `lineBytes`: of the longest line it can give. */
export function rolling(parser: ProtocolParser, lines: number, lineBytes: number): ProtocolParser {
  if (lines === 1) return parser;
  let state: Rolling | undefined;
  const turn = (event: ProtocolEvent): ProtocolEvent => {
    if (event.kind === "acquisition" && event.info.kind === "lines" && event.info.across === "time") {
      state = new Rolling(lines, event.info.sampleCount);
      return { kind: "acquisition", info: rolled(event.info, lines) };
    }
    if (event.kind === "acquisition") state = undefined;
    if (event.kind === "frame" && state) return { kind: "frame", frame: state.take(event.frame) };
    if (event.kind === "lost" && event.what === "frames") state?.lose(event.count ?? lines);
    return event;
  };
  return {
    maxBytes: parser.maxBytes + lines * lineBytes,
    get heldBytes() {
      return parser.heldBytes + (state?.heldBytes ?? 0);
    },
    push: (chunk) => parser.push(chunk).map(turn),
    end: () => parser.end().map(turn),
  };
}
