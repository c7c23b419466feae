/** When a clip shows what: pure arithmetic on the clock, so that late frames are skipped and nothing is slowed down. */

/** What happens at the end of a clip. */
export const REPEATS = ["loop", "bounce", "once"] as const;
export type Repeat = (typeof REPEATS)[number];

/** Speeds on offer, 1: as acquired. */
export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4] as const;

/** Slowest and fastest speed a page may ask for. */
export const SPEED_LIMITS = [0.05, 10] as const;

/** Frame numbers of the stored frames, both included. */
export interface Clip {
  first: number;
  last: number;
}

/**
 * Time inside a clip (s) after playing for `playedS` of the clip's own time; null: it is over.
 *
 * `spanS`: from the first frame to the last. `holdS`: how long the last frame stays before the first one follows.
 * Bouncing shows either end once a turn.
 */
export function clipTimeS(playedS: number, spanS: number, holdS: number, repeat: Repeat): number | null {
  if (repeat === "once") return playedS >= spanS ? null : Math.max(0, playedS);
  const turnS = repeat === "loop" ? spanS + holdS : 2 * spanS;
  if (!(turnS > 0)) return 0;
  const timeS = ((playedS % turnS) + turnS) % turnS;
  return repeat === "loop" ? Math.min(timeS, spanS) : spanS - Math.abs(spanS - timeS);
}
