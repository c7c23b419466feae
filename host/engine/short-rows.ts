/**
 * From the samples of a frame to int16 rows through a short filter (steering-filter.ts): band-pass, Hilbert transform, prefilter and
 * up-sampling in one, and only those samples that are asked for.
 *
 *   input   the frame's own bytes, transmit after transmit
 *   rows    [element][transmit][part] int16, part 0 real, part 1 imaginary; value k at `offset` + 2 k
 *
 * One power of two scales the frame, so large that its greatest sample cannot overflow whatever stands around it: it depends on the
 * whole frame, never on which samples are asked for.
 */
import type { Frame } from "../model.ts";
import { CORE_TYPES, checkFrameSize, sampleType } from "./sample-types.ts";
import { PHASES, type SteeringFilter } from "./steering-filter.ts";
import type { Workspace } from "./workspace.ts";

/** What rows are made of. */
export interface ShortRowsRequest {
  /** Transmits of a frame, and which of them to take, in order. */
  groups: readonly number[];
  elements: number;
  samples: number;
  /** Numbers of a whole frame, and bytes of one, at most. */
  frameNumbers: number;
  sampleBytes: 1 | 2 | 4;
  removeMean: boolean;
  filter: SteeringFilter;
  /** 2: real and imaginary; 1: real. */
  parts: 1 | 2;
}

const LARGEST = 32767;
/** Values that a kernel may load beyond the last one it uses. */
const BEYOND = 32;

/** The filter and the frame that is filtered: what threads of one memory share. */
export class ShortFilter {
  readonly request: ShortRowsRequest;
  readonly input: number;
  readonly taps: number;
  /** Working space of this thread. */
  readonly work: number;
  readonly phase: number;
  readonly #workspace: Workspace;
  /** int32 type of the samples, float32 what they are multiplied by. */
  readonly #facts: number;

  constructor(workspace: Workspace, request: ShortRowsRequest) {
    const { groups, elements, samples, sampleBytes, filter, parts } = request;
    const what = "The short filter";
    this.#workspace = workspace;
    this.request = request;
    this.input = workspace.take(groups.length * elements * samples, sampleBytes, "The frame");
    this.#facts = workspace.take(2, 4, "The frame");
    const perPhase = parts * filter.taps;
    this.taps = workspace.take(filter.upSampling * perPhase, 4, what);
    workspace.fill(() => {
      const taps = workspace.f32(this.taps, filter.upSampling * perPhase);
      for (let p = 0; p < filter.upSampling; p++) {
        const from = ((p * PHASES) / filter.upSampling) * perPhase;
        taps.set(filter.coefficients.subarray(from, from + perPhase), p * perPhase);
      }
    });
    this.work = workspace.takeOwn(samples + 2 * filter.taps + 16, 4, what);
    this.phase = workspace.takeOwn(samples + 16, 2, what);
  }

  /** Takes a frame's samples. @throws SondeError `corrupt-file` for a frame that is not what its description says */
  load(frame: Frame): void {
    const { groups, elements, samples, frameNumbers, sampleBytes, removeMean, filter } = this.request;
    const { kernels } = this.#workspace;
    checkFrameSize(frame, frameNumbers, sampleBytes);
    const type = sampleType(frame.samples);
    const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: size } = frame.samples;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const groupBytes = elements * samples * size;
    let peak = 0;
    groups.forEach((group, g) => {
      const at = this.input + g * groupBytes;
      this.#workspace.u8(at, groupBytes).set(bytes.subarray(group * groupBytes, (group + 1) * groupBytes));
      peak = Math.max(peak, kernels.peakSample(type, at, elements * samples, 1, 0));
    });
    this.#workspace.i32(this.#facts, 1)[0] = type;
    const scale = powerOfTwoBelow(LARGEST / (peak * filter.gain * (removeMean ? 2 : 1)));
    this.#workspace.f32(this.#facts + 4, 1)[0] = scale;
  }

  /** Type of the samples that were loaded, as the core numbers them, and what they are to be multiplied by. */
  get loaded(): { type: number; scale: number } {
    return {
      type: this.#workspace.i32(this.#facts, 1)[0],
      scale: this.#workspace.f32(this.#facts + 4, 1)[0],
    };
  }
}

/** Rows that hold sample positions from `reach`, by transmit: least and greatest one. */
export class ShortRows {
  /** Offset of value 0 of the first row; the rows begin at the least value needed. */
  readonly offset: number;
  /** From one part, transmit and element to the next one. */
  readonly partBytes: number;
  readonly transmitBytes: number;
  readonly elementBytes: number;
  readonly #workspace: Workspace;
  readonly #filter: ShortFilter;
  /** Values [first, end) of each transmit that the record reaches. */
  readonly #wanted: readonly (readonly [first: number, end: number])[];

  constructor(workspace: Workspace, filter: ShortFilter, reach: Float64Array) {
    const { groups, elements, samples, parts, filter: design } = filter.request;
    const end = (samples - 1) * design.upSampling + 1;
    let first = 0;
    let last = 0;
    this.#wanted = groups.map((_, t) => {
      // Rounding to 1/512 sample may move a position by two of them.
      const [low, high] = [Math.floor(reach[2 * t] - 0.01), Math.floor(reach[2 * t + 1] + 0.01) + 2];
      if (!(low < high)) return [0, 0];
      first = Math.min(first, low);
      last = Math.max(last, high);
      return [Math.max(0, low), Math.min(end, high)];
    });
    this.partBytes = rowBytes(first, last);
    this.transmitBytes = parts * this.partBytes;
    this.elementBytes = groups.length * this.transmitBytes;
    const bytes = elements * this.elementBytes;
    const block = workspace.take(bytes, 1, "The channel data");
    workspace.fill(() => workspace.u8(block, bytes).fill(0));
    this.offset = block - 2 * first;
    this.#workspace = workspace;
    this.#filter = filter;
  }

  /** Fills the rows from the frame that was loaded; returns what they are multiplied by. */
  fill(): number {
    const { kernels } = this.#workspace;
    const { input, taps, work, phase, request, loaded } = this.#filter;
    const { elements, samples, removeMean, filter, parts } = request;
    const { type, scale } = loaded;
    const groupBytes = elements * samples * CORE_TYPES[type].bytes;
    this.#wanted.forEach(([first, end], t) => {
      kernels.filterShort(
        type,
        input + t * groupBytes,
        elements,
        samples,
        removeMean,
        scale,
        taps,
        filter.taps,
        filter.upSampling,
        parts,
        first,
        end,
        this.offset + t * this.transmitBytes,
        this.partBytes,
        this.elementBytes,
        work,
        phase,
      );
    });
    return scale;
  }
}

/** Bytes of a row from value `first` to value `last`, both included, and what may be loaded beyond. */
function rowBytes(first: number, last: number): number {
  const bytes = Math.ceil((2 * (last - first + 1 + BEYOND)) / 64) * 64;
  // Rows a multiple of 4 KB apart would share cache sets.
  return bytes % 4096 === 0 ? bytes + 64 : bytes;
}

/** Powers of two beyond this, and below its inverse, are of no use in float32. */
const LARGEST_SCALE = 2 ** 100;

/** The largest power of two that is not above a number, within what float32 holds with ease: 2^-100 to 2^100. */
function powerOfTwoBelow(limit: number): number {
  let scale = 1;
  while (scale > limit && scale > 1 / LARGEST_SCALE) scale /= 2;
  while (2 * scale <= limit && scale < LARGEST_SCALE) scale *= 2;
  return scale;
}
