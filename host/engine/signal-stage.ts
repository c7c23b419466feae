/**
 * From the samples of a frame to rows the beamformer reads: float32, complex, with zero guards; mean removed, filtered,
 * demodulated, made analytic, prepared for the interpolator, as the pipeline asks.
 *
 *   input   the frame's own bytes, transmit after transmit: those that are taken
 *   rows    [transmit][channel] or [line], each | 4 zero samples | n complex samples | 4 zero samples |
 */
import type { Frame } from "../model.ts";
import type { AutoInterpolation } from "./auto-interpolation.ts";
import { makeFftTable, putResponse, smoothLength } from "./fft-tables.ts";
import { bandPassTaps, butterworth5, spectralResponse } from "./filters.ts";
import { CORE_TYPES, checkFrameSize, sampleType } from "./sample-types.ts";
import { type Share, WHOLE } from "./share.ts";
import type { Workspace } from "./workspace.ts";

/** Rows go through the transforms four at a time. */
const ROWS_AT_ONCE = 4;

/** What is wanted of the rows. */
export interface SignalRequest {
  /** Groups of rows the frame holds (transmits), and which of them to take, in order. */
  groups: readonly number[];
  rowsPerGroup: number;
  samples: number;
  complex: boolean;
  /** Bytes of the widest sample that may come. */
  sampleBytes: 1 | 2 | 4;
  sampleRateHz: number;
  removeMean: boolean;
  band?: { lowHz: number; highHz: number };
  analytic: boolean;
  demodulation?: { frequencyHz: number; cutoff: number; decimation: number };
  /** Time of sample 0 of each group taken (s). */
  startS: readonly number[];
  /** Carrier of IQ samples (Hz), 0 for RF. */
  carrierHz: number;
  /** Up-sampling and prefilter for a spline interpolator. */
  spline?: AutoInterpolation;
}

/** Rows ready to beamform or detect. */
export interface Rows {
  /** Where the rows begin, with the guard before row 0. */
  start: number;
  /** Offset of sample 0 of row 0. */
  offset: number;
  strideBytes: number;
  samples: number;
  sampleRateHz: number;
  /** Index of the last sample that was recorded: an up-sampled row goes on beyond it, back towards its first sample. */
  lastIndex: number;
}

const GUARD_SAMPLES = 4;
/** Zeros between the end of a row and its start in the transform: what a pulse or a filter there leaves behind. */
const PADDING_SAMPLES = 64;
const FIR_TAPS = 65;
/** scipy's filtfilt pads 3 x the number of coefficients. */
const FILTFILT_PADDING = 18;

function makeRows(workspace: Workspace, count: number, samples: number, sampleRateHz: number): Rows {
  let strideBytes = Math.ceil(((samples + 2 * GUARD_SAMPLES) * 8) / 64) * 64;
  // Rows a multiple of 4 KB apart would share cache sets.
  if (strideBytes % 4096 === 0) strideBytes += 64;
  const block = workspace.take(count * strideBytes, 1, "The channel data");
  workspace.fill(() => {
    workspace.u8(block, count * strideBytes).fill(0);
  });
  const offset = block + 8 * GUARD_SAMPLES;
  return { start: block, offset, strideBytes, samples, sampleRateHz, lastIndex: samples - 1 };
}

/** Rows [first, end) of `count` that a share is: as equal as whole groups of four allow. */
function rowsOf({ index, count: shares }: Share, count: number): { first: number; end: number } {
  const groups = Math.ceil(count / ROWS_AT_ONCE);
  const border = (k: number) => Math.min(count, Math.floor((groups * k) / shares) * ROWS_AT_ONCE);
  return { first: border(index), end: border(index + 1) };
}

/** The stage: tables laid out by the constructor; `load` and `filter` fill the rows. */
export class SignalStage {
  readonly rows: Rows;
  readonly #workspace: Workspace;
  readonly #request: SignalRequest;
  /** The frame's bytes, and the type they are of. */
  readonly #input: number;
  readonly #type: number;
  readonly #inputBytes: number;
  readonly #rowNumbers: number;
  readonly #count: number;
  readonly #ingested: Rows;
  /** Filters, on rows [first, first + count). */
  readonly #steps: ((first: number, count: number) => void)[] = [];

  constructor(workspace: Workspace, request: SignalRequest) {
    this.#workspace = workspace;
    this.#request = request;
    const { groups, rowsPerGroup, samples, sampleRateHz } = request;
    const kernels = workspace.kernels;
    const count = groups.length * rowsPerGroup;
    this.#count = count;
    this.#rowNumbers = samples * (request.complex ? 2 : 1);
    this.#inputBytes = count * this.#rowNumbers * request.sampleBytes;
    this.#input = workspace.take(this.#inputBytes, 1, "The frame");
    this.#type = workspace.take(1, 4, "The frame");
    let rows = makeRows(workspace, count, samples, sampleRateHz);
    this.#ingested = rows;

    if (request.removeMean) {
      const at = rows;
      this.#steps.push((first, many) =>
        kernels.removeMean(at.offset + first * at.strideBytes, at.strideBytes, many, at.samples),
      );
    }

    // RF that stays real or goes through the mixer is filtered in time; the others in the spectrum below.
    const firBand = request.band && !request.analytic && !request.complex ? request.band : undefined;
    if (firBand) {
      const table = workspace.take(FIR_TAPS, 4, "The band-pass filter");
      const work = workspace.takeOwn(samples + FIR_TAPS + 96, 4, "The band-pass filter");
      workspace.fill(() => {
        const taps = bandPassTaps(
          firBand.lowHz / sampleRateHz,
          Math.min(0.5, firBand.highHz / sampleRateHz),
          FIR_TAPS,
          kernels,
        );
        workspace.f32(table, FIR_TAPS).set(taps);
      });
      const at = rows;
      this.#steps.push((first, many) =>
        kernels.filterFir(
          at.offset + first * at.strideBytes,
          at.strideBytes,
          many,
          at.samples,
          table,
          FIR_TAPS,
          work,
        ),
      );
    }

    if (request.demodulation) {
      const { frequencyHz, cutoff, decimation } = request.demodulation;
      const coefficients = workspace.take(17, 8, "The demodulator");
      workspace.fill(() => {
        const filter = butterworth5(cutoff, kernels);
        workspace.f64(coefficients, 17).set([...filter.b, ...filter.a, ...filter.z]);
      });
      const padding = Math.min(FILTFILT_PADDING, samples - 1);
      const work = workspace.takeOwn(6 * samples + 8 * padding, 8, "The demodulator");
      const at = rows;
      const turns = request.startS.map((start) => frequencyHz * start);
      this.#steps.push((first, many) => {
        // Each transmit has a start of its own.
        for (let row = first; row < first + many; ) {
          const group = Math.floor(row / rowsPerGroup);
          const end = Math.min(first + many, (group + 1) * rowsPerGroup);
          kernels.demodulate(
            at.offset + row * at.strideBytes,
            at.strideBytes,
            end - row,
            at.samples,
            turns[group],
            frequencyHz / sampleRateHz,
            coefficients,
            padding,
            decimation,
            work,
          );
          row = end;
        }
      });
      const kept = Math.ceil(samples / decimation);
      rows = { ...rows, samples: kept, sampleRateHz: sampleRateHz / decimation, lastIndex: kept - 1 };
    }

    const spectralBand = firBand ? undefined : request.band;
    if (request.analytic || request.spline || spectralBand) {
      const from = rows;
      const factor = request.spline?.upSampling ?? 1;
      const to =
        factor > 1
          ? {
              ...makeRows(workspace, count, from.samples * factor, from.sampleRateHz * factor),
              lastIndex: from.lastIndex * factor,
            }
          : from;
      // Named interpolators stand on the plain analytic signal, periodic over exactly these samples; "auto" keeps the end of a row
      // apart from its start.
      const length = request.spline ? smoothLength(from.samples + PADDING_SAMPLES) : from.samples;
      const forward = makeFftTable(workspace, length);
      const backward = factor > 1 ? makeFftTable(workspace, length * factor, forward.rowsTogether) : forward;
      const response = putResponse(workspace, forward, () =>
        spectralResponse(
          length,
          {
            analytic: request.analytic,
            band: spectralBand,
            spline: request.spline?.degree,
            sampleRateHz: from.sampleRateHz,
            carrierHz: request.demodulation?.frequencyHz ?? request.carrierHz,
            upSampling: factor,
          },
          kernels,
        ),
      );
      const data = workspace.takeOwn(backward.bytes, 1, "The spectral filter");
      const work = workspace.takeOwn(
        Math.max(forward.workBytes, backward.workBytes),
        1,
        "The spectral filter",
      );
      this.#steps.push((first, many) =>
        kernels.filterRows(
          from.offset + first * from.strideBytes,
          from.strideBytes,
          from.samples,
          to.offset + first * to.strideBytes,
          to.strideBytes,
          to.samples,
          many,
          response,
          forward.descriptor,
          backward.descriptor,
          data,
          work,
        ),
      );
      rows = to;
    }
    this.rows = rows;
  }

  /** Takes a frame's samples. @throws SondeError `corrupt-file` for a frame of another size or another type than was announced */
  load(frame: Frame, framesNumbers: number): void {
    const { samples } = frame;
    const { groups, rowsPerGroup, sampleBytes } = this.#request;
    checkFrameSize(frame, framesNumbers, sampleBytes);
    const type = sampleType(samples);
    this.#workspace.i32(this.#type, 1)[0] = type;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const groupBytes = rowsPerGroup * this.#rowNumbers * samples.BYTES_PER_ELEMENT;
    const input = this.#workspace.u8(this.#input, this.#inputBytes);
    groups.forEach((group, g) => {
      input.set(bytes.subarray(group * groupBytes, (group + 1) * groupBytes), g * groupBytes);
    });
  }

  /** Fills a share of the rows from the samples that were loaded; each row is made without looking at another. */
  filter(share: Share): void {
    const { first, end } = rowsOf(share, this.#count);
    if (end <= first) return;
    const { offset, strideBytes, samples } = this.#ingested;
    const { kernels } = this.#workspace;
    const type = this.#workspace.i32(this.#type, 1)[0];
    const source = this.#input + first * this.#rowNumbers * CORE_TYPES[type].bytes;
    const out = offset + first * strideBytes;
    if (this.#request.complex) kernels.ingestComplex(type, source, end - first, samples, out, strideBytes);
    else kernels.ingestReal(type, source, end - first, samples, out, strideBytes);
    for (const step of this.#steps) step(first, end - first);
  }

  /** All of it. */
  run(frame: Frame, framesNumbers: number): void {
    this.load(frame, framesNumbers);
    this.filter(WHOLE);
  }
}
