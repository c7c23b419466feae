/**
 * What lies on a line of a picture, decoded from its colours: 0 (black) to 255 (white, 0 dB), bilinear between the centres of pixels.
 * Taken in the picture, so that it is the same whatever scan made it and however it is zoomed, flipped or turned on the stage.
 */
import { type GreyMap, greyPalette, type Image } from "../../../../host/index.ts";
import type { Point } from "../../draw/mapping.ts";

/** Most samples along a line, and least. */
const SAMPLE_LIMITS = [32, 512] as const;

/** Samples for a line of this length: one a picture pixel. */
export function sampleCount(lengthPx: number): number {
  return Math.min(SAMPLE_LIMITS[1], Math.max(SAMPLE_LIMITS[0], Math.round(lengthPx)));
}

/**
 * Samples a line: sample s of n lies (s + 1/2) / n of the way. NaN where its nearest pixel is outside the field of view; neighbours
 * outside have no weight.
 */
export function sampleLine(
  { width, height, pixels }: Image,
  from: Point,
  to: Point,
  greyMap: GreyMap,
  samples: Float32Array,
): void {
  const count = samples.length;
  // The grey maps with a tint have one colour at full strength; it is the largest.
  const level = (at: number): number =>
    greyMap === "inverted" ? 255 - pixels[at] : Math.max(pixels[at], pixels[at + 1], pixels[at + 2]);
  for (let s = 0; s < count; s++) {
    const part = (s + 0.5) / count;
    const u = from.x + part * (to.x - from.x) - 0.5;
    const v = from.y + part * (to.y - from.y) - 0.5;
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const [a, b] = [u - column, v - row];
    const nearX = a < 0.5 ? column : column + 1;
    const nearY = b < 0.5 ? row : row + 1;
    samples[s] = Number.NaN;
    if (nearX < 0 || nearY < 0 || nearX >= width || nearY >= height) continue;
    if (pixels[(nearY * width + nearX) * 4 + 3] === 0) continue;
    let [sum, weights] = [0, 0];
    for (let k = 0; k < 2; k++) {
      for (let i = 0; i < 2; i++) {
        const [x, y] = [column + i, row + k];
        const weight = (i ? a : 1 - a) * (k ? b : 1 - b);
        if (weight === 0 || x < 0 || y < 0 || x >= width || y >= height) continue;
        const at = (y * width + x) * 4;
        if (pixels[at + 3] === 0) continue;
        sum += weight * level(at);
        weights += weight;
      }
    }
    samples[s] = sum / weights;
  }
}

/** Levels as bytes: 0 is outside the field of view, 1 black, 255 white. */
export function packLevels(samples: Float32Array, bytes: Uint8Array): void {
  for (let s = 0; s < samples.length; s++) {
    bytes[s] = Number.isNaN(samples[s]) ? 0 : 1 + Math.round((samples[s] * 254) / 255);
  }
}

/** Colours of the bytes of `packLevels` as R G B A, in a grey map's colours; transparent outside the field of view. */
export function stripColours(greyMap: GreyMap): Uint8Array {
  const palette = greyPalette(greyMap);
  const colours = new Uint8Array(1024);
  for (let byte = 1; byte < 256; byte++) {
    const level = Math.round(((byte - 1) * 255) / 254);
    colours.set(palette.subarray(4 * level, 4 * level + 4), 4 * byte);
  }
  return colours;
}
