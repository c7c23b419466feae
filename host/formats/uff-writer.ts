/**
 * Channel data as a UFF file, laid out as USTB's `write_object.m` does (file version 1.2.0): one object one group, its fields
 * datasets with MATLAB's dimensions reversed, samples [frame][transmit][channel][sample] in float32. Parameters stay float64 where
 * USTB rounds them to float32: its readers take either, and nothing is lost.
 *
 * UFF counts time as Sonde does, from the front's crossing of the origin: sample n of wave w lies at initial_time + n /
 * sampling_frequency + delay_w. RF: initial_time is 0 and everything is in the delay, because a reader that takes the sample period
 * from two float32 times errs with a large initial_time. IQ: the mixer counts from initial_time, without the delay.
 *
 * What UFF has no place for: when each frame was taken (only a mean rate, the device's own), that frames are missing, firing times
 * beside those of the ideal wave, the probe's name. Integers beyond 24 bits are rounded to float32.
 */
import { SondeError } from "../errors.ts";
import { asin, atan2, cos, norm, sin } from "../geometry/exact.ts";
import {
  type Acquisition,
  type ChannelData,
  elementCount,
  type Frame,
  type Probe,
  type Transmit,
  type Vector3,
} from "../model.ts";
import { NewHdf5File } from "./hdf5/client.ts";
import type { NewDataset, NewGroup, NewNode } from "./hdf5/protocol.ts";
import { quote } from "./quote.ts";

/** How to write a UFF file. */
export interface UffOptions {
  /**
   * Frames that will come, 1 to 1000000. Default: as many as the list has, else `info.frameCount`. Fewer, or more, are refused.
   */
  frameCount?: number;
  /** Name of the recording in the file. Default: `info.name`. */
  name?: string;
  /** Told after every frame. */
  onProgress?: (written: number, total: number) => void;
  /** Stops the writing; nothing is left behind. */
  signal?: AbortSignal;
}

/** Largest file that is written (bytes): the library keeps all of it in memory, and a copy is handed over. */
export const MAX_UFF_BYTES = 2 ** 30;
const MOST_FRAMES = 1_000_000;

/** Values of the enumerations `uff.wavefront` and `uff.window`. */
const PLANE = 0;
const SPHERICAL = 1;
const NO_WINDOW = 0;

type Field = (name: string) => NewNode;
type FieldsOf = Readonly<Record<string, Field>>;

function childrenOf(fields: FieldsOf): Record<string, NewNode> {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field(name)]));
}

/** A MATLAB object, or a row of `size` objects of a class. */
function object(className: string, fields: FieldsOf, size?: number): (name: string) => NewGroup {
  return (name) => ({
    kind: "group",
    attributes: {
      class: className,
      name,
      array: [size === undefined ? 0 : 1],
      size: [1, size ?? 1],
    },
    children: childrenOf(fields),
  });
}

/** Numbers of class double; MATLAB's [a b] has the shape [b, a] here. */
function numbers(values: ArrayLike<number>, shape: readonly number[]): Field {
  return (name) => ({
    kind: "dataset",
    attributes: { class: "double", name, imaginary: [0], complex: [0] },
    shape,
    values: Float64Array.from(values),
  });
}

const number = (value: number): Field => numbers([value], [1, 1]);

function choice(className: string, value: number): Field {
  return (name) => ({
    kind: "dataset",
    attributes: { class: className, name },
    shape: [1, 1],
    values: Float32Array.of(value),
  });
}

/** A cell of one text. */
function cell(text: string): Field {
  return (name) => {
    const first = `${name}_0001`;
    const letters: NewDataset = {
      kind: "dataset",
      attributes: { class: "char", name: first },
      shape: [text.length, 1],
      values: Float32Array.from(text, (letter) => letter.charCodeAt(0)),
    };
    return {
      kind: "group",
      attributes: { class: "cell", name, array: [1], size: [1, 1] },
      children: { [first]: letters },
    };
  };
}

function point(distance: number, azimuth: number, elevation: number): Field {
  return object("uff.point", {
    distance: number(distance),
    azimuth: number(azimuth),
    elevation: number(elevation),
  });
}

/** x = d sin az cos el, y = d sin el, z = d cos az cos el. */
function pointAt([x, y, z]: Vector3): Field {
  const distance = norm(x, y, z);
  return point(distance, atan2(x, z), distance > 0 ? asin(y / distance) : 0);
}

/** Which class says all about the probe; the general one holds the geometry alone. */
function probeObject(probe: Probe): Field {
  const elements = elementCount(probe);
  const geometry = new Float64Array(7 * elements);
  for (let e = 0; e < elements; e++) {
    for (let axis = 0; axis < 3; axis++) geometry[axis * elements + e] = probe.positionsM[3 * e + axis];
    geometry[3 * elements + e] = probe.azimuthsRad[e];
    geometry[5 * elements + e] = probe.elementWidthM ?? 0;
  }
  const stored = { geometry: numbers(geometry, [7, elements]) };
  const { kind, pitchM, radiusM, elementWidthM } = probe;
  const flat = kind === "linear" || kind === "phased";
  if (pitchM === undefined || !(flat || (kind === "convex" && radiusM !== undefined)))
    return object("uff.probe", stored);
  const regular: FieldsOf = {
    N: number(elements),
    pitch: number(pitchM),
    ...(elementWidthM === undefined ? {} : { element_width: number(elementWidthM) }),
    ...stored,
  };
  return flat
    ? object("uff.linear_array", regular)
    : object("uff.curvilinear_array", { ...regular, radius: number(radiusM ?? 0) });
}

/** Which elements fired, where some did not: 1 and 0. */
function firingElements({ wave, firingS }: Transmit, elements: number): Float64Array | undefined {
  if (wave.kind === "element") return new Float64Array(elements).fill(1, wave.element, wave.element + 1);
  if (!firingS?.includes(Number.POSITIVE_INFINITY)) return undefined;
  return firingS.map((time) => (Number.isFinite(time) ? 1 : 0));
}

/** The weights of the elements in transmission; the other fields are USTB's defaults. */
function transmitApodization(weights: Float64Array | undefined): Field {
  return object("uff.apodization", {
    window: choice("uff.window", NO_WINDOW),
    f_number: numbers([1, 1], [2, 1]),
    minimum_aperture: numbers([1e-3, 1e-3], [2, 1]),
    maximum_aperture: numbers([10, 10], [2, 1]),
    tilt: numbers([0, 0], [2, 1]),
    MLA: numbers([1, 1], [2, 1]),
    MLA_overlap: numbers([0, 0], [2, 1]),
    ...(weights ? { apodization_vector: numbers(weights, [1, weights.length]) } : {}),
  });
}

function waveObject(transmit: Transmit, index: number, info: ChannelData, initialTimeS: number) {
  const { wave } = transmit;
  let { startS } = transmit;
  let source: Field;
  if (wave.kind === "firing")
    throw new SondeError(
      "missing-data",
      `Transmit ${index} of ${quote(info.name)} is known by its firing times alone, which UFF has no place for; leave it out.`,
      { fields: { transmit: index } },
    );
  if (wave.kind === "plane")
    source = point(Number.POSITIVE_INFINITY, wave.azimuthRad, wave.elevationRad ?? 0);
  else if (wave.kind === "element") {
    // UFF counts from the origin, |s| / c before the firing for an element behind it, after it for one in front.
    const at = 3 * wave.element;
    const [x, y, z] = info.probe.positionsM.subarray(at, at + 3);
    const travelS = norm(x, y, z) / info.soundSpeedMps;
    startS += z < 0 ? -travelS : travelS;
    source = pointAt([x, y, z]);
  } else source = pointAt(wave.source);
  return object("uff.wave", {
    wavefront: choice("uff.wavefront", wave.kind === "plane" ? PLANE : SPHERICAL),
    source,
    origin: point(0, 0, 0),
    apodization: transmitApodization(firingElements(transmit, elementCount(info.probe))),
    delay: number(startS - initialTimeS),
    sound_speed: number(info.soundSpeedMps),
    event: number(index + 1),
  });
}

/** One wave is an object, several are a row of them. */
function sequenceObject(info: ChannelData, initialTimeS: number): Field {
  const waves = info.sequence.map((transmit, index) => waveObject(transmit, index, info, initialTimeS));
  if (waves.length === 1) return waves[0];
  const named = waves.map((wave, i) => [`sequence_${String(i + 1).padStart(4, "0")}`, wave] as const);
  return object("uff.wave", Object.fromEntries(named), waves.length);
}

/** Where the samples go: one dataset, or real and imaginary parts, without leading dimensions of 1 as MATLAB drops them. */
function samplesObject(info: ChannelData, shape: readonly number[]): Field {
  const part = (attributes: NewDataset["attributes"]): NewDataset => ({
    kind: "dataset",
    attributes,
    shape,
    values: "float32",
  });
  if (info.signal === "rf") return (name) => part({ class: "single", name, imaginary: [0], complex: [0] });
  return (name) => ({
    kind: "group",
    attributes: { class: "single", name, complex: [1] },
    children: {
      real: part({ class: "single", name, imaginary: [0] }),
      imag: part({ class: "single", name, imaginary: [1] }),
    },
  });
}

function recordingObject(info: ChannelData, name: string, shape: readonly number[], initialTimeS: number) {
  const { centerFrequencyHz = info.probe.centerFrequencyHz } = info;
  // Whoever reads a rate takes it for the device's own: one that was measured on arrival is left out.
  const frameRateHz = info.frameRateMeasured ? undefined : info.frameRateHz;
  const { fractionalBandwidth } = info.probe;
  return object("uff.channel_data", {
    name: cell(name),
    data: samplesObject(info, shape),
    sampling_frequency: number(info.sampleRateHz),
    initial_time: number(initialTimeS),
    sound_speed: number(info.soundSpeedMps),
    modulation_frequency: number(info.signal === "iq" ? info.modulationFrequencyHz : 0),
    ...(frameRateHz === undefined ? {} : { PRF: number(frameRateHz * info.sequence.length) }),
    ...(centerFrequencyHz === undefined
      ? {}
      : {
          pulse: object("uff.pulse", {
            center_frequency: number(centerFrequencyHz),
            ...(fractionalBandwidth === undefined
              ? {}
              : { fractional_bandwidth: number(fractionalBandwidth) }),
          }),
        }),
    probe: probeObject(info.probe),
    sequence: sequenceObject(info, initialTimeS),
  });
}

/**
 * Turns of the IQ samples of each transmit (cos, sin) that bring its mixer to `initialTimeS`: a phase of exp(-j 2 pi f
 * (initialTimeS - mixerStartS)).
 */
function mixerTurns(info: ChannelData, initialTimeS: number): readonly (readonly [number, number] | null)[] {
  return info.sequence.map(({ startS, mixerStartS = startS }) => {
    if (mixerStartS === initialTimeS) return null;
    const phase = -2 * Math.PI * info.modulationFrequencyHz * (initialTimeS - mixerStartS);
    return [cos(phase), sin(phase)];
  });
}

/** Real and imaginary parts of a frame. */
function splitIq(
  samples: Frame["samples"],
  turns: ReturnType<typeof mixerTurns>,
): [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  const count = samples.length / 2;
  const real = new Float32Array(count);
  const imag = new Float32Array(count);
  const each = count / turns.length;
  turns.forEach((turn, t) => {
    const [c, s] = turn ?? [1, 0];
    for (let k = t * each; k < (t + 1) * each; k++) {
      const re = samples[2 * k];
      const im = samples[2 * k + 1];
      real[k] = turn ? re * c - im * s : re;
      imag[k] = turn ? re * s + im * c : im;
    }
  });
  return [real, imag];
}

/** Number of frames to come. @throws SondeError `bad-option`, `out-of-memory` */
function countFrames(info: ChannelData, frames: unknown, asked: number | undefined, bytes: number): number {
  const frameCount = asked ?? (Array.isArray(frames) ? frames.length : (info.frameCount ?? Number.NaN));
  if (!(Number.isInteger(frameCount) && frameCount >= 1 && frameCount <= MOST_FRAMES))
    throw new SondeError(
      "bad-option",
      `frameCount is ${frameCount}; a UFF file holds 1 to ${MOST_FRAMES} frames, and their number must be known beforehand.`,
      { fields: { frameCount } },
    );
  if (frameCount * bytes > MAX_UFF_BYTES)
    throw new SondeError(
      "out-of-memory",
      `${frameCount} frames of ${bytes} bytes are over the ${MAX_UFF_BYTES} bytes that can be written; there is room for ${Math.floor(MAX_UFF_BYTES / bytes)}.`,
      { fields: { frameCount, bytes } },
    );
  return frameCount;
}

/**
 * Writes the channel data of `frames` as a UFF file that USTB, and `open`, read.
 * @throws SondeError `missing-data` for lines and images, and for waves that UFF cannot say; `bad-option`, `out-of-memory`, `aborted`
 */
export async function encodeUff(
  info: Acquisition,
  frames: Iterable<Frame> | AsyncIterable<Frame>,
  options: UffOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  if (info.kind !== "channels")
    throw new SondeError(
      "missing-data",
      `${quote(info.name)} holds ${info.kind === "lines" ? "scan lines" : "an image"}; UFF files are written of channel data.`,
      { fields: { kind: info.kind } },
    );
  const { signal, onProgress, name = info.name } = options;
  const dimensions = [info.sequence.length, elementCount(info.probe), info.sampleCount];
  const parts = info.signal === "iq" ? 2 : 1;
  const length = parts * dimensions.reduce((product, n) => product * n, 1);
  const frameCount = countFrames(info, frames, options.frameCount, 4 * length);
  const stopped = () => {
    if (signal?.aborted) throw new SondeError("aborted", `Writing ${quote(name)} as UFF was stopped.`);
  };
  stopped();

  const [first] = info.sequence;
  const initialTimeS = info.signal === "iq" ? (first.mixerStartS ?? first.startS) : 0;
  const turns = mixerTurns(info, initialTimeS);
  const whole = [frameCount, ...dimensions];
  const dropped = frameCount > 1 ? 0 : dimensions[0] > 1 ? 1 : 2;
  const shape = whole.slice(dropped);
  const root: NewGroup = {
    kind: "group",
    attributes: { version: ["v1.2.0"] },
    children: childrenOf({ channel_data: recordingObject(info, name, shape, initialTimeS) }),
  };
  const file = new NewHdf5File(quote(name), frameCount * 4 * length);
  try {
    await file.create(root);
    let written = 0;
    for await (const frame of frames) {
      stopped();
      if (written === frameCount || frame.samples.length !== length)
        throw new SondeError(
          "bad-option",
          written === frameCount
            ? `More than the ${frameCount} frames announced came; say frameCount.`
            : `Frame ${frame.index} has ${frame.samples.length} samples; this recording has ${length} a frame.`,
          { fields: { frame: frame.index } },
        );
      const slab = { start: [written, 0, 0, 0].slice(dropped), count: [1, ...dimensions].slice(dropped) };
      if (info.signal === "rf") await file.fill("/channel_data/data", slab, Float32Array.from(frame.samples));
      else {
        const [real, imag] = splitIq(frame.samples, turns);
        await file.fill("/channel_data/data/real", slab, real);
        await file.fill("/channel_data/data/imag", slab, imag);
      }
      written++;
      onProgress?.(written, frameCount);
    }
    stopped();
    if (written < frameCount)
      throw new SondeError("bad-option", `${written} frames came of the ${frameCount} announced.`, {
        fields: { written, frameCount },
      });
    return await file.finish();
  } finally {
    file.discard();
  }
}
