/**
 * WULPUS (nRF52840 dongle, USB serial): 813 bytes an acquisition, little-endian, no check value.
 *
 *   0 "START\n" | 6 three zeros, 0xFF | 10 u8 configuration | 11 u16 number | 13 400 x i16 RF
 *
 * An acquisition is whole when no other START begins inside it. A probe with one configuration gives A-scans; with more,
 * a frame is one turn through them, a line each. How they lie in space is not known.
 */
import { SondeError } from "../errors.ts";
import type { DeviceControl, Order, Protocol, ProtocolEvent } from "../live/protocol.ts";
import { type LineData, lineCount } from "../model.ts";
import { aScans, rolling, sideBySide } from "./a-scans.ts";
import { frameOfLines } from "./line-frames.ts";
import { MarkedStream } from "./marked-stream.ts";
import type { ProtocolOptions } from "./options.ts";
import { orderNumber, orderWord, unknownOrder } from "./orders.ts";
import { SequenceCounter } from "./sequence.ts";
import {
  DEFAULT_WULPUS_CONFIGURATION,
  encodeWulpusConfiguration,
  encodeWulpusRestart,
  WULPUS_GAINS_DB,
  WULPUS_SAMPLE_RATES_HZ,
  type WulpusConfiguration,
} from "./wulpus-configuration.ts";

export const WULPUS_MARK = Uint8Array.of(0x53, 0x54, 0x41, 0x52, 0x54, 0x0a);
export const WULPUS_FRAME_BYTES = 813;
export const WULPUS_SAMPLES = 400;
/** Configurations that the device counts. */
const MOST_CONFIGURATIONS = 16;

/** Acquisitions for which a configuration is remembered. */
const REMEMBERED = 64;

/** One acquisition. */
interface Shot {
  configuration: number;
  samples: Int16Array;
}

class WulpusParser extends MarkedStream {
  readonly #options: ProtocolOptions & { name: string };
  readonly #inForce: () => WulpusConfiguration;
  readonly #numbers = new SequenceCounter(16);
  #info: LineData | undefined;
  /** What the acquisition was described by. */
  #described: WulpusConfiguration | undefined;
  /** The turn through the configurations that is being filled, by index. */
  #turn: (Int16Array | undefined)[] = [];
  /** The configuration that came last. */
  #last = 0;
  #index = 0;
  /** Acquisitions so far, and after how many each configuration came last. */
  #received = 0;
  readonly #seen: number[] = [];

  constructor(options: ProtocolOptions & { name: string }, inForce: () => WulpusConfiguration) {
    super(
      { mark: WULPUS_MARK, headerBytes: WULPUS_MARK.length, sizeOf: () => WULPUS_FRAME_BYTES },
      WULPUS_FRAME_BYTES,
      MOST_CONFIGURATIONS * 2 * WULPUS_SAMPLES,
    );
    this.#options = options;
    this.#inForce = inForce;
  }

  protected override get ownBytes(): number {
    return this.#turn.reduce((sum, line) => sum + (line?.byteLength ?? 0), 0);
  }

  get pending(): boolean {
    return this.#turn.length > 0;
  }

  protected override message(bytes: Uint8Array, offset: number, events: ProtocolEvent[]): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const configuration = bytes[10];
    const missing =
      configuration < MOST_CONFIGURATIONS ? this.#numbers.take(view.getUint16(11, true)) : "doubtful";
    if (missing === "doubtful") {
      events.push({ kind: "skipped", bytes: bytes.length, offset });
      return;
    }
    if (missing > 0) this.#lose(missing, "they did not arrive", events);
    if (!this.#believe(configuration, events)) {
      this.#lose(1, `configuration ${configuration} is not one of this probe's`, events);
      return;
    }
    this.#follow(events);
    if (missing > 0) this.#skipTurns(configuration, missing, events);
    const samples = new Int16Array(WULPUS_SAMPLES);
    for (let k = 0; k < WULPUS_SAMPLES; k++) samples[k] = view.getInt16(13 + 2 * k, true);
    this.#take({ configuration, samples }, events);
  }

  protected override finish(events: ProtocolEvent[]): void {
    this.#give(events);
  }

  /**
   * Nothing protects the number of the configuration: one beyond the known ones is believed when it comes again, and one
   * that has not come for long is forgotten.
   */
  #believe(configuration: number, events: ProtocolEvent[]): boolean {
    const now = ++this.#received;
    const recent = (index: number) => now - (this.#seen[index] ?? Number.NEGATIVE_INFINITY) <= REMEMBERED;
    const again = recent(configuration);
    this.#seen[configuration] = now;
    if (!this.#info) return true;
    const count = lineCount(this.#info);
    if (count > 1 && !recent(count - 1)) {
      this.#give(events);
      this.#info = this.#describe(1 + this.#seen.findLastIndex((_, index) => recent(index)));
      events.push({ kind: "acquisition", info: this.#info });
    }
    return configuration < count || again;
  }

  /** Nothing in the stream tells of a new configuration: what was started is what comes. */
  #follow(events: ProtocolEvent[]): void {
    const now = this.#inForce();
    if (!this.#info || !this.#described || sameEchoes(now, this.#described)) return;
    this.#give(events);
    this.#info = this.#describe(lineCount(this.#info));
    events.push({ kind: "acquisition", info: this.#info });
  }

  #lose(count: number, why: string, events: ProtocolEvent[]): void {
    const single = !this.#info || lineCount(this.#info) === 1;
    // What came before stands before the gap.
    if (single) this.#give(events);
    events.push({ kind: "lost", what: single ? "frames" : "lines", count, why });
    if (single) this.#index += count;
  }

  /** Turns that are over, or were lost whole, between the configuration that came last and this one: as many as fit the numbers. */
  #skipTurns(configuration: number, missing: number, events: ProtocolEvent[]): void {
    const count = this.#info ? lineCount(this.#info) : 1;
    const reached = this.#last + missing + 1;
    if (count === 1 || reached % count !== configuration || reached < count) return;
    this.#give(events);
    this.#index += Math.floor(reached / count) - 1;
  }

  /** A turn is over when a configuration comes that is not behind the last one. */
  #take({ configuration, samples }: Shot, events: ProtocolEvent[]): void {
    this.#last = configuration;
    if (configuration < this.#turn.length) this.#give(events);
    this.#turn[configuration] = samples;
    // A probe known to have this many is done with its last one.
    if (this.#info && configuration === lineCount(this.#info) - 1) this.#give(events);
  }

  #give(events: ProtocolEvent[]): void {
    if (this.#turn.length === 0) return;
    const count = Math.max(this.#turn.length, this.#info ? lineCount(this.#info) : 0);
    if (!this.#info || count !== lineCount(this.#info)) {
      this.#info = this.#describe(count);
      events.push({ kind: "acquisition", info: this.#info });
    }
    const lines = Array.from({ length: count }, (_, k) => this.#turn[k]);
    this.#turn = [];
    const frame = frameOfLines(this.#index++, lines, new Int16Array(count * WULPUS_SAMPLES));
    events.push({ kind: "frame", frame });
  }

  #describe(count: number): LineData {
    const { name, soundSpeedMps, centerFrequencyHz } = this.#options;
    const inForce = this.#inForce();
    this.#described = inForce;
    const info = aScans({
      name,
      format: "WULPUS",
      signal: "rf",
      sampleCount: WULPUS_SAMPLES,
      sampleRateHz: inForce.sampleRateHz,
      soundSpeedMps,
      centerFrequencyHz: centerFrequencyHz ?? inForce.pulseFrequencyHz,
    });
    if (count === 1) return info;
    return {
      ...info,
      lines: sideBySide(count, WULPUS_SAMPLES, info.lines[4]),
      across: "index",
      warnings: [
        `The device's ${count} configurations stand side by side: where their transducers are is not known, so that across is no space.`,
      ],
    };
  }
}

/** Whether echoes under two configurations are described alike. */
function sameEchoes(one: WulpusConfiguration, other: WulpusConfiguration): boolean {
  return one.sampleRateHz === other.sampleRateHz && one.pulseFrequencyHz === other.pulseFrequencyHz;
}

const MHZ = WULPUS_SAMPLE_RATES_HZ.map((hz) => `${hz / 1e6} MHz`);
const GAINS = WULPUS_GAINS_DB.map((db) => `${db} dB`);

const CONTROLS = [
  { id: "gain", kind: "choice", choices: GAINS, default: "13 dB" },
  { id: "sample-rate", kind: "choice", choices: MHZ, default: "8 MHz" },
  {
    id: "pulse-frequency",
    kind: "number",
    min: 100_000,
    max: 5_000_000,
    step: 1,
    unit: "Hz",
    default: 2_250_000,
  },
  { id: "pulses", kind: "number", min: 0, max: 30, step: 1, unit: "", default: 2 },
  { id: "period", kind: "number", min: 20, max: 2000, step: 1, unit: "ms", default: 50 },
] as const satisfies readonly DeviceControl[];

/** The configuration with a control's value in its place. */
function changed(
  configuration: WulpusConfiguration,
  order: Extract<Order, { kind: "set" }>,
): WulpusConfiguration {
  const control = CONTROLS.find((one) => one.id === order.control);
  if (!control) throw unknownOrder(order.control, CONTROLS);
  if (control.kind === "choice") {
    const word = orderWord(control, order.value);
    return control.id === "gain"
      ? { ...configuration, gainDb: WULPUS_GAINS_DB[GAINS.indexOf(word)] }
      : { ...configuration, sampleRateHz: WULPUS_SAMPLE_RATES_HZ[MHZ.indexOf(word)] };
  }
  const value = orderNumber(control, order.value);
  if (control.id === "pulse-frequency")
    return { ...configuration, pulseFrequencyHz: value, transducerFrequencyHz: value };
  return control.id === "pulses"
    ? { ...configuration, pulses: value }
    : { ...configuration, periodUs: 1000 * value };
}

/**
 * The protocol `wulpus`. Options used: `wulpus`, `lines`, `soundSpeedMps`, `centerFrequencyHz` (default: that of the
 * pulses). `start` sends the configuration, which makes the probe pulse; settings take effect with it. `stop` restarts it.
 */
export function wulpusProtocol(options: ProtocolOptions = {}): Protocol {
  const name = "WULPUS";
  let configuration: WulpusConfiguration = { ...DEFAULT_WULPUS_CONFIGURATION, ...options.wulpus };
  encodeWulpusConfiguration(configuration); // refuses what is out of range
  /** What the probe was started with last. */
  let inForce = configuration;
  return {
    id: "wulpus",
    name,
    boundary: "stream",
    parser: () =>
      rolling(new WulpusParser({ name, ...options }, () => inForce), options.lines, 2 * WULPUS_SAMPLES),
    controls: CONTROLS,
    encode(order) {
      if (order.kind === "start") {
        inForce = configuration;
        return encodeWulpusConfiguration(configuration);
      }
      if (order.kind === "stop") return encodeWulpusRestart();
      const next = changed(configuration, order);
      encodeWulpusConfiguration(next);
      configuration = next;
      return new Uint8Array(0);
    },
  };
}

/** For writers. @throws SondeError `bad-option` for more lines than configurations */
export function checkConfigurations(count: number, name: string): void {
  if (count > MOST_CONFIGURATIONS)
    throw new SondeError(
      "bad-option",
      `${name} has ${count} lines; WULPUS has ${MOST_CONFIGURATIONS} configurations.`,
      { fields: { count } },
    );
}
