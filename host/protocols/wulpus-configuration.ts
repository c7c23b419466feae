/**
 * WULPUS: the package of 68 bytes, little-endian, that configures the probe and starts it, and the one that restarts it.
 * Fields and units as in the project's host software; byte table in `encodeWulpusConfiguration`.
 */
import { SondeError } from "../errors.ts";

export const WULPUS_PACKAGE_BYTES = 68;
const CONFIGURE = 0xfa;
const RESTART = 0xfb;
const CLOCK_HZ = 80e6;
/** Over-sampling ratios of the converter by sampling index. */
const RATIOS = [10, 20, 40, 80, 160] as const;
/** Sampling rates it has (Hz). */
export const WULPUS_SAMPLE_RATES_HZ = RATIOS.map((ratio) => CLOCK_HZ / ratio);
/** Gains of the amplifier (dB) by register, from register 17 on (MSP430FR60xx, programmable gain amplifier). */
export const WULPUS_GAINS_DB = [
  -6.5, -5.5, -4.6, -4.1, -3.3, -2.3, -1.4, -0.8, 0.1, 1.0, 1.9, 2.6, 3.5, 4.4, 5.2, 6.0, 6.8, 7.7, 8.7, 9.0,
  9.8, 10.7, 11.7, 12.2, 13.0, 13.9, 14.9, 15.5, 16.3, 17.2, 18.2, 18.8, 19.6, 20.5, 21.5, 22.0, 22.8, 23.6,
  24.6, 25.0, 25.8, 26.7, 27.7, 28.1, 28.9, 29.8, 30.8,
] as const;
const FIRST_GAIN_REGISTER = 17;
/** More make the package longer than 68 bytes; what the device does then is unknown. */
const MOST_CONFIGURATIONS = 8;

/** Channels, 0 to 7, that send and that listen in one acquisition. */
export interface WulpusChannels {
  transmit: readonly number[];
  receive: readonly number[];
}

export interface WulpusConfiguration {
  /** Time for the high voltage to settle (us, 0 to 65535 x 30.5). */
  dcdcTurnOnUs: number;
  /** Time between acquisitions (us, 20000 to 2000000). */
  periodUs: number;
  /** Centre frequency of the transducer and of the pulses (Hz, 1 to 5e6). */
  transducerFrequencyHz: number;
  pulseFrequencyHz: number;
  /** 0 to 30. */
  pulses: number;
  /** One of `WULPUS_SAMPLE_RATES_HZ`. */
  sampleRateHz: number;
  /** 1 to 400; the stream always carries 400. */
  samples: number;
  /** dB; the nearest of `WULPUS_GAINS_DB` must be within 0.05. */
  gainDb: number;
  /** One acquisition after another takes the next of these, 1 to 8. */
  channels: readonly WulpusChannels[];
  /** Instants of the acquisition (us after its start). */
  multiplexerReceiveUs: number;
  pulseUs: number;
  adcOnUs: number;
  amplifierOnUs: number;
  sampleUs: number;
  restartUs: number;
  timeoutUs: number;
}

/** The project's own defaults. */
export const DEFAULT_WULPUS_CONFIGURATION: WulpusConfiguration = {
  dcdcTurnOnUs: 100,
  periodUs: 50000,
  transducerFrequencyHz: 2.25e6,
  pulseFrequencyHz: 2.25e6,
  pulses: 2,
  sampleRateHz: 8e6,
  samples: 400,
  gainDb: 13,
  channels: [{ transmit: [0], receive: [0] }],
  multiplexerReceiveUs: 494,
  pulseUs: 500,
  adcOnUs: 5,
  amplifierOnUs: 5,
  sampleUs: 509,
  restartUs: 3000,
  timeoutUs: 3000,
};

function check(name: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new SondeError("bad-option", `${name} is ${value}; it must be from ${least} to ${most}.`, {
    fields: { name, value },
  });
}

/** Channels as bits: channel k sends with bit 2 k + 1 and listens with bit 2 k. */
function mask(name: string, channels: readonly number[], first: 0 | 1): number {
  let bits = 0;
  for (const channel of channels) {
    if (!Number.isInteger(channel))
      throw new SondeError("bad-option", `${name} holds ${channel}; channels are 0 to 7.`);
    bits |= 1 << (2 * check(name, channel, 0, 7) + first);
  }
  return bits;
}

/** The package that configures and starts. @throws SondeError `bad-option` for a value out of its range */
export function encodeWulpusConfiguration(configuration: WulpusConfiguration): Uint8Array<ArrayBuffer> {
  const c = configuration;
  const count = c.channels.length;
  if (count < 1 || count > MOST_CONFIGURATIONS)
    throw new SondeError(
      "bad-option",
      `channels has ${count} configurations; the package of 68 bytes holds 1 to ${MOST_CONFIGURATIONS}.`,
      { fields: { count } },
    );
  const bytes = new Uint8Array(WULPUS_PACKAGE_BYTES);
  const view = new DataView(bytes.buffer);
  const u16 = (at: number, value: number) => view.setUint16(at, value, true);
  /** Counts of a clock in 1/65535 of 2 s. */
  const slow = (name: string, us: number, least: number, most: number) =>
    Math.floor((check(name, us, least, most) * 65535) / 2e6);
  /** `perUs` counts a microsecond. */
  const ticks = (name: string, us: number, perUs: number) =>
    Math.floor(check(name, us, 0, Math.floor(65535 / perUs)) * perUs);
  const index = WULPUS_SAMPLE_RATES_HZ.indexOf(c.sampleRateHz);
  if (index < 0)
    throw new SondeError(
      "bad-option",
      `sampleRateHz is ${c.sampleRateHz}; choose one of ${WULPUS_SAMPLE_RATES_HZ.join(", ")}.`,
    );
  const gain = WULPUS_GAINS_DB.findIndex((db) => Math.abs(db - c.gainDb) < 0.05);
  if (gain < 0)
    throw new SondeError("bad-option", `gainDb is ${c.gainDb}; choose one of ${WULPUS_GAINS_DB.join(", ")}.`);
  bytes[0] = CONFIGURE;
  u16(1, slow("dcdcTurnOnUs", c.dcdcTurnOnUs, 0, 2e6));
  u16(3, slow("periodUs", c.periodUs, 20000, 2e6));
  view.setUint32(5, check("transducerFrequencyHz", c.transducerFrequencyHz, 1, 5e6), true);
  view.setUint32(9, check("pulseFrequencyHz", c.pulseFrequencyHz, 1, 5e6), true);
  bytes[13] = check("pulses", c.pulses, 0, 30);
  u16(14, index);
  u16(16, 2 * check("samples", c.samples, 1, 400));
  bytes[18] = FIRST_GAIN_REGISTER + gain;
  bytes[19] = count;
  c.channels.forEach(({ transmit, receive }, k) => {
    u16(20 + 4 * k, mask("transmit", transmit, 1));
    u16(22 + 4 * k, mask("receive", receive, 0));
  });
  const instants = [
    ticks("multiplexerReceiveUs", c.multiplexerReceiveUs, 8),
    ticks("pulseUs", c.pulseUs, 5),
    ticks("adcOnUs", c.adcOnUs, 5),
    ticks("amplifierOnUs", c.amplifierOnUs, 5),
    ticks("sampleUs", c.sampleUs, 5),
    ticks("restartUs", c.restartUs, 5 / 16),
    ticks("timeoutUs", c.timeoutUs, 5 / 4),
  ];
  instants.forEach((value, k) => {
    u16(20 + 4 * count + 2 * k, value);
  });
  return bytes;
}

/** The package that stops the probe and makes it wait for a configuration. */
export function encodeWulpusRestart(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(WULPUS_PACKAGE_BYTES);
  bytes[0] = RESTART;
  return bytes;
}
