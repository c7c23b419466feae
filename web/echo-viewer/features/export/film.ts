/** The stored frames as a moving picture: what all its encoders share. */

/** One picture of a film. */
export interface FilmFrame {
  canvas: HTMLCanvasElement;
  /** When it is shown, from the start, and for how long (s). */
  timeS: number;
  durationS: number;
}

/** Pictures in order, drawn on one canvas: each is done with before the next is asked for. */
export type Film = AsyncIterable<FilmFrame>;

/** Pixels. */
export interface FilmSize {
  width: number;
  height: number;
}

/** What the codecs' levels in video.ts allow (px), lying or standing: they count pixels. */
const LONG_SIDE = 1920;
const SHORT_SIDE = 1088;
/** Sides are rounded up to whole pixels: this much less, the rounding of numbers does not add one (px). */
const ROUNDING = 1e-6;

/** Pixels of a film per CSS pixel of what it shows: `wanted`, or fewer where it would be larger than encoders take. */
export function filmScale({ width, height }: FilmSize, wanted: number): number {
  const [long, short] = [Math.max(width, height), Math.min(width, height)];
  return Math.min(wanted, (LONG_SIDE - ROUNDING) / long, (SHORT_SIDE - ROUNDING) / short);
}
