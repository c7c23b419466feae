/** Pictures and arrays as files. The encoders are loaded when they are used. */
import type { NpyDescr, NpyValues } from "./formats/npy.ts";
import type { PngOptions } from "./formats/png.ts";
import type { Image } from "./model.ts";

export type { NpyDescr, NpyValues, PngOptions };

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
