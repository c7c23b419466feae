/**
 * Devices that send A-scans: every line of a frame is an acquisition. Samples are cut or filled to the length that the
 * device has, and rounded to the numbers it has.
 */
import { crc32 } from "../formats/crc32.ts";
import type { ProtocolWriter } from "../live/protocol.ts";
import { type Acquisition, lineCount, type SampleArray } from "../model.ts";
import { p0rkHears, pic0rickHears, wulpusHears } from "./heard-orders.ts";
import { linesOf, linesOnly, whole } from "./line-writer.ts";
import { P0RK_ARMED, P0RK_HEADER_BYTES, P0RK_MARK, P0RK_SAMPLE_BYTES } from "./p0rk.ts";
import { PIC0RICK_SAMPLES } from "./pic0rick.ts";
import { checkConfigurations, WULPUS_FRAME_BYTES, WULPUS_MARK, WULPUS_SAMPLES } from "./wulpus.ts";

const P0RK_SAMPLES = 4096;
const SAMPLE_RATE_HZ = 60_000_000;
/** Level of no echo of a 10-bit converter. */
const MIDDLE = 512;

/** Sample k as the converter has it: RF about the middle, unsigned data as they are. */
function tenBits(samples: SampleArray, k: number): number {
  const value = samples[k] ?? 0;
  return whole(samples instanceof Uint16Array ? value : value + MIDDLE, 0, 1023);
}

/** A pic0rick with P0RK: raw frames for RF (uint16 as the converter has it, else about its middle), envelopes otherwise. */
export function p0rkWriter(data: Acquisition): ProtocolWriter {
  const info = linesOnly(data, "P0RK");
  const type = info.signal === "rf" ? 1 : 2;
  const count = Math.min(info.sampleCount, P0RK_SAMPLES);
  let sequence = 0;
  let armed = false;
  const encode = (samples: SampleArray, timeS: number): Uint8Array => {
    const bytes = new Uint8Array(P0RK_HEADER_BYTES + count * P0RK_SAMPLE_BYTES[type]);
    const view = new DataView(bytes.buffer);
    for (let k = 0; k < count; k++)
      if (type === 1) view.setUint16(P0RK_HEADER_BYTES + 2 * k, tenBits(samples, k), true);
      else view.setFloat32(P0RK_HEADER_BYTES + 4 * k, samples[k], true);
    bytes.set(P0RK_MARK);
    bytes.set([1, type, armed ? P0RK_ARMED : 0], 4);
    const timeUs = Math.round(timeS * 1e6);
    view.setUint32(8, sequence, true);
    view.setUint32(12, count, true);
    view.setUint32(16, whole(info.sampleRateHz ?? SAMPLE_RATE_HZ, 1, 2 ** 32 - 1), true);
    view.setUint32(20, bytes.length - P0RK_HEADER_BYTES, true);
    view.setUint32(24, timeUs % 2 ** 32, true);
    view.setUint32(28, Math.floor(timeUs / 2 ** 32), true);
    view.setFloat32(40, MIDDLE, true);
    view.setUint32(60, crc32(bytes.subarray(P0RK_HEADER_BYTES)), true);
    sequence = (sequence + 1) >>> 0;
    return bytes;
  };
  return {
    start: () => [new TextEncoder().encode("OK stream\r\n")],
    hear: p0rkHears((now) => {
      armed = now;
    }),
    frame: (frame) => [...linesOf(info, frame)].map(({ samples }) => encode(samples, frame.timeS ?? 0)),
  };
}

/** A pic0rick with its stock firmware, which was told to `read` for every line. */
export function pic0rickWriter(data: Acquisition): ProtocolWriter {
  const info = linesOnly(data, "pic0rick");
  const encode = (samples: SampleArray) => {
    let text = "----------Start of ACQ----------\n";
    for (let k = 0; k < PIC0RICK_SAMPLES; k++)
      text += `${(k < samples.length ? tenBits(samples, k) : MIDDLE).toString(16).toUpperCase()},`;
    return new TextEncoder().encode(`${text}\n-----------End of ACQ-----------\n`);
  };
  return {
    start: () => [],
    hear: pic0rickHears(),
    frame: (frame) => [...linesOf(info, frame)].map(({ samples }) => encode(samples)),
  };
}

/** A WULPUS probe whose configuration n gives line n. @throws SondeError `bad-option` for more than 16 lines */
export function wulpusWriter(data: Acquisition): ProtocolWriter {
  const info = linesOnly(data, "WULPUS");
  checkConfigurations(lineCount(info), info.name);
  let number = 0;
  return {
    start: () => [],
    hear: wulpusHears(),
    frame: (frame) =>
      [...linesOf(info, frame)].map(({ line, samples }) => {
        const bytes = new Uint8Array(WULPUS_FRAME_BYTES);
        const view = new DataView(bytes.buffer);
        bytes.set(WULPUS_MARK);
        bytes[9] = 0xff;
        bytes[10] = line;
        number = (number + 1) & 0xffff;
        view.setUint16(11, number, true);
        for (let k = 0; k < WULPUS_SAMPLES; k++)
          view.setInt16(13 + 2 * k, whole(samples[k] ?? 0, -32768, 32767), true);
        return bytes;
      }),
  };
}
