/** Pictures, arrays and recordings as files. The encoders are loaded when they are used. */
import { SondeError } from "./errors.ts";
import type { NpyDescr, NpyValues } from "./formats/npy.ts";
import type { PngOptions } from "./formats/png.ts";
import type { SondeFrame, SondeOptions } from "./formats/sonde-writer.ts";
import type { UffOptions } from "./formats/uff-writer.ts";
import type { Acquisition, Frame, Image } from "./model.ts";
import type { Pipeline } from "./pipeline.ts";

export type { NpyDescr, NpyValues, PngOptions, SondeFrame, SondeOptions, UffOptions };

/** Refuses what is no object, and says where a right one comes from. @throws SondeError `bad-option` */
function needObject(call: string, value: unknown, wanted: string): void {
  if (typeof value !== "object" || value === null)
    throw new SondeError("bad-option", `${call} was given ${String(value)}: give ${wanted}`, {
      fields: { value: String(value) },
    });
}

/** @throws SondeError `bad-geometry` for a description that no reader would open again */
async function needAcquisition(info: Acquisition): Promise<void> {
  const { checkAcquisition } = await import("./engine/check-acquisition.ts");
  checkAcquisition(info, 1);
}

/**
 * A PNG of a picture: 8-bit grey where it has no colour, outside the field of view black.
 * @throws SondeError `bad-option` for text or a scale that PNG cannot hold
 */
export async function toPng(image: Image, options: PngOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  needObject("toPng", image, "the image of plan.run");
  const { encodePng } = await import("./formats/png.ts");
  return encodePng(image, options);
}

/**
 * An NPY 1.0 file, C order; `<c8` takes interleaved (re, im).
 * @throws SondeError `bad-option` when values, shape and type do not agree
 */
export async function toNpy(
  values: NpyValues,
  shape: readonly number[],
  descr: NpyDescr,
): Promise<Uint8Array<ArrayBuffer>> {
  const { encodeNpy } = await import("./formats/npy.ts");
  return encodeNpy(values, shape, descr);
}

/**
 * `frames` of any data as a recording of Sonde's stream (`.sonde`, host/protocols/sonde-stream.md), which `open` reads back with
 * every sample and every frame's time. `createRecorder` writes a stream as it comes, to a disk as well.
 * @throws SondeError `bad-geometry` for a description that cannot be, `bad-option` without frames, and for frames of another
 * acquisition; `out-of-memory` over `maxBytes`, `aborted`
 * @example const recording = await toSonde(source.info, source.frames({ end: 10 }))
 */
export async function toSonde(
  info: Acquisition,
  frames: Iterable<SondeFrame> | AsyncIterable<SondeFrame>,
  options: SondeOptions = {},
): Promise<Blob> {
  needObject("toSonde", info, "source.info");
  needObject("toSonde", frames, "source.frames(), or a list of frames");
  await needAcquisition(info);
  const { encodeSonde } = await import("./formats/sonde-writer.ts");
  return encodeSonde(info, frames, options);
}

/**
 * The channel data of `frames` as a UFF file (HDF5, as USTB writes it), which `open` reads back: probe, sequence, times and
 * samples. Loads the HDF5 library, 1 MB. The header of host/formats/uff-writer.ts lists what UFF cannot hold.
 * @throws SondeError `bad-geometry` for a description that cannot be, `missing-data` for lines and images, and for transmits known by
 * firing times alone; `bad-option`, `out-of-memory`, `aborted`
 * @example const bytes = await toUff(source.info, source.frames({ end: 10 }), { frameCount: 10 })
 */
export async function toUff(
  info: Acquisition,
  frames: Iterable<Frame> | AsyncIterable<Frame>,
  options: UffOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  needObject("toUff", info, "source.info");
  needObject("toUff", frames, "source.frames(), or a list of frames");
  await needAcquisition(info);
  const { encodeUff } = await import("./formats/uff-writer.ts");
  return encodeUff(info, frames, options);
}

/**
 * The pipeline that made a picture, from the PNG file that Sonde wrote of it; undefined when there is none in it. It is checked when
 * a plan is made of it.
 * @throws SondeError `unsupported-format` for what is no PNG, `corrupt-file`, `out-of-memory` over 256 MiB
 */
export async function pipelineOfPng(file: Blob | Uint8Array): Promise<Pipeline | undefined> {
  const { PIPELINE_KEYWORD, readPngJson } = await import("./formats/png-text.ts");
  return readPngJson(file, PIPELINE_KEYWORD);
}

/**
 * The JSON object that a PNG file carries as a text under a keyword; undefined when there is none. `toPng` writes such texts.
 * @throws as `pipelineOfPng`
 */
export async function jsonOfPng(file: Blob | Uint8Array, keyword: string): Promise<object | undefined> {
  const { readPngJson } = await import("./formats/png-text.ts");
  return readPngJson(file, keyword);
}
