/**
 * Which frames come before a stored one that is shown with persistence, so that it looks as it did live:
 *
 *   share of frame m in the picture of frame n   p^(n - m), p: persistence
 *
 * Frames with less than `LEAST_SHARE` are left out. A level of 60 dB spans 2^8 greys and a picture has up to 2^20 pixels, each of which is
 * on the edge between two greys for once: 2^-24, what a float32 holds beside the newest frame, would change some of them, 2^-40 none.
 */
import type { PlanReport } from "../../../host/index.ts";

const LEAST_SHARE = 2 ** -40;

/**
 * Most frames that are gone through for one picture. From a persistence of 0.81 on what is before them has a greater share: 1.4e-6 at 0.9,
 * and single pixels may differ by a grey; 0.14 % at the greatest, 0.95, or 0.1 dB of 60.
 */
const MOST_FRAMES = 128;

/** How many frames before one have a share in its picture. */
function reachOf(persistence: number): number {
  // The logarithm of 0 is minus infinity: a reach of 0.
  return Math.min(MOST_FRAMES, Math.ceil(Math.log(LEAST_SHARE) / Math.log(persistence)));
}

/** The first frame that has a share in the picture of this one, stored or not, where nothing began anew. */
export function firstBefore(number: number, persistence: number): number {
  return Math.max(0, number - reachOf(persistence));
}

/**
 * Numbers of frames, ascending; none without persistence.
 * @param first the oldest stored one
 * @param seen what was averaged when a frame was shown; falsy: it was not shown. What averages otherwise began with
 *   nothing.
 */
export function framesBefore(
  number: number,
  first: number,
  persistence: number,
  seen: (number: number) => unknown,
): number[] {
  const reach = reachOf(persistence);
  const before: number[] = [];
  let plan = seen(number);
  for (let n = number - 1; n >= first && n >= number - reach; n--) {
    const other = seen(n);
    plan ||= other;
    if (other && other !== plan) break;
    if (other) before.unshift(n);
  }
  return before;
}

const texts = new WeakMap<object, string>();

/**
 * What a plan averages, as text: its pipeline without the colours, and how smooth the average is made, which change nothing of it. What
 * averages something else, or by another share, goes on from nothing, or from what cannot be made again.
 */
export function averagedBy(report: PlanReport): string {
  let text = texts.get(report);
  if (text === undefined) {
    const { flow: _flow, display, ...pipeline } = report.pipeline ?? {};
    const { greyMap: _greyMap, smoothing = 0, ...levels } = display ?? {};
    text = JSON.stringify([pipeline, levels, smoothing > 0]);
    texts.set(report, text);
  }
  return text;
}
