/**
 * P0RK version 1: the pic0rick's stream on an RP2350 (USB serial). Lines of text and binary frames share the way; header
 * of 64 bytes, little-endian, then the payload:
 *
 *    0  "P0RK"         8  u32 sequence       20  u32 payload bytes    36  f32 envelope peak     56  u32 dropped
 *    4  u8  version 1 12  u32 samples        24  u64 time us          40  f32 A-law reference   60  u32 CRC-32 of
 *    5  u8  type      16  u32 sample rate    32  f32 mean             44  u32 pulses ns, three          the payload
 *    6  u16 flags
 *
 * Types: 1 raw u16 of 10 bits, 2 envelope f32, 3 envelope as u8 by A-law.
 */
import { SondeError } from "../errors.ts";
import { crc32 } from "../formats/crc32.ts";
import { exp } from "../geometry/exact.ts";
import type { DeviceControl, DeviceStatus, Order, Protocol, ProtocolEvent } from "../live/protocol.ts";
import type { LineData, SampleArray } from "../model.ts";
import { aScans, rolling } from "./a-scans.ts";
import { MarkedStream } from "./marked-stream.ts";
import type { ProtocolOptions } from "./options.ts";
import { orderNumber, orderWord, unknownOrder } from "./orders.ts";
import { SequenceCounter } from "./sequence.ts";
import { hexSamples, TextLines } from "./text-lines.ts";

export const P0RK_HEADER_BYTES = 64;
export const P0RK_MARK = Uint8Array.of(0x50, 0x30, 0x52, 0x4b);
/** Bytes of a sample by type. */
export const P0RK_SAMPLE_BYTES: readonly number[] = [0, 2, 4, 1];
export const P0RK_MODES = ["raw", "envelope", "alaw"] as const;

const MOST_SAMPLES = 65536;
const MOST_PAYLOAD_BYTES = 4 * MOST_SAMPLES;
/** The reply to `read`: 4096 values of three digits and a comma. */
const MOST_LETTERS = 2 ** 15;
/** Rate of every converter that the firmware knows, and samples of `read`, whose reply does not say them. */
const SAMPLE_RATE_HZ = 60e6;
const READ_SAMPLES = 4096;

const FLAG_SATURATED = 1;
const FLAG_PROCESSING_DROP = 2;
const FLAG_USB_DROP = 4;
/** The frame is a signal of the device's own; its number is in the flags' upper byte. */
const FLAG_SELF_TEST = 8;
export const P0RK_ARMED = 16;

/** Compression of A-law (ITU-T G.711) and its natural logarithm. */
const A = 87.6;
const LN_A = 4.472780997942346;

/** Envelope by A-law code, 1 is the reference: the inverse of y = A x / (1 + ln A) below 1 / A, (1 + ln(A x)) / (1 + ln A) above. */
const EXPANDED = Float64Array.from({ length: 256 }, (_, code) => {
  const y = (code / 255) * (1 + LN_A);
  return (y < 1 ? y : exp(y - 1)) / A;
});

/** Whether a header is at the front, and how long its frame is. */
function sizeOf(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, P0RK_HEADER_BYTES);
  const type = view.getUint8(5);
  if (view.getUint8(4) !== 1 || type < 1 || type > 3) return undefined;
  for (let k = 0; k < 4; k++) if (bytes[k] !== P0RK_MARK[k]) return undefined;
  const samples = view.getUint32(12, true);
  const rate = view.getUint32(16, true);
  const payload = view.getUint32(20, true);
  if (samples < 8 || samples > MOST_SAMPLES || rate === 0 || payload !== samples * P0RK_SAMPLE_BYTES[type])
    return undefined;
  return P0RK_HEADER_BYTES + payload;
}

function isSound(frame: Uint8Array): boolean {
  const view = new DataView(frame.buffer, frame.byteOffset, P0RK_HEADER_BYTES);
  return crc32(frame.subarray(P0RK_HEADER_BYTES)) === view.getUint32(60, true);
}

/** The samples of a payload, as numbers that can be imaged. */
function samplesOf(type: number, payload: Uint8Array, reference: number): SampleArray {
  const copy = payload.slice();
  if (type === 1) return new Uint16Array(copy.buffer);
  if (type === 2) return new Float32Array(copy.buffer);
  return Float32Array.from(copy, (code) => reference * EXPANDED[code]);
}

class P0rkParser extends MarkedStream {
  readonly #options: ProtocolOptions & { name: string };
  readonly #text = new TextLines(MOST_LETTERS);
  readonly #sequence = new SequenceCounter(32);
  /** Bytes after a damaged frame are not text. */
  #damaged = false;
  /** The next line is the reply to `read`. */
  #hexNext = false;
  #info: LineData | undefined;
  #index = 0;
  #status = "";
  #settings = "";

  constructor(options: ProtocolOptions & { name: string }) {
    super(
      { mark: P0RK_MARK, headerBytes: P0RK_HEADER_BYTES, sizeOf, isSound },
      P0RK_HEADER_BYTES + MOST_PAYLOAD_BYTES,
      MOST_LETTERS,
    );
    this.#options = options;
  }

  protected override get ownBytes(): number {
    return this.#text.heldBytes;
  }

  protected override outside(bytes: Uint8Array, rejected: boolean, events: ProtocolEvent[]): boolean {
    this.#damaged ||= rejected;
    if (this.#damaged) return false;
    for (const line of this.#text.push(bytes)) this.#line(line, events);
    return true;
  }

  protected override message(bytes: Uint8Array, offset: number, events: ProtocolEvent[]): void {
    this.#damaged = false;
    this.#text.clear();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const missing = this.#sequence.take(view.getUint32(8, true));
    if (missing === "doubtful") {
      events.push({ kind: "skipped", bytes: bytes.length, offset });
      return;
    }
    if (missing > 0)
      events.push({ kind: "lost", what: "frames", count: missing, why: "they did not arrive" });
    this.#index += missing;
    const type = view.getUint8(5);
    const samples = samplesOf(type, bytes.subarray(P0RK_HEADER_BYTES), view.getFloat32(40, true));
    this.#tell(view, samples, events);
    const timeS = (view.getUint32(24, true) + 2 ** 32 * view.getUint32(28, true)) * 1e-6;
    this.#tellSettings(view, timeS, events);
    this.#give(samples, view.getUint32(16, true), timeS, events);
  }

  #give(
    samples: SampleArray,
    sampleRateHz: number,
    timeS: number | undefined,
    events: ProtocolEvent[],
  ): void {
    const signal = samples instanceof Uint16Array ? "rf" : "envelope";
    const { name, soundSpeedMps, centerFrequencyHz } = this.#options;
    const info = this.#info;
    if (
      info?.signal !== signal ||
      info.sampleCount !== samples.length ||
      info.sampleRateHz !== sampleRateHz
    ) {
      this.#info = aScans({
        name,
        format: "P0RK",
        signal,
        sampleCount: samples.length,
        sampleRateHz,
        soundSpeedMps,
        centerFrequencyHz,
      });
      events.push({ kind: "acquisition", info: this.#info });
    }
    const frame = { index: this.#index++, samples, ...(timeS === undefined ? {} : { timeS }) };
    events.push({ kind: "frame", frame });
  }

  /** The status in a header, when it differs from the last one. */
  #tell(view: DataView, samples: SampleArray, events: ProtocolEvent[]): void {
    const flags = view.getUint16(6, true);
    const clipped = samples instanceof Uint16Array && samples.some((value) => value === 0 || value >= 1023);
    const status: DeviceStatus = {
      state: flags & P0RK_ARMED ? "armed" : "disarmed",
      saturated: (flags & FLAG_SATURATED) !== 0 || clipped,
      droppedByDevice: view.getUint32(56, true),
    };
    const key = JSON.stringify(status);
    if (key !== this.#status) events.push({ kind: "status", status });
    this.#status = key;
  }

  /** What the frames are made with, when it differs from the last one's: the pulse, the A-law's reference, the other flags. */
  #tellSettings(view: DataView, timeS: number, events: ProtocolEvent[]): void {
    const [negativeNs, dampingNs, positiveNs] = [44, 48, 52].map((at) => view.getUint32(at, true));
    const flags = view.getUint16(6, true);
    const content = {
      pulse: { negativeNs, dampingNs, positiveNs },
      reference: view.getFloat32(40, true),
      processingDrop: (flags & FLAG_PROCESSING_DROP) !== 0,
      usbDrop: (flags & FLAG_USB_DROP) !== 0,
      ...(flags & FLAG_SELF_TEST ? { selfTest: flags >> 8 } : {}),
    };
    const key = JSON.stringify(content);
    if (key !== this.#settings)
      events.push({ kind: "message", type: "settings", device: this.#options.name, timeS, content });
    this.#settings = key;
  }

  #line(line: string, events: ProtocolEvent[]): void {
    const expected = this.#hexNext;
    this.#hexNext = /^OK raw-hex \d+$/.test(line);
    const samples = expected ? hexSamples(line, READ_SAMPLES) : undefined;
    if (samples?.length === READ_SAMPLES) this.#give(samples, SAMPLE_RATE_HZ, undefined, events);
    else if (expected) events.push({ kind: "lost", what: "frames", count: 1, why: "its values are damaged" });
    else events.push({ kind: "text", text: line });
  }
}

/** Pulses (ns). Our limits: half a period of 500 kHz, and the 20 us in which nothing is heard yet. */
const PULSE_NS = { min: 8, max: 1000, step: 8, unit: "ns" } as const;

const CONTROLS = [
  { id: "mode", kind: "choice", choices: P0RK_MODES, default: "envelope" },
  { id: "rate", kind: "number", min: 1, max: 100, step: 1, unit: "Hz", default: 20 },
  { id: "pulser", kind: "choice", choices: ["disarm", "arm"], default: "disarm" },
  { id: "gain", kind: "number", min: 0, max: 1023, step: 1, unit: "", default: 512 },
  { id: "reference", kind: "number", min: 1, max: 4096, step: 1, unit: "", default: 512 },
  { id: "negative-pulse", kind: "number", ...PULSE_NS, default: 96 },
  { id: "damping", kind: "number", min: 8, max: 20000, step: 8, unit: "ns", default: 6000 },
  { id: "positive-pulse", kind: "number", ...PULSE_NS, default: 96 },
  { id: "polarity", kind: "choice", choices: ["neg-first", "pos-first"], default: "neg-first" },
  { id: "acquire", kind: "choice", choices: P0RK_MODES, default: "envelope" },
] as const satisfies readonly DeviceControl[];

/** Highest rates of the modes (Hz). */
const MOST_HZ = { raw: 100, envelope: 50, alaw: 70 } as const;

/** Orders as commands. Settings that a command needs together are kept until the next one. */
class Commands {
  readonly #kept = new Map<string, number | string>(CONTROLS.map((one) => [one.id, one.default]));

  #of(id: (typeof CONTROLS)[number]["id"]): string {
    return String(this.#kept.get(id));
  }

  encode(order: Order): string {
    if (order.kind === "start") {
      const mode = P0RK_MODES.find((one) => one === this.#of("mode")) ?? "envelope";
      const rate = Number(this.#of("rate"));
      if (rate > MOST_HZ[mode])
        throw new SondeError(
          "bad-option",
          `rate is ${rate} Hz; the device streams ${mode} at up to ${MOST_HZ[mode]} Hz. Lower it, or choose another mode.`,
          { fields: { rate, mode } },
        );
      return `stream start ${mode} ${rate}`;
    }
    if (order.kind === "stop") {
      this.#kept.set("pulser", "disarm");
      return "stream stop\npulser disarm";
    }
    const control = CONTROLS.find((one) => one.id === order.control);
    if (!control) throw unknownOrder(order.control, CONTROLS);
    const value =
      control.kind === "number" ? orderNumber(control, order.value) : orderWord(control, order.value);
    this.#kept.set(control.id, value);
    switch (control.id) {
      case "mode":
      case "rate":
        return ""; // sent with the next start
      case "pulser":
        return `pulser ${value}`;
      case "gain":
        return `dac write ${value}`;
      case "reference":
        return `dsp scale ${value}`;
      case "acquire":
        return `acq ${value}`;
      default:
        return `pulse config ${this.#of("negative-pulse")} ${this.#of("damping")} ${this.#of("positive-pulse")} ${this.#of("polarity")}`;
    }
  }
}

/**
 * The protocol `p0rk`. Options used: `lines`, `soundSpeedMps`, `centerFrequencyHz`. Orders: `mode` and `rate` take effect
 * with the next start; the pulser is armed by an order of its own, never by another, and disarmed by `stop`, too.
 */
export function p0rkProtocol(options: ProtocolOptions = {}): Protocol {
  const name = "pic0rick (P0RK)";
  const commands = new Commands();
  return {
    id: "p0rk",
    name,
    boundary: "stream",
    parser: () => rolling(new P0rkParser({ name, ...options }), options.lines, MOST_PAYLOAD_BYTES),
    controls: CONTROLS,
    starts: (order) =>
      order.kind === "start" || (order.kind === "set" && order.control === "pulser" && order.value === "arm"),
    encode(order) {
      const command = commands.encode(order);
      return new TextEncoder().encode(command && `${command}\n`);
    },
  };
}
