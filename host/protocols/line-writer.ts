/** What the devices that send lines have in common: lines of a frame, and the sector they lie in. */
import { SondeError } from "../errors.ts";
import {
  type Acquisition,
  type Frame,
  LINE_FIELDS,
  type LineData,
  lineCount,
  type SampleArray,
} from "../model.ts";

/** @throws SondeError `bad-option` for anything but lines of real numbers */
export function linesOnly(info: Acquisition, protocol: string): LineData {
  if (info.kind === "lines" && info.signal !== "iq") return info;
  throw new SondeError(
    "bad-option",
    `${info.name} holds ${info.kind === "lines" ? "IQ lines" : info.kind}; ${protocol} carries lines of real samples. The protocol sonde carries anything.`,
    { fields: { kind: info.kind } },
  );
}

/** The lines of a frame that are there, in order, as they lie in it. */
export function* linesOf(info: LineData, frame: Frame): Generator<{ line: number; samples: SampleArray }> {
  const { samples, missingLines } = frame;
  const count = lineCount(info);
  for (let line = 0; line < count; line++) {
    if (missingLines && (missingLines[line >> 3] >> (line & 7)) & 1) continue;
    yield { line, samples: samples.subarray(line * info.sampleCount, (line + 1) * info.sampleCount) };
  }
}

/** A whole number within limits. */
export function whole(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, Math.round(value)));
}

export interface Sector {
  r0M: number;
  drM: number;
  angleRad: number;
}

/** The evenly divided sector about the origin that the lines are. @throws SondeError `bad-option` when they are none */
export function sectorOf(info: LineData, protocol: string): Sector {
  const { lines } = info;
  const last = lines.length - LINE_FIELDS;
  const [, , first, r0M, drM] = lines;
  const step = (lines[last + 2] - first) / Math.max(1, lineCount(info) - 1);
  for (let at = 0; at < lines.length; at += LINE_FIELDS) {
    const off = Math.abs(lines[at]) + Math.abs(lines[at + 1]) + Math.abs(lines[at + 3] - r0M);
    const turned = Math.abs(lines[at + 2] - first - (at / LINE_FIELDS) * step);
    if (!(off < 1e-6 && turned < 1e-3 && lines[at + 4] === drM && step > 0))
      throw new SondeError(
        "bad-option",
        `Line ${at / LINE_FIELDS} of ${info.name} is not part of an even sector about one point, which is all that ${protocol} can say; use the protocol sonde.`,
      );
  }
  return { r0M, drM, angleRad: lines[last + 2] - first };
}
