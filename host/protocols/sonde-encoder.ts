/** Acquisitions and frames as the bytes of Sonde's stream, for senders and recordings. */
import { SondeError } from "../errors.ts";
import type { DeviceStatus, ProtocolEvent, ProtocolWriter } from "../live/protocol.ts";
import { type Acquisition, type Frame, samplesPerFrame } from "../model.ts";
import { encodeAcquisition } from "./sonde-acquisition.ts";
import { encodeMessage, HAS_TIME, KIND, TIME_OF_ARRIVAL, typeNumber } from "./sonde-messages.ts";

/** A number that differs from start to start. */
export function randomStream(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0];
}

type Lost = Extract<ProtocolEvent, { kind: "lost" }>;
type Message = Extract<ProtocolEvent, { kind: "message" }>;

const text = (value: string) => new TextEncoder().encode(value);

/** Makes the messages of one stream, in the order of its calls. */
export class SondeEncoder {
  readonly #stream: number;
  #sequence = 0;
  #configuration = 0;
  #info: Acquisition | undefined;
  #nextIndex = 0;

  /** `stream`: default a random number. */
  constructor(stream = randomStream()) {
    this.#stream = stream >>> 0;
  }

  #encode(
    kind: number,
    first: Uint8Array,
    more: Omit<
      Parameters<typeof encodeMessage>[0],
      "kind" | "stream" | "sequence" | "configuration" | "index"
    > = {},
    second?: Uint8Array,
  ): Uint8Array<ArrayBuffer> {
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) >>> 0;
    return encodeMessage(
      {
        kind,
        stream: this.#stream,
        sequence,
        configuration: this.#configuration,
        index: this.#nextIndex,
        ...more,
      },
      first,
      second,
    );
  }

  /** What the frames from here on are; may be called again with the same `info` to let receivers join. */
  configuration(info: Acquisition): Uint8Array<ArrayBuffer> {
    if (info !== this.#info) this.#configuration++;
    this.#info = info;
    const { json, arrays } = encodeAcquisition(info);
    return this.#encode(KIND.configuration, json, {}, arrays);
  }

  /**
   * One frame. Its index may skip frames that were lost before; without one above the last, it is the next.
   * `arrivalS`: the receiver's clock, used when the frame has no time of its own.
   * @throws SondeError `bad-option` for a frame that the configuration does not describe
   */
  frame(frame: Frame, arrivalS?: number): Uint8Array<ArrayBuffer> {
    const info = this.#info;
    if (!info)
      throw new SondeError("bad-option", "A Sonde stream starts with configuration(info); call it first.");
    const { samples, timeS, missingLines } = frame;
    const wanted = samplesPerFrame(info);
    if (samples.length !== wanted)
      throw new SondeError(
        "bad-option",
        `Frame ${frame.index} has ${samples.length} samples, its acquisition says ${wanted}; give the frames of one acquisition.`,
        { fields: { samples: samples.length, wanted } },
      );
    this.#nextIndex = Math.max(this.#nextIndex, frame.index);
    const time = timeS ?? arrivalS;
    const bytes = this.#encode(
      KIND.frame,
      new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
      {
        sampleType: typeNumber(samples),
        timeS: time,
        flags:
          (time === undefined ? 0 : HAS_TIME) |
          (timeS === undefined && time !== undefined ? TIME_OF_ARRIVAL : 0),
      },
      missingLines,
    );
    this.#nextIndex++;
    return bytes;
  }

  lost({ what, count, why }: Pick<Lost, "what" | "count" | "why">): Uint8Array<ArrayBuffer> {
    return this.#encode(KIND.lost, text(JSON.stringify({ what, count, why })));
  }

  status(status: DeviceStatus): Uint8Array<ArrayBuffer> {
    return this.#encode(KIND.status, text(JSON.stringify(status)));
  }

  text(line: string): Uint8Array<ArrayBuffer> {
    return this.#encode(KIND.text, text(line));
  }

  message({ type, device, timeS, content, metadata }: Omit<Message, "kind">): Uint8Array<ArrayBuffer> {
    return this.#encode(KIND.message, text(JSON.stringify({ type, device, content, metadata })), {
      timeS,
      flags: HAS_TIME,
    });
  }

  /** The last message: nothing is missing behind it. */
  end(): Uint8Array<ArrayBuffer> {
    return this.#encode(KIND.end, new Uint8Array(0));
  }
}

/** Frames between two repetitions of the configuration, for receivers that join late or lost it. */
const REPEAT_FRAMES = 32;

/** A device that speaks Sonde's stream. `stream`: default a random number. */
export function sondeWriter(info: Acquisition, stream?: number): ProtocolWriter {
  const encoder = new SondeEncoder(stream);
  let frames = 0;
  return {
    start: () => [encoder.configuration(info)],
    frame(frame) {
      const repeated = frames > 0 && frames % REPEAT_FRAMES === 0 ? [encoder.configuration(info)] : [];
      frames++;
      return [...repeated, encoder.frame(frame)];
    },
    end: () => [encoder.end()],
  };
}
