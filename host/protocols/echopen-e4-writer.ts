/** A device that sends echOpen's datagrams of 2019: one line each. */
import { SondeError } from "../errors.ts";
import type { ProtocolWriter } from "../live/protocol.ts";
import { type Acquisition, lineCount } from "../model.ts";
import { E4_LARGEST_DATAGRAM } from "./echopen-e4.ts";
import { linesOf, linesOnly, whole } from "./line-writer.ts";

const HEADER_BYTES = 18;

/** Values as they are, rounded to int16; `y = value` is what the receiver's `samples` option says it is. */
export function e4Writer(data: Acquisition): ProtocolWriter {
  const info = linesOnly(data, "echOpen E4");
  const bytes = HEADER_BYTES + 2 * info.sampleCount;
  if (lineCount(info) > 255 || bytes > E4_LARGEST_DATAGRAM)
    throw new SondeError(
      "bad-option",
      `${info.name} has ${lineCount(info)} lines of ${info.sampleCount} samples; echOpen E4 carries 255 lines of 7991.`,
    );
  return {
    start: () => [],
    frame(frame) {
      const timeUs = Math.round((frame.timeS ?? 0) * 1e6) % 2 ** 32;
      return [...linesOf(info, frame)].map(({ line, samples }) => {
        const datagram = new Uint8Array(bytes);
        const view = new DataView(datagram.buffer);
        view.setUint32(0, timeUs);
        view.setUint16(12, samples.length, true);
        view.setUint8(15, line + 1);
        view.setUint8(17, frame.index & 255);
        samples.forEach((value, k) => {
          view.setInt16(HEADER_BYTES + 2 * k, whole(value, -32768, 32767));
        });
        return datagram;
      });
    },
  };
}
