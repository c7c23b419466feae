/**
 * Animated GIF by gifenc (4 kB gzip), where a video cannot be made. 256 colours: one for every brightness where the picture is grey or
 * tinted grey, so that no grey level is lost, and coloured words are grey there. Where a curve or colours of flow are beside the greys,
 * as many for brightness as change none by more than one level, the others those that gifenc finds in the colours of the first
 * picture; where there is little grey, all of them those. Times in hundredths of a second, rounded so that they do not drift.
 */
import type { Film } from "./film.ts";

type Palette = number[][];

/** Brightness 0 to 255 (ITU-R BT.601 weights, rounded). */
const brightness = (data: Uint8ClampedArray | Uint8Array, k: number) =>
  (77 * data[k] + 150 * data[k + 1] + 29 * data[k + 2]) >> 8;

/** Pixels this far from the colour of their brightness are another colour (of 255), and so many of them are no accident. */
const TINT = 40;
const COLOURED_PART = 0.02;
/** Colours for brightness where others are beside them: 1.6 levels apart. */
const GREYS = 160;
/** Greys of fewer pixels are not kept. */
const GREY_PART = 0.25;

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

/** Whether a pixel has another colour than that of its brightness. */
function isOther(data: Uint8ClampedArray, k: number, colour: readonly number[]): boolean {
  for (let c = 0; c < 3; c++) if (Math.abs(data[k + c] - colour[c]) > TINT) return true;
  return false;
}

/** The pixels that have other colours than those of their brightness, one after another, RGBA. */
function othersOf(data: Uint8ClampedArray, tints: Palette): Uint8ClampedArray {
  const others = new Uint8ClampedArray(data.length);
  let end = 0;
  for (let k = 0; k < data.length; k += 4)
    if (isOther(data, k, tints[brightness(data, k)])) {
      others.set(data.subarray(k, k + 4), end);
      end += 4;
    }
  // Its own memory: gifenc reads all that the memory holds.
  return others.slice(0, end);
}

/** How many of a picture's 256 colours are for brightness. */
function greysFor(others: number, pixels: number): number {
  if (others <= COLOURED_PART * pixels) return 256;
  return others <= (1 - GREY_PART) * pixels ? GREYS : 0;
}

/** Least time of a picture that browsers keep (1/100 s). */
const LEAST_DELAY = 2;

/** @param map the colours of the levels of its pictures, RGBA */
export async function makeGif(film: Film, map: Uint8Array): Promise<Blob> {
  // The module itself: a bundler for browsers takes CommonJS for the package, which no browser runs.
  const { GIFEncoder, quantize, applyPalette } = await import("gifenc/dist/gifenc.esm.js");
  const gif = GIFEncoder();
  const tints = tintPalette(map);
  let palette: Palette | undefined;
  let colours: Palette = [];
  let greys = 256;
  let shownCs = 0;
  for await (const { canvas, timeS, durationS } of film) {
    const { width, height } = canvas;
    const data = canvas.getContext("2d")?.getImageData(0, 0, width, height).data;
    if (!data) continue;
    if (!palette) {
      const others = othersOf(data, tints);
      greys = greysFor(others.length, data.length);
      if (greys < 256) colours = quantize(greys ? others : data, 256 - greys);
      const kept = Array.from({ length: greys }, (_, i) => tints[Math.round((255 * i) / (greys - 1))]);
      palette = [...kept, ...colours];
    }
    const index = new Uint8Array(width * height);
    if (greys) {
      const coloured = colours.length ? applyPalette(othersOf(data, tints), colours) : undefined;
      let next = 0;
      for (let i = 0; i < index.length; i++) {
        const level = brightness(data, 4 * i);
        index[i] =
          coloured && isOther(data, 4 * i, tints[level])
            ? greys + coloured[next++]
            : Math.round((level * (greys - 1)) / 255);
      }
    } else index.set(applyPalette(data, colours));
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
