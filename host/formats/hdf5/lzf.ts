/**
 * LZF, the compression h5py calls "lzf" (HDF5 filter 32000). The format is that of Marc Lehmann's liblzf:
 *
 *   000LLLLL  then L + 1 bytes                        copy them
 *   LLLooooo oooooooo                 LLL in 1..6     copy L + 2 bytes from o + 1 bytes back
 *   111ooooo LLLLLLLL oooooooo                        the same with length 7 + LLLLLLLL + 2
 *
 * The source of a copy may overlap its target: that is how runs are stored.
 */
import { SondeError } from "../../errors.ts";

/** Longest output of one input byte: three bytes can stand for 264. */
export const LZF_MAX_RATIO = 88;

function corrupt(what: string, at: number): SondeError {
  return new SondeError("corrupt-file", `The LZF data break off: ${what} at byte ${at}.`, { fields: { at } });
}

/**
 * Decodes one LZF stream that must yield exactly `outputBytes` bytes.
 * @throws SondeError `corrupt-file` when the stream ends early, points before its start or yields another length.
 */
export function decodeLzf(input: Uint8Array, outputBytes: number): Uint8Array<ArrayBuffer> {
  if (outputBytes > input.length * LZF_MAX_RATIO)
    throw new SondeError(
      "corrupt-file",
      `${input.length} bytes of LZF data cannot hold the ${outputBytes} bytes that are declared.`,
      { fields: { inputBytes: input.length, outputBytes } },
    );
  const output = new Uint8Array(outputBytes);
  let read = 0;
  let written = 0;
  while (read < input.length) {
    const at = read;
    const control = input[read++];
    if (control < 32) {
      const length = control + 1;
      if (read + length > input.length)
        throw corrupt(`${length} literal bytes are announced past the end`, at);
      if (written + length > outputBytes) throw corrupt(`more than the declared ${outputBytes} bytes`, at);
      for (let i = 0; i < length; i++) output[written++] = input[read++];
      continue;
    }
    let length = control >> 5;
    if (read + (length === 7 ? 2 : 1) > input.length) throw corrupt("a copy is cut short", at);
    if (length === 7) length += input[read++];
    length += 2;
    let from = written - (((control & 31) << 8) | input[read++]) - 1;
    if (from < 0) throw corrupt("a copy reaches before the start", at);
    if (written + length > outputBytes) throw corrupt(`more than the declared ${outputBytes} bytes`, at);
    for (let i = 0; i < length; i++) output[written++] = output[from++];
  }
  if (written !== outputBytes) throw corrupt(`${written} of the declared ${outputBytes} bytes`, input.length);
  return output;
}
