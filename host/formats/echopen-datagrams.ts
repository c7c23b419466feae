/** Recorded echOpen UDP lines (2019) as a source: datagrams with their length in front. */
import { SondeError } from "../errors.ts";
import { LINE_FIELDS, type LineData } from "../model.ts";
import {
  E4_LARGEST_DATAGRAM,
  E4FrameCounter,
  type E4Line,
  E4RecordingSplitter,
  readE4Datagram,
} from "../protocols/echopen-e4.ts";
import { e4Acquisition } from "../protocols/echopen-e4-acquisition.ts";
import { samplesPerLine } from "../protocols/echopen-settings.ts";
import { frameOfLines, missingWarning } from "../protocols/line-frames.ts";
import type { Source } from "../source.ts";
import { findSettings } from "./echopen-lookup.ts";
import type { FileBytes } from "./file.ts";
import type { OpenOptions } from "./options.ts";
import { recording } from "./recording.ts";

/** True when the file starts with a length and a datagram of that length. */
export function looksLikeE4(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  return length <= E4_LARGEST_DATAGRAM && readE4Datagram(bytes.subarray(4, 4 + length)) !== undefined;
}

/** Frames by number, lines by line - 1. */
interface Gathered {
  frames: E4Line[][];
  sampleCount: number;
  lineCount: number;
  warnings: string[];
}

function gather(bytes: Uint8Array): Gathered {
  const splitter = new E4RecordingSplitter();
  const counter = new E4FrameCounter();
  const frames = new Map<number, E4Line[]>();
  let first: E4Line | undefined;
  let lineCount = 0;
  let malformed = 0;
  let foreign = 0;
  for (const datagram of splitter.push(bytes)) {
    const line = readE4Datagram(datagram);
    if (!line) {
      malformed++;
      continue;
    }
    first ??= line;
    if (line.samples.length !== first.samples.length || line.channel !== first.channel) {
      foreign++;
      continue;
    }
    const number = counter.frameOf(line);
    const frame = frames.get(number) ?? [];
    frames.set(number, frame);
    frame[line.line - 1] = line;
    lineCount = Math.max(lineCount, line.line);
  }
  if (!first)
    throw new SondeError(
      "corrupt-file",
      "The recording holds no datagram with a line of samples; record it again.",
    );
  const warnings: string[] = [];
  if (malformed) warnings.push(`${malformed} datagrams are malformed and were skipped.`);
  if (foreign) warnings.push(`${foreign} lines of another channel or length were skipped.`);
  if (splitter.leftBytes) warnings.push(`The last ${splitter.leftBytes} bytes are an incomplete datagram.`);
  const ordered = [...frames].sort((a, b) => a[0] - b[0]).map(([, lines]) => lines);
  return { frames: ordered, sampleCount: first.samples.length, lineCount, warnings };
}

/**
 * Nothing about geometry or samples is on the wire: the settings given or beside the file are used where they fit, else
 * the Android application's constants; samples are a linear envelope unless `options.samples` says otherwise.
 * @throws SondeError `corrupt-file`, `bad-option`, `bad-geometry`
 */
export async function openE4(file: FileBytes, options: OpenOptions = {}): Promise<Source> {
  const { frames, sampleCount, lineCount, warnings } = gather(file.bytes);
  const found = await findSettings(
    file.name,
    options,
    "2019",
    ({ settings }) => settings.lines >= lineCount && samplesPerLine(settings, "2019") === sampleCount,
    warnings,
  );
  if (found && found.settings.lines < lineCount)
    throw new SondeError(
      "bad-option",
      `The settings say ${found.settings.lines} lines, the recording has line ${lineCount}; give its own settings.`,
    );
  const live = e4Acquisition(
    { sampleCount, lineCount, settings: found?.settings },
    { ...options, name: file.name },
  );
  const count = live.lines.length / LINE_FIELDS;
  const complete = (lines: readonly E4Line[]) => Array.from({ length: count }, (_, k) => lines[k]?.samples);
  function* completed() {
    for (const lines of frames) yield complete(lines);
  }

  // The stamps belong to the lines before; differences count, modulo 2^32.
  const startUs = frames.map((lines) => lines.find((line) => line !== undefined)?.previousTimeUs ?? 0);
  const timesS: number[] = [];
  startUs.forEach((time, k) => {
    timesS.push(k === 0 ? 0 : timesS[k - 1] + ((time - startUs[k - 1]) >>> 0) * 1e-6);
  });
  const durationS = timesS[timesS.length - 1];
  const info: LineData & { frameCount: number } = {
    ...live,
    frameCount: frames.length,
    ...(durationS > 0 ? { frameRateHz: (frames.length - 1) / durationS } : {}),
    warnings: [...warnings, ...live.warnings, ...missingWarning(completed())],
  };
  return recording(info, (index) =>
    frameOfLines(index, complete(frames[index]), new Int16Array(count * sampleCount), timesS[index]),
  );
}
