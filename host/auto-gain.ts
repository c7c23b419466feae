/**
 * Gain and time-gain compensation that suit a frame: the middle of its echoes gets the same grey at every depth. What scanners have on a
 * key of its own, from the pictures alone, so for any data that a plan makes pictures of.
 *
 * Noise is told from echoes by the frame before: levels of two pictures of one place, both of fully developed speckle (an exponential
 * distribution of power) whose complex values correlate by r, differ in half of all places by more than
 *
 *   20 log10(e) asinh(sqrt((1 - r^2) / 3)) dB
 *
 * (from the ratio of two correlated intensities: Lee, Hoppel, Mango and Miller, IEEE Trans. Geosci. Remote Sens. 32, 1994). Noise of its
 * own for each frame, half as strong as the echoes, makes r = 2/3: 3.6 dB. Where levels change by more, the gain of the nearest depth is
 * kept: noise is not brought up. Tissue that moves by more than its speckle between two frames is taken for noise, and loses nothing by it.
 */
import type { Plan } from "./engine/types.ts";
import type { Frame, Image } from "./model.ts";
import type { Pipeline } from "./pipeline.ts";

type Display = NonNullable<Pipeline["display"]>;

/** What suits the frame. */
export interface AutoGain {
  /** Whole dB, -60 to 60; for `display.gainDb`. */
  gainDb: number;
  /** Whole dB, -20 to 20, at eight depths, for `display.tgcDb`; none where time-gain compensation is not asked for. */
  tgcDb: readonly number[];
}

/** What there is to go by. */
export interface AutoGainOptions {
  /** The frame before it, to tell noise from echoes. Default: all is taken for echoes. */
  before?: Frame;
  /** Amplitude that is to be shown as 0 dB. Default: `pipeline.display.reference`, so by default the frame's own peak. */
  reference?: number;
  /** The data have depths to compensate for, as `adjustmentsOf(info).tgc` tells. Default true. */
  tgc?: boolean;
}

/** The grey that the middle of the echoes gets, as a part of the way from black to white. */
const MIDDLE = 0.42;

const POINTS = 8;
/** Furthest that a point goes from the gain, and furthest that the gain goes (dB). */
const REACH_DB = 20;
const GAIN_LIMIT_DB = 60;

/** Pictures are measured over so many dB, so far beyond the reference at the bright end. */
const RANGE_DB = 120;
const ABOVE_DB = 20;
const DB_A_LEVEL = RANGE_DB / 255;

/** How pictures are measured: levels alone. */
const PLAIN = {
  dynamicRangeDb: RANGE_DB,
  gainDb: -ABOVE_DB,
  tgcDb: [],
  greyMap: "gray",
  speckle: { method: "none" },
  smoothing: 0,
  persistence: 0,
} as const satisfies Display;

/** At most one echo in so many is brighter than white, by so much (dB). */
const BRIGHT_SHARE = 0.001;
const BRIGHT_DB = 6;
/**
 * Echoes get weaker with depth, so that a depth which would need more gain than those below it holds less, as a water bath. By so much from
 * point to point it may be the focus (dB).
 */
const FALL_DB = 2;
/** Half of all levels differ by more from the frame before (dB): noise. */
const NOISE_DB = 3.6;
/** A depth of which less than this part holds anything says nothing. */
const LEAST_SHARE = 0.02;

/** Levels of a picture in the first grey map, and 0 where nothing is. */
const levelOf = ({ pixels }: Image, at: number): number => (pixels[4 * at + 3] ? pixels[4 * at] : 0);

/** How many values there are of each level, at `POINTS` depths: a value between two counts for both. */
class Histogram {
  readonly #counts = Array.from({ length: POINTS }, () => new Float64Array(256));

  /** `place`: 0 at the first point, `POINTS - 1` at the last. */
  add(place: number, level: number): void {
    const point = Math.min(POINTS - 2, Math.floor(place));
    this.#counts[point][level] += point + 1 - place;
    this.#counts[point + 1][level] += place - point;
  }

  total(point: number): number {
    return this.#counts[point].reduce((sum, count) => sum + count, 0);
  }

  /** The level, between whole ones, that this part of the values lies below. */
  quantile(point: number, part: number): number {
    const counts = this.#counts[point];
    let left = part * this.total(point);
    for (let level = 0; level < 256; level++) {
      if (counts[level] >= left) return level + (counts[level] ? left / counts[level] : 0);
      left -= counts[level];
    }
    return 256;
  }
}

/** Unknown values become the nearest known one, of two as near the shallower; undefined: none is known. */
function filled(values: readonly number[]): number[] | undefined {
  const known = values.flatMap((value, i) => (Number.isNaN(value) ? [] : [i]));
  if (!known.length) return undefined;
  return values.map(
    (_, i) => values[known.reduce((best, k) => (Math.abs(k - i) < Math.abs(best - i) ? k : best))],
  );
}

const clamp = (value: number, limit: number): number => Math.round(Math.max(-limit, Math.min(limit, value)));

/**
 * The gain and time-gain compensation that suit a frame, from two or three pictures of it.
 *
 * @param plan is updated meanwhile, and has `pipeline` again afterwards; nothing else may use it
 * @param pipeline that of the picture; its gain and compensation do not matter
 * @returns undefined where there are no echoes: an empty frame
 * @throws what `plan.update` and `plan.run` throw
 */
export async function autoGain(
  plan: Plan,
  pipeline: Pipeline,
  frame: Frame,
  { before, reference, tgc = true }: AutoGainOptions = {},
): Promise<AutoGain | undefined> {
  const { dynamicRangeDb = 50 } = pipeline.display ?? {};
  const picture = async (of: Frame, display: Display): Promise<Image> => {
    await plan.update({ ...pipeline, display: { ...pipeline.display, ...PLAIN, ...display } });
    return plan.run(of);
  };
  let [flat, ramp, earlier]: (Image | undefined)[] = [];
  try {
    flat = await picture(frame, reference === undefined ? {} : { reference });
    const held = { reference: flat.referenceAmplitude };
    // A gain that is known at each depth tells the depth of each pixel, whatever the shape of the scan.
    ramp = tgc ? await picture(frame, { ...held, tgcDb: [-REACH_DB, REACH_DB] }) : undefined;
    earlier = before && (await picture(before, held));
  } finally {
    await plan.update(pipeline);
  }

  const levels = new Histogram();
  const changes = new Histogram();
  let inside = 0;
  for (let at = 0; at < flat.width * flat.height; at++) {
    if (flat.pixels[4 * at + 3]) inside++;
    const level = levelOf(flat, at);
    const ramped = ramp ? levelOf(ramp, at) : level;
    // Black and white may stand for anything beyond.
    if (level < 1 || level > 254 || ramped < 1 || ramped > 254) continue;
    const part = ramp ? 0.5 + ((ramped - level) * DB_A_LEVEL) / (2 * REACH_DB) : 0;
    const place = Math.max(0, Math.min(1, part)) * (POINTS - 1);
    levels.add(place, level);
    if (earlier) changes.add(place, Math.abs(levelOf(earlier, at) - level));
  }

  const points = ramp ? POINTS : 1;
  const decibels = (level: number): number => level * DB_A_LEVEL - RANGE_DB + ABOVE_DB;
  const wanted = Array<number>(points).fill(Number.NaN);
  const noisy = Array<boolean>(points).fill(false);
  for (let k = 0; k < points; k++) {
    // The first and the last point stand for half as much depth.
    const share = points === 1 ? 1 : (k % (POINTS - 1) ? 1 : 0.5) / (POINTS - 1);
    if (levels.total(k) < LEAST_SHARE * share * inside) continue;
    noisy[k] = earlier !== undefined && changes.quantile(k, 0.5) * DB_A_LEVEL > NOISE_DB;
    const middle = decibels(levels.quantile(k, 0.5));
    const brightest = decibels(levels.quantile(k, 1 - BRIGHT_SHARE));
    wanted[k] = Math.min((MIDDLE - 1) * dynamicRangeDb - middle, BRIGHT_DB - brightest);
  }
  // Where all of it changes, the probe moves, or nothing can be told from noise.
  const byDepth = filled(wanted.map((db, k) => (noisy[k] ? Number.NaN : db))) ?? filled(wanted);
  if (!byDepth) return undefined;

  for (let k = points - 2; k >= 0; k--) byDepth[k] = Math.min(byDepth[k], byDepth[k + 1] + FALL_DB);

  const smooth = byDepth.map(
    (db, k) => (byDepth[Math.max(0, k - 1)] + 2 * db + byDepth[Math.min(points - 1, k + 1)]) / 4,
  );
  const gainDb = clamp(smooth.reduce((sum, db) => sum + db, 0) / points, GAIN_LIMIT_DB);
  return { gainDb, tgcDb: ramp ? smooth.map((db) => clamp(db - gainDb, REACH_DB)) : [] };
}
