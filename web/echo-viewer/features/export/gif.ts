/**
 * Animated GIF by gifenc (4 kB gzip), where a video cannot be made. 256 colours: one for every brightness where the picture is grey or
 * tinted grey, so that no grey level is lost, and coloured words are grey there; else those that gifenc finds in the first picture.
 * Times in hundredths of a second, rounded so that they do not drift.
 */
import type { Film } from "./film.ts";

type Palette = number[][];

/** Brightness 0 to 255 (ITU-R BT.601 weights, rounded). */
const brightness = (data: Uint8ClampedArray | Uint8Array, k: number) =>
  (77 * data[k] + 150 * data[k + 1] + 29 * data[k + 2]) >> 8;

/** Pixels this far from the colour of their brightness are another colour (of 255), and so many of them are no accident. */
const TINT = 40;
const COLOURED_PART = 0.02;

/**
 * A colour for every brightness: that of the grey map's nearest level, as much lighter or darker as it is off. `map`: RGBA. Not from
 * the picture: of a brightness that few echoes have, the mean colour is that of the words.
 */
function tintPalette(map: Uint8Array): Palette {
  const levels = Array.from({ length: 256 }, (_, level) => brightness(map, 4 * level));
  return levels.map((_, wanted) => {
    const off = levels.map((level) => Math.abs(level - wanted));
    const nearest = off.indexOf(Math.min(...off));
    const more = wanted - levels[nearest];
    return [0, 1, 2].map((c) => Math.min(255, Math.max(0, map[4 * nearest + c] + more)));
  });
}

/** Whether a picture has no colours beside those of its brightness. */
function isTinted(data: Uint8ClampedArray, palette: Palette): boolean {
  let other = 0;
  for (let k = 0; k < data.length; k += 4) {
    const colour = palette[brightness(data, k)];
    for (let c = 0; c < 3; c++)
      if (Math.abs(data[k + c] - colour[c]) > TINT) {
        other++;
        break;
      }
  }
  return other <= COLOURED_PART * (data.length / 4);
}

/** Least time of a picture that browsers keep (1/100 s). */
const LEAST_DELAY = 2;

/** @param map the colours of the levels of its pictures, RGBA */
export async function makeGif(film: Film, map: Uint8Array): Promise<Blob> {
  // The module itself: a bundler for browsers takes CommonJS for the package, which no browser runs.
  const { GIFEncoder, quantize, applyPalette } = await import("gifenc/dist/gifenc.esm.js");
  const gif = GIFEncoder();
  let palette: Palette | undefined;
  let tinted = true;
  let shownCs = 0;
  for await (const { canvas, timeS, durationS } of film) {
    const { width, height } = canvas;
    const data = canvas.getContext("2d")?.getImageData(0, 0, width, height).data;
    if (!data) continue;
    if (!palette) {
      const own = tintPalette(map);
      tinted = isTinted(data, own);
      palette = tinted ? own : quantize(data, 256);
    }
    let index: Uint8Array;
    if (tinted) {
      index = new Uint8Array(width * height);
      for (let i = 0; i < index.length; i++) index[i] = brightness(data, 4 * i);
    } else index = applyPalette(data, palette);
    const delayCs = Math.max(LEAST_DELAY, Math.round(100 * (timeS + durationS)) - shownCs);
    shownCs += delayCs;
    // The first picture's palette is that of all.
    gif.writeFrame(index, width, height, {
      palette: gif.bytesView().length ? undefined : palette,
      delay: 10 * delayCs,
    });
  }
  gif.finish();
  return new Blob([gif.bytes() as Uint8Array<ArrayBuffer>], { type: "image/gif" });
}
