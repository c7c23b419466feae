/**
 * Which frames come before a stored one that is shown with persistence, so that it looks as it did live:
 *
 *   share of frame m in the picture of frame n   p^(n - m), p: persistence
 *
 * Frames with less than `LEAST_SHARE` are left out. A level of 60 dB spans 2^8 greys and a picture has up to 2^20 pixels, each of which is
 * on the edge between two greys for once: 2^-24, what a float32 holds beside the newest frame, would change some of them, 2^-40 none.
 */

const LEAST_SHARE = 2 ** -40;

/**
 * Most frames that are gone through for one picture. From a persistence of 0.81 on what is before them has a greater share: 1.4e-6 at 0.9,
 * and single pixels may differ by a grey; 0.14 % at the greatest, 0.95, or 0.1 dB of 60.
 */
const MOST_FRAMES = 128;

/**
 * Numbers of frames, ascending; none without persistence.
 * @param first the oldest stored one
 * @param seen what the plan was when a frame was shown and averaged; falsy: it was not. Another plan began with nothing.
 */
export function framesBefore(
  number: number,
  first: number,
  persistence: number,
  seen: (number: number) => unknown,
): number[] {
  // The logarithm of 0 is minus infinity: a reach of 0.
  const reach = Math.min(MOST_FRAMES, Math.ceil(Math.log(LEAST_SHARE) / Math.log(persistence)));
  const before: number[] = [];
  let plan = seen(number);
  for (let n = number - 1; n >= first && n >= number - reach; n--) {
    const other = seen(n);
    plan ||= other;
    if (other && other === plan) before.unshift(n);
  }
  return before;
}
