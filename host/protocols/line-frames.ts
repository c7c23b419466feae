/** Frames of line data made from single lines, with the lines that did not arrive marked. */
import type { Frame, SampleArray } from "../model.ts";

/** Bit per line, least significant first, set where `present` is false; undefined when all are there. */
export function missingBits(count: number, present: (line: number) => boolean): Uint8Array | undefined {
  const bits = new Uint8Array(Math.ceil(count / 8));
  let any = false;
  for (let line = 0; line < count; line++)
    if (!present(line)) {
      bits[line >> 3] |= 1 << (line & 7);
      any = true;
    }
  return any ? bits : undefined;
}

/** Puts lines into the samples of a frame; missing ones stay 0. */
export function frameOfLines(
  index: number,
  lines: readonly (SampleArray | undefined)[],
  samples: SampleArray,
  timeS?: number,
): Frame {
  const perLine = samples.length / lines.length;
  lines.forEach((line, k) => {
    if (line) samples.set(line, k * perLine);
  });
  const missingLines = missingBits(lines.length, (line) => lines[line] !== undefined);
  return {
    index,
    samples,
    ...(timeS === undefined ? {} : { timeS }),
    ...(missingLines ? { missingLines } : {}),
  };
}

/** 1-based runs of what is missing: "1, 21-25, 41". */
function runs(lines: readonly unknown[]): string {
  const found: string[] = [];
  for (let k = 0; k < lines.length; k++) {
    if (lines[k] !== undefined) continue;
    const start = k;
    while (k + 1 < lines.length && lines[k + 1] === undefined) k++;
    found.push(start === k ? `${start + 1}` : `${start + 1}-${k + 1}`);
  }
  return found.slice(0, 8).join(", ") + (found.length > 8 ? " ..." : "");
}

/** A sentence about missing lines, or none. */
export function missingWarning(frames: Iterable<readonly unknown[]>): string[] {
  const incomplete: string[] = [];
  let missing = 0;
  let total = 0;
  let index = 0;
  for (const lines of frames) {
    const absent = lines.filter((line) => line === undefined).length;
    missing += absent;
    total += lines.length;
    if (absent && incomplete.length < 4) incomplete.push(`frame ${index}: ${runs(lines)}`);
    index++;
  }
  return missing ? [`${missing} of ${total} lines are missing (${incomplete.join("; ")}).`] : [];
}
