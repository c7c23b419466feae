/** zlib streams of a known inflated size, with the platform's `DecompressionStream` and a bound on what comes out. */
import { SondeError } from "../errors.ts";

/** Deflate cannot do better: 258 bytes from 2 bits, RFC 1951. */
const MOST_EXPANSION = 1032;

/**
 * Inflates a zlib stream. `sizeOf(head)` says from the first `headBytes` inflated bytes how many there will be; the
 * memory is taken only after that number was found possible and within `limit`.
 * @throws SondeError `corrupt-file`, `out-of-memory`
 */
export async function inflate(
  compressed: Uint8Array<ArrayBuffer>,
  headBytes: number,
  sizeOf: (head: Uint8Array<ArrayBuffer>) => number,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const corrupt = (why: string, cause?: unknown) =>
    new SondeError(
      "corrupt-file",
      `A compressed part of ${compressed.length} bytes ${why}; save the file again.`,
      {
        cause,
      },
    );
  const head = new Uint8Array(headBytes);
  let output: Uint8Array<ArrayBuffer> | undefined;
  let length = 0;
  const reader = new Blob([compressed]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  try {
    for (;;) {
      let chunk: Uint8Array | undefined;
      try {
        chunk = (await reader.read()).value;
      } catch (cause) {
        throw corrupt("cannot be decompressed", cause);
      }
      if (!chunk) break;
      let used = 0;
      if (!output) {
        used = Math.min(chunk.length, headBytes - length);
        head.set(chunk.subarray(0, used), length);
        length += used;
        if (length < headBytes) continue;
        const size = sizeOf(head);
        if (size < headBytes || size > MOST_EXPANSION * compressed.length)
          throw corrupt(`claims to hold ${size} bytes`);
        if (size > limit)
          throw new SondeError(
            "out-of-memory",
            `A compressed part holds ${size} bytes, over the limit of ${limit}; raise maxBytes to read it.`,
            { fields: { size, limit } },
          );
        output = new Uint8Array(size);
        output.set(head);
      }
      const rest = chunk.length - used;
      if (length + rest > output.length)
        throw corrupt(`holds more than the ${output.length} bytes it claims`);
      output.set(used ? chunk.subarray(used) : chunk, length);
      length += rest;
    }
    if (!output || length < output.length)
      throw corrupt(`ends after ${length} of ${output?.length ?? headBytes} bytes`);
    return output;
  } finally {
    reader.cancel().catch(() => undefined); // what was wrong is already on its way to the caller
  }
}
