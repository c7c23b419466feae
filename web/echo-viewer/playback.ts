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

/** The stored frames as pages see them. */
export interface CineReport {
  playing: boolean;
  /** How many there are. */
  frameCount: number;
  /** Place of the one shown, from 0; a live picture that runs shows the newest. */
  position: number;
  /** From the oldest to the newest, and to the one shown (s); NaN: nobody says. */
  storedS: number;
  positionS: number;
}

/** On the way back a frame is left at the time at which it came on the way there. */
const JUST_BEFORE_S = 1e-5;

/**
 * Time inside a clip (s) after playing for `playedS` of the clip's own time; null: it is over.
 *
 * `spanS`: from the first frame to the last. `holdS`: how long the last frame stays before the first one follows.
 * Bouncing shows either end once a turn.
 */
export function clipTimeS(playedS: number, spanS: number, holdS: number, repeat: Repeat): number | null {
  if (repeat === "once") return playedS >= spanS ? null : Math.max(0, playedS);
  // There and back each frame but the two at the ends is shown twice.
  const turnS = repeat === "loop" ? spanS + holdS : 2 * Math.max(spanS, holdS);
  if (!(turnS > 0)) return 0;
  const timeS = ((playedS % turnS) + turnS) % turnS;
  const backS = timeS - spanS - holdS;
  return backS < 0 ? Math.min(timeS, spanS) : Math.max(0, spanS - backS - JUST_BEFORE_S);
}

/** Frame rate of recordings that do not say theirs (Hz). */
const DEFAULT_RATE_HZ = 10;

/** Recordings faster than this are played slowly, at the second rate (Hz): no screen or eye could follow. */
const FASTEST_RATE_HZ = 120;
const SLOW_RATE_HZ = 25;

/** A longer pause of a recording is not waited for (s). */
const LONGEST_PAUSE_S = 10;

/** Frames a second at which a recording is played. */
export function playRateHz(frameRateHz: number | undefined): number {
  if (!frameRateHz || !(frameRateHz > 0)) return DEFAULT_RATE_HZ;
  return frameRateHz > FASTEST_RATE_HZ ? SLOW_RATE_HZ : frameRateHz;
}

/** What a recording says of when its frames were acquired. */
export interface Recorded {
  info: { frameCount: number | null; frameRateHz?: number };
  timesS?: Float64Array;
}

/** The times of a recording's frames, both from its first one and never going back (s). */
export interface RecordedTimes {
  /** As acquired, NaN where nobody says. A clock that went back goes on as at the device's rate. */
  acquiredS: Float64Array;
  /** When played at its own speed. */
  playS: Float64Array;
}

/** The usual time between frames (s): by the rate, else by half of the steps that are known; NaN where nothing is. */
function periodOf({ info, timesS = new Float64Array() }: Recorded): number {
  if (info.frameRateHz) return 1 / info.frameRateHz;
  const steps = timesS
    .subarray(1)
    .map((timeS, i) => timeS - timesS[i])
    .filter((step) => step >= 0)
    .sort();
  return steps[steps.length >> 1] ?? Number.NaN;
}

export function recordedTimes(recorded: Recorded): RecordedTimes {
  const { info, timesS } = recorded;
  const count = info.frameCount ?? 0;
  const rateHz = playRateHz(info.frameRateHz);
  // How much slower than acquired it is played.
  const slowness = Number(info.frameRateHz) > FASTEST_RATE_HZ ? Number(info.frameRateHz) / rateHz : 1;
  const periodS = periodOf(recorded);
  const acquiredS = new Float64Array(count);
  const playS = new Float64Array(count);
  if (count && Number.isNaN(periodS) && !timesS?.some(Number.isFinite)) acquiredS[0] = Number.NaN;
  /** The last frame that has a time of its own. */
  let known = timesS && Number.isFinite(timesS[0]) ? 0 : -1;
  for (let n = 1; n < count; n++) {
    const timeS = timesS?.[n] ?? Number.NaN;
    const sinceS = known >= 0 ? timeS - timesS![known] : Number.NaN;
    // From the last time that is known; a clock that went back goes on.
    acquiredS[n] =
      sinceS >= 0 ? Math.max(acquiredS[n - 1], acquiredS[known] + sinceS) : acquiredS[n - 1] + (periodS || 0);
    if (Number.isFinite(timeS)) known = n;
    const stepS = (acquiredS[n] - acquiredS[n - 1]) * slowness;
    playS[n] = playS[n - 1] + (stepS >= 0 ? Math.min(stepS, LONGEST_PAUSE_S) : 1 / rateHz);
  }
  return { acquiredS, playS };
}

/** The last of `count` frames that has come at a time; `timeOf` never goes back. */
export function frameAt(count: number, timeOf: (frame: number) => number, timeS: number): number {
  let [low, high] = [0, count - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (timeOf(middle) <= timeS) low = middle;
    else high = middle - 1;
  }
  return low;
}
