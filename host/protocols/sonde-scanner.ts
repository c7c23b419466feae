/** How the messages of a Sonde stream are told from damage. */
import { SondeError } from "../errors.ts";
import { crc32 } from "../formats/crc32.ts";
import { MarkedScanner } from "./marked-scanner.ts";
import { HEADER_BYTES, padded, readHeader, SONDE_MARK, SONDE_VERSION } from "./sonde-messages.ts";

/**
 * A scanner for payloads of at most so many bytes.
 * Its `next` throws SondeError `unsupported-format` for a later version of the stream.
 */
export function sondeScanner(mostPayloadBytes: number): MarkedScanner {
  return new MarkedScanner({
    mark: SONDE_MARK,
    headerBytes: HEADER_BYTES,
    sizeOf(bytes) {
      const header = readHeader(bytes);
      if (!header) return undefined;
      if (header.version !== SONDE_VERSION)
        throw new SondeError(
          "unsupported-format",
          `The Sonde stream is of version ${header.version}; this program reads version ${SONDE_VERSION}: update it.`,
          { fields: { version: header.version } },
        );
      const { payloadBytes, firstBytes } = header;
      if (payloadBytes > mostPayloadBytes || firstBytes > payloadBytes) return undefined;
      return HEADER_BYTES + padded(payloadBytes);
    },
    isSound(message) {
      const header = readHeader(message);
      if (!header) return false;
      return crc32(message.subarray(HEADER_BYTES, HEADER_BYTES + header.payloadBytes)) === header.payloadCrc;
    },
  });
}
