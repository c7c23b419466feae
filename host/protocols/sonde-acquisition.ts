/**
 * An `Acquisition` as the payload of a configuration message: JSON, in which a list of numbers may be given in place
 * (`[0, 0.1]`, null for infinity) or as `{ "f64": START, "count": N }`, N float64 from number START of the arrays that
 * follow the text at the next multiple of 8 bytes.
 */
import { checkAcquisition } from "../engine/check-acquisition.ts";
import { SondeError } from "../errors.ts";
import {
  type Acquisition,
  type Beamformed,
  type ChannelData,
  type LineData,
  type Probe,
  SAMPLE_TYPES,
  type SampleType,
  type Scan,
  type Transmit,
} from "../model.ts";
import { padded } from "./sonde-messages.ts";

/** Largest configuration that is believed: the firing times of 65535 elements in 60 transmits. */
export const MOST_CONFIGURATION_BYTES = 2 ** 25;

/** The two parts of a configuration's payload. */
export function encodeAcquisition(info: Acquisition): { json: Uint8Array; arrays: Uint8Array | undefined } {
  const arrays: Float64Array[] = [];
  let start = 0;
  const { fileWarnings = [], ...kept } = info;
  const warnings = info.warnings.filter((one) => !fileWarnings.includes(one));
  // A rate that was measured is measured again by whoever reads the times.
  const { frameRateHz, frameRateMeasured, ...described } = kept;
  const rate = frameRateMeasured ? {} : { frameRateHz };
  const text = JSON.stringify(
    { ...described, ...rate, frameCount: undefined, warnings },
    (_, value: unknown) => {
      if (!(value instanceof Float64Array)) return value;
      const reference = { f64: start, count: value.length };
      arrays.push(value);
      start += value.length;
      return reference;
    },
  );
  const json = new TextEncoder().encode(text);
  if (start === 0) return { json, arrays: undefined };
  const bytes = new Uint8Array(8 * start);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const array of arrays) for (const value of array) view.setFloat64(8 * at++, value, true);
  return { json, arrays: bytes };
}

type Fields = Readonly<Record<string, unknown>>;

function refuse(what: string, cause?: unknown): SondeError {
  return new SondeError(
    "corrupt-file",
    `The Sonde configuration ${what}; correct the device or program that wrote it.`,
    { cause },
  );
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse(`has no ${what}`);
  return value as Fields;
}

/** The fields that are there and of the right type; a wrong type is refused. */
function taken(fields: Fields, type: "string" | "number", names: readonly string[]): Record<string, never> {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const value = fields[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== type) throw refuse(`has a ${name} that is no ${type}`);
    found[name] = value;
  }
  return found as Record<string, never>;
}

class Decoder {
  readonly #view: DataView;

  constructor(arrays: Uint8Array) {
    this.#view = new DataView(arrays.buffer, arrays.byteOffset, arrays.byteLength);
  }

  numbers(value: unknown, what: string): Float64Array {
    if (Array.isArray(value)) {
      if (!value.every((one) => one === null || typeof one === "number"))
        throw refuse(`has ${what} that are no numbers`);
      return Float64Array.from(value, (one: number | null) => one ?? Number.POSITIVE_INFINITY);
    }
    const { f64, count } = fieldsOf(value, what);
    const most = Math.floor(this.#view.byteLength / 8);
    if (
      !(Number.isInteger(f64) && Number.isInteger(count)) ||
      (f64 as number) < 0 ||
      (count as number) < 0 ||
      (f64 as number) + (count as number) > most
    )
      throw refuse(`keeps ${what} at ${String(f64)} + ${String(count)} of ${most} numbers`);
    const out = new Float64Array(count as number);
    for (let k = 0; k < out.length; k++) out[k] = this.#view.getFloat64(8 * ((f64 as number) + k), true);
    return out;
  }

  probe(value: unknown): Probe {
    const fields = fieldsOf(value, "probe");
    const positionsM = this.numbers(fields["positionsM"], "positionsM");
    return {
      ...taken(fields, "string", ["kind", "name"]),
      ...taken(fields, "number", [
        "pitchM",
        "elementWidthM",
        "radiusM",
        "centerFrequencyHz",
        "fractionalBandwidth",
      ]),
      positionsM,
      azimuthsRad:
        fields["azimuthsRad"] === undefined
          ? new Float64Array(positionsM.length / 3)
          : this.numbers(fields["azimuthsRad"], "azimuthsRad"),
    } as Probe;
  }

  transmit(value: unknown): Transmit {
    const fields = fieldsOf(value, "transmit");
    const wave = fieldsOf(fields["wave"], "wave");
    const { source } = wave;
    if (source !== undefined && !(Array.isArray(source) && source.length === 3))
      throw refuse("has a wave whose source is not x, y, z");
    return {
      wave: {
        ...taken(wave, "string", ["kind"]),
        ...taken(wave, "number", ["azimuthRad", "elevationRad", "element"]),
        ...(source ? { source } : {}),
      },
      ...taken(fields, "number", ["startS", "mixerStartS"]),
      ...(fields["firingS"] === undefined ? {} : { firingS: this.numbers(fields["firingS"], "firingS") }),
    } as unknown as Transmit;
  }

  channels(fields: Fields): Partial<ChannelData> {
    const { sequence } = fields;
    if (!Array.isArray(sequence)) throw refuse("has no sequence");
    return {
      probe: this.probe(fields["probe"]),
      sequence: sequence.map((transmit) => this.transmit(transmit)),
      modulationFrequencyHz: 0,
      ...taken(fields, "number", ["sampleCount", "sampleRateHz", "modulationFrequencyHz"]),
      ...(SAMPLE_TYPES.includes(fields["sampleType"] as SampleType)
        ? { sampleType: fields["sampleType"] as SampleType }
        : {}),
    };
  }

  lines(fields: Fields): Partial<LineData> {
    return {
      lines: this.numbers(fields["lines"], "lines"),
      ...taken(fields, "number", ["sampleCount", "sampleRateHz", "logStepDb", "rolledLines"]),
      ...taken(fields, "string", ["across"]),
    };
  }

  beamformed(fields: Fields): Partial<Beamformed> {
    return {
      ...taken(fields, "number", ["rows", "columns", "logStepDb"]),
      transmitCount: 1,
      ...taken(fields, "number", ["transmitCount"]),
      ...(fields["scan"] === undefined || fields["scan"] === null ? {} : { scan: scanOf(fields["scan"]) }),
    };
  }
}

function axisOf(value: unknown, name: string) {
  const { min, max, count } = fieldsOf(value, name);
  if (!Number.isFinite(min) || !Number.isFinite(max) || !Number.isInteger(count) || (count as number) < 1)
    throw refuse(`has a scan whose ${name} is no axis of min, max, count`);
  return { min: min as number, max: max as number, count: count as number };
}

function scanOf(value: unknown): Scan {
  const fields = fieldsOf(value, "scan");
  if (fields["kind"] === "linear")
    return { kind: "linear", x: axisOf(fields["x"], "x"), z: axisOf(fields["z"], "z") };
  const apex = fields["apex"];
  if (
    fields["kind"] !== "sector" ||
    !Array.isArray(apex) ||
    apex.length !== 2 ||
    !apex.every(Number.isFinite)
  )
    throw refuse("has a scan that is neither linear nor a sector about an apex");
  return {
    kind: "sector",
    angle: axisOf(fields["angle"], "angle"),
    range: axisOf(fields["range"], "range"),
    apex: [apex[0], apex[1]],
  };
}

/** The acquisition of a configuration's payload, checked. @throws SondeError `corrupt-file` */
export function decodeAcquisition(payload: Uint8Array, jsonBytes: number): Acquisition {
  if (payload.length > MOST_CONFIGURATION_BYTES)
    throw refuse(`has ${payload.length} bytes, over the limit of ${MOST_CONFIGURATION_BYTES}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload.subarray(0, jsonBytes)));
  } catch (cause) {
    throw refuse("is not JSON", cause);
  }
  const fields = fieldsOf(parsed, "acquisition");
  const decoder = new Decoder(payload.subarray(Math.min(payload.length, padded(jsonBytes))));
  const { kind, warnings } = fields;
  const common = {
    name: "Sonde stream",
    format: "Sonde stream",
    ...taken(fields, "string", ["kind", "signal", "name", "format"]),
    ...taken(fields, "number", ["frameRateHz", "soundSpeedMps", "centerFrequencyHz"]),
    frameCount: null,
    warnings: Array.isArray(warnings) ? warnings.filter((one) => typeof one === "string") : [],
  };
  const own =
    kind === "channels"
      ? decoder.channels(fields)
      : kind === "lines"
        ? decoder.lines(fields)
        : kind === "beamformed"
          ? decoder.beamformed(fields)
          : {};
  const info = { ...common, ...own } as Acquisition;
  try {
    checkAcquisition(info);
  } catch (cause) {
    throw refuse(`describes nothing that can be imaged (${(cause as Error).message})`, cause);
  }
  return info;
}
