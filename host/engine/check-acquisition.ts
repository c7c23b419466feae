/**
 * The door of `plan()` for what a reader or a caller says about an acquisition. Behind it every number is finite, of its
 * type and of a size that exists; every list is as long as the others say.
 */
import { SondeError } from "../errors.ts";
import {
  type Acquisition,
  type Beamformed,
  type ChannelData,
  LINE_FIELDS,
  type LineData,
  type Probe,
  samplesPerFrame,
  type Transmit,
} from "../model.ts";
import { show } from "./show.ts";

const KINDS = ["channels", "lines", "beamformed"];
const SIGNALS: Readonly<Record<string, readonly string[]>> = {
  channels: ["rf", "iq"],
  lines: ["rf", "iq", "envelope", "log"],
  beamformed: ["iq", "envelope", "log"],
};
const PROBE_KINDS = ["linear", "phased", "convex", "matrix", "single", "other"];
const WAVE_KINDS = ["plane", "diverging", "focused", "element", "firing"];

const MOST_ELEMENTS = 65535;
/** The core counts samples of a line in float32, which holds whole numbers up to here. */
const MOST_SAMPLES = 2 ** 24;
const FASTEST_SAMPLING_HZ = 1e10;
const HIGHEST_FREQUENCY_HZ = 1e9;
/** Beyond any echo and any body, so that what lies farther is a mistake. */
const LONGEST_S = 10;
const FARTHEST_M = 100;
const FARTHEST_ELEMENT_M = 10;

/** True for a number from `min` to `max`: not for NaN, nor for text that looks like one. */
function between(value: unknown, min: number, max: number): value is number {
  return typeof value === "number" && value >= min && value <= max;
}

/** True for a number up to `max` that is more than zero. */
function positive(value: unknown, max: number): value is number {
  return between(value, Number.MIN_VALUE, max);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Also true for arrays of another page or worker, which are instances of another class. */
function isFloat64Array(value: unknown): boolean {
  return Object.prototype.toString.call(value) === "[object Float64Array]";
}

/** Checks of one acquisition, refused in its name. */
class Door {
  readonly #name: string;
  readonly #fewestSamples: number;

  constructor(name: unknown, fewestSamples: number) {
    this.#fewestSamples = fewestSamples;
    this.#name = typeof name === "string" && name !== "" ? name : "The acquisition";
  }

  /** @throws SondeError `bad-geometry` unless `good` */
  expect(good: boolean, what: string, value: unknown): void {
    if (good) return;
    throw new SondeError("bad-geometry", `${this.#name}: ${what} (${show(value)})`, {
      fields: { value: show(value) },
    });
  }

  oneOf(what: string, value: unknown, choices: readonly string[]): void {
    this.expect(choices.includes(value as string), `${what} must be one of ${choices.join(", ")}`, value);
  }

  /** A frequency that may be left out. */
  frequency(what: string, value: unknown): void {
    this.expect(
      value === undefined || positive(value, HIGHEST_FREQUENCY_HZ),
      `${what} must be positive and at most 1 GHz`,
      value,
    );
  }

  sampleRate(value: unknown): void {
    this.expect(
      positive(value, FASTEST_SAMPLING_HZ),
      "the sample rate must be positive and at most 10 GHz",
      value,
    );
  }

  sampleCount(value: unknown): void {
    this.expect(
      Number.isInteger(value) && between(value, this.#fewestSamples, MOST_SAMPLES),
      `a line must have at least ${this.#fewestSamples} samples and at most 2^24, a whole number`,
      value,
    );
  }

  /** The step of log values, which may be left out. */
  logStep(value: unknown): void {
    this.expect(
      value === undefined || positive(value, 100),
      "the step of log values must be more than 0 and at most 100 dB",
      value,
    );
  }

  /** A length that may be left out. */
  length(what: string, value: unknown, max: number): void {
    this.expect(
      value === undefined || between(value, 0, max),
      `${what} must lie between 0 and ${max} m`,
      value,
    );
  }

  time(what: string, value: unknown): void {
    this.expect(
      between(value, -LONGEST_S, LONGEST_S),
      `${what} must lie within ${LONGEST_S} s of zero`,
      value,
    );
  }
}

function checkProbe(door: Door, probe: Probe): void {
  door.expect(isObject(probe), "there is no probe", probe);
  door.oneOf("the probe's kind", probe.kind, PROBE_KINDS);
  const { positionsM, azimuthsRad } = probe;
  door.expect(isFloat64Array(positionsM), "positionsM must be a Float64Array of x, y, z", typeof positionsM);
  door.expect(isFloat64Array(azimuthsRad), "azimuthsRad must be a Float64Array", typeof azimuthsRad);
  const elements = positionsM.length / 3;
  door.expect(
    Number.isInteger(elements) && between(elements, 1, MOST_ELEMENTS),
    `positionsM must hold x, y, z of 1 to ${MOST_ELEMENTS} elements`,
    positionsM.length,
  );
  door.expect(
    azimuthsRad.length === elements,
    `azimuthsRad must hold one angle for each of the ${elements} elements`,
    azimuthsRad.length,
  );
  for (const value of positionsM)
    door.expect(
      between(value, -FARTHEST_ELEMENT_M, FARTHEST_ELEMENT_M),
      "an element lies where none can be",
      value,
    );
  for (const value of azimuthsRad)
    door.expect(between(value, -2 * Math.PI, 2 * Math.PI), "an element looks in no direction", value);
  door.length("the pitch", probe.pitchM, 1);
  door.length("the element width", probe.elementWidthM, 1);
  door.length("the radius of curvature", probe.radiusM, FARTHEST_M);
  door.frequency("the probe's centre frequency", probe.centerFrequencyHz);
  door.expect(
    probe.fractionalBandwidth === undefined || positive(probe.fractionalBandwidth, 2),
    "the bandwidth must be more than 0 and at most 2 centre frequencies",
    probe.fractionalBandwidth,
  );
}

function checkTransmit(door: Door, transmit: Transmit, at: string, elements: number): void {
  door.expect(isObject(transmit) && isObject(transmit.wave), `${at} has no wave`, transmit);
  const { wave, firingS } = transmit;
  door.oneOf(`the wave of ${at}`, wave.kind, WAVE_KINDS);
  door.time(`the start time of ${at}`, transmit.startS);
  if (transmit.mixerStartS !== undefined) door.time(`the mixer's start time of ${at}`, transmit.mixerStartS);
  if (wave.kind === "plane") {
    const { azimuthRad, elevationRad } = wave;
    door.expect(
      between(azimuthRad, -Math.PI, Math.PI),
      `the azimuth of ${at} must lie between -pi and pi`,
      azimuthRad,
    );
    door.expect(
      elevationRad === undefined || between(elevationRad, -Math.PI, Math.PI),
      `the elevation of ${at} must lie between -pi and pi`,
      elevationRad,
    );
  } else if (wave.kind === "element")
    door.expect(
      Number.isInteger(wave.element) && between(wave.element, 0, elements - 1),
      `the element of ${at} must be a whole number from 0 to ${elements - 1}`,
      wave.element,
    );
  else if (wave.kind !== "firing")
    door.expect(
      Array.isArray(wave.source) &&
        wave.source.length === 3 &&
        wave.source.every((value) => between(value, -FARTHEST_M, FARTHEST_M)),
      `the source of ${at} must be a point within ${FARTHEST_M} m`,
      wave.source,
    );
  if (firingS === undefined) {
    door.expect(wave.kind !== "firing", `${at} is known by its firing times, but has none`, firingS);
    return;
  }
  door.expect(isFloat64Array(firingS), `the firing times of ${at} must be a Float64Array`, typeof firingS);
  door.expect(
    firingS.length === elements,
    `${at} has firing times for another number of elements than ${elements}`,
    firingS.length,
  );
  for (const value of firingS)
    door.expect(
      value === Number.POSITIVE_INFINITY || between(value, -LONGEST_S, LONGEST_S),
      `a firing time of ${at} must lie within ${LONGEST_S} s of zero, or be Infinity where an element did not fire`,
      value,
    );
  door.expect(firingS.some(Number.isFinite), `no element fires in ${at}`, "all Infinity");
}

function checkChannels(door: Door, info: ChannelData): void {
  checkProbe(door, info.probe);
  door.expect(
    Array.isArray(info.sequence) && info.sequence.length > 0,
    "the sequence must be a list of at least one transmit",
    info.sequence,
  );
  const elements = info.probe.positionsM.length / 3;
  info.sequence.forEach((transmit, i) => {
    checkTransmit(door, transmit, `transmit ${i}`, elements);
  });
  door.sampleCount(info.sampleCount);
  door.sampleRate(info.sampleRateHz);
  door.expect(
    between(info.modulationFrequencyHz, 0, HIGHEST_FREQUENCY_HZ),
    "the demodulation frequency must lie between 0 and 1 GHz",
    info.modulationFrequencyHz,
  );
}

function checkLines(door: Door, info: LineData): void {
  const { lines } = info;
  door.expect(isFloat64Array(lines), "the line table must be a Float64Array", typeof lines);
  door.expect(
    lines.length > 0 && lines.length % LINE_FIELDS === 0,
    `the line table must hold ${LINE_FIELDS} numbers a line`,
    lines.length,
  );
  for (let at = 0; at < lines.length; at += LINE_FIELDS) {
    const line = at / LINE_FIELDS;
    const [x0, z0, angle, r0, dr] = lines.subarray(at, at + LINE_FIELDS);
    for (const value of [x0, z0, r0])
      door.expect(
        between(value, -FARTHEST_M, FARTHEST_M),
        `line ${line} of the line table must begin within ${FARTHEST_M} m`,
        value,
      );
    door.expect(
      between(angle, -2 * Math.PI, 2 * Math.PI),
      `the angle of line ${line} must lie within one turn`,
      angle,
    );
    door.expect(
      dr > 0 && dr < 1,
      `the sample spacing of line ${line} must be positive and less than 1 m`,
      dr,
    );
  }
  door.sampleCount(info.sampleCount);
  if (info.sampleRateHz !== undefined) door.sampleRate(info.sampleRateHz);
  door.logStep(info.logStepDb);
  door.expect(
    info.rolledLines === undefined ||
      (Number.isInteger(info.rolledLines) && between(info.rolledLines, 1, 1024)),
    "lines side by side must be a whole number from 1 to 1024",
    info.rolledLines,
  );
  if (info.across !== undefined) door.oneOf("what lies across", info.across, ["time", "index"]);
}

function checkBeamformed(door: Door, info: Beamformed): void {
  for (const name of ["rows", "columns", "transmitCount"] as const)
    door.expect(
      Number.isInteger(info[name]) && info[name] > 0,
      `${name} must be a positive whole number`,
      info[name],
    );
  door.logStep(info.logStepDb);
}

/**
 * Checks what a reader or a caller says about an acquisition. `fewestSamples`: of a line; pictures take 8, files hold less.
 * @throws SondeError `bad-geometry`
 */
export function checkAcquisition(info: Acquisition, fewestSamples = 8): void {
  const door = new Door((info as Acquisition | null)?.name, fewestSamples);
  door.expect(isObject(info), "this is no description of an acquisition, as `source.info` is", info);
  door.oneOf("the kind", info.kind, KINDS);
  door.oneOf("the signal", info.signal, SIGNALS[info.kind]);
  door.expect(
    between(info.soundSpeedMps, 100, 20000),
    "the speed of sound must lie between 100 and 20000 m/s",
    info.soundSpeedMps,
  );
  door.frequency("the centre frequency", info.centerFrequencyHz);
  if (info.kind === "channels") checkChannels(door, info);
  else if (info.kind === "lines") checkLines(door, info);
  else checkBeamformed(door, info);
  const numbers = samplesPerFrame(info);
  door.expect(numbers < 2 ** 31, "a frame must hold fewer than 2^31 numbers", numbers);
}
