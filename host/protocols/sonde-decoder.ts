/** What the sound messages of a Sonde stream say, and what is missing between them. */
import { SondeError } from "../errors.ts";
import type { DeviceStatus, ProtocolEvent } from "../live/protocol.ts";
import { type Acquisition, type Frame, lineCount, samplesPerFrame } from "../model.ts";
import { decodeAcquisition } from "./sonde-acquisition.ts";
import { HAS_TIME, KIND, padded, type SondeHeader, sampleBytesOf, samplesFrom } from "./sonde-messages.ts";

/** An event, or a frame whose samples are still in the message. */
export type Decoded =
  | Exclude<ProtocolEvent, { kind: "frame" }>
  | { kind: "sound-frame"; header: SondeHeader; payload: Uint8Array; info: Acquisition };

/** The frame of a message, with samples of its own. */
export function frameFrom(header: SondeHeader, payload: Uint8Array, index = header.index): Frame {
  const { firstBytes } = header;
  const rest = payload.subarray(padded(firstBytes));
  return {
    index,
    ...(header.flags & HAS_TIME ? { timeS: header.timeS } : {}),
    samples: samplesFrom(header.sampleType, payload.subarray(0, firstBytes)),
    ...(rest.length > 0 ? { missingLines: rest.slice() } : {}),
  };
}

/** Why the frame is none of this acquisition, or undefined. */
function misfit(header: SondeHeader, payload: Uint8Array, info: Acquisition): string | undefined {
  const sampleBytes = sampleBytesOf(header.sampleType);
  if (!sampleBytes) return `its sample type ${header.sampleType} is none`;
  const wanted = samplesPerFrame(info) * sampleBytes;
  if (header.firstBytes !== wanted) return `it has ${header.firstBytes} bytes of samples, not ${wanted}`;
  const rest = Math.max(0, payload.length - padded(wanted));
  const bits = info.kind === "lines" ? Math.ceil(lineCount(info) / 8) : 0;
  return rest === 0 || rest === bits ? undefined : `${rest} bytes follow its samples`;
}

/** Messages that must count on from a number that went back, before the device is believed to have started again. */
const BELIEVED_BACK = 8;

const LOST = ["frames", "lines", "messages"] as const;

export class SondeDecoder {
  #stream: number | undefined;
  #sequence = 0;
  #nextIndex = 0;
  /** What would follow a number that went back, and how many did so far. */
  #back = { next: -1, count: 0 };
  #configuration = 0;
  #configurationCrc = 0;
  #info: Acquisition | undefined;
  /** The stream said that it is over. */
  ended = false;

  /** Memory of the acquisition that is held. */
  get heldBytes(): number {
    const info = this.#info;
    if (!info) return 0;
    if (info.kind === "lines") return info.lines.byteLength;
    if (info.kind === "beamformed") return 0;
    return info.sequence.reduce(
      (sum, transmit) => sum + (transmit.firingS?.byteLength ?? 0),
      info.probe.positionsM.byteLength + info.probe.azimuthsRad.byteLength,
    );
  }

  /**
   * Takes a sound message of `bytes` bytes that began at byte `offset` of the stream.
   * @throws SondeError `corrupt-file` for a configuration that describes nothing
   */
  take(header: SondeHeader, payload: Uint8Array, bytes: number, offset: number): Decoded[] {
    const out: Decoded[] = [];
    if (header.stream !== this.#stream) this.#begin(header, out);
    else if (this.#startsAgain(header)) this.#begin(header, out);
    const missing = (header.sequence - this.#sequence) | 0;
    if (missing < 0) {
      // A message that came twice, or so late that it has been counted as lost.
      out.push({ kind: "skipped", bytes, offset });
      return out;
    }
    this.#back.count = 0;
    this.#sequence = (header.sequence + 1) >>> 0;
    const lostFrames = Math.max(0, header.index - this.#nextIndex);
    if (lostFrames > 0)
      out.push({
        kind: "lost",
        what: "frames",
        count: lostFrames,
        why: missing > 0 ? "they did not arrive" : "the device skipped them",
      });
    if (missing > lostFrames)
      out.push({ kind: "lost", what: "messages", count: missing - lostFrames, why: "they did not arrive" });
    this.#nextIndex = header.kind === KIND.frame ? header.index + 1 : header.index;
    this.#understand(header, payload, out);
    return out;
  }

  /**
   * Whether a device that gives its stream the same number at every start has started: it says its configuration as its
   * first message, or, where that was lost, counts on from where it went back to.
   */
  #startsAgain({ sequence, kind, payloadCrc }: SondeHeader): boolean {
    if (((sequence - this.#sequence) | 0) >= 0) return false;
    const first = sequence === 0 && kind === KIND.configuration;
    // The first message itself may have come twice.
    if (first && (this.#sequence !== 1 || payloadCrc !== this.#configurationCrc)) return true;
    this.#back.count = sequence === this.#back.next ? this.#back.count + 1 : 1;
    this.#back.next = (sequence + 1) >>> 0;
    return this.#back.count >= BELIEVED_BACK;
  }

  #begin(header: SondeHeader, out: Decoded[]): void {
    // Nobody knows what it would have sent meanwhile.
    if (this.#stream !== undefined)
      out.push({ kind: "lost", what: "frames", count: undefined, why: "the device started again" });
    this.#stream = header.stream;
    this.#sequence = header.sequence;
    this.#nextIndex = header.index;
    this.#info = undefined;
    this.ended = false;
    if (header.sequence > 0)
      out.push({
        kind: "lost",
        what: "messages",
        count: header.sequence,
        why: "they were sent before the first one that arrived",
      });
  }

  #understand(header: SondeHeader, payload: Uint8Array, out: Decoded[]): void {
    if (header.kind === KIND.configuration) this.#configure(header, payload, out);
    else if (header.kind === KIND.frame) this.#frame(header, payload, out);
    else if (header.kind === KIND.text) out.push({ kind: "text", text: new TextDecoder().decode(payload) });
    else if (header.kind === KIND.end) this.ended = true;
    else if (header.kind === KIND.lost || header.kind === KIND.status || header.kind === KIND.message) {
      const event = eventOf(header, payload);
      if (event) out.push(event);
    }
  }

  #configure(header: SondeHeader, payload: Uint8Array, out: Decoded[]): void {
    const known = this.#info && header.configuration === this.#configuration;
    if (known && header.payloadCrc === this.#configurationCrc) return;
    const info = decodeAcquisition(payload, header.firstBytes);
    this.#info = info;
    this.#configuration = header.configuration;
    this.#configurationCrc = header.payloadCrc;
    out.push({ kind: "acquisition", info });
  }

  #frame(header: SondeHeader, payload: Uint8Array, out: Decoded[]): void {
    const info = this.#info;
    const why =
      !info || header.configuration !== this.#configuration
        ? `its configuration (number ${header.configuration}) has not arrived`
        : misfit(header, payload, info);
    if (why || !info) out.push({ kind: "lost", what: "frames", count: 1, why: why ?? "" });
    else out.push({ kind: "sound-frame", header, payload, info });
  }
}

/** The event that a message of JSON carries; undefined when it is not what the specification says. */
function eventOf(header: SondeHeader, payload: Uint8Array): Decoded | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(payload));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // the frames go on without it
    throw new SondeError("internal", "A message of a Sonde stream could not be decoded.", { cause: error });
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const fields = parsed as Record<string, unknown>;
  if (header.kind === KIND.status) return { kind: "status", status: statusOf(fields) };
  if (header.kind === KIND.lost) {
    const what = LOST.find((one) => one === fields["what"]);
    const { count, why } = fields;
    // How many frames are lost the index says, too: it is counted there.
    if (what === "frames" && Number.isFinite(count)) return undefined;
    return (
      what && {
        kind: "lost",
        what,
        count: Number.isFinite(count) ? (count as number) : undefined,
        why: typeof why === "string" ? why : "the device does not say why",
      }
    );
  }
  const { type, device, content } = fields;
  if (typeof type !== "string" || typeof device !== "string") return undefined;
  const metadata = textsOf(fields["metadata"]);
  return { kind: "message", type, device, timeS: header.timeS, content, ...(metadata && { metadata }) };
}

/** The texts of an object by name, or undefined when there are none. */
function textsOf(value: unknown): Record<string, string> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const texts = Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === "string");
  return texts.length ? Object.fromEntries(texts) : undefined;
}

/** The fields of a status that are of their types. */
function statusOf(fields: Record<string, unknown>): DeviceStatus {
  const status: DeviceStatus = {};
  if (typeof fields["state"] === "string") status.state = fields["state"];
  for (const name of ["battery", "temperatureC", "droppedByDevice"] as const)
    if (typeof fields[name] === "number") status[name] = fields[name];
  if (typeof fields["saturated"] === "boolean") status.saturated = fields["saturated"];
  return status;
}
