/** Pictures, arrays and recordings as files. The encoders are loaded when they are used. */
import type { NpyDescr, NpyValues } from "./formats/npy.ts";
import type { PngOptions } from "./formats/png.ts";
import type { UffOptions } from "./formats/uff-writer.ts";
import type { Acquisition, Frame, Image } from "./model.ts";

export type { NpyDescr, NpyValues, PngOptions, UffOptions };

/**
 * A PNG of a picture: 8-bit grey where it has no colour, outside the field of view black.
 * @throws SondeError `bad-option` for text or a scale that PNG cannot hold
 */
export async function toPng(image: Image, options: PngOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
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
 * The channel data of `frames` as a UFF file (HDF5, as USTB writes it), which `open` reads back: probe, sequence, times and
 * samples. Loads the HDF5 library, 1 MB. The header of host/formats/uff-writer.ts lists what UFF cannot hold.
 * @throws SondeError `missing-data` for lines and images, and for transmits known by firing times alone; `bad-option`,
 * `out-of-memory`, `aborted`
 * @example const bytes = await toUff(source.info, source.frames({ end: 10 }), { frameCount: 10 })
 */
export async function toUff(
  info: Acquisition,
  frames: Iterable<Frame> | AsyncIterable<Frame>,
  options: UffOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { encodeUff } = await import("./formats/uff-writer.ts");
  return encodeUff(info, frames, options);
}
