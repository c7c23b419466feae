/** What a protocol can be told, for devices that do not say everything themselves. */
import { SondeError } from "../errors.ts";
import { quote } from "../formats/quote.ts";
import type { WulpusConfiguration } from "./wulpus-configuration.ts";

export interface ProtocolOptions {
  /** What the device is called in pictures and recordings. Default: the protocol's name. */
  name?: string;
  /** echOpen: text of a settings file (r0, rf, decimation, lines, sector, mode). Default: see each protocol. */
  settings?: string;
  /** echOpen: what the samples are, where the protocol does not say it. Default: RF for E2, envelope for E3 and E4. */
  samples?: "rf" | "envelope";
  /** Centre frequency of the echoes (Hz, 1e3 to 1e9), where the protocol does not say it. */
  centerFrequencyHz?: number;
  /** Speed of sound (m/s, 100 to 20000) that depths of A-scans are made with. Default 1540. */
  soundSpeedMps?: number;
  /** A-scan devices: acquisitions shown side by side, newest on the right (1 to 1024). Default 64; 1: each as it comes. */
  lines?: number;
  /** WULPUS: what `start` configures. Default: the project's own. */
  wulpus?: Partial<WulpusConfiguration>;
  /** Largest message that is waited for (bytes, 1024 to 2^30), Sonde stream and OpenIGTLink. Default 2^26. */
  maxMessageBytes?: number;
}

/** Every field, so that a word that means nothing is not taken for one. */
const FIELDS: Readonly<Record<keyof ProtocolOptions, true>> = {
  name: true,
  settings: true,
  samples: true,
  centerFrequencyHz: true,
  soundSpeedMps: true,
  lines: true,
  wulpus: true,
  maxMessageBytes: true,
};

function checkRange(name: string, value: number | undefined, least: number, most: number): void {
  if (value !== undefined && !(value >= least && value <= most))
    throw new SondeError("bad-option", `${name} is ${value}; it must be from ${least} to ${most}.`, {
      fields: { name, value },
    });
}

/** @throws SondeError `bad-option` */
export function checkProtocolOptions(options: ProtocolOptions): void {
  for (const name of Object.keys(options))
    if (!Object.hasOwn(FIELDS, name))
      throw new SondeError(
        "bad-option",
        `${quote(name)} is no option of a protocol; choose among ${Object.keys(FIELDS).join(", ")}.`,
        { fields: { name } },
      );
  for (const name of ["name", "settings"] as const) {
    const value: unknown = options[name];
    if (value !== undefined && typeof value !== "string")
      throw new SondeError("bad-option", `${name} is a ${typeof value}; it must be text.`, {
        fields: { name },
      });
  }
  checkRange("centerFrequencyHz", options.centerFrequencyHz, 1e3, 1e9);
  checkRange("soundSpeedMps", options.soundSpeedMps, 100, 20000);
  checkRange("maxMessageBytes", options.maxMessageBytes, 1024, 2 ** 30);
  checkRange("lines", options.lines, 1, 1024);
  if (options.lines !== undefined && !Number.isInteger(options.lines))
    throw new SondeError("bad-option", `lines is ${options.lines}; it must be a whole number.`);
  if (options.samples !== undefined && options.samples !== "rf" && options.samples !== "envelope")
    throw new SondeError(
      "bad-option",
      `samples is ${JSON.stringify(options.samples)}; choose rf or envelope.`,
    );
}
