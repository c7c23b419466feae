/**
 * From the samples of a frame to rows the beamformer reads: float32, complex, with zero guards; mean removed, filtered,
 * demodulated, made analytic, prepared for the interpolator, as the pipeline asks.
 *
 *   input   the frame's own bytes, transmit after transmit
 *   rows    [transmit][channel] or [line], each | 4 zero samples | n complex samples | 4 zero samples |
 */
import type { Frame } from "../model.ts";
import type { AutoInterpolation } from "./auto-interpolation.ts";
import { makeFftTable, putResponse, smoothLength } from "./fft-tables.ts";
import { bandPassTaps, butterworth5, spectralResponse } from "./filters.ts";
import { checkFrameSize, sampleType } from "./sample-types.ts";
import type { Workspace } from "./workspace.ts";

/** What is wanted of the rows. */
export interface SignalRequest {
  /** Groups of rows the frame holds (transmits), and which of them to take, in order. */
  groups: readonly number[];
  rowsPerGroup: number;
  samples: number;
  complex: boolean;
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
  workspace.u8(block, count * strideBytes).fill(0);
  const offset = block + 8 * GUARD_SAMPLES;
  return { start: block, offset, strideBytes, samples, sampleRateHz, lastIndex: samples - 1 };
}

/** The stage: tables made by the constructor, `run` fills the rows. */
export class SignalStage {
  readonly rows: Rows;
  readonly #workspace: Workspace;
  readonly #request: SignalRequest;
  readonly #input: number;
  readonly #groupNumbers: number;
  /** Steps behind ingestion, in order. */
  readonly #steps: (() => void)[] = [];
  readonly #ingested: Rows;

  constructor(workspace: Workspace, request: SignalRequest) {
    this.#workspace = workspace;
    this.#request = request;
    const { groups, rowsPerGroup, samples, sampleRateHz } = request;
    const kernels = workspace.kernels;
    const count = groups.length * rowsPerGroup;
    this.#groupNumbers = rowsPerGroup * samples * (request.complex ? 2 : 1);
    this.#input = workspace.take(this.#groupNumbers, 4, "The frame");
    let rows = makeRows(workspace, count, samples, sampleRateHz);
    this.#ingested = rows;

    if (request.removeMean) {
      const at = rows;
      this.#steps.push(() => kernels.removeMean(at.offset, at.strideBytes, count, at.samples));
    }

    // RF that stays real or goes through the mixer is filtered in time; the others in the spectrum below.
    const firBand = request.band && !request.analytic && !request.complex ? request.band : undefined;
    if (firBand) {
      const taps = bandPassTaps(
        firBand.lowHz / sampleRateHz,
        Math.min(0.5, firBand.highHz / sampleRateHz),
        FIR_TAPS,
        kernels,
      );
      const table = workspace.take(FIR_TAPS, 4, "The band-pass filter");
      const work = workspace.take(samples + FIR_TAPS + 32, 4, "The band-pass filter");
      workspace.f32(table, FIR_TAPS).set(taps);
      const at = rows;
      this.#steps.push(() =>
        kernels.filterFir(at.offset, at.strideBytes, count, at.samples, table, FIR_TAPS, work),
      );
    }

    if (request.demodulation) {
      const { frequencyHz, cutoff, decimation } = request.demodulation;
      const filter = butterworth5(cutoff, kernels);
      const coefficients = workspace.take(17, 8, "The demodulator");
      workspace.f64(coefficients, 17).set([...filter.b, ...filter.a, ...filter.z]);
      const padding = Math.min(FILTFILT_PADDING, samples - 1);
      const work = workspace.take(6 * samples + 8 * padding, 8, "The demodulator");
      const at = rows;
      const turns = request.startS.map((start) => frequencyHz * start);
      this.#steps.push(() => {
        for (let g = 0; g < groups.length; g++)
          kernels.demodulate(
            at.offset + g * rowsPerGroup * at.strideBytes,
            at.strideBytes,
            rowsPerGroup,
            at.samples,
            turns[g],
            frequencyHz / sampleRateHz,
            coefficients,
            padding,
            decimation,
            work,
          );
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
      const response = putResponse(
        workspace,
        forward,
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
      const data = workspace.take(backward.bytes, 1, "The spectral filter");
      const work = workspace.take(Math.max(forward.workBytes, backward.workBytes), 1, "The spectral filter");
      this.#steps.push(() =>
        kernels.filterRows(
          from.offset,
          from.strideBytes,
          from.samples,
          to.offset,
          to.strideBytes,
          to.samples,
          count,
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

  /** Fills the rows from a frame. @throws SondeError `corrupt-file` for a frame of another size. */
  run(frame: Frame, framesNumbers: number): void {
    const { samples } = frame;
    checkFrameSize(frame, framesNumbers);
    const { groups, rowsPerGroup, complex } = this.#request;
    const type = sampleType(samples);
    const { offset, strideBytes, samples: perRow } = this.#ingested;
    const kernels = this.#workspace.kernels;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    const groupBytes = this.#groupNumbers * samples.BYTES_PER_ELEMENT;
    const input = this.#workspace.u8(this.#input, groupBytes);
    groups.forEach((group, g) => {
      input.set(bytes.subarray(group * groupBytes, (group + 1) * groupBytes));
      const out = offset + g * rowsPerGroup * strideBytes;
      if (complex) kernels.ingestComplex(type, this.#input, rowsPerGroup, perRow, out, strideBytes);
      else kernels.ingestReal(type, this.#input, rowsPerGroup, perRow, out, strideBytes);
    });
    for (const step of this.#steps) step();
  }
}
