/** Grey maps: 256 colours from the weakest echo to the strongest, as bytes R G B A. */
import { SondeError } from "../errors.ts";
import { GREY_MAPS, type GreyMap } from "../pipeline.ts";

/** Brightness of a level, both 0 to 255. With square roots, whose last bit is the same in every engine. */
const TONES: Partial<Record<GreyMap, (level: number) => number>> = {
  // 255 v^(3/4), v = level / 255
  soft: (level) => 255 * Math.sqrt((level / 255) * Math.sqrt(level / 255)),
  // 255 (3 v^2 - 2 v^3)
  contrast: (level) => (level * level * (765 - 2 * level)) / 65025,
  inverted: (level) => 255 - level,
};

/** Colour of the brightest level where it is not white: low levels stay neutral, high levels lean to it. */
const TINTS: Partial<Record<GreyMap, readonly [number, number, number]>> = {
  warm: [255, 236, 205],
  cool: [208, 232, 255],
};

/**
 * The colours of a grey map, 1024 bytes: R, G, B, 255 of level 0, then of level 1, ...
 * @throws SondeError `bad-option` for a name that is none
 */
export function palette(map: GreyMap): Uint8Array<ArrayBuffer> {
  if (!GREY_MAPS.includes(map))
    throw new SondeError(
      "bad-option",
      `There is no grey map ${String(map)}: choose ${GREY_MAPS.join(", ")}.`,
      {
        fields: { greyMap: String(map) },
      },
    );
  const bytes = new Uint8Array(1024).fill(255);
  const tone = TONES[map] ?? ((level) => level);
  const tint = TINTS[map] ?? [255, 255, 255];
  for (let level = 0; level < 256; level++)
    for (let part = 0; part < 3; part++)
      bytes[4 * level + part] = Math.round((tone(level) * tint[part]) / 255);
  return bytes;
}
