/**
 * Devices with one element that stands still: each acquisition is one line, an A-scan. What a person wants to see is its
 * change, so the last lines are shown side by side, newest on the right, like an M-mode. The way across is then time: the
 * acquisition says so, and no width can be measured in the picture.
 */
import type { ProtocolEvent, ProtocolParser } from "../live/protocol.ts";
import {
  type Acquisition,
  type Frame,
  LINE_FIELDS,
  type LineData,
  lineCount,
  type SampleArray,
} from "../model.ts";
import { frameOfLines } from "./line-frames.ts";

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

/** Most lines side by side, and most bytes that are kept for it. */
export const MOST_LINES = 1024;
const MOST_ROLLING_BYTES = 2 ** 26;

/** Whether these are single lines that follow one another in time. */
export function isAScans(info: Acquisition): info is LineData {
  return info.kind === "lines" && info.across === "time" && lineCount(info) === 1;
}

/**
 * The acquisition as it is shown: `lines` of its lines side by side, as many as it asks for itself, or `DEFAULT_LINES`; fewer
 * when they are very long. One line: as it is.
 */
export function rolled(info: LineData, lines = info.rolledLines ?? DEFAULT_LINES): LineData {
  const count = Math.max(
    1,
    Math.min(Math.floor(lines), Math.floor(MOST_ROLLING_BYTES / (4 * info.sampleCount))),
  );
  if (count === 1) return info;
  return {
    ...info,
    lines: sideBySide(count, info.sampleCount, info.lines[LINE_FIELDS - 1]),
    rolledLines: count,
    warnings: [
      ...info.warnings,
      `The last ${count} acquisitions stand side by side, the newest on the right: across is time, not space.`,
    ],
  };
}

/** The single lines of an acquisition that rolls, undefined for any other: what is worth keeping of it. */
export function unrolled(info: Acquisition): LineData | undefined {
  if (info.kind !== "lines" || !info.rolledLines || lineCount(info) !== info.rolledLines) return undefined;
  return {
    ...info,
    lines: sideBySide(1, info.sampleCount, info.lines[LINE_FIELDS - 1]),
    warnings: info.warnings.filter((sentence) => !sentence.endsWith("across is time, not space.")),
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
    return frameOfAScans(frame, this.#lines, this.#sampleCount);
  }

  #add(line: SampleArray | undefined): void {
    this.#lines.shift();
    this.#lines.push(line);
  }
}

/** The frame of these lines, missing where undefined, with what `frame` says beside its samples. */
export function frameOfAScans(
  frame: Frame,
  lines: readonly (SampleArray | undefined)[],
  sampleCount: number,
): Frame {
  const Samples = frame.samples.constructor as new (length: number) => SampleArray;
  const { index, sequence, timeS } = frame;
  const all = frameOfLines(index, lines, new Samples(lines.length * sampleCount), timeS);
  return sequence === undefined ? all : { ...all, sequence };
}

/**
 * The parser's A-scans as a picture that rolls. `lines`: default as `rolled`. `lineBytes`: of the longest line it can give.
 */
export function rolling(
  parser: ProtocolParser,
  lines: number | undefined,
  lineBytes: number,
): ProtocolParser {
  if (lines === 1) return parser;
  let state: Rolling | undefined;
  const turn = (event: ProtocolEvent): ProtocolEvent => {
    if (event.kind === "acquisition") {
      const { info } = event;
      const shown = isAScans(info) ? rolled(info, lines) : info;
      state =
        shown === info
          ? undefined
          : new Rolling(lineCount(shown as LineData), (shown as LineData).sampleCount);
      return { kind: "acquisition", info: shown };
    }
    if (event.kind === "frame" && state) return { ...event, frame: state.take(event.frame) };
    if (event.kind === "lost" && event.what === "frames") state?.lose(event.count ?? MOST_LINES);
    return event;
  };
  return {
    maxBytes: parser.maxBytes + Math.min(MOST_ROLLING_BYTES, (lines ?? MOST_LINES) * lineBytes),
    get heldBytes() {
      return parser.heldBytes + (state?.heldBytes ?? 0);
    },
    get pending() {
      return parser.pending ?? false;
    },
    push: (chunk) => parser.push(chunk).map(turn),
    end: () => parser.end().map(turn),
  };
}
