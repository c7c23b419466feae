/** Grey maps: 256 colours from black to white, as bytes R G B A. */
import type { GreyMap } from "../pipeline.ts";

/** End colour of each map, or null for plain grey: low levels stay neutral, high levels lean to this tint. */
const TINTS: Record<GreyMap, readonly [number, number, number] | null> = {
  gray: null,
  inverted: null,
  warm: [255, 236, 205],
  cool: [208, 232, 255],
};

/** The palette of a grey map, 1024 bytes. */
export function palette(map: GreyMap): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1024);
  const tint = TINTS[map];
  for (let level = 0; level < 256; level++) {
    const value = map === "inverted" ? 255 - level : level;
    for (let part = 0; part < 3; part++)
      bytes[4 * level + part] = tint ? Math.round((value * tint[part]) / 255) : value;
    bytes[4 * level + 3] = 255;
  }
  return bytes;
}
