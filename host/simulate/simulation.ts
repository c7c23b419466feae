/**
 * Computes frames of a simulated probe: frame k is a function of the settings and of k alone.
 *
 *   scene at time k / rate -> simulatePlace (delay and strength per transmit) -> for four elements at a time:
 *   simulateEchoes (rows of int16) -> simulateFinish (plus noise, into the frame)
 */
import { Arena } from "../core/arena.ts";
import { type Core, createCore } from "../core/binding.ts";
import { SondeError } from "../errors.ts";
import { cos, cosTurns, exp, sin } from "../geometry/exact.ts";
import type { ChannelData, Frame } from "../model.ts";
import { displaced, type Landmarks } from "./landmarks.ts";
import { type Motion, motionAt } from "./motion.ts";
import { type SimulatedOptions, type SimulatedSettings, settle } from "./options.ts";
import { drawPhantom, moveBlood, type Phantom } from "./phantom.ts";
import {
  describeAcquisition,
  type Field,
  FRACTIONAL_BANDWIDTH,
  SAMPLES_PER_PERIOD,
  SOUND_SPEED_MPS,
} from "./probe.ts";
import { hash } from "./random.ts";

const PAGE_BYTES = 65536;
/** Elements that a kernel handles together. */
const GROUP = 4;
/** Numbers that describe a transmit to the core. */
const TRANSMIT_FIELDS = 8;
/** The receive directivity reaches zero at this angle to an element's normal (rad): wide for narrow elements. */
const ACCEPTANCE_RAD = {
  linear: (50 * Math.PI) / 180,
  phased: (80 * Math.PI) / 180,
  convex: (55 * Math.PI) / 180,
};
/** Width of the fading edge of a transmit over half the aperture. */
const EDGE = 0.15;
/** Standard deviation of the core's noise for level 1: 147.8 (four bytes) x 32 / 32768. */
const NOISE_PER_LEVEL = 0.14434;
const FULL_SCALE = 32768;

/** Where everything lies in the core's memory. */
interface Layout {
  rest: number;
  placed: number;
  transmits: number;
  elements: number;
  pulse: number;
  rows: number;
  rowBytes: number;
  seeds: number;
  out: number;
  bytes: number;
}

/** Samples of the two-way pulse at every fraction of a sample, Q15: a Gaussian of the probe's bandwidth, peak at zero. */
export function pulseTable(fractions: number, taps: number): Int16Array<ArrayBuffer> {
  // exp(-t^2 / (2 s^2)) has its -6 dB edges at +-sqrt(2 ln 2) / (2 pi s); both edges are `bandwidth` apart.
  const sigma = (Math.sqrt(2 * Math.LN2) / Math.PI) * (SAMPLES_PER_PERIOD / FRACTIONAL_BANDWIDTH);
  const table = new Int16Array(fractions * taps);
  for (let f = 0; f < fractions; f++)
    for (let k = 0; k < taps; k++) {
      const t = k - (taps / 2 - 1) - f / fractions;
      const value = exp((-t * t) / (2 * sigma * sigma)) * cosTurns(t / SAMPLES_PER_PERIOD);
      table[f * taps + k] = Math.floor(32767 * value + 0.5);
    }
  return table;
}

/** One simulated probe with its memory. */
export class Simulation {
  readonly settings: SimulatedSettings;
  readonly info: ChannelData;
  readonly phantom: Phantom;
  readonly #field: Field;
  readonly #core: Core;
  readonly #at: Layout;
  readonly #paddedCount: number;
  readonly #noiseLevel: number;
  readonly #ticksPerM: number;
  /** 1 / sin^2 of the acceptance angle. */
  readonly #steepness: number;

  /**
   * @param draw replaces the scene, for tests and measurements.
   * @throws SondeError `bad-option`, `out-of-memory`, `unsupported-platform`
   */
  static async create(
    options: SimulatedOptions = {},
    frameCount: number | null = null,
    draw: (settings: SimulatedSettings, field: Field) => Phantom = drawPhantom,
  ): Promise<Simulation> {
    const settings = settle(options);
    const { info, field } = describeAcquisition(settings, frameCount);
    return new Simulation(settings, info, field, draw(settings, field), await createCore(0));
  }

  private constructor(
    settings: SimulatedSettings,
    info: ChannelData,
    field: Field,
    phantom: Phantom,
    core: Core,
  ) {
    this.settings = settings;
    this.info = info;
    this.phantom = phantom;
    this.#field = field;
    this.#core = core;
    this.#ticksPerM = (core.kernels.simulateTicksPerSample() * info.sampleRateHz) / SOUND_SPEED_MPS;
    const acceptance = sin(ACCEPTANCE_RAD[settings.array]);
    this.#steepness = 1 / (acceptance * acceptance);
    this.#noiseLevel = Math.round((decibels(settings.noiseDb) * FULL_SCALE) / NOISE_PER_LEVEL);
    // Two spare fours, so that the columns of a power of two do not alias in the cache.
    this.#paddedCount = 4 * Math.ceil(phantom.scatterers.xM.length / 4) + 8;
    this.#at = this.#layOut();
    this.#fill();
  }

  /** Groups of elements, the slices a frame is computed in. */
  get groupCount(): number {
    return Math.ceil(this.settings.elements / GROUP);
  }

  /** Motion of the scene in frame `index`. */
  motion(index: number): Motion {
    return motionAt(this.settings, index / this.settings.frameRateHz);
  }

  /** Where points, discs and vessel are in frame `index`. */
  landmarks(index: number): Landmarks {
    const { landmarks } = this.phantom;
    const { dilation, strainX, strainZ } = this.motion(index);
    const growthM = dilation * landmarks.vessel.radiusM;
    const move = <P extends { xM: number; zM: number }>(place: P): P => ({
      ...place,
      ...displaced(landmarks, place, { growthM, strainX, strainZ }),
    });
    const strained = (xM: number, zM: number) => ({ xM: xM + strainX * zM, zM: zM + strainZ * zM });
    const { from, to, radiusM } = landmarks.vessel;
    return {
      points: landmarks.points.map(move),
      cysts: landmarks.cysts.map(move),
      inclusions: landmarks.inclusions.map(move),
      vessel: { from: strained(from.xM, from.zM), to: strained(to.xM, to.zM), radiusM: radiusM + growthM },
    };
  }

  /** Frame `index`, at once. */
  frame(index: number): Frame {
    this.begin(index);
    for (let group = 0; group < this.groupCount; group++) this.compute(index, group);
    return this.take(index);
  }

  /** First step of a frame: moves the scene. Then `compute` every group, in any order, then `take`. */
  begin(index: number): void {
    const { dilation, flowM, strainX, strainZ } = this.motion(index);
    const at = this.#at;
    const count = this.#paddedCount;
    const { scatterers, landmarks } = this.phantom;
    moveBlood(this.phantom, this.#field, flowM);
    const rest = this.#f32(at.rest, 5 * count);
    const first = scatterers.xM.length - scatterers.blood.along.length;
    for (let k = first; k < scatterers.xM.length; k++) {
      rest[k] = scatterers.xM[k] * this.#ticksPerM;
      rest[count + k] = scatterers.zM[k] * this.#ticksPerM;
      rest[4 * count + k] = scatterers.amplitude[k];
    }
    this.#core.kernels.simulatePlace(
      at.rest,
      at.placed,
      count,
      at.transmits,
      this.info.sequence.length,
      strainX,
      strainZ,
      dilation * landmarks.vessel.radiusM * this.#ticksPerM,
    );
  }

  /** Echoes and noise of one group of elements. */
  compute(index: number, group: number): void {
    const at = this.#at;
    const { sampleCount, sequence } = this.info;
    const { kernels, memory } = this.#core;
    const channelBytes = 2 * sampleCount;
    const seeds = new Uint32Array(memory.buffer, at.seeds, 4);
    for (let k = 0; k < 4; k++) seeds[k] = hash(this.settings.seed, index, group, k) || 1;
    kernels.simulateEchoes(
      at.placed,
      this.#paddedCount,
      sequence.length,
      at.elements + group * 16 * GROUP,
      this.#steepness,
      at.pulse,
      at.rows,
      at.rowBytes,
    );
    kernels.simulateFinish(
      at.rows,
      at.rowBytes,
      sequence.length,
      Math.min(GROUP, this.settings.elements - group * GROUP),
      sampleCount,
      at.out + group * GROUP * channelBytes,
      this.settings.elements * channelBytes,
      at.seeds,
      this.#noiseLevel,
    );
  }

  /** Last step of a frame: its samples, in memory of their own. */
  take(index: number): Frame {
    const { sampleCount, sequence } = this.info;
    const count = sequence.length * this.settings.elements * sampleCount;
    const samples = new Int16Array(this.#core.memory.buffer as ArrayBuffer, this.#at.out, count).slice();
    return { index, timeS: index / this.settings.frameRateHz, samples };
  }

  #layOut(): Layout {
    const { kernels, memory } = this.#core;
    const { sequence, sampleCount } = this.info;
    const arena = new Arena(kernels.heapBase());
    const rowBytes = 2 * (sampleCount + 2 * kernels.simulateGuard());
    const layout = {
      rest: arena.take(5 * this.#paddedCount, 4),
      placed: arena.take((2 + 2 * sequence.length) * this.#paddedCount, 4),
      transmits: arena.take(TRANSMIT_FIELDS * sequence.length, 4),
      elements: arena.take(4 * GROUP * this.groupCount, 4),
      pulse: arena.take(kernels.simulateTicksPerSample() * kernels.simulateTaps(), 2),
      rows: arena.take(GROUP * sequence.length * rowBytes, 1),
      seeds: arena.take(4, 4),
      out: arena.take(sequence.length * this.settings.elements * sampleCount, 2),
    };
    const missing = arena.bytes - memory.buffer.byteLength;
    try {
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch (cause) {
      throw new SondeError(
        "out-of-memory",
        `${Math.round(arena.bytes / 1e6)} MB for the simulated probe could not be had: choose fewer elements, transmits or scatterers`,
        { cause, fields: { bytes: arena.bytes } },
      );
    }
    return { ...layout, rowBytes, bytes: arena.bytes };
  }

  /** Everything that stays the same from frame to frame. */
  #fill(): void {
    const at = this.#at;
    const { kernels, memory } = this.#core;
    const { probe, sequence, sampleRateHz } = this.info;
    const { halfApertureM, edgeZM } = this.#field;
    const scale = this.#ticksPerM;

    const count = this.#paddedCount;
    const rest = this.#f32(at.rest, 5 * count);
    const { scatterers } = this.phantom;
    // Padding: silent, and away from the elements.
    rest.fill(this.#field.depthM * scale, count, 2 * count);
    for (let k = 0; k < scatterers.xM.length; k++) {
      rest[k] = scatterers.xM[k] * scale;
      rest[count + k] = scatterers.zM[k] * scale;
      rest[2 * count + k] = scatterers.dilationX[k];
      rest[3 * count + k] = scatterers.dilationZ[k];
      rest[4 * count + k] = scatterers.amplitude[k];
    }

    const ticks = kernels.simulateTicksPerSample();
    const taps = kernels.simulateTaps();
    // From time zero to the first tap of the pulse in a row.
    const firstTap = ticks * (kernels.simulateGuard() - (taps / 2 - 1));
    const transmits = this.#f32(at.transmits, TRANSMIT_FIELDS * sequence.length);
    const fadeM = EDGE * halfApertureM;
    sequence.forEach(({ wave, startS }, t) => {
      const started = firstTap - startS * sampleRateHz * ticks;
      const row = TRANSMIT_FIELDS * t;
      if (wave.kind === "plane") {
        const s = sin(wave.azimuthRad);
        const c = cos(wave.azimuthRad);
        transmits.set([0, s, c, started], row);
        transmits[row + 7] = s / c;
      } else if (wave.kind === "diverging") {
        const [x, , z] = wave.source;
        transmits.set([1, x * scale, z * scale, started - Math.sqrt(x * x + z * z) * scale], row);
      }
      transmits[row + 4] = edgeZM * scale;
      transmits[row + 5] = (halfApertureM + fadeM / 2) * scale;
      transmits[row + 6] = 1 / (fadeM * scale);
    });

    const elements = this.#f32(at.elements, 4 * GROUP * this.groupCount);
    for (let e = 0; e < GROUP * this.groupCount; e++) {
      const known = Math.min(e, this.settings.elements - 1);
      const place = 4 * GROUP * Math.floor(e / GROUP) + (e % GROUP);
      elements[place] = probe.positionsM[3 * known] * scale;
      elements[place + GROUP] = probe.positionsM[3 * known + 2] * scale;
      elements[place + 2 * GROUP] = sin(probe.azimuthsRad[known]);
      elements[place + 3 * GROUP] = cos(probe.azimuthsRad[known]);
    }

    new Int16Array(memory.buffer, at.pulse, ticks * taps).set(pulseTable(ticks, taps));
  }

  #f32(offset: number, count: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#core.memory.buffer as ArrayBuffer, offset, count);
  }
}

/** Amplitude ratio of decibels. */
function decibels(value: number): number {
  return exp((value * Math.LN10) / 20);
}
