/**
 * An M-mode strip as pixels. Time is divided into pixels of equal length, counted from time zero: pixel p covers
 * [p, p + 1) pixelS. The strip is a ring of `width` of them, so that a new frame writes its own pixels and nothing moves:
 *
 *   ring      p mod width
 *   bar       as the ring lies: the bar stands behind the newest pixel
 *   scroll    the ring turned, so that the newest pixel is at the right edge
 */
import type { Image, Region } from "../../../../host/index.ts";
import { type Columns, GAP } from "./columns.ts";

/** Part of the strip before the bar that is empty: what was there a sweep ago must not be taken for new. */
const BAR_PART = 0.02;

/** Colour of time without frames: slanted lines, R G B A. */
const HATCH = [96, 72, 24, 255] as const;
const HATCH_PERIOD = 8;

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}

export class Raster {
  readonly width: number;
  readonly height: number;
  readonly pixelS: number;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
  /** One past the newest pixel on the strip. */
  end = 0;

  constructor(width: number, height: number, spanS: number) {
    this.width = width;
    this.height = height;
    this.pixelS = spanS / width;
    this.pixels = new Uint8ClampedArray(width * height * 4);
  }

  /** Pixel of a moment. */
  pixelOf(timeS: number): number {
    // Frames lie on the edges of pixels often enough for the last bit to matter.
    return Math.floor(timeS / this.pixelS + 1e-6);
  }

  /** Writes pixels `from` to `to`, at most the last `width` of them. */
  write(columns: Columns, periodS: number, colours: Uint8Array, from: number, to: number): void {
    const { width, height, pixelS, pixels } = this;
    for (let p = Math.max(from, to - width); p < to; p++) {
      const index = columns.at((p + 0.5) * pixelS, periodS, pixelS / 2);
      const levels = index >= 0 ? columns.levelsOf(index) : undefined;
      let at = 4 * modulo(p, width);
      for (let row = 0; row < height; row++, at += 4 * width) {
        if (levels) {
          const colour = 4 * levels[row];
          for (let part = 0; part < 4; part++) pixels[at + part] = colours[colour + part];
        } else {
          const lined = index === GAP && modulo(p + row, HATCH_PERIOD) === 0;
          for (let part = 0; part < 4; part++) pixels[at + part] = lined ? HATCH[part] : 0;
        }
      }
    }
  }

  /** Empties what the bar is about to write over. */
  clearAhead(): void {
    const { width, height, pixels, end } = this;
    for (let p = end; p < end + this.barWidth; p++) {
      let at = 4 * modulo(p, width);
      for (let row = 0; row < height; row++, at += 4 * width) pixels.fill(0, at, at + 4);
    }
  }

  get barWidth(): number {
    return Math.max(2, Math.round(this.width * BAR_PART));
  }

  /** Where on the strip a pixel of time is (pixels from the left), or null. */
  columnOf(p: number, bar: boolean): number | null {
    if (p >= this.end || p < this.end - this.width + (bar ? this.barWidth : 0)) return null;
    return bar ? modulo(p, this.width) : p - (this.end - this.width);
  }

  /** Time at a place on the strip (pixels from the left, s); NaN where the bar is. */
  timeAt(x: number, bar: boolean): number {
    if (!bar) return (this.end - this.width + x) * this.pixelS;
    const written = modulo(this.end, this.width);
    if (x < written) return (this.end - written + x) * this.pixelS;
    return x < written + this.barWidth ? Number.NaN : (this.end - written - this.width + x) * this.pixelS;
  }

  /** Its calibrated regions: one, or before and behind the bar. `depth`: of the middle of the first row, and between rows (m). */
  regions(columns: Columns, depth: readonly [originM: number, stepM: number], bar: boolean): Region[] {
    if (!columns.count) return [];
    const first = Math.max(
      this.pixelOf(columns.timeOf(0)),
      this.end - this.width + (bar ? this.barWidth : 0),
    );
    const written = bar ? modulo(this.end, this.width) : this.width;
    // From pixel to pixel of time, and how far to the right of its number each stands.
    const parts: readonly (readonly [from: number, to: number, shift: number])[] = [
      [Math.max(first, this.end - written), this.end, written - this.end],
      [first, this.end - written, written + this.width - this.end],
    ];
    return parts
      .filter(([from, to]) => to > from)
      .map(([from, to, shift]) => ({
        kind: "m-mode",
        minX: from + shift,
        maxX: to - 1 + shift,
        minY: 0,
        maxY: this.height - 1,
        originXM: (0.5 - shift) * this.pixelS,
        deltaXM: this.pixelS,
        originZM: depth[0],
        deltaZM: depth[1],
      }));
  }

  /** The strip as it is shown. */
  image(regions: readonly Region[], bar: boolean, frameIndex: number): Image {
    const { width, height } = this;
    const pixels = (): Image["pixels"] => (bar ? this.pixels : this.#turned());
    return {
      width,
      height,
      // Asked for its regions with every frame, and for its pixels seldom.
      get pixels() {
        return pixels();
      },
      regions,
      frameIndex,
      referenceAmplitude: 1,
      elapsedMs: 0,
    };
  }

  /** The ring from its oldest pixel to its newest. */
  #turned(): Image["pixels"] {
    const { width, height, pixels } = this;
    const turn = modulo(this.end, width);
    const shown = new Uint8ClampedArray(pixels.length);
    for (let row = 0; row < height; row++) {
      const start = row * width * 4;
      shown.set(pixels.subarray(start + turn * 4, start + width * 4), start);
      shown.set(pixels.subarray(start, start + turn * 4), start + (width - turn) * 4);
    }
    return shown;
  }
}
