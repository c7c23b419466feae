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
