/** How the numbers of a frame are told to the core (assembly/ingest.ts). */
import { SondeError } from "../errors.ts";
import type { SampleArray } from "../model.ts";

const SAMPLE_TYPES: readonly [name: string, code: number][] = [
  ["Int8Array", 0],
  ["Uint8Array", 1],
  ["Int16Array", 2],
  ["Uint16Array", 3],
  ["Int32Array", 4],
  ["Float32Array", 5],
];

/** Code of a type of samples. @throws SondeError `bad-option` for other arrays */
export function sampleType(samples: SampleArray): number {
  const name = Object.prototype.toString.call(samples).slice(8, -1);
  const type = SAMPLE_TYPES.find(([known]) => known === name);
  if (!type)
    throw new SondeError(
      "bad-option",
      `Frame samples are ${name}: give Int8, Uint8, Int16, Uint16, Int32 or Float32 arrays`,
    );
  return type[1];
}

/** @throws SondeError `corrupt-file` for a frame of another size than the description says. */
export function checkFrameSize(
  { index, samples }: { index: number; samples: SampleArray },
  expected: number,
): void {
  if (samples.length !== expected)
    throw new SondeError(
      "corrupt-file",
      `Frame ${index} holds ${samples.length} numbers where ${expected} belong: the stream and its description disagree`,
      { fields: { frame: index, numbers: samples.length, expected } },
    );
}
