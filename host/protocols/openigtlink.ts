/**
 * OpenIGTLink, live (TCP, port 18944). IMAGE becomes frames; TRANSFORM, NDARRAY and STATUS are passed on; the rest is
 * skipped by its size. The metadata of version 2 go with their message. Pictures of 8 bits are compressed already: their 256 levels are shown as 60 dB. Where an image is in
 * the room is passed on as a message; its own picture begins at depth 0, with x counted from its middle.
 *
 * There is no mark to find a message by: a header that cannot be, or that claims a size its type cannot have, ends the link. A
 * wrong check value costs one message.
 */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import { norm } from "../geometry/exact.ts";
import type { Protocol, ProtocolEvent, ProtocolParser, ProtocolWriter } from "../live/protocol.ts";
import type { Acquisition, Axis, Beamformed, SampleArray, Scan } from "../model.ts";
import { DEFAULT_SOUND_SPEED_MPS } from "./a-scans.ts";
import { ByteQueue } from "./byte-queue.ts";
import { crc64 } from "./crc64.ts";
import {
  encodeIgtlImage,
  IGTL_HEADER_BYTES,
  IGTL_IMAGE_BYTES,
  IGTL_SCALAR_BYTES,
  IGTL_STATUS_BYTES,
  IGTL_TRANSFORM_BYTES,
  type IgtlHeader,
  type IgtlImageHeader,
  igtlContent,
  igtlContentBytes,
  igtlMetadata,
  igtlPixelBytes,
  igtlValues,
  readIgtlHeader,
  readIgtlImageHeader,
  zeroEnded,
} from "./openigtlink-messages.ts";
import type { ProtocolOptions } from "./options.ts";

const DEFAULT_MOST_BODY_BYTES = 2 ** 26;
const PIECE_BYTES = 2 ** 16;
/** Extended header of version 2: the least one, and the longest that is believed. */
const EXTENDED_BYTES = 12;
/** What the 256 levels of a picture stand for (dB). */
const PICTURE_DB = 60;
/** Bytes of content that each type can have; what an image or an array holds at most is the limit of all messages. */
const CONTENT_BYTES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  IMAGE: [IGTL_IMAGE_BYTES + 1, Number.POSITIVE_INFINITY],
  TRANSFORM: [IGTL_TRANSFORM_BYTES, IGTL_TRANSFORM_BYTES],
  // A code, a name, and a text that is for people.
  STATUS: [IGTL_STATUS_BYTES, IGTL_STATUS_BYTES + 2 ** 16],
  STRING: [4, 4 + 2 ** 16],
  NDARRAY: [2, Number.POSITIVE_INFINITY],
};
/** What version 2 and later may have beside the content: an extended header, and metadata in reason. */
const MOST_AROUND_BYTES = 2 ** 17;
const MOST_PADDING_BYTES = 8;

/** Pixel centres `count` pixels of `stepM` apart, from `min`. */
const axis = (min: number, stepM: number, count: number): Axis => ({
  min,
  max: min + (count - 1) * stepM,
  count,
});

/** The grid of an image in its own plane, when its pixels have a size. */
function scanOf({ matrix, size }: IgtlImageHeader): Scan | undefined {
  const dx = norm(matrix[0], matrix[1], matrix[2]) * 1e-3;
  const dz = norm(matrix[3], matrix[4], matrix[5]) * 1e-3;
  if (!(dx > 0 && dz > 0 && dx < 1 && dz < 1) || size[0] < 2 || size[1] < 2) return undefined;
  return { kind: "linear", x: axis((-(size[0] - 1) / 2) * dx, dx, size[0]), z: axis(0, dz, size[1]) };
}

/** One value a pixel: colours by their luminance (ITU-R BT.601), other components by the first. */
function grey(values: SampleArray, components: number): SampleArray {
  if (components === 1) return values;
  const count = values.length / components;
  const out = values.slice(0, count);
  for (let k = 0; k < count; k++) {
    const at = k * components;
    out[k] =
      components < 3 ? values[at] : 0.299 * values[at] + 0.587 * values[at + 1] + 0.114 * values[at + 2];
  }
  return out;
}

/** Where the content begins behind an extended header, and how many bytes of the body are none of it. */
function aroundContent(body: Uint8Array): [start: number, around: number] {
  const view = new DataView(body.buffer, body.byteOffset, EXTENDED_BYTES);
  const start = view.getUint16(0);
  return [start, start + view.getUint16(2) + view.getUint32(4)];
}

const sameNumbers = (a: readonly number[], b: readonly number[]) => a.every((value, k) => value === b[k]);

type Message = Extract<ProtocolEvent, { kind: "message" }>;
/** What every message says, beside its content. */
type About = Omit<Message, "content">;

class IgtlParser implements ProtocolParser {
  readonly maxBytes: number;
  readonly #options: ProtocolOptions & { name: string };
  readonly #mostBodyBytes: number;
  readonly #queue = new ByteQueue();
  /** The message whose body is awaited; bytes that are skipped as they come. */
  #header: IgtlHeader | undefined;
  #ignore = 0;
  #checked = false;
  /** The largest sound body of each type. */
  readonly #usualBytes = new Map<string, number>();
  #info: Beamformed | undefined;
  #key = "";
  /** The header of the last image: one like it announces nothing new. */
  #lastImage: IgtlImageHeader | undefined;
  /** The device whose images are the frames: the first one. */
  #imager: string | undefined;
  #index = 0;
  #offset = 0;
  /** Why the stream cannot be gone on with, when events before it were to be given first. */
  #failure: unknown;

  constructor(options: ProtocolOptions & { name: string }) {
    this.#options = options;
    this.#mostBodyBytes = options.maxMessageBytes ?? DEFAULT_MOST_BODY_BYTES;
    this.maxBytes = 2 * (IGTL_HEADER_BYTES + this.#mostBodyBytes + PIECE_BYTES);
  }

  get heldBytes(): number {
    return this.#queue.capacity;
  }

  push(chunk: Uint8Array): ProtocolEvent[] {
    if (this.#failure !== undefined) throw this.#failure;
    const events: ProtocolEvent[] = [];
    try {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
        this.#queue.append(chunk.subarray(at, at + PIECE_BYTES));
        while (this.#step(events));
      }
    } catch (error) {
      if (events.length === 0) throw error;
      this.#failure = error;
    }
    return events;
  }

  end(): ProtocolEvent[] {
    const left = this.#queue.length;
    return left > 0 ? [{ kind: "skipped", bytes: left, offset: this.#offset }] : [];
  }

  #drop(bytes: number): void {
    this.#queue.drop(bytes);
    this.#offset += bytes;
  }

  /** Takes a header or a body; false when more bytes are needed. */
  #step(events: ProtocolEvent[]): boolean {
    if (this.#ignore > 0) {
      const held = Math.min(this.#ignore, this.#queue.length);
      this.#ignore -= held;
      this.#drop(held);
      return this.#ignore === 0;
    }
    if (!this.#header) {
      if (this.#queue.length < IGTL_HEADER_BYTES) return false;
      const header = this.#readHeader();
      this.#drop(IGTL_HEADER_BYTES);
      if (!Object.hasOwn(CONTENT_BYTES, header.type)) {
        this.#ignore = header.bodyBytes;
        return true;
      }
      this.#header = header;
      this.#checked = false;
      return true;
    }
    const header = this.#header;
    if (!this.#checked) this.#check(header);
    if (this.#queue.length < header.bodyBytes) return false;
    const body = this.#queue.view().subarray(0, header.bodyBytes);
    this.#header = undefined;
    this.#drop(header.bodyBytes);
    this.#body(header, body, events);
    return true;
  }

  #readHeader(): IgtlHeader {
    const header = readIgtlHeader(this.#queue.view());
    if (!header)
      throw new SondeError(
        "corrupt-file",
        `The OpenIGTLink stream has no message at byte ${this.#offset}; connect again.`,
        { fields: { offset: this.#offset } },
      );
    if (header.bodyBytes > this.#mostBodyBytes)
      throw new SondeError(
        "corrupt-file",
        `The OpenIGTLink message ${quote(header.type)} claims ${header.bodyBytes} bytes, over the limit of ${this.#mostBodyBytes}; connect again, or raise maxMessageBytes.`,
        { fields: { bytes: header.bodyBytes } },
      );
    const [least, most] = Object.hasOwn(CONTENT_BYTES, header.type)
      ? CONTENT_BYTES[header.type]
      : [0, Number.POSITIVE_INFINITY];
    const [before, around] = header.version === 1 ? [0, 0] : [EXTENDED_BYTES, MOST_AROUND_BYTES];
    if (header.bodyBytes < least + before || header.bodyBytes > most + around)
      throw new SondeError(
        "corrupt-file",
        `The OpenIGTLink message ${quote(header.type)} at byte ${this.#offset} claims ${header.bodyBytes} bytes, which it cannot have; connect again.`,
        { fields: { bytes: header.bodyBytes } },
      );
    return header;
  }

  /**
   * Most types say the size of their content once more: a contradiction is found before its bytes are waited for. A body no
   * larger than those before it is waited for all the same, and its check value tells whether its own size is wrong.
   */
  #check(header: IgtlHeader): void {
    const view = this.#queue.view();
    const { type, version, bodyBytes } = header;
    if (version > 1 && view.length < EXTENDED_BYTES) return;
    const [start, around] = version > 1 ? aroundContent(view) : [0, 0];
    const claimed = bodyBytes - around;
    const said = igtlContentBytes(type, view.subarray(start, start + Math.max(0, claimed)));
    if (said === undefined && view.length < bodyBytes) return;
    this.#checked = true;
    // Texts may be padded.
    const spare = claimed - (said ?? claimed);
    if (spare === 0 || (type === "STRING" && spare > 0 && spare <= MOST_PADDING_BYTES)) return;
    if (bodyBytes <= (this.#usualBytes.get(type) ?? 0)) return;
    throw new SondeError(
      "corrupt-file",
      `The OpenIGTLink message ${quote(type)} at byte ${this.#offset} claims ${bodyBytes} bytes, its content ${said ? said + around : "nothing"}; connect again.`,
      { fields: { bytes: bodyBytes } },
    );
  }

  #body(header: IgtlHeader, body: Uint8Array, events: ProtocolEvent[]): void {
    const image = header.type === "IMAGE";
    const lose = (why: string) =>
      events.push({
        kind: "lost",
        what: image ? "frames" : "messages",
        count: 1,
        why: `${header.type}: ${why}`,
      });
    if (crc64(body) !== header.crc) {
      if (image) this.#index++;
      lose("its check value is wrong");
      return;
    }
    this.#usualBytes.set(header.type, Math.max(body.length, this.#usualBytes.get(header.type) ?? 0));
    const content = igtlContent(header.version, body);
    const { type, device, timeS } = header;
    const metadata = igtlMetadata(header.version, body);
    const about: About = { kind: "message", type, device, timeS, ...(metadata && { metadata }) };
    const event = content && (image ? this.#image(about, content, events) : messageOf(about, content));
    if (event) events.push(event);
    else lose("its content contradicts itself");
    if (event?.kind === "text" && metadata) events.push({ ...about, content: { text: event.text } });
  }

  #image(about: About, content: Uint8Array, events: ProtocolEvent[]): ProtocolEvent | undefined {
    const image = readIgtlImageHeader(content);
    if (!image || content.length !== IGTL_IMAGE_BYTES + igtlPixelBytes(image)) return undefined;
    const { device, timeS } = about;
    const { size, matrix, system: coordinates } = image;
    const pose: Message = { ...about, content: { size, matrix, coordinates } };
    if (!sameNumbers(image.part, size)) {
      if (device !== this.#imager) return pose;
      this.#index++;
      return { kind: "lost", what: "frames", count: 1, why: "IMAGE: it is a part of an image alone" };
    }
    this.#imager ??= device;
    // A picture is one slice of one device.
    if (image.size[2] > 1 || device !== this.#imager) return pose;
    this.#announce(image, events);
    events.push(pose);
    const values = igtlValues(image.scalar, image.littleEndian, content.subarray(IGTL_IMAGE_BYTES));
    return { kind: "frame", frame: { index: this.#index++, timeS, samples: grey(values, image.components) } };
  }

  #announce(image: IgtlImageHeader, events: ProtocolEvent[]): void {
    const last = this.#lastImage;
    this.#lastImage = image;
    const same = last?.scalar === image.scalar && sameNumbers(last.size, image.size);
    if (same && sameNumbers(last.matrix, image.matrix)) return;
    const scan = scanOf(image);
    const key = JSON.stringify([image.size, image.scalar, scan]);
    if (key === this.#key) return;
    this.#key = key;
    const picture = image.scalar === 3;
    this.#info = {
      kind: "beamformed",
      name: this.#options.name,
      format: "OpenIGTLink",
      signal: picture ? "log" : "envelope",
      ...(picture ? { logStepDb: PICTURE_DB / 255 } : {}),
      frameCount: null,
      soundSpeedMps: this.#options.soundSpeedMps ?? DEFAULT_SOUND_SPEED_MPS,
      warnings: [
        ...(scan ? [] : ["The size of the pixels is not stated: nothing can be measured."]),
        ...(picture ? [] : ["The images have more than 8 bits: their values are taken as amplitudes."]),
      ],
      rows: image.size[1],
      columns: image.size[0],
      ...(scan ? { scan } : {}),
      transmitCount: 1,
    };
    events.push({ kind: "acquisition", info: this.#info });
  }
}

const UTF8 = /* @__PURE__ */ new TextDecoder();

/** What a sound message other than IMAGE says, or undefined when its sizes contradict one another. */
function messageOf(about: About, content: Uint8Array): ProtocolEvent | undefined {
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const message = (value: unknown): Message => ({ ...about, content: value });
  const { type } = about;
  if (type === "TRANSFORM") {
    if (content.length !== 48) return undefined;
    return message({ matrix: Array.from({ length: 12 }, (_, k) => view.getFloat32(4 * k)) });
  }
  if (type === "STRING") {
    if (content.length < 4 || content.length < 4 + view.getUint16(2)) return undefined;
    const bytes = content.subarray(4, 4 + view.getUint16(2));
    return { kind: "text", text: UTF8.decode(bytes) };
  }
  if (type === "STATUS") {
    if (content.length < 30) return undefined;
    return message({
      code: view.getUint16(0),
      subcode: Number(view.getBigInt64(2)),
      name: zeroEnded(content.subarray(10, 30)),
      text: zeroEnded(content.subarray(30)),
    });
  }
  // NDARRAY: u8 scalar, u8 dimensions, u16 size of each, big-endian values.
  if (content.length < 2) return undefined;
  const scalar = content[0];
  const start = 2 + 2 * content[1];
  if (!(scalar in IGTL_SCALAR_BYTES) || content.length < start) return undefined;
  const shape = Array.from({ length: content[1] }, (_, k) => view.getUint16(2 + 2 * k));
  const bytes = shape.reduce((product, one) => product * one, IGTL_SCALAR_BYTES[scalar]);
  if (content.length !== start + bytes) return undefined;
  return message({ shape, values: igtlValues(scalar, false, content.subarray(start)) });
}

/** The protocol `openigtlink`. Options used: `name`, `maxMessageBytes`, `soundSpeedMps`. */
export function openIgtLink(options: ProtocolOptions = {}): Protocol {
  const name = "OpenIGTLink";
  return {
    id: "openigtlink",
    name,
    boundary: "stream",
    parser: () => new IgtlParser({ name, ...options }),
  };
}

/**
 * A device that sends images: beamformed data as they are, 8-bit ones as the pictures they are. `igtlPicture` encodes what
 * Sonde shows. @throws SondeError `bad-option` for anything but one real image a frame
 */
export function igtlWriter(info: Acquisition, options: ProtocolOptions = {}): ProtocolWriter {
  if (info.kind !== "beamformed" || info.signal === "iq" || info.transmitCount !== 1)
    throw new SondeError(
      "bad-option",
      `${info.name} holds ${info.kind} (${info.signal}); OpenIGTLink carries images: make pictures first, or use the protocol sonde.`,
      { fields: { kind: info.kind } },
    );
  const { rows, columns, scan } = info;
  const step = (one: Axis) => (one.count > 1 ? ((one.max - one.min) / (one.count - 1)) * 1e3 : 1);
  const [dx, dz] = scan?.kind === "linear" ? [step(scan.x), step(scan.z)] : [1, 1];
  const [x, z] = scan?.kind === "linear" ? [scan.x.min * 1e3, scan.z.min * 1e3] : [0, 0];
  const device = (options.name ?? "Sonde").replace(/[^\x20-\x7e]/g, "?").slice(0, 20);
  return {
    start: () => [],
    frame: ({ samples, timeS = 0 }) => [
      encodeIgtlImage(
        {
          components: 1,
          scalar: SCALARS.find(([, type]) => samples instanceof type)?.[0] ?? 3,
          littleEndian: true,
          size: [columns, rows, 1],
          matrix: [dx, 0, 0, 0, dz, 0, 0, 0, 1, x + ((columns - 1) / 2) * dx, z + ((rows - 1) / 2) * dz, 0],
          pixels: new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength),
        },
        { device, timeS },
      ),
    ],
  };
}

const SCALARS = [
  [2, Int8Array],
  [3, Uint8Array],
  [4, Int16Array],
  [5, Uint16Array],
  [6, Int32Array],
  [10, Float32Array],
] as const;
