/** How the numbers of a frame are told to the core (assembly/ingest.ts), and whether they are those that were announced. */
import { SondeError } from "../errors.ts";
import type { SampleArray, SampleType } from "../model.ts";

/** Types as the core numbers them. */
export const CORE_TYPES: readonly { name: string; bytes: 1 | 2 | 4 }[] = [
  { name: "Int8Array", bytes: 1 },
  { name: "Uint8Array", bytes: 1 },
  { name: "Int16Array", bytes: 2 },
  { name: "Uint16Array", bytes: 2 },
  { name: "Int32Array", bytes: 4 },
  { name: "Float32Array", bytes: 4 },
];

/** Bytes to keep free for a sample of the announced type; of any, where none is announced. */
export function bytesOfType(type: SampleType | undefined): 1 | 2 | 4 {
  return CORE_TYPES.find(({ name }) => name.toLowerCase() === `${type}array`)?.bytes ?? 4;
}

/** Code of a type of samples. @throws SondeError `bad-option` for other arrays */
export function sampleType(samples: SampleArray): number {
  // What an array calls itself is the same in every realm, and asking makes no object: this is asked of every frame.
  const name = samples?.[Symbol.toStringTag];
  for (let type = 0; type < CORE_TYPES.length; type++) if (CORE_TYPES[type].name === name) return type;
  throw new SondeError(
    "bad-option",
    `Frame samples are ${name ?? Object.prototype.toString.call(samples).slice(8, -1)}: give Int8, Uint8, Int16, Uint16, Int32 or Float32 arrays`,
  );
}

/** @throws SondeError `bad-option` for other arrays than samples come in, `corrupt-file` for a frame of another size, or of longer numbers, than the description says. */
export function checkFrameSize(
  { index, samples }: { index: number; samples: SampleArray },
  expected: number,
  bytes: number,
): void {
  sampleType(samples);
  const disagree = "the stream and its description disagree";
  if (samples.length !== expected)
    throw new SondeError(
      "corrupt-file",
      `Frame ${index} holds ${samples.length} numbers where ${expected} belong: ${disagree}`,
      { fields: { frame: index, numbers: samples.length, expected } },
    );
  if (samples.BYTES_PER_ELEMENT > bytes)
    throw new SondeError(
      "corrupt-file",
      `Frame ${index} holds samples of ${samples.BYTES_PER_ELEMENT} bytes where ${bytes} were announced: ${disagree}`,
      { fields: { frame: index, bytes: samples.BYTES_PER_ELEMENT, expected: bytes } },
    );
}
