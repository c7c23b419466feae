/**
 * The pic0rick's stock firmware (USB serial): text only. It answers `read` with
 *
 *   ----------Start of ACQ----------
 *   1FF,200,... 8000 hexadecimal values of 10 bits at 60 MHz, a comma after each
 *   -----------End of ACQ-----------
 *
 * and echoes what it is sent. There is no number and no check value: an acquisition is given when it is whole.
 */
import type { DeviceControl, Protocol, ProtocolEvent, ProtocolParser } from "../live/protocol.ts";
import { aScans, rolling } from "./a-scans.ts";
import type { ProtocolOptions } from "./options.ts";
import { orderNumber, orderWord, unknownOrder } from "./orders.ts";
import { hexSamples, TextLines } from "./text-lines.ts";

export const PIC0RICK_SAMPLES = 8000;
const SAMPLE_RATE_HZ = 60e6;
/** Longest line that is waited for. */
const MOST_LETTERS = 2 ** 16;
/** A line of so many letters and commas is an acquisition, whatever came before it. */
const VALUES = /^[0-9a-fA-F]*,[0-9a-fA-F,]{200,}$/;

class Pic0rickParser implements ProtocolParser {
  readonly maxBytes = MOST_LETTERS + 2 * PIC0RICK_SAMPLES;
  readonly #options: ProtocolOptions & { name: string };
  readonly #text = new TextLines(MOST_LETTERS);
  /** Between start and end; `"lost"`: what is there has been counted as lost. */
  #open: boolean | "lost" = false;
  #samples: Uint16Array<ArrayBuffer> | undefined;
  #announced = false;
  #index = 0;

  constructor(options: ProtocolOptions & { name: string }) {
    this.#options = options;
  }

  get heldBytes(): number {
    return this.#text.heldBytes + (this.#samples?.byteLength ?? 0);
  }

  push(chunk: Uint8Array): ProtocolEvent[] {
    const events: ProtocolEvent[] = [];
    for (const line of this.#text.push(chunk)) this.#line(line, events);
    return events;
  }

  end(): ProtocolEvent[] {
    const events: ProtocolEvent[] = [];
    if (this.#open === true) this.#lose("it was cut off", events);
    return events;
  }

  #line(line: string, events: ProtocolEvent[]): void {
    if (/-{4}Start of ACQ-{4}/.test(line)) {
      if (this.#open === true) this.#lose("its end did not arrive", events);
      this.#open = true;
      this.#samples = undefined;
    } else if (/-{4}End of ACQ-{4}/.test(line)) {
      if (this.#open === true) this.#close(events);
      else if (!this.#open) this.#lose("its beginning did not arrive", events);
      this.#open = false;
    } else if (VALUES.test(line)) {
      if (this.#open === true && this.#samples) this.#lose("its end did not arrive", events);
      if (this.#open === true) this.#samples = hexSamples(line, PIC0RICK_SAMPLES);
      else {
        if (this.#open !== "lost") this.#lose("its beginning did not arrive", events);
        this.#open = "lost";
      }
    } else if (this.#open !== true) events.push({ kind: "text", text: line });
  }

  #lose(why: string, events: ProtocolEvent[]): void {
    this.#samples = undefined;
    this.#index++;
    events.push({ kind: "lost", what: "frames", count: 1, why });
  }

  #close(events: ProtocolEvent[]): void {
    const samples = this.#samples;
    this.#samples = undefined;
    if (samples?.length !== PIC0RICK_SAMPLES) {
      this.#lose(`${samples?.length ?? 0} of its ${PIC0RICK_SAMPLES} values are readable`, events);
      return;
    }
    if (!this.#announced) {
      const { name, soundSpeedMps, centerFrequencyHz } = this.#options;
      const info = aScans({
        name,
        format: "pic0rick",
        signal: "rf",
        sampleCount: PIC0RICK_SAMPLES,
        sampleRateHz: SAMPLE_RATE_HZ,
        soundSpeedMps,
        centerFrequencyHz,
      });
      events.push({ kind: "acquisition", info });
      this.#announced = true;
    }
    if (samples.some((value) => value === 0 || value >= 1023))
      events.push({ kind: "status", status: { saturated: true } });
    events.push({ kind: "frame", frame: { index: this.#index++, samples } });
  }
}

/** Pulses in ticks of 8 ns. Our limits: half a period of 500 kHz, and the 20 us in which nothing is heard yet. */
const CONTROLS = [
  { id: "pulse", kind: "number", min: 8, max: 1000, step: 8, unit: "ns", default: 96 },
  { id: "pause", kind: "number", min: 8, max: 1000, step: 8, unit: "ns", default: 96 },
  { id: "damping", kind: "number", min: 8, max: 20000, step: 8, unit: "ns", default: 6000 },
  { id: "gain", kind: "number", min: 0, max: 1023, step: 1, unit: "", default: 512 },
  { id: "multiplexer", kind: "number", min: 0, max: 65535, step: 1, unit: "", default: 0 },
  { id: "multiplexer-latch", kind: "choice", choices: ["set", "clear"], default: "clear" },
] as const satisfies readonly DeviceControl[];

/**
 * The protocol `pic0rick`. Options used: `lines`, `soundSpeedMps`, `centerFrequencyHz`. `start` pulses once and reads;
 * pulse, pause and damping take effect with it. The firmware cannot stream, so `stop` sends nothing.
 */
export function pic0rickProtocol(options: ProtocolOptions = {}): Protocol {
  const name = "pic0rick (stock firmware)";
  const kept = new Map<string, number | string>(CONTROLS.map((one) => [one.id, one.default]));
  const command = (order: Parameters<NonNullable<Protocol["encode"]>>[0]): string => {
    if (order.kind === "start")
      return `start acq ${kept.get("pulse")} ${kept.get("pause")} ${kept.get("damping")}\nread\n`;
    if (order.kind === "stop") return "";
    const control = CONTROLS.find((one) => one.id === order.control);
    if (!control) throw unknownOrder(order.control, CONTROLS);
    const value =
      control.kind === "number" ? orderNumber(control, order.value) : orderWord(control, order.value);
    kept.set(control.id, value);
    if (control.id === "gain") return `write dac ${value}\n`;
    if (control.id === "multiplexer") return `write mux ${value.toString(16)}\n`;
    return control.id === "multiplexer-latch" ? `${value} mux\n` : "";
  };
  return {
    id: "pic0rick",
    name,
    boundary: "stream",
    parser: () => rolling(new Pic0rickParser({ name, ...options }), options.lines, 2 * PIC0RICK_SAMPLES),
    controls: CONTROLS,
    encode: (order) => new TextEncoder().encode(command(order)),
  };
}
